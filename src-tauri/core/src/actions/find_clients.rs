//! Which AI clients are on this computer, and what each of them is connected to.

use super::find_key::access_of;
use super::recognise_entries::EntryReader;
use crate::client_files::ClientFile;
use crate::clients::{
    CLIENTS, Delivery, Installation, Located, McpClient, OurCall, Recognised, Scope, Written,
};
use crate::credential::AccessKind;
use crate::error::EditProblem;
use crate::guard::Guard;
use crate::ids::{ApiKeyId, InstanceId};
use crate::{Core, Error, Result};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One client as it is found here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundClient {
    pub client: String,
    /// It seems to be on this computer.
    pub installed: bool,
    /// Its files: first the one that an entry of the person's own goes to, then a project's, then all others that are
    /// there. Empty where it has none that we know.
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
    /// Where alone its entries count, for a project and for one folder of the person's own: as a person would write it,
    /// and as the file has it.
    pub folder: Option<String>,
    /// The profile that alone reads it.
    pub profile: Option<String>,
    /// The installation that reads it, where that is not the usual one.
    pub installation: Option<Installation>,
    /// The client reads it. It does not where another file, or another installation, is there in its place.
    pub is_read: bool,
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
#[allow(clippy::struct_excessive_bools, reason = "each is said of an entry by itself")]
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
    /// What the client is let in with by it: where that is no key, the one above is not used.
    pub access: AccessKind,
    /// A key stands in its text.
    pub holds_key: bool,
    /// Which one, where we know that.
    pub held: Option<ApiKeyId>,
    /// What the client may do by it. None where it starts no bridge of ours.
    pub guard: Option<Guard>,
    /// What it says of that is none, so its bridge does not start.
    pub guard_is_broken: bool,
    /// The program of ours that it starts, as it stands there.
    pub program: Option<String>,
    /// That program is not there any more, so the client gets no answer. Connecting anew mends it.
    pub program_is_gone: bool,
    /// The file with an entry of this name that the client uses in place of this one, wherever it is started.
    pub hidden_by: Option<String>,
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
        let reader = self.entry_reader()?;
        Ok(CLIENTS.iter().map(|client| self.find_client(client, &reader, project.as_deref())).collect())
    }

    /// The clients on this computer that stop working with this key. Of projects only those are known whose files
    /// we changed lately, and those that a client names itself.
    pub fn clients_that_use(&self, id: &InstanceId, key: &ApiKeyId) -> Result<Vec<ClientUse>> {
        Ok(self.clients_by_key(id)?.remove(key).unwrap_or_default())
    }

    /// The same for all keys of an instance: the files are read once.
    pub(super) fn clients_by_key(&self, id: &InstanceId) -> Result<HashMap<ApiKeyId, Vec<ClientUse>>> {
        let reader = self.entry_reader()?;
        let mut by_key: HashMap<_, Vec<_>> = HashMap::new();
        for client in CLIENTS {
            // Also what it does not read just now: started elsewhere it may.
            let located = self.places_known(client);
            for file in located.iter().map(|place| self.look_into(client, place, &reader)) {
                for entry in file.entries.into_iter().filter(|entry| entry.instance == *id) {
                    let used = ClientUse {
                        client: client.id.to_owned(),
                        path: file.path.clone(),
                        entry: entry.entry,
                        delivery: entry.delivery,
                    };
                    let held = entry.held.filter(|held| entry.key.as_ref() != Some(held));
                    let named = entry.key.filter(|_| entry.access == AccessKind::ApiKey);
                    for key in named.into_iter().chain(held) {
                        by_key.entry(key).or_default().push(used.clone());
                    }
                }
            }
        }
        Ok(by_key)
    }

    /// Every place of a client, and the files of projects that we changed lately.
    pub(super) fn places_known(&self, client: &'static McpClient) -> Vec<Located> {
        let mut located = self.locations_of(client, None);
        for backup in self.backups().of(client.id) {
            if located.iter().all(|located| located.path != backup.path) {
                located.extend(self.place_written(client, &backup.path));
            }
        }
        located
    }

    /// The place of a file of a client's that we wrote.
    pub(super) fn place_known(&self, client: &McpClient, path: &Path) -> Option<Located> {
        let known = self.locations_of(client, None).into_iter().find(|located| located.path == path);
        known.or_else(|| self.place_written(client, path))
    }

    /// The place of a file that we wrote once, in whatever project it is.
    fn place_written(&self, client: &McpClient, path: &Path) -> Option<Located> {
        let in_project = path.ancestors().skip(1).find_map(|folder| {
            let places = client.all_located(&self.computer, Some(folder)).into_iter();
            places.filter(|place| place.scope == Scope::Project).find(|place| place.path == path)
        });
        in_project.or_else(|| Located::once_written(client, path.to_owned(), &self.computer))
    }

    fn find_client(
        &self,
        client: &'static McpClient,
        reader: &EntryReader,
        project: Option<&Path>,
    ) -> FoundClient {
        let undo = self.backups().newest(client.id).filter(|backup| {
            ClientFile::read(&backup.path)
                .is_ok_and(|file| file.digest() == backup.written || backup.is_half_written(&file))
        });
        FoundClient {
            client: client.id.to_owned(),
            installed: client.is_installed(&self.computer),
            files: self.files_of(client, reader, project),
            undo: undo.map(|backup| UndoView {
                at: backup.at.to_string(),
                path: self.computer.shown(&backup.path),
                entry: backup.entry,
            }),
        }
    }

    fn files_of(
        &self,
        client: &'static McpClient,
        reader: &EntryReader,
        project: Option<&Path>,
    ) -> Vec<FoundFile> {
        let chosen = client.located(&self.computer, project);
        let mut chosen: Vec<_> = chosen.into_iter().filter(|place| place.scope != Scope::Local).collect();
        let places = self.locations_of(client, project);
        if chosen.iter().all(|place| place.scope != Scope::User) {
            // Where it would go if administrators did not say which servers there are.
            let usual = |place: &&Located| place.scope == Scope::User && place.written == Written::Usually;
            chosen.splice(0..0, places.iter().find(usual).cloned());
        }
        let is_chosen = |place: &Located| {
            chosen.iter().any(|other| other.path == place.path && other.scope == place.scope)
        };
        let others = places.iter().filter(|place| !is_chosen(place) && place.path.exists());
        let all = chosen.iter().chain(others);
        let files = all.map(|place| (place, self.look_into(client, place, reader)));
        // What is never written is of interest for what it says of us alone.
        let is_ours_to_write =
            |place: &Located| !matches!(place.written, Written::Never | Written::ByAdministrators);
        let files = files.filter(|(place, file)| {
            let is_of_interest = place.is_read && is_ours_to_write(place);
            is_chosen(place) || is_of_interest || !file.entries.is_empty()
        });
        let mut files: Vec<_> = files.collect();
        for (place, file) in &mut files {
            for entry in &mut file.entries {
                entry.hidden_by = hidden_by(place, &entry.entry, &places, reader);
            }
        }
        files.into_iter().map(|(_, file)| file).collect()
    }

    pub(super) fn look_into(&self, client: &McpClient, located: &Located, reader: &EntryReader) -> FoundFile {
        let mut file = FoundFile {
            scope: located.scope,
            path: located.shown.clone(),
            exists: located.path.exists(),
            folder: located.folder.clone(),
            profile: located.profile.clone(),
            installation: located.installation,
            is_read: located.is_read,
            problem: None,
            entries: Vec::new(),
            others: 0,
        };
        if client.file.is_none() {
            return file;
        }
        let found = match reader.entries_at(located) {
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
            match self.found_entry(name, &entry, reader) {
                Some(entry) => file.entries.push(entry),
                None => file.others += 1,
            }
        }
        file
    }

    fn found_entry(&self, name: String, entry: &Value, reader: &EntryReader) -> Option<FoundEntry> {
        let found = reader.read(entry);
        let instance = reader.instance(&found)?;
        let uses_default = found.call.as_ref().is_some_and(|call| call.key.is_none());
        let held = EntryReader::held(instance, &found).map(|record| record.id.clone());
        let key = match &found.call {
            Some(call) if call.key.is_some() => reader.named(instance, call).map(|record| record.id.clone()),
            Some(_) => instance.default_key.clone(),
            None => held.clone(),
        };
        let bridge = found.call.as_ref().filter(|_| found.delivery == Some(Delivery::Bridge));
        let guard = bridge.map(OurCall::guard);
        Some(FoundEntry {
            entry: name,
            guard_is_broken: matches!(guard, Some(Err(_))),
            guard: guard.and_then(std::result::Result::ok),
            instance: instance.id.clone(),
            delivery: found.delivery,
            key,
            uses_default,
            access: match &found.call {
                Some(call) => access_of(instance, call.key.as_deref(), reader.now).kind(),
                None => AccessKind::ApiKey,
            },
            holds_key: !found.keys.is_empty(),
            held,
            program_is_gone: self.is_gone(&found),
            program: found.call.map(|call| call.program),
            hidden_by: None,
        })
    }

    /// Whether an entry starts a program of ours that is not there.
    pub(super) fn is_gone(&self, found: &Recognised) -> bool {
        let Some(call) = &found.call else { return false };
        let path = PathBuf::from(&call.program);
        if !call.program.contains(['/', '\\']) {
            return self.computer.program("superset-keys").is_none();
        }
        // What it means elsewhere than in its client's folder, nobody can tell.
        path.is_absolute() && !path.exists() && !path.with_extension("exe").exists()
    }
}

/// The place with an entry of this name that goes first everywhere.
fn hidden_by(place: &Located, name: &str, places: &[Located], reader: &EntryReader) -> Option<String> {
    let is_it = |other: &&Located| {
        other.path == place.path && other.scope == place.scope && other.folder == place.folder
    };
    let before = places.iter().take_while(|other| !is_it(other));
    let everywhere = before.filter(|other| {
        other.is_read
            && matches!(other.scope, Scope::User | Scope::System)
            && other.installation == place.installation
    });
    let holds = |other: &&Located| {
        let entries = reader.entries_at(other).unwrap_or_default();
        entries.iter().any(|(other, _)| other == name)
    };
    if !place.is_read || place.scope != Scope::User {
        return None;
    }
    everywhere.into_iter().find(holds).map(|other| other.shown.clone())
}
