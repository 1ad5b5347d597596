//! What a person's shell says of the way to a server, and a client may not hand on to what it starts.
//!
//! Clients that are built on MCP's SDKs start programs with `HOME`, `LOGNAME`, `PATH`, `SHELL`, `TERM`, `USER` and what
//! the entry names (TypeScript SDK 1.32.2 and Python SDK 2.3.0, tried 2026-11-29). D-Bus needs nothing: without an
//! address the session's bus is at its usual place.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// As reqwest reads them; a password may stand in any.
const PROXIES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const PAST_PROXIES: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// Whom to trust; only on Linux are these read.
const CERTIFICATES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
/// Set where a proxy wants a password: that is kept nowhere, and the proxy is of no use without it.
const LEFT_OUT: &str = "SUPERSET_KEYS_LEFT_OUT_A_PROXY";

/// The variables for an entry's environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    pub variables: Vec<(String, String)>,
    /// A proxy wants a password, so it is not among them.
    pub leaves_out_a_password: bool,
}

/// Those that are set, without any password.
pub(crate) fn told(read: impl Fn(&str) -> Option<OsString>) -> Vec<(String, OsString)> {
    let all = PROXIES.iter().chain(&PAST_PROXIES).chain(&CERTIFICATES);
    let set = all.filter_map(|name| Some((*name, read(name).filter(|value| !value.is_empty())?)));
    set.map(|(name, value)| {
        let holds_password = PROXIES.contains(&name) && value.to_string_lossy().contains('@');
        if holds_password { (LEFT_OUT.to_owned(), "1".into()) } else { (name.to_owned(), value) }
    })
    .collect()
}

impl Surroundings {
    /// For calls over the network, encrypted or not.
    #[must_use]
    pub fn of(variables: &BTreeMap<String, OsString>, encrypted: bool) -> Self {
        let value = |name: &&str| Some(((*name).to_owned(), variables.get(*name)?.to_str()?.to_owned()));
        let proxies: Vec<_> = PROXIES.iter().filter_map(value).collect();
        let past = PAST_PROXIES.iter().filter(|_| !proxies.is_empty()).filter_map(value);
        let trusts = encrypted && cfg!(target_os = "linux");
        let certificates = CERTIFICATES.iter().filter(|_| trusts).filter_map(value);
        let certificates = certificates.filter(|(_, path)| Path::new(path).is_absolute());
        Self {
            variables: proxies.iter().cloned().chain(past).chain(certificates).collect(),
            leaves_out_a_password: variables.contains_key(LEFT_OUT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn computer(variables: &[(&str, &str)]) -> BTreeMap<String, OsString> {
        let read = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value))
        };
        told(read).into_iter().collect()
    }

    #[test]
    fn a_proxy_and_who_is_trusted_are_handed_on_and_no_password() {
        let plain = computer(&[
            ("HTTPS_PROXY", "http://proxy:3128"),
            ("no_proxy", "localhost,.corp"),
            ("SSL_CERT_FILE", "/etc/corp.pem"),
            ("SSL_CERT_DIR", "certs"),
            ("ALL_PROXY", ""),
        ]);
        let names = |surroundings: Surroundings| {
            surroundings.variables.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        let trusted: &[&str] = if cfg!(target_os = "linux") { &["SSL_CERT_FILE"] } else { &[] };
        assert_eq!(names(Surroundings::of(&plain, true)), [&["HTTPS_PROXY", "no_proxy"], trusted].concat());
        assert_eq!(names(Surroundings::of(&plain, false)), ["HTTPS_PROXY", "no_proxy"]);
        for proxy in ["http://jane:hunter2@proxy:3128", "jane:hunter2@proxy:3128", "socks5h://jane@proxy"] {
            let secret = computer(&[("HTTPS_PROXY", proxy), ("NO_PROXY", "localhost")]);
            assert!(!format!("{secret:?}").contains("jane:") && !format!("{secret:?}").contains("hunter2"));
            let expected = Surroundings { variables: vec![], leaves_out_a_password: true };
            assert_eq!(Surroundings::of(&secret, true), expected, "{proxy}");
        }
    }
}
