//! What a person can choose from when an AI client is to do less than everything.

use crate::Core;
use crate::guard::{Guard, GuardChoice, SUPERSET_TOOLS, SupersetTool};
use serde::Serialize;

/// A guard, and the tools it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct GuardView {
    pub guard: Guard,
    pub choice: GuardChoice,
    /// Superset's own, by group: as kept in this program, no server was asked.
    pub tools: Vec<ToolView>,
    /// Of which Superset they are.
    pub of_version: &'static str,
}

/// One tool, and whether it is let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolView {
    #[serde(flatten)]
    pub tool: SupersetTool,
    pub allowed: bool,
}

impl Core {
    /// What a guard lets through. Asks nobody.
    #[must_use]
    pub fn show_guard(&self, guard: &Guard) -> GuardView {
        let tools =
            SUPERSET_TOOLS.iter().map(|tool| ToolView { tool: *tool, allowed: guard.lets(tool.name) });
        GuardView {
            guard: guard.clone(),
            choice: guard.choice(),
            tools: tools.collect(),
            of_version: "6.1.0",
        }
    }
}
