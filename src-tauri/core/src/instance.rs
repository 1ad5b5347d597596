//! One Superset deployment: where it is and what a person calls it.

use crate::clock::ServerClock;
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use url::{Host, Url};

/// The random, permanent name of an instance. Secret-store entries are named by it, so renaming is free.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct InstanceId(String);

impl InstanceId {
    #[must_use]
    pub fn from_random(random: u128) -> Self {
        Self(uuid::Uuid::from_u128(random).simple().to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for InstanceId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProblem {
    Empty,
    NotAnAddress,
    /// Only `http` and `https` lead to a Superset.
    Scheme,
    /// A user name or password in the address would end up in files and logs.
    HoldsCredentials,
}

/// A Superset's base address: scheme, host, port and an optional path such as `/bi`, without a final slash.
///
/// `https` unless it is loopback or the person consented to `http`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct InstanceUrl(#[cfg_attr(feature = "specta", specta(type = String))] Url);

impl InstanceUrl {
    /// Reads what a person typed. A bare host means `https`, or `http` when it is loopback; query and
    /// fragment are dropped, and so is the tail of a page copied from the browser (`/login/`,
    /// `/superset/welcome/`).
    pub fn parse(typed: &str, allow_http: bool) -> Result<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Error::InvalidAddress(AddressProblem::Empty));
        }
        let url = if has_scheme(typed) {
            Url::parse(typed)
        } else {
            Url::parse(&format!("https://{typed}")).and_then(|url| {
                if is_loopback(&url) { Url::parse(&format!("http://{typed}")) } else { Ok(url) }
            })
        }
        .map_err(|_| Error::InvalidAddress(AddressProblem::NotAnAddress))?;
        Self::from_url(url, allow_http)
    }

    fn from_url(mut url: Url, allow_http: bool) -> Result<Self> {
        match url.scheme() {
            "https" => {}
            "http" if allow_http || is_loopback(&url) => {}
            "http" => return Err(Error::InsecureAddress { host: url.host_str().unwrap_or_default().into() }),
            _ => return Err(Error::InvalidAddress(AddressProblem::Scheme)),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(Error::InvalidAddress(AddressProblem::NotAnAddress));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::InvalidAddress(AddressProblem::HoldsCredentials));
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = base_path(url.path()).to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of `path` (without a leading slash) below the base path.
    #[must_use]
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = self.0.path().trim_end_matches('/');
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{base}/{path}"));
        url.set_query(query);
        url
    }

    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Host and, where it is not the scheme's own, port; then the base path: `bi.example.com:8443/bi`.
    #[must_use]
    pub fn host_and_path(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let port = self.0.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{host}{port}{}", self.0.path().trim_end_matches('/'))
    }

    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for InstanceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for InstanceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstanceUrl({self})")
    }
}

impl<'de> Deserialize<'de> for InstanceUrl {
    /// From our own state file, where consent to `http` was checked when the address went in.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, true).map_err(<D::Error as serde::de::Error>::custom)
    }
}

fn has_scheme(typed: &str) -> bool {
    typed.find("://").is_some_and(|at| {
        let scheme = &typed[..at];
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// `localhost`, `*.localhost`, 127.0.0.0/8 and `::1`: what never leaves this computer.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// People copy an address from the page they are on; these are pages of Superset 6.1, not base paths.
fn base_path(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    for page in ["/login", "/superset/welcome", "/superset/dashboard/list", "/dashboard/list", "/chart/list"]
    {
        if let Some(base) = path.strip_suffix(page) {
            return base.trim_end_matches('/');
        }
    }
    path
}

/// What kind of deployment a person says it is; it colours the tile and warns nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    #[default]
    Production,
    Staging,
    Development,
}

/// How the signed-in person got in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    Password,
    Ldap,
    /// With a pasted API key: each call moves that key's own last-used time.
    ApiKey,
}

/// A person on one Superset. `roles` are names as that server spells them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct User {
    pub id: i32,
    pub username: String,
    #[serde(default)]
    pub roles: Vec<String>,
}

/// Who is signed in to an instance, as kept on disk: no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    pub user: User,
    pub way: SignInWay,
    /// A refresh token lies in the secret store.
    #[serde(default)]
    pub stays: bool,
    /// The pasted key that stands in for a session, with [`SignInWay::ApiKey`].
    #[serde(default)]
    pub key: Option<crate::api_key::ApiKeyId>,
}

