//! What the command line says when something cannot be done: a sentence, and what to do about it.
//!
//! `{name}` stands for a value of the reason, see `Error::params`; `{instance}` for the instance as typed.
//! A code without words does not compile.

mod access;
mod audit;
mod audit_set_up;
mod checkup;
pub mod embed;
mod guard;
pub mod guest;
mod locations;
mod moving;
mod network;
mod notes;
mod oauth;
pub mod record;
mod report;
mod revoke;
mod rotation;
mod scan;
mod values;
mod vault;

pub use access::{inspected, mcp_access, mcp_proof, minted, signing};
pub use audit::{finding as audit_finding, remarks as audit_remarks, summary as audit_summary};
pub use audit_set_up::{login, next_step, road_closed, road_state, seen_by, takes};
pub use checkup::{About, ItemWords, item_words};
pub use guard::{call_outcome, may};
pub use locations::{beside, counting, counts_for, is_in_the_way, why_not_mended};
pub use moving::{beside_mcp_move, mcp_move};
pub use network::network;
pub use notes::{is_for_those_who_share, note};
pub use oauth::{oauth, pages, signed_out as oauth_signed_out, to_do};
pub use report::{report_remarks, reports_as_csv, reports_for_a_person, reports_for_a_program};
pub use revoke::{
    counted_keys, plan_for_a_person, plan_for_a_program, revoked_for_a_person, revoked_for_a_program,
};
pub use rotation::{beside_rotation, replaced_in_time, rewritten, rotation, rotation_row};
pub use scan::{advice, exposure, headline, kind_word, remarks, row, why_not_moved};
pub use values::{edit_problem, snake_case};
pub use vault::{exported, imported, left_at_old_place, secrets_moved, vault_status};

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

/// Where a proxy names people and Superset shows its sign-in page all the same.
pub const SHOWS_ITS_PAGE: &str = "Superset 6.1 does that: its sign-in page does not look at what the proxy says. Your admin mends \
     it by a CUSTOM_SECURITY_MANAGER with `register_superset_auth_view = False`, in superset_config.py.";

