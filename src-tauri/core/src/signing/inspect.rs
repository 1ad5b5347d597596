//! What a token says, and what Superset's MCP server does with each claim (measured on 6.1.0 with fastmcp 3.4.10).

use super::{Signing, SigningSecret};
use crate::clock::rfc3339;
use crate::error::{Error, Result};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A server takes less in one header.
const LIMIT: usize = 64 * 1024;
/// What lives longer is said to.
const LONG: SignedDuration = SignedDuration::from_hours(24);

/// A claim that somebody may expect to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    Sub,
    Iss,
    Aud,
    Exp,
    Iat,
    Nbf,
    Scope,
}

/// What the server does with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Heed {
    /// Whom its tools act as.
    NamesUser,
    /// That, where the server has the lines for it; else it names nobody.
    NamesUserWithLines,
    /// Compared with the server's own, where that has one.
    MustMatch,
    /// From then on the token is refused; without it, never.
    Ends,
    NotLookedAt,
    /// Only where the server demands scopes.
    IfDemanded,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClaimView {
    pub claim: Claim,
    /// As text; times as RFC 3339 in UTC. None where it is not there.
    pub says: Option<String>,
    pub heed: Heed,
    /// Whether it is what this computer would write for the instance; none where that is not known.
    pub fits: Option<bool>,
}

/// Who signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// The secret kept for the instance.
    Kept,
    /// Another one, or the token was changed.
    Other,
    /// Of another kind than shared secrets make.
    OtherKind,
    /// No secret is kept to compare with.
    NotCompared,
}

/// What a person should know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TokenNote {
    /// It has no end that the server looks at.
    NeverEnds,
    /// Its end is no number: it is refused.
    EndUnreadable,
    Ended,
    /// For more than a day.
    LongLived,
    /// Superset takes HS256 alone where secrets are shared.
    OtherAlgorithm,
    NamesNobody,
    /// It says that it begins later, which nobody looks at.
    BeginIgnored,
    /// An empty `scope` hides what `scp` says.
    EmptyScope,
}

/// How long it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EndView {
    /// RFC 3339 in UTC.
    pub at: String,
    /// Seconds by this computer's clock; below 0 where it is over.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub left: i64,
    /// By the server's, where that was seen.
    #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
    pub left_on_server: Option<i64>,
}

/// A token, read. Nothing of it was sent, and its signature proves nothing to anybody but the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InspectedToken {
    pub algorithm: Option<String>,
    pub signature: Signature,
    pub claims: Vec<ClaimView>,
    /// The names of all others.
    pub others: Vec<String>,
    pub end: Option<EndView>,
    pub notes: Vec<TokenNote>,
    /// How many letters it has.
    pub letters: u32,
}

/// What there is to compare with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Beside<'a> {
    pub(crate) secret: Option<&'a SigningSecret>,
    pub(crate) signing: Option<&'a Signing>,
    /// The server names users by itself.
    pub(crate) names_users: bool,
    /// How far its clock is ahead of this computer's.
    pub(crate) ahead: Option<SignedDuration>,
}

/// Reads a token without asking anybody.
///
/// # Errors
/// [`Error::NotAToken`]
pub fn inspect(token: &Secret, now: Timestamp) -> Result<InspectedToken> {
    inspect_beside(token, Beside::default(), now)
}

