//! The facts about one client, as data.

use super::delivery::{CannotTake, Delivery, SnippetForm};
use super::entry::Target;
use super::note::SnippetNote;
use serde::Serialize;

/// An app that reads an MCP configuration.
pub struct McpClient {
    /// What a person types: `claude-code`.
    pub id: &'static str,
    /// What its makers call it.
    pub name: &'static str,
    pub kind: ClientKind,
    /// Where its configuration lies; the first is where a snippet is meant to go.
    pub locations: &'static [Location],
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

/// For whom an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This person, everywhere.
    User,
    /// Whoever has the project's folder.
    Project,
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
    pub helper: Way,
    pub prompt: Way,
    pub variable: Way,
    pub plaintext: Way,
}

pub(super) enum Way {
    Takes(Forms),
    Cannot(CannotTake),
}

/// A configuration file that holds our entry and nothing else.
pub(super) enum Document {
    Json(serde_json::Value),
    Toml(toml_edit::DocumentMut),
}

/// How the entry looks. The second argument fills the delivery: the key's mark, the variable's name, the
/// input's id or the helper's command line.
pub(super) struct Forms {
    pub config: fn(&Target<'_>, &str) -> Document,
    /// The client's own command, word by word.
    pub command: Option<fn(&Target<'_>, &str) -> Vec<String>>,
    pub link: Option<fn(&Target<'_>, &str) -> String>,
    /// Said with this delivery.
    pub notes: &'static [SnippetNote],
}

impl McpClient {
    pub(super) fn way(&self, delivery: Delivery) -> &Way {
        match delivery {
            Delivery::Helper => &self.ways.helper,
            Delivery::Prompt => &self.ways.prompt,
            Delivery::Variable => &self.ways.variable,
            Delivery::Plaintext => &self.ways.plaintext,
        }
    }

    /// Whether the client can take its key that way.
    pub fn can_take(&self, delivery: Delivery) -> Result<(), CannotTake> {
        match self.way(delivery) {
            Way::Takes(_) => Ok(()),
            Way::Cannot(reason) => Err(*reason),
        }
    }

    /// The best delivery the client can take: helper, prompt, variable, plaintext.
    #[must_use]
    pub fn best_delivery(&self) -> Delivery {
        let takes = |delivery: &Delivery| self.can_take(*delivery).is_ok();
        Delivery::ALL.iter().copied().find(takes).unwrap_or(Delivery::Plaintext)
    }

    /// The forms a snippet with this delivery can have; none where the client cannot take it.
    #[must_use]
    pub fn forms(&self, delivery: Delivery) -> Vec<SnippetForm> {
        let Way::Takes(forms) = self.way(delivery) else { return Vec::new() };
        let mut list = vec![SnippetForm::Config];
        if forms.command.is_some() {
            list.push(SnippetForm::Command);
        }
        if forms.link.is_some() && delivery != Delivery::Plaintext {
            list.push(SnippetForm::Link);
        }
        list
    }

    /// The file a snippet is meant for.
    #[must_use]
    pub fn path_hint(&self, platform: Platform) -> &'static str {
        self.locations.first().map_or("", |location| location.on(platform))
    }
}
