//! What came back, read no further than [`LIMIT`].

use super::{FIRST_ROOM, failure, host};
use crate::error::{Error, Result};
use jiff::Timestamp;
use reqwest::Response;
use reqwest::header::{
    CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use std::fmt;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// Ten thousand keys as Superset 6.1.0 lists them take a fifth of this.
const LIMIT: usize = 16 * 1024 * 1024;

/// A server's answer. The body may hold a key: it is wiped when dropped and `Debug` leaves it out.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) is_json: bool,
    /// Then the body was not read: it may never end.
    pub(crate) is_event_stream: bool,
    /// `WWW-Authenticate: Bearer`.
    pub(crate) wants_bearer: bool,
    pub(crate) body: Zeroizing<Vec<u8>>,
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
    pub(super) async fn read(mut response: Response, url: &Url) -> Result<Self> {
        let headers = response.headers();
        let media = header(headers, CONTENT_TYPE).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut answer = Self {
            status: response.status().as_u16(),
            is_json: media == "application/json"
                || (media.starts_with("application/") && media.ends_with("+json")),
            is_event_stream: media == "text/event-stream",
            wants_bearer: headers.get_all(WWW_AUTHENTICATE).iter().any(names_bearer),
            body: Zeroizing::new(Vec::new()),
            date: header(headers, DATE).and_then(http_date),
            retry_after: header(headers, RETRY_AFTER)
                .and_then(|text| text.parse().ok())
                .map(Duration::from_secs),
        };
        if answer.is_event_stream {
            return Ok(answer);
        }
        let too_large = Error::AnswerTooLarge { limit: LIMIT };
        let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced.is_some_and(|length| length > LIMIT) {
            return Err(too_large);
        }
        answer.body.reserve_exact(announced.unwrap_or_default().max(FIRST_ROOM));
        while let Some(chunk) = response.chunk().await.map_err(|error| failure::reason(host(url), error))? {
            if answer.body.len() + chunk.len() > LIMIT {
                return Err(too_large);
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
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
    fn debug_shows_no_secret() {
        let answer = Answer {
            status: 201,
            is_json: true,
            is_event_stream: false,
            wants_bearer: false,
            body: Zeroizing::new(b"sst_canary".to_vec()),
            date: None,
            retry_after: None,
        };
        assert!(!format!("{answer:?}").contains("canary"));
    }
}
