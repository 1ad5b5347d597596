//! `superset-keys clients`

use super::Context;
use crate::args::Clients;
use crate::failure::Outcome;
use crate::print;
use crate::table::Table;
use crate::words;
use serde::Serialize;
use superset_keys_core::actions::{FileProblem, FoundClient, FoundEntry, FoundFile};
use superset_keys_core::clients;

/// A client with what people call it.
#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    #[serde(flatten)]
    found: &'a FoundClient,
}

pub fn clients(context: &Context, args: &Clients) -> Outcome {
    let project = args.project.as_deref().map(super::connect::absolute);
    let found = context.core.find_clients(project.as_deref())?;
    let is_shown = |client: &&FoundClient| {
        args.all || client.installed || client.files.iter().any(|file| !file.entries.is_empty())
    };
    let shown: Vec<_> = found.iter().filter(is_shown).collect();
    let views: Vec<_> = shown.iter().map(|found| View { name: name(&found.client), found }).collect();
    context.out.answer(&views, || {
        if shown.is_empty() {
            return "No AI client was found on this computer. `superset-keys clients --all` lists those we know."
                .to_owned();
        }
        let mut table = Table::new(&["CLIENT", "NAME", "STATE", "INSTANCE", "KEY", "DELIVERY", "FILE"]);
        for client in &shown {
            rows(context, client, &mut table);
        }
        if print::is_terminal() { table.aligned() } else { table.tab_separated() }
    })
}

fn rows(context: &Context, client: &FoundClient, table: &mut Table) {
    let mut row = |state: &str, entry: Option<(&FoundFile, &FoundEntry)>, path: &str| {
        let mut cells = vec![client.client.clone(), name(&client.client).to_owned(), state.to_owned()];
        cells.extend(entry.map_or_else(Default::default, |(_, entry)| told(context, entry)));
        cells.push(path.to_owned());
        table.row(cells);
    };
    let mut said = false;
    for file in &client.files {
        if let Some(problem) = &file.problem {
            said = true;
            row(&problem_words(problem), None, &file.path);
        }
        for entry in &file.entries {
            said = true;
            row("connected", Some((file, entry)), &file.path);
        }
    }
    if !said {
        let state = match client {
            client if client.files.is_empty() => "set up by hand",
            client if client.installed => "not connected",
            _ => "not found here",
        };
        row(state, None, client.files.first().map_or("", |file| &file.path));
    }
}

/// Instance, key and delivery.
fn told(context: &Context, entry: &FoundEntry) -> [String; 3] {
    let instance = context.core.show_instance(&entry.instance);
    let instance = instance.map_or_else(|_| String::new(), |instance| instance.short_name);
    let key = entry.key.as_ref().map(|key| context.alias(&entry.instance, key));
    let key = match (key, entry.uses_default) {
        (Some(key), true) => format!("{key} (default)"),
        (Some(key), false) => key,
        (None, _) => "not known".to_owned(),
    };
    [instance, key, entry.delivery.map_or_else(|| "not known".to_owned(), |delivery| delivery.to_string())]
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
