//! Our own program, as a client starts it.

use super::platform::Platform;
use super::quote;
use crate::own_program::Stays;
use serde_json::{Map, Value};
use std::path::Path;

/// Our own program as a client starts it: `superset-keys headers|bridge <instance> [--key <alias>]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramCall {
    /// Absolute: clients start it from folders of their own and with a `PATH` of their own. Its name alone in a file that
    /// is shared, where a path would be right on one computer only.
    pub program: String,
    pub args: Vec<String>,
    /// What it needs of its environment and a client may not hand on. Never a secret.
    pub env: Vec<(String, String)>,
}

impl ProgramCall {
    /// Word by word: the program, then its arguments.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.program).chain(&self.args).map(String::as_str)
    }

    /// As one line for the shell a client hands it to: `sh` on Linux and macOS, `cmd` on Windows.
    #[must_use]
    pub fn line(&self, platform: Platform) -> String {
        let quote = match platform {
            Platform::Windows => quote::cmd,
            Platform::Linux | Platform::Macos => quote::posix,
        };
        self.words().map(quote).collect::<Vec<_>>().join(" ")
    }

    /// The variables as an entry has them.
    pub(super) fn environment(&self) -> Value {
        self.env
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect::<Map<_, _>>()
            .into()
    }

    /// As a command that sets them itself, where the client's own command has no place for them. Windows has no `env`.
    pub(super) fn words_with_environment(&self, platform: Platform) -> Vec<String> {
        let sets = self.env.iter().filter(|_| platform != Platform::Windows);
        let sets: Vec<_> = sets.map(|(name, value)| format!("{name}={value}")).collect();
        let env = (!sets.is_empty()).then(|| "env".to_owned());
        env.into_iter().chain(sets).chain(self.words().map(str::to_owned)).collect()
    }

    pub(super) fn holds_space(&self) -> bool {
        self.words().any(|word| word.contains(char::is_whitespace))
    }

    /// What its path says of how long it leads to our program.
    pub(super) fn stays(&self) -> Stays {
        Stays::of(Path::new(&self.program))
    }
}
