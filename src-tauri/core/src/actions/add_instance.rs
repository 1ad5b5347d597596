//! Put an instance on the list.

use super::detect_instance::{DetectionView, mcp_url};
use crate::clock::ServerClock;
use crate::instance::{Environment, Instance, InstanceId, InstanceUrl, InstanceView};
use crate::names::{INSTANCE_NAME_LIMIT, display_name, slug_from};
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// What a person gives of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NewInstance {
    pub address: String,
    /// Suggested from the address when absent.
    pub name: Option<String>,
    pub environment: Environment,
    /// Looked for when absent.
    pub mcp_url: Option<String>,
    /// The person's consent to send keys in the open.
    pub allow_http: bool,
    /// Filled into the sign-in form.
    pub username: Option<String>,
}

/// An instance that was added, and what was at its address: keys may be off there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddedInstance {
    pub instance: InstanceView,
    pub seen: DetectionView,
}

impl Core {
    /// Adds an instance after looking at it; what does not answer as Superset is not added.
    pub async fn add_instance(&self, new: NewInstance) -> Result<AddedInstance> {
        let url = InstanceUrl::parse(&new.address, new.allow_http)?;
        let given_mcp = new.mcp_url.as_deref().map(|typed| mcp_url(typed, new.allow_http)).transpose()?;
        let given_name =
            new.name.as_deref().map(|name| display_name(name, INSTANCE_NAME_LIMIT)).transpose()?;

        let seen = self.detect_instance(&new.address, new.allow_http).await?;
        let name = given_name.unwrap_or_else(|| seen.suggested_name.clone());
        let found_mcp = seen.mcp_url.as_deref().and_then(|text| url::Url::parse(text).ok());
        let version = seen.version.clone();
        let id = InstanceId::from_random(self.random.next());
        let added = id.clone();
        self.change(move |state| {
            let short_name = slug_from(&name, "superset", |made| state.short_name_taken(made));
            state.instances.push(Instance {
                id,
                short_name,
                former_short_names: Vec::new(),
                name,
                environment: new.environment,
                url,
                allow_http: new.allow_http,
                mcp_url: given_mcp.or(found_mcp),
                version,
                signed_in: None,
                last_username: new.username,
                clock: ServerClock::default(),
                default_key: None,
                keys: Vec::new(),
                intents: Vec::new(),
            });
            Ok(())
        })
        .await?;
        Ok(AddedInstance { instance: self.show_instance(&added)?, seen })
    }
}
