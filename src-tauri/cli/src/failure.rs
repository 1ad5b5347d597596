//! Why a command ended without doing what was asked.

use std::io;
use superset_keys_core::error::{Error, ErrorCode, ErrorParams};

/// Core's reason, or one that only a command line has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Core(ErrorCode),
    Face(FaceCode),
}

/// Reasons that only a command line has. `--json` spells them in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[cfg_attr(test, derive(strum::VariantArray))]
#[strum(serialize_all = "snake_case")]
pub enum FaceCode {
    /// What was typed is no command.
    Usage,
    /// An argument looks like a secret.
    KeyInArguments,
    /// A plaintext would be printed on a terminal.
    ShowNeeded,
    /// A question could not be asked.
    YesNeeded,
    UsernameNeeded,
    PasswordNeeded,
    PassphraseNeeded,
    /// What was typed twice is not the same.
    PassphrasesDiffer,
    /// One answers for this vault already.
    AgentRuns,
    /// None could be started.
    AgentFailed,
    /// Stdin held no line that could be a secret.
    InputUnusable,
    /// There is no window to sign in with.
    NoDesktop,
    /// It was closed before its end.
    WindowClosed,
    NoKeptList,
    NoKeptAudit,
    /// Nothing to go through with `--all`.
    NoInstances,
    /// A path to search that is not there.
    NoSuchPath,
    /// A name that no environment variable can have.
    VariableInvalid,
    /// What `exec` was asked to run.
    CommandNotFound,
    NotRunnable,
    Output,
    /// "no" to a question.
    Declined,
    Interrupted,
    PipeClosed,
}

impl FaceCode {
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug)]
pub struct Failure {
    pub reason: Reason,
    /// What the sentence about it needs; never a secret.
    pub params: ErrorParams,
    /// A better hint than the reason's own.
    pub hint: Option<String>,
}

pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn core(code: ErrorCode) -> Self {
        Self { reason: Reason::Core(code), params: ErrorParams::new(), hint: None }
    }

    pub fn face(code: FaceCode) -> Self {
        Self { reason: Reason::Face(code), params: ErrorParams::new(), hint: None }
    }

    /// Adds a value for the sentence; one that is there stays.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.entry(name.to_owned()).or_insert_with(|| value.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn is(&self, code: ErrorCode) -> bool {
        self.reason == Reason::Core(code)
    }

    /// Output that could not be written.
    pub fn writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::face(FaceCode::PipeClosed)
        } else {
            Self::face(FaceCode::Output)
        }
    }
}

impl Failure {
    /// The reason of an error that stays where it is.
    pub fn told(error: &Error) -> Self {
        let causes: Vec<String> =
            std::iter::successors(std::error::Error::source(error), |cause| cause.source())
                .map(ToString::to_string)
                .collect();
        tracing::info!(code = ?error.code(), %error, ?causes, "ended without doing what was asked");
        Self { reason: Reason::Core(error.code()), params: error.params(), hint: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::told(&error)
    }
}
