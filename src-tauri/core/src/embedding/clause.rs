//! What a row rule may say. Superset 6.1.0 takes any text for one, puts it in brackets after `WHERE`, and shows a guest
//! whatever it then lets through.

use super::dialect::Dialect;
use super::tokens::{Kind, Token, tokens};
use crate::error::ClauseProblem;
use crate::names::hides;
use serde::{Deserialize, Serialize};

/// In letters. A token goes in one header, and servers take 8190 bytes of one.
pub const CLAUSE_LIMIT: usize = 4000;

/// What makes a rule let through more than it seems to. Superset takes it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RuleWarning {
    /// An `OR` at its top: whatever stands beside it opens the rows.
    OrAtTop,
    /// It compares no column, so it lets all rows through, or none.
    Constant,
    /// Its dataset is not one of the dashboard's: it applies to nothing.
    DatasetElsewhere,
    /// A column that the dataset does not have.
    NoSuchColumn,
}

/// Refuses what breaks out of its brackets, or would be run otherwise than it reads, in a database of any of these
/// dialects. None of them: in any.
///
/// # Errors
/// The first problem.
pub fn lint(clause: &str, dialects: &[Dialect]) -> Result<(), ClauseProblem> {
    if clause.trim().is_empty() {
        return Err(ClauseProblem::Empty);
    }
    if clause.chars().count() > CLAUSE_LIMIT {
        return Err(ClauseProblem::TooLong);
    }
    if clause.chars().any(is_unseen) {
        return Err(ClauseProblem::Unprintable);
    }
    if is_template(clause) {
        return Err(ClauseProblem::Template);
    }
    for dialect in known(dialects) {
        for reading in dialect.readings() {
            tokens(clause, reading, dialect)?;
        }
    }
    Ok(())
}

/// What every database would have against it: known before it is known which one it is for.
///
/// # Errors
/// The problem that the most usual of them has.
pub fn lint_for_any(clause: &str) -> Result<(), ClauseProblem> {
    let mut all = Dialect::ALL.iter().map(|dialect| lint(clause, &[*dialect]));
    let first = all.next().unwrap_or(Ok(()));
    if first.is_err() && all.all(|other| other.is_err()) { first } else { Ok(()) }
}

/// What widens a rule, as far as its text tells. `columns` are those that its datasets have, where that is known: of each
/// dataset its own.
#[must_use]
pub fn warnings(clause: &str, dialect: Dialect, columns: &[&[String]]) -> Vec<RuleWarning> {
    let pieces = dialect.readings().first().map(|usual| tokens(clause, *usual, dialect));
    let Some(Ok(pieces)) = pieces else { return Vec::new() };
    let pieces: Vec<Token> = pieces.into_iter().filter(|token| token.kind != Kind::Space).collect();
    let roles = roles(clause, &pieces, columns);
    let mut found = Vec::new();
    if has_or_at_top(clause, &pieces, dialect) {
        found.push(RuleWarning::OrAtTop);
    }
    if is_constant(clause, &pieces, &roles, dialect) {
        found.push(RuleWarning::Constant);
    }
    if roles.contains(&Role::Unknown) {
        found.push(RuleWarning::NoSuchColumn);
    }
    found
}

pub(super) fn known(dialects: &[Dialect]) -> Vec<Dialect> {
    let mut known: Vec<Dialect> = Vec::new();
    for dialect in dialects {
        if !known.contains(dialect) {
            known.push(*dialect);
        }
    }
    if known.is_empty() { vec![Dialect::of(None)] } else { known }
}

/// Line ends and tabs are seen.
pub(super) fn is_unseen(letter: char) -> bool {
    hides(letter) && !matches!(letter, '\n' | '\t')
}

/// Jinja runs it, within quotes too, where `ENABLE_TEMPLATE_PROCESSING` is on.
pub(super) fn is_template(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|begin| text.contains(begin))
}

/// What a piece is to the question which columns are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Nothing,
    Column,
    /// It looks like a column, and a dataset has none of that name.
    Unknown,
    /// It begins a query of its own, whose columns are not known.
    Query,
}

/// Words that name no column, unless a dataset has one of that name.
const WORDS: [&str; 50] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "like",
    "ilike",
    "rlike",
    "regexp",
    "similar",
    "to",
    "between",
    "true",
    "false",
    "unknown",
    "case",
    "when",
    "then",
    "else",
    "end",
    "exists",
    "any",
    "all",
    "some",
    "escape",
    "as",
    "distinct",
    "from",
    "interval",
    "at",
    "collate",
    "xor",
    "div",
    "mod",
    "using",
    "binary",
    "array",
    "row",
    "isnull",
    "notnull",
    "symmetric",
    "overlaps",
    "glob",
    "match",
    "with",
    "without",
    "local",
    "minutes",
    "both",
];
/// The same, of what a column is often called.
const SOFT: [&str; 16] = [
    "date",
    "time",
    "timestamp",
    "zone",
    "day",
    "month",
    "year",
    "hour",
    "minute",
    "second",
    "week",
    "quarter",
    "days",
    "months",
    "years",
    "hours",
];

