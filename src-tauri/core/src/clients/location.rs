//! Where a client reads its configuration, as facts: one line for each place.
//!
//! A client lists its places in the order in which they go first: of entries with one name it takes the one in the
//! place that is listed before the others.

use super::delivery::Scope;
use super::edit::{Dialect, Kept};
use super::platform::Platform;
use serde::Serialize;

/// A place, as text to show: `~`, `%APPDATA%`, `$NAME` and `<project>` stand as they are. A part of it may hold one
/// `*`. Empty where a system has no such place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Location {
    pub scope: Scope,
    pub linux: &'static str,
    pub macos: &'static str,
    pub windows: &'static str,
    #[serde(skip)]
    pub(super) reading: Reading,
}

/// How the client reads a place, and when we write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub moves: &'static [Move],
    /// Another form than that of the client's other files.
    pub form: Option<FileForm>,
    pub written: Written,
    pub hides: Hides,
    /// Also in the folders above a project's.
    pub above: bool,
    /// Which installation of the client reads it, where that is not the usual one.
    pub installation: Option<Installation>,
}

/// How entries stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileForm {
    /// As strictly as the client itself reads it.
    pub dialect: Dialect,
    /// The keys on the way to its entries. `*` is a folder that they are for.
    pub path: &'static [&'static str],
    pub kept: Kept,
}

/// What puts a place elsewhere than where it usually is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub by: MovedBy,
    /// The beginning of the location, as it is written for Linux, in whose place the other folder comes.
    pub folder: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MovedBy {
    /// An environment variable that names a folder.
    Variable(&'static str),
    /// A folder in the one that an environment variable names.
    InVariable(&'static str, &'static str),
    /// A file in which a folder is named.
    Pointer(&'static str),
}

/// When an entry of ours goes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// If it is there, or none of its scope is.
    Usually,
    /// Whenever there is such a place: a person named it by a variable.
    Always,
    /// Only if it is there.
    IfThere,
    /// When a person names it: it is read by one profile or one installation only.
    Asked,
    /// Its administrators write it.
    ByAdministrators,
    /// Its form is one that clients still read, or other clients' own.
    Never,
}

/// What a place does to those listed below it, where it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hides {
    /// Only entries of the same names.
    Names,
    /// Those of its scope are not read.
    Scope,
    /// The same, as soon as its folder is there.
    ScopeByFolder,
    /// None is read.
    All,
}

/// A client beside its usual installation: in a sandbox, on a server, or of the same makers under another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Installation {
    /// In a Flatpak, by its application's id. It starts programs inside, where ours is not.
    Flatpak(&'static str),
    /// In a Snap, by its name. It sets other folders for what it starts.
    Snap(&'static str),
    /// Of another name: `VSCodium`.
    Product(&'static str),
}

impl Location {
    const fn new(scope: Scope, linux: &'static str, macos: &'static str, windows: &'static str) -> Self {
        let reading = Reading {
            moves: &[],
            form: None,
            written: Written::Usually,
            hides: Hides::Names,
            above: false,
            installation: None,
        };
        Self { scope, linux, macos, windows, reading }
    }

    /// A file of this person's: the same place on Linux and macOS.
    pub(super) const fn in_home(unix: &'static str, windows: &'static str) -> Self {
        Self::new(Scope::User, unix, unix, windows)
    }

    /// A file of this person's, where each system keeps applications' data.
    pub(super) const fn of_app(linux: &'static str, macos: &'static str, windows: &'static str) -> Self {
        Self::new(Scope::User, linux, macos, windows)
    }

    /// A file that an environment variable names, or one below the folder it names: `$NAME/file`. It is read besides
    /// the usual one.
    pub(super) const fn named(text: &'static str) -> Self {
        Self::new(Scope::User, text, text, text).written(Written::Always)
    }

    /// No file that we could find: a page of the client, or a file whose place a person decides on.
    pub(super) const fn told(what: &'static str) -> Self {
        Self::new(Scope::User, what, what, what)
    }

    /// A file in the project's folder: the same path everywhere.
    pub(super) const fn in_project(path: &'static str) -> Self {
        Self::new(Scope::Project, path, path, path)
    }

    /// A file for everybody on this computer.
    pub(super) const fn of_system(linux: &'static str, macos: &'static str, windows: &'static str) -> Self {
        Self::new(Scope::System, linux, macos, windows).written(Written::ByAdministrators)
    }

    /// Entries that a file of the person's holds for one folder each.
    pub(super) const fn for_folders(self, form: FileForm) -> Self {
        Self { scope: Scope::Local, ..self }.form(form)
    }

    /// A file that one profile of the client has in place of the usual one.
    pub(super) const fn of_profile(self) -> Self {
        Self { scope: Scope::Profile, ..self }.written(Written::Asked)
    }

    const fn reads(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }

    const fn written(self, written: Written) -> Self {
        self.reads(Reading { written, ..self.reading })
    }

    pub(super) const fn form(self, form: FileForm) -> Self {
        self.reads(Reading { form: Some(form), ..self.reading })
    }

    pub(super) const fn moved(self, moves: &'static [Move]) -> Self {
        self.reads(Reading { moves, ..self.reading })
    }

    pub(super) const fn only_if_there(self) -> Self {
        self.written(Written::IfThere)
    }

    /// Read, and written by others only.
    pub(super) const fn never_written(self) -> Self {
        self.written(Written::Never)
    }

    const fn hides(self, hides: Hides) -> Self {
        self.reads(Reading { hides, ..self.reading })
    }

    /// Where it is there, the client reads none of those of its scope that are listed below.
    pub(super) const fn alone(self) -> Self {
        self.hides(Hides::Scope)
    }

    /// The same as soon as its folder is there, which is then also where a new file belongs.
    pub(super) const fn alone_by_folder(self) -> Self {
        self.written(Written::IfThere).hides(Hides::ScopeByFolder)
    }

    /// Where it is there, the client reads nothing else.
    pub(super) const fn exclusive(self) -> Self {
        self.hides(Hides::All)
    }

    /// The client also looks into the folders above the one it is started in.
    pub(super) const fn and_above(self) -> Self {
        self.reads(Reading { above: true, ..self.reading })
    }

    /// What another installation reads in place of the usual one.
    pub(super) const fn by(self, installation: Installation) -> Self {
        self.written(Written::Asked).reads_by(installation)
    }

    const fn reads_by(self, installation: Installation) -> Self {
        self.reads(Reading { installation: Some(installation), ..self.reading })
    }

    /// A new entry goes there unless something else is said.
    pub(super) fn is_usual(&self) -> bool {
        self.reading.written == Written::Usually
            && self.reading.installation.is_none()
            && matches!(self.scope, Scope::User | Scope::Project)
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

impl Move {
    pub(super) const fn by(variable: &'static str, folder: &'static str) -> Self {
        Self { by: MovedBy::Variable(variable), folder }
    }

    pub(super) const fn by_folder_in(
        variable: &'static str,
        inside: &'static str,
        folder: &'static str,
    ) -> Self {
        Self { by: MovedBy::InVariable(variable, inside), folder }
    }

    pub(super) const fn pointer(file: &'static str, folder: &'static str) -> Self {
        Self { by: MovedBy::Pointer(file), folder }
    }
}

impl FileForm {
    /// Entries by name.
    pub(super) const fn new(dialect: Dialect, path: &'static [&'static str]) -> Self {
        Self { dialect, path, kept: Kept::ByName }
    }

    /// The form that most clients know, and read from each other's files.
    pub(super) const COMMON: Self = Self::new(Dialect::Json, &["mcpServers"]);
}
