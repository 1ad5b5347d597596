//! What a person can type. Only shapes: what the words mean is core's business.
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

mod access;
mod activity;
mod audit;
mod audit_set_up;
mod clients;
mod embed;
mod guest;
mod instances;
mod keys;
mod oauth;
mod record;
mod report;
mod rotate;
mod scan;
mod settings;
mod vault;

pub use access::{
    AccessKind, CreateSigning, InspectToken, McpAccess, MintToken, MoveMcpAccess, SetMcpAccess, Signing,
    SigningConfig, Tokens,
};
pub use activity::{Activity, By};
pub use audit::{Audit, BesideAudit, ChangePerson, ReadAudit, RevokeOthers, Sort, SqlOf, Status};
pub use audit_set_up::{AuditRole, AuditSetUp, SqlKind};
pub use clients::{
    Bridge, Checkup, ClientAt, Clients, Connect, Disconnect, Exec, Headers, Restore, Snippet, Where,
};
pub use embed::{
    AddSite, CheckEmbedding, Embed, EmbedPreview, EmbedSnippet, EndEmbedding, GuestRole, Minter, SetSites,
};
pub use guest::{GuestSees, GuestToken, InspectGuestToken, MintGuestToken, ProveRows};
pub use instances::{AddInstance, Instances, NetworkArgs};
pub use keys::{CreateKey, Keys, RevokeKeys};
pub use oauth::{OAuth, OAuthSignIn, SetOAuth};
pub use record::{ExportRecord, ListRecord, Record};
pub use report::{MakeReport, MergeReports, Report};
pub use rotate::{ReplaceInTime, Revoke, RotateKey, Rotations, Switch};
pub use scan::Scan;
pub use settings::Settings;
pub use vault::{Agent, ExportVault, ImportVault, Passphrase, Unlock, Vault};

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;
use superset_keys_core::places::OtherFolders;

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
    0  done; `checkup`: 1 warnings, 2 something critical, 3 it could not be done; `embed check`: 1 doubtful,
       2 wrong, 3 it could not be done; `scan`: 1 keys found,
       2 where others can get at them, 3 nothing could be searched; `audit`: 1 something found;
       `record verify`: 1 something was changed, 2 it cannot be told; `guest-token prove`: 1 not proven,
       2 a chart that no rule reaches
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
  system's keychain, or in an encrypted file (`vault`); `keys print`, `headers`, `create --show` and plain text snippets print one on a
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
    /// Where instances are kept, in place of the usual folder; written into AI clients' files where XDG_CONFIG_HOME moves it
    #[arg(long, global = true, value_name = "FOLDER", hide_short_help = true, conflicts_with = "home")]
    pub config_folder: Option<PathBuf>,
    /// The same for what is no configuration and worth keeping, and XDG_STATE_HOME
    #[arg(long, global = true, value_name = "FOLDER", hide_short_help = true, conflicts_with = "home")]
    pub state_folder: Option<PathBuf>,
    /// The same for what may be deleted, and XDG_CACHE_HOME
    #[arg(long, global = true, value_name = "FOLDER", hide_short_help = true, conflicts_with = "home")]
    pub cache_folder: Option<PathBuf>,
    /// Say on stderr what happens and why something failed
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// The same, as they are typed.
    pub fn folder_words(&self) -> Vec<OsString> {
        let named = [
            ("--home", &self.home),
            ("--config-folder", &self.config_folder),
            ("--state-folder", &self.state_folder),
            ("--cache-folder", &self.cache_folder),
        ];
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        named
            .into_iter()
            .filter_map(|(name, path)| {
                path.as_ref().map(|path| [name.into(), absolute(path).into_os_string()])
            })
            .flatten()
            .collect()
    }

    /// The folders that are named.
    pub fn folders(&self) -> OtherFolders {
        OtherFolders {
            config: self.config_folder.clone(),
            state: self.state_folder.clone(),
            cache: self.cache_folder.clone(),
        }
    }
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
    /// Everybody's API keys on an instance, and what is wrong with each; for admins
    ///
    ///   superset-keys audit production
    ///   superset-keys audit production --finding never_used --sort created --csv unused.csv
    ///   superset-keys audit --all --json
    /// Superset shows people their own keys only, admins too: reading the others' takes a view of its database,
    /// see `audit set-up`. Only reads; no hash is ever asked for.
    /// Exit codes: 0 nothing found, 1 something found, 77 you may not, 78 there is no way to read them.
    #[command(verbatim_doc_comment)]
    Audit(Audit),
    /// Look for API keys in files: where they lie, whose they are, who can read them
    ///
    /// Without a PATH: what AI clients read and wrote down by themselves, what shells read and remember, .env,
    /// .netrc and .curlrc. A folder is searched whole, ignored and hidden files too, but for installed packages,
    /// git's objects and caches.
    /// Only reads, and never prints a whole key.
    ///   superset-keys scan
    ///   superset-keys scan ~/work --check-alive
    /// Exit codes: 0 no key found, 1 keys found, 2 a key that is not known to be dead lies in a file that git
    /// tracks or everyone on this computer can read, 3 nothing could be searched.
    #[command(verbatim_doc_comment)]
    Scan(Scan),
    /// People's own lists of keys, signed, where nobody may read everybody's
    #[command(subcommand)]
    Report(Report),
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
    /// What AI clients are let in with at an instance's MCP server
    #[command(subcommand)]
    McpAccess(McpAccess),
    /// The secret that an instance's MCP server shares with this computer, to sign tokens with
    #[command(subcommand)]
    Signing(Signing),
    /// Tokens of an authorization server for an instance's AI clients (OAuth 2.1)
    #[command(subcommand, name = "oauth")]
    OAuth(OAuth),
    /// Signed tokens for an MCP server: make one, read one
    #[command(subcommand)]
    Tokens(Tokens),
    /// Dashboards on pages of other sites: which, for whom, and why one does not show
    #[command(subcommand)]
    Embed(Embed),
    /// Tokens for guests of embedded dashboards: mint one, read one, prove which rows one shows
    #[command(subcommand)]
    GuestToken(GuestToken),
    /// What AI clients did through this computer, and uses of keys that nothing here explains
    ///
    /// Each call through the bridge is noted on this computer: when, which client, which tool, how it ended.
    /// Never what was asked or answered. `settings set keep-activity off` ends that.
    ///   superset-keys activity production --since 24h
    ///   superset-keys activity --client cursor --by tool
    #[command(verbatim_doc_comment)]
    Activity(Activity),
    /// What was done here with keys, sign-ins and AI clients; a record that shows whether it was changed
    ///
    /// Which key was created, copied, shown, revoked or forgotten, which AI client was connected, who signed in: each
    /// once, with its time, and never a secret. What AI clients did is another thing: `activity` has it.
    ///   superset-keys record list --instance production --since 7d
    ///   superset-keys record verify
    #[command(subcommand, verbatim_doc_comment)]
    Record(Record),
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
    /// An encrypted file for keys, for computers without a keychain
    #[command(subcommand)]
    Vault(Vault),
    /// Answer this computer's programs while the vault is unlocked; `vault unlock` starts it
    ///
    /// Ends when the vault is locked, when nobody asked for the idle time, and at the end of the session.
    ///   superset-keys agent --unit > ~/.config/systemd/user/superset-keys-agent.service
    #[command(verbatim_doc_comment)]
    Agent(Agent),
    /// What is set for this program as a whole: time-outs, the clipboard
    ///
    ///   superset-keys settings set call-timeout 120
    #[command(subcommand, verbatim_doc_comment)]
    Settings(Settings),
    /// Print what a shell needs to complete these commands
    ///
    ///   superset-keys completions bash > ~/.local/share/bash-completion/completions/superset-keys
    ///   superset-keys completions zsh > ~/.zfunc/_superset-keys        (a folder of your fpath)
    ///   superset-keys completions fish > ~/.config/fish/completions/superset-keys.fish
    ///   superset-keys completions powershell >> $PROFILE
    #[command(verbatim_doc_comment)]
    Completions {
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
    },
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
    /// Sign in with a browser's session, whose cookie is read from stdin: one line
    ///
    /// For servers that sign people in through their company. The cookie is used once, to make a key for this program,
    /// and kept nowhere.
    #[arg(long, conflicts_with_all = ["api_key_stdin", "password_stdin", "username"])]
    pub session_cookie_stdin: bool,
    /// Sign in in a window of the desktop program, by what the server signs people in with; by NAME where there are several
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "",
        conflicts_with_all = ["api_key_stdin", "password_stdin", "username", "session_cookie_stdin"])]
    pub browser: Option<String>,
    /// The browser's User-Agent, where the server binds sessions to it
    #[arg(long, value_name = "TEXT", requires = "session_cookie_stdin")]
    pub user_agent: Option<String>,
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
                | Instances::McpUrl { at, .. }
                | Instances::Network { at, .. } => at,
            },
            Self::Audit(Audit { beside, read }) => {
                return match beside {
                    Some(
                        BesideAudit::SetUp(AuditSetUp { at, .. })
                        | BesideAudit::Role(AuditRole { at, .. })
                        | BesideAudit::Revoke(RevokeOthers { at, .. })
                        | BesideAudit::Deactivate(ChangePerson { at, .. })
                        | BesideAudit::Reactivate(ChangePerson { at, .. }),
                    ) => Some(&at.instance),
                    None => read.instance.as_deref(),
                };
            }
            Self::Embed(embed) => embed.at(),
            Self::Activity(activity) => return activity.instance.as_deref(),
            Self::Record(Record::List(list)) => return list.instance.as_deref(),
            Self::Tokens(Tokens::Inspect(inspect)) => return inspect.instance.as_deref(),
            Self::GuestToken(GuestToken::Inspect(inspect)) => return inspect.instance.as_deref(),
            Self::Clients(_)
            | Self::Restore(_)
            | Self::Scan(_)
            | Self::Settings(_)
            | Self::Vault(_)
            | Self::Agent(_)
            | Self::Report(Report::Merge(_))
            | Self::Record(Record::Export(_) | Record::Verify)
            | Self::Completions { .. } => return None,
            Self::McpAccess(
                McpAccess::Show { at }
                | McpAccess::Set(SetMcpAccess { at, .. })
                | McpAccess::Move(MoveMcpAccess { at, .. })
                | McpAccess::Prove { at },
            )
            | Self::Signing(
                Signing::Create(CreateSigning { at, .. })
                | Signing::Show { at }
                | Signing::Config(SigningConfig { at, .. })
                | Signing::Forget { at },
            )
            | Self::Tokens(Tokens::Mint(MintToken { at, .. }))
            | Self::GuestToken(
                GuestToken::Mint(MintGuestToken { at, .. }) | GuestToken::Prove(ProveRows { at, .. }),
            )
            | Self::OAuth(
                OAuth::Set(SetOAuth { at, .. })
                | OAuth::SignIn(OAuthSignIn { at, .. })
                | OAuth::SignOut { at }
                | OAuth::Status { at },
            )
            | Self::SignIn(SignIn { at, .. })
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
                | Keys::Revoke(RevokeKeys { at, .. })
                | Keys::Copy { at, .. }
                | Keys::Print { at, .. }
                | Keys::Forget { at, .. }
                | Keys::Default { at, .. }
                | Keys::ReplaceInTime(ReplaceInTime { at, .. }),
            ) => at,
            Self::Report(Report::Make(MakeReport { instance, .. }))
            | Self::Keys(
                Keys::Rotate(RotateKey { instance, .. }) | Keys::Rotations(Rotations { instance }),
            ) => return instance.as_deref(),
        };
        Some(&at.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{ArgAction, CommandFactory};
    use proptest::prelude::*;
    use serde_json::json;
    use superset_keys_core::clients::{Delivery, OnlyBearers, Recognised};
    use superset_keys_core::guard::Guard;

    #[test]
    fn the_commands_hold_together() {
        Cli::command().debug_assert();
    }

    /// An option of `command`, written one of the ways that clap takes, or nothing.
    fn option(arg: &clap::Arg) -> BoxedStrategy<Vec<String>> {
        let long = format!("--{}", arg.get_long().unwrap_or_default());
        let short = arg.get_short().map(|letter| format!("-{letter}"));
        let numbers = arg.get_id().as_str().contains("timeout");
        match arg.get_action() {
            ArgAction::SetTrue | ArgAction::Count => {
                let words = short.map_or_else(|| vec![long.clone()], |short| vec![long.clone(), short]);
                prop::option::of(prop::sample::select(words))
                    .prop_map(|word| word.into_iter().collect())
                    .boxed()
            }
            _ => {
                let value = if numbers { "[1-9][0-9]{0,2}" } else { "[a-z/][a-z0-9 =/._-]{0,12}" };
                (prop::option::of(value), any::<bool>())
                    .prop_map(move |(value, joined)| match (value, joined) {
                        (None, _) => Vec::new(),
                        (Some(value), true) => vec![format!("{long}={value}")],
                        (Some(value), false) => vec![long.clone(), value],
                    })
                    .boxed()
            }
        }
    }

    /// The options that `command` has of its own and from everywhere.
    fn options(command: &str, of: impl Fn(&clap::Arg) -> bool) -> Vec<BoxedStrategy<Vec<String>>> {
        let mut cli = Cli::command();
        cli.build();
        let found = cli.find_subcommand(command).map(clap::Command::get_arguments).into_iter().flatten();
        let found =
            found.filter(|arg| arg.get_long().is_some_and(|long| !["help", "version"].contains(&long)));
        found.filter(|arg| of(arg)).map(option).collect()
    }

    /// A whole call as somebody may write it.
    fn call() -> impl Strategy<Value = (Vec<String>, &'static str)> {
        prop::sample::select(vec!["bridge", "headers"]).prop_flat_map(|command| {
            let global = options(command, clap::Arg::is_global_set);
            let all = options(command, |_| true);
            (global, all, "[a-z][a-z0-9-]{0,8}", any::<u64>(), 0..3_u8).prop_map(
                move |(before, behind, instance, order, dashes)| {
                    let mut words: Vec<String> = before.into_iter().flatten().collect();
                    words.push(command.to_owned());
                    let mut behind: Vec<Vec<String>> =
                        behind.into_iter().filter(|words| !words.is_empty()).collect();
                    let at = if behind.is_empty() {
                        0
                    } else {
                        usize::try_from(order).unwrap_or(0) % (behind.len() + 1)
                    };
                    // Behind two dashes it comes last.
                    if dashes == 0 {
                        behind.push(vec!["--".to_owned(), instance]);
                    } else {
                        behind.insert(at, vec![instance]);
                    }
                    words.extend(behind.into_iter().flatten());
                    (words, command)
                },
            )
        })
    }

    proptest! {
        /// What our own command line takes is known for ours in a client's file, and understood the same way.
        #[test]
        fn every_call_that_is_understood_is_recognised((words, command) in call()) {
            let typed = std::iter::once("superset-keys").chain(words.iter().map(String::as_str));
            // An option that is given twice, or both homes, is none.
            let Ok(cli) = Cli::try_parse_from(typed) else { return Ok(()) };
            let (instance, key, guard) = match &cli.command {
                Command::Bridge(Bridge { at, key, may }) => (&at.instance, key, may.guard()),
                Command::Headers(Headers { at, key, .. }) => (&at.instance, key, Ok(Guard::default())),
                _ => return Err(TestCaseError::fail("another command")),
            };
            let delivery = if command == "bridge" { Delivery::Bridge } else { Delivery::Helper };
            for entry in [
                json!({ "command": "/usr/bin/superset-keys", "args": words }),
                json!({ "command": "superset-keys", "args": words }),
            ] {
                let found = Recognised::of(&entry, &OnlyBearers);
                let call = found.call.ok_or_else(|| TestCaseError::fail(format!("not ours: {entry}")))?;
                prop_assert_eq!(found.delivery, Some(delivery));
                prop_assert_eq!(&call.instance, instance);
                prop_assert_eq!(&call.key, key);
                prop_assert_eq!(&call.guard(), &guard);
                prop_assert_eq!(call.home.map(PathBuf::from), cli.global.home.clone());
                prop_assert_eq!(call.config_folder.map(PathBuf::from), cli.global.config_folder.clone());
            }
        }
    }

    #[test]
    fn most_of_those_calls_are_understood() {
        use proptest::strategy::ValueTree;
        use proptest::test_runner::TestRunner;
        let mut runner = TestRunner::deterministic();
        let taken = (0..200).filter(|_| {
            let (words, _) = call().new_tree(&mut runner).unwrap().current();
            Cli::try_parse_from(std::iter::once("superset-keys".to_owned()).chain(words)).is_ok()
        });
        assert!(taken.count() > 20, "or the test above tries nothing");
    }

    /// One for each command. `./dev man FOLDER` puts them where a package takes them from.
    #[test]
    fn manual_pages() {
        let own = tempfile::tempdir().unwrap();
        let folder =
            std::env::var_os("SUPERSET_KEYS_WRITE_MAN").map_or_else(|| own.path().to_owned(), PathBuf::from);
        std::fs::create_dir_all(&folder).unwrap();
        clap_mangen::generate_to(Cli::command(), &folder).unwrap();
        let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(page("superset-keys.1").contains("Exit codes"));
        assert!(page("superset-keys-keys-create.1").contains("\\-\\-expires"));
    }
}
