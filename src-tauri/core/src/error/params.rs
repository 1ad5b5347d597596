//! The values that a sentence about a reason needs.

use super::Error;
use crate::clock::rfc3339;
use crate::put_in_place::is_held_open;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// Named values for a reason's sentence. Never a secret, and never a server's own words but for those that
/// `superset::problem` has cut down to letters.
pub type ErrorParams = BTreeMap<String, String>;

impl Error {
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
            Self::SetUpForbidden { permission } => put("permission", (*permission).to_owned()),
            Self::InsecureAddress { host }
            | Self::NotSuperset { host }
            | Self::AnswerLost { host, .. }
            | Self::TokenNotTaken { host }
            | Self::IssuerNotAnnounced { host }
            | Self::ClientIdNeeded { host }
            | Self::AnswerOfAnother { host }
            | Self::SignInTooLate { host }
            | Self::McpRefused { host } => put("host", host.clone()),
            Self::PassphraseShort { least } => put("least", least.to_string()),
            Self::NameTooLong { limit } | Self::AnswerTooLarge { limit } => put("limit", limit.to_string()),
            Self::NameTaken { name }
            | Self::UnknownZone { name }
            | Self::NoSuchInstance { name }
            | Self::NoSuchKey { name }
            | Self::NoSuchPerson { name }
            | Self::NoSuchAccount { name }
            | Self::AccountUnchanged { name }
            | Self::NotRotating { name }
            | Self::SecretNotHere { name }
            | Self::ToolForbidden { name }
            | Self::NoSuchConnection { name }
            | Self::NoSuchDashboard { name }
            | Self::NotEmbedded { name }
            | Self::AccountInactive { name }
            | Self::MinterKeyElsewhere { name }
            | Self::ToolNotAllowed { name }
            | Self::NoSuchClient { name } => put("name", name.clone()),
            Self::BrowserRefused { told } => put("told", told.clone().unwrap_or_default()),
            Self::SigningSecretUnusable { problem } => put("problem", snake_case(problem)),
            Self::IssuerUnusable { host, problem } => {
                put("host", host.clone());
                put("problem", snake_case(problem));
            }
            Self::AuthorizationRefused { host, problem } => {
                put("host", host.clone());
                put("problem", snake_case(problem));
            }
            Self::McpUrlUnknown { instance }
            | Self::NoOauthClient { instance }
            | Self::NoOauthSignIn { instance }
            | Self::SigningSecretKept { instance }
            | Self::NoSigningSecret { instance }
            | Self::SigningSecretInUse { instance } => put("instance", instance.clone()),
            Self::TokenNamesNobody { host, user } => {
                put("host", host.clone());
                put("user", user.clone());
            }
            Self::TokenOfAnother { host, user, acts_as } => {
                put("host", host.clone());
                put("user", user.clone());
                put("acts_as", acts_as.clone());
            }
            Self::SettingOutOfBounds { name, least, most } => {
                put("name", (*name).to_owned());
                put("least", least.to_string());
                put("most", most.to_string());
            }
            Self::SiteUnusable { site, problem } => {
                put("site", site.clone());
                put("problem", snake_case(problem));
            }
            Self::PortTaken { port } => put("port", port.to_string()),
            Self::ClauseRefused { problem } => put("problem", snake_case(problem)),
            Self::AmbiguousKey { name, candidates }
            | Self::AmbiguousDashboard { name, candidates }
            | Self::AmbiguousDataset { name, candidates }
            | Self::NoSuchDataset { name, candidates }
            | Self::AmbiguousConnection { name, candidates } => {
                put("name", name.clone());
                put("candidates", candidates.join(", "));
            }
            Self::LoginMayTooMuch { database, rights } => {
                put("database", database.clone());
                put("rights", rights.iter().map(snake_case).collect::<Vec<_>>().join(", "));
            }
            Self::LoginNotJudged { database, reason } => {
                put("database", database.clone());
                put("reason", snake_case(reason));
            }
            Self::ViewNotThere { database, view } => {
                put("database", database.clone());
                put("view", (*view).to_owned());
            }
            Self::DatasetHidden { dataset } => put("dataset", (*dataset).to_owned()),
            Self::AccountOfOthers { name, roles } => {
                put("name", name.clone());
                put("roles", roles.join(", "));
            }
            Self::RoleMayMore { role, more } => {
                put("role", role.clone());
                put("more", more.join(", "));
            }
            Self::RoleOfSuperset { role } => put("role", role.clone()),
            Self::RoleIncomplete { role, missing } => {
                put("role", role.clone());
                put("missing", missing.join(", "));
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
            Self::DeliveryUnsupported { client, delivery, reason } => {
                put("client", client.clone());
                put("delivery", delivery.clone());
                put("reason", reason.clone());
            }
            Self::GuardNeedsBridge { client, delivery } => {
                put("client", client.clone());
                put("delivery", delivery.clone());
            }
            Self::RuleInvalid { rule } => put("rule", rule.clone()),
            Self::NoSuchUse { id } => put("id", id.clone()),
            Self::FormUnsupported { client, form } => {
                put("client", client.clone());
                put("form", form.clone());
            }
            Self::WritingUnsupported { client, reason } => {
                put("client", client.clone());
                put("reason", reason.clone());
            }
            Self::ClientFileHalfWritten { client, path } => {
                put("client", client.clone());
                put("path", path.display().to_string());
            }
            Self::BackupKeyGone { path, hint } | Self::KeyWouldBeLost { path, hint } => {
                put("path", path.display().to_string());
                put("hint", hint.clone());
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
            Self::AuditViewOutdated { missing } => put("missing", missing.join(", ")),
            Self::QueryFailed { problem } => put("problem", snake_case(problem)),
            Self::ClientFileUnreadable { path, source }
            | Self::VaultUnusable { path, source }
            | Self::StateUnusable { path, source }
            | Self::OutputUnwritable { path, source }
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
            Self::ProxyUnusable { proxy, host, problem, .. } => {
                put("proxy", proxy.clone());
                put("host", host.clone());
                put("problem", snake_case(problem));
            }
            Self::CertificateUntrusted { host, problem, seen, .. } => {
                put("host", host.clone());
                put("problem", snake_case(problem));
                if let Some(seen) = seen {
                    put("subject", seen.subject.clone());
                    put("issuer", seen.issuer.clone());
                    put("names", seen.names.join(", "));
                    put("starts", seen.starts.map(rfc3339).unwrap_or_default());
                    put("ends", seen.ends.map(rfc3339).unwrap_or_default());
                }
            }
            Self::ClientCertificateRefused { host, problem, own, .. } => {
                put("host", host.clone());
                put("problem", snake_case(problem));
                if let Some(own) = own {
                    put("subject", own.subject.clone());
                    put("issuer", own.issuer.clone());
                    put("starts", own.starts.map(rfc3339).unwrap_or_default());
                    put("ends", own.ends.map(rfc3339).unwrap_or_default());
                }
            }
            Self::CertificateFileUnusable { path, problem } => {
                put("path", path.display().to_string());
                put("problem", snake_case(problem));
            }
            Self::ProxySettingUnusable { problem } => put("problem", snake_case(problem)),
            Self::ProxyPasswordGone { proxy } => put("proxy", proxy.clone()),
            Self::NoTrustedCertificates { variable } => {
                put("variable", variable.unwrap_or_default().to_owned());
            }
            Self::TokenRefused { problem, said } => {
                put("problem", snake_case(problem));
                put("said", said.clone());
            }
            Self::SignInPage { host, to } => {
                put("host", host.clone());
                put("to", to.clone().unwrap_or_default());
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
            | Self::NotOpened { path, .. }
            | Self::OutputNotRegular { path }
            | Self::KeyWouldBeShared { path }
            | Self::WrongPassphrase { path }
            | Self::VaultDamaged { path }
            | Self::VaultNewer { path }
            | Self::NotAVault { path }
            | Self::VaultBusy { path }
            | Self::ClientFileChanged { path }
            | Self::ClientFileReadOnly { path } => {
                put("path", path.display().to_string());
            }
            Self::Internal { what } => put("what", (*what).to_owned()),
            _ => {}
        }
        params
    }
}

/// What a person can do something about.
fn disk_problem(source: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match source.kind() {
        Kind::NotFound => "no_folder",
        Kind::StorageFull | Kind::QuotaExceeded => "full",
        Kind::PermissionDenied => "denied",
        Kind::ReadOnlyFilesystem => "read_only",
        Kind::InvalidInput | Kind::IsADirectory | Kind::NotADirectory => "no_file",
        Kind::FileTooLarge => "too_large",
        Kind::ResourceBusy | Kind::ExecutableFileBusy => "busy",
        _ if is_held_open(source) => "busy",
        _ => "other",
    }
}

fn snake_case(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}
