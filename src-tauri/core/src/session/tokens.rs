//! Signed in with a password: an access token, and what renews it.

use crate::clock::Now;
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::ids::UserId;
use crate::secret::Secret;
use crate::superset::{AccessToken, Superset};
use crate::transport::Site;

/// The refresh token is there for as long as this process lives, or longer where the person stays signed in.
pub(crate) struct Tokens {
    pub(crate) access: AccessToken,
    pub(crate) refresh: Option<Secret>,
}

impl Tokens {
    /// Picked up from a refresh token.
    pub(crate) async fn of(superset: &Superset, site: &Site, refresh: Secret) -> Result<Self> {
        let access = superset.refresh(site, &refresh).await?;
        Ok(Self { access, refresh: Some(refresh) })
    }

    pub(super) fn auth(&self) -> Auth<'_> {
        Auth::Token(self.access.secret())
    }

    pub(super) fn is_due(&self, now: &dyn Now) -> bool {
        self.access.needs_refresh(now.now())
    }

    pub(super) fn can_renew(&self) -> bool {
        self.refresh.is_some()
    }

    pub(super) async fn renew(&self, superset: &Superset, site: &Site) -> Result<Self> {
        let refresh = self.refresh.as_ref().ok_or(Error::SessionOver)?;
        Self::of(superset, site, refresh.duplicate()).await
    }

    /// Whether they are this person's, as far as they tell.
    pub(crate) fn may_be_of(&self, user: UserId) -> bool {
        self.access.user_id().is_none_or(|of| user.0.is_none_or(|user| of == user))
    }
}
