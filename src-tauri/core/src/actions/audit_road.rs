//! The way to everybody's keys: found by itself, a dataset of the view first, else SQL Lab on a connection that shows
//! the view, or Superset's tables.

use super::audit_connection::{LoginCheck, check_login_by_number};
use super::audit_databases::Shows;
use super::read_audit::Read;
use crate::audit::sql::{Dialect, VIEW};
use crate::audit::{Road, Source};
use crate::error::{Error, NotJudged, QueryProblem};
use crate::http::Auth;
use crate::instance::User;
use crate::store::Instance;
use crate::superset::{Database, Dataset};
use crate::{Core, Result};

/// As Flask-AppBuilder calls it unless `AUTH_ROLE_ADMIN` says otherwise.
const ADMIN: &str = "Admin";

impl Core {
    /// Everybody's keys by the first road that leads there. What stood in the way on the others is the reason where none
    /// does.
    pub(super) async fn read_by_any_road(&self, instance: &Instance, trust: bool) -> Result<Read> {
        let mut why_not = WhyNot::default();
        for dataset in self.audit_datasets(instance).await? {
            let read = match self.read_by_dataset(instance, dataset, trust).await {
                // Where charts are open to strangers, whoever asks for their data is taken for one.
                Err(Error::AuditForbidden) if self.takes_all_for_strangers(instance).await => {
                    Err(Error::PublicRole)
                }
                read => read,
            };
            if let Some(read) = why_not.unless_shut(read)? {
                return Ok(read);
            }
        }
        let connections = self.audit_connections(instance).await?;
        let may_look = connections.is_some();
        for connection in connections.unwrap_or_default() {
            let read = self.read_by_connection(instance, connection, trust).await;
            if let Some(read) = why_not.unless_shut(read)? {
                return Ok(read);
            }
        }
        Err(match why_not.0 {
            Some(reason) => reason,
            None => self.why_no_road(instance, may_look).await,
        })
    }

    /// Those that this person sees, and else the one that was read last: who may read it need not be able to find it. A
    /// dataset made of a query may be anything under that name, so it is left out.
    async fn audit_datasets(&self, instance: &Instance) -> Result<Vec<Place>> {
        let seen = self
            .with_session(instance, |by| async move {
                self.superset.datasets_called(&by.site, by.auth(), VIEW).await
            })
            .await;
        match seen {
            Ok(seen) => {
                let mut seen: Vec<_> = seen.iter().filter(|one| !one.is_virtual).map(Place::of).collect();
                // The one that was made for it, or read last, and not whichever is the oldest.
                seen.sort_by_key(|place| instance.audit.dataset != Some(place.id));
                Ok(seen)
            }
            Err(Error::SetUpForbidden { .. }) => {
                let by_number = |id| Place { id, database: instance.audit.dataset_database, is_seen: false };
                Ok(instance.audit.dataset.map(by_number).into_iter().collect())
            }
            Err(error) => Err(error),
        }
    }

    async fn read_by_dataset(&self, instance: &Instance, at: Place, trust: bool) -> Result<Read> {
        let login = match at.database {
            Some(database) if at.is_seen => self.check_login_of_dataset(instance, database, trust).await?,
            database => check_login_by_number(instance, database, trust)?,
        };
        // Trust is for once: nobody finds their way here by it later.
        let is_trusted = login == LoginCheck::Trusted;
        let read = self.read_along(instance, Road::Dataset { id: at.id }, login).await?;
        let id = instance.id.clone();
        let known = (Some(at.id), at.database.or(instance.audit.dataset_database));
        if !is_trusted && (instance.audit.dataset, instance.audit.dataset_database) != known {
            let remembered = self.change(move |state| {
                let audit = &mut state.instance_mut(&id)?.audit;
                (audit.dataset, audit.dataset_database) = known;
                Ok(())
            });
            if let Err(error) = remembered.await {
                tracing::warn!(%error, "the dataset's number was not remembered");
            }
        }
        Ok(read)
    }

