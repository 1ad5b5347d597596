//! Whether a bridge's target is another one by now: a key that took another's place is used at the next message.

use super::find_key::access_of;
use crate::Core;
use crate::credential::McpAccess;
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::{NetworkRecord, OAuthRecord, SigningRecord};
use jiff::Timestamp;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use url::Url;

/// How old what is known of the state file may be.
const PAUSE: Duration = Duration::from_millis(250);

/// What a target was read from. Its key is in the keychain, which is not asked as long as this stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    instance: InstanceId,
    access: McpAccess,
    /// Of the secret that tokens are signed with.
    signing: Option<SigningRecord>,
    /// Of the sign-in that tokens come from.
    oauth: Option<Box<OAuthRecord>>,
    key: Option<ApiKeyId>,
    endpoint: Option<Url>,
    /// The way there.
    network: Option<Box<NetworkRecord>>,
}

/// The state file as it was: it is replaced, not written to.
type Stamp = (SystemTime, u64, u64);

#[derive(Debug, Default)]
pub(super) struct TargetWatch(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    origin: Option<Origin>,
    stamp: Option<Stamp>,
    looked: Option<Instant>,
    is_outdated: bool,
    /// From when on another token is to be asked for.
    renew: Option<Timestamp>,
}

/// To be made before a target is read, and kept when it was.
pub(super) struct Before(Option<Origin>, Option<Stamp>);

impl Core {
    /// What a target that is read from now on goes by.
    pub(super) fn before_target(&self, instance: &str, key: Option<&str>) -> Before {
        // In this order: what changes in between is seen to be newer.
        let stamp = stamp(&self.store.path());
        Before(self.origin(instance, key), stamp)
    }

    /// Costs a look at a file's date, and that only once in a while.
    pub(super) fn is_target_outdated(&self, watch: &TargetWatch, instance: &str, key: Option<&str>) -> bool {
        let mut known = watch.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.renew.is_some_and(|renew| renew <= self.now.now()) {
            return true;
        }
        if known.origin.is_none() || known.looked.is_some_and(|looked| looked.elapsed() < PAUSE) {
            return known.is_outdated;
        }
        known.looked = Some(Instant::now());
        let stamp = stamp(&self.store.path());
        if stamp != known.stamp {
            known.stamp = stamp;
            // Where nothing is to be had now, what is known may still be good.
            let origin = self.origin(instance, key);
            known.is_outdated = origin.is_some() && origin != known.origin;
        }
        known.is_outdated
    }

    fn origin(&self, instance: &str, key: Option<&str>) -> Option<Origin> {
        let id = self.find_instance(instance).ok()?;
        let found = self.instance(&id).ok()?;
        let access = access_of(&found, key, self.now.now());
        let (signing, oauth, key) = match access {
            McpAccess::Signed { .. } => (found.signing, None, None),
            McpAccess::OAuth => (None, found.oauth, None),
            McpAccess::ApiKey => (None, None, Some(self.find_usable_key(&id, key).ok()?)),
        };
        Some(Origin {
            instance: id,
            access,
            signing,
            oauth,
            key,
            endpoint: found.mcp_url,
            network: found.network,
        })
    }
}

impl TargetWatch {
    pub(super) fn was_read(&self, before: Before, renew: Option<Timestamp>) {
        let Before(origin, stamp) = before;
        let known = Known { origin, stamp, looked: Some(Instant::now()), is_outdated: false, renew };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let number = 0;
    Some((found.modified().ok()?, found.len(), number))
}
