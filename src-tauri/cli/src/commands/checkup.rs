//! `superset-keys checkup`

use super::Context;
use crate::args::Checkup;
use crate::failure::Outcome;
use crate::words::{About, ItemWords, item_words};
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;
use superset_keys_core::actions::{CheckupWith, InstanceView};
use superset_keys_core::checkup::{CheckupItemView, CheckupView, Verdict};

const COULD_NOT_RUN: u8 = 3;

/// Exit codes of its own: how bad it is. A name that means nothing is wrong usage as everywhere.
pub fn checkup(context: &Context, args: &Checkup) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    let key = match &args.key {
        Some(typed) => Some(context.core.find_usable_key(&id, Some(typed))?),
        None => None,
    };
    let token = if args.token_stdin { Some(context.read_secret("JWT".to_owned())?) } else { None };
    let with = match (&token, &key) {
        (Some(token), _) => CheckupWith::Token(token),
        (None, Some(key)) => CheckupWith::Key(key),
        (None, None) => CheckupWith::DefaultKey,
    };
    let instance = context.core.show_instance(&id)?;
    let checked = match context.wait(context.core.checkup(&id, with, &|_| {})) {
        Ok(checked) => checked,
        Err(failure) => {
            context.out.failure(&failure.with("instance", super::shell_word(&args.at.instance)));
            return Ok(ExitCode::from(COULD_NOT_RUN));
        }
    };
    context.out.answer(&View::of(&checked, &instance), || report(&checked, &instance))?;
    Ok(ExitCode::from(match checked.verdict {
        Verdict::Critical => 2,
        Verdict::Warning => 1,
        _ => 0,
    }))
}

/// The check-up with its words: what `--json` prints.
#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    checked: &'a CheckupView,
    words: Vec<Said>,
}

/// One item's words, in the order of `items`.
#[derive(Serialize)]
struct Said {
    title: String,
    seen: String,
    why: String,
    remedy: String,
    config: String,
    admin: String,
}

impl<'a> View<'a> {
    fn of(checked: &'a CheckupView, instance: &InstanceView) -> Self {
        let words = checked.items.iter().map(|item| {
            let ItemWords { title, seen, why, remedy, config, admin } = words_of(item, checked, instance);
            Said { title, seen, why, remedy, config, admin }
        });
        Self { checked, words: words.collect() }
    }
}

fn words_of(item: &CheckupItemView, checked: &CheckupView, instance: &InstanceView) -> ItemWords {
    let version = instance.version.as_deref().unwrap_or_default();
    item_words(item, &About { url: &instance.url, mcp_url: checked.mcp_url.as_deref(), version })
}

fn report(checked: &CheckupView, instance: &InstanceView) -> String {
    let mut text = format!("{} at {}\n", headline(checked, instance), instance.url);
    if let Some(key) = &checked.key {
        let _ = writeln!(text, "With the key {} {}", key.name, key.hint);
    }
    text.push('\n');
    let words: Vec<_> = checked.items.iter().map(|item| (item, words_of(item, checked, instance))).collect();
    let width = words.iter().map(|(_, words)| words.title.chars().count()).max().unwrap_or_default();
    for (item, words) in &words {
        let took = item.took.map(|took| format!("  ({took} ms)")).unwrap_or_default();
        let _ = writeln!(text, "  {:<8}  {:<width$}  {}{took}", mark(item.verdict), words.title, words.seen);
    }
    let bad: Vec<_> = words.iter().filter(|(item, _)| item.verdict >= Verdict::Warning).collect();
    for (item, words) in &bad {
        let _ = writeln!(text, "\n{}: {}\n  {}. {}", mark(item.verdict), words.title, words.seen, words.why);
    }
    // One cause often shows in several items, and is mended once.
    let mut said = Vec::new();
    for (_, words) in &bad {
        if !words.remedy.is_empty() && !said.contains(&&words.remedy) {
            said.push(&words.remedy);
            text += &remedy(words);
        }
    }
    text + "\nThe check only read. It ran no query and changed nothing on the server."
}

fn remedy(words: &ItemWords) -> String {
    let mut text = format!("\nWhat to do\n{}", indented(&words.remedy));
    for (label, said) in [("superset_config.py", &words.config), ("Message for your admin", &words.admin)] {
        if !said.is_empty() {
            let _ = write!(text, "\n  {label}\n{}", indented(said));
        }
    }
    text
}

fn headline(checked: &CheckupView, instance: &InstanceView) -> String {
    let name = &instance.name;
    match checked.verdict {
        Verdict::Critical => format!("{name} is not safe"),
        Verdict::Warning => format!("{name} needs attention"),
        _ => format!("{name} is ready"),
    }
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Skipped => "-",
        Verdict::Passed => "ok",
        Verdict::Noted => "note",
        Verdict::Warning => "WARNING",
        Verdict::Critical => "CRITICAL",
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
}
