//! Everybody's keys on an instance. Superset shows people their own only, admins too: the others' are read by a view of
//! its database, as far as whoever is signed in may.

use super::audit_connection::LoginCheck;
use super::audit_view::{AuditSinceView, AuditView, Shown};
use super::pick_audited::{AuditSort, sort_keys};
use super::read_audit::Read;
use crate::audit::Thresholds;
use crate::clock::ServerClock;
use crate::ids::InstanceId;
use crate::settings::Setting;
use crate::store::{Instance, KeptAudit};
use crate::{Core, Result};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

/// How long an offset that was learned is taken for granted: daylight saving moves it.
const CLOCK_IS_FRESH: SignedDuration = SignedDuration::from_hours(24);

impl Core {
    /// Asks the server for everybody's keys, judges them, and keeps the answer for when the server is away. Only reads.
    /// `trust_database` reads by a connection whose login may do more than that, for this once.
    ///
    /// # Errors
    /// [`crate::Error::AuditForbidden`], [`crate::Error::NoAuditRoad`], [`crate::Error::AuditViewMissing`],
    /// [`crate::Error::AuditViewOutdated`], [`crate::Error::QueryFailed`], and those of any call.
    pub async fn audit(&self, id: &InstanceId, trust_database: bool) -> Result<AuditView> {
        self.learn_clock_for_audit(id).await;
        let instance = self.instance(id)?;
        // Whose audit it is, also if another process signs in somebody else meanwhile.
        let user = instance.user_id();
        let Read { road, login, audited } = self.read_by_any_road(&instance, trust_database).await?;
        let fetched = self.now.now();
        let trusted = login == LoginCheck::Trusted;
        let kept = KeptAudit { user_id: user.unwrap_or_default(), fetched, road, trusted, audited };
        let view = self.audit_view(&instance, &kept, Some(login))?;
        if user.is_some() {
            let id = id.clone();
            self.keep(move |store| store.keep_audit(&id, &kept)).await;
        }
        Ok(view)
    }

    /// The same of several instances at once. One that fails does not stop the others.
    pub async fn audit_each(&self, ids: &[InstanceId], trust_database: bool) -> Vec<Result<AuditView>> {
        join_all(ids.iter().map(|id| self.audit(id, trust_database))).await
    }

    /// The audit of an earlier answer, judged as of now, without a call; none where none was kept for this person.
    pub fn kept_audit(&self, id: &InstanceId) -> Result<Option<AuditView>> {
        let instance = self.instance(id)?;
        let user = instance.user_id();
        let kept = self.store.kept_audit(id).filter(|kept| user == Some(kept.user_id));
        kept.map(|kept| self.audit_view(&instance, &kept, None)).transpose()
    }

    fn audit_view(
        &self,
        instance: &Instance,
        kept: &KeptAudit,
        login: Option<LoginCheck>,
    ) -> Result<AuditView> {
        let settings = self.store.read()?.settings;
        let thresholds = Thresholds {
            quiet_days: settings.get(Setting::AuditQuietDays),
            ends_soon_days: settings.get(Setting::AuditEndsSoonDays),
            many_keys: settings.get(Setting::AuditManyKeys),
        };
        let you = instance.user_id().and_then(|user| user.0);
        let now = self.now.now();
        let mut view = AuditView::of(kept, &Shown { clock: &instance.clock, now, thresholds, you, login });
        let mut keys = std::mem::take(&mut view.keys);
        sort_keys(&mut keys, &view, AuditSort::Gravity);
        view.keys = keys;
        let before = self.store.audit_before(&instance.id, kept.user_id, kept.fetched);
        view.since = before.map(|before| AuditSinceView::of(&before, kept, &instance.clock, thresholds));
        Ok(view)
    }

    /// A person with a key sees the server's clock whenever they list their own keys; who only ever audits would not.
    async fn learn_clock_for_audit(&self, id: &InstanceId) {
        let Ok(instance) = self.instance(id) else { return };
        if !is_to_be_learned(&instance.clock, self.now.now()) {
            return;
        }
        let with_key = self.session(&instance).await.is_ok_and(|session| session.key_id().is_some());
        if with_key && let Err(error) = self.list_keys(id).await {
            tracing::info!(%error, "the server's clock was not learned before an audit");
        }
    }
}

fn is_to_be_learned(clock: &ServerClock, now: Timestamp) -> bool {
    match clock {
        ServerClock::Assumed => true,
        ServerClock::Learned { at, .. } => now.duration_since(*at) > CLOCK_IS_FRESH,
        ServerClock::Zone { .. } => false,
    }
}
