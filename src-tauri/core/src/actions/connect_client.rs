//! An entry of ours in an AI client's own file: looked at first, then written, or taken out.
//!
//! What is written is what was shown: the preview answers a digest of the file, and a file that is another one
//! by then stays as it is.

use super::render_snippet::{SnippetRequest, platform};
use crate::api_key::ApiKeyId;
use crate::client_files::{Backups, Change, ClientFile, Digest, Mode, is_tracked, replace, run};
use crate::clients::edit::{self, Edited};
use crate::clients::{
    self, Check, ConfigFile, Delivery, DiffKind, DiffLine, Located, McpClient, Recognised, Scope,
    SnippetForm, SnippetNote, WrittenEntry, difference,
};
use crate::instance::{Instance, InstanceId};
use crate::places::Computer;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Some clients write their file all the time.
const ATTEMPTS: u32 = 3;

/// Which entry. Without a key it is for the instance's default; without a delivery, the client's best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ConnectRequest {
    pub client: String,
    pub key: Option<ApiKeyId>,
    pub delivery: Option<Delivery>,
    #[serde(default)]
    pub scope: Scope,
    /// The project's folder, for [`Scope::Project`].
    #[serde(default)]
    pub project: Option<String>,
    /// What to do where the name belongs to something that is not ours.
    #[serde(default)]
    pub if_taken: Option<IfTaken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum IfTaken {
    /// Ours takes its place.
    Replace,
    /// Ours gets a name of its own beside it.
    Beside,
}

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
struct Plan {
    client: &'static McpClient,
    located: Located,
    found: ClientFile,
    config: ConfigFile,
    entry: String,
    delivery: Option<Delivery>,
    /// With the key's hint where the key goes.
    shown: Edited,
    /// What is needed to make the edit with the key itself.
    secret: Option<WrittenEntry>,
    notes: Vec<SnippetNote>,
}

impl Core {
    /// What connecting would write. Reads the client's file and nothing else; no key is read.
    pub fn preview_connect(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
    ) -> Result<EntryPreview> {
        self.plan_connect(id, request, program).map(|plan| plan.preview())
    }

