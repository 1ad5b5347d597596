//! An entry for an AI client, as text a person puts where that client reads it.

use crate::api_key::ApiKeyId;
use crate::clients::{
    self, Credential, Delivery, Entry, Language, McpClient, Platform, ProgramCall, Snippet, SnippetForm,
    SnippetNote,
};
use crate::instance::{Instance, InstanceId};
use crate::secret::{KeyHint, Secret};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
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
        let render = |entry: &Entry<'_>| client.snippet(entry, request.form, platform());
        let key_is_needed = delivery == Delivery::Plaintext
            && request.form == SnippetForm::Config
            && client.can_take(delivery).is_ok();
        if !key_is_needed {
            return self.with_entry(&instance, request, program, ENTRY, render);
        }
        let key = self.snippet_key(&instance, request)?;
        let hint = instance.record(&key).map(|record| record.hint.clone());
        let key = self.read_secret(id, &key).await?;
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
        program: &str,
        name: &str,
        make: impl FnOnce(&Entry<'_>) -> Result<T>,
    ) -> Result<T> {
        let delivery = delivery(clients::find(&request.client)?, request);
        let nothing = Secret::new("");
        let no_hint = KeyHint::of(&nothing, "");
        let call = match delivery {
            Delivery::Bridge => Some(self.program_call(program, "bridge", instance, request)?),
            Delivery::Helper => Some(self.program_call(program, "headers", instance, request)?),
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

    /// `superset-keys <command> <instance>`, with `--key` only where another than the default is meant, and
    /// `--home` where this program has a home of its own: neither Codex 0.169.0 nor Gemini CLI 0.61.0 hands
    /// `SUPERSET_KEYS_HOME` on to what it starts (tried 2026-11-20).
    fn program_call(
        &self,
        program: &str,
        command: &str,
        instance: &Instance,
        request: &SnippetRequest,
    ) -> Result<ProgramCall> {
        let mut args = Vec::new();
        if let Some(home) = &self.store.places().namespace {
            args.extend(["--home".to_owned(), home.clone()]);
        }
        args.extend([command.to_owned(), instance.short_name.clone()]);
        if let Some(key) = &request.key
            && instance.default_key.as_ref() != Some(key)
        {
            let record =
                instance.record(key).ok_or_else(|| Error::SecretNotHere { name: key.to_string() })?;
            args.extend(["--key".to_owned(), record.alias.clone()]);
        }
        Ok(ProgramCall { program: program.to_owned(), args })
    }

    pub(super) fn snippet_key(&self, instance: &Instance, request: &SnippetRequest) -> Result<ApiKeyId> {
        match &request.key {
            Some(key) => Ok(key.clone()),
            None => self.usable_default(instance).map(|record| record.id.clone()),
        }
    }
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
