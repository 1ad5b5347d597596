//! End the session on this computer. Superset has no way to end it on the server.

use crate::instance::{InstanceId, InstanceView};
use crate::secrets::SecretId;
use crate::{Core, Result};

impl Core {
    /// Drops the tokens, from memory and from the keychain. Stored keys stay.
    pub async fn sign_out(&self, id: &InstanceId) -> Result<InstanceView> {
        let instance = self.instance(id)?;
        self.sessions.end(id);
        if instance.signed_in.as_ref().is_some_and(|signed_in| signed_in.stays) {
            let entry = SecretId::RefreshToken(id.clone());
            self.keychain(move |keychain| keychain.delete(&entry)).await?;
        }
        let signed_out = id.clone();
        self.change(move |state| {
            state.instance_mut(&signed_out)?.signed_in = None;
            Ok(())
        })
        .await?;
        self.show_instance(id)
    }
}
