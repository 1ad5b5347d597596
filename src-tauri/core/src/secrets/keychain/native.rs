//! The keychain of macOS and the credential manager of Windows, through the `keyring` crates.
//!
//! Both are opened by signing in to the computer, so "locked" is rare. macOS may ask the person whether this
//! program may read an entry that another program wrote; that question is its own and cannot be asked apart.

use super::{Place, failed};
use crate::error::{Error, KeychainProblem, Result};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error as StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

/// Opening costs nothing on these systems, so nothing is kept open.
#[derive(Default)]
pub(super) struct Store(());

#[allow(clippy::unused_self, reason = "the same face as on Linux, which keeps a connection")]
impl Store {
    pub(super) fn name(&self) -> String {
        os::NAME.to_owned()
    }

    pub(super) fn check(&self) -> Result<()> {
        os::check()
    }

    pub(super) fn unlock(&self) -> Result<()> {
        os::unlock()
    }

    /// Nothing is kept.
    pub(super) fn let_go(&self) {}

    pub(super) fn get(&self, place: &Place) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match entry(place)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(StoreError::NoEntry) => Ok(None),
            Err(error) => Err(reason(error)),
        }
    }

    pub(super) fn has(&self, place: &Place) -> Result<bool> {
        os::has(place)
    }

    pub(super) fn set(&self, place: &Place, secret: &[u8]) -> Result<()> {
        entry(place)?.set_secret(secret).map_err(reason)
    }

    pub(super) fn delete(&self, place: &Place) -> Result<()> {
        match entry(place)?.delete_credential() {
            Ok(()) | Err(StoreError::NoEntry) => Ok(()),
            Err(error) => Err(reason(error)),
        }
    }
}

fn entry(place: &Place) -> Result<Entry> {
    os::store()
        .and_then(|store| store.build(place.service, place.account, Some(&HashMap::from(os::MODIFIERS))))
        .map_err(reason)
}

fn reason(error: StoreError) -> Error {
    match error {
        // These hold the very bytes: wiped, and kept out of the log.
        StoreError::BadEncoding(mut bytes) | StoreError::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            failed(KeychainProblem::Other, "what the keychain holds is not as it was stored")
        }
        error => failed(os::problem(&error), error),
    }
}

#[cfg(target_os = "macos")]
mod os {
    use super::{
        Arc, CredentialStoreApi, HashMap, KeychainProblem, Place, Result, StoreError, failed, reason,
    };
    use security_framework::base::Error as SecurityError;
    use security_framework::os::macos::keychain::{SecKeychain, SecPreferencesDomain};

    pub(super) const NAME: &str = "Keychain";
    pub(super) const MODIFIERS: [(&str, &str); 0] = [];

    pub(super) fn store() -> keyring_core::Result<Arc<impl CredentialStoreApi>> {
        apple_native_keyring_store::keychain::Store::new()
    }

    /// Whether there is a login keychain. macOS has no question for "locked" that is sure not to prompt.
    pub(super) fn check() -> Result<()> {
        login().map(drop)
    }

    pub(super) fn unlock() -> Result<()> {
        login()?.unlock(None).map_err(|error| failed(by_code(error), error))
    }

    /// By its attributes: reading an entry is what asks the person.
    pub(super) fn has(place: &Place) -> Result<bool> {
        let named = HashMap::from([("service", place.service), ("user", place.account)]);
        store().and_then(|store| store.search(&named)).map(|found| !found.is_empty()).map_err(reason)
    }

    fn login() -> Result<SecKeychain> {
        SecKeychain::default_for_domain(SecPreferencesDomain::User)
            .map_err(|error| failed(by_code(error), error))
    }

    pub(super) fn problem(error: &StoreError) -> KeychainProblem {
        match error {
            StoreError::PlatformFailure(source) | StoreError::NoStorageAccess(source) => {
                source.downcast_ref::<SecurityError>().map_or(KeychainProblem::Other, |error| by_code(*error))
            }
            _ => KeychainProblem::Other,
        }
    }

    fn by_code(error: SecurityError) -> KeychainProblem {
        match error.code() {
            // errSecInteractionNotAllowed: locked, and no window may be shown.
            -25308 => KeychainProblem::Locked,
            // errSecUserCanceled, errSecAuthFailed.
            -128 | -25293 => KeychainProblem::Dismissed,
            // errSecNoDefaultKeychain, errSecNoSuchKeychain, errSecInvalidKeychain.
            -25307 | -25294 | -25295 => KeychainProblem::NoCollection,
            // errSecNotAvailable.
            -25291 => KeychainProblem::Absent,
            _ => KeychainProblem::Other,
        }
    }
}

#[cfg(target_os = "windows")]
mod os {
    use super::{
        Arc, CredentialStoreApi, KeychainProblem, Place, Result, StoreError, Zeroize, entry, reason,
    };

    pub(super) const NAME: &str = "Windows Credential Manager";
    /// On this computer only: the default would carry secrets along with a roaming profile.
    pub(super) const MODIFIERS: [(&str, &str); 1] = [("persistence", "Local")];

    pub(super) fn store() -> keyring_core::Result<Arc<impl CredentialStoreApi>> {
        windows_native_keyring_store::Store::new()
    }

    /// It is open as long as somebody is signed in.
    #[allow(clippy::unnecessary_wraps, reason = "the same face as on macOS")]
    pub(super) fn check() -> Result<()> {
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "the same face as on macOS")]
    pub(super) fn unlock() -> Result<()> {
        Ok(())
    }

    /// Reading asks nobody here.
    pub(super) fn has(place: &Place) -> Result<bool> {
        match entry(place)?.get_secret() {
            Ok(mut bytes) => {
                bytes.zeroize();
                Ok(true)
            }
            Err(StoreError::NoEntry) => Ok(false),
            Err(error) => Err(reason(error)),
        }
    }

    pub(super) fn problem(error: &StoreError) -> KeychainProblem {
        match error {
            // ERROR_NO_SUCH_LOGON_SESSION: a process without a person, such as a task over the network.
            StoreError::NoStorageAccess(_) => KeychainProblem::Absent,
            _ => KeychainProblem::Other,
        }
    }
}
