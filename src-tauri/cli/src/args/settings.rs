//! `superset-keys settings …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::str::FromStr;
use superset_keys_core::settings::Setting;

#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Show what is set, and what may be
    Show,
    /// Set one: in seconds, minutes, days or as a number, on or off, never; `default` lets its default hold again
    Set {
        /// Which
        #[arg(value_parser = setting())]
        name: Setting,
        /// A whole number, on, off, or default
        #[arg(value_name = "VALUE", allow_negative_numbers = true)]
        value: Seconds,
    },
}

/// None for the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds(pub Option<u32>);

impl FromStr for Seconds {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let number = typed.strip_suffix(['s', 'm', 'd']).unwrap_or(typed);
        match typed {
            "default" => Ok(Self(None)),
            "on" => Ok(Self(Some(1))),
            "off" | "never" => Ok(Self(Some(0))),
            _ => number
                .parse()
                .map(|number| Self(Some(number)))
                .map_err(|_| "a whole number, on, off, or default"),
        }
    }
}

fn setting() -> impl TypedValueParser<Value = Setting> {
    let names = <Setting as strum::VariantArray>::VARIANTS.iter().map(|setting| setting.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Setting>())
}
