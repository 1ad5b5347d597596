//! `superset-keys audit revoke | deactivate | reactivate`: what can be done about the keys of others.

use crate::args::{ChangePerson, RevokeOthers, SqlOf};
use crate::commands::{Context, shell_word};
use crate::exit;
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::table::Table;
use crate::{input, print, words};
use serde::Serialize;
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{OtherOutcome, PersonChangedView, PersonToChangeView};
use superset_keys_core::audit::sql::{self, Dialect, KeyUuid};
use superset_keys_core::ids::InstanceId;

/// What `--json` prints.
#[derive(Serialize)]
struct Text<'a> {
    sql: &'a str,
    keys: usize,
}

pub fn revoke(context: &Context, args: &RevokeOthers) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    let mut keys = Vec::new();
    for typed in &args.keys {
        let key = KeyUuid::parse(typed);
        keys.push(key.ok_or_else(|| {
            let message = format!("\"{typed}\" is no key's uuid.");
            Failure::face(FaceCode::Usage)
                .with("message", message)
                .hint("`superset-keys audit INSTANCE --json` and its CSV have them. Nothing was printed.")
        })?);
    }
    keys.sort_unstable();
    keys.dedup();
    match (args.sql, &args.by_function) {
        (Some(sql), _) => print_sql(context, args, sql, &keys),
        (None, Some(database)) => by_function(context, args, &id, database, &keys),
        (None, None) => Err(Failure::core(ErrorCode::Internal).with("what", "arguments")),
    }
}

fn by_function(
    context: &Context,
    args: &RevokeOthers,
    id: &InstanceId,
    database: &str,
    keys: &[KeyUuid],
) -> Outcome<ExitCode> {
    if !args.yes && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    let number = context.wait(context.core.find_audit_database(id, database))?;
    if !args.yes {
        let (count, on) = (keys.len(), context.core.show_instance(id)?.name);
        let what = words::counted_keys(count);
        let answer = context.ask(format!(
            "Whatever uses these keys stops working, whosever they are. Type {count} to revoke {what} on {on}:"
        ))?;
        if answer != count.to_string() {
            return Err(Failure::face(FaceCode::Declined));
        }
    }
    let done = context.wait(context.core.revoke_by_function(id, number, keys, args.trust_database))?;
    context.out.answer(&done, || {
        let mut table = Table::new(&["id", "name", "owner", "outcome"]);
        for key in &done.keys {
            let outcome = words::snake_case(&key.outcome);
            table.row(vec![key.id.clone(), key.name.clone(), key.owner.clone(), outcome]);
        }
        if print::is_terminal() { table.aligned() } else { table.tab_separated() }
    })?;
    let has = |outcome| done.keys.iter().any(|key| key.outcome == outcome);
    if has(OtherOutcome::RolledBack) {
        context.out.note(
            "The connection does not commit, so what it revoked was taken back. Its engine parameters need \
             {\"isolation_level\": \"AUTOCOMMIT\"}; --sql prints the text for the database's owner instead.",
        );
    }
    if !done.proven {
        context.out.note("No audit could be read, so nothing is proven: `superset-keys audit` tells why.");
    }
    let all = done.keys.iter().all(|key| key.outcome == OtherOutcome::Revoked);
    let failed = exit::code(Reason::Core(ErrorCode::NotRevoked));
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(failed) })
}

fn print_sql(context: &Context, args: &RevokeOthers, sql: SqlOf, keys: &[KeyUuid]) -> Outcome<ExitCode> {
    let dialect = match sql {
        SqlOf::Postgresql => Dialect::Postgresql,
        SqlOf::Mysql => Dialect::Mysql,
        SqlOf::Sqlite => Dialect::Sqlite,
    };
    let text = sql::revoke(dialect, keys).ok_or_else(|| Failure::core(ErrorCode::Internal))?;
    context.out.answer(&Text { sql: &text, keys: keys.len() }, || text.clone())?;
    context.out.note(&format!(
        "Nothing was revoked. When the database's owner has run it, `superset-keys audit {}` shows it.",
        shell_word(&args.at.instance)
    ));
    Ok(ExitCode::SUCCESS)
}

pub fn set_active(context: &Context, args: &ChangePerson, active: bool) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    if !args.yes && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    if !args.yes {
        let person = context.wait(context.core.find_person(&id, &args.user))?;
        let on = context.core.show_instance(&id)?.name;
        let answer = context.ask(format!("{} [y/N]", question(&person, &on, active)))?;
        if !input::is_yes(&answer) {
            return Err(Failure::face(FaceCode::Declined));
        }
    }
    let changed = context.wait(context.core.set_person_active(&id, &args.user, active))?;
    context.out.answer(&changed, || said(&changed))?;
    match changed.audit_agrees {
        Some(true) => {}
        Some(false) => {
            context.out.note("The audit still shows them as they were: read it again in a minute.");
        }
        None => context.out.note("The account shows it. No audit could be read that shows it too."),
    }
    Ok(ExitCode::SUCCESS)
}

fn question(person: &PersonToChangeView, on: &str, active: bool) -> String {
    let name = &person.username;
    let keys = match person.keys {
        None => "all their keys".to_owned(),
        Some(1) => "their 1 key".to_owned(),
        Some(count) => format!("their {count} keys"),
    };
    if active {
        format!(
            "Reactivate {name} on {on}? They can sign in again, and {keys} wake up: those that are not revoked work again at once."
        )
    } else {
        format!(
            "Deactivate {name} on {on}? They cannot sign in any more, and {keys} and all their sessions stop at once. \
             Reactivating undoes it, and then the keys work again."
        )
    }
}

fn said(changed: &PersonChangedView) -> String {
    let name = &changed.username;
    match (changed.already, changed.active) {
        (true, true) => format!("{name} was active already. Nothing was sent."),
        (true, false) => format!("{name} was inactive already. Nothing was sent."),
        (false, true) => format!("{name} is active again, and so are their keys that are not revoked."),
        (false, false) => {
            let wake = match changed.keys {
                Some(0) => String::new(),
                Some(1) => " 1 key wakes up if they are made active again.".to_owned(),
                Some(count) => format!(" {count} keys wake up if they are made active again."),
                None => " Their keys wake up if they are made active again.".to_owned(),
            };
            format!("{name} is inactive: no session and no key of theirs is taken any more.{wake}")
        }
    }
}
