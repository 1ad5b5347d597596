//! An entry rendered as text.

use super::delivery::{CannotTake, Delivery, SnippetForm};
use super::entry::{Credential, Entry, KEY_MARK, Target, VARIABLE};
use super::note::SnippetNote;
use super::quote;
use super::table::{Document, Forms, McpClient, Platform, Way};
use crate::error::{Error, Result};
use crate::instance::is_loopback;
use crate::secret::{KeyHint, Secret};
use serde::Serialize;

/// What the text is written in, for colours and file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Json,
    Toml,
    /// bash or zsh.
    Shell,
    /// An address.
    Text,
}

/// An entry as the text a person puts somewhere.
#[derive(Debug)]
pub struct Snippet {
    /// The client's id.
    pub client: &'static str,
    pub delivery: Delivery,
    pub form: SnippetForm,
    /// A secret when [`Snippet::holds_secret`]; treated as one always.
    pub text: Secret,
    pub language: Language,
    /// The file it is meant for, or that the command and the link write; see `Location`.
    pub path_hint: &'static str,
    /// The key itself stands in the text.
    pub holds_secret: bool,
    pub notes: Vec<SnippetNote>,
    masked: String,
}

impl Snippet {
    /// The text with the key's hint in place of the key: what the web view gets.
    #[must_use]
    pub fn masked(&self) -> &str {
        &self.masked
    }
}

impl McpClient {
    /// Our entry the way this client reads it.
    pub fn snippet(&self, entry: &Entry<'_>, form: SnippetForm, platform: Platform) -> Result<Snippet> {
        let delivery = entry.credential.delivery();
        let forms = match self.way(delivery) {
            Way::Takes(forms) => forms,
            Way::Cannot(reason) => return Err(self.refuse(delivery, *reason)),
        };
        let (template, language) = self.template(forms, entry, form, platform)?;
        let (text, masked) = fill_in(&template, &entry.credential)?;
        Ok(Snippet {
            client: self.id,
            delivery,
            form,
            holds_secret: text.is_some(),
            text: text.unwrap_or_else(|| Secret::new(template)),
            language,
            path_hint: self.path_hint(platform),
            notes: self.notes_for(forms, entry, form, platform),
            masked,
        })
    }

    /// The text with a mark where the key goes.
    fn template(
        &self,
        forms: &Forms,
        entry: &Entry<'_>,
        form: SnippetForm,
        platform: Platform,
    ) -> Result<(String, Language)> {
        let delivery = entry.credential.delivery();
        let no_such_form =
            || Error::FormUnsupported { client: self.id.to_owned(), form: form.as_str().to_owned() };
        let target = Target::of(entry);
        let fill = entry.credential.fill(platform);
        Ok(match form {
            SnippetForm::Config => match (forms.config)(&target, &fill) {
                Document::Json(value) => (format!("{value:#}\n"), Language::Json),
                Document::Toml(document) => (document.to_string(), Language::Toml),
            },
            SnippetForm::Command => {
                let command = forms.command.ok_or_else(no_such_form)?;
                (quote::script(&command(&target, &fill)), Language::Shell)
            }
            SnippetForm::Link => {
                let link = forms.link.ok_or_else(no_such_form)?;
                if delivery == Delivery::Plaintext {
                    return Err(self.refuse(delivery, CannotTake::NoKeyInLink));
                }
                (link(&target, &fill), Language::Text)
            }
        })
    }

    fn refuse(&self, delivery: Delivery, reason: CannotTake) -> Error {
        Error::DeliveryUnsupported {
            client: self.id.to_owned(),
            delivery: delivery.as_str().to_owned(),
            reason: reason.as_str().to_owned(),
        }
    }

    fn notes_for(
        &self,
        forms: &Forms,
        entry: &Entry<'_>,
        form: SnippetForm,
        platform: Platform,
    ) -> Vec<SnippetNote> {
        let mut notes = Vec::new();
        match (form, &entry.credential) {
            (SnippetForm::Config, Credential::Plaintext { .. }) => {
                notes.extend([SnippetNote::PlaintextInFile, SnippetNote::MergeIfFileExists]);
            }
            (SnippetForm::Config, _) => notes.push(SnippetNote::MergeIfFileExists),
            (SnippetForm::Command, Credential::Plaintext { .. }) => {
                notes.extend([
                    SnippetNote::PlaintextInFile,
                    SnippetNote::KeyInArgumentsBriefly,
                    SnippetNote::PosixShell,
                ]);
            }
            (SnippetForm::Command, _) => notes.push(SnippetNote::PosixShell),
            (SnippetForm::Link, _) => {}
        }
        match &entry.credential {
            Credential::Variable => notes.push(SnippetNote::SetVariable { name: VARIABLE }),
            Credential::Helper(command)
                if platform == Platform::Windows && command.line(platform).contains('"') =>
            {
                notes.push(SnippetNote::QuotedPathUntriedOnWindows);
            }
            _ => {}
        }
        if entry.url.scheme() == "http" && !is_loopback(entry.url) {
            notes.push(SnippetNote::NotEncrypted);
        }
        let facts = forms.notes.iter().chain(self.notes).copied();
        notes.extend(facts.filter(|note| note.applies(form, platform)));
        notes
    }
}

impl SnippetNote {
    /// Some facts only matter for one form or one system.
    fn applies(self, form: SnippetForm, platform: Platform) -> bool {
        match self {
            Self::PreferCommandOverFile | Self::PathMovedBy { .. } => form == SnippetForm::Config,
            Self::NpxMayNeedCmd | Self::VariablesMayFailOnWindows => platform == Platform::Windows,
            _ => true,
        }
    }
}

/// The text with the key, where it holds one, and the text with the key's hint. A template without the mark
/// (a command, which asks for the key itself) needs no key: an empty one will do.
fn fill_in(template: &str, credential: &Credential<'_>) -> Result<(Option<Secret>, String)> {
    let Credential::Plaintext { key, hint } = credential else {
        return Ok((None, template.to_owned()));
    };
    if !template.contains(KEY_MARK) {
        let masked = mask(template, key, hint);
        let text = (masked != template).then(|| Secret::new(template));
        return Ok((text, masked));
    }
    if !fits_in_a_header(key) {
        return Err(Error::NotAnApiKey);
    }
    // An address that holds the key itself must not show it either.
    let masked = mask(&template.replace(KEY_MARK, hint.as_str()), key, hint);
    // EXPOSE: this delivery is the key in the client's file; it was asked for by name.
    let escaped = escaped(key.expose());
    // EXPOSE: the escaped key goes into the one text that carries it.
    Ok((Some(Secret::new(template.replace(KEY_MARK, escaped.expose()))), masked))
}

/// Visible ASCII: anything else would end the header, or start another one.
fn fits_in_a_header(key: &Secret) -> bool {
    // EXPOSE: its letters are looked at, none is kept.
    !key.is_empty() && key.expose().chars().all(|letter| letter.is_ascii_graphic())
}

fn mask(text: &str, key: &Secret, hint: &KeyHint) -> String {
    if key.is_empty() {
        return text.to_owned();
    }
    // EXPOSE: the key is looked for in order to be taken out.
    text.replace(key.expose(), hint.as_str())
}

/// The key as it stands between the double quotes of JSON and TOML, which escape visible letters alike.
fn escaped(key: &str) -> Secret {
    let quoted = Secret::new(serde_json::Value::from(key).to_string());
    // EXPOSE: the quotes around the escaped key come off.
    let inner = quoted.expose();
    let inner = inner.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(inner);
    Secret::new(inner)
}
