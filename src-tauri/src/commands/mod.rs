//! What the window can ask for. Each command unwraps its arguments, calls one action and maps the error.

pub mod api_keys;
pub mod checkup;
pub mod clients;
pub mod desktop;
pub mod instances;
pub mod mcp;
pub mod scan;
pub mod secrets;
pub mod session;
