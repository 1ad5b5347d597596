//! Entries in AI clients' files that hold the text of a key that is to go, or name it for good, get the one that takes
//! its place.

use super::client_edit::EntryWritten;
use super::connect_client::ConnectRequest;
use super::recognise_entries::EntryReader;
use crate::clients::{CLIENTS, Located, McpClient, NotWritten, Recognised, Written};
use crate::error::ErrorCode;
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::RotationStep;
use crate::{Core, Error, Result};
use serde::Serialize;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RewrittenView {
    pub client: String,
    /// As a person would write it.
    pub path: String,
    pub entry: String,
    /// What was written; nothing where it stands as it was.
    pub written: Option<EntryWritten>,
    /// Why it stands as it was.
    pub problem: Option<ErrorCode>,
}

struct Carrying {
    client: &'static McpClient,
    place: Located,
    name: String,
    found: Recognised,
}

impl Core {
    /// Writes each such entry anew, in the way it has its key now. Of projects those are looked into whose files we
    /// changed lately. Nothing before the new key has its place.
    pub async fn rewrite_clients(
        &self,
        id: &InstanceId,
        rotation: &str,
        program: &str,
    ) -> Result<Vec<RewrittenView>> {
        let instance = self.instance(id)?;
        let found = instance.rotation(rotation);
        let found = found.ok_or_else(|| Error::NotRotating { name: rotation.to_owned() })?;
        let has_moved =
            matches!(found.step(), RotationStep::Watching | RotationStep::Revoking | RotationStep::Ended);
        let (Some(leaving), Some(staying), true) = (found.leaving(), found.staying(), has_moved) else {
            return Ok(Vec::new());
        };
        let mut rewritten = Vec::new();
        for carrying in self.carrying(id, leaving)? {
            rewritten.push(self.rewrite(id, staying, carrying, program).await);
        }
        Ok(rewritten)
    }

    fn carrying(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Vec<Carrying>> {
        let reader = self.entry_reader()?;
        let mut all = Vec::new();
        for client in CLIENTS {
            for place in self.places_known(client) {
                for (name, entry) in reader.entries_at(&place).unwrap_or_default() {
                    let found = reader.read(&entry);
                    let Some(instance) = reader.instance(&found).filter(|it| it.id == *id) else { continue };
                    let named = found.call.as_ref().and_then(|call| reader.named(instance, call));
                    let held = EntryReader::held(instance, &found);
                    if [named, held].iter().flatten().any(|record| record.id == *key) {
                        all.push(Carrying { client, place: place.clone(), name, found });
                    }
                }
            }
        }
        Ok(all)
    }

    async fn rewrite(
        &self,
        id: &InstanceId,
        staying: &ApiKeyId,
        carrying: Carrying,
        program: &str,
    ) -> RewrittenView {
        let Carrying { client, place, name, found } = carrying;
        let (path, entry) = (place.shown.clone(), name.clone());
        let written = async {
            match place.written {
                Written::Never => return Err(client.not_written(NotWritten::OlderForm)),
                Written::ByAdministrators => return Err(client.not_written(NotWritten::Administrators)),
                _ => {}
            }
            let request = ConnectRequest {
                client: client.id.to_owned(),
                key: Some(staying.clone()),
                delivery: found.delivery,
                ..ConnectRequest::default()
            };
            let there = || Ok((place.clone(), Some(name.clone())));
            self.connect_at(id, &request, program, None, there).await
        };
        let (written, problem) = match written.await {
            Ok(written) => (Some(written), None),
            Err(error) => (None, Some(error.code())),
        };
        RewrittenView { client: client.id.to_owned(), path, entry, written, problem }
    }
}
