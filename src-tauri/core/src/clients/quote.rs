//! Words for shells. A word goes in, text goes out that the shell reads back as exactly that word.

use super::placeholder::{KEY_MARK, VARIABLE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// For `sh`, bash and zsh.
pub(super) fn posix(word: &str) -> String {
    if is_bare(word, "_@%+:,./-=") { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// For `cmd`, which has no way to quote `%`: `%NAME%` is replaced even between quotes.
pub(super) fn cmd(word: &str) -> String {
    if is_bare(word, "_+:./\\-") { word.to_owned() } else { format!("\"{}\"", word.replace('"', "\"\"")) }
}

fn is_bare(word: &str, also: &str) -> bool {
    !word.is_empty()
        && !word.starts_with('=')
        && word.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
}

/// A command for bash or zsh. Where a word holds the mark of the key, the command asks for the key first,
/// without showing it: the key is then in no text, no history and, thanks to the parentheses, in no
/// variable that outlives the command. The parentheses also keep `read` from taking a pasted line for it.
pub(super) fn script(words: &[String]) -> String {
    let line = words.iter().map(|word| asking(word)).collect::<Vec<_>>().join(" ");
    if !words.iter().any(|word| word.contains(KEY_MARK)) {
        return line;
    }
    format!("(\n  printf 'Superset API key: ' && IFS= read -rs {VARIABLE} && echo &&\n  {line}\n)")
}

/// One word in which the mark of the key becomes the variable that was asked for.
fn asking(word: &str) -> String {
    if !word.contains(KEY_MARK) {
        return posix(word);
    }
    if word.contains(['"', '$', '`', '\\', '!']) {
        let parts: Vec<_> =
            word.split(KEY_MARK).map(|part| format!("'{}'", part.replace('\'', r"'\''"))).collect();
        return parts.join(&format!("\"${VARIABLE}\""));
    }
    format!("\"{}\"", word.replace(KEY_MARK, &format!("${{{VARIABLE}}}")))
}

/// As JavaScript's `encodeURIComponent`, and a little stricter: everything but letters, digits and `-_.~`.
pub(super) fn uri_component(text: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_sh() {
        for (word, expected) in [
            ("superset", "superset"),
            ("https://a.example/mcp", "https://a.example/mcp"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME`id`", "'$HOME`id`'"),
            ("~/x", "'~/x'"),
            ("=ls", "'=ls'"),
        ] {
            assert_eq!(posix(word), expected);
        }
    }

    #[test]
    fn words_for_cmd() {
        assert_eq!(cmd(r"C:\Tools\superset-keys.exe"), r"C:\Tools\superset-keys.exe");
        assert_eq!(cmd(r"C:\Program Files\x.exe"), r#""C:\Program Files\x.exe""#);
        assert_eq!(cmd("a&b"), "\"a&b\"");
        assert_eq!(cmd("a\" & b"), "\"a\"\" & b\"");
    }

    #[test]
    fn what_links_carry() {
        assert_eq!(uri_component("{\"a b\":'+/='}"), "%7B%22a%20b%22%3A%27%2B%2F%3D%27%7D");
        assert_eq!(uri_component("é"), "%C3%A9");
    }
}
