//! An edit of an AI client's file: thought out first, shown, and only then made.

use super::connect_client::ConnectRequest;
use crate::client_files::{Backups, Change, ClientFile, Digest, Mode, replace, run};
use crate::clients::edit::{self, Edited};
use crate::clients::{
    Check, ConfigFile, Delivery, DiffKind, DiffLine, Located, McpClient, Recognised, Scope, SnippetNote,
    WrittenEntry, difference,
};
use crate::instance::Instance;
use crate::places::Computer;
use crate::{Core, Error, Result};
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
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EntryWritten {
    pub client: String,
    pub path: String,
    pub entry: String,
    pub delivery: Option<Delivery>,
    /// False where the file was already as it should be.
    pub changed: bool,
    /// The file as it was; none where there was none.
    pub backup: Option<String>,
    pub notes: Vec<SnippetNote>,
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
    pub notes: Vec<SnippetNote>,
}

impl Core {
    /// Two of our programs never change a client's file at once.
    pub(super) async fn lock_clients(&self) -> Result<std::fs::File> {
        let store = self.store.clone();
        crate::blocking("the lock on clients' files", move || store.lock_clients()).await
    }

    /// Backs up, writes, reads back. The lock is held.
    pub(super) async fn write(
        &self,
        plan: Plan,
        content: Vec<u8>,
        seen: Option<Digest>,
    ) -> Result<EntryWritten> {
        let backups = Backups::under(&self.store.places().state);
        let (at, computer) = (self.now.now(), self.computer.clone());
        crate::blocking("a client's file", move || {
            let seen = seen.unwrap_or_else(|| plan.found.digest());
            let mut written = plan.written();
            if plan.found.digest() != seen {
                return Err(Error::ClientFileChanged { path: plan.located.path });
            }
            if plan.found.content.as_deref() == Some(&content) {
                return Ok(EntryWritten { changed: false, ..written });
            }
            let digest = Digest::of(Some(&content));
            let backup = backups.keep(plan.client.id, &plan.found, &plan.entry, digest, at)?;
            written.backup = backup.existed.then(|| backup.place().display().to_string());
            let spoiled;
            let file = match plan.asks_the_client(&computer, &content) {
                Asked::InVain => &plan.found,
                // No entry is lost, whoever lost it: what was there comes back, with our edit.
                Asked::Spoiled(left) => {
                    spoiled = ClientFile { mode: plan.found.mode, ..left };
                    &spoiled
                }
                Asked::Done => {
                    backup.settle(&ClientFile::read(&plan.found.path)?)?;
                    backups.drop_oldest(plan.client.id);
                    return Ok(written);
                }
            };
            let mode = match plan.located.scope {
                _ if plan.secret.is_some() => Mode::Private,
                Scope::Project => Mode::Shared,
                Scope::User => Mode::Kept,
            };
            let change = Change { content: &content, seen: &file.digest(), mode };
            if let Err(error) = replace(file, &change) {
                // Nothing of ours is there to be undone, unless the rename came and something else after it.
                if ClientFile::read(&plan.found.path).is_ok_and(|file| file.digest() == seen) {
                    backup.drop();
                }
                return Err(error);
            }
            backups.drop_oldest(plan.client.id);
            Ok(written)
        })
        .await
    }

    pub(super) fn locate(&self, client: &McpClient, request: &ConnectRequest) -> Result<Located> {
        let project = match request.scope {
            Scope::User => None,
            Scope::Project => Some(self.find_folder(request.project.as_deref().unwrap_or_default())?),
        };
        let mut located = client.located(&self.computer, project.as_deref()).into_iter();
        located.find(|located| located.scope == request.scope).ok_or_else(|| match client.writes() {
            Err(why) => client.not_written(why),
            Ok(_) => Error::ScopeUnsupported {
                client: client.id.to_owned(),
                scope: request.scope.as_str().to_owned(),
            },
        })
    }

    /// Whether an entry is for this instance: it starts our program for it, or calls its MCP address.
    pub(super) fn is_for(&self, instance: &Instance, entry: &Recognised) -> bool {
        match &entry.call {
            Some(call) => {
                call.home == self.store.places().namespace
                    && (call.instance == instance.short_name
                        || instance.former_short_names.contains(&call.instance))
            }
            None => instance.mcp_url.as_ref().is_some_and(|url| entry.calls(url)),
        }
    }
}

