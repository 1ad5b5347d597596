//! Which servers are believed to be who they say, and what is wrong with one that is not.

use super::certificate::Read;
use super::own::Own;
use crate::error::{CertificateProblem, Error, SeenCertificate};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError, RootCertStore,
    SignatureScheme,
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// TLS as everybody here speaks it, with the certificates that this computer trusts and those `more`, showing `own` where
/// a server asks for it.
///
/// # Errors
/// [`Error::NoTrustedCertificates`], [`Error::Internal`].
pub(super) fn trusting_the_system(
    more: &[CertificateDer<'static>],
    own: Arc<Own>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let judge = Judge::of_this_computer(more, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| set_up(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(judge));
    Ok(spoken(builder.with_client_cert_resolver(own)))
}

/// For servers that are reached without TLS: it costs nothing to set up.
pub(super) fn trusting_nobody() -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| set_up(&error))?
        .with_root_certificates(RootCertStore::empty());
    Ok(spoken(builder.with_no_client_auth()))
}

fn spoken(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn set_up(error: &TlsError) -> Error {
    tracing::error!(%error, "TLS cannot be set up");
    Error::Internal { what: "TLS set-up" }
}

/// Judges as the system does, and is more lenient in one thing: a certificate that is itself among the trusted ones,
/// byte for byte, is believed although it is made like an authority's or names its host in the old way. That is what
/// `openssl req -x509` makes, and putting it there is how its owner said so.
#[derive(Debug)]
struct Judge {
    system: Arc<dyn ServerCertVerifier>,
    /// SHA-256 of each trusted certificate, where the system tells them.
    trusted: HashSet<[u8; 32]>,
}

impl Judge {
    #[cfg(target_os = "linux")]
    fn of_this_computer(
        more: &[CertificateDer<'static>],
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let found = rustls_native_certs::load_native_certs();
        let trusted = found.certs.iter().chain(more).map(|certificate| digest(certificate)).collect();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs.into_iter().chain(more.iter().cloned()));
        if roots.is_empty() {
            // The same variables as `rustls-native-certs` and OpenSSL look at.
            let named =
                ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().find(|name| std::env::var_os(name).is_some());
            return Err(Error::NoTrustedCertificates { variable: named });
        }
        let system = rustls::client::WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(provider),
        )
        .build()
        .map_err(|error| set_up(&TlsError::General(error.to_string())))?;
        Ok(Self { system, trusted })
    }

    #[cfg(not(target_os = "linux"))]
    fn of_this_computer(
        more: &[CertificateDer<'static>],
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        use rustls_platform_verifier::Verifier;
        let provider = Arc::clone(provider);
        let system = if more.is_empty() {
            Verifier::new(provider)
        } else {
            Verifier::new_with_extra_roots(more.iter().cloned(), provider)
        };
        let trusted = more.iter().map(|certificate| digest(certificate)).collect();
        Ok(Self { system: Arc::new(system.map_err(|error| set_up(&error))?), trusted })
    }

    /// What is wrong with it beside what the system says, where it is itself trusted; none where nothing is.
    fn look(
        &self,
        certificate: &CertificateDer<'_>,
        read: &Read<'_>,
        name: &ServerName<'_>,
        refused: &CertificateError,
        now: i64,
    ) -> Option<CertificateProblem> {
        use CertificateError as Refused;
        use CertificateProblem as Problem;
        let is_trusted = self.trusted.contains(&digest(certificate));
        let is_named = ParsedCertificate::try_from(certificate)
            .is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok());
        Some(if read.is_of_old_version() {
            Problem::OldVersion
        } else if read.has_ended(now) {
            Problem::Expired
        } else if !read.has_begun(now) {
            Problem::NotYetValid
        } else {
            match refused {
                Refused::Revoked => Problem::Revoked,
                Refused::InvalidPurpose | Refused::InvalidPurposeContext { .. } => Problem::OtherPurpose,
                _ if !is_trusted && read.is_self_issued() => Problem::SelfSigned,
                // webpki's `CaUsedAsEndEntity`, which rustls has no name for.
                Refused::Other(_) if !is_trusted && read.is_authority() => Problem::OtherPurpose,
                Refused::Other(_) if !read.is_authority() => Problem::Other,
                Refused::Other(_) | Refused::NotValidForName | Refused::NotValidForNameContext { .. } => {
                    if is_named || (is_trusted && read.names_in_old_way(name)) {
                        return None;
                    }
                    if read.names().is_none() { Problem::NamedInOldWay } else { Problem::OtherName }
                }
                Refused::UnknownIssuer => Problem::UnknownIssuer,
                _ => Problem::Other,
            }
        })
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let error = match self.system.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        ) {
            Err(TlsError::InvalidCertificate(error)) => error,
            believed_or_other => return believed_or_other,
        };
        let read = Read::of(end_entity);
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let problem = match &read {
            Some(read) => match self.look(end_entity, read, server_name, &error, seconds) {
                Some(problem) => problem,
                None => return Ok(ServerCertVerified::assertion()),
            },
            None => CertificateProblem::Other,
        };
        let seen = read.map(|read| read.shown());
        let untrusted = Untrusted { problem, seen, source: error };
        Err(TlsError::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.system.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.system.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

fn digest(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

/// Why a certificate was not believed, on its way through the layers that carry errors.
#[derive(Debug)]
pub(crate) struct Untrusted {
    pub(crate) problem: CertificateProblem,
    pub(crate) seen: Option<SeenCertificate>,
    source: CertificateError,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.problem, self.source)
    }
}

impl std::error::Error for Untrusted {}
