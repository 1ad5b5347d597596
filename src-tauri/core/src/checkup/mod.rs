//! A check-up: what was examined on an instance, and what was found. Codes and values; the words are in
//! `ui/src/messages/checkup.json`, which both faces read.

pub(crate) mod judge;

use crate::error::ErrorParams;
use crate::ids::ApiKeyId;
use crate::secret::KeyHint;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

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
    /// Only where one of ours is set.
    ClientCertificate,
    Version,
    ApiKeys,
    PublicRole,
    SignIn,
    Permissions,
    /// Only where a dashboard is embedded, and whoever is signed in may mint tokens for guests.
    GuestSecret,
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

/// What was found. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    NotExamined,
    Answers,
    /// `until` and `days` are those of the certificate.
    Encrypted,
    CertificateEndsSoon,
    CertificateUntrusted,
    /// `until` and `days` are those of our own certificate.
    ClientCertificateFine,
    ClientCertificateEndsSoon,
    ClientCertificateRefused,
    OnThisComputer,
    PlainHttp,
    VersionKnown,
    VersionUnknown,
    KeysOn,
    KeysOff,
    ManagementOff,
    KeysUnknown,
    PublicRoleEmpty,
    /// Its Public role has permissions: where they reach, it takes everybody for a stranger, with a key or without.
    PublicRoleOpen,
    SignedIn,
    SignedInWithKey,
    /// Somebody is signed in, and the server does not tell who.
    SignedInUntold,
    SignedOut,
    MayAll,
    MayNotAll,
    /// It is none of those that everybody knows, and not the one of sessions.
    GuestSecretOwn,
    /// The one that Superset ships, so everybody makes guests of any dashboard.
    GuestSecretShipped,
    /// One of a published configuration: the same.
    GuestSecretPublished,
    /// It is the secret that sessions are signed with.
    GuestSecretOfSessions,
    ClockLearned,
    ClockSet,
    ClockAssumed,
    NoKeyHere,
    /// AI clients present tokens, for `user` where that is known here.
    TokensInstead,
    /// There is none to be had: `why` is the reason's code.
    NoTokenHere,
    KeyEndsLater,
    KeyEndsSoon,
    KeyNeverEnds,
    KeyOld,
    KeyOfPerson,
    KeyOfAdmin,
    KeyRejected,
    KeyWithoutScopes,
    ScopesDoNothing,
    EndpointFound,
    EndpointRedirects,
    EndpointUnknown,
    EndpointAbsent,
    EndpointUnreachable,
    ProxyInTheWay,
    /// Something asks people to sign in before the server sees them.
    EndpointBehindSignIn,
    NoOauth,
    OauthAnnounced,
    /// And that is what AI clients on the bridge present.
    OauthInUse,
    /// 401 or 403 before any message is read.
    RefusedAtTransport,
    /// The transport lets it through, and the tool does not.
    RefusedAtTool,
    /// The tool finds nobody to act as: keys are not understood, and nobody gets in.
    RefusedWithoutUser,
    /// A stranger becomes `user`.
    LetIn,
    OddAnswer,
    Speaks,
    HandshakeRefused,
    ToolsSeen,
    NoTools,
    ToolCalled,
    ToolFailed,
    /// Superset takes the key, its MCP server does not know what a key is.
    KeysNotUnderstood,
    /// The MCP server checks something else, such as a JWT.
    TakesOtherTokens,
    /// The key is good, and the server wants a scope that it has not.
    ScopeMissing,
    /// A JWT that was tried instead of a key is not taken.
    TokenRefused,
    /// A JWT is taken, and no tool finds a user to act as.
    TokenWithoutUser,
    SamePerson,
    /// The key is one person's, and the MCP server acts as another.
    AnotherPerson,
}

impl Finding {
    /// All of them, for tables and tests.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::NotExamined => Verdict::Skipped,
            Self::Answers
            | Self::Encrypted
            | Self::ClientCertificateFine
            | Self::OnThisComputer
            | Self::VersionKnown
            | Self::KeysOn
            | Self::PublicRoleEmpty
            | Self::SignedIn
            | Self::MayAll
            | Self::GuestSecretOwn
            | Self::ClockLearned
            | Self::ClockSet
            | Self::TokensInstead
            | Self::OauthInUse
            | Self::KeyEndsLater
            | Self::KeyOfPerson
            | Self::KeyWithoutScopes
            | Self::EndpointFound
            | Self::NoOauth
            | Self::RefusedAtTransport
            | Self::RefusedAtTool
            | Self::RefusedWithoutUser
            | Self::Speaks
            | Self::ToolsSeen
            | Self::ToolCalled
            | Self::SamePerson => Verdict::Passed,
            Self::VersionUnknown
            | Self::KeysUnknown
            | Self::SignedInWithKey
            | Self::SignedInUntold
            | Self::SignedOut
            | Self::ClockAssumed
            | Self::NoKeyHere
            | Self::KeyNeverEnds
            | Self::KeyOld
            | Self::ScopesDoNothing
            | Self::OddAnswer => Verdict::Noted,
            Self::CertificateEndsSoon
            | Self::CertificateUntrusted
            | Self::ClientCertificateEndsSoon
            | Self::ClientCertificateRefused
            | Self::PlainHttp
            | Self::KeysOff
            | Self::NoTokenHere
            | Self::ManagementOff
            | Self::PublicRoleOpen
            | Self::MayNotAll
            | Self::KeyEndsSoon
            | Self::KeyOfAdmin
            | Self::KeyRejected
            | Self::EndpointRedirects
            | Self::EndpointUnknown
            | Self::EndpointAbsent
            | Self::EndpointUnreachable
            | Self::ProxyInTheWay
            | Self::EndpointBehindSignIn
            | Self::OauthAnnounced
            | Self::HandshakeRefused
            | Self::NoTools
            | Self::ToolFailed
            | Self::KeysNotUnderstood
            | Self::TakesOtherTokens
            | Self::ScopeMissing
            | Self::TokenRefused
            | Self::TokenWithoutUser => Verdict::Warning,
            Self::LetIn
            | Self::AnotherPerson
            | Self::GuestSecretShipped
            | Self::GuestSecretPublished
            | Self::GuestSecretOfSessions => Verdict::Critical,
        }
    }
}

/// What can be done. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
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
    EmptyPublicRole,
    GrantPermissions,
    /// Guests' tokens get a secret of their own, made at random.
    SetGuestSecret,
    RenewCertificate,
    /// Another one is needed, made for this host and for a server.
    ReplaceCertificate,
    TrustCertificate,
    /// Ours, from whoever gave it.
    RenewClientCertificate,
    UseHttps,
    NameEndpoint,
    StartMcp,
    /// What asks people to sign in lets programs with a key pass.
    LetPass,
    MendProxy,
    AddSlash,
    DropOauthMetadata,
    MakeKey,
    MendAccess,
    UseOwnKey,
    SetZone,
    SignIn,
    LookAtLog,
}

impl Remedy {
    pub const ALL: &'static [Self] = Self::VARIANTS;
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
