//! What did the server really make? Looked at when a new key is safe.

use super::explain_uses::Uses;
use super::join_records::ApiKeyView;
use crate::api_key::ApiKey;
use crate::clock::{TimeView, WallTime, rfc3339};
use crate::ids::UserId;
use crate::store::Instance;
use crate::{Core, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What was asked for and what the server will really do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExpiryOffView {
    pub asked: String,
    pub really: Option<TimeView>,
}

/// How far the expiry read back may be from the one asked for: whole seconds were sent.
const EXPIRY_TOLERANCE: SignedDuration = SignedDuration::from_secs(90);

impl Core {
    /// Learns the clock from the answer, reads the key back and compares its end with the one asked for. The
    /// key is there, so whatever fails here is only logged.
    pub(super) async fn read_back_created(
        &self,
        instance: Instance,
        key: &ApiKey,
        date: Option<Timestamp>,
        ends: Option<Timestamp>,
        owner: UserId,
    ) -> (ApiKeyView, Option<ExpiryOffView>) {
        let clock = match (key.created_on, date) {
            (Some(created_on), Some(date)) => instance.clock.learn(created_on, date),
            _ => instance.clock.clone(),
        };
        let id = instance.id.clone();
        let kept = self.keep_clock(&id, clock.clone()).await;
        let instance = match kept.and_then(|()| self.instance(&id)) {
            Ok(instance) => instance,
            Err(error) => {
                tracing::warn!(%error, "a server's clock could not be kept");
                Instance { clock, ..instance }
            }
        };
        let read_back = self.read_back(&instance, key).await;
        let (of, kept) = (id.clone(), read_back.clone());
        self.keep(move |store| store.keep_key(&of, owner, &kept)).await;
        let expiry_off = expiry_off(&instance, ends, read_back.expires_on);
        if let Err(error) = self.note_expiry(&instance, &read_back).await {
            tracing::warn!(%error, "a key's end could not be kept");
        }
        let instance = self.instance(&id).unwrap_or(instance);
        let uses = Uses::default();
        (self.key_view(&instance, &read_back, instance.record(&key.id), &uses), expiry_off)
    }

    /// What the server really made. If it cannot be asked now, what it said when it made it.
    async fn read_back(&self, instance: &Instance, key: &ApiKey) -> ApiKey {
        let read = self.with_session(instance, |by| async move {
            self.superset.get_key(&by.site, by.auth(), &key.id).await
        });
        read.await.ok().flatten().unwrap_or_else(|| key.clone())
    }

    async fn note_expiry(&self, instance: &Instance, key: &ApiKey) -> Result<()> {
        let (instance_id, id) = (instance.id.clone(), key.id.clone());
        let expires = key.expires_on.map(|wall| instance.clock.instant(wall));
        self.change(move |state| {
            if let Some(record) = state.instance_mut(&instance_id)?.record_mut(&id) {
                record.expires = expires;
            }
            Ok(())
        })
        .await
    }
}

fn expiry_off(
    instance: &Instance,
    asked: Option<Timestamp>,
    really: Option<WallTime>,
) -> Option<ExpiryOffView> {
    let asked = asked?;
    let close = really
        .is_some_and(|wall| instance.clock.instant(wall).duration_since(asked).abs() <= EXPIRY_TOLERANCE);
    let really = really.map(|wall| TimeView::of(wall, &instance.clock));
    (!close).then(|| ExpiryOffView { asked: rfc3339(asked), really })
}
