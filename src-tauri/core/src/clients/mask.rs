//! Secrets of others taken out of text that is shown.
//!
//! A client's file holds other servers' tokens, and a preview shows the lines around ours. Nobody can know every
//! secret by its look, so whatever may be one goes: too much hidden is better than too little.

const MASK: &str = "…";
/// Shorter words are names, versions and paths.
const SHORTEST: usize = 20;
const PREFIXES: [&str; 12] =
    ["sst_", "sk-", "pk-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xox", "AKIA", "eyJ", "AIza"];
/// In the name of a value that is a secret.
const TELLING: [&str; 7] = ["token", "secret", "passw", "apikey", "authorization", "credential", "cookie"];

/// The text with what may be a secret masked, line by line.
pub fn mask_secrets(text: &str) -> String {
    text.split_inclusive('\n').map(mask_line).collect()
}

fn mask_line(line: &str) -> String {
    let masked = mask_words(line);
    let Some((name, value)) = name_and_value(&masked) else { return masked };
    if is_telling(&masked[name]) && !is_reference(&masked[value.clone()]) {
        format!("{}{MASK}{}", &masked[..value.start], &masked[value.end..])
    } else {
        masked
    }
}

fn mask_words(line: &str) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(belongs) {
        let end = rest[start..].find(|letter| !belongs(letter)).map_or(rest.len(), |length| start + length);
        let (before, word) = (&rest[..start], &rest[start..end]);
        masked.push_str(before);
        rest = &rest[end..];
        // A key's hint is what we put there ourselves.
        let hides = !rest.starts_with(MASK) && (may_be_secret(word) || follows_scheme(&masked));
        masked.push_str(if hides { MASK } else { word });
    }
    masked + rest
}

fn belongs(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '+' | '=' | '.' | '~')
}

fn may_be_secret(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.bytes().any(|byte| is(&byte));
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let hex = word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    PREFIXES.iter().any(|prefix| word.len() > prefix.len() + 4 && word.starts_with(prefix))
        || (word.len() >= SHORTEST && mixed)
        || hex
}

/// `Bearer `, and then the word itself rather than a reference.
fn follows_scheme(before: &str) -> bool {
    let end = before.len().saturating_sub("Bearer ".len());
    let tail = before.get(end..).unwrap_or_default();
    tail.eq_ignore_ascii_case("bearer ") || tail.to_ascii_lowercase().ends_with("basic ")
}

/// Where the name and the value of a line such as `"name": "value",` or `name = 'value'` stand.
fn name_and_value(line: &str) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let at = line.find([':', '='])?;
    let open = at + 1 + line[at + 1..].find(|letter: char| !letter.is_whitespace())?;
    let quote = line[open..].chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let start = open + quote.map_or(0, char::len_utf8);
    let length = match quote {
        Some(quote) => line[start..].find(quote)?,
        None => line[start..].find([',', '\r', '\n']).unwrap_or(line.len() - start),
    };
    let plain = !line[start..start + length].starts_with(['{', '[']);
    (length > 0 && plain).then_some((0..at, start..start + length))
}

fn is_telling(name: &str) -> bool {
    let name: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    TELLING.iter().any(|word| name.contains(word)) || name.ends_with("key")
}

/// `${NAME}`, `Bearer ${NAME}`, `{env:NAME}`, the name of a variable, or already masked.
fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let value = value.strip_prefix("Bearer ").unwrap_or(value);
    let is_name = value.contains('_') && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    value.starts_with(['$', '{', '%']) || value.contains(MASK) || is_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_others_are_hidden() {
        for (given, shown) in [
            (r#""API_TOKEN": "short","#, r#""API_TOKEN": "…","#),
            (r#""Authorization": "Bearer hunter2""#, r#""Authorization": "Bearer …""#),
            (r#""Authorization": "Basic aGk6aGk=""#, r#""Authorization": "Basic …""#),
            ("password = 'p w d'\n", "password = '…'\n"),
            ("GITHUB_KEY: abc def\n", "GITHUB_KEY: …\n"),
            (r#"{"a":"x","t":"sk-abcdefgh"}"#, r#"{"a":"x","t":"…"}"#),
            (r#""--header", "X-Id: 0f8fad5bd9cb469fa16570867728950e""#, r#""--header", "X-Id: …""#),
            (r#""args": ["ghp_0123456789abcdefABCDEF"]"#, r#""args": ["…"]"#),
            (r#""x": "sst_abcdefghijklmnop""#, r#""x": "…""#),
        ] {
            assert_eq!(mask_secrets(given), shown);
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            r#""command": "/usr/lib/superset-keys-1.2/bin/superset-keys","#,
            r#""Authorization": "Bearer ${env:SUPERSET_API_KEY}""#,
            r#""Authorization": "Bearer sst_…9fQ2""#,
            "bearer_token_env_var = \"SUPERSET_API_KEY\"\n",
            r#""args": ["-y", "@modelcontextprotocol/server-filesystem@2026.7.10", "/home/jane/Documents"]"#,
            "[mcp_servers.superset]\r\n",
            r#""tokens": ["#,
            "# Häuser ✓ und Schlüssel\n",
        ] {
            assert_eq!(mask_secrets(text), text);
        }
    }
}
