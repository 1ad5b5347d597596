//! What does a guest's token say: who, which dashboards, which rows, for how long?

use super::mint_guest_token::{GuestSecretState, RuleView, RuleWarning, looked_at};
use crate::Core;
use crate::clock::rfc3339;
use crate::embedding::{GuestClaims, known_secret};
use crate::error::Result;
use crate::ids::InstanceId;
use crate::secret::Secret;
use crate::store::Instance;
use crate::superset::{DashboardDataset, GuestIdentity, GuestReception};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A guest's token, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InspectedGuestToken {
    pub guest: GuestIdentity,
    pub dashboards: Vec<GuestDashboardView>,
    pub rules: Vec<RuleView>,
    /// RFC 3339 in UTC.
    pub issued: Option<String>,
    pub expires: Option<String>,
    /// Seconds by this computer's clock; below 0 where it is over.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub left: Option<i64>,
    /// By the server's, where that was seen.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub left_on_server: Option<i64>,
    pub audience: Option<String>,
    pub algorithm: Option<String>,
    pub secret: GuestSecretState,
    /// Whether the server takes it, where it was asked.
    pub taken: Option<bool>,
    pub letters: u32,
}

/// A dashboard that a token names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuestDashboardView {
    /// As it stands in the token.
    pub named: String,
    /// By number: the token outlives the embedding's end.
    pub by_number: bool,
    pub title: Option<String>,
}

/// More dashboards than a token is for.
const MOST_DASHBOARDS: usize = 20;

impl Core {
    /// Reads it. With an instance its dashboards and datasets get names, and the server is asked whether it takes it.
    ///
    /// # Errors
    /// [`crate::Error::NotAToken`]
    pub async fn inspect_guest_token(
        &self,
        id: Option<&InstanceId>,
        token: &Secret,
    ) -> Result<InspectedGuestToken> {
        // It is held for as long as somebody looks at it.
        self.lock.check()?;
        let claims = GuestClaims::read(token)?;
        let instance = id.map(|id| self.instance(id)).transpose()?;
        let (mut dashboards, mut datasets) = (Vec::new(), None);
        for named in &claims.dashboards {
            let known = match &instance {
                Some(instance) if dashboards.len() < MOST_DASHBOARDS => {
                    self.guest_dashboard(instance, named).await
                }
                _ => None,
            };
            let title = known.map(|(title, of_dashboard)| {
                datasets.get_or_insert_with(Vec::new).extend(of_dashboard);
                title
            });
            let by_number = is_number(named);
            dashboards.push(GuestDashboardView { named: named.clone(), by_number, title });
        }
        let (secret, seen) = match &instance {
            Some(instance) => {
                let seen = self.received(instance, &claims, token).await;
                (self.guest_secret(instance, token).await, seen)
            }
            None => (known_secret(token).unwrap_or(GuestSecretState::NotTold), None),
        };
        let now = self.now.now();
        let rule = |(clause, dataset): &(String, Option<i32>)| rule(clause, *dataset, datasets.as_deref());
        Ok(InspectedGuestToken {
            dashboards,
            rules: claims.rules.iter().map(rule).collect(),
            issued: claims.issued.map(rfc3339),
            expires: claims.expires.map(rfc3339),
            left: left(claims.expires, Some(now)),
            left_on_server: left(claims.expires, seen.as_ref().and_then(|seen| seen.at)),
            secret,
            taken: seen.and_then(|seen| seen.taken),
            guest: GuestIdentity {
                username: claims.username,
                first_name: claims.first_name,
                last_name: claims.last_name,
            },
            audience: claims.audience,
            algorithm: claims.algorithm,
            letters: claims.letters,
        })
    }

    /// The title and the datasets of what a token names; none where it is not there, or nobody is signed in who sees it.
    async fn guest_dashboard(
        &self,
        instance: &Instance,
        named: &str,
    ) -> Option<(String, Vec<DashboardDataset>)> {
        let found = self.with_session(instance, |by| async move {
            let id = match named.parse() {
                Ok(id) => Some(id),
                Err(_) => self.superset.dashboard_of_embedding(&by.site, by.auth(), named).await?,
            };
            let Some(id): Option<i32> = id else { return Ok(None) };
            let dashboard = self.superset.dashboard(&by.site, by.auth(), &id.to_string()).await?;
            Ok(dashboard.map(|dashboard| (id, dashboard.title)))
        });
        let (id, title) = found.await.ok().flatten()?;
        let datasets = self.datasets_of(instance, id, true).await.ok().flatten();
        Some((title, datasets.unwrap_or_default()))
    }

    /// None of a server that cannot be asked.
    async fn received(
        &self,
        instance: &Instance,
        claims: &GuestClaims,
        token: &Secret,
    ) -> Option<GuestReception> {
        let site = self.site(instance);
        let embedding = claims.dashboards.iter().find(|named| !is_number(named));
        let header = self.superset.guest_header(&site, embedding.map_or("", String::as_str), None).await;
        self.superset.receive_guest(&site, token, &header).await.ok()
    }
}

/// `datasets` are those of its dashboards, where they are known.
fn rule(clause: &str, dataset: Option<i32>, datasets: Option<&[DashboardDataset]>) -> RuleView {
    let view = looked_at(clause, dataset, datasets.unwrap_or_default());
    match datasets {
        Some(_) => view,
        // Whether it is one of theirs is not known either.
        None => RuleView {
            warnings: view
                .warnings
                .into_iter()
                .filter(|told| *told != RuleWarning::DatasetElsewhere)
                .collect(),
            ..view
        },
    }
}

fn is_number(named: &str) -> bool {
    named.parse::<i32>().is_ok()
}

/// Whole seconds, down: what has half a second has none.
fn left(expires: Option<Timestamp>, now: Option<Timestamp>) -> Option<i64> {
    let left: SignedDuration = expires?.duration_since(now?);
    i64::try_from(left.as_millis().div_euclid(1000)).ok()
}
