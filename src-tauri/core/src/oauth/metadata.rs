//! What an authorization server says of itself (RFC 8414, OpenID Connect Discovery). Pure.

use super::issuer::Issuer;
use crate::error::IssuerProblem;
use crate::instance::is_loopback;
use serde::Deserialize;
use url::Url;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    registration_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    scopes_supported: Option<Vec<String>>,
    prompt_values_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

/// What of it counts here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own that the server states")]
pub(super) struct Metadata {
    pub(super) token: Url,
    pub(super) authorization: Option<Url>,
    pub(super) device: Option<Url>,
    pub(super) registration: Option<Url>,
    pub(super) revocation: Option<Url>,
    /// It gives refresh tokens to whoever asks for `offline_access`.
    pub(super) offline: bool,
    /// It knows `prompt=consent`, or does not say what it knows.
    pub(super) consent: bool,
    /// A client's secret goes into a header, as the standard prefers, unless only the body is taken.
    pub(super) basic: bool,
    /// PKCE by S256, or not a word about PKCE.
    pub(super) pkce: bool,
    /// Its answers to a browser name it (RFC 9207).
    pub(super) names_itself: bool,
}

impl Metadata {
    pub(super) fn read(body: &[u8], asked: &Issuer) -> Result<Self, IssuerProblem> {
        let wire: Wire = serde_json::from_slice(body).map_err(|_| IssuerProblem::NoMetadata)?;
        // Another's metadata would send codes and secrets there (RFC 8414, 3.3).
        if !asked.is_called(wire.issuer.as_deref().ok_or(IssuerProblem::NoMetadata)?) {
            return Err(IssuerProblem::OfAnother);
        }
        let holds = |list: &Option<Vec<String>>, wanted: &str| {
            list.as_ref().map(|list| list.iter().any(|one| one == wanted))
        };
        let methods = &wire.token_endpoint_auth_methods_supported;
        let basic = holds(methods, "client_secret_basic").unwrap_or(true)
            || !holds(methods, "client_secret_post").unwrap_or(false);
        Ok(Self {
            token: endpoint(wire.token_endpoint.as_deref(), asked)?.ok_or(IssuerProblem::EndpointMissing)?,
            authorization: endpoint(wire.authorization_endpoint.as_deref(), asked)?,
            device: endpoint(wire.device_authorization_endpoint.as_deref(), asked)?,
            registration: endpoint(wire.registration_endpoint.as_deref(), asked)?,
            revocation: endpoint(wire.revocation_endpoint.as_deref(), asked)?,
            offline: holds(&wire.scopes_supported, "offline_access").unwrap_or(false),
            consent: holds(&wire.prompt_values_supported, "consent").unwrap_or(true),
            pkce: holds(&wire.code_challenge_methods_supported, "S256").unwrap_or(true),
            names_itself: wire.authorization_response_iss_parameter_supported == Some(true),
            basic,
        })
    }
}

/// Secrets go there, so it is encrypted, or on this computer; and the word of another computer leads to none on this one.
fn endpoint(text: Option<&str>, asked: &Issuer) -> Result<Option<Url>, IssuerProblem> {
    let Some(text) = text else { return Ok(None) };
    let url = Url::parse(text).map_err(|_| IssuerProblem::EndpointMissing)?;
    match url.scheme() {
        _ if is_loopback(&url) && !is_loopback(asked.url()) => Err(IssuerProblem::NotEncrypted),
        "https" => Ok(Some(url)),
        "http" if is_loopback(&url) => Ok(Some(url)),
        _ => Err(IssuerProblem::NotEncrypted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn told() -> Value {
        json!({
            "issuer": "https://id.example.com",
            "token_endpoint": "https://id.example.com/token",
            "authorization_endpoint": "https://id.example.com/auth",
            "scopes_supported": ["openid", "offline_access"],
        })
    }

    fn with(name: &str, value: Value) -> Result<Metadata, IssuerProblem> {
        let mut told = told();
        told[name] = value;
        read(&told.to_string())
    }

    fn read(body: &str) -> Result<Metadata, IssuerProblem> {
        Metadata::read(body.as_bytes(), &Issuer::parse("https://id.example.com").unwrap())
    }

    #[test]
    fn what_it_says_is_taken() {
        let read = read(&told().to_string()).unwrap();
        assert_eq!(read.token.as_str(), "https://id.example.com/token");
        assert!(read.offline && read.consent && read.basic && read.pkce && !read.names_itself);
        assert_eq!(read.device, None);
        assert!(!with("scopes_supported", json!(["openid"])).unwrap().offline);
        assert!(!with("prompt_values_supported", json!(["none"])).unwrap().consent);
        assert!(!with("code_challenge_methods_supported", json!(["plain"])).unwrap().pkce);
        let methods = "token_endpoint_auth_methods_supported";
        assert!(!with(methods, json!(["client_secret_post"])).unwrap().basic);
        assert!(with(methods, json!(["client_secret_post", "client_secret_basic"])).unwrap().basic);
        assert!(with(methods, json!(["private_key_jwt"])).unwrap().basic);
        assert!(with("authorization_response_iss_parameter_supported", json!(true)).unwrap().names_itself);
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        use IssuerProblem as P;
        assert_eq!(with("issuer", json!("https://id.example.com/")).err(), None);
        assert_eq!(with("issuer", json!("https://id.example.net")).err(), Some(P::OfAnother));
        assert_eq!(with("issuer", Value::Null).err(), Some(P::NoMetadata));
        assert_eq!(with("issuer", json!(7)).err(), Some(P::NoMetadata));
        assert_eq!(with("token_endpoint", Value::Null).err(), Some(P::EndpointMissing));
        assert_eq!(with("token_endpoint", json!("/token")).err(), Some(P::EndpointMissing));
        for name in
            ["token_endpoint", "authorization_endpoint", "revocation_endpoint", "registration_endpoint"]
        {
            assert_eq!(with(name, json!("http://id.example.com/x")).err(), Some(P::NotEncrypted), "{name}");
            assert_eq!(with(name, json!("javascript:alert(1)")).err(), Some(P::NotEncrypted), "{name}");
            for here in ["http://127.0.0.1:9/x", "https://localhost/x"] {
                assert_eq!(with(name, json!(here)).err(), Some(P::NotEncrypted), "{name} {here}");
            }
        }
        for body in ["", "[]", "null", "<html>", "{}"] {
            assert_eq!(read(body).err(), Some(P::NoMetadata), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Metadata::read(&body, &Issuer::parse("https://id.example.com").unwrap());
        }
    }
}
