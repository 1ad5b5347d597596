//! What came back, read no further than the call lets it.

use super::call::FIRST_ROOM;
use super::failure;
use super::media::Media;
use super::policies::Policies;
use crate::error::{Error, Result};
use crate::transport::{Site, Way};
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use std::fmt;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// A server's answer. The body may hold a key: it is wiped when dropped and `Debug` leaves it out.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Where it came from, after redirects.
    pub(crate) url: Url,
    /// The body of an event stream was not read: it may never end.
    pub(crate) media: Media,
    /// `WWW-Authenticate: Bearer`.
    pub(crate) wants_bearer: bool,
    /// What stands behind it.
    pub(crate) challenge: Option<String>,
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// What it sets, as they are sent back: `session=…; other=…`.
    pub(crate) cookies: Zeroizing<String>,
    /// What it says to a browser.
    pub(crate) policies: Box<Policies>,
    /// The server's now, in whole seconds.
    pub(crate) date: Option<Timestamp>,
    pub(super) retry_after: Option<Duration>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Answer {
    pub(crate) fn is_json(&self) -> bool {
        self.media == Media::Json
    }

    pub(crate) fn is_html(&self) -> bool {
        self.media == Media::Html
    }

    pub(super) async fn read(mut response: Response, way: &Way, site: &Site, limit: usize) -> Result<Self> {
        let headers = response.headers();
        let mut answer = Self {
            status: response.status().as_u16(),
            url: response.url().clone(),
            media: Media::of(headers),
            wants_bearer: bearer(headers).is_some(),
            challenge: bearer(headers)
                .and_then(|value| value.to_str().ok()?.get(6..))
                .map(|text| text.trim().to_owned()),
            body: Zeroizing::new(Vec::new()),
            cookies: cookies(headers),
            policies: Box::new(Policies::of(headers)),
            date: header(headers, DATE).and_then(http_date),
            retry_after: header(headers, RETRY_AFTER)
                .and_then(|text| text.parse().ok())
                .map(Duration::from_secs),
        };
        if answer.media == Media::EventStream {
            return Ok(answer);
        }
        let too_large = Error::AnswerTooLarge { limit };
        let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large);
        }
        answer.body.reserve_exact(announced.unwrap_or_default().max(FIRST_ROOM));
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(answer),
                Err(error) => return Err(failure::reason(way, site, error).await),
            };
            if answer.body.len() + chunk.len() > limit {
                return Err(too_large);
            }
            answer.body.extend_from_slice(&chunk);
        }
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Those that hold something, without what is said about them.
fn cookies(headers: &HeaderMap) -> Zeroizing<String> {
    let set = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = set.filter_map(|text| text.split(';').next()).map(str::trim);
    let pairs = pairs.filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()));
    Zeroizing::new(pairs.collect::<Vec<_>>().join("; "))
}

fn bearer(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get_all(WWW_AUTHENTICATE).iter().find(|value| names_bearer(value))
}

fn names_bearer(value: &HeaderValue) -> bool {
    value.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
}

/// `Fri, 20 Nov 2026 21:09:45 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_answers_are_read() {
        let date = http_date("Fri, 20 Nov 2026 21:09:45 GMT").map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some("2026-11-20T21:09:45Z"));
        assert_eq!(http_date("soon"), None);
    }

    #[test]
    fn cookies_go_back_without_what_is_said_about_them() {
        let mut headers = HeaderMap::new();
        for text in ["session=a.b-c; HttpOnly; Path=/", "lb=1", "old=; Max-Age=0", "nothing"] {
            headers.append(SET_COOKIE, HeaderValue::from_static(text));
        }
        assert_eq!(*cookies(&headers), "session=a.b-c; lb=1");
    }

    #[test]
    fn debug_shows_no_secret() {
        let answer = Answer {
            status: 201,
            url: Url::parse("http://localhost/").unwrap(),
            media: Media::Json,
            wants_bearer: false,
            challenge: None,
            body: Zeroizing::new(b"sst_canary".to_vec()),
            cookies: Zeroizing::new("session=canary".to_owned()),
            policies: Box::default(),
            date: None,
            retry_after: None,
        };
        assert!(!format!("{answer:?}").contains("canary"));
    }
}
