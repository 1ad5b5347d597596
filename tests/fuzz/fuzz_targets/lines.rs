#![no_main]
//! Lines of the record and of activity, whoever wrote them: nothing that was not made with the key is called proven.
use superset_keys_core::activity;
use superset_keys_core::chain::{Chain, check, claimed_place, place};
use superset_keys_core::deed::Line;
use superset_keys_core::random::SystemRandom;
use superset_keys_core::secret::Secret;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let chain = Chain::random(&SystemRandom);
    let checked = check([("record.jsonl", bytes)].into_iter(), Some(&chain));
    assert_eq!(checked.proven, 0);
    for line in bytes.split(|byte| *byte == b'\n') {
        let _ = (activity::Line::read(line), Line::read(line), claimed_place(line));
        assert_eq!(place(line, &chain), None);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Chain::read(&Secret::new(text));
        // What is sealed is proven, and a letter more is not.
        if let Some(line) = Line::read(bytes) {
            let body = serde_json::to_string(&Line { number: Some(1), after: None, ..line }).unwrap();
            let (sealed, _) = chain.seal(&body).unwrap();
            assert_eq!(check([("f", sealed.as_bytes())].into_iter(), Some(&chain)).proven, 1, "{sealed}");
            let altered = sealed.replacen("\"number\":1", "\"number\":2", 1);
            assert_eq!(check([("f", altered.as_bytes())].into_iter(), Some(&chain)).proven, 0, "{altered}");
        }
    }
});
