//! An entry of ours put into an AI client's own file: looked at first, then written.
//!
//! What is written is what was shown: the preview answers a digest of the file, and a file that is another one
//! by then stays as it is.

use super::client_edit::{EntryPreview, EntryWritten, Plan, entries};
use super::recognise_entries::EntryReader;
use super::render_snippet::{SnippetRequest, Started, is_there, platform};
use crate::client_files::{ClientFile, Digest};
use crate::clients::edit::Edited;
use crate::clients::{
    self, Delivery, Installation, Located, McpClient, NotWritten, Recognised, Scope, SnippetForm,
    SnippetNote, Written, WrittenEntry,
};
use crate::deed::{Deed, DeedKind};
use crate::git::{is_shared, is_tracked};
use crate::guard::Guard;
use crate::ids::{ApiKeyId, InstanceId};
use crate::instance::is_loopback;
use crate::own_program::is_found_by_name;
use crate::store::Instance;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

/// Some clients write their file all the time.
const ATTEMPTS: u32 = 3;

/// Which entry. Without a key it is for the instance's default; without a delivery, the client's best.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ConnectRequest {
    pub client: String,
    pub key: Option<ApiKeyId>,
    pub delivery: Option<Delivery>,
    #[serde(default)]
    pub scope: Scope,
    /// The folder, for [`Scope::Project`] and [`Scope::Local`]. For the others the one a person is in, if any: what stands
    /// there may go first.
    #[serde(default)]
    pub project: Option<String>,
    /// Another of the client's places by its file: of a profile, of another installation, or an older one.
    #[serde(default)]
    pub file: Option<String>,
    /// What to do where the name belongs to something that is not ours.
    #[serde(default)]
    pub if_taken: Option<IfTaken>,
    /// Goes on where a key stands only in the client's file, nothing can keep it, and this takes it out.
    #[serde(default)]
    pub drop_key: bool,
    /// What the client may do. Left out, it stays what it is; a guard without rules lets everything through.
    #[serde(default)]
    pub guard: Option<Guard>,
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

