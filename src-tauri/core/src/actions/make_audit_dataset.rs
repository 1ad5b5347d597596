//! The dataset that everybody's keys are read by. Made when a person asks for it: Alphas will see it.

use super::audit_connection::LoginCheck;
use super::audit_databases::Shows;
use crate::Core;
use crate::audit::sql::{VIEW, VIEW_COLUMNS};
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::{Database, Dataset, Made};
use serde::{Deserialize, Serialize};

/// What making the dataset came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AuditDatasetView {
    /// Its number on the server.
    pub id: i32,
    pub database: i32,
    pub database_name: String,
    /// It was there before.
    pub already: bool,
    pub login: LoginCheck,
}

impl Core {
    /// The database of the server that a person means by a name or a number.
    ///
    /// # Errors
    /// [`Error::NoSuchConnection`], [`Error::AmbiguousConnection`].
    pub async fn find_audit_database(&self, id: &InstanceId, typed: &str) -> Result<i32> {
        let instance = self.instance(id)?;
        let all = self
            .with_session(&instance, |by| async move { self.superset.databases(&by.site, by.auth()).await })
            .await?;
        find(&all, typed).map(|database| database.id)
    }

    /// Makes a dataset of the view in this database, after asking what its login may; one that is there is taken, and
    /// its columns are read anew where the view has more by now. Read back before it is said to be there.
    ///
    /// # Errors
    /// [`Error::ViewNotThere`], [`Error::LoginMayTooMuch`], [`Error::LoginNotJudged`], [`Error::AuditViewOutdated`],
    /// [`Error::DatasetHidden`], [`Error::SetUpForbidden`].
    pub async fn make_audit_dataset(
        &self,
        id: &InstanceId,
        database: i32,
        trust_database: bool,
    ) -> Result<AuditDatasetView> {
        let instance = self.instance(id)?;
        let all = self
            .with_session(&instance, |by| async move { self.superset.databases(&by.site, by.auth()).await })
            .await?;
        let found = all.into_iter().find(|one| one.id == database);
        let found = found.ok_or_else(|| Error::NoSuchConnection { name: database.to_string() })?;
        let Shows::View { schema } = self.what_it_shows(&instance, &found).await? else {
            return Err(Error::ViewNotThere { database: found.name, view: VIEW });
        };
        let login = self.check_login(&instance, &found, trust_database).await?;
        let made = self.find_or_make(&instance, &found, &schema).await;
        // An earlier one may have been made by another program in between.
        let (dataset, already) = made?;
        self.read_columns(&instance, dataset, already).await?;
        let id = id.clone();
        self.change(move |state| {
            let audit = &mut state.instance_mut(&id)?.audit;
            (audit.dataset, audit.dataset_database) = (Some(dataset), Some(database));
            Ok(())
        })
        .await?;
        Ok(AuditDatasetView { id: dataset, database, database_name: found.name, already, login })
    }

    /// The number of the dataset, and whether it was there.
    async fn find_or_make(
        &self,
        instance: &Instance,
        database: &Database,
        schema: &str,
    ) -> Result<(i32, bool)> {
        if let Some(dataset) = self.dataset_in(instance, database.id, schema).await? {
            return Ok((dataset, true));
        }
        let id = database.id;
        let made = self
            .with_session(instance, |by| async move {
                let csrf = self.superset.csrf(&by.site, by.auth()).await?;
                self.superset.make_dataset(&by.site, by.auth(), &csrf, id, Some(schema), VIEW).await
            })
            .await?;
        let seen = self.dataset_in(instance, database.id, schema).await?;
        match made {
            Made::NoSuchTable => Err(Error::ViewNotThere { database: database.name.clone(), view: VIEW }),
            Made::New(_) | Made::Already => seen
                .map(|dataset| (dataset, made == Made::Already))
                .ok_or(Error::DatasetHidden { dataset: VIEW }),
        }
    }

