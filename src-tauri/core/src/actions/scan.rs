//! Find keys that lie in files.

use crate::blocking::blocking;
use crate::clients::CLIENTS;
use crate::git::git_states;
use crate::places::Computer;
use crate::scan::{
    FileKind, KeySearch, KeySpot, KnownFile, KnownFiles, Scan, Searched, known_files, search_all,
};
use crate::secret::Secret;
use crate::store::{Instance, State};
use crate::{Core, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Where to look.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// Files and folders a person named.
    pub paths: Vec<PathBuf>,
    /// Also the files in which keys usually end up.
    pub usual: bool,
    /// The folder a person is in, whose `.env` and client files are among the usual ones.
    pub current: Option<PathBuf>,
}

/// A search nobody waits for any more ends.
struct EndsWhenDropped(Arc<AtomicBool>);

impl Drop for EndsWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Core {
    /// A request for the usual files, or for all that lies in one folder a person named.
    pub fn scan_request(&self, folder: Option<&str>) -> Result<ScanRequest> {
        let Some(folder) = folder else {
            return Ok(ScanRequest { paths: Vec::new(), usual: true, current: None });
        };
        Ok(ScanRequest { paths: vec![self.find_folder(folder)?], usual: false, current: None })
    }

    /// Looks for keys in files, and for what is known here of those it finds. Reads only; asks no server.
    pub async fn scan(&self, request: ScanRequest) -> Result<Scan> {
        let began = Instant::now();
        self.clean_backups().await;
        let kept = self.backups();
        let state = self.store.read()?;
        let search = self.key_search(&state);
        let computer = self.computer.clone();
        let stop = Arc::new(AtomicBool::new(false));
        let _ends = EndsWhenDropped(Arc::clone(&stop));
        let Searched { caught, tally } = blocking("scan", move || {
            let mut clients = clients_files(&computer, request.current.as_deref());
            let known = if request.usual {
                // What could not be taken out of our own, because the keychain is locked, is said too.
                let kept = kept.files().into_iter().map(|path| KnownFile { path, kind: FileKind::Other });
                let ours = clients.iter().cloned().chain(kept).collect();
                known_files(&computer, request.current.as_deref(), ours)
            } else {
                KnownFiles::default()
            };
            let mut searched = search_all(&search, &known.files, &request.paths, &stop);
            searched.tally.older = known.older;
            let folders = request.paths.iter().filter_map(|path| path.canonicalize().ok());
            clients.extend(folders.flat_map(|folder| clients_files(&computer, Some(&folder))));
            name_clients_files(&mut searched, &clients);
            Ok(searched)
        })
        .await?;
        let (mut keys, by_fingerprint) = self.match_found_keys(state, caught).await?;
        keys = blocking("scan", move || {
            let paths: Vec<&Path> =
                keys.iter().flat_map(|key| &key.spots).map(|spot| spot.path.as_path()).collect();
            let mut states = git_states(&paths).into_iter();
            for key in &mut keys {
                key.git = states.by_ref().take(key.spots.len()).collect();
            }
            Ok(keys)
        })
        .await?;
        Ok(Scan { keys, tally, by_fingerprint, asked: false, took: began.elapsed() })
    }

    /// The text of a key that a scan found, read again from its file. An error if another text stands there now.
    pub async fn read_spot(&self, spot: &KeySpot) -> Result<Secret> {
        let search = self.key_search(&self.store.read()?);
        let spot = spot.clone();
        blocking("scan", move || {
            spot.read(&search).ok_or_else(|| Error::SecretNotHere { name: spot.hint().to_string() })
        })
        .await
    }

    /// For the usual prefix and each that an instance's keys have shown.
    pub(super) fn key_search(&self, state: &State) -> KeySearch {
        let prefixes = |instance: &Instance| {
            let listed = self.store.kept_list(&instance.id).map(|list| list.keys).unwrap_or_default();
            let recorded = instance.keys.iter().map(|record| record.hint.prefix().to_owned());
            listed.into_iter().map(|key| key.prefix).chain(recorded).collect::<Vec<_>>()
        };
        KeySearch::new(state.instances.iter().flat_map(prefixes))
    }
}

/// A client's file is one also where a whole folder was searched.
fn name_clients_files(searched: &mut Searched, clients: &[KnownFile]) {
    for caught in &mut searched.caught {
        let spot = &mut caught.spot;
        if let Some(file) = clients.iter().find(|file| file.path == spot.path) {
            spot.kind = file.kind.clone();
        }
    }
}

/// Where each client keeps, or may keep, its configuration: the person's, and a project's. A key can also lie where the
/// client does not look just now.
fn clients_files(computer: &Computer, project: Option<&Path>) -> Vec<KnownFile> {
    let files = CLIENTS.iter().flat_map(|client| {
        let kind = FileKind::AiClient { client: client.id.to_owned() };
        let paths = client.every_file(computer, project).into_iter();
        paths.map(move |path| KnownFile { path, kind: kind.clone() })
    });
    files.collect()
}
