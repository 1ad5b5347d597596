//! Secrets of others taken out of text that is shown.
//!
//! A client's file holds other servers' tokens, and a preview shows the lines around ours. Nobody can know every
//! secret by its look, so whatever may be one goes: too much hidden is better than too little.
//!
//! - `standing`: what is told by where it stands; `braces` and `lines` find it, in each dialect
//! - `names`: what is told by its name
//! - `quotes`: where a text between quotes ends, and what is meant by it
//! - `values`: what is told by what stands around it in a text

mod braces;
mod lines;
mod names;
mod quotes;
mod standing;
mod values;

use super::edit::Dialect;
use braces::{Braces, Marks};
use lines::Yaml;
use names::is_telling;
use quotes::closing;
use standing::Standing;
use std::collections::{BTreeSet, HashMap};
use values::{MASK, is_reference, mask_argument, mask_value, mask_whole};

/// Shorter words are names, versions and paths.
const SHORTEST: usize = 20;
const PREFIXES: [&str; 12] =
    ["sst_", "sk-", "pk-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xox", "AKIA", "eyJ", "AIza"];

/// A value stands no more lines than this below its name.
const BELOW_ITS_NAME: usize = 8;

/// Those lines of a text, by their numbers from 0, with what may be a secret masked. The values in `ours`, which we write
/// ourselves, stay.
pub fn mask_lines(
    text: &str,
    dialect: Dialect,
    ours: &[String],
    lines: &BTreeSet<usize>,
) -> HashMap<usize, String> {
    let mut name = String::new();
    let text = mask_standing(text, dialect, ours);
    let mut masked = HashMap::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if lines.range(number..=number + BELOW_ITS_NAME).next().is_none() {
            continue;
        }
        let line = mask_line(line, &mut name);
        if lines.contains(&number) {
            masked.insert(number, line);
        }
    }
    masked
}

/// What stands where secrets do, in order. Each dialect is read as it comes, broken or not: what is shown may be no
/// document at all any more.
fn standing(text: &str, dialect: Dialect) -> Vec<Standing> {
    let mut found = match dialect {
        Dialect::Json | Dialect::Jsonc => Braces::new(text, Marks::JSON).all(),
        Dialect::Toml => Braces::new(text, Marks::TOML).all(),
        Dialect::Yaml => Yaml::new(text).all(),
    };
    found.sort_by_key(|value| value.at.start);
    found
}

fn mask_standing(text: &str, dialect: Dialect, ours: &[String]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for value in standing(text, dialect) {
        // What was read twice is hidden already.
        if value.at.start < end {
            continue;
        }
        masked.push_str(&text[end..value.at.start]);
        let found = &text[value.at.clone()];
        let is_ours = || ours.iter().any(|ours| ours == found || escaped(ours) == found);
        if is_ours() || (!value.in_map && is_reference(found)) {
            masked.push_str(found);
        } else {
            masked.extend(found.split_inclusive('\n').map(mask_whole));
        }
        end = value.at.end;
    }
    masked + &text[end..]
}

/// As it stands between quotes.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// `name` is the last text before this line: a value may stand below what it belongs to.
fn mask_line(line: &str, name: &mut String) -> String {
    let (line, values) = mask_quoted(&mask_words(line), name);
    if values > 0 {
        return line;
    }
    let is_item = line.trim_start().starts_with("- ") && !line.contains(": ");
    if let Some((before, value)) = bare_value(&line).filter(|_| !is_item) {
        let text = &line[value.clone()];
        let shown = if is_telling(&line[..before]) { mask_bare(text) } else { mask_value(text) };
        name.clear();
        return format!("{}{shown}{}", &line[..value.start], &line[value.end..]);
    }
    mask_item(&line, name)
}

