//! `superset-keys keys revoke`

use super::{Context, shell_word};
use crate::args::RevokeKeys;
use crate::exit;
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::words;
use crate::{input, print, times};
use serde::Serialize;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use superset_keys_core::actions::{
    ApiKeyView, KeyLeftView, RevokePlanView, RevokeProgress, RevokedKeysView, WhyNotView,
};
use superset_keys_core::clean_up::KeyFilter;
use superset_keys_core::glob::Glob;
use superset_keys_core::ids::{ApiKeyId, InstanceId};

pub fn revoke(context: &Context, args: &RevokeKeys) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    if !args.yes && !args.dry_run && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    match &args.key {
        None => by_filter(context, args, &id),
        Some(typed) => {
            let key = context.wait(context.core.find_listed_key(&id, typed))?;
            if args.dry_run {
                let plan = context.wait(context.core.plan_revoke(&id, &[key]))?;
                return show(context, &plan);
            }
            one(context, args.yes, &id, &key)
        }
    }
}

fn one(context: &Context, yes: bool, id: &InstanceId, key: &ApiKeyId) -> Outcome<ExitCode> {
    if !yes {
        let name = context.core.show_instance(id)?.name;
        let what = described(context, id, key);
        let answer =
            context.ask(format!("Revoke {what} on {name} for good? What uses it stops working. [y/N]"))?;
        if !input::is_yes(&answer) {
            return Err(Failure::face(FaceCode::Declined));
        }
    }
    let revoked = context.wait(context.core.revoke_key(id, key))?;
    context.out.answer(&revoked, || {
        let when = revoked.key.revoked.as_ref();
        let when = times::relative(when, times::now()).unwrap_or_else(|| "before".to_owned());
        if revoked.already {
            format!("\"{}\" was revoked already, {when}. Nothing was sent.", revoked.key.name)
        } else {
            format!("Revoked \"{}\".", revoked.key.name)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A key as a person knows it, from the list that was read last.
fn described(context: &Context, id: &InstanceId, key: &ApiKeyId) -> String {
    let list = context.core.kept_keys(id).ok().flatten();
    let row = list.and_then(|list| list.keys.into_iter().find(|row| row.id == *key));
    match row {
        None => context.alias(id, key),
        Some(ApiKeyView { name, hint: Some(hint), .. }) => format!("\"{name}\" ({hint})"),
        Some(ApiKeyView { name, .. }) => format!("\"{name}\" ({key})"),
    }
}

/// What `--json` prints when something was revoked.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    done: &'a RevokedKeysView,
    left: &'a [KeyLeftView],
}

fn by_filter(context: &Context, args: &RevokeKeys, id: &InstanceId) -> Outcome<ExitCode> {
    let filter =
        KeyFilter { expired: args.expired, unused_days: args.unused, name: args.name.clone().map(Glob::new) };
    let plan = context.wait(context.core.plan_clean_up(id, &filter))?;
    if args.dry_run {
        say_of_uses(context, args, &plan);
        return show(context, &plan);
    }
    let keys: Vec<_> = plan.keys.iter().map(|one| one.key.id.clone()).collect();
    if !args.yes && !keys.is_empty() {
        say_of_uses(context, args, &plan);
        confirm(context, id, &plan)?;
    }
    // Also when there is none: what a run that was killed left behind is tidied up.
    let done = run(context, id, &keys)?;
    context.out.answer(&Answer { done: &done, left: &plan.left }, || {
        if print::is_terminal() {
            words::revoked_for_a_person(&done, &plan.left)
        } else {
            words::revoked_for_a_program(&done, &plan.left)
        }
    })?;
    let Some(why) = done.stopped.as_ref().or_else(|| done.keys.iter().find_map(|key| key.problem.as_ref()))
    else {
        return Ok(ExitCode::SUCCESS);
    };
    let failure = failure(args, why);
    if done.stopped.is_some() {
        context.out.remark(&failure);
        context.out.note("The same command again does what is left.");
    }
    Ok(ExitCode::from(exit::code(failure.reason)))
}

fn show(context: &Context, plan: &RevokePlanView) -> Outcome<ExitCode> {
    context.out.answer(plan, || {
        if print::is_terminal() { words::plan_for_a_person(plan) } else { words::plan_for_a_program(plan) }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What nobody would guess of how uses are noted.
fn say_of_uses(context: &Context, args: &RevokeKeys, plan: &RevokePlanView) {
    if args.unused.is_some() && !plan.keys.is_empty() {
        context.out.note(
            "Superset 6.1's MCP server notes no uses: a key that only AI clients elsewhere use looks unused.",
        );
    }
}

fn confirm(context: &Context, id: &InstanceId, plan: &RevokePlanView) -> Outcome {
    let count = plan.keys.len();
    let name = context.core.show_instance(id)?.name;
    let answer = context.ask(format!(
        "{}\n\nRevoked is for good. Type {count} to revoke {} on {name}:",
        words::plan_for_a_person(plan),
        words::counted_keys(count)
    ))?;
    if answer == count.to_string() { Ok(()) } else { Err(Failure::face(FaceCode::Declined)) }
}

fn run(context: &Context, id: &InstanceId, keys: &[ApiKeyId]) -> Outcome<RevokedKeysView> {
    let answered = AtomicU32::new(0);
    let out = context.out;
    let told = |progress: RevokeProgress| {
        answered.store(progress.done, Ordering::Relaxed);
        if let Some(seconds) = progress.waiting {
            let (done, of) = (progress.done, progress.of);
            out.note(&format!("The server asks for a pause: waiting {seconds} s. {done} of {of} are done."));
        }
    };
    context.wait(context.core.revoke_keys(id, keys, &told)).map_err(|failure| {
        if failure.reason != Reason::Face(FaceCode::Interrupted) {
            return failure;
        }
        let (done, of) = (answered.load(Ordering::Relaxed), keys.len());
        failure.hint(format!("{done} of {of} were done by then. The same command again does what is left."))
    })
}

fn failure(args: &RevokeKeys, why: &WhyNotView) -> Failure {
    let failure = Failure { reason: Reason::Core(why.code), params: why.params.clone(), hint: None };
    failure.with("instance", shell_word(&args.at.instance))
}
