//! When a certificate ends.

use jiff::Timestamp;
use x509_parser::asn1_rs::{Any, Class, FromDer};
use x509_parser::certificate::Validity;

/// Serial number, algorithm and issuer, which stand before the time it is good for.
const BEFORE: usize = 3;

/// Reads no more of it than that: the rest of a parser for certificates would be a tenth of a megabyte of program.
pub fn end(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate) = Any::from_der(certificate).ok()?;
    let (_, inner) = Any::from_der(certificate.data).ok()?;
    let (behind, first) = Any::from_der(inner.data).ok()?;
    // One of the first version does not say its version.
    let versioned = first.header.class() == Class::ContextSpecific;
    let mut rest = if versioned { behind } else { inner.data };
    for _ in 0..BEFORE {
        (rest, _) = Any::from_der(rest).ok()?;
    }
    let (_, validity) = Validity::from_der(rest).ok()?;
    Timestamp::from_second(validity.not_after.timestamp()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_end_is_what_a_whole_parser_reads() {
        for year in [2030, 2070] {
            let mut wanted = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
            wanted.not_after = rcgen::date_time_ymd(year, 2, 3);
            let made = wanted.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            let end = super::end(made.der()).unwrap();
            assert_eq!(end.to_string(), format!("{year}-02-03T00:00:00Z"));
            let (_, whole) = x509_parser::parse_x509_certificate(made.der()).unwrap();
            assert_eq!(end.as_second(), whole.validity().not_after.timestamp());
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
