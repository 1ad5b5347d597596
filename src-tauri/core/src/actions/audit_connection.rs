//! What the login behind a connection may, asked before everybody's keys are read by it.
//!
//! Whoever may use a connection in SQL Lab does there what its login may, so it is asked there too, each time. Whoever
//! may not use SQL Lab cannot ask, and cannot do harm by it either: for them a dataset goes by what was found when
//! somebody could, and says how long ago.

use super::with_session::Caller;
use crate::Core;
use crate::audit::login::{RightsWire, Verdict};
use crate::audit::sql::{Dialect, VIEW};
use crate::clock::rfc3339;
use crate::error::{Error, NotJudged, Result};
use crate::ids::InstanceId;
use crate::store::{Instance, JudgedLogin, Rest};
use crate::superset::{Database, SqlQuery, client_id};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A verdict is written down again when the one that is there is older.
const NOTED_AGAIN: SignedDuration = SignedDuration::from_hours(12);

/// A login that may be used, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LoginCheck {
    /// It was asked just now, and reads the view alone.
    Asked,
    /// The reader cannot ask it. It was fine when somebody did.
    Remembered {
        /// RFC 3339 in UTC.
        at: String,
        by: Option<String>,
    },
    /// The reader of a dataset cannot ask it, and nobody did from this computer.
    NotChecked,
    /// It may too much, or cannot be asked, and a person said to go on for this once.
    Trusted,
}

impl Core {
    /// Asks what a connection's login may. What stands in the way of asking is a verdict too; only a server that is not
    /// there is an error.
    pub(super) async fn judge_login(&self, instance: &Instance, database: &Database) -> Result<Verdict> {
        let Some(dialect) = Dialect::of_backend(&database.backend) else {
            return Ok(Verdict::Unknown(NotJudged::OtherKind));
        };
        let Some(question) = dialect.rights() else { return Ok(Verdict::Unknown(NotJudged::NoLogins)) };
        if !database.is_in_sql_lab {
            return Ok(Verdict::Unknown(NotJudged::NotInSqlLab));
        }
        let asked = self.with_session(instance, |by| self.ask_rights(by, database.id, question)).await;
        match asked {
            Ok(rows) => Ok(Verdict::of(&rows)),
            Err(Error::Forbidden | Error::SetUpForbidden { .. }) => {
                Ok(Verdict::Unknown(NotJudged::NotAllowed))
            }
            Err(
                error @ (Error::QueryFailed { .. }
                | Error::UnexpectedAnswer { .. }
                | Error::ServerFault { .. }
                | Error::NoSuchConnection { .. }),
            ) => {
                tracing::info!(%error, database = database.id, "a login did not say what it may");
                Ok(Verdict::Unknown(NotJudged::NoAnswer))
            }
            Err(error) => Err(error),
        }
    }

    async fn ask_rights(&self, by: Caller, database: i32, question: &str) -> Result<Vec<RightsWire>> {
        let csrf = self.superset.csrf(&by.site, by.auth()).await?;
        let client = client_id(self.random.next());
        let query = SqlQuery { database, sql: question, limit: 10, client: &client };
        Ok(self.superset.run_sql(&by.site, by.auth(), &csrf, query).await?.rows)
    }

    /// Whether everybody's keys may be read by SQL Lab on this connection. `trust` goes on whatever is found.
    ///
    /// # Errors
    /// [`Error::LoginMayTooMuch`], [`Error::LoginNotJudged`].
    pub async fn check_login(
        &self,
        instance: &Instance,
        database: &Database,
        trust: bool,
    ) -> Result<LoginCheck> {
        let verdict = self.judge_login(instance, database).await?;
        self.note_verdict(&instance.id, database.id, &verdict).await;
        allowed(verdict, &database.name, trust)
    }

    /// Whether everybody's keys may be read by a dataset that lies in this database. What its readers reach is the
    /// dataset alone; who of them can ask what the login may does, and who cannot goes by what others found.
    ///
    /// # Errors
    /// [`Error::LoginMayTooMuch`], [`Error::LoginNotJudged`].
    pub async fn check_login_of_dataset(
        &self,
        instance: &Instance,
        database: i32,
        trust: bool,
    ) -> Result<LoginCheck> {
        let seen = self
            .with_session(instance, |by| async move { self.superset.databases(&by.site, by.auth()).await })
            .await;
        let seen = match seen {
            Ok(all) => all.into_iter().find(|one| one.id == database),
            Err(Error::SetUpForbidden { .. }) => None,
            Err(error) => return Err(error),
        };
        let Some(seen) = seen else { return self.check_unseen(instance, database, trust).await };
        let verdict = self.judge_login(instance, &seen).await?;
        self.note_verdict(&instance.id, database, &verdict).await;
        match verdict {
            Verdict::Unknown(NotJudged::NotAllowed) => remembered(instance, database, &seen.name, trust),
            // Shut to SQL Lab after it was judged: so much the better.
            Verdict::Unknown(NotJudged::NotInSqlLab) => {
                match remembered(instance, database, &seen.name, trust)? {
                    LoginCheck::NotChecked => allowed(verdict, &seen.name, trust),
                    remembered => Ok(remembered),
                }
            }
            verdict => allowed(verdict, &seen.name, trust),
        }
    }