    /// Connections that show the view, or else Superset's tables; those with the view first. None where this person may
    /// not see any.
    async fn audit_connections(&self, instance: &Instance) -> Result<Option<Vec<Connection>>> {
        let looked = match self.look_into_databases(instance).await {
            Ok(looked) => looked,
            Err(Error::SetUpForbidden { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let shown = looked.into_iter().filter(|(database, _)| database.is_in_sql_lab);
        let mut shown: Vec<_> =
            shown.filter_map(|(database, shows)| Connection::of(database, shows)).collect();
        shown.sort_by_key(|connection| connection.source != Source::View);
        Ok(Some(shown))
    }

    async fn read_by_connection(&self, instance: &Instance, by: Connection, trust: bool) -> Result<Read> {
        let login = match self.check_login(instance, &by.database, trust).await {
            // Who may not ask there may not read there either.
            Err(Error::LoginNotJudged { reason: NotJudged::NotAllowed, .. }) => {
                return Err(Error::AuditForbidden);
            }
            login => login?,
        };
        let Connection { database: Database { id, name, .. }, dialect, schema, source } = by;
        let road = Road::SqlLab { database: id, name, dialect, schema, source };
        self.read_along(instance, road, login).await
    }

    async fn takes_all_for_strangers(&self, instance: &Instance) -> bool {
        self.superset.takes_all_for_strangers(&self.site(instance)).await
    }

    /// Nothing was seen: because there is nothing, or because this person is shown nothing.
    async fn why_no_road(&self, instance: &Instance, may_look: bool) -> Error {
        // A list that strangers get is everybody's, and empty.
        if self.superset.datasets_called(&self.site(instance), Auth::Nobody, VIEW).await.is_ok() {
            return Error::PublicRole;
        }
        let user = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
        let is_admin = |user: &User| user.roles.iter().any(|role| role == ADMIN);
        match user {
            _ if !may_look => Error::AuditForbidden,
            // A server that takes all for strangers does not tell whose roles these are.
            Some(user) if !is_admin(user) && !self.takes_all_for_strangers(instance).await => {
                Error::AuditForbidden
            }
            _ => Error::NoAuditRoad,
        }
    }
}

/// A dataset, and the database it lies in as far as that is known.
struct Place {
    id: i32,
    database: Option<i32>,
    /// It was found, and not only remembered.
    is_seen: bool,
}

impl Place {
    fn of(dataset: &Dataset) -> Self {
        Self { id: dataset.id, database: Some(dataset.database), is_seen: true }
    }
}

struct Connection {
    database: Database,
    dialect: Dialect,
    schema: String,
    source: Source,
}

impl Connection {
    fn of(database: Database, shows: Shows) -> Option<Self> {
        let dialect = Dialect::of_backend(&database.backend)?;
        match shows {
            Shows::View { schema } => Some(Self { database, dialect, schema, source: Source::View }),
            Shows::Tables { schema } => Some(Self { database, dialect, schema, source: Source::Tables }),
            Shows::Neither | Shows::Unknown => None,
        }
    }
}

/// What stood in the way first.
#[derive(Default)]
struct WhyNot(Option<Error>);

impl WhyNot {
    /// None where this road is shut, and another may be open.
    fn unless_shut(&mut self, read: Result<Read>) -> Result<Option<Read>> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(
                reason @ (Error::AuditForbidden
                | Error::PublicRole
                | Error::AuditViewMissing
                | Error::AuditViewOutdated { .. }
                | Error::LoginMayTooMuch { .. }
                | Error::LoginNotJudged { .. }
                | Error::QueryFailed {
                    problem:
                        QueryProblem::Denied | QueryProblem::NoDatabase | QueryProblem::Slow | QueryProblem::Gone,
                }),
            ) => {
                self.0.get_or_insert(reason);
                Ok(None)
            }
            Err(reason) => Err(reason),
        }
    }
}
