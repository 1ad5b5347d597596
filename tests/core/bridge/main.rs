//! The bridge between a client of our own, which speaks in lines, and servers that do what a test needs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod client;
mod flow;
mod headers;
mod keys;
mod server;
mod sessions;
mod transparent;
