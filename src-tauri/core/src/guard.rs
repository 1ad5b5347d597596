//! The guard: which of a server's tools one AI client may use through the bridge.
//!
//! It is written into the client's entry as `--allow` and `--deny`. With a rule that allows, only what is allowed
//! passes; without one all but what is denied does. What is denied never passes.

mod superset_tools;

pub use superset_tools::{SUPERSET_TOOLS, SupersetTool, ToolGroup};

use crate::glob::Glob;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use strum::{EnumIter, IntoStaticStr};

/// Finds tools by words; what it answers is looked into. Superset 6.1.0 hides most of its tools behind these two.
pub const SEARCH_TOOLS: &str = "search_tools";
/// Calls a tool by its name; what it calls is looked into.
pub const CALL_TOOL: &str = "call_tool";
/// Stands for the tools that only read; see [`SUPERSET_TOOLS`].
const READ: &str = "read";
/// Longer than any tool's name may be (MCP 2025-11-25).
const LONGEST: usize = 128;

/// One word behind `--allow` or `--deny`: `read`, a tool's name, or a pattern with `*` and `?`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(feature = "specta", specta(type = String))]
pub struct Rule(String);

/// Why a word is no rule.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RuleProblem {
    #[error("a tool's name, a pattern with * and ?, or `read` is needed")]
    Empty,
    #[error("it is longer than a tool's name can be")]
    TooLong,
    #[error("no tool's name has such letters: one name or pattern in each rule")]
    Letters,
}

impl Rule {
    /// The tools that only read.
    #[must_use]
    pub fn read() -> Self {
        Self(READ.to_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_everything(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte == b'*')
    }

    /// As it stands in a list of what is allowed: no letter is taken for another.
    fn names(&self, tool: &str) -> bool {
        if self.0 == READ { is_read(tool) } else { Glob::new(&*self.0).matches(tool) }
    }

    /// As it stands in a list of what is denied: a server may take capital and small letters for the same.
    fn means(&self, tool: &str) -> bool {
        let (rule, tool) = (self.0.to_ascii_lowercase(), tool.to_ascii_lowercase());
        if self.0 == READ { is_read(&tool) } else { Glob::new(rule).matches(&tool) }
    }
}

impl FromStr for Rule {
    type Err = RuleProblem;

    fn from_str(word: &str) -> Result<Self, RuleProblem> {
        match word {
            "" => Err(RuleProblem::Empty),
            _ if word.len() > LONGEST => Err(RuleProblem::TooLong),
            // Behind `--allow` it would be taken for an option.
            _ if word.starts_with('-')
                || !word.bytes().all(|byte| is_of_a_name(byte) || b"*?".contains(&byte)) =>
            {
                Err(RuleProblem::Letters)
            }
            _ => Ok(Self(word.to_owned())),
        }
    }
}

impl TryFrom<String> for Rule {
    type Error = RuleProblem;

    fn try_from(word: String) -> Result<Self, RuleProblem> {
        word.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.0
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one AI client may do. Without any rule: everything that the key's owner may.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Guard {
    #[serde(default)]
    pub allow: Vec<Rule>,
    #[serde(default)]
    pub deny: Vec<Rule>,
}

impl Guard {
    /// Each rule once, in its order. Allowing everything is no rule.
    #[must_use]
    pub fn new(allow: Vec<Rule>, deny: Vec<Rule>) -> Self {
        let allow = if allow.iter().any(Rule::is_everything) { Vec::new() } else { once(allow) };
        Self { allow, deny: once(deny) }
    }

    /// Only what reads.
    #[must_use]
    pub fn reading_only() -> Self {
        Self::new(vec![Rule::read()], Vec::new())
    }

    /// Whether everything passes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    #[must_use]
    pub fn choice(&self) -> GuardChoice {
        match self {
            _ if self.is_open() => GuardChoice::Everything,
            _ if *self == Self::reading_only() => GuardChoice::Reading,
            _ => GuardChoice::Chosen,
        }
    }

    /// As they stand behind `bridge <instance>`.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let words = |option: &'static str, rules: &'_ [Rule]| {
            rules.iter().flat_map(|rule| [option.to_owned(), rule.0.clone()]).collect::<Vec<_>>()
        };
        [words("--allow", &self.allow), words("--deny", &self.deny)].concat()
    }

    /// Whether a tool of this name may be used. A name that no tool should have (MCP 2025-11-25) may not: what a
    /// server makes of it, nobody knows.
    #[must_use]
    pub fn lets(&self, tool: &str) -> bool {
        if self.is_open() {
            return true;
        }
        let hides_others = [SEARCH_TOOLS, CALL_TOOL].contains(&tool);
        if hides_others {
            return !self.deny.iter().any(|rule| rule.0 == tool);
        }
        is_a_name(tool)
            && !self.denies(tool)
            && (self.allow.is_empty() || self.allow.iter().any(|rule| rule.names(tool)))
    }

