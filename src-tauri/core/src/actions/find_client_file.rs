//! An AI client's file, for a person to look into.

use super::connect_client::ConnectRequest;
use crate::clients::{Located, McpClient, NotWritten, Scope, Written};
use crate::{Core, Error, Result, clients};
use std::io;
use std::path::{Path, PathBuf};

impl Core {
    /// The one place that a request is about.
    pub(super) fn locate(&self, client: &McpClient, request: &ConnectRequest) -> Result<Located> {
        if let Some(known) = self.known_folder(client, request) {
            return Ok(known);
        }
        let project = match request.scope {
            Scope::Project | Scope::Local => {
                Some(self.find_folder(request.project.as_deref().unwrap_or_default())?)
            }
            _ => None,
        };
        let places = client.all_located(&self.computer, project.as_deref());
        let is_managed = |place: &Located| place.is_exclusive && place.written == Written::ByAdministrators;
        if places.iter().any(|place| is_managed(place) && place.path.exists()) {
            return Err(client.not_written(NotWritten::Administrators));
        }
        if let Some(file) = &request.file {
            return self.locate_file(client, file, request, places);
        }
        let mut located = client.located(&self.computer, project.as_deref()).into_iter();
        let located =
            located.find(|located| located.scope == request.scope).ok_or_else(|| match client.writes() {
                Err(why) => client.not_written(why),
                Ok(_) => Error::ScopeUnsupported {
                    client: client.id.to_owned(),
                    scope: request.scope.as_str().to_owned(),
                },
            })?;
        Ok(in_its_folder(located, project.as_deref()))
    }

    /// What the person's own file has for a folder that may be gone by now.
    fn known_folder(&self, client: &McpClient, request: &ConnectRequest) -> Option<Located> {
        let places = self.locations_of(client, None).into_iter().filter(|_| request.scope == Scope::Local);
        let is_it =
            |place: &Located| place.is_read && place.scope == Scope::Local && place.folder == request.project;
        places.filter(|_| request.file.is_none()).find(is_it)
    }

    /// One of the client's places by its file, whatever else there is.
    fn locate_file(
        &self,
        client: &McpClient,
        file: &str,
        request: &ConnectRequest,
        places: Vec<Located>,
    ) -> Result<Located> {
        let path =
            file.strip_prefix("~/").map_or_else(|| PathBuf::from(file), |rest| self.computer.home.join(rest));
        let project = request.project.as_deref().and_then(|project| self.find_folder(project).ok());
        let of_project = client.all_located(&self.computer, project.as_deref());
        let mut found = places.into_iter().chain(of_project).filter(|place| place.path == path);
        let named = |place: &Located| place.scope == request.scope || request.scope == Scope::User;
        let place = found
            .find(|place| named(place) && (place.scope == Scope::Local) == (request.scope == Scope::Local));
        let place = place.ok_or_else(|| client.not_written(NotWritten::NotRead))?;
        match place.written {
            Written::Never => Err(client.not_written(NotWritten::OlderForm)),
            Written::ByAdministrators => Err(client.not_written(NotWritten::Administrators)),
            _ => Ok(in_its_folder(place, project.as_deref())),
        }
    }

    /// Where the file that a request is about lies, if it is there.
    pub fn find_client_file(&self, request: &ConnectRequest) -> Result<PathBuf> {
        let path = self.locate(clients::find(&request.client)?, request)?.path;
        if path.is_file() {
            // A project may be a stranger's: a link in it must not make a program of what looks like settings.
            let target = path.canonicalize().unwrap_or_default();
            return if target.extension() == path.extension() {
                Ok(path)
            } else {
                Err(Error::NotOpened { path, source: io::ErrorKind::InvalidInput.into() })
            };
        }
        let source = io::Error::from(if path.exists() {
            io::ErrorKind::InvalidInput
        } else {
            io::ErrorKind::NotFound
        });
        Err(Error::ClientFileUnreadable { path, source })
    }
}

fn in_its_folder(place: Located, project: Option<&Path>) -> Located {
    match project {
        Some(project) if place.is_open() => place.in_folder(&Core::name_of_folder(project)),
        _ => place,
    }
}
