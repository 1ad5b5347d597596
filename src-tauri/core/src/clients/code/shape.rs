//! What all code has in common.

use crate::clients::note::SnippetNote;
use crate::clients::table::{ClientKind, CodeOf, Knowledge, McpClient, Ways};

/// A program that a person writes, or a part of one: it reads the key from a variable, and nothing is written for it.
pub(super) const fn program(
    id: &'static str,
    name: &'static str,
    notes: &'static [SnippetNote],
    knowledge: Knowledge,
    code: CodeOf,
) -> McpClient {
    McpClient {
        id,
        name,
        kind: ClientKind::Library,
        programs: &[],
        locations: &[],
        file: None,
        checks: &[],
        notes,
        knowledge,
        ways: Ways::code(code),
    }
}
