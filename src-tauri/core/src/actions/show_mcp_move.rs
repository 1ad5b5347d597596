//! How far AI clients have moved from their keys to another kind of access.

use super::find_clients::FoundEntry;
use super::known_callers::is_client;
use super::show_rotations::WatchView;
use crate::activity::{Call, Outcome};
use crate::api_key::{ApiKey, KeyStatus};
use crate::clients::{CLIENTS, Delivery, McpClient};
use crate::clock::{TimeView, rfc3339};
use crate::credential::{AccessKind, McpAccess};
use crate::error::{ErrorCode, ErrorParams};
use crate::ids::{ApiKeyId, InstanceId};
use crate::rotation::BlindSpot;
use crate::secret::KeyHint;
use crate::store::{Instance, McpMove};
use crate::{Core, Error, Result};
use serde::Serialize;
use std::collections::HashSet;

/// A move, as it is shown. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct McpMoveView {
    /// What clients present now.
    pub access: McpAccess,
    pub since: String,
    /// For how many seconds a key must not have been used to be called quiet.
    pub quiet_for: u32,
    /// Where uses of keys cannot be seen: quiet is not said of any then.
    pub blind_spots: Vec<BlindSpot>,
    /// Whether calls are noted at the moment; without that none is proven.
    pub records_calls: bool,
    /// One for each client and key, and one for each key that no client on this computer has.
    pub clients: Vec<MovedClientView>,
    /// No key of theirs is left.
    pub done: bool,
    /// Why the keys could not be looked at just now.
    pub problem: Option<ErrorCode>,
    pub problem_params: ErrorParams,
}

/// A client and the key it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MovedClientView {
    /// Its id in the table of AI clients; none where none on this computer has the key.
    pub client: Option<String>,
    /// What a person knows it by.
    pub client_name: Option<String>,
    pub path: Option<String>,
    pub entry: Option<String>,
    pub delivery: Option<Delivery>,
    pub switch: Switch,
    /// The first call since it moved that went out with what it presents now.
    pub proven: Option<SeenCall>,
    pub key: Option<ApiKeyId>,
    pub key_name: Option<String>,
    pub key_alias: Option<String>,
    pub key_hint: Option<KeyHint>,
    pub key_state: MovedKeyState,
    /// The key's last use, by whomever.
    pub last_use: Option<TimeView>,
    /// What was seen of the key since; none before the first look, and for keys that are not watched.
    pub watch: Option<WatchView>,
    /// Nobody was seen to use it for the set time, and every client of it here has moved.
    pub may_go: bool,
}

/// How a client changes to what it presents now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// It asks us each time.
    ByItself,
    /// A key stands in its file or is kept by it: its entry is to be written anew.
    File,
    /// Its entry names a key that was left out of the move.
    KeepsKey,
    /// Nothing on this computer has it, so nothing here can change it.
    Elsewhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MovedKeyState {
    Active,
    /// Revoked, ended, or no more on the server.
    Gone,
    /// This program signs in with it.
    Session,
    /// Nobody could look.
    Unknown,
}

/// A call that went out without a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SeenCall {
    pub at: String,
    /// A token was handed to the client, which calls the server by itself.
    pub handed: bool,
}

/// An entry of a client's, and where it stands.
pub(super) struct EntryAt {
    pub client: &'static McpClient,
    pub path: String,
    pub entry: FoundEntry,
}

impl Core {
    /// None where nothing moves. Asks no server.
    pub fn mcp_move(&self, id: &InstanceId) -> Result<Option<McpMoveView>> {
        let user = self.instance(id)?.user_id();
        let kept = self.store.kept_list(id).filter(|list| user == Some(list.user_id));
        self.show_mcp_move(id, kept.as_ref().map(|list| &*list.keys), None)
    }

    pub(super) fn show_mcp_move(
        &self,
        id: &InstanceId,
        listed: Option<&[ApiKey]>,
        problem: Option<&Error>,
    ) -> Result<Option<McpMoveView>> {
        let instance = self.instance(id)?;
        let Some(moving) = &instance.mcp_move else { return Ok(None) };
        let is_on = self.keeps_activity();
        let calls = self.store.activity(Some(id), is_on).calls;
        let looked = Looked { core: self, instance: &instance, moving, listed };
        let kind = instance.mcp_access.kind();
        let mut clients = Vec::new();
        let mut here = HashSet::new();
        for EntryAt { client, path, entry } in self.entries_of(id)? {
            let key = entry.held.clone().or(entry.key.clone());
            here.extend(key.clone());
            clients.push(MovedClientView {
                client: Some(client.id.to_owned()),
                client_name: Some(client.name.to_owned()),
                path: Some(path),
                switch: switch(&entry, kind),
                proven: proof(&calls, client.id, kind, moving),
                delivery: entry.delivery,
                entry: Some(entry.entry),
                ..looked.key(key.as_ref())
            });
        }
        for key in looked.keys_elsewhere(&here) {
            clients.push(looked.key(Some(&key)));
        }
        let unmoved: HashSet<ApiKeyId> = clients
            .iter()
            .filter(|row| matches!(row.switch, Switch::File | Switch::KeepsKey))
            .filter_map(|row| row.key.clone())
            .collect();
        for row in &mut clients {
            row.may_go &= row.key.as_ref().is_some_and(|key| !unmoved.contains(key));
        }
        let is_gone = |key: &ApiKeyId| looked.state(key) == MovedKeyState::Gone;
        Ok(Some(McpMoveView {
            access: instance.mcp_access.clone(),
            since: rfc3339(moving.since),
            quiet_for: moving.quiet_for,
            blind_spots: moving.blind_spots.clone(),
            records_calls: is_on,
            done: listed.is_some() && moving.keys.iter().all(|moved| is_gone(&moved.id)),
            clients,
            problem: problem.map(Error::code),
            problem_params: problem.map(Error::params).unwrap_or_default(),
        }))
    }

