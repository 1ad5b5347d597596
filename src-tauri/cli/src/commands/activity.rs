//! `superset-keys activity`

use super::{Context, shell_word};
use crate::args::{Activity, By};
use crate::failure::Outcome;
use crate::print;
use crate::table::Table;
use crate::times;
use crate::words;
use serde::Serialize;
use superset_keys_core::actions::{ActivityRequest, ActivityRow, ActivityView, UnexplainedUseView};
use superset_keys_core::activity::Counts;
use superset_keys_core::credential::AccessKind;

pub fn activity(context: &Context, args: Activity) -> Outcome {
    #[derive(Serialize)]
    struct Done {
        done: bool,
    }
    if let Some(id) = &args.it_was_me {
        context.wait(context.core.acknowledge_use(id))?;
        return context
            .out
            .answer(&Done { done: true }, || "That use is yours. Others are still shown.".to_owned());
    }
    if args.forget {
        context.wait(context.core.forget_activity())?;
        return context
            .out
            .answer(&Done { done: true }, || "The record is deleted. A new one begins now.".to_owned());
    }
    let instance = args.instance.as_deref().map(|name| context.instance(name)).transpose()?;
    let request = ActivityRequest { instance, client: args.client, key: None, hours: Some(args.since.0) };
    let mut view = context.core.activity(&request)?;
    if args.last > 0 && !context.out.json {
        view.rows.truncate(args.last);
    }
    context.out.answer(&view, || match args.by {
        None => rows(&view),
        Some(By::Client) => {
            counts("CLIENT", view.by_client.iter().map(|one| (named(&one.client), one.counts)))
        }
        Some(By::Tool) => counts("TOOL", view.by_tool.iter().map(|one| (one.tool.clone(), one.counts))),
        Some(By::Day) => counts("DAY", view.by_day.iter().map(|one| (one.day.clone(), one.counts))),
    })?;
    context.out.note(&summary(&view));
    for used in &view.unexplained {
        context.out.note(&unexplained(used));
    }
    if !view.is_on {
        context.out.note(
            "- Nothing is noted at the moment: `superset-keys settings set keep-activity on` changes that.",
        );
    }
    Ok(())
}

fn summary(view: &ActivityView) -> String {
    let Counts { calls, failed, refused } = view.counts;
    let clients = view.by_client.len();
    let since = view.recorded_since.as_ref().map(|since| times::here_utc(since, &times::zone()));
    let since =
        since.map_or_else(|| "nothing was noted yet".to_owned(), |since| format!("noted since {since}"));
    format!(
        "{calls} calls of {clients} clients; {failed} did not work, {refused} were stopped by the guard; {since}. \
         Calls past the bridge are not seen."
    )
}

fn unexplained(used: &UnexplainedUseView) -> String {
    let key = used.key_name.clone().unwrap_or_else(|| used.key.to_string());
    let at = times::both_clocks(&used.used, &times::zone());
    format!(
        "! {key} on {} was used {at}, by nothing on this computer. If it was you: `superset-keys activity --it-was-me {}`",
        used.instance_name,
        shell_word(&used.id)
    )
}

fn rows(view: &ActivityView) -> String {
    if view.rows.is_empty() {
        return "No call in this time.".to_owned();
    }
    let mut table = table(&["TIME", "INSTANCE", "CLIENT", "TOOL", "OUTCOME", "MS", "BYTES", "KEY"]);
    let zone = times::zone();
    for row in &view.rows {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        table.row(vec![
            times::here_with_seconds(&row.at, &zone),
            row.instance_name.clone().unwrap_or_else(|| row.instance.as_str().to_owned()),
            named(row.client.as_ref().map(|client| client.name.as_str()).unwrap_or_default()),
            what(row),
            words::call_outcome(row.outcome).to_owned(),
            number(row.ms),
            number(row.bytes),
            with(row),
        ]);
    }
    finished(&table)
}

/// The key, or what else it was let in with.
fn with(row: &ActivityRow) -> String {
    match row.access {
        None | Some(AccessKind::ApiKey) => row.key_name.clone().unwrap_or_default(),
        Some(AccessKind::Signed) => "(signed token)".to_owned(),
        Some(AccessKind::OAuth) => "(OAuth)".to_owned(),
    }
}

/// The tool, or how a key was handed out.
fn what(row: &ActivityRow) -> String {
    match (&row.tool, row.method.as_str()) {
        (Some(tool), _) => tool.clone(),
        (None, "headers") if row.access.is_some() => "(took a token by the helper)".to_owned(),
        (None, "headers") => "(took the key by the helper)".to_owned(),
        (None, "exec") => "(was given the key)".to_owned(),
        (None, _) => "(not understood)".to_owned(),
    }
}

fn named(client: &str) -> String {
    if client.is_empty() { "not known".to_owned() } else { client.to_owned() }
}

fn counts(what: &'static str, all: impl Iterator<Item = (String, Counts)>) -> String {
    let mut table = table(&[what, "CALLS", "DID NOT WORK", "STOPPED"]);
    for (name, Counts { calls, failed, refused }) in all {
        table.row(vec![name, calls.to_string(), failed.to_string(), refused.to_string()]);
    }
    finished(&table)
}

fn table(heads: &[&'static str]) -> Table {
    Table::new(heads)
}

fn finished(table: &Table) -> String {
    if print::is_terminal() { table.aligned() } else { table.tab_separated() }
}
