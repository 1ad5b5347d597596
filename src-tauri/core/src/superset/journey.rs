//! A person's way through a browser's sign-in, page by page: where it begins, and how it is seen to have ended. Pure.
//!
//! Measured on Superset 6.1.0 with Flask-AppBuilder 5.3.0: `next` is followed to an address of its own, a refusal ends at
//! the sign-in page without a reason, and only a provider's own refusal is told in an address on the way.

use crate::instance::InstanceUrl;
use serde::{Deserialize, Serialize};
use url::Url;

/// As often as nobody comes back from a provider who is let in.
const MOST_RETURNS: u32 = 4;
/// Errors of OAuth that say what happened (RFC 6749, section 4.1.2.1; `OpenID` Connect Core, section 3.1.2.6).
const TOLD: [&str; 8] = [
    "access_denied",
    "invalid_request",
    "unauthorized_client",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "login_required",
    "consent_required",
];

/// A proxy before the server says who somebody is.
pub const REMOTE_USER: &str = "remote_user";

/// One way through.
#[derive(Debug, Clone)]
pub struct Journey {
    base: Url,
    end: Url,
    start: Url,
    /// Its own sign-in page is a refusal: a provider was asked for, or a proxy names the person.
    skips_page: bool,
    /// From there the way leads to other hosts, and a person who comes back to it was refused.
    leads_away: bool,
    was_away: bool,
    returns: u32,
    told: Option<&'static str>,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// At this host, and not at its end.
    At {
        host: String,
    },
    /// At the end: the server let somebody in, as far as addresses tell. Only asking who it is proves it.
    Arrived,
    /// At another page of the server's own, or of something at the same address: somebody may be in.
    Perhaps {
        host: String,
    },
    Refused(BrowserRefusal),
}

/// What is known of a refusal, which is little.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BrowserRefusal {
    /// The provider's own reason, as OAuth calls it.
    pub told: Option<String>,
    /// It began anew again and again: as where a cookie is too large to be kept.
    pub loops: bool,
    /// It never went to a provider: the server signs in whom its proxy names, and its sign-in page does not look at that.
    pub stayed: bool,
    /// The sign-in came to its end, and there the server knew nobody.
    pub passed: bool,
}

impl BrowserRefusal {
    /// Of a server whose pages seemed to let somebody in.
    pub const PASSED: Self = Self { told: None, loops: false, stayed: false, passed: true };
}

impl Journey {
    /// By the way that [`super::SignInWays::others`] names, or to the page that offers what there is.
    #[must_use]
    pub fn new(base: &InstanceUrl, way: Option<&str>) -> Self {
        let leads_away = way.is_some_and(|way| ["saml", "openid"].contains(&way));
        let provider = way.filter(|way| *way != REMOTE_USER && !leads_away);
        let mut base = base.url().clone();
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        let below = |path: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}{path}", base.path()));
            url
        };
        let end = below("api/v1/me/");
        let mut start = below("login/");
        if let Some(provider) = provider
            && let Ok(mut path) = start.path_segments_mut()
        {
            path.pop_if_empty().push(provider);
        }
        start.query_pairs_mut().append_pair("next", end.path());
        Self {
            base,
            end,
            start,
            skips_page: provider.is_some() || way == Some(REMOTE_USER),
            leads_away,
            was_away: false,
            returns: 0,
            told: None,
        }
    }

    #[must_use]
    pub fn start(&self) -> &Url {
        &self.start
    }

    /// Where cookies are sent.
    #[must_use]
    pub fn end(&self) -> &Url {
        &self.end
    }

    /// A page is asked for, or a redirect followed.
    pub fn goes_to(&mut self, url: &Url) {
        self.was_away |= matches!(url.scheme(), "http" | "https") && !self.is_ours(url);
        if self.is_ours(url) && self.below(url).starts_with("oauth-authorized/") {
            self.returns += 1;
            let error = url.query_pairs().find(|(name, _)| name == "error");
            self.told = error.and_then(|(_, error)| TOLD.into_iter().find(|told| *told == error));
        }
    }

    /// A page is there.
    #[must_use]
    pub fn is_at(&self, url: &Url) -> Stage {
        let host = url.host_str().unwrap_or_default().to_owned();
        if !self.is_ours(url) {
            return if self.returns >= MOST_RETURNS { self.refused(true) } else { Stage::At { host } };
        }
        let below = self.below(url);
        let is_login = below.trim_end_matches('/') == "login";
        if url.path().trim_end_matches('/') == self.end.path().trim_end_matches('/') {
            Stage::Arrived
        } else if is_login && (self.returns > 0 || self.skips_page || (self.leads_away && self.was_away)) {
            self.refused(false)
        } else if is_login || below.starts_with("login/") || below.starts_with("oauth-authorized/") {
            Stage::At { host }
        } else {
            // Let in and sent elsewhere, or at a page for those who are not.
            Stage::Perhaps { host }
        }
    }

    fn refused(&self, loops: bool) -> Stage {
        let told = self.told.map(str::to_owned);
        Stage::Refused(BrowserRefusal { told, loops, stayed: self.returns == 0, passed: false })
    }

    fn is_ours(&self, url: &Url) -> bool {
        url.origin() == self.base.origin() && url.path().starts_with(self.base.path())
    }

    fn below<'a>(&self, url: &'a Url) -> &'a str {
        &url.path()[self.base.path().len()..]
    }
}

