//! What the command line says when something cannot be done: a sentence, and what to do about it.
//!
//! `{name}` stands for a value of the reason, see `Error::params`; `{instance}` for the instance as typed.
//! A code without words does not compile.

mod checkup;
mod notes;
mod scan;
mod values;

pub use checkup::{About, ItemWords, item_words};
pub use notes::note;
pub use scan::{advice, exposure, headline, kind_word, remarks, row, why_not_moved};
pub use values::{edit_problem, snake_case};

use crate::failure::{FaceCode, Failure, Reason};
use superset_keys_core::ErrorCode;

/// What is printed about a failure.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// Stable, for scripts.
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

pub fn words(failure: &Failure) -> Words {
    let (code, (message, hint)) = match failure.reason {
        Reason::Core(code) => (snake_case(&code), of_core(code)),
        Reason::Face(code) => (code.as_str().to_owned(), of_face(code)),
    };
    let params = values::complete(failure);
    let hint = failure.hint.clone().unwrap_or_else(|| values::fill(hint, &params));
    Words {
        code,
        message: values::fill(message, &params),
        hint: Some(hint.trim().to_owned()).filter(|hint| !hint.is_empty()),
    }
}

type Templates = (&'static str, &'static str);

fn of_face(code: FaceCode) -> Templates {
    match code {
        FaceCode::Usage => ("{message}", "`superset-keys --help` shows what can be typed."),
        FaceCode::KeyInArguments => (
            "One of the arguments looks like an API key or a token. Nothing was done.",
            "Other programs can read arguments, and shells keep them: treat that key as seen, and revoke it. \
             A key is named by its alias, and read from stdin where one is needed (--api-key-stdin).",
        ),
        FaceCode::ShowNeeded => (
            "This would print the key itself on the terminal.",
            "Add --show if that is what you want, or send the output into a file or another program.",
        ),
        FaceCode::YesNeeded => {
            ("This needs a yes, and there is no terminal to ask on.", "Add --yes. Nothing was changed.")
        }
        FaceCode::UsernameNeeded => ("Who signs in?", "Add --username."),
        FaceCode::PasswordNeeded => (
            "A password is needed, and there is no terminal to ask on.",
            "Add --password-stdin and send the password to stdin.",
        ),
        FaceCode::InputUnusable => (
            "Stdin did not hold what was expected: one line of text.",
            "Send the secret and nothing else, ended by a line feed or the end of the input.",
        ),
        FaceCode::NoKeptList => (
            "No list of {instance} is kept on this computer yet.",
            "`superset-keys keys list {instance}` asks the server and keeps its answer.",
        ),
        FaceCode::NoSuchPath => ("There is no file or folder {name}.", "Nothing was searched."),
        FaceCode::VariableInvalid => (
            "No environment variable can be called {name}.",
            "A name has letters, digits and _, and does not begin with a digit.",
        ),
        FaceCode::CommandNotFound => {
            ("There is no command called {command}.", "Is it installed, and in PATH?")
        }
        FaceCode::NotRunnable => ("{command} cannot be run.", "Is it a program, and may you run it?"),
        FaceCode::Output => ("The output could not be written.", "Is the disk full?"),
        FaceCode::Declined => ("Nothing was changed.", ""),
        FaceCode::Interrupted => ("Stopped.", ""),
        FaceCode::PipeClosed => ("Whoever read the output stopped reading.", ""),
    }
}

