//! The page. No line of another's code: it speaks with the frame as `@superset-ui/embedded-sdk` 0.4.0 does, and loads
//! nothing but the frame (`tests/embedding` holds the two side by side).

use super::said::{FrameSaid, PreviewWords};
use crate::embedding::snippets::fill::fill;
use crate::embedding::snippets::quote;

/// What the page is made of.
pub(crate) struct PreviewPage<'a> {
    /// The address that people use, without a slash at its end.
    pub(crate) superset: &'a str,
    /// The uuid of the embedding.
    pub(crate) embedding: &'a str,
    pub(crate) title: &'a str,
    /// What is known to be said: then there is no frame.
    pub(crate) known: Option<FrameSaid>,
}

/// For one answer: scripts and styles that bear `nonce` are its own.
pub(crate) fn preview_page(of: &PreviewPage<'_>, words: &PreviewWords, nonce: &str) -> String {
    let first = of.known.map_or(words.waiting.as_str(), |said| words.of(said));
    fill(
        include_str!("page.html"),
        &[
            ("nonce", nonce.to_owned()),
            ("heading", quote::html(&words.heading)),
            ("note", quote::html(&words.note)),
            ("first", quote::html(first)),
            ("no_token", quote::javascript(&words.no_token)),
            ("silent", quote::javascript(&words.silent)),
            ("frame", of.known.is_none().to_string()),
            ("superset", quote::javascript(of.superset)),
            ("embedding", quote::javascript(of.embedding)),
            ("title", quote::javascript(of.title)),
        ],
    )
}
