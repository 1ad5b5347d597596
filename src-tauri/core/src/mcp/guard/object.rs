//! A JSON object read for a few of its names, each of which may stand there once.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The names that matter, as they are spelled, and whether there are others.
#[derive(Default)]
pub(super) struct Object<'a> {
    pub name: Option<&'a RawValue>,
    pub arguments: Option<&'a RawValue>,
    pub tools: Option<&'a RawValue>,
    pub result: Option<&'a RawValue>,
    pub content: Option<&'a RawValue>,
    pub structured: Option<&'a RawValue>,
    pub text: Option<&'a RawValue>,
    pub kind: Option<&'a RawValue>,
    pub others: bool,
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Object<'a> {
    /// None for what is no object, and for one with a name that matters twice.
    pub fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut object = Object::default();
                while let Some(Key(key)) = map.next_key()? {
                    let value: &RawValue = map.next_value()?;
                    let place = match &*key {
                        "name" => &mut object.name,
                        "arguments" => &mut object.arguments,
                        "tools" => &mut object.tools,
                        "result" => &mut object.result,
                        "content" => &mut object.content,
                        "structuredContent" => &mut object.structured,
                        "text" => &mut object.text,
                        "type" => &mut object.kind,
                        _ => {
                            object.others = true;
                            continue;
                        }
                    };
                    if place.replace(value).is_some() {
                        return Err(de::Error::custom("a name twice"));
                    }
                }
                Ok(object)
            }
        }
        from.deserialize_map(Reader)
    }
}

pub(super) fn string(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}
