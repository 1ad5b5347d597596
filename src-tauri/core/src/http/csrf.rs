//! What a write carries so that a server knows that no web page made somebody's browser send it.

use crate::error::{Error, Result};
use crate::secret::Secret;
use reqwest::RequestBuilder;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue, REFERER};
use url::Url;

/// A token and the cookies of the session it was made in. Bound to no caller; good for a week (Flask-WTF's
/// `WTF_CSRF_TIME_LIMIT` in Superset 6.1.0). `Debug` shows neither.
#[derive(Debug)]
pub struct Csrf {
    token: Secret,
    cookies: Secret,
}

impl Csrf {
    pub(crate) fn new(token: Secret, cookies: Secret) -> Self {
        Self { token, cookies }
    }

    /// Over https Flask-WTF also asks where the request comes from.
    pub(super) fn add_to(&self, request: RequestBuilder, to: &Url) -> Result<RequestBuilder> {
        let from = format!("{}/", to.origin().ascii_serialization());
        // EXPOSE: this is what the two are for; both headers are marked so that nothing logs them.
        let (token, cookies) = (sensitive(self.token.expose())?, sensitive(self.cookies.expose())?);
        let mut csrf = HeaderMap::new();
        csrf.insert("X-CSRFToken", token);
        // In the place of the cookie of whoever asks, if that is one: this one says more.
        csrf.insert(COOKIE, cookies);
        csrf.insert(REFERER, from.parse().map_err(|_| Error::Internal { what: "referer" })?);
        Ok(request.headers(csrf))
    }
}

fn sensitive(text: &str) -> Result<HeaderValue> {
    let unusable = |_| Error::UnexpectedAnswer { what: "CSRF token", status: 200 };
    let mut value = HeaderValue::from_str(text).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stays_out_of_sight_and_cannot_begin_a_line_of_its_own() {
        let csrf = Csrf::new(Secret::new("canary-1"), Secret::new("session=canary-2"));
        assert!(!format!("{csrf:?}").contains("canary"));
        assert!(!format!("{:?}", sensitive("canary").unwrap()).contains("canary"));
        assert!(sensitive("a\r\nX: y").is_err());
    }
}