/// One Superset deployment as kept on disk: no secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    pub id: InstanceId,
    /// What a person types; see `names.rs` for its letters.
    pub short_name: String,
    /// Short names it had before. They stand in written client files, so they keep working.
    #[serde(default)]
    pub former_short_names: Vec<String>,
    pub name: String,
    #[serde(default)]
    pub environment: Environment,
    pub url: InstanceUrl,
    #[serde(default)]
    pub allow_http: bool,
    #[serde(default)]
    pub mcp_url: Option<Url>,
    /// Superset's version as last seen.
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub signed_in: Option<SignedIn>,
    /// Filled into the sign-in form: who was here last.
    #[serde(default)]
    pub last_username: Option<String>,
    #[serde(default)]
    pub clock: ServerClock,
    #[serde(default)]
    pub default_key: Option<crate::api_key::ApiKeyId>,
    #[serde(default)]
    pub keys: Vec<crate::api_key::KeyRecord>,
    #[serde(default)]
    pub intents: Vec<crate::api_key::CreateIntent>,
}

/// An instance as the app and `--json` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InstanceView {
    pub id: InstanceId,
    pub short_name: String,
    pub name: String,
    pub environment: Environment,
    pub url: String,
    /// Host, port and path, for showing: `bi.example.com:8443/bi`.
    pub host: String,
    /// Keys would travel in the open.
    pub unencrypted: bool,
    pub mcp_url: Option<String>,
    pub version: Option<String>,
    pub session: SessionState,
    /// Who is, or was last, signed in.
    pub user: Option<User>,
    pub way: Option<SignInWay>,
    pub last_username: Option<String>,
    pub clock: crate::clock::ClockView,
    pub default_key: Option<crate::api_key::ApiKeyId>,
    /// How many plaintexts this computer keeps for it.
    pub stored_keys: u32,
    /// How the last check-up ended, if there was one.
    pub last_checkup: Option<crate::checkup::PastCheckup>,
}

/// Whether calls can be made, as far as is known without making one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    SignedOut,
    SignedIn,
    /// Somebody was signed in; nothing is left to go on with.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(typed: &str) -> String {
        InstanceUrl::parse(typed, false).map_or_else(|error| format!("{error:?}"), |url| url.to_string())
    }

    #[test]
    fn what_people_type() {
        for (typed, expected) in [
            ("superset.example.com", "https://superset.example.com"),
            ("  superset.example.com/ ", "https://superset.example.com"),
            ("example.com/bi", "https://example.com/bi"),
            ("https://example.com/bi/", "https://example.com/bi"),
            ("https://example.com:8443/bi/superset/welcome/", "https://example.com:8443/bi"),
            ("https://example.com/login/?next=%2F#top", "https://example.com"),
            ("localhost:8088", "http://localhost:8088"),
            ("127.0.0.1:8088", "http://127.0.0.1:8088"),
            ("http://[::1]:8088/", "http://[::1]:8088"),
            ("HTTPS://Example.COM", "https://example.com"),
            ("bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(parsed(typed), expected, "{typed}");
        }
    }

    #[test]
    fn what_is_refused() {
        for typed in [
            "",
            "   ",
            "ftp://example.com",
            "https://",
            "https://a:b@example.com",
            "http://example.com",
            "exa mple.com",
        ] {
            assert!(InstanceUrl::parse(typed, false).is_err(), "{typed}");
        }
        assert!(InstanceUrl::parse("http://example.com", true).is_ok());
    }

    #[test]
    fn join_keeps_the_base_path() {
        let url = InstanceUrl::parse("https://example.com/bi", false).unwrap();
        assert_eq!(url.join("api/v1/me/").as_str(), "https://example.com/bi/api/v1/me/");
        assert_eq!(url.host_and_path(), "example.com/bi");
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused_without_panic(typed in "\\PC{0,80}") {
            let _ = InstanceUrl::parse(&typed, false);
        }

        #[test]
        fn what_was_taken_is_taken_again_unchanged(typed in "(https?://)?[a-z]{1,8}(\\.[a-z]{2,4}){0,2}(:[1-9][0-9]{0,3})?(/[a-z/]{0,12})?") {
            if let Ok(url) = InstanceUrl::parse(&typed, true) {
                let again = InstanceUrl::parse(&url.to_string(), true);
                prop_assert_eq!(again.ok(), Some(url));
            }
        }

        #[test]
        fn plain_http_needs_loopback_or_consent(host in "[a-z]{1,10}\\.(com|org|internal)") {
            let typed = format!("http://{host}");
            prop_assert!(InstanceUrl::parse(&typed, false).is_err());
        }
    }
}
