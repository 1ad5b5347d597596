//! Superset over HTTP.

use crate::error::Result;
use crate::http::{Answer, Auth, Call, Http};
use crate::transport::Site;

/// Superset over HTTP. Holds no session: each call is given what to authenticate with.
#[derive(Debug, Clone)]
pub struct Superset {
    pub(super) http: Http,
}

impl Superset {
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http }
    }

    pub(super) async fn get(&self, site: Site, auth: Auth<'_>) -> Result<Answer> {
        self.http.send(&Call::get(site).auth(auth)).await
    }
}
