//! End the session on this computer. Superset has no way to end it on the server.

use super::list_instances::InstanceView;
use crate::deed::{Deed, DeedKind};
use crate::ids::InstanceId;
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// What became of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SignedOutView {
    #[serde(flatten)]
    pub instance: InstanceView,
    /// Secrets that lie in a store which is locked or away; they are deleted when it is back.
    pub left_behind: u32,
}

impl Core {
    /// Drops the tokens, from memory and from the keychain. Stored keys stay.
    pub async fn sign_out(&self, id: &InstanceId) -> Result<SignedOutView> {
        let instance = self.instance(id)?;
        self.sessions.end(id);
        let (signed_out, secrets) = (id.clone(), instance.sign_in_secrets());
        let noted = secrets.clone();
        // In one write: whoever is stopped while a keychain asks is not left with a token that nothing names.
        self.change(move |state| {
            state.instance_mut(&signed_out)?.signed_in = None;
            state.leave_behind(noted);
            Ok(())
        })
        .await?;
        let user = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
        if instance.signed_in.is_some() {
            let who = user.map(|user| user.username.as_str());
            self.note(id, Deed::new(DeedKind::SignedOut).who(who)).await;
        }
        let left = self.delete_left_behind().await;
        let left = u32::try_from(secrets.iter().filter(|id| left.contains(id)).count()).unwrap_or(u32::MAX);
        let left_behind = if instance.stays_signed_in() { left } else { 0 };
        Ok(SignedOutView { instance: self.show_instance(id)?, left_behind })
    }
}
