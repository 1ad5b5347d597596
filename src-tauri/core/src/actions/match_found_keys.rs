//! Which of our keys are those that were found?

use crate::api_key::KeyStatus;
use crate::clock::rfc3339;
use crate::fingerprint::FingerprintKey;
use crate::scan::{Caught, KeyLife, KeyMatch, LifeState, ScannedKey, ToldBy};
use crate::secret::{KeyHint, Secret};
use crate::store::{Instance, KeyRecord, State};
use crate::{Core, Result};
use std::collections::HashMap;
use url::Url;

impl Core {
    /// Puts the places of one key together and names the key. Answers also whether keys could be compared by
    /// their fingerprints.
    pub(super) async fn match_found_keys(
        &self,
        mut state: State,
        caught: Vec<Caught>,
    ) -> Result<(Vec<ScannedKey>, bool)> {
        if caught.is_empty() {
            return Ok((Vec::new(), true));
        }
        let made = self.complete_fingerprints(&mut state).await;
        let mut found = Vec::new();
        for group in by_text(&caught) {
            let Some(first) = group.first() else { continue };
            let named = match known(&state, made.as_ref(), &first.secret)? {
                Some(named) => Some((KeyMatch::Known, named)),
                None => {
                    looks_like(&state, made.as_ref(), &first.hint)?.map(|named| (KeyMatch::LooksLike, named))
                }
            };
            let (matched, instance, record) = match named {
                Some((matched, (instance, record))) => (matched, Some(instance), Some(record)),
                None => (KeyMatch::Unknown, beside(&state, &group), None),
            };
            let life = match (instance, record) {
                (Some(instance), Some(record)) => self.remembered_life(instance, record),
                _ => KeyLife::UNKNOWN,
            };
            found.push(ScannedKey {
                hint: first.hint.clone(),
                matched,
                instance: instance.map(|instance| instance.id.clone()),
                record: record.map(|record| record.id.clone()),
                life,
                spots: group.iter().map(|caught| caught.spot.clone()).collect(),
                git: Vec::new(),
            });
        }
        Ok((found, made.is_some()))
    }

    /// What this computer remembers of the last list.
    fn remembered_life(&self, instance: &Instance, record: &KeyRecord) -> KeyLife {
        let now = self.now.now();
        let list = self.store.kept_list(&instance.id);
        let listed = list.as_ref().and_then(|list| list.keys.iter().find(|key| key.id == record.id));
        let state = if record.revoked {
            LifeState::Revoked
        } else if record.expires.is_some_and(|at| at <= now) {
            LifeState::Expired
        } else if let Some(listed) = listed {
            listed.status(instance.clock.wall(now)).into()
        } else {
            return KeyLife::UNKNOWN;
        };
        let at = list.as_ref().filter(|_| listed.is_some()).map(|list| rfc3339(list.fetched));
        KeyLife { state, told_by: Some(ToldBy::Memory), at, problem: None }
    }
}

impl From<KeyStatus> for LifeState {
    fn from(status: KeyStatus) -> Self {
        match status {
            KeyStatus::Active => Self::Active,
            KeyStatus::Expired => Self::Expired,
            KeyStatus::Revoked => Self::Revoked,
        }
    }
}

/// In the order in which each text was first found.
fn by_text(caught: &[Caught]) -> Vec<Vec<&Caught>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Caught>> = Vec::new();
    for one in caught {
        // EXPOSE: to see which finds are the same key.
        let place = *places.entry(one.secret.expose()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

type Named<'a> = (&'a Instance, &'a KeyRecord);

fn known<'a>(state: &'a State, made: Option<&FingerprintKey>, key: &Secret) -> Result<Option<Named<'a>>> {
    let Some(made) = made else { return Ok(None) };
    for instance in state.instances.iter().filter(|instance| !instance.keys.is_empty()) {
        let fingerprint = Some(made.of(&instance.id, key)?);
        if let Some(record) = instance.keys.iter().find(|record| record.fingerprint == fingerprint) {
            return Ok(Some((instance, record)));
        }
    }
    Ok(None)
}

/// By prefix and last letters, among the records whose fingerprints cannot be compared: those that can have
/// already said no. Only if there is one.
fn looks_like<'a>(
    state: &'a State,
    made: Option<&FingerprintKey>,
    hint: &KeyHint,
) -> Result<Option<Named<'a>>> {
    let mut alike = Vec::new();
    for instance in &state.instances {
        for record in instance.keys.iter().filter(|record| is_alike(&record.hint, hint)) {
            let compared = match (made, &record.fingerprint) {
                (Some(made), Some(fingerprint)) => made.made(fingerprint)?,
                _ => false,
            };
            if !compared {
                alike.push((instance, record));
            }
        }
    }
    Ok(if let [one] = alike[..] { Some(one) } else { None })
}

/// A pasted key's record knows no prefix but the usual one.
fn is_alike(kept: &KeyHint, found: &KeyHint) -> bool {
    found.ending().is_some()
        && kept.ending() == found.ending()
        && (kept.prefix() == found.prefix() || kept.prefix().is_empty())
}

/// The one instance whose addresses, and nobody else's, stand beside the key everywhere it lies. A key is shown
/// to no server on less.
fn beside<'a>(state: &'a State, group: &[&Caught]) -> Option<&'a Instance> {
    let mut addresses = group.iter().flat_map(|caught| &caught.beside).peekable();
    let first = addresses.peek().copied()?;
    let instance = state.instances.iter().find(|instance| is_of(instance, first))?;
    addresses.all(|url| is_of(instance, url)).then_some(instance)
}

fn is_of(instance: &Instance, url: &Url) -> bool {
    let below = |base: &Url| {
        let path = base.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(path);
        url.origin() == base.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below(instance.url.url()) || instance.mcp_url.as_ref().is_some_and(below)
}
