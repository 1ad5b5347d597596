//! A role with what it is to have: made where there is none of the name, else given what it lacks.

use crate::Core;
use crate::error::{Error, Result};
use crate::names::display_name;
use crate::store::Instance;
use crate::superset::{Grantable, Permission};
use std::collections::BTreeSet;

/// As Flask-AppBuilder 5.3.0 stores it.
const LONGEST_NAME: usize = 64;
/// Roles that everybody of a kind has, strangers among them (6.1.0).
const OF_SUPERSET: [&str; 5] = ["admin", "alpha", "gamma", "public", "sql_lab"];

/// A role that has all it takes, as it was read back.
#[derive(Debug)]
pub(super) struct CompletedRole {
    /// Its number on the server.
    pub(super) id: i32,
    pub(super) created: bool,
    /// What it was given now: `can_read on Chart`.
    pub(super) given: Vec<String>,
    /// What it had of that.
    pub(super) had: Vec<String>,
    /// What it may beyond that.
    pub(super) beyond: u32,
}

/// The name of a role of ours.
///
/// # Errors
/// [`Error::RoleOfSuperset`] for one that others have, those of a name.
pub(super) fn role_name(typed: &str) -> Result<String> {
    let name = display_name(typed, LONGEST_NAME)?;
    if OF_SUPERSET.contains(&name.to_lowercase().as_str()) {
        return Err(Error::RoleOfSuperset { role: name });
    }
    Ok(name)
}

/// Permissions by the numbers that the server gives them by.
///
/// # Errors
/// [`Error::RoleIncomplete`] names those that the server does not know.
pub(super) fn by_number(
    all: &[Grantable],
    role: &str,
    wanted: impl IntoIterator<Item = Permission>,
) -> Result<Vec<Grantable>> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for permission in wanted {
        match all.iter().find(|one| one.permission == permission) {
            Some(one) => found.push(one.clone()),
            None => missing.push(permission.to_string()),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(Error::RoleIncomplete { role: role.to_owned(), missing }) }
}

impl Core {
    /// Makes the role, or gives one of that name what it lacks. Nothing is taken from it. Read back before it is said
    /// to be done.
    pub(super) async fn complete_role(
        &self,
        instance: &Instance,
        name: &str,
        wanted: &[Grantable],
    ) -> Result<CompletedRole> {
        let (role, created) = self.find_or_make_role(instance, name).await?;
        let before = self.role_permissions(instance, role).await?;
        let has: BTreeSet<i32> = before.iter().map(|one| one.id).collect();
        let (had, lacks): (Vec<_>, Vec<_>) = wanted.iter().partition(|one| has.contains(&one.id));
        if !lacks.is_empty() {
            let numbers: BTreeSet<i32> = has.iter().copied().chain(lacks.iter().map(|one| one.id)).collect();
            let numbers: Vec<i32> = numbers.into_iter().collect();
            let numbers = numbers.as_slice();
            self.with_session(instance, |by| async move {
                self.superset.set_role_permissions(&by.site, by.auth(), role, numbers).await
            })
            .await?;
        }
        let after = self.role_permissions(instance, role).await?;
        let after: BTreeSet<i32> = after.iter().map(|one| one.id).collect();
        let lost = before.iter().chain(wanted).filter(|one| !after.contains(&one.id));
        let missing: BTreeSet<String> = lost.map(|one| one.permission.to_string()).collect();
        if !missing.is_empty() {
            let missing = missing.into_iter().collect();
            return Err(Error::RoleIncomplete { role: name.to_owned(), missing });
        }
        let spoken = |some: &[&Grantable]| some.iter().map(|one| one.permission.to_string()).collect();
        let beyond = after.len().saturating_sub(wanted.len());
        Ok(CompletedRole {
            id: role,
            created,
            given: spoken(&lacks),
            had: spoken(&had),
            beyond: u32::try_from(beyond).unwrap_or(u32::MAX),
        })
    }

    /// A role of that very name, and what it may.
    pub(super) async fn role_there(
        &self,
        instance: &Instance,
        name: &str,
    ) -> Result<Option<(i32, Vec<Grantable>)>> {
        let role =
            self.with_session(instance, |by| async move {
                self.superset.role_called(&by.site, by.auth(), name).await
            })
            .await?;
        match role {
            Some(role) => Ok(Some((role, self.role_permissions(instance, role).await?))),
            None => Ok(None),
        }
    }

    /// Every permission that the server can give to a role.
    pub(super) async fn grantable(&self, instance: &Instance) -> Result<Vec<Grantable>> {
        self.with_session(instance, |by| async move { self.superset.grantable(&by.site, by.auth()).await })
            .await
    }

    async fn find_or_make_role(&self, instance: &Instance, name: &str) -> Result<(i32, bool)> {
        self.with_session(instance, |by| async move {
            if let Some(role) = self.superset.role_called(&by.site, by.auth(), name).await? {
                return Ok((role, false));
            }
            match self.superset.make_role(&by.site, by.auth(), name).await {
                Ok(role) => Ok((role, true)),
                // Somebody else may have made it meanwhile: the server calls that a fault of its own.
                Err(error) => match self.superset.role_called(&by.site, by.auth(), name).await? {
                    Some(role) => Ok((role, false)),
                    None => Err(error),
                },
            }
        })
        .await
    }

    async fn role_permissions(&self, instance: &Instance, role: i32) -> Result<Vec<Grantable>> {
        self.with_session(instance, |by| async move {
            self.superset.role_permissions(&by.site, by.auth(), role).await
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_everybody_has_is_named_however_it_is_spelled() {
        for name in ["Public", "gamma", "ALPHA", " sql_lab "] {
            assert!(matches!(role_name(name), Err(Error::RoleOfSuperset { .. })), "{name}");
        }
        assert_eq!(role_name(" Gamma auditors ").unwrap(), "Gamma auditors");
    }
}
