//! Exit codes, after `sysexits.h`. The table a person reads is in `--help`.

use crate::failure::{FaceCode, Reason};
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
        | FaceCode::InputUnusable
        | FaceCode::VariableInvalid => USAGE,
        FaceCode::NotRunnable => NOT_RUNNABLE,
        FaceCode::CommandNotFound => COMMAND_NOT_FOUND,
        FaceCode::NoKeptList | FaceCode::NoSuchPath => NOT_FOUND,
        FaceCode::Output => INTERNAL,
        FaceCode::Declined | FaceCode::Interrupted => STOPPED,
        FaceCode::PipeClosed => PIPE_CLOSED,
    }
}

/// A code without a number does not compile. What core calls offline is 69, and nothing else is.
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
        | E::ExpiryPast
        | E::ExpiryTooFar
        | E::UnknownZone
        | E::NotAnApiKey
        | E::NotAMessage
        | E::NoSuchClient
        | E::DeliveryUnsupported
        | E::FormUnsupported
        | E::WritingUnsupported
        | E::ScopeUnsupported
        | E::EntryTaken
        | E::KeyWouldBeShared
        | E::CannotRevokePasted
        | E::KeysWouldBeForgotten => USAGE,
        E::NoSuchInstance
        | E::NoSuchKey
        | E::AmbiguousKey
        | E::NoDefaultKey
        | E::DefaultKeyUnusable
        | E::KeyUnusable
        | E::NotConnected
        | E::NothingToUndo
        | E::FolderUnusable
        | E::SecretNotHere => NOT_FOUND,
        E::Unreachable | E::CertificateUntrusted | E::ProxyAnswered => UNREACHABLE,
        E::RateLimited | E::KeychainLocked | E::KeychainDismissed | E::StateBusy | E::ClientFileChanged => {
            LATER
        }
        // An unclear end is no reason to try again blindly: a second create would make a second key.
        E::Redirected
        | E::NotSuperset
        | E::ServerFault
        | E::UnexpectedAnswer
        | E::AnswerTooLarge
        | E::AnswerLost
        | E::ToolForbidden
        | E::NotCreated
        | E::CreateUnclear
        | E::NotRevoked
        | E::RevokeUnclear => UNEXPECTED,
        E::WrongCredentials
        | E::SignInWayRefused
        | E::SignInUnsupported
        | E::SignedOut
        | E::SessionOver
        | E::KeyRejected
        | E::McpRefused
        | E::Forbidden => NOT_ALLOWED,
        E::McpUrlUnknown
        | E::NoMcpEndpoint
        | E::ApiKeysOff
        | E::NotStored
        | E::NothingWouldKeepIt
        | E::KeychainNoBus
        | E::KeychainAbsent
        | E::KeychainNoCollection
        | E::KeychainOther
        | E::StateDamaged
        | E::StateNewer
        | E::StateUnusable
        | E::ClientFileUnreadable
        | E::ClientFileNotUnderstood
        | E::ClientFileReadOnly
        | E::ClientFileUnwritable
        | E::BackupUnwritable
        | E::NotOpened
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
