//! A guest of an embedded dashboard, to ask the server as one.

use super::list_dashboards::EmbeddingView;
use crate::Core;
use crate::embedding::{GuestCalls, HostSite};
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::secret::Secret;
use crate::store::Instance;
use crate::superset::{GuestChart, GuestIdentity};

/// Whose name stands in Superset's log.
const NAME: &str = "superset-keys-check";

/// A token, and the header that the server looks for it in.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) token: Secret,
    header: String,
}

impl Guest {
    pub(super) fn auth(&self) -> Auth<'_> {
        Auth::Guest { token: &self.token, header: &self.header }
    }
}

impl Core {
    /// Mints a token without rules, which leaves this program by the server's own door alone.
    ///
    /// # Errors
    /// Those of minting one.
    pub(super) async fn guest_of(&self, instance: &Instance, embedding: &EmbeddingView) -> Result<Guest> {
        let guest = GuestIdentity { username: NAME.to_owned(), ..GuestIdentity::default() };
        let token = self.token_for_guest(instance, &embedding.uuid, &guest, &[]).await?;
        let header = self.guest_header(instance, embedding).await;
        Ok(Guest { token, header })
    }

    /// The header that the server looks for guests' tokens in, as it says to a site that may show the dashboard.
    pub(super) async fn guest_header(&self, instance: &Instance, embedding: &EmbeddingView) -> String {
        let site = self.site(instance);
        let listed = embedding.sites.iter().find_map(|site| HostSite::parse(site).ok());
        let from = listed.or_else(|| HostSite::parse(site.url.as_str()).ok());
        self.superset.guest_header(&site, &embedding.uuid, from.as_ref().map(HostSite::as_str)).await
    }

    /// How the three calls by which an embedded dashboard's page begins are answered to a guest. The page asks for the
    /// dashboard by its number.
    pub(super) async fn guest_calls(
        &self,
        instance: &Instance,
        dashboard: i32,
        guest: Auth<'_>,
    ) -> GuestCalls {
        let site = self.site(instance);
        let number = dashboard.to_string();
        let (roles, seen, chart) = tokio::join!(
            self.superset.permissions(&site, guest),
            self.superset.dashboard(&site, guest, &number),
            self.guest_chart(instance, dashboard, guest),
        );
        let role = roles.as_ref().ok().and_then(|told| match told.roles.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        });
        GuestCalls {
            role,
            roles: status(&roles),
            dashboard: match &seen {
                Ok(None) => 404,
                told => status(told),
            },
            chart,
        }
    }

    /// The first chart whose dataset is known to whoever is signed in.
    async fn guest_chart(&self, instance: &Instance, dashboard: i32, guest: Auth<'_>) -> Option<u16> {
        let (charts, datasets) = self
            .with_session(instance, |by| async move {
                tokio::try_join!(
                    self.superset.dashboard_charts(&by.site, by.auth(), dashboard),
                    self.superset.dashboard_datasets(&by.site, by.auth(), dashboard)
                )
            })
            .await
            .ok()?;
        let datasets = datasets?;
        let (chart, dataset) = charts?.into_iter().find_map(|chart| {
            let read = datasets.iter().find(|dataset| Some(dataset.id) == chart.dataset)?;
            (!read.used.is_empty()).then_some((chart.id, read))
        })?;
        let asked = GuestChart { dashboard, chart, dataset: dataset.id, columns: &dataset.used };
        Some(status(&self.superset.guest_reads_chart(&self.site(instance), guest, asked).await))
    }
}

/// The status behind an answer; 0 where it is not Superset's own.
fn status<T>(answer: &Result<T>) -> u16 {
    match answer {
        Ok(_) => 200,
        Err(Error::Forbidden | Error::SetUpForbidden { .. }) => 403,
        Err(Error::GuestRefused) => 401,
        Err(Error::ServerFault { status } | Error::UnexpectedAnswer { status, .. }) => *status,
        Err(_) => 0,
    }
}
