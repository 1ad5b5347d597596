//! A role with the fewest permissions that reading everybody's keys takes, for a nightly job's key.

use super::complete_role::{by_number, role_name};
use crate::Core;
use crate::audit::sql::VIEW;
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::{Dataset, Grantable, Permission};
use serde::{Deserialize, Serialize};

/// Reading, finding the dataset and oneself, and keys of one's own: what a nightly job's key is made by.
const WANTED: [(&str, &str); 7] = [
    ("can_read", "Chart"),
    ("can_read", "Dataset"),
    ("can_read", "CurrentUserRestApi"),
    ("can_list", "ApiKey"),
    ("can_get", "ApiKey"),
    ("can_create", "ApiKey"),
    ("can_revoke", "ApiKey"),
];

/// A role, as it was made or completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditRoleView {
    /// Its number on the server.
    pub id: i32,
    pub name: String,
    /// False for one that was there.
    pub created: bool,
    /// What it was given now: `can_read on Chart`.
    pub given: Vec<String>,
    /// What it had of that.
    pub had: Vec<String>,
    /// What it may beyond what an audit takes. Nothing was taken away.
    pub beyond: u32,
    /// The dataset it reads.
    pub dataset: i32,
}

impl Core {
    /// Makes the role, or gives one of that name what it lacks. Nothing is taken from it. Read back before it is said
    /// to be done.
    ///
    /// # Errors
    /// [`Error::RoleOfSuperset`], [`Error::NoAuditRoad`] without a dataset, [`Error::RoleIncomplete`], [`Error::SetUpForbidden`].
    pub async fn make_audit_role(&self, id: &InstanceId, name: &str) -> Result<AuditRoleView> {
        let name = role_name(name)?;
        let instance = self.instance(id)?;
        let all = self
            .with_session(&instance, |by| async move { self.superset.grantable(&by.site, by.auth()).await })
            .await?;
        let dataset = self.dataset_for_role(&instance).await?;
        let wanted = wanted(&all, &name, &dataset)?;
        let dataset = dataset.id;
        let completed = self.complete_role(&instance, &name, &wanted).await?;
        Ok(AuditRoleView {
            id: completed.id,
            created: completed.created,
            given: completed.given,
            had: completed.had,
            beyond: completed.beyond,
            dataset,
            name,
        })
    }

    /// The one that was made or read from here, else the oldest.
    async fn dataset_for_role(&self, instance: &Instance) -> Result<Dataset> {
        let all = self.datasets_of_view(instance).await?;
        let known = all.iter().find(|dataset| Some(dataset.id) == instance.audit.dataset);
        let usual = || all.iter().find(|dataset| !dataset.is_virtual);
        known.or_else(usual).cloned().ok_or(Error::NoAuditRoad)
    }
}

/// What the role is to have, by number.
fn wanted(all: &[Grantable], role: &str, dataset: &Dataset) -> Result<Vec<Grantable>> {
    // `[Key audit].[superset_key_audit](id:7)`. A database that was renamed may have left one of its old name behind,
    // which opens nothing (Superset 6.1.0 goes by the whole text).
    let reads_it = Permission::new(
        "datasource_access",
        &format!("[{}].[{VIEW}](id:{})", dataset.database_name, dataset.id),
    );
    let wanted = WANTED.iter().map(|(action, on)| Permission::new(action, on)).chain([reads_it]);
    by_number(all, role, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grantable(id: i32, action: &str, on: &str) -> Grantable {
        Grantable { id, permission: Permission::new(action, on) }
    }

    fn dataset() -> Dataset {
        let database_name = "A] (b".to_owned();
        Dataset { id: 7, schema: None, is_virtual: false, database: 1, database_name }
    }

    fn server() -> Vec<Grantable> {
        let usual = WANTED.iter().zip(1..).map(|((action, on), id)| grantable(id, action, on));
        usual
            .chain([
                grantable(20, "datasource_access", "[Sales].[orders](id:7)"),
                grantable(21, "datasource_access", "[Its old name].[superset_key_audit](id:7)"),
                grantable(22, "datasource_access", "[A] (b].[superset_key_audit](id:7)"),
                grantable(23, "datasource_access", "[A] (b].[superset_key_audit](id:17)"),
                grantable(24, "can_write", "Dataset"),
                grantable(25, "all_datasource_access", "all_datasource_access"),
            ])
            .collect()
    }

    #[test]
    fn the_role_reads_this_dataset_and_no_other() {
        let wanted = wanted(&server(), "Key auditor", &dataset()).unwrap();
        let numbers: Vec<i32> = wanted.iter().map(|one| one.id).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 22]);
    }

    #[test]
    fn what_the_server_does_not_know_is_named_before_anything_is_made() {
        let mut server = server();
        server.retain(|one| one.permission.on != "ApiKey" && one.id != 22);
        let Err(Error::RoleIncomplete { missing, .. }) = wanted(&server, "Key auditor", &dataset()) else {
            panic!()
        };
        let expected: Vec<String> = ["can_list", "can_get", "can_create", "can_revoke"]
            .iter()
            .map(|action| format!("{action} on ApiKey"))
            .chain(["datasource_access on [A] (b].[superset_key_audit](id:7)".to_owned()])
            .collect();
        assert_eq!(missing, expected);
    }
}
