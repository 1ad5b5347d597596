//! The protocol side of MCP: looking for an endpoint, the bridge to one, and how one receives strangers.

mod bridge;
mod examine;
mod probe;

pub use bridge::{Bridge, Source, Target, Voice};
pub(crate) use examine::{Examiner, Person, Reception, Seen, ToolRefusal};
pub use probe::McpProbe;
