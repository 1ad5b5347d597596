//! An edit of an AI client's file: thought out first, shown, and only then made.

use super::cut_keys::KeyCutter;
use super::locations_beside::LocationBeside;
use crate::client_files::{Backups, Change, ClientFile, Digest, Mode, replace_or_tell, run};
use crate::clients::edit::Edited;
use crate::clients::{
    Check, ConfigFile, Delivery, DiffKind, DiffLine, Located, McpClient, OnlyBearers, Recognised, Scope,
    SnippetNote, WrittenEntry, difference,
};
use crate::error::EditProblem;
use crate::ids::SecretId;
use crate::places::Computer;
use crate::{Core, Error, Result};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use std::ops::Range;

/// What would be done to a client's file. Secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EntryPreview {
    pub client: String,
    pub scope: Scope,
    /// As a person would write it.
    pub path: String,
    pub exists: bool,
    /// Where alone it counts, for a project and for one folder of the person's own.
    pub folder: Option<String>,
    /// The profile that alone reads it.
    pub profile: Option<String>,
    /// What the entry is called there.
    pub entry: String,
    /// How the client gets its key; none where the entry goes.
    pub delivery: Option<Delivery>,
    /// Entries of others in that file, which stay as they are.
    pub others: u32,
    /// Empty where the file is already as it should be.
    pub lines: Vec<DiffLine>,
    pub added: u32,
    pub removed: u32,
    /// To be handed back, so that nothing else is written than what was shown.
    pub seen: Digest,
    /// The key itself will lie in the file, which then only its owner may read.
    pub holds_secret: bool,
    pub notes: Vec<SnippetNote>,
    /// Other places of this client that are to be known of: entries that go first, and who reads a file of its own.
    pub beside: Vec<LocationBeside>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EntryWritten {
    pub client: String,
    pub path: String,
    /// Where alone it counts, for a project and for one folder of the person's own.
    pub folder: Option<String>,
    /// The profile that alone reads it.
    pub profile: Option<String>,
    pub entry: String,
    pub delivery: Option<Delivery>,
    /// False where the file was already as it should be.
    pub changed: bool,
    /// The file as it was; none where there was none.
    pub backup: Option<String>,
    pub notes: Vec<SnippetNote>,
    pub beside: Vec<LocationBeside>,
    pub checks: Vec<Check>,
}

/// An edit that is thought out and not made.
pub(super) struct Plan {
    pub client: &'static McpClient,
    pub located: Located,
    pub found: ClientFile,
    pub config: ConfigFile,
    pub entry: String,
    pub delivery: Option<Delivery>,
    /// With the key's hint where the key goes.
    pub shown: Edited,
    /// What is needed to make the edit with the key itself.
    pub secret: Option<WrittenEntry>,
    /// Our entry alone, where there is no secret in it.
    pub ours: Option<Map<String, Value>>,
    /// What we write into it ourselves, with the key's hint: shown although others' values are not.
    pub texts: Vec<String>,
    pub notes: Vec<SnippetNote>,
    pub beside: Vec<LocationBeside>,
    /// A key that stands nowhere else may go: the person was told.
    pub drops_key: bool,
}

impl Core {
    /// Two of our programs never change a client's file at once.
    pub(super) async fn lock_clients(&self) -> Result<std::fs::File> {
        let store = self.store.clone();
        crate::blocking::blocking("the lock on clients' files", move || store.lock_clients()).await
    }

    /// Backs up, writes, reads back. The lock is held.
    pub(super) async fn write(
        &self,
        plan: Plan,
        content: Vec<u8>,
        seen: Option<Digest>,
    ) -> Result<EntryWritten> {
        let backups = self.backups();
        let (at, computer) = (self.now.now(), self.computer.clone());
        let cutter = self.key_cutter()?;
        let mut let_go = Vec::new();
        let done = crate::blocking::blocking("a client's file", move || {
            let written =
                write_at(plan, content, seen, &Bench { backups, cutter, computer, at }, &mut let_go);
            Ok((written, let_go))
        });
        let (written, let_go) = done.await?;
        self.drop_secrets_of_backups(let_go).await;
        written
    }
}
/// What a change of a client's file takes beside its plan.
struct Bench {
    backups: Backups,
    cutter: KeyCutter,
    computer: Computer,
    at: Timestamp,
}

