//! The protocol side of MCP.

mod probe;

pub use probe::McpProbe;
