//! Who may frame a page, and whether a browser shows it: `frame-ancestors` of Content Security Policy Level 3, and `X-Frame-Options` where there is none.

use super::HostSite;
use url::Url;

/// What `frame-ancestors` says of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ancestors {
    /// No policy says anything.
    Absent,
    Allows,
    /// It allows this one as it allows everybody.
    AllowsAnybody,
    Forbids,
}

/// What all policies together say. Each header may hold several, with commas between them, and all of them hold.
pub(super) fn ancestors(policies: &[String], host: &Url, own: &Url) -> Ancestors {
    let lists = sources(policies);
    if lists.is_empty() {
        return Ancestors::Absent;
    }
    if !lists.iter().all(|list| list.iter().any(|source| matches(source, host, own))) {
        return Ancestors::Forbids;
    }
    let stranger = |scheme: &str| Url::parse(&format!("{scheme}://anybody.invalid:1234")).ok();
    let anybody = stranger(host.scheme());
    let is_open = |list: &Vec<String>| {
        anybody.as_ref().is_some_and(|anybody| list.iter().any(|source| matches(source, anybody, own)))
    };
    if lists.iter().all(is_open) { Ancestors::AllowsAnybody } else { Ancestors::Allows }
}

/// The sources of each `frame-ancestors`. In one policy only the first of them counts.
pub(super) fn sources(policies: &[String]) -> Vec<Vec<String>> {
    let policies = policies.iter().flat_map(|header| header.split(','));
    let directive = |policy: &str| {
        policy.split(';').find_map(|directive| {
            let mut words = directive.split_ascii_whitespace();
            let is_it = words.next()?.eq_ignore_ascii_case("frame-ancestors");
            is_it.then(|| words.map(str::to_owned).collect::<Vec<_>>())
        })
    };
    policies.filter_map(directive).collect()
}

fn matches(source: &str, host: &Url, own: &Url) -> bool {
    let source = source.to_ascii_lowercase();
    match source.as_str() {
        "'none'" => return false,
        "'self'" => return host.origin() == own.origin(),
        "*" => return matches!(host.scheme(), "http" | "https") || host.scheme() == own.scheme(),
        _ => {}
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return scheme_fits(scheme, host.scheme());
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, source.as_str()),
    };
    // Without a scheme it is the page's own, or the safer one.
    if !scheme_fits(scheme.unwrap_or_else(|| own.scheme()), host.scheme()) {
        return false;
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    };
    let Some(at) = host.host_str() else { return false };
    let name_fits = match name.strip_prefix("*.") {
        Some(parent) => {
            at.strip_suffix(parent).is_some_and(|before| before.len() > 1 && before.ends_with('.'))
        }
        None => name == at,
    };
    name_fits && port_fits(port, scheme.unwrap_or_else(|| own.scheme()), host)
}

/// `http` stands for `https` too.
fn scheme_fits(said: &str, is: &str) -> bool {
    said == is || (said == "http" && is == "https")
}

fn port_fits(port: Option<&str>, scheme: &str, host: &Url) -> bool {
    let is = host.port_or_known_default();
    match port {
        Some("*") => true,
        Some(port) => port.parse().ok() == is || (port == "80" && is == Some(443)),
        None => {
            host.port().is_none()
                || is == Some(if scheme == "http" && host.scheme() == "http" { 80 } else { 443 })
        }
    }
}

/// What `X-Frame-Options` says where nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameOptions {
    Absent,
    /// A word that no browser knows, as `ALLOWALL`: it forbids nothing.
    Unknown,
    Blocks,
    /// It lets in its own site, which the host is.
    Own,
}

pub(super) fn frame_options(values: &[String], host: &Url, own: &Url) -> FrameOptions {
    let words: Vec<String> = values
        .iter()
        .flat_map(|value| value.split(','))
        .map(|word| word.trim().to_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |word: &str| words.iter().any(|known| known == word);
    if words.is_empty() {
        FrameOptions::Absent
    } else if has("deny") || (has("sameorigin") && host.origin() != own.origin()) {
        FrameOptions::Blocks
    } else if has("sameorigin") {
        FrameOptions::Own
    } else {
        FrameOptions::Unknown
    }
}

/// What a browser goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    Allowed,
    /// `frame-ancestors` does not name the site.
    NotAnAncestor,
    /// `X-Frame-Options`, which counts where no `frame-ancestors` is.
    FrameOptions,
}

