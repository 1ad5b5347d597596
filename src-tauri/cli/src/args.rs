//! What a person can type. Only shapes: what the words mean is core's business.
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

mod clients;
mod instances;
mod keys;
mod scan;

pub use clients::{
    Bridge, Checkup, ClientAt, Clients, Connect, Disconnect, Exec, Headers, Restore, Snippet, Where,
};
pub use instances::{AddInstance, Instances};
pub use keys::{CreateKey, Keys};
pub use scan::Scan;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Begin with:
  superset-keys instances add https://superset.example.com --name Production
  superset-keys sign-in production --username jane
  superset-keys keys create production --name \"Claude Code, laptop\"
  superset-keys connect claude-code production

JSON:
  With --json a command prints one object on stdout, {\"version\":1,\"data\":…}; what went wrong goes to
  stderr as {\"version\":1,\"error\":{\"code\",\"message\",\"hint\"}}. Codes are stable, messages are not.
  Times are RFC 3339 in UTC (\"utc\") beside the server's own clock (\"server\").
  `headers` prints the bare object AI clients expect.

Exit codes:
    0  done; `checkup`: 1 warnings, 2 something critical, 3 it could not be done; `scan`: 1 keys found,
       2 where others can get at them, 3 nothing could be searched
   64  wrong usage, or a name, date or address that cannot be used
   66  no such instance, key or path
   69  the server cannot be reached
   70  a fault of this program
   75  try again later: the server is busy, the keychain is locked
   76  the server answered something unexpected
   77  not allowed: credentials, permission, or the session is over
   78  the server or this computer must be configured first
  126  `exec`: the command cannot be run; 127: there is no such command
  130  stopped by you: Ctrl-C, or \"no\" to a question
  141  whoever read the output stopped reading

Secrets:
  No secret is ever taken from the command line, where other programs can read it. Keys live in the
  system's keychain; `keys print`, `headers`, `create --show` and plain text snippets print one on a
  terminal only with --show.";

/// API keys for Apache Superset, kept in the system's keychain.
#[derive(Debug, Parser)]
#[command(name = "superset-keys", version, after_long_help = AFTER_HELP, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Print one JSON object instead of text; errors too, on stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// How long to wait for a connection
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub connect_timeout: Option<u64>,
    /// How long to wait for a whole answer
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: Option<u64>,
    /// Keep everything under this folder, as SUPERSET_KEYS_HOME does
    #[arg(long, global = true, value_name = "FOLDER")]
    pub home: Option<PathBuf>,
    /// Say on stderr what happens and why something failed
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The Supersets this computer knows
    #[command(subcommand)]
    Instances(Instances),
    /// Sign in to an instance; the session is kept in the keychain
    ///
    /// Asks for the password on a terminal. Elsewhere it is read from stdin:
    ///   superset-keys sign-in production --username jane --password-stdin < file
    #[command(verbatim_doc_comment)]
    SignIn(SignIn),
    /// End the session on this computer; stored keys stay
    SignOut {
        #[command(flatten)]
        at: At,
    },
    /// Your API keys on an instance
    #[command(subcommand)]
    Keys(Keys),
    /// Examine an instance: what works, what does not, and whether its MCP server checks keys
    ///
    /// Only reads. Its MCP server is asked as nobody, with a made-up key and a made-up token, and, at most six
    /// times, with a key of yours, which moves that key's last-used time.
    /// Exit codes: 0 all good, 1 warnings, 2 critical, 3 the instance could not be examined.
    #[command(verbatim_doc_comment)]
    Checkup(Checkup),
    /// Look for API keys in files: where they lie, whose they are, who can read them
    ///
    /// Without a PATH: what AI clients read, what shells read and remember, .env, .netrc and .curlrc. A folder
    /// is searched whole, ignored and hidden files too, but for installed packages, git's objects and caches.
    /// Only reads, and never prints a whole key.
    ///   superset-keys scan
    ///   superset-keys scan ~/work --check-alive
    /// Exit codes: 0 no key found, 1 keys found, 2 a key that is not known to be dead lies in a file that git
    /// tracks or everyone on this computer can read, 3 nothing could be searched.
    #[command(verbatim_doc_comment)]
    Scan(Scan),
    /// Print the HTTP headers that carry a key, for AI clients
    ///
    /// {"Authorization":"Bearer …"}, on one line and nothing else, also with --json.
    Headers(Headers),
    /// Carry MCP between an AI client and an instance; AI clients start this
    ///
    /// Speaks MCP on stdin and stdout, forwards each message to the instance's MCP server and adds the key
    /// from the keychain. What goes wrong is the answer to the client's request, and a line on stderr.
    /// Ends when stdin does. --timeout says how long the server may be silent (300 s).
    #[command(verbatim_doc_comment)]
    Bridge(Bridge),
    /// Run a command with a key in one environment variable
    ///
    ///   superset-keys exec production -- python report.py
    ///   superset-keys exec production --env TOKEN -- make deploy
    /// The exit code is the command's own.
    #[command(verbatim_doc_comment)]
    Exec(Exec),
    /// The AI clients on this computer, and what each is connected to
    Clients(Clients),
    /// Write an AI client's configuration, so that it reaches an instance with a key of yours
    ///
    ///   superset-keys connect cursor production
    ///   superset-keys connect codex production --key laptop --dry-run
    /// One entry is added or changed, and nothing else in the file. What was there is kept: see restore.
    #[command(verbatim_doc_comment)]
    Connect(Connect),
    /// Take our entry for an instance out of an AI client's configuration
    Disconnect(Disconnect),
    /// Undo the last change of an AI client's configuration, newest first
    Restore(Restore),
    /// Print the configuration an AI client needs to use an instance
    ///
    ///   superset-keys snippet claude-code production
    ///   superset-keys snippet vscode production --as link
    ///   superset-keys snippet codex production --delivery plaintext > ~/.codex/config.toml
    #[command(verbatim_doc_comment)]
    Snippet(Snippet),
}

/// An instance that is on the list.
#[derive(Debug, Args)]
pub struct At {
    /// Short name of the instance, as `instances list` shows it
    #[arg(value_name = "INSTANCE", value_parser = NonEmptyStringValueParser::new())]
    pub instance: String,
}

#[derive(Debug, Args)]
pub struct SignIn {
    #[command(flatten)]
    pub at: At,
    /// Who signs in; whoever was last when left out
    #[arg(long, conflicts_with = "api_key_stdin")]
    pub username: Option<String>,
    /// Where the server looks the password up
    #[arg(long, value_enum, default_value = "db", conflicts_with = "api_key_stdin")]
    pub provider: Provider,
    /// Read the password from stdin: one line
    #[arg(long, conflicts_with = "api_key_stdin")]
    pub password_stdin: bool,
    /// Sign in with an API key that exists already, read from stdin: one line
    #[arg(long)]
    pub api_key_stdin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    Db,
    Ldap,
}

impl Command {
    /// The instance as typed, for the commands a hint spells out.
    pub fn instance(&self) -> Option<&str> {
        let at = match self {
            Self::Instances(instances) => match instances {
                Instances::Add(_) | Instances::List => return None,
                Instances::Show { at }
                | Instances::Rename { at, .. }
                | Instances::Remove { at, .. }
                | Instances::Clock { at, .. }
                | Instances::McpUrl { at, .. } => at,
            },
            Self::Clients(_) | Self::Restore(_) | Self::Scan(_) => return None,
            Self::SignIn(SignIn { at, .. })
            | Self::SignOut { at }
            | Self::Headers(Headers { at, .. })
            | Self::Bridge(Bridge { at, .. })
            | Self::Checkup(Checkup { at, .. })
            | Self::Exec(Exec { at, .. })
            | Self::Snippet(Snippet { at, .. })
            | Self::Connect(Connect { to: ClientAt { at, .. }, .. })
            | Self::Disconnect(Disconnect { to: ClientAt { at, .. }, .. })
            | Self::Keys(
                Keys::List { at, .. }
                | Keys::Create(CreateKey { at, .. })
                | Keys::Revoke { at, .. }
                | Keys::Copy { at, .. }
                | Keys::Print { at, .. }
                | Keys::Forget { at, .. }
                | Keys::Default { at, .. },
            ) => at,
        };
        Some(&at.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_hold_together() {
        Cli::command().debug_assert();
    }
}
