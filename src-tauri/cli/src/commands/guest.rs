//! `superset-keys guest-token …`

use super::Context;
use super::secrets::{cleared_words, clipboard};
use crate::args::{GuestSees, GuestToken, InspectGuestToken, MintGuestToken, ProveRows};
use crate::failure::Outcome;
use crate::print::{self, Shown};
use crate::words;
use serde::Serialize;
use std::process::ExitCode;
use superset_keys_core::actions::{
    GuestTokenRequest, MintedGuestView, ProofOutcome, RowProofView, RowRule, RuleValue,
};
use superset_keys_core::clipboard::CopyEnd;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::superset::GuestIdentity;

pub fn run(context: &Context, command: &GuestToken) -> Outcome<ExitCode> {
    match command {
        GuestToken::Mint(args) => mint(context, args).map(|()| ExitCode::SUCCESS),
        GuestToken::Inspect(args) => inspect(context, args).map(|()| ExitCode::SUCCESS),
        GuestToken::Prove(args) => prove(context, args),
    }
}

fn mint(context: &Context, args: &MintGuestToken) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        #[serde(flatten)]
        about: &'a MintedGuestView,
        token: Shown<'a>,
    }
    let to_clipboard = print::is_terminal() && !args.show && !context.out.json;
    if !to_clipboard {
        print::may_show(args.show)?;
    }
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let request = request(context, &id, &args.guest.dashboard, &args.guest.sees)?;
    let minted = context.wait(context.core.mint_guest_token(&id, &request))?;
    context.out.note(&words::guest::minted(&minted.about));
    if !to_clipboard {
        return context
            .out
            .secret(&View { about: &minted.about, token: Shown(&minted.token) }, &minted.token);
    }
    let end = clipboard(context, minted.token, "the token")?;
    context.out.answer(&(end == CopyEnd::Cleared), || cleared_words(end, "the token"))
}

fn inspect(context: &Context, args: &InspectGuestToken) -> Outcome {
    let id = args.instance.as_deref().map(|name| context.instance(name)).transpose()?;
    let token = context.read_secret("Token".to_owned())?;
    if id.is_some() {
        context.open_keychain()?;
    }
    let read = context.wait(context.core.inspect_guest_token(id.as_ref(), &token))?;
    context.out.answer(&read, || words::guest::inspected(&read, id.is_some()))
}

fn prove(context: &Context, args: &ProveRows) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let request = request(context, &id, &args.guest.dashboard, &args.guest.sees)?;
    let proof = context.wait(context.core.prove_rows(&id, &request))?;
    context.out.answer(&proof, || words::guest::proof(&proof))?;
    Ok(ExitCode::from(code(&proof)))
}

fn code(proof: &RowProofView) -> u8 {
    let has = |outcome| proof.charts.iter().any(|chart| chart.outcome == outcome);
    let all_filtered = proof.charts.iter().all(|chart| chart.outcome == ProofOutcome::Filtered);
    match (has(ProofOutcome::NotReached), all_filtered && !proof.charts.is_empty()) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }
}

/// What was typed, with dashboard and datasets by their numbers.
pub fn request(
    context: &Context,
    id: &InstanceId,
    dashboard: &str,
    typed: &GuestSees,
) -> Outcome<GuestTokenRequest> {
    let dashboard = context.wait(context.core.find_dashboard(id, dashboard))?.id;
    let rule = |clause: &String, dataset| RowRule { clause: clause.clone(), dataset, values: Vec::new() };
    let mut rules: Vec<RowRule> = typed.rls.iter().map(|clause| rule(clause, None)).collect();
    for pair in typed.rls_on.chunks_exact(2) {
        let dataset = context.wait(context.core.find_dataset(id, dashboard, &pair[0]))?;
        rules.push(rule(&pair[1], Some(dataset)));
    }
    let texts = typed.value.iter().map(|pair| (pair, false));
    let all = texts.chain(typed.number.iter().map(|pair| (pair, true)));
    let values = all.map(|((name, value), is_number)| RuleValue {
        name: name.clone(),
        value: value.clone(),
        is_number,
    });
    let name = |typed: &Option<String>| typed.clone().unwrap_or_default();
    let guest = GuestIdentity {
        username: name(&typed.username),
        first_name: name(&typed.first),
        last_name: name(&typed.last),
    };
    Ok(GuestTokenRequest { dashboard, guest, rules }.with_values(values.collect()))
}
