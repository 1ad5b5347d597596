//! From what was seen to what it means. Pure: the table of this product's opinions.

use super::{CheckupItem as Item, CheckupItemView as View, Finding, Remedy};
use crate::clock::{ServerClock, rfc3339};
use crate::embedding::GuestSecretState;
use crate::error::{CertificateProblem, Error, SeenCertificate};
use crate::instance::User;
use crate::mcp::{Person, Reception, Seen, ToolRefusal};
use crate::superset::{ApiKeysSupport, KeyPermissions, SignInWays};
use jiff::Timestamp;
use std::time::Duration;

/// Days that are few for a certificate: its renewal should have happened by now.
const FEW_DAYS: i64 = 14;
/// A person has to ask another for a client certificate, which takes longer.
const CLIENT_DAYS: i64 = 30;
/// Days that are few for a key: as the list of keys has it.
const LAST_DAYS: i64 = 7;
const OLD_DAYS: i64 = 365;
const ADMIN: &str = "Admin";

/// What the instance runs, as far as remedies depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// Up to 6.1: its MCP server cannot check API keys.
    Before,
    /// Can check them.
    After,
    Unknown,
}

impl Generation {
    pub(crate) fn of(version: Option<&str>) -> Self {
        let mut numbers = version.unwrap_or_default().split('.').map(|part| part.parse::<u32>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(major), Some(minor)) if (major, minor) <= (6, 1) => Self::Before,
            (Some(_), Some(_)) => Self::After,
            _ => Self::Unknown,
        }
    }

    /// How the MCP server is made to check keys.
    fn remedy(self, view: View) -> View {
        match self {
            Self::Before => view.remedy(Remedy::CloseOrVerify),
            Self::After => view.remedy(Remedy::CheckKeys),
            Self::Unknown => view,
        }
    }
}

/// What the MCP server was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brought {
    /// A key that Superset takes.
    GoodKey,
    /// One it does not take.
    Key,
    /// A JWT that the person gave for this check-up.
    Token,
}

/// How a connection is made.
pub(crate) enum Connection {
    Loopback,
    Plain,
    Encrypted { until: Option<Timestamp> },
}

pub(crate) fn connection(item: Item, seen: &Connection, now: Timestamp) -> View {
    match seen {
        Connection::Loopback => View::new(item, Finding::OnThisComputer),
        Connection::Plain => View::new(item, Finding::PlainHttp).remedy(Remedy::UseHttps),
        Connection::Encrypted { until: None } => View::new(item, Finding::Encrypted),
        Connection::Encrypted { until: Some(until) } => {
            let days = days_between(now, *until);
            let view = |finding| View::new(item, finding).with("until", rfc3339(*until)).with("days", days);
            if days <= FEW_DAYS {
                view(Finding::CertificateEndsSoon).remedy(Remedy::RenewCertificate)
            } else {
                view(Finding::Encrypted)
            }
        }
    }
}

/// The certificate that is shown to the server.
pub(crate) fn client_certificate(own: &SeenCertificate, now: Timestamp) -> View {
    let view = |finding| {
        let view = View::new(Item::ClientCertificate, finding).with("subject", &own.subject);
        view.with("issuer", &own.issuer)
    };
    let Some(until) = own.ends else { return view(Finding::ClientCertificateFine) };
    let days = days_between(now, until);
    let view = |finding| view(finding).with("until", rfc3339(until)).with("days", days);
    if days < CLIENT_DAYS {
        view(Finding::ClientCertificateEndsSoon).remedy(Remedy::RenewClientCertificate)
    } else {
        view(Finding::ClientCertificateFine)
    }
}

pub(crate) fn version(version: Option<&str>) -> View {
    match version {
        Some(version) => View::new(Item::Version, Finding::VersionKnown).with("version", version),
        None => View::new(Item::Version, Finding::VersionUnknown),
    }
}

pub(crate) fn api_keys(support: ApiKeysSupport) -> View {
    let view = |finding| View::new(Item::ApiKeys, finding);
    match support {
        ApiKeysSupport::On => view(Finding::KeysOn),
        ApiKeysSupport::Off => view(Finding::KeysOff).remedy(Remedy::TurnOnKeys),
        ApiKeysSupport::ManagementOff => view(Finding::ManagementOff).remedy(Remedy::TurnOnKeyManagement),
        ApiKeysSupport::Unknown => view(Finding::KeysUnknown),
    }
}

