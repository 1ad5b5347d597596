//! Why a call got no answer, told by the types in the error's chain of causes and never by their wording.

use crate::error::{Error, Unreachable};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::ToSocketAddrs;

/// The typed reason behind a failed call to `host`.
pub(super) fn reason(host: String, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let cause = cause(&error).or(error.is_timeout().then_some(Cause::Way(Unreachable::TimedOut)));
    let source = Some(error.into());
    match cause {
        Some(Cause::Certificate) => Error::CertificateUntrusted { host, source },
        Some(Cause::Way(kind)) => Error::Unreachable { host, kind, source },
        None => Error::Unreachable { host, kind: Unreachable::Other, source },
    }
}

enum Cause {
    Certificate,
    Way(Unreachable),
}

fn cause(error: &(dyn StdError + 'static)) -> Option<Cause> {
    let here = if error.is::<UnknownName>() {
        Some(Cause::Way(Unreachable::NameNotFound))
    } else if let Some(error) = error.downcast_ref::<rustls::Error>() {
        tls(error)
    } else {
        error.downcast_ref::<io::Error>().and_then(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Cause::Way(Unreachable::Refused)),
            io::ErrorKind::TimedOut => Some(Cause::Way(Unreachable::TimedOut)),
            // `source` of an io::Error skips the error it wraps, and that is where rustls' is.
            _ => error.get_ref().and_then(|inner| cause(inner)),
        })
    };
    here.or_else(|| error.source().and_then(cause))
}

fn tls(error: &rustls::Error) -> Option<Cause> {
    use rustls::Error as Tls;
    matches!(error, Tls::InvalidCertificate(_) | Tls::NoCertificatesPresented).then_some(Cause::Certificate)
}

/// Looks names up as the system does. It exists for its error's type: the standard library gives failed
/// look-ups no kind of their own, so a name that does not exist and a name server that does not answer
/// look alike, and both are [`Unreachable::NameNotFound`].
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await?;
            Ok(Box::new(found.map_err(UnknownName)?) as Addrs)
        })
    }
}

#[derive(Debug)]
struct UnknownName(io::Error);

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