/// `let_go` are the secrets of backups that are no more.
fn write_at(
    plan: Plan,
    content: Vec<u8>,
    seen: Option<Digest>,
    bench: &Bench,
    let_go: &mut Vec<SecretId>,
) -> Result<EntryWritten> {
    let Bench { backups, cutter, computer, at } = bench;
    let seen = seen.unwrap_or_else(|| plan.found.digest());
    let mut written = plan.written();
    if plan.found.digest() != seen {
        return Err(Error::ClientFileChanged { path: plan.located.path });
    }
    if plan.found.content.as_deref() == Some(&content) {
        return Ok(EntryWritten { changed: false, ..written });
    }
    let digest = Digest::of(Some(&content));
    let keyless = cutter.cut(plan.found.bytes(), Some(&plan.located));
    let lost = || cutter.lost(plan.found.bytes(), Some(&plan.located), &keyless, &content);
    if !plan.drops_key
        && let Some(hint) = lost()
    {
        let_go.extend(keyless.kept_for_it());
        // One that a person can open is opened, and keeps it.
        return Err(cutter
            .waits_for_a_person()
            .unwrap_or(Error::KeyWouldBeLost { path: plan.located.path, hint: hint.to_string() }));
    }
    let for_it = keyless.kept_for_it();
    let backup = backups.keep(plan.client.id, &plan.found, keyless, &plan.entry, digest, *at);
    let backup = backup.inspect_err(|_| let_go.extend(for_it))?;
    written.backup = backup.existed.then(|| backup.place().display().to_string());
    let mut left = None;
    let (file, content) = match plan.asks_the_client(computer, &content) {
        Asked::InVain => (&plan.found, content),
        Asked::Left { file, mended } => (&**left.insert(file), mended.unwrap_or(content)),
        Asked::Done { others_are_new } => {
            // Undoing would take away what somebody else added meanwhile, so it must not go unseen then.
            if !others_are_new {
                backup.settle(&ClientFile::read(&plan.found.path)?)?;
            }
            let_go.extend(backups.drop_oldest(plan.client.id));
            return Ok(written);
        }
    };
    let mode = match plan.located.scope {
        _ if plan.secret.is_some() => Mode::Private,
        Scope::Project => Mode::Shared,
        _ => Mode::Kept,
    };
    let change = Change { content: &content, seen: &file.digest(), mode, kept: &backup };
    if let Err(refused) = replace_or_tell(file, &change) {
        // Nothing of ours is there to be undone, unless the rename came and something else after it, or the client's
        // program did something.
        let is_untouched = refused.is_untouched && left.is_none();
        if ClientFile::read(&plan.found.path).is_ok_and(|file| is_untouched || file.digest() == seen) {
            let_go.extend(backup.drop());
        }
        return Err(refused.error);
    }
    if Digest::of(Some(&content)) != backup.written {
        backup.settle(&ClientFile::read(&plan.found.path)?)?;
    }
    let_go.extend(backups.drop_oldest(plan.client.id));
    Ok(written)
}

struct Entries {
    ours: Option<Value>,
    others: Vec<(String, Value)>,
}

/// What came of asking a client's own program.
enum Asked {
    /// It is not here, or this is not for it, or it did nothing.
    InVain,
    /// Somebody may have added entries meanwhile.
    Done { others_are_new: bool },
    /// It did something else: what it left, and what that becomes with our edit and with every entry that was there.
    /// Nothing where what it left is no such file any more: then what was there comes back, with our edit.
    Left { file: Box<ClientFile>, mended: Option<Vec<u8>> },
}

impl Entries {
    /// Those of others that stood here and do not in `now`, or not as they were.
    fn lost<'a>(&'a self, now: &'a Self) -> impl Iterator<Item = &'a (String, Value)> {
        self.others.iter().filter(|entry| !now.others.contains(entry))
    }
}

impl Plan {
    /// Our entry as it stands there.
    pub fn current(&self) -> Result<Option<Value>> {
        let current = self.located.entry(self.found.bytes(), &self.entry);
        current.map_err(|problem| not_understood(&self.found, problem))
    }

    pub fn edit(&self, entry: &Map<String, Value>, obsolete: &[String]) -> Result<Edited> {
        let obsolete: Vec<_> = obsolete.iter().map(String::as_str).collect();
        let before = self.found.bytes();
        let is_new = before.is_empty() && !self.config.begins.is_empty();
        let begun = if is_new { self.config.begins.as_bytes() } else { before };
        let edited = self.located.put(begun, &self.entry, entry, &obsolete);
        let edited = edited.map_err(|problem| not_understood(&self.found, problem))?;
        let all = 0..edited.bytes.len();
        Ok(if is_new { Edited { before: 0..0, after: all, ..edited } } else { edited })
    }

    /// Whether what lies there in the file as it was found is part of what would change.
    pub fn changes(&self, there: &Range<u64>) -> bool {
        let changed = &self.shown.before;
        changed.start as u64 <= there.start && there.end <= changed.end as u64
    }

