use super::*;
use std::io;
use std::path::PathBuf;
use strum::VariantArray;
use superset_keys_core::Error;
use superset_keys_core::error::{
    AddressProblem as A, AuthorizationProblem, CertificateFileProblem as CF, CertificateProblem as C,
    ClauseProblem, ClientCertificateProblem as O, EditProblem, EditProblemKind, FolderProblem as F,
    IssuerProblem as I, KeychainProblem as K, LoginRight as R, NotJudged as N, ProxyProblem as P,
    ProxySettingProblem as PS, QueryProblem as Q, SeenCertificate, SigningProblem as S, SiteProblem,
    TokenProblem as T, Unreachable as U,
};

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
        Error::SettingOutOfBounds { name: "connect-timeout", least: 1, most: 3600 },
        Error::NotAnApiKey,
        Error::NoSuchInstance { name: s("prod") },
        Error::NoSuchKey { name: s("laptop") },
        Error::NotRotating { name: s("laptop") },
        Error::AmbiguousKey { name: s("CI"), candidates: vec![s("ci"), s("ci-2")] },
        Error::NoDefaultKey { instance: s("prod"), others: vec![] },
        Error::DefaultKeyUnusable { alias: s("laptop"), others: vec![s("ci"), s("ci-2")] },
        Error::KeyUnusable { alias: s("laptop") },
        Error::AnswerLost { host: s("bi.example.com"), source: None },
        Error::NoMcpEndpoint { url: s("https://bi.example.com/mcp") },
        Error::McpRefused { host: s("bi.example.com") },
        Error::ToolForbidden { name: s("route") },
        Error::ToolNotAllowed { name: s("execute_sql") },
        Error::CallUnclear,
        Error::ToolListUnclear,
        Error::GuardNeedsBridge { client: s("cursor"), delivery: s("plaintext") },
        Error::RuleInvalid { rule: s("a b") },
        Error::NoSuchUse { id: s("1/2/3") },
        Error::NotAMessage { problem: superset_keys_core::error::MessageProblem::TooLong },
        Error::SecretNotHere { name: s("laptop") },
        Error::NoSuchClient { name: s("vim") },
        Error::McpUrlUnknown { instance: s("prod") },
        Error::FormUnsupported { client: s("cursor"), form: s("command") },
        Error::NoTrustedCertificates { variable: Some("SSL_CERT_FILE") },
        Error::NoTrustedCertificates { variable: None },
        Error::SignInPage { host: s("bi.example.com"), to: None },
        Error::SignInPage {
            host: s("bi.example.com"),
            to: Some(s("https://sso.example.com/oauth2/sign_in")),
        },
        Error::KeyTableMissing,
        Error::PublicRole,
        Error::Redirected { host: s("bi.example.com"), to: s("https://sso.example.com") },
        Error::NotSuperset { host: s("bi.example.com") },
        Error::ProxyAnswered { host: s("bi.example.com"), status: 502 },
        Error::RateLimited { wait: None },
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
        Error::SetUpForbidden { permission: "can_write on Dataset" },
        Error::NoSuchDashboard { name: s("Sales") },
        Error::AmbiguousDashboard { name: s("Sales"), candidates: vec![s("3"), s("9")] },
        Error::NotEmbedded { name: s("Sales") },
        Error::NoSuchDataset { name: s("orders"), candidates: vec![s("sales")] },
        Error::AmbiguousDataset { name: s("orders"), candidates: vec![s("3"), s("9")] },
        Error::SiteUnusable { site: s("app.example.com"), problem: SiteProblem::SchemeMissing },
        Error::ClauseRefused { problem: ClauseProblem::Brackets },
        Error::EmbeddingOff,
        Error::GuestRefused,
        Error::GuestTokenElsewhere,
        Error::AccountOfOthers { name: s("jane"), roles: vec![s("Gamma")] },
        Error::AccountInactive { name: s("superset-embed") },
        Error::RoleMayMore { role: s("Guest minter"), more: vec![s("can_write on Dashboard")] },
        Error::MinterKeyElsewhere { name: s("Embed backend") },
        Error::PortTaken { port: 4711 },
        Error::NoSuchConnection { name: s("Metadata") },
        Error::AmbiguousConnection { name: s("Metadata"), candidates: vec![s("3"), s("9")] },
        Error::LoginMayTooMuch { database: s("Metadata"), rights: vec![R::Writes] },
        Error::LoginMayTooMuch {
            database: s("Metadata"),
            rights: vec![R::ReadsHashes, R::Writes, R::Files, R::Calls, R::Creates],
        },
        Error::ViewNotThere { database: s("Metadata"), view: "superset_key_audit" },
        Error::DatasetHidden { dataset: "superset_key_audit" },
        Error::RoleOfSuperset { role: s("Gamma") },
        Error::RoleIncomplete { role: s("Key auditor"), missing: vec![s("can_list on ApiKey")] },
        Error::NotASessionCookie,
        Error::SessionRefused,
        Error::BrowserRefused { told: None },
        Error::BrowserRefused { told: Some(s("access_denied")) },
        Error::NoSigningSecret { instance: s("prod") },
        Error::SigningSecretKept { instance: s("prod") },
        Error::SigningSecretInUse { instance: s("prod") },
        Error::NoOauthClient { instance: s("prod") },
        Error::NoOauthSignIn { instance: s("prod") },
        Error::IssuerNotAnnounced { host: s("bi.example.com") },
        Error::ClientIdNeeded { host: s("id.example.com") },
        Error::AnswerOfAnother { host: s("id.example.com") },
        Error::SignInTooLate { host: s("id.example.com") },
        Error::NotAToken,
        Error::TokenNotTaken { host: s("bi.example.com") },
        Error::TokenNamesNobody { host: s("bi.example.com"), user: s("ghost") },
        Error::TokenOfAnother { host: s("bi.example.com"), user: s("jane"), acts_as: s("admin") },
        Error::AuditForbidden,
        Error::NoSuchPerson { name: s("jane") },
        Error::NoSuchAccount { name: s("jane") },
        Error::OwnAccount,
        Error::AccountUnchanged { name: s("jane") },
        Error::NoAuditRoad,
        Error::AuditViewMissing,
        Error::AuditViewOutdated { missing: vec![s("roles"), s("last_login")] },
        Error::OutputNotRegular { path: PathBuf::from("/dev/null") },
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
        Error::ClientFileHalfWritten { client: s("cursor"), path: path.clone() },
        Error::KeyWouldBeLost { path: path.clone(), hint: s("sst_…9fQ2") },
        Error::BackupKeyGone { path: path.clone(), hint: s("sst_…9fQ2") },
        Error::KeyWouldBeShared { path: path.clone() },
        Error::ClientFileChanged { path: path.clone() },
        Error::ClientFileReadOnly { path: path.clone() },
        Error::StateDamaged { path: path.clone(), kept: path.with_extension("damaged") },
        Error::StateNewer { path: path.clone() },
        Error::StateBusy,
        Error::StateUnusable { path, source: io::ErrorKind::PermissionDenied.into() },
        Error::NoHomeFolder,
        Error::Clipboard { source: None },
        Error::Internal { what: "keychain" },
    ];
    for problem in [S::Empty, S::TooShort, S::NotOneLine, S::Published] {
        errors.push(Error::SigningSecretUnusable { problem });
    }
    for problem in
        [I::NoMetadata, I::OfAnother, I::EndpointMissing, I::NotEncrypted, I::NoPkce, I::OtherResource]
    {
        errors.push(Error::IssuerUnusable { host: s("id.example.com"), problem });
    }
    for code in [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_type",
        "invalid_scope",
        "invalid_target",
        "access_denied",
        "login_required",
        "consent_required",
        "interaction_required",
        "expired_token",
        "invalid_redirect_uri",
        "invalid_client_metadata",
        "server_error",
        "temporarily_unavailable",
        "whatever",
    ] {
        let problem = AuthorizationProblem::named(code);
        errors.push(Error::AuthorizationRefused { host: s("id.example.com"), problem });
    }
    errors.extend([A::Empty, A::NotAnAddress, A::Scheme, A::HoldsCredentials].map(Error::InvalidAddress));
    for kind in [U::NameNotFound, U::Refused, U::TimedOut, U::NotTls, U::TlsFailed, U::NotHttp, U::Other] {
        errors.push(Error::Unreachable { host: s("bi.example.com"), kind, source: None });
    }
    for problem in [
        P::NameNotFound,
        P::Refused,
        P::TimedOut,
        P::SignIn,
        P::NotAllowed,
        P::NoWayOn,
        P::NotAProxy,
        P::Other,
    ] {
        let (proxy, host) = (s("proxy.example.com:3128"), s("bi.example.com"));
        errors.push(Error::ProxyUnusable { proxy, host, problem, source: None });
    }
    for problem in [
        C::UnknownIssuer,
        C::SelfSigned,
        C::Expired,
        C::NotYetValid,
        C::OtherName,
        C::NamedInOldWay,
        C::OldVersion,
        C::OtherPurpose,
        C::Revoked,
        C::Other,
    ] {
        let seen = Some(Box::new(SeenCertificate {
            subject: s("bi.example.com"),
            issuer: s("Acme CA"),
            names: vec![s("bi.example.com")],
            starts: "2026-11-20T20:43:18Z".parse().ok(),
            ends: "2026-11-20T20:43:18Z".parse().ok(),
        }));
        errors.push(Error::CertificateUntrusted { host: s("bi.example.com"), problem, seen, source: None });
    }
    let untold = C::UnknownIssuer;
    errors.push(Error::CertificateUntrusted { host: s("b"), problem: untold, seen: None, source: None });
    let own = SeenCertificate {
        subject: s("jane"),
        issuer: s("Acme CA"),
        names: vec![],
        starts: "2026-11-20T20:43:18Z".parse().ok(),
        ends: "2026-11-20T20:43:18Z".parse().ok(),
    };
    for problem in
        [O::Missing, O::Expired, O::NotYetValid, O::OtherAuthority, O::OtherPurpose, O::Revoked, O::Untold]
    {
        let own = Some(Box::new(own.clone()));
        errors.push(Error::ClientCertificateRefused { host: s("bi.example.com"), problem, own });
    }
    for problem in [
        CF::Missing,
        CF::Denied,
        CF::Unreadable,
        CF::TooLarge,
        CF::NotACertificate,
        CF::OnlyAKey,
        CF::NoKey,
        CF::KeyEncrypted,
        CF::KeyUnusable,
        CF::KeyOfAnother,
        CF::NotPkcs12,
        CF::Pkcs12Unsupported,
        CF::WrongPassphrase,
        CF::Pkcs7,
        CF::TooMany,
    ] {
        errors.push(Error::CertificateFileUnusable { path: PathBuf::from("/home/jane/jane.pem"), problem });
    }
    for problem in [PS::NotAnAddress, PS::Scheme, PS::HoldsPassword, PS::NoName, PS::InTheOpen] {
        errors.push(Error::ProxySettingUnusable { problem });
    }
    let vault = || PathBuf::from("/home/jane/.config/superset-keys/vault.stronghold");
    errors.extend([
        Error::AppLocked,
        Error::NoVault,
        Error::VaultExists,
        Error::WrongPassphrase { path: vault() },
        Error::PassphraseShort { least: 8 },
        Error::VaultDamaged { path: vault() },
        Error::VaultNewer { path: vault() },
        Error::NotAVault { path: vault() },
        Error::VaultBusy { path: vault() },
        Error::VaultNotBuiltIn,
    ]);
    errors.push(Error::ClientKeyGone);
    errors.push(Error::ProxyPasswordGone { proxy: s("proxy.example.com:3128") });
    for problem in [T::HeaderMissing, T::SubjectNotText, T::Signature, T::Expired, T::Other] {
        errors.push(Error::TokenRefused { problem, said: s("Subject must be a string") });
        errors.push(Error::TokenRefused { problem, said: String::new() });
    }
    for problem in [
        K::NoBus,
        K::Absent,
        K::NoCollection,
        K::Locked,
        K::Dismissed,
        K::VaultLocked,
        K::Waiting,
        K::Refused,
        K::Other,
    ] {
        errors.push(Error::keychain(problem, None));
        errors.push(Error::NotStored { id: s("f472cb64"), problem });
    }
    for reason in [N::NoLogins, N::OtherKind, N::NotInSqlLab, N::NotAllowed, N::NoAnswer] {
        errors.push(Error::LoginNotJudged { database: s("Metadata"), reason });
    }
    for problem in [Q::ColumnMissing, Q::TableMissing, Q::Denied, Q::NoDatabase, Q::Slow, Q::Gone, Q::Other] {
        errors.push(Error::QueryFailed { problem });
    }
    for problem in [F::Empty, F::Relative, F::Missing, F::NoFolder, F::Denied, F::Other] {
        errors.push(Error::FolderUnusable { path: PathBuf::from("/home/jane/work"), problem });
    }
    for kind in [
        io::ErrorKind::NotFound,
        io::ErrorKind::StorageFull,
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::ReadOnlyFilesystem,
        io::ErrorKind::InvalidInput,
        io::ErrorKind::FileTooLarge,
        io::ErrorKind::ResourceBusy,
        io::ErrorKind::Other,
    ] {
        let path = PathBuf::from("/home/jane/.cursor/mcp.json");
        errors.push(Error::ClientFileUnreadable { path: path.clone(), source: kind.into() });
        errors.push(Error::ClientFileUnwritable { path: path.clone(), source: kind.into() });
        errors.push(Error::NoNotifications(kind.to_string().into()));
        errors.push(Error::NotOpened { path: path.clone(), source: kind.into() });
        errors.push(Error::OutputUnwritable { path: path.clone(), source: kind.into() });
        errors.push(Error::VaultUnusable { path: path.clone(), source: kind.into() });
        errors.push(Error::StateUnusable { path: path.clone(), source: kind.into() });
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
    for code in FaceCode::VARIANTS {
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