/// Of all cookies of a browser, those it would send to `to`, as one header. What a system's own filter leaves out (hosts
/// that are numbers, domains above) is in it.
#[must_use]
pub fn cookies_for<'a>(all: impl Iterator<Item = BrowserCookie<'a>>, to: &Url) -> String {
    let host = to.host_str().unwrap_or_default();
    let fits = |cookie: &BrowserCookie<'_>| {
        let domain = cookie.domain.unwrap_or(host).trim_start_matches('.');
        let is_above = host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'));
        let at = cookie.path.unwrap_or("/");
        let is_below = to.path().strip_prefix(at);
        let is_below =
            is_below.is_some_and(|rest| rest.is_empty() || at.ends_with('/') || rest.starts_with('/'));
        let is_plain = !cookie.name.is_empty() && !cookie.value.is_empty();
        let is_plain = is_plain && [cookie.name, cookie.value].iter().all(|part| part.bytes().all(is_octet));
        (host == domain || is_above) && is_below && is_plain && (!cookie.secure || to.scheme() == "https")
    };
    let pairs = all.filter(fits).map(|cookie| format!("{}={}", cookie.name, cookie.value));
    pairs.collect::<Vec<_>>().join("; ")
}

/// Of a cookie's letters (RFC 6265, section 4.1.1). One odd cookie of a company's page must not spoil the others.
#[must_use]
pub fn is_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// One, as a web view tells it.
pub struct BrowserCookie<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub domain: Option<&'a str>,
    pub path: Option<&'a str>,
    pub secure: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journey(base: &str, provider: Option<&str>) -> Journey {
        Journey::new(&InstanceUrl::parse(base, true).unwrap(), provider)
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn it_begins_where_superset_looks() {
        let start = |base, provider| journey(base, provider).start().to_string();
        assert_eq!(
            start("https://bi.example.com", Some("keycloak")),
            "https://bi.example.com/login/keycloak?next=%2Fapi%2Fv1%2Fme%2F"
        );
        assert_eq!(
            start("https://bi.example.com/bi", None),
            "https://bi.example.com/bi/login/?next=%2Fbi%2Fapi%2Fv1%2Fme%2F"
        );
        assert_eq!(
            start("https://bi.example.com", Some("a/b?c")),
            "https://bi.example.com/login/a%2Fb%3Fc?next=%2Fapi%2Fv1%2Fme%2F"
        );
    }

    #[test]
    fn it_ends_where_the_server_lets_in_or_does_not() {
        let mut way = journey("https://bi.example.com/bi", Some("keycloak"));
        let at = |host: &str| Stage::At { host: host.into() };
        assert_eq!(way.is_at(&url("https://login.example.com/auth")), at("login.example.com"));
        way.goes_to(&url("https://bi.example.com/bi/oauth-authorized/keycloak?code=a&state=b"));
        assert_eq!(way.is_at(&url("https://bi.example.com/bi/api/v1/me/")), Stage::Arrived);
        let perhaps = Stage::Perhaps { host: "bi.example.com".into() };
        assert_eq!(way.is_at(&url("https://bi.example.com/bi/superset/welcome/")), perhaps);
        assert!(matches!(way.is_at(&url("https://bi.example.com/bi/login/")), Stage::Refused(_)));
        // Another server on the same host is nobody's word.
        assert_eq!(way.is_at(&url("https://bi.example.com/other/api/v1/me/")), at("bi.example.com"));
        assert_eq!(way.is_at(&url("https://evil.example/bi/api/v1/me/")), at("evil.example"));
    }

    #[test]
    fn a_provider_s_own_refusal_is_told_and_its_words_are_not() {
        let mut way = journey("https://bi.example.com", Some("keycloak"));
        let refused = |way: &Journey| match way.is_at(&url("https://bi.example.com/login/")) {
            Stage::Refused(refusal) => refusal,
            stage => panic!("{stage:?}"),
        };
        way.goes_to(&url("https://bi.example.com/oauth-authorized/keycloak?error=access_denied&state=b"));
        assert_eq!(refused(&way).told.as_deref(), Some("access_denied"));
        way.goes_to(&url("https://bi.example.com/oauth-authorized/keycloak?error=%3Cscript%3E"));
        assert_eq!(refused(&way), BrowserRefusal { told: None, loops: false, stayed: false, passed: false });
    }

    /// With a remote user there is no provider: the page itself must have let in.
    #[test]
    fn a_page_that_signs_nobody_in_is_known() {
        let remote = journey("https://bi.example.com", Some("remote_user"));
        let refused =
            Stage::Refused(BrowserRefusal { told: None, loops: false, stayed: true, passed: false });
        assert_eq!((remote.start().path(), remote.is_at(remote.start())), ("/login/", refused));
        assert_eq!(remote.is_at(&url("https://bi.example.com/api/v1/me/")), Stage::Arrived);
        let mut saml = journey("https://bi.example.com", Some("saml"));
        assert_eq!(saml.is_at(saml.start()), Stage::At { host: "bi.example.com".into() });
        saml.goes_to(&url("https://login.example.com/saml"));
        assert!(matches!(saml.is_at(&url("https://bi.example.com/login/")), Stage::Refused(_)));
        let way = journey("https://bi.example.com", None);
        assert_eq!(
            way.is_at(way.start()),
            Stage::At { host: "bi.example.com".into() },
            "a person may choose there"
        );
    }

    #[test]
    fn what_begins_anew_again_and_again_is_no_waiting() {
        let mut way = journey("https://bi.example.com", Some("keycloak"));
        for _ in 0..MOST_RETURNS {
            assert!(matches!(way.is_at(&url("https://login.example.com/auth")), Stage::At { .. }));
            way.goes_to(&url("https://bi.example.com/oauth-authorized/keycloak?code=a"));
        }
        let stage = way.is_at(&url("https://login.example.com/auth"));
        assert!(matches!(stage, Stage::Refused(BrowserRefusal { loops: true, .. })), "{stage:?}");
    }

    #[test]
    fn cookies_go_where_a_browser_would_send_them() {
        let to = url("https://bi.example.com/bi/api/v1/me/");
        let sent = |domain: Option<&str>, path: Option<&str>, secure: bool, to: &Url| {
            !cookies_for(
                [BrowserCookie { name: "session", value: "a", domain, path, secure }].into_iter(),
                to,
            )
            .is_empty()
        };
        for (domain, path, expected) in [
            (None, None, true),
            (Some("bi.example.com"), Some("/"), true),
            (Some(".example.com"), Some("/bi"), true),
            (Some("example.com"), Some("/bi/"), true),
            (Some("ample.com"), None, false),
            (Some("other.example.com"), None, false),
            (None, Some("/b"), false),
            (None, Some("/other"), false),
        ] {
            assert_eq!(sent(domain, path, true, &to), expected, "{domain:?} {path:?}");
        }
        for value in ["", "{\"a\": 1}", "a b", "ü"] {
            let odd = BrowserCookie { name: "odd", value, domain: None, path: None, secure: false };
            let session =
                BrowserCookie { name: "session", value: "a", domain: None, path: None, secure: false };
            assert_eq!(cookies_for([odd, session].into_iter(), &to), "session=a", "{value}");
        }
        let plain = url("http://127.0.0.1:8088/api/v1/me/");
        assert!(sent(Some("127.0.0.1"), Some("/"), false, &plain));
        assert!(!sent(Some("127.0.0.1"), Some("/"), true, &plain));
    }
}
