//! Certificates and keys as they come in files. Pure: from bytes to what can be kept.

use super::certificate::{Parts, parts};
use crate::error::CertificateFileProblem as Problem;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::sign::{CertifiedKey, SigningKey};
use std::sync::Arc;
use zeroize::Zeroizing;

/// More than any company has. Whoever has more names the list of a whole computer.
const MOST_AUTHORITIES: usize = 50;

/// A client certificate as it was read.
pub(crate) struct Found {
    /// Its own first, then those above it.
    pub(crate) chain: Vec<Vec<u8>>,
    /// As [`certified`] reads it.
    pub(crate) key: Secret,
}

/// A private key on its way; wiped when dropped.
struct Key {
    kind: SectionKind,
    der: Zeroizing<Vec<u8>>,
}

/// The certificates in a file of PEM, or the one in a file of DER.
pub(crate) fn authorities(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Problem> {
    let found = read(bytes)?;
    match found.certificates.len() {
        0 if found.keys.is_empty() => Err(Problem::NotACertificate),
        0 => Err(Problem::OnlyAKey),
        1..=MOST_AUTHORITIES => Ok(found.certificates),
        _ => Err(Problem::TooMany),
    }
}

/// A client certificate in PEM. Its key stands in a file of its own, or in the same.
///
/// # Errors
/// Of the certificate's file on the left, of the key's on the right.
pub(crate) fn from_pem(certificate: &[u8], key: Option<&[u8]>) -> Result<Found, Either> {
    let found = read(certificate).map_err(Either::Certificate)?;
    if found.certificates.is_empty() {
        let problem = if found.keys.is_empty() { Problem::NotACertificate } else { Problem::OnlyAKey };
        return Err(Either::Certificate(problem));
    }
    let keys = match key {
        Some(bytes) => keys(bytes).map_err(Either::Key)?,
        None => keys(certificate).map_err(Either::Certificate)?,
    };
    let which = if key.is_some() { Either::Key } else { Either::Certificate };
    joined(&found.certificates, keys).map_err(which)
}

/// Which of two files a problem is of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Either {
    Certificate(Problem),
    Key(Problem),
}

/// A client certificate with its key in PKCS#12, of old methods or new.
pub(crate) fn from_pkcs12(bytes: &[u8], passphrase: &str) -> Result<Found, Problem> {
    // The shape first: whatever goes wrong behind it has to do with the passphrase, or with methods.
    if !bytes.starts_with(&[0x30]) {
        return Err(Problem::NotPkcs12);
    }
    let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase).map_err(|error| match error {
        Pkcs12Error::MacError(_) | Pkcs12Error::UnpadError | Pkcs12Error::Pkcs5Error(_) => {
            Problem::WrongPassphrase
        }
        Pkcs12Error::UnsupportedEncryptionScheme
        | Pkcs12Error::UnsupportedMacAlgorithm
        | Pkcs12Error::UnsupportedContentType
        | Pkcs12Error::InvalidParameters => Problem::Pkcs12Unsupported,
        _ => Problem::NotPkcs12,
    })?;
    let certificates: Vec<_> = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    if certificates.is_empty() {
        return Err(Problem::NotACertificate);
    }
    let keys = archive
        .keys
        .into_iter()
        .map(|bag| Key { kind: SectionKind::PrivateKey, der: Zeroizing::new(bag.key.as_der().to_vec()) });
    joined(&certificates, keys.collect())
}

/// A kept certificate and its key, ready to be shown.
pub(super) fn certified(chain: &[CertificateDer<'static>], key: &Secret) -> Option<Arc<CertifiedKey>> {
    // EXPOSE: TLS proves with it that the certificate is ours; it goes nowhere.
    let (kind, text) = key.expose().split_once(':')?;
    let kind = KINDS.iter().find(|(_, name)| *name == kind)?.0;
    let der = Zeroizing::new(STANDARD.decode(text).ok()?);
    let key = Key { kind, der }.signing()?;
    Some(Arc::new(CertifiedKey::new(chain.to_vec(), key)))
}

const KINDS: [(SectionKind, &str); 3] = [
    (SectionKind::PrivateKey, "pkcs8"),
    (SectionKind::RsaPrivateKey, "pkcs1"),
    (SectionKind::EcPrivateKey, "sec1"),
];

impl Key {
    fn signing(&self) -> Option<Arc<dyn SigningKey>> {
        let der = self.der.as_slice();
        let key = match self.kind {
            SectionKind::RsaPrivateKey => PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der)),
            SectionKind::EcPrivateKey => PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der)),
            _ => PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der)),
        };
        any_supported_type(&key).ok()
    }

    fn kept(&self) -> Secret {
        let name = KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("pkcs8", |(_, name)| name);
        // Room for all of it: a text that never grows leaves no copy behind.
        let mut text = String::with_capacity(name.len() + 1 + self.der.len().div_ceil(3) * 4);
        text.push_str(name);
        text.push(':');
        STANDARD.encode_string(&*self.der, &mut text);
        Secret::new(text)
    }
}

