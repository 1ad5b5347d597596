//! The whole life of a key on the real Superset, through the core and through the command line, with a real
//! keychain. `./dev test flows` starts what these need.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod bridge;
mod checkup;
mod cli;
mod clocks;
mod crashes;
mod lies;
mod life;
mod person;
mod proxy;
mod server;
