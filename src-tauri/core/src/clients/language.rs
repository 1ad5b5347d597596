//! What text is written in.

use super::edit::Dialect;
use serde::Serialize;

/// What the text is written in, for colours and file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Json,
    Toml,
    Yaml,
    /// bash or zsh.
    Shell,
    Python,
    Typescript,
    /// An address, or the fields of a form.
    Text,
}

impl From<Dialect> for Language {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Json | Dialect::Jsonc => Self::Json,
            Dialect::Toml => Self::Toml,
            Dialect::Yaml => Self::Yaml,
        }
    }
}
