//! How a client gets the key, in which form we show it, and why a client cannot take one.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A word on the command line that is none of those it could be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it must be one of {choices}")]
pub struct UnknownWord {
    pub choices: String,
}

/// An enum whose snake-case names are the words people type, in a fixed order.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
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
    };
}

words! {
    /// How the client gets the key. From the best for the person to the worst.
    Delivery {
        /// The client starts `superset-keys bridge …` in place of calling the server; the key stays in the
        /// keychain.
        Bridge = "bridge",
        /// The client runs `superset-keys headers …` when it connects; the key stays in the keychain.
        Helper = "helper",
        /// The client asks for the key once and keeps it in its own secret store.
        Prompt = "prompt",
        /// The client reads `SUPERSET_API_KEY` from its environment.
        Variable = "variable",
        /// The key itself lies in the client's file.
        Plaintext = "plaintext",
    }
}

words! {
    /// What the person does with a snippet: put it in a file, run it, or click it.
    SnippetForm {
        Config = "config",
        Command = "command",
        Link = "link",
    }
}

words! {
    /// Why a client cannot take its key some way. The word travels as the `reason` of
    /// `delivery_unsupported`; sentences live in the UI and the CLI.
    CannotTake {
        /// It starts local programs only and has no place for a header.
        CommandsOnly = "commands_only",
        /// It does not put environment variables into headers.
        NoVariables = "no_variables",
        /// It may put environment variables into headers; nobody has written or shown that it does.
        VariablesUnconfirmed = "variables_unconfirmed",
        /// It has no way to ask for a secret and keep it.
        NoPrompt = "no_prompt",
        /// It may ask for a secret; nobody has written or shown that it does.
        PromptUnconfirmed = "prompt_unconfirmed",
        /// It runs no program to get headers from.
        NoHelper = "no_helper",
        /// The client could, we do not: links end up in browser and system histories.
        NoKeyInLink = "no_key_in_link",
        /// It starts no programs.
        NoCommands = "no_commands",
        /// It may start programs; nobody has written or shown how it is told which.
        CommandsUnconfirmed = "commands_unconfirmed",
        /// It runs on a server, or may: this computer's keychain and programs are not there.
        RunsElsewhere = "runs_elsewhere",
        /// We do not: a key in source code ends up in repositories.
        NoKeyInCode = "no_key_in_code",
        /// What it sends to a server is an OAuth token or nothing: there is no place for a key.
        NoPlaceForKey = "no_place_for_key",
    }
}

words! {
    /// Why we do not write a client's file ourselves. The word travels as the `reason` of
    /// `writing_unsupported`.
    NotWritten {
        /// Nobody has written or shown exactly what it reads, and where.
        Unconfirmed = "unconfirmed",
        /// A person decides where the file lies.
        PlaceNotKnown = "place_not_known",
        /// It keeps entries in its own settings: a person fills in a form.
        Form = "form",
        /// It goes into a program of a person's.
        Code = "code",
        /// With this delivery the file needs more than our entry.
        MoreThanAnEntry = "more_than_an_entry",
        /// It reads an older file now, and would not any more once there is a new one.
        OlderFile = "older_file",
        /// It can take no key at all.
        Impossible = "impossible",
    }
}

words! {
    /// For whom an entry counts.
    #[derive(Default)]
    Scope {
        /// This person, everywhere.
        #[default]
        User = "user",
        /// Whoever has the project's folder.
        Project = "project",
    }
}
