//! An entry rendered as text.

use super::delivery::{CannotTake, Delivery, SnippetForm};
use super::entry::{Credential, Entry, Target};
use super::language::Language;
use super::note::SnippetNote;
use super::placeholder::{INPUT_ID, KEY_MARK, VARIABLE};
use super::platform::Platform;
use super::program_call::ProgramCall;
use super::table::{Document, McpClient, Way};
use super::{edit, layout, quote};
use crate::error::{Error, Result};
use crate::instance::is_loopback;
use crate::own_program::Stays;
use crate::secret::{KeyHint, Secret};
use serde_json::Value;

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

/// What is to be written.
struct Order<'a> {
    target: &'a Target<'a>,
    delivery: Delivery,
    form: SnippetForm,
}

/// A snippet before the key is put in.
struct Template {
    text: String,
    language: Language,
    /// What the client says with this delivery.
    notes: &'static [SnippetNote],
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
        let order = Order { target: &Target::of(entry, platform), delivery, form };
        let Template { text: template, language, notes } = match &entry.credential {
            Credential::Bridge(call) => self.template(&self.ways.bridge, *call, &order),
            Credential::Helper(call) => {
                self.template(&self.ways.helper, call.line(platform).as_str(), &order)
            }
            Credential::Prompt => self.template(&self.ways.prompt, INPUT_ID, &order),
            Credential::Variable => self.template(&self.ways.variable, VARIABLE, &order),
            Credential::Plaintext { .. } => self.template(&self.ways.plaintext, KEY_MARK, &order),
        }?;
        let (text, masked) = fill_in(&template, language, &entry.credential)?;
        Ok(Snippet {
            client: self.id,
            delivery,
            form,
            holds_secret: text.is_some(),
            text: text.unwrap_or_else(|| Secret::new(template)),
            language,
            path_hint: self.path_hint(platform),
            notes: self.notes_for(notes, entry, form, platform),
            masked,
        })
    }

    /// The text with a mark where the key goes.
    fn template<Filling: ?Sized>(
        &self,
        way: &Way<Filling>,
        filling: &Filling,
        order: &Order<'_>,
    ) -> Result<Template> {
        let &Order { target, delivery, form } = order;
        let forms = way.taken().map_err(|reason| self.refuse(delivery, reason))?;
        let no_such_form =
            || Error::FormUnsupported { client: self.id.to_owned(), form: form.as_str().to_owned() };
        let (text, language) = match form {
            SnippetForm::Config => self.written((forms.config)(target, filling), target.name)?,
            SnippetForm::Command => {
                let command = forms.command.ok_or_else(no_such_form)?;
                (quote::script(&command(target, filling)), Language::Shell)
            }
            SnippetForm::Link => {
                let link = forms.link.ok_or_else(no_such_form)?;
                if delivery == Delivery::Plaintext {
                    return Err(self.refuse(delivery, CannotTake::NoKeyInLink));
                }
                (link(target, filling), Language::Text)
            }
        };
        Ok(Template { text, language, notes: forms.notes })
    }

    /// What a person puts somewhere: for an entry, the file with nothing else in it.
    fn written(&self, document: Document, name: &str) -> Result<(String, Language)> {
        let unwritable = Error::Internal { what: "an entry that its own file cannot hold" };
        Ok(match document {
            Document::Entry(Value::Object(entry)) => {
                let Some(file) = self.file else { return Err(unwritable) };
                let alone = edit::put(b"", file.dialect, &file.place(name), &entry, &[]).ok();
                let text = alone.and_then(|alone| String::from_utf8(alone.bytes).ok()).ok_or(unwritable)?;
                (text, file.dialect.into())
            }
            Document::Entry(_) => return Err(unwritable),
            Document::File(value) => (layout::json(&value), Language::Json),
            Document::Fields(fields) => {
                let lines = fields.iter().map(|(field, value)| format!("{field}: {value}\n"));
                (lines.collect(), Language::Text)
            }
            Document::Code(language, text) => (text, language),
        })
    }

    fn refuse(&self, delivery: Delivery, reason: CannotTake) -> Error {
        Error::DeliveryUnsupported {
            client: self.id.to_owned(),
            delivery: delivery.as_str().to_owned(),
            reason: reason.as_str().to_owned(),
        }
    }

    /// What is said with an entry in this form.
    #[must_use]
    pub fn notes(&self, entry: &Entry<'_>, form: SnippetForm, platform: Platform) -> Vec<SnippetNote> {
        let of_the_way = match entry.credential.delivery() {
            Delivery::Bridge => self.ways.bridge.notes(),
            Delivery::Helper => self.ways.helper.notes(),
            Delivery::Prompt => self.ways.prompt.notes(),
            Delivery::Variable => self.ways.variable.notes(),
            Delivery::Plaintext => self.ways.plaintext.notes(),
        };
        self.notes_for(of_the_way, entry, form, platform)
    }

    fn notes_for(
        &self,
        of_the_way: &[SnippetNote],
        entry: &Entry<'_>,
        form: SnippetForm,
        platform: Platform,
    ) -> Vec<SnippetNote> {
        let mut notes = Vec::new();
        let on_windows = platform == Platform::Windows;
        match (form, &entry.credential) {
            (SnippetForm::Config, Credential::Plaintext { .. }) if self.file.is_some() => {
                notes.extend([SnippetNote::PlaintextInFile, SnippetNote::MergeIfFileExists]);
            }
            (SnippetForm::Config, Credential::Plaintext { .. }) => notes.push(SnippetNote::KeyInItsSettings),
            (SnippetForm::Config, _) if self.file.is_none() => {}
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
            Credential::Helper(call) if on_windows && call.line(platform).contains('"') => {
                notes.push(SnippetNote::QuotedPathUntriedOnWindows);
            }
            // Elsewhere no shell stands between the client and the program.
            Credential::Bridge(call) if on_windows && call.holds_space() => {
                notes.push(SnippetNote::SpaceInPathOnWindows);
            }
            _ => {}
        }
        match entry.credential.call().map(ProgramCall::stays) {
            None | Some(Stays::Lasting) => {}
            Some(Stays::InABuildFolder) => notes.push(SnippetNote::ProgramInBuildFolder),
            Some(Stays::ForThisVersion) => notes.push(SnippetNote::ProgramInVersionedFolder),
            Some(Stays::ForNow) => notes.push(SnippetNote::ProgramInTemporaryFolder),
        }
        if entry.url.scheme() == "http" && !is_loopback(entry.url) {
            notes.push(SnippetNote::NotEncrypted);
        }
        let delivery = entry.credential.delivery();
        let facts = of_the_way.iter().chain(self.notes).copied();
        notes.extend(facts.filter(|note| note.applies(delivery, form, platform)));
        notes
    }
}

