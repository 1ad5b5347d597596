//! `/api/v1/security/guest_token/`: a token by which somebody without an account sees embedded dashboards. It takes
//! `can_grant_guest_token` and `can_read` on `SecurityRestApi`, and a CSRF token; nearly nothing of what is asked for
//! is checked (Superset 6.1.0).

use super::client::Superset;
use super::pages::forbidden;
use super::problem::{read, reason};
use crate::error::Result;
use crate::http::{Auth, Call, Csrf};
use crate::secret::Secret;
use crate::transport::Site;
use serde::{Deserialize, Serialize};

const PATH: &str = "api/v1/security/guest_token/";
const MAY_MINT: &str = "can_grant_guest_token on SecurityRestApi";

/// Who the guest is to be, in Superset's log and in templates. Not an account: the name may be anybody's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuestIdentity {
    pub username: String,
    #[serde(default)]
    pub first_name: String,
    #[serde(default)]
    pub last_name: String,
}

/// A row rule as a token carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuestRule {
    /// What is put after `WHERE`, in brackets, of each query.
    pub clause: String,
    /// Of this dataset alone; of all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<i32>,
}

#[derive(Serialize)]
struct WantedWire<'a> {
    user: UserWire<'a>,
    resources: Vec<ResourceWire<'a>>,
    rls: &'a [GuestRule],
}

/// Without a name Superset has its own: `guest_user`.
#[derive(Default, Serialize)]
struct UserWire<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    last_name: &'a str,
}

#[derive(Serialize)]
struct ResourceWire<'a> {
    r#type: &'static str,
    id: &'a str,
}

#[derive(Deserialize)]
struct MintedWire {
    token: Secret,
}

impl Superset {
    /// Whether the caller may mint. A token for no dashboard at all is asked for, which opens nothing, and dropped.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] without the permission.
    pub async fn may_mint_guest_tokens(&self, site: &Site, auth: Auth<'_>, csrf: &Csrf) -> Result<()> {
        let site = site.join(PATH);
        let wire = WantedWire { user: UserWire::default(), resources: Vec::new(), rls: &[] };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth).csrf(csrf)).await?;
        match answer.status {
            200 => read(&answer, &site, "guest token").map(|_: MintedWire| ()),
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_MINT)),
        }
    }

    /// Mints a token for one embedded dashboard, by the uuid of its embedding: one by number outlives that.
    ///
    /// # Errors
    /// [`crate::Error::SetUpForbidden`] without the permission, [`crate::Error::NotEmbedded`] where the server knows no
    /// such embedding.
    pub async fn mint_guest_token(
        &self,
        site: &Site,
        auth: Auth<'_>,
        csrf: &Csrf,
        embedding: &str,
        guest: &GuestIdentity,
        rules: &[GuestRule],
    ) -> Result<Secret> {
        let site = site.join(PATH);
        let resources = vec![ResourceWire { r#type: "dashboard", id: embedding }];
        let GuestIdentity { username, first_name, last_name } = guest;
        let user = UserWire { username, first_name, last_name };
        let wire = WantedWire { user, resources, rls: rules };
        let answer = self.http.send(&Call::post(site.clone(), &wire)?.auth(auth).csrf(csrf)).await?;
        match answer.status {
            200 => read(&answer, &site, "guest token").map(|minted: MintedWire| minted.token),
            400 if memchr::memmem::find(&answer.body, b"EmbeddedDashboard not found").is_some() => {
                Err(crate::Error::NotEmbedded { name: embedding.to_owned() })
            }
            _ => Err(forbidden(reason(&answer, &site, auth), MAY_MINT)),
        }
    }
}
