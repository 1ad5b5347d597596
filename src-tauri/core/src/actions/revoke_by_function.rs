//! Revoke keys of others by the function that the database's owner made for it, called in SQL Lab.
//!
//! Where its connection does not commit, SQL Lab says that a key was revoked and takes it back (Superset 6.1.0), so an
//! audit that is read afterwards is the only word that counts.

use crate::api_key::KeyStatus;
use crate::audit::sql::{self, KeyUuid};
use crate::deed::{Deed, DeedKind};
use crate::ids::{ApiKeyId, InstanceId};
use crate::superset::{SqlQuery, client_id};
use crate::{Core, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What came of each key, in the order in which they were named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OthersRevokedView {
    pub keys: Vec<OtherRevokedView>,
    /// An audit was read afterwards: without one nothing is proven.
    pub proven: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherRevokedView {
    pub id: String,
    /// By the audit; empty where it does not list the key.
    pub name: String,
    pub owner: String,
    pub outcome: OtherOutcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherOutcome {
    /// The audit shows it.
    Revoked,
    /// The database said that it was revoked, and the audit shows that it was not: the connection does not commit.
    RolledBack,
    /// The database did not revoke it.
    NotRevoked,
    /// The audit lists no such key.
    NotListed,
    /// No audit could be read.
    Unproven,
}

/// One row, by the function's own word.
#[derive(Deserialize)]
struct SaidWire {
    revoked: serde_json::Value,
}

impl Core {
    /// Calls the function for each key, then reads an audit.
    ///
    /// # Errors
    /// Those of the first call: what a function cannot do for one key, it cannot do for the next.
    pub async fn revoke_by_function(
        &self,
        id: &InstanceId,
        database: i32,
        keys: &[KeyUuid],
        trust_database: bool,
    ) -> Result<OthersRevokedView> {
        let _at_work = self.lock.begin()?;
        let instance = self.instance(id)?;
        let csrf = self.csrf(&instance).await?;
        let mut said = Vec::new();
        for key in keys {
            let (sql, client) = (sql::revoke_by_function(key), client_id(self.random.next()));
            let (sql, client, csrf) = (&sql, &client, &csrf);
            let called = self
                .with_session(&instance, |by| async move {
                    let query = SqlQuery { database, sql, limit: 1, client };
                    self.superset.run_sql::<SaidWire>(&by.site, by.auth(), csrf, query).await
                })
                .await;
            match called {
                Ok(rows) => said.push(rows.rows.first().is_some_and(|row| is_true(&row.revoked))),
                Err(error) if said.is_empty() => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "the rest was not revoked");
                    said.push(false);
                }
            }
        }
        failpoint!("functions-answered");
        let audit = self.audit(id, trust_database).await;
        if let Err(error) = &audit {
            tracing::warn!(%error, "what was revoked could not be proven");
        }
        let audit = audit.ok();
        let listed: HashMap<&str, _> = audit
            .iter()
            .flat_map(|audit| audit.keys.iter().map(move |key| (key.id.as_str(), (key, audit.owner(key)))))
            .collect();
        let told = keys.iter().zip(said).map(|(key, said)| {
            let found = listed.get(key.as_str());
            let outcome = match found {
                _ if audit.is_none() => OtherOutcome::Unproven,
                None => OtherOutcome::NotListed,
                Some((key, _)) if key.status == KeyStatus::Revoked => OtherOutcome::Revoked,
                Some(_) if said => OtherOutcome::RolledBack,
                Some(_) => OtherOutcome::NotRevoked,
            };
            OtherRevokedView {
                id: key.as_str().to_owned(),
                name: found.map(|(key, _)| key.name.clone()).unwrap_or_default(),
                owner: found
                    .and_then(|(_, owner)| owner.map(|owner| owner.username.clone()))
                    .unwrap_or_default(),
                outcome,
            }
        });
        let told: Vec<_> = told.collect();
        for key in told.iter().filter(|key| key.outcome == OtherOutcome::Revoked) {
            let deed = Deed::of_key(DeedKind::KeyRevoked, &ApiKeyId::new(key.id.clone())).named(&key.name);
            self.note(id, deed.who(Some(&key.owner))).await;
        }
        Ok(OthersRevokedView { keys: told, proven: audit.is_some() })
    }
}

/// As each database says it.
fn is_true(value: &serde_json::Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_i64() == Some(1))
}
