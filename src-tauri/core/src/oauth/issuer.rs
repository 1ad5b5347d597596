//! The name of an authorization server, and where it may say what it is.

use crate::error::{AddressProblem, Error, Result};
use crate::instance::is_loopback;
use std::fmt;
use url::Url;

const OAUTH: &str = ".well-known/oauth-authorization-server";
const OPENID: &str = ".well-known/openid-configuration";

/// An issuer: `https`, or this computer. A slash at its end, which some write and others leave out, is none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer(Url);

impl Issuer {
    /// # Errors
    /// [`Error::InvalidAddress`], [`Error::InsecureAddress`].
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = Error::InvalidAddress;
        let url = Url::parse(text.trim()).map_err(|_| invalid(AddressProblem::NotAnAddress))?;
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(Error::InsecureAddress { host: host.to_owned() }),
            _ => return Err(invalid(AddressProblem::Scheme)),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(AddressProblem::HoldsCredentials));
        }
        if host.is_empty() || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(AddressProblem::NotAnAddress));
        }
        Ok(Self(url))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// Host and, where it is not the scheme's own, port: what errors name.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether somebody who says that they are `told` says that they are this one.
    #[must_use]
    pub fn is_called(&self, told: &str) -> bool {
        told.trim_end_matches('/') == self.text()
    }

    /// In the order in which they are asked: RFC 8414's, OpenID's own, and OpenID's in the manner of RFC 8414.
    pub(super) fn well_known(&self) -> Vec<Url> {
        let path = self.0.path().trim_matches('/');
        let at = |path: String| {
            let mut url = self.0.clone();
            url.set_path(&path);
            url
        };
        if path.is_empty() {
            return vec![at(OAUTH.to_owned()), at(OPENID.to_owned())];
        }
        vec![at(format!("{OAUTH}/{path}")), at(format!("{path}/{OPENID}")), at(format!("{OPENID}/{path}"))]
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(issuer: &str) -> Vec<String> {
        Issuer::parse(issuer).unwrap().well_known().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn it_is_looked_for_where_the_standards_have_it() {
        for issuer in ["https://id.example.com", "https://id.example.com/"] {
            assert_eq!(
                known(issuer),
                [
                    "https://id.example.com/.well-known/oauth-authorization-server",
                    "https://id.example.com/.well-known/openid-configuration"
                ]
            );
        }
        for issuer in ["https://id.example.com/realms/bi", "https://id.example.com/realms/bi/"] {
            assert_eq!(
                known(issuer),
                [
                    "https://id.example.com/.well-known/oauth-authorization-server/realms/bi",
                    "https://id.example.com/realms/bi/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/openid-configuration/realms/bi"
                ]
            );
        }
    }

    #[test]
    fn a_slash_at_the_end_makes_no_other_issuer() {
        for (asked, told) in [("https://a.b/", "https://a.b"), ("https://a.b/x", "https://a.b/x/")] {
            assert!(Issuer::parse(asked).unwrap().is_called(told));
        }
        for told in ["https://a.b/x", "http://a.b", "https://a.b.c", "https://a.b:444", ""] {
            assert!(!Issuer::parse("https://a.b").unwrap().is_called(told), "{told}");
        }
    }

    #[test]
    fn what_is_not_encrypted_is_on_this_computer() {
        assert!(Issuer::parse("http://localhost:9400").is_ok());
        assert!(Issuer::parse("http://127.0.0.1:9400/").is_ok());
        assert!(matches!(Issuer::parse("http://id.example.com"), Err(Error::InsecureAddress { .. })));
        for text in
            ["", "id.example.com", "ftp://a.b", "https://u:p@a.b", "https://a.b?x=1", "https://a.b/#x"]
        {
            assert!(matches!(Issuer::parse(text), Err(Error::InvalidAddress(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            if let Ok(issuer) = Issuer::parse(&text) {
                prop_assert!(issuer.is_called(issuer.text()));
                let same = Issuer::parse(issuer.text()).unwrap();
                prop_assert_eq!(same.text(), issuer.text());
                for url in issuer.well_known() {
                    prop_assert_eq!(url.origin(), issuer.0.origin());
                }
            }
        }
    }
}
