//! Where an answer sends us.

use crate::error::Error;
use crate::transport::Site;
use reqwest::Response;
use reqwest::header::LOCATION;
use url::Url;

/// More in a row lead nowhere.
pub(super) const MOST: usize = 5;

/// Why a call ends at an answer that leads elsewhere. An address that is only somewhere else keeps the end of the path
/// that was asked for; what puts itself in between asks people to sign in on a page of its own.
pub(super) fn reason(from: &Site, to: &Url) -> Error {
    if is_moved(&from.url, to) {
        Error::Redirected { host: from.host(), to: to.origin().ascii_serialization() }
    } else {
        Error::SignInPage { host: from.host(), to: Some(page(to)) }
    }
}

/// The same call at another address, `https://bi.example.com/bi/version` for `http://example.com/version`, or another
/// host as a whole.
pub(crate) fn is_moved(from: &Url, to: &Url) -> bool {
    fn last(url: &Url) -> Option<&str> {
        url.path_segments()?.rfind(|part| !part.is_empty())
    }
    last(to).is_none() || last(from) == last(to)
}

/// Without its query, which may hold what nobody else should see.
pub(crate) fn page(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// The address that an answer to a call of `from` leads to.
pub(super) fn target(response: &Response, from: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut target = from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()?;
    // A name in the address would become an `Authorization` of its own. Not every kind of URL can have one.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}
