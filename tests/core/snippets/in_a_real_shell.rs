//! Commands in a real shell: words arrive as meant, and secrets in nobody's arguments.

use super::*;
use crate::executable::executable;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that prints its arguments, each ended by a NUL: no shell can blur where one ends.
fn fake_program(path: &Path) {
    executable(path, "#!/bin/bash\nprintf '%s\\0' \"$@\"\n");
}

/// One of ours, in a new folder.
pub fn our_program_in(folder: &Path) -> PathBuf {
    std::fs::create_dir(folder).unwrap();
    let program = folder.join("superset-keys");
    fake_program(&program);
    program
}

pub fn words(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8(output.to_vec()).unwrap();
    text.split_terminator('\0').map(String::from).collect()
}

/// Runs `script` with fake clients first on the `PATH`; `typed` is what a person types when asked.
pub fn run(script: &str, typed: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for program in ["claude", "code", "codex", "curl", "gemini"] {
        fake_program(&folder.path().join(program));
    }
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut child = Command::new("bash")
        .args(["--norc", "-c", script])
        .env("PATH", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A script that asks for nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    let printed = output.stdout.strip_prefix(b"Superset API key: \n").unwrap_or(&output.stdout);
    words(printed)
}

/// Names of folders that a program may lie in.
pub const PATHS: &[&str] =
    &["plain", "two words", "it's", "$HOME", "`id`", "a\"b", "a;b&c|d", "ünï", "back\\slash", "~"];

const HOSTILE: &[&str] = &[
    "https://superset.example.com/mcp",
    "https://superset.example.com/it's/$HOME/`id`/$(id)/\"x\"/!!/mcp",
    "https://superset.example.com/a b;touch x&&y|z/mcp?a=1&b='2'&c=${HOME}&d=`id`",
    "https://superset.example.com/(x)/*?q=[a]{b,c}~\\",
];

fn endpoint(url: &str) -> String {
    let text = Url::parse(url).unwrap().as_str().to_owned();
    text.trim_end_matches('/').replace('$', "%24")
}

#[test]
fn commands_arrive_word_by_word() {
    for url in HOSTILE {
        let given = Given::new(url, KEY);
        let url = endpoint(url);
        let arrives = |client: &str, delivery, typed: &str| {
            run(&given.text(client, delivery, SnippetForm::Command), typed)
        };
        let typed = format!("{KEY}\n");
        for (delivery, typed, header) in [
            (Delivery::Variable, "", "Authorization: Bearer ${SUPERSET_API_KEY}".to_owned()),
            (Delivery::Plaintext, typed.as_str(), format!("Authorization: Bearer {KEY}")),
        ] {
            assert_eq!(
                arrives("claude-code", delivery, typed),
                [
                    "mcp",
                    "add",
                    "--scope",
                    "user",
                    "--transport",
                    "http",
                    "superset",
                    &url,
                    "--header",
                    &header
                ]
            );
            assert_eq!(
                arrives("gemini", delivery, typed),
                [
                    "mcp",
                    "add",
                    "--scope",
                    "user",
                    "--transport",
                    "http",
                    "--header",
                    &header.replace("${SUPERSET_API_KEY}", "$SUPERSET_API_KEY"),
                    "superset",
                    &url
                ]
            );
        }
        assert_eq!(
            arrives("codex", Delivery::Variable, ""),
            ["mcp", "add", "superset", "--url", &url, "--bearer-token-env-var", "SUPERSET_API_KEY"]
        );
        let code = arrives("vscode", Delivery::Plaintext, &typed);
        assert_eq!(code[0], "--add-mcp");
        assert_eq!(
            serde_json::from_str::<Value>(&code[1]).unwrap(),
            json!({ "name": "superset", "type": "http", "url": url,
                "headers": { "Authorization": format!("Bearer {KEY}") } })
        );
        let code = arrives("vscode", Delivery::Prompt, "");
        assert_eq!(serde_json::from_str::<Value>(&code[1]).unwrap()["url"], url);
    }
}

#[test]
fn bash_finds_no_fault_in_any_command() {
    for url in HOSTILE {
        let given = Given::new(url, KEY);
        for (client, delivery, _) in every_combination() {
            let Ok(snippet) = client.snippet(&given.entry(delivery), SnippetForm::Command, Platform::Linux)
            else {
                continue;
            };
            let checked = Command::new("bash").args(["-n", "-c", snippet.text.expose()]).status().unwrap();
            assert!(checked.success(), "{} {delivery}", client.id);
        }
    }
}

#[test]
fn the_asked_for_key_outlives_nothing() {
    let script = Given::usual().text("gemini", Delivery::Plaintext, SnippetForm::Command);
    let words = run(&format!("{script} >/dev/null; printf '%s\\0' \"after:$SUPERSET_API_KEY\""), "sst_x\n");
    assert_eq!(words, ["after:"]);
}

#[test]
fn helper_lines_start_the_program_whatever_its_path() {
    for name in PATHS {
        let folder = tempfile::tempdir().unwrap();
        let program = our_program_in(&folder.path().join(name));
        let mut given = Given::usual();
        given.helper.program = program.to_str().unwrap().into();
        given.helper.args = ["headers", "it's $HOME", "", "--key", "a*"].map(String::from).into();

        let claude: Value =
            serde_json::from_str(&given.text("claude-code", Delivery::Helper, SnippetForm::Config)).unwrap();
        let codex: toml_edit::DocumentMut =
            given.text("codex", Delivery::Helper, SnippetForm::Config).parse().unwrap();
        let added = run(&given.text("claude-code", Delivery::Helper, SnippetForm::Command), "");
        assert_eq!(added[..3], ["mcp", "add-json", "superset"]);
        assert_eq!(added[4..], ["--scope", "user"]);
        let entry: Value = serde_json::from_str(&added[3]).unwrap();
        assert_eq!(entry, claude["mcpServers"]["superset"]);

        for line in [
            claude["mcpServers"]["superset"]["headersHelper"].as_str().unwrap(),
            codex["mcp_servers"]["superset"]["http_headers_helper"].as_str().unwrap(),
        ] {
            let output = Command::new("sh").args(["-c", line]).output().unwrap();
            assert_eq!(words(&output.stdout), given.helper.args, "{line}");
        }
    }
}

#[test]
fn the_key_is_not_among_curl_s_arguments() {
    let script = Given::usual().text("curl", Delivery::Variable, SnippetForm::Config);
    let words = run(&format!("SUPERSET_API_KEY={KEY}\n{script}"), "");
    assert!(words.iter().any(|word| word == "https://superset.example.com/mcp"), "{words:?}");
    assert!(words.iter().all(|word| !word.contains(KEY)), "anybody can list another's processes");
}
