//! `superset-keys keys …`, but for `rotate`, which has a file of its own
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use super::rotate::{ReplaceInTime, RotateKey, Rotations};
use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, Subcommand};
use superset_keys_core::expiry::Expiry;

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// List your keys on the server, and which of them this computer keeps
    ///
    /// Off a terminal: one line per key, tab-separated, after a line with the columns' names. Times are
    /// RFC 3339 in UTC.
    ///
    /// With --json, `last_used` is what the server shows. Where that was a check of this program's own,
    /// `before_own_use` tells of the last use before it: {"kind": "never"}, {"kind": "at", "time": …} or
    /// {"kind": "unknown"}; otherwise it is null.
    List {
        #[command(flatten)]
        at: At,
        /// Show the list of the last answer without asking the server
        #[arg(long)]
        offline: bool,
    },
    /// Create a key and keep it in the keychain
    ///
    ///   superset-keys keys create production --name "Claude Code, laptop" --expires 30d
    ///   superset-keys keys create production --name CI --show | ci-tool secret set SUPERSET_API_KEY
    #[command(verbatim_doc_comment)]
    Create(CreateKey),
    /// End keys on the server, for good
    ///
    ///   superset-keys keys revoke production laptop
    ///   superset-keys keys revoke production --expired --dry-run
    ///   superset-keys keys revoke production --unused 90d --match "CI *"
    /// With several conditions a key is taken if all of them hold. --dry-run changes nothing and tells what would stop
    /// working; without it you type how many keys you mean. Stopped half-way, the same command again does the rest.
    /// With --json and a condition: `data.keys[]` with `outcome` revoked, already, failed or not_tried, and
    /// `data.left[]`, what stays and `because` of what.
    /// Exit codes: 0 all of them are revoked, or there are none; else that of the first that is not.
    #[command(verbatim_doc_comment)]
    Revoke(RevokeKeys),
    /// Replace a key by a new one in its place, and revoke the old one when nobody uses it any more
    ///
    /// The new key gets the same name and scopes, and, once the server was seen to take it, the old one's alias and its
    /// place as the default key: AI clients on the bridge or the header helper use it from then on. The old one works
    /// until it was not used for a day (--quiet-for), and is revoked then.
    ///   superset-keys keys rotate production laptop
    ///   superset-keys keys rotate production laptop --revoke now      when the key leaked
    ///   superset-keys keys rotate production laptop --quiet-for 8d    for what comes once a week
    ///   superset-keys keys rotate --continue                          for a timer: moves all of them on
    #[command(verbatim_doc_comment)]
    Rotate(RotateKey),
    /// Show which keys are being replaced, how far each is, and the last that were
    Rotations(Rotations),
    /// Show or set whether a key is replaced by itself, two weeks before it ends
    ///
    /// The app sees to it while it is open, and so does `superset-keys keys rotate --continue`.
    ReplaceInTime(ReplaceInTime),
    /// Copy a key to the clipboard for 30 seconds
    ///
    /// Stays until the clipboard is cleared or something else is copied; Ctrl-C clears it at once.
    Copy {
        #[command(flatten)]
        at: At,
        /// Alias, uuid, or a name that only one key bears
        key: String,
    },
    /// Print a key, for a pipe or a file; on a terminal only with --show
    Print {
        #[command(flatten)]
        at: At,
        /// Alias, uuid, or a name that only one key bears; the default key when left out
        key: Option<String>,
        /// Print it even on a terminal
        #[arg(long)]
        show: bool,
    },
    /// Drop a key from this computer; it still works on the server
    Forget {
        #[command(flatten)]
        at: At,
        /// Alias, uuid, or a name that only one key bears
        key: String,
    },
    /// Show or set the key that AI clients use unless told otherwise
    Default {
        #[command(flatten)]
        at: At,
        /// Alias, uuid, or a name that only one key bears
        key: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).multiple(true).args(["key", "expired", "unused", "name"])))]
pub struct RevokeKeys {
    #[command(flatten)]
    pub at: At,
    /// One key: its alias, uuid, or a name that only one key bears
    #[arg(conflicts_with_all = ["expired", "unused", "name"])]
    pub key: Option<String>,
    /// Those that have ended and are not revoked yet
    #[arg(long)]
    pub expired: bool,
    /// Those not used for so long, by what the server notes; one that was never used, not made within that time
    ///
    /// Checks of this program's own are no uses. Superset 6.1's MCP server notes none at all: keys that AI clients on
    /// this computer have are left, and those that AI clients elsewhere have are not known.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub unused: Option<u32>,
    /// Those whose name matches: * stands for any letters, ? for one
    #[arg(long = "match", value_name = "GLOB", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// Say what would be revoked, and what would stop working; change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct CreateKey {
    #[command(flatten)]
    pub at: At,
    /// What the key is for, as the key list will show it
    #[arg(long)]
    pub name: String,
    /// When it ends: 30d, the end of a day such as 2027-01-31, or never
    #[arg(long, value_name = "WHEN", default_value = "90d", value_parser = expiry)]
    pub expires: Expiry,
    /// Kept by Superset 6.1 with the key, and not enforced there
    #[arg(long)]
    pub scopes: Option<String>,
    /// A short name for it on this computer; made from its name when left out
    #[arg(long)]
    pub alias: Option<String>,
    /// Print the key itself on stdout, once, and everything else on stderr; without a keychain, the only way
    #[arg(long)]
    pub show: bool,
}

/// `30d`, `2027-01-31` or `never`.
pub(super) fn expiry(typed: &str) -> Result<Expiry, String> {
    let not_understood = || "write 30d, a day such as 2027-01-31, or never".to_owned();
    if typed == "never" {
        return Ok(Expiry::Never);
    }
    if typed.ends_with('d') {
        // More days than fit are more than any server can store; core says so.
        return counted_days(typed).map(|days| Expiry::InDays { days }).ok_or_else(not_understood);
    }
    let is_date = typed.len() == 10 && typed.bytes().filter(|letter| *letter == b'-').count() == 2;
    let date = typed.parse().ok().filter(|_| is_date).ok_or_else(not_understood)?;
    Ok(Expiry::EndOf { date })
}

/// `90d`.
fn days(typed: &str) -> Result<u32, String> {
    counted_days(typed)
        .filter(|days| *days > 0)
        .ok_or_else(|| "write a number of days, such as 90d".to_owned())
}

/// As many as fit.
fn counted_days(typed: &str) -> Option<u32> {
    let days = typed.strip_suffix('d')?;
    let only_digits = !days.is_empty() && days.bytes().all(|letter| letter.is_ascii_digit());
    only_digits.then(|| days.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiries() {
        assert_eq!(expiry("30d"), Ok(Expiry::InDays { days: 30 }));
        assert_eq!(expiry("never"), Ok(Expiry::Never));
        assert_eq!(expiry("2027-01-31"), Ok(Expiry::EndOf { date: "2027-01-31".parse().unwrap() }));
        assert_eq!(expiry("99999999999d"), Ok(Expiry::InDays { days: u32::MAX }));
        for typed in ["", "d", "30", "-1d", "+5d", "1.5d", "2027-02-30", "31.1.2027", "20270131", "tomorrow"]
        {
            assert!(expiry(typed).is_err(), "{typed:?}");
        }
    }
    #[test]
    fn numbers_of_days() {
        assert_eq!(days("90d"), Ok(90));
        assert_eq!(days("99999999999d"), Ok(u32::MAX));
        for typed in ["", "d", "0d", "90", "-1d", "+5d", "1.5d", "90 d", "2027-01-31"] {
            assert!(days(typed).is_err(), "{typed:?}");
        }
    }
}