    /// Whether it is denied by a rule, as opposed to not allowed by any.
    #[must_use]
    pub fn denies(&self, tool: &str) -> bool {
        self.deny.iter().any(|rule| rule.means(tool.trim()))
    }
}

/// What a person chose, in the window's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum GuardChoice {
    Everything,
    Reading,
    Chosen,
}

fn once(rules: Vec<Rule>) -> Vec<Rule> {
    let mut kept: Vec<Rule> = Vec::with_capacity(rules.len());
    for rule in rules {
        if !kept.contains(&rule) {
            kept.push(rule);
        }
    }
    kept
}

fn is_read(tool: &str) -> bool {
    SUPERSET_TOOLS.iter().any(|known| known.reads && known.name == tool)
}

/// Letters that MCP 2025-11-25 leaves to tools' names, and `/` and `:`, which servers use.
fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte)
}

/// Whether a tool may be called so at all.
#[must_use]
pub fn is_a_name(tool: &str) -> bool {
    !tool.is_empty() && tool.len() <= LONGEST && tool.bytes().all(is_of_a_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules(words: &[&str]) -> Vec<Rule> {
        words.iter().map(|word| word.parse().unwrap()).collect()
    }

    fn guard(allow: &[&str], deny: &[&str]) -> Guard {
        Guard::new(rules(allow), rules(deny))
    }

    #[test]
    fn reading_is_reading_and_sql_is_none() {
        let reading = Guard::reading_only();
        for tool in
            ["list_charts", "get_chart_data", "open_sql_lab_with_context", "search_tools", "call_tool"]
        {
            assert!(reading.lets(tool), "{tool}");
        }
        for tool in
            ["execute_sql", "generate_chart", "generate_explore_link", "save_sql_query", "get_tomorrow"]
        {
            assert!(!reading.lets(tool), "{tool}");
        }
        assert!(guard(&["read", "execute_sql"], &[]).lets("execute_sql"));
        assert!(!guard(&[], &["read"]).lets("list_charts"));
    }

    #[test]
    fn what_is_denied_never_passes_and_what_is_allowed_is_named() {
        let both = guard(&["list_*", "execute_sql"], &["execute_*"]);
        assert!(both.lets("list_charts") && !both.lets("execute_sql") && !both.lets("get_schema"));
        let denied = guard(&[], &["execute_sql", "update_*"]);
        assert!(denied.lets("list_charts") && denied.lets("of_tomorrow"));
        assert!(!denied.lets("execute_sql") && !denied.lets("update_chart"));
    }

    #[test]
    fn names_that_look_like_others_are_not_let_through() {
        for tool in [
            "Execute_SQL",
            " execute_sql",
            "execute_sql\n",
            "execute_sql\0",
            "ехecute_sql",
            "execute_sql\u{200b}",
            "",
        ] {
            assert!(!guard(&[], &["execute_sql"]).lets(tool), "{tool:?}");
            assert!(!guard(&["execute_sql"], &[]).lets(tool), "{tool:?}");
        }
        assert!(Guard::default().lets("ехecute sql"), "without a guard nothing is looked at");
    }

    #[test]
    fn the_tools_that_hide_others_pass_unless_they_are_named() {
        assert!(guard(&["read"], &["*"]).lets("call_tool"));
        assert!(!guard(&["read"], &["*"]).lets("list_charts"));
        assert!(!guard(&["read"], &["call_tool"]).lets("call_tool"));
    }

    #[test]
    fn what_allows_everything_is_no_guard() {
        assert_eq!(guard(&["*"], &[]).choice(), GuardChoice::Everything);
        assert_eq!(guard(&["read", "**"], &["execute_sql"]).arguments(), ["--deny", "execute_sql"]);
        assert_eq!(guard(&["read", "read"], &[]).choice(), GuardChoice::Reading);
    }

    #[test]
    fn words_that_are_no_rules() {
        for (word, problem) in [
            ("", RuleProblem::Empty),
            ("a,b", RuleProblem::Letters),
            ("a b", RuleProblem::Letters),
            ("-x", RuleProblem::Letters),
            ("ü", RuleProblem::Letters),
        ] {
            assert_eq!(word.parse::<Rule>(), Err(problem), "{word}");
        }
        assert_eq!("x".repeat(129).parse::<Rule>(), Err(RuleProblem::TooLong));
        assert!(serde_json::from_str::<Guard>(r#"{"allow":["a b"]}"#).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_denied_stays_denied(allow in prop::collection::vec("[a-z*?_]{1,6}", 0..4), tool in "\\PC{0,12}") {
            let allow: Vec<Rule> = allow.iter().filter_map(|word| word.parse().ok()).collect();
            if let Ok(deny) = tool.parse::<Rule>() {
                prop_assert!(!Guard::new(allow, vec![deny]).lets(&tool));
            }
        }
    }
}
