//! The facts about one client, as data.

pub use super::delivery::Scope;
use super::delivery::{CannotTake, Delivery, NotWritten, SnippetForm};
use super::edit::{Dialect, Kept, Place};
use super::entry::{ProgramCall, Target};
use super::note::SnippetNote;
use super::snippet::Language;
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
    /// Where its configuration lies; the first is where a snippet is meant to go. Of several for one scope it
    /// is the first that is there.
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

/// The operating system a snippet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    Linux,
    Macos,
    Windows,
}

impl Platform {
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::Macos
    } else {
        Self::Linux
    };
}

/// A configuration file, as text to show: `~`, `%APPDATA%` and `<project>` stand as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Location {
    pub scope: Scope,
    pub linux: &'static str,
    pub macos: &'static str,
    pub windows: &'static str,
}

impl Location {
    /// A file of this person's: the same place on Linux and macOS.
    pub(super) const fn in_home(unix: &'static str, windows: &'static str) -> Self {
        Self { scope: Scope::User, linux: unix, macos: unix, windows }
    }

    /// No file that we could find: a page of the client, or a file whose place a person decides on.
    pub(super) const fn told(what: &'static str) -> Self {
        Self { scope: Scope::User, linux: what, macos: what, windows: what }
    }

    /// A file in the project's folder: the same path everywhere.
    pub(super) const fn in_project(path: &'static str) -> Self {
        Self { scope: Scope::Project, linux: path, macos: path, windows: path }
    }

    #[must_use]
    pub fn on(&self, platform: Platform) -> &'static str {
        match platform {
            Platform::Linux => self.linux,
            Platform::Macos => self.macos,
            Platform::Windows => self.windows,
        }
    }
}

/// What a client's configuration file looks like.
#[derive(Debug, Clone, Copy)]
pub struct ConfigFile {
    /// As strictly as the client itself reads it.
    pub dialect: Dialect,
    /// The keys on the way to its entries.
    pub path: &'static [&'static str],
    pub kept: Kept,
    pub moved_by: Option<MovedBy>,
    /// What the client asks of every file, and a new one begins with.
    pub begins: &'static str,
    /// An older file beside it, which the client reads only where this one is not there.
    pub instead_of: Option<&'static str>,
    /// The client's own way in, for a file that it writes all the time.
    pub written_by: Option<OwnCommand>,
    /// Why only a person writes it, if so.
    by_hand: Option<NotWritten>,
}

impl ConfigFile {
    /// Entries by name, in the folder that the locations say.
    pub(super) const fn new(dialect: Dialect, path: &'static [&'static str]) -> Self {
        Self {
            dialect,
            path,
            kept: Kept::ByName,
            moved_by: None,
            begins: "",
            instead_of: None,
            written_by: None,
            by_hand: None,
        }
    }

    /// Where an entry with this name stands.
    #[must_use]
    pub fn place<'a>(&self, name: &'a str) -> Place<'a> {
        Place { path: self.path, name, kept: self.kept }
    }

    pub(super) const fn moved_by(self, variable: &'static str, folder: &'static str) -> Self {
        Self { moved_by: Some(MovedBy { variable, folder }), ..self }
    }

    pub(super) const fn begins(self, begins: &'static str) -> Self {
        Self { begins, ..self }
    }

    pub(super) const fn instead_of(self, older: &'static str) -> Self {
        Self { instead_of: Some(older), ..self }
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

/// An environment variable that names another folder than `folder`, the beginning of the location.
#[derive(Debug, Clone, Copy)]
pub struct MovedBy {
    pub variable: &'static str,
    pub folder: &'static str,
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

/// One answer for each delivery, so that a new delivery does not compile until every client has one.
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
    /// For a program that a person writes: it reads the key from a variable.
    pub const fn code(document: fn(&Target<'_>, &str) -> Document) -> Self {
        Self {
            bridge: Way::Cannot(CannotTake::RunsElsewhere),
            helper: Way::Cannot(CannotTake::NoHelper),
            prompt: Way::Cannot(CannotTake::NoPrompt),
            variable: Way::Takes(Forms::new(document)),
            plaintext: Way::Cannot(CannotTake::NoKeyInCode),
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
        self.locations.first().map_or("", |location| location.on(platform))
    }
}
