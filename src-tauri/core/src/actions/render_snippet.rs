//! An entry for an AI client, as text a person puts where that client reads it.

use crate::clients::{
    self, Credential, Delivery, Entry, Installation, Language, McpClient, Platform, ProgramCall, Snippet,
    SnippetForm, SnippetNote,
};
use crate::deed::{Deed, DeedKind};
use crate::guard::Guard;
use crate::ids::{ApiKeyId, InstanceId};
use crate::instance::is_loopback;
use crate::secret::{KeyHint, Secret};
use crate::store::Instance;
use crate::surroundings::Surroundings;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use url::Url;

/// The entry's name in a client's file.
const ENTRY: &str = "superset";

/// Which snippet. Without a key it is for the instance's default; without a delivery, the client's best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SnippetRequest {
    pub client: String,
    pub key: Option<ApiKeyId>,
    pub delivery: Option<Delivery>,
    pub form: SnippetForm,
    /// What the client may do; everything when left out.
    #[serde(default)]
    pub guard: Option<Guard>,
}

impl SnippetRequest {
    fn guard(&self) -> Guard {
        self.guard.clone().unwrap_or_default()
    }
}

/// Our program, and whose client starts it.
pub(super) struct Started<'a> {
    pub program: &'a str,
    pub installation: Option<Installation>,
}

/// A snippet as the window and a terminal may show it: the key is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SnippetView {
    pub client: String,
    pub delivery: Delivery,
    pub form: SnippetForm,
    /// With the key's hint where the key stands.
    pub masked: String,
    pub language: Language,
    pub path_hint: String,
    pub holds_secret: bool,
    pub notes: Vec<SnippetNote>,
}

impl SnippetView {
    #[must_use]
    pub fn of(snippet: &Snippet) -> Self {
        Self {
            client: snippet.client.to_owned(),
            delivery: snippet.delivery,
            form: snippet.form,
            masked: snippet.masked().to_owned(),
            language: snippet.language,
            path_hint: snippet.path_hint.to_owned(),
            holds_secret: snippet.holds_secret,
            notes: snippet.notes.clone(),
        }
    }
}

/// Whether a program can be started by this path. What is named without one, its client looks for by itself.
pub(super) fn is_there(program: &str) -> bool {
    !program.contains(['/', '\\']) || Path::new(program).exists()
}

impl Core {
    /// Renders a snippet. `program` is the absolute path of `superset-keys`, for clients that start it.
    /// Only a plaintext delivery reads the keychain.
    pub async fn render_snippet(
        &self,
        id: &InstanceId,
        request: &SnippetRequest,
        program: &str,
    ) -> Result<Snippet> {
        let client = clients::find(&request.client)?;
        let delivery = delivery(client, request);
        let instance = self.instance(id)?;
        can_be_held(client, delivery, &request.guard())?;
        let render = |entry: &Entry<'_>| client.snippet(entry, request.form, platform());
        let key_is_needed = delivery == Delivery::Plaintext
            && request.form == SnippetForm::Config
            && client.can_take(delivery).is_ok();
        if !key_is_needed {
            let started = Started { program, installation: None };
            let mut snippet = self.with_entry(&instance, request, &started, ENTRY, render)?;
            if delivery == Delivery::Bridge && self.surroundings(&instance).leaves_out_a_password {
                snippet.notes.push(SnippetNote::ProxyPasswordLeftOut);
            }
            if delivery.starts_ours() && !is_there(program) {
                snippet.notes.insert(0, SnippetNote::ProgramNotThere);
            }
            return Ok(snippet);
        }
        let key = self.snippet_key(&instance, request)?;
        let hint = instance.record(&key).map(|record| record.hint.clone());
        let named = key;
        let key = self.secret(id, &named).await?;
        self.note(
            id,
            Deed { client: Some(client.id.to_owned()), ..Deed::of_key(DeedKind::KeyInSnippet, &named) },
        )
        .await;
        let hint = hint.unwrap_or_else(|| KeyHint::of(&key, "sst_"));
        render(&Entry {
            name: ENTRY,
            url: mcp_url(&instance)?,
            credential: Credential::Plaintext { key: &key, hint: &hint },
        })
    }

