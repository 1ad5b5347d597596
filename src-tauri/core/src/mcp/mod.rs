//! The protocol side of MCP: looking for an endpoint, and the bridge to one.

mod bridge;
mod probe;

pub use bridge::{Bridge, Source, Target, Voice};
pub use probe::McpProbe;
