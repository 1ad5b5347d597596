//! An instance that is reached its own way: servers that ask who we are, proxies between us and them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "shared with tests that look closer")]
#[path = "../canned_server.rs"]
mod canned_server;
mod certificates;
mod hostile;
mod kept;
mod names;
#[cfg(target_os = "linux")]
mod nginx;
mod pki;
mod proxies;
mod stage;
