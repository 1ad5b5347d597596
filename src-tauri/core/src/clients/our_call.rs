//! What of an entry starts our program, and what it tells it.
//!
//! As our own command line understands it: options in any order, before and behind the command, with `=` or without;
//! the program by a path or by its name; started by itself, by a shell, or by a program that starts others. A test of
//! the command line's holds the two together.

use super::cleaning::is_environment;
use super::delivery::Delivery;
use super::shell_line::{self, Line, assignment};
use crate::guard::{Guard, Rule};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Our program as an entry starts it: `superset-keys bridge|headers <instance>` and its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurCall {
    /// As it stands there: a path, or its name alone.
    pub program: String,
    pub home: Option<String>,
    /// The folder of our configuration, where the entry says it.
    pub config_folder: Option<String>,
    /// Its short name, a former one, its id or its name.
    pub instance: String,
    /// The key's alias, uuid or name; the default key where there is none.
    pub key: Option<String>,
    /// What the client may do, as it stands behind `--allow` and `--deny`.
    pub allow: Vec<String>,
    pub deny: Vec<String>,
}

/// Options that take a value, as `--name value` or `--name=value`.
const WITH_VALUE: [&str; 9] = [
    "--home",
    "--config-folder",
    "--state-folder",
    "--cache-folder",
    "--connect-timeout",
    "--timeout",
    "--key",
    ALLOW,
    DENY,
];
const ALLOW: &str = "--allow";
const DENY: &str = "--deny";
/// Programs that start the one that is named behind them. Those that get one from a registry first, such as `npx`, or
/// from an image are none: what they start is not ours.
const STARTERS: [&str; 37] = [
    "asdf",
    "busybox",
    "caffeinate",
    "chronic",
    "chrt",
    "command",
    "dbus-run-session",
    "direnv",
    "distrobox-host-exec",
    "doas",
    "doppler",
    "env",
    "exec",
    "flatpak-spawn",
    "host-spawn",
    "infisical",
    "ionice",
    "mise",
    "nice",
    "nohup",
    "op",
    "proxychains",
    "proxychains4",
    "rtx",
    "setsid",
    "start",
    "stdbuf",
    "sudo",
    "systemd-inhibit",
    "systemd-run",
    "taskset",
    "time",
    "timeout",
    "torsocks",
    "torify",
    "winpty",
    "wsl",
];
const SHELLS: [&str; 9] = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "nu", "busybox"];
const POWERSHELLS: [&str; 2] = ["pwsh", "powershell"];
/// A shell that starts a shell that starts a shell.
const DEEPEST: usize = 4;

impl OurCall {
    /// What the client may do.
    ///
    /// # Errors
    /// The word that is no rule: our command line refuses it too.
    pub fn guard(&self) -> Result<Guard, String> {
        let rules = |words: &[String]| {
            words
                .iter()
                .map(|word| word.parse::<Rule>().map_err(|_| word.clone()))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Guard::new(rules(&self.allow)?, rules(&self.deny)?))
    }

    /// What an entry starts, and how the client gets its key by it.
    pub(super) fn of(entry: &Value) -> Option<(Self, Delivery)> {
        let mut lines = Vec::new();
        lines_of(entry, &mut lines);
        let given = environment(entry);
        lines.iter().find_map(|words| started(words, &given, 0))
    }
}

/// Each command line in an entry: a program and its arguments, and each text that is a line for a shell.
fn lines_of(value: &Value, lines: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(entries) => {
            lines.extend(program_of(entries));
            entries.values().for_each(|value| lines_of(value, lines));
        }
        Value::Array(items) => items.iter().for_each(|item| lines_of(item, lines)),
        Value::String(text) => lines.extend(shell_line::readings(text)),
        _ => {}
    }
}

/// `command` and `args`, however the client writes them: apart, as one list, or as an object with a path.
fn program_of(entries: &Map<String, Value>) -> Option<Vec<String>> {
    let texts = |value: &Value| -> Option<Vec<String>> {
        match value {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(items) => {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            }
            _ => None,
        }
    };
    let program = ["command", "cmd", "path", "program"].iter().find_map(|key| entries.get(*key))?;
    let mut words = texts(program)?;
    let args = ["args", "arguments"].iter().find_map(|key| entries.get(*key));
    words.extend(args.and_then(texts).unwrap_or_default());
    Some(words)
}