pub(crate) fn public_role(has_permissions: bool) -> View {
    if has_permissions {
        View::new(Item::PublicRole, Finding::PublicRoleOpen).remedy(Remedy::EmptyPublicRole)
    } else {
        View::new(Item::PublicRole, Finding::PublicRoleEmpty)
    }
}

pub(crate) fn permissions(may: KeyPermissions) -> View {
    let all = [
        ("can_list", may.list),
        ("can_get", may.get),
        ("can_create", may.create),
        ("can_revoke", may.revoke),
    ];
    let missing: Vec<_> = all.iter().filter(|(_, may)| !may).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return View::new(Item::Permissions, Finding::MayAll);
    }
    let view = View::new(Item::Permissions, Finding::MayNotAll).with("missing", missing.join(", "));
    view.remedy(Remedy::GrantPermissions)
}

/// None where it is not told.
pub(crate) fn guest_secret(state: GuestSecretState) -> Option<View> {
    let finding = match state {
        GuestSecretState::Own => return Some(View::new(Item::GuestSecret, Finding::GuestSecretOwn)),
        GuestSecretState::Shipped => Finding::GuestSecretShipped,
        GuestSecretState::Published => Finding::GuestSecretPublished,
        GuestSecretState::SecretKey => Finding::GuestSecretOfSessions,
        GuestSecretState::NotTold => return None,
    };
    Some(View::new(Item::GuestSecret, finding).remedy(Remedy::SetGuestSecret))
}

pub(crate) fn clock(clock: &ServerClock, now: Timestamp) -> View {
    let view = |finding| View::new(Item::Clock, finding).with("offset", offset(clock.offset_minutes(now)));
    match clock {
        ServerClock::Assumed => view(Finding::ClockAssumed).remedy(Remedy::SetZone),
        ServerClock::Learned { at, .. } => view(Finding::ClockLearned).with("at", rfc3339(*at)),
        ServerClock::Zone { name } => view(Finding::ClockSet).with("zone", name),
    }
}

/// `UTC`, `UTC-5`, `UTC+5:45`.
fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// `since`: how long this computer has had it.
pub(crate) fn key_expiry(name: &str, since: Timestamp, ends: Option<Timestamp>, now: Timestamp) -> View {
    let view = |finding| View::new(Item::KeyExpiry, finding).with("name", name);
    let age = days_between(since, now);
    match ends {
        Some(end) if days_between(now, end) <= LAST_DAYS => {
            let days = days_between(now, end).max(0);
            view(Finding::KeyEndsSoon).with("end", rfc3339(end)).with("days", days).remedy(Remedy::MakeKey)
        }
        _ if age > OLD_DAYS => view(Finding::KeyOld).with("days", age).remedy(Remedy::MakeKey),
        Some(end) => {
            view(Finding::KeyEndsLater).with("end", rfc3339(end)).with("days", days_between(now, end))
        }
        None => view(Finding::KeyNeverEnds),
    }
}

pub(crate) fn key_owner(username: &str, roles: &[String]) -> View {
    let view =
        |finding| View::new(Item::KeyOwner, finding).with("user", username).with("roles", roles.join(", "));
    if roles.iter().any(|role| role == ADMIN) {
        view(Finding::KeyOfAdmin).remedy(Remedy::UseOwnKey)
    } else {
        view(Finding::KeyOfPerson)
    }
}

pub(crate) fn key_scopes(scopes: Option<&str>) -> View {
    match scopes.map(str::trim).filter(|scopes| !scopes.is_empty()) {
        Some(scopes) => View::new(Item::KeyScopes, Finding::ScopesDoNothing).with("scopes", scopes),
        None => View::new(Item::KeyScopes, Finding::KeyWithoutScopes),
    }
}

