//! An entry of ours put into an AI client's own file: looked at first, then written.
//!
//! What is written is what was shown: the preview answers a digest of the file, and a file that is another one
//! by then stays as it is.

use super::client_edit::{EntryPreview, EntryWritten, Plan, entries, read};
use super::render_snippet::{SnippetRequest, platform};
use crate::api_key::ApiKeyId;
use crate::client_files::{ClientFile, Digest};
use crate::clients::edit::Edited;
use crate::clients::{
    self, ConfigFile, Delivery, McpClient, NotWritten, Recognised, Scope, SnippetForm, SnippetNote,
    WrittenEntry,
};
use crate::git::{is_shared, is_tracked};
use crate::instance::{Instance, InstanceId};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Map;

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

    pub(super) fn plan_connect(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        program: &str,
    ) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let located = self.locate(client, request)?;
        let found = read(&located)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        if found.content.is_none()
            && config.instead_of.is_some_and(|older| located.path.with_file_name(older).exists())
        {
            return Err(client.not_written(NotWritten::OlderFile));
        }
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
        // Whoever keeps their own settings in git adds each file by name; of a project all is added.
        let is_shared = match located.scope {
            Scope::User => is_tracked,
            Scope::Project => is_shared,
        };
        if written.holds_secret && is_shared(&found.target) {
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
            ours: None,
            notes: notes.into_iter().filter(|note| is_said_before_writing(*note)).collect(),
            found,
        };
        written.obsolete = self.obsolete(&plan, &written)?;
        let ours = written.with(hint);
        plan.shown = plan.edit(&ours, &written.obsolete)?;
        plan.ours = (!written.holds_secret).then_some(ours);
        plan.secret = written.holds_secret.then_some(written);
        Ok(plan)
    }

    /// What must go of the entry that is there.
    fn obsolete(&self, plan: &Plan, written: &WrittenEntry) -> Result<Vec<String>> {
        let Some(current) = plan.current()? else { return Ok(Vec::new()) };
        let found = Recognised::of(&current);
        if !self.is_ours(&found)? {
            let all = current.as_object().into_iter().flat_map(Map::keys);
            return Ok(all.filter(|key| !written.has(key)).cloned().collect());
        }
        // What a person put there for this way in stays; what another way in needed goes.
        let stays = |key: &str| found.delivery == plan.delivery && matches!(key, "env" | "headers");
        Ok(written.obsolete.iter().filter(|key| !stays(key)).cloned().collect())
    }

    /// What our entry is called: as it is already, else `superset`, else `superset-<instance>` where another
    /// instance has that. What is not ours is only touched when a person said so, and what is ours for another
    /// instance never.
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
        // Whether something has this name, and whether that is ours.
        let holder = |name: &str| {
            let entry = entries.iter().find(|(other, _)| other == name).map(|(_, entry)| entry);
            entry.map(|entry| self.is_ours(entry)).transpose()
        };
        let wanted = if holder(USUAL)? == Some(true) { own.as_str() } else { USUAL };
        match (holder(wanted)?, if_taken) {
            (None, _) | (Some(false), Some(IfTaken::Replace)) => Ok(wanted.to_owned()),
            (Some(_), Some(IfTaken::Beside)) if wanted == USUAL && holder(&own)?.is_none() => Ok(own),
            _ => Err(Error::EntryTaken {
                client: client.id.to_owned(),
                entry: wanted.to_owned(),
                path: found.path.clone(),
            }),
        }
    }

    /// Whether an entry is for any instance here.
    fn is_ours(&self, entry: &Recognised) -> Result<bool> {
        Ok(self.store.read()?.instances.iter().any(|instance| self.is_for(instance, entry)))
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
