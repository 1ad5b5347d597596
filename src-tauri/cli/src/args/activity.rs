//! `superset-keys activity`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use clap::{Args, ValueEnum};
use std::str::FromStr;

#[derive(Debug, Args)]
pub struct Activity {
    /// Short name, id or name of the instance; all of them when left out
    pub instance: Option<String>,
    /// Only this AI client: what `clients` calls it, or what it calls itself
    #[arg(long)]
    pub client: Option<String>,
    /// How far back, such as 24h, 7d or 4w
    #[arg(long, value_name = "TIME", default_value = "7d")]
    pub since: Since,
    /// Count calls instead of listing them
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// List so many of the latest calls; all of them with 0
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub last: usize,
    /// Say of a use that nothing here explains that it was you; the list names it
    #[arg(long, value_name = "USE", conflicts_with_all = ["instance", "client", "by", "forget"])]
    pub it_was_me: Option<String>,
    /// Delete the record
    #[arg(long, conflicts_with_all = ["instance", "client", "by"])]
    pub forget: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    Client,
    Tool,
    Day,
}

/// A number of hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(pub u32);

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let problem = "a number with h, d or w behind it, such as 7d";
        let at = typed.find(|letter: char| !letter.is_ascii_digit()).ok_or(problem)?;
        let (number, unit) = typed.split_at(at);
        let hours = match unit {
            "h" => 1,
            "d" => 24,
            "w" => 24 * 7,
            _ => return Err(problem),
        };
        let hours = number.parse::<u32>().ok().and_then(|number| number.checked_mul(hours));
        hours.filter(|hours| (1..=24 * 366 * 10).contains(hours)).map(Self).ok_or(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_can_be_typed() {
        for (typed, hours) in [
            ("24h", Some(24)),
            ("7d", Some(168)),
            ("2w", Some(336)),
            ("0d", None),
            ("7", None),
            ("d", None),
            ("-1d", None),
            ("7 d", None),
            ("99999999w", None),
            ("ü", None),
        ] {
            assert_eq!(typed.parse::<Since>().ok().map(|since| since.0), hours, "{typed}");
        }
    }
}
