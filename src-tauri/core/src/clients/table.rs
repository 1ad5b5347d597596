//! The facts about one client, as data.

use super::delivery::{CannotTake, Delivery, NotWritten, Scope, SnippetForm};
use super::edit::{Dialect, Kept, Place};
use super::entry::Target;
use super::language::Language;
use super::location::{FileForm, Location};
use super::note::SnippetNote;
use super::platform::Platform;
use super::program_call::ProgramCall;
use serde::Serialize;

/// An app that reads an MCP configuration.
pub struct McpClient {
    /// What a person types: `claude-code`.
    pub id: &'static str,
    /// What its makers call it.
    pub name: &'static str,
    pub kind: ClientKind,
    /// Programs on the `PATH` that show it is installed. A folder of its own shows that too.
    pub programs: &'static [&'static str],
    /// Where it reads its configuration, those that go first before the others; see [`Location`].
    pub locations: &'static [Location],
    /// How its entries stand in these files; none where it has no file for them. Whether we write them is
    /// what [`McpClient::writes`] says.
    pub file: Option<ConfigFile>,
    /// How a person sees that it works, best first. Each of these really connects.
    pub checks: &'static [Check],
    /// Said with every snippet.
    pub(super) notes: &'static [SnippetNote],
    pub knowledge: Knowledge,
    pub(super) ways: Ways,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    Terminal,
    Editor,
    App,
    /// Used in a browser; it runs on a server of somebody's.
    Web,
    /// A library or an interface for programs people write themselves.
    Library,
}

/// What a client's configuration file looks like.
#[derive(Debug, Clone, Copy)]
pub struct ConfigFile {
    /// As strictly as the client itself reads it.
    pub dialect: Dialect,
    /// The keys on the way to its entries.
    pub path: &'static [&'static str],
    pub kept: Kept,
    /// What the client asks of every file, and a new one begins with.
    pub begins: &'static str,
    /// The client's own way in, for a file that it writes all the time.
    pub written_by: Option<OwnCommand>,
    /// Why only a person writes it, if so.
    by_hand: Option<NotWritten>,
}

impl ConfigFile {
    /// Entries by name, in the folder that the locations say.
    pub(super) const fn new(dialect: Dialect, path: &'static [&'static str]) -> Self {
        Self { dialect, path, kept: Kept::ByName, begins: "", written_by: None, by_hand: None }
    }

    /// Where an entry with this name stands.
    #[must_use]
    pub fn place<'a>(&self, name: &'a str) -> Place<'a> {
        Place { path: self.path, name, kept: self.kept }
    }

    pub(super) const fn form(&self) -> FileForm {
        FileForm { dialect: self.dialect, path: self.path, kept: self.kept }
    }

    pub(super) const fn begins(self, begins: &'static str) -> Self {
        Self { begins, ..self }
    }

    pub(super) const fn written_by(self, own: OwnCommand) -> Self {
        Self { written_by: Some(own), ..self }
    }

    pub(super) const fn in_list(self) -> Self {
        Self { kept: Kept::InList, ..self }
    }

    /// Its entries are shown, and never written by us.
    pub(super) const fn by_hand(self, why: NotWritten) -> Self {
        Self { by_hand: Some(why), ..self }
    }
}

/// A client's own way to put an entry into the person's own file, and to take one out. The program is the
/// first of [`McpClient::programs`].
#[derive(Debug, Clone, Copy)]
pub struct OwnCommand {
    /// Of a name that is not there yet, and the entry as JSON.
    pub add: fn(&str, &str) -> Vec<String>,
    pub remove: fn(&str) -> Vec<String>,
}

