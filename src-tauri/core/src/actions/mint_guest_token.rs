//! Mint a token for a guest of an embedded dashboard, with rules for which rows they see.

use super::list_dashboards::{DashboardView, EmbeddingView};
use crate::Core;
use crate::clock::rfc3339;
use crate::deed::{Deed, DeedKind};
use crate::embedding::{Dialect, GuestClaims, fill, has_place, known_secret, lint, lint_for_any, warnings};
use crate::error::{ClauseProblem, Error, Result};
use crate::ids::InstanceId;
use crate::names::{USER_NAME_LIMIT, display_name};
use crate::secret::Secret;
use crate::store::Instance;
use crate::superset::{DashboardDataset, GuestIdentity, GuestRule};
use serde::{Deserialize, Serialize};

pub use crate::embedding::{GuestSecretState, RuleValue, RuleWarning};

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuestTokenRequest {
    /// The dashboard, by its number.
    pub dashboard: i32,
    #[serde(default)]
    pub guest: GuestIdentity,
    #[serde(default)]
    pub rules: Vec<RowRule>,
}

/// A rule for rows, as a person gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowRule {
    /// `org_id = 12`, or `org_id = :org` where a value is put in for `:org`. Sent as it is typed but for that.
    pub clause: String,
    /// Of this dataset of the dashboard alone; of all without it.
    #[serde(default)]
    pub dataset: Option<i32>,
    /// What is put in, escaped as the dataset's database has it.
    #[serde(default)]
    pub values: Vec<RuleValue>,
}

/// A rule as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleView {
    pub clause: String,
    pub dataset: Option<i32>,
    pub dataset_name: Option<String>,
    pub warnings: Vec<RuleWarning>,
    /// Why it does not do what it says: of a token that was minted elsewhere.
    #[serde(default)]
    pub problem: Option<ClauseProblem>,
}

/// A token, and what is told of it.
#[derive(Debug)]
pub struct MintedGuestToken {
    pub token: Secret,
    pub about: MintedGuestView,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MintedGuestView {
    pub dashboard: i32,
    pub dashboard_title: String,
    pub guest: GuestIdentity,
    pub rules: Vec<RuleView>,
    /// RFC 3339 in UTC, by the server's clock.
    pub expires: String,
    /// For how long it is good, as the server makes them.
    pub seconds: u32,
    pub secret: GuestSecretState,
    /// How many letters it has.
    pub letters: u32,
}

/// What a guest is let see, and what rules for it are judged by.
pub(super) struct Shown {
    pub(super) dashboard: DashboardView,
    pub(super) embedding: EmbeddingView,
    pub(super) datasets: Vec<DashboardDataset>,
}

impl GuestTokenRequest {
    /// With values for whichever of the rules name them. One that no rule names goes to the first, so that what is wrong
    /// with it is said when the rules are looked at.
    #[must_use]
    pub fn with_values(mut self, values: Vec<RuleValue>) -> Self {
        for value in values {
            let names = |rule: &RowRule| has_place(&rule.clause, &value.name);
            if !self.rules.iter().any(names) {
                if self.rules.is_empty() {
                    self.rules.push(RowRule { clause: String::new(), dataset: None, values: Vec::new() });
                }
                self.rules[0].values.push(value);
                continue;
            }
            for rule in self.rules.iter_mut().filter(|rule| names(rule)) {
                rule.values.push(value.clone());
            }
        }
        self
    }
}

impl Core {
    /// Checks the rules, mints, and looks at what signed it. Nothing calls it back.
    ///
    /// # Errors
    /// [`Error::ClauseRefused`], [`Error::EmbeddingOff`], [`Error::NotEmbedded`], [`Error::SetUpForbidden`]
    pub async fn mint_guest_token(
        &self,
        id: &InstanceId,
        request: &GuestTokenRequest,
    ) -> Result<MintedGuestToken> {
        let instance = self.instance(id)?;
        let guest = guest(&request.guest)?;
        let shown = self.shown_to_guests(&instance, request).await?;
        let rules = written(&request.rules, &shown.datasets)?;
        let token = self.token_for_guest(&instance, &shown.embedding.uuid, &guest, &rules).await?;
        let claims = GuestClaims::read(&token)
            .map_err(|_| Error::UnexpectedAnswer { what: "guest token", status: 200 })?;
        let secret = self.guest_secret(&instance, &token).await;
        let about = MintedGuestView {
            dashboard: shown.dashboard.id,
            dashboard_title: shown.dashboard.title,
            seconds: claims.seconds().unwrap_or_default(),
            expires: claims.expires.map(rfc3339).unwrap_or_default(),
            guest,
            rules,
            secret,
            letters: claims.letters,
        };
        let deed = Deed::new(DeedKind::GuestTokenMinted).who(Some(&about.guest.username)).how(&about.expires);
        self.note(id, deed.named(&about.dashboard_title)).await;
        Ok(MintedGuestToken { token, about })
    }