    /// Has the client's own program make the change, where it is here and that is the better way.
    fn asks_the_client(&self, computer: &Computer, content: &[u8]) -> Asked {
        let own = self.config.written_by.filter(|_| self.located.scope == Scope::User);
        let program = self.client.programs.first().and_then(|program| computer.program(program));
        let (Some(own), Some(program)) = (own, program) else { return Asked::InVain };
        let (Some(before), Some(after)) = (self.entries_in(self.found.bytes()), self.entries_in(content))
        else {
            return Asked::InVain;
        };
        // Everybody on this computer can read its arguments, and it drops what it does not know: what a person
        // added to our entry, or a key, is not for it.
        if after.ours.as_ref().and_then(Value::as_object) != self.ours.as_ref() {
            return Asked::InVain;
        }
        let removed = before.ours.is_none() || run(&program, &(own.remove)(&self.entry), computer);
        let adds = |entry: &Value| run(&program, &(own.add)(&self.entry, &entry.to_string()), computer);
        let is_content = removed && after.ours.as_ref().is_none_or(adds);
        let Ok(left) = ClientFile::read(&self.found.path) else { return Asked::InVain };
        if left.digest() == self.found.digest() {
            return Asked::InVain;
        }
        let left = ClientFile { mode: self.found.mode, ..left };
        let now = left.content.as_ref().and_then(|left| self.entries_in(left));
        let Some(now) = now else {
            return Asked::Left { file: Box::new(left), mended: None };
        };
        let is_done = match (&after.ours, &now.ours) {
            // It may leave out what it does not know, and add what it needs.
            (Some(wanted), Some(ours)) => {
                Recognised::of(wanted, &OnlyBearers).is_alike(&Recognised::of(ours, &OnlyBearers))
            }
            (wanted, ours) => wanted.is_none() && ours.is_none(),
        };
        if is_content && is_done && before.lost(&now).next().is_none() {
            return Asked::Done { others_are_new: now.others.len() > before.others.len() };
        }
        let mended = self.mended(left.bytes(), &before, &after, &now);
        Asked::Left { file: Box::new(left), mended }
    }

    /// What a client's own program left, with our edit and what it lost, entry by entry: whatever else was written
    /// meanwhile stays.
    fn mended(&self, left: &[u8], before: &Entries, after: &Entries, now: &Entries) -> Option<Vec<u8>> {
        let put = |bytes: &[u8], name: &str, entry: &Value, there: Option<&Value>| {
            let entry = entry.as_object()?;
            let there = there.and_then(Value::as_object).into_iter().flat_map(Map::keys);
            let obsolete: Vec<_> =
                there.filter(|key| !entry.contains_key(*key)).map(String::as_str).collect();
            Some(self.located.put(bytes, name, entry, &obsolete).ok()?.bytes)
        };
        let mut bytes = left.to_owned();
        for (name, entry) in before.lost(now) {
            let there = now.others.iter().find(|(other, _)| other == name).map(|(_, entry)| entry);
            bytes = put(&bytes, name, entry, there)?;
        }
        match &after.ours {
            Some(ours) => put(&bytes, &self.entry, ours, now.ours.as_ref()),
            None => Some(self.located.remove(&bytes, &self.entry).ok()?.bytes),
        }
    }

    /// Our entry in such a file, and those of others.
    fn entries_in(&self, content: &[u8]) -> Option<Entries> {
        let all = self.located.entries(content).ok()?;
        let (ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| *name == self.entry);
        Some(Entries { ours: ours.into_iter().next().map(|(_, entry)| entry), others })
    }

    pub fn preview(&self) -> EntryPreview {
        let lines = difference(self.found.bytes(), &self.shown, self.located.dialect(), &self.texts);
        let count =
            |kind| u32::try_from(lines.iter().filter(|line| line.kind == kind).count()).unwrap_or(u32::MAX);
        let others = entries(&self.located, &self.found).unwrap_or_default();
        let others = others.iter().filter(|(name, _)| *name != self.entry).count();
        EntryPreview {
            client: self.client.id.to_owned(),
            scope: self.located.scope,
            path: self.located.shown.clone(),
            exists: self.found.content.is_some(),
            folder: self.located.folder.clone(),
            profile: self.located.profile.clone(),
            entry: self.entry.clone(),
            delivery: self.delivery,
            others: u32::try_from(others).unwrap_or(u32::MAX),
            added: count(DiffKind::Added),
            removed: count(DiffKind::Removed),
            lines,
            seen: self.found.digest(),
            holds_secret: self.secret.is_some(),
            notes: self.notes.clone(),
            beside: self.beside.clone(),
        }
    }

    fn written(&self) -> EntryWritten {
        EntryWritten {
            client: self.client.id.to_owned(),
            path: self.located.shown.clone(),
            folder: self.located.folder.clone(),
            profile: self.located.profile.clone(),
            entry: self.entry.clone(),
            delivery: self.delivery,
            changed: true,
            backup: None,
            notes: self.notes.clone(),
            beside: self.beside.clone(),
            checks: self.client.checks.to_vec(),
        }
    }
}

pub(super) fn entries(located: &Located, found: &ClientFile) -> Result<Vec<(String, Value)>> {
    located.entries(found.bytes()).map_err(|problem| not_understood(found, problem))
}

pub(super) fn not_understood(found: &ClientFile, problem: EditProblem) -> Error {
    Error::ClientFileNotUnderstood { path: found.path.clone(), problem }
}
