//! `superset-keys keys rotate | rotations | replace-in-time`

use super::{Context, program, shell_word};
use crate::args::{ReplaceInTime, Revoke, RotateKey, Switch};
use crate::exit;
use crate::failure::{FaceCode, Failure, Outcome};
use crate::table::Table;
use crate::{input, print, words};
use serde::Serialize;
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{
    ClientUse, ContinuedView, RewrittenView, RotateRequest, RotatedKeyView, RotationChange, RotationView,
};
use superset_keys_core::error::ErrorParams;
use superset_keys_core::ids::{ApiKeyId, InstanceId};

/// What `rotate --json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    rotation: &'a RotationView,
    /// Clients whose files still hold the key that is to go, or name it for good.
    clients: &'a [ClientUse],
    rewritten: &'a [RewrittenView],
}

pub fn rotate(context: &Context, args: &RotateKey) -> Outcome {
    let usage = || Failure::face(FaceCode::Usage);
    let (typed, at) = args.key.as_deref().zip(args.instance.as_deref()).ok_or_else(usage)?;
    let id = context.instance(at)?;
    let waits_not = matches!(args.revoke, Some(Revoke::Now | Revoke::Never));
    if waits_not && args.quiet_for.is_some() {
        return Err(usage());
    }
    let now = args.revoke == Some(Revoke::Now);
    if now && !args.yes && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    let key = context.wait(context.core.find_listed_key(&id, typed))?;
    let under_way = context.core.rotation_of(&id, &key)?;
    if now && !args.yes {
        sure(context, &id, (typed, &key), under_way.as_ref())?;
    }
    let program = program(context)?;
    // It leaked, so it does not help that it is the new one of another's replacement: core ends that, and replaces it.
    let under_way = under_way.filter(|rotation| !now || leaving(rotation).is_some_and(|it| it.id == key));
    let (rotation, rewritten) = match (under_way, change(args)) {
        (Some(rotation), change) => further(context, &id, &rotation, change, args.rewrite_clients, &program)?,
        (None, Some(_)) if args.keep_both || args.back || args.accept_blind_spots => {
            return Err(Failure::core(ErrorCode::NotRotating).with("name", typed));
        }
        (None, _) => begin(context, &id, &key, args, &program)?,
    };
    let clients = context.core.clients_of_rotation(&id, &rotation.id)?;
    for rewritten in &rewritten {
        context.out.note(&words::rewritten(rewritten));
    }
    for sentence in words::beside_rotation(&rotation, &clients, &shell_word(at)) {
        context.out.note(&sentence);
    }
    let answer = Answer { rotation: &rotation, clients: &clients, rewritten: &rewritten };
    context.out.answer(&answer, || words::rotation(&rotation))
}

fn begin(
    context: &Context,
    id: &InstanceId,
    key: &ApiKeyId,
    args: &RotateKey,
    program: &str,
) -> Outcome<(RotationView, Vec<RewrittenView>)> {
    let usual = RotateRequest::default();
    let request = RotateRequest {
        expiry: args.expires.unwrap_or(usual.expiry),
        revoke: args.revoke.map_or(usual.revoke, Into::into),
        quiet_for: args.quiet_for.unwrap_or(usual.quiet_for),
        rewrite_clients: args.rewrite_clients,
    };
    let rotated = context.wait(context.core.rotate_key(id, key, &request, program))?;
    Ok((rotated.rotation, rotated.rewritten))
}

/// One that began before: the clients first, since what is asked for may end it.
fn further(
    context: &Context,
    id: &InstanceId,
    rotation: &RotationView,
    change: Option<RotationChange>,
    rewrite: bool,
    program: &str,
) -> Outcome<(RotationView, Vec<RewrittenView>)> {
    let request = RotateRequest { rewrite_clients: rewrite, ..RotateRequest::default() };
    let Some(change) = change else {
        let rotated = context.wait(context.core.rotate_key(id, &rotation.old.id, &request, program))?;
        return Ok((rotated.rotation, rotated.rewritten));
    };
    let rewritten = if rewrite {
        context.wait(context.core.rewrite_clients(id, &rotation.id, program))?
    } else {
        Vec::new()
    };
    Ok((context.wait(context.core.change_rotation(id, &rotation.id, change))?, rewritten))
}

/// What is to be otherwise with one that is under way.
fn change(args: &RotateKey) -> Option<RotationChange> {
    match args.revoke {
        _ if args.keep_both => Some(RotationChange::KeepBoth),
        _ if args.back => Some(RotationChange::GoBack),
        _ if args.accept_blind_spots => Some(RotationChange::AcceptBlindSpots),
        Some(Revoke::Now) => Some(RotationChange::RevokeNow),
        Some(Revoke::Never) => Some(RotationChange::KeepBoth),
        Some(Revoke::WhenQuiet) | None => args.quiet_for.map(|seconds| RotationChange::QuietFor { seconds }),
    }
}

