//! Exit codes, after `sysexits.h`. The table a person reads is in `--help`.

use crate::failure::{FaceCode, Failure, Reason};
use superset_keys_core::ErrorCode;

const USAGE: u8 = 64;
const NOT_FOUND: u8 = 66;
const UNREACHABLE: u8 = 69;
const INTERNAL: u8 = 70;
const LATER: u8 = 75;
const UNEXPECTED: u8 = 76;
const NOT_ALLOWED: u8 = 77;
const CONFIGURE: u8 = 78;
/// As `env` and shells have it, for the command that `exec` runs.
const NOT_RUNNABLE: u8 = 126;
const COMMAND_NOT_FOUND: u8 = 127;
/// 128 + SIGINT, as shells say it.
const STOPPED: u8 = 130;
/// 128 + SIGPIPE.
const PIPE_CLOSED: u8 = 141;

/// A database that does not answer may do so later; what its owner or Superset's admin must mend will not mend itself.
pub fn of(failure: &Failure) -> u8 {
    let problem = failure.params.get("problem").map(String::as_str);
    match (failure.reason, problem) {
        (
            Reason::Core(ErrorCode::QueryFailed),
            Some("denied" | "no_database" | "table_missing" | "column_missing"),
        ) => CONFIGURE,
        (Reason::Core(ErrorCode::QueryFailed), Some("other")) => UNEXPECTED,
        (reason, _) => code(reason),
    }
}

pub fn code(reason: Reason) -> u8 {
    match reason {
        Reason::Core(code) => of_core(code),
        Reason::Face(code) => of_face(code),
    }
}

fn of_face(code: FaceCode) -> u8 {
    match code {
        FaceCode::Usage
        | FaceCode::KeyInArguments
        | FaceCode::ShowNeeded
        | FaceCode::YesNeeded
        | FaceCode::UsernameNeeded
        | FaceCode::PasswordNeeded
        | FaceCode::PassphraseNeeded
        | FaceCode::PassphrasesDiffer
        | FaceCode::InputUnusable
        | FaceCode::VariableInvalid => USAGE,
        FaceCode::NotRunnable => NOT_RUNNABLE,
        FaceCode::CommandNotFound => COMMAND_NOT_FOUND,
        FaceCode::NoKeptList | FaceCode::NoKeptAudit | FaceCode::NoInstances | FaceCode::NoSuchPath => {
            NOT_FOUND
        }
        FaceCode::Output => INTERNAL,
        FaceCode::NoDesktop | FaceCode::AgentFailed => CONFIGURE,
        FaceCode::AgentRuns => LATER,
        FaceCode::Declined | FaceCode::Interrupted | FaceCode::WindowClosed => STOPPED,
        FaceCode::PipeClosed => PIPE_CLOSED,
    }
}