struct Entries {
    ours: Option<Value>,
    others: Vec<(String, Value)>,
}

/// What came of asking a client's own program.
enum Asked {
    /// It is not here, or this is not for it, or it did not do it.
    InVain,
    Done,
    /// Other entries than ours are gone, or ours is: what it left.
    Spoiled(ClientFile),
}

impl Plan {
    /// Our entry as it stands there.
    pub fn current(&self) -> Result<Option<Value>> {
        edit::read(self.found.bytes(), self.config.dialect, &self.config.place(&self.entry))
            .map_err(|problem| not_understood(&self.found, problem))
    }

    pub fn edit(&self, entry: &Map<String, Value>, obsolete: &[String]) -> Result<Edited> {
        let obsolete: Vec<_> = obsolete.iter().map(String::as_str).collect();
        let place = self.config.place(&self.entry);
        let before = self.found.bytes();
        let is_new = before.is_empty() && !self.config.begins.is_empty();
        let begun = if is_new { self.config.begins.as_bytes() } else { before };
        let edited = edit::put(begun, self.config.dialect, &place, entry, &obsolete)
            .map_err(|problem| not_understood(&self.found, problem))?;
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
        let Some(now) = self.entries_in(left.bytes()) else { return Asked::Spoiled(left) };
        let lost_ours = before.ours.is_some() && after.ours.is_some() && now.ours.is_none();
        let is_done = match (&after.ours, &now.ours) {
            // It may leave out what it does not know, and add what it needs.
            (Some(wanted), Some(ours)) => Recognised::of(wanted).is_alike(&Recognised::of(ours)),
            (wanted, ours) => wanted.is_none() && ours.is_none(),
        };
        match is_content && is_done {
            _ if lost_ours || now.others != before.others => Asked::Spoiled(left),
            true => Asked::Done,
            false => Asked::InVain,
        }
    }

    /// Our entry in such a file, and those of others.
    fn entries_in(&self, content: &[u8]) -> Option<Entries> {
        let all = edit::entries(content, self.config.dialect, self.config.path, self.config.kept).ok()?;
        let (ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| *name == self.entry);
        Some(Entries { ours: ours.into_iter().next().map(|(_, entry)| entry), others })
    }

    pub fn preview(&self) -> EntryPreview {
        let lines = difference(self.found.bytes(), &self.shown);
        let count =
            |kind| u32::try_from(lines.iter().filter(|line| line.kind == kind).count()).unwrap_or(u32::MAX);
        let others = entries(&self.config, &self.found).unwrap_or_default();
        let others = others.iter().filter(|(name, _)| *name != self.entry).count();
        EntryPreview {
            client: self.client.id.to_owned(),
            scope: self.located.scope,
            path: self.located.shown.clone(),
            exists: self.found.content.is_some(),
            entry: self.entry.clone(),
            delivery: self.delivery,
            others: u32::try_from(others).unwrap_or(u32::MAX),
            added: count(DiffKind::Added),
            removed: count(DiffKind::Removed),
            lines,
            seen: self.found.digest(),
            holds_secret: self.secret.is_some(),
            notes: self.notes.clone(),
        }
    }

    fn written(&self) -> EntryWritten {
        EntryWritten {
            client: self.client.id.to_owned(),
            path: self.located.shown.clone(),
            entry: self.entry.clone(),
            delivery: self.delivery,
            changed: true,
            backup: None,
            notes: self.notes.clone(),
            checks: self.client.checks.to_vec(),
        }
    }
}

pub(super) fn read(located: &Located) -> Result<ClientFile> {
    ClientFile::read(&located.path)
}

pub(super) fn entries(config: &ConfigFile, found: &ClientFile) -> Result<Vec<(String, Value)>> {
    edit::entries(found.bytes(), config.dialect, config.path, config.kept)
        .map_err(|problem| not_understood(found, problem))
}

pub(super) fn not_understood(found: &ClientFile, problem: edit::EditProblem) -> Error {
    Error::ClientFileNotUnderstood { path: found.path.clone(), problem }
}
