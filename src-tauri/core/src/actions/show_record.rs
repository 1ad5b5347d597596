//! The record of what was done here: read, handed on, and looked at for what was changed in it.

use crate::chain::{Break, Chain, Checked, check};
use crate::clock::rfc3339;
use crate::deed::{DeedKind, Line};
use crate::ids::{ApiKeyId, InstanceId, SecretId};
use crate::output_file::write_output_file;
use crate::secrets::StoreState;
use crate::{Core, Error, Result};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// As many rows as a person can look through. All are counted.
const ROWS: usize = 2000;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordRequest {
    /// All of them where it is left out.
    #[serde(default)]
    pub instance: Option<InstanceId>,
    /// How far back; all there is when left out.
    #[serde(default)]
    pub hours: Option<u32>,
}

/// The answer. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordView {
    /// Where the record begins.
    pub since: Option<String>,
    /// The newest first.
    pub rows: Vec<RecordRow>,
    /// There are more than were answered.
    pub more: bool,
    /// Lines of these that were written while there was no store to chain them with.
    pub unchained: u32,
    /// What could be read of it is no line.
    pub unreadable: u32,
    /// Something was done since this program started that is not in it: its line could not be written.
    pub not_noted: bool,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordRow {
    pub at: String,
    /// Its place in the chain; none where it is not chained.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub number: Option<u64>,
    /// Our program that did it.
    pub by: String,
    pub instance: Option<InstanceId>,
    /// What the instance is called, or was then.
    pub instance_name: Option<String>,
    pub deed: DeedKind,
    pub key: Option<ApiKeyId>,
    pub name: Option<String>,
    pub client: Option<String>,
    pub path: Option<String>,
    pub who: Option<String>,
    pub how: Option<String>,
}

/// How the record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// There is no line.
    Empty,
    /// Every chained line is as it was written, and none is missing.
    Holds,
    Broken,
    /// No line is chained with a key that is here.
    NotProven,
    /// The secret store that has the key cannot be used now.
    StoreAway,
}

/// What came of looking at every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RecordCheckView {
    pub state: RecordState,
    /// The first of them.
    pub breaks: Vec<Break>,
    /// How many there are.
    pub broken: u32,
    /// Lines that are as they were written.
    pub proven: u32,
    pub unchained: u32,
    pub of_another_key: u32,
    /// Lines that a program or the computer died over.
    pub torn: u32,
    /// Whether it is known where the end is.
    pub has_head: bool,
    /// Lines at the end that came after what the store was told.
    pub past_head: u32,
}

impl Core {
    /// What the record tells. Lines that cannot be read are counted.
    pub fn show_record(&self, request: &RecordRequest) -> Result<RecordView> {
        let state = self.store.read()?;
        let from = request.hours.map(|hours| self.now.now() - SignedDuration::from_hours(i64::from(hours)));
        let mut view = RecordView {
            since: None,
            rows: Vec::new(),
            more: false,
            unchained: 0,
            unreadable: 0,
            not_noted: self.not_noted.load(std::sync::atomic::Ordering::Relaxed),
        };
        let files = self.record_files()?;
        for line in lines_of(&files) {
            let Some(line) = Line::read(line) else {
                view.unreadable += 1;
                continue;
            };
            view.since.get_or_insert_with(|| rfc3339(line.at));
            let is_wanted = request.instance.as_ref().is_none_or(|id| line.instance.as_ref() == Some(id))
                && from.is_none_or(|from| line.at >= from);
            if !is_wanted {
                continue;
            }
            view.unchained += u32::from(line.number.is_none());
            let now_called = line.instance.as_ref().and_then(|id| state.instance(id).ok());
            let instance_name = now_called.map(|instance| instance.short_name.clone()).or(line.called);
            let deed = line.deed;
            view.rows.push(RecordRow {
                at: rfc3339(line.at),
                number: line.number,
                by: line.by,
                instance: line.instance,
                instance_name,
                deed: deed.kind,
                key: deed.key,
                name: deed.name,
                client: deed.client,
                path: deed.path,
                who: deed.who,
                how: deed.how,
            });
        }
        view.rows.reverse();
        view.more = view.rows.len() > ROWS;
        view.rows.truncate(ROWS);
        Ok(view)
    }

    /// The record as it lies there: one JSON object a line, the oldest first.
    pub fn record_lines(&self) -> Result<String> {
        let files = self.record_files()?;
        let mut text = String::new();
        for line in lines_of(&files) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        Ok(text)
    }

    /// Writes it into a file of this folder, and answers which.
    ///
    /// # Errors
    /// [`Error::OutputNotRegular`], [`Error::OutputUnwritable`]
    pub fn export_record(&self, folder: &Path) -> Result<PathBuf> {
        let time = self.now.now().strftime("%Y-%m-%d-%H%M%S");
        let path = folder.join(format!("superset-keys-record-{time}.jsonl"));
        write_output_file(&path, self.record_lines()?.as_bytes())?;
        Ok(path)
    }

    /// Looks at every line. Nobody is asked to unlock anything.
    pub async fn verify_record(&self) -> Result<RecordCheckView> {
        let store = self.store.clone();
        self.safe(move |safe| {
            let unusable = |source| Error::StateUnusable { path: store.record_path(), source };
            // A line is in the file before the store is told of it.
            let _lock = store.lock_deeds().map_err(unusable)?;
            let ready = safe.state() == StoreState::Ready;
            let kept = if ready { safe.get(&SecretId::record_chain())? } else { None };
            let chain = kept.as_ref().and_then(Chain::read);
            let files = store.deeds().map_err(unusable)?;
            let named = files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
            let is_empty = files.iter().all(|(_, content)| content.is_empty());
            Ok(view(check(named, chain.as_ref()), is_empty, ready))
        })
        .await
    }

    fn record_files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        self.store.deeds().map_err(|source| Error::StateUnusable { path: self.store.record_path(), source })
    }
}

fn lines_of(files: &[(String, Vec<u8>)]) -> impl Iterator<Item = &[u8]> {
    files.iter().flat_map(|(_, content)| content.split(|byte| *byte == b'\n')).filter(|line| !line.is_empty())
}

fn view(checked: Checked, is_empty: bool, ready: bool) -> RecordCheckView {
    let state = match &checked {
        _ if checked.broken > 0 => RecordState::Broken,
        _ if is_empty => RecordState::Empty,
        _ if !ready => RecordState::StoreAway,
        _ if checked.proven == 0 => RecordState::NotProven,
        _ => RecordState::Holds,
    };
    RecordCheckView {
        state,
        breaks: checked.breaks,
        broken: checked.broken,
        proven: checked.proven,
        unchained: checked.unchained,
        of_another_key: checked.of_another_key,
        torn: checked.torn,
        has_head: checked.has_head,
        past_head: checked.past_head,
    }
}
