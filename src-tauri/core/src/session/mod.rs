//! Who is signed in, and with what. Tokens live in memory only.
//!
//! One file for each way to be in: what a call authenticates with, when it is due, and how it is renewed. `live` keeps
//! those of this process.

mod api_key;
mod browser;
mod live;
mod tokens;

pub(crate) use api_key::OwnKey;
pub(crate) use browser::BrowserSession;
pub(crate) use live::Sessions;
pub(crate) use tokens::Tokens;

use crate::clock::Now;
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::ids::ApiKeyId;
use crate::superset::Superset;
use crate::transport::Site;

/// What stands behind the calls to one instance.
pub(crate) enum Session {
    Tokens(Tokens),
    Browser(BrowserSession),
    OwnKey(OwnKey),
}

impl Session {
    pub(crate) fn auth(&self) -> Auth<'_> {
        match self {
            Self::Tokens(tokens) => tokens.auth(),
            Self::Browser(browser) => browser.auth(),
            Self::OwnKey(key) => key.auth(),
        }
    }

    /// To be renewed before the next call.
    pub(crate) fn is_due(&self, now: &dyn Now) -> bool {
        match self {
            Self::Tokens(tokens) => tokens.is_due(now),
            Self::Browser(_) | Self::OwnKey(_) => false,
        }
    }

    pub(crate) fn can_renew(&self) -> bool {
        match self {
            Self::Tokens(tokens) => tokens.can_renew(),
            Self::Browser(_) | Self::OwnKey(_) => false,
        }
    }

    /// A newer one of the same person.
    ///
    /// # Errors
    /// [`Error::SessionOver`] where nothing is left to go on with.
    pub(crate) async fn renew(&self, superset: &Superset, site: &Site) -> Result<Self> {
        match self {
            Self::Tokens(tokens) => tokens.renew(superset, site).await.map(Self::Tokens),
            Self::Browser(_) | Self::OwnKey(_) => Err(Error::SessionOver),
        }
    }

    /// The key whose last use each call moves.
    pub(crate) fn key_id(&self) -> Option<&ApiKeyId> {
        match self {
            Self::OwnKey(key) => Some(&key.id),
            Self::Tokens(_) | Self::Browser(_) => None,
        }
    }
}
