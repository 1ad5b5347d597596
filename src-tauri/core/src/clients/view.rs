//! The facts about a client as IPC and `--json` send them.

use super::delivery::{CannotTake, Delivery, NotWritten, Scope, SnippetForm};
use super::location::Location;
use super::table::{Check, ClientKind, Knowledge, McpClient};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ClientView {
    pub id: &'static str,
    pub name: &'static str,
    pub kind: ClientKind,
    /// None where it can take no key at all.
    pub best_delivery: Option<Delivery>,
    /// All of them, best first.
    pub deliveries: Vec<DeliveryView>,
    /// Why we do not write its file, if so.
    pub not_written: Option<NotWritten>,
    pub locations: Vec<Location>,
    pub checks: Vec<Check>,
    pub knowledge: Knowledge,
}

/// Whether, and in which forms, a client takes a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DeliveryView {
    pub delivery: Delivery,
    /// Empty where the client cannot take it.
    pub forms: Vec<SnippetForm>,
    pub cannot: Option<CannotTake>,
}

impl From<&McpClient> for ClientView {
    fn from(client: &McpClient) -> Self {
        let delivery = |&delivery: &Delivery| DeliveryView {
            delivery,
            forms: client.forms(delivery),
            cannot: client.can_take(delivery).err(),
        };
        Self {
            id: client.id,
            name: client.name,
            kind: client.kind,
            best_delivery: client.best_delivery(),
            deliveries: Delivery::ALL.iter().map(delivery).collect(),
            not_written: client.writes().err(),
            locations: usual_first(client.locations),
            checks: client.checks.to_vec(),
            knowledge: client.knowledge,
        }
    }
}

/// Those that an entry usually goes to before those that are only read.
fn usual_first(locations: &[Location]) -> Vec<Location> {
    let mut locations = locations.to_vec();
    locations.sort_by_key(|location| (location.scope == Scope::Project, !location.is_usual()));
    locations
}
