//! An authority, and certificates of every kind that clients and servers may have.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose as Purpose, IsCa, Issuer, KeyPair,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate with its key.
pub struct Made {
    pub certificate: CertificateDer<'static>,
    pub key: KeyPair,
    pub pem: String,
}

impl Made {
    /// Both in one file.
    pub fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, format!("{}{}", self.pem, self.key.serialize_pem())).unwrap();
        path
    }
}

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    key: Vec<u8>,
    pub certificate: CertificateDer<'static>,
    pub pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = named(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let made = params.self_signed(&key).unwrap();
        let (certificate, pem) = (made.der().clone(), made.pem());
        let bytes = key.serialize_der();
        Self { issuer: Issuer::new(params, key), key: bytes, certificate, pem }
    }

    pub fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, &self.pem).unwrap();
        path
    }

    /// Years from and to, and what it is for.
    pub fn client(&self, years: (i32, i32), purpose: Purpose) -> Made {
        let mut params = named("jane", &[]);
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        params.extended_key_usages = vec![purpose];
        self.sign(&params)
    }

    pub fn good_client(&self) -> Made {
        self.client((2020, 2090), Purpose::ClientAuth)
    }

    /// One that ends in so many days, and some hours.
    pub fn client_for_days(&self, days: i64) -> Made {
        let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days + 12);
        let mut params = named("jane", &[]);
        params.not_after = time::OffsetDateTime::from_unix_timestamp(end.as_second()).unwrap();
        self.sign(&params)
    }

    pub fn server(&self) -> Made {
        self.sign(&named("localhost", &["localhost", "127.0.0.1"]))
    }

    fn sign(&self, params: &CertificateParams) -> Made {
        let key = KeyPair::generate().unwrap();
        let made = params.signed_by(&key, &self.issuer).unwrap();
        Made { certificate: made.der().clone(), pem: made.pem(), key }
    }

    /// What a server does with a handshake that wants a certificate of this authority.
    pub fn asking(&self, versions: &[&'static SupportedProtocolVersion], protocols: &[&str]) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
        let made = self.server();
        let key = PrivateKeyDer::try_from(made.key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_protocol_versions(versions)
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![made.certificate], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        config
    }

    /// A server whose certificate this is itself.
    pub fn itself(&self) -> ServerConfig {
        let key = PrivateKeyDer::try_from(self.key.clone()).unwrap();
        ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .unwrap()
    }

    /// The same without asking.
    pub fn open(&self) -> ServerConfig {
        self.open_as("localhost")
    }

    /// A server of another name, which asks nobody.
    pub fn open_as(&self, name: &str) -> ServerConfig {
        let made = if name == "localhost" { self.server() } else { self.sign(&named(name, &[name])) };
        let key = PrivateKeyDer::try_from(made.key.serialize_der()).unwrap();
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![made.certificate], key).unwrap()
    }
}

fn named(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