/// As Chromium decides it for a page at `page` in the frame of one of `site`. `frame-ancestors` of each policy must let it
/// in. Of `X-Frame-Options` only what is known counts.
#[must_use]
pub fn framing(
    content_security: &[String],
    frame_options: &[String],
    page: &Url,
    site: &HostSite,
) -> Framing {
    let Ok(host) = Url::parse(site.as_str()) else { return Framing::NotAnAncestor };
    match ancestors(content_security, &host, page) {
        Ancestors::Forbids => Framing::NotAnAncestor,
        Ancestors::Allows | Ancestors::AllowsAnybody => Framing::Allowed,
        Ancestors::Absent => match self::frame_options(frame_options, &host, page) {
            FrameOptions::Blocks => Framing::FrameOptions,
            FrameOptions::Absent | FrameOptions::Unknown | FrameOptions::Own => Framing::Allowed,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn says(policies: &[&str], host: &str) -> Ancestors {
        let policies: Vec<_> = policies.iter().map(|&policy| policy.to_owned()).collect();
        ancestors(&policies, &url(host), &url("https://bi.example.com"))
    }

    #[test]
    fn frame_ancestors_are_read_as_browsers_read_them() {
        let host = "https://app.example.com";
        for (policy, expected) in [
            ("default-src 'self'", Ancestors::Absent),
            ("default-src 'self'; frame-ancestors https://app.example.com", Ancestors::Allows),
            ("Frame-Ancestors HTTPS://APP.example.com", Ancestors::Allows),
            ("frame-ancestors 'self' app.example.com", Ancestors::Allows),
            ("frame-ancestors http://app.example.com", Ancestors::Allows),
            ("frame-ancestors https://*.example.com", Ancestors::Allows),
            ("frame-ancestors https://app.example.com:*", Ancestors::Allows),
            ("frame-ancestors *", Ancestors::AllowsAnybody),
            ("frame-ancestors https:", Ancestors::AllowsAnybody),
            ("frame-ancestors 'none'", Ancestors::Forbids),
            ("frame-ancestors", Ancestors::Forbids),
            ("frame-ancestors 'self'", Ancestors::Forbids),
            ("frame-ancestors https://other.example.com", Ancestors::Forbids),
            ("frame-ancestors https://*.app.example.com", Ancestors::Forbids),
            ("frame-ancestors https://app.example.com:8443", Ancestors::Forbids),
            ("frame-ancestors https://example.com", Ancestors::Forbids),
            // The second of them counts for nothing.
            ("frame-ancestors 'none'; frame-ancestors *", Ancestors::Forbids),
        ] {
            assert_eq!(says(&[policy], host), expected, "{policy}");
        }
        assert_eq!(says(&["frame-ancestors *", "frame-ancestors 'none'"], host), Ancestors::Forbids);
        assert_eq!(says(&["frame-ancestors *, frame-ancestors 'none'"], host), Ancestors::Forbids);
        assert_eq!(
            says(&["default-src *", "frame-ancestors 'self'"], "https://bi.example.com"),
            Ancestors::Allows
        );
        assert_eq!(
            says(&["frame-ancestors http://localhost:3000"], "http://localhost:3000"),
            Ancestors::Allows
        );
        assert_eq!(says(&["frame-ancestors http://localhost"], "http://localhost:3000"), Ancestors::Forbids);
    }

    #[test]
    fn frame_options_block_by_two_words_alone() {
        let says = |values: &[&str], host: &str| {
            let values: Vec<_> = values.iter().map(|&value| value.to_owned()).collect();
            frame_options(&values, &url(host), &url("https://bi.example.com"))
        };
        let host = "https://app.example.com";
        assert_eq!(says(&[], host), FrameOptions::Absent);
        assert_eq!(says(&["sameorigin"], host), FrameOptions::Blocks);
        assert_eq!(says(&["ALLOWALL"], host), FrameOptions::Unknown);
        assert_eq!(says(&["ALLOWALL, DENY"], host), FrameOptions::Blocks);
        assert_eq!(says(&["SAMEORIGIN"], "https://bi.example.com"), FrameOptions::Own);
    }

    fn of(content_security: &[&str], frame_options: &[&str], site: &str) -> Framing {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let page = Url::parse("https://bi.example.com/embedded/x").unwrap();
        framing(&owned(content_security), &owned(frame_options), &page, &HostSite::parse(site).unwrap())
    }

    #[test]
    fn frame_ancestors_count_and_x_frame_options_beside_them_do_not() {
        use Framing::{Allowed, FrameOptions, NotAnAncestor};
        let app = "https://app.example.com";
        for (policies, options, expected) in [
            (&[][..], &[][..], Allowed),
            (&[], &["SAMEORIGIN"], FrameOptions),
            (&[], &["deny"], FrameOptions),
            (&[], &["ALLOWALL"], Allowed),
            (&["default-src 'self'"], &["SAMEORIGIN"], FrameOptions),
            (
                &["default-src 'self'; frame-ancestors 'self' https://app.example.com"],
                &["SAMEORIGIN"],
                Allowed,
            ),
            (&["frame-ancestors https://other.example"], &[], NotAnAncestor),
            (&["frame-ancestors"], &[], NotAnAncestor),
            (&["frame-ancestors 'none'"], &[], NotAnAncestor),
            (&["frame-ancestors *"], &["DENY"], Allowed),
            (&["frame-ancestors https:"], &[], Allowed),
            (&["frame-ancestors https://*.example.com"], &[], Allowed),
            (&["frame-ancestors app.example.com"], &[], Allowed),
            (&["frame-ancestors http://app.example.com"], &[], Allowed),
            (&["frame-ancestors https://app.example.com:8443"], &[], NotAnAncestor),
            (&["frame-ancestors https://app.example.com:*"], &[], Allowed),
            (&["frame-ancestors https://APP.example.com/x"], &[], Allowed),
            (&["frame-ancestors https://example.com"], &[], NotAnAncestor),
            // Each policy must let it in.
            (&["frame-ancestors *", "frame-ancestors 'self'"], &[], NotAnAncestor),
            (&["frame-ancestors 'self', frame-ancestors *"], &[], NotAnAncestor),
        ] {
            assert_eq!(of(policies, options, app), expected, "{policies:?} {options:?}");
        }
    }

    #[test]
    fn a_page_on_this_computer_is_named_with_its_port() {
        let here = "http://127.0.0.1:4711";
        assert_eq!(of(&["frame-ancestors http://127.0.0.1:4711"], &[], here), Framing::Allowed);
        assert_eq!(of(&["frame-ancestors http://127.0.0.1:*"], &[], here), Framing::Allowed);
        assert_eq!(of(&["frame-ancestors http://127.0.0.1"], &[], here), Framing::NotAnAncestor);
        assert_eq!(of(&["frame-ancestors http://localhost:4711"], &[], here), Framing::NotAnAncestor);
        assert_eq!(of(&["frame-ancestors 127.0.0.1:4711"], &[], here), Framing::NotAnAncestor);
        assert_eq!(of(&[], &["SAMEORIGIN"], "https://bi.example.com"), Framing::Allowed);
    }
}