    /// Looks at the rules first: one that is refused is not worth a call.
    pub(super) async fn shown_to_guests(
        &self,
        instance: &Instance,
        request: &GuestTokenRequest,
    ) -> Result<Shown> {
        for rule in &request.rules {
            lint_for_any(&rule.clause).map_err(|problem| Error::ClauseRefused { problem })?;
        }
        let number = request.dashboard;
        let site = self.site(instance);
        let (is_on, found) =
            tokio::join!(self.superset.embedding_is_on(&site), self.embedded(instance, number));
        // It mints all the same, and the token counts for nothing.
        if let Ok(Some(false)) = is_on {
            return Err(Error::EmbeddingOff);
        }
        let (dashboard, embedding) = found?;
        let datasets = self.datasets_of(instance, number, !request.rules.is_empty()).await?;
        Ok(Shown { dashboard, embedding, datasets: datasets.unwrap_or_default() })
    }

    /// A token, by the session.
    pub(super) async fn token_for_guest(
        &self,
        instance: &Instance,
        embedding: &str,
        guest: &GuestIdentity,
        rules: &[RuleView],
    ) -> Result<Secret> {
        let rule = |rule: &RuleView| GuestRule { clause: rule.clause.clone(), dataset: rule.dataset };
        let rules: Vec<_> = rules.iter().map(rule).collect();
        let rules = rules.as_slice();
        self.with_session(instance, |by| async move {
            let csrf = self.superset.csrf(&by.site, by.auth()).await?;
            self.superset.mint_guest_token(&by.site, by.auth(), &csrf, embedding, guest, rules).await
        })
        .await
    }