/// What is said of secrets that could not be deleted now; begins with a space.
pub fn left_behind(count: u32) -> String {
    let what = match count {
        0 => return String::new(),
        1 => "One entry",
        _ => "Some entries",
    };
    format!(
        " {what} could not be deleted from the keychain, which is locked or away; it is done when it is back."
    )
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
        FaceCode::PassphraseNeeded => (
            "Nobody is here to type the passphrase.",
            "Add --passphrase-stdin and give it one line on stdin.",
        ),
        FaceCode::PassphrasesDiffer => {
            ("The two are not the same. Nothing was changed.", "Run the command again.")
        }
        FaceCode::AgentRuns => ("An agent answers for this vault already.", ""),
        FaceCode::AgentFailed => (
            "The vault is unlocked for this command alone: no agent could be started that answers other programs.",
            "Run `superset-keys agent -v` to see why.",
        ),
        FaceCode::NoDesktop => (
            "There is no window to sign in with: the desktop program is not here, or has no screen.",
            "Sign in in your browser, and pipe the cookie called session into --session-cookie-stdin.",
        ),
        FaceCode::WindowClosed => {
            ("The window was closed before anybody was signed in.", "Nothing was kept.")
        }
        FaceCode::NoKeptList => (
            "No list of {instance} is kept on this computer yet.",
            "`superset-keys keys list {instance}` asks the server and keeps its answer.",
        ),
        FaceCode::NoKeptAudit => (
            "No audit of {instance} is kept on this computer yet.",
            "`superset-keys audit {instance}` asks the server and keeps its answer.",
        ),
        FaceCode::NoInstances => (
            "There is no instance on the list, so nothing was audited.",
            "`superset-keys instances add URL` adds one; is this the right --home?",
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
        E::SettingOutOfBounds => ("{name} can be from {least} to {most}.", "Nothing was changed."),
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
        E::NotRotating => ("{name} is not being replaced.", "`superset-keys keys rotations` shows what is."),
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
        E::ClientFileHalfWritten => (
            "{path} is half written: this program, or the computer, was stopped while it wrote there.",
            "`superset-keys restore {client}` gives back what was there.",
        ),
        E::BackupKeyGone => (
            "The key {hint}, which stood in the file, is not on this computer any more. Nothing was changed.",
            "The rest of what was there lies in {path}.",
        ),
        E::KeyWouldBeLost => (
            "The key {hint} stands only in {path}, and there is no keychain to keep it in for undoing. Nothing was changed.",
            "Copy it from there first; then --drop-key goes on without it. Or unlock the keychain.",
        ),
        E::KeyWouldBeShared => (
            "The key would be readable in {path}, which git shares with everybody who gets the repository. Nothing was changed.",
            "Leave --delivery out, so that the key stays in the keychain.",
        ),

        // The way to the server.
        E::Unreachable => ("{host} cannot be reached: {why}.", "{then}"),
        E::ProxyUnusable => ("The proxy {proxy}, on the way to {host}, {why}.", "{then}"),
        E::CertificateUntrusted => {
            ("The certificate of {host} is not trusted: {why}. Nothing was sent.", "{then}")
        }
        E::ClientCertificateRefused => ("{host} {why}.", "{then}"),
        E::CertificateFileUnusable => ("{path} {why}. Nothing was changed.", "{then}"),
        E::ProxySettingUnusable => ("This proxy cannot be set: {why}. Nothing was changed.", "{then}"),
        E::ClientKeyGone => (
            "The key of the client certificate is not in the keychain any more.",
            "Give it again: `superset-keys instances network {instance} --client-certificate FILE --client-key FILE`.",
        ),
        E::ProxyPasswordGone => (
            "The password for the proxy {proxy} is not in the keychain any more.",
            "Give it again: `superset-keys instances network {instance} --proxy URL`.",
        ),
        E::NoTrustedCertificates => {
            ("This computer trusts no certificates at all, so nothing can be reached over https.", "{then}")
        }
        E::SignInPage => (
            "A web page{at} answers in the place of Superset at {host}: usually something that asks people to sign in before Superset sees them.",
            "Whoever runs it can let /api/ and /mcp pass, or knows an address behind it. Or this is no Superset.",
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
        E::ToolNotAllowed => (
            "The guard on this computer does not let this client call the tool {name}. The server was not asked.",
            "Whoever set it up chose what it may do; `superset-keys connect` with --allow changes that.",
        ),
        E::CallUnclear => (
            "The guard on this computer cannot tell for certain which tool this calls, so it is not let through.",
            "A call names one tool once, in plain letters.",
        ),
        E::ToolListUnclear => (
            "The guard on this computer cannot read the server's list of tools, so it is left out.",
            "Tools that are allowed can be called all the same.",
        ),
        E::GuardNeedsBridge => (
            "What {client} may do can only be held to on the bridge; by {delivery} it calls the server itself.",
            "Leave out --delivery, or lift what is chosen with --allow '*'.",
        ),
        E::RuleInvalid => (
            "The entry holds its client to {rule}, which is no rule.",
            "Say what it may do with --allow or --deny: read, a tool's name, or a pattern with * and ?.",
        ),
        E::NoSuchUse => (
            "No use of a key that nothing here explains is called {id}.",
            "`superset-keys activity --json` names them.",
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
            "This server signs people in by other means than passwords ({ways}).",
            "`superset-keys sign-in {instance} --browser` opens a window for it; without a screen, --session-cookie-stdin takes your browser's session, and --api-key-stdin a key.",
        ),
        E::SignedOut => ("Nobody is signed in to {instance}.", "`superset-keys sign-in {instance}`"),
        E::SessionOver => ("The session on {instance} is over.", "`superset-keys sign-in {instance}`"),
        E::TokenRefused => {
            ("{instance} does not take the token it has just given{said_so}: {why}.", "{then}")
        }
        E::KeyRejected => (
            "The server does not take this API key: revoked, expired, or from another server.",
            "`superset-keys sign-in {instance}` with a password, or with another key.",
        ),
        E::Forbidden => (
            "Your role on {instance} may not manage API keys.",
            "An Admin can give a role can_list, can_create, can_get and can_revoke on ApiKey.",
        ),
        E::ApiKeysOff => (
            "API keys are off on this server.",
            "Whoever runs it sets FAB_API_KEY_ENABLED = True in superset_config.py, then runs `superset init`.",
        ),
        E::KeyTableMissing => (
            "This Superset's database has no table for API keys.",
            "Whoever runs it runs `superset db upgrade` and `superset init`.",
        ),
        E::PublicRole => (
            "This Superset's Public role has permissions, so it takes everybody for a stranger here, whoever signs in.",
            "Whoever runs it leaves Public empty and gives guests a role of their own: GUEST_ROLE_NAME in superset_config.py.",
        ),

        // Embedded dashboards.
        E::NoSuchDashboard => (
            "No dashboard that you see on {instance} is called {name}.",
            "`superset-keys embed list {instance}` shows them.",
        ),
        E::AmbiguousDashboard => {
            ("More than one dashboard is called {name}.", "Say which one by its number: {candidates}.")
        }
        E::NotEmbedded => (
            "The dashboard {name} is not embedded.",
            "`superset-keys embed set {instance} {name} --site https://app.example.com` lets a site show it.",
        ),
        E::NoSuchDataset => (
            "No dataset of that dashboard is called {name}.",
            "A rule for another one would apply to nothing. Its datasets: {candidates}.",
        ),
        E::AmbiguousDataset => (
            "More than one dataset of that dashboard is called {name}.",
            "Say which one by its number: {candidates}.",
        ),
        E::SiteUnusable => (
            "{site} is no site that could show a dashboard: {problem}.",
            "Write it as https://app.example.com.",
        ),
        E::ClauseRefused => (
            "This rule would not do what it says: {problem}.",
            "Superset takes it without a word. Nothing was sent.",
        ),
        E::EmbeddingOff => (
            "Embedding is off on this server, and a guest's token counts for nothing there.",
            "Whoever runs it sets EMBEDDED_SUPERSET in FEATURE_FLAGS in superset_config.py.",
        ),
        E::GuestRefused => (
            "The server does not take this guest's token.",
            "It is over, or signed with another secret than the server's. 'superset-keys embed check' tells what is wrong.",
        ),
        E::AccountOfOthers => (
            "The account {name} is somebody's. Its roles: {roles}.",
            "Choose another with --username. Nothing was changed.",
        ),
        E::AccountInactive => (
            "The account {name} is not active: somebody ended it.",
            "Choose another with --username, or `superset-keys audit reactivate {instance} {name}`. Nothing was changed.",
        ),
        E::RoleMayMore => (
            "The role {role} may more than mint guest tokens: {more}.",
            "A backend's key is to be harmless. Choose another with --role. Nothing was changed.",
        ),
        E::MinterKeyElsewhere => (
            "That account has a key called {name} already, and its text is not on this computer.",
            "It may be in use. Choose another with --key-name.",
        ),
        E::GuestTokenElsewhere => ("This token is for other dashboards.", "Mint one for this dashboard."),
        E::PortTaken => (
            "Another program of this computer listens on port {port}.",
            "Name another one, or leave --port out.",
        ),

        // Setting up an audit.
        E::SetUpForbidden => (
            "Your role on {instance} lacks a permission for this: {permission}.",
            "An Admin has it. Nothing was changed.",
        ),
        E::NoSuchConnection => (
            "No database that you see on {instance} is called {name}.",
            "`superset-keys audit set-up {instance}` shows them.",
        ),
        E::AmbiguousConnection => {
            ("More than one database is called {name}.", "Say which one by its number: {candidates}.")
        }
        E::LoginMayTooMuch => (
            "The login of the database \"{database}\" {may}, so it is not used.",
            "`superset-keys audit set-up {instance}` prints the SQL for a login that reads the view alone. For a trial, --trust-database goes on once.",
        ),
        E::LoginNotJudged => (
            "What the login of the database \"{database}\" may is not known: {why}. It is not used.",
            "{then}For a trial, --trust-database goes on once.",
        ),
        E::ViewNotThere => (
            "The database \"{database}\" shows no {view}.",
            "`superset-keys audit set-up {instance} --sql postgresql` prints what its owner runs.",
        ),
        E::DatasetHidden => (
            "There is a dataset {dataset} already, and you do not see it.",
            "Whoever owns it, or an Admin, can give your role access to it.",
        ),
        E::RoleOfSuperset => (
            "The role {role} is Superset's own: whoever has it would see everybody's keys.",
            "Choose another name with --name.",
        ),
        E::RoleIncomplete => (
            "The server said yes, and the role \"{role}\" still lacks {missing}.",
            "Run `superset init` on the server if they do not exist there, then try again.",
        ),

        // Everybody's keys.
        E::AuditForbidden => (
            "Your role on {instance} may not read everybody's keys.",
            "An Admin can let you: `superset-keys audit role {instance}` makes a role that may. Your own are listed by `superset-keys keys list {instance}`.",
        ),
        E::NoSuchPerson => (
            "The last audit of {instance} knows nobody called {name}.",
            "`superset-keys audit {instance}` reads it anew.",
        ),
        E::NoSuchAccount => (
            "Nobody on {instance} has the user name {name}.",
            "Capitals count. An Admin sees them in Superset under Settings, List Users.",
        ),
        E::OwnAccount => (
            "You are signed in as that person, or may be: deactivated, you could not take it back.",
            "Sign in as another Admin for it. Nothing was changed.",
        ),
        E::AccountUnchanged => (
            "The account {name} on {instance} is as it was.",
            "Try again; if it stays so, whoever runs the server can tell more by its log.",
        ),
        E::NoAuditRoad => (
            "Superset shows admins their own keys only, and on {instance} there is nothing yet that shows the others'.",
            "`superset-keys audit set-up {instance}` says what it takes. `superset-keys report make` shows the keys of one person to another.",
        ),
        E::AuditViewMissing => (
            "The view superset_key_audit is not in the database of {instance} any more.",
            "Whoever owns the database makes it again, as after an upgrade: `superset-keys audit set-up {instance}` prints the SQL.",
        ),
        E::AuditViewOutdated => (
            "The view superset_key_audit on {instance} is of another form: it lacks {missing}. Nothing was guessed.",
            "Whoever owns the database makes it anew: `superset-keys audit set-up {instance}` prints the SQL; with --make-dataset it also reads the dataset's columns again.",
        ),
        E::QueryFailed => ("The database behind {instance} did not answer: {why}.", "{then}"),

        // A browser's session.
        E::NotASessionCookie => (
            "That is no session cookie.",
            "Copy the value of the cookie called session from your browser's tools, under Storage or Application.",
        ),
        E::BrowserRefused => (
            "The server let nobody in{told}.",
            "It gives no reason: there may be no account for you, or it is deactivated. The app says what to try.",
        ),
        E::SessionRefused => (
            "The server does not know this session, or not from here.",
            "Sign in there in your browser, copy the cookie again at once, and add --user-agent with your browser's where the server binds sessions to it.",
        ),

        // What AI clients are let in with.
        E::SigningSecretUnusable => ("That cannot be a secret to sign with: {why}.", "{then}"),
        E::SigningSecretKept => (
            "A secret for {instance} is kept already.",
            "`--replace` puts another in its place: tokens of the old one end when the server has the new one.",
        ),
        E::NoSigningSecret => (
            "No secret to sign with is kept for {instance}.",
            "`superset-keys signing create {instance}` makes one, or takes the server's.",
        ),
        E::SigningSecretInUse => (
            "AI clients are let in to {instance} with it.",
            "`superset-keys mcp-access set {instance} api-key` lets them in with a key; then forget it.",
        ),
        E::NotAToken => (
            "That is no token: one has three parts with dots between them.",
            "Paste all of it, and nothing else.",
        ),
        E::TokenNotTaken => (
            "The MCP server at {host} does not take the token. Nothing was changed.",
            "Its issuer, audience, scopes and clock must fit. For tokens that are signed here `superset-keys signing config {instance}` has the lines; then start it anew.",
        ),
        E::TokenNamesNobody => (
            "The MCP server at {host} takes the token, and knows no user {user}. Nothing was changed.",
            "Capitals count, and an e-mail is no user name. On Superset 6.1 it takes the last lines of `superset-keys signing config {instance}`.",
        ),
        E::TokenOfAnother => (
            "The MCP server at {host} takes a token for {user} as {acts_as}. Nothing was changed.",
            "Its MCP_DEV_USERNAME is to be None, with the lines of `superset-keys signing config {instance}`.",
        ),

        // Tokens of an authorization server.
        E::NoOauthClient => (
            "How AI clients of {instance} get tokens is not set.",
            "`superset-keys oauth set {instance} --issuer URL --client-id ID` sets it; its MCP server may announce the rest.",
        ),
        E::NoOauthSignIn => (
            "Nobody is signed in for the AI clients of {instance}, or that sign-in has ended.",
            "`superset-keys oauth sign-in {instance}`",
        ),
        E::IssuerNotAnnounced => (
            "The MCP server at {host} does not say whose tokens it takes; Superset 6.1 never does.",
            "Whoever runs it knows its MCP_JWT_ISSUER: name that with --issuer.",
        ),
        E::IssuerUnusable => ("{host} cannot be used: {why}. Nothing was changed.", "{then}"),
        E::ClientIdNeeded => (
            "{host} makes no OAuth client by itself for this.",
            "Whoever runs it makes one, with http://127.0.0.1/callback to come back to; name it with --client-id.",
        ),
        E::AuthorizationRefused => ("{host} refused: {why}.", "{then}"),
        E::AnswerOfAnother => (
            "What the browser brought does not come from {host}. Nothing was kept.",
            "Try again; if it happens again, somebody may be trying to get at your tokens.",
        ),
        E::SignInTooLate => ("Nobody signed in at {host} in time.", "Try again; --wait gives more time."),

        // Creating and revoking.
        E::NotCreated => (
            "The server said created, and created nothing.",
            "Its database may lack the table for keys: whoever runs it runs `superset db upgrade` and `superset init`.",
        ),
        E::CreateUnclear => ("Superset's answer did not come through. {why}", "{then}"),
        E::NotStored => (
            "The key {id} was created on the server, and could not be kept here: {why}. It cannot be shown again.",
            "Revoke it: `superset-keys keys revoke {instance} {id}`. With --show a new one is printed instead of kept.",
        ),
        E::NotRevoked => (
            "The server said revoked, and the key is still active.",
            "Try again; if it stays so, tell whoever runs the server.",
        ),
        E::RevokeUnclear => (
            "Superset's answer did not come through. Whether the key is revoked is not known.",
            "`superset-keys keys list {instance}` shows it.",
        ),
        E::CannotRevokePasted => (
            "This key was pasted, and the server's list does not show which one it is.",
            "Revoke it in Superset, then `superset-keys keys forget {instance} KEY`.",
        ),
        E::NothingWouldKeepIt => (
            "There is no keychain on this computer that could keep the key, so none was created.",
            "`superset-keys vault create` makes an encrypted file that does. Or add --show to have it printed once instead.",
        ),
        E::KeysWouldBeForgotten => (
            "This computer would forget {count} stored {keys}, for good. The server would go on taking them.",
            "Add --forget-keys if that is what you want. Nothing was changed.",
        ),

        // This computer.
        E::KeychainNoBus => (
            "The keychain cannot be asked: this session has no D-Bus.",
            "In a terminal of your desktop it works. On a server, `superset-keys vault create` makes an encrypted file instead.",
        ),
        E::KeychainAbsent => (
            "There is no keychain program on this computer.",
            "`superset-keys vault create` makes an encrypted file instead. Or install GNOME Keyring, KWallet or KeePassXC, and switch on its Secret Service.",
        ),
        E::KeychainNoCollection => (
            "The keychain has nothing to keep keys in yet.",
            "Open your system's password program once and let it make a default keyring, or keep keys in an encrypted file: `superset-keys vault create`.",
        ),
        E::KeychainLocked => (
            "The keychain is locked.",
            "Unlock it in your system's password program, or sign in to your desktop.",
        ),
        E::KeychainDismissed => {
            ("The keychain was not unlocked.", "Run the command again and enter the keychain's password.")
        }
        E::KeychainWaiting => (
            "The keychain has not answered: it may be waiting for you in a window of its own.",
            "Answer it, then run the command again. KeePassXC asks in “Access Request”.",
        ),
        E::KeychainRefused => (
            "The keychain does not let this program at the entry.",
            "Allow it when it asks. In KeePassXC, Settings > Secret Service Integration says when it does; without a desktop to ask on, switch its confirmation off there.",
        ),
        E::KeychainOther => {
            ("The keychain did not work.", "Run the command again with -v to see what it said.")
        }
        E::VaultLocked => ("The vault is locked.", "`superset-keys vault unlock`, or unlock it in the app."),
        E::NoVault => ("There is no vault on this computer.", "`superset-keys vault create` makes one."),
        E::VaultExists => (
            "There is a vault on this computer already. It stays as it is.",
            "`superset-keys vault unlock` opens it, `vault passphrase` gives it another passphrase.",
        ),
        E::WrongPassphrase => (
            "That is not the passphrase of {path}. The file itself is whole.",
            "Look at Caps Lock and the keyboard's language, and try again. Nobody can reset it.",
        ),
        E::PassphraseShort => (
            "A passphrase of fewer than {least} letters is guessed. Nothing was changed.",
            "Take a few words that do not belong together.",
        ),
        E::VaultDamaged => (
            "The file {path} is damaged. It stays as it is.",
            "`superset-keys vault restore` takes the copy from before its last change; `vault import` takes an export.",
        ),
        E::NotAVault => {
            ("{path} is neither a vault nor an export of one.", "Name the file that `vault export` wrote.")
        }
        E::VaultUnusable => (
            "{path} cannot be read or written: {why}. Nothing was changed.",
            "Check its owner and permissions, and the space on the disk.",
        ),
        E::VaultBusy => ("Another Superset Keys is changing {path}.", "Try again in a moment."),
        E::VaultNotBuiltIn => {
            ("This program cannot open a vault.", "Use the app or the command line of this version.")
        }
        E::StateDamaged => (
            "The file {path} is damaged. It was kept as {kept}, and nothing was lost from the keychain.",
            "Run the command again to begin anew, or mend the kept file and put it back.",
        ),
        E::StateNewer | E::VaultNewer => (
            "The file {path} was written by a newer version of this program.",
            "Update this program. Nothing was changed.",
        ),
        E::AppLocked => ("Superset Keys is locked.", "Unlock it in its window."),
        E::StateBusy => ("Another Superset Keys is changing its files.", "Try again in a moment."),
        E::StateUnusable => (
            "The file {path} cannot be read or written: {why}.",
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
        E::ClientFileUnwritable => ("{path} cannot be written: {why}. It is as it was.", "{snippet_hint}"),
        E::BackupUnwritable => (
            "No backup can be kept in {path}: {why}. Without one nothing was changed.",
            "Check the folder's owner and the space on the disk.",
        ),
        E::FolderUnusable => ("The folder {path} cannot be used: {why}. Nothing was changed.", ""),
        E::OutputNotRegular => (
            "{path} is no regular file, so it is not replaced. Nothing was written.",
            "Name a new file, or - for stdout.",
        ),
        E::OutputUnwritable => ("{path} cannot be written: {why}. Nothing was changed there.", ""),
        E::NoNotifications => {
            ("This desktop shows no notifications.", "Start a program that shows them, or go without.")
        }
        E::NotOpened => ("No program opened {path}.", "Open it in your editor."),
        E::NoHomeFolder => (
            "This account has no home folder, so there is no place for what this program keeps.",
            "Set HOME, or SUPERSET_KEYS_HOME to a folder for it.",
        ),
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
