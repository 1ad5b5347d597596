//! What an answer that is not the hoped-for one means. Superset 6.1.0 has three shapes of error body, and
//! proxies in front of it have as many as they like. None of their text goes any further than this file, but for one
//! sentence about a token, cut down to plain words.

use crate::error::{Error, Result, TokenProblem};
use crate::http::{Answer, Auth, is_moved, page};
use crate::transport::Site;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// An error body, told by its shape.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// `{"message": {"field": ["…"]}}`, Flask-AppBuilder's validation: the fields.
    Fields(Vec<String>),
    /// `{"message": "…"}`, Flask-AppBuilder's other refusals.
    Message,
    /// `{"msg": "…"}`, flask-jwt-extended.
    Jwt,
    /// `{"errors": […]}`, Superset itself: also what any unknown route answers.
    Envelope,
    /// None of these.
    Other,
}

#[derive(Deserialize)]
struct ProblemWire {
    message: Option<Value>,
    msg: Option<IgnoredAny>,
    errors: Option<Vec<IgnoredAny>>,
}

impl Problem {
    pub(super) fn of(answer: &Answer) -> Self {
        if !answer.is_json() {
            return Self::Other;
        }
        match serde_json::from_slice(&answer.body) {
            Ok(ProblemWire { message: Some(Value::Object(fields)), .. }) => {
                Self::Fields(fields.into_iter().map(|(field, _)| field).collect())
            }
            Ok(ProblemWire { message: Some(Value::String(_)), .. }) => Self::Message,
            Ok(ProblemWire { msg: Some(_), .. }) => Self::Jwt,
            Ok(ProblemWire { errors: Some(_), .. }) => Self::Envelope,
            _ => Self::Other,
        }
    }

    pub(super) fn names(&self, field: &str) -> bool {
        matches!(self, Self::Fields(fields) if fields.iter().any(|name| name == field))
    }
}

/// The reason behind an answer that the call has no meaning of its own for. Superset answers 401 to an expired token
/// and 422 to one that it cannot read or that it did not sign.
pub(super) fn reason(answer: &Answer, site: &Site, asker: Auth<'_>) -> Error {
    let status = answer.status;
    match (status, asker) {
        // A web page in the place of an API's answer, or the gateway's own question.
        (200..=299 | 401, _) if !answer.is_json() && (answer.is_html() || status == 401) => {
            Error::SignInPage { host: site.host(), to: page_of(answer, site) }
        }
        _ if !answer.is_json() || is_a_gateways(status) => Error::ProxyAnswered { host: site.host(), status },
        (401 | 422, Auth::Token(_) | Auth::Cookie(_)) => Error::SessionOver,
        (401 | 422, Auth::NewToken(_)) => token_refused(answer),
        (401 | 422, Auth::Key(_)) => Error::KeyRejected,
        (401 | 422, Auth::Guest { .. }) => Error::GuestRefused,
        (401, Auth::Nobody) => Error::WrongCredentials,
        (403, Auth::Token(_) | Auth::NewToken(_) | Auth::Key(_) | Auth::Cookie(_) | Auth::Guest { .. }) => {
            Error::Forbidden
        }
        (400..=599, _) if Problem::of(answer) == Problem::Other => {
            Error::ProxyAnswered { host: site.host(), status }
        }
        (500..=599, _) => Error::ServerFault { status },
        _ => Error::UnexpectedAnswer { what: "status", status },
    }
}

/// Where the page is, if that is not where we asked.
fn page_of(answer: &Answer, site: &Site) -> Option<String> {
    (!is_moved(&site.url, &answer.url)).then(|| page(&answer.url))
}

/// In the words of flask-jwt-extended 4 and `PyJWT` 2.
fn token_refused(answer: &Answer) -> Error {
    let said: RefusedWire = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = spoken(&said.msg.or(said.message).unwrap_or_default());
    let lower = said.to_ascii_lowercase();
    let problem = if lower.contains("missing authorization header") || lower.contains("missing jwt") {
        TokenProblem::HeaderMissing
    } else if lower.contains("subject must be") {
        TokenProblem::SubjectNotText
    } else if lower.contains("signature") {
        TokenProblem::Signature
    } else if lower.contains("expired") {
        TokenProblem::Expired
    } else {
        TokenProblem::Other
    };
    Error::TokenRefused { problem, said }
}

#[derive(Deserialize, Default)]
struct RefusedWire {
    msg: Option<String>,
    message: Option<String>,
}

/// More letters are no sentence of anybody's.
const SPOKEN_LETTERS: usize = 100;
/// Longer words may be tokens.
const WORD_LETTERS: usize = 24;

/// A server's sentence, cut down to plain words: no addresses, no tokens, nothing that a screen would take for more.
fn spoken(text: &str) -> String {
    let is_plain = |word: &&str| {
        (1..=WORD_LETTERS).contains(&word.chars().count())
            && word.chars().all(|letter| letter.is_alphanumeric() || "()'_-".contains(letter))
    };
    let words = text.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ':', ';', '!']));
    words.filter(is_plain).collect::<Vec<_>>().join(" ").chars().take(SPOKEN_LETTERS).collect()
}

/// Statuses that Superset never answers with and gateways do when they give up, in HTML or in JSON: those of HTTP,
/// nginx's 499 and Cloudflare's.
fn is_a_gateways(status: u16) -> bool {
    matches!(status, 408 | 499 | 502..=504 | 520..=530)
}

/// Reads an answer that should be JSON of a known shape; `what` names it where it is not.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer, site: &Site, what: &'static str) -> Result<T> {
    let status = answer.status;
    if answer.is_html() {
        return Err(Error::SignInPage { host: site.host(), to: page_of(answer, site) });
    }
    if !answer.is_json() {
        return Err(Error::ProxyAnswered { host: site.host(), status });
    }
    serde_json::from_slice(&answer.body).map_err(|_| Error::UnexpectedAnswer { what, status })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sentences_stay_and_what_else_may_stand_in_them_does_not() {
        for (said, plain) in [
            ("Subject must be a string", "Subject must be a string"),
            ("Token has expired.", "Token has expired"),
            ("Bad\u{1b}[31m token \n\n\u{202e}here", "token"),
            ("got eyJhbGciOiJIUzI1NiJ9.e30.c2ln, see https://evil.example/x?y", "got see"),
        ] {
            assert_eq!(spoken(said), plain);
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_plain_words(said in "\\PC{0,300}") {
            let plain = spoken(&said);
            prop_assert!(plain.chars().count() <= SPOKEN_LETTERS);
            prop_assert!(plain.chars().all(|c| c.is_alphanumeric() || " ()'_-".contains(c)));
        }
    }
}
