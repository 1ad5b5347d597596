//! One person of an audit: their keys, and what the server's event log says they did last.

use super::audit_view::{AuditKeyView, AuditPersonView};
use crate::Core;
use crate::clock::{TimeView, WallTime};
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::superset::LoggedAction;
use serde::{Deserialize, Serialize};

/// Somebody who has keys, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditPersonDetailView {
    pub person: AuditPersonView,
    /// As of the audit that was read last.
    pub keys: Vec<AuditKeyView>,
    pub activity: PersonActivityView,
}

/// What a person did last, by whatever they were signed in with. Superset 6.1.0 logs calls that were made with a key and
/// does not say so, and logs nothing of signing in, of keys, and of what only reads lists of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PersonActivityView {
    /// The newest first; none where the log has none of them.
    Told { latest: Vec<PersonActionView> },
    /// Whoever is signed in here may not read the event log.
    NotAllowed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PersonActionView {
    pub at: TimeView,
    /// In Superset's own words, such as `ChartDataRestApi.data`.
    pub action: String,
}

impl Core {
    /// A person of the audit that was read last.
    ///
    /// # Errors
    /// [`Error::NoSuchPerson`] where the last audit has none of that number.
    pub async fn audit_person(&self, id: &InstanceId, user: i32) -> Result<AuditPersonDetailView> {
        let audit = self.kept_audit(id)?;
        let person = audit.as_ref().and_then(|audit| audit.people.iter().position(|one| one.id == user));
        let (Some(audit), Some(place)) = (audit, person) else {
            return Err(Error::NoSuchPerson { name: user.to_string() });
        };
        let owner = u32::try_from(place).unwrap_or(u32::MAX);
        let keys = audit.keys.iter().filter(|key| key.owner == owner).cloned().collect();
        let activity = self.last_actions(id, user).await?;
        Ok(AuditPersonDetailView { person: audit.people[place].clone(), keys, activity })
    }

    async fn last_actions(&self, id: &InstanceId, user: i32) -> Result<PersonActivityView> {
        let instance = self.instance(id)?;
        let logged = self
            .with_session(&instance, |by| async move {
                self.superset.last_actions(&by.site, by.auth(), user).await
            })
            .await;
        match logged {
            Ok(logged) => {
                let shown = |logged: LoggedAction| {
                    // The log is kept in UTC whatever the server's clock says (6.1.0).
                    let server = instance.clock.wall(logged.at);
                    let at =
                        TimeView { utc: crate::clock::rfc3339(logged.at), server: WallTime::to_wire(server) };
                    PersonActionView { at, action: logged.action }
                };
                Ok(PersonActivityView::Told { latest: logged.into_iter().map(shown).collect() })
            }
            Err(Error::Forbidden) => Ok(PersonActivityView::NotAllowed),
            Err(error) => Err(error),
        }
    }
}
