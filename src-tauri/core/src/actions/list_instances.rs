//! The instances on this computer.

use crate::checkup::PastCheckup;
use crate::clock::ClockView;
use crate::credential::SignInWay;
use crate::ids::{ApiKeyId, InstanceId};
use crate::instance::{Environment, User, is_loopback};
use crate::store::Instance;
use crate::{Core, Result};
use serde::{Deserialize, Serialize};

/// An instance as the app and `--json` show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InstanceView {
    pub id: InstanceId,
    pub short_name: String,
    pub name: String,
    pub environment: Environment,
    pub url: String,
    /// Host, port and path, for showing: `bi.example.com:8443/bi`.
    pub host: String,
    /// Keys would travel in the open.
    pub unencrypted: bool,
    pub mcp_url: Option<String>,
    pub version: Option<String>,
    pub session: SessionState,
    /// Who is, or was last, signed in.
    pub user: Option<User>,
    pub way: Option<SignInWay>,
    pub last_username: Option<String>,
    pub clock: ClockView,
    pub default_key: Option<ApiKeyId>,
    /// How many plaintexts this computer keeps for it.
    pub stored_keys: u32,
    /// How the last check-up ended, if there was one.
    pub last_checkup: Option<PastCheckup>,
}

/// Whether calls can be made, as far as is known without making one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    SignedOut,
    SignedIn,
    /// Somebody was signed in; nothing is left to go on with.
    Over,
}

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
                let can_go_on = signed_in.how.stays() || self.live_session(instance).is_some();
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
            user: instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.clone()),
            way: instance.signed_in.as_ref().map(|signed_in| signed_in.how.way()),
            last_username: instance.last_username.clone(),
            clock: ClockView::of(&instance.clock, self.now.now()),
            default_key: instance.default_key.clone(),
            stored_keys: u32::try_from(instance.keys.iter().filter(|record| record.is_stored()).count())
                .unwrap_or(u32::MAX),
            last_checkup: self.store.past_checkups(&instance.id).into_iter().next(),
        }
    }
}