/// `- value` in a list without quotes: what belongs to a flag stands below it.
fn mask_item(line: &str, name: &mut String) -> String {
    let text = line.trim();
    let Some(text) = text.strip_prefix("- ").map(str::trim_start) else { return line.to_owned() };
    let start = line.trim_end().len() - text.len();
    let hides = name.starts_with('-') && is_telling(name) && !text.starts_with('-');
    let shown = if hides { mask_bare(text) } else { mask_argument(text, name) };
    name.clear();
    if text.starts_with('-') && !text.contains('=') {
        text.clone_into(name);
    }
    format!("{}{shown}{}", &line[..start], &line[start + text.len()..])
}

fn mask_bare(text: &str) -> String {
    if is_reference(text) { text.to_owned() } else { mask_whole(text) }
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
        let Some(length) = closing(&rest[open + 1..], quote, true) else { break };
        let (text, after) = (&rest[open + 1..open + 1 + length], &rest[open + 2 + length..]);
        let is_name = after.trim_start().starts_with([':', '=']);
        let is_flag = text.starts_with('-');
        masked.push_str(&rest[..=open]);
        if is_name {
            masked.push_str(text);
        } else {
            values += 1;
            let hides = is_telling(name) && !is_flag && !is_reference(text) && !text.is_empty();
            masked.push_str(&if hides { mask_whole(text) } else { mask_argument(text, name) });
        }
        masked.push(quote);
        if is_name || (is_flag && !text.contains('=')) {
            text.clone_into(name);
        } else if name.starts_with('-') {
            name.clear();
        }
        rest = after;
    }
    (masked + rest, values)
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
    let length = line[start..].trim_end().trim_end_matches(',').len();
    let plain = !line[start..].starts_with(['{', '[', '"', '\'']);
    (length > 0 && plain).then_some((at, start..start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask_secrets(text: &str, dialect: Dialect, ours: &[String]) -> String {
        let all: BTreeSet<_> = (0..text.split_inclusive('\n').count()).collect();
        let mut masked = mask_lines(text, dialect, ours, &all);
        all.iter().filter_map(|number| masked.remove(number)).collect()
    }

    fn mask(text: &str) -> String {
        let is_yaml = text.lines().all(|line| !line.contains(['=', '{', '"']) && line.contains(": "));
        let is_toml = text.contains(" = ") || text.starts_with('[');
        let dialect = if is_yaml {
            Dialect::Yaml
        } else if is_toml {
            Dialect::Toml
        } else {
            Dialect::Jsonc
        };
        mask_secrets(text, dialect, &[])
    }

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
                r#""env": { "PASSWORD": "…", "USER": "…" }"#,
            ),
            (r#""API_TOKEN": "$3cr3tv4lue""#, r#""API_TOKEN": "…""#),
            (
                r#""DB_PASS": "hunter2!", "MYSQL_PWD": "x", "PAT": "abc""#,
                r#""DB_PASS": "…", "MYSQL_PWD": "…", "PAT": "…""#,
            ),
            (r#""args": ["-e", "MODE=hunter2", "-p", "80"]"#, r#""args": ["-e", "MODE=…", "-p", "80"]"#),
            (r#""args": ["--header", "X-Id: hunter2"]"#, r#""args": ["--header", "X-Id: …"]"#),
            (r#""args": ["root:hunter2@tcp(db)/app"]"#, r#""args": ["…@tcp(db)/app"]"#),
            (r#"{"args":["--token","hunter2","--verbose"]}"#, r#"{"args":["--token","…","--verbose"]}"#),
            ("[\n  \"--api-key\",\n  \"hunter2\",\n  \"x\"\n]", "[\n  \"--api-key\",\n  \"…\",\n  \"x\"\n]"),
            (r#""args": ["--api-key=hunter2"]"#, r#""args": ["--api-key=…"]"#),
            (r#""url": "https://h/mcp?token=hunter2&x=1""#, r#""url": "https://h/mcp?token=…&x=1""#),
            (r#""url": "https://jane:hunter2@h/mcp""#, r#""url": "https://…@h/mcp""#),
            (r#""TOKEN": "hun\"ter2", "a": 1"#, r#""TOKEN": "…", "a": 1"#),
            ("env = { API_KEY = \"hunter2\" }\n", "env = { API_KEY = \"…\" }\n"),
        ] {
            assert_eq!(mask(given), shown);
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
            assert_eq!(mask(text), text);
        }
    }
    #[test]
    fn every_value_of_a_map_of_variables_or_headers_is_hidden() {
        for (dialect, given, shown) in [
            (
                Dialect::Jsonc,
                "{\"env\": {\"A\": \"x y\", // was z\n \"N\": 1, \"L\": [\"p\", {\"q\": true}], \"R\": \"${R}\"}, \"cwd\": \"w\"}",
                "{\"env\": {\"A\": \"…\", // …\n \"N\": …, \"L\": [\"…\", {\"q\": …}], \"R\": \"${R}\"}, \"cwd\": \"w\"}",
            ),
            (
                Dialect::Jsonc,
                "{\n// don't\n// \"env\": {\n//   \"A\": \"x\"\n// }, \"b\": \"y\"\n\"b\": \"z\" /* \"headers\": {\"c\": \"x\"} */}",
                "{\n// don't\n// \"env\": {\n//   \"A\": \"…\"\n// }, \"b\": \"y\"\n\"b\": \"z\" /* \"headers\": {\"c\": \"…\"} */}",
            ),
            (
                Dialect::Toml,
                "[a.db.env] # x\nA = \"x\"\nB = 'y' # z\nC = \"\"\"\nx\ny\"\"\"\nN = 1\n[a.\"db\"]\ncwd = \"w\"\n",
                "[a.db.env] # x\nA = \"…\"\nB = '…' # …\nC = \"\"\"\n…\n…\"\"\"\nN = …\n[a.\"db\"]\ncwd = \"w\"\n",
            ),
            (
                Dialect::Toml,
                "env.A = \"x\"\ncwd = \"w\"\nhttp_headers = { A = \"x\", \"B-C\" = 'y' }\nenv_http_headers = { A = \"NAME\" }\n# env = { A = \"x\" }\n",
                "env.A = \"…\"\ncwd = \"w\"\nhttp_headers = { A = \"…\", \"B-C\" = '…' }\nenv_http_headers = { A = \"NAME\" }\n# env = { A = \"…\" }\n",
            ),
            (
                Dialect::Yaml,
                "db:\n  envs:\n    A: x\n    'B': \"y z\" # w\n    C: |\n      k: x\n      y\n    D: >-\n      x\n    E: x\n      y\n  cwd: w\n",
                "db:\n  envs:\n    A: …\n    'B': \"…\" # w\n    C: |\n      …\n      …\n    D: >-\n      …\n    E: …\n      …\n  cwd: w\n",
            ),
            (
                Dialect::Yaml,
                "- name: db\n  env:\n  - A=x\n  - B: y\n  headers: {A: x y, B: \"z\"}\n  env: &it\n    A: x\n  # A: x\n  cwd: w\n  # env:\n  #   A: x\n",
                "- name: db\n  env:\n  - …\n  - B: …\n  headers: {A: …, B: \"…\"}\n  env: &it\n    A: …\n  # …\n  cwd: w\n  # env:\n  #   A: …\n",
            ),
            (
                Dialect::Yaml,
                "args:\n  - --api-key\n  - hunter2\n  - --token=hunter2\n  - root:hunter2@tcp(db)/app\n  - \"-e\"\n  - \"A=x\"\nopts: {password: x, b: y}\npin:\n  x\n",
                "args:\n  - --api-key\n  - …\n  - --token=…\n  - …@tcp(db)/app\n  - \"-e\"\n  - \"A=…\"\nopts: {password: …, b: y}\npin:\n  …\n",
            ),
        ] {
            assert_eq!(mask_secrets(given, dialect, &[]), shown);
        }
    }

    #[test]
    fn a_quote_ends_where_its_dialect_ends_it() {
        for (dialect, given, shown) in [
            (
                Dialect::Yaml,
                "envs:\n  A: 'C:\\tools\\'\n  B: 'hunter2'\ncwd: w\n",
                "envs:\n  A: '…'\n  B: '…'\ncwd: w\n",
            ),
            (
                Dialect::Yaml,
                "cwd: 'C:\\tools\\'\nenvs:\n  B: 'pass''word''x y'\n  'A''B': hunter2\n  \"A B\": hunter2\n",
                "cwd: 'C:\\tools\\'\nenvs:\n  B: '…'\n  'A''B': …\n  \"A B\": …\n",
            ),
            (
                Dialect::Yaml,
                "envs: {'A''B': 'pass''word''x y', B: 'C:\\', C: 'hunter2'}\ncwd: w\n",
                "envs: {'A''B': '…', B: '…', C: '…'}\ncwd: w\n",
            ),
            (Dialect::Yaml, "args: ['C:\\', '--token', 'hunter2']\n", "args: ['C:\\', '--token', '…']\n"),
            (Dialect::Toml, "args = ['C:\\', '--token', 'hunter2']\n", "args = ['C:\\', '--token', '…']\n"),
            (Dialect::Toml, "[a.env]\nA = 'C:\\'\nB = 'hunter2'\n", "[a.env]\nA = '…'\nB = '…'\n"),
            (Dialect::Yaml, "name: 'it\nenvs:\n  A: hunter2\n", "name: 'it\nenvs:\n  A: …\n"),
        ] {
            assert_eq!(mask_secrets(given, dialect, &[]), shown);
        }
    }

    #[test]
    fn a_map_is_known_however_its_name_is_written() {
        for (dialect, given, shown) in [
            (Dialect::Toml, "[a.db.env]# c\nA = \"hunter2\"\n", "[a.db.env]# c\nA = \"…\"\n"),
            (Dialect::Toml, "[a.db.env]\t# c\nA = \"hunter2\"\n", "[a.db.env]\t# c\nA = \"…\"\n"),
            (Dialect::Toml, "[a.\"d #b\".env]\nA = \"hunter2\"\n", "[a.\"d #b\".env]\nA = \"…\"\n"),
            (Dialect::Toml, "[ a.'d]b' . env ]\nA = \"hunter2\"\n", "[ a.'d]b' . env ]\nA = \"…\"\n"),
            (Dialect::Toml, "[a.\"en\\u0076\"]\nA = \"hunter2\"\n", "[a.\"en\\u0076\"]\nA = \"…\"\n"),
            (Dialect::Toml, "[a.\"x.y\"] # env\nA = \"w\"\n", "[a.\"x.y\"] # env\nA = \"w\"\n"),
            (Dialect::Toml, "env . A = \"hunter2\"\ncwd = \"w\"\n", "env . A = \"…\"\ncwd = \"w\"\n"),
            (Dialect::Toml, "env. A = \"hunter2\"\ncwd = \"w\"\n", "env. A = \"…\"\ncwd = \"w\"\n"),
            (Dialect::Toml, "a = { \"env\" .A = 'hunter2' }\n", "a = { \"env\" .A = '…' }\n"),
            (Dialect::Toml, "\"en\\U00000076\".A = \"hunter2\"\n", "\"en\\U00000076\".A = \"…\"\n"),
            (Dialect::Json, r#"{"en\u0076": {"A": "hunter2"}}"#, r#"{"en\u0076": {"A": "…"}}"#),
            (Dialect::Jsonc, r#"{"env" /* c */: {"A": "hunter2"}}"#, r#"{"env" /* … */: {"A": "…"}}"#),
            (Dialect::Yaml, "\"en\\u0076s\":\n  A: hunter2\n", "\"en\\u0076s\":\n  A: …\n"),
            (Dialect::Yaml, "{\"en\\x76s\": {A: hunter2}}\n", "{\"en\\x76s\": {A: …}}\n"),
            (Dialect::Yaml, "&a envs:\n  A: hunter2\n", "&a envs:\n  A: …\n"),
            (Dialect::Yaml, "? envs\n: A: hunter2\n  B: x\ncwd: w\n", "? envs\n: A: …\n  B: …\ncwd: w\n"),
            (
                Dialect::Yaml,
                "- ? 'envs' # c\n  :\n    A: hunter2\n  cwd: w\n",
                "- ? 'envs' # c\n  :\n    A: …\n  cwd: w\n",
            ),
            (
                Dialect::Yaml,
                "? !!str envs\n: {A: hunter2}\n? cwd\n: w\n",
                "? !!str envs\n: {A: …}\n? cwd\n: w\n",
            ),
            (Dialect::Yaml, "envs:\n  ? A\n  : hunter2\ncwd: w\n", "envs:\n  ? …\n  : …\ncwd: w\n"),
        ] {
            assert_eq!(mask_secrets(given, dialect, &[]), shown);
        }
    }

    #[test]
    fn a_telling_name_hides_all_that_stands_below_it() {
        let json = format!("{{\"tokens\": [\n{}], \"cwd\": \"w\"}}", "\"hunter2\",\n".repeat(20));
        let yaml = format!("tokens:\n{}cwd: w\n", "- hunter2\n".repeat(20));
        for (dialect, text, shown) in [(Dialect::Json, json, "\"…\",\n"), (Dialect::Yaml, yaml, "- …\n")]
        {
            // Its name is far above what is shown.
            let masked = mask_lines(&text, dialect, &[], &BTreeSet::from([18]));
            assert_eq!(masked, HashMap::from([(18, shown.to_owned())]));
        }
        for (dialect, given, shown) in [
            (
                Dialect::Json,
                r#"{"tokens": {"main": "hunter2", "b": [{"c": 1}], "d": "${D}"}, "cwd": "w"}"#,
                r#"{"tokens": {"main": "…", "b": [{"c": …}], "d": "${D}"}, "cwd": "w"}"#,
            ),
            (
                Dialect::Toml,
                "[a.tokens]\nmain = \"hunter2\"\n[a]\ncwd = \"w\"\n",
                "[a.tokens]\nmain = \"…\"\n[a]\ncwd = \"w\"\n",
            ),
            (Dialect::Toml, "tokens = { main = \"hunter2\" }\n", "tokens = { main = \"…\" }\n"),
            (Dialect::Yaml, "tokens:\n  main: hunter2\ncwd: w\n", "tokens:\n  main: …\ncwd: w\n"),
            (Dialect::Yaml, "tokens: {main: hunter2}\ncwd: w\n", "tokens: {main: …}\ncwd: w\n"),
            (Dialect::Yaml, "? tokens\n: main: hunter2\n", "? tokens\n: main: …\n"),
            (Dialect::Yaml, "token: hunter2\n# seen\ncwd: w\n", "token: …\n# seen\ncwd: w\n"),
            (
                Dialect::Json,
                r#"{"args": ["--env=MODE=hunter2", "--header=X-Id: hunter2", "--env=PORT"]}"#,
                r#"{"args": ["--env=MODE=…", "--header=X-Id: …", "--env=PORT"]}"#,
            ),
            (Dialect::Yaml, "args:\n- --env=MODE=hunter2\n", "args:\n- --env=MODE=…\n"),
        ] {
            assert_eq!(mask_secrets(given, dialect, &[]), shown);
        }
    }

    #[test]
    fn what_we_write_into_a_map_of_variables_is_shown() {
        let ours = ["C:\\x".to_owned(), "Bearer sst_…9fQ2".to_owned()];
        let text = r#"{"env": {"A": "C:\\x", "B": "y"}, "headers": {"Authorization": "Bearer sst_…9fQ2"}}"#;
        let shown = r#"{"env": {"A": "C:\\x", "B": "…"}, "headers": {"Authorization": "Bearer sst_…9fQ2"}}"#;
        assert_eq!(mask_secrets(text, Dialect::Json, &ours), shown);
    }

    mod property {
        use super::*;
        use crate::clients::edit::{self, Kept, Place};
        use proptest::prelude::*;
        use serde_json::{Map, Value, json};

        proptest! {
            #[test]
            fn no_value_of_variables_or_headers_is_shown_in_any_dialect(
                dialect in prop::sample::select(vec![Dialect::Json, Dialect::Jsonc, Dialect::Toml, Dialect::Yaml]),
                map in prop::sample::select(vec!["env", "envs", "environment", "headers", "http_headers", "httpHeaders"]),
                values in prop::collection::btree_map(
                    "[A-Z]([A-Z_-]|'|''|\\\\'|[ .\"#]){0,6}", "[a-z\"'\\\\ :=#,{}\\[\\]\n|>&*!%@`$-]{0,5}zq[a-z]{3}[ \"'\\\\:=#,{}\n]{0,3}", 1..4,
                ),
                before in "x[a-y]{1,6}",
            ) {
                // What is called after a secret is hidden as a whole.
                prop_assume!(!is_telling(&before));
                // That is a reference.
                prop_assume!(values.values().all(|value| !value.contains("${")));
                let values: Map<String, Value> = values.into_iter().map(|(key, it)| (key, Value::from(it))).collect();
                let entry = json!({"command": "visible", "args": ["seen"], map: values.clone(), "cwd": "there"});
                let place = Place { path: &["servers"], name: &before, kept: Kept::ByName };
                let file = edit::put(b"", dialect, &place, entry.as_object().unwrap(), &[]).unwrap();
                let text = String::from_utf8(file.bytes).unwrap();
                let shown = mask_secrets(&text, dialect, &[]);
                prop_assert!(!shown.contains("zq"), "{shown}\nof\n{text}");
                prop_assert_eq!(shown.lines().count(), text.lines().count());
                for word in ["visible", "seen", "there", map] {
                    prop_assert!(shown.contains(word), "{} of\n{}", shown, text);
                }
            }

            #[test]
            fn no_value_is_shown_however_others_wrote_it(
                values in prop::collection::vec(("[A-Z]([A-Z ]|'|\\\\){0,4}", "([a-z :#]|'|\\\\){0,5}zq('|\\\\){0,2}"), 1..4),
                blank in prop::sample::select(vec!["", " ", "\t"]),
                server in "[a-y #.\\]]{0,4}",
            ) {
                let single = |text: &str| format!("'{}'", text.replace('\'', "''"));
                let yaml = |(name, value): &(String, String)| format!("    {}: {}\n", single(name), single(value));
                let yaml: String = values.iter().map(yaml).collect();
                let literal = |text: &str| format!("'{}'", text.replace('\'', ""));
                let toml = |(name, value): &(String, String)| format!("{} = {}\n", literal(name), literal(value));
                let toml: String = values.iter().map(toml).collect();
                for (dialect, text) in [
                    (Dialect::Yaml, format!("db:\n  envs:\n{yaml}  cwd: there\n")),
                    (Dialect::Yaml, format!("db:\n  ? envs\n  :\n{yaml}  cwd: there\n")),
                    (Dialect::Toml, format!("[a.\"{server}\".env]{blank}# c\n{toml}[a.b]{blank}# c\ncwd = 'there'\n")),
                ] {
                    let shown = mask_secrets(&text, dialect, &[]);
                    prop_assert!(!shown.contains("zq"), "{shown}\nof\n{text}");
                    prop_assert!(shown.contains("there"), "{shown}\nof\n{text}");
                }
            }

            #[test]
            fn any_text_is_taken_without_panic(
                dialect in prop::sample::select(vec![Dialect::Json, Dialect::Toml, Dialect::Yaml]),
                text in "([\\[\\]{}\"'\\\\#/*:=,.?|>&! \n\r\tä-]|env|\\\\u0076|a|\"\"\"){0,40}",
            ) {
                let shown = mask_secrets(&text, dialect, &[]);
                prop_assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
            }
        }
    }
}
