//! What an answer that is not the hoped-for one means. Superset 6.1.0 has three shapes of error body, and
//! proxies in front of it have as many as they like. None of their text goes any further than this file.

use super::Bearer;
use crate::error::{Error, Result};
use crate::http::{Answer, host};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use url::Url;

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
        if !answer.is_json {
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

/// Who is refused by a 401 or 422.
#[derive(Clone, Copy)]
pub(super) enum Asker {
    /// Nobody yet: signing in.
    Nobody,
    /// Someone with an access or refresh token. Superset answers 401 to an expired one and 422 to one that
    /// it cannot read or that it did not sign.
    Session,
    Key,
}

impl From<&Bearer<'_>> for Asker {
    fn from(bearer: &Bearer<'_>) -> Self {
        match bearer {
            Bearer::Access(_) => Self::Session,
            Bearer::Key(_) => Self::Key,
        }
    }
}

/// The reason behind an answer from `url` that the call has no meaning of its own for.
pub(super) fn reason(answer: &Answer, url: &Url, asker: Asker) -> Error {
    let status = answer.status;
    match (status, asker) {
        (502..=504, _) => Error::ProxyAnswered { host: host(url), status },
        _ if !answer.is_json => Error::ProxyAnswered { host: host(url), status },
        (401 | 422, Asker::Session) => Error::SessionOver,
        (401 | 422, Asker::Key) => Error::KeyRejected,
        (401, Asker::Nobody) => Error::WrongCredentials,
        (403, Asker::Session | Asker::Key) => Error::Forbidden,
        (500..=599, _) => Error::ServerFault { status },
        _ => Error::UnexpectedAnswer { what: "status", status },
    }
}

/// Reads an answer that should be JSON of a known shape; `what` names it where it is not.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer, url: &Url, what: &'static str) -> Result<T> {
    let status = answer.status;
    if !answer.is_json {
        return Err(Error::ProxyAnswered { host: host(url), status });
    }
    serde_json::from_slice(&answer.body).map_err(|_| Error::UnexpectedAnswer { what, status })
}
