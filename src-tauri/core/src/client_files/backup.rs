//! What clients' files were before we changed them.
//!
//! A folder of its own for each change: the old content and a note about it, readable by their owner alone. The
//! note is written last, so a change that was cut off leaves nothing that could be given back by mistake.
//!
//! No key is kept here: each is cut out, and the note says where it goes and which secret it is. Earlier versions kept
//! them; their backups are called unsearched.

use super::file::{ClientFile, Digest};
use crate::error::{Error, Result};
use crate::ids::{SecretId, SecretKind};
use crate::places::{create_private_folder, is_being_written, write_private_file};
use crate::secret::{KeyHint, Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// For each client.
const KEPT: usize = 5;
const NOTE: &str = "about.json";
/// By version 1, with the keys that were in it.
const WHOLE: &str = "content";
const WITHOUT_KEYS: &str = "kept";
const VERSION: u32 = 2;

/// The backups of one installation.
#[derive(Debug, Clone)]
pub struct Backups {
    folder: PathBuf,
}

/// A content without its keys.
pub struct Keyless {
    pub content: Vec<u8>,
    /// In their order.
    pub cuts: Vec<Cut>,
}

impl Keyless {
    /// The secrets that are kept for this backup alone.
    #[must_use]
    pub fn kept_for_it(&self) -> Vec<SecretId> {
        kept_for_it(&self.cuts)
    }
}

/// A key that was cut out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Where it goes, in bytes of the content without keys.
    pub at: usize,
    pub hint: KeyHint,
    /// Nothing where no store took it.
    pub secret: Option<SecretId>,
}

/// A file as it was before one change of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    version: u32,
    pub client: String,
    pub at: Timestamp,
    /// As the client names it.
    pub path: PathBuf,
    /// The entry that was changed, for words about it.
    pub entry: String,
    /// Whether there was a file.
    pub existed: bool,
    pub mode: Option<u32>,
    /// What we made of it: undoing needs it to be that still.
    pub written: Digest,
    /// What it was, with its keys. Nothing in what version 1 kept.
    #[serde(default)]
    was: Option<Digest>,
    #[serde(default)]
    cuts: Vec<Cut>,
    /// While the file itself is written, and not one that takes its place: how long it was, and how long it becomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_place: Option<[u64; 2]>,
    #[serde(skip)]
    folder: PathBuf,
}

impl Backups {
    /// Under the folder for state.
    #[must_use]
    pub fn under(state: &Path) -> Self {
        Self { folder: state.join("backups") }
    }

    /// Keeps the file as it is, `keyless`, before `written` takes its place. Call [`Backups::drop_oldest`] once it has.
    pub fn keep(
        &self,
        client: &str,
        file: &ClientFile,
        keyless: Keyless,
        entry: &str,
        written: Digest,
        at: Timestamp,
    ) -> Result<Backup> {
        let unwritable = |source: io::Error| Error::BackupUnwritable { path: self.folder.clone(), source };
        let folder = self.folder.join(client);
        let folder = folder.join(self.next_name(client, at));
        create_private_folder(&folder).map_err(unwritable)?;
        let backup = Backup {
            version: VERSION,
            client: client.to_owned(),
            at,
            path: file.path.clone(),
            entry: entry.to_owned(),
            existed: file.content.is_some(),
            mode: file.mode,
            written,
            was: Some(file.digest()),
            cuts: keyless.cuts,
            in_place: None,
            folder,
        };
        write_private_file(&backup.place(), &keyless.content).map_err(unwritable)?;
        failpoint!("backup-content-kept");
        backup.note().map_err(unwritable)?;
        Ok(backup)
    }

    /// Behind all names so far, whatever the clock says: the order of names is the order of changes.
    fn next_name(&self, client: &str, at: Timestamp) -> String {
        let folders = std::fs::read_dir(self.folder.join(client)).into_iter().flatten().flatten();
        let names = folders.filter_map(|folder| {
            let name = folder.file_name().into_string().ok()?;
            let (stamp, number) = name.split_once('-')?;
            Some((stamp.to_owned(), number.parse::<u32>().ok()?))
        });
        let stamp = at.strftime("%Y%m%dT%H%M%S").to_string();
        let (stamp, number) = match names.max() {
            Some((newest, number)) if newest >= stamp => (newest, number + 1),
            _ => (stamp, 0),
        };
        format!("{stamp}-{number:05}")
    }

    /// A client's newest change that is not undone already: by hand, with its folder, or because a death came before
    /// it was made.
    #[must_use]
    pub fn newest(&self, client: &str) -> Option<Backup> {
        self.of(client).into_iter().find(|backup| !backup.is_undone())
    }

    /// A client's, the newest first.
    #[must_use]
    pub fn of(&self, client: &str) -> Vec<Backup> {
        let folders = std::fs::read_dir(self.folder.join(client)).into_iter().flatten().flatten();
        let mut backups: Vec<Backup> = folders.filter_map(|folder| read(&folder.path())).collect();
        backups.sort_by(|a, b| b.folder.cmp(&a.folder));
        backups
    }

