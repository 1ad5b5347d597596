use super::*;
use std::io;
use std::path::PathBuf;
use superset_keys_core::Error;
use superset_keys_core::clients::edit::{EditProblem, EditProblemKind};
use superset_keys_core::error::{FolderProblem as F, KeychainProblem as K, Unreachable as U};
use superset_keys_core::instance::AddressProblem as A;

#[allow(clippy::too_many_lines, reason = "a table: one row per reason")]
fn all_errors() -> Vec<Error> {
    let s = str::to_owned;
    let path = PathBuf::from("/home/jane/state.json");
    let mut errors = vec![
        Error::InsecureAddress { host: s("bi.example.com") },
        Error::NameMissing,
        Error::NameTooLong { limit: 64 },
        Error::NameUnprintable,
        Error::ShortNameInvalid,
        Error::NameTaken { name: s("laptop") },
        Error::ExpiryPast,
        Error::ExpiryTooFar,
        Error::UnknownZone { name: s("Mars/Olympus") },
        Error::NotAnApiKey,
        Error::NoSuchInstance { name: s("prod") },
        Error::NoSuchKey { name: s("laptop") },
        Error::AmbiguousKey { name: s("CI"), candidates: vec![s("ci"), s("ci-2")] },
        Error::NoDefaultKey { instance: s("prod"), others: vec![] },
        Error::DefaultKeyUnusable { alias: s("laptop"), others: vec![s("ci"), s("ci-2")] },
        Error::KeyUnusable { alias: s("laptop") },
        Error::AnswerLost { host: s("bi.example.com"), source: None },
        Error::NoMcpEndpoint { url: s("https://bi.example.com/mcp") },
        Error::McpRefused { host: s("bi.example.com") },
        Error::ToolForbidden { name: s("route") },
        Error::NotAMessage { problem: superset_keys_core::error::MessageProblem::TooLong },
        Error::SecretNotHere { name: s("laptop") },
        Error::NoSuchClient { name: s("vim") },
        Error::McpUrlUnknown { instance: s("prod") },
        Error::FormUnsupported { client: s("cursor"), form: s("command") },
        Error::CertificateUntrusted { host: s("bi.example.com"), source: None },
        Error::Redirected { host: s("bi.example.com"), to: s("https://sso.example.com") },
        Error::NotSuperset { host: s("bi.example.com") },
        Error::ProxyAnswered { host: s("bi.example.com"), status: 502 },
        Error::RateLimited,
        Error::ServerFault { status: 500 },
        Error::UnexpectedAnswer { what: "key list", status: 200 },
        Error::AnswerTooLarge { limit: 1_000_000 },
        Error::WrongCredentials,
        Error::SignInWayRefused,
        Error::SignInUnsupported { ways: vec![s("oauth")] },
        Error::SignedOut,
        Error::SessionOver,
        Error::KeyRejected,
        Error::Forbidden,
        Error::ApiKeysOff,
        Error::NotCreated,
        Error::CreateUnclear { found: None },
        Error::CreateUnclear { found: Some(s("f472cb64-3719-4598-83a5-d56378a54f1f")) },
        Error::NotRevoked,
        Error::RevokeUnclear,
        Error::CannotRevokePasted,
        Error::NothingWouldKeepIt,
        Error::KeysWouldBeForgotten { count: 1 },
        Error::KeysWouldBeForgotten { count: 3 },
        Error::WritingUnsupported { client: s("raycast"), reason: s("form") },
        Error::ScopeUnsupported { client: s("warp"), scope: s("project") },
        Error::EntryTaken { client: s("cursor"), entry: s("superset"), path: path.clone() },
        Error::NotConnected { client: s("cursor"), instance: s("prod") },
        Error::NothingToUndo { client: s("cursor") },
        Error::KeyWouldBeShared { path: path.clone() },
        Error::ClientFileChanged { path: path.clone() },
        Error::ClientFileReadOnly { path: path.clone() },
        Error::StateDamaged { path: path.clone(), kept: path.with_extension("damaged") },
        Error::StateNewer { path: path.clone() },
        Error::StateBusy,
        Error::StateUnusable { path, source: io::ErrorKind::PermissionDenied.into() },
        Error::Clipboard { source: None },
        Error::Internal { what: "keychain" },
    ];
    errors.extend([A::Empty, A::NotAnAddress, A::Scheme, A::HoldsCredentials].map(Error::InvalidAddress));
    errors.extend([U::NameNotFound, U::Refused, U::TimedOut, U::Other].map(|kind| Error::Unreachable {
        host: s("bi.example.com"),
        kind,
        source: None,
    }));
    for problem in [K::NoBus, K::Absent, K::NoCollection, K::Locked, K::Dismissed, K::Other] {
        errors.push(Error::Keychain { problem, source: None });
        errors.push(Error::NotStored { id: s("f472cb64"), problem });
    }
    for problem in [F::Empty, F::Relative, F::Missing, F::NoFolder, F::Denied, F::Other] {
        errors.push(Error::FolderUnusable { path: PathBuf::from("/home/jane/work"), problem });
    }
    for kind in [
        io::ErrorKind::StorageFull,
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::ReadOnlyFilesystem,
        io::ErrorKind::InvalidInput,
        io::ErrorKind::FileTooLarge,
        io::ErrorKind::Other,
    ] {
        let path = PathBuf::from("/home/jane/.cursor/mcp.json");
        errors.push(Error::ClientFileUnreadable { path: path.clone(), source: kind.into() });
        errors.push(Error::ClientFileUnwritable { path: path.clone(), source: kind.into() });
        errors.push(Error::NotOpened { path: path.clone(), source: kind.into() });
        errors.push(Error::BackupUnwritable { path, source: kind.into() });
    }
    for kind in [
        EditProblemKind::NotUtf8,
        EditProblemKind::Syntax,
        EditProblemKind::DuplicateKey,
        EditProblemKind::WrongType,
        EditProblemKind::Unsupported,
        EditProblemKind::EntryUnwritable,
        EditProblemKind::Unproven,
    ] {
        let problem = EditProblem { line: 3, column: 7, kind };
        errors.push(Error::ClientFileNotUnderstood {
            path: PathBuf::from("/home/jane/.cursor/mcp.json"),
            problem,
        });
    }
    for client in superset_keys_core::clients::CLIENTS {
        for delivery in superset_keys_core::clients::Delivery::ALL {
            if let Err(reason) = client.can_take(*delivery) {
                errors.push(Error::DeliveryUnsupported {
                    client: s(client.id),
                    delivery: s(delivery.as_str()),
                    reason: s(reason.as_str()),
                });
            }
        }
    }
    errors
}