    /// Each entry for an instance on this computer, of projects those whose files we changed lately.
    pub(super) fn entries_of(&self, id: &InstanceId) -> Result<Vec<EntryAt>> {
        let reader = self.entry_reader()?;
        let mut all = Vec::new();
        for client in CLIENTS {
            for place in self.places_known(client) {
                let file = self.look_into(client, &place, &reader);
                for entry in file.entries.into_iter().filter(|entry| entry.instance == *id) {
                    all.push(EntryAt { client, path: file.path.clone(), entry });
                }
            }
        }
        Ok(all)
    }
}

fn switch(entry: &FoundEntry, kind: AccessKind) -> Switch {
    let asks_us = entry.delivery.is_some_and(Delivery::starts_ours);
    match (asks_us && !entry.holds_key, entry.access == kind) {
        (true, true) => Switch::ByItself,
        (true, false) => Switch::KeepsKey,
        (false, _) => Switch::File,
    }
}

/// The first call of a client that was answered, or the first token it was handed.
fn proof(calls: &[Call], client: &str, kind: AccessKind, moving: &McpMove) -> Option<SeenCall> {
    let of_it = calls.iter().filter(|call| {
        call.access == Some(kind)
            && call.at >= moving.since
            && matches!(call.outcome, Outcome::Done | Outcome::Failed)
            && is_client(&call.caller, client)
    });
    let first = of_it.min_by_key(|call| call.at)?;
    Some(SeenCall { at: rfc3339(first.at), handed: first.hands_out() })
}

/// What is known of an instance's keys.
struct Looked<'a> {
    core: &'a Core,
    instance: &'a Instance,
    moving: &'a McpMove,
    listed: Option<&'a [ApiKey]>,
}

impl Looked<'_> {
    fn listed(&self, key: &ApiKeyId) -> Option<&ApiKey> {
        self.listed?.iter().find(|listed| listed.id == *key)
    }

    /// Of nobody on this computer.
    fn key(&self, key: Option<&ApiKeyId>) -> MovedClientView {
        let (listed, record) =
            (key.and_then(|key| self.listed(key)), key.and_then(|key| self.instance.record(key)));
        let moved = key.and_then(|key| self.moving.key(key));
        let state = key.map_or(MovedKeyState::Unknown, |key| self.state(key));
        let watch = moved.and_then(|moved| moved.watch.as_ref());
        let is_quiet = watch.is_some_and(|watch| watch.is_quiet(self.moving.quiet_for));
        let name = listed.map(|key| &key.name).or_else(|| record.map(|record| &record.name));
        let alias = record.map(|record| &record.alias).or_else(|| moved.map(|moved| &moved.alias));
        MovedClientView {
            client: None,
            client_name: None,
            path: None,
            entry: None,
            delivery: None,
            switch: Switch::Elsewhere,
            proven: None,
            key: key.cloned(),
            key_name: name.or_else(|| moved.map(|moved| &moved.name)).cloned(),
            key_alias: alias.cloned(),
            key_hint: record.map(|record| record.hint.clone()),
            last_use: listed
                .and_then(|key| key.last_used_on)
                .map(|wall| TimeView::of(wall, &self.instance.clock)),
            watch: watch
                .filter(|_| state == MovedKeyState::Active)
                .map(|watch| WatchView::of(watch, self.moving.quiet_for, &self.instance.clock)),
            may_go: state == MovedKeyState::Active && is_quiet && self.moving.blind_spots.is_empty(),
            key_state: state,
        }
    }

    fn state(&self, key: &ApiKeyId) -> MovedKeyState {
        let session = self.instance.signed_in.as_ref().and_then(|signed_in| signed_in.how.key());
        if session == Some(key) {
            return MovedKeyState::Session;
        }
        let now = self.core.now.now();
        let Some(all) = self.listed else {
            let is_over = self.instance.record(key).is_some_and(|record| record.revoked);
            return if is_over { MovedKeyState::Gone } else { MovedKeyState::Unknown };
        };
        let wall = self.instance.clock.wall(now);
        let is_active = |listed: &ApiKey| listed.id == *key && listed.status(wall) == KeyStatus::Active;
        if all.iter().any(is_active) { MovedKeyState::Active } else { MovedKeyState::Gone }
    }

    /// The keys that clients elsewhere may have: those that moved, and whatever else works, but not the one that this
    /// program signs in with.
    fn keys_elsewhere(&self, here: &HashSet<ApiKeyId>) -> Vec<ApiKeyId> {
        let moved = self.moving.keys.iter().map(|moved| &moved.id);
        let working = self.listed.into_iter().flatten().map(|key| &key.id);
        let working = working.filter(|key| self.state(key) == MovedKeyState::Active);
        let mut keys: Vec<ApiKeyId> = Vec::new();
        for key in moved.chain(working) {
            if !here.contains(key) && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }
}
