//! Hand out a plaintext: to the clipboard, to a person who asked to see it, to an AI client.

use crate::Core;
use crate::deed::{Deed, DeedKind};
use crate::error::{Error, Result};
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::secret::Secret;

/// Where a plaintext goes that leaves the core, as the record tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedTo<'a> {
    Clipboard,
    /// The window, where a person looks at it.
    Window,
    Output,
    /// A program, in its environment.
    Command(&'a str),
}

impl Core {
    /// The plaintext of a key on this computer, for somebody outside of the core. The record tells of it before anybody
    /// has it.
    pub async fn read_secret(&self, id: &InstanceId, key: &ApiKeyId, to: HandedTo<'_>) -> Result<Secret> {
        let secret = self.secret(id, key).await?;
        let deed = |kind| Deed::of_key(kind, key);
        let deed = match to {
            HandedTo::Clipboard => deed(DeedKind::KeyCopied),
            HandedTo::Window => deed(DeedKind::KeyRevealed),
            HandedTo::Output => deed(DeedKind::KeyPrinted),
            HandedTo::Command(program) => deed(DeedKind::KeyGiven).how(program),
        };
        self.note(id, deed).await;
        Ok(secret)
    }

    /// The same for what the core does with it. A record whose plaintext turns out to be gone is marked so, everywhere,
    /// at once.
    pub(super) async fn secret(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Secret> {
        let entry = SecretId::api_key(id, key);
        if !self.safe.holds(&entry) {
            let instance = self.instance(id)?;
            let record =
                instance.record(key).ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
            if !record.is_stored() {
                return Err(Error::SecretNotHere { name: record.alias.clone() });
            }
        }
        if let Some(secret) = self.safe(move |safe| safe.get(&entry)).await? {
            return Ok(secret);
        }
        self.mark_gone(id, key).await?;
        let alias = self.instance(id)?.record(key).map(|record| record.alias.clone());
        Err(Error::SecretNotHere { name: alias.unwrap_or_else(|| key.to_string()) })
    }

    pub(super) async fn mark_gone(&self, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
        let (id, key) = (id.clone(), key.clone());
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&id)?.record_mut(&key) {
                record.stored = None;
            }
            Ok(())
        })
        .await
    }
}