#[allow(clippy::too_many_lines, reason = "a table: one row per code")]
fn of_core(code: ErrorCode) -> Templates {
    use ErrorCode as E;
    match code {
        // What a person gave us.
        E::InvalidAddress => {
            ("That address cannot be used: {why}.", "Write it like https://superset.example.com.")
        }
        E::InsecureAddress => (
            "{host} would be reached over plain http: keys and passwords would travel in the open.",
            "Use https, or say that you accept this with --allow-http.",
        ),
        E::NameMissing => ("A name is needed.", ""),
        E::NameTooLong => ("The name is too long: {limit} letters at most.", ""),
        E::NameUnprintable => (
            "The name holds a letter that cannot be seen.",
            "Type it anew, without line breaks and invisible letters.",
        ),
        E::ShortNameInvalid => (
            "That alias cannot be used.",
            "An alias has up to 32 of a-z, 0-9 and -, and does not begin with -.",
        ),
        E::NameTaken => ("{name} is taken on {instance}.", "Choose another alias, or leave --alias out."),
        E::ExpiryPast => {
            ("That expiry lies in the past.", "Write 30d, a day to come such as 2031-01-31, or never.")
        }
        E::ExpiryTooFar => {
            ("That expiry is further away than 100 years.", "For a key without an end, write never.")
        }
        E::UnknownZone => {
            ("No time zone is called {name}.", "Zones have names like America/New_York or Europe/Vienna.")
        }
        E::NotAnApiKey => (
            "That does not look like an API key.",
            "A key is one word of at least 8 letters; Superset's usually begin with sst_.",
        ),

        // What could not be found here.
        E::NoSuchInstance => ("No instance is called {name}.", "`superset-keys instances list` shows them."),
        E::NoSuchKey => (
            "No key of yours on {instance} is called {name}.",
            "`superset-keys keys list {instance}` shows them.",
        ),
        E::AmbiguousKey => ("More than one key is called {name}.", "Say which one: {candidates}."),
        E::NoDefaultKey => ("{instance} has no default key.", "{others_hint}"),
        E::DefaultKeyUnusable => {
            ("The default key {alias} is revoked, expired or not on this computer any more.", "{others_hint}")
        }
        E::KeyUnusable => (
            "The key {alias} is revoked or expired.",
            "`superset-keys keys create {instance} --name …` makes a new one.",
        ),
        E::SecretNotHere => (
            "The key {name} is not on this computer. Superset shows a key only once, so it cannot be fetched again.",
            "`superset-keys keys create {instance} --name …` makes a new one.",
        ),
        E::NoSuchClient => ("No AI client is called {name}.", "There are {clients}."),
        E::McpUrlUnknown => (
            "The address of {instance}'s MCP server is not known; it was not found at the usual places.",
            "`superset-keys instances mcp-url {instance} URL` sets it.",
        ),
        E::DeliveryUnsupported => {
            ("{client} cannot take a key by {delivery}: {why}.", "It can take: {choices}.")
        }
        E::FormUnsupported => {
            ("{client} has no {form} for this delivery.", "Leave --as out for the configuration file.")
        }

        E::WritingUnsupported => (
            "We do not write the configuration of {client}: {why}.",
            "`superset-keys snippet {client} {instance}` prints what to put there.",
        ),
        E::ScopeUnsupported => ("{client} has no file of the scope {scope}.", "Leave --scope out."),
        E::EntryTaken => (
            "{path} has an entry called {entry} that is not ours. Nothing was changed.",
            "--beside gives ours a name of its own; --replace puts it in that one's place.",
        ),
        E::NotConnected => (
            "{client} has no entry for {instance}.",
            "`superset-keys clients` shows what is connected to what.",
        ),
        E::NothingToUndo => (
            "No change of {client}'s file is known that could be undone.",
            "Its backups are gone, or there were none.",
        ),
        E::KeyWouldBeShared => (
            "The key would be readable in {path}, which git shares with everybody who gets the repository. Nothing was changed.",
            "Leave --delivery out, so that the key stays in the keychain.",
        ),

        // The way to the server.
        E::Unreachable => {
            ("{host} cannot be reached: {why}.", "Check the address, the network and any VPN it needs.")
        }
        E::CertificateUntrusted => (
            "The certificate of {host} is not trusted by this computer. Nothing was sent.",
            "If your company signs its own, add its certificate to the system's trusted ones.",
        ),
        E::Redirected => (
            "{host} sends us elsewhere, to {to}. We do not follow, so that nothing is sent to a stranger.",
            "If that is where Superset is now, add it: `superset-keys instances add {to}`.",
        ),
        E::NotSuperset => ("{host} answers, but not as Superset.", "Is a path missing, such as /bi?"),
        E::ProxyAnswered => (
            "Something between here and {host} answered with status {status}.",
            "A proxy, a gateway or a sign-in page stands before Superset; whoever runs it can tell more.",
        ),
        E::RateLimited => ("The server asks us to slow down.", "Try again in a minute."),
        E::ServerFault => (
            "The server had a fault of its own (status {status}).",
            "Its log tells more. Nothing on this computer is wrong.",
        ),
        E::UnexpectedAnswer => (
            "The server's answer was not understood ({what}, status {status}).",
            "It may be a Superset we do not know yet.",
        ),
        E::AnswerTooLarge => (
            "The server's answer is larger than {limit} bytes.",
            "Something else than Superset may be answering.",
        ),

        E::AnswerLost => (
            "The connection to {host} ended before the answer was there.",
            "What was asked may have been done all the same.",
        ),
        E::NoMcpEndpoint => (
            "There is no MCP server at {url}.",
            "Ask whoever runs Superset where it is; `superset-keys instances mcp-url {instance} URL` sets it.",
        ),
        E::McpRefused => (
            "The MCP server at {host} took the key and refused the request.",
            "The person the key belongs to may lack a permission, or a gateway does not let this through.",
        ),
        E::ToolForbidden => (
            "The server describes the tool {name} in a way that MCP does not allow, so it is not called.",
            "Whoever wrote the tool can mend its x-mcp-header.",
        ),
        E::NotAMessage => ("What came in is no message of MCP: {why}.", ""),

        // Signing in and permissions.
        E::WrongCredentials => (
            "The server did not take that user name and password.",
            "Where people sign in through LDAP, add --provider ldap.",
        ),
        E::SignInWayRefused => (
            "The server does not offer this way to sign in.",
            "Try --provider db or ldap, or an API key that exists already: --api-key-stdin.",
        ),
        E::SignInUnsupported => (
            "People sign in to this server in a way that we do not have yet ({ways}).",
            "Create a first key in Superset itself, then use it here: `superset-keys sign-in {instance} --api-key-stdin`.",
        ),
        E::SignedOut => ("Nobody is signed in to {instance}.", "`superset-keys sign-in {instance}`"),
        E::SessionOver => ("The session on {instance} is over.", "`superset-keys sign-in {instance}`"),
        E::KeyRejected => (
            "The server does not take this API key: revoked, expired, or from another server.",
            "`superset-keys sign-in {instance}` with a password, or with another key.",
        ),
        E::Forbidden => (
            "Your role on {instance} may not manage API keys.",
            "An Admin can give a role can_list, can_create, can_get and can_delete on ApiKey.",
        ),
        E::ApiKeysOff => (
            "API keys are off on this server.",
            "Whoever runs it sets FAB_API_KEY_ENABLED = True in superset_config.py, then runs `superset init`.",
        ),

        // Creating and revoking.
        E::NotCreated => (
            "The server said created, and created nothing.",
            "Its database may lack the table for keys: whoever runs it runs `superset db upgrade` and `superset init`.",
        ),
        E::CreateUnclear => ("The connection ended before the answer. {why}", "{then}"),
        E::NotStored => (
            "The key {id} was created on the server, and could not be kept here: {why}. It cannot be shown again.",
            "Revoke it: `superset-keys keys revoke {instance} {id}`. With --show a new one is printed instead of kept.",
        ),
        E::NotRevoked => (
            "The server said revoked, and the key is still active.",
            "Try again; if it stays so, tell whoever runs the server.",
        ),
        E::RevokeUnclear => (
            "The connection ended before the answer. Whether the key is revoked is not known.",
            "`superset-keys keys list {instance}` shows it.",
        ),
        E::CannotRevokePasted => (
            "This key was pasted, and the server's list does not show which one it is.",
            "Revoke it in Superset, then `superset-keys keys forget {instance} KEY`.",
        ),
        E::NothingWouldKeepIt => (
            "There is no keychain on this computer that could keep the key, so none was created.",
            "Add --show to have it printed once instead.",
        ),
        E::KeysWouldBeForgotten => (
            "This computer would forget {count} stored {keys}, for good. The server would go on taking them.",
            "Add --forget-keys if that is what you want. Nothing was changed.",
        ),

        // This computer.
        E::KeychainNoBus => (
            "The keychain cannot be asked: this session has no D-Bus.",
            "In a terminal of your desktop it works. On a server, start a session with `dbus-run-session` and a keyring program.",
        ),
        E::KeychainAbsent => (
            "There is no keychain program on this computer.",
            "Install GNOME Keyring, KWallet or KeePassXC, and switch on its Secret Service.",
        ),
        E::KeychainNoCollection => (
            "The keychain has nothing to keep keys in yet.",
            "Open your system's password program once and let it make a default keyring.",
        ),
        E::KeychainLocked => (
            "The keychain is locked.",
            "Unlock it in your system's password program, or sign in to your desktop.",
        ),
        E::KeychainDismissed => {
            ("The keychain was not unlocked.", "Run the command again and enter the keychain's password.")
        }
        E::KeychainOther => {
            ("The keychain did not work.", "Run the command again with -v to see what it said.")
        }
        E::StateDamaged => (
            "The file {path} is damaged. It was kept as {kept}, and nothing was lost from the keychain.",
            "Run the command again to begin anew, or mend the kept file and put it back.",
        ),
        E::StateNewer => (
            "The file {path} was written by a newer version of this program.",
            "Update this program. Nothing was changed.",
        ),
        E::StateBusy => ("Another Superset Keys is changing its files.", "Try again in a moment."),
        E::StateUnusable => (
            "The file {path} cannot be read or written.",
            "Check its owner and permissions, and the space on the disk.",
        ),
        E::ClientFileUnreadable => ("{path} cannot be read: {why}. Nothing was changed.", "{snippet_hint}"),
        E::ClientFileNotUnderstood => (
            "{path} cannot be edited: line {line}, column {column}: {why}. Nothing was changed.",
            "{snippet_hint}",
        ),
        E::ClientFileChanged => (
            "{path} was changed by somebody else. It stays as it is.",
            "Look at it, then run the command again.",
        ),
        E::ClientFileReadOnly => {
            ("{path} is read-only. Nothing was changed.", "Make it writable, or change it where it is kept.")
        }
        E::ClientFileUnwritable => ("{path} cannot be written: {why}. It is as it was.", ""),
        E::BackupUnwritable => (
            "No backup can be kept in {path}: {why}. Without one nothing was changed.",
            "Check the folder's owner and the space on the disk.",
        ),
        E::FolderUnusable => ("The folder {path} cannot be used: {why}. Nothing was changed.", ""),
        E::NotOpened => ("No program opened {path}.", "Open it in your editor."),
        E::Clipboard => (
            "There is no clipboard here.",
            "`superset-keys keys print {instance} KEY` writes the key to a pipe or a file.",
        ),
        E::Internal => {
            ("Something went wrong in this program ({what}).", "Please report it, with what -v says.")
        }
    }
}

#[cfg(test)]
mod tests;
