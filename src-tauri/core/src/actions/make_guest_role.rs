//! A role for guests with the three permissions that showing a dashboard takes, so that Public can stay empty.

use super::complete_role::{by_number, role_name};
use crate::Core;
use crate::deed::{Deed, DeedKind};
use crate::embedding::guest_role_line;
use crate::error::Result;
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::Permission;
use serde::{Deserialize, Serialize};

/// All that showing a dashboard with tables and charts takes; the token gives the data (6.1.0). Native filters, links and
/// annotations were not tried.
pub(super) const WANTED: [(&str, &str); 3] =
    [("can_read", "Dashboard"), ("can_read", "Chart"), ("can_read", "CurrentUserRestApi")];

/// A role for guests, as it was made or completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuestRoleView {
    /// Its number on the server.
    pub id: i32,
    pub name: String,
    /// False for one that was there.
    pub created: bool,
    /// What it was given now: `can_read on Chart`.
    pub given: Vec<String>,
    /// What it had of that.
    pub had: Vec<String>,
    /// What it may beyond that. Nothing was taken away.
    pub beyond: u32,
    /// The role that guests get now, as the server says to a guest; none where it could not be tried.
    pub in_force: Option<String>,
    /// The line of `superset_config.py` that makes it theirs, where it is not yet.
    pub line: Option<String>,
}

impl Core {
    /// Makes the role, or gives one of that name what it lacks, reads it back, and asks as a guest which role is in force.
    ///
    /// # Errors
    /// [`Error::RoleOfSuperset`](crate::Error::RoleOfSuperset), [`Error::RoleIncomplete`](crate::Error::RoleIncomplete),
    /// [`Error::SetUpForbidden`](crate::Error::SetUpForbidden)
    pub async fn make_guest_role(&self, id: &InstanceId, name: &str) -> Result<GuestRoleView> {
        let name = role_name(name)?;
        let instance = self.instance(id)?;
        let all = self.grantable(&instance).await?;
        let wanted = WANTED.iter().map(|(action, on)| Permission::new(action, on));
        let wanted = by_number(&all, &name, wanted)?;
        let made = self.complete_role(&instance, &name, &wanted).await?;
        if made.created || !made.given.is_empty() {
            self.note(id, Deed::new(DeedKind::GuestRoleMade).named(&name)).await;
        }
        let in_force = self.role_in_force(&instance).await;
        let line = (in_force.as_ref() != Some(&name)).then(|| guest_role_line(&name));
        Ok(GuestRoleView {
            id: made.id,
            created: made.created,
            given: made.given,
            had: made.had,
            beyond: made.beyond,
            in_force,
            line,
            name,
        })
    }

    /// The role that guests get, asked as one; none where nothing is embedded, or the guest's role may not be told.
    async fn role_in_force(&self, instance: &Instance) -> Option<String> {
        let embedding = self.any_embedding(instance).await.ok()??;
        let guest = self.guest_of(instance, &embedding).await;
        let guest =
            guest.inspect_err(|error| tracing::info!(%error, "the guests' role was not tried")).ok()?;
        let roles = self.superset.permissions(&self.site(instance), guest.auth()).await.ok()?.roles;
        match roles.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }
}
