//! After a change that a server was asked for and did not confirm: what is known of it.

use crate::Error;

/// What a failed request to change something says about the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was not sent, or Superset itself refused it.
    Nothing,
    /// Superset itself is done with it, one way or the other: looking tells.
    Done,
    /// Nobody knows, and Superset may still be at it: not to see the change proves nothing yet. That goes for every
    /// answer that is not Superset's own word, and for every reason not known here.
    Lost,
}

impl Outcome {
    pub(super) fn after(error: &Error) -> Self {
        use crate::error::Unreachable::{NameNotFound, NotTls, Refused, TlsFailed};
        match error {
            Error::Unreachable { kind: NameNotFound | Refused | NotTls | TlsFailed, .. }
            | Error::ProxyUnusable { .. }
            | Error::CertificateUntrusted { .. }
            // Under TLS 1.3 the request is sent before the refusal comes; without a handshake nobody read it.
            | Error::ClientCertificateRefused { .. }
            | Error::ClientKeyGone
            | Error::ProxyPasswordGone { .. }
            | Error::NoTrustedCertificates { .. }
            | Error::SignedOut
            | Error::SessionOver
            | Error::KeyRejected
            | Error::Forbidden
            | Error::ApiKeysOff
            | Error::RateLimited { .. }
            | Error::NoSuchKey { .. }
            // A refusal in one of Superset's three shapes: see `superset::problem`.
            | Error::UnexpectedAnswer { status: 400..=499, .. } => Self::Nothing,
            // Before it was sent, the session could not be had.
            _ if error.keychain_problem().is_some() => Self::Nothing,
            Error::ServerFault { .. } | Error::NotCreated => Self::Done,
            _ => Self::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ClientCertificateProblem;

    /// Under TLS 1.3 a request is on its way when the server refuses the handshake; nobody has read it.
    #[test]
    fn a_refused_handshake_has_done_nothing() {
        let problem = ClientCertificateProblem::Expired;
        let refused = Error::ClientCertificateRefused { host: "h".into(), problem, own: None };
        assert_eq!(Outcome::after(&refused), Outcome::Nothing);
        assert_eq!(Outcome::after(&Error::AnswerLost { host: "h".into(), source: None }), Outcome::Lost);
    }
}