/// The variables that the entry sets.
fn environment(entry: &Value) -> BTreeMap<String, String> {
    let sets = |(key, value): (&String, &Value)| match value {
        Value::Object(values) if is_environment(key) => Some(values.clone()),
        _ => None,
    };
    let all = entry.as_object().into_iter().flatten().filter_map(sets).flatten();
    all.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

fn started(words: &[String], given: &BTreeMap<String, String>, depth: usize) -> Option<(OurCall, Delivery)> {
    let (first, rest) = words.split_first()?;
    if is_ours(first) {
        return told(first, rest, given);
    }
    if depth >= DEEPEST {
        return None;
    }
    let inside = |line: Line| started(&line.words, &with(given, line.sets), depth + 1);
    let name = stem(first);
    let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    if is(&SHELLS)
        && let Some(script) = shell_line::behind_c(rest)
        && let Some(found) = shell_line::commands(&script).into_iter().find_map(inside)
    {
        return Some(found);
    }
    if is(&["cmd"]) {
        let rest: Vec<_> = rest.iter().skip_while(|word| word.starts_with('/')).cloned().collect();
        let line = || shell_line::for_cmd(&rest.join(" "));
        return started(&rest, given, depth + 1).or_else(|| started(&line(), given, depth + 1));
    }
    if is(&POWERSHELLS) {
        return shell_line::for_powershell(rest)
            .into_iter()
            .find_map(|words| started(&words, given, depth + 1));
    }
    // `flatpak run --command=superset-keys <id>` starts what is in that application.
    if is(&["flatpak"])
        && let Some(program) =
            rest.iter().find_map(|word| word.strip_prefix("--command=")).filter(|word| is_ours(word))
    {
        let behind = rest.iter().position(|word| word.starts_with("--command="))? + 1;
        let id = rest[behind..].iter().position(|word| !word.starts_with('-'))?;
        return told(program, &rest[behind + id + 1..], given);
    }
    if is(&STARTERS) {
        let at = rest.iter().position(|word| is_ours(word));
        let sets = rest.iter().take(at.unwrap_or(rest.len())).filter_map(|word| assignment(word)).collect();
        let given = with(given, sets);
        if let Some(at) = at {
            return told(&rest[at], &rest[at + 1..], &given);
        }
        // One of them may start a shell.
        return (0..rest.len()).find_map(|at| {
            let is_shell = SHELLS.contains(&stem(&rest[at]));
            is_shell.then(|| started(&rest[at..], &given, depth + 1)).flatten()
        });
    }
    // By its path it is ours whatever comes before it.
    let at = rest.iter().position(|word| is_ours(word) && word.contains(['/', '\\']))?;
    told(&rest[at], &rest[at + 1..], given)
}

/// What our program makes of its arguments.
fn told(program: &str, args: &[String], given: &BTreeMap<String, String>) -> Option<(OurCall, Delivery)> {
    let mut values: BTreeMap<&str, String> = BTreeMap::new();
    let mut positional: Vec<&String> = Vec::new();
    let (mut allow, mut deny) = (Vec::new(), Vec::new());
    let mut put = |name: &'static str, value: String| match name {
        ALLOW => allow.push(value),
        DENY => deny.push(value),
        _ => {
            values.insert(name, value);
        }
    };
    let mut rest = args.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            positional.extend(rest.by_ref());
        } else if let Some(name) = WITH_VALUE.iter().find(|name| word == *name) {
            put(name, rest.next()?.clone());
        } else if let Some((name, value)) = word.split_once('=').filter(|(name, _)| WITH_VALUE.contains(name))
        {
            let name = WITH_VALUE.iter().find(|other| **other == name)?;
            put(name, value.to_owned());
        } else if !word.starts_with('-') || word == "-" {
            positional.push(word);
        }
    }
    let delivery = match positional.first()?.as_str() {
        "bridge" => Delivery::Bridge,
        "headers" => Delivery::Helper,
        _ => return None,
    };
    let set = |name: &str| given.get(name).filter(|value| !value.is_empty()).cloned();
    let mut value = |name: &str| values.remove(name);
    let in_xdg = || set("XDG_CONFIG_HOME").map(|folder| format!("{folder}/superset-keys"));
    let home = value("--home").or_else(|| set("SUPERSET_KEYS_HOME"));
    let config_folder = value("--config-folder").or_else(|| in_xdg().filter(|_| home.is_none()));
    Some((
        OurCall {
            program: program.to_owned(),
            home,
            config_folder,
            instance: (*positional.get(1)?).clone(),
            key: value("--key"),
            allow,
            deny,
        },
        delivery,
    ))
}

