//! A site that may show a dashboard.

use crate::error::{Error, Result, SiteProblem};
use serde::Serialize;
use std::fmt;
use url::Url;

/// The origin of the pages that may show a dashboard: `https://app.example.com`. Superset 6.1.0 compares scheme, host and
/// port with the page's `Referer`, so a name without a scheme, or with a `*`, lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct HostSite(String);

impl HostSite {
    /// Of what a person typed; a path is left out.
    ///
    /// # Errors
    /// [`Error::SiteUnusable`]
    pub fn parse(typed: &str) -> Result<Self> {
        let typed = typed.trim();
        let unusable = |problem| Error::SiteUnusable { site: typed.to_owned(), problem };
        if typed.contains('*') {
            return Err(unusable(SiteProblem::Wildcard));
        }
        if !typed.contains("://") {
            let problem = match Url::parse(&format!("https://{typed}")) {
                Ok(_) if !typed.is_empty() => SiteProblem::SchemeMissing,
                _ => SiteProblem::NotAnAddress,
            };
            return Err(unusable(problem));
        }
        let url = Url::parse(typed).map_err(|_| unusable(SiteProblem::NotAnAddress))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unusable(SiteProblem::OtherScheme));
        }
        if !url.username().is_empty() || url.password().is_some() {
            // What was typed may be a password.
            return Err(Error::SiteUnusable { site: String::new(), problem: SiteProblem::Credentials });
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a line of a dashboard's list lets this site's pages in, as Superset 6.1.0 compares them: scheme, host and
    /// port, in capitals or not, and a port that goes without saying must not be said. One that is empty lets all in.
    #[must_use]
    pub fn is_let_in_by(&self, listed: &str) -> bool {
        let listed = listed.to_lowercase();
        let rest = listed.strip_prefix(&self.0);
        listed.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }

    /// Whether a line of a dashboard's list lets anybody in at all.
    #[must_use]
    pub fn counts(listed: &str) -> bool {
        Self::parse(listed).is_ok_and(|site| site.is_let_in_by(listed))
    }
}

impl fmt::Display for HostSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SiteProblem as P;

    #[test]
    fn a_site_is_scheme_host_and_port_alone() {
        for (typed, site) in [
            ("https://app.example.com", "https://app.example.com"),
            (" https://App.Example.com/some/page?x=1#y ", "https://app.example.com"),
            ("https://app.example.com:443/", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(HostSite::parse(typed).unwrap().as_str(), site);
        }
    }

    #[test]
    fn a_line_of_the_list_counts_as_superset_compares_it() {
        let site = HostSite::parse("https://app.example.com").unwrap();
        for listed in
            ["https://app.example.com", "HTTPS://App.Example.com/", "https://app.example.com/x?y", ""]
        {
            assert!(site.is_let_in_by(listed), "{listed}");
        }
        for listed in [
            "app.example.com",
            "http://app.example.com",
            "https://app.example.com:443",
            "https://app.example.com.evil.example",
            "https://app.example.com:8443",
            "https://*.example.com",
            "*",
        ] {
            assert!(!site.is_let_in_by(listed), "{listed}");
        }
        for useless in ["*", "app.example.com", "https://app.example.com:443", "https://b\u{fc}cher.example"]
        {
            assert!(!HostSite::counts(useless), "{useless}");
        }
        assert!(HostSite::counts("http://localhost:3000/"));
    }

    #[test]
    fn what_superset_would_take_and_then_let_nobody_in_by_is_refused() {
        for (typed, expected) in [
            ("", P::NotAnAddress),
            ("https://", P::NotAnAddress),
            ("app.example.com", P::SchemeMissing),
            ("app.example.com:8443", P::SchemeMissing),
            ("*", P::Wildcard),
            ("https://*.example.com", P::Wildcard),
            ("file:///tmp/page.html", P::OtherScheme),
            ("https://jane:secret@app.example.com", P::Credentials),
        ] {
            let Err(Error::SiteUnusable { problem, site }) = HostSite::parse(typed) else {
                panic!("{typed}")
            };
            assert_eq!(problem, expected, "{typed}");
            assert!(!site.contains("secret"));
        }
    }
}
