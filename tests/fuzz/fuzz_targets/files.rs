#![no_main]
//! What people hand in or have lying about: reports, tokens, addresses, a state file, keys in any file.
use superset_keys_core::instance::InstanceUrl;
use superset_keys_core::oauth::Issuer;
use superset_keys_core::report::SignedReport;
use superset_keys_core::scan::KeySearch;
use superset_keys_core::secret::Secret;
use superset_keys_core::signing::inspect;
use superset_keys_core::store::State;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Nobody can sign by chance.
    assert!(SignedReport::verify(bytes).is_err());
    let _ = serde_json::from_slice::<State>(bytes).map(|state| serde_json::to_vec(&state).unwrap());
    let search = KeySearch::new(["sst_".to_owned()]);
    for hit in search.hits(bytes, 100) {
        let (hint, key) = search.take(bytes, &hit).unwrap();
        // EXPOSE: to see that its hint is not it.
        assert!(hint.as_str().chars().count() < key.expose().chars().count().max(9), "{hint}");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    assert!(search.hits(search.masked(text).as_bytes(), 1).is_empty(), "{text}");
    let _ = inspect(&Secret::new(text), "2026-11-30T10:00:00Z".parse().unwrap());
    if let Ok(issuer) = Issuer::parse(text) {
        assert!(issuer.text().starts_with("http"), "{text}");
    }
    if let Ok(url) = InstanceUrl::parse(text, false) {
        let url = url.to_string();
        assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        assert!(InstanceUrl::parse(&url, false).is_ok(), "what is kept is read again: {url}");
    }
});
