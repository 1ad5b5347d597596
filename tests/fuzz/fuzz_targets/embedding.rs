#![no_main]
//! A row rule as somebody typed it, its value as anybody may, a guest's token, and the site a server names: no value becomes
//! more than a value, and what is called a site is one.
use superset_keys_core::embedding::{Dialect, GuestClaims, HostSite, RuleValue, fill, known_secret, lint, lint_for_any, warnings};
use superset_keys_core::secret::Secret;

const BACKENDS: [Option<&str>; 11] = [
    Some("trino"), Some("sqlite"), Some("postgresql"), Some("oracle"), Some("mysql"), Some("clickhouse"), Some("snowflake"),
    Some("redshift"), Some("hive"), Some("bigquery"), None,
];
const RULES: [&str; 3] = ["tenant = :tenant", "(tenant = :tenant AND open)", "open AND tenant IN (:tenant, 'a')"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let columns = ["tenant".to_owned(), "open".to_owned()];
    for dialect in BACKENDS.map(Dialect::of) {
        let typed = lint(text, &[dialect]);
        let _ = warnings(text, dialect, &[&columns]);
        if typed.is_ok() {
            // Only what no dialect would take is refused before it is known which one it is for.
            assert!(dialect == Dialect::of(None) || lint_for_any(text).is_ok(), "{text}");
            assert_eq!(fill(text, &[], &[dialect]).ok().filter(|filled| filled != text), None);
        }
        for is_number in [false, true] {
            let value = RuleValue { name: "tenant".to_owned(), value: text.to_owned(), is_number };
            for rule in RULES {
                let Ok(filled) = fill(rule, std::slice::from_ref(&value), &[dialect]) else { continue };
                let usual = rule.replace(":tenant", if is_number { "7" } else { "'b'" });
                assert_eq!(lint(&filled, &[dialect]), Ok(()), "{filled}");
                let seen = |clause: &str| warnings(clause, dialect, &[&columns]);
                assert_eq!(seen(&filled), seen(&usual), "{filled}");
            }
        }
    }
    let token = Secret::new(text);
    let _ = (GuestClaims::read(&token), known_secret(&token));
    if let Ok(site) = HostSite::parse(text) {
        let again = HostSite::parse(site.as_str());
        assert_eq!(again.map(|again| again.as_str().to_owned()).ok().as_deref(), Some(site.as_str()), "{text}");
        assert!(site.is_let_in_by(site.as_str()), "{text}");
        assert!(site.as_str().starts_with("https://") || site.as_str().starts_with("http://"), "{text}");
    }
});