    /// Writes the entry, if the file is still what the preview saw. Without `seen` it is written as it is now.
    pub async fn connect_client(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
        seen: Option<Digest>,
    ) -> Result<EntryWritten> {
        let _lock = self.lock_clients().await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let plan = self.plan_connect(id, request, program)?;
            let content = match &plan.secret {
                None => plan.shown.bytes.clone(),
                Some(entry) => {
                    let instance = self.instance(id)?;
                    let key = self.snippet_key(&instance, &snippet_request(request))?;
                    let key = self.read_secret(id, &key).await?;
                    clients::fits_in_a_header(&key)?;
                    // EXPOSE: this delivery is the key in the client's file; it was asked for by name.
                    plan.edit(&entry.with(key.expose()), &entry.obsolete)?.bytes
                }
            };
            match self.write(plan, content, seen.clone()).await {
                // Nobody looked at a preview, so the file as it is now is as good.
                Err(Error::ClientFileChanged { .. }) if seen.is_none() && attempt < ATTEMPTS => {}
                done => return done,
            }
        }
    }

    /// What taking the entry out would change.
    pub fn preview_disconnect(&self, id: &InstanceId, request: &ConnectRequest) -> Result<EntryPreview> {
        self.plan_disconnect(id, request).map(|plan| plan.preview())
    }

    /// Takes our entry for this instance out of the client's file, and nothing else.
    pub async fn disconnect_client(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        seen: Option<Digest>,
    ) -> Result<EntryWritten> {
        let _lock = self.lock_clients().await?;
        let plan = self.plan_disconnect(id, request)?;
        let content = plan.shown.bytes.clone();
        self.write(plan, content, seen).await
    }

    /// Two of our programs never change a client's file at once.
    pub(super) async fn lock_clients(&self) -> Result<std::fs::File> {
        let store = self.store.clone();
        crate::blocking("the lock on clients' files", move || store.lock_clients()).await
    }

    fn plan_connect(&self, id: &InstanceId, request: &ConnectRequest, program: &str) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let located = self.locate(client, request)?;
        let found = read(&located)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        let name = self.entry_name(client, &instance, &config, &found, request.if_taken)?;
        let snippet = snippet_request(request);
        let delivery = request.delivery.or_else(|| client.best_delivery());
        if request.key.is_none() && matches!(delivery, Some(Delivery::Bridge | Delivery::Helper)) {
            // An entry that could not get a key would only look as if it worked.
            self.usable_default(&instance)?;
        }
        let (mut written, notes, delivery) =
            self.with_entry(&instance, &snippet, program, &name, |entry| {
                let notes = client.notes(entry, SnippetForm::Config, platform());
                Ok((client.entry(entry, platform())?, notes, entry.credential.delivery()))
            })?;
        if written.holds_secret && located.scope == Scope::Project && is_tracked(&found.target) {
            return Err(Error::KeyWouldBeShared { path: located.path });
        }
        let hint = if written.holds_secret {
            let key = self.snippet_key(&instance, &snippet)?;
            instance.record(&key).map_or("sst_…", |record| record.hint.as_str())
        } else {
            ""
        };
        let mut plan = Plan {
            client,
            located,
            config,
            entry: name,
            delivery: Some(delivery),
            shown: Edited { bytes: Vec::new(), before: 0..0, after: 0..0 },
            secret: None,
            notes: notes.into_iter().filter(|note| is_said_before_writing(*note)).collect(),
            found,
        };
        // What a person put there for this way in stays; what another way in needed goes.
        let same_way = plan.current()?.is_some_and(|entry| Recognised::of(&entry).delivery == Some(delivery));
        let keeps = |key: &str| same_way && matches!(key, "env" | "headers");
        written.obsolete.retain(|key| !keeps(key));
        plan.shown = plan.edit(&written.with(hint), &written.obsolete)?;
        plan.secret = written.holds_secret.then_some(written);
        Ok(plan)
    }

    fn plan_disconnect(&self, id: &InstanceId, request: &ConnectRequest) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let located = self.locate(client, request)?;
        let found = read(&located)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        let not_connected =
            || Error::NotConnected { client: client.id.to_owned(), instance: instance.short_name.clone() };
        let entries = entries(&config, &found)?;
        let ours = entries.iter().find(|(_, entry)| self.is_for(&instance, &Recognised::of(entry)));
        let (name, _) = ours.ok_or_else(not_connected)?;
        let shown = edit::remove(found.bytes(), config.dialect, &config.place(name))
            .map_err(|problem| not_understood(&found, problem))?;
        Ok(Plan {
            client,
            located,
            config,
            entry: name.clone(),
            delivery: None,
            shown,
            secret: None,
            notes: Vec::new(),
            found,
        })
    }

    /// Backs up, writes, reads back. The lock is held.
    async fn write(&self, plan: Plan, content: Vec<u8>, seen: Option<Digest>) -> Result<EntryWritten> {
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
            if plan.asks_the_client(&computer, &content) {
                backup.settle(&ClientFile::read(&plan.found.path)?)?;
                backups.drop_oldest(plan.client.id);
                return Ok(written);
            }
            let mode = match plan.located.scope {
                _ if plan.secret.is_some() => Mode::Private,
                Scope::Project => Mode::Shared,
                Scope::User => Mode::Kept,
            };
            let change = Change { content: &content, seen: &seen, mode };
            if let Err(error) = replace(&plan.found, &change) {
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
        let project = request.project.as_deref().map(Path::new).filter(|_| request.scope == Scope::Project);
        let mut located = client.located(&self.computer, project).into_iter();
        located.find(|located| located.scope == request.scope).ok_or_else(|| match client.writes() {
            Err(why) => client.not_written(why),
            Ok(_) => Error::ScopeUnsupported {
                client: client.id.to_owned(),
                scope: request.scope.as_str().to_owned(),
            },
        })
    }

    /// What our entry is called: as it is already, else `superset`, else `superset-<instance>` where another
    /// instance has that. What is not ours is only touched when a person said so.
    fn entry_name(
        &self,
        client: &McpClient,
        instance: &Instance,
        config: &ConfigFile,
        found: &ClientFile,
        if_taken: Option<IfTaken>,
    ) -> Result<String> {
        const USUAL: &str = "superset";
        let own = format!("{USUAL}-{}", instance.short_name);
        let entries: Vec<_> =
            entries(config, found)?.into_iter().map(|(name, entry)| (name, Recognised::of(&entry))).collect();
        if let Some((name, _)) = entries.iter().find(|(_, entry)| self.is_for(instance, entry)) {
            return Ok(name.clone());
        }
        let instances = self.store.read()?.instances;
        let is_ours = |entry: &Recognised| instances.iter().any(|instance| self.is_for(instance, entry));
        let holder = |name: &str| entries.iter().find(|(other, _)| other == name).map(|(_, entry)| entry);
        let taken = |name: String| Error::EntryTaken {
            client: client.id.to_owned(),
            entry: name,
            path: found.path.clone(),
        };
        match (holder(USUAL), holder(&own), if_taken) {
            (None, _, _) | (Some(_), _, Some(IfTaken::Replace)) => Ok(USUAL.to_owned()),
            (Some(usual), None, None) if is_ours(usual) => Ok(own),
            (Some(_), None, Some(IfTaken::Beside)) => Ok(own),
            (Some(usual), Some(_), _) if is_ours(usual) => Err(taken(own)),
            _ => Err(taken(USUAL.to_owned())),
        }
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

impl Plan {
    /// Our entry as it stands there.
    fn current(&self) -> Result<Option<serde_json::Value>> {
        edit::read(self.found.bytes(), self.config.dialect, &self.config.place(&self.entry))
            .map_err(|problem| not_understood(&self.found, problem))
    }

    fn edit(
        &self,
        entry: &serde_json::Map<String, serde_json::Value>,
        obsolete: &[String],
    ) -> Result<Edited> {
        let obsolete: Vec<_> = obsolete.iter().map(String::as_str).collect();
        let place = self.config.place(&self.entry);
        edit::put(self.found.bytes(), self.config.dialect, &place, entry, &obsolete)
            .map_err(|problem| not_understood(&self.found, problem))
    }

    /// Has the client's own program make the change, where it is here and that is the better way. False where
    /// it did not come out as it should; what that left is for [`replace`] to find.
    fn asks_the_client(&self, computer: &Computer, content: &[u8]) -> bool {
        let own =
            self.config.written_by.filter(|_| self.located.scope == Scope::User && self.secret.is_none());
        let program = self.client.programs.first().and_then(|program| computer.program(program));
        let (Some(own), Some(program)) = (own, program) else { return false };
        let entry_in = |content: &[u8]| {
            edit::read(content, self.config.dialect, &self.config.place(&self.entry)).ok().flatten()
        };
        let wanted = entry_in(content);
        if entry_in(self.found.bytes()).is_some() && !run(&program, &(own.remove)(&self.entry), computer) {
            return false;
        }
        if let Some(wanted) = &wanted
            && !run(&program, &(own.add)(&self.entry, &wanted.to_string()), computer)
        {
            return false;
        }
        let found = ClientFile::read(&self.found.path).ok().and_then(|file| entry_in(file.bytes()));
        match (wanted, found) {
            // It may leave out what it does not know, and add what it needs.
            (Some(wanted), Some(found)) => Recognised::of(&wanted).is_alike(&Recognised::of(&found)),
            (None, None) => true,
            _ => false,
        }
    }

    fn preview(&self) -> EntryPreview {
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

/// The same request, as for a snippet.
fn snippet_request(request: &ConnectRequest) -> SnippetRequest {
    SnippetRequest {
        client: request.client.clone(),
        key: request.key.clone(),
        delivery: request.delivery,
        form: SnippetForm::Config,
    }
}

fn read(located: &Located) -> Result<ClientFile> {
    ClientFile::read(&located.path)
}

pub(super) fn entries(config: &ConfigFile, found: &ClientFile) -> Result<Vec<(String, serde_json::Value)>> {
    edit::entries(found.bytes(), config.dialect, config.path, config.kept)
        .map_err(|problem| not_understood(found, problem))
}

fn not_understood(found: &ClientFile, problem: edit::EditProblem) -> Error {
    Error::ClientFileNotUnderstood { path: found.path.clone(), problem }
}

/// Said of a snippet alone: how to put it into the file is what we do ourselves.
fn is_said_before_writing(note: SnippetNote) -> bool {
    !matches!(
        note,
        SnippetNote::MergeIfFileExists | SnippetNote::PreferCommandOverFile | SnippetNote::PathMovedBy { .. }
    )
}
