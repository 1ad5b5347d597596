//! Keys that somebody typed where other programs can read them.

use std::ffi::OsString;

/// What Flask-AppBuilder puts behind the prefix: `secrets.token_urlsafe(32)`.
const BODY: usize = 43;
/// Of a key that was cut short, at least. Fewer letters may be a name.
const PART: usize = 24;
/// Of each of a token's first two parts, at least.
const TOKEN_PART: usize = 12;

/// Whether an argument holds what looks like a key of Superset's usual prefix, or a JWT. It is looked for
/// anywhere in the argument: `--key=…`, `Bearer …`. What `exec` hands on is the other program's.
pub fn any(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut hands_on = false;
    for argument in arguments {
        let text = argument.to_string_lossy();
        if hands_on && text == "--" {
            return false;
        }
        hands_on |= text == "exec";
        if looks_like_a_secret(&text) {
            return true;
        }
    }
    false
}

fn looks_like_a_secret(argument: &str) -> bool {
    let behind = |prefix: &'static str| {
        argument.match_indices(prefix).map(move |(at, _)| &argument[at + prefix.len()..])
    };
    behind("sst_").any(|rest| is_random(word(rest))) || behind("eyJ").any(is_token)
}

/// As far as the letters of a key and of a token's parts go.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_".contains(letter)));
    &text[..end.unwrap_or(text.len())]
}

/// Random letters change their kind (small, large, digit) with two of three; a name does not, however long it is.
fn is_random(word: &str) -> bool {
    let kind = |letter: u8| match letter {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    };
    let kinds: Vec<_> = word.bytes().filter(u8::is_ascii_alphanumeric).map(kind).collect();
    let changes = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mixed = kinds.contains(&0) && kinds.contains(&1);
    let whole = word.len() == BODY && changes * 6 >= kinds.len();
    mixed && (whole || word.len() >= PART && kinds.contains(&2) && changes * 3 >= kinds.len())
}

fn is_token(rest: &str) -> bool {
    let first = word(rest);
    let second = rest[first.len()..].strip_prefix('.').map(word);
    first.len() >= TOKEN_PART && second.is_some_and(|second| second.len() >= TOKEN_PART)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_seen_and_names_are_not() {
        for secret in [
            "sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI",
            "--key=sst_PNHkqdrcN3FhhTsEjG0RASQIS",
            "Bearer sst_PNHkqdrcN3FhhTsEjG0RASQIS",
            "https://x/?k=sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI&y",
            "sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI0",
            "sst_integration-tests sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI",
            // No digit, as one key in a thousand has it.
            "sst_PNHkqdrcNsFhhTsEjGgRASQIS_JFXogEvdZoFtKDlPI",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
            "--token=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.",
        ] {
            assert!(looks_like_a_secret(secret), "{secret}");
        }
        for name in [
            "sst_",
            "sst_laptop",
            "my sst_ key for the office laptop",
            "claude-code",
            "eyJ",
            "--name=büro",
            "./sst_integration-tests",
            "sst_data_platform_ci",
            "sst_data-platform-integration-tests-of-2026-for-all-of-us",
            "sst_DataPlatform2026Production",
            "sst_Integration-Tests-For-The-Data-Platform-2026",
            "eyJwYWdlIjoxMjM0NTY3ODkwLCJzb3J0IjoibmFtZSIsIm9yZGVyIjoiYXNjIn0",
        ] {
            assert!(!looks_like_a_secret(name), "{name}");
        }
    }

    #[test]
    fn what_another_program_is_given_is_its_own() {
        let key = "sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI";
        let any = |line: &str| any(line.split(' ').map(OsString::from));
        assert!(!any(&format!("exec production -- deploy {key}")));
        assert!(!any(&format!("--home /x exec production -- deploy {key}")));
        assert!(any(&format!("exec {key} -- deploy")));
        assert!(any(&format!("scan -- {key}")));
    }
}
