//! Let sites embed a dashboard, change which, or end it.

use super::list_dashboards::DashboardView;
use crate::Core;
use crate::deed::{Deed, DeedKind};
use crate::embedding::HostSite;
use crate::error::{Error, Result, SiteProblem};
use crate::ids::InstanceId;
use serde::{Deserialize, Serialize};

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EmbeddedView {
    /// As it is now, read back.
    pub dashboard: DashboardView,
    /// The sites that may not any more.
    pub closed: Vec<String>,
    /// Those that may now.
    pub opened: Vec<String>,
    /// The uuid is another than it was, so pages that name the old one show nothing.
    pub new_uuid: bool,
    /// It was embedded before.
    pub was_embedded: bool,
    /// Every site could show it before.
    pub was_open: bool,
}

impl Core {
    /// Lets exactly these sites show a dashboard. `any_site` has to be meant: without a site the list is open to all.
    ///
    /// # Errors
    /// [`Error::SiteUnusable`], [`Error::NoSuchDashboard`], [`Error::SetUpForbidden`]
    pub async fn embed_dashboard(
        &self,
        id: &InstanceId,
        dashboard: i32,
        sites: &[String],
        any_site: bool,
    ) -> Result<EmbeddedView> {
        let mut wanted: Vec<String> = Vec::new();
        for typed in sites {
            let site = HostSite::parse(typed)?;
            if !wanted.iter().any(|known| known == site.as_str()) {
                wanted.push(site.as_str().to_owned());
            }
        }
        if wanted.is_empty() != any_site {
            return Err(Error::SiteUnusable { site: String::new(), problem: SiteProblem::NotAnAddress });
        }
        let instance = self.instance(id)?;
        let before = self.seen_dashboard(&instance, dashboard).await?;
        let sites = wanted.as_slice();
        let said = self
            .with_session(&instance, |by| async move {
                let csrf = self.superset.csrf(&by.site, by.auth()).await?;
                self.superset.embed(&by.site, by.auth(), &csrf, dashboard, sites).await
            })
            .await?;
        let after = self.seen_dashboard(&instance, dashboard).await?;
        let now = after.embedding.as_ref();
        if now.is_none_or(|now| now.uuid != said.uuid || now.sites != wanted) {
            return Err(Error::UnexpectedAnswer { what: "embedding", status: 200 });
        }
        let how = if any_site { "any site".to_owned() } else { wanted.join(", ") };
        let deed = Deed::new(DeedKind::EmbeddingChanged).named(&after.title).how(&how);
        self.note(id, deed).await;
        Ok(changed(&before, after))
    }

    /// Ends it. Host pages break, and one that is embedded again has another uuid.
    ///
    /// # Errors
    /// [`Error::NotEmbedded`], [`Error::NoSuchDashboard`], [`Error::SetUpForbidden`]
    pub async fn end_embedding(&self, id: &InstanceId, dashboard: i32) -> Result<EmbeddedView> {
        let instance = self.instance(id)?;
        let (before, _) = self.embedded(&instance, dashboard).await?;
        self.with_session(&instance, |by| async move {
            let csrf = self.superset.csrf(&by.site, by.auth()).await?;
            self.superset.end_embedding(&by.site, by.auth(), &csrf, dashboard).await
        })
        .await?;
        let after = self.seen_dashboard(&instance, dashboard).await?;
        if after.embedding.is_some() || after.embedding_untold {
            return Err(Error::UnexpectedAnswer { what: "embedding", status: 200 });
        }
        self.note(id, Deed::new(DeedKind::EmbeddingEnded).named(&after.title)).await;
        Ok(changed(&before, after))
    }
}

fn changed(before: &DashboardView, after: DashboardView) -> EmbeddedView {
    let (was, is) = (before.embedding.as_ref(), after.embedding.as_ref());
    let old = was.map(|was| was.sites.as_slice()).unwrap_or_default();
    let new = is.map(|is| is.sites.as_slice()).unwrap_or_default();
    let without = |some: &[String], others: &[String]| {
        some.iter().filter(|site| !others.contains(site)).cloned().collect::<Vec<_>>()
    };
    // Where all may now, nobody is shut out.
    let is_open = is.is_some() && new.is_empty();
    EmbeddedView {
        closed: if is_open { Vec::new() } else { without(old, new) },
        opened: without(new, old),
        new_uuid: was.zip(is).is_some_and(|(was, is)| was.uuid != is.uuid),
        was_embedded: was.is_some(),
        was_open: was.is_some() && old.is_empty(),
        dashboard: after,
    }
}

#[cfg(test)]
mod tests {
    use super::super::list_dashboards::EmbeddingView;
    use super::*;

    fn embedded(uuid: &str, sites: &[&str]) -> DashboardView {
        let sites = sites.iter().map(|&site| site.to_owned()).collect();
        let embedding = Some(EmbeddingView { uuid: uuid.to_owned(), sites, useless: Vec::new() });
        let title = "Sales".to_owned();
        DashboardView { id: 1, uuid: None, title, published: true, embedding, embedding_untold: false }
    }

    fn not() -> DashboardView {
        DashboardView { embedding: None, ..embedded("", &[]) }
    }

    #[test]
    fn who_is_shut_out_and_who_is_let_in_is_told() {
        let seen =
            changed(&embedded("u", &["https://a", "https://b"]), embedded("u", &["https://b", "https://c"]));
        assert_eq!((seen.closed, seen.opened), (vec!["https://a".to_owned()], vec!["https://c".to_owned()]));
        assert!(!seen.new_uuid && seen.was_embedded && !seen.was_open);
        let ended = changed(&embedded("u", &["https://a"]), not());
        assert_eq!((ended.closed.len(), ended.new_uuid), (1, false));
        let opened = changed(&embedded("u", &["https://a"]), embedded("u", &[]));
        assert!(opened.closed.is_empty() && opened.opened.is_empty());
        assert!(changed(&embedded("u", &[]), embedded("v", &["https://a"])).was_open);
        assert!(changed(&embedded("u", &[]), embedded("v", &[])).new_uuid);
    }
}
