//! Tokens of an authorization server, and of servers that misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "shared with tests that look closer")]
#[path = "../canned_server.rs"]
mod canned_server;
mod renewed;
mod servers;
mod sign_in;
mod world;
