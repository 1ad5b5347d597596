//! What is to be written, and where.

use super::place::Place;
use serde_json::{Map, Value};

pub(super) struct Wanted<'a> {
    pub place: &'a Place<'a>,
    pub entry: &'a Map<String, Value>,
    pub obsolete: &'a [&'a str],
}

impl Wanted<'_> {
    /// The keys that must go from an entry that is there.
    pub fn obsolete(&self) -> impl Iterator<Item = &str> {
        self.obsolete.iter().copied().filter(|key| !self.entry.contains_key(*key))
    }
}
