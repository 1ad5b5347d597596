//! `superset-keys record list | export | verify`

use super::Context;
use crate::args::{ExportRecord, ListRecord, Record};
use crate::failure::Outcome;
use crate::print;
use crate::table::Table;
use crate::times;
use crate::words;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;
use superset_keys_core::actions::{RecordCheckView, RecordRequest, RecordState, RecordView};
use superset_keys_core::output_file::write_output_file;

const BROKEN: u8 = 1;
const NOT_TOLD: u8 = 2;

pub fn run(context: &Context, command: &Record) -> Outcome<ExitCode> {
    match command {
        Record::List(args) => list(context, args).map(|()| ExitCode::SUCCESS),
        Record::Export(args) => export(context, args).map(|()| ExitCode::SUCCESS),
        Record::Verify => verify(context),
    }
}

fn list(context: &Context, args: &ListRecord) -> Outcome {
    let instance = args.instance.as_deref().map(|name| context.instance(name)).transpose()?;
    let request = RecordRequest { instance, hours: args.since.map(|since| since.0) };
    let mut view = context.core.show_record(&request)?;
    if args.last > 0 && !context.out.json && view.rows.len() > args.last {
        view.rows.truncate(args.last);
        view.more = true;
    }
    context.out.answer(&view, || rows(&view))?;
    if view.more {
        context.out.note("- There are older lines: `--last 0` lists more, and `record export` has them all.");
    }
    if view.unchained > 0 {
        context.out.note(&format!("- {}", words::record::unchained(view.unchained)));
    }
    Ok(())
}

fn rows(view: &RecordView) -> String {
    if view.rows.is_empty() {
        return "Nothing was done in this time, as far as the record tells.".to_owned();
    }
    let mut table = Table::new(&["NUMBER", "TIME", "INSTANCE", "WHAT", "BY"]);
    let zone = times::zone();
    for row in &view.rows {
        table.row(vec![
            row.number.map(|number| number.to_string()).unwrap_or_default(),
            times::here_with_seconds(&row.at, &zone),
            row.instance_name.clone().unwrap_or_default(),
            words::record::deed(row),
            row.by.clone(),
        ]);
    }
    if print::is_terminal() { table.aligned() } else { table.tab_separated() }
}

fn export(context: &Context, args: &ExportRecord) -> Outcome {
    #[derive(Serialize)]
    struct View {
        file: Option<String>,
        lines: usize,
    }
    let text = context.core.record_lines()?;
    let lines = text.lines().count();
    if args.out == Path::new("-") {
        // Lines of JSON are what was asked for, with or without --json.
        return print::json_lines(&text);
    }
    write_output_file(&args.out, text.as_bytes())?;
    let view = View { file: Some(args.out.display().to_string()), lines };
    context.out.answer(&view, || format!("Wrote {lines} lines to {}.", args.out.display()))
}

fn verify(context: &Context) -> Outcome<ExitCode> {
    let view: RecordCheckView = context.wait(context.core.verify_record())?;
    context.out.answer(&view, || words::record::verdict(&view))?;
    for sentence in words::record::cannot_tell(&view) {
        context.out.note(&format!("- {sentence}"));
    }
    Ok(match view.state {
        RecordState::Holds | RecordState::Empty => ExitCode::SUCCESS,
        RecordState::Broken => ExitCode::from(BROKEN),
        RecordState::NotProven | RecordState::StoreAway => ExitCode::from(NOT_TOLD),
    })
}
