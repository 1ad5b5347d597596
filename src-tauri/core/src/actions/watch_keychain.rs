//! Is the keychain there, and open?

use crate::error::{ErrorCode, KeychainProblem};
use crate::secret::StoreKind;
use crate::secrets::{Safe, StoreState};
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// The store that new secrets go to, as the app shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeychainView {
    /// What this system calls it: "GNOME Keyring", "Keychain", "Windows Credential Manager".
    pub name: String,
    pub store: StoreKind,
    pub ready: bool,
    pub locked: bool,
    /// Why it is not ready.
    pub problem: Option<ErrorCode>,
}

impl Core {
    /// Looks without prompting. Where it is ready, what was left behind in it is deleted.
    pub async fn keychain_view(&self) -> Result<KeychainView> {
        let view = self.safe(|safe| {
            let problem = match safe.state() {
                StoreState::Ready => None,
                StoreState::Problem(problem) => Some(problem),
            };
            Ok(KeychainView {
                name: safe.name(),
                store: safe.first(),
                ready: problem.is_none(),
                locked: problem.is_some_and(KeychainProblem::is_shut),
                problem: problem.map(ErrorCode::from),
            })
        });
        let view = view.await?;
        if view.ready {
            self.delete_left_behind().await;
        }
        Ok(view)
    }

    /// Asks the system to unlock it; waits for the person.
    pub async fn unlock_keychain(&self) -> Result<KeychainView> {
        self.safe(Safe::unlock).await?;
        self.keychain_view().await
    }
}
