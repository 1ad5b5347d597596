//! Why a call got no answer, told by the types in the error's chain of causes and never by their wording.

use super::media::Media;
use crate::error::{
    CertificateProblem, ClientCertificateProblem as Ours, Error, ProxyProblem, Result, SeenCertificate,
    Unreachable,
};
use crate::transport::{Connections, Said, Site, UnknownName, Untrusted, Use, Way};
use reqwest::{Response, StatusCode};
use rustls::AlertDescription;
use std::error::Error as StdError;
use std::io;

/// One in a few loses it, on a busy computer.
const TRIES: u32 = 5;

/// The typed reason behind a failed call. Where a proxy stands on the way and no connection came about, it is asked
/// what it has to say.
pub(super) async fn reason(way: &Way, site: &Site, error: reqwest::Error) -> Error {
    let host = site.host();
    let error = error.without_url();
    let cause = cause(&error).or(error.is_timeout().then_some(Cause::Way(Unreachable::TimedOut)));
    let is_connect = error.is_connect();
    let source = Some(error.into());
    let kind = match cause {
        Some(Cause::Certificate { problem, seen }) => {
            return Error::CertificateUntrusted { host, problem, seen: seen.map(Box::new), source };
        }
        Some(Cause::Alert(_)) => Unreachable::TlsFailed,
        Some(Cause::Way(kind)) => kind,
        None => Unreachable::Other,
    };
    // What speaks TLS, or should, is the server at the end of the way, or a proxy that is reached by https itself.
    let beyond_proxy = matches!(kind, Unreachable::NotTls | Unreachable::TlsFailed | Unreachable::NotHttp);
    let proxy = if is_connect { way.proxy_before(&site.url) } else { None };
    let proxy = proxy.filter(|proxy| !beyond_proxy || proxy.is_https());
    let Some(proxy) = proxy else { return Error::Unreachable { host, kind, source } };
    match way.ask(&proxy, site.transport.timeouts.connect).await {
        Said::Unusable(ProxyProblem::Other) if beyond_proxy => Error::Unreachable { host, kind, source },
        Said::Unusable(problem) => Error::ProxyUnusable { proxy: proxy.shown(), host, problem, source },
        Said::OfTheServer(kind) => Error::Unreachable { host, kind, source },
        Said::Fine => Error::Unreachable { host, kind, source },
    }
}

/// Without TLS a proxy asks for its name and password in the server's place.
pub(super) fn unless_the_proxy_answers(way: &Way, site: &Site, response: Response) -> Result<Response> {
    if response.status() != StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Ok(response);
    }
    let Some(proxy) = way.proxy_before(&site.url) else { return Ok(response) };
    let problem = ProxyProblem::SignIn;
    Err(Error::ProxyUnusable { proxy: proxy.shown(), host: site.host(), problem, source: None })
}

/// The server said in the handshake that it does not take our certificate. Under TLS 1.3 that comes with the answer, and
/// nobody has read the request.
pub(super) async fn refusal(
    connections: &Connections,
    way: &Way,
    site: &Site,
    error: &reqwest::Error,
) -> Option<Error> {
    match cause(error) {
        Some(Cause::Alert(alert)) => Some(refused(way, site, said_of_ours(way, site, alert)?)),
        // Where HTTP/2 carries several calls, or much is sent at once, the reason is lost on its way up.
        None if site.url.scheme() == "https" && way.was_asked_who() && !error.is_timeout() => {
            asked_again(connections, site).await
        }
        _ => None,
    }
}

/// As nobody, for nothing, and over a connection of its own. Where the alert comes before the request is begun, the reason
/// is lost here too, so a few are asked for.
async fn asked_again(connections: &Connections, site: &Site) -> Option<Error> {
    let mut root = site.url.clone();
    root.set_path("/");
    root.set_query(None);
    for _ in 0..TRIES {
        let way = connections.way(site, Use::Ask).await.ok()?;
        let asked =
            way.client.get(root.clone()).timeout(site.transport.timeouts.connect).send().await.err()?;
        match cause(&asked) {
            Some(Cause::Alert(alert)) => return Some(refused(&way, site, said_of_ours(&way, site, alert)?)),
            None if !asked.is_timeout() => {}
            _ => return None,
        }
    }
    None
}

