//! `superset-keys keys rotate` and what goes with it
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use super::keys::expiry;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use superset_keys_core::expiry::Expiry;
use superset_keys_core::rotation::RevokeWhen;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag that people type")]
pub struct RotateKey {
    /// Short name of the instance, as `instances list` shows it
    #[arg(value_name = "INSTANCE", value_parser = NonEmptyStringValueParser::new())]
    #[arg(required_unless_present = "continue_all")]
    pub instance: Option<String>,
    /// Alias, uuid, or a name that only one key bears
    #[arg(required_unless_present = "continue_all")]
    pub key: Option<String>,
    /// When the new key ends: 30d, the end of a day such as 2027-01-31, or never [default: 90d]
    #[arg(long, value_name = "WHEN", value_parser = expiry)]
    pub expires: Option<Expiry>,
    /// When the old key is revoked [default: when-quiet]
    #[arg(long, value_enum, value_name = "WHEN")]
    pub revoke: Option<Revoke>,
    /// For how long nobody may have used the old key: 10s, 30m, 12h or 8d [default: 1d]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub quiet_for: Option<u32>,
    /// Write the new key into the AI clients' files on this computer that hold the old one
    #[arg(long)]
    pub rewrite_clients: bool,
    /// Of a replacement under way: leave the old key as it is
    #[arg(long, group = "otherwise", conflicts_with_all = ["revoke", "quiet_for", "expires"])]
    pub keep_both: bool,
    /// Of a replacement under way: give the old key its place back, and revoke the new one when nobody uses it
    #[arg(long, group = "otherwise", conflicts_with_all = ["revoke", "quiet_for", "expires"])]
    pub back: bool,
    /// Of a replacement under way: revoke the old key when it is quiet, although some of its uses cannot be seen
    #[arg(long, group = "otherwise", conflicts_with_all = ["revoke", "quiet_for", "expires"])]
    pub accept_blind_spots: bool,
    /// Move on everything that is being replaced, on all instances, and begin what is to be replaced in time
    #[arg(long = "continue", conflicts_with_all = ["instance", "key", "expires", "revoke", "quiet_for", "rewrite_clients", "otherwise", "yes"])]
    pub continue_all: bool,
    /// Do not ask, with --revoke now
    #[arg(long, short)]
    pub yes: bool,
}

/// When the old key is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Revoke {
    WhenQuiet,
    Now,
    Never,
}

impl From<Revoke> for RevokeWhen {
    fn from(when: Revoke) -> Self {
        match when {
            Revoke::WhenQuiet => Self::WhenQuiet,
            Revoke::Now => Self::Now,
            Revoke::Never => Self::Never,
        }
    }
}

#[derive(Debug, Args)]
pub struct Rotations {
    /// Of this instance alone
    #[arg(value_name = "INSTANCE", value_parser = NonEmptyStringValueParser::new())]
    pub instance: Option<String>,
}

#[derive(Debug, Args)]
pub struct ReplaceInTime {
    #[command(flatten)]
    pub at: At,
    /// Alias, uuid, or a name that only one key bears
    pub key: String,
    #[arg(value_enum, value_name = "on|off")]
    pub set: Option<Switch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// `10s`, `30m`, `12h` or `1d`, in seconds. What is too much for any clock is cut; core says so.
pub(super) fn duration(typed: &str) -> Result<u32, String> {
    let not_understood = || "write 10s, 30m, 12h or 8d".to_owned();
    let unit = typed.chars().last().ok_or_else(not_understood)?;
    let seconds: u32 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(not_understood()),
    };
    let digits = &typed[..typed.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|letter| letter.is_ascii_digit()) {
        return Err(not_understood());
    }
    Ok(digits.parse().unwrap_or(u32::MAX).saturating_mul(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (typed, seconds) in
            [("10s", 10), ("30m", 1800), ("12h", 43_200), ("1d", 86_400), ("99999999999d", u32::MAX)]
        {
            assert_eq!(duration(typed), Ok(seconds));
        }
        for typed in ["", "s", "10", "-1d", "+1d", "1.5d", "1 d", "1w", "d1", "\u{661}d", "1\u{0434}"] {
            assert!(duration(typed).is_err(), "{typed:?}");
        }
    }
}
