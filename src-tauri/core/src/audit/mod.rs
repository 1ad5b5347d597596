//! Keys of all people of an instance: what is wrong with each, and what shows them. Pure: no calls, no files.
//!
//! - `road`: the two ways to read them, and what is asked for
//! - `rows`: what came back, as keys and people
//! - `finding`, `judge`: what is wrong with a key
//! - `compare`: what changed since another time
//! - `csv`: a table for spreadsheets
//! - `sql`: what the database's owner runs
//! - `login`: what a connection's login may

mod compare;
pub mod csv;
mod finding;
mod judge;
pub mod login;
mod road;
mod rows;
pub mod sql;

pub use compare::{Changes, Dated, compare};
pub use finding::AuditFinding;
pub use judge::{Thresholds, WESTMOST, findings};
pub use road::{COLUMNS, Road, Source};
pub use rows::{Audited, AuditedKey, AuditedRow, Person};
