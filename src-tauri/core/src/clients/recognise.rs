//! Which of a client's entries are ours, and how they get their key.
//!
//! By what an entry says, not by what it is called: a person may have renamed it, or written it by hand after
//! somebody's instructions. The same for every client, because all of them start a program or call an address.

use super::delivery::Delivery;
use super::entry::{INPUT_ID, endpoint};
use crate::secret::Secret;
use serde_json::Value;
use std::path::Path;
use url::Url;

/// What an entry was found to say.
#[derive(Debug)]
pub struct Recognised {
    /// The program of ours that it starts.
    pub call: Option<OurCall>,
    /// Every address in it, as [`same_endpoint`] compares them.
    addresses: Vec<String>,
    /// How it gets its key, where that shows.
    pub delivery: Option<Delivery>,
    /// The key in it, for [`Delivery::Plaintext`].
    pub key: Option<Secret>,
}

/// `superset-keys [--home H] bridge|headers <instance> [--key K]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurCall {
    pub home: Option<String>,
    /// Its short name, or a former one.
    pub instance: String,
    /// The key's alias; the default key where there is none.
    pub key: Option<String>,
}

impl Recognised {
    #[must_use]
    pub fn of(entry: &Value) -> Self {
        let mut words = Vec::new();
        collect(entry, &mut words);
        let (call, called) = our_call(&words).unzip();
        let key = words.iter().find_map(|word| bearer(word)).map(Secret::new);
        let read_from_variable = ["bearer_token_env_var", "env_http_headers"];
        let delivery = if called.is_some() {
            called
        } else if words.iter().any(|word| word.contains(&format!("${{input:{INPUT_ID}}}"))) {
            Some(Delivery::Prompt)
        } else if key.is_some() {
            Some(Delivery::Plaintext)
        } else if words.iter().any(|word| refers(word))
            || read_from_variable.iter().any(|name| entry.get(name).is_some())
        {
            Some(Delivery::Variable)
        } else {
            None
        };
        let addresses = words.iter().filter_map(|word| Url::parse(word).ok());
        let addresses = addresses.filter(|url| matches!(url.scheme(), "http" | "https"));
        Self { call, addresses: addresses.map(|url| endpoint(&url)).collect(), delivery, key }
    }

    /// Whether both say the same, whatever else is in them.
    #[must_use]
    pub fn is_alike(&self, other: &Self) -> bool {
        self.call == other.call && self.addresses == other.addresses && self.delivery == other.delivery
    }

    /// Whether it calls this address.
    #[must_use]
    pub fn calls(&self, url: &Url) -> bool {
        self.addresses.contains(&endpoint(url))
    }
}

/// Every text in an entry, in its order, and texts that are one line for a shell taken apart.
fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            words.push(text.clone());
            if text.contains(' ')
                && let Some(parts) = shlex::split(text)
            {
                words.extend(parts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(entries) => {
            // A program stands before its arguments, however the file orders them.
            let (program, others): (Vec<_>, Vec<_>) =
                entries.iter().partition(|(key, _)| matches!(key.as_str(), "command" | "cmd"));
            program.into_iter().chain(others).for_each(|(_, value)| collect(value, words));
        }
        _ => {}
    }
}

fn our_call(words: &[String]) -> Option<(OurCall, Delivery)> {
    let program = words.iter().position(|word| is_our_program(word))?;
    let mut rest = words[program + 1..].iter().map(String::as_str);
    let mut home = None;
    let delivery = loop {
        match rest.next()? {
            "--home" => home = Some(rest.next()?.to_owned()),
            "bridge" => break Delivery::Bridge,
            "headers" => break Delivery::Helper,
            _ => {}
        }
    };
    let instance = rest.next()?.to_owned();
    let key = (rest.next() == Some("--key")).then(|| rest.next()).flatten().map(str::to_owned);
    Some((OurCall { home, instance, key }, delivery))
}

/// An absolute path to our program; Windows writes them with `\`, which no other system takes apart.
fn is_our_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name != word
        && Path::new(name).file_stem().is_some_and(|stem| stem == "superset-keys")
        && !word.contains(char::is_control)
}

