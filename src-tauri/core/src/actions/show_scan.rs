//! A scan as a face shows it.

use crate::git::GitState;
use crate::scan::{
    FileKind, KeyMatch, KeySearch, KeySpot, KeySpotView, OlderView, Readers, Scan, ScanView,
    ScannedInstanceView, ScannedKey, ScannedKeyView, ScannedRecordView, SkippedView, UnreadableView,
};
use crate::store::State;
use crate::{Core, Result};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

impl Core {
    /// With the names that instances and keys have now.
    pub fn show_scan(&self, scan: &Scan) -> Result<ScanView> {
        let state = self.store.read()?;
        let search = self.key_search(&state);
        let path = |path: &Path| search.masked(&path.to_string_lossy());
        let tally = &scan.tally;
        Ok(ScanView {
            keys: scan.keys.iter().map(|key| self.show_key(&state, &search, key)).collect(),
            files: count(tally.files),
            skipped: SkippedView {
                binary: count(tally.binary),
                too_large: count(tally.too_large),
                large: tally.large.iter().map(PathBuf::as_path).map(path).collect(),
                not_files: count(tally.not_files),
                folders: count(tally.folders_left_out),
                older: OlderView {
                    files: count(tally.older.files),
                    megabytes: count(tally.older.bytes.div_ceil(1024 * 1024)),
                    folders: tally.older.folders.iter().map(|folder| self.computer.shown(folder)).collect(),
                },
            },
            unreadable: count(tally.unreadable),
            unread: tally
                .unread
                .iter()
                .map(|one| UnreadableView { path: path(&one.path), why: why(one.why).to_owned() })
                .collect(),
            more: tally.more,
            by_fingerprint: scan.by_fingerprint,
            asked: scan.asked,
            took: u32::try_from(scan.took.as_millis()).unwrap_or(u32::MAX),
        })
    }

    fn show_key(&self, state: &State, search: &KeySearch, key: &ScannedKey) -> ScannedKeyView {
        let instance = key.instance.as_ref().and_then(|id| state.instance(id).ok());
        let record = instance.zip(key.record.as_ref()).and_then(|(instance, id)| instance.record(id));
        let known = key.matched == KeyMatch::Known && record.is_some();
        let show_spot = |(spot, git): (&KeySpot, &GitState)| {
            let shared = *git == GitState::Tracked || spot.access.readers == Readers::Everyone;
            KeySpotView {
                path: search.masked(&spot.path.to_string_lossy()),
                shown: search.masked(&self.computer.shown(&spot.path)),
                line: spot.line,
                column: spot.column,
                kind: spot.kind.clone(),
                readers: spot.access.readers,
                mode: spot.access.mode.clone(),
                git: *git,
                exposed: shared && !key.life.state.is_dead(),
                movable: known && matches!(spot.kind, FileKind::AiClient { .. }),
            }
        };
        ScannedKeyView {
            hint: key.hint.clone(),
            matched: key.matched,
            instance: instance.map(|instance| ScannedInstanceView {
                id: instance.id.clone(),
                short_name: instance.short_name.clone(),
                name: instance.name.clone(),
            }),
            key: record.map(|record| ScannedRecordView {
                id: record.id.clone(),
                alias: record.alias.clone(),
                name: record.name.clone(),
            }),
            life: key.life.clone(),
            spots: key.spots.iter().zip(&key.git).map(show_spot).collect(),
        }
    }
}

fn why(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied => "permission_denied",
        ErrorKind::NotFound => "not_found",
        _ => "other",
    }
}

fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
