//! Look at many people's reports together.

use crate::api_key::KeyStatus;
use crate::clock::{TimeView, rfc3339};
use crate::ids::ApiKeyId;
use crate::report::{Fingerprint, LIMIT, Report, ReportProblem, SignedReport};
use crate::store::ReportMaker;
use crate::{Core, Result};
use serde::Serialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What `merge_reports` answers. Nothing in it was said by a server to us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MergedReportsView {
    /// Of every report that was taken, in the order of the files.
    pub keys: Vec<MergedKeyView>,
    pub reports: Vec<ReportFileView>,
}

/// One key, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MergedKeyView {
    pub source: ReportSource,
    pub id: ApiKeyId,
    pub name: String,
    /// As of when the report was signed.
    pub status: KeyStatus,
    pub created: Option<TimeView>,
    pub last_used: Option<TimeView>,
    pub expires: Option<TimeView>,
    pub revoked: Option<TimeView>,
}

/// Whose word it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReportSource {
    /// Always `report`: what a server said is told apart by this.
    pub kind: &'static str,
    /// Who made it, by their own word.
    pub owner: String,
    pub instance: String,
    pub fingerprint: Fingerprint,
    /// When it was signed, and when the server had said so to its maker: RFC 3339 in UTC.
    pub made: String,
    pub as_of: String,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReportFileView {
    pub path: String,
    pub outcome: ReportOutcome,
    /// None where it could not be read.
    pub source: Option<ReportSource>,
    /// How many keys are in it.
    pub keys: u32,
    pub maker: Option<MakerView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReportOutcome {
    Taken,
    /// The same report as in a file before it.
    Duplicate,
    /// Another file holds a later report of the same maker.
    Older,
    Refused {
        problem: ReportProblem,
    },
}

/// Whether it is the same maker as last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MakerView {
    /// Nobody of that name sent a report before.
    New,
    Known,
    /// Somebody else may use that name, or they have another computer.
    Changed {
        before: Fingerprint,
    },
}

struct Opened {
    path: PathBuf,
    read: std::result::Result<(Report, Fingerprint), ReportProblem>,
}

impl Core {
    /// Reads reports, verifies each, and puts their keys together. The latest one of each maker holds. Who signs for a
    /// name is remembered at their first report; another signer is told each time, until `accept` takes them on.
    pub async fn merge_reports(&self, paths: &[PathBuf], accept: bool) -> Result<MergedReportsView> {
        let opened: Vec<Opened> =
            paths.iter().map(|path| Opened { path: path.clone(), read: open(path) }).collect();
        let outcomes = outcomes(&opened);
        let makers = self.note_makers(&opened, accept).await?;
        let mut keys = Vec::new();
        let mut reports = Vec::new();
        for ((one, outcome), maker) in opened.into_iter().zip(outcomes).zip(makers) {
            let path = one.path.display().to_string();
            let Ok((report, fingerprint)) = one.read else {
                reports.push(ReportFileView { path, outcome, source: None, keys: 0, maker });
                continue;
            };
            let source = source(&report, fingerprint);
            let count = u32::try_from(report.keys.len()).unwrap_or(u32::MAX);
            if outcome == ReportOutcome::Taken {
                keys.extend(report.keys.into_iter().map(|key| MergedKeyView {
                    source: source.clone(),
                    id: key.id,
                    name: key.name,
                    status: key.status,
                    created: key.created,
                    last_used: key.last_used,
                    expires: key.expires,
                    revoked: key.revoked,
                }));
            }
            reports.push(ReportFileView { path, outcome, source: Some(source), keys: count, maker });
        }
        Ok(MergedReportsView { keys, reports })
    }

    /// What is known of each file's maker; who is new is remembered.
    async fn note_makers(&self, opened: &[Opened], accept: bool) -> Result<Vec<Option<MakerView>>> {
        let seen: Vec<Option<ReportMaker>> = opened
            .iter()
            .map(|one| {
                let (report, fingerprint) = one.read.as_ref().ok()?;
                Some(ReportMaker::new(&report.instance.url, &report.owner.username, fingerprint.clone()))
            })
            .collect();
        let judge = move |known: &mut Vec<ReportMaker>| {
            let judged = seen.into_iter().map(|maker| maker.map(|maker| judged(known, maker, accept)));
            judged.collect::<Vec<_>>()
        };
        // Nothing is written where nobody is new.
        self.change(move |state| Ok(judge(&mut state.report_makers))).await
    }
}

fn judged(known: &mut Vec<ReportMaker>, maker: ReportMaker, accept: bool) -> MakerView {
    let Some(before) = known.iter_mut().find(|other| other.is_of_same_name(&maker)) else {
        known.push(maker);
        return MakerView::New;
    };
    if before.fingerprint == maker.fingerprint {
        return MakerView::Known;
    }
    let told = before.fingerprint.clone();
    if accept {
        *before = maker;
    }
    MakerView::Changed { before: told }
}

fn open(path: &Path) -> std::result::Result<(Report, Fingerprint), ReportProblem> {
    // A pipe or a device may never end.
    let file = path.metadata().ok().filter(std::fs::Metadata::is_file).ok_or(ReportProblem::Unreadable)?;
    if file.len() > LIMIT {
        return Err(ReportProblem::TooLarge);
    }
    let mut text = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut text));
    match opened {
        Err(_) => Err(ReportProblem::Unreadable),
        Ok(read) if read as u64 > LIMIT => Err(ReportProblem::TooLarge),
        Ok(_) => SignedReport::verify(&text),
    }
}

fn outcomes(opened: &[Opened]) -> Vec<ReportOutcome> {
    let mut latest: HashMap<(&str, &str, &Fingerprint), (jiff::Timestamp, usize)> = HashMap::new();
    for (place, one) in opened.iter().enumerate() {
        let Ok((report, maker)) = &one.read else { continue };
        let by = (report.instance.url.as_str(), report.owner.username.as_str(), maker);
        let entry = latest.entry(by).or_insert((report.made, place));
        if report.made > entry.0 {
            *entry = (report.made, place);
        }
    }
    let outcome = |(place, one): (usize, &Opened)| match &one.read {
        Err(problem) => ReportOutcome::Refused { problem: *problem },
        Ok((report, maker)) => {
            let by = (report.instance.url.as_str(), report.owner.username.as_str(), maker);
            match latest.get(&by) {
                Some((_, taken)) if *taken == place => ReportOutcome::Taken,
                Some((_, taken)) if opened[*taken].read.as_ref().is_ok_and(|(other, _)| other == report) => {
                    ReportOutcome::Duplicate
                }
                _ => ReportOutcome::Older,
            }
        }
    };
    opened.iter().enumerate().map(outcome).collect()
}

fn source(report: &Report, fingerprint: Fingerprint) -> ReportSource {
    ReportSource {
        kind: "report",
        owner: report.owner.username.clone(),
        instance: report.instance.url.clone(),
        fingerprint,
        made: rfc3339(report.made),
        as_of: rfc3339(report.as_of),
    }
}
