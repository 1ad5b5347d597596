//! The instances on this computer.

use crate::clock::ClockView;
use crate::instance::{Instance, InstanceId, InstanceView, SessionState, SignInWay, is_loopback};
use crate::{Core, Result};

impl Core {
    /// All instances in the order they were added. No call is made.
    pub fn list_instances(&self) -> Result<Vec<InstanceView>> {
        Ok(self.store.read()?.instances.iter().map(|instance| self.instance_view(instance)).collect())
    }

    pub fn show_instance(&self, id: &InstanceId) -> Result<InstanceView> {
        Ok(self.instance_view(&self.instance(id)?))
    }

    /// Finds an instance by what a person calls it: short name (also a former one), id or display name.
    pub fn find_instance(&self, name: &str) -> Result<InstanceId> {
        Ok(self.store.read()?.instance_named(name)?.id.clone())
    }

    fn instance_view(&self, instance: &Instance) -> InstanceView {
        let session = match &instance.signed_in {
            None => SessionState::SignedOut,
            Some(signed_in) => {
                let can_go_on = signed_in.stays
                    || signed_in.way == SignInWay::ApiKey
                    || self.sessions.get(instance).is_some();
                if can_go_on { SessionState::SignedIn } else { SessionState::Over }
            }
        };
        InstanceView {
            id: instance.id.clone(),
            short_name: instance.short_name.clone(),
            name: instance.name.clone(),
            environment: instance.environment,
            url: instance.url.to_string(),
            host: instance.url.host_and_path(),
            unencrypted: !instance.url.is_https() && !is_loopback(instance.url.url()),
            mcp_url: instance.mcp_url.as_ref().map(ToString::to_string),
            version: instance.version.clone(),
            session,
            user: instance.signed_in.as_ref().map(|signed_in| signed_in.user.clone()),
            way: instance.signed_in.as_ref().map(|signed_in| signed_in.way),
            last_username: instance.last_username.clone(),
            clock: ClockView::of(&instance.clock, self.now.now()),
            default_key: instance.default_key.clone(),
            stored_keys: u32::try_from(instance.keys.iter().filter(|record| record.stored).count())
                .unwrap_or(u32::MAX),
            last_checkup: self.store.past_checkups(&instance.id).into_iter().next(),
        }
    }
}
