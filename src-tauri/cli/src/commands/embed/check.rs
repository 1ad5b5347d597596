//! `superset-keys embed check`

use crate::args::CheckEmbedding;
use crate::commands::{Context, shell_word};
use crate::failure::Outcome;
use crate::words::embed::{CheckWords, check_words, headline, unseen};
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{EmbeddingCheckView, SwitchState, SwitchView};
use superset_keys_core::embedding::HostSite;
use superset_keys_core::ids::InstanceId;

const COULD_NOT_RUN: u8 = 3;

/// Exit codes of its own: how bad it is. What means nothing, a name or a site, is wrong usage as everywhere.
pub fn check(context: &Context, args: &CheckEmbedding) -> Outcome<ExitCode> {
    let id = context.instance(&args.of.at.instance)?;
    let site = HostSite::parse(&args.origin)?;
    context.open_keychain()?;
    let checked = match ask(context, &id, args, &site) {
        Ok(checked) => checked,
        Err(failure) if means_nothing(&failure) => return Err(failure),
        Err(failure) => {
            context.out.failure(&failure.with("instance", shell_word(&args.of.at.instance)));
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    context.out.answer(&View::of(&checked), || report(&checked))?;
    Ok(ExitCode::from(match checked.verdict {
        SwitchState::Critical | SwitchState::Wrong => 2,
        SwitchState::Doubtful | SwitchState::CannotTell => 1,
        SwitchState::Right | SwitchState::NotNeeded => 0,
    }))
}

fn ask(
    context: &Context,
    id: &InstanceId,
    args: &CheckEmbedding,
    site: &HostSite,
) -> Outcome<EmbeddingCheckView> {
    let number = match context.wait(context.core.find_dashboard(id, &args.of.dashboard)) {
        Ok(dashboard) => dashboard.id,
        // Where everybody is a stranger nothing is found by name; a number can still be asked about.
        Err(failure) if failure.is(ErrorCode::PublicRole) => {
            args.of.dashboard.trim().parse().map_err(|_| failure)?
        }
        Err(failure) => return Err(failure),
    };
    context.wait(context.core.check_embedding(id, number, site, args.page.as_deref()))
}

fn means_nothing(failure: &crate::failure::Failure) -> bool {
    use ErrorCode as E;
    [E::NoSuchDashboard, E::AmbiguousDashboard, E::SiteUnusable, E::InvalidAddress]
        .into_iter()
        .any(|code| failure.is(code))
}

/// The checklist with its words: what `--json` prints.
#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    checked: &'a EmbeddingCheckView,
    /// In the order of `switches`.
    words: Vec<Said>,
    unseen: &'a [String],
}

#[derive(Serialize)]
struct Said {
    title: String,
    name: String,
    state: String,
    seen: String,
    why: String,
}

impl<'a> View<'a> {
    fn of(checked: &'a EmbeddingCheckView) -> Self {
        let words = checked.switches.iter().map(|view| {
            let CheckWords { title, name, state, seen, why } = check_words(view);
            Said { title, name, state, seen, why }
        });
        Self { checked, words: words.collect(), unseen: unseen().0 }
    }
}

fn report(checked: &EmbeddingCheckView) -> String {
    let mut text = format!("{}\nAsked at {}\n\n", headline(checked), checked.address);
    let all: Vec<_> = checked.switches.iter().map(|view| (view, check_words(view))).collect();
    let widest = |of: fn(&CheckWords) -> &str| {
        all.iter().map(|(_, words)| of(words).chars().count()).max().unwrap_or_default()
    };
    let (states, names) = (widest(|words| &words.state), widest(|words| &words.name));
    for (_, words) in &all {
        let _ = writeln!(text, "  {:<states$}  {:<names$}  {}", words.state, words.name, words.seen);
    }
    let needs_more = |view: &SwitchView| {
        !matches!(view.state, SwitchState::Right | SwitchState::NotNeeded) && !view.asked.is_empty()
    };
    // One block of lines often mends several.
    let mut said: Vec<&str> = Vec::new();
    for (view, words) in all.iter().filter(|(view, _)| needs_more(view)) {
        let _ = write!(text, "\n{}: {} ({})\n  {}.", words.state, words.title, words.name, words.seen);
        if !words.why.is_empty() {
            let _ = write!(text, " {}", words.why);
        }
        let _ = writeln!(text, "\n  Asked:    {}\n  Answered: {}", view.asked, view.answered);
        let Some(fix) = &view.fix else { continue };
        if said.contains(&fix.lines.as_str()) {
            text += "  The lines above mend it.\n";
            continue;
        }
        said.push(&fix.lines);
        let _ = writeln!(text, "  {}", fix.file.as_deref().unwrap_or(place(view)));
        for line in fix.lines.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    let (unseen, last) = unseen();
    text += "\nWhat no check from outside sees:\n";
    for line in unseen {
        let _ = writeln!(text, "  {line}");
    }
    text + last
}

/// Where it is mended in Superset itself.
fn place(view: &SwitchView) -> &'static str {
    use superset_keys_core::actions::EmbeddingSwitch as S;
    match view.switch {
        S::AllowedDomains => "Allowed Domains of the dashboard, or `superset-keys embed add-site`",
        _ => "In Superset, under Settings, List Roles, or `superset-keys embed role`",
    }
}
