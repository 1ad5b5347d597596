//! Keys that lie in files: found, placed, and nothing more.
//!
//! Pure but for reading: no network, no keychain, no state file, and it knows no client. What was found is only
//! where it lies and what may be shown of it; the text is read again when somebody needs it.
//!
//! - `search`: key-shaped text in bytes
//! - `text`: bytes as that search sees them, UTF-16 included
//! - `beside`: the addresses around a key
//! - `read`: a file, if it is one, within limits
//! - `known`: where keys usually end up
//! - `walk`: whole folders
//! - `searched`: all of it, and what it comes to
//! - `access`: who can read a file
//! - `spot`: where a key was found

mod access;
mod beside;
mod known;
mod read;
mod search;
mod searched;
mod spot;
mod text;
mod view;
mod walk;

pub use access::{Access, Readers};
pub use known::{FileKind, KnownFile, known_files};
pub use read::LARGEST;
pub use search::KeySearch;
pub use searched::{Searched, Tally, Unreadable, search_all};
pub use spot::{Caught, KeySpot};
pub use view::{
    KeyLife, KeyMatch, KeySpotView, LifeState, Scan, ScanView, ScannedInstanceView, ScannedKey,
    ScannedKeyView, ScannedRecordView, SkippedView, ToldBy, UnreadableView,
};
