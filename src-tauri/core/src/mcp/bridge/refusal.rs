//! A message that a server did not take: what it says, and what that means for sending it once more.

use super::intake::{Held, Intake};
use super::message::{Answer, Kind, Part};
use super::target::Target;
use crate::error::Error;
use crate::http::Streamed;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// A refusal holds a sentence or a page.
const LIMIT: usize = 1024 * 1024;
/// For reading that much. The status alone is a reason.
const TIME: Duration = Duration::from_secs(5);
/// "Header mismatch" (MCP 2026-07-28): a header that mirrors the body says something else, or is missing.
const HEADER_MISMATCH: i64 = -32020;
/// Errors of what was called, not of the way to it: invalid parameters, no such method, an internal error.
const OF_THE_CALL: [i64; 3] = [-32602, -32601, -32603];

/// Before or behind the word "session", these say that a server does not know it. The protocol has 404 for that;
/// servers answer with 400 and words of their own (TypeScript SDK's examples, Python SDK before 1.26, mcp-go), or with
/// 503.
const UNKNOWN: [&str; 8] =
    ["no", "invalid", "unknown", "unrecognized", "expired", "stale", "missing", "nonexistent"];
const GONE: [&str; 20] = [
    "not found",
    "not known",
    "not valid",
    "not recognized",
    "not initialized",
    "not active",
    "could not be found",
    "does not exist",
    "doesn t exist",
    "no longer",
    "timed out",
    "unknown",
    "invalid",
    "expired",
    "terminated",
    "closed",
    "ended",
    "deleted",
    "inactive",
    "gone",
];
/// What may stand between.
const BEFORE: [&str; 8] = ["mcp", "valid", "active", "existing", "such", "the", "a", "or"];
const BEHIND: [&str; 9] = ["id", "header", "with", "for", "is", "was", "has", "been", "mcp"];
/// Or that it would have to be begun first. A server that makes an unknown session anew says so with 200.
const NOT_BEGUN: [&str; 4] = [
    "server not initialized",
    "server is not initialized",
    "received request before initialization was complete",
    "not an initialize request",
];

/// A refusal, read to its end.
pub(super) struct Refusal {
    status: u16,
    host: String,
    text: String,
    /// Where it speaks JSON-RPC: the answer, and its error as it was spelled.
    pub(super) answer: Option<(Answer, String)>,
}

