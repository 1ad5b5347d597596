//! What a certificate says of itself.

use crate::error::{ClientCertificateProblem, SeenCertificate};
use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, ServerName};
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{X509Name, X509Version};

/// More letters of a name are of no use to anybody.
const NAME_LETTERS: usize = 120;
const NAMES: usize = 8;

/// When it ends.
pub(crate) fn end(certificate: &[u8]) -> Option<Timestamp> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    time(read.validity().not_after)
}

/// What is wrong with a certificate of our own, by what it says.
pub(crate) fn own_problem(certificate: &[u8], now: Timestamp) -> Option<ClientCertificateProblem> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    let (read, now) = (Read(read), now.as_second());
    if read.has_ended(now) {
        Some(ClientCertificateProblem::Expired)
    } else if !read.has_begun(now) {
        Some(ClientCertificateProblem::NotYetValid)
    } else if read.is_for_clients() {
        None
    } else {
        Some(ClientCertificateProblem::OtherPurpose)
    }
}

/// What it says of itself.
pub(crate) fn shown(certificate: &[u8]) -> Option<SeenCertificate> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    Some(Read(read).shown())
}

/// Who it is, who signed it, and its public key, as they stand in it.
pub(super) struct Parts {
    pub(super) subject: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) public_key: Vec<u8>,
}

pub(super) fn parts(certificate: &[u8]) -> Option<Parts> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    Some(Parts {
        subject: read.subject().as_raw().to_vec(),
        issuer: read.issuer().as_raw().to_vec(),
        public_key: read.public_key().raw.to_vec(),
    })
}

/// A server's certificate, read as far as judging it needs.
pub(super) struct Read<'a>(X509Certificate<'a>);

impl<'a> Read<'a> {
    pub(super) fn of(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        X509Certificate::from_der(certificate).ok().map(|(_, read)| Self(read))
    }

    pub(super) fn shown(&self) -> SeenCertificate {
        let validity = self.0.validity();
        SeenCertificate {
            subject: name(self.0.subject()),
            issuer: name(self.0.issuer()),
            names: self.names().unwrap_or_else(|| self.common_name().into_iter().collect()),
            starts: time(validity.not_before),
            ends: time(validity.not_after),
        }
    }

    /// Versions before the third know no alternative names.
    pub(super) fn is_of_old_version(&self) -> bool {
        self.0.version() != X509Version::V3
    }

    /// It names itself as who signed it.
    pub(super) fn is_self_issued(&self) -> bool {
        self.0.subject().as_raw() == self.0.issuer().as_raw()
    }

    /// Where a certificate does not say what it is for, it is for anything.
    fn is_for_clients(&self) -> bool {
        let uses = self.0.extended_key_usage().ok().flatten();
        uses.is_none_or(|uses| uses.value.client_auth || uses.value.any)
    }

    pub(super) fn is_authority(&self) -> bool {
        self.0.is_ca()
    }

    pub(super) fn has_begun(&self, now: i64) -> bool {
        self.0.validity().not_before.timestamp() <= now
    }

    pub(super) fn has_ended(&self, now: i64) -> bool {
        self.0.validity().not_after.timestamp() < now
    }

    /// The alternative names; none where the certificate names its host in the old way or not at all.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let names = self.0.subject_alternative_name().ok().flatten()?;
        let names = names.value.general_names.iter().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(printable(name)),
            GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
            _ => None,
        });
        Some(names.take(NAMES).collect())
    }

    /// The host stands where it stood before there were alternative names: RFC 6125, 6.4.4, what `openssl req -x509`
    /// makes by itself. Without wildcards.
    pub(super) fn names_in_old_way(&self, wanted: &ServerName<'_>) -> bool {
        self.names().is_none()
            && self.common_name().is_some_and(|name| name.eq_ignore_ascii_case(&wanted.to_str()))
    }

    fn common_name(&self) -> Option<String> {
        self.0.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).map(printable)
    }
}

/// A name as people know it: the common one, or the organisation's, or all of it.
fn name(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|part| part.as_str().ok());
    let organization = name.iter_organization().next().and_then(|part| part.as_str().ok());
    common.or(organization).map_or_else(|| printable(&name.to_string()), printable)
}

/// It goes on a screen, and somebody else wrote it.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(NAME_LETTERS).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn time(time: ASN1Time) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_end_is_the_one_that_was_wanted() {
        for year in [2030, 2070] {
            let mut wanted = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
            wanted.not_after = rcgen::date_time_ymd(year, 2, 3);
            let made = wanted.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            let end = super::end(made.der()).unwrap();
            assert_eq!(end.to_string(), format!("{year}-02-03T00:00:00Z"));
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let whole: &[u8] = made.cert.der();
        for cut in 0..whole.len() {
            assert_eq!(super::end(&whole[..cut]), None);
        }
    }
}
