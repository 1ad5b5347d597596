//! Whatever the bytes: planted keys are found, all of them, whole, and where they are.

use crate::Tree;
use proptest::prelude::*;
use superset_keys_core::scan::KeySearch;

fn body() -> impl Strategy<Value = String> {
    // As random as the server makes them.
    proptest::array::uniform32(any::<u8>())
        .prop_map(|bytes| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes))
}

fn prefix() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("sst_"), Just("acme_"), Just("sst_acme_")]
}

/// Bytes in which no key begins or ends unseen: anything, closed off by what no key holds.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = proptest::collection::vec(any::<u8>(), 0..300);
    let like_keys = "(sst_|acme_|[A-Za-z0-9_-]{1,50}|\"|\n|\r\n| |=){0,12}".prop_map(String::into_bytes);
    (prop_oneof![any_bytes, like_keys], "[\"' =:\n\t,;(]").prop_map(|(mut bytes, end)| {
        bytes.extend(end.as_bytes());
        bytes
    })
}

fn search() -> KeySearch {
    KeySearch::new(["acme_".to_owned(), "sst_acme_".to_owned()])
}

/// Counted the slow way: line and column of `at`, both from 1.
fn line_and_column(bytes: &[u8], at: usize) -> (u32, u32) {
    let before = &bytes[..at];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let letters = before[start..].iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    (u32::try_from(line).unwrap(), u32::try_from(letters + 1).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn planted_keys_are_all_found_and_whole(
        parts in proptest::collection::vec((noise(), prefix(), body()), 0..6),
        tail in noise(),
    ) {
        let (mut bytes, mut planted) = (Vec::new(), Vec::new());
        for (noise, prefix, body) in &parts {
            bytes.extend(noise);
            let key = format!("{prefix}{body}");
            planted.push(bytes.len()..bytes.len() + key.len());
            bytes.extend(key.as_bytes());
        }
        // What follows must not carry the last key on.
        bytes.push(b'"');
        bytes.extend(&tail);
        // A key of noise after the escape letters of another language would be found too, so: all that were
        // planted, and whatever else is found has the shape of a key.
        let hits: Vec<_> = search().hits(&bytes, 1000).into_iter().map(|hit| hit.range).collect();
        for range in &planted {
            let closed = bytes.get(range.end).is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"-_".contains(byte));
            prop_assert_eq!(hits.contains(range), closed, "{:?}", String::from_utf8_lossy(&bytes[range.clone()]));
        }
        for range in &hits {
            let text = std::str::from_utf8(&bytes[range.clone()]).unwrap();
            let body = text.len() - 43;
            prop_assert!(["sst_", "acme_", "sst_acme_"].contains(&&text[..body]), "a partial: {}", text);
        }
    }

    #[test]
    fn a_key_s_place_is_its_line_and_column(parts in proptest::collection::vec((noise(), body()), 1..5)) {
        let mut bytes = b"#".to_vec();
        let mut planted = Vec::new();
        for (noise, body) in &parts {
            bytes.extend(noise.iter().filter(|byte| **byte != 0));
            planted.push(bytes.len());
            bytes.extend(format!("sst_{body}\"").as_bytes());
        }
        let tree = Tree::new();
        tree.write("file", &bytes);
        let found = tree.found();
        for at in planted {
            let (line, column) = line_and_column(&bytes, at);
            let place = format!("file:{line}:{column}");
            prop_assert!(found.contains(&place), "{} not in {:?}", place, found);
        }
    }

    #[test]
    fn a_key_of_another_length_is_none(body in "[A-Za-z0-9]{1,90}") {
        prop_assume!(body.len() != 43);
        let text = format!("key = \"sst_{body}\"");
        prop_assert!(search().hits(text.as_bytes(), 10).is_empty());
    }

    #[test]
    fn what_is_masked_holds_no_key(before in "\\PC{0,20}", body in body(), after in "\\PC{0,20}") {
        let key = format!("sst_{body}");
        let masked = search().masked(&format!("{before}/{key}/{after}"));
        prop_assert!(!masked.contains(&key) && masked.contains(&body[39..]));
        prop_assert!(masked.starts_with(&before) && masked.ends_with(&after));
    }
}
