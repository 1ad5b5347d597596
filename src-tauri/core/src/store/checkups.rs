//! How check-ups ended.

use super::Store;
use crate::checkup::PastCheckup;
use crate::ids::InstanceId;
use crate::places::{create_private_folder, write_private_file};
use std::io;
use std::path::PathBuf;

/// As many as the screen shows.
const KEPT: usize = 3;

impl Store {
    /// Keeps how a check-up ended. Losing it costs nothing, so a full disk is only logged.
    pub fn keep_checkup(&self, instance: &InstanceId, checkup: &PastCheckup) {
        let mut all = self.past_checkups(instance);
        all.insert(0, checkup.clone());
        all.truncate(KEPT);
        let written = serde_json::to_vec(&all).map_err(io::Error::from).and_then(|content| {
            create_private_folder(&self.places.cache)?;
            write_private_file(&self.checkups_path(instance), &content)
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the check-up could not be kept");
        }
    }

    /// The newest first.
    #[must_use]
    pub fn past_checkups(&self, instance: &InstanceId) -> Vec<PastCheckup> {
        let content = std::fs::read(self.checkups_path(instance)).ok();
        content.and_then(|content| serde_json::from_slice(&content).ok()).unwrap_or_default()
    }

    pub fn drop_checkups(&self, instance: &InstanceId) {
        let _ = std::fs::remove_file(self.checkups_path(instance));
    }

    fn checkups_path(&self, instance: &InstanceId) -> PathBuf {
        self.places.cache.join(format!("checkups-{}.json", instance.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkup::Verdict;
    use crate::places::Places;

    #[test]
    fn the_last_three_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::new(Places::under(home.path()));
        let id = InstanceId::from_random(7);
        assert!(store.past_checkups(&id).is_empty());
        for number in 0..5 {
            let checked = format!("2026-11-2{number}T12:00:00Z");
            store.keep_checkup(
                &id,
                &PastCheckup { checked, verdict: Verdict::Passed, worst: None, passed: number, examined: 9 },
            );
        }
        assert_eq!(store.past_checkups(&id).iter().map(|past| past.passed).collect::<Vec<_>>(), [4, 3, 2]);
    }
}
