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

/// The text with what may be a secret masked. Line breaks stay where they are.
pub fn mask_secrets(text: &str) -> String {
    let mut name = String::new();
    text.split_inclusive('\n').map(|line| mask_line(line, &mut name)).collect()
}

/// `name` is the last text before this line: a value may stand below what it belongs to.
fn mask_line(line: &str, name: &mut String) -> String {
    let (line, values) = mask_quoted(&mask_words(line), name);
    let Some((before, value)) = bare_value(&line).filter(|_| values == 0) else { return line };
    if is_telling(&line[..before]) && !is_reference(&line[value.clone()]) {
        format!("{}{MASK}{}", &line[..value.start], &line[value.end..])
    } else {
        line
    }
}

/// Texts in quotes that follow a telling name, and how many texts there were behind names.
fn mask_quoted(line: &str, name: &mut String) -> (String, usize) {
    let mut masked = String::with_capacity(line.len());
    let (mut rest, mut values) = (line, 0);
    while let Some(open) = rest.find(['"', '\'']) {
        let quote = if rest[open..].starts_with('"') { '"' } else { '\'' };
        let bare = rest[..open].trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if !bare.is_empty() {
            bare.clone_into(name);
        }
        let Some(length) = closing(&rest[open + 1..], quote) else { break };
        let (text, after) = (&rest[open + 1..open + 1 + length], &rest[open + 2 + length..]);
        let is_name = after.trim_start().starts_with([':', '=']);
        let is_flag = text.starts_with('-');
        masked.push_str(&rest[..=open]);
        if is_name {
            masked.push_str(text);
        } else {
            values += 1;
            let hides = is_telling(name) && !is_flag && !is_reference(text) && !text.is_empty();
            masked.push_str(&if hides { MASK.to_owned() } else { mask_assignments(text) });
        }
        masked.push(quote);
        if is_name || is_flag {
            text.clone_into(name);
        } else if name.starts_with('-') {
            name.clear();
        }
        rest = after;
    }
    (masked + rest, values)
}

/// How far it is to the quote that closes a text.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let closes = letter == quote && !escaped;
        escaped = letter == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// `--token=…`, `?api_key=…&…` and `https://name:…@host` inside a text.
fn mask_assignments(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, value) = rest.split_at(at + 1);
        let length = value.find(['&', ' ', '#']).unwrap_or(value.len());
        let name = before.rsplit(['&', '?', ' ']).next().unwrap_or(before);
        masked.push_str(before);
        let hides = is_telling(name) && length > 0 && !is_reference(&value[..length]);
        masked.push_str(if hides { MASK } else { &value[..length] });
        rest = &value[length..];
    }
    masked.push_str(rest);
    let Some((scheme, address)) = masked.split_once("://") else { return masked };
    let host = address.find(['/', '?', '#']).unwrap_or(address.len());
    match address[..host].rsplit_once('@') {
        Some((_, host_name)) => format!("{scheme}://{MASK}@{host_name}{}", &address[host..]),
        None => masked,
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

/// Where the value without quotes stands in a line such as `name: value`, and where its name ends.
fn bare_value(line: &str) -> Option<(usize, std::ops::Range<usize>)> {
    let at = line.find([':', '='])?;
    let start = at + 1 + line[at + 1..].find(|letter: char| !letter.is_whitespace())?;
    let length = line[start..].find([',', '\r', '\n']).unwrap_or(line.len() - start);
    let plain = !line[start..].starts_with(['{', '[', '"', '\'']);
    (length > 0 && plain).then_some((at, start..start + length))
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
            (
                r#""env": { "PASSWORD": "hunter2", "USER": "jane" }"#,
                r#""env": { "PASSWORD": "…", "USER": "jane" }"#,
            ),
            (r#"{"args":["--token","hunter2","--verbose"]}"#, r#"{"args":["--token","…","--verbose"]}"#),
            ("[\n  \"--api-key\",\n  \"hunter2\",\n  \"x\"\n]", "[\n  \"--api-key\",\n  \"…\",\n  \"x\"\n]"),
            (r#""args": ["--api-key=hunter2"]"#, r#""args": ["--api-key=…"]"#),
            (r#""url": "https://h/mcp?token=hunter2&x=1""#, r#""url": "https://h/mcp?token=…&x=1""#),
            (r#""url": "https://jane:hunter2@h/mcp""#, r#""url": "https://…@h/mcp""#),
            (r#""TOKEN": "hun\"ter2", "a": 1"#, r#""TOKEN": "…", "a": 1"#),
            ("env = { API_KEY = \"hunter2\" }\n", "env = { API_KEY = \"…\" }\n"),
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
            "# Häuser ✓ und Schlüssel, don't\n",
            r#""env_vars": ["SUPERSET_API_KEY", "PATH"]"#,
        ] {
            assert_eq!(mask_secrets(text), text);
        }
    }
}
