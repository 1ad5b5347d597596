//! `superset-keys clients`

use super::Context;
use crate::args::Clients;
use crate::failure::Outcome;
use crate::print;
use crate::table::Table;
use crate::words;
use serde::Serialize;
use superset_keys_core::actions::{FileProblem, FoundClient, FoundEntry, FoundFile, MendedView};
use superset_keys_core::clients::{self, Delivery};
use superset_keys_core::credential::AccessKind;

/// A client with what people call it.
#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    #[serde(flatten)]
    found: &'a FoundClient,
}

pub fn clients(context: &Context, args: &Clients) -> Outcome {
    let project = args.project.as_deref().map(super::connect::absolute);
    if args.mend {
        return mend(context, project.as_deref());
    }
    let found = context.core.find_clients(project.as_deref())?;
    let is_shown = |client: &&FoundClient| {
        args.all || client.installed || client.files.iter().any(|file| !file.entries.is_empty())
    };
    let shown: Vec<_> = found.iter().filter(is_shown).collect();
    let views: Vec<_> = shown.iter().map(|found| View { name: name(&found.client), found }).collect();
    let entries = || shown.iter().flat_map(|client| &client.files).flat_map(|file| &file.entries);
    let (is_any_gone, is_any_left) =
        (entries().any(|entry| entry.program_is_gone), entries().any(holds_a_left_key));
    context.out.answer(&views, || {
        if shown.is_empty() {
            return "No AI client was found on this computer. `superset-keys clients --all` lists those we know."
                .to_owned();
        }
        let mut table =
            Table::new(&["CLIENT", "NAME", "STATE", "INSTANCE", "KEY", "DELIVERY", "FILE", "FOR", "MAY"]);
        for client in &shown {
            rows(context, client, &mut table);
        }
        if print::is_terminal() { table.aligned() } else { table.tab_separated() }
    })?;
    if is_any_gone {
        context.out.note("- `superset-keys clients --mend` writes entries anew whose program is gone.");
    }
    if is_any_left {
        context.out.note(
            "- A key stands in the text of an entry that does not need it: `superset-keys scan --move`, or connecting \
             anew, takes it out.",
        );
    }
    Ok(())
}

fn mend(context: &Context, project: Option<&str>) -> Outcome {
    let program = super::program(context)?;
    let mended = context.wait(context.core.mend_clients(&program, project))?;
    context.out.answer(&mended, || {
        if mended.is_empty() {
            return "Every entry of ours that was found starts a program that is there.".to_owned();
        }
        let said = |one: &MendedView| {
            let (client, place) = (name(&one.client), format!("\"{}\" in {}", one.entry, one.path));
            match one.problem {
                None => {
                    format!("{client}: {place} starts the program that is here now; {} is gone.", one.was)
                }
                Some(code) => format!("{client}: {place} stands as it was: {}.", words::why_not_mended(code)),
            }
        };
        mended.iter().map(said).collect::<Vec<_>>().join("\n")
    })
}

/// A key in its text beside another way to get one.
fn holds_a_left_key(entry: &FoundEntry) -> bool {
    entry.holds_key && entry.delivery != Some(Delivery::Plaintext)
}

fn rows(context: &Context, client: &FoundClient, table: &mut Table) {
    let mut row = |state: &str, entry: Option<&FoundEntry>, file: Option<&FoundFile>| {
        let mut cells = vec![client.client.clone(), name(&client.client).to_owned(), state.to_owned()];
        cells.extend(entry.map_or_else(Default::default, |entry| told(context, entry)));
        cells.push(file.map(|file| file.path.clone()).unwrap_or_default());
        cells.push(file.map(words::counts_for).unwrap_or_default());
        cells.push(
            entry.map(|entry| words::may(entry.guard.as_ref(), entry.guard_is_broken)).unwrap_or_default(),
        );
        table.row(cells);
    };
    let mut said = false;
    for file in &client.files {
        if let Some(problem) = &file.problem {
            said = true;
            row(&problem_words(problem), None, Some(file));
        }
        for entry in &file.entries {
            said = true;
            row(&state(file, entry), Some(entry), Some(file));
        }
    }
    if !said {
        let state = match client {
            client if client.files.is_empty() => "set up by hand",
            client if client.files.iter().all(|file| !file.is_read) => "administrators decide",
            client if client.installed => "not connected",
            _ => "not found here",
        };
        row(state, None, client.files.first());
    }
}

fn state(file: &FoundFile, entry: &FoundEntry) -> String {
    match &entry.hidden_by {
        _ if !file.is_read => "not read by it".to_owned(),
        Some(path) => format!("{path} goes first"),
        None if entry.program_is_gone => "connected, but its program is gone".to_owned(),
        None => "connected".to_owned(),
    }
}

/// Instance, key and delivery.
fn told(context: &Context, entry: &FoundEntry) -> [String; 3] {
    let instance = context.core.show_instance(&entry.instance);
    let instance = instance.map_or_else(|_| String::new(), |instance| instance.short_name);
    let key = entry.key.as_ref().map(|key| context.alias(&entry.instance, key));
    let key = match (key, entry.uses_default) {
        _ if entry.access == AccessKind::OAuth && !entry.holds_key => "(OAuth)".to_owned(),
        _ if entry.access == AccessKind::Signed && !entry.holds_key => "(signed token)".to_owned(),
        (Some(key), true) => format!("{key} (default)"),
        (Some(key), false) => key,
        (None, _) => "not known".to_owned(),
    };
    let delivery = entry.delivery.map_or_else(|| "not known".to_owned(), |delivery| delivery.to_string());
    let left = if holds_a_left_key(entry) { ", a key in its text" } else { "" };
    [instance, key, delivery + left]
}

fn problem_words(problem: &FileProblem) -> String {
    match problem {
        FileProblem::Unreadable => "its file cannot be read".to_owned(),
        FileProblem::NotUnderstood { problem } => {
            format!("line {}: {}", problem.line, words::edit_problem(problem.kind))
        }
    }
}

/// What its makers call it.
pub fn name(id: &str) -> &str {
    clients::find(id).map_or(id, |client| client.name)
}
