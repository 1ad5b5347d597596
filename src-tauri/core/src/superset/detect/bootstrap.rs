//! The `data-bootstrap` attribute of Superset's pages: what its own front end starts from (6.1.0).

use crate::http::Answer;
use serde::Deserialize;
use serde_json::Value;

/// What the sign-in page tells.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::superset) struct Bootstrap {
    pub auth_type: Option<i64>,
    /// Names of `OAuth` providers.
    pub providers: Vec<String>,
    pub version: Option<String>,
    /// `EMBEDDED_SUPERSET`
    pub embedded: Option<bool>,
    /// The header that guests' tokens are looked for in. The page of an embedded dashboard tells it.
    pub guest_header: Option<String>,
}

/// All that a page's front end starts from.
fn data(answer: &Answer) -> Option<Value> {
    let html = String::from_utf8_lossy(&answer.body);
    let (_, attribute) = html.split_once("data-bootstrap=\"")?;
    let (attribute, _) = attribute.split_once('"')?;
    serde_json::from_str(&unescape(attribute)).ok()
}

#[derive(Deserialize)]
struct BootstrapWire {
    common: CommonWire,
    #[serde(default)]
    config: Value,
}

#[derive(Deserialize)]
struct CommonWire {
    #[serde(default)]
    conf: Value,
    #[serde(default)]
    menu_data: Value,
    #[serde(default)]
    feature_flags: Value,
}

/// More than anyone has.
const PROVIDERS: usize = 20;
const PROVIDER_LETTERS: usize = 64;

impl Bootstrap {
    pub(in crate::superset) fn find(answer: &Answer) -> Option<Self> {
        if answer.status != 200 {
            return None;
        }
        let BootstrapWire { common, config } = serde_json::from_value(data(answer)?).ok()?;
        let providers = common.conf.get("AUTH_PROVIDERS").and_then(Value::as_array);
        Some(Self {
            auth_type: common.conf.get("AUTH_TYPE").and_then(Value::as_i64),
            providers: providers.into_iter().flatten().take(PROVIDERS).filter_map(provider).collect(),
            version: common
                .menu_data
                .pointer("/navbar_right/version_string")
                .and_then(Value::as_str)
                .map(str::to_owned),
            embedded: common.feature_flags.get("EMBEDDED_SUPERSET").and_then(Value::as_bool),
            guest_header: config.get("GUEST_TOKEN_HEADER_NAME").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// A name, or an object with one.
fn provider(value: &Value) -> Option<String> {
    let name = value.as_str().or_else(|| value.get("name")?.as_str())?;
    let shown: String = name.chars().filter(|c| !c.is_control()).take(PROVIDER_LETTERS).collect();
    (!shown.is_empty()).then_some(shown)
}

/// The escapes that an attribute can hold; any other `&` is itself.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let escape = rest[1..].bytes().take(10).position(|byte| byte == b';').map(|end| &rest[1..=end]);
        let found = escape.and_then(|name| letter(name).map(|letter| (letter, name.len() + 2)));
        let (letter, length) = found.unwrap_or(('&', 1));
        plain.push(letter);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

fn letter(name: &str) -> Option<char> {
    let number = match name {
        "quot" => return Some('"'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        _ => name.strip_prefix('#')?,
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes() {
        for (text, plain) in [
            ("{&#34;a&#34;: &quot;b&#39;&amp;&lt;&gt;&#x27;&quot;}", r#"{"a": "b'&<>'"}"#),
            ("&", "&"),
            ("a & b; &bogus; &#; &#x110000; &#34", "a & b; &bogus; &#; &#x110000; &#34"),
            ("&amp;#34;", "&#34;"),
            ("é&ü;&#233;", "é&ü;é"),
        ] {
            assert_eq!(unescape(text), plain);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_unescaped_without_panic(text in "[&#x0-9a-zé;]{0,40}") {
            prop_assert!(unescape(&text).len() <= text.len());
        }
    }
}