/// What a person does to see whether the client reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "how", content = "what", rename_all = "snake_case")]
pub enum Check {
    /// Run it in a terminal.
    Run(&'static str),
    /// Type it into a session of the client.
    Type(&'static str),
    /// Open this page or command of the client.
    Open(&'static str),
}

/// How sure we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "version", rename_all = "snake_case")]
pub enum Evidence {
    /// This version of the client itself, or of the program it starts, was run against a real server.
    Ran(&'static str),
    /// Read in its makers' documentation.
    Documented,
    /// Read in other people's words about it, such as other tools' source.
    /// Nothing is written on that alone.
    Reported,
}

/// Where the facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Knowledge {
    pub evidence: Evidence,
    /// The day they were last looked at.
    pub checked: &'static str,
    pub sources: &'static [&'static str],
}

/// How a program that a person writes looks.
pub(super) type CodeOf = fn(&Target<'_>, &str) -> Document;

/// How a client takes its key, for each delivery.
pub(super) struct Ways {
    /// Filled with what the client starts.
    pub bridge: Way<ProgramCall>,
    /// Filled with the helper's command line.
    pub helper: Way,
    /// Filled with the input's id.
    pub prompt: Way,
    /// Filled with the variable's name.
    pub variable: Way,
    /// Filled with the key's mark.
    pub plaintext: Way,
}

impl Ways {
    /// None, for the reason that is usual for each; what a client does take is added to it.
    pub const NONE: Self = Self {
        bridge: Way::Cannot(CannotTake::NoCommands),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Cannot(CannotTake::NoVariables),
        plaintext: Way::Cannot(CannotTake::NoPlaceForKey),
    };

    /// For a program that a person writes: it reads the key from a variable.
    pub const fn code(code: CodeOf) -> Self {
        Self::NONE
            .cannot(Delivery::Bridge, CannotTake::RunsElsewhere)
            .variable(Forms::new(code))
            .cannot(Delivery::Plaintext, CannotTake::NoKeyInCode)
    }

    pub const fn bridge(self, forms: Forms<ProgramCall>) -> Self {
        Self { bridge: Way::Takes(forms), ..self }
    }

    pub const fn helper(self, forms: Forms) -> Self {
        Self { helper: Way::Takes(forms), ..self }
    }

    pub const fn prompt(self, forms: Forms) -> Self {
        Self { prompt: Way::Takes(forms), ..self }
    }

    pub const fn variable(self, forms: Forms) -> Self {
        Self { variable: Way::Takes(forms), ..self }
    }

    pub const fn plaintext(self, forms: Forms) -> Self {
        Self { plaintext: Way::Takes(forms), ..self }
    }

    /// Another reason than the usual one.
    pub const fn cannot(self, delivery: Delivery, why: CannotTake) -> Self {
        match delivery {
            Delivery::Bridge => Self { bridge: Way::Cannot(why), ..self },
            Delivery::Helper => Self { helper: Way::Cannot(why), ..self },
            Delivery::Prompt => Self { prompt: Way::Cannot(why), ..self },
            Delivery::Variable => Self { variable: Way::Cannot(why), ..self },
            Delivery::Plaintext => Self { plaintext: Way::Cannot(why), ..self },
        }
    }
}

pub(super) enum Way<Filling: ?Sized = str> {
    Takes(Forms<Filling>),
    Cannot(CannotTake),
}

/// What a client reads, before it is text.
pub(super) enum Document {
    /// Our entry, for where the client's file keeps them.
    Entry(serde_json::Value),
    /// A whole JSON file, where our entry needs something beside it.
    File(serde_json::Value),
    /// What a person puts into the fields of a form, in their order.
    Fields(Vec<(&'static str, String)>),
    /// A program, or a part of one.
    Code(Language, String),
}

/// How the entry looks. The second argument fills the delivery; see [`Ways`].
pub(super) struct Forms<Filling: ?Sized = str> {
    pub config: fn(&Target<'_>, &Filling) -> Document,
    /// The client's own command, word by word.
    pub command: Option<fn(&Target<'_>, &Filling) -> Vec<String>>,
    pub link: Option<fn(&Target<'_>, &Filling) -> String>,
    /// Said with this delivery.
    pub notes: &'static [SnippetNote],
}

impl<Filling: ?Sized> Forms<Filling> {
    pub const fn new(config: fn(&Target<'_>, &Filling) -> Document) -> Self {
        Self { config, command: None, link: None, notes: &[] }
    }

    pub const fn command(self, command: fn(&Target<'_>, &Filling) -> Vec<String>) -> Self {
        Self { command: Some(command), ..self }
    }

    pub const fn link(self, link: fn(&Target<'_>, &Filling) -> String) -> Self {
        Self { link: Some(link), ..self }
    }

    pub const fn notes(self, notes: &'static [SnippetNote]) -> Self {
        Self { notes, ..self }
    }
}

impl<Filling: ?Sized> Way<Filling> {
    pub fn taken(&self) -> Result<&Forms<Filling>, CannotTake> {
        match self {
            Self::Takes(forms) => Ok(forms),
            Self::Cannot(reason) => Err(*reason),
        }
    }

    pub fn notes(&self) -> &'static [SnippetNote] {
        self.taken().map_or(&[], |forms| forms.notes)
    }

    fn forms(&self) -> Result<Vec<SnippetForm>, CannotTake> {
        let forms = self.taken()?;
        let others = [
            forms.command.is_some().then_some(SnippetForm::Command),
            forms.link.is_some().then_some(SnippetForm::Link),
        ];
        Ok(std::iter::once(SnippetForm::Config).chain(others.into_iter().flatten()).collect())
    }
}

impl McpClient {
    fn forms_it_has(&self, delivery: Delivery) -> Result<Vec<SnippetForm>, CannotTake> {
        match delivery {
            Delivery::Bridge => self.ways.bridge.forms(),
            Delivery::Helper => self.ways.helper.forms(),
            Delivery::Prompt => self.ways.prompt.forms(),
            Delivery::Variable => self.ways.variable.forms(),
            Delivery::Plaintext => self.ways.plaintext.forms(),
        }
    }

    /// Whether the client can take its key that way.
    pub fn can_take(&self, delivery: Delivery) -> Result<(), CannotTake> {
        self.forms_it_has(delivery).map(drop)
    }

    /// The best delivery the client can take: bridge, helper, prompt, variable, plaintext. None where it can
    /// take no key at all.
    #[must_use]
    pub fn best_delivery(&self) -> Option<Delivery> {
        Delivery::ALL.iter().copied().find(|delivery| self.can_take(*delivery).is_ok())
    }

    /// How its file is written.
    ///
    /// # Errors
    /// Why only a person can put our entry where the client reads it.
    pub fn writes(&self) -> Result<ConfigFile, NotWritten> {
        match (self.file, self.kind) {
            (Some(ConfigFile { by_hand: Some(why), .. }), _) => Err(why),
            (Some(_), _) if self.knowledge.evidence == Evidence::Reported => Err(NotWritten::Unconfirmed),
            (Some(file), _) => Ok(file),
            (None, _) if self.best_delivery().is_none() => Err(NotWritten::Impossible),
            (None, ClientKind::Library) => Err(NotWritten::Code),
            (None, _) => Err(NotWritten::Form),
        }
    }

    /// The forms a snippet with this delivery can have; none where the client cannot take it.
    #[must_use]
    pub fn forms(&self, delivery: Delivery) -> Vec<SnippetForm> {
        let mut forms = self.forms_it_has(delivery).unwrap_or_default();
        forms.retain(|form| delivery != Delivery::Plaintext || *form != SnippetForm::Link);
        forms
    }

    /// The file a snippet is meant for.
    #[must_use]
    pub fn path_hint(&self, platform: Platform) -> &'static str {
        let usual = |place: &&Location| place.scope == Scope::User && place.is_usual();
        let usual = self.locations.iter().find(usual).or_else(|| self.locations.first());
        usual.map_or("", |location| location.on(platform))
    }
}