fn sure(
    context: &Context,
    id: &InstanceId,
    (typed, key): (&str, &ApiKeyId),
    under_way: Option<&RotationView>,
) -> Outcome {
    let name = context.core.show_instance(id)?.name;
    let alias = |leaving: &RotatedKeyView| context.alias(id, &leaving.id);
    let (first, keys) = match under_way.and_then(leaving) {
        Some(leaving) if leaving.id == *key => ("", alias(leaving)),
        Some(leaving) => ("Put a new key in its place, then ", format!("{} and {typed}", alias(leaving))),
        None => ("Put a new key in its place, then ", typed.to_owned()),
    };
    let question =
        format!("{first}revoke {keys} on {name} for good? What still holds that key stops working. [y/N]");
    let answer = context.ask(capital(&question))?;
    if input::is_yes(&answer) { Ok(()) } else { Err(Failure::face(FaceCode::Declined)) }
}

/// The key that is to go.
fn leaving(rotation: &RotationView) -> Option<&RotatedKeyView> {
    if rotation.back { rotation.new.as_ref() } else { Some(&rotation.old) }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub fn rotations(context: &Context, instance: Option<&str>) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        rotations: &'a [RotationView],
    }
    let id = instance.map(|typed| context.instance(typed)).transpose()?;
    let rotations = context.core.rotations(id.as_ref())?;
    if rotations.is_empty() && print::is_terminal() {
        context.out.note("No key is being replaced. `superset-keys keys rotate INSTANCE KEY` begins.");
    }
    context.out.answer(&View { rotations: &rotations }, || table(&rotations))
}

/// The exit code is that of the first problem: nothing is lost, and the next run tries again.
pub fn continue_all(context: &Context) -> Outcome<ExitCode> {
    let done = context.wait(context.core.continue_rotations())?;
    context.out.answer(&done, || table(&done.rotations))?;
    let problems = problems(&done);
    for (about, problem) in &problems {
        context.out.note(about);
        context.out.remark(problem);
    }
    let code = problems.first().map(|(_, problem)| exit::code(problem.reason));
    Ok(code.map_or(ExitCode::SUCCESS, ExitCode::from))
}

fn problems(done: &ContinuedView) -> Vec<(String, Failure)> {
    let failure = |code, params: &ErrorParams, instance: &str| {
        Failure { params: params.clone(), ..Failure::core(code) }.with("instance", shell_word(instance))
    };
    let stuck = done.rotations.iter().filter_map(|rotation| {
        let problem = failure(rotation.problem?, &rotation.problem_params, &rotation.short_name);
        Some((format!("\"{}\" on {} waits:", rotation.name, rotation.short_name), problem))
    });
    let not_begun = done.not_begun.iter().map(|key| {
        let problem = failure(key.problem, &key.problem_params, &key.short_name);
        (format!("{} on {} is not replaced yet:", key.alias, key.short_name), problem)
    });
    stuck.chain(not_begun).collect()
}

fn table(rotations: &[RotationView]) -> String {
    let is_person = print::is_terminal();
    let names: &[&str] = if is_person {
        &["INSTANCE", "NAME", "OLD", "NEW", "HOW FAR", "QUIET", "LEFT"]
    } else {
        &["instance", "id", "name", "old", "new", "step", "end", "quiet", "quiet_for", "problem"]
    };
    let mut table = Table::new(names);
    for rotation in rotations {
        table.row(if is_person { words::rotation_row(rotation) } else { for_a_program(rotation) });
    }
    if is_person && rotations.is_empty() {
        return String::new();
    }
    if is_person { table.aligned() } else { table.tab_separated() }
}

/// Columns never change their place; new ones come behind.
fn for_a_program(rotation: &RotationView) -> Vec<String> {
    vec![
        rotation.short_name.clone(),
        rotation.id.clone(),
        rotation.name.clone(),
        rotation.old.id.to_string(),
        rotation.new.as_ref().map(|new| new.id.to_string()).unwrap_or_default(),
        words::snake_case(&rotation.step),
        rotation.end.map(|end| words::snake_case(&end)).unwrap_or_default(),
        rotation.watch.as_ref().map(|watch| watch.quiet.to_string()).unwrap_or_default(),
        rotation.quiet_for.to_string(),
        rotation.problem.map(|problem| words::snake_case(&problem)).unwrap_or_default(),
    ]
}

pub fn replace_in_time(context: &Context, args: &ReplaceInTime) -> Outcome {
    #[derive(Serialize)]
    struct View {
        key: ApiKeyId,
        alias: String,
        replace_in_time: bool,
    }
    let id = context.instance(&args.at.instance)?;
    let key = context.core.find_stored_key(&id, Some(&args.key))?;
    if let Some(set) = args.set {
        context.wait(context.core.set_replace_in_time(&id, &key, set == Switch::On))?;
    }
    let replace_in_time = context.core.is_replaced_in_time(&id, &key)?;
    let view = View { alias: context.alias(&id, &key), key, replace_in_time };
    context.out.answer(&view, || words::replaced_in_time(&view.alias, view.replace_in_time))
}
