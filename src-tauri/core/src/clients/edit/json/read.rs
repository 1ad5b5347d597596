//! What a client gets to read.

use super::super::braces::Comments;
use super::super::dialect::Dialect;
use super::super::problem::{EditProblem, EditProblemKind, Result};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The document's values; those of an empty file are an empty object.
pub(in crate::clients::edit) fn values(text: &str, dialect: Dialect) -> Result<Value> {
    let plain = match dialect {
        Dialect::Jsonc => without_trailing_commas(without_comments(text)?),
        _ => text.to_owned(),
    };
    let plain = with_whole_letters(&plain);
    if plain.trim().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_str(&plain).map_err(|problem| {
        let lines_before = text.split_inclusive('\n').take(problem.line().saturating_sub(1));
        let offset = lines_before.map(str::len).sum::<usize>() + problem.column().saturating_sub(1);
        EditProblem::at(text, offset, EditProblemKind::Syntax)
    })
}

/// The text with a letter for private use in place of each half of a surrogate pair that stands alone, so that
/// every place in it stays the same. JavaScript writes `"\ud83d"` where it cut a text within an emoji, and reads
/// it; our readers do not.
pub(super) fn with_whole_letters(text: &str) -> Cow<'_, str> {
    let escape = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let mut whole = Cow::Borrowed(text);
    let mut at = 0;
    while let Some(next) = text[at..].find('\\') {
        at += next;
        at += match (escape(at), escape(at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(half @ 0xd800..0xe000), _) => {
                whole.to_mut().replace_range(at + 2..at + 6, &format!("{:04x}", half + 0x800));
                6
            }
            // What is escaped may be a backslash, or a letter of several bytes where no escape belongs.
            _ => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    whole
}

/// The text with blanks in place of comments, so that every place in it stays the same.
fn without_comments(text: &str) -> Result<Vec<u8>> {
    let mut plain = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(&byte) = plain.get(at) {
        let rest = &text.as_bytes()[at..];
        let length = match byte {
            b'"' => string_length(rest),
            b'/' => {
                let length = Comments::Slashes
                    .length(rest)
                    .ok_or_else(|| EditProblem::at(text, at, EditProblemKind::Syntax))?;
                blank(&mut plain[at..at + length]);
                length
            }
            _ => 1,
        };
        at += length;
    }
    Ok(plain)
}

/// A comma before `}` or `]`, with nothing but blanks between, and a value before it.
fn without_trailing_commas(mut plain: Vec<u8>) -> String {
    let mut at = 0;
    // The last comma with nothing behind it yet.
    let mut comma = None;
    let mut before = b'[';
    while at < plain.len() {
        let byte = plain[at];
        match byte {
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    plain[comma] = b' ';
                }
            }
            b',' if !matches!(before, b',' | b'[' | b'{' | b':') => comma = Some(at),
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        at += if byte == b'"' { string_length(&plain[at..]) } else { 1 };
    }
    // Only ASCII was blanked, or whole comments.
    String::from_utf8(plain).unwrap_or_default()
}

/// How long the string is that begins here, with its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn blank(comment: &mut [u8]) {
    comment.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
}
