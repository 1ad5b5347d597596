//! What is behind a reason, where that is one of few.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProblem {
    Empty,
    NotAnAddress,
    /// Only `http` and `https` lead to a Superset.
    Scheme,
    /// A user name or password in the address would end up in files and logs.
    HoldsCredentials,
}

/// How a server could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreachable {
    NameNotFound,
    Refused,
    TimedOut,
    /// `https`, and what answers does not speak TLS.
    NotTls,
    /// It speaks TLS, and we have no version or method in common, or it wants a certificate of ours.
    TlsFailed,
    /// What answers does not speak HTTP; it may want `https`.
    NotHttp,
    Other,
}

/// What is wrong with the proxy on the way to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyProblem {
    NameNotFound,
    Refused,
    TimedOut,
    /// It wants a name and a password, or others.
    SignIn,
    /// It lets nobody, or not us, through to this server.
    NotAllowed,
    /// It cannot reach the server.
    NoWayOn,
    /// What answers does not speak a proxy's protocol, or another than its address says.
    NotAProxy,
    Other,
}

/// Why a database has no rows for a query that Superset handed to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QueryProblem {
    ColumnMissing,
    /// The table or view; the dataset of it, too.
    TableMissing,
    /// The connection's login may not read it.
    Denied,
    /// Superset knows no such connection any more.
    NoDatabase,
    /// It did not answer in the time it is given.
    Slow,
    /// It cannot be reached, or did not let the connection in.
    Gone,
    Other,
}

/// Why a server does not take a token of its own, as flask-jwt-extended and `PyJWT` say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenProblem {
    /// It did not arrive: something on the way takes the header off.
    HeaderMissing,
    /// An older Flask-AppBuilder makes tokens that a newer `PyJWT` does not read (apache/superset #31675, mended in Flask-AppBuilder by #2321 of March 2025).
    SubjectNotText,
    /// Another key checks tokens than the one that signs them.
    Signature,
    /// The clocks of several servers, or a lifetime of nothing.
    Expired,
    Other,
}

/// Why a text cannot be what tokens are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningProblem {
    Empty,
    /// Shorter than the 32 bytes that HS256 asks for.
    TooShort,
    /// Longer than any secret, or of several lines.
    NotOneLine,
    /// It stands in a guide that everybody can read.
    Published,
}

/// Why an authorization server cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerProblem {
    /// It says nothing of itself where the standards have that.
    NoMetadata,
    /// What stands there is another one's.
    OfAnother,
    /// It has no place for what is asked.
    EndpointMissing,
    /// One of its places is not encrypted.
    NotEncrypted,
    /// It does not know PKCE with S256, without which a code can be stolen.
    NoPkce,
    /// The MCP server speaks of another address than its own.
    OtherResource,
}

/// What an authorization server said in refusing: the codes that the standards know, and no word beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationProblem {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
    InvalidScope,
    /// RFC 8707: it gives no tokens for this resource.
    InvalidTarget,
    AccessDenied,
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
    /// Of a device's code.
    ExpiredToken,
    /// Of a client that is to be registered.
    InvalidRedirectUri,
    InvalidClientMetadata,
    ServerError,
    TemporarilyUnavailable,
    /// No code that the standards know.
    Other,
}

impl AuthorizationProblem {
    /// By its name in the standards.
    #[must_use]
    pub fn named(code: &str) -> Self {
        match code {
            "invalid_request" => Self::InvalidRequest,
            "invalid_client" => Self::InvalidClient,
            "invalid_grant" => Self::InvalidGrant,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "unsupported_response_type" => Self::UnsupportedResponseType,
            "invalid_scope" => Self::InvalidScope,
            "invalid_target" => Self::InvalidTarget,
            "access_denied" => Self::AccessDenied,
            "login_required" => Self::LoginRequired,
            "consent_required" => Self::ConsentRequired,
            "interaction_required" => Self::InteractionRequired,
            "expired_token" => Self::ExpiredToken,
            "invalid_redirect_uri" => Self::InvalidRedirectUri,
            "invalid_client_metadata" => Self::InvalidClientMetadata,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            _ => Self::Other,
        }
    }
}

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateProblem {
    /// Nobody this computer trusts has signed it.
    UnknownIssuer,
    /// It is signed by itself, and is not among the trusted ones.
    SelfSigned,
    Expired,
    NotYetValid,
    /// It is another host's.
    OtherName,
    /// It has no alternative name (RFC 6125): only certificates that are trusted themselves may name their host in the
    /// old way.
    NamedInOldWay,
    /// X.509 before version 3.
    OldVersion,
    /// An authority's, a person's or a program's, not a server's.
    OtherPurpose,
    Revoked,
    Other,
}

/// Why a server does not take our client certificate, as far as it tells; where it tells nothing, by what is seen of the
/// certificate here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ClientCertificateProblem {
    /// It asks for one, and none is set.
    Missing,
    Expired,
    NotYetValid,
    /// It is of an authority that the server does not take.
    OtherAuthority,
    /// It is not made for a client.
    OtherPurpose,
    Revoked,
    /// The server does not say why, and nothing is seen here.
    Untold,
}

