//! Is the keychain there, and open?

use crate::error::KeychainProblem;
use crate::secrets::{KeychainState, KeychainView};
use crate::{Core, Result};

impl Core {
    /// Looks without prompting.
    pub async fn keychain_view(&self) -> Result<KeychainView> {
        self.keychain(|keychain| {
            let state = keychain.state();
            let problem = match state {
                KeychainState::Ready => None,
                KeychainState::Problem(problem) => Some(problem),
            };
            Ok(KeychainView {
                name: keychain.name(),
                ready: problem.is_none(),
                locked: matches!(problem, Some(KeychainProblem::Locked | KeychainProblem::Dismissed)),
                problem: problem.map(KeychainProblem::code),
            })
        })
        .await
    }

    /// Asks the system to unlock it; waits for the person.
    pub async fn unlock_keychain(&self) -> Result<KeychainView> {
        self.keychain(|keychain| keychain.unlock()).await?;
        self.keychain_view().await
    }
}
