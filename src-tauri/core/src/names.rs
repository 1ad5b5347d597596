//! Names: what people may write, and the short names and aliases made from it.

use crate::error::{Error, Result};

/// The server keeps 256 letters (a `String(256)` column; a longer name is lost on `PostgreSQL` and `MySQL`).
pub const KEY_NAME_LIMIT: usize = 256;
pub const INSTANCE_NAME_LIMIT: usize = 64;
/// As many letters as Flask-AppBuilder keeps of one (5.3.0).
pub const USER_NAME_LIMIT: usize = 64;
const SLUG_LIMIT: usize = 32;

/// A name as it will be shown: trimmed, not empty, nothing that hides or reorders letters.
pub fn display_name(typed: &str, limit: usize) -> Result<String> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Error::NameMissing);
    }
    if name.chars().count() > limit {
        return Err(Error::NameTooLong { limit });
    }
    if name.chars().any(hides) {
        return Err(Error::NameUnprintable);
    }
    Ok(name.to_owned())
}

/// Control letters, bidirectional overrides and invisible ones: a key list must not lie.
pub(crate) fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}')
        || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A short name or alias as typed: `[a-z0-9][a-z0-9-]{0,31}`.
pub fn slug(typed: &str) -> Result<String> {
    let fits = typed.len() <= SLUG_LIMIT
        && typed.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && typed.bytes().next().is_some_and(|b| b != b'-');
    if fits { Ok(typed.to_owned()) } else { Err(Error::ShortNameInvalid) }
}

/// A short name or alias made from a display name (`Claude Code – laptop` → `claude-code-laptop`), with a
/// number behind it where `taken` says so.
pub fn slug_from(name: &str, fallback: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut made = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            made.push(letter);
        } else if !made.is_empty() && !made.ends_with('-') {
            made.push('-');
        }
    }
    let made = shortened(&made, SLUG_LIMIT);
    let base = if made.is_empty() { fallback.to_owned() } else { made };
    if !taken(&base) {
        return base;
    }
    let mut number = 2_usize;
    loop {
        let tail = format!("-{number}");
        let candidate = format!("{}{tail}", shortened(&base, SLUG_LIMIT - tail.len()));
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

fn shortened(slug: &str, limit: usize) -> String {
    slug[..slug.len().min(limit)].trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs_from_names() {
        for (name, expected) in [
            ("Production", "production"),
            ("Claude Code – laptop", "claude-code-laptop"),
            ("  Büro  Wien ", "b-ro-wien"),
            ("日本", "key"),
            ("a very long name that goes on and on and on", "a-very-long-name-that-goes-on-an"),
        ] {
            assert_eq!(slug_from(name, "key", |_| false), expected, "{name}");
        }
        let taken = ["dev".to_owned(), "dev-2".to_owned()];
        assert_eq!(slug_from("Dev", "key", |made| taken.iter().any(|t| t == made)), "dev-3");
    }

    #[test]
    fn display_names() {
        assert_eq!(display_name("  Cursor – work ", 64).unwrap(), "Cursor – work");
        assert!(display_name(" ", 64).is_err());
        assert!(display_name("a\nb", 64).is_err());
        for hiding in ['\u{ad}', '\u{61c}', '\u{2028}', '\u{202e}', '\u{2066}'] {
            assert!(display_name(&format!("abc{hiding}def"), 64).is_err(), "{hiding:?}");
        }
        assert!(display_name(&"é".repeat(65), 64).is_err());
        assert!(display_name(&"é".repeat(64), 64).is_ok());
    }

    proptest! {
        #[test]
        fn a_made_slug_is_always_a_valid_slug(name in "\\PC{0,60}", taken in 0usize..12) {
            let made = std::cell::Cell::new(0);
            let slug_made = slug_from(&name, "key", |_| { made.set(made.get() + 1); made.get() <= taken });
            prop_assert!(slug(&slug_made).is_ok(), "{slug_made}");
        }
    }
}
