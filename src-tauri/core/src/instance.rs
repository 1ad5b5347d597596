//! One Superset deployment: where it is, what kind it is, and who is there.

use crate::error::{AddressProblem, Error, Result};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use url::{Host, Url};

/// A Superset's base address: scheme, host, port and an optional path such as `/bi`, without a final slash.
///
/// `https` unless it is loopback or the person consented to `http`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct InstanceUrl(#[cfg_attr(feature = "specta", specta(type = String))] Url);

impl InstanceUrl {
    /// Reads what a person typed. A bare host means `https`, or `http` when it is loopback; query and
    /// fragment are dropped.
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
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The addresses above this one, the nearest first: people copy an address from the page they are on, and what
    /// comes before a page's path may be Superset's own (`/bi/superset/dashboard/sales/`).
    pub(crate) fn above(&self) -> Vec<Self> {
        let parts: Vec<_> = self.0.path().split('/').filter(|part| !part.is_empty()).collect();
        let bases = (0..parts.len().min(DEEPEST)).rev().map(|count| parts[..count].join("/"));
        bases
            .map(|path| {
                let mut url = self.0.clone();
                url.set_path(&path);
                Self(url)
            })
            .collect()
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

/// `localhost`, `*.localhost`, 127.0.0.0/8 and `::1`: what never leaves this computer. Names are kept here by
/// `transport::resolver`, whatever a hosts file or a name server says of them.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local_name(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `localhost` and every name below it.
pub(crate) fn is_local_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// No page of Superset 6.1 lies deeper below a base path that anybody has.
const DEEPEST: usize = 8;

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

/// A person on one Superset. `roles` are names as that server spells them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct User {
    pub id: i32,
    pub username: String,
    #[serde(default)]
    pub roles: Vec<String>,
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
            ("https://example.com/bi/sqllab/?next=%2F#top", "https://example.com/bi/sqllab"),
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

    /// What only looks like this computer may be anybody's.
    #[test]
    fn this_computer_is_told_from_what_looks_like_it() {
        for (host, is_here) in [
            ("localhost", true),
            ("LocalHost", true),
            ("superset.localhost", true),
            ("127.0.0.1", true),
            ("127.8.8.8", true),
            ("[::1]", true),
            ("localhost.example.com", false),
            ("notlocalhost", false),
            ("bi-localhost", false),
            ("localhost.localdomain", false),
            ("127.0.0.1.example.com", false),
            ("128.0.0.1", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("[::ffff:127.0.0.1]", false),
            ("10.0.0.1", false),
        ] {
            let url = Url::parse(&format!("http://{host}/")).unwrap();
            assert_eq!(is_loopback(&url), is_here, "{host}");
            assert_eq!(InstanceUrl::parse(url.as_str(), false).is_ok(), is_here, "{host}");
        }
    }

    #[test]
    fn addresses_above() {
        let url = InstanceUrl::parse("https://example.com/bi//superset/dashboard/sales/?a=b", false).unwrap();
        let above: Vec<_> = url.above().iter().map(ToString::to_string).collect();
        let host = "https://example.com";
        let bases = ["/bi/superset/dashboard", "/bi/superset", "/bi", ""].map(|base| format!("{host}{base}"));
        assert_eq!(above, bases);
        assert!(InstanceUrl::parse(host, false).unwrap().above().is_empty());
    }

    #[test]
    fn host_and_path_are_shown() {
        let url = InstanceUrl::parse("https://example.com:8443/bi/", false).unwrap();
        assert_eq!(url.host_and_path(), "example.com:8443/bi");
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
