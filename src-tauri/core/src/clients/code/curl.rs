//! curl, to see what a server answers. Without both kinds of answer in `Accept` some servers refuse (fastmcp 2.14.7, run
//! 2026-11-20).

use super::shape::program;
use crate::clients::entry::Target;
use crate::clients::language::Language;
use crate::clients::note::SnippetNote as Note;
use crate::clients::quote::posix;
use crate::clients::table::{Document, Evidence, Knowledge, McpClient};

pub(in crate::clients) const CLIENT: McpClient = program(
    "curl",
    "curl",
    &[Note::PosixShell],
    Knowledge {
        evidence: Evidence::Ran("7.88.1"),
        checked: "2026-11-21",
        sources: &["https://modelcontextprotocol.io/specification/2025-11-25/basic/transports"],
    },
    |target, name| Document::Code(Language::Shell, code(target, name)),
);

fn code(target: &Target<'_>, name: &str) -> String {
    let url = posix(&target.url);
    let message = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}"#;
    // `printf` is the shell's own: curl's arguments are for everybody to read, what it reads is not.
    format!(
        r#"printf 'Authorization: Bearer %s\n' "${name}" |
  curl --fail-with-body {url} \
    --header @- \
    --header 'Accept: application/json, text/event-stream' \
    --header 'Content-Type: application/json' \
    --data '{message}'
"#
    )
}
