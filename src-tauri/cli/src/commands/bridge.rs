//! `superset-keys bridge`

use super::Context;
use super::stops::Stops;
use crate::args::Bridge;
use crate::failure::{Failure, Outcome};
use crate::input;
use crate::print::Printer;
use crate::words;
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::actions::BridgeRequest;
use superset_keys_core::mcp::Voice;
use superset_keys_core::started_by::started_by;
use superset_keys_core::{Error, ErrorCode};

pub fn bridge(context: &Context, args: Bridge, silence: Option<u64>) -> Outcome {
    if input::is_terminal() {
        // A person tries it by hand: what an AI client would be told, they are told now.
        context.instance(&args.at.instance)?;
        context.out.note("This speaks MCP, for an AI client to start. Ctrl-D ends it.");
    }
    let voice = Spoken { instance: args.at.instance.clone(), out: context.out };
    let silence = silence.map(Duration::from_secs);
    let request = BridgeRequest {
        instance: args.at.instance,
        key: args.key,
        silence,
        guard: args.may.guard(),
        started_by: started_by(),
    };
    context.uninterrupted(async {
        let mut stops = Stops::listen()?;
        let core = Arc::clone(&context.core);
        let (stdin, stdout) = (tokio::io::stdin(), tokio::io::stdout());
        core.run_bridge(request, Box::new(voice), stdin, stdout, stops.told()).await;
        Ok(())
    })
}

/// The reasons in the command line's words.
struct Spoken {
    instance: String,
    out: Printer,
}

impl Voice for Spoken {
    fn words(&self, error: &Error) -> String {
        let failure = Failure::told(error).with("instance", super::shell_word(&self.instance));
        let failure = match error.code() {
            // Nobody signs in here; what helps is another key.
            ErrorCode::KeyRejected => failure.hint(format!(
                "`superset-keys keys create {0} --name …` makes a new key, and `superset-keys keys default {0} ALIAS` \
                 makes it the one that is used.",
                super::shell_word(&self.instance)
            )),
            _ => failure,
        };
        let words = words::words(&failure);
        format!("Superset Keys: {} {}", words.message, words.hint.unwrap_or_default()).trim_end().to_owned()
    }

    fn note(&self, words: &str) {
        self.out.note(words);
    }
}
