//! Where an instance's MCP server is. Superset does not say, so it is looked for or typed.

use super::detect_instance::mcp_url;
use super::list_instances::InstanceView;
use crate::ids::InstanceId;
use crate::{Core, Error, Result};

impl Core {
    /// Keeps the endpoint a person typed, or with `None` looks for it at the usual places.
    pub async fn set_mcp_url(&self, id: &InstanceId, typed: Option<&str>) -> Result<InstanceView> {
        let instance = self.instance(id)?;
        let found = match typed {
            Some(typed) => mcp_url(typed, instance.allow_http)?,
            None => self
                .mcp_probe()
                .find_endpoint(&instance.url, &self.transport_of(&instance))
                .await
                .ok_or_else(|| Error::McpUrlUnknown { instance: instance.short_name.clone() })?,
        };
        let changed = id.clone();
        self.change(move |state| {
            state.instance_mut(&changed)?.mcp_url = Some(found);
            Ok(())
        })
        .await?;
        self.show_instance(id)
    }
}
