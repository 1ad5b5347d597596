//! What is said of people's reports.

use super::snake_case;
use crate::table::Table;
use crate::times;
use superset_keys_core::actions::{
    MakerView, MergedKeyView, MergedReportsView, ReportFileView, ReportOutcome,
};
use superset_keys_core::audit::csv;
use superset_keys_core::clock::TimeView;
use superset_keys_core::report::ReportProblem;

/// Columns never change their place; new ones come behind.
const COLUMNS: [&str; 13] = [
    "source",
    "instance",
    "owner",
    "id",
    "name",
    "status",
    "created",
    "last_used",
    "expires",
    "revoked",
    "made",
    "as_of",
    "fingerprint",
];

pub fn reports_for_a_person(merged: &MergedReportsView) -> String {
    if merged.keys.is_empty() {
        return "No keys.".to_owned();
    }
    let now = times::now();
    let told =
        |time: &Option<TimeView>| times::relative(time.as_ref(), now).unwrap_or_else(|| "never".to_owned());
    let mut table =
        Table::new(&["OWNER", "NAME", "STATUS", "LAST USED", "EXPIRES", "CREATED", "BY THE REPORT OF"]);
    for key in &merged.keys {
        table.row(vec![
            key.source.owner.clone(),
            key.name.clone(),
            snake_case(&key.status),
            told(&key.last_used),
            told(&key.expires),
            times::relative(key.created.as_ref(), now).unwrap_or_default(),
            times::here_utc(&key.source.as_of, &times::zone()),
        ]);
    }
    format!("What people say of their own keys; no server was asked.\n\n{}", table.aligned())
}

pub fn reports_for_a_program(merged: &MergedReportsView) -> String {
    let mut table = Table::new(&COLUMNS);
    for key in &merged.keys {
        table.row(row(key));
    }
    table.tab_separated()
}

/// Times are UTC, and no cell is a formula.
pub fn reports_as_csv(merged: &MergedReportsView) -> String {
    csv::table(&COLUMNS, merged.keys.iter().map(row))
}

fn row(key: &MergedKeyView) -> Vec<String> {
    let utc = |time: &Option<TimeView>| time.as_ref().map(|time| time.utc.clone()).unwrap_or_default();
    let source = &key.source;
    vec![
        source.kind.to_owned(),
        source.instance.clone(),
        source.owner.clone(),
        key.id.to_string(),
        key.name.clone(),
        snake_case(&key.status),
        utc(&key.created),
        utc(&key.last_used),
        utc(&key.expires),
        utc(&key.revoked),
        source.made.clone(),
        source.as_of.clone(),
        source.fingerprint.to_string(),
    ]
}

/// A sentence for each file and for each new maker, and what to do about them.
pub fn report_remarks(merged: &MergedReportsView, accepted: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    for file in &merged.reports {
        remarks.push(of_file(file));
        let (Some(maker), Some(source)) = (&file.maker, &file.source) else { continue };
        let (owner, now) = (&source.owner, &source.fingerprint);
        match maker {
            MakerView::Known => {}
            MakerView::New => remarks.push(format!("  The first report of {owner}. Ask them whether it is theirs: {now}")),
            MakerView::Changed { before } if accepted => {
                remarks.push(format!("  From now on {now} signs for {owner}, and not {before} any more."));
            }
            MakerView::Changed { before } => remarks.push(format!(
                "  WARNING: it is not signed by who signed for {owner} before ({before}) but by {now}. They may have \
                 another computer, or somebody else made it: ask them. --accept-new-keys takes it on."
            )),
        }
    }
    remarks
}

fn of_file(file: &ReportFileView) -> String {
    let path = &file.path;
    let Some(source) = &file.source else {
        let why = match &file.outcome {
            ReportOutcome::Refused { problem } => why_not(*problem),
            _ => "",
        };
        return format!("- {path}: not taken. {why}");
    };
    let whose =
        format!("{} of {}, {} keys, as of {}", source.owner, source.instance, file.keys, source.as_of);
    match file.outcome {
        ReportOutcome::Duplicate => format!("- {path}: {whose}; left out, it is there already."),
        ReportOutcome::Older => format!("- {path}: {whose}; left out, there is a later one."),
        _ => format!("- {path}: {whose}."),
    }
}

fn why_not(problem: ReportProblem) -> &'static str {
    match problem {
        ReportProblem::Unreadable => "It is not there, or no file that you may read.",
        ReportProblem::TooLarge => "It is larger than a report can be (16 MB).",
        ReportProblem::NotAReport => "It is no report of Superset Keys.",
        ReportProblem::Damaged => "It is cut off, or changed by hand: ask for it again.",
        ReportProblem::Newer => "A later version of Superset Keys made it: update this one.",
        ReportProblem::Unsigned => "Nobody signed it.",
        ReportProblem::Tampered => "What it says is not what was signed: somebody changed it.",
    }
}
