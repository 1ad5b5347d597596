//! `superset-keys keys …`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::{Args, Subcommand};
use superset_keys_core::api_key::Expiry;

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
    /// End a key on the server, for good
    Revoke {
        #[command(flatten)]
        at: At,
        /// Alias, uuid, or a name that only one key bears
        key: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
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
fn expiry(typed: &str) -> Result<Expiry, String> {
    let not_understood = || "write 30d, a day such as 2027-01-31, or never".to_owned();
    if typed == "never" {
        return Ok(Expiry::Never);
    }
    if let Some(days) = typed.strip_suffix('d') {
        let only_digits = !days.is_empty() && days.bytes().all(|letter| letter.is_ascii_digit());
        // More days than fit are more than any server can store; core says so.
        return only_digits
            .then(|| Expiry::InDays { days: days.parse().unwrap_or(u32::MAX) })
            .ok_or_else(not_understood);
    }
    let is_date = typed.len() == 10 && typed.bytes().filter(|letter| *letter == b'-').count() == 2;
    let date = typed.parse().ok().filter(|_| is_date).ok_or_else(not_understood)?;
    Ok(Expiry::EndOf { date })
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
}
