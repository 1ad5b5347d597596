//! `superset-keys headers`, `bridge`, `exec`, `snippet`, `clients`, `connect`, `disconnect` and `restore`
#![allow(clippy::doc_markdown, reason = "these comments are the help people read")]

use super::At;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
use std::path::PathBuf;
use superset_keys_core::clients::{CLIENTS, ClientKind, Delivery, Scope, SnippetForm, VARIABLE};
use superset_keys_core::guard::{Guard, Rule};

#[derive(Debug, Args)]
pub struct Headers {
    #[command(flatten)]
    pub at: At,
    /// Alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    /// Print it even on a terminal
    #[arg(long)]
    pub show: bool,
}

#[derive(Debug, Args)]
pub struct Bridge {
    #[command(flatten)]
    pub at: At,
    /// Alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    #[command(flatten)]
    pub may: MayAsTyped,
}

/// The same as [`May`], whatever it says: a bridge that does not start tells nobody why.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the client may do")]
pub struct MayAsTyped {
    /// Let only this through: `read` for what only reads, a tool's name, or a pattern with * and ?; may be repeated
    #[arg(long, value_name = "TOOL")]
    pub allow: Vec<String>,
    /// Let this not through, whatever is allowed; may be repeated
    #[arg(long, value_name = "TOOL")]
    pub deny: Vec<String>,
}

impl MayAsTyped {
    /// Or the word that is no rule.
    pub fn guard(&self) -> Result<Guard, String> {
        let rules = |words: &[String]| {
            words
                .iter()
                .map(|word| word.parse::<Rule>().map_err(|_| word.clone()))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Guard::new(rules(&self.allow)?, rules(&self.deny)?))
    }
}

/// What a client may do.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the client may do")]
pub struct May {
    /// Let only this through: `read` for what only reads, a tool's name, or a pattern with * and ?; may be repeated
    #[arg(long, value_name = "TOOL")]
    pub allow: Vec<Rule>,
    /// Let this not through, whatever is allowed; may be repeated
    #[arg(long, value_name = "TOOL")]
    pub deny: Vec<Rule>,
}

impl May {
    /// None where nothing is said of it.
    pub fn guard(self) -> Option<Guard> {
        let said = !(self.allow.is_empty() && self.deny.is_empty());
        said.then(|| Guard::new(self.allow, self.deny))
    }
}

#[derive(Debug, Args)]
pub struct Checkup {
    #[command(flatten)]
    pub at: At,
    /// Try it with this key: alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    /// Show the MCP server a JWT instead of a key, read from stdin: one line
    #[arg(long, conflicts_with = "key")]
    pub token_stdin: bool,
}

#[derive(Debug, Args)]
pub struct Exec {
    #[command(flatten)]
    pub at: At,
    /// Alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    /// The environment variable that gets the key
    #[arg(long = "env", value_name = "NAME", default_value = VARIABLE)]
    pub variable: String,
    /// The command and its arguments, after --
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

#[derive(Debug, Args)]
pub struct Snippet {
    #[arg(help = "Such as claude-code, cursor or codex; --help lists them all", long_help = every_client())]
    pub client: String,
    #[command(flatten)]
    pub at: At,
    /// Alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    /// How the client gets the key; bridge, which keeps it in the keychain, when left out
    #[arg(long, value_parser = delivery())]
    pub delivery: Option<Delivery>,
    /// A whole file, a command to run, or a link to open
    #[arg(long = "as", value_name = "FORM", default_value = "config", value_parser = form())]
    pub form: SnippetForm,
    /// Print a key even on a terminal
    #[arg(long)]
    pub show: bool,
    #[command(flatten)]
    pub may: May,
}

#[derive(Debug, Args)]
pub struct Clients {
    /// Those that seem not to be on this computer too
    #[arg(long)]
    pub all: bool,
    /// Look into this project's files too
    #[arg(long, value_name = "FOLDER")]
    pub project: Option<PathBuf>,
    /// Write each entry anew whose program is not there any more, as after an upgrade
    #[arg(long)]
    pub mend: bool,
}

#[derive(Debug, Args)]
pub struct Connect {
    #[command(flatten)]
    pub to: ClientAt,
    /// Alias, uuid, or a name that only one key bears; the default key when left out
    #[arg(long)]
    pub key: Option<String>,
    /// How the client gets the key; bridge, which keeps it in the keychain, when left out
    #[arg(long, value_parser = delivery())]
    pub delivery: Option<Delivery>,
    #[command(flatten)]
    pub where_: Where,
    /// Where the name is taken by an entry that is not ours, put ours in its place
    #[arg(long, conflicts_with = "beside")]
    pub replace: bool,
    /// Where the name is taken by an entry that is not ours, give ours another name
    #[arg(long)]
    pub beside: bool,
    #[command(flatten)]
    pub may: May,
}

#[derive(Debug, Args)]
pub struct Disconnect {
    #[command(flatten)]
    pub to: ClientAt,
    #[command(flatten)]
    pub where_: Where,
}

/// A client, and the instance it is to reach.
#[derive(Debug, Args)]
pub struct ClientAt {
    /// Such as claude-code, cursor or codex; `clients --all` lists them
    pub client: String,
    #[command(flatten)]
    pub at: At,
}

/// Which of a client's files.
#[derive(Debug, Args)]
pub struct Where {
    /// Your own file, the project's, or what your own has for one folder
    #[arg(long, value_parser = scope())]
    pub scope: Option<Scope>,
    /// The project's folder; this one when left out
    #[arg(long, value_name = "FOLDER")]
    pub project: Option<PathBuf>,
    /// Another of the client's files, such as that of a profile; `clients` names them
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Go on where a key stands in the file alone, and no keychain can keep it for undoing
    #[arg(long)]
    pub drop_key: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The client whose file goes back to what it was
    pub client: String,
    /// List what can be undone, and change nothing
    #[arg(long)]
    pub list: bool,
}

/// Profiles have files of their own, and what is everybody's is not ours to write.
fn scope() -> impl TypedValueParser<Value = Scope> {
    let scopes = [Scope::User, Scope::Project, Scope::Local];
    PossibleValuesParser::new(scopes.map(Scope::as_str)).try_map(|word| word.parse())
}

/// What a person can type, by what kind of client it is.
fn every_client() -> String {
    let groups = [
        (ClientKind::Terminal, "Terminal"),
        (ClientKind::Editor, "Editors"),
        (ClientKind::App, "Desktop apps"),
        (ClientKind::Web, "Web apps"),
        (ClientKind::Library, "Your own code"),
    ];
    let group = |(kind, title)| {
        let ids = CLIENTS.iter().filter(|client| client.kind == kind).map(|client| client.id);
        format!("{title}: {}", ids.collect::<Vec<_>>().join(", "))
    };
    format!("One of these.\n{}", groups.map(group).join("\n"))
}

fn delivery() -> impl TypedValueParser<Value = Delivery> {
    PossibleValuesParser::new(Delivery::ALL.iter().map(|one| one.as_str())).try_map(|word| word.parse())
}

fn form() -> impl TypedValueParser<Value = SnippetForm> {
    PossibleValuesParser::new(SnippetForm::ALL.iter().map(|one| one.as_str())).try_map(|word| word.parse())
}

#[cfg(test)]
mod tests {
    use crate::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_client_is_named_in_the_help() {
        let mut cli = Cli::command();
        let help = cli.find_subcommand_mut("snippet").unwrap().render_long_help().to_string();
        for client in superset_keys_core::clients::CLIENTS {
            assert!(help.contains(client.id), "{}", client.id);
        }
    }
}
