//! HTTP: what is sent, what comes back, and what a failed call means.
//!
//! - `client`: calls whose answers are read at once, to the end
//! - `streams`: calls whose answers are read as they come
//! - `call`, `auth`, `csrf`: what is sent, who sends it, and what proves that no web page made them
//! - `answer`, `media`: what came back, and what it says it is
//! - `policies`: what it says to a browser
//! - `redirect`: where an answer leads
//! - `failure`: why there was no answer

mod answer;
mod auth;
mod call;
mod client;
mod csrf;
mod failure;
mod media;
mod policies;
mod redirect;
mod streams;

pub use auth::{Auth, SessionCookie};
pub use client::Http;
pub use csrf::Csrf;
pub use policies::Policies;

pub(crate) use answer::Answer;
pub(crate) use call::Call;
pub(crate) use client::Asked;
pub(crate) use media::Media;
pub(crate) use redirect::{is_moved, page};
pub(crate) use streams::{StreamCall, Streamed, Streams};