fn with(given: &BTreeMap<String, String>, sets: Vec<(String, String)>) -> BTreeMap<String, String> {
    given.clone().into_iter().chain(sets).collect()
}

/// By its path or its name; Windows writes paths with `\`, which no other system takes apart.
fn is_ours(word: &str) -> bool {
    stem(word) == "superset-keys" && !word.contains(char::is_control)
}

/// What a program is called, without folder and ending.
fn stem(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let endings = [".exe", ".EXE", ".cmd", ".bat", ".AppImage"];
    endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(entry: &Value) -> Option<(String, Option<String>, Option<String>, Delivery)> {
        OurCall::of(entry).map(|(call, delivery)| (call.instance, call.key, call.home, delivery))
    }

    fn line(words: &[&str]) -> Value {
        json!({ "command": words[0], "args": words[1..] })
    }

    #[test]
    fn every_way_our_own_command_line_takes() {
        let bridge = |key: Option<&str>, home: Option<&str>| {
            Some(("prod".to_owned(), key.map(str::to_owned), home.map(str::to_owned), Delivery::Bridge))
        };
        let path = "/usr/bin/superset-keys";
        for (words, expected) in [
            (&[path, "bridge", "prod"] as &[&str], bridge(None, None)),
            (&[path, "bridge", "prod", "--key", "k"], bridge(Some("k"), None)),
            (&[path, "bridge", "--key", "k", "prod"], bridge(Some("k"), None)),
            (&[path, "bridge", "--key=k", "prod"], bridge(Some("k"), None)),
            (&[path, "--json", "bridge", "prod", "-vv"], bridge(None, None)),
            (&[path, "--timeout", "5", "bridge", "--timeout=9", "prod"], bridge(None, None)),
            (&[path, "bridge", "--home", "/h", "--", "prod"], bridge(None, Some("/h"))),
            (&[path, "--home=/h", "-v", "bridge", "prod", "--key", "a=b"], bridge(Some("a=b"), Some("/h"))),
            (&["superset-keys", "bridge", "prod"], bridge(None, None)),
            (&["superset-keys.exe", "bridge", "prod"], bridge(None, None)),
            (&["sh", "-c", "exec superset-keys bridge prod"], bridge(None, None)),
            (
                &["/bin/bash", "-lc", "cd /srv && A=b exec 'superset-keys' bridge prod --key k"],
                bridge(Some("k"), None),
            ),
            (&["zsh", "-l", "-c", "export A=b; superset-keys bridge prod"], bridge(None, None)),
            (&["sh", "-c", "SUPERSET_KEYS_HOME=/h superset-keys bridge prod"], bridge(None, Some("/h"))),
            (&["sh", "-c", "exec \"$0\" \"$@\"", path, "bridge", "prod"], bridge(None, None)),
            (&["cmd", "/c", "superset-keys", "bridge", "prod"], bridge(None, None)),
            (
                &["cmd.exe", "/d", "/s", "/c", "\"C:\\A b\\superset-keys.exe\" bridge prod"],
                bridge(None, None),
            ),
            (
                &["powershell", "-NoProfile", "-Command", "& 'C:\\A b\\superset-keys.exe' bridge prod"],
                bridge(None, None),
            ),
            (
                &["env", "-i", "X=1", "SUPERSET_KEYS_HOME=/h", "superset-keys", "bridge", "prod"],
                bridge(None, Some("/h")),
            ),
            (&["env", "bash", "-c", "superset-keys bridge prod"], bridge(None, None)),
            (&["mise", "exec", "--", "superset-keys", "bridge", "prod"], bridge(None, None)),
            (
                &["flatpak-spawn", "--host", "--env=A=b", "superset-keys", "bridge", "prod"],
                bridge(None, None),
            ),
            (
                &["flatpak", "run", "--command=superset-keys", "org.superset-keys", "bridge", "prod"],
                bridge(None, None),
            ),
            (&["strace", path, "bridge", "prod"], bridge(None, None)),
            (&["superset-keys bridge prod"], bridge(None, None)),
            // Not ours, or nothing that carries a key.
            (&["npx", "superset-keys", "bridge", "prod"], None),
            (&["npx", "-y", "superset-keys@latest", "bridge", "prod"], None),
            (&["docker", "run", "superset-keys", "bridge", "prod"], None),
            (&[path, "keys", "list", "bridge", "prod"], None),
            (&[path, "bridge"], None),
            (&["/usr/bin/other", "bridge", "prod"], None),
            (&["sh", "-c", "echo superset-keys bridge prod"], None),
        ] {
            assert_eq!(of(&line(words)), expected, "{words:?}");
        }
    }

    #[test]
    fn a_guard_is_read_wherever_it_stands() {
        for (words, arguments) in [
            (&["bridge", "prod"] as &[&str], ""),
            (&["bridge", "prod", "--allow", "read"], "--allow read"),
            (
                &["bridge", "--deny=execute_sql", "--allow", "read", "prod", "--allow=list_*"],
                "--allow read --allow list_* --deny execute_sql",
            ),
            (&["--timeout", "9", "bridge", "--allow", "*", "prod"], ""),
        ] {
            let call = OurCall::of(&json!({ "command": "superset-keys", "args": words })).unwrap().0;
            assert_eq!(call.instance, "prod");
            assert_eq!(call.guard().unwrap().arguments().join(" "), arguments, "{words:?}");
        }
        let call = OurCall::of(&json!({ "command": "superset-keys bridge prod --allow 'a b'" })).unwrap().0;
        assert_eq!(call.guard(), Err("a b".to_owned()));
    }

    #[test]
    fn every_shape_an_entry_has() {
        let prod = |delivery| Some(("prod".to_owned(), None, None, delivery));
        for (entry, expected) in [
            (
                json!({ "args": ["bridge", "prod"], "command": "/usr/bin/superset-keys" }),
                prod(Delivery::Bridge),
            ),
            (json!({ "command": ["/opt/a b/superset-keys", "bridge", "prod"] }), prod(Delivery::Bridge)),
            (
                json!({ "command": { "path": "superset-keys", "args": ["bridge", "prod"] } }),
                prod(Delivery::Bridge),
            ),
            (
                json!({ "transport": { "type": "stdio", "command": "superset-keys", "args": ["bridge", "prod"] } }),
                prod(Delivery::Bridge),
            ),
            (json!({ "cmd": "superset-keys", "args": ["bridge", "prod"] }), prod(Delivery::Bridge)),
            (
                json!({ "url": "https://x/mcp", "headersHelper": "'/opt/a b/superset-keys' headers prod" }),
                prod(Delivery::Helper),
            ),
            (
                json!({ "http_headers_helper": "C:\\Tools\\superset-keys.exe headers prod" }),
                prod(Delivery::Helper),
            ),
            (json!({ "description": "superset-keys makes bridges", "command": "x" }), None),
        ] {
            assert_eq!(of(&entry), expected, "{entry}");
        }
        let moved = json!({ "command": "superset-keys", "args": ["bridge", "prod"], "env": { "XDG_CONFIG_HOME": "/x" } });
        assert_eq!(OurCall::of(&moved).unwrap().0.config_folder.as_deref(), Some("/x/superset-keys"));
        let moved = json!({ "command": "superset-keys", "args": ["bridge", "prod"], "environment": { "SUPERSET_KEYS_HOME": "/x" } });
        assert_eq!(OurCall::of(&moved).unwrap().0.home.as_deref(), Some("/x"));
    }
}
