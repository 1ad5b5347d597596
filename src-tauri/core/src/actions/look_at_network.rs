//! Go to an instance on its own way, and tell what stands on it.

use crate::http::{Call, Http};
use crate::ids::InstanceId;
use crate::transport::Use;
use crate::{Core, Result};
use serde::Serialize;
use std::sync::Arc;

/// Where a request to an instance went, to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WayView {
    /// Host and port.
    pub host: String,
    /// The proxy that it went through.
    pub proxy: Option<String>,
    pub encrypted: bool,
    /// The server asked who we are.
    pub asked_who: bool,
}

impl Core {
    /// Asks the instance for a sign of life, as nobody. Whatever answers over HTTP is one: who that is, the check-up tells.
    ///
    /// # Errors
    /// The reason why the way is closed.
    pub async fn look_at_network(&self, id: &InstanceId) -> Result<WayView> {
        let site = self.site(&self.instance(id)?).join("health");
        Http::new(Arc::clone(&self.connections)).ask(&Call::get(site.clone())).await?;
        let way = self.connections.way(&site, Use::Call).await?;
        Ok(WayView {
            host: site.host(),
            proxy: way.proxy_before(&site.url).map(|proxy| proxy.shown()),
            encrypted: site.url.scheme() == "https",
            asked_who: way.was_asked_who(),
        })
    }
}
