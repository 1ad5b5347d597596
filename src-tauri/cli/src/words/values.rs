//! The values in a failure's sentences.

use super::network;
use crate::failure::{Failure, Reason};
use serde::Serialize;
use strum::VariantArray;
use superset_keys_core::ErrorCode;
use superset_keys_core::clients::{self, CannotTake, NotWritten};
use superset_keys_core::error::{ClauseProblem, EditProblemKind, ErrorParams};

/// Puts values in the place of their names. A name without a value would be a mistake of ours, which a test
/// looks for; it leaves a gap.
pub fn fill(template: &str, params: &ErrorParams) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return text + "{" + after;
        };
        if let Some(value) = params.get(name) {
            text.push_str(value);
        }
        rest = after;
    }
    text + rest
}

/// A failure's own values, and those that follow from them.
#[allow(clippy::too_many_lines, reason = "a table of all values")]
pub fn complete(failure: &Failure) -> ErrorParams {
    let mut params = failure.params.clone();
    params.entry("instance".to_owned()).or_insert_with(|| "INSTANCE".to_owned());
    let Reason::Core(code) = failure.reason else { return params };
    let given = |name: &str| failure.params.get(name).map(String::as_str).unwrap_or_default();
    let mut put = |name: &str, value: String| {
        params.insert(name.to_owned(), value);
    };
    match code {
        ErrorCode::InvalidAddress => put("why", address(given("problem")).to_owned()),
        ErrorCode::Unreachable => {
            let (why, then) = unreachable(given("kind"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::ProxyUnusable => {
            let (why, then) = proxy(given("problem"));
            put("why", why.to_owned());
            put("then", fill(then, &failure.params));
        }
        ErrorCode::CertificateUntrusted => {
            let (why, then) = certificate(given("problem"), given("issuer"));
            put("why", fill(why, &failure.params));
            put("then", fill(then, &failure.params));
        }
        ErrorCode::ClientCertificateRefused => {
            let (why, then) = network::refused(given("problem"));
            put("why", fill(why, &failure.params));
            put("then", fill(then, &failure.params));
        }
        ErrorCode::CertificateFileUnusable => {
            let (why, then) = network::file(given("problem"));
            put("why", why.to_owned());
            put("then", fill(then, &failure.params));
        }
        ErrorCode::ProxySettingUnusable => {
            let (why, then) = network::proxy_setting(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::NoTrustedCertificates => put(
            "then",
            match given("variable") {
                "" => "Install the system's own: the package is usually called ca-certificates.".to_owned(),
                name => format!(
                    "{name} names a place without any: correct it, or unset it to use the system's own."
                ),
            },
        ),
        ErrorCode::SignInPage => put(
            "at",
            match given("to") {
                "" => String::new(),
                to => format!(" ({to})"),
            },
        ),
        ErrorCode::TokenRefused => {
            let (why, then) = token(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
            put(
                "said_so",
                match given("said") {
                    "" => String::new(),
                    said => format!(" (“{said}”)"),
                },
            );
        }
        ErrorCode::LoginMayTooMuch => put("may", login_may(given("rights"))),
        ErrorCode::BrowserRefused => put(
            "told",
            match given("told") {
                "" => String::new(),
                told => format!(" (its provider says {told})"),
            },
        ),
        ErrorCode::SigningSecretUnusable => {
            let (why, then) = signing_secret(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::IssuerUnusable => {
            let (why, then) = issuer(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::AuthorizationRefused => {
            let (why, then) = authorization(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::LoginNotJudged => {
            let (why, then) = not_judged(given("reason"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::ClauseRefused => put("problem", clause(given("problem")).to_owned()),
        ErrorCode::NotAMessage => put("why", message(given("problem")).to_owned()),
        ErrorCode::NotStored => put("why", keychain(given("problem")).to_owned()),
        ErrorCode::NoDefaultKey | ErrorCode::DefaultKeyUnusable => {
            put("others_hint", others(given("others"), given("instance")));
        }
        ErrorCode::NoSuchClient => {
            put("clients", clients::CLIENTS.iter().map(|client| client.id).collect::<Vec<_>>().join(", "));
        }
        ErrorCode::DeliveryUnsupported => {
            put("why", cannot_take(given("reason")).to_owned());
            put("choices", choices(given("client")));
        }
        ErrorCode::WritingUnsupported => {
            put("why", not_written(given("reason")).to_owned());
        }
        ErrorCode::ClientFileUnreadable
        | ErrorCode::ClientFileUnwritable
        | ErrorCode::StateUnusable
        | ErrorCode::VaultUnusable
        | ErrorCode::BackupUnwritable => {
            put("why", disk(given("problem")).to_owned());
            put("snippet_hint", SNIPPET_HINT.to_owned());
        }
        ErrorCode::OutputUnwritable => put("why", disk(given("problem")).to_owned()),
        ErrorCode::QueryFailed => {
            let (why, then) = query(given("problem"));
            put("why", why.to_owned());
            put("then", then.to_owned());
        }
        ErrorCode::FolderUnusable => put("why", folder(given("problem")).to_owned()),
        ErrorCode::ClientFileNotUnderstood => {
            put("why", edit(given("problem")).to_owned());
            put("snippet_hint", SNIPPET_HINT.to_owned());
        }
        ErrorCode::CreateUnclear if given("found").is_empty() => {
            put("why", "Whether a key was created is not known.".to_owned());
            let list = fill("`superset-keys keys list {instance}` finds out.", &failure.params);
            put("then", list);
        }
        ErrorCode::CreateUnclear => {
            put("why", format!("The key {} was created, and its text was lost on the way.", given("found")));
            let revoke = "Revoke it: `superset-keys keys revoke {instance} {found}`. Then create another.";
            put("then", fill(revoke, &failure.params));
        }
        ErrorCode::KeysWouldBeForgotten => {
            put("keys", if given("count") == "1" { "key" } else { "keys" }.to_owned());
        }
        _ => {}
    }
    params
}

const SNIPPET_HINT: &str = "`superset-keys snippet` prints the entry, to be put there by hand.";

/// What a login may, as the rest of a sentence about it.
pub fn login_may(rights: &str) -> String {
    let said = rights.split(", ").map(|right| match right {
        "reads_hashes" => "reads hashes of passwords or keys",
        "writes" => "can write",
        "files" => "reaches files of the database's computer",
        "calls" => "can act by functions or roles of others",
        _ => "can make tables",
    });
    let said: Vec<_> = said.collect();
    match said.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Why it is not known what a login may, and what helps; a sentence begins after it.
pub fn not_judged(reason: &str) -> (&'static str, &'static str) {
    match reason {
        "no_logins" => ("SQLite has no logins, so whoever opens the file may everything", ""),
        "other_kind" => ("it is no database that Superset keeps its own data in", ""),
        "not_in_sql_lab" => (
            "it is not open to SQL Lab, where it would be asked",
            "In Superset, switch on \"Expose database in SQL Lab\" for it. ",
        ),
        "not_allowed" => (
            "you may not ask it in SQL Lab",
            "Somebody who may, an Admin for instance, can run `superset-keys audit set-up`. ",
        ),
        _ => ("the database did not answer that question", "Is it up, and is its login still good? "),
    }
}

fn clause(problem: &str) -> &'static str {
    let all = ClauseProblem::VARIANTS.iter();
    let named = all.copied().find(|one| snake_case(one) == problem);
    named.map_or("it is not known why", super::guest::clause_problem)
}

fn disk(problem: &str) -> &'static str {
    match problem {
        "full" => "the disk is full",
        "no_folder" => "its folder is not there",
        "denied" => "this account may not",
        "read_only" => "the disk is read-only",
        "no_file" => "it is no plain file",
        "too_large" => "it is too large for a configuration",
        "busy" => {
            "another program has it open, or it is mounted by itself, so that nothing can take its place"
        }
        _ => "the system did not say why",
    }
}

fn query(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "column_missing" => {
            ("it has not the columns that were asked for", "Its owner can tell what changed.")
        }
        "table_missing" => {
            ("it has not the table or view that was asked for", "Its owner can tell what changed.")
        }
        "denied" => ("the connection's login may not read it", "Its owner can grant it what is missing."),
        "no_database" => ("Superset does not know this connection any more", "Somebody may have removed it."),
        "slow" => ("it took longer than it may", "Try again when there is less to do for it."),
        "gone" => ("Superset does not reach it", "Whoever runs Superset can tell more."),
        _ => (
            "Superset says that the query failed, and not why",
            "The query history of SQL Lab may tell more.",
        ),
    }
}

fn folder(problem: &str) -> &'static str {
    match problem {
        "empty" => "none was named",
        "relative" => "it does not begin with / or ~",
        "missing" => "it is not there",
        "no_folder" => "it is a file",
        "denied" => "this account may not look into it",
        _ => "the system did not say why",
    }
}

pub fn edit_problem(kind: EditProblemKind) -> &'static str {
    edit(&snake_case(&kind))
}

fn edit(problem: &str) -> &'static str {
    match problem {
        "not_utf8" => "it is not UTF-8 text",
        "syntax" => "the client itself could not read it",
        "duplicate_key" => "a name stands there twice",
        "wrong_type" => "something else stands where entries belong",
        "entry_unwritable" => "this kind of file cannot hold the entry",
        "unproven" => "the change could not be proven to be ours alone",
        _ => "it is written in a way we cannot edit",
    }
}

fn address(problem: &str) -> &'static str {
    match problem {
        "empty" => "it is empty",
        "scheme" => "only https and http lead to a Superset",
        "holds_credentials" => "it holds a user name or a password, which would end up in files and logs",
        _ => "it is no web address",
    }
}

fn unreachable(kind: &str) -> (&'static str, &'static str) {
    const WAY: &str = "Check the address, the network and any VPN it needs.";
    match kind {
        "name_not_found" => ("no computer has that name", WAY),
        "refused" => ("nothing listens there", WAY),
        "timed_out" => ("it did not answer in time", WAY),
        "not_tls" => (
            "what answers does not speak https",
            "Check the port, and whether the address begins with http://. Where it does, --allow-http consents to that.",
        ),
        "tls_failed" => (
            "it speaks https in a way that we cannot agree on",
            "It may know only old versions of TLS. Whoever runs it can tell.",
        ),
        "not_http" => (
            "what answers does not speak http",
            "Check the port, and whether the address begins with https://.",
        ),
        _ => ("the connection failed", WAY),
    }
}

fn proxy(problem: &str) -> (&'static str, &'static str) {
    const WHERE: &str = "It is set by `instances network`, in the system's settings, or in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; NO_PROXY names who is reached without it.";
    match problem {
        "name_not_found" => ("has a name that nobody knows", WHERE),
        "refused" => ("is not there: nothing listens at its address", WHERE),
        "timed_out" => ("does not answer", WHERE),
        "sign_in" => (
            "wants a user name and a password, or others than it was given",
            "`superset-keys instances network {instance} --proxy http://NAME@{proxy}` asks for the password and keeps it in the keychain.",
        ),
        "not_allowed" => ("does not let us through", "Whoever runs the proxy can allow {host}."),
        "no_way_on" => (
            "cannot reach it",
            "Check the address. The proxy may need to know it, or NO_PROXY to name {host}.",
        ),
        "not_a_proxy" => ("does not speak as its address says it does", WHERE),
        _ => ("made no connection", WHERE),
    }
}

fn certificate(problem: &str, issuer: &str) -> (&'static str, &'static str) {
    const TRUST: &str = "If you trust it, name its file by --ca, with `instances add` or `instances network`; or add it to the system's trusted certificates.";
    const ANEW: &str =
        "Whoever runs the server makes a new one with the name in its address as subjectAltName.";
    match problem {
        "unknown_issuer" if issuer.is_empty() => ("nobody this computer trusts has signed it", TRUST),
        "unknown_issuer" => (
            "it is from “{issuer}”, which this computer does not trust",
            "If that is your company's own authority, name the file with its certificate by --ca, with `instances add` or `instances network`; or add it to the system's trusted ones.",
        ),
        "self_signed" => ("it is signed by itself, and this computer does not know it", TRUST),
        "expired" => {
            ("it ended at {ends}", "Whoever runs the server renews it. Is this computer's clock right?")
        }
        "not_yet_valid" => ("it begins at {starts}", "Is this computer's clock right?"),
        "other_name" => {
            ("it is for {names}", "Use an address with that name, or have a certificate made for this one.")
        }
        "named_in_old_way" => ("it has no subject alternative name, only the old common name", ANEW),
        "old_version" => ("it is of an old version of X.509, without a subject alternative name", ANEW),
        "other_purpose" => {
            ("it is not a server's", "Whoever runs the server makes one for a server, signed by this one.")
        }
        "revoked" => ("its issuer has withdrawn it", "Whoever runs the server gets a new one."),
        _ => (
            "it could not be checked",
            "Whoever runs the server can look at it: `openssl s_client -connect {host}`.",
        ),
    }
}

fn token(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "header_missing" => (
            "something on the way takes the Authorization header off",
            "A proxy in front may need to pass that header on; whoever runs it can tell.",
        ),
        "subject_not_text" => (
            "its Flask-AppBuilder is too old for its PyJWT",
            "Whoever runs it upgrades Flask-AppBuilder, or sets JWT_VERIFY_SUB = False in superset_config.py.",
        ),
        "signature" => (
            "it was signed with another key than it is checked with",
            "Every process of it needs the same SECRET_KEY and JWT_SECRET_KEY.",
        ),
        "expired" => (
            "it is over already",
            "Whoever runs it compares the clocks of its servers, and looks at JWT_ACCESS_TOKEN_EXPIRES.",
        ),
        _ => (
            "its settings for tokens do not fit together",
            "Its log tells more. Your user name and password are right.",
        ),
    }
}

fn message(problem: &str) -> &'static str {
    match problem {
        "not_json" => "it is not JSON",
        "too_long" => "it is longer than 64 MiB",
        _ => "it is not JSON-RPC",
    }
}

fn keychain(problem: &str) -> &'static str {
    match problem {
        "no_bus" => "this session has no D-Bus, so no keychain can be asked",
        "absent" => "there is no keychain program",
        "no_collection" => "the keychain has nothing to keep keys in",
        "locked" => "the keychain is locked",
        "dismissed" => "the keychain was not unlocked",
        "vault_locked" => "the vault is locked",
        "waiting" => "the keychain did not answer in time",
        "refused" => "the keychain does not let this program at it",
        _ => "what keeps keys here did not work",
    }
}

fn cannot_take(reason: &str) -> &'static str {
    match reason.parse::<CannotTake>() {
        Ok(CannotTake::CommandsOnly) => "it only starts local programs and has no place for a header",
        Ok(CannotTake::NoVariables) => "it does not put environment variables into headers",
        Ok(CannotTake::VariablesUnconfirmed) => {
            "nobody has shown that it puts environment variables into headers"
        }
        Ok(CannotTake::PromptUnconfirmed) => "nobody has shown that it asks for a secret and keeps it",
        Ok(CannotTake::NoCommands) => "it starts no programs",
        Ok(CannotTake::CommandsUnconfirmed) => "nobody has shown how it is told which program to start",
        Ok(CannotTake::RunsElsewhere) => "it may run on another computer, where your keychain is not",
        Ok(CannotTake::NoKeyInCode) => "a key in source code ends up in repositories, so we put none there",
        Ok(CannotTake::NoPlaceForKey) => "it signs in with OAuth or not at all and has no place for a key",
        Ok(CannotTake::NoPrompt) => "it has no way to ask for a secret and keep it",
        Ok(CannotTake::NoHelper) => "it runs no program to get headers from",
        Ok(CannotTake::NoKeyInLink) => "links end up in histories, so we never put a key into one",
        Err(_) => "it has no way to",
    }
}

fn not_written(reason: &str) -> &'static str {
    match reason.parse::<NotWritten>() {
        Ok(NotWritten::Unconfirmed) => "nobody has shown exactly what its file must hold",
        Ok(NotWritten::PlaceNotKnown) => "its file lies where you decide",
        Ok(NotWritten::Form) => "its settings are a form you fill in",
        Ok(NotWritten::Code) => "this goes into a program of yours",
        Ok(NotWritten::MoreThanAnEntry) => "with this delivery its file needs more than our entry",
        Ok(NotWritten::OlderFile) => "its older file would not be read any more once there is a new one",
        Ok(NotWritten::Administrators) => "the administrators of this computer say which servers it may use",
        Ok(NotWritten::NotRead) => "it reads no such file on this computer",
        Ok(NotWritten::OlderForm) => "that is an older form of its file, or another client's",
        Ok(NotWritten::Impossible) => "it has no place for a key",
        Err(_) => "it is nothing we know how to write",
    }
}

fn choices(client: &str) -> String {
    let Ok(client) = clients::find(client) else { return String::new() };
    let takes = clients::Delivery::ALL.iter().filter(|delivery| client.can_take(**delivery).is_ok());
    let takes = takes.map(|delivery| delivery.as_str()).collect::<Vec<_>>().join(", ");
    if takes.is_empty() { "no key at all".to_owned() } else { takes }
}

fn others(others: &str, instance: &str) -> String {
    let first = others.split(", ").next().unwrap_or_default();
    if first.is_empty() {
        format!("No other key is stored: `superset-keys keys create {instance} --name …` makes one.")
    } else {
        format!(
            "Stored here: {others}. `superset-keys keys default {instance} {first}` makes it the default."
        )
    }
}

/// The word serde writes for a code.
pub fn snake_case(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

fn issuer(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "no_metadata" => (
            "it does not say what it is, where OAuth has that",
            "Is it the issuer, letter for letter, as `iss` in its tokens has it?",
        ),
        "of_another" => (
            "what stands there speaks of another issuer",
            "Name the issuer that it calls itself; it is `iss` in its tokens.",
        ),
        "endpoint_missing" => (
            "it has no place for what is asked",
            "Another --grant may work: code, device, client-credentials.",
        ),
        "not_encrypted" => {
            ("one of its addresses is not https", "Whoever runs it must set its addresses right.")
        }
        "no_pkce" => ("it does not know PKCE with S256", "Whoever runs it can switch that on."),
        _ => (
            "the MCP server speaks of another address than its own",
            "Name --issuer yourself, if you know whose tokens it takes.",
        ),
    }
}

/// What an authorization server can say.
fn authorization(problem: &str) -> (&'static str, &'static str) {
    const CLIENT: &str = "Compare --client-id and the secret with what is registered there.";
    match problem {
        "access_denied" => ("whoever was asked said no, or may not", "Sign in as somebody who may."),
        "invalid_client" => ("it does not know this client, or not with this secret", CLIENT),
        "unauthorized_client" => {
            ("this client may not get tokens this way", "Its registration there must allow this --grant.")
        }
        "unsupported_grant_type" | "unsupported_response_type" => {
            ("it gives no tokens this way", "Another --grant may work: code, device, client-credentials.")
        }
        "invalid_grant" => ("the code or the sign-in is over, or was used before", "Sign in again."),
        "invalid_scope" => {
            ("it does not give one of these scopes", "Compare --scope with what is registered there.")
        }
        "invalid_target" => (
            "it gives no tokens for this resource",
            "--resource must be as it is registered there, letter for letter; a slash at the end counts.",
        ),
        "login_required" | "consent_required" | "interaction_required" => {
            ("somebody must sign in there", "Sign in again.")
        }
        "expired_token" => ("the code was not entered in time", "Sign in again."),
        "invalid_redirect_uri" => (
            "it does not take the address to come back to",
            "Whoever runs it makes a client with http://127.0.0.1/callback; name it with --client-id.",
        ),
        "invalid_client_metadata" => {
            ("it makes no such client by itself", "Whoever runs it makes one; name it with --client-id.")
        }
        "server_error" | "temporarily_unavailable" => ("it has a fault of its own", "Try again later."),
        "invalid_request" => (
            "it finds the request wrong",
            "The client's registration there may differ: http://127.0.0.1/callback to come back to, PKCE, a public client.",
        ),
        _ => ("it gave a reason that OAuth does not know", "Its own log says more."),
    }
}

fn signing_secret(problem: &str) -> (&'static str, &'static str) {
    let shorter =
        "`openssl rand -base64 42` prints a good one; or leave --secret-stdin out, and one is made.";
    match problem {
        "empty" => ("there is none", shorter),
        "too_short" => ("it has less than 32 letters, so it can be guessed", shorter),
        "published" => ("it stands in a guide that everybody can read", shorter),
        _ => ("it is one line of at most 4096 letters, and this is not", shorter),
    }
}
