//! Roles and what they may: `/api/v1/security/roles/` and `/api/v1/me/roles/` (Superset 6.1.0 with Flask-AppBuilder
//! 5.3.0). Writing roles takes no CSRF token there.

use super::client::Superset;
use super::pages::{forbidden, quoted};
use super::problem::{read, reason};
use crate::error::{Error, Result};
use crate::http::{Auth, Call};
use crate::transport::Site;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

const ROLES: &str = "api/v1/security/roles/";
const PAIRS: &str = "api/v1/security/permissions-resources/";
const OWN: &str = "api/v1/me/roles/";
const MAY_READ: &str = "can_get on Role";
const MAY_MAKE: &str = "can_post on Role";
const MAY_DELETE: &str = "can_delete on Role";
const MAY_LIST: &str = "can_list_role_permissions on Role";
const MAY_GIVE: &str = "can_add_role_permissions on Role";
const MAY_READ_PAIRS: &str = "can_get on PermissionViewMenu";

/// A permission on something: `can_read` on `Chart`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    pub action: String,
    pub on: String,
}

impl Permission {
    #[must_use]
    pub fn new(action: &str, on: &str) -> Self {
        Self { action: action.to_owned(), on: on.to_owned() }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.action, self.on)
    }
}

/// What somebody may, by all their roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    pub roles: Vec<String>,
    all: BTreeSet<Permission>,
}

impl Permissions {
    #[must_use]
    pub fn new(roles: Vec<String>, all: impl IntoIterator<Item = Permission>) -> Self {
        Self { roles, all: all.into_iter().collect() }
    }

    #[must_use]
    pub fn may(&self, action: &str, on: &str) -> bool {
        self.all.contains(&Permission::new(action, on))
    }
}

/// A permission as it is given to roles: by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grantable {
    pub id: i32,
    pub permission: Permission,
}

#[derive(Deserialize)]
struct ResultWire<T> {
    result: T,
}

#[derive(Deserialize)]
struct OwnWire {
    roles: BTreeMap<String, Vec<(String, String)>>,
}

#[derive(Deserialize)]
struct RoleWire {
    id: i32,
    name: String,
}

#[derive(Deserialize)]
struct NameWire {
    name: String,
}

#[derive(Deserialize)]
struct PairWire {
    id: i32,
    permission: NameWire,
    view_menu: NameWire,
}

#[derive(Deserialize)]
struct GivenWire {
    id: i32,
    permission_name: String,
    view_menu_name: String,
}

#[derive(Deserialize)]
struct MadeWire {
    id: i32,
}

#[derive(Serialize)]
struct NewWire<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct GiveWire<'a> {
    permission_view_menu_ids: &'a [i32],
}

impl Superset {
    /// What the caller may.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `can_read` on `CurrentUserRestApi`, as roles made for one purpose often are.
    /// On a server whose Public role has permissions this tells what strangers may, whoever asks.
    pub async fn permissions(&self, site: &Site, auth: Auth<'_>) -> Result<Permissions> {
        let site = site.join(OWN);
        let answer = self.get(site.clone(), auth).await?;
        if answer.status != 200 {
            return Err(forbidden(reason(&answer, &site, auth), "can_read on CurrentUserRestApi"));
        }
        let ResultWire { result } = read::<ResultWire<OwnWire>>(&answer, &site, "roles")?;
        let all = result.roles.values().flatten().map(|(action, on)| Permission::new(action, on)).collect();
        Ok(Permissions { roles: result.roles.into_keys().collect(), all })
    }

    /// All roles: number and name.
    pub async fn roles(&self, site: &Site, auth: Auth<'_>) -> Result<Vec<(i32, String)>> {
        let asked = "order_column:id,order_direction:asc";
        let rows: Vec<RoleWire> = self.pages(site, auth, ROLES, asked, MAY_READ).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The number of the role of that very name.
    pub async fn role_called(&self, site: &Site, auth: Auth<'_>, name: &str) -> Result<Option<i32>> {
        let asked = format!("filters:!((col:name,opr:eq,value:{}))", quoted(name));
        let rows: Vec<RoleWire> = self.pages(site, auth, ROLES, &asked, MAY_READ).await?;
        Ok(rows.into_iter().find(|row| row.name == name).map(|row| row.id))
    }

    /// Makes a role that may nothing yet. One of the same name is a server's fault here: see [`Superset::role_called`].
    pub async fn make_role(&self, site: &Site, auth: Auth<'_>, name: &str) -> Result<i32> {
        let site = site.join(ROLES);
        let answer = self.http.send(&Call::post(site.clone(), &NewWire { name })?.auth(auth)).await?;
        if answer.status != 201 {
            return Err(forbidden(reason(&answer, &site, auth), MAY_MAKE));
        }
        read(&answer, &site, "role").map(|made: MadeWire| made.id)
    }

    /// Deletes a role; one that is not there is none too.
    pub async fn delete_role(&self, site: &Site, auth: Auth<'_>, role: i32) -> Result<()> {
        let site = site.join(&format!("{ROLES}{role}"));
        let answer = self.http.send(&Call::new(Method::DELETE, site.clone()).auth(auth)).await?;
        match answer.status {
            200 | 404 if answer.is_json() => Ok(()),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_DELETE)),
        }
    }

    /// What a role may.
    pub async fn role_permissions(&self, site: &Site, auth: Auth<'_>, role: i32) -> Result<Vec<Grantable>> {
        let site = site.join(&format!("{ROLES}{role}/permissions/"));
        let answer = self.get(site.clone(), auth).await?;
        if answer.status != 200 {
            return Err(forbidden(reason(&answer, &site, auth), MAY_LIST));
        }
        let ResultWire { result } = read::<ResultWire<Vec<GivenWire>>>(&answer, &site, "role")?;
        let given = |wire: GivenWire| Grantable {
            id: wire.id,
            permission: Permission::new(&wire.permission_name, &wire.view_menu_name),
        };
        Ok(result.into_iter().map(given).collect())
    }

    /// Every permission there is.
    pub async fn grantable(&self, site: &Site, auth: Auth<'_>) -> Result<Vec<Grantable>> {
        let asked = "order_column:id,order_direction:asc";
        let rows: Vec<PairWire> = self.pages(site, auth, PAIRS, asked, MAY_READ_PAIRS).await?;
        let told = |wire: PairWire| Grantable {
            id: wire.id,
            permission: Permission::new(&wire.permission.name, &wire.view_menu.name),
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// Makes these all that a role may: what is left out is taken away, and an unknown number is passed over in
    /// silence (Flask-AppBuilder 5.3.0), so it is read back by whoever calls this.
    pub async fn set_role_permissions(
        &self,
        site: &Site,
        auth: Auth<'_>,
        role: i32,
        permissions: &[i32],
    ) -> Result<()> {
        let site = site.join(&format!("{ROLES}{role}/permissions"));
        let wire = GiveWire { permission_view_menu_ids: permissions };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth)).await?;
        match answer.status {
            200 => Ok(()),
            404 => Err(Error::UnexpectedAnswer { what: "role", status: 404 }),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_GIVE)),
        }
    }
}
