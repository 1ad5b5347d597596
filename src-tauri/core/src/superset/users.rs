//! People's accounts: `/api/v1/security/users/`, for Admins (Flask-AppBuilder 5.3.0). Writing takes no CSRF token there.

use super::client::Superset;
use super::pages::{forbidden, quoted};
use super::problem::{Problem, read, reason};
use crate::error::{Error, Result};
use crate::http::{Auth, Call};
use crate::secret::Secret;
use crate::transport::Site;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

const USERS: &str = "api/v1/security/users/";
const MAY_READ: &str = "can_get on User";
const MAY_CHANGE: &str = "can_put on User";
const MAY_MAKE: &str = "can_post on User";

/// Somebody's account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Account {
    pub id: i32,
    pub username: String,
    pub active: bool,
}

/// Somebody's account, and what it may by roles and groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRoles {
    pub account: Account,
    /// Number and name.
    pub roles: Vec<(i32, String)>,
    /// Of how many groups it is: each may bring roles of its own.
    pub groups: usize,
}

/// An account that no person signs in with.
#[derive(Debug, Clone, Copy)]
pub struct NewAccount<'a> {
    pub username: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    /// Each account has another.
    pub email: &'a str,
    pub password: &'a Secret,
    pub roles: &'a [i32],
}

#[derive(Serialize)]
struct ActiveWire {
    active: bool,
}

#[derive(Deserialize)]
struct RoleWire {
    id: i32,
    name: String,
}

#[derive(Deserialize)]
struct AccountWire {
    #[serde(flatten)]
    account: Account,
    #[serde(default)]
    roles: Vec<RoleWire>,
    #[serde(default)]
    groups: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct MadeWire {
    id: i32,
}

#[derive(Serialize)]
struct NewWire<'a> {
    username: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    password: &'a str,
    roles: &'a [i32],
    active: bool,
}

#[derive(Serialize)]
struct ChangeWire<'a> {
    roles: &'a [i32],
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

impl Superset {
    /// The account of this user name, spelled exactly so.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] for whoever may not read accounts.
    pub async fn account(&self, site: &Site, auth: Auth<'_>, username: &str) -> Result<Option<Account>> {
        let asked = format!(
            "columns:!(id,username,active),filters:!((col:username,opr:eq,value:{}))",
            quoted(username)
        );
        let found: Vec<Account> = self.pages(site, auth, USERS, &asked, MAY_READ).await?;
        // Some databases take capitals for small letters.
        Ok(found.into_iter().find(|account| account.username == username))
    }

    /// The same with its roles and groups.
    ///
    /// # Errors
    /// As [`Superset::account`].
    pub async fn account_with_roles(
        &self,
        site: &Site,
        auth: Auth<'_>,
        username: &str,
    ) -> Result<Option<AccountRoles>> {
        let asked = format!(
            "columns:!(id,username,active,roles.id,roles.name,groups),filters:!((col:username,opr:eq,value:{}))",
            quoted(username)
        );
        let found: Vec<AccountWire> = self.pages(site, auth, USERS, &asked, MAY_READ).await?;
        let found = found.into_iter().find(|found| found.account.username == username);
        Ok(found.map(|AccountWire { account, roles, groups }| AccountRoles {
            account,
            roles: roles.into_iter().map(|role| (role.id, role.name)).collect(),
            groups: groups.len(),
        }))
    }

    /// Makes an account and answers its number.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] for whoever may not make accounts.
    pub async fn make_account(&self, site: &Site, auth: Auth<'_>, new: &NewAccount<'_>) -> Result<i32> {
        let site = site.join(USERS);
        let NewAccount { username, first_name, last_name, email, password, roles } = *new;
        // EXPOSE: the server is to know it; the request's bytes are wiped afterwards.
        let password = password.expose();
        let wire = NewWire { username, first_name, last_name, email, password, roles, active: true };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth)).await?;
        match answer.status {
            201 => read(&answer, &site, "account").map(|made: MadeWire| made.id),
            // The name or the address is somebody's, who may have come meanwhile; or a rule for passwords says no.
            400 | 422 if matches!(Problem::of(&answer), Problem::Message | Problem::Fields(_)) => {
                Err(Error::UnexpectedAnswer { what: "new account", status: answer.status })
            }
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_MAKE)),
        }
    }

    /// Makes these all roles of an account, and this its password, if one is given. Nothing else is changed.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] for whoever may not change accounts.
    pub async fn change_account(
        &self,
        site: &Site,
        auth: Auth<'_>,
        user: i32,
        roles: &[i32],
        password: Option<&Secret>,
    ) -> Result<()> {
        let site = site.join(&format!("{USERS}{user}"));
        // EXPOSE: the server is to know it; the request's bytes are wiped afterwards.
        let wire = ChangeWire { roles, password: password.map(Secret::expose) };
        let answer = self.http.send(&Call::put(site.clone(), &wire)?.auth(auth)).await?;
        match answer.status {
            200 if answer.is_json() => Ok(()),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_CHANGE)),
        }
    }

    /// Nothing else of the account is sent, so nothing else is changed: keys and tokens of somebody inactive are
    /// refused at once, and taken again when the account is active again.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] for whoever may not change accounts.
    pub async fn set_active(&self, site: &Site, auth: Auth<'_>, user: i32, active: bool) -> Result<()> {
        let site = site.join(&format!("{USERS}{user}"));
        let answer = self.http.send(&Call::put(site.clone(), &ActiveWire { active })?.auth(auth)).await?;
        match answer.status {
            200 if answer.is_json() => Ok(()),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_CHANGE)),
        }
    }
}
