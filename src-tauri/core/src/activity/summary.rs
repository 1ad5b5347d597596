//! Calls counted by client, by tool and by day.

use super::{Call, Outcome};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many there were, and how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Counts {
    pub calls: u32,
    /// Those that did not work, for whatever reason but the guard.
    pub failed: u32,
    pub refused: u32,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        self.calls += 1;
        match outcome {
            Outcome::Failed | Outcome::NotAllowed | Outcome::NoAnswer => self.failed += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Done | Outcome::Cancelled | Outcome::UnderWay => {}
        }
    }
}

/// All of it. Days are those of the person's zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub all: Counts,
    pub by_client: BTreeMap<String, Counts>,
    pub by_tool: BTreeMap<String, Counts>,
    pub by_day: BTreeMap<Date, Counts>,
}

impl Summary {
    /// Counts calls of tools. `client` tells what a caller is called.
    #[must_use]
    pub fn of<'a>(
        calls: impl IntoIterator<Item = &'a Call>,
        zone: &TimeZone,
        client: impl Fn(&Call) -> String,
    ) -> Self {
        let mut summary = Self::default();
        for call in calls {
            if !call.is_of_a_tool() {
                continue;
            }
            summary.all.add(call.outcome);
            summary.by_client.entry(client(call)).or_default().add(call.outcome);
            summary.by_tool.entry(call.tool.clone().unwrap_or_default()).or_default().add(call.outcome);
            summary.by_day.entry(zone.to_datetime(call.at).date()).or_default().add(call.outcome);
        }
        summary
    }
}
