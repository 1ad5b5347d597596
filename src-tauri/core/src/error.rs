//! What can go wrong, as reasons. The words for people live in the UI and the CLI.

use crate::clients::edit::EditProblem;
use crate::instance::AddressProblem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

/// The cause behind a reason, for the log.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// How a server could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    NameNotFound,
    Refused,
    TimedOut,
    Other,
}

/// Why a secret store cannot do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeychainProblem {
    /// No D-Bus session, so no keychain can be asked.
    NoBus,
    /// D-Bus is there, a keychain program is not.
    Absent,
    /// A keychain program without a collection to keep things in.
    NoCollection,
    Locked,
    /// The person closed the unlock window, or none could be shown.
    Dismissed,
    Other,
}

/// Why a folder a person named cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FolderProblem {
    Empty,
    /// It does not begin at the root of a disk, nor at the home folder.
    Relative,
    Missing,
    NoFolder,
    Denied,
    Other,
}

/// Why the bridge cannot pass on what an AI client wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageProblem {
    NotJson,
    NotJsonRpc,
    TooLong,
}

/// Every reason an action can end without doing what was asked.
///
/// Display is English for logs and holds neither a secret nor a server's answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    // What a person gave us.
    #[error("the address cannot be used: {0:?}")]
    InvalidAddress(AddressProblem),
    #[error("the address of {host} is not encrypted")]
    InsecureAddress { host: String },
    #[error("a name is needed")]
    NameMissing,
    #[error("the name is longer than {limit} letters")]
    NameTooLong { limit: usize },
    #[error("the name holds a letter that cannot be shown")]
    NameUnprintable,
    #[error("the short name or alias has letters other than a-z, 0-9 and -")]
    ShortNameInvalid,
    #[error("the name {name} is taken")]
    NameTaken { name: String },
    #[error("the expiry lies in the past")]
    ExpiryPast,
    #[error("the expiry is further away than a server can store")]
    ExpiryTooFar,
    #[error("no time zone is called {name}")]
    UnknownZone { name: String },
    #[error("that does not look like an API key")]
    NotAnApiKey,

    // What could not be found here.
    #[error("no instance is called {name}")]
    NoSuchInstance { name: String },
    #[error("no key is called {name}")]
    NoSuchKey { name: String },
    #[error("{name} means more than one key")]
    AmbiguousKey { name: String, candidates: Vec<String> },
    #[error("{instance} has no default key")]
    NoDefaultKey { instance: String, others: Vec<String> },
    #[error("the default key {alias} cannot be used any more")]
    DefaultKeyUnusable { alias: String, others: Vec<String> },
    #[error("the key {alias} is revoked or expired")]
    KeyUnusable { alias: String },
    #[error("the plaintext of {name} is not on this computer")]
    SecretNotHere { name: String },
    #[error("no AI client is called {name}")]
    NoSuchClient { name: String },
    #[error("the MCP endpoint of {instance} is not known")]
    McpUrlUnknown { instance: String },
    #[error("{client} cannot take its key that way")]
    DeliveryUnsupported { client: String, delivery: String, reason: String },
    #[error("{client} has no {form} form for this delivery")]
    FormUnsupported { client: String, form: String },
    #[error("{client}'s file is not ours to write this into")]
    WritingUnsupported { client: String, reason: String },
    #[error("{client} has no file in the scope {scope}")]
    ScopeUnsupported { client: String, scope: String },
    #[error("an entry called {entry} in {path} is not ours")]
    EntryTaken { client: String, entry: String, path: PathBuf },
    #[error("{client} has no entry for {instance}")]
    NotConnected { client: String, instance: String },
    #[error("a change of {client}'s file that could be undone is not known")]
    NothingToUndo { client: String },
    #[error("git would share the key in {path}")]
    KeyWouldBeShared { path: PathBuf },

    // The way to the server.
    #[error("{host} cannot be reached: {kind:?}")]
    Unreachable { host: String, kind: Unreachable, source: Option<Source> },
    #[error("the certificate of {host} is not trusted")]
    CertificateUntrusted { host: String, source: Option<Source> },
    #[error("{host} sends us elsewhere, to {to}")]
    Redirected { host: String, to: String },
    #[error("{host} answered, but not as Superset")]
    NotSuperset { host: String },
    #[error("something between here and {host} answered with status {status}")]
    ProxyAnswered { host: String, status: u16 },
    #[error("the server asks to wait")]
    RateLimited,
    #[error("the server had a fault of its own, status {status}")]
    ServerFault { status: u16 },
    #[error("the server's answer was not understood: {what}")]
    UnexpectedAnswer { what: &'static str, status: u16 },
    #[error("the server's answer is larger than {limit} bytes")]
    AnswerTooLarge { limit: usize },
    #[error("the connection to {host} ended before the answer was complete")]
    AnswerLost { host: String, source: Option<Source> },
    #[error("there is no MCP server at {url}")]
    NoMcpEndpoint { url: String },
    #[error("the MCP server at {host} refused the request")]
    McpRefused { host: String },
    #[error("the description of the tool {name} breaks the rules of MCP")]
    ToolForbidden { name: String },
    #[error("what came in is not a message of MCP: {problem:?}")]
    NotAMessage { problem: MessageProblem },

    // Signing in and permissions.
    #[error("the server did not take these credentials")]
    WrongCredentials,
    #[error("the server does not offer this way to sign in")]
    SignInWayRefused,
    #[error("the server offers only ways to sign in that we do not have yet")]
    SignInUnsupported { ways: Vec<String> },
    #[error("nobody is signed in")]
    SignedOut,
    #[error("the session is over")]
    SessionOver,
    #[error("the server does not take this API key")]
    KeyRejected,
    #[error("this role may not manage API keys")]
    Forbidden,
    #[error("API keys are off on this server")]
    ApiKeysOff,

    // Creating and revoking.
    #[error("the server said created and created nothing")]
    NotCreated,
    #[error("the connection ended before the answer; whether a key was created is not known")]
    CreateUnclear { found: Option<String> },
    #[error("the key {id} was created and its plaintext could not be stored")]
    NotStored { id: String, problem: KeychainProblem },
    #[error("the server said revoked and the key is still active")]
    NotRevoked,
    #[error("the connection ended before the answer; whether the key was revoked is not known")]
    RevokeUnclear,
    #[error("a key that the server does not list cannot be revoked from here")]
    CannotRevokePasted,
    #[error("a key this computer does not keep would be lost")]
    NothingWouldKeepIt,
    #[error("{count} stored keys would be forgotten")]
    KeysWouldBeForgotten { count: usize },

    // This computer.
    #[error("the keychain: {problem:?}")]
    Keychain { problem: KeychainProblem, source: Option<Source> },
    #[error("the state file {path} is damaged; it was kept as {kept}")]
    StateDamaged { path: PathBuf, kept: PathBuf },
    #[error("the state file {path} was written by a newer version")]
    StateNewer { path: PathBuf },
    #[error("another program holds the state file")]
    StateBusy,
    #[error("the state file {path} cannot be read or written")]
    StateUnusable { path: PathBuf, source: std::io::Error },
    #[error("the client's file {path} cannot be read")]
    ClientFileUnreadable { path: PathBuf, source: std::io::Error },
    #[error("the client's file {path} is not as its client reads it: {problem}")]
    ClientFileNotUnderstood { path: PathBuf, problem: EditProblem },
    #[error("the client's file {path} changed meanwhile")]
    ClientFileChanged { path: PathBuf },
    #[error("the client's file {path} is read-only")]
    ClientFileReadOnly { path: PathBuf },
    #[error("the client's file {path} cannot be written")]
    ClientFileUnwritable { path: PathBuf, source: std::io::Error },
    #[error("no backup can be kept in {path}")]
    BackupUnwritable { path: PathBuf, source: std::io::Error },
    #[error("the folder {path} cannot be used: {problem:?}")]
    FolderUnusable { path: PathBuf, problem: FolderProblem },
    #[error("no program opened {path}")]
    NotOpened { path: PathBuf, source: std::io::Error },
    #[error("the clipboard cannot be used")]
    Clipboard { source: Option<Source> },
    #[error("a part of this program stopped")]
    Internal { what: &'static str },
}

macro_rules! codes {
    ($($variant:ident),+ $(,)?) => {
        /// A reason's stable name: what the UI, the CLI's `--json` and scripts go by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($variant),+ }

        impl ErrorCode {
            /// All of them, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

codes! {
    InvalidAddress, InsecureAddress, NameMissing, NameTooLong, NameUnprintable, ShortNameInvalid, NameTaken,
    ExpiryPast, ExpiryTooFar, UnknownZone, NotAnApiKey,
    NoSuchInstance, NoSuchKey, AmbiguousKey, NoDefaultKey, DefaultKeyUnusable, KeyUnusable, SecretNotHere, NoSuchClient,
    McpUrlUnknown, DeliveryUnsupported, FormUnsupported, WritingUnsupported, ScopeUnsupported,
    EntryTaken, NotConnected, NothingToUndo, KeyWouldBeShared,
    Unreachable, CertificateUntrusted, Redirected, NotSuperset, ProxyAnswered, RateLimited, ServerFault,
    UnexpectedAnswer, AnswerTooLarge, AnswerLost, NoMcpEndpoint, McpRefused, ToolForbidden,
    NotAMessage,
    WrongCredentials, SignInWayRefused, SignInUnsupported, SignedOut, SessionOver, KeyRejected, Forbidden,
    ApiKeysOff,
    NotCreated, CreateUnclear, NotStored, NotRevoked, RevokeUnclear, CannotRevokePasted, NothingWouldKeepIt,
    KeysWouldBeForgotten,
    KeychainNoBus, KeychainAbsent, KeychainNoCollection, KeychainLocked, KeychainDismissed, KeychainOther,
    StateDamaged, StateNewer, StateBusy, StateUnusable, ClientFileUnreadable, ClientFileNotUnderstood,
    ClientFileChanged, ClientFileReadOnly, ClientFileUnwritable, BackupUnwritable, FolderUnusable, NotOpened, Clipboard,
    Internal,
}

impl KeychainProblem {
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::NoBus => ErrorCode::KeychainNoBus,
            Self::Absent => ErrorCode::KeychainAbsent,
            Self::NoCollection => ErrorCode::KeychainNoCollection,
            Self::Locked => ErrorCode::KeychainLocked,
            Self::Dismissed => ErrorCode::KeychainDismissed,
            Self::Other => ErrorCode::KeychainOther,
        }
    }
}

/// Named values for a reason's sentence. Never a secret, never a server's own words.
pub type ErrorParams = BTreeMap<String, String>;

impl Error {
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidAddress(_) => ErrorCode::InvalidAddress,
            Self::InsecureAddress { .. } => ErrorCode::InsecureAddress,
            Self::NameMissing => ErrorCode::NameMissing,
            Self::NameTooLong { .. } => ErrorCode::NameTooLong,
            Self::NameUnprintable => ErrorCode::NameUnprintable,
            Self::ShortNameInvalid => ErrorCode::ShortNameInvalid,
            Self::NameTaken { .. } => ErrorCode::NameTaken,
            Self::ExpiryPast => ErrorCode::ExpiryPast,
            Self::ExpiryTooFar => ErrorCode::ExpiryTooFar,
            Self::UnknownZone { .. } => ErrorCode::UnknownZone,
            Self::NotAnApiKey => ErrorCode::NotAnApiKey,
            Self::NoSuchInstance { .. } => ErrorCode::NoSuchInstance,
            Self::NoSuchKey { .. } => ErrorCode::NoSuchKey,
            Self::AmbiguousKey { .. } => ErrorCode::AmbiguousKey,
            Self::NoDefaultKey { .. } => ErrorCode::NoDefaultKey,
            Self::DefaultKeyUnusable { .. } => ErrorCode::DefaultKeyUnusable,
            Self::KeyUnusable { .. } => ErrorCode::KeyUnusable,
            Self::SecretNotHere { .. } => ErrorCode::SecretNotHere,
            Self::NoSuchClient { .. } => ErrorCode::NoSuchClient,
            Self::McpUrlUnknown { .. } => ErrorCode::McpUrlUnknown,
            Self::DeliveryUnsupported { .. } => ErrorCode::DeliveryUnsupported,
            Self::FormUnsupported { .. } => ErrorCode::FormUnsupported,
            Self::Unreachable { .. } => ErrorCode::Unreachable,
            Self::CertificateUntrusted { .. } => ErrorCode::CertificateUntrusted,
            Self::Redirected { .. } => ErrorCode::Redirected,
            Self::NotSuperset { .. } => ErrorCode::NotSuperset,
            Self::ProxyAnswered { .. } => ErrorCode::ProxyAnswered,
            Self::RateLimited => ErrorCode::RateLimited,
            Self::ServerFault { .. } => ErrorCode::ServerFault,
            Self::UnexpectedAnswer { .. } => ErrorCode::UnexpectedAnswer,
            Self::AnswerTooLarge { .. } => ErrorCode::AnswerTooLarge,
            Self::AnswerLost { .. } => ErrorCode::AnswerLost,
            Self::NoMcpEndpoint { .. } => ErrorCode::NoMcpEndpoint,
            Self::McpRefused { .. } => ErrorCode::McpRefused,
            Self::ToolForbidden { .. } => ErrorCode::ToolForbidden,
            Self::NotAMessage { .. } => ErrorCode::NotAMessage,
            Self::WrongCredentials => ErrorCode::WrongCredentials,
            Self::SignInWayRefused => ErrorCode::SignInWayRefused,
            Self::SignInUnsupported { .. } => ErrorCode::SignInUnsupported,
            Self::SignedOut => ErrorCode::SignedOut,
            Self::SessionOver => ErrorCode::SessionOver,
            Self::KeyRejected => ErrorCode::KeyRejected,
            Self::Forbidden => ErrorCode::Forbidden,
            Self::ApiKeysOff => ErrorCode::ApiKeysOff,
            Self::NotCreated => ErrorCode::NotCreated,
            Self::CreateUnclear { .. } => ErrorCode::CreateUnclear,
            Self::NotStored { .. } => ErrorCode::NotStored,
            Self::NotRevoked => ErrorCode::NotRevoked,
            Self::RevokeUnclear => ErrorCode::RevokeUnclear,
            Self::CannotRevokePasted => ErrorCode::CannotRevokePasted,
            Self::NothingWouldKeepIt => ErrorCode::NothingWouldKeepIt,
            Self::KeysWouldBeForgotten { .. } => ErrorCode::KeysWouldBeForgotten,
            Self::Keychain { problem, .. } => problem.code(),
            Self::StateDamaged { .. } => ErrorCode::StateDamaged,
            Self::StateNewer { .. } => ErrorCode::StateNewer,
            Self::StateBusy => ErrorCode::StateBusy,
            Self::StateUnusable { .. } => ErrorCode::StateUnusable,
            Self::WritingUnsupported { .. } => ErrorCode::WritingUnsupported,
            Self::ScopeUnsupported { .. } => ErrorCode::ScopeUnsupported,
            Self::EntryTaken { .. } => ErrorCode::EntryTaken,
            Self::NotConnected { .. } => ErrorCode::NotConnected,
            Self::NothingToUndo { .. } => ErrorCode::NothingToUndo,
            Self::KeyWouldBeShared { .. } => ErrorCode::KeyWouldBeShared,
            Self::ClientFileUnreadable { .. } => ErrorCode::ClientFileUnreadable,
            Self::ClientFileNotUnderstood { .. } => ErrorCode::ClientFileNotUnderstood,
            Self::ClientFileChanged { .. } => ErrorCode::ClientFileChanged,
            Self::ClientFileReadOnly { .. } => ErrorCode::ClientFileReadOnly,
            Self::ClientFileUnwritable { .. } => ErrorCode::ClientFileUnwritable,
            Self::BackupUnwritable { .. } => ErrorCode::BackupUnwritable,
            Self::FolderUnusable { .. } => ErrorCode::FolderUnusable,
            Self::NotOpened { .. } => ErrorCode::NotOpened,
            Self::Clipboard { .. } => ErrorCode::Clipboard,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }

    /// The values a sentence about this reason needs, by name.
    #[must_use]
    #[allow(clippy::too_many_lines, reason = "a table: one row per reason")]
    pub fn params(&self) -> ErrorParams {
        let mut params = ErrorParams::new();
        let mut put = |name: &str, value: String| {
            params.insert(name.to_owned(), value);
        };
        match self {
            Self::InvalidAddress(problem) => put("problem", snake_case(problem)),
            Self::InsecureAddress { host }
            | Self::CertificateUntrusted { host, .. }
            | Self::NotSuperset { host }
            | Self::AnswerLost { host, .. }
            | Self::McpRefused { host } => put("host", host.clone()),
            Self::NameTooLong { limit } | Self::AnswerTooLarge { limit } => put("limit", limit.to_string()),
            Self::NameTaken { name }
            | Self::UnknownZone { name }
            | Self::NoSuchInstance { name }
            | Self::NoSuchKey { name }
            | Self::SecretNotHere { name }
            | Self::ToolForbidden { name }
            | Self::NoSuchClient { name } => put("name", name.clone()),
            Self::AmbiguousKey { name, candidates } => {
                put("name", name.clone());
                put("candidates", candidates.join(", "));
            }
            Self::NoDefaultKey { instance, others } => {
                put("instance", instance.clone());
                put("others", others.join(", "));
            }
            Self::DefaultKeyUnusable { alias, others } => {
                put("alias", alias.clone());
                put("others", others.join(", "));
            }
            Self::KeyUnusable { alias } => put("alias", alias.clone()),
            Self::NoMcpEndpoint { url } => put("url", url.clone()),
            Self::NotAMessage { problem } => put("problem", snake_case(problem)),
            Self::McpUrlUnknown { instance } => put("instance", instance.clone()),
            Self::DeliveryUnsupported { client, delivery, reason } => {
                put("client", client.clone());
                put("delivery", delivery.clone());
                put("reason", reason.clone());
            }
            Self::FormUnsupported { client, form } => {
                put("client", client.clone());
                put("form", form.clone());
            }
            Self::WritingUnsupported { client, reason } => {
                put("client", client.clone());
                put("reason", reason.clone());
            }
            Self::NothingToUndo { client } => put("client", client.clone()),
            Self::ScopeUnsupported { client, scope } => {
                put("client", client.clone());
                put("scope", scope.clone());
            }
            Self::EntryTaken { client, entry, path } => {
                put("client", client.clone());
                put("entry", entry.clone());
                put("path", path.display().to_string());
            }
            Self::NotConnected { client, instance } => {
                put("client", client.clone());
                put("instance", instance.clone());
            }
            Self::ClientFileNotUnderstood { path, problem } => {
                put("path", path.display().to_string());
                put("line", problem.line.to_string());
                put("column", problem.column.to_string());
                put("problem", snake_case(&problem.kind));
            }
            Self::ClientFileUnreadable { path, source }
            | Self::ClientFileUnwritable { path, source }
            | Self::BackupUnwritable { path, source } => {
                put("path", path.display().to_string());
                put("problem", disk_problem(source).to_owned());
            }
            Self::FolderUnusable { path, problem } => {
                put("path", path.display().to_string());
                put("problem", snake_case(problem));
            }
            Self::Unreachable { host, kind, .. } => {
                put("host", host.clone());
                put("kind", snake_case(kind));
            }
            Self::Redirected { host, to } => {
                put("host", host.clone());
                put("to", to.clone());
            }
            Self::ProxyAnswered { host, status } => {
                put("host", host.clone());
                put("status", status.to_string());
            }
            Self::ServerFault { status } => put("status", status.to_string()),
            Self::UnexpectedAnswer { what, status } => {
                put("what", (*what).to_owned());
                put("status", status.to_string());
            }
            Self::SignInUnsupported { ways } => put("ways", ways.join(", ")),
            Self::CreateUnclear { found } => put("found", found.clone().unwrap_or_default()),
            Self::NotStored { id, problem } => {
                put("id", id.clone());
                put("problem", snake_case(problem));
            }
            Self::KeysWouldBeForgotten { count } => put("count", count.to_string()),
            Self::StateDamaged { path, kept } => {
                put("path", path.display().to_string());
                put("kept", kept.display().to_string());
            }
            Self::StateNewer { path }
            | Self::StateUnusable { path, .. }
            | Self::NotOpened { path, .. }
            | Self::KeyWouldBeShared { path }
            | Self::ClientFileChanged { path }
            | Self::ClientFileReadOnly { path } => {
                put("path", path.display().to_string());
            }
            Self::Internal { what } => put("what", (*what).to_owned()),
            _ => {}
        }
        params
    }

    /// The server could not be asked at all, as opposed to having refused.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::ProxyAnswered { .. } | Self::CertificateUntrusted { .. }
        )
    }
}

/// What a person can do something about.
fn disk_problem(source: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match source.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "full",
        Kind::PermissionDenied => "denied",
        Kind::ReadOnlyFilesystem => "read_only",
        Kind::InvalidInput | Kind::IsADirectory | Kind::NotADirectory => "no_file",
        Kind::FileTooLarge => "too_large",
        _ => "other",
    }
}

fn snake_case(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