    /// Answers the secrets that were kept for those alone.
    #[must_use]
    pub fn drop_oldest(&self, client: &str) -> Vec<SecretId> {
        self.of(client).iter().skip(KEPT).flat_map(Backup::drop).collect()
    }

    /// The secrets that are kept for all of them.
    #[must_use]
    pub fn kept_for_all(&self) -> Vec<SecretId> {
        self.folders()
            .iter()
            .filter_map(|folder| read(folder))
            .flat_map(|backup| kept_for_it(&backup.cuts))
            .collect()
    }

    /// Those of earlier versions, which may hold keys.
    #[must_use]
    pub fn unsearched(&self) -> Vec<Backup> {
        self.folders().iter().filter_map(|folder| read(folder)).filter(Backup::may_hold_keys).collect()
    }

    /// What a death left: a folder of ours without a note. Only while nobody writes one.
    #[must_use]
    pub fn unfinished(&self) -> Vec<PathBuf> {
        let is_unfinished = |folder: &PathBuf| !folder.join(NOTE).exists() && is_ours(folder);
        self.folders().into_iter().filter(is_unfinished).collect()
    }

    /// Every file with what a client's file was.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let both =
            self.folders().into_iter().flat_map(|folder| [folder.join(WHOLE), folder.join(WITHOUT_KEYS)]);
        both.filter(|path| path.exists()).collect()
    }

    fn folders(&self) -> Vec<PathBuf> {
        let inside = |folder: &Path| {
            let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
            // Nobody's link leads us out of here.
            let folders = all.filter(|found| found.file_type().is_ok_and(|kind| kind.is_dir()));
            folders.map(|found| found.path()).collect::<Vec<_>>()
        };
        inside(&self.folder).iter().flat_map(|client| inside(client)).collect()
    }
}

impl Backup {
    fn note(&self) -> io::Result<()> {
        let note = serde_json::to_vec_pretty(self)?;
        write_private_file(&self.folder.join(NOTE), &note)
    }

    /// What came of the change is not what we would have written, but somebody else's doing of it.
    pub fn settle(&self, written: &ClientFile) -> Result<()> {
        self.notes(&Self { written: written.digest(), ..self.clone() })
    }

    /// Notes that the file itself is about to be written, of which a death would leave a part of each.
    pub(super) fn begins_in_place(&self, lengths: [u64; 2]) -> Result<()> {
        self.notes(&Self { in_place: Some(lengths), ..self.clone() })
    }

    pub(super) fn ends_in_place(&self) -> Result<()> {
        self.notes(&Self { in_place: None, ..self.clone() })
    }

    fn notes(&self, backup: &Self) -> Result<()> {
        backup.note().map_err(|source| Error::BackupUnwritable { path: self.folder.clone(), source })
    }

    /// Whether the file is partly what it was and partly what we were writing: a death came between.
    #[must_use]
    pub fn is_half_written(&self, file: &ClientFile) -> bool {
        let Some([before, after]) = self.in_place else { return false };
        let length = file.bytes().len() as u64;
        let is_whole = file.digest() == self.written || Some(file.digest()) == self.was;
        !is_whole && (before.min(after)..=before.max(after)).contains(&length)
    }

    fn is_undone(&self) -> bool {
        // Gone with its folder: a project that is no more.
        if self.path.parent().is_some_and(|folder| !folder.exists()) {
            return true;
        }
        let Ok(now) = ClientFile::read(&self.path) else { return false };
        let was = match &self.was {
            Some(was) => was.clone(),
            None => match self.keyless() {
                Ok(then) => Digest::of(then.as_deref()),
                Err(_) => return false,
            },
        };
        now.digest() == was && now.digest() != self.written
    }

    fn may_hold_keys(&self) -> bool {
        // The second where a death came between its note and this.
        self.was.is_none() || self.folder.join(WHOLE).exists()
    }

