//! The bridge between a client of our own, which speaks in lines, and servers that do what a test needs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "each test program uses some of it")]
#[path = "../canned_server.rs"]
mod canned_server;
mod client;
mod ends;
mod flow;
mod guarded;
mod headers;
mod hostile;
mod keys;
mod lenient;
mod misuse;
mod network;
mod recorded;
mod resumed;
mod server;
mod sessions;
mod transparent;
