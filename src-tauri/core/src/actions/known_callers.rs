//! Who calls, as a person knows it.

use crate::activity::Caller;
use crate::clients::CLIENTS;

/// What a person knows a caller by.
pub(super) fn client_name(caller: &Caller) -> Option<String> {
    let known = client_id(caller).and_then(|id| CLIENTS.iter().find(|client| client.id == id));
    known.map(|client| client.name.to_owned()).or_else(|| caller.shown().map(str::to_owned))
}

/// What clients call themselves, where that is neither their id nor their name, with or without an ending (seen
/// 2026-11-29 in their initialize messages, or in their sources).
const ALSO_CALLED: [(&str, &str); 3] =
    [("claude-ai", "claude-desktop"), ("cursor-vscode", "cursor"), ("visual-studio-code", "vscode")];

/// Its id in the table of AI clients.
pub(super) fn client_id(caller: &Caller) -> Option<&'static str> {
    let by = |name: &str| {
        let name = name.to_lowercase().replace(' ', "-");
        if let Some((_, id)) = ALSO_CALLED.iter().find(|(called, _)| *called == name) {
            return CLIENTS.iter().map(|client| client.id).find(|known| known == id);
        }
        let is_it = |id: &str| {
            name == id
                || name
                    .strip_prefix(id)
                    .is_some_and(|rest| rest.starts_with("-mcp-client") || rest.starts_with("-cli"))
        };
        let matching = CLIENTS
            .iter()
            .filter(|client| is_it(client.id) || client.name.to_lowercase().replace(' ', "-") == name);
        matching.map(|client| client.id).max_by_key(|id| id.len())
    };
    // What a client says of itself goes before what started it, which may be a shell of any program's.
    match &caller.name {
        Some(name) => by(name),
        None => caller.program.as_deref().and_then(by),
    }
}

/// Whether it is the one that a person names.
pub(super) fn is_client(caller: &Caller, wanted: &str) -> bool {
    let same = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    same(client_id(caller))
        || same(client_name(caller).as_deref())
        || same(caller.name.as_deref())
        || same(caller.program.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_known_by_what_they_call_themselves() {
        for (name, expected) in [
            ("claude-code", Some("Claude Code")),
            ("claude-ai", Some("Claude Desktop")),
            ("cursor-vscode", Some("Cursor")),
            ("codex-mcp-client", Some("Codex")),
            ("Visual Studio Code", Some("VS Code")),
            ("my own", Some("my own")),
            ("\u{202e}\n", None),
        ] {
            assert_eq!(client_name(&Caller::named(name, None)).as_deref(), expected, "{name}");
        }
        assert_eq!(client_name(&Caller::started_by("cursor")).as_deref(), Some("Cursor"));
    }
}
