//! OAuth 2.1: tokens for an instance's MCP server from the authorization server that it believes.
//!
//! - `issuer`: the name of an authorization server, and where it may say what it is; pure
//! - `resource`: whom an MCP server believes, by its own word (RFC 9728); `challenge` reads what its 401 says
//! - `metadata`: what an authorization server says of itself (RFC 8414); pure
//! - `server`: one that was found, and what is asked of it: `grants`, `register`, `revoke`
//! - `callback`: where a browser comes back to
//! - `life`: when the next token is due; `shared`: the token that all programs here use; both pure

mod callback;
mod challenge;
mod grants;
mod issuer;
mod life;
mod metadata;
mod register;
mod resource;
mod revoke;
mod server;
mod shared;

pub(crate) use callback::{Callback, Pages, REDIRECT};
pub(crate) use grants::{Client, DevicePrompt, Tokens};
pub use issuer::Issuer;
pub use life::Life;
pub(crate) use resource::{Announced, announced};
pub(crate) use server::AuthorizationServer;
pub(crate) use shared::Shared;
