//! What a guest's token says. It is signed, not encrypted: whoever has it reads it.

use crate::error::{Error, Result};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A server takes less in one header.
const LIMIT: usize = 64 * 1024;

/// A guest's token, read. Its signature is the server's affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestClaims {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    /// What it names each dashboard by: an embedding's uuid or, in tokens that outlive it, the dashboard's number.
    pub dashboards: Vec<String>,
    /// Clauses, each of a dataset or of all.
    pub rules: Vec<(String, Option<i32>)>,
    /// Superset 6.1.0 writes fractions of seconds.
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    pub audience: Option<String>,
    pub algorithm: Option<String>,
    pub letters: u32,
}

#[derive(Deserialize)]
struct HeaderWire {
    alg: Option<String>,
}

#[derive(Deserialize)]
struct ClaimsWire {
    r#type: Option<Value>,
    #[serde(default)]
    user: UserWire,
    #[serde(default)]
    resources: Vec<ResourceWire>,
    #[serde(default)]
    rls_rules: Vec<RuleWire>,
    iat: Option<f64>,
    exp: Option<f64>,
    aud: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UserWire {
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

#[derive(Deserialize)]
struct ResourceWire {
    id: Value,
}

#[derive(Deserialize)]
struct RuleWire {
    clause: Option<String>,
    dataset: Option<Value>,
}

impl GuestClaims {
    /// Reads one.
    ///
    /// # Errors
    /// [`Error::NotAToken`], also for a token of another kind.
    pub fn read(token: &Secret) -> Result<Self> {
        // EXPOSE: to read what it says.
        let text = token.expose().trim();
        let (header, claims) = parts(text).ok_or(Error::NotAToken)?;
        if claims.r#type.as_ref().and_then(Value::as_str) != Some("guest") {
            return Err(Error::NotAToken);
        }
        let user = claims.user;
        Ok(Self {
            username: user.username.unwrap_or_default(),
            first_name: user.first_name.unwrap_or_default(),
            last_name: user.last_name.unwrap_or_default(),
            dashboards: claims.resources.into_iter().map(|resource| as_text(&resource.id)).collect(),
            rules: claims.rls_rules.into_iter().map(RuleWire::read).collect(),
            issued: claims.iat.and_then(instant),
            expires: claims.exp.and_then(instant),
            audience: claims.aud.as_ref().map(as_text).filter(|text| !text.is_empty()),
            algorithm: header.alg,
            letters: u32::try_from(text.len()).unwrap_or(u32::MAX),
        })
    }

    /// For how long it is good, in whole seconds.
    #[must_use]
    pub fn seconds(&self) -> Option<u32> {
        let life = self.expires?.duration_since(self.issued?);
        // Both are cut to milliseconds.
        u32::try_from((life.as_millis() + 500) / 1000).ok()
    }
}

impl RuleWire {
    /// A dataset of 0 is none to Superset 6.1.0: the rule is for all.
    fn read(self) -> (String, Option<i32>) {
        let number = |value: Value| match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64().and_then(|number| number.try_into().ok()),
        };
        (self.clause.unwrap_or_default(), self.dataset.and_then(number).filter(|dataset| *dataset != 0))
    }
}

/// Header and claims of three parts, the last of which is the signature (RFC 7515, section 3.1).
fn parts(text: &str) -> Option<(HeaderWire, ClaimsWire)> {
    if text.len() > LIMIT {
        return None;
    }
    let mut parts = text.split('.');
    let mut bytes = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
    let read = (serde_json::from_slice(&bytes()?).ok()?, serde_json::from_slice(&bytes()?).ok()?);
    bytes()?;
    parts.next().is_none().then_some(read)
}

/// `None` for what is beyond all time.
#[allow(clippy::cast_possible_truncation, reason = "cut to milliseconds; what is beyond all time is none")]
fn instant(seconds: f64) -> Option<Timestamp> {
    let millis = (seconds * 1000.0).floor();
    millis.is_finite().then(|| Timestamp::from_millisecond(millis as i64).ok()).flatten()
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn token(claims: &Value) -> Secret {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        Secret::new(format!("{}.{}.c2ln", part(&json!({"alg": "HS256", "typ": "JWT"})), part(claims)))
    }

    #[test]
    fn a_token_of_superset_6_1_is_read() {
        let claims = GuestClaims::read(&token(&json!({
            "user": {"username": "jane", "first_name": "Jane", "last_name": "Doe"},
            "resources": [{"type": "dashboard", "id": "605dc547-bf21-4f6f-95fc-6c0ef802a8ef"}],
            "rls_rules": [{"clause": "org = 1"}, {"dataset": 7, "clause": "a = 'b'"}, {"dataset": 0, "clause": "c"}],
            "iat": 1_764_547_200.25, "exp": 1_764_547_500.249_9, "aud": "http://0.0.0.0:8080/", "type": "guest"
        })))
        .unwrap();
        assert_eq!((&*claims.username, &*claims.first_name), ("jane", "Jane"));
        assert_eq!(claims.dashboards, ["605dc547-bf21-4f6f-95fc-6c0ef802a8ef"]);
        let rules = [("org = 1".into(), None), ("a = 'b'".into(), Some(7)), ("c".into(), None)];
        assert_eq!(claims.rules, rules);
        assert_eq!(claims.seconds(), Some(300), "times are fractions of seconds");
        assert_eq!(claims.audience.as_deref(), Some("http://0.0.0.0:8080/"));
    }

    #[test]
    fn what_is_no_guest_s_token_is_refused() {
        let session = token(&json!({"sub": "1", "exp": 1_764_547_500, "type": "access"}));
        let short = Secret::new("a.b");
        for other in [session, short, Secret::new("sst_key"), Secret::new("")] {
            assert!(matches!(GuestClaims::read(&other), Err(Error::NotAToken)));
        }
        let odd = GuestClaims::read(&token(&json!({"type": "guest", "exp": 1e300}))).unwrap();
        assert_eq!((odd.expires, odd.seconds()), (None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[A-Za-z0-9._-]{0,200}", seconds in any::<f64>()) {
            let _ = GuestClaims::read(&Secret::new(text));
            let _ = instant(seconds);
        }
    }
}