/// Why the endpoint could not be asked.
pub(crate) fn unreachable(item: Item, error: &Error) -> View {
    let (finding, remedy) = match error {
        Error::CertificateUntrusted { problem, .. } => (Finding::CertificateUntrusted, certificate(*problem)),
        Error::ClientCertificateRefused { .. } => {
            (Finding::ClientCertificateRefused, Remedy::RenewClientCertificate)
        }
        Error::ProxyUnusable { .. } => (Finding::ProxyInTheWay, Remedy::MendProxy),
        Error::SignInPage { .. } => (Finding::EndpointBehindSignIn, Remedy::LetPass),
        _ => (Finding::EndpointUnreachable, Remedy::StartMcp),
    };
    let mut view = View::new(item, finding);
    view.params.extend(error.params());
    if let Error::CertificateUntrusted { seen: Some(seen), .. } = error {
        view = view.with("until", seen.ends.map(rfc3339).unwrap_or_default());
    }
    view.remedy(remedy)
}

fn certificate(problem: CertificateProblem) -> Remedy {
    use CertificateProblem as Problem;
    match problem {
        Problem::UnknownIssuer | Problem::SelfSigned | Problem::Other => Remedy::TrustCertificate,
        Problem::Expired => Remedy::RenewCertificate,
        Problem::NotYetValid
        | Problem::OtherName
        | Problem::NamedInOldWay
        | Problem::OldVersion
        | Problem::OtherPurpose
        | Problem::Revoked => Remedy::ReplaceCertificate,
    }
}

/// What a server does with somebody it should not know.
pub(crate) fn stranger(item: Item, received: &Reception, generation: Generation) -> View {
    match received {
        Reception::Transport { status } => {
            View::new(item, Finding::RefusedAtTransport).with("status", status)
        }
        Reception::Tool(ToolRefusal::NoUser) => View::new(item, Finding::RefusedWithoutUser),
        Reception::Tool(_) => View::new(item, Finding::RefusedAtTool),
        Reception::LetIn(person) => {
            let view = View::new(item, Finding::LetIn).with("user", &person.username);
            generation.remedy(view.with("roles", person.roles.join(", ")))
        }
        Reception::Odd { status } => View::new(item, Finding::OddAnswer).with("status", status),
    }
}

/// What the owner of a key sees: the handshake, the tools, and a tool's call.
pub(crate) fn owner(seen: &Seen, brought: Brought, generation: Generation) -> [View; 3] {
    let handshake = match &seen.protocol {
        Some(protocol) => View::new(Item::Handshake, Finding::Speaks)
            .with("protocol", protocol)
            .with("sessions", seen.sessions),
        None => match seen.call {
            Reception::Transport { status } | Reception::Odd { status } => {
                View::new(Item::Handshake, Finding::HandshakeRefused).with("status", status)
            }
            _ => View::new(Item::Handshake, Finding::NotExamined),
        },
    };
    let tools = match seen.tools {
        Some(0) => View::new(Item::Tools, Finding::NoTools),
        Some(count) => View::new(Item::Tools, Finding::ToolsSeen).with("count", count),
        None => View::new(Item::Tools, Finding::NotExamined),
    };
    [handshake, tools, tool_call(&seen.call, seen.round_trip, brought, generation)]
}

fn tool_call(call: &Reception, took: Duration, brought: Brought, generation: Generation) -> View {
    let view = |finding| View::new(Item::ToolCall, finding);
    match call {
        Reception::LetIn(_) => view(Finding::ToolCalled).took(took),
        Reception::Tool(ToolRefusal::NoUser) if brought == Brought::Token => {
            generation.remedy(view(Finding::TokenWithoutUser))
        }
        Reception::Transport { status } if brought == Brought::Token => {
            view(Finding::TokenRefused).with("status", status)
        }
        Reception::Tool(ToolRefusal::NoUser) => generation.remedy(view(Finding::KeysNotUnderstood)),
        Reception::Transport { status: 403 } if brought == Brought::GoodKey => {
            view(Finding::ScopeMissing).with("status", 403).remedy(Remedy::DropScopes)
        }
        Reception::Transport { status } if brought == Brought::GoodKey => {
            generation.remedy(view(Finding::TakesOtherTokens).with("status", status))
        }
        Reception::Transport { .. } | Reception::Tool(ToolRefusal::Key) => {
            view(Finding::KeyRejected).remedy(Remedy::MakeKey)
        }
        Reception::Tool(ToolRefusal::Other) => view(Finding::ToolFailed).remedy(Remedy::LookAtLog),
        Reception::Odd { status } => {
            view(Finding::ToolFailed).with("status", status).remedy(Remedy::LookAtLog)
        }
    }
}

