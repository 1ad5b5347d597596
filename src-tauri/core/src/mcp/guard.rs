//! The guard on what passes: which tools a message calls, also those behind tools that call tools, and what is left out
//! of the lists that a server answers. Pure: text in, verdicts and text out.
//!
//! What cannot be read beyond doubt is not let through: what a server would make of it, nobody knows.

mod called;
mod listed;
mod object;

pub use called::{Called, NotUnderstood};
pub use listed::{of_a_list, of_a_search};

use crate::guard::Guard;

/// Whether a guard lets a call through. Else the tool that it does not let through, or nothing where the call is not
/// understood.
///
/// # Errors
/// [`Refusal`]
pub fn passes(guard: &Guard, call: &Result<Called, NotUnderstood>) -> Result<(), Refusal> {
    let called = call.as_ref().map_err(|_| Refusal { tool: None })?;
    let refused = called.tools().find(|tool| !guard.lets(tool));
    // What looks like a tool's name and may be none is refused only where a person denied just that.
    let refused = refused.or_else(|| called.perhaps().find(|tool| guard.denies(tool)));
    refused.map_or(Ok(()), |tool| Err(Refusal { tool: Some(tool.to_owned()) }))
}

/// What a guard says no to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// None where it cannot be told what is called.
    pub tool: Option<String>,
}

#[cfg(test)]
mod tests;
