//! The words of setting an audit up.

use super::values::{login_may, not_judged, snake_case};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{
    AuditSetUpView, LoginView, RoadState, SeenByView, SetUpRoad, SetUpRoadView, Shows, TakesPermission,
};

pub fn road_state(state: RoadState) -> &'static str {
    match state {
        RoadState::Open => "open",
        RoadState::NotThere => "not there yet",
        RoadState::Refused => "refused",
        RoadState::NotAllowed => "not for you",
        RoadState::Broken => "broken",
    }
}

/// What closes a road, in a few words.
pub fn road_closed(road: &SetUpRoadView, code: ErrorCode, view: &AuditSetUpView) -> String {
    let login = || {
        let database = view.databases.iter().find(|database| Some(database.id) == road.database);
        database.and_then(|database| database.login.as_ref()).map(login).unwrap_or_default()
    };
    match code {
        ErrorCode::LoginMayTooMuch | ErrorCode::LoginNotJudged => login(),
        ErrorCode::SetUpForbidden => "a permission is missing, see below".to_owned(),
        ErrorCode::AuditViewOutdated => {
            let dataset = view.datasets.iter().find(|dataset| Some(dataset.id) == road.dataset);
            let missing = dataset.map(|dataset| dataset.missing.join(", ")).unwrap_or_default();
            format!("the view is of another form: it lacks {missing}")
        }
        ErrorCode::AuditViewMissing => "the view is not in its database any more".to_owned(),
        ErrorCode::QueryFailed => "its database does not answer".to_owned(),
        _ => match road.kind {
            SetUpRoad::Dataset => "there is no such dataset".to_owned(),
            SetUpRoad::SqlLab => "no database that you see shows keys".to_owned(),
        },
    }
}

pub fn login(login: &LoginView) -> String {
    match login {
        LoginView::Fine => "reads the view and nothing more".to_owned(),
        LoginView::TooMuch { rights } => {
            login_may(&rights.iter().map(snake_case).collect::<Vec<_>>().join(", "))
        }
        LoginView::Unknown { reason } => format!("not known: {}", not_judged(&snake_case(reason)).0),
    }
}

pub fn takes(what: TakesPermission) -> &'static str {
    match what {
        TakesPermission::Dataset => "reading by the dataset",
        TakesPermission::SqlLab => "reading by SQL Lab",
        TakesPermission::MakeDataset => "making the dataset",
        TakesPermission::MakeRole => "making the role",
    }
}

/// Who will see the dataset, before it is there.
pub fn seen_by(seen_by: &SeenByView) -> String {
    let roles = match seen_by.roles.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => return "Nobody sees it unless they are given access.".to_owned(),
    };
    let sure = if seen_by.asked { "" } else { ", or another that may read all datasets," };
    format!(
        "Everybody with the role {roles}{sure} will see it: names, owners and times of all keys. Never a key, nor a hash."
    )
}

/// What to do next, in whole sentences.
pub fn next_step(view: &AuditSetUpView, instance: &str) -> String {
    let is_open = |road: &SetUpRoadView| road.kind == SetUpRoad::Dataset && road.state == RoadState::Open;
    if view.roads.iter().any(is_open) {
        return format!(
            "Nothing is missing: `superset-keys audit {instance}` reads everybody's keys. `superset-keys audit role {instance}` makes a role for a nightly job."
        );
    }
    let shown: Vec<_> =
        view.databases.iter().filter(|database| matches!(database.shows, Shows::View { .. })).collect();
    if let Some(database) = shown.iter().find(|database| database.login == Some(LoginView::Fine)) {
        return format!(
            "Next: `superset-keys audit set-up {instance} --make-dataset --database {}`. {}",
            database.id,
            seen_by(&view.seen_by)
        );
    }
    let too_much = |login: &LoginView| matches!(login, LoginView::TooMuch { .. });
    if shown.iter().any(|database| database.login.as_ref().is_some_and(too_much)) {
        return format!(
            "The view is there, and the login that shows it may too much. Next: an Admin adds the login superset_key_auditor to Superset \
             as a database of its own, open to SQL Lab. `superset-keys audit set-up {instance} --sql postgresql` says how it is made."
        );
    }
    if !shown.is_empty() {
        return "Next: somebody who may use SQL Lab, an Admin for instance, runs this and makes the dataset."
            .to_owned();
    }
    let dialect = view
        .databases
        .iter()
        .find_map(|database| (database.shows != Shows::Neither).then_some(database.dialect).flatten());
    let kind = dialect.map_or_else(|| "postgresql".to_owned(), |dialect| dialect.to_string());
    format!(
        "Next: whoever owns Superset's metadata database runs what `superset-keys audit set-up {instance} --sql {kind}` prints, \
         and an Admin adds the login that it makes to Superset as a database, open to SQL Lab. Then run this again.\n\
         An upgrade of Superset can stop at the view: it is dropped before, and made again after."
    )
}
