//! What is said of what AI clients are let in with, and of tokens.

use super::snake_case;
use crate::table::{Table, facts};
use crate::times;
use superset_keys_core::actions::{McpAccessView, McpProofView, MintedView, Received, SigningView};
use superset_keys_core::credential::McpAccess;
use superset_keys_core::signing::{ClaimView, EndView, Heed, InspectedToken, Signature, TokenNote};

pub fn mcp_access(view: &McpAccessView) -> String {
    let in_use = match &view.access {
        McpAccess::ApiKey => match &view.default_key {
            Some(alias) => format!("the API key {alias}"),
            None => "an API key; there is no default key yet".to_owned(),
        },
        McpAccess::OAuth => "tokens of an authorization server".to_owned(),
        McpAccess::Signed { subject, .. } => format!("tokens of minutes, signed here for {subject}"),
    };
    let scope = match &view.access {
        McpAccess::Signed { scope, .. } => scope.clone(),
        McpAccess::ApiKey | McpAccess::OAuth => None,
    };
    let secret = view
        .signing
        .as_ref()
        .map(|signing| format!("kept since {}", times::here_utc(&signing.since, &times::zone())));
    let lines = facts(&[("scope", scope), ("signing secret", secret)]);
    let lines = if lines.is_empty() { lines } else { format!("\n{lines}") };
    format!("AI clients present {in_use}.{lines}")
}

pub fn signing(view: &SigningView) -> String {
    let lines = facts(&[
        ("algorithm", Some(view.algorithm.clone())),
        ("issuer", Some(view.issuer.clone())),
        ("audience", Some(view.audience.clone())),
        ("since", Some(times::here_utc(&view.since, &times::zone()))),
        ("kept in", Some(snake_case(&view.stored))),
    ]);
    format!("A secret to sign tokens with is kept.\n{lines}")
}

pub fn mcp_proof(proof: &McpProofView) -> String {
    let ours = match (&proof.ours, &proof.meant) {
        (Received::LetIn { user }, Some(meant)) if user != meant => {
            format!("taken for {user}, and not for {meant}")
        }
        (received, _) => received_as(received),
    };
    let lines = facts(&[
        ("what AI clients present", Some(ours)),
        ("nothing", Some(received_as(&proof.nobody))),
        ("a made-up token", Some(received_as(&proof.made_up))),
    ]);
    let open = if proof.is_open() { "\nThis MCP server lets in whoever comes." } else { "" };
    format!("The MCP server was asked.\n{lines}{open}")
}

fn received_as(received: &Received) -> String {
    match received {
        Received::Refused { status } => format!("refused ({status})"),
        Received::NoUser => "let in, and taken for nobody: tools do not run".to_owned(),
        Received::RefusedByTool => "let in, and refused by the tool".to_owned(),
        Received::LetIn { user } => format!("let in as {user}"),
        Received::Odd { status } => format!("answered in a way that says nothing ({status})"),
    }
}

pub fn minted(about: &MintedView, hours: u32) -> String {
    let until = times::here_utc(&about.expires, &times::zone());
    let long = if hours > 24 { " More than a day is long for what nobody can end." } else { "" };
    format!(
        "Good for {} until {until}. It cannot be called back: only another secret on the server ends it sooner, or, \
         where the server names users by our lines, deactivating {}.{long} Whether that user exists is known at the \
         first call.",
        about.user, about.user
    )
}

pub fn inspected(read: &InspectedToken) -> String {
    let mut table = Table::new(&["CLAIM", "SAYS", "WHAT SUPERSET'S MCP SERVER DOES WITH IT"]);
    for row in &read.claims {
        let says = row.says.clone().unwrap_or_else(|| "not there".to_owned());
        table.row(vec![snake_case(&row.claim), says, heeded(row)]);
    }
    let signed = match read.signature {
        Signature::Kept => "Signed by the secret that is kept for this instance.",
        Signature::Other => "Not signed by the secret that is kept for this instance, or changed since.",
        Signature::OtherKind => "Not signed with a shared secret, so only its maker's key can tell.",
        Signature::NotCompared => {
            "Who signed it was not compared: no secret is kept, or no instance was named."
        }
    };
    let others = match read.others.join(", ") {
        others if others.is_empty() => String::new(),
        others => format!("\nIt also holds: {others}."),
    };
    let notes = read.notes.iter().map(|note| format!("\n- {}", said_of(*note)));
    format!(
        "{signed}{}{}\n\n{}{others}\nNobody can call it back. It was sent to nobody.",
        read.end.as_ref().map(left).unwrap_or_default(),
        notes.collect::<String>(),
        table.aligned(),
    )
}

fn left(end: &EndView) -> String {
    let by = |seconds: i64| match seconds {
        ..=0 => format!("ended {} ago", span(-seconds)),
        _ => format!("ends in {}", span(seconds)),
    };
    let server = match end.left_on_server {
        Some(left) if left.abs_diff(end.left) > 1 => format!(", {} by the server's clock", by(left)),
        Some(_) => ", and by the server's".to_owned(),
        None => String::new(),
    };
    format!(" It {} by this computer's clock{server}.", by(end.left))
}

pub fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn heeded(row: &ClaimView) -> String {
    let text = match (row.heed, row.fits) {
        (Heed::NamesUser, _) => "tools run as this user",
        (Heed::NamesUserWithLines, _) => "names the user where the server has our lines; else nobody",
        (Heed::MustMatch, Some(true)) => "must match, and does",
        (Heed::MustMatch, Some(false)) => "must match, and does not",
        (Heed::MustMatch, None) => "must match the server's, where that has one",
        (Heed::Ends, _) => "refused from then on; without it, never",
        (Heed::NotLookedAt, _) => "not looked at",
        (Heed::IfDemanded, _) => "only where the server demands scopes",
    };
    text.to_owned()
}

fn said_of(note: TokenNote) -> &'static str {
    match note {
        TokenNote::NeverEnds => "It has no end: whoever has it stays in until the secret changes.",
        TokenNote::EndUnreadable => "Its end is no time: the server refuses it.",
        TokenNote::Ended => "It has ended: the server refuses it.",
        TokenNote::LongLived => "It is good for more than a day.",
        TokenNote::OtherAlgorithm => {
            "It is not HS256, the one kind that Superset takes where a secret is shared."
        }
        TokenNote::NamesNobody => "It names no user (`sub`), so tools find nobody to run as.",
        TokenNote::BeginIgnored => "It says that it begins later; nobody looks at that.",
        TokenNote::EmptyScope => "Its empty `scope` hides what `scp` says.",
    }
}
