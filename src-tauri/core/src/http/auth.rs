//! What a call authenticates with.

use crate::error::{Error, Result};
use crate::secret::Secret;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderValue, USER_AGENT};
use zeroize::Zeroizing;

/// What a call authenticates with. `Debug` shows no secret.
#[derive(Debug, Clone, Copy)]
pub enum Auth<'a> {
    Nobody,
    /// A token from signing in.
    Token(&'a Secret),
    /// One that the server has given a moment ago: that it is refused has another cause than its age.
    NewToken(&'a Secret),
    /// An API key: each call moves the key's own `last_used_on`.
    Key(&'a Secret),
    /// A name and a password, put together as RFC 7617 has them.
    Basic(&'a Secret),
    /// The session of a browser.
    Cookie(&'a SessionCookie),
    /// A guest's token, in the header that the server looks for it in (`GUEST_TOKEN_HEADER_NAME`).
    Guest {
        token: &'a Secret,
        header: &'a str,
    },
}

/// The cookie that a server knows a browser's session by, and the browser: some servers look at both. It holds more than
/// the session, the provider's own token among it (Superset 6.1.0), so it is never written down. `Debug` shows no secret.
#[derive(Debug)]
pub struct SessionCookie {
    /// `name=value`.
    pub(crate) cookie: Secret,
    pub(crate) user_agent: Option<String>,
}

impl Auth<'_> {
    /// Adds the headers that say who asks.
    pub(super) fn add_to(self, request: RequestBuilder) -> Result<RequestBuilder> {
        match self {
            Self::Nobody => Ok(request),
            Self::Token(secret) | Self::NewToken(secret) | Self::Key(secret) => {
                Ok(request.header(AUTHORIZATION, named("Bearer", secret)?))
            }
            Self::Cookie(SessionCookie { cookie, user_agent }) => {
                // EXPOSE: this is what the secret is for; the header is marked so that nothing logs it.
                let mut value =
                    HeaderValue::from_str(cookie.expose()).map_err(|_| Error::NotASessionCookie)?;
                value.set_sensitive(true);
                let request = request.header(COOKIE, value);
                Ok(match user_agent {
                    Some(user_agent) => request.header(USER_AGENT, user_agent),
                    None => request,
                })
            }
            Self::Basic(secret) => Ok(request.header(AUTHORIZATION, named("Basic", secret)?)),
            Self::Guest { token, header } => {
                // EXPOSE: this is what the secret is for; the header is marked so that nothing logs it.
                let mut value = HeaderValue::from_str(token.expose()).map_err(|_| Error::NotAToken)?;
                value.set_sensitive(true);
                Ok(request.header(header, value))
            }
        }
    }
}

fn named(scheme: &str, secret: &Secret) -> Result<HeaderValue> {
    // EXPOSE: this is what the secret is for; the header is marked so that nothing logs it.
    let text = Zeroizing::new(format!("{scheme} {}", secret.expose()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::NotAnApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stays_out_of_sight_in_its_header() {
        assert!(!format!("{:?}", named("Bearer", &Secret::new("sst_canary")).unwrap()).contains("canary"));
        assert!(matches!(named("Bearer", &Secret::new("sst_a\r\nX: y")), Err(Error::NotAnApiKey)));
    }
}