fn assert_well_said(words: &Words) {
    for text in std::iter::once(&words.message).chain(&words.hint) {
        assert!(!text.contains(['{', '}', '\n']), "{words:?}");
        assert!(!text.contains("  ") && !text.contains(": .") && !text.contains("()"), "{words:?}");
        assert!(!text.contains(" ,") && !text.contains(" ."), "a gap: {words:?}");
    }
    assert!(words.message.ends_with(['.', '?']), "{words:?}");
}

#[test]
fn every_reason_has_whole_sentences() {
    let errors = all_errors();
    for code in ErrorCode::ALL {
        assert!(errors.iter().any(|error| error.code() == *code), "no sample of {code:?}");
    }
    for error in errors {
        assert_well_said(&words(&Failure::from(error).with("instance", "prod")));
    }
}

#[test]
fn every_reason_of_our_own_has_whole_sentences() {
    for code in FaceCode::ALL {
        let failure = Failure::face(*code).with("message", "No.").with("instance", "prod");
        assert_well_said(&words(&failure.with("name", "A-B").with("command", "make")));
    }
}

#[test]
fn what_is_offline_is_69_and_nothing_else_is() {
    for error in all_errors() {
        let exit = crate::exit::code(Reason::Core(error.code()));
        assert_eq!(error.is_offline(), exit == 69, "{error:?}");
    }
}

#[test]
fn a_braced_value_is_not_filled_again() {
    let words = words(&Failure::from(Error::NoSuchInstance { name: "{instance}".into() }));
    assert_eq!(words.message, "No instance is called {instance}.");
}
