//! The id of a request.

use serde_json::value::RawValue;

/// A request's id: as it was spelled, and as it is compared (`1` and `1.0` are one number).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) raw: String,
    pub(super) key: String,
}

impl Id {
    pub(super) fn of(raw: &RawValue) -> Self {
        let raw = raw.get();
        Self { raw: raw.to_owned(), key: key(raw) }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Whether it may be meant by servers that answer `1` with `"1"`, or the other way round. The protocol's own
    /// clients take it so (TypeScript SDK 1.32.2: `Number(response.id)`; Python SDK 1.30.0 and 2.x).
    pub(super) fn resembles(&self, other: &Self) -> bool {
        self.number() == other.number()
    }

    /// As the number that it spells, if it spells one.
    fn number(&self) -> String {
        match self.key.strip_prefix('"') {
            Some(text) if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => key(text),
            _ => self.key.clone(),
        }
    }
}

fn key(raw: &str) -> String {
    if let Ok(text) = serde_json::from_str::<String>(raw) {
        return format!("\"{text}");
    }
    // Not every integer is a float: those that are spelled as integers are compared as they are spelled.
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    if digits != "0" && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.to_owned();
    }
    match raw.parse::<f64>() {
        Ok(0.0) => "0".to_owned(),
        Ok(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Ok(number) if number.fract() != 0.0 => format!("{number:?}"),
        _ => raw.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_as_values() {
        assert_eq!(key("1"), key("1.0"));
        assert_eq!(key("1e2"), key("100"));
        assert_eq!(key("1e16"), key("10000000000000000"));
        assert_eq!(key("-0"), key("0.0"));
        assert_eq!(key(r#""\u0061""#), key(r#""a""#));
        assert_ne!(key("1"), key(r#""1""#));
        assert_ne!(key("9007199254740993"), key("9007199254740992"));
        assert_ne!(key("0.5"), key("0.25"));
    }

    #[test]
    fn numbers_and_their_text_resemble_each_other() {
        let id = |raw: &str| Id { raw: raw.into(), key: key(raw) };
        let alike = |a: &str, b: &str| id(a).resembles(&id(b));
        for (a, b) in [("1", r#""1""#), (r#""1.0""#, "1"), ("-5", r#""-5""#), (r#""a""#, r#""\u0061""#)] {
            assert!(alike(a, b) && alike(b, a), "{a} {b}");
        }
        for (a, b) in
            [("1", r#""01x""#), ("1", "2"), (r#""""#, "0"), (r#""\"1""#, r#""1""#), ("1", r#""one""#)]
        {
            assert!(!alike(a, b) && !alike(b, a), "{a} {b}");
        }
    }
}
