//! Which of a client's entries are ours, and how they get their key.
//!
//! By what an entry says, not by what it is called: a person may have renamed it, or written it by hand after
//! somebody's instructions. The same for every client, because all of them start a program or call an address.

use super::delivery::Delivery;
use super::entry::endpoint;
use super::key_shape::{KeyShape, refers, secrets_in};
use super::our_call::OurCall;
use super::placeholder::INPUT_ID;
use crate::secret::Secret;
use serde_json::Value;
use url::Url;

/// What an entry was found to say.
#[derive(Debug)]
pub struct Recognised {
    /// The program of ours that it starts.
    pub call: Option<OurCall>,
    /// Every address in it, as [`endpoint`] writes them, without what a key may stand in.
    addresses: Vec<String>,
    /// How the client gets its key, where that shows.
    pub delivery: Option<Delivery>,
    /// The keys in its text: for [`Delivery::Plaintext`] those that are used, else left over from another way.
    pub keys: Vec<Secret>,
}

impl Recognised {
    #[must_use]
    pub fn of(entry: &Value, shape: &dyn KeyShape) -> Self {
        let mut words = Vec::new();
        collect(entry, &mut words);
        let (call, called) = OurCall::of(entry).unzip();
        let keys: Vec<Secret> = words.iter().flat_map(|word| secrets_in(word, shape)).collect();
        let read_from_variable = ["bearer_token_env_var", "env_http_headers"];
        let delivery = if called.is_some() {
            called
        } else if words.iter().any(|word| word.contains(&format!("${{input:{INPUT_ID}}}"))) {
            Some(Delivery::Prompt)
        } else if !keys.is_empty() {
            Some(Delivery::Plaintext)
        } else if words.iter().any(|word| refers(word))
            || read_from_variable.iter().any(|name| entry.get(name).is_some())
        {
            Some(Delivery::Variable)
        } else {
            None
        };
        let addresses =
            words.iter().flat_map(|word| word.split_whitespace()).filter_map(|word| address(word, shape));
        Self { call, addresses: addresses.collect(), delivery, keys }
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

/// Every text in an entry, in its order.
fn collect<'a>(value: &'a Value, words: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => words.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(entries) => entries.values().for_each(|value| collect(value, words)),
        _ => {}
    }
}

/// An address without what is said to it besides: a name before its host, and a key in its query.
fn address(word: &str, shape: &dyn KeyShape) -> Option<String> {
    let at = ["https://", "http://"].iter().find_map(|scheme| word.find(scheme))?;
    let mut url = Url::parse(word[at..].trim_end_matches(['"', '\''])).ok()?;
    let _ = (url.set_username(""), url.set_password(None));
    if url.query().is_some_and(|query| !secrets_in(query, shape).is_empty()) {
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let harmless = pairs.into_iter().filter(|(_, value)| secrets_in(value, shape).is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(harmless).finish();
        url.set_query(Some(&query).filter(|query| !query.is_empty()).map(String::as_str));
    }
    Some(endpoint(&url))
}

#[cfg(test)]
mod tests {
    use super::super::key_shape::OnlyBearers;
    use super::*;
    use serde_json::json;

    struct Keys;

    impl KeyShape for Keys {
        fn keys_in(&self, text: &str) -> Vec<Secret> {
            let at = text.match_indices("sst_key");
            at.map(|(at, _)| Secret::new(&text[at..at + 7])).collect()
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
            (with("bearer sst_abc"), Some(Delivery::Plaintext)),
            (with("sst_key"), Some(Delivery::Plaintext)),
            (
                json!({ "url": "https://bi.example.com/mcp", "bearer_token_env_var": "X" }),
                Some(Delivery::Variable),
            ),
            (json!({ "url": "https://bi.example.com/mcp" }), None),
            (json!({ "url": "https://bi.example.com/mcp?token=sst_key" }), Some(Delivery::Plaintext)),
            (json!({ "url": "https://jane:sst_key@bi.example.com/mcp" }), Some(Delivery::Plaintext)),
            (
                json!({ "command": "npx", "args": ["mcp-remote", "https://bi.example.com/mcp"], "env": { "A": "Bearer sst_abc" } }),
                Some(Delivery::Plaintext),
            ),
            (
                json!({ "command": "npx", "args": ["mcp-remote", "https://bi.example.com/mcp", "--header", "Authorization: Bearer ${TOKEN}"], "env": { "TOKEN": "sst_key" } }),
                Some(Delivery::Plaintext),
            ),
            (json!({ "command": "sh", "args": ["-c", "npx mcp-remote 'https://bi.example.com/mcp'"] }), None),
            (json!({ "command": "bridge", "args": ["--url=https://bi.example.com/mcp"] }), None),
        ] {
            let found = Recognised::of(&entry, &Keys);
            assert!(found.calls(&url), "{entry}");
            assert_eq!(found.delivery, delivery, "{entry}");
        }
        assert!(!Recognised::of(&json!({ "url": "https://bi.example.com/other" }), &OnlyBearers).calls(&url));
    }

    #[test]
    fn a_key_that_is_left_in_an_entry_of_the_bridge_is_seen() {
        let entry = json!({ "command": "superset-keys", "args": ["bridge", "prod"], "env": { "A": "Bearer sst_key" } });
        let found = Recognised::of(&entry, &Keys);
        assert_eq!((found.delivery, found.keys.len()), (Some(Delivery::Bridge), 1));
    }
}
