//! The words of the checklist, which the window shows too: `ui/src/messages/embedding-check.json`.

use crate::words::values::{fill, snake_case};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;
use superset_keys_core::actions::{EmbeddingCheckView, SwitchState, SwitchView};

const TEXT: &str = include_str!("../../../../../ui/src/messages/embedding-check.json");

#[derive(Deserialize)]
struct Table {
    switches: HashMap<String, Title>,
    states: HashMap<String, String>,
    findings: HashMap<String, Found>,
    unseen: Vec<String>,
    last: String,
}

#[derive(Deserialize)]
struct Title {
    title: String,
    name: String,
}

#[derive(Deserialize)]
struct Found {
    seen: String,
    why: String,
}

/// What is said of one switch. Parts that have nothing to say are empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CheckWords {
    pub title: String,
    /// What it is called where it is set.
    pub name: String,
    pub state: String,
    pub seen: String,
    pub why: String,
}

fn table() -> Option<&'static Table> {
    static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| serde_json::from_str(TEXT).ok());
    TABLE.as_ref()
}

pub fn check_words(view: &SwitchView) -> CheckWords {
    let Some(table) = table() else { return CheckWords::default() };
    let filled = |text: &str| fill(text, &view.params).replace(" ()", "");
    let mut words = CheckWords::default();
    if let Some(Title { title, name }) = table.switches.get(&snake_case(&view.switch)) {
        (words.title, words.name) = (title.clone(), name.clone());
    }
    if let Some(state) = table.states.get(&snake_case(&view.state)) {
        words.state.clone_from(state);
    }
    if let Some(Found { seen, why }) = table.findings.get(&snake_case(&view.found)) {
        (words.seen, words.why) = (filled(seen), filled(why));
    }
    words
}

/// What no outside check can see, and what can.
pub fn unseen() -> (&'static [String], &'static str) {
    table().map_or((&[], ""), |table| (&table.unseen, &table.last))
}

pub fn headline(checked: &EmbeddingCheckView) -> String {
    let title = &checked.dashboard_title;
    let site = &checked.site;
    match checked.verdict {
        SwitchState::Critical => format!("\"{title}\" is open to strangers"),
        SwitchState::Wrong => format!("\"{title}\" does not show on {site} as it should"),
        SwitchState::Doubtful => format!("\"{title}\" on {site}: not all is as it should be, or can be told"),
        _ => format!("\"{title}\" looks right for {site}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;
    use superset_keys_core::actions::{EmbeddingFinding, EmbeddingSwitch};

    #[test]
    fn everything_that_can_be_found_has_words() {
        let table = table().unwrap();
        for finding in EmbeddingFinding::VARIANTS {
            assert!(!table.findings[&snake_case(finding)].seen.is_empty(), "{finding:?}");
        }
        for switch in EmbeddingSwitch::VARIANTS {
            assert!(!table.switches[&snake_case(switch)].title.is_empty(), "{switch:?}");
        }
        assert_eq!(table.findings.len(), EmbeddingFinding::VARIANTS.len());
        assert_eq!(table.switches.len(), EmbeddingSwitch::VARIANTS.len());
        assert_eq!(table.states.len(), 6);
        assert!(table.unseen.len() > 4 && !table.last.is_empty());
    }

    #[test]
    fn a_sentence_has_its_values() {
        let view: SwitchView = serde_json::from_value(serde_json::json!({
            "switch": "allowed_domains", "state": "wrong", "found": "sites_without_host",
            "params": {"site": "https://app.example.com", "sites": "app.example.com"},
            "asked": "", "answered": "403, 403, 403", "fix": null
        }))
        .unwrap();
        let words = check_words(&view);
        assert_eq!((&*words.name, &*words.state), ("Allowed Domains", "Wrong"));
        assert_eq!(words.seen, "https://app.example.com is not among them: app.example.com");
    }
}