impl Core {
    /// What connecting would write. Reads the client's files and nothing else; no key is read.
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
        let client = clients::find(&request.client)?;
        self.connect_at(id, request, program, seen, || Ok((self.locate_for(client, id, request)?, None)))
            .await
    }

    /// The place that a request is about, where an entry for this instance may stand already.
    pub(super) fn locate_for(
        &self,
        client: &McpClient,
        id: &InstanceId,
        request: &ConnectRequest,
    ) -> Result<Located> {
        let located = self.locate(client, request)?;
        if request.file.is_some() {
            return Ok(located);
        }
        Ok(self.place_of_entry(client, &self.instance(id)?, located, &self.entry_reader()?))
    }

    /// The same at a place of the client's, and under a name, that are told anew for each attempt.
    pub(super) async fn connect_at(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
        seen: Option<Digest>,
        place: impl Fn() -> Result<(Located, Option<String>)>,
    ) -> Result<EntryWritten> {
        self.clean_backups().await;
        let _lock = self.lock_clients().await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (located, name) = place()?;
            let plan = self.plan_connect_at(id, request, program, located, name)?;
            let content = match &plan.secret {
                None => plan.shown.bytes.clone(),
                Some(entry) => {
                    let instance = self.instance(id)?;
                    let key = self.snippet_key(&instance, &snippet_request(request))?;
                    let key = self.secret(id, &key).await?;
                    clients::fits_in_a_header(&key)?;
                    // EXPOSE: this delivery is the key in the client's file; it was asked for by name.
                    plan.edit(&entry.with(key.expose()), &entry.obsolete)?.bytes
                }
            };
            match self.write(plan, content, seen.clone()).await {
                // Nobody looked at a preview, so the file as it is now is as good.
                Err(Error::ClientFileChanged { .. }) if seen.is_none() && attempt < ATTEMPTS => {}
                done => {
                    if let Ok(written) = &done
                        && written.changed
                    {
                        let deed = Deed::of_client(DeedKind::ClientConnected, &written.client, &written.path);
                        let how = written.delivery.map_or("", Delivery::as_str);
                        self.note(id, Deed { key: request.key.clone(), ..deed.how(how) }).await;
                    }
                    return done;
                }
            }
        }
    }

    pub(super) fn plan_connect(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
    ) -> Result<Plan> {
        let located = self.locate_for(clients::find(&request.client)?, id, request)?;
        self.plan_connect_at(id, request, program, located, None)
    }

    /// For one place, and for the entry of that name there, if it has one.
    pub(super) fn plan_connect_at(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
        located: Located,
        name: Option<String>,
    ) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let reader = self.entry_reader()?;
        let found = self.read_whole(client, &located.path)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        if found.content.is_none() && self.would_end_an_older_file(client, &located) {
            return Err(client.not_written(NotWritten::OlderFile));
        }
        let name = match name {
            Some(name) => name,
            None => entry_name(client, &instance, &located, &found, request.if_taken, &reader)?,
        };
        let mut snippet = snippet_request(request);
        if snippet.guard.is_none() {
            snippet.guard = guard_there(&instance, &located, &found, &name, &reader)?;
        }
        let delivery = request.delivery.or_else(|| client.best_delivery());
        if request.key.is_none() && delivery.is_some_and(Delivery::starts_ours) {
            // An entry that could not get a key would only look as if it worked.
            self.usable_default(&instance)?;
        }
        let is_shared = located.scope == Scope::Project && is_shared(&found.target);
        let started = self.started(program, &located, is_shared);
        let (mut written, mut notes, delivery) =
            self.with_entry(&instance, &snippet, &started, &name, |entry| {
                let notes = client.notes(entry, SnippetForm::Config, platform());
                Ok((client.entry(entry, platform())?, notes, entry.credential.delivery()))
            })?;
        // Whoever keeps their own settings in git adds each file by name; of a project all is added.
        if written.holds_secret && (is_shared || is_tracked(&found.target)) {
            return Err(Error::KeyWouldBeShared { path: located.path });
        }
        let hint = if written.holds_secret {
            let key = self.snippet_key(&instance, &snippet)?;
            instance.record(&key).map_or("sst_…", |record| record.hint.as_str())
        } else {
            ""
        };
        notes.retain(|note| is_said_before_writing(*note));
        let mut plan = Plan {
            client,
            located,
            config,
            entry: name,
            delivery: Some(delivery),
            shown: Edited { bytes: Vec::new(), before: 0..0, after: 0..0 },
            secret: None,
            ours: None,
            texts: written.texts(hint),
            notes,
            beside: Vec::new(),
            drops_key: request.drop_key,
            found,
        };
        // Alone: what a person added to it is for no other program's arguments.
        plan.ours = (!written.holds_secret).then(|| written.with(hint));
        written = over_what_is_there(&plan, written, &reader)?;
        let ours = written.with(hint);
        plan.shown = plan.edit(&ours, &written.obsolete)?;
        plan.notes.extend(self.to_be_said(&plan, &instance, &ours, is_shared));
        if delivery.starts_ours() && !is_there(started.program) {
            plan.notes.insert(0, SnippetNote::ProgramNotThere);
        }
        let project = request.project.as_deref().and_then(|project| self.find_folder(project).ok());
        let entry = (plan.entry.as_str(), &Value::Object(ours.clone()));
        plan.beside = self.locations_beside(client, &plan.located, entry, project.as_deref(), &reader);
        plan.secret = written.holds_secret.then_some(written);
        Ok(plan)
    }

    /// Our program as the client at this place is to start it.
    fn started<'a>(&self, program: &'a str, located: &Located, is_shared: bool) -> Started<'a> {
        let by_name = is_shared && is_found_by_name(Path::new(program), &self.computer);
        Started {
            program: if by_name { "superset-keys" } else { program },
            installation: located.installation,
        }
    }

    /// Whether the client reads an older file now, and would not any more once this one is there.
    fn would_end_an_older_file(&self, client: &McpClient, located: &Located) -> bool {
        let places = client.all_located(&self.computer, None);
        let after = places.iter().skip_while(|place| place.path != located.path).skip(1);
        let mut after = after.filter(|place| place.scope == located.scope && place.written == Written::Never);
        located.ends_those_after_it() && after.any(|place| place.is_read && place.path.exists())
    }

    /// What a person must know of this entry beside what is said of each.
    fn to_be_said(
        &self,
        plan: &Plan,
        instance: &Instance,
        ours: &Map<String, Value>,
        is_shared: bool,
    ) -> Vec<SnippetNote> {
        let mut notes = Vec::new();
        if plan.delivery == Some(Delivery::Bridge) && self.surroundings(instance).leaves_out_a_password {
            notes.push(SnippetNote::ProxyPasswordLeftOut);
        }
        let is_ours = plan.delivery.is_some_and(Delivery::starts_ours);
        if is_ours && matches!(plan.located.installation, Some(Installation::Flatpak(_))) {
            notes.push(SnippetNote::StartedOutsideSandbox);
        }
        if !is_shared {
            return notes;
        }
        let call = Recognised::of(&Value::Object(ours.clone()), &clients::OnlyBearers).call;
        if let Some(call) = &call {
            let by_path = call.program.contains(['/', '\\']);
            notes.push(if by_path { SnippetNote::PathOfThisComputer } else { SnippetNote::ProgramByName });
        }
        let has_folders = call.is_some_and(|call| call.home.is_some() || call.config_folder.is_some());
        if has_folders || (is_ours && !self.variables(instance).is_empty()) {
            notes.push(SnippetNote::FoldersOfThisComputer);
        }
        let has_address =
            ours.iter().any(|(_, value)| value.as_str().is_some_and(|text| text.starts_with("http")));
        if has_address && instance.mcp_url.as_ref().is_some_and(is_loopback) {
            notes.push(SnippetNote::AddressOfThisComputer);
        }
        notes
    }
}

