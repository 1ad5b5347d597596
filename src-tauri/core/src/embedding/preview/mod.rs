//! A host page on this computer, for one person's eyes: it shows an embedded dashboard as the pages of a site would.
//!
//! - `door`: where it is served, and who may come in
//! - `page`: the page; it speaks with the frame as `@superset-ui/embedded-sdk` 0.4.0 does
//! - `said`: what became of the frame, and the words for it

mod door;
mod page;
mod said;

pub use said::{FrameRefusal, FrameSaid, PreviewWords, RefusalWords};

pub(crate) use door::{Asked, Door, Given};
pub(crate) use page::{PreviewPage, preview_page};
