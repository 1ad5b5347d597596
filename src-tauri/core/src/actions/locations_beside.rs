//! The places of a client, and what stands in those beside the one that is written.

use super::recognise_entries::EntryReader;
use crate::Core;
use crate::client_files::ClientFile;
use crate::clients::{Installation, Located, McpClient, Recognised, Scope, Written};
use crate::git::main_root;
use crate::store::Instance;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// A place of a client that is to be known of when another one is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LocationBeside {
    /// As a person would write it.
    pub path: String,
    pub scope: Scope,
    /// Where alone it counts, for a project and for one folder of the person's own.
    pub folder: Option<String>,
    /// The profile that alone reads it.
    pub profile: Option<String>,
    /// The installation that reads it, where that is not the usual one.
    pub installation: Option<Installation>,
    pub what: Beside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// An entry of the same name there is used in place of the one that is written.
    GoesFirst,
    /// It is read in place of the one that is written, and the entry is not in it.
    ReadInstead,
    /// Another entry for the instance is there, which the client goes on using.
    StillConnects,
}

impl Core {
    /// Every place of a client, with one for each folder that a file has entries for.
    pub(super) fn locations_of(&self, client: &McpClient, project: Option<&Path>) -> Vec<Located> {
        let each = |place: Located| {
            if !place.is_open() {
                return vec![place];
            }
            let file = ClientFile::read(&place.path).ok();
            let folders = file.and_then(|file| place.folders(file.bytes()).ok()).unwrap_or_default();
            folders.iter().map(|folder| place.in_folder(folder)).collect()
        };
        client.all_located(&self.computer, project).into_iter().flat_map(each).collect()
    }

    /// What a client calls a folder that it keeps entries for: the top of its repository, by its real path.
    pub(super) fn name_of_folder(folder: &Path) -> String {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        main_root(&real).unwrap_or(real).display().to_string()
    }

    /// Where an entry for this instance stands already, of the places that one could go to in place of `chosen`: the client
    /// merges several files of a person's. Else `chosen`.
    pub(super) fn place_of_entry(
        &self,
        client: &McpClient,
        instance: &Instance,
        chosen: Located,
        reader: &EntryReader,
    ) -> Located {
        let holds = |place: &Located| holds_entry(place, instance, reader);
        if chosen.scope != Scope::User || chosen.written == Written::Always || holds(&chosen) {
            return chosen;
        }
        let places = client.all_located(&self.computer, None).into_iter();
        let mut could = places.filter(|place| {
            place.is_read
                && place.scope == Scope::User
                && place.installation == chosen.installation
                && matches!(place.written, Written::Usually | Written::IfThere | Written::Always)
        });
        could.find(holds).unwrap_or(chosen)
    }

    /// Where else the client goes on reaching this instance from once the entry in `left` is gone.
    pub(super) fn still_connected(
        &self,
        client: &McpClient,
        instance: &Instance,
        left: &Located,
        project: Option<&Path>,
        reader: &EntryReader,
    ) -> Vec<LocationBeside> {
        let places = self.locations_of(client, project).into_iter();
        let others = places.filter(|place| place.is_read && !place.is_same(left));
        let holding = others.filter(|place| holds_entry(place, instance, reader));
        holding.map(|place| LocationBeside::of(&place, Beside::StillConnects)).collect()
    }

    /// What is to be known of the client's other places once `entry` stands under `name` in `written`. `project` is the
    /// folder that a person is in, or that the entry is for.
    pub(super) fn locations_beside(
        &self,
        client: &McpClient,
        written: &Located,
        (name, entry): (&str, &Value),
        project: Option<&Path>,
        reader: &EntryReader,
    ) -> Vec<LocationBeside> {
        let ours = reader.read(entry);
        let project_name = project.map(Self::name_of_folder);
        let places = self.locations_of(client, project);
        let is_written = |place: &Located| place.is_same(written);
        let at = places.iter().position(is_written).unwrap_or(places.len());
        let mut beside = Vec::new();
        for (rank, place) in places.iter().enumerate() {
            if is_written(place) || !place.is_read || place.installation != written.installation {
                continue;
            }
            let counts_here = match (written.scope, place.scope) {
                // What counts in one folder says nothing of another one.
                (Scope::Project | Scope::Local, Scope::Local) => place.folder == project_name,
                (Scope::Profile, Scope::Profile) => false,
                _ => true,
            };
            if rank < at
                && counts_here
                && place.scope != Scope::Profile
                && goes_first(place, name, &ours, reader)
            {
                beside.push(LocationBeside::of(place, Beside::GoesFirst));
            }
        }
        if matches!(written.scope, Scope::User) {
            let others = places.iter().filter(|place| !is_written(place) && place.is_read);
            let reads_its_own = |place: &&Located| match place.scope {
                Scope::Profile => place.installation == written.installation,
                Scope::User => place.installation != written.installation && place.written == Written::Asked,
                _ => false,
            };
            let lacks_it = |place: &&Located| {
                let entries = reader.entries_at(place).unwrap_or_default();
                !entries.iter().any(|(_, entry)| reader.read(entry).is_alike(&ours))
            };
            let instead = others.filter(reads_its_own).filter(lacks_it);
            beside.extend(instead.map(|place| LocationBeside::of(place, Beside::ReadInstead)));
        }
        beside
    }
}

/// Whether an entry of this name there is another one than ours.
fn goes_first(place: &Located, name: &str, ours: &Recognised, reader: &EntryReader) -> bool {
    let entries = reader.entries_at(place).unwrap_or_default();
    entries.iter().any(|(other, entry)| other == name && !reader.read(entry).is_alike(ours))
}

fn holds_entry(place: &Located, instance: &Instance, reader: &EntryReader) -> bool {
    let entries = reader.entries_at(place).unwrap_or_default();
    entries.iter().any(|(_, entry)| reader.is_for(instance, &reader.read(entry)))
}

impl LocationBeside {
    fn of(place: &Located, what: Beside) -> Self {
        Self {
            path: place.shown.clone(),
            scope: place.scope,
            folder: place.folder.clone(),
            profile: place.profile.clone(),
            installation: place.installation,
            what,
        }
    }
}
