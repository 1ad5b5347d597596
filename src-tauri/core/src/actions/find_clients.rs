//! Which AI clients are on this computer, and what each of them is connected to.

use super::client_edit::entries;
use crate::api_key::ApiKeyId;
use crate::client_files::{Backups, ClientFile};
use crate::clients::edit::EditProblem;
use crate::clients::{CLIENTS, Delivery, Located, McpClient, Recognised, Scope};
use crate::instance::{Instance, InstanceId};
use crate::secret::KeyHint;
use crate::{Core, Error, Result};
use serde::Serialize;
use std::path::Path;

/// One client as it is found here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundClient {
    pub client: String,
    /// It seems to be on this computer.
    pub installed: bool,
    /// Its files, the person's own first. Empty where we write none.
    pub files: Vec<FoundFile>,
    /// The newest change of ours that can be undone, if the file is still as we left it.
    pub undo: Option<UndoView>,
}

/// One of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundFile {
    pub scope: Scope,
    /// As a person would write it.
    pub path: String,
    pub exists: bool,
    /// Why it cannot be looked into.
    pub problem: Option<FileProblem>,
    /// Our entries in it.
    pub entries: Vec<FoundEntry>,
    /// How many entries of others there are.
    pub others: u32,
}

/// Why a client's file is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileProblem {
    /// It cannot be read at all.
    Unreadable,
    /// Its client could not read it either.
    NotUnderstood { problem: EditProblem },
}

/// An entry of ours in a client's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundEntry {
    /// What it is called there.
    pub entry: String,
    pub instance: InstanceId,
    /// Nothing where it is not clear how it gets its key.
    pub delivery: Option<Delivery>,
    /// The key it uses, where we know that: for the default key, the one that is it now.
    pub key: Option<ApiKeyId>,
    /// It uses whatever is the default key.
    pub uses_default: bool,
}

/// A change that can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UndoView {
    /// RFC 3339 in UTC.
    pub at: String,
    pub path: String,
    pub entry: String,
}

/// A client on this computer that uses a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClientUse {
    pub client: String,
    pub path: String,
    pub entry: String,
    pub delivery: Option<Delivery>,
}

impl Core {
    /// Every client in the table, with what it has in this project's folder. Reads their files; asks no server and
    /// no keychain.
    pub fn find_clients(&self, project: Option<&str>) -> Result<Vec<FoundClient>> {
        let project = project.map(|typed| self.find_folder(typed)).transpose()?;
        let instances = self.store.read()?.instances;
        Ok(CLIENTS.iter().map(|client| self.find_client(client, &instances, project.as_deref())).collect())
    }

    /// The clients on this computer that stop working with this key. Of projects only those are known whose files
    /// we changed lately.
    pub fn clients_that_use(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Vec<ClientUse>> {
        let instances = self.store.read()?.instances;
        let backups = Backups::under(&self.store.places().state);
        let mut uses = Vec::new();
        for client in CLIENTS {
            let mut located = client.located(&self.computer, None);
            for backup in backups.of(client.id) {
                if located.iter().all(|located| located.path != backup.path) {
                    let shown = self.computer.shown(&backup.path);
                    located.push(Located { scope: Scope::Project, path: backup.path, shown });
                }
            }
            for file in located.into_iter().map(|located| self.look_into(client, located, &instances)) {
                let ours = file.entries.into_iter();
                let of_key = ours.filter(|entry| entry.instance == *id && entry.key.as_ref() == Some(key));
                uses.extend(of_key.map(|entry| ClientUse {
                    client: client.id.to_owned(),
                    path: file.path.clone(),
                    entry: entry.entry,
                    delivery: entry.delivery,
                }));
            }
        }
        Ok(uses)
    }

    fn find_client(&self, client: &McpClient, instances: &[Instance], project: Option<&Path>) -> FoundClient {
        let undo = Backups::under(&self.store.places().state).newest(client.id).filter(|backup| {
            ClientFile::read(&backup.path).is_ok_and(|file| file.digest() == backup.written)
        });
        FoundClient {
            client: client.id.to_owned(),
            installed: client.is_installed(&self.computer),
            files: client
                .located(&self.computer, project)
                .into_iter()
                .map(|located| self.look_into(client, located, instances))
                .collect(),
            undo: undo.map(|backup| UndoView {
                at: backup.at.to_string(),
                path: self.computer.shown(&backup.path),
                entry: backup.entry,
            }),
        }
    }

    fn look_into(&self, client: &McpClient, located: Located, instances: &[Instance]) -> FoundFile {
        let mut file = FoundFile {
            scope: located.scope,
            path: located.shown,
            exists: located.path.exists(),
            problem: None,
            entries: Vec::new(),
            others: 0,
        };
        let Some(config) = client.file else { return file };
        let found = match ClientFile::read(&located.path).and_then(|found| entries(&config, &found)) {
            Ok(found) => found,
            Err(Error::ClientFileNotUnderstood { problem, .. }) => {
                file.problem = Some(FileProblem::NotUnderstood { problem });
                return file;
            }
            Err(_) => {
                file.problem = Some(FileProblem::Unreadable);
                return file;
            }
        };
        for (name, entry) in found {
            let entry = Recognised::of(&entry);
            match instances.iter().find(|instance| self.is_for(instance, &entry)) {
                Some(instance) => file.entries.push(found_entry(name, instance, &entry)),
                None => file.others += 1,
            }
        }
        file
    }
}

fn found_entry(entry: String, instance: &Instance, found: &Recognised) -> FoundEntry {
    let alias = found.call.as_ref().and_then(|call| call.key.as_deref());
    let uses_default = found.call.is_some() && alias.is_none();
    let by_alias = alias.and_then(|alias| instance.keys.iter().find(|record| record.alias == alias));
    // Without asking the keychain, the ending of a key tells which one it may be; two with one ending tell nothing.
    let by_hint = found.key.as_ref().and_then(|key| {
        let same = |hint: &KeyHint| KeyHint::of(key, "sst_") == *hint || KeyHint::of(key, "") == *hint;
        let mut same = instance.keys.iter().filter(|record| same(&record.hint));
        same.next().filter(|_| same.next().is_none())
    });
    let key = if uses_default {
        instance.default_key.clone()
    } else {
        by_alias.or(by_hint).map(|record| record.id.clone())
    };
    FoundEntry { entry, instance: instance.id.clone(), delivery: found.delivery, key, uses_default }
}
