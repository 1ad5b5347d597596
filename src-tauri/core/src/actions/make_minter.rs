//! A key that mints guest tokens and can do nothing else, for a web backend in place of an Admin's.

use super::complete_role::{by_number, role_name};
use super::minter_key::MinterKey;
use crate::Core;
use crate::api_key::KeyOwner;
use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::error::{Error, Result};
use crate::expiry::Expiry;
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId};
use crate::names::{KEY_NAME_LIMIT, USER_NAME_LIMIT, display_name};
use crate::secret::Secret;
use crate::secrets::Keep;
use crate::store::Instance;
use crate::superset::{AccountRoles, NewAccount, Permission};
use serde::{Deserialize, Serialize};

/// What minting takes, CSRF included (6.1.0).
const MINTS: [(&str, &str); 2] =
    [("can_grant_guest_token", "SecurityRestApi"), ("can_read", "SecurityRestApi")];
/// What making one key takes, and looking whether it is there already.
const KEEPS: [(&str, &str); 4] =
    [("can_list", "ApiKey"), ("can_get", "ApiKey"), ("can_create", "ApiKey"), ("can_revoke", "ApiKey")];
/// The account has it for a moment.
const HELPER: &str = "Guest minter, while its key is made";

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MinterRequest {
    /// Of the role: `Guest minter` as a rule.
    pub role: String,
    /// Of the account whose key it is; made where there is none.
    pub username: String,
    /// What the key is called, here and on the server.
    pub key_name: String,
    pub expires: Expiry,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[allow(clippy::struct_excessive_bools)] // Each tells of another thing.
pub struct MinterView {
    pub role: String,
    pub role_created: bool,
    pub username: String,
    pub user_created: bool,
    /// The key, kept here like any other.
    pub key: ApiKeyId,
    pub alias: String,
    /// False for one that was there, from a call that was cut off or an earlier one.
    pub key_created: bool,
    pub hint: String,
    /// When it ends, RFC 3339 in UTC.
    pub expires: Option<String>,
    /// It was seen to mint, and refused everything else it was tried with.
    pub proven: bool,
    /// What the account still has, or the server still holds, that was for making the key alone; empty as a rule. The same
    /// call again takes it away.
    pub left_over: Vec<String>,
}

impl Core {
    /// Makes role, account and key, tries the key, and keeps it. The account gets a password that nobody learns, and for a
    /// moment a second role, by which it makes its key. Whatever an earlier call left half-made is gone on with: there is
    /// one account, and one key of that name.
    ///
    /// # Errors
    /// [`Error::AccountOfOthers`], [`Error::AccountInactive`], [`Error::RoleOfSuperset`], [`Error::RoleMayMore`],
    /// [`Error::MinterKeyElsewhere`], [`Error::SetUpForbidden`], those of creating a key.
    pub async fn make_minter(&self, id: &InstanceId, request: &MinterRequest) -> Result<MinterView> {
        let _at_work = self.lock.begin()?;
        let _under_way = self.creating.begin();
        let role = role_name(&request.role)?;
        let username = display_name(&request.username, USER_NAME_LIMIT)?;
        let key_name = display_name(&request.key_name, KEY_NAME_LIMIT)?;
        let ends = request.expires.instant(self.now.now(), &self.now.local_zone())?;
        let instance = self.instance(id)?;
        let place = self.safe(|safe| safe.place(Keep::Keychain)).await?;

        // Nothing is made before it is seen that nothing of others is taken.
        let account = self.account_of_minter(&instance, &username).await?;
        if let Some(account) = &account {
            unless_of_others(account, &role)?;
        }
        let all = self.grantable(&instance).await?;
        let named = |pairs: &[(&str, &str)]| -> Vec<Permission> {
            pairs.iter().map(|(action, on)| Permission::new(action, on)).collect()
        };
        let mints = by_number(&all, &role, named(&MINTS))?;
        let keeps = by_number(&all, HELPER, named(&KEEPS))?;
        if let Some((_, has)) = self.role_there(&instance, &role).await? {
            let more = has.iter().filter(|one| !mints.iter().any(|mints| mints.id == one.id));
            let more: Vec<String> = more.map(|one| one.permission.to_string()).collect();
            if !more.is_empty() {
                return Err(Error::RoleMayMore { role, more });
            }
        }

        let made_role = self.complete_role(&instance, &role, &mints).await?;
        let helper = self.complete_role(&instance, HELPER, &keeps).await?.id;
        let roles = [made_role.id, helper];
        let password = self.password();
        let user_created = account.is_none();
        let user = match account {
            Some(known) => self
                .change_minter(&instance, known.account.id, &roles, Some(&password))
                .await
                .map(|()| known.account.id),
            None => self.new_minter(&instance, &username, &roles, &password).await,
        };
        let key = match &user {
            Ok(user) => {
                let owner = KeyOwner { id: *user, username: username.clone() };
                let wanted = MinterKey { owner, name: key_name, ends, place };
                self.key_of_minter(&instance, &password, wanted).await
            }
            Err(_) => Err(Error::Internal { what: "minter" }),
        };
        drop(password);
        // Whatever came of it: what was for the key alone goes.
        let left_over =
            self.take_helper_away(&instance, user.as_ref().ok(), &username, made_role.id, helper).await;
        user?;
        let key = key?;

        if user_created || key.created {
            let deed = Deed::of_key(DeedKind::MinterMade, &key.id).named(&key.alias).who(Some(&username));
            self.note(id, deed).await;
        }
        let proven = left_over.is_empty() && self.mints_and_nothing_else(&instance, &key.secret).await;
        Ok(MinterView {
            role,
            role_created: made_role.created,
            username,
            user_created,
            key: key.id,
            alias: key.alias,
            key_created: key.created,
            hint: key.hint.as_str().to_owned(),
            expires: key.expires.map(rfc3339),
            proven,
            left_over,
        })
    }

    async fn account_of_minter(&self, instance: &Instance, username: &str) -> Result<Option<AccountRoles>> {
        self.with_session(instance, |by| async move {
            self.superset.account_with_roles(&by.site, by.auth(), username).await
        })
        .await
    }

    async fn new_minter(
        &self,
        instance: &Instance,
        username: &str,
        roles: &[i32],
        password: &Secret,
    ) -> Result<i32> {
        // Nothing is sent to a name below `.invalid` (RFC 2606), and each account has to have an address of its own.
        let email = format!("{:032x}@guest-minter.invalid", self.random.next());
        let new = NewAccount {
            username,
            first_name: "Guest minter",
            last_name: "(Superset Keys)",
            email: &email,
            password,
            roles,
        };
        let new = &new;
        self.with_session(
            instance,
            |by| async move { self.superset.make_account(&by.site, by.auth(), new).await },
        )
        .await
    }

    async fn change_minter(
        &self,
        instance: &Instance,
        user: i32,
        roles: &[i32],
        password: Option<&Secret>,
    ) -> Result<()> {
        self.with_session(instance, |by| async move {
            self.superset.change_account(&by.site, by.auth(), user, roles, password).await
        })
        .await
    }

    /// Takes the second role from the account, deletes it, and looks. Answers what is still there.
    async fn take_helper_away(
        &self,
        instance: &Instance,
        user: Option<&i32>,
        username: &str,
        role: i32,
        helper: i32,
    ) -> Vec<String> {
        if let Some(user) = user
            && let Err(error) = self.change_minter(instance, *user, &[role], None).await
        {
            tracing::warn!(%error, "a minter's second role could not be taken away");
        }
        let deleted = self
            .with_session(instance, |by| async move {
                self.superset.delete_role(&by.site, by.auth(), helper).await
            })
            .await;
        if let Err(error) = deleted {
            tracing::warn!(%error, "the role for making a minter's key could not be deleted");
        }
        let unseen = |error: Error| {
            tracing::warn!(%error, "whether a minter's second role is gone was not seen");
            HELPER.to_owned()
        };
        let mut left: Vec<String> = match self.account_of_minter(instance, username).await {
            Ok(account) => {
                let roles = account.map(|account| account.roles).unwrap_or_default();
                roles.into_iter().filter(|(id, _)| *id != role).map(|(_, name)| name).collect()
            }
            Err(error) => vec![unseen(error)],
        };
        match self.role_there(instance, HELPER).await {
            Ok(None) => {}
            Ok(Some(_)) => left.push(HELPER.to_owned()),
            Err(error) => left.push(unseen(error)),
        }
        left.sort();
        left.dedup();
        left
    }

    /// The key is seen to mint, and to be refused wherever else it is tried: dashboards, people, keys, and who it is.
    async fn mints_and_nothing_else(&self, instance: &Instance, key: &Secret) -> bool {
        let (site, auth) = (self.site(instance), Auth::Key(key));
        let minted = match self.superset.csrf(&site, auth).await {
            Ok(csrf) => self.superset.may_mint_guest_tokens(&site, auth, &csrf).await,
            Err(error) => Err(error),
        };
        if let Err(error) = minted {
            tracing::warn!(%error, "a minter's key was not seen to mint");
            return false;
        }
        let (dashboards, people, keys, me) = tokio::join!(
            self.superset.dashboards(&site, auth),
            self.superset.account(&site, auth, "admin"),
            self.superset.list_keys(&site, auth),
            self.superset.who(&site, auth),
        );
        let refused = |error: Option<Error>| {
            matches!(error, Some(Error::Forbidden | Error::SetUpForbidden { .. } | Error::ApiKeysOff))
        };
        refused(dashboards.err()) && refused(people.err()) && refused(keys.err()) && refused(me.err())
    }

    /// Long, random, and with what a server's rule for passwords may ask for (Flask-AppBuilder 5.3.0's own).
    fn password(&self) -> Secret {
        Secret::new(format!("GMk-07ey-{:032x}{:028x}", self.random.next(), self.random.next() >> 16))
    }
}

/// An account that has other roles than those of ours is somebody's.
fn unless_of_others(account: &AccountRoles, role: &str) -> Result<()> {
    let name = account.account.username.clone();
    let others = account.roles.iter().filter(|(_, name)| name != role && name != HELPER);
    let mut others: Vec<String> = others.map(|(_, name)| name.clone()).collect();
    if account.groups > 0 {
        others.push("roles of its groups".to_owned());
    }
    if !others.is_empty() || account.roles.is_empty() {
        return Err(Error::AccountOfOthers { name, roles: others });
    }
    if account.account.active { Ok(()) } else { Err(Error::AccountInactive { name }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::superset::Account;

    fn account(roles: &[&str], active: bool) -> AccountRoles {
        let account = Account { id: 7, username: "superset-embed".to_owned(), active };
        let roles = roles.iter().zip(1..).map(|(name, id)| (id, (*name).to_owned())).collect();
        AccountRoles { account, roles, groups: 0 }
    }

    #[test]
    fn somebody_s_account_is_not_taken() {
        let check =
            |account: &AccountRoles| unless_of_others(account, "Guest minter").map_err(|error| error.code());
        assert_eq!(check(&account(&["Guest minter"], true)), Ok(()));
        assert_eq!(check(&account(&["Guest minter", HELPER], true)), Ok(()));
        assert_eq!(check(&account(&[HELPER], true)), Ok(()));
        let others = Err(crate::ErrorCode::AccountOfOthers);
        assert_eq!(check(&account(&["Guest minter", "Gamma"], true)), others);
        assert_eq!(check(&account(&[], true)), others);
        assert_eq!(check(&AccountRoles { groups: 1, ..account(&["Guest minter"], true) }), others);
        assert_eq!(check(&account(&["Guest minter"], false)), Err(crate::ErrorCode::AccountInactive));
    }
}
