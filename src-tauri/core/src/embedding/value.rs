//! Values in a row rule: each takes the place of a `:name` outside quotes, as a text or a number that its database cannot
//! take for anything else.

use super::clause::{is_template, is_unseen, known, lint};
use super::dialect::{Dialect, Writing};
use super::tokens::{Kind, tokens};
use crate::error::ClauseProblem as Problem;
use serde::{Deserialize, Serialize};

/// More digits than any database has.
const NUMBER_LIMIT: usize = 60;

/// A value of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RuleValue {
    /// What stands in the clause, without the colon.
    pub name: String,
    pub value: String,
    /// Put in as a number, not as a text.
    #[serde(default)]
    pub is_number: bool,
}

/// Whether a value of this name has a place in it.
pub(crate) fn has_place(clause: &str, name: &str) -> bool {
    let places = places(clause, &[Dialect::of(None)]).unwrap_or_default();
    places.iter().any(|(from, to)| &clause[from + 1..*to] == name)
}

/// The clause with its values in it, for databases of these dialects. Without values it is as it was typed.
///
/// # Errors
/// What [`lint`] refuses, a name without a value, a value without a name, and a value that cannot be written so that each
/// of the databases reads the same.
pub fn fill(clause: &str, values: &[RuleValue], dialects: &[Dialect]) -> Result<String, Problem> {
    lint(clause, dialects)?;
    let dialects = known(dialects);
    let places = places(clause, &dialects)?;
    let name_at = |(from, to): (usize, usize)| &clause[from + 1..to];
    for value in values {
        let same = |other: &&RuleValue| other.name == value.name;
        if values.iter().filter(same).count() > 1 || !places.iter().any(|place| name_at(*place) == value.name)
        {
            return Err(Problem::ValueUnused);
        }
    }
    let mut filled = String::with_capacity(clause.len());
    let mut done = 0;
    for place in places {
        let value = values.iter().find(|value| value.name == name_at(place)).ok_or(Problem::ValueMissing)?;
        filled.push_str(&clause[done..place.0]);
        filled.push_str(&written(value, &dialects)?);
        done = place.1;
    }
    filled.push_str(&clause[done..]);
    match lint(&filled, &dialects) {
        Ok(()) => Ok(filled),
        Err(Problem::TooLong) => Err(Problem::TooLong),
        // By a setting of the database it ends elsewhere than it was written to.
        Err(_) => Err(Problem::ValueUnwritable),
    }
}

/// Where values go: the same in each way to read it.
fn places(clause: &str, dialects: &[Dialect]) -> Result<Vec<(usize, usize)>, Problem> {
    let mut all: Option<Vec<(usize, usize)>> = None;
    for dialect in dialects {
        for reading in dialect.readings() {
            let tokens = tokens(clause, reading, *dialect)?;
            let places = tokens.iter().filter(|token| token.kind == Kind::Placeholder);
            let places: Vec<_> = places.map(|token| (token.start, token.end)).collect();
            match &all {
                Some(others) if *others != places => return Err(Problem::Quotes),
                _ => all = Some(places),
            }
        }
    }
    Ok(all.unwrap_or_default())
}

fn written(value: &RuleValue, dialects: &[Dialect]) -> Result<String, Problem> {
    if value.is_number {
        return number(&value.value).ok_or(Problem::ValueNotANumber);
    }
    if value.value.chars().any(is_unseen) {
        return Err(Problem::Unprintable);
    }
    if is_template(&value.value) {
        return Err(Problem::Template);
    }
    let mut all = dialects.iter().map(|dialect| text(&value.value, dialect.writing()));
    let first = all.next().flatten();
    if all.all(|other| other == first) {
        first.ok_or(Problem::ValueUnwritable)
    } else {
        Err(Problem::ValueUnwritable)
    }
}

/// None where it cannot be written so that it is sure to be read as it is.
fn text(value: &str, writing: Writing) -> Option<String> {
    let inner = match writing {
        Writing::Doubled => value.replace('\'', "''"),
        Writing::DoubledAndStroked => value.replace('\\', r"\\").replace('\'', "''"),
        Writing::Stroked => value.replace('\\', r"\\").replace('\'', r"\'"),
        Writing::Neither if value.contains(['\'', '\\']) => return None,
        Writing::Neither => value.to_owned(),
    };
    Some(format!("'{inner}'"))
}

/// As it was typed; in brackets below zero, so that no two signs meet.
fn number(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let unsigned = typed.strip_prefix('-').unwrap_or(typed);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, part) = match mantissa.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = digits(whole)
        && part.is_none_or(digits)
        && exponent.is_none_or(digits)
        && typed.len() <= NUMBER_LIMIT;
    is_number.then(|| if typed.starts_with('-') { format!("({typed})") } else { typed.to_owned() })
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