    /// Our entry without the key itself, which no delivery but plaintext holds.
    pub(super) fn with_entry<T>(
        &self,
        instance: &Instance,
        request: &SnippetRequest,
        started: &Started<'_>,
        name: &str,
        make: impl FnOnce(&Entry<'_>) -> Result<T>,
    ) -> Result<T> {
        let client = clients::find(&request.client)?;
        let delivery = delivery(client, request);
        can_be_held(client, delivery, &request.guard())?;
        let nothing = Secret::new("");
        let no_hint = KeyHint::of(&nothing, "");
        let call = match delivery {
            Delivery::Bridge => Some(self.program_call(started, "bridge", instance, request)?),
            Delivery::Helper => Some(self.program_call(started, "headers", instance, request)?),
            Delivery::Variable | Delivery::Prompt | Delivery::Plaintext => None,
        };
        let credential = match (delivery, &call) {
            (Delivery::Bridge, Some(call)) => Credential::Bridge(call),
            (Delivery::Helper, Some(call)) => Credential::Helper(call),
            (Delivery::Variable, _) => Credential::Variable,
            (Delivery::Prompt, _) => Credential::Prompt,
            _ => Credential::Plaintext { key: &nothing, hint: &no_hint },
        };
        make(&Entry { name, url: mcp_url(instance)?, credential })
    }

    /// `superset-keys <command> <instance>`, with `--key` only where another than the default is meant; where this
    /// program's files lie elsewhere than usual, with that: neither Codex 0.169.0 nor Gemini CLI 0.61.0 hands
    /// `SUPERSET_KEYS_HOME` on to what it starts (tried 2026-11-20), and those of MCP's SDKs nothing of the kind.
    fn program_call(
        &self,
        started: &Started<'_>,
        command: &str,
        instance: &Instance,
        request: &SnippetRequest,
    ) -> Result<ProgramCall> {
        // A Snap tells what it starts to look into folders of its own.
        let all_folders = matches!(started.installation, Some(Installation::Snap(_)));
        let mut args = match &self.store.places().namespace {
            Some(home) => vec!["--home".to_owned(), home.clone()],
            None => self.computer.own_folders(all_folders),
        };
        args.extend([command.to_owned(), instance.short_name.clone()]);
        if let Some(key) = &request.key
            && instance.default_key.as_ref() != Some(key)
        {
            let record =
                instance.record(key).ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
            args.extend(["--key".to_owned(), record.alias.clone()]);
        }
        if command == "bridge" {
            args.extend(request.guard().arguments());
        }
        // The header helper goes to no server.
        let env = if command == "bridge" { self.variables(instance) } else { Vec::new() };
        let program = started.program.to_owned();
        if !matches!(started.installation, Some(Installation::Flatpak(_))) {
            return Ok(ProgramCall { program, args, env });
        }
        // In there our program is not, nor are the keychain and the way to it.
        let sets = env.into_iter().map(|(name, value)| format!("--env={name}={value}"));
        let outside = std::iter::once("--host".to_owned()).chain(sets).chain([program]).chain(args);
        Ok(ProgramCall { program: "flatpak-spawn".to_owned(), args: outside.collect(), env: Vec::new() })
    }

    /// What the bridge to this instance needs of its environment.
    pub(super) fn variables(&self, instance: &Instance) -> Vec<(String, String)> {
        self.surroundings(instance).variables
    }

    pub(super) fn surroundings(&self, instance: &Instance) -> Surroundings {
        match &instance.mcp_url {
            Some(url) if is_loopback(url) => Surroundings::default(),
            url => {
                let encrypted = url.as_ref().is_some_and(|url| url.scheme() == "https");
                Surroundings::of(&self.computer.variables, encrypted)
            }
        }
    }

    pub(super) fn snippet_key(&self, instance: &Instance, request: &SnippetRequest) -> Result<ApiKeyId> {
        match &request.key {
            Some(key) => Ok(key.clone()),
            None => self.usable_default(instance).map(|record| record.id.clone()),
        }
    }
}

/// Only on the bridge does anything stand between the client and the server.
fn can_be_held(client: &McpClient, delivery: Delivery, guard: &Guard) -> Result<()> {
    // What the client cannot take at all is said first.
    if delivery == Delivery::Bridge || guard.is_open() || client.can_take(delivery).is_err() {
        return Ok(());
    }
    let (client, delivery) = (client.id.to_owned(), delivery.as_str().to_owned());
    Err(Error::GuardNeedsBridge { client, delivery })
}

fn mcp_url(instance: &Instance) -> Result<&Url> {
    instance.mcp_url.as_ref().ok_or_else(|| Error::McpUrlUnknown { instance: instance.short_name.clone() })
}

/// What was asked for, else the client's best. A client without any refuses the very best, and says why.
fn delivery(client: &McpClient, request: &SnippetRequest) -> Delivery {
    request.delivery.or_else(|| client.best_delivery()).unwrap_or(Delivery::Bridge)
}

pub(super) const fn platform() -> Platform {
    Platform::HERE
}
