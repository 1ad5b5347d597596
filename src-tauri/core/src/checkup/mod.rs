//! A check-up: what was examined on an instance, and what was found. Codes and values; the words are in
//! `ui/src/messages/checkup.json`, which both faces read.

pub(crate) mod judge;

use crate::api_key::ApiKeyId;
use crate::error::ErrorParams;
use crate::secret::KeyHint;
use serde::{Deserialize, Serialize};

/// How bad it is, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Not examined, because something before it was in the way.
    Skipped,
    Passed,
    /// Worth knowing; nothing to mend.
    Noted,
    Warning,
    Critical,
}

/// What is examined, in the order of a request's way. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum CheckupItem {
    Reachable,
    Connection,
    Version,
    ApiKeys,
    SignIn,
    Permissions,
    Clock,
    KeyExpiry,
    KeyOwner,
    KeyScopes,
    McpEndpoint,
    McpConnection,
    OauthMetadata,
    NoKey,
    MadeUpKey,
    MadeUpToken,
    Handshake,
    Tools,
    ToolCall,
    Identity,
}

macro_rules! findings {
    ($($(#[$doc:meta])* $finding:ident: $verdict:ident),+ $(,)?) => {
        /// What was found. The names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(rename_all = "snake_case")]
        pub enum Finding { $($(#[$doc])* $finding),+ }

        impl Finding {
            /// All of them, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$finding),+];

            #[must_use]
            pub fn verdict(self) -> Verdict {
                match self { $(Self::$finding => Verdict::$verdict),+ }
            }
        }
    };
}

findings! {
    NotExamined: Skipped,
    Answers: Passed,
    /// `until` and `days` are those of the certificate.
    Encrypted: Passed,
    CertificateEndsSoon: Warning,
    CertificateUntrusted: Warning,
    OnThisComputer: Passed,
    PlainHttp: Warning,
    VersionKnown: Passed,
    VersionUnknown: Noted,
    KeysOn: Passed,
    KeysOff: Warning,
    ManagementOff: Warning,
    KeysUnknown: Noted,
    SignedIn: Passed,
    SignedInWithKey: Noted,
    SignedOut: Noted,
    MayAll: Passed,
    MayNotAll: Warning,
    ClockLearned: Passed,
    ClockSet: Passed,
    ClockAssumed: Noted,
    NoKeyHere: Noted,
    KeyEndsLater: Passed,
    KeyEndsSoon: Warning,
    KeyNeverEnds: Noted,
    KeyOld: Noted,
    KeyOfPerson: Passed,
    KeyOfAdmin: Warning,
    KeyRejected: Warning,
    KeyWithoutScopes: Passed,
    ScopesDoNothing: Noted,
    EndpointFound: Passed,
    EndpointRedirects: Warning,
    EndpointUnknown: Warning,
    EndpointAbsent: Warning,
    EndpointUnreachable: Warning,
    NoOauth: Passed,
    OauthAnnounced: Warning,
    /// 401 or 403 before any message is read.
    RefusedAtTransport: Passed,
    /// The transport lets it through, and the tool does not.
    RefusedAtTool: Passed,
    /// The tool finds nobody to act as: keys are not understood, and nobody gets in.
    RefusedWithoutUser: Passed,
    /// A stranger becomes `user`.
    LetIn: Critical,
    OddAnswer: Noted,
    Speaks: Passed,
    HandshakeRefused: Warning,
    ToolsSeen: Passed,
    NoTools: Warning,
    ToolCalled: Passed,
    ToolFailed: Warning,
    /// Superset takes the key, its MCP server does not know what a key is.
    KeysNotUnderstood: Warning,
    /// The MCP server checks something else, such as a JWT.
    TakesOtherTokens: Warning,
    /// The key is good, and the server wants a scope that it has not.
    ScopeMissing: Warning,
    /// A JWT that was tried instead of a key is not taken.
    TokenRefused: Warning,
    /// A JWT is taken, and no tool finds a user to act as.
    TokenWithoutUser: Warning,
    SamePerson: Passed,
    /// The key is one person's, and the MCP server acts as another.
    AnotherPerson: Critical,
}

/// What can be done. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// 6.1.0 cannot check keys, whatever its settings: the honest choices.
    CloseOrVerify,
    /// Later versions check keys when told to.
    CheckKeys,
    /// `MCP_REQUIRED_SCOPES` asks for what keys do not have.
    DropScopes,
    TurnOnKeys,
    TurnOnKeyManagement,
    GrantPermissions,
    RenewCertificate,
    TrustCertificate,
    UseHttps,
    NameEndpoint,
    StartMcp,
    AddSlash,
    DropOauthMetadata,
    MakeKey,
    UseOwnKey,
    SetZone,
    SignIn,
    LookAtLog,
}

impl Remedy {
    pub const ALL: &'static [Self] = &[
        Self::CloseOrVerify,
        Self::CheckKeys,
        Self::DropScopes,
        Self::TurnOnKeys,
        Self::TurnOnKeyManagement,
        Self::GrantPermissions,
        Self::RenewCertificate,
        Self::TrustCertificate,
        Self::UseHttps,
        Self::NameEndpoint,
        Self::StartMcp,
        Self::AddSlash,
        Self::DropOauthMetadata,
        Self::MakeKey,
        Self::UseOwnKey,
        Self::SetZone,
        Self::SignIn,
        Self::LookAtLog,
    ];
}

/// One examined thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CheckupItemView {
    pub item: CheckupItem,
    pub verdict: Verdict,
    pub finding: Finding,
    /// Values for the finding's sentences. Never a secret, never a server's own words.
    pub params: ErrorParams,
    pub remedy: Option<Remedy>,
    /// How long it took, in milliseconds, where a request was made for it.
    pub took: Option<u32>,
}

impl CheckupItemView {
    pub(crate) fn new(item: CheckupItem, finding: Finding) -> Self {
        Self {
            item,
            verdict: finding.verdict(),
            finding,
            params: ErrorParams::new(),
            remedy: None,
            took: None,
        }
    }

    #[allow(clippy::needless_pass_by_value, reason = "numbers and addresses, as they are at hand")]
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    pub(crate) fn remedy(self, remedy: Remedy) -> Self {
        Self { remedy: Some(remedy), ..self }
    }

    pub(crate) fn took(self, took: std::time::Duration) -> Self {
        Self { took: Some(u32::try_from(took.as_millis()).unwrap_or(u32::MAX)), ..self }
    }
}

/// The key that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CheckedKey {
    pub id: ApiKeyId,
    pub alias: String,
    pub name: String,
    pub hint: KeyHint,
}

/// A whole check-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CheckupView {
    /// The worst of the items.
    pub verdict: Verdict,
    pub items: Vec<CheckupItemView>,
    /// None where no usable key is on this computer.
    pub key: Option<CheckedKey>,
    pub mcp_url: Option<String>,
    /// RFC 3339, UTC.
    pub checked: String,
    /// How many requests carried the key: each moved its last-used time.
    pub requests_with_key: u32,
}

/// What is kept of an earlier check-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PastCheckup {
    /// RFC 3339, UTC.
    pub checked: String,
    pub verdict: Verdict,
    /// The worst item; none where all is well.
    pub worst: Option<CheckupItemView>,
    pub passed: u32,
    pub examined: u32,
}

impl CheckupView {
    /// The first of the worst items.
    #[must_use]
    pub fn worst(&self) -> Option<&CheckupItemView> {
        let bad = self.items.iter().filter(|item| item.verdict >= Verdict::Warning);
        bad.rev().max_by_key(|item| item.verdict)
    }

    #[must_use]
    pub fn summary(&self) -> PastCheckup {
        let count = |keep: fn(Verdict) -> bool| {
            u32::try_from(self.items.iter().filter(|item| keep(item.verdict)).count()).unwrap_or(u32::MAX)
        };
        PastCheckup {
            checked: self.checked.clone(),
            verdict: self.verdict,
            worst: self.worst().cloned(),
            passed: count(|verdict| matches!(verdict, Verdict::Passed | Verdict::Noted)),
            examined: count(|verdict| verdict != Verdict::Skipped),
        }
    }
}