fn roles(clause: &str, pieces: &[Token], columns: &[&[String]]) -> Vec<Role> {
    let has = |dataset: &[String], name: &str| {
        dataset.iter().any(|column| column.to_lowercase() == name.to_lowercase())
    };
    // None where no dataset is known.
    let in_all = |name: &str| (!columns.is_empty()).then(|| columns.iter().all(|one| has(one, name)));
    let is_query = pieces.iter().any(|token| token.text(clause).eq_ignore_ascii_case("select"));
    let role = |at: usize| {
        let token = pieces[at];
        let text = token.text(clause);
        let next = pieces.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let named = match token.kind {
            Kind::QuotedName => bare(text),
            Kind::Word => text.to_owned(),
            _ => return Role::Nothing,
        };
        let word = named.to_ascii_lowercase();
        if token.kind == Kind::Word {
            if word == "select" {
                return Role::Query;
            }
            let is_glued = next.is_some_and(|next| next.kind == Kind::Text && next.start == token.end);
            let is_called = next.is_some_and(|next| next.text(clause) == "(");
            let is_type = before.is_some_and(|before| {
                before.kind == Kind::Cast
                    || ["as", "collate"].iter().any(|word| before.text(clause).eq_ignore_ascii_case(word))
            });
            if is_glued || is_called || is_type || text.starts_with('@') {
                return Role::Nothing;
            }
            let is_soft = SOFT.contains(&&*word);
            if is_soft || WORDS.contains(&&*word) {
                let is_text_next = next.is_some_and(|next| next.kind == Kind::Text);
                let may_be = !is_text_next && is_soft;
                let is = in_all(&named).unwrap_or(may_be);
                return if is { Role::Column } else { Role::Nothing };
            }
            if word.starts_with("current_") || word.starts_with("local") {
                return if in_all(&named) == Some(true) { Role::Column } else { Role::Nothing };
            }
        }
        // `table.column`: the last of them is the column.
        if next.is_some_and(|next| next.text(clause) == ".") {
            return Role::Nothing;
        }
        match in_all(&named) {
            Some(false) if is_query => Role::Nothing,
            Some(false) => Role::Unknown,
            Some(true) | None => Role::Column,
        }
    };
    (0..pieces.len()).map(role).collect()
}

/// Without the marks around it.
fn bare(quoted: &str) -> String {
    let mut letters = quoted.chars();
    let mark = letters.next().unwrap_or_default();
    letters.next_back();
    let inner = letters.as_str();
    if mark == '[' { inner.to_owned() } else { inner.replace(&format!("{mark}{mark}"), &mark.to_string()) }
}

fn is_or(clause: &str, pieces: &[Token], at: usize, dialect: Dialect) -> bool {
    let token = pieces[at];
    let text = token.text(clause);
    let is_bar = |at: usize| pieces.get(at).is_some_and(|token| token.text(clause) == "|");
    match token.kind {
        Kind::Word => text.eq_ignore_ascii_case("or") || text.eq_ignore_ascii_case("xor"),
        Kind::Other => dialect.bars_are_or() && is_bar(at) && is_bar(at + 1),
        _ => false,
    }
}

/// Brackets around all of it change nothing.
fn has_or_at_top(clause: &str, pieces: &[Token], dialect: Dialect) -> bool {
    let (mut from, mut to, mut top) = (0, pieces.len(), 0);
    while to - from >= 2
        && pieces[from].kind == Kind::Open
        && pieces[to - 1].kind == Kind::Close
        && pieces[from + 1..to - 1].iter().all(|token| token.depth > top)
    {
        (from, to, top) = (from + 1, to - 1, top + 1);
    }
    (from..to).any(|at| pieces[at].depth == top && is_or(clause, pieces, at, dialect))
}

/// It compares nothing, or one side of an `OR` does.
fn is_constant(clause: &str, pieces: &[Token], roles: &[Role], dialect: Dialect) -> bool {
    struct Group {
        has_or: bool,
        /// Since its beginning, or since the last `OR`.
        compares: bool,
    }
    let new = || Group { has_or: false, compares: false };
    let mut open = vec![new()];
    for (at, token) in pieces.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push(new()),
            Kind::Close => {
                let Some(group) = open.pop() else { return false };
                if group.has_or && !group.compares {
                    return true;
                }
            }
            _ if matches!(roles[at], Role::Column | Role::Unknown | Role::Query) => {
                for group in &mut open {
                    group.compares = true;
                }
            }
            _ if is_or(clause, pieces, at, dialect) => {
                if let Some(group) = open.last_mut() {
                    if !group.compares {
                        return true;
                    }
                    (group.has_or, group.compares) = (true, false);
                }
            }
            _ => {}
        }
    }
    open.first().is_some_and(|whole| !whole.compares)
}

#[cfg(test)]
#[path = "clause_tests.rs"]
mod tests;
