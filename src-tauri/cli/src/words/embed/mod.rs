//! The words of embedded dashboards.

mod check;
mod preview;
mod set_up;
mod snippet;

pub use check::{CheckWords, check_words, headline, unseen};
pub use preview::{preview_opened, preview_words};
pub use set_up::{
    ask_end, ask_minter, ask_role, ask_set, beside_list, changed, ended, is_embedded, listed, minter,
    minter_unproven, role, sites,
};
pub use snippet::beside_snippet;