/// Our entry over the one of its name: what a person added stays, but no key, and no second way to the server.
fn over_what_is_there(plan: &Plan, mut written: WrittenEntry, reader: &EntryReader) -> Result<WrittenEntry> {
    let current = plan.current()?;
    let Some(Value::Object(current)) = &current else {
        written.obsolete.clear();
        return Ok(written);
    };
    let found = reader.read(&Value::Object(current.clone()));
    if reader.instance(&found).is_none() {
        written.obsolete = current.keys().filter(|key| !written.has(key)).cloned().collect();
        return Ok(written);
    }
    Ok(written.over(current, found.delivery == plan.delivery, &reader.shapes))
}

/// The guard of our entry as it is there. One that is not understood is not dropped silently.
fn guard_there(
    instance: &Instance,
    located: &Located,
    found: &ClientFile,
    name: &str,
    reader: &EntryReader,
) -> Result<Option<Guard>> {
    let entry = entries(located, found)?.into_iter().find(|(other, _)| other == name);
    let Some((_, entry)) = entry else { return Ok(None) };
    let read = reader.read(&entry);
    match &read.call {
        Some(call) if reader.is_for(instance, &read) => {
            call.guard().map(Some).map_err(|rule| Error::RuleInvalid { rule })
        }
        _ => Ok(None),
    }
}

/// What our entry is called: as it is already, else `superset`, else `superset-<instance>` where another
/// instance has that. What is not ours is only touched when a person said so, and what is ours for another
/// instance never.
fn entry_name(
    client: &McpClient,
    instance: &Instance,
    located: &Located,
    found: &ClientFile,
    if_taken: Option<IfTaken>,
    reader: &EntryReader,
) -> Result<String> {
    const USUAL: &str = "superset";
    let own = format!("{USUAL}-{}", instance.short_name);
    let entries: Vec<_> =
        entries(located, found)?.into_iter().map(|(name, entry)| (name, reader.read(&entry))).collect();
    if let Some((name, _)) = entries.iter().find(|(_, entry)| reader.is_for(instance, entry)) {
        return Ok(name.clone());
    }
    // Whether something has this name, and whether that is ours.
    let holder = |name: &str| {
        let entry = entries.iter().find(|(other, _)| other == name).map(|(_, entry)| entry);
        entry.map(|entry| reader.instance(entry).is_some())
    };
    let wanted = if holder(USUAL) == Some(true) { own.as_str() } else { USUAL };
    match (holder(wanted), if_taken) {
        (None, _) | (Some(false), Some(IfTaken::Replace)) => Ok(wanted.to_owned()),
        (Some(_), Some(IfTaken::Beside)) if wanted == USUAL && holder(&own).is_none() => Ok(own),
        _ => Err(Error::EntryTaken {
            client: client.id.to_owned(),
            entry: wanted.to_owned(),
            path: found.path.clone(),
        }),
    }
}

/// The same request, as for a snippet.
fn snippet_request(request: &ConnectRequest) -> SnippetRequest {
    SnippetRequest {
        client: request.client.clone(),
        key: request.key.clone(),
        delivery: request.delivery,
        form: SnippetForm::Config,
        guard: request.guard.clone(),
    }
}

/// Said of a snippet alone: how to put it into the file is what we do ourselves.
fn is_said_before_writing(note: SnippetNote) -> bool {
    !matches!(
        note,
        SnippetNote::MergeIfFileExists
            | SnippetNote::AlsoNeeds { .. }
            | SnippetNote::PreferCommandOverFile
            | SnippetNote::PathMovedBy { .. }
    )
}