/// Whether the MCP server acts as the person whose key it is.
pub(crate) fn identity(person: &Person, owner: &str, generation: Generation) -> View {
    let view = |finding| {
        View::new(Item::Identity, finding)
            .with("user", owner)
            .with("mcp_user", &person.username)
            .with("roles", person.roles.join(", "))
    };
    if person.username == owner {
        view(Finding::SamePerson)
    } else {
        generation.remedy(view(Finding::AnotherPerson))
    }
}

/// Nobody is signed in: how people do it there, as far as the server tells.
pub(crate) fn signed_out(ways: &SignInWays) -> View {
    let ours = [(ways.password, "password"), (ways.ldap, "LDAP"), (ways.existing_key, "API key")];
    let ours = ours.iter().filter(|(offered, _)| *offered).map(|(_, name)| *name);
    let all: Vec<_> = ours.chain(ways.others.iter().map(String::as_str)).collect();
    let view = View::new(Item::SignIn, Finding::SignedOut).with("ways", all.join(", "));
    view.remedy(Remedy::SignIn)
}

pub(crate) fn signed_in(user: &User, with_key: bool) -> View {
    let finding = if with_key { Finding::SignedInWithKey } else { Finding::SignedIn };
    View::new(Item::SignIn, finding).with("user", &user.username).with("roles", user.roles.join(", "))
}

fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_hours().div_euclid(24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkup::Verdict;

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn versions_and_what_they_can() {
        for (version, generation) in [
            (Some("6.1.0"), Generation::Before),
            (Some("5.0.0rc1"), Generation::Before),
            (Some("6.2.0"), Generation::After),
            (Some("7.0.1"), Generation::After),
            (Some("main"), Generation::Unknown),
            (None, Generation::Unknown),
        ] {
            assert_eq!(Generation::of(version), generation, "{version:?}");
        }
    }

    /// No configuration line is offered that does nothing on the version at hand.
    #[test]
    fn remedies_are_those_of_the_version() {
        let open = Reception::LetIn(Person { username: "admin".into(), roles: vec!["Admin".into()] });
        for (generation, remedy) in [
            (Generation::Before, Some(Remedy::CloseOrVerify)),
            (Generation::After, Some(Remedy::CheckKeys)),
            (Generation::Unknown, None),
        ] {
            let view = stranger(Item::NoKey, &open, generation);
            assert_eq!((view.verdict, view.remedy), (Verdict::Critical, remedy));
            assert_eq!(view.params["user"], "admin");
        }
    }

    #[test]
    fn certificates_keys_and_clocks() {
        let in_days = |days: i64| now() + jiff::SignedDuration::from_hours(24 * days + 1);
        let tls =
            |days| connection(Item::Connection, &Connection::Encrypted { until: Some(in_days(days)) }, now());
        assert_eq!(tls(15).finding, Finding::Encrypted);
        assert_eq!((tls(14).finding, &*tls(3).params["days"]), (Finding::CertificateEndsSoon, "3"));
        let own = |days| SeenCertificate {
            subject: "jane".into(),
            issuer: "Acme".into(),
            names: vec![],
            starts: None,
            ends: Some(in_days(days)),
        };
        let own = |days| client_certificate(&own(days), now());
        assert_eq!(own(30).finding, Finding::ClientCertificateFine);
        assert_eq!((own(29).finding, &*own(29).params["days"]), (Finding::ClientCertificateEndsSoon, "29"));
        assert_eq!(own(29).remedy, Some(Remedy::RenewClientCertificate));
        assert_eq!(offset(0), "UTC");
        assert_eq!((offset(-300), offset(345)), ("UTC-5".into(), "UTC+5:45".into()));
        let may = KeyPermissions { list: true, create: true, ..KeyPermissions::default() };
        assert_eq!(permissions(may).params["missing"], "can_get, can_revoke");
    }
}
