//! Whether everybody's keys are worth a place of their own in the window.

use crate::Core;
use crate::error::Result;
use crate::ids::InstanceId;

/// Superset's name of the role that may everything; it cannot be renamed.
const ADMIN: &str = "Admin";

impl Core {
    /// For an Admin, where a road was found to be open, and where an earlier audit is kept. Asks nobody.
    pub fn is_audit_offered(&self, id: &InstanceId) -> Result<bool> {
        let instance = self.instance(id)?;
        let user = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
        let is_admin = user.is_some_and(|user| user.roles.iter().any(|role| role == ADMIN));
        let has_road = instance.audit.dataset.is_some() || !instance.audit.judged.is_empty();
        Ok(is_admin || has_road || self.kept_audit(id)?.is_some())
    }
}