/// nginx finishes the handshake and says it in a page (1.18 to 1.28: statuses 495 and 496, shown as 400); the reason stands
/// in its log alone.
pub(super) fn may_be_of_our_certificate(site: &Site, status: u16, media: Media) -> bool {
    site.url.scheme() == "https" && status == 400 && media == Media::Html
}

/// See [`may_be_of_our_certificate`].
pub(super) fn unless_a_certificate_is_wanted(
    way: &Way,
    site: &Site,
    (status, media): (u16, Media),
    body: &[u8],
) -> Result<()> {
    const NONE_SENT: &[u8] = b"No required SSL certificate was sent";
    const NOT_TAKEN: &[u8] = b"The SSL certificate error";
    if !may_be_of_our_certificate(site, status, media) {
        return Ok(());
    }
    let beginning = &body[..body.len().min(1024)];
    let says = |words| memchr::memmem::find(beginning, words).is_some();
    if says(NONE_SENT) || says(NOT_TAKEN) { Err(refused(way, site, Ours::Untold)) } else { Ok(()) }
}

fn refused(way: &Way, site: &Site, said: Ours) -> Error {
    let (problem, own) = way.refused(site, said);
    Error::ClientCertificateRefused { host: site.host(), problem, own: own.map(Box::new) }
}

/// What an alert says of our certificate, where it is of that (RFC 8446, 6.2).
fn said_of_ours(way: &Way, site: &Site, alert: AlertDescription) -> Option<Ours> {
    use AlertDescription as Alert;
    Some(match alert {
        Alert::CertificateRequired | Alert::NoCertificate => Ours::Missing,
        Alert::CertificateExpired => Ours::Expired,
        Alert::CertificateRevoked => Ours::Revoked,
        Alert::UnsupportedCertificate => Ours::OtherPurpose,
        Alert::UnknownCA => Ours::OtherAuthority,
        Alert::BadCertificate | Alert::CertificateUnknown => Ours::Untold,
        Alert::AccessDenied if way.was_asked_who() => Ours::Untold,
        // Under TLS 1.2 this is what comes where none was shown; and where no method is known to both.
        Alert::HandshakeFailure if way.was_asked_who() && site.transport.identity.is_none() => Ours::Missing,
        _ => return None,
    })
}

enum Cause {
    Certificate {
        problem: CertificateProblem,
        seen: Option<SeenCertificate>,
    },
    /// From the server.
    Alert(AlertDescription),
    Way(Unreachable),
}

fn cause(error: &(dyn StdError + 'static)) -> Option<Cause> {
    let here = if error.is::<UnknownName>() {
        Some(Cause::Way(Unreachable::NameNotFound))
    } else if let Some(error) = error.downcast_ref::<rustls::Error>() {
        tls(error)
    } else if let Some(error) = error.downcast_ref::<hyper::Error>() {
        error.is_parse().then_some(Cause::Way(Unreachable::NotHttp))
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
    use rustls::{CertificateError, Error as Tls};
    let untrusted = |problem, seen| Some(Cause::Certificate { problem, seen });
    match error {
        Tls::InvalidCertificate(CertificateError::Other(other)) => {
            let untrusted_for = other.0.downcast_ref::<Untrusted>();
            untrusted(
                untrusted_for.map_or(CertificateProblem::Other, |untrusted| untrusted.problem),
                untrusted_for.and_then(|untrusted| untrusted.seen.clone()),
            )
        }
        Tls::InvalidCertificate(_) | Tls::NoCertificatesPresented => {
            untrusted(CertificateProblem::Other, None)
        }
        Tls::InvalidMessage(_) => Some(Cause::Way(Unreachable::NotTls)),
        Tls::AlertReceived(alert) => Some(Cause::Alert(*alert)),
        Tls::PeerIncompatible(_) | Tls::PeerMisbehaved(_) => Some(Cause::Way(Unreachable::TlsFailed)),
        _ => None,
    }
}
