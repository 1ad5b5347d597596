//! Which dashboards are there, and which of them may be embedded where?

use crate::Core;
use crate::clock::rfc3339;
use crate::embedding::HostSite;
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::{Dashboard, Embedding};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

/// As many dashboards as are asked about at once: each is a call of its own.
const AT_ONCE: usize = 6;
/// Of those, until one is embedded.
const MOST_TRIED: usize = 200;
const MAY_SEE: &str = "can_read on Dashboard";

/// The dashboards that whoever is signed in sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DashboardsView {
    /// Embedded ones first, then by title.
    pub dashboards: Vec<DashboardView>,
    /// RFC 3339 in UTC.
    pub read_at: String,
    /// What is known of the server as a whole.
    pub server: EmbeddingServerView,
}

/// What is the same for all dashboards of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EmbeddingServerView {
    /// `EMBEDDED_SUPERSET`; none where the server does not tell.
    pub is_on: Option<bool>,
    /// Its Public role has permissions, so keys and sessions count for nothing where those reach.
    pub public_role: bool,
}

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DashboardView {
    pub id: i32,
    /// Its own, which is not that of its embedding.
    pub uuid: Option<String>,
    pub title: String,
    /// Guests see one that is not published as well (6.1.0).
    pub published: bool,
    pub embedding: Option<EmbeddingView>,
    /// Whether it is embedded is not told to whoever is signed in.
    pub embedding_untold: bool,
}

/// That a dashboard may be embedded, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EmbeddingView {
    /// What host pages and guest tokens name it by.
    pub uuid: String,
    /// None of them: every site may. So it is, too, where one of them is empty (6.1.0).
    pub sites: Vec<String>,
    /// Those of them that Superset compares with no page's address: nobody comes in by them.
    pub useless: Vec<String>,
}

/// What one dashboard tells of its embedding.
pub(super) enum Told {
    Embedded(Embedding),
    Not,
    /// It is not for whoever is signed in.
    Nothing,
}

impl DashboardView {
    pub(super) fn of(dashboard: Dashboard, told: Told) -> Self {
        let embedding_untold = matches!(told, Told::Nothing);
        let embedding = match told {
            Told::Embedded(embedding) => Some(EmbeddingView::from(embedding)),
            Told::Not | Told::Nothing => None,
        };
        let Dashboard { id, uuid, title, published } = dashboard;
        Self { id, uuid, title, published, embedding, embedding_untold }
    }
}

impl From<Embedding> for EmbeddingView {
    fn from(embedding: Embedding) -> Self {
        let Embedding { uuid, sites } = embedding;
        let is_open = sites.iter().any(String::is_empty);
        let sites = if is_open { Vec::new() } else { sites };
        let useless = sites.iter().filter(|site| !HostSite::counts(site)).cloned().collect();
        Self { uuid, sites, useless }
    }
}

impl Core {
    /// Asks for each dashboard whether it is embedded.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] for whoever may not read dashboards.
    pub async fn list_dashboards(&self, id: &InstanceId) -> Result<DashboardsView> {
        let instance = self.instance(id)?;
        let (dashboards, server) =
            tokio::join!(self.dashboards_told(&instance), self.embedding_server(&instance));
        let mut dashboards = dashboards?;
        dashboards
            .sort_by_cached_key(|dashboard| (dashboard.embedding.is_none(), dashboard.title.to_lowercase()));
        Ok(DashboardsView { dashboards, read_at: rfc3339(self.now.now()), server })
    }

    /// The dashboard that a person means by a number, a title, or a uuid, its own or its embedding's. A number is a number:
    /// a dashboard whose title is one is found by its own.
    ///
    /// # Errors
    /// [`Error::NoSuchDashboard`], [`Error::AmbiguousDashboard`], [`Error::PublicRole`].
    pub async fn find_dashboard(&self, id: &InstanceId, typed: &str) -> Result<DashboardView> {
        let instance = self.instance(id)?;
        let typed = typed.trim();
        if let Ok(number) = typed.parse::<i32>()
            && number > 0
            && let Some(found) = self.dashboard_numbered(&instance, number).await?
        {
            return Ok(found);
        }
        let all = self.dashboards_there(&instance).await?;
        if let Some(found) = meant(&all, typed)? {
            return self.embedding_told(&instance, found.clone()).await;
        }
        if looks_like_uuid(typed) {
            let number = self
                .with_session(&instance, |by| async move {
                    self.superset.dashboard_of_embedding(&by.site, by.auth(), typed).await
                })
                .await?;
            if let Some(number) = number
                && let Some(found) = self.dashboard_numbered(&instance, number).await?
            {
                return Ok(found);
            }
        }
        Err(self.why_unseen(&instance, typed).await)
    }

    /// A server that takes everybody for a stranger shows nobody's dashboards.
    pub(super) async fn why_unseen(&self, instance: &Instance, name: &str) -> Error {
        if self.superset.takes_all_for_strangers(&self.site(instance)).await {
            Error::PublicRole
        } else {
            Error::NoSuchDashboard { name: name.to_owned() }
        }
    }

    /// One dashboard by its number; none that whoever is signed in does not see.
    pub(super) async fn dashboard_numbered(
        &self,
        instance: &Instance,
        number: i32,
    ) -> Result<Option<DashboardView>> {
        let number = number.to_string();
        let number = number.as_str();
        let found =
            self.with_session(instance, |by| async move {
                self.superset.dashboard(&by.site, by.auth(), number).await
            })
            .await?;
        match found {
            Some(found) => Ok(Some(self.embedding_told(instance, found).await?)),
            None => Ok(None),
        }
    }

