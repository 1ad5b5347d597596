//! What an answer says to a browser: who may frame it, who may read it, and what it tells where it leads.

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, HeaderMap,
    HeaderName, REFERRER_POLICY, X_FRAME_OPTIONS,
};

/// As many letters of a header as anybody reads.
const LETTERS: usize = 4096;

/// The headers by which a browser decides. A server's own words: for judging, not for showing as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    /// Each `Content-Security-Policy`; all of them hold.
    pub content_security: Vec<String>,
    /// Each `X-Frame-Options`.
    pub frame_options: Vec<String>,
    /// `Access-Control-Allow-Origin`
    pub allow_origin: Option<String>,
    /// `Access-Control-Allow-Credentials: true`
    pub allow_credentials: bool,
    /// `Referrer-Policy`
    pub referrer: Option<String>,
}

impl Policies {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            content_security: all(headers, &CONTENT_SECURITY_POLICY),
            frame_options: all(headers, &X_FRAME_OPTIONS),
            allow_origin: all(headers, &ACCESS_CONTROL_ALLOW_ORIGIN).into_iter().next(),
            allow_credentials: all(headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS)
                .iter()
                .any(|value| value.eq_ignore_ascii_case("true")),
            // Of several, the last that a browser knows counts; each may be a list.
            referrer: Some(all(headers, &REFERRER_POLICY).join(", ")).filter(|all| !all.is_empty()),
        }
    }
}

fn all(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.map(|value| value.chars().take(LETTERS).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn what_a_browser_goes_by_is_read() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-security-policy", "default-src 'self'"),
            ("content-security-policy", "frame-ancestors https://app.example.com"),
            ("x-frame-options", "SAMEORIGIN"),
            ("access-control-allow-origin", "https://evil.example"),
            ("access-control-allow-credentials", "True"),
            ("referrer-policy", "no-referrer"),
            ("referrer-policy", "origin"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let policies = Policies::of(&headers);
        assert_eq!(policies.content_security.len(), 2);
        assert_eq!(policies.frame_options, ["SAMEORIGIN"]);
        assert_eq!(policies.allow_origin.as_deref(), Some("https://evil.example"));
        assert!(policies.allow_credentials);
        assert_eq!(policies.referrer.as_deref(), Some("no-referrer, origin"));
        assert_eq!(Policies::of(&HeaderMap::new()), Policies::default());
    }
}