/// What stands behind `Bearer`, where it is no reference to something.
fn bearer(word: &str) -> Option<&str> {
    let at = word.find("Bearer ")?;
    let key = word[at + "Bearer ".len()..].trim();
    let is_key = !key.is_empty() && !key.starts_with(['$', '{', '<', '%']);
    is_key.then(|| key.split_whitespace().next().unwrap_or(key))
}

/// `${NAME}`, `$NAME`, `${env:NAME}`, `{env:NAME}`, `${{ secrets.NAME }}` behind `Bearer`.
fn refers(word: &str) -> bool {
    word.split_once("Bearer ").is_some_and(|(_, what)| what.trim_start().starts_with(['$', '{']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(entry: &Value) -> Option<(OurCall, Option<Delivery>)> {
        let found = Recognised::of(entry);
        found.call.map(|call| (call, found.delivery))
    }

    #[test]
    fn what_starts_our_program_is_ours() {
        let of = |instance: &str, key: Option<&str>, home: Option<&str>, delivery| {
            let [key, home] = [key, home].map(|word| word.map(str::to_owned));
            Some((OurCall { home, instance: instance.to_owned(), key }, Some(delivery)))
        };
        for (entry, expected) in [
            (
                json!({ "args": ["bridge", "prod", "--key", "laptop"], "command": "/usr/bin/superset-keys" }),
                of("prod", Some("laptop"), None, Delivery::Bridge),
            ),
            (
                json!({ "type": "local", "command": ["/opt/a b/superset-keys", "--home", "/h", "bridge", "prod"] }),
                of("prod", None, Some("/h"), Delivery::Bridge),
            ),
            (
                json!({ "url": "https://x/mcp", "headersHelper": "'/opt/a b/superset-keys' headers prod --key k" }),
                of("prod", Some("k"), None, Delivery::Helper),
            ),
            (
                json!({ "command": "C:\\Program Files\\Superset Keys\\superset-keys.exe", "args": ["bridge", "prod"] }),
                of("prod", None, None, Delivery::Bridge),
            ),
            (json!({ "command": "npx", "args": ["superset-keys", "bridge", "prod"] }), None),
            (json!({ "command": "/usr/bin/superset-keys", "args": ["keys", "list"] }), None),
            (json!({ "command": "/usr/bin/other", "args": ["bridge", "prod"] }), None),
        ] {
            assert_eq!(call(&entry), expected, "{entry}");
        }
    }

    #[test]
    fn what_calls_our_address_is_ours_and_shows_how_it_gets_its_key() {
        let url = Url::parse("https://bi.example.com/mcp").unwrap();
        let with = |header: &str| json!({ "url": "https://bi.example.com/mcp/", "headers": { "Authorization": header } });
        for (entry, delivery) in [
            (with("Bearer ${SUPERSET_API_KEY}"), Some(Delivery::Variable)),
            (with("Bearer $SUPERSET_API_KEY"), Some(Delivery::Variable)),
            (with("Bearer {env:SUPERSET_API_KEY}"), Some(Delivery::Variable)),
            (with("Bearer ${input:superset-token}"), Some(Delivery::Prompt)),
            (with("Bearer sst_abc"), Some(Delivery::Plaintext)),
            (
                json!({ "url": "https://bi.example.com/mcp", "bearer_token_env_var": "X" }),
                Some(Delivery::Variable),
            ),
            (json!({ "url": "https://bi.example.com/mcp" }), None),
            (
                json!({ "command": "npx", "args": ["mcp-remote", "https://bi.example.com/mcp"], "env": { "A": "Bearer sst_abc" } }),
                Some(Delivery::Plaintext),
            ),
        ] {
            let found = Recognised::of(&entry);
            assert!(found.calls(&url), "{entry}");
            assert_eq!(found.delivery, delivery, "{entry}");
        }
        assert!(!Recognised::of(&json!({ "url": "https://bi.example.com/other" })).calls(&url));
    }
}
