//! Let somebody's keys and sessions rest, or wake them: the one thing that Superset lets an admin do about others' keys.

use super::outcome::Outcome;
use crate::deed::{Deed, DeedKind};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::Account;
use crate::{Core, Error, Result};
use serde::Serialize;

/// What is known of a person before anything is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PersonToChangeView {
    pub id: i32,
    pub username: String,
    pub active: bool,
    /// How many keys of theirs work, by the audit that was read last; none without one.
    pub keys: Option<u32>,
}

/// What came of it, read back from the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PersonChangedView {
    pub username: String,
    pub active: bool,
    /// It was so before; nothing was sent.
    pub already: bool,
    /// Whether an audit that was read afterwards shows the same; none where none could be read.
    pub audit_agrees: Option<bool>,
    /// How many keys of theirs are there, neither revoked nor ended; none where no audit could be read.
    pub keys: Option<u32>,
}

impl Core {
    /// Whom a user name means. Changes nothing.
    pub async fn find_person(&self, id: &InstanceId, username: &str) -> Result<PersonToChangeView> {
        let instance = self.instance(id)?;
        let account = self.account(&instance, username).await?;
        let audit = self.kept_audit(id)?;
        let keys = audit.and_then(|audit| {
            let person = audit.people.into_iter().find(|person| person.id == account.id)?;
            Some(person.active_keys)
        });
        Ok(PersonToChangeView { id: account.id, username: account.username, active: account.active, keys })
    }

    /// Sets a person's account active or inactive, and proves it: by the account itself, and by an audit where a road
    /// to one is open.
    ///
    /// # Errors
    /// [`Error::OwnAccount`]: whoever deactivates themselves cannot take it back. [`Error::AccountUnchanged`] where the
    /// server agreed and the account is as it was.
    pub async fn set_person_active(
        &self,
        id: &InstanceId,
        username: &str,
        active: bool,
    ) -> Result<PersonChangedView> {
        let _at_work = self.lock.begin()?;
        let instance = self.instance(id)?;
        let account = self.account(&instance, username).await?;
        if !active && is_own(&instance, &account) {
            return Err(Error::OwnAccount);
        }
        let already = account.active == active;
        if !already {
            let user = account.id;
            let sent = self
                .with_session(&instance, |by| async move {
                    self.superset.set_active(&by.site, by.auth(), user, active).await
                })
                .await;
            failpoint!("person-answered");
            match sent {
                Err(error) if Outcome::after(&error) == Outcome::Nothing => return Err(error),
                Err(Error::SetUpForbidden { permission }) => {
                    return Err(Error::SetUpForbidden { permission });
                }
                _ => {}
            }
            // Whatever was answered, or was not: what is so now can be seen.
            if self.account(&instance, username).await?.active != active {
                return Err(Error::AccountUnchanged { name: username.to_owned() });
            }
            let kind = if active { DeedKind::PersonActivated } else { DeedKind::PersonDeactivated };
            self.note(id, Deed::new(kind).who(Some(username))).await;
        }
        let audit = match self.audit(id, false).await {
            Ok(audit) => audit.people.into_iter().find(|person| person.id == account.id),
            Err(error) => {
                tracing::info!(%error, "no audit could be read after an account was changed");
                None
            }
        };
        Ok(PersonChangedView {
            username: account.username,
            active,
            already,
            audit_agrees: audit.as_ref().and_then(|person| person.active).map(|shown| shown == active),
            keys: audit.map(|person| person.active_keys),
        })
    }

    async fn account(&self, instance: &Instance, username: &str) -> Result<Account> {
        let found =
            self.with_session(instance, |by| async move {
                self.superset.account(&by.site, by.auth(), username).await
            })
            .await?;
        found.ok_or_else(|| Error::NoSuchAccount { name: username.to_owned() })
    }
}

/// Where the server does not tell who is signed in, it may be anybody.
fn is_own(instance: &Instance, account: &Account) -> bool {
    let user = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
    user.is_none_or(|user| user.id == account.id)
}
