//! Put an instance on the list.

use super::detect_instance::{DetectionView, mcp_url};
use super::list_instances::InstanceView;
use super::set_network::{NetworkChange, Wanted};
use crate::deed::{Deed, DeedKind};
use crate::ids::InstanceId;
use crate::instance::{Environment, InstanceUrl};
use crate::names::{INSTANCE_NAME_LIMIT, display_name, slug_from};
use crate::store::{Instance, NetworkRecord};
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
        self.add_instance_over(new, NetworkChange::default()).await
    }

    /// The same, reached as `network` says. A server that only wants a certificate of ours is added, too.
    pub async fn add_instance_over(&self, new: NewInstance, network: NetworkChange) -> Result<AddedInstance> {
        let typed = InstanceUrl::parse(&new.address, new.allow_http)?;
        let given_mcp = new.mcp_url.as_deref().map(|typed| mcp_url(typed, new.allow_http)).transpose()?;
        let given_name =
            new.name.as_deref().map(|name| display_name(name, INSTANCE_NAME_LIMIT)).transpose()?;
        let id = InstanceId::from_random(self.random.next());
        let before = NetworkRecord::default();
        let wanted = self.wanted_network(&id, &typed, new.allow_http, &before, network).await?;

        let seen = self.look_over(&typed, &wanted).await?;
        // Perhaps above the address that was given.
        let url = InstanceUrl::parse(&seen.url, new.allow_http)?;
        let name = given_name.unwrap_or_else(|| seen.suggested_name.clone());
        let found_mcp = seen.mcp_url.as_deref().and_then(|text| url::Url::parse(text).ok());
        let version = seen.version.clone();
        let added = id.clone();
        self.change(move |state| {
            let short_name = slug_from(&name, "superset", |made| state.short_name_taken(made));
            state.instances.push(Instance {
                environment: new.environment,
                allow_http: new.allow_http,
                mcp_url: given_mcp.or(found_mcp),
                version,
                last_username: new.username,
                ..Instance::new(id, short_name, name, url)
            });
            Ok(())
        })
        .await?;
        if let Err(error) = self.keep_network(&added, wanted).await {
            // Without its way there it would be another one than was asked for.
            self.remove_instance(&added, false).await?;
            return Err(error);
        }
        self.note(&added, Deed::new(DeedKind::InstanceAdded)).await;
        Ok(AddedInstance { instance: self.show_instance(&added)?, seen })
    }

    /// What is at an address, as [`Core::detect_instance`] tells it, reached as `network` says. Nothing is kept.
    pub async fn detect_instance_over(
        &self,
        address: &str,
        allow_http: bool,
        network: NetworkChange,
    ) -> Result<DetectionView> {
        let url = InstanceUrl::parse(address, allow_http)?;
        let id = InstanceId::from_random(self.random.next());
        let wanted = self.wanted_network(&id, &url, allow_http, &NetworkRecord::default(), network).await?;
        self.look_over(&url, &wanted).await
    }

    /// Looks at an address on a way that is not kept yet: what it takes lies in memory meanwhile.
    async fn look_over(&self, url: &InstanceUrl, wanted: &Wanted) -> Result<DetectionView> {
        for (name, secret) in &wanted.secrets {
            self.safe.hold(name, secret)?;
        }
        let transport = self.transport_by(Some(&wanted.record()));
        let seen = self.detect_by(url, &transport).await;
        for (name, _) in &wanted.secrets {
            self.safe.release(name);
        }
        if seen.is_err() {
            // Nobody will ask for what is not kept.
            self.connections.forget();
        }
        seen
    }
}
