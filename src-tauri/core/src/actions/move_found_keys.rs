//! Keys that lie in AI clients' files go into the keychain, and the clients get the bridge in their place.

use super::client_edit::{EntryWritten, entries};
use super::connect_client::ConnectRequest;
use crate::api_key::ApiKeyId;
use crate::client_files::ClientFile;
use crate::clients::{self, Delivery, McpClient, Recognised, Scope};
use crate::error::ErrorCode;
use crate::instance::InstanceId;
use crate::scan::{FileKind, KeyMatch, KeySpot, Scan, ScannedKey};
use crate::secret::KeyHint;
use crate::secrets::SecretId;
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
                self.read_secret(instance, record).await?;
                return Err(unknown());
            }
            KeyMatch::Unknown => return Err(unknown()),
        }
        let client = clients::find(client)?;
        let (scope, project) = self.stands_in(client, &spot.path)?;
        self.stands_in_our_entry(client, instance, spot)?;
        let request = ConnectRequest {
            client: client.id.to_owned(),
            key: Some(record.clone()),
            delivery: Some(Delivery::Bridge),
            scope,
            project: project.map(|folder| folder.display().to_string()),
            if_taken: None,
        };
        // The same key may lie beside our entry, or in another one for this instance.
        if !self.plan_connect(instance, &request, program)?.changes(&spot.range) {
            return Err(self.stands_elsewhere(client, instance)?);
        }
        self.put_back(instance, record, spot).await?;
        let written = self.connect_client(instance, &request, program, None).await?;
        // Another one of the same in this file was the entry's.
        if self.read_spot(spot).await.is_ok() {
            Err(self.stands_elsewhere(client, instance)?)
        } else {
            Ok(written)
        }
    }

    /// Whose file this is: the person's, or that of the project it lies in. It must be the file in use, not another
    /// one that the client would read if it were not there.
    fn stands_in<'a>(&self, client: &McpClient, path: &'a Path) -> Result<(Scope, Option<&'a Path>)> {
        let is_in_use = |scope: Scope, project: Option<&Path>| {
            let located = client.located(&self.computer, project);
            located.iter().any(|located| located.scope == scope && located.path == path)
        };
        if is_in_use(Scope::User, None) {
            return Ok((Scope::User, None));
        }
        let project = path.ancestors().skip(1).find(|folder| is_in_use(Scope::Project, Some(folder)));
        project.map(|folder| (Scope::Project, Some(folder))).ok_or_else(|| Error::ScopeUnsupported {
            client: client.id.to_owned(),
            scope: Scope::User.as_str().to_owned(),
        })
    }

    /// Anywhere else in the file only a person knows what the key is for.
    fn stands_in_our_entry(&self, client: &McpClient, id: &InstanceId, spot: &KeySpot) -> Result<()> {
        let instance = self.instance(id)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        let entries = entries(&config, &ClientFile::read(&spot.path)?)?;
        let holds = |entry: &Recognised| {
            entry.key.as_ref().is_some_and(|key| KeyHint::of(key, spot.hint().prefix()) == *spot.hint())
        };
        let ours = entries.iter().map(|(_, entry)| Recognised::of(entry));
        let found = ours.into_iter().any(|entry| self.is_for(&instance, &entry) && holds(&entry));
        if found { Ok(()) } else { Err(self.stands_elsewhere(client, id)?) }
    }

    fn stands_elsewhere(&self, client: &McpClient, id: &InstanceId) -> Result<Error> {
        let instance = self.instance(id)?.short_name;
        Ok(Error::NotConnected { client: client.id.to_owned(), instance })
    }

    /// Into the keychain, if it is not there: this file may be the only place that still has it.
    async fn put_back(&self, instance: &InstanceId, record: &ApiKeyId, spot: &KeySpot) -> Result<()> {
        let secret = self.read_spot(spot).await?;
        let entry = SecretId::ApiKey(instance.clone(), record.clone());
        self.keychain(move |keychain| match keychain.get(&entry)? {
            Some(_) => Ok(()),
            None => keychain.set(&entry, &secret),
        })
        .await?;
        let (instance, record) = (instance.clone(), record.clone());
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&instance)?.record_mut(&record) {
                record.stored = true;
            }
            Ok(())
        })
        .await
    }
}