impl Refusal {
    /// What cannot be read of it is not there.
    pub(super) async fn read(mut answer: Streamed, intake: &Arc<Intake>) -> Self {
        let mut held = Held::none(intake);
        let body = async {
            held.grow(LIMIT, None).await.ok()?;
            answer.body(LIMIT, None).await.ok()
        };
        let body = tokio::time::timeout(TIME, body).await.ok().flatten().unwrap_or_default();
        let text = String::from_utf8(body).unwrap_or_default();
        let read = Answer::read(text.clone()).filter(Answer::is_json_rpc);
        let answer_of = read.and_then(|read| read.error().map(|error| (read, error)));
        Self { status: answer.status.as_u16(), host: answer.host().to_owned(), text, answer: answer_of }
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// Whether a session that was named is why.
    pub(super) fn is_of_the_session(&self) -> bool {
        match self.status {
            // 401 too, where the key was read anew by then: rmcp before 1.0 has it for this.
            401 | 404 | 410 => true,
            _ => {
                let words = self.words();
                knows_no_session(&words) || NOT_BEGUN.iter().any(|said| words.contains(&format!(" {said} ")))
            }
        }
    }

    /// Whether the protocol's name in a header is why.
    pub(super) fn is_of_the_protocol(&self) -> bool {
        self.status == 400 && self.words().contains(" protocol version ")
    }

    /// Whether headers that mirror arguments are why.
    pub(super) fn is_of_the_headers(&self) -> bool {
        self.status == 400 && self.code() == Some(HEADER_MISMATCH)
    }

    fn code(&self) -> Option<i64> {
        code(&self.answer.as_ref()?.1)
    }

    /// What it says, for comparison. Nothing if it is a page for people or is about the call itself.
    fn words(&self) -> String {
        if self.is_page() || self.code().is_some_and(|code| OF_THE_CALL.contains(&code)) {
            return String::new();
        }
        simple(&self.text)
    }

    /// Its status is the reason.
    pub(super) fn reason(&self, target: &Target) -> Error {
        let host = || self.host.clone();
        match self.status {
            // Something in front asks people to sign in; the server itself speaks JSON or nothing.
            401 if self.is_page() => Error::SignInPage { host: host(), to: None },
            403 | 500.. if self.is_page() => Error::ProxyAnswered { host: host(), status: self.status },
            status => reason(target, status, &self.host),
        }
    }

    fn is_page(&self) -> bool {
        self.text.trim_start().starts_with('<')
    }
}

/// Whether an answer that is none says that nobody has begun this session. The same words may come from what was
/// called, so nothing else is taken for it.
pub(super) fn is_not_begun(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Said {
        message: String,
    }
    let [Part { kind: Kind::Response { .. }, .. }] = &answer.parts[..] else { return false };
    let Some(error) = answer.error() else { return false };
    let said = serde_json::from_str::<Said>(&error).map(|said| simple(&said.message)).unwrap_or_default();
    code(&error).is_some_and(|code| !OF_THE_CALL.contains(&code)) && NOT_BEGUN.contains(&said.trim())
}

fn code(error: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Coded {
        code: i64,
    }
    serde_json::from_str::<Coded>(error).ok().map(|coded| coded.code)
}

fn knows_no_session(words: &str) -> bool {
    let words: Vec<&str> = words.split_whitespace().collect();
    let names_one = |word: &&&str| BEHIND.contains(*word) || word.bytes().any(|byte| byte.is_ascii_digit());
    words.iter().enumerate().filter(|(_, word)| **word == "session").any(|(at, _)| {
        let before = words[..at].iter().rev().find(|word| !BEFORE.contains(word));
        let behind = words[at + 1..].iter().skip_while(names_one).copied().collect::<Vec<_>>().join(" ");
        before.is_some_and(|word| UNKNOWN.contains(word))
            || GONE.iter().any(|said| {
                behind.strip_prefix(said).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            })
    })
}

/// Small letters and digits, one blank between words and around them.
fn simple(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |mut all, word| {
        all.push_str(&word.to_lowercase());
        all.push(' ');
        all
    })
}

/// The reason in the status of a refusal.
pub(super) fn reason(target: &Target, status: u16, host: &str) -> Error {
    let host = host.to_owned();
    match status {
        401 => Error::KeyRejected,
        403 => Error::McpRefused { host },
        404 | 405 | 410 | 501 => {
            let mut url = target.site.url.clone();
            url.set_query(None);
            Error::NoMcpEndpoint { url: url.into() }
        }
        407 => Error::ProxyAnswered { host, status },
        429 => Error::RateLimited { wait: None },
        500.. => Error::ServerFault { status },
        _ => Error::UnexpectedAnswer { what: "refusal", status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_that_are_not_known() {
        for said in [
            "Bad Request: No valid session ID provided",
            "Invalid session ID",
            "Invalid or missing session ID",
            "Invalid mcp-session-id",
            "Not Found: Unknown Mcp-Session-Id header",
            "Session not found",
            "Session 8f3a-11 not found",
            "session with id \"8f3a\" does not exist",
            "{\"detail\":\"The MCP session has been closed.\"}",
            "No active session",
            "Session ID is invalid or expired",
            "The session has timed out",
            "HTTP 400: {\\\"message\\\":\\\"No session found\\\"}",
        ] {
            assert!(knows_no_session(&simple(said)), "{said}");
        }
        for said in [
            "Too many sessions",
            "Instance is not bound to a Session; attribute refresh operation cannot proceed",
            "This Session's transaction has been rolled back due to a previous exception during flush.",
            "session_timeout must be a number",
            "No such tool: open_session",
            "Unknown field",
            "",
        ] {
            assert!(!knows_no_session(&simple(said)), "{said}");
        }
    }
}
