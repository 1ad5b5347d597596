//! Which switch is wrong, where a dashboard does not show on a site? Asked from outside, through the address people use.

use super::list_dashboards::{DashboardView, EmbeddingView};
use crate::Core;
use crate::clock::rfc3339;
use crate::embedding::{self, Cors, Frame, GuestClaims, HostPage, HostSite, Listed, Reached, Seen};
use crate::error::{AddressProblem, Error, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::PageAnswer;
use crate::transport::Site;
use serde::{Deserialize, Serialize};
use url::Url;

pub use crate::embedding::{EmbeddingFinding, EmbeddingSwitch, SwitchFix, SwitchState, SwitchView};

/// The checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EmbeddingCheckView {
    pub dashboard: i32,
    pub dashboard_title: String,
    /// The site that it was asked for.
    pub site: String,
    /// The address that was asked.
    pub address: String,
    /// RFC 3339 in UTC.
    pub checked_at: String,
    pub switches: Vec<SwitchView>,
    /// The worst of them. What cannot be told, and matters, is doubtful.
    pub verdict: SwitchState,
    /// The role that guests get, as the server says to a guest.
    pub guest_role: Option<String>,
}

/// A site that nobody is on (RFC 2606), for comparison with the one that is meant.
const OTHER: &str = "https://other.example";

impl Core {
    /// Asks everything that an outsider can, with a guest token minted for it. Changes nothing.
    ///
    /// # Errors
    /// [`Error::NoSuchDashboard`], [`Error::InvalidAddress`] for the page's, and those of reaching the server.
    pub async fn check_embedding(
        &self,
        id: &InstanceId,
        dashboard: i32,
        site: &HostSite,
        page: Option<&str>,
    ) -> Result<EmbeddingCheckView> {
        let page = page.map(page_address).transpose()?;
        let instance = self.instance(id)?;
        let server = self.embedding_server(&instance).await;
        let shown = match self.seen_dashboard(&instance, dashboard).await {
            // Where everybody is a stranger, no dashboard is seen; what is wrong is seen all the same.
            Err(Error::PublicRole) => DashboardView::untold(dashboard),
            shown => shown?,
        };
        let at = self.site(&instance);
        let made_up = format!("https://{:016x}.example", self.random.next() >> 64);
        let embedding = shown.embedding.as_ref();
        let uuid = embedding.map(|embedding| embedding.uuid.as_str());
        let (frame, cors, page, guest) = tokio::join!(
            self.frame(&at, uuid, site),
            self.cors(&at, site, &made_up),
            self.host_page(page),
            self.guest(&instance, dashboard, embedding),
        );
        let seen = Seen {
            host: site.clone(),
            other: OTHER.to_owned(),
            made_up,
            address: at.url.clone(),
            is_on: server.is_on,
            public_role: server.public_role,
            embedding: embedding.map(|one| Listed { uuid: one.uuid.clone(), sites: one.sites.clone() }),
            untold: shown.embedding_untold,
            frame: frame?,
            guest,
            cors: cors.ok(),
            page,
        };
        let switches = embedding::judge(&seen);
        let guest_role = match seen.guest {
            embedding::Guest::Minted { calls, .. } => calls.role,
            embedding::Guest::NotMinted(_) => None,
        };
        Ok(EmbeddingCheckView {
            dashboard,
            dashboard_title: shown.title,
            site: site.to_string(),
            address: instance.url.to_string(),
            checked_at: rfc3339(self.now.now()),
            verdict: embedding::verdict(&switches),
            switches,
            guest_role,
        })
    }

    async fn frame(&self, at: &Site, uuid: Option<&str>, site: &HostSite) -> Result<Option<Frame>> {
        let Some(uuid) = uuid else { return Ok(None) };
        let ask = |from| async move { self.superset.embedded_page(at, uuid, from).await.map(reached) };
        let (from_host, from_other, from_nowhere) =
            tokio::try_join!(ask(Some(site.as_str())), ask(Some(OTHER)), ask(None))?;
        Ok(Some(Frame { from_host, from_other, from_nowhere }))
    }

    async fn cors(&self, at: &Site, site: &HostSite, made_up: &str) -> Result<Cors> {
        let get = |origin| async move { self.superset.as_other_origin(at, origin).await.map(reached) };
        let preflight = |origin| async move { self.superset.preflight(at, origin).await.map(reached) };
        let (host, host_preflight, made_up, made_up_preflight) =
            tokio::try_join!(get(site.as_str()), preflight(site.as_str()), get(made_up), preflight(made_up))?;
        Ok(Cors { host, host_preflight, made_up, made_up_preflight })
    }

    /// It is another server than the instance's, so nothing of the way to that is used.
    async fn host_page(&self, page: Option<Url>) -> Option<HostPage> {
        let site = Site::new(page?, self.transport_by(None));
        Some(match self.superset.host_page(&site).await {
            Ok(seen) => HostPage::Answered {
                url: seen.url,
                status: seen.status,
                header: seen.header,
                meta: seen.meta,
            },
            Err(error) => HostPage::Unreachable(code(&error)),
        })
    }

    async fn guest(
        &self,
        instance: &Instance,
        dashboard: i32,
        shown: Option<&EmbeddingView>,
    ) -> embedding::Guest {
        let Some(shown) = shown else { return embedding::Guest::NotMinted(String::new()) };
        let guest = match self.guest_of(instance, shown).await {
            Ok(guest) => guest,
            Err(error) => return embedding::Guest::NotMinted(code(&error)),
        };
        let secret = self.guest_secret(instance, &guest.token).await;
        let calls = self.guest_calls(instance, dashboard, guest.auth()).await;
        let seconds = GuestClaims::read(&guest.token).ok().and_then(|claims| claims.seconds());
        embedding::Guest::Minted { secret, seconds, calls }
    }
}

impl DashboardView {
    /// One that is not seen.
    fn untold(id: i32) -> Self {
        let title = id.to_string();
        Self { id, uuid: None, title, published: false, embedding: None, embedding_untold: true }
    }
}

fn page_address(typed: &str) -> Result<Url> {
    let url = Url::parse(typed.trim()).map_err(|_| Error::InvalidAddress(AddressProblem::NotAnAddress))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::InvalidAddress(AddressProblem::Scheme));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::InvalidAddress(AddressProblem::HoldsCredentials));
    }
    Ok(url)
}

fn reached(answer: PageAnswer) -> Reached {
    let PageAnswer { status, policies, elsewhere, .. } = answer;
    Reached {
        status,
        elsewhere,
        content_security: policies.content_security,
        frame_options: policies.frame_options,
        allow_origin: policies.allow_origin,
        allow_credentials: policies.allow_credentials,
    }
}

fn code(error: &Error) -> String {
    match serde_json::to_value(error.code()) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}
