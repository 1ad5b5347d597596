//! What stands behind `WWW-Authenticate: Bearer` (RFC 9110, 11.2). Pure.

/// The value of a parameter.
pub(super) fn parameter(challenge: &str, wanted: &str) -> Option<String> {
    let mut rest = challenge;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_matches([' ', ',', '\t']);
        let (value, after) = value(after.trim_start_matches([' ', '\t']))?;
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = after;
    }
}

/// A quoted text or a word, and what comes after it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut read = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((read, &quoted[at + 1..])),
            '\\' => read.push(letters.next()?.1),
            letter => read.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parameter;
    use proptest::prelude::*;

    #[test]
    fn a_value_is_found_among_others() {
        let fastmcp = r#"error="invalid_token", error_description="No, \"x=1\" it is", resource_metadata="https://bi.example.com/.well-known/oauth-protected-resource/mcp""#;
        let found = parameter(fastmcp, "resource_metadata");
        assert_eq!(found.as_deref(), Some("https://bi.example.com/.well-known/oauth-protected-resource/mcp"));
        assert_eq!(parameter(fastmcp, "ERROR").as_deref(), Some("invalid_token"));
        assert_eq!(parameter("realm=a, scope=b", "scope").as_deref(), Some("b"));
        for none in ["", "x", r#"error="open"#, r#"description="resource_metadata=x""#] {
            assert_eq!(parameter(none, "resource_metadata"), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "\\PC{0,120}") {
            let _ = parameter(&text, "resource_metadata");
        }

        #[test]
        fn what_is_quoted_is_read(value in "[ -~]{0,40}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let told = format!("error=\"a\", wanted=\"{quoted}\", last=b");
            prop_assert_eq!(parameter(&told, "wanted"), Some(value));
        }
    }
}
