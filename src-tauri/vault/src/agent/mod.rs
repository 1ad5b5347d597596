//! Who answers others on this computer while the vault is open.
//!
//! Whoever opened it serves a socket in a folder of this user's alone. Each connection asks one question and gets one
//! answer; nobody is told what there is, and nobody of another user is answered.
//!
//! - `address`: where the socket is
//! - `protocol`: questions and answers
//! - `client`, `server`: the two ends
//! - `user`: whose a process is, on Windows

mod address;
mod client;
mod protocol;
mod server;
#[cfg(windows)]
mod user;

pub use client::Agent;
pub(crate) use protocol::{Answer, Ask};
pub use server::{Ended, HandedOpener, Serving, given_opener};
