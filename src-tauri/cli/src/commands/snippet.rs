//! `superset-keys snippet`

use super::Context;
use crate::args::Snippet;
use crate::failure::Outcome;
use crate::print::{self, Shown};
use crate::words;
use serde::Serialize;
use superset_keys_core::actions::{SnippetRequest, SnippetView};
use superset_keys_core::checkup::Verdict;
use superset_keys_core::clients::SnippetForm;

pub fn snippet(context: &Context, args: Snippet) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        #[serde(flatten)]
        snippet: SnippetView,
        text: Shown<'a>,
    }
    let id = context.instance(&args.at.instance)?;
    let key = match &args.key {
        None => None,
        Some(typed) => Some(context.core.find_stored_key(&id, Some(typed))?),
    };
    let program = super::program(context)?;
    let guard = args.may.guard();
    let request =
        SnippetRequest { client: args.client, key, delivery: args.delivery, form: args.form, guard };
    let snippet = context.wait(context.core.render_snippet(&id, &request, &program))?;
    if snippet.holds_secret {
        print::may_show(args.show)?;
    }
    if !snippet.path_hint.is_empty() {
        let what = match snippet.form {
            SnippetForm::Config => "For",
            SnippetForm::Command => "Run it, and the client writes",
            SnippetForm::Link => "Open it, and the client writes",
        };
        context.out.note(&format!("{what} {}:", snippet.path_hint));
    }
    context
        .out
        .secret(&View { snippet: SnippetView::of(&snippet), text: Shown(&snippet.text) }, &snippet.text)?;
    let unsafe_server =
        context.core.show_instance(&id)?.last_checkup.filter(|last| last.verdict == Verdict::Critical);
    if unsafe_server.is_some() {
        context.out.note(&format!(
            "- The last check-up found that this server is not safe: `superset-keys checkup {}` says why.",
            super::shell_word(&args.at.instance)
        ));
    }
    for note in &snippet.notes {
        context.out.note(&format!("- {}", words::note(*note)));
    }
    Ok(())
}
