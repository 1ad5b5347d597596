//! Values as a language writes them. Names come from servers, and stay text whatever stands in them.

use std::fmt::Write;

/// A string of JavaScript, also inside `<script>`: nothing in it can end the script or begin a comment.
pub(in crate::embedding) fn javascript(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for letter in json(text).chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            _ => quoted.push(letter),
        }
    }
    quoted
}

/// A string of Python: JSON's escapes are Python's.
pub(in crate::embedding) fn python(text: &str) -> String {
    json(text)
}

pub(in crate::embedding) fn rust(text: &str) -> String {
    format!("{text:?}")
}

/// A word of a POSIX shell. It knows no NUL.
pub(in crate::embedding) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// Text of HTML, or the value of an attribute.
pub(in crate::embedding) fn html(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => quoted.push_str("&amp;"),
            '<' => quoted.push_str("&lt;"),
            '>' => quoted.push_str("&gt;"),
            '"' => quoted.push_str("&quot;"),
            '\'' => quoted.push_str("&#39;"),
            '\0' => {}
            _ => quoted.push(letter),
        }
    }
    quoted
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
