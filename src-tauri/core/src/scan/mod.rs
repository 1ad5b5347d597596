//! Keys that lie in files: found, placed, and nothing more.
//!
//! Pure but for reading: no network, no keychain, no state file, and it knows no client. What was found is only
//! where it lies and what may be shown of it; the text is read again when somebody needs it.
//!
//! - `search`: key-shaped text in bytes
//! - `text`: bytes as that search sees them, UTF-16 included
//! - `beside`: the addresses around a key
//! - `read`: a file, if it is one, within limits
//! - `kind`: what a file is for
//! - `usual`: where keys usually end up, `expand`: which files that are here, `known`: those that are looked into
//! - `walk`: whole folders
//! - `search_all`: all of it; `searched`: what it comes to
//! - `access`: who can read a file
//! - `spot`: where a key was found

mod access;
mod beside;
mod expand;
mod kind;
mod known;
mod read;
mod search;
mod search_all;
mod searched;
mod spot;
mod text;
mod usual;
mod view;
mod walk;

pub use access::{Access, Readers};
pub use kind::FileKind;
pub use known::{KnownFile, KnownFiles, Older, known_files};
pub use read::LARGEST;
pub use search::{Hit, KeySearch};
pub use search_all::search_all;
pub use searched::{Searched, Tally, Unreadable};
pub use spot::{Caught, KeySpot};
pub use usual::{Keeps, USUAL, UsualFiles, usual_files_in_words};
pub use view::{
    KeyLife, KeyMatch, KeySpotView, LifeState, OlderView, Scan, ScanView, ScannedInstanceView, ScannedKey,
    ScannedKeyView, ScannedRecordView, SkippedView, ToldBy, UnreadableView,
};
