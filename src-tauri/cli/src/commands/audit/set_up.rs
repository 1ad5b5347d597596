//! `superset-keys audit set-up`

use crate::args::{AuditSetUp, SqlKind};
use crate::commands::{Context, shell_word};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::table::Table;
use crate::{input, words};
use std::process::ExitCode;
use superset_keys_core::actions::{
    AuditDatasetView, AuditSetUpView, LoginCheck, SeenByView, SetUpRoad, Shows, audit_sql,
};
use superset_keys_core::audit::sql::Dialect;
use superset_keys_core::ids::InstanceId;

pub fn set_up(context: &Context, args: &AuditSetUp) -> Outcome<ExitCode> {
    let done = if let Some(kind) = args.sql {
        print_sql(context, args, kind)
    } else {
        let id = context.instance(&args.at.instance)?;
        match &args.database {
            Some(database) => make_dataset(context, args, &id, database),
            None => look(context, args, &id),
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn print_sql(context: &Context, args: &AuditSetUp, kind: SqlKind) -> Outcome {
    let (dialect, columns_only) = match kind {
        SqlKind::Postgresql => (Dialect::Postgresql, false),
        SqlKind::PostgresqlColumns => (Dialect::Postgresql, true),
        SqlKind::Mysql => (Dialect::Mysql, false),
        SqlKind::Sqlite => (Dialect::Sqlite, false),
    };
    let text = audit_sql().into_iter().find(|one| one.dialect == dialect && one.columns_only == columns_only);
    let text =
        text.ok_or_else(|| Failure::core(superset_keys_core::ErrorCode::Internal).with("what", "SQL"))?;
    context.out.answer(&text, || if args.undo { text.undo.clone() } else { text.run.clone() })
}

fn look(context: &Context, args: &AuditSetUp, id: &InstanceId) -> Outcome {
    context.open_keychain()?;
    let view = context.wait(context.core.audit_set_up(id))?;
    context.out.answer(&view, || described(&view, &shell_word(&args.at.instance)))
}

fn described(view: &AuditSetUpView, instance: &str) -> String {
    let mut text = String::from("Roads to everybody's keys, in the order they are tried in:\n");
    let mut roads = Table::new(&["ROAD", "STATE", "BY", "WHY"]);
    for road in &view.roads {
        let name = match road.kind {
            SetUpRoad::Dataset => "dataset superset_key_audit",
            SetUpRoad::SqlLab => "SQL Lab",
        };
        let why = road.because.map(|code| words::road_closed(road, code, view)).unwrap_or_default();
        let by = road.database_name.clone().unwrap_or_default();
        roads.row(vec![name.to_owned(), words::road_state(road.state).to_owned(), by, why]);
    }
    text.push_str(&roads.aligned());
    if !view.databases.is_empty() {
        text.push_str("\n\nDatabases that Superset could keep its own data in:\n");
        let mut table = Table::new(&["NUMBER", "DATABASE", "SHOWS", "ITS LOGIN"]);
        for database in &view.databases {
            let shows = match &database.shows {
                Shows::View { schema } => format!("superset_key_audit in {schema}"),
                Shows::Tables { schema } => format!("Superset's tables in {schema}"),
                Shows::Neither => "neither keys nor the view".to_owned(),
                Shows::Unknown => "it did not answer".to_owned(),
            };
            let login = database.login.as_ref().map(words::login).unwrap_or_default();
            table.row(vec![database.id.to_string(), database.name.clone(), shows, login]);
        }
        text.push_str(&table.aligned());
    }
    text.push_str("\n\nPermissions:\n");
    let mut table = Table::new(&["PERMISSION", "FOR", "YOU"]);
    for one in &view.permissions {
        let has = match one.has {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        };
        table.row(vec![one.permission.clone(), words::takes(one.takes_it).to_owned(), has.to_owned()]);
    }
    text.push_str(&table.aligned());
    text.push_str("\n\n");
    text.push_str(&words::next_step(view, instance));
    text
}

fn make_dataset(context: &Context, args: &AuditSetUp, id: &InstanceId, typed: &str) -> Outcome {
    if !args.yes && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    let database = context.wait(context.core.find_audit_database(id, typed))?;
    let seen_by = context.wait(context.core.audit_seen_by(id))?;
    let seen = words::seen_by(&seen_by);
    if args.yes {
        context.out.note(&seen);
    } else {
        let answer = context.ask(format!("{seen}\nMake the dataset superset_key_audit? [y/N]"))?;
        if !input::is_yes(&answer) {
            return Err(Failure::face(FaceCode::Declined));
        }
    }
    let made = context.wait(context.core.make_audit_dataset(id, database, args.trust_database))?;
    let view = MadeView { dataset: &made, seen_by: &seen_by };
    context.out.answer(&view, || said(&made, &shell_word(&args.at.instance)))
}

#[derive(serde::Serialize)]
struct MadeView<'a> {
    dataset: &'a AuditDatasetView,
    seen_by: &'a SeenByView,
}

fn said(made: &AuditDatasetView, instance: &str) -> String {
    let what = if made.already { "was there already" } else { "is made" };
    let login = match &made.login {
        LoginCheck::Asked | LoginCheck::Remembered { .. } => "its login reads the view and nothing more",
        LoginCheck::NotChecked => "what its login may was not checked",
        LoginCheck::Trusted => "its login was trusted, because you said so",
    };
    format!(
        "The dataset superset_key_audit {what}, number {} in \"{}\": {login}.\n\
         `superset-keys audit {instance}` reads everybody's keys by it; `superset-keys audit role {instance}` makes a role for a nightly job.",
        made.id, made.database_name
    )
}
