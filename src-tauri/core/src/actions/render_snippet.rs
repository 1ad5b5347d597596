//! An entry for an AI client, as text a person puts where that client reads it.

use crate::api_key::ApiKeyId;
use crate::clients::{
    self, Credential, Delivery, Entry, Language, Platform, ProgramCall, Snippet, SnippetForm, SnippetNote,
};
use crate::instance::{Instance, InstanceId};
use crate::secret::KeyHint;
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};

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
        let delivery = request.delivery.unwrap_or_else(|| client.best_delivery());
        let instance = self.instance(id)?;
        let url = instance
            .mcp_url
            .as_ref()
            .ok_or_else(|| Error::McpUrlUnknown { instance: instance.short_name.clone() })?;
        let entry = |credential| Entry { name: ENTRY, url, credential };
        let render = |credential| client.snippet(&entry(credential), request.form, platform());
        match delivery {
            Delivery::Variable => render(Credential::Variable),
            Delivery::Prompt => render(Credential::Prompt),
            Delivery::Bridge => {
                render(Credential::Bridge(&self.program_call(program, "bridge", &instance, request)?))
            }
            Delivery::Helper => {
                render(Credential::Helper(&self.program_call(program, "headers", &instance, request)?))
            }
            Delivery::Plaintext
                if client.can_take(delivery).is_err() || request.form != SnippetForm::Config =>
            {
                // No key is read for what will be refused, or holds none.
                let nothing = crate::secret::Secret::new("");
                render(Credential::Plaintext { key: &nothing, hint: &KeyHint::of(&nothing, "") })
            }
            Delivery::Plaintext => {
                let key = self.snippet_key(&instance, request)?;
                let hint = instance.record(&key).map(|record| record.hint.clone());
                let secret = self.read_secret(id, &key).await?;
                let hint = hint.unwrap_or_else(|| KeyHint::of(&secret, "sst_"));
                render(Credential::Plaintext { key: &secret, hint: &hint })
            }
        }
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

    fn snippet_key(&self, instance: &Instance, request: &SnippetRequest) -> Result<ApiKeyId> {
        match &request.key {
            Some(key) => Ok(key.clone()),
            None => self.usable_default(instance).map(|record| record.id.clone()),
        }
    }
}

fn platform() -> Platform {
    if cfg!(target_os = "macos") {
        Platform::Macos
    } else if cfg!(target_os = "windows") {
        Platform::Windows
    } else {
        Platform::Linux
    }
}
