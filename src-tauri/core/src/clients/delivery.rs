//! How a client gets the key, in which form we show it, and why a client cannot take one.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use strum::{IntoStaticStr, VariantArray};

/// A word on the command line that is none of those it could be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it must be one of {choices}")]
pub struct UnknownWord {
    pub choices: String,
}

/// What these enums have in common: their snake-case names are the words people type, in a fixed order.
macro_rules! words {
    ($($name:ident),+) => {$(
        impl $name {
            pub const ALL: &'static [Self] = Self::VARIANTS;

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                self.into_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word).ok_or_else(|| UnknownWord {
                    choices: Self::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    )+};
}

words!(Delivery, SnippetForm, CannotTake, NotWritten, Scope);

/// How the client gets the key. From the best for the person to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Delivery {
    /// The client starts `superset-keys bridge …` in place of calling the server; the key stays in the
    /// keychain.
    Bridge,
    /// The client runs `superset-keys headers …` when it connects; the key stays in the keychain.
    Helper,
    /// The client asks for the key once and keeps it in its own secret store.
    Prompt,
    /// The client reads `SUPERSET_API_KEY` from its environment.
    Variable,
    /// The key itself lies in the client's file.
    Plaintext,
}

impl Delivery {
    /// The client starts a program of ours.
    #[must_use]
    pub fn starts_ours(self) -> bool {
        matches!(self, Self::Bridge | Self::Helper)
    }
}

/// What the person does with a snippet: put it in a file, run it, or click it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum SnippetForm {
    Config,
    Command,
    Link,
}

/// Why a client cannot take its key some way. The word travels as the `reason` of
/// `delivery_unsupported`; sentences live in the UI and the CLI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum CannotTake {
    /// It starts local programs only and has no place for a header.
    CommandsOnly,
    /// It does not put environment variables into headers.
    NoVariables,
    /// It may put environment variables into headers; nobody has written or shown that it does.
    VariablesUnconfirmed,
    /// It has no way to ask for a secret and keep it.
    NoPrompt,
    /// It may ask for a secret; nobody has written or shown that it does.
    PromptUnconfirmed,
    /// It runs no program to get headers from.
    NoHelper,
    /// The client could, we do not: links end up in browser and system histories.
    NoKeyInLink,
    /// It starts no programs.
    NoCommands,
    /// It may start programs; nobody has written or shown how it is told which.
    CommandsUnconfirmed,
    /// It runs on a server, or may: this computer's keychain and programs are not there.
    RunsElsewhere,
    /// We do not: a key in source code ends up in repositories.
    NoKeyInCode,
    /// What it sends to a server is an OAuth token or nothing: there is no place for a key.
    NoPlaceForKey,
}

/// Why we do not write a client's file ourselves. The word travels as the `reason` of
/// `writing_unsupported`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum NotWritten {
    /// Nobody has written or shown exactly what it reads, and where.
    Unconfirmed,
    /// A person decides where the file lies.
    PlaceNotKnown,
    /// It keeps entries in its own settings: a person fills in a form.
    Form,
    /// It goes into a program of a person's.
    Code,
    /// With this delivery the file needs more than our entry.
    MoreThanAnEntry,
    /// It reads an older file now, and would not any more once there is a new one.
    OlderFile,
    /// The administrators of this computer say which servers it may use.
    Administrators,
    /// It does not read that file on this computer.
    NotRead,
    /// It is a form of its file that it still reads, or another client's.
    OlderForm,
    /// It can take no key at all.
    Impossible,
}

/// For whom an entry counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Scope {
    /// This person, everywhere.
    #[default]
    User,
    /// Whoever has the project's folder.
    Project,
    /// This person, in one folder: what a client keeps for it among the person's own settings.
    Local,
    /// This person, in one profile of the client.
    Profile,
    /// Everybody on this computer: its administrators write it.
    System,
}
