//! The words of a check-up, which the window shows too: `ui/src/messages/checkup.json`.

use super::values::{fill, snake_case};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;
use superset_keys_core::checkup::{CheckupItem, CheckupItemView};
use superset_keys_core::error::ErrorParams;

const TEXT: &str = include_str!("../../../../ui/src/messages/checkup.json");

#[derive(Deserialize)]
struct Table {
    items: HashMap<String, String>,
    findings: HashMap<String, FindingWords>,
    remedies: HashMap<String, RemedyWords>,
}

#[derive(Deserialize)]
struct FindingWords {
    seen: String,
    why: String,
}

#[derive(Deserialize)]
struct RemedyWords {
    text: String,
    config: String,
    admin: String,
}

/// What is said of one item. Parts that have nothing to say are empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ItemWords {
    pub title: String,
    pub seen: String,
    pub why: String,
    pub remedy: String,
    /// Lines for `superset_config.py`.
    pub config: String,
    pub admin: String,
}

/// What the sentences may speak of besides the item's own values.
pub struct About<'a> {
    pub url: &'a str,
    pub mcp_url: Option<&'a str>,
    pub version: &'a str,
}

pub fn item_words(item: &CheckupItemView, about: &About<'_>) -> ItemWords {
    static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| serde_json::from_str(TEXT).ok());
    let Some(table) = &*TABLE else { return ItemWords::default() };
    let values = values(item, about);
    let filled = |text: &str| fill(text, &values).replace(" ()", "");
    let title = table.items.get(&snake_case(&item.item)).cloned().unwrap_or_default();
    let mut words = ItemWords { title, ..ItemWords::default() };
    if let Some(finding) = table.findings.get(&snake_case(&item.finding)) {
        words.seen = filled(&finding.seen);
        words.why = filled(&finding.why);
    }
    if let Some(remedy) = item.remedy.and_then(|remedy| table.remedies.get(&snake_case(&remedy))) {
        words.remedy = filled(&remedy.text);
        words.config = filled(&remedy.config);
        words.admin = filled(&remedy.admin);
    }
    words
}

/// The item's own, days without their hours, and the address it is about.
fn values(item: &CheckupItemView, about: &About<'_>) -> ErrorParams {
    let mut values = item.params.clone();
    for name in ["until", "end", "at"] {
        if let Some(day) = values.get_mut(name) {
            day.truncate("2026-11-21".len());
        }
    }
    let of_superset = matches!(
        item.item,
        CheckupItem::Reachable
            | CheckupItem::Connection
            | CheckupItem::Version
            | CheckupItem::ApiKeys
            | CheckupItem::Permissions
            | CheckupItem::GuestSecret
            | CheckupItem::McpEndpoint
    );
    let url = if of_superset { about.url } else { about.mcp_url.unwrap_or(about.url) };
    values.entry("url".to_owned()).or_insert_with(|| url.to_owned());
    values.entry("version".to_owned()).or_insert_with(|| about.version.to_owned());
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use superset_keys_core::checkup::{Finding, Remedy};

    #[test]
    fn everything_that_can_be_found_has_words() {
        let table: Table = serde_json::from_str(TEXT).unwrap();
        for finding in Finding::ALL {
            let words = &table.findings[&snake_case(finding)];
            assert!(!words.seen.is_empty(), "{finding:?}");
        }
        for remedy in Remedy::ALL {
            assert!(!table.remedies[&snake_case(remedy)].text.is_empty(), "{remedy:?}");
        }
        assert_eq!(table.findings.len(), Finding::ALL.len());
        assert_eq!(table.remedies.len(), Remedy::ALL.len());
    }

    /// What scripts may rely on is written down.
    #[test]
    fn everything_that_can_be_found_is_documented() {
        let page = include_str!("../../../../docs/checkup.md");
        for finding in Finding::ALL {
            let verdict = snake_case(&finding.verdict());
            assert!(page.contains(&format!("| `{}` | {verdict} |", snake_case(finding))), "{finding:?}");
        }
        for remedy in Remedy::ALL {
            assert!(page.contains(&format!("| `{}` |", snake_case(remedy))), "{remedy:?}");
        }
    }

    #[test]
    fn a_sentence_has_its_values_and_no_empty_brackets() {
        let item: CheckupItemView = serde_json::from_value(serde_json::json!({
            "item": "no_key", "verdict": "critical", "finding": "let_in", "remedy": "close_or_verify",
            "params": {"user": "admin", "roles": ""}, "took": 3
        }))
        .unwrap();
        let about = About { url: "https://s", mcp_url: Some("https://s/mcp"), version: "6.1.0" };
        let words = item_words(&item, &about);
        assert_eq!((&*words.title, &*words.seen), ("Rejects no key at all", "Let in as admin"));
        assert!(words.remedy.contains("Superset 6.1.0 cannot check"), "{}", words.remedy);
        assert!(words.admin.contains("(https://s/mcp)") && !words.admin.contains('{'), "{}", words.admin);
        assert_eq!(words.config, "");
    }
}
