//! `superset-keys embed snippet`

use crate::args::EmbedSnippet;
use crate::commands::Context;
use crate::failure::Outcome;
use crate::{print, words};
use superset_keys_core::actions::FrameLook;

pub fn snippet(context: &Context, args: &EmbedSnippet) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let dashboard = context.wait(context.core.find_dashboard(&id, &args.dashboard))?.id;
    let look = FrameLook { hide_title: args.hide_title, filters_open: args.filters_open };
    let view = context.wait(context.core.embedding_snippet(&id, dashboard, args.code.into(), look))?;
    context.out.note(&words::embed::beside_snippet(&view));
    if context.out.json {
        return context.out.answer(&view, String::new);
    }
    // Letter for letter where a file takes it.
    print::table(&view.text)
}
