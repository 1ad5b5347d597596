//! An AI client's file, for a person to look into.

use super::connect_client::ConnectRequest;
use crate::{Core, Error, Result, clients};
use std::io;
use std::path::PathBuf;

impl Core {
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
