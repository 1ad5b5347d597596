//! The pages at the end of a browser's way. Their words are the face's.

use serde::Deserialize;

/// Whole pages.
#[derive(Debug, Clone)]
pub struct OAuthPages {
    pub done: String,
    pub refused: String,
    /// For what belongs to no sign-in that is under way.
    pub unknown: String,
}

/// What they say.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OAuthPageWords {
    pub done: PageWords,
    pub refused: PageWords,
    pub unknown: PageWords,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PageWords {
    pub title: String,
    pub text: String,
}

impl From<OAuthPageWords> for OAuthPages {
    fn from(words: OAuthPageWords) -> Self {
        let OAuthPageWords { done, refused, unknown } = words;
        Self { done: page(&done), refused: page(&refused), unknown: page(&unknown) }
    }
}

fn page(words: &PageWords) -> String {
    let (title, text) = (escaped(&words.title), escaped(&words.text));
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{font:1rem/1.5 system-ui,sans-serif;margin:20vh auto;max-width:30rem;padding:0 1rem}}</style>\
         </head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_markup() {
        let page = page(&PageWords { title: "A < B & C".into(), text: "<script>".into() });
        assert!(page.contains("<h1>A &lt; B &amp; C</h1><p>&lt;script&gt;</p>"), "{page}");
    }
}