/// Why a file, or several, cannot be what a certificate and its key are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateFileProblem {
    Missing,
    Denied,
    Unreadable,
    TooLarge,
    /// Neither PEM nor DER.
    NotACertificate,
    /// PEM without a certificate, with a key.
    OnlyAKey,
    NoKey,
    /// `BEGIN ENCRYPTED PRIVATE KEY`, or the older `Proc-Type: 4,ENCRYPTED`.
    KeyEncrypted,
    /// Of a kind that TLS here cannot sign with.
    KeyUnusable,
    /// The key is another certificate's.
    KeyOfAnother,
    NotPkcs12,
    /// Written with methods that are not known here.
    Pkcs12Unsupported,
    WrongPassphrase,
    /// `BEGIN PKCS7`: certificates in another wrapping.
    Pkcs7,
    /// More than any company has authorities: the whole list of a computer.
    TooMany,
}

/// Why a proxy cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxySettingProblem {
    NotAnAddress,
    /// `http`, `https`, `socks5` and `socks5h` are spoken.
    Scheme,
    /// A password in the address would end up in files and logs.
    HoldsPassword,
    /// A password without a name.
    NoName,
    /// Keys would travel to it in the open.
    InTheOpen,
}

/// What a certificate says of itself, for people. Somebody else wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCertificate {
    pub subject: String,
    pub issuer: String,
    /// The hosts it is for.
    pub names: Vec<String>,
    pub starts: Option<Timestamp>,
    pub ends: Option<Timestamp>,
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
    /// The vault wants its passphrase.
    VaultLocked,
    /// It has not answered in time: it may be asking the person something.
    Waiting,
    /// The person, or what they set in it, does not let this program at the entry.
    Refused,
    Other,
}

impl KeychainProblem {
    /// Opening it helps.
    #[must_use]
    pub fn is_shut(self) -> bool {
        matches!(self, Self::Locked | Self::Dismissed | Self::VaultLocked)
    }
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

/// What a database's login may that one for reading everybody's keys must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LoginRight {
    /// Of passwords or keys, or secrets of other connections.
    ReadsHashes,
    /// It changes or deletes what is there.
    Writes,
    /// It reads or writes files of the database's computer, or runs programs there.
    Files,
    /// It calls functions that do so with their owner's rights, or takes roles whose rights are not known.
    Calls,
    /// It makes tables, or other things, where Superset's lie.
    Creates,
}

/// Why it is not known what a database's login may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum NotJudged {
    /// There are no logins: whoever opens the file may everything.
    NoLogins,
    /// A kind of database that Superset does not keep its metadata in.
    OtherKind,
    /// The connection is not open to SQL Lab, which is where it could be asked.
    NotInSqlLab,
    /// The person may not use SQL Lab on it.
    NotAllowed,
    /// The database did not answer the question.
    NoAnswer,
}

/// Why the bridge cannot pass on what an AI client wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageProblem {
    NotJson,
    NotJsonRpc,
    TooLong,
}

/// Where in a file, and why, an edit was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[error("line {line}, column {column}: {kind:?}")]
pub struct EditProblem {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    pub kind: EditProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum EditProblemKind {
    /// Some other encoding, or no text at all.
    NotUtf8,
    /// The client itself could not read it.
    Syntax,
    /// A name stands twice where it decides which entry is ours.
    DuplicateKey,
    /// Something else stands where the entries, or our entry, belong.
    WrongType,
    /// Right, but written in a way that cannot be edited in place.
    Unsupported,
    /// This dialect cannot express the entry.
    EntryUnwritable,
    /// The edited file would not have been the old one with our entry changed.
    Unproven,
}

impl EditProblem {
    /// At a byte of a text.
    pub(crate) fn at(text: &str, offset: usize, kind: EditProblemKind) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let mut lines = before.split(|&byte| byte == b'\n');
        let last = lines.next_back().unwrap_or_default();
        let begins_letter = |byte: &&u8| **byte & 0xC0 != 0x80;
        Self { line: count(lines.count()), column: count(last.iter().filter(begins_letter).count()), kind }
    }
}

/// As people count.
fn count(from_zero: usize) -> u32 {
    u32::try_from(from_zero).unwrap_or(u32::MAX).saturating_add(1)
}

/// Why an address is no site that could show a dashboard. Superset 6.1.0 takes any text and then refuses everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SiteProblem {
    /// No address, or without a host.
    NotAnAddress,
    /// `app.example.com`: which of http and https is not known.
    SchemeMissing,
    /// `https://*.example.com`: it stands for no site, and each is to be named.
    Wildcard,
    /// Another scheme than http and https.
    OtherScheme,
    /// A name or a password stands in it.
    Credentials,
}

/// Why a row rule would not do what it says. Superset 6.1.0 takes any text for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ClauseProblem {
    Empty,
    TooLong,
    /// A bracket closes what it did not open, or stays open: the rule would break out of its place.
    Brackets,
    /// A quotation mark stays open.
    Quotes,
    /// `--`, `#` or `/*`: what follows it would count for nothing.
    Comment,
    /// `;`
    Semicolon,
    /// `{{` or `{%`: run as a template where the server is so set, else sent as it is.
    Template,
    /// A letter that nobody sees.
    Unprintable,
    /// A name stands for a value that was not given.
    ValueMissing,
    /// A value was given for a name that does not stand in it.
    ValueUnused,
    /// What was given as a number is none.
    ValueNotANumber,
    /// The database, or those of several datasets, could read it otherwise: a quotation mark or a stroke stands in it.
    ValueUnwritable,
}
