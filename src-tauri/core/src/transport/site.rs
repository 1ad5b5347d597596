//! An address, and the way to it.

use crate::ids::SecretId;
use crate::instance::InstanceUrl;
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long to wait for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timeouts {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For one call from its first byte to the last of its answer, redirects included. Waiting for other
    /// calls of ours to end, and the pauses that a server asks for with 429, come on top.
    pub call: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), call: Duration::from_secs(30) }
    }
}

/// The way to an instance: what its connections have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Transport {
    pub timeouts: Timeouts,
    pub proxy: ProxyWay,
    /// Certificates that are trusted beside this computer's own.
    pub trusted: Arc<Vec<CertificateDer<'static>>>,
    /// What this computer shows to servers that ask who it is.
    pub identity: Option<Arc<Identity>>,
}

/// Whether a proxy stands on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum ProxyWay {
    /// The one that the system or the environment sets; never for what is on this computer.
    #[default]
    System,
    Straight,
    /// This one, whatever is asked: it was set for this instance.
    Through(Arc<GivenProxy>),
}

/// A proxy that a person named for an instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GivenProxy {
    /// With the name it is told, and without the password.
    pub url: Url,
    pub password: Option<SecretId>,
}

/// A client certificate. Its key lies in the secret store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Its own first, then those above it.
    pub chain: Vec<CertificateDer<'static>>,
    pub key: SecretId,
}

/// What a call goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub url: Url,
    pub transport: Transport,
}

impl Site {
    #[must_use]
    pub fn new(url: Url, transport: Transport) -> Self {
        Self { url, transport }
    }

    /// An instance's base address.
    #[must_use]
    pub fn of(instance: &InstanceUrl, transport: Transport) -> Self {
        Self::new(instance.url().clone(), transport)
    }

    /// Another address, reached the same way.
    #[must_use]
    pub fn at(&self, url: Url) -> Self {
        Self::new(url, self.transport.clone())
    }

    /// `path` (without a leading slash) below this address's own.
    #[must_use]
    pub fn join(&self, path: &str) -> Self {
        let mut url = self.url.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}/{path}", self.url.path().trim_end_matches('/')));
        url.set_query(query);
        self.at(url)
    }

    /// Host and, where it is not the scheme's own, port: what errors name.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The same with no more patience than this.
    #[must_use]
    pub fn hurried(&self, most: Timeouts) -> Self {
        let mut hurried = self.clone();
        let Timeouts { connect, call } = &mut hurried.transport.timeouts;
        (*connect, *call) = ((*connect).min(most.connect), (*call).min(most.call));
        hurried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_keeps_the_base_path() {
        let instance = InstanceUrl::parse("https://example.com/bi", false).unwrap();
        let site = Site::of(&instance, Transport::default());
        assert_eq!(site.join("api/v1/me/").url.as_str(), "https://example.com/bi/api/v1/me/");
        assert_eq!(
            site.join("api/?q=(page_size:1)").url.as_str(),
            "https://example.com/bi/api/?q=(page_size:1)"
        );
    }
}
