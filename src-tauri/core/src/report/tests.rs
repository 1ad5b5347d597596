use super::*;
use crate::clock::{ServerClock, WallTime};
use crate::random::Random;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

struct Counting(AtomicU64);

impl Random for Counting {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)) << 64
    }
}

fn key(seed: u64) -> SigningKey {
    SigningKey::read(&SigningKey::random(&Counting(AtomicU64::new(seed)))).unwrap()
}

fn report() -> Report {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let clock = ServerClock::Assumed;
    let time = |text| WallTime::parse(text).map(|wall| TimeView::of(wall, &clock));
    Report {
        made: now,
        as_of: now,
        instance: ReportedInstance { url: "https://bi.example.com/".into(), name: "Production".into() },
        owner: ReportedOwner { id: Some(7), username: "jane".into(), roles: vec!["Alpha".into()] },
        clock: ClockView::of(&clock, now),
        keys: vec![ReportedKey {
            id: ApiKeyId::new("f472cb64-3719-4598-83a5-d56378a54f1f"),
            name: "Laptop \"büro\" \u{1b}[31m=1+1".into(),
            status: KeyStatus::Active,
            created: time("2026-01-01T00:00:00"),
            last_used: time("2026-11-01T00:00:00"),
            expires: None,
            revoked: None,
        }],
    }
}

fn file() -> String {
    SignedReport::sign(report(), &key(1)).text()
}

fn problem(text: &str) -> Option<ReportProblem> {
    SignedReport::verify(text.as_bytes()).err()
}

#[test]
fn what_is_signed_is_read_again() {
    let (read, maker) = SignedReport::verify(file().as_bytes()).unwrap();
    assert_eq!((read, maker), (report(), key(1).fingerprint()));
    assert_ne!(key(1).fingerprint(), key(2).fingerprint());
}

/// Ed25519 of RFC 8032, section 7.1, test 1: another program's signatures are the same.
#[test]
fn the_key_is_that_of_the_standard() {
    use base64::Engine;
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    };
    let text = base64::engine::general_purpose::STANDARD.encode(bytes(seed));
    let key = SigningKey::read(&crate::secret::Secret::new(text)).unwrap();
    let signed = serde_json::to_value(key.sign(b"")).unwrap();
    let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_eq!(signed["public_key"], base64::engine::general_purpose::STANDARD.encode(public));
    let value = bytes(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    assert_eq!(signed["value"], base64::engine::general_purpose::STANDARD.encode(value));
}

#[test]
fn layout_is_not_content() {
    let value: serde_json::Value = serde_json::from_str(&file()).unwrap();
    assert_eq!(problem(&value.to_string()), None, "in one line");
    assert_eq!(problem(&file().replace('\n', "\r\n")), None, "with another system's line ends");
    assert_eq!(problem(&format!("\u{feff}{}", file())), None, "with an editor's mark");
    let sorted: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_value(value).unwrap();
    assert_eq!(problem(&serde_json::to_string(&sorted).unwrap()), None, "in another order");
}

#[test]
fn every_change_is_seen() {
    use ReportProblem as P;
    let file = file();
    for (from, to, expected) in [
        ("jane", "john", P::Tampered),
        ("\"active\"", "\"revoked\"", P::Tampered),
        (
            "\"expires\": null",
            "\"expires\": {\"utc\": \"2030-01-01T00:00:00Z\", \"server\": \"\"}",
            P::Tampered,
        ),
        ("\"id\": 7", "\"id\": null", P::Tampered),
        ("\"roles\": [", "\"roles\": [\"Admin\",", P::Tampered),
        ("\"username\":", "\"username\": \"john\", \"username\":", P::Damaged),
        ("\"username\":", "\"admin\": true, \"username\":", P::Damaged),
        ("\"report\":", "\"note\": \"\", \"report\":", P::Damaged),
        ("\"superset_keys_report\": 1", "\"superset_keys_report\": 2", P::Newer),
        ("\"superset_keys_report\": 1", "\"superset_keys_report\": \"1\"", P::Damaged),
        ("\"superset_keys_report\": 1,", "", P::NotAReport),
        ("\"Ed25519\"", "\"none\"", P::Damaged),
        ("\"signature\":", "\"signed\":", P::Unsigned),
        ("\"report\":", "\"reported\":", P::Damaged),
    ] {
        assert!(file.contains(from), "{from}");
        assert_eq!(problem(&file.replacen(from, to, 1)), Some(expected), "{from} -> {to}");
    }
    for (text, expected) in [
        ("", P::NotAReport),
        ("hello", P::NotAReport),
        ("[]", P::NotAReport),
        ("{}", P::NotAReport),
        ("{\"keys\": []}", P::NotAReport),
        (&file[..file.len() / 2], P::Damaged),
        (&file[..file.len() - 3], P::Damaged),
        (&format!("{file}{file}"), P::Damaged),
    ] {
        assert_eq!(problem(text), Some(expected), "{text:?}");
    }
    assert_eq!(SignedReport::verify(b"\xff\xfe{\0").err(), Some(P::NotAReport));
}

/// Somebody else's signature under the same words, or the same signature under a fingerprint that people would trust.
#[test]
fn a_signature_belongs_to_its_key() {
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (mut mine, other) = (value(&file()), value(&SignedReport::sign(report(), &key(2)).text()));
    for field in ["public_key", "value", "fingerprint"] {
        let mut mixed = mine.clone();
        mixed["signature"][field] = other["signature"][field].clone();
        assert_eq!(problem(&mixed.to_string()), Some(ReportProblem::Tampered), "{field}");
    }
    mine["signature"] = other["signature"].clone();
    let (_, maker) = SignedReport::verify(mine.to_string().as_bytes()).unwrap();
    assert_eq!(maker, key(2).fingerprint(), "signed anew by somebody else, it is theirs");
}

#[test]
fn a_time_that_is_none_is_not_taken_although_it_is_signed() {
    let mut bad = report();
    bad.keys[0].created = Some(TimeView { utc: "yesterday".into(), server: String::new() });
    assert_eq!(problem(&SignedReport::sign(bad, &key(1)).text()), Some(ReportProblem::Damaged));
}

proptest! {
    #[test]
    fn any_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(SignedReport::verify(&bytes).is_err());
    }

    /// One letter more, less or other, anywhere: either nothing that was said changed, or it is seen.
    #[test]
    fn one_letter_anywhere(at in any::<prop::sample::Index>(), letter in any::<char>(), how in 0..3_u8) {
        let mut letters: Vec<char> = file().chars().collect();
        let at = at.index(letters.len());
        match how {
            0 => letters[at] = letter,
            1 => letters.insert(at, letter),
            _ => { letters.remove(at); }
        }
        let text: String = letters.into_iter().collect();
        if let Ok((read, maker)) = SignedReport::verify(text.as_bytes()) {
            prop_assert_eq!((read, maker), (report(), key(1).fingerprint()));
        }
    }
}
