//! `superset-keys scan`

use super::Context;
use super::clients::name;
use crate::args::Scan;
use crate::failure::{FaceCode, Failure, Outcome};
use crate::input;
use crate::print;
use crate::table::Table;
use crate::words;
use serde::Serialize;
use std::fmt::Write;
use std::io::ErrorKind;
use std::process::ExitCode;
use superset_keys_core::actions::{MovedKeyView, ScanRequest};
use superset_keys_core::scan::{Scan as Found, ScanView};

const NOTHING_SEARCHED: u8 = 3;

/// Exit codes of its own: what was found.
pub fn scan(context: &Context, args: &Scan) -> Outcome<ExitCode> {
    for path in &args.paths {
        if path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Err(Failure::face(FaceCode::NoSuchPath).with("name", path.to_string_lossy()));
        }
    }
    let usual = args.known || args.paths.is_empty();
    let current = std::env::current_dir().ok();
    let request = ScanRequest { paths: args.paths.clone(), usual, current };
    let mut found = context.wait(context.core.scan(request))?;
    if may_ask(context, args, &context.core.instances_to_ask(&found)?)? {
        // The sessions that list keys are kept there.
        context.open_keychain()?;
        context.wait(context.core.check_alive(&mut found))?;
    }
    let view = context.core.show_scan(&found)?;
    let moved = if args.move_keys { Some(move_keys(context, &found)?) } else { None };
    let answer = Answer { view: &view, moved: moved.as_deref() };
    context
        .out
        .answer(&answer, || if print::is_terminal() { for_a_person(&view) } else { for_a_program(&view) })?;
    for moved in moved.iter().flatten() {
        context.out.note(&said(context, moved));
    }
    for remark in words::remarks(&view) {
        context.out.note(&remark);
    }
    Ok(ExitCode::from(code(&view)))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    view: &'a ScanView,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<&'a [MovedKeyView]>,
}

fn move_keys(context: &Context, found: &Found) -> Outcome<Vec<MovedKeyView>> {
    context.open_keychain()?;
    let program = super::program(context)?;
    context.wait(context.core.move_found_keys(found, &program))
}

fn said(context: &Context, moved: &MovedKeyView) -> String {
    let client = name(&moved.client);
    let place = format!("{}, line {}", moved.path, moved.line);
    let Some(written) = &moved.written else {
        let why = moved.problem.map(words::why_not_moved).unwrap_or_default();
        return format!("- Left in {place}: {why}.");
    };
    let key = match (&moved.instance, &moved.key) {
        (Some(instance), Some(key)) => context.alias(instance, key),
        _ => String::new(),
    };
    let undone = if written.backup.is_some() { " `superset-keys restore` puts it back." } else { "" };
    format!("- Moved out of {place}: {client} gets {key} through the bridge.{undone}")
}

/// Asked first, always: using a key leaves a trace on the server.
fn may_ask(context: &Context, args: &Scan, instances: &[String]) -> Outcome<bool> {
    if instances.is_empty() {
        return Ok(false);
    }
    let names = instances.join(", ");
    let used = "A key that no list shows is used once, which moves its last-used time.";
    if args.check_alive {
        context.out.note(&format!("Asking {names} which of the keys still work. {used}"));
        return Ok(true);
    }
    if context.out.json || !input::is_terminal() {
        return Ok(false);
    }
    let question = format!("Keys were found. Ask {names} which of them still work? {used} [y/N]");
    Ok(input::is_yes(&context.ask(question)?))
}

fn code(view: &ScanView) -> u8 {
    let exposed = view.keys.iter().flat_map(|key| &key.spots).any(|spot| spot.exposed);
    match (view.keys.is_empty(), exposed) {
        (true, _) if view.files == 0 && view.unreadable > 0 => NOTHING_SEARCHED,
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
}

fn for_a_person(view: &ScanView) -> String {
    let mut text = words::headline(view);
    if view.keys.is_empty() {
        return text;
    }
    let mut table = Table::new(&["WHERE", "KEY", "WHICH", "STATE", "READ BY", "GIT"]);
    for key in &view.keys {
        for spot in &key.spots {
            table.row(words::row(key, spot, view.asked).to_vec());
        }
    }
    let _ = writeln!(text, "\n\n{}", table.aligned());
    for sentence in words::exposure(view).into_iter().chain(words::advice(view)) {
        let _ = write!(text, "\n{sentence}");
    }
    text
}

/// Columns never change their place; new ones come behind.
fn for_a_program(view: &ScanView) -> String {
    let mut table = Table::new(&[
        "path", "line", "column", "hint", "match", "instance", "key", "state", "told_by", "readers", "mode",
        "git", "kind",
    ]);
    for key in &view.keys {
        for spot in &key.spots {
            let instance = key.instance.as_ref().map(|instance| instance.short_name.clone());
            table.row(vec![
                spot.path.clone(),
                spot.line.to_string(),
                spot.column.to_string(),
                key.hint.to_string(),
                words::snake_case(&key.matched),
                instance.unwrap_or_default(),
                key.key.as_ref().map(|key| key.alias.clone()).unwrap_or_default(),
                words::snake_case(&key.life.state),
                key.life.told_by.map(|by| words::snake_case(&by)).unwrap_or_default(),
                words::snake_case(&spot.readers),
                spot.mode.clone().unwrap_or_default(),
                words::snake_case(&spot.git),
                words::kind_word(&spot.kind).to_owned(),
            ]);
        }
    }
    table.tab_separated()
}
