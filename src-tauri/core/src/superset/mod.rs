//! HTTP to Superset: what it is asked, what it answers, and what its answers really mean.
//!
//! Measured on Superset 6.1.0 with Flask-AppBuilder 5.3.0, whose `ApiKeyApi` this talks to; 5.2.0 is the first
//! that has one.

mod api_keys;
mod auth;
mod detect;
mod problem;

pub use api_keys::{CreateRequest, Created, Listed};
pub use auth::{AccessToken, KeyPermissions, Me, Provider, Tokens, named_in};
pub use detect::{ApiKeysSupport, Detection, SignInWays};

use crate::error::Result;
use crate::http::{Answer, Call, Http};
use crate::secret::Secret;
use url::Url;

/// Superset over HTTP. Holds no session: each call is given what to authenticate with.
#[derive(Debug, Clone)]
pub struct Superset {
    http: Http,
}

/// What a call authenticates with. `Debug` shows neither.
#[derive(Debug)]
pub enum Bearer<'a> {
    Access(&'a AccessToken),
    /// Each call moves the key's own `last_used_on`.
    Key(&'a Secret),
}

impl Bearer<'_> {
    fn secret(&self) -> &Secret {
        match self {
            Self::Access(token) => token.secret(),
            Self::Key(key) => key,
        }
    }
}

impl Superset {
    #[must_use]
    pub fn new(http: Http) -> Self {
        Self { http }
    }

    async fn get(&self, url: Url, bearer: &Bearer<'_>) -> Result<Answer> {
        self.http.send(&Call::get(url).bearer(bearer.secret())).await
    }
}
