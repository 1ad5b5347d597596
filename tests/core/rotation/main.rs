//! A key is replaced without a moment in which none works, by another key or by tokens, and the old one goes when nobody
//! uses it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "../access_token.rs"]
mod access_token;
#[allow(dead_code, reason = "shared with tests that look closer")]
#[path = "../canned_server.rs"]
mod canned_server;
mod life;
mod moved;
mod otherwise;
mod quiet;
mod stage;
mod trouble;