    /// A dashboard that is there.
    pub(super) async fn seen_dashboard(&self, instance: &Instance, number: i32) -> Result<DashboardView> {
        match self.dashboard_numbered(instance, number).await? {
            Some(found) => Ok(found),
            None => Err(self.why_unseen(instance, &number.to_string()).await),
        }
    }

    /// A dashboard that is there and embedded.
    pub(super) async fn embedded(
        &self,
        instance: &Instance,
        number: i32,
    ) -> Result<(DashboardView, EmbeddingView)> {
        let shown = self.seen_dashboard(instance, number).await?;
        match shown.embedding.clone() {
            Some(embedding) => Ok((shown, embedding)),
            None if shown.embedding_untold => Err(Error::SetUpForbidden { permission: MAY_SEE }),
            None => Err(Error::NotEmbedded { name: shown.title }),
        }
    }

    /// The first embedded dashboard that is found, for trying what takes one. Each is asked for, so not all are.
    pub(super) async fn any_embedding(&self, instance: &Instance) -> Result<Option<EmbeddingView>> {
        let all = self.dashboards_there(instance).await?.into_iter().take(MOST_TRIED);
        let told = stream::iter(all.map(|dashboard| self.embedding_told(instance, dashboard)));
        let found = told.buffered(AT_ONCE).try_filter_map(async |dashboard| Ok(dashboard.embedding));
        let mut found = std::pin::pin!(found);
        found.try_next().await
    }

    async fn dashboards_told(&self, instance: &Instance) -> Result<Vec<DashboardView>> {
        let all = self.dashboards_there(instance).await?;
        self.told_of_all(instance, all).await
    }

    async fn dashboards_there(&self, instance: &Instance) -> Result<Vec<Dashboard>> {
        self.with_session(instance, |by| async move { self.superset.dashboards(&by.site, by.auth()).await })
            .await
    }

    /// In the order they are given.
    async fn told_of_all(&self, instance: &Instance, all: Vec<Dashboard>) -> Result<Vec<DashboardView>> {
        stream::iter(all.into_iter().map(|dashboard| self.embedding_told(instance, dashboard)))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn embedding_told(&self, instance: &Instance, dashboard: Dashboard) -> Result<DashboardView> {
        let number = dashboard.id;
        let asked =
            self.with_session(instance, |by| async move {
                self.superset.embedding(&by.site, by.auth(), number).await
            })
            .await;
        let told = match asked {
            Ok(Some(embedding)) => Told::Embedded(embedding),
            Ok(None) => Told::Not,
            Err(Error::SetUpForbidden { .. }) => Told::Nothing,
            Err(error) => return Err(error),
        };
        Ok(DashboardView::of(dashboard, told))
    }

    /// What is the same for all dashboards; what the server does not tell is left open.
    pub(super) async fn embedding_server(&self, instance: &Instance) -> EmbeddingServerView {
        let site = self.site(instance);
        let (is_on, public_role) =
            tokio::join!(self.superset.embedding_is_on(&site), self.superset.takes_all_for_strangers(&site));
        EmbeddingServerView { is_on: is_on.ok().flatten(), public_role }
    }
}

/// By its title, exactly or but for capitals, or by its own uuid.
fn meant<'a>(all: &'a [Dashboard], typed: &str) -> Result<Option<&'a Dashboard>> {
    let lower = typed.to_lowercase();
    let by: [&dyn Fn(&Dashboard) -> bool; 3] = [
        &|dashboard| dashboard.title.trim() == typed,
        &|dashboard| dashboard.title.trim().to_lowercase() == lower,
        &|dashboard| dashboard.uuid.as_ref().is_some_and(|uuid| uuid.eq_ignore_ascii_case(typed)),
    ];
    for is_it in by {
        let found: Vec<&Dashboard> = all.iter().filter(|dashboard| is_it(dashboard)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(Some(one)),
            several => {
                let candidates = several.iter().map(|dashboard| dashboard.id.to_string()).collect();
                return Err(Error::AmbiguousDashboard { name: typed.to_owned(), candidates });
            }
        }
    }
    Ok(None)
}

fn looks_like_uuid(typed: &str) -> bool {
    typed.len() == 36 && typed.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dashboard(id: i32, title: &str) -> Dashboard {
        let uuid = Some(format!("0000000{id}-0000-4000-8000-00000000000{id}"));
        Dashboard { id, uuid, title: title.to_owned(), published: true }
    }

    #[test]
    fn a_title_counts_before_one_with_other_capitals_and_two_are_none() {
        let all =
            [dashboard(1, "Sales"), dashboard(2, "SALES"), dashboard(3, "Stock"), dashboard(4, "Stock")];
        let found = |typed: &str| meant(&all, typed).map(|found| found.map(|found| found.id));
        assert_eq!(found("Sales").unwrap(), Some(1));
        assert_eq!(found("sTOck").unwrap_err().params()["candidates"], "3, 4");
        assert_eq!(found("sales").unwrap_err().params()["candidates"], "1, 2");
        assert_eq!(found("00000003-0000-4000-8000-000000000003").unwrap(), Some(3));
        assert_eq!(found("Sale").unwrap(), None);
    }

    #[test]
    fn a_list_with_an_empty_line_is_open_to_all_and_a_useless_line_is_named() {
        let view = |sites: &[&str]| {
            let sites = sites.iter().map(|&site| site.to_owned()).collect();
            EmbeddingView::from(Embedding { uuid: "u".to_owned(), sites })
        };
        assert_eq!(view(&["https://a.example", ""]).sites, [""; 0]);
        let mixed = view(&["https://a.example", "b.example", "https://*.example"]);
        assert_eq!(
            (mixed.sites.len(), mixed.useless),
            (3, vec!["b.example".into(), "https://*.example".into()])
        );
    }
}