    /// A reader who does not see the database still sees which kind it is.
    async fn check_unseen(&self, instance: &Instance, database: i32, trust: bool) -> Result<LoginCheck> {
        let form = self
            .with_session(instance, |by| async move {
                let datasets = self.superset.datasets_called(&by.site, by.auth(), VIEW).await?;
                match datasets.iter().find(|dataset| dataset.database == database) {
                    Some(dataset) => self.superset.dataset_form(&by.site, by.auth(), dataset.id).await,
                    None => Ok(None),
                }
            })
            .await;
        let backend = match form {
            Ok(form) => form.map(|form| form.backend),
            Err(Error::Forbidden | Error::SetUpForbidden { .. } | Error::DatasetHidden { .. }) => None,
            Err(error) => return Err(error),
        };
        match backend.map(|backend| Dialect::of_backend(&backend)) {
            Some(None) => allowed(Verdict::Unknown(NotJudged::OtherKind), VIEW, trust),
            Some(Some(Dialect::Sqlite)) => allowed(Verdict::Unknown(NotJudged::NoLogins), VIEW, trust),
            _ => remembered(instance, database, VIEW, trust),
        }
    }

    /// Also what was refused: whoever comes next and cannot ask is refused as well. A verdict that could not be reached
    /// says nothing of the one before.
    async fn note_verdict(&self, id: &InstanceId, database: i32, verdict: &Verdict) {
        let (now, id) = (self.now.now(), id.clone());
        let (rights, not_judged) = match verdict {
            Verdict::Fine => (Vec::new(), None),
            Verdict::TooMuch(rights) => (rights.clone(), None),
            Verdict::Unknown(reason @ (NotJudged::NoLogins | NotJudged::OtherKind)) => {
                (Vec::new(), Some(*reason))
            }
            Verdict::Unknown(_) => return,
        };
        let found = JudgedLogin { database, at: now, by: None, rights, not_judged, rest: Rest::new() };
        let noted = self.instance(&id).ok().and_then(|instance| judged(&instance, database).cloned());
        if noted.is_some_and(|noted| is_noted(&noted, &found)) {
            return;
        }
        let changed = self
            .change(move |state| {
                let instance = state.instance_mut(&id)?;
                let by = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
                let by = by.map(|user| user.username.clone());
                let judged = &mut instance.audit.judged;
                judged.retain(|judged| judged.database != database);
                judged.push(JudgedLogin { by, ..found });
                Ok(())
            })
            .await;
        if let Err(error) = changed {
            tracing::warn!(%error, "what a login may was not noted");
        }
    }
}

/// For a reader who knows a dataset by its number alone: what was found of the database it lay in.
pub(super) fn check_login_by_number(
    instance: &Instance,
    database: Option<i32>,
    trust: bool,
) -> Result<LoginCheck> {
    database.map_or(Ok(LoginCheck::NotChecked), |database| remembered(instance, database, VIEW, trust))
}

fn judged(instance: &Instance, database: i32) -> Option<&JudgedLogin> {
    instance.audit.judged.iter().find(|judged| judged.database == database)
}

/// What somebody found who could ask.
fn remembered(instance: &Instance, database: i32, name: &str, trust: bool) -> Result<LoginCheck> {
    match judged(instance, database) {
        None => Ok(LoginCheck::NotChecked),
        Some(judged) if judged.is_fine() => {
            Ok(LoginCheck::Remembered { at: rfc3339(judged.at), by: judged.by.clone() })
        }
        Some(judged) => {
            let rights = || Verdict::TooMuch(judged.rights.clone());
            allowed(judged.not_judged.map_or_else(rights, Verdict::Unknown), name, trust)
        }
    }
}

/// The same was found not long ago.
fn is_noted(noted: &JudgedLogin, found: &JudgedLogin) -> bool {
    let is_same = noted.rights == found.rights && noted.not_judged == found.not_judged;
    is_same && found.at.duration_since(noted.at).abs() < NOTED_AGAIN
}

fn allowed(verdict: Verdict, database: &str, trust: bool) -> Result<LoginCheck> {
    let database = database.to_owned();
    match verdict {
        Verdict::Fine => Ok(LoginCheck::Asked),
        _ if trust => Ok(LoginCheck::Trusted),
        Verdict::TooMuch(rights) => Err(Error::LoginMayTooMuch { database, rights }),
        Verdict::Unknown(reason) => Err(Error::LoginNotJudged { database, reason }),
    }
}