impl SnippetNote {
    /// Some facts only matter for some deliveries, one form or one system.
    fn applies(self, delivery: Delivery, form: SnippetForm, platform: Platform) -> bool {
        match self {
            // Through the bridge the client sends no header and speaks to no server.
            Self::OauthMetadataMayDropHeader | Self::PrivateAddressListed { .. } => {
                delivery != Delivery::Bridge
            }
            Self::ConfigPassesVariables => form == SnippetForm::Command && platform == Platform::Linux,
            Self::PreferCommandOverFile | Self::PathMovedBy { .. } => form == SnippetForm::Config,
            Self::NpxMayNeedCmd | Self::VariablesMayFailOnWindows => platform == Platform::Windows,
            _ => true,
        }
    }
}

/// The text with the key, where it holds one, and the text with the key's hint. A template without the mark
/// (a command, which asks for the key itself) needs no key: an empty one will do.
fn fill_in(
    template: &str,
    language: Language,
    credential: &Credential<'_>,
) -> Result<(Option<Secret>, String)> {
    let Credential::Plaintext { key, hint } = credential else {
        return Ok((None, template.to_owned()));
    };
    if !template.contains(KEY_MARK) {
        let masked = mask(template, key, hint);
        let text = (masked != template).then(|| Secret::new(template));
        return Ok((text, masked));
    }
    fits_in_a_header(key)?;
    // An address that holds the key itself must not show it either.
    let masked = mask(&template.replace(KEY_MARK, hint.as_str()), key, hint);
    // EXPOSE: this delivery is the key in the client's file; it was asked for by name.
    let key = key.expose();
    // The fields of a form have no quotes around them.
    let escaped = if language == Language::Text { Secret::new(key) } else { escaped(key) };
    // EXPOSE: the escaped key goes into the one text that carries it.
    Ok((Some(Secret::new(template.replace(KEY_MARK, escaped.expose()))), masked))
}

/// Visible ASCII: anything else would end the header, or start another one.
pub fn fits_in_a_header(key: &Secret) -> Result<()> {
    // EXPOSE: its letters are looked at, none is kept.
    let fits = !key.is_empty() && key.expose().chars().all(|letter| letter.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Error::NotAnApiKey) }
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
    let quoted = Secret::new(Value::from(key).to_string());
    // EXPOSE: the quotes around the escaped key come off.
    let inner = quoted.expose();
    let inner = inner.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(inner);
    Secret::new(inner)
}
