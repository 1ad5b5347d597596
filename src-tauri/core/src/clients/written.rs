//! Our entry as it goes into a client's own file.

use super::cleaning::{Cleaned, cleaned};
use super::delivery::{Delivery, NotWritten};
use super::entry::{Credential, Entry, Target};
use super::key_shape::KeyShape;
use super::placeholder::{INPUT_ID, KEY_MARK, VARIABLE};
use super::platform::Platform;
use super::program_call::ProgramCall;
use super::table::{ConfigFile, Document, McpClient};
use crate::error::{Error, Result};
use serde_json::{Map, Value};

/// An entry, and where it goes.
pub struct WrittenEntry {
    pub file: ConfigFile,
    entry: Map<String, Value>,
    /// Keys that must go of an entry that is there: those that say how the client gets its key another way, or the
    /// client would have two answers.
    pub obsolete: Vec<String>,
    /// The key's mark is in it.
    pub holds_secret: bool,
}

impl WrittenEntry {
    /// Whether it says something under this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entry.contains_key(key)
    }

    /// The same over one of ours that is there; see [`cleaned`].
    #[must_use]
    pub fn over(self, current: &Map<String, Value>, same_way: bool, keys: &dyn KeyShape) -> Self {
        let Cleaned { entry, obsolete } = cleaned(current, &self.entry, &self.obsolete, same_way, keys);
        Self { entry, obsolete, ..self }
    }

    /// Every text in it, with this one where the key goes.
    #[must_use]
    pub fn texts(&self, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        self.with(key).values().for_each(|value| collect(value, &mut texts));
        texts
    }

    /// With this text where the key goes: the key itself, or its hint.
    #[must_use]
    pub fn with(&self, key: &str) -> Map<String, Value> {
        let mut entry = self.entry.clone();
        entry.values_mut().for_each(|value| fill(value, key));
        entry
    }
}

impl McpClient {
    /// Our entry for this client's file.
    ///
    /// # Errors
    /// [`Error::DeliveryUnsupported`], and [`Error::WritingUnsupported`] where only a person can put it there.
    pub fn entry(&self, entry: &Entry<'_>, platform: Platform) -> Result<WrittenEntry> {
        let delivery = entry.credential.delivery();
        self.can_take(delivery).map_err(|reason| Error::DeliveryUnsupported {
            client: self.id.to_owned(),
            delivery: delivery.as_str().to_owned(),
            reason: reason.as_str().to_owned(),
        })?;
        let unwritable = |why| self.not_written(why);
        let file = self.writes().map_err(unwritable)?;
        let target = Target::of(entry, platform);
        let call = entry.credential.call().cloned().unwrap_or_else(no_call);
        let document = |delivery| self.document(&target, delivery, &call, platform);
        let Some(Document::Entry(Value::Object(ours))) = document(delivery) else {
            return Err(unwritable(NotWritten::MoreThanAnEntry));
        };
        let mut obsolete: Vec<String> = Vec::new();
        for other in Delivery::ALL {
            if let Some(Document::Entry(Value::Object(other))) = document(*other) {
                obsolete.extend(other.into_iter().map(|(key, _)| key));
            }
        }
        obsolete.retain(|key| !ours.contains_key(key));
        let holds_secret = matches!(entry.credential, Credential::Plaintext { .. });
        Ok(WrittenEntry { file, entry: ours, obsolete, holds_secret })
    }

    /// What a person is told who asks for what only they can do.
    #[must_use]
    pub fn not_written(&self, why: NotWritten) -> Error {
        Error::WritingUnsupported { client: self.id.to_owned(), reason: why.as_str().to_owned() }
    }

    fn document(
        &self,
        target: &Target<'_>,
        delivery: Delivery,
        call: &ProgramCall,
        platform: Platform,
    ) -> Option<Document> {
        let ways = &self.ways;
        Some(match delivery {
            Delivery::Bridge => (ways.bridge.taken().ok()?.config)(target, call),
            Delivery::Helper => (ways.helper.taken().ok()?.config)(target, &call.line(platform)),
            Delivery::Prompt => (ways.prompt.taken().ok()?.config)(target, INPUT_ID),
            Delivery::Variable => (ways.variable.taken().ok()?.config)(target, VARIABLE),
            Delivery::Plaintext => (ways.plaintext.taken().ok()?.config)(target, KEY_MARK),
        })
    }
}

fn no_call() -> ProgramCall {
    ProgramCall::default()
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(entries) => entries.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn fill(value: &mut Value, key: &str) {
    match value {
        Value::String(text) if text.contains(KEY_MARK) => *text = text.replace(KEY_MARK, key),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, key)),
        Value::Object(entries) => entries.values_mut().for_each(|value| fill(value, key)),
        _ => {}
    }
}