pub(crate) fn inspect_beside(token: &Secret, beside: Beside<'_>, now: Timestamp) -> Result<InspectedToken> {
    // EXPOSE: to read what it says.
    let text = token.expose();
    let (header, claims) = parts(text).ok_or(Error::NotAToken)?;
    let algorithm = header.get("alg").and_then(Value::as_str).map(str::to_owned);
    let mut notes = Vec::new();
    if algorithm.as_deref() != Some("HS256") {
        notes.push(TokenNote::OtherAlgorithm);
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    let time = |name: &str| seconds(name).and_then(instant);
    let exp = claims.get("exp").filter(|exp| !exp.is_null());
    let end = time("exp");
    match (exp, end) {
        (None, _) => notes.push(TokenNote::NeverEnds),
        // Milliseconds, say: a server compares numbers.
        (Some(exp), None) if exp.as_f64().is_some_and(|exp| exp > 0.0) => notes.push(TokenNote::NeverEnds),
        (Some(_), None) => notes.push(TokenNote::EndUnreadable),
        (Some(_), Some(end)) if end <= now => notes.push(TokenNote::Ended),
        (Some(_), Some(end)) if end.duration_since(now) > LONG => notes.push(TokenNote::LongLived),
        _ => {}
    }
    let named = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty());
    if named.is_none() {
        notes.push(TokenNote::NamesNobody);
    }
    if time("nbf").is_some_and(|begin| begin > now) {
        notes.push(TokenNote::BeginIgnored);
    }
    if claims.get("scope").and_then(Value::as_str) == Some("") && claims.contains_key("scp") {
        notes.push(TokenNote::EmptyScope);
    }
    let scopes = if claims.contains_key("scope") { "scope" } else { "scp" };
    let audiences = words(claims.get("aud"));
    let fits = |claim: &str, meant: fn(&Signing) -> &String| {
        let values = if claim == "aud" { &audiences } else { &words(claims.get(claim)) };
        beside.signing.map(|signing| values.contains(meant(signing)))
    };
    let said = |name: &str| claims.get(name).filter(|value| !value.is_null()).map(as_text);
    let when = |name: &str| time(name).map(rfc3339).or_else(|| said(name));
    let subject = if beside.names_users { Heed::NamesUser } else { Heed::NamesUserWithLines };
    let view = |claim, says, heed, fits| ClaimView { claim, says, heed, fits };
    let rows = vec![
        view(Claim::Sub, said("sub"), subject, None),
        view(Claim::Iss, said("iss"), Heed::MustMatch, fits("iss", |signing| &signing.issuer)),
        view(Claim::Aud, said("aud"), Heed::MustMatch, fits("aud", |signing| &signing.audience)),
        view(Claim::Exp, when("exp"), Heed::Ends, None),
        view(Claim::Iat, when("iat"), Heed::NotLookedAt, None),
        view(Claim::Nbf, when("nbf"), Heed::NotLookedAt, None),
        view(Claim::Scope, said(scopes), Heed::IfDemanded, None),
    ];
    let known = ["sub", "iss", "aud", "exp", "iat", "nbf", "scope", "scp"];
    Ok(InspectedToken {
        signature: match (beside.secret, algorithm.as_deref()) {
            (_, alg) if alg.is_none_or(|alg| !alg.starts_with("HS")) => Signature::OtherKind,
            (None, _) => Signature::NotCompared,
            (Some(secret), _) if secret.signed(token) => Signature::Kept,
            (Some(_), _) => Signature::Other,
        },
        algorithm,
        claims: rows,
        others: claims.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect(),
        end: end.map(|end| EndView {
            at: rfc3339(end),
            left: end.duration_since(now).as_secs(),
            left_on_server: beside.ahead.map(|ahead| (end.duration_since(now) - ahead).as_secs()),
        }),
        notes,
        letters: u32::try_from(text.len()).unwrap_or(u32::MAX),
    })
}

/// Header and claims of three parts, the last of which is the signature (RFC 7515, section 3.1).
fn parts(text: &str) -> Option<(Map<String, Value>, Map<String, Value>)> {
    if text.len() > LIMIT {
        return None;
    }
    let mut parts = text.split('.');
    let mut object = || {
        let bytes = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
    };
    let read = (object()?, object()?);
    let signature = parts.next()?;
    (URL_SAFE_NO_PAD.decode(signature).is_ok() && parts.next().is_none()).then_some(read)
}

/// Numbers, whole or not, as `PyJWT` takes them.
#[allow(clippy::cast_possible_truncation, reason = "cut to whole seconds; what is beyond all time is none")]
fn instant(seconds: f64) -> Option<Timestamp> {
    seconds.is_finite().then(|| Timestamp::from_second(seconds as i64).ok()).flatten()
}

/// One, or a list of them.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => words(Some(value)).join(" "),
        other => other.to_string(),
    }
}
