//! Keys that lie in AI clients' files go into the keychain, and the clients get the bridge in their place.

use super::client_edit::{EntryWritten, entries};
use super::connect_client::ConnectRequest;
use crate::client_files::ClientFile;
use crate::clients::{self, Delivery, Located, McpClient, Scope, Written};
use crate::error::ErrorCode;
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::scan::{FileKind, KeyMatch, KeySpot, Scan, ScannedKey};
use crate::secret::{KeyHint, Secret};
use crate::{Core, Error, Result};
use serde::Serialize;
use std::path::Path;

/// What became of a key in an AI client's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MovedKeyView {
    pub client: String,
    /// As a person would write it.
    pub path: String,
    pub line: u32,
    pub instance: Option<InstanceId>,
    pub key: Option<ApiKeyId>,
    /// What was written in its place; nothing where it still lies there.
    pub written: Option<EntryWritten>,
    /// Why it still lies there.
    pub problem: Option<ErrorCode>,
}

impl Core {
    /// Moves each key of a scan that lies in an AI client's file and is one of those known here. What lies
    /// elsewhere, and what nobody here knows, stays.
    pub async fn move_found_keys(&self, scan: &Scan, program: &str) -> Result<Vec<MovedKeyView>> {
        let mut moved = Vec::new();
        for key in &scan.keys {
            for spot in &key.spots {
                moved.extend(self.move_from(key, spot, program).await);
            }
        }
        Ok(moved)
    }

    /// Moves the key at one place: the number of the key, and of the place among that key's. None where no AI
    /// client's file is there.
    pub async fn move_found_key(
        &self,
        scan: &Scan,
        (key, spot): (u32, u32),
        program: &str,
    ) -> Result<Option<MovedKeyView>> {
        let Some(key) = scan.keys.get(key as usize) else { return Ok(None) };
        let Some(spot) = key.spots.get(spot as usize) else { return Ok(None) };
        Ok(self.move_from(key, spot, program).await)
    }

    async fn move_from(&self, key: &ScannedKey, spot: &KeySpot, program: &str) -> Option<MovedKeyView> {
        let FileKind::AiClient { client } = &spot.kind else { return None };
        let (written, problem) = match self.move_key(key, spot, client, program).await {
            Ok(written) => (Some(written), None),
            Err(error) => (None, Some(error.code())),
        };
        Some(MovedKeyView {
            client: client.clone(),
            path: self.computer.shown(&spot.path),
            line: spot.line,
            instance: key.instance.clone(),
            key: key.record.clone(),
            written,
            problem,
        })
    }

    async fn move_key(
        &self,
        key: &ScannedKey,
        spot: &KeySpot,
        client: &str,
        program: &str,
    ) -> Result<EntryWritten> {
        let unknown = || Error::NoSuchKey { name: key.hint.to_string() };
        let (Some(instance), Some(record)) = (&key.instance, &key.record) else { return Err(unknown()) };
        match key.matched {
            KeyMatch::Known => {}
            // Whether it is that one, only the keychain can tell, and why it does not.
            KeyMatch::LooksLike => {
                self.secret(instance, record).await?;
                return Err(unknown());
            }
            KeyMatch::Unknown => return Err(unknown()),
        }
        let client = clients::find(client)?;
        client.writes().map_err(|why| client.not_written(why))?;
        let request = ConnectRequest {
            client: client.id.to_owned(),
            key: Some(record.clone()),
            delivery: Some(Delivery::Bridge),
            ..ConnectRequest::default()
        };
        let (place, name) = self.stands_in(client, instance, spot, &request, program)?;
        self.put_back(instance, record, spot).await?;
        let found = || Ok((place.clone(), Some(name.clone())));
        let written = self.connect_at(instance, &request, program, None, found).await?;
        // Another one of the same in this file was the entry's.
        if self.read_spot(spot).await.is_ok() {
            Err(self.stands_elsewhere(client, instance)?)
        } else {
            Ok(written)
        }
    }

    /// The place, and the entry of ours in it, that holds the key. Anywhere else in the file only a person knows what it
    /// is for: it may lie beside our entry, or in another one for this instance. The file must be one that the client
    /// reads, not another one that it would read if that were not there.
    fn stands_in(
        &self,
        client: &'static McpClient,
        id: &InstanceId,
        spot: &KeySpot,
        request: &ConnectRequest,
        program: &str,
    ) -> Result<(Located, String)> {
        let instance = self.instance(id)?;
        let reader = self.entry_reader()?;
        let places = self.places_at(client, &spot.path);
        if places.is_empty() {
            let scope = Scope::User.as_str().to_owned();
            return Err(Error::ScopeUnsupported { client: client.id.to_owned(), scope });
        }
        let file = ClientFile::read(&spot.path)?;
        for place in places {
            for (name, entry) in entries(&place, &file)? {
                let found = reader.read(&entry);
                let is_it = |key: &Secret| KeyHint::of(key, spot.hint().prefix()) == *spot.hint();
                if !reader.is_for(&instance, &found) || !found.keys.iter().any(is_it) {
                    continue;
                }
                let plan = self.plan_connect_at(id, request, program, place.clone(), Some(name.clone()))?;
                if plan.changes(&spot.range) {
                    return Ok((place, name));
                }
            }
        }
        Err(self.stands_elsewhere(client, id)?)
    }

    /// The places of a client that a file holds: the person's own, and those of a project that it lies in.
    fn places_at(&self, client: &'static McpClient, path: &Path) -> Vec<Located> {
        let is_it = |place: &Located| {
            place.path == path
                && place.is_read
                && !matches!(place.written, Written::Never | Written::ByAdministrators)
        };
        let mut places = self.locations_of(client, None);
        places.retain(is_it);
        if places.is_empty() {
            let of_project = |folder: &Path| {
                let places = client.all_located(&self.computer, Some(folder)).into_iter();
                places.filter(is_it).find(|place| place.scope == Scope::Project)
            };
            places.extend(path.ancestors().skip(1).find_map(of_project));
        }
        places
    }

    fn stands_elsewhere(&self, client: &McpClient, id: &InstanceId) -> Result<Error> {
        let instance = self.instance(id)?.short_name;
        Ok(Error::NotConnected { client: client.id.to_owned(), instance })
    }

    /// Into the keychain, if it is not there: this file may be the only place that still has it.
    async fn put_back(&self, instance: &InstanceId, record: &ApiKeyId, spot: &KeySpot) -> Result<()> {
        let secret = self.read_spot(spot).await?;
        let entry = SecretId::api_key(instance, record);
        let asked = entry.clone();
        let lies = match self.safe(move |safe| safe.find(&asked)).await? {
            Some((kind, _)) => kind,
            None => self.put_secret(&entry, &secret).await?,
        };
        let (instance, record) = (instance.clone(), record.clone());
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&instance)?.record_mut(&record) {
                record.stored.get_or_insert(lies);
            }
            Ok(())
        })
        .await
    }
}