    /// The one of this very view: another schema may have one of the same name.
    async fn dataset_in(&self, instance: &Instance, database: i32, schema: &str) -> Result<Option<i32>> {
        let datasets = self.datasets_of_view(instance).await?;
        let fits = |dataset: &Dataset| {
            let of_schema = dataset.schema.as_deref().is_none_or(|of| of == schema);
            dataset.database == database && of_schema && !dataset.is_virtual
        };
        let fitting = datasets.into_iter().find(fits);
        Ok(fitting.map(|dataset| dataset.id))
    }

    /// The datasets that bear the view's name, as far as the person sees them.
    pub(super) async fn datasets_of_view(&self, instance: &Instance) -> Result<Vec<Dataset>> {
        self.with_session(instance, |by| async move {
            self.superset.datasets_called(&by.site, by.auth(), VIEW).await
        })
        .await
    }

    /// What a dataset lacks of what the audit reads.
    pub(super) async fn missing_columns(&self, instance: &Instance, dataset: i32) -> Result<Vec<String>> {
        let form = self
            .with_session(instance, |by| async move {
                self.superset.dataset_form(&by.site, by.auth(), dataset).await
            })
            .await?;
        let form = form.ok_or(Error::DatasetHidden { dataset: VIEW })?;
        let lacks = |column: &&str| !form.columns.iter().any(|there| there == column);
        Ok(VIEW_COLUMNS.into_iter().filter(lacks).map(str::to_owned).collect())
    }

    async fn read_columns(&self, instance: &Instance, dataset: i32, already: bool) -> Result<()> {
        let mut missing = self.missing_columns(instance, dataset).await?;
        if already && !missing.is_empty() {
            self.with_session(instance, |by| async move {
                let csrf = self.superset.csrf(&by.site, by.auth()).await?;
                self.superset.refresh_dataset(&by.site, by.auth(), &csrf, dataset).await
            })
            .await?;
            missing = self.missing_columns(instance, dataset).await?;
        }
        if missing.is_empty() { Ok(()) } else { Err(Error::AuditViewOutdated { missing }) }
    }
}

/// By its name, else by its number.
fn find<'a>(all: &'a [Database], typed: &str) -> Result<&'a Database> {
    let typed = typed.trim();
    let named: Vec<_> = all.iter().filter(|database| database.name == typed).collect();
    let number = typed.parse::<i32>().ok();
    let numbered = || all.iter().find(|database| Some(database.id) == number);
    match named.as_slice() {
        [one] => Ok(one),
        [] => {
            let alike: Vec<_> =
                all.iter().filter(|database| database.name.eq_ignore_ascii_case(typed)).collect();
            match alike.as_slice() {
                [one] if number.is_none() => Ok(one),
                _ => numbered().ok_or_else(|| Error::NoSuchConnection { name: typed.to_owned() }),
            }
        }
        several => Err(Error::AmbiguousConnection {
            name: typed.to_owned(),
            candidates: several.iter().map(|database| database.id.to_string()).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(id: i32, name: &str) -> Database {
        Database { id, name: name.to_owned(), backend: "postgresql".to_owned(), is_in_sql_lab: true }
    }

    #[test]
    fn a_database_is_found_by_name_or_number_and_two_of_a_name_are_told_apart() {
        let all = [database(1, "Metadata"), database(2, "7"), database(7, "Sales"), database(8, "Sales")];
        assert_eq!(find(&all, "Metadata").unwrap().id, 1);
        assert_eq!(find(&all, " metadata ").unwrap().id, 1);
        assert_eq!(find(&all, "1").unwrap().id, 1);
        // A name that looks like a number is still a name.
        assert_eq!(find(&all, "7").unwrap().id, 2);
        assert!(matches!(
            find(&all, "Sales"),
            Err(Error::AmbiguousConnection { candidates, .. }) if candidates == ["7", "8"]
        ));
        assert!(matches!(find(&all, "9"), Err(Error::NoSuchConnection { .. })));
        assert!(matches!(find(&all, ""), Err(Error::NoSuchConnection { .. })));
    }
}