/// A code without a number does not compile. What core calls offline is 69, and nothing else is.
#[allow(clippy::too_many_lines, reason = "a table of all reasons")]
fn of_core(code: ErrorCode) -> u8 {
    use ErrorCode as E;
    match code {
        E::InvalidAddress
        | E::InsecureAddress
        | E::NameMissing
        | E::NameTooLong
        | E::NameUnprintable
        | E::ShortNameInvalid
        | E::NameTaken
        | E::RoleOfSuperset
        | E::SigningSecretUnusable
        | E::SigningSecretKept
        | E::ClientIdNeeded
        | E::SigningSecretInUse
        | E::NotAToken
        | E::SiteUnusable
        | E::AccountOfOthers
        | E::AccountInactive
        | E::RoleMayMore
        | E::MinterKeyElsewhere
        | E::PortTaken
        | E::ClauseRefused
        | E::NotASessionCookie
        | E::ExpiryPast
        | E::ExpiryTooFar
        | E::SettingOutOfBounds
        | E::UnknownZone
        | E::NotAnApiKey
        | E::NotAMessage
        | E::NoSuchClient
        | E::DeliveryUnsupported
        | E::GuardNeedsBridge
        | E::RuleInvalid
        | E::FormUnsupported
        | E::WritingUnsupported
        | E::ScopeUnsupported
        | E::EntryTaken
        | E::OutputNotRegular
        | E::PassphraseShort
        | E::VaultExists
        | E::KeyWouldBeShared
        | E::CannotRevokePasted
        | E::OwnAccount
        | E::CertificateFileUnusable
        | E::ProxySettingUnusable
        | E::KeysWouldBeForgotten => USAGE,
        E::NoSuchInstance
        | E::NoSuchConnection
        | E::NoSuchDashboard
        | E::AmbiguousDashboard
        | E::NotEmbedded
        | E::NoSuchDataset
        | E::AmbiguousDataset
        | E::GuestTokenElsewhere
        | E::AmbiguousConnection
        | E::NoSuchKey
        | E::NoSuchPerson
        | E::NoSuchAccount
        | E::NotRotating
        | E::AmbiguousKey
        | E::NoDefaultKey
        | E::DefaultKeyUnusable
        | E::KeyUnusable
        | E::NotConnected
        | E::NoSuchUse
        | E::NothingToUndo
        | E::NoVault
        | E::BackupKeyGone
        | E::KeyWouldBeLost
        | E::FolderUnusable
        | E::SecretNotHere => NOT_FOUND,
        E::Unreachable
        | E::ProxyUnusable
        | E::CertificateUntrusted
        | E::ClientCertificateRefused
        | E::ClientKeyGone
        | E::ProxyPasswordGone
        | E::NoTrustedCertificates
        | E::SignInPage
        | E::ProxyAnswered => UNREACHABLE,
        E::RateLimited
        | E::KeychainLocked
        | E::KeychainDismissed
        | E::KeychainWaiting
        | E::VaultLocked
        | E::VaultBusy
        | E::QueryFailed
        | E::StateBusy
        | E::AppLocked
        | E::SignInTooLate
        | E::ClientFileChanged => LATER,
        // An unclear end is no reason to try again blindly: a second create would make a second key.
        E::Redirected
        | E::NotSuperset
        | E::ServerFault
        | E::UnexpectedAnswer
        | E::AnswerTooLarge
        | E::AnswerLost
        | E::AnswerOfAnother
        | E::ToolForbidden
        | E::ToolListUnclear
        | E::NotCreated
        | E::CreateUnclear
        | E::RoleIncomplete
        | E::NotRevoked
        | E::AccountUnchanged
        | E::RevokeUnclear => UNEXPECTED,
        E::GuestRefused
        | E::WrongCredentials
        | E::SignInWayRefused
        | E::SignInUnsupported
        | E::SignedOut
        | E::SessionOver
        | E::TokenRefused
        | E::KeyRejected
        | E::McpRefused
        | E::SetUpForbidden
        | E::DatasetHidden
        | E::AuditForbidden
        | E::SessionRefused
        | E::BrowserRefused
        | E::TokenNotTaken
        | E::NoOauthSignIn
        | E::WrongPassphrase
        | E::AuthorizationRefused
        | E::TokenNamesNobody
        | E::TokenOfAnother
        | E::ToolNotAllowed
        | E::CallUnclear
        | E::Forbidden => NOT_ALLOWED,
        E::LoginMayTooMuch
        | E::LoginNotJudged
        | E::ViewNotThere
        | E::NoSigningSecret
        | E::NoOauthClient
        | E::IssuerNotAnnounced
        | E::IssuerUnusable
        | E::McpUrlUnknown
        | E::NoMcpEndpoint
        | E::ApiKeysOff
        | E::KeyTableMissing
        | E::PublicRole
        | E::EmbeddingOff
        | E::NoAuditRoad
        | E::AuditViewMissing
        | E::AuditViewOutdated
        | E::NotStored
        | E::NothingWouldKeepIt
        | E::KeychainNoBus
        | E::KeychainAbsent
        | E::KeychainNoCollection
        | E::KeychainRefused
        | E::KeychainOther
        | E::VaultDamaged
        | E::VaultNewer
        | E::NotAVault
        | E::VaultUnusable
        | E::VaultNotBuiltIn
        | E::StateDamaged
        | E::StateNewer
        | E::StateUnusable
        | E::ClientFileUnreadable
        | E::ClientFileNotUnderstood
        | E::ClientFileReadOnly
        | E::ClientFileUnwritable
        | E::BackupUnwritable
        | E::ClientFileHalfWritten
        | E::OutputUnwritable
        | E::NoHomeFolder
        | E::NotOpened
        | E::NoNotifications
        | E::Clipboard => CONFIGURE,
        E::Internal => INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documented_codes() {
        let documented = [64, 66, 69, 70, 75, 76, 77, 78];
        for code in ErrorCode::ALL {
            assert!(documented.contains(&of_core(*code)), "{code:?}");
        }
    }
}
