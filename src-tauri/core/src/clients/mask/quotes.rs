//! Texts between quotes.

use std::borrow::Cow;

/// How far it is to the quote that closes a text. Between single quotes nothing is escaped; YAML doubles a quote that
/// belongs to the text.
pub(super) fn closing(text: &str, quote: char, doubles: bool) -> Option<usize> {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && quote == '"' {
            letters.next();
        } else if letter == quote {
            let is_doubled =
                doubles && quote == '\'' && letters.next_if(|(_, next)| *next == quote).is_some();
            if !is_doubled {
                return Some(at);
            }
        }
    }
    None
}

/// A name as it is meant: between double quotes its letters may be written as numbers.
pub(super) fn unescaped(name: &str, quote: Option<char>) -> Cow<'_, str> {
    if quote != Some('"') || !name.contains('\\') {
        return name.into();
    }
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = match rest.chars().next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let number = rest.get(1..=digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(letter) = number.and_then(char::from_u32) {
            plain.push(letter);
            rest = &rest[1 + digits..];
        }
    }
    (plain + rest).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_meant() {
        for (given, meant) in [
            (r"en\u0076", "env"),
            (r"\x65nv", "env"),
            (r"e\U0000006Ev", "env"),
            (r"e\/nv", "e/nv"),
            (r"env\u00", "envu00"),
            (r"env\", "env"),
            (r"ä\uä", "äuä"),
        ] {
            assert_eq!(unescaped(given, Some('"')), meant);
        }
        assert_eq!(unescaped(r"en\u0076", Some('\'')), r"en\u0076");
    }
}
