//! What can go wrong, as reasons. The words for people live in the UI and the CLI.
//!
//! - `problems`: what is behind a reason, where that is one of few
//! - `params`: the values that a sentence about it needs

mod params;
mod problems;

pub use params::ErrorParams;
pub use problems::{
    AddressProblem, AuthorizationProblem, CertificateFileProblem, CertificateProblem, ClauseProblem,
    ClientCertificateProblem, EditProblem, EditProblemKind, FolderProblem, IssuerProblem, KeychainProblem,
    LoginRight, MessageProblem, NotJudged, ProxyProblem, ProxySettingProblem, QueryProblem, SeenCertificate,
    SigningProblem, SiteProblem, TokenProblem, Unreachable,
};

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;
use strum::{EnumDiscriminants, VariantArray};

pub type Result<T> = std::result::Result<T, Error>;

/// The cause behind a reason, for the log.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Every reason an action can end without doing what was asked.
///
/// Display is English for logs and holds neither a secret nor a server's answer.
#[derive(Debug, thiserror::Error, EnumDiscriminants)]
#[strum_discriminants(name(ErrorCode), derive(Hash, Serialize, Deserialize, VariantArray))]
#[strum_discriminants(cfg_attr(feature = "specta", derive(specta::Type)), serde(rename_all = "snake_case"))]
#[strum_discriminants(doc = "A reason's stable name: what the UI, the CLI's `--json` and scripts go by.")]
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
    #[error("{name} can be from {least} to {most}")]
    SettingOutOfBounds { name: &'static str, least: u32, most: u32 },
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
    #[error("{name} is not being replaced")]
    NotRotating { name: String },
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
    #[error("{path} is half written")]
    ClientFileHalfWritten { client: String, path: PathBuf },
    #[error("{hint}, which stood in what {path} keeps, is not on this computer any more")]
    BackupKeyGone { path: PathBuf, hint: String },
    // A key stands only in this file, nothing can keep it, and the change would take it out.
    #[error("{hint} would be lost with {path}")]
    KeyWouldBeLost { path: PathBuf, hint: String },
    #[error("git would share the key in {path}")]
    KeyWouldBeShared { path: PathBuf },

    // A browser's session.
    #[error("this is no session cookie")]
    NotASessionCookie,
    #[error("the server does not know this session")]
    SessionRefused,
    // What a provider told, as OAuth calls it.
    #[error("a browser's sign-in ended without anybody in")]
    BrowserRefused { told: Option<String> },

    // What AI clients are let in with.
    #[error("the secret cannot sign: {problem:?}")]
    SigningSecretUnusable { problem: SigningProblem },
    #[error("a secret for {instance} is kept already")]
    SigningSecretKept { instance: String },
    #[error("no secret for {instance} is kept")]
    NoSigningSecret { instance: String },
    #[error("AI clients of {instance} are let in with it")]
    SigningSecretInUse { instance: String },
    #[error("this is no token")]
    NotAToken,
    #[error("the MCP server at {host} does not take the token")]
    TokenNotTaken { host: String },
    #[error("the MCP server at {host} finds no user {user}")]
    TokenNamesNobody { host: String, user: String },
    #[error("the MCP server at {host} acts as {acts_as}, not as {user}")]
    TokenOfAnother { host: String, user: String, acts_as: String },

    // Tokens of an authorization server.
    #[error("no OAuth client of {instance} is set")]
    NoOauthClient { instance: String },
    #[error("nobody is signed in for the AI clients of {instance}")]
    NoOauthSignIn { instance: String },
    #[error("the MCP server at {host} does not say whom it believes")]
    IssuerNotAnnounced { host: String },
    #[error("the authorization server {host} cannot be used: {problem:?}")]
    IssuerUnusable { host: String, problem: IssuerProblem },
    #[error("{host} makes no client by itself, and none is named")]
    ClientIdNeeded { host: String },
    #[error("the authorization server {host} refused: {problem:?}")]
    AuthorizationRefused { host: String, problem: AuthorizationProblem },
    #[error("what came back does not come from {host}")]
    AnswerOfAnother { host: String },
    #[error("nobody has signed in at {host} in time")]
    SignInTooLate { host: String },

    // The way to the server.
    #[error("{host} cannot be reached: {kind:?}")]
    Unreachable { host: String, kind: Unreachable, source: Option<Source> },
    #[error("the proxy {proxy} on the way to {host} cannot be used: {problem:?}")]
    ProxyUnusable { proxy: String, host: String, problem: ProxyProblem, source: Option<Source> },
    #[error("the certificate of {host} is not trusted: {problem:?}")]
    CertificateUntrusted {
        host: String,
        problem: CertificateProblem,
        seen: Option<Box<SeenCertificate>>,
        source: Option<Source>,
    },
    #[error("{host} does not take our client certificate: {problem:?}")]
    ClientCertificateRefused {
        host: String,
        problem: ClientCertificateProblem,
        own: Option<Box<SeenCertificate>>,
    },
    #[error("{path} cannot be used: {problem:?}")]
    CertificateFileUnusable { path: PathBuf, problem: CertificateFileProblem },
    #[error("this proxy cannot be set: {problem:?}")]
    ProxySettingUnusable { problem: ProxySettingProblem },
    // What the record speaks of is in no store any more.
    #[error("the key of the client certificate is gone")]
    ClientKeyGone,
    #[error("the password of the proxy {proxy} is gone")]
    ProxyPasswordGone { proxy: String },
    #[error("this computer trusts no certificates")]
    NoTrustedCertificates { variable: Option<&'static str> },
    #[error("{host} sends us elsewhere, to {to}")]
    Redirected { host: String, to: String },
    #[error("a web page answered in the place of Superset at {host}")]
    SignInPage { host: String, to: Option<String> },
    #[error("{host} answered, but not as Superset")]
    NotSuperset { host: String },
    #[error("something between here and {host} answered with status {status}")]
    ProxyAnswered { host: String, status: u16 },
    // For as long as it says, where it does.
    #[error("the server asks to wait")]
    RateLimited { wait: Option<Duration> },
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

    // The guard on what an AI client may do.
    #[error("the guard on this computer does not let the tool {name} through")]
    ToolNotAllowed { name: String },
    // Where a guard is set, what cannot be read beyond doubt is not let through.
    #[error("the guard on this computer cannot tell which tool is called")]
    CallUnclear,
    #[error("the guard on this computer cannot read the list of tools")]
    ToolListUnclear,
    #[error("{client} takes its key by {delivery}, past the bridge, where no guard is")]
    GuardNeedsBridge { client: String, delivery: String },
    #[error("{rule} is no rule of a guard")]
    RuleInvalid { rule: String },
    #[error("no use of a key is called {id}")]
    NoSuchUse { id: String },

    // Signing in and permissions.
    #[error("the server did not take these credentials")]
    WrongCredentials,
    #[error("the server does not offer this way to sign in")]
    SignInWayRefused,
    #[error("the server signs people in by other means than passwords")]
    SignInUnsupported { ways: Vec<String> },
    #[error("nobody is signed in")]
    SignedOut,
    #[error("the session is over")]
    SessionOver,
    #[error("the server does not take the token it has just given: {problem:?}")]
    TokenRefused { problem: TokenProblem, said: String },
    #[error("the server does not take this API key")]
    KeyRejected,
    #[error("this role may not manage API keys")]
    Forbidden,
    #[error("API keys are off on this server")]
    ApiKeysOff,
    #[error("the server's database has no table for API keys")]
    KeyTableMissing,
    #[error("the server takes everybody for its public role")]
    PublicRole,

    // Embedded dashboards.
    #[error("no dashboard can be embedded on this server")]
    EmbeddingOff,
    #[error("no dashboard is called {name}")]
    NoSuchDashboard { name: String },
    #[error("{name} means more than one dashboard")]
    AmbiguousDashboard { name: String, candidates: Vec<String> },
    #[error("the dashboard {name} is not embedded")]
    NotEmbedded { name: String },
    #[error("no dataset of that dashboard is called {name}")]
    NoSuchDataset { name: String, candidates: Vec<String> },
    #[error("{name} means more than one dataset of that dashboard")]
    AmbiguousDataset { name: String, candidates: Vec<String> },
    #[error("{site} is no site that could show a dashboard: {problem:?}")]
    SiteUnusable { site: String, problem: SiteProblem },
    #[error("a row rule would not do what it says: {problem:?}")]
    ClauseRefused { problem: ClauseProblem },
    #[error("the server does not take this guest's token")]
    GuestRefused,
    #[error("the guest token is for other dashboards")]
    GuestTokenElsewhere,
    #[error("the account {name} is somebody's: {roles:?}")]
    AccountOfOthers { name: String, roles: Vec<String> },
    #[error("the account {name} is not active")]
    AccountInactive { name: String },
    #[error("the role {role} may more: {more:?}")]
    RoleMayMore { role: String, more: Vec<String> },
    #[error("the account has a key called {name} whose text is not here")]
    MinterKeyElsewhere { name: String },
    #[error("port {port} of this computer is in use")]
    PortTaken { port: u16 },

    // Setting up an audit.
    #[error("this takes the permission {permission}")]
    SetUpForbidden { permission: &'static str },
    #[error("no database of the server is called {name}")]
    NoSuchConnection { name: String },
    #[error("{name} means more than one database of the server")]
    AmbiguousConnection { name: String, candidates: Vec<String> },
    #[error("the login of {database} may too much: {rights:?}")]
    LoginMayTooMuch { database: String, rights: Vec<LoginRight> },
    #[error("what the login of {database} may is not known: {reason:?}")]
    LoginNotJudged { database: String, reason: NotJudged },
    #[error("{database} shows no {view}")]
    ViewNotThere { database: String, view: &'static str },
    #[error("there is a dataset {dataset} that this person does not see")]
    DatasetHidden { dataset: &'static str },
    #[error("the role {role} did not get {missing:?}")]
    RoleIncomplete { role: String, missing: Vec<String> },
    #[error("the role {role} is Superset's own")]
    RoleOfSuperset { role: String },

    // Everybody's keys.
    #[error("this role may not read everybody's keys")]
    AuditForbidden,
    #[error("the last audit knows nobody called {name}")]
    NoSuchPerson { name: String },
    #[error("nobody on the server has the user name {name}")]
    NoSuchAccount { name: String },
    // Whoever deactivates themselves cannot take it back.
    #[error("the account of whoever is signed in is not to be deactivated by themselves")]
    OwnAccount,
    #[error("the account {name} is as it was")]
    AccountUnchanged { name: String },
    #[error("nothing that this person sees on the server shows everybody's keys")]
    NoAuditRoad,
    #[error("what showed everybody's keys is not in the database any more")]
    AuditViewMissing,
    #[error("the view of everybody's keys lacks {missing:?}")]
    AuditViewOutdated { missing: Vec<String> },
    #[error("the database did not answer the query: {problem:?}")]
    QueryFailed { problem: QueryProblem },

    // Creating and revoking.
    #[error("the server said created and created nothing")]
    NotCreated,
    #[error("no answer of Superset came; whether a key was created is not known")]
    CreateUnclear { found: Option<String> },
    #[error("the key {id} was created and its plaintext could not be stored")]
    NotStored { id: String, problem: KeychainProblem },
    #[error("the server said revoked and the key is still active")]
    NotRevoked,
    #[error("no answer of Superset came; whether the key was revoked is not known")]
    RevokeUnclear,
    #[error("a key that the server does not list cannot be revoked from here")]
    CannotRevokePasted,
    #[error("a key this computer does not keep would be lost")]
    NothingWouldKeepIt,
    #[error("{count} stored keys would be forgotten")]
    KeysWouldBeForgotten { count: usize },

    // This computer.
    #[error("no D-Bus session, so no keychain can be asked")]
    KeychainNoBus { source: Option<Source> },
    #[error("there is no keychain program")]
    KeychainAbsent { source: Option<Source> },
    #[error("the keychain has no collection to keep things in")]
    KeychainNoCollection { source: Option<Source> },
    #[error("the keychain is locked")]
    KeychainLocked { source: Option<Source> },
    #[error("the keychain was not unlocked")]
    KeychainDismissed { source: Option<Source> },
    #[error("the keychain has not answered in time")]
    KeychainWaiting { source: Option<Source> },
    #[error("the keychain does not let this program at the entry")]
    KeychainRefused { source: Option<Source> },
    #[error("the keychain has a problem of its own")]
    KeychainOther { source: Option<Source> },
    #[error("the vault is locked")]
    VaultLocked,
    #[error("there is no vault here")]
    NoVault,
    #[error("there is a vault here already")]
    VaultExists,
    #[error("the passphrase does not open {path}")]
    WrongPassphrase { path: PathBuf },
    #[error("the passphrase has fewer than {least} letters")]
    PassphraseShort { least: usize },
    #[error("{path} is damaged")]
    VaultDamaged { path: PathBuf },
    #[error("{path} is of a newer version of this program")]
    VaultNewer { path: PathBuf },
    #[error("{path} is no vault")]
    NotAVault { path: PathBuf },
    #[error("{path} cannot be read or written")]
    VaultUnusable { path: PathBuf, source: std::io::Error },
    #[error("{path} is being changed by another program")]
    VaultBusy { path: PathBuf },
    #[error("this program cannot open a vault")]
    VaultNotBuiltIn,
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
    #[error("{path} is no regular file")]
    OutputNotRegular { path: PathBuf },
    #[error("{path} cannot be written")]
    OutputUnwritable { path: PathBuf, source: std::io::Error },
    #[error("this account has no home folder")]
    NoHomeFolder,
    #[error("no program opened {path}")]
    NotOpened { path: PathBuf, source: std::io::Error },
    #[error("the desktop takes no notifications: {0}")]
    NoNotifications(#[source] Source),
    #[error("this program is locked")]
    AppLocked,
    #[error("the clipboard cannot be used")]
    Clipboard { source: Option<Source> },
    #[error("a part of this program stopped")]
    Internal { what: &'static str },
}

impl ErrorCode {
    /// All of them, for tables and tests.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

impl From<KeychainProblem> for ErrorCode {
    fn from(problem: KeychainProblem) -> Self {
        Error::keychain(problem, None).code()
    }
}

impl Error {
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.into()
    }

    #[must_use]
    pub fn keychain(problem: KeychainProblem, source: Option<Source>) -> Self {
        match problem {
            KeychainProblem::NoBus => Self::KeychainNoBus { source },
            KeychainProblem::Absent => Self::KeychainAbsent { source },
            KeychainProblem::NoCollection => Self::KeychainNoCollection { source },
            KeychainProblem::Locked => Self::KeychainLocked { source },
            KeychainProblem::Dismissed => Self::KeychainDismissed { source },
            KeychainProblem::VaultLocked => Self::VaultLocked,
            KeychainProblem::Waiting => Self::KeychainWaiting { source },
            KeychainProblem::Refused => Self::KeychainRefused { source },
            KeychainProblem::Other => Self::KeychainOther { source },
        }
    }

    /// What is wrong with the keychain, where that is the reason.
    #[must_use]
    pub fn keychain_problem(&self) -> Option<KeychainProblem> {
        Some(match self {
            Self::KeychainNoBus { .. } => KeychainProblem::NoBus,
            Self::KeychainAbsent { .. } => KeychainProblem::Absent,
            Self::KeychainNoCollection { .. } => KeychainProblem::NoCollection,
            Self::KeychainLocked { .. } => KeychainProblem::Locked,
            Self::KeychainDismissed { .. } => KeychainProblem::Dismissed,
            Self::VaultLocked => KeychainProblem::VaultLocked,
            Self::KeychainWaiting { .. } => KeychainProblem::Waiting,
            Self::KeychainRefused { .. } => KeychainProblem::Refused,
            Self::KeychainOther { .. } => KeychainProblem::Other,
            _ => return None,
        })
    }

    /// The server could not be asked at all, as opposed to having refused.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::ProxyUnusable { .. }
                | Self::ProxyAnswered { .. }
                | Self::CertificateUntrusted { .. }
                | Self::ClientCertificateRefused { .. }
                | Self::ClientKeyGone
                | Self::ProxyPasswordGone { .. }
                | Self::NoTrustedCertificates { .. }
                | Self::SignInPage { .. }
        )
    }
}
