//! curl, to see what a server answers. Without both kinds of answer in `Accept` some servers refuse (fastmcp 2.14.7, run
//! 2026-11-20).

use super::delivery::CannotTake;
use super::entry::Target;
use super::note::SnippetNote as Note;
use super::quote::posix;
use super::snippet::Language;
use super::table::{ClientKind, Document, Evidence, Forms, Knowledge, McpClient, Way, Ways};

pub(super) const CLIENT: McpClient = McpClient {
    id: "curl",
    name: "curl",
    kind: ClientKind::Library,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[Note::PosixShell],
    knowledge: Knowledge {
        evidence: Evidence::Documented,
        checked: "2026-11-21",
        sources: &["https://modelcontextprotocol.io/specification/2025-11-25/basic/transports"],
    },
    ways: Ways {
        bridge: Way::Cannot(CannotTake::RunsElsewhere),
        helper: Way::Cannot(CannotTake::NoHelper),
        prompt: Way::Cannot(CannotTake::NoPrompt),
        variable: Way::Takes(Forms::new(|target, name| Document::Code(Language::Shell, code(target, name)))),
        plaintext: Way::Cannot(CannotTake::NoKeyInCode),
    },
};

fn code(target: &Target<'_>, name: &str) -> String {
    let url = posix(&target.url);
    let message = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}"#;
    format!(
        "curl --fail-with-body {url} \\\n  --header \"Authorization: Bearer ${{{name}}}\" \\\n  --header 'Accept: application/json, text/event-stream' \\\n  --header 'Content-Type: application/json' \\\n  --data '{message}'\n"
    )
}
