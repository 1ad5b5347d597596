//! The protocol side of MCP: looking for an endpoint, the bridge to one, and how one receives strangers.

mod bridge;
mod entries;
mod examine;
mod guard;
mod pass;
mod probe;

pub use bridge::{Began, Bridge, Passed, Record, Source, Target, Voice};
pub(crate) use examine::{Examiner, Person, Reception, Seen, ToolRefusal};
pub use guard::{Called, NotUnderstood, Refusal, of_a_list, of_a_search, passes};
pub use pass::Pass;
pub use probe::McpProbe;
