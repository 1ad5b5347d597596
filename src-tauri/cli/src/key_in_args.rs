//! Keys that somebody typed where other programs can read them.

use std::ffi::OsString;

/// Whether an argument holds what looks like a key of Superset's usual prefix, or a JWT. It is looked for
/// anywhere in the argument: `--key=…`, `Bearer …`.
pub fn any(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.into_iter().any(|argument| looks_like_a_secret(&argument.to_string_lossy()))
}

fn looks_like_a_secret(argument: &str) -> bool {
    let long = |prefix: &str, at_least: usize| {
        argument.match_indices(prefix).any(|(at, _)| {
            let tail = &argument.as_bytes()[at + prefix.len()..];
            tail.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count() >= at_least
        })
    };
    long("sst_", 16) || long("eyJ", 40)
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
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
        ] {
            assert!(looks_like_a_secret(secret), "{secret}");
        }
        for name in
            ["sst_", "sst_laptop", "my sst_ key for the office laptop", "claude-code", "eyJ", "--name=büro"]
        {
            assert!(!looks_like_a_secret(name), "{name}");
        }
    }
}
