//! ChatGPT.
//!
//! Its apps reach a server with OAuth or with nothing, from the makers' computers; there is no place for a header. Listed so
//! that people who look for it learn that.

use super::delivery::CannotTake;
use super::table::{ClientKind, Evidence, Knowledge, McpClient, Way, Ways};

pub(super) const CLIENT: McpClient = McpClient {
    id: "chatgpt",
    name: "ChatGPT",
    kind: ClientKind::Web,
    programs: &[],
    locations: &[],
    file: None,
    checks: &[],
    notes: &[],
    knowledge: Knowledge {
        evidence: Evidence::Reported,
        checked: "2026-11-21",
        sources: &["https://platform.openai.com/docs/guides/developer-mode"],
    },
    ways: Ways {
        bridge: Way::Cannot(CannotTake::NoPlaceForKey),
        helper: Way::Cannot(CannotTake::NoPlaceForKey),
        prompt: Way::Cannot(CannotTake::NoPlaceForKey),
        variable: Way::Cannot(CannotTake::NoPlaceForKey),
        plaintext: Way::Cannot(CannotTake::NoPlaceForKey),
    },
};
