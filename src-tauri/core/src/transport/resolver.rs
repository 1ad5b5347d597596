//! From names to addresses.

use crate::instance::is_local_name;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error as StdError;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::{fmt, io};

/// Where names lead: where the system says. Passed in, so that tests have a network of their own.
#[derive(Clone)]
pub struct Names(Arc<Ask>);

type Ask = dyn Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync;

impl Names {
    /// Where `ask` says. A port counts for addresses that name none.
    pub fn told_by(ask: impl Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// `localhost` and what ends in it are this computer, and nobody is asked (RFC 6761, 6.3), since plain http is allowed
    /// to them and a hosts file, a search domain or a name server could lead anywhere.
    pub(super) async fn addresses(&self, host: &str) -> io::Result<Vec<SocketAddr>> {
        if is_local_name(host) {
            return Ok(vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]);
        }
        let (host, ask) = (host.to_owned(), Arc::clone(&self.0));
        tokio::task::spawn_blocking(move || ask(&host)).await?
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::told_by(|name| (name, 0).to_socket_addrs().map(Iterator::collect))
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

/// Looks names up for the HTTP clients.
///
/// Its error has a type of its own because the standard library gives failed look-ups no kind: a name that does not
/// exist and a name server that does not answer look alike, and both are [`UnknownName`].
pub(super) struct Resolver(pub(super) Names);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move {
            let found = names.addresses(name.as_str()).await.map_err(UnknownName)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
pub(crate) struct UnknownName(io::Error);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name was not found")
    }
}

impl StdError for UnknownName {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 9);

    /// A hosts file or a name server that sends every name to another computer.
    fn lying() -> Resolver {
        Resolver(Names::told_by(|_| Ok(vec![(ELSEWHERE, 0_u16).into()])))
    }

    async fn resolved(name: &str) -> Vec<SocketAddr> {
        lying().resolve(name.parse().unwrap()).await.unwrap().collect()
    }

    #[tokio::test]
    async fn names_of_this_computer_never_lead_to_another() {
        for name in ["localhost", "superset.localhost", "a.b.localhost", "LOCALHOST", "Superset.LocalHost"] {
            let found = resolved(name).await;
            assert!(
                found.iter().all(|address| address.ip().is_loopback()) && found.len() == 2,
                "{name}: {found:?}"
            );
        }
        for name in ["localhost.example.com", "notlocalhost", "example.com"] {
            assert_eq!(resolved(name).await, [(ELSEWHERE, 0_u16).into()], "{name}");
        }
    }

    /// What is allowed without encryption is what the resolver keeps here.
    #[tokio::test]
    async fn every_name_that_needs_no_encryption_is_kept_here() {
        for typed in
            ["http://localhost", "http://x.localhost:8088", "http://X.LOCALHOST", "http://a.b.localhost/bi"]
        {
            let url = crate::instance::InstanceUrl::parse(typed, false).unwrap();
            let found = resolved(url.host()).await;
            assert!(found.iter().all(|address| address.ip().is_loopback()), "{typed}: {found:?}");
        }
        for typed in ["http://localhost.", "http://x.localhost.", "http://localhost.example.com"] {
            assert!(crate::instance::InstanceUrl::parse(typed, false).is_err(), "{typed}");
        }
    }
}
