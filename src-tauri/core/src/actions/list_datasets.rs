//! Which datasets does a dashboard read? What a row rule may be for.

use crate::Core;
use crate::error::{Error, Result};
use crate::ids::InstanceId;
use crate::store::Instance;
use crate::superset::DashboardDataset;
use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};

/// A dashboard has a few, and seldom dozens.
const AT_ONCE: usize = 4;

/// A dataset that charts of a dashboard read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DatasetView {
    pub id: i32,
    pub name: String,
}

impl Core {
    /// Those of one dashboard, by name.
    ///
    /// # Errors
    /// [`Error::NoSuchDashboard`]
    pub async fn list_datasets(&self, id: &InstanceId, dashboard: i32) -> Result<Vec<DatasetView>> {
        let datasets = self.datasets_of(&self.instance(id)?, dashboard, false).await?;
        let datasets = datasets.ok_or_else(|| Error::NoSuchDashboard { name: dashboard.to_string() })?;
        let mut views: Vec<_> =
            datasets.into_iter().map(|DashboardDataset { id, name, .. }| DatasetView { id, name }).collect();
        views.sort_by_cached_key(|dataset| (dataset.name.to_lowercase(), dataset.id));
        Ok(views)
    }

    /// The one that a person means by a name or a number.
    ///
    /// # Errors
    /// [`Error::NoSuchDashboard`], [`Error::NoSuchDataset`], [`Error::AmbiguousDataset`]
    pub async fn find_dataset(&self, id: &InstanceId, dashboard: i32, typed: &str) -> Result<i32> {
        find(&self.list_datasets(id, dashboard).await?, typed)
    }

    /// None where the person does not see the dashboard. `with_columns`: all that each has, of those that the person sees.
    pub(super) async fn datasets_of(
        &self,
        instance: &Instance,
        dashboard: i32,
        with_columns: bool,
    ) -> Result<Option<Vec<DashboardDataset>>> {
        self.with_session(instance, |by| async move {
            let datasets = self.superset.dashboard_datasets(&by.site, by.auth(), dashboard).await?;
            let Some(datasets) = datasets else { return Ok(None) };
            if !with_columns {
                return Ok(Some(datasets));
            }
            let by = &by;
            let whole = |dataset: DashboardDataset| async move {
                // Whoever mints guest tokens needs not see datasets: then a rule's columns are not judged.
                let form = self.superset.dataset_form(&by.site, by.auth(), dataset.id).await;
                let columns = form.ok().flatten().map(|form| form.columns);
                DashboardDataset { columns, ..dataset }
            };
            Ok(Some(stream::iter(datasets.into_iter().map(whole)).buffered(AT_ONCE).collect().await))
        })
        .await
    }
}

/// By its name, else by its number.
fn find(datasets: &[DatasetView], typed: &str) -> Result<i32> {
    let typed = typed.trim();
    let called = |same: &dyn Fn(&str) -> bool| -> Vec<i32> {
        datasets.iter().filter(|dataset| same(&dataset.name)).map(|dataset| dataset.id).collect()
    };
    let mut found = called(&|name| name == typed);
    if found.is_empty() {
        found = called(&|name| name.to_lowercase() == typed.to_lowercase());
    }
    if found.is_empty() {
        let number = typed.parse().ok();
        found = datasets.iter().map(|dataset| dataset.id).filter(|id| Some(*id) == number).collect();
    }
    let name = typed.to_owned();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let candidates = datasets.iter().map(|dataset| dataset.name.clone()).collect();
            Err(Error::NoSuchDataset { name, candidates })
        }
        several => {
            let candidates = several.iter().map(i32::to_string).collect();
            Err(Error::AmbiguousDataset { name, candidates })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_found_by_name_or_number_and_two_of_a_name_are_told_apart() {
        let all = ["Sales", "7", "Orders", "Orders"];
        let all: Vec<_> =
            (1..).zip(all).map(|(id, name)| DatasetView { id, name: name.to_owned() }).collect();
        assert_eq!(find(&all, " sales ").unwrap(), 1);
        assert_eq!(find(&all, "7").unwrap(), 2);
        assert_eq!(find(&all, "3").unwrap(), 3);
        assert!(
            matches!(find(&all, "Orders"), Err(Error::AmbiguousDataset { candidates, .. }) if candidates == ["3", "4"])
        );
        assert!(
            matches!(find(&all, "x"), Err(Error::NoSuchDataset { candidates, .. }) if candidates.len() == 4)
        );
    }
}
