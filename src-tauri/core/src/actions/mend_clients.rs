//! Entries that start a program of ours which is not there any more get the one that is.

use super::client_edit::EntryWritten;
use super::connect_client::ConnectRequest;
use super::recognise_entries::EntryReader;
use crate::clients::{CLIENTS, Located, McpClient, NotWritten, Recognised, Written};
use crate::error::ErrorCode;
use crate::ids::InstanceId;
use crate::{Core, Error, Result};
use serde::Serialize;
use std::path::Path;

/// What became of an entry whose program was gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MendedView {
    pub client: String,
    /// As a person would write it.
    pub path: String,
    pub entry: String,
    /// The program that was gone.
    pub was: String,
    /// What was written in its place; nothing where it stands as it was.
    pub written: Option<EntryWritten>,
    /// Why it stands as it was.
    pub problem: Option<ErrorCode>,
}

/// An entry that starts nothing any more.
struct Broken {
    place: Located,
    name: String,
    found: Recognised,
    instance: InstanceId,
}

impl Core {
    /// Writes each entry anew whose program is gone: for the same instance and key, in the same way, at the same place.
    /// Of projects those are looked into whose files we changed lately, and the one that is named.
    pub async fn mend_clients(&self, program: &str, project: Option<&str>) -> Result<Vec<MendedView>> {
        let project = project.map(|typed| self.find_folder(typed)).transpose()?;
        let mut mended = Vec::new();
        for client in CLIENTS {
            let reader = self.entry_reader()?;
            for broken in self.broken(client, project.as_deref(), &reader) {
                mended.push(self.mend(client, broken, program, &reader).await);
            }
        }
        Ok(mended)
    }

    fn broken(
        &self,
        client: &'static McpClient,
        project: Option<&Path>,
        reader: &EntryReader,
    ) -> Vec<Broken> {
        let mut places = self.places_known(client);
        let of_project = project.map(|project| self.locations_of(client, Some(project))).unwrap_or_default();
        let is_new = |place: &Located| {
            !places.iter().any(|other| other.path == place.path && other.folder == place.folder)
        };
        let of_project: Vec<_> = of_project.into_iter().filter(is_new).collect();
        places.extend(of_project);
        let in_place = |place: Located| {
            let all = reader.entries_at(&place).unwrap_or_default();
            let broken = all.into_iter().filter_map(move |(name, entry)| {
                let found = reader.read(&entry);
                let instance = reader.instance(&found)?.id.clone();
                self.is_gone(&found).then(|| Broken { place: place.clone(), name, found, instance })
            });
            broken.collect::<Vec<_>>()
        };
        places.into_iter().flat_map(in_place).collect()
    }

    async fn mend(
        &self,
        client: &'static McpClient,
        broken: Broken,
        program: &str,
        reader: &EntryReader,
    ) -> MendedView {
        let Broken { place, name, found, instance } = broken;
        let was = found.call.as_ref().map(|call| call.program.clone()).unwrap_or_default();
        let (path, entry) = (place.shown.clone(), name.clone());
        let written = async {
            let instance_record = reader.state.instance(&instance)?;
            let key = match &found.call {
                Some(call) if call.key.is_some() => {
                    let missing = || Error::NoSuchKey { name: call.key.clone().unwrap_or_default() };
                    Some(reader.named(instance_record, call).ok_or_else(missing)?.id.clone())
                }
                _ => None,
            };
            match place.written {
                Written::Never => return Err(client.not_written(NotWritten::OlderForm)),
                Written::ByAdministrators => return Err(client.not_written(NotWritten::Administrators)),
                _ => {}
            }
            let request = ConnectRequest {
                client: client.id.to_owned(),
                key,
                delivery: found.delivery,
                ..ConnectRequest::default()
            };
            let there = || Ok((place.clone(), Some(name.clone())));
            self.connect_at(&instance, &request, program, None, there).await
        };
        let (written, problem) = match written.await {
            Ok(written) => (Some(written), None),
            Err(error) => (None, Some(error.code())),
        };
        MendedView { client: client.id.to_owned(), path, entry, was, written, problem }
    }
}
