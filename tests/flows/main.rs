//! The whole life of a key on the real Superset, through the core and through the command line, with a real
//! keychain. `./dev test flows` starts what these need.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod audit;
mod bridge;
mod browser;
mod checkup;
mod clean_up;
mod cli;
mod clocks;
mod crashes;
mod dashboard;
mod embedding_check;
mod embedding_guest;
mod embedding_setup;
#[path = "../executable.rs"]
mod executable;
#[cfg(target_os = "linux")]
mod kills;
mod lies;
mod life;
mod moved;
mod oauth;
mod person;
mod proxy;
mod rotation;
mod server;
mod signed;
mod strangers;
#[cfg(target_os = "linux")]
mod together;
mod vault;
