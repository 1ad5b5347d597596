//! What it takes to read everybody's keys on an instance: which road is open, what closes the others, and the SQL for
//! whoever owns the database. Only reads.

use super::audit_databases::Shows;
use super::audit_set_up_view::{
    AuditSetUpView, LoginView, RoadState, SeenByView, SetUpDatabaseView, SetUpDatasetView,
    SetUpPermissionView, SetUpRoad, SetUpRoadView, SetUpSqlView, TakesPermission,
};
use super::with_session::Caller;
use crate::Core;
use crate::audit::login::Verdict;
use crate::audit::sql::{Dialect, Script, VIEW, VIEW_COLUMNS};
use crate::error::{Error, ErrorCode, NotJudged, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::{Database, Permissions};
use futures_util::future::join_all;

/// More roles than are asked one by one who reads everything.
const MOST_ROLES: usize = 60;

impl Core {
    /// Looks at what there is on the server. A permission that is missing closes a road; it is no error.
    pub async fn audit_set_up(&self, id: &InstanceId) -> Result<AuditSetUpView> {
        let instance = self.instance(id)?;
        let permissions = match self.own_permissions(&instance).await {
            Ok(permissions) => permissions,
            Err(Error::SetUpForbidden { .. }) => None,
            Err(error) => return Err(error),
        };
        let datasets = self.datasets_to_show(&instance).await?;
        let (databases, databases_hidden) = self.databases_to_show(&instance).await?;
        let seen_by = self.who_would_see(&instance).await?;
        Ok(AuditSetUpView {
            roads: vec![
                by_dataset(datasets.as_deref(), &databases, permissions.as_ref()),
                by_sql_lab(&databases, databases_hidden, permissions.as_ref()),
            ],
            permissions: needed(permissions.as_ref()),
            databases,
            datasets: datasets.unwrap_or_default(),
            sql: audit_sql(),
            seen_by,
        })
    }

    /// Who will see the dataset once it is there: to be said before it is made.
    pub async fn audit_seen_by(&self, id: &InstanceId) -> Result<SeenByView> {
        let instance = self.instance(id)?;
        self.who_would_see(&instance).await
    }

    /// None where the server takes everybody for a stranger: what strangers may says nothing of this person.
    async fn own_permissions(&self, instance: &Instance) -> Result<Option<Permissions>> {
        let site = self.site(instance);
        if self.superset.takes_all_for_strangers(&site).await {
            return Ok(None);
        }
        self.with_session(instance, |by| async move { self.superset.permissions(&by.site, by.auth()).await })
            .await
            .map(Some)
    }

    /// None where the person may not list datasets.
    async fn datasets_to_show(&self, instance: &Instance) -> Result<Option<Vec<SetUpDatasetView>>> {
        let found = match self.datasets_of_view(instance).await {
            Ok(found) => found,
            Err(Error::SetUpForbidden { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut shown = Vec::new();
        for dataset in found {
            shown.push(SetUpDatasetView {
                id: dataset.id,
                database: dataset.database,
                database_name: dataset.database_name,
                missing: self.missing_columns(instance, dataset.id).await?,
            });
        }
        Ok(Some(shown))
    }

    /// And whether the person may not list databases.
    async fn databases_to_show(&self, instance: &Instance) -> Result<(Vec<SetUpDatabaseView>, bool)> {
        let looked = match self.look_into_databases(instance).await {
            Ok(looked) => looked,
            Err(Error::SetUpForbidden { .. }) => return Ok((Vec::new(), true)),
            Err(error) => return Err(error),
        };
        let shown = looked.into_iter().map(|(database, shows)| self.database_view(instance, database, shows));
        let shown: Result<Vec<_>> = join_all(shown).await.into_iter().collect();
        Ok((shown?, false))
    }

    async fn database_view(
        &self,
        instance: &Instance,
        database: Database,
        shows: Shows,
    ) -> Result<SetUpDatabaseView> {
        let login = match shows {
            Shows::View { .. } | Shows::Tables { .. } => {
                Some(match self.judge_login(instance, &database).await? {
                    Verdict::Fine => LoginView::Fine,
                    Verdict::TooMuch(rights) => LoginView::TooMuch { rights },
                    Verdict::Unknown(reason) => LoginView::Unknown { reason },
                })
            }
            Shows::Neither | Shows::Unknown => None,
        };
        let dialect = Dialect::of_backend(&database.backend);
        Ok(SetUpDatabaseView { id: database.id, name: database.name, dialect, shows, login })
    }

    /// Whoever may read all datasets, by role.
    async fn who_would_see(&self, instance: &Instance) -> Result<SeenByView> {
        match self.with_session(instance, |by| self.roles_that_see_all(by)).await {
            Ok(roles) => Ok(SeenByView { roles, asked: true }),
            Err(
                Error::SetUpForbidden { .. } | Error::ServerFault { .. } | Error::UnexpectedAnswer { .. },
            ) => {
                let roles = ["Admin", "Alpha"].map(str::to_owned).to_vec();
                Ok(SeenByView { roles, asked: false })
            }
            Err(error) => Err(error),
        }
    }

    async fn roles_that_see_all(&self, by: Caller) -> Result<Vec<String>> {
        let roles = self.superset.roles(&by.site, by.auth()).await?;
        if roles.len() > MOST_ROLES {
            return Err(Error::UnexpectedAnswer { what: "roles", status: 200 });
        }
        let asked = roles.iter().map(|(id, _)| self.superset.role_permissions(&by.site, by.auth(), *id));
        let mut seeing = Vec::new();
        for ((_, name), permissions) in roles.iter().zip(join_all(asked).await) {
            let sees = ["all_datasource_access", "all_database_access"];
            if permissions?.iter().any(|one| sees.contains(&one.permission.action.as_str())) {
                seeing.push(name.clone());
            }
        }
        Ok(seeing)
    }
}

fn road(kind: SetUpRoad, state: RoadState, because: Option<ErrorCode>) -> SetUpRoadView {
    SetUpRoadView { kind, state, because, database: None, database_name: None, dataset: None }
}

/// Through a dataset: the first that is whole and whose database may be used.
fn by_dataset(
    datasets: Option<&[SetUpDatasetView]>,
    databases: &[SetUpDatabaseView],
    permissions: Option<&Permissions>,
) -> SetUpRoadView {
    let none = |state, because| road(SetUpRoad::Dataset, state, because);
    let Some(datasets) = datasets else {
        return none(RoadState::NotAllowed, Some(ErrorCode::SetUpForbidden));
    };
    let judged = datasets.iter().map(|dataset| {
        let database = databases.iter().find(|database| database.id == dataset.database);
        let (state, because) = match database.and_then(|database| database.login.as_ref()) {
            _ if !dataset.missing.is_empty() => (RoadState::Broken, Some(ErrorCode::AuditViewOutdated)),
            // Readers who cannot ask what the login may cannot do harm by it either.
            Some(LoginView::Unknown { reason: NotJudged::NotAllowed }) => {
                (RoadState::Open, Some(ErrorCode::LoginNotJudged))
            }
            Some(login) => refused(login).unwrap_or((RoadState::Open, None)),
            None if database.is_some_and(|database| database.shows == Shows::Unknown) => {
                (RoadState::Broken, Some(ErrorCode::QueryFailed))
            }
            None if database.is_some_and(|database| database.shows == Shows::Neither) => {
                (RoadState::Broken, Some(ErrorCode::AuditViewMissing))
            }
            None => (RoadState::Open, None),
        };
        SetUpRoadView {
            database: Some(dataset.database),
            database_name: Some(dataset.database_name.clone()),
            dataset: Some(dataset.id),
            ..none(state, because)
        }
    });
    let best = judged.min_by_key(|road| rank(road.state));
    let best = best.unwrap_or_else(|| none(RoadState::NotThere, Some(ErrorCode::NoAuditRoad)));
    if best.state == RoadState::Open && permissions.is_some_and(|own| !own.may("can_read", "Chart")) {
        return SetUpRoadView {
            state: RoadState::NotAllowed,
            because: Some(ErrorCode::SetUpForbidden),
            ..best
        };
    }
    best
}

/// Through SQL Lab: the first connection that shows keys and may be used.
fn by_sql_lab(
    databases: &[SetUpDatabaseView],
    hidden: bool,
    permissions: Option<&Permissions>,
) -> SetUpRoadView {
    let none = |state, because| road(SetUpRoad::SqlLab, state, because);
    let may = |permissions: &Permissions| permissions.may("can_execute_sql_query", "SQLLab");
    if hidden || permissions.is_some_and(|permissions| !may(permissions)) {
        return none(RoadState::NotAllowed, Some(ErrorCode::SetUpForbidden));
    }
    let judged = databases.iter().filter_map(|database| {
        let (state, because) = refused(database.login.as_ref()?).unwrap_or((RoadState::Open, None));
        Some(SetUpRoadView {
            database: Some(database.id),
            database_name: Some(database.name.clone()),
            ..none(state, because)
        })
    });
    let best = judged.min_by_key(|road| rank(road.state));
    best.unwrap_or_else(|| none(RoadState::NotThere, Some(ErrorCode::NoAuditRoad)))
}

/// Better ones first.
fn rank(state: RoadState) -> u8 {
    match state {
        RoadState::Open => 0,
        RoadState::Broken => 1,
        RoadState::Refused => 2,
        RoadState::NotAllowed => 3,
        RoadState::NotThere => 4,
    }
}

fn refused(login: &LoginView) -> Option<(RoadState, Option<ErrorCode>)> {
    match login {
        LoginView::Fine => None,
        LoginView::TooMuch { .. } => Some((RoadState::Refused, Some(ErrorCode::LoginMayTooMuch))),
        LoginView::Unknown { .. } => Some((RoadState::Refused, Some(ErrorCode::LoginNotJudged))),
    }
}

/// What Superset 6.1.0 asks for.
fn needed(own: Option<&Permissions>) -> Vec<SetUpPermissionView> {
    use TakesPermission as T;
    let all: [(T, &str, &str); 11] = [
        (T::Dataset, "can_read", "Chart"),
        (T::Dataset, "can_read", "Dataset"),
        (T::SqlLab, "can_execute_sql_query", "SQLLab"),
        (T::SqlLab, "can_read", "Database"),
        (T::SqlLab, "can_read", "SecurityRestApi"),
        (T::MakeDataset, "can_write", "Dataset"),
        (T::MakeDataset, "can_execute_sql_query", "SQLLab"),
        (T::MakeRole, "can_get", "Role"),
        (T::MakeRole, "can_post", "Role"),
        (T::MakeRole, "can_add_role_permissions", "Role"),
        (T::MakeRole, "can_get", "PermissionViewMenu"),
    ];
    let view = |(takes_it, action, on): (T, &str, &str)| SetUpPermissionView {
        permission: format!("{action} on {on}"),
        takes_it,
        has: own.map(|own| own.may(action, on)),
    };
    all.into_iter().map(view).collect()
}

/// What whoever owns the database runs, for each kind of it.
#[must_use]
pub fn audit_sql() -> Vec<SetUpSqlView> {
    let of = |dialect: Dialect, columns_only: bool, script: Script| SetUpSqlView {
        dialect,
        columns_only,
        file_name: format!("{VIEW}_{dialect}{}.sql", if columns_only { "_columns" } else { "" }),
        run: script.run.to_owned(),
        undo: script.undo.to_owned(),
        columns: u32::try_from(VIEW_COLUMNS.len()).unwrap_or_default(),
    };
    let both = |dialect: &Dialect| {
        let columns = dialect.columns().map(|script| of(*dialect, true, script));
        std::iter::once(of(*dialect, false, dialect.view())).chain(columns).collect::<Vec<_>>()
    };
    Dialect::ALL.iter().flat_map(both).collect()
}
