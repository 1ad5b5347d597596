//! An API key from the secret store.

use crate::ids::InstanceId;
use crate::mcp::Pass;
use crate::{Core, Result};

impl Core {
    pub(super) async fn pass_by_api_key(&self, id: &InstanceId, key: Option<&str>) -> Result<Pass> {
        let key = self.find_usable_key(id, key)?;
        self.secret(id, &key).await.map(Pass::Key)
    }
}
