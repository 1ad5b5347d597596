//! What it takes to read everybody's keys, as the window and `--json` show it.

use super::audit_databases::Shows;
use crate::audit::sql::Dialect;
use crate::error::{ErrorCode, LoginRight, NotJudged};
use serde::{Deserialize, Serialize};

/// What it takes to read everybody's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditSetUpView {
    /// In the order they are tried in.
    pub roads: Vec<SetUpRoadView>,
    /// What takes which permission, and whether the person has it.
    pub permissions: Vec<SetUpPermissionView>,
    /// Databases that Superset could keep its metadata in, as far as the person sees them.
    pub databases: Vec<SetUpDatabaseView>,
    pub datasets: Vec<SetUpDatasetView>,
    pub sql: Vec<SetUpSqlView>,
    pub seen_by: SeenByView,
}

/// A road to everybody's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SetUpRoadView {
    pub kind: SetUpRoad,
    pub state: RoadState,
    /// What closes it; where it is open, what is not known of it.
    pub because: Option<ErrorCode>,
    /// The database it goes by, where one was found.
    pub database: Option<i32>,
    pub database_name: Option<String>,
    pub dataset: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SetUpRoad {
    /// Chart data on a dataset of the view.
    Dataset,
    /// A query in SQL Lab.
    SqlLab,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RoadState {
    Open,
    /// There is nothing to go by yet.
    NotThere,
    /// It would work, and is not used: the login may too much, or what it may is not known.
    Refused,
    /// The person lacks a permission.
    NotAllowed,
    /// The view is of another form, or did not answer.
    Broken,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SetUpPermissionView {
    /// `can_read on Chart`.
    pub permission: String,
    pub takes_it: TakesPermission,
    /// None where the server does not tell.
    pub has: Option<bool>,
}

/// What a permission is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum TakesPermission {
    Dataset,
    SqlLab,
    MakeDataset,
    MakeRole,
}

/// A database of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SetUpDatabaseView {
    pub id: i32,
    pub name: String,
    pub dialect: Option<Dialect>,
    pub shows: Shows,
    /// Asked where it shows keys.
    pub login: Option<LoginView>,
}

/// What a login may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LoginView {
    /// It reads the view, and nothing more.
    Fine,
    TooMuch {
        rights: Vec<LoginRight>,
    },
    Unknown {
        reason: NotJudged,
    },
}

/// A dataset that bears the view's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SetUpDatasetView {
    pub id: i32,
    pub database: i32,
    pub database_name: String,
    /// Columns that it lacks: the view is of an older form, or was made anew since.
    pub missing: Vec<String>,
}

/// A text for whoever owns the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SetUpSqlView {
    pub dialect: Dialect,
    /// Rights on single columns instead of a view.
    pub columns_only: bool,
    /// A name for a file of it.
    pub file_name: String,
    pub run: String,
    /// What takes it back.
    pub undo: String,
    /// How many columns it lets be read.
    pub columns: u32,
}

/// Who sees a dataset once it is there, whether or not anybody gives them access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SeenByView {
    pub roles: Vec<String>,
    /// False: the person may not look into roles, and these are the ones that Superset ships.
    pub asked: bool,
}
