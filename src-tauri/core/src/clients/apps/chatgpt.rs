//! ChatGPT.
//!
//! Its apps reach a server with OAuth or with nothing, from the makers' computers; there is no place for a header. Listed so
//! that people who look for it learn that.

use crate::clients::delivery::{CannotTake, Delivery};
use crate::clients::table::{ClientKind, Evidence, Knowledge, McpClient, Ways};

pub(in crate::clients) const CLIENT: McpClient = McpClient {
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
    ways: Ways::NONE
        .cannot(Delivery::Bridge, CannotTake::NoPlaceForKey)
        .cannot(Delivery::Helper, CannotTake::NoPlaceForKey)
        .cannot(Delivery::Prompt, CannotTake::NoPlaceForKey)
        .cannot(Delivery::Variable, CannotTake::NoPlaceForKey),
};
