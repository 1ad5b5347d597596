use super::*;
use proptest::prelude::*;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/network/", $name))
            .as_slice()
    };
}

fn is_taken(found: Result<Found, Either>) -> usize {
    let Ok(found) = found else { panic!("a certificate and its key") };
    let chain: Vec<_> = found.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
    assert!(certified(&chain, &found.key).is_some(), "it can be shown");
    assert!(!format!("{:?}", found.key).contains("pkcs"), "no word of a key");
    chain.len()
}

#[test]
fn a_certificate_and_its_key_in_every_form() {
    for key in [file!("rsa.pkcs8.key"), file!("rsa.pkcs1.key"), file!("rsa.key.der")] {
        assert_eq!(is_taken(from_pem(file!("rsa.crt"), Some(key))), 1);
    }
    assert_eq!(is_taken(from_pem(file!("ec.crt"), Some(file!("ec.pkcs8.key")))), 1);
    assert_eq!(is_taken(from_pem(file!("ec.crt"), Some(file!("ec.sec1.key")))), 1);
    assert_eq!(is_taken(from_pem(file!("ed25519.crt"), Some(file!("ed25519.pkcs8.key")))), 1);
    assert_eq!(is_taken(from_pem(file!("version1.crt"), Some(file!("ec.pkcs8.key")))), 1);
    // In one file, in whatever order, and with the one above it behind its own.
    for both in [file!("key-first.pem"), file!("authority-first.pem")] {
        let found = from_pem(both, None).ok().unwrap();
        assert_eq!(found.chain.len(), 2);
        assert_eq!(found.chain[0], authorities(file!("rsa.crt")).unwrap()[0], "its own first");
    }
}

#[test]
fn what_windows_makes_of_a_text_is_read() {
    let text = std::str::from_utf8(file!("key-first.pem")).unwrap();
    let wide: Vec<u16> = text.replace('\n', "\r\n").encode_utf16().collect();
    let little = wide.iter().flat_map(|unit| unit.to_le_bytes());
    let big = wide.iter().flat_map(|unit| unit.to_be_bytes());
    for bytes in [
        [0xff, 0xfe].into_iter().chain(little).collect::<Vec<u8>>(),
        [0xfe, 0xff].into_iter().chain(big).collect(),
        [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes()).collect(),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        assert_eq!(is_taken(from_pem(&bytes, None)), 2);
    }
}

#[test]
fn pkcs12_new_and_old() {
    for (bytes, passphrase) in [
        (file!("aes.p12"), "lab"),
        (file!("rc2.p12"), "lab"),
        (file!("3des.p12"), "lab"),
        (file!("no-mac.p12"), "lab"),
        (file!("no-passphrase.p12"), ""),
        (file!("letters.p12"), "Übergröße €1"),
    ] {
        assert_eq!(is_taken(from_pkcs12(bytes, passphrase).map_err(Either::Certificate)), 2);
        for wrong in ["", "LAB", "lab "].into_iter().filter(|wrong| *wrong != passphrase) {
            assert_eq!(from_pkcs12(bytes, wrong).err(), Some(Problem::WrongPassphrase), "{wrong:?}");
        }
    }
    assert_eq!(from_pkcs12(file!("no-key.p12"), "lab").err(), Some(Problem::NoKey));
    for other in [file!("rsa.crt"), file!("ca.der"), b"", b"\x30\x82"] {
        assert_eq!(from_pkcs12(other, "lab").err(), Some(Problem::NotPkcs12));
    }
}

#[test]
fn what_is_of_no_use_says_why() {
    let of_the_key = |key| from_pem(file!("rsa.crt"), Some(key)).err();
    assert_eq!(of_the_key(file!("rsa.encrypted.key")), Some(Either::Key(Problem::KeyEncrypted)));
    assert_eq!(of_the_key(file!("rsa.old-encrypted.key")), Some(Either::Key(Problem::KeyEncrypted)));
    assert_eq!(of_the_key(file!("ec.pkcs8.key")), Some(Either::Key(Problem::KeyOfAnother)));
    assert_eq!(of_the_key(file!("rsa.crt")), Some(Either::Key(Problem::NoKey)));
    assert_eq!(of_the_key(b"nothing"), Some(Either::Key(Problem::NoKey)));
    let of_the_certificate = |bytes| from_pem(bytes, None).err();
    assert_eq!(of_the_certificate(file!("rsa.crt")), Some(Either::Certificate(Problem::NoKey)));
    assert_eq!(of_the_certificate(file!("rsa.pkcs8.key")), Some(Either::Certificate(Problem::OnlyAKey)));
    assert_eq!(of_the_certificate(b"nothing"), Some(Either::Certificate(Problem::NotACertificate)));
    assert_eq!(of_the_certificate(file!("aes.p12")), Some(Either::Certificate(Problem::NotACertificate)));
}

#[test]
fn whom_to_trust() {
    let one = authorities(file!("ca.crt")).unwrap();
    assert_eq!(authorities(file!("ca.der")).unwrap(), one);
    assert_eq!(authorities(file!("ca.crt").repeat(2).as_slice()).unwrap().len(), 2);
    assert_eq!(authorities(file!("ca.crt").repeat(51).as_slice()).err(), Some(Problem::TooMany));
    assert_eq!(authorities(file!("rsa.pkcs8.key")).err(), Some(Problem::OnlyAKey));
    assert_eq!(authorities(file!("ca.p7b")).err(), Some(Problem::Pkcs7));
    assert_eq!(authorities(b"<html>Sign in</html>").err(), Some(Problem::NotACertificate));
    // A broken one among good ones takes none of them along.
    let broken = [b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", file!("ca.crt")].concat();
    assert_eq!(authorities(&broken).unwrap(), one);
}

proptest! {
    #[test]
    fn no_bytes_at_all_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 0..1500_usize, at in 0..3000_usize, to: u8) {
        let _ = authorities(&bytes);
        let _ = from_pem(&bytes, Some(&bytes));
        let _ = from_pkcs12(&bytes, "lab");
        let mut spoilt = file!("3des.p12").to_vec();
        spoilt.truncate(3300 - cut);
        if let Some(byte) = spoilt.get_mut(at) { *byte = to; }
        let _ = from_pkcs12(&spoilt, "lab");
        let mut spoilt = file!("key-first.pem").to_vec();
        if let Some(byte) = spoilt.get_mut(at) { *byte = to; }
        let _ = from_pem(&spoilt, None);
    }
}
