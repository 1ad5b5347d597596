//! `superset-keys report make | merge`

use super::Context;
use crate::args::{MakeReport, MergeReports, Report};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::words;
use crate::{print, times};
use std::path::Path;
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{MakerView, MergedReportsView, ReportOutcome};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::output_file::write_output_file;

pub fn run(context: &Context, command: &Report) -> Outcome<ExitCode> {
    match command {
        Report::Make(args) => make(context, args).map(|()| ExitCode::SUCCESS),
        Report::Merge(args) => merge(context, args),
    }
}

fn make(context: &Context, args: &MakeReport) -> Outcome {
    let id = instance(context, args.instance.as_deref())?;
    context.open_keychain()?;
    let made = context.wait(context.core.make_report(&id))?;
    let to_stdout = args.out == Path::new("-");
    if !to_stdout {
        write_output_file(&args.out, made.text.as_bytes())?;
    }
    context.out.answer(&made, || {
        if to_stdout {
            made.text.clone()
        } else {
            format!("Wrote {} keys to {}.", made.keys, args.out.display())
        }
    })?;
    if !made.live {
        let when = times::here_utc(&made.as_of, &times::zone());
        context.out.note(&format!("The server could not be asked: this is its list as of {when}."));
    }
    context.out.note(&format!(
        "Signed by {}. Tell that to whoever gets the report, by another way.",
        made.fingerprint
    ));
    Ok(())
}

/// The one that is named, or the only one there is.
fn instance(context: &Context, name: Option<&str>) -> Outcome<InstanceId> {
    if let Some(name) = name {
        return context.instance(name);
    }
    let mut all = context.core.list_instances()?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only.id),
        (Some(last), false) => {
            let names: Vec<_> = all.into_iter().chain([last]).map(|instance| instance.short_name).collect();
            Err(Failure::face(FaceCode::Usage)
                .with("message", "Which instance?")
                .hint(format!("There are: {}.", names.join(", "))))
        }
        (None, _) => Err(Failure::core(ErrorCode::NoSuchInstance)
            .with("name", "any")
            .hint("There is none yet: `superset-keys instances add URL` adds one.")),
    }
}

fn merge(context: &Context, args: &MergeReports) -> Outcome<ExitCode> {
    let merged = context.wait(context.core.merge_reports(&args.files, args.accept_new_keys))?;
    match args.csv.as_deref() {
        Some(path) if path != Path::new("-") => {
            write_output_file(path, words::reports_as_csv(&merged).as_bytes())?;
            context.out.note(&format!("Wrote {} keys to {}.", merged.keys.len(), path.display()));
        }
        csv => context.out.answer(&merged, || {
            if csv.is_some() {
                words::reports_as_csv(&merged)
            } else if print::is_terminal() {
                words::reports_for_a_person(&merged)
            } else {
                words::reports_for_a_program(&merged)
            }
        })?,
    }
    for remark in words::report_remarks(&merged, args.accept_new_keys) {
        context.out.note(&remark);
    }
    Ok(ExitCode::from(code(&merged)))
}

fn code(merged: &MergedReportsView) -> u8 {
    let refused = |outcome: &ReportOutcome| matches!(outcome, ReportOutcome::Refused { .. });
    let files = &merged.reports;
    if files.iter().all(|file| refused(&file.outcome)) {
        3
    } else if files.iter().any(|file| refused(&file.outcome)) {
        2
    } else {
        u8::from(files.iter().any(|file| matches!(file.maker, Some(MakerView::Changed { .. }))))
    }
}