    /// What signed it: what everybody knows is found here, and the server tells whether it signs sessions too.
    pub(super) async fn guest_secret(&self, instance: &Instance, token: &Secret) -> GuestSecretState {
        if let Some(known) = known_secret(token) {
            return known;
        }
        match self.superset.secret_key_signs(&self.site(instance), token).await {
            Some(true) => GuestSecretState::SecretKey,
            Some(false) => GuestSecretState::Own,
            None => GuestSecretState::NotTold,
        }
    }
}

/// The rules with their values in them, as they are sent.
pub(super) fn written(rules: &[RowRule], datasets: &[DashboardDataset]) -> Result<Vec<RuleView>> {
    let written = |rule: &RowRule| {
        let reached = reached(rule.dataset, datasets);
        let dialects: Vec<_> =
            reached.iter().map(|dataset| Dialect::of(dataset.backend.as_deref())).collect();
        let clause = fill(&rule.clause, &rule.values, &dialects)?;
        Ok(RuleView { clause, ..looked_at(&rule.clause, rule.dataset, datasets) })
    };
    let all: std::result::Result<Vec<_>, ClauseProblem> = rules.iter().map(written).collect();
    all.map_err(|problem| Error::ClauseRefused { problem })
}

/// A rule, and what is to be said of it. `datasets` are those of the dashboards that it is for.
pub(super) fn looked_at(clause: &str, dataset: Option<i32>, datasets: &[DashboardDataset]) -> RuleView {
    let reached = reached(dataset, datasets);
    let dialects: Vec<_> = reached.iter().map(|dataset| Dialect::of(dataset.backend.as_deref())).collect();
    let columns: Vec<&[String]> = reached.iter().filter_map(|dataset| dataset.columns.as_deref()).collect();
    let dialect = dialects.first().copied().unwrap_or_else(|| Dialect::of(None));
    let mut told = warnings(clause, dialect, &columns);
    if dataset.is_some() && reached.is_empty() {
        told.push(RuleWarning::DatasetElsewhere);
    }
    RuleView {
        clause: clause.to_owned(),
        dataset,
        dataset_name: dataset.and(reached.first()).map(|dataset| dataset.name.clone()),
        warnings: told,
        problem: lint(clause, &dialects).err(),
    }
}

fn reached(dataset: Option<i32>, datasets: &[DashboardDataset]) -> Vec<&DashboardDataset> {
    datasets.iter().filter(|one| dataset.is_none_or(|wanted| wanted == one.id)).collect()
}

/// A name is not asked for. None of them may hide what it is.
pub(super) fn guest(wanted: &GuestIdentity) -> Result<GuestIdentity> {
    let name = |typed: &String| match typed.trim() {
        "" => Ok(String::new()),
        typed => display_name(typed, USER_NAME_LIMIT),
    };
    Ok(GuestIdentity {
        username: name(&wanted.username)?,
        first_name: name(&wanted.first_name)?,
        last_name: name(&wanted.last_name)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(id: i32, name: &str, backend: &str, columns: &[&str]) -> DashboardDataset {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        let (name, backend) = (name.to_owned(), Some(backend.to_owned()));
        DashboardDataset { id, name, backend, used: Vec::new(), columns: Some(columns) }
    }

    fn rule(clause: &str, dataset: Option<i32>, value: &str) -> RowRule {
        let value = RuleValue { name: "v".into(), value: value.into(), is_number: false };
        RowRule { clause: clause.to_owned(), dataset, values: vec![value] }
    }

    #[test]
    fn a_value_is_written_for_the_dataset_s_own_database() {
        let all = [dataset(1, "sales", "sqlite", &["org"]), dataset(2, "orders", "mysql", &["org"])];
        let sent = |of| written(&[rule("org = :v", of, r"a\b")], &all).map(|all| all[0].clause.clone());
        assert_eq!(sent(Some(1)).unwrap(), r"org = 'a\b'");
        assert_eq!(sent(Some(2)).unwrap(), r"org = 'a\\b'");
        let for_both = sent(None);
        assert!(matches!(for_both, Err(Error::ClauseRefused { problem: ClauseProblem::ValueUnwritable })));
    }

    #[test]
    fn a_value_goes_to_each_rule_that_names_it_and_one_of_no_rule_is_refused() {
        let request = |clauses: &[&str], names: &[&str]| {
            let rules =
                clauses.iter().map(|&clause| RowRule { values: Vec::new(), ..rule(clause, None, "") });
            let of =
                GuestTokenRequest { dashboard: 1, guest: GuestIdentity::default(), rules: rules.collect() };
            let value = |name: &&str| RuleValue { name: (*name).into(), value: "a".into(), is_number: false };
            of.with_values(names.iter().map(value).collect()).rules
        };
        let sent = |rules: Vec<RowRule>| {
            let all = [dataset(1, "sales", "sqlite", &["org", "city"])];
            written(&rules, &all).map(|all| all.into_iter().map(|rule| rule.clause).collect::<Vec<_>>())
        };
        let both = request(&["org = :o AND city = :c", "org = :o"], &["o", "c"]);
        assert_eq!(sent(both).unwrap(), ["org = 'a' AND city = 'a'", "org = 'a'"]);
        for unnamed in [request(&["org = 1"], &["o"]), request(&[], &["o"]), request(&["':o' = org"], &["o"])]
        {
            assert!(matches!(sent(unnamed), Err(Error::ClauseRefused { .. })));
        }
    }

    #[test]
    fn a_rule_for_a_dataset_of_another_dashboard_is_said_to_apply_to_nothing() {
        let all = [dataset(1, "sales", "sqlite", &["org"])];
        let sent = written(&[rule("org = :v", Some(9), "a"), rule("org = :v", Some(1), "a")], &all).unwrap();
        assert_eq!(
            (&*sent[0].clause, sent[0].warnings.as_slice()),
            ("org = 'a'", &[RuleWarning::DatasetElsewhere][..])
        );
        assert_eq!((sent[1].dataset_name.as_deref(), sent[1].warnings.len()), (Some("sales"), 0));
    }
}