/// The certificate that one of the keys belongs to, with those above it, in whatever order they stand.
fn joined(certificates: &[Vec<u8>], keys: Vec<Key>) -> Result<Found, Problem> {
    if keys.is_empty() {
        return Err(Problem::NoKey);
    }
    let read: Vec<_> = certificates.iter().filter_map(|der| Some((der, parts(der)?))).collect();
    let mut problem = Problem::KeyUnusable;
    for key in keys {
        let Some(signing) = key.signing() else { continue };
        problem = Problem::KeyOfAnother;
        let public = signing.public_key();
        let is_its = |parts: &Parts| public.as_ref().is_none_or(|public| parts.public_key == public.as_ref());
        if let Some(own) = read.iter().position(|(_, parts)| is_its(parts)) {
            return Ok(Found { chain: chain(&read, own), key: key.kept() });
        }
    }
    Err(problem)
}

fn chain(read: &[(&Vec<u8>, Parts)], own: usize) -> Vec<Vec<u8>> {
    let mut taken = vec![own];
    loop {
        let last = &read[taken[taken.len() - 1]].1;
        let above = (0..read.len()).find(|at| !taken.contains(at) && read[*at].1.subject == last.issuer);
        match above.filter(|_| last.issuer != last.subject) {
            Some(above) => taken.push(above),
            None => return taken.into_iter().map(|at| read[at].0.clone()).collect(),
        }
    }
}

struct Sections {
    certificates: Vec<Vec<u8>>,
    keys: Vec<Key>,
}

/// The keys of a file, or why there are none.
fn keys(bytes: &[u8]) -> Result<Vec<Key>, Problem> {
    let found = read(bytes)?;
    if !found.keys.is_empty() {
        return Ok(found.keys);
    }
    let text = text(bytes);
    let is_encrypted = [&b"BEGIN ENCRYPTED PRIVATE KEY"[..], b"Proc-Type: 4,ENCRYPTED"];
    if is_encrypted.iter().any(|label| holds(&text, label)) {
        return Err(Problem::KeyEncrypted);
    }
    // What is left of it may be a key in DER.
    let kinds = [SectionKind::PrivateKey, SectionKind::EcPrivateKey, SectionKind::RsaPrivateKey];
    let der = kinds.into_iter().map(|kind| Key { kind, der: Zeroizing::new(bytes.to_vec()) });
    let key = der.filter(|_| bytes.starts_with(&[0x30])).find(|key| key.signing().is_some());
    key.map(|key| vec![key]).ok_or(Problem::NoKey)
}

fn read(bytes: &[u8]) -> Result<Sections, Problem> {
    let text = text(bytes);
    if holds(&text, b"BEGIN PKCS7") {
        return Err(Problem::Pkcs7);
    }
    let mut found = Sections { certificates: Vec::new(), keys: Vec::new() };
    if !holds(&text, b"-----BEGIN ") {
        found.certificates.extend(parts(bytes).map(|_| bytes.to_vec()));
        return Ok(found);
    }
    // What is no section that is known is passed by, and so is one that is broken.
    for (kind, der) in <(SectionKind, Vec<u8>)>::pem_slice_iter(&text).filter_map(Result::ok) {
        match kind {
            SectionKind::Certificate if parts(&der).is_some() => found.certificates.push(der),
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => {
                found.keys.push(Key { kind, der: Zeroizing::new(der) });
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Without the mark that some editors begin with, and from what Windows' shell writes.
fn text(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(move |two| pair([two[0], two[1]]));
        char::decode_utf16(units)
            .map(|letter| letter.map_or(b'?', |letter| u8::try_from(letter).unwrap_or(b'?')))
    };
    Zeroizing::new(match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes).collect(),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes).collect(),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        _ => bytes.to_vec(),
    })
}

fn holds(text: &[u8], label: &[u8]) -> bool {
    memchr::memmem::find(text, label).is_some()
}

#[cfg(test)]
mod tests;
