//! The last audit, for when the server is away and to compare the next one with. No secret is in it.

use super::Store;
use crate::audit::{Audited, Road};
use crate::ids::{InstanceId, UserId};
use crate::places::{create_private_folder, write_private_file};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// What an audit read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAudit {
    /// Who read it: nobody else is shown it.
    pub user_id: UserId,
    pub fetched: Timestamp,
    pub road: Road,
    /// The connection's login may more than it should, or was not asked, and a person said to go on.
    pub trusted: bool,
    pub audited: Audited,
}

/// Two audits are compared only if they lie so far apart, so that a second look on one day tells the same as the first.
const APART: SignedDuration = SignedDuration::from_hours(20);

impl KeptAudit {
    /// By the same person, and long enough before.
    fn is_before(&self, user: UserId, fetched: Timestamp) -> bool {
        self.user_id == user && fetched.duration_since(self.fetched) >= APART
    }
}

impl Store {
    /// Keeps the last audit. Losing it costs nothing, so a full disk is only logged.
    pub fn keep_audit(&self, instance: &InstanceId, audit: &KeptAudit) {
        let written = serde_json::to_vec(audit).map_err(io::Error::from).and_then(|content| {
            create_private_folder(&self.places.cache)?;
            self.move_on(instance, audit, &content)?;
            write_private_file(&self.audit_path(instance), &content)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the audit could not be kept");
        }
    }

    /// The first audit of each day is what those of the next one are compared with, however often somebody looks.
    fn move_on(&self, instance: &InstanceId, audit: &KeptAudit, content: &[u8]) -> io::Result<()> {
        let (day, earlier) = (self.day_audit_path(instance), self.earlier_audit_path(instance));
        match read(&day) {
            Some(of_day) if of_day.is_before(audit.user_id, audit.fetched) => {
                std::fs::rename(&day, &earlier)?;
            }
            Some(of_day) if of_day.user_id == audit.user_id => return Ok(()),
            _ => {}
        }
        write_private_file(&day, content)
    }

    /// None where none was kept, or by a version that writes another form.
    #[must_use]
    pub fn kept_audit(&self, instance: &InstanceId) -> Option<KeptAudit> {
        read(&self.audit_path(instance))
    }

    /// What an audit of this person's at that time is compared with: their last one of another day.
    #[must_use]
    pub fn audit_before(&self, instance: &InstanceId, user: UserId, fetched: Timestamp) -> Option<KeptAudit> {
        let latest_first =
            [self.audit_path(instance), self.day_audit_path(instance), self.earlier_audit_path(instance)];
        latest_first.iter().filter_map(|path| read(path)).find(|kept| kept.is_before(user, fetched))
    }

    pub fn drop_audit(&self, instance: &InstanceId) {
        let paths =
            [self.audit_path(instance), self.day_audit_path(instance), self.earlier_audit_path(instance)];
        for path in paths {
            let _ = std::fs::remove_file(path);
        }
    }

    fn day_audit_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("audit-{}-day.json", instance.as_str()))
    }

    fn earlier_audit_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("audit-{}-earlier.json", instance.as_str()))
    }

    fn audit_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("audit-{}.json", instance.as_str()))
    }
}

fn read(path: &Path) -> Option<KeptAudit> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    fn kept(user: i32, at: &str) -> KeptAudit {
        KeptAudit {
            user_id: UserId(Some(user)),
            fetched: at.parse().unwrap(),
            road: Road::Dataset { id: 1 },
            trusted: false,
            audited: Audited::default(),
        }
    }

    /// One at night and one at noon: there is always one of another day.
    #[test]
    fn audits_that_never_lie_a_day_apart_are_compared_all_the_same() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::new(Places::under(home.path()));
        let id = InstanceId::from_random(7);
        let mut at: Timestamp = "2026-11-02T02:00:00Z".parse().unwrap();
        for look in 0..20 {
            let found =
                store.audit_before(&id, UserId(Some(1)), at).map(|found| at.duration_since(found.fetched));
            assert_eq!(found.is_some(), look >= 2, "{look}");
            assert!(found.is_none_or(|age| age >= APART && age <= APART * 3), "{look}: {found:?}");
            store.keep_audit(&id, &kept(1, &at.to_string()));
            at += SignedDuration::from_hours(if look % 2 == 0 { 10 } else { 14 });
        }
    }

    /// Monday's look is compared with last month's, and so is a second one on Monday; Tuesday's with Monday's last.
    #[test]
    fn what_is_compared_with_is_of_another_day_and_of_the_same_person() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::new(Places::under(home.path()));
        let id = InstanceId::from_random(7);
        let before = |user: i32, at: &str| {
            let found = store.audit_before(&id, UserId(Some(user)), at.parse().unwrap());
            found.map(|found| found.fetched.to_string())
        };
        let (month, monday, noon, tuesday) =
            ("2026-10-03T14:00:00Z", "2026-11-02T08:00:00Z", "2026-11-02T12:00:00Z", "2026-11-03T09:00:00Z");
        assert_eq!(before(1, month), None);
        store.keep_audit(&id, &kept(1, month));
        assert_eq!(before(1, monday).as_deref(), Some(month));
        store.keep_audit(&id, &kept(1, monday));
        assert_eq!(before(1, noon).as_deref(), Some(month), "four hours are no other day");
        store.keep_audit(&id, &kept(1, noon));
        assert_eq!(before(1, noon).as_deref(), Some(month));
        assert_eq!(before(1, tuesday).as_deref(), Some(noon));
        assert_eq!(before(2, tuesday), None, "another person is told nothing of it");
        store.keep_audit(&id, &kept(2, tuesday));
        assert_eq!(before(2, "2026-11-05T09:00:00Z").as_deref(), Some(tuesday));
        store.drop_audit(&id);
        assert_eq!(
            (before(1, tuesday), before(2, "2027-01-01T00:00:00Z")),
            (None, None),
            "gone with its instance"
        );
    }
}
