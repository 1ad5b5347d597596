//! A list that somebody else wrote, read entry by entry.

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Entries of a list that a server sends, at most. Each takes far more memory than its text.
pub(in crate::mcp) const ENTRIES: usize = 10_000;

/// The entries of a list, as they are spelled. Not more of them than anybody sends.
#[derive(Default)]
pub(in crate::mcp) struct Entries<'a>(pub(in crate::mcp) Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {ENTRIES} entries")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entries<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = list.next_element()? {
                    if all.len() == ENTRIES {
                        return Err(de::Error::invalid_length(ENTRIES + 1, &self));
                    }
                    all.push(one);
                }
                Ok(Entries(all))
            }
        }
        from.deserialize_seq(Reader)
    }
}
