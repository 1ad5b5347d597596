//! `superset-keys embed preview`

use crate::args::EmbedPreview;
use crate::commands::Context;
use crate::commands::guest::request;
use crate::commands::stops::Stops;
use crate::failure::Outcome;
use crate::words;
use serde::Serialize;
use superset_keys_core::embedding::FrameSaid;

/// One line for each, with `--json`.
#[derive(Serialize)]
struct SaidView {
    said: FrameSaid,
}

pub fn preview(context: &Context, args: &EmbedPreview) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let request = request(context, &id, &args.dashboard, &args.sees)?;
    let preview = context.wait(context.core.preview_embedding(&id, request, args.port))?;
    let (out, view) = (context.out, preview.view.clone());
    out.answer(&view, || view.address.clone())?;
    let opened = !args.print_url && open::that_detached(&view.address).is_ok();
    out.note(&words::embed::preview_opened(opened));
    let words = words::embed::preview_words();
    let of_terminal = words.clone().at(&view.site, &view.title);
    let tell = |said| {
        // Whoever read it may have gone; the page is still served.
        let _ = out.answer(&SaidView { said }, || of_terminal.of(said).to_owned());
    };
    context.uninterrupted(async {
        let mut stops = Stops::listen()?;
        tokio::select! {
            () = stops.told() => Ok(()),
            () = context.core.serve_preview(&preview, words, tell) => Ok(()),
        }
    })
}