    /// Takes the keys out of what an earlier version kept.
    pub fn search(&self, cut: impl FnOnce(&[u8]) -> Option<Keyless>) -> io::Result<()> {
        if self.was.is_none() {
            let whole = match std::fs::read(self.folder.join(WHOLE)) {
                Ok(whole) => whole,
                Err(error) if error.kind() == io::ErrorKind::NotFound && !self.existed => Vec::new(),
                Err(error) => return Err(error),
            };
            let Some(keyless) = cut(&whole) else { return Ok(()) };
            write_private_file(&self.folder.join(WITHOUT_KEYS), &keyless.content)?;
            let was = Digest::of(self.existed.then_some(&whole[..]));
            Self { version: VERSION, was: Some(was), cuts: keyless.cuts, ..self.clone() }.note()?;
        }
        match std::fs::remove_file(self.folder.join(WHOLE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The content that was there, with each key put back as `secret` finds it.
    ///
    /// # Errors
    /// [`Error::BackupKeyGone`] where one is nowhere any more, or another one by now.
    pub fn content(&self, secret: impl Fn(&SecretId) -> Result<Option<Secret>>) -> Result<Option<Vec<u8>>> {
        let Some(kept) = self.keyless()? else { return Ok(None) };
        let gone = |cut: &Cut| Error::BackupKeyGone { path: self.place(), hint: cut.hint.to_string() };
        let mut content = Vec::with_capacity(kept.len());
        let mut end = 0;
        // Each is asked for once, however often it stood there.
        let mut keys: HashMap<&SecretId, Secret> = HashMap::new();
        for cut in &self.cuts {
            let id = cut.secret.as_ref().ok_or_else(|| gone(cut))?;
            if !keys.contains_key(id) {
                keys.insert(id, secret(id)?.ok_or_else(|| gone(cut))?);
            }
            let key = keys.get(id).ok_or_else(|| gone(cut))?;
            content.extend_from_slice(kept.get(end..cut.at).ok_or_else(|| gone(cut))?);
            // EXPOSE: it stood in the client's file, which a person asks to have back as it was.
            content.extend_from_slice(key.expose().as_bytes());
            end = cut.at;
        }
        content.extend_from_slice(kept.get(end..).unwrap_or_default());
        match (&self.was, self.cuts.first()) {
            (Some(was), Some(cut)) if *was != Digest::of(Some(&content)) => Err(gone(cut)),
            _ => Ok(Some(content)),
        }
    }

    /// The same with the keys' hints in their places, to be looked at.
    pub fn shown(&self) -> Result<Option<Vec<u8>>> {
        let Some(kept) = self.keyless()? else { return Ok(None) };
        let mut content = Vec::with_capacity(kept.len());
        let mut end = 0;
        for cut in &self.cuts {
            let at = cut.at.clamp(end, kept.len());
            content.extend_from_slice(&kept[end..at]);
            content.extend_from_slice(cut.hint.as_str().as_bytes());
            end = at;
        }
        content.extend_from_slice(&kept[end..]);
        Ok(Some(content))
    }

    /// What lies here.
    fn keyless(&self) -> Result<Option<Vec<u8>>> {
        if !self.existed {
            return Ok(None);
        }
        let path = self.place();
        let content = std::fs::read(&path);
        content.map(Some).map_err(|source| Error::ClientFileUnreadable { path, source })
    }

    /// Where it lies, for a person who wants it by hand.
    #[must_use]
    pub fn place(&self) -> PathBuf {
        self.folder.join(if self.was.is_some() { WITHOUT_KEYS } else { WHOLE })
    }

    /// It is of no use any more: nothing was written, or it was given back. Answers the secrets that were kept for it
    /// alone.
    #[must_use]
    pub fn drop(&self) -> Vec<SecretId> {
        // The note first: without it the rest is nothing.
        let _ = std::fs::remove_file(self.folder.join(NOTE));
        let _ = std::fs::remove_dir_all(&self.folder);
        kept_for_it(&self.cuts)
    }
}

/// Takes away what a death left of a backup.
pub fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for file in std::fs::read_dir(folder)? {
        std::fs::remove_file(file?.path())?;
    }
    std::fs::remove_dir(folder)
}

/// Named as ours are, with nothing in it but what we write.
fn is_ours(folder: &Path) -> bool {
    let all_digits = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_named = name.split_once('-').is_some_and(|(stamp, number)| {
        let parts = stamp.split_once('T');
        number.len() == 5
            && all_digits(number)
            && parts.is_some_and(|(day, time)| {
                (day.len(), time.len()) == (8, 6) && all_digits(day) && all_digits(time)
            })
    });
    let is_file = |found: io::Result<std::fs::DirEntry>| {
        found.is_ok_and(|found| {
            let name = found.file_name();
            let is_name = [WHOLE, WITHOUT_KEYS].iter().any(|ours| name == *ours) || is_being_written(&name);
            is_name && found.file_type().is_ok_and(|kind| kind.is_file())
        })
    };
    is_named && std::fs::read_dir(folder).is_ok_and(|mut files| files.all(is_file))
}

fn kept_for_it(cuts: &[Cut]) -> Vec<SecretId> {
    let secrets = cuts.iter().filter_map(|cut| cut.secret.clone());
    secrets.filter(|secret| matches!(secret.kind, SecretKind::OfBackup(_))).collect()
}

fn read(folder: &Path) -> Option<Backup> {
    let note = std::fs::read(folder.join(NOTE)).ok()?;
    let backup: Backup = serde_json::from_slice(&note).ok()?;
    (1..=VERSION).contains(&backup.version).then(|| Backup { folder: folder.to_owned(), ..backup })
}
