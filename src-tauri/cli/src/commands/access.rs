//! `superset-keys mcp-access …`, `superset-keys signing …`, `superset-keys tokens …`

use super::{Context, shell_word};
use crate::args::{
    AccessKind, CreateSigning, InspectToken, McpAccess, MintToken, MoveMcpAccess, SetMcpAccess, Signing,
    SigningConfig, Tokens,
};
use crate::failure::{Failure, Outcome};
use crate::print::{self, Shown};
use crate::words;
use serde::Serialize;
use std::process::ExitCode;
use superset_keys_core::actions::{
    McpAccessView, McpMoveView, McpProofView, MintedView, MoveRequest, NewSigningSecret, Received,
    TokenRequest,
};
use superset_keys_core::credential;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::secret::Secret;
use superset_keys_core::signing::config::user_lines;

pub fn mcp_access(context: &Context, command: &McpAccess) -> Outcome<ExitCode> {
    match command {
        McpAccess::Show { at } => {
            let id = context.instance(&at.instance)?;
            let view = context.core.mcp_access(&id)?;
            context.out.answer(&view, || words::mcp_access(&view))?;
        }
        McpAccess::Set(args) => set(context, args)?,
        McpAccess::Move(args) => move_clients(context, args)?,
        McpAccess::Prove { at } => {
            let id = context.instance(&at.instance)?;
            context.open_keychain()?;
            let proof = context.wait(context.core.prove_mcp_access(&id, None))?;
            context.out.answer(&proof, || words::mcp_proof(&proof))?;
            return Ok(ExitCode::from(code(&proof)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn code(proof: &McpProofView) -> u8 {
    let is_ours = match (&proof.ours, &proof.meant) {
        (Received::LetIn { user }, Some(meant)) => user == meant,
        (Received::LetIn { .. }, None) => true,
        _ => false,
    };
    match (proof.is_open(), is_ours) {
        (true, _) => 2,
        (false, false) => 1,
        (false, true) => 0,
    }
}

fn set(context: &Context, args: &SetMcpAccess) -> Outcome {
    #[derive(Serialize)]
    struct View {
        #[serde(flatten)]
        now: McpAccessView,
        proof: Option<McpProofView>,
    }
    let id = context.instance(&args.at.instance)?;
    let access = access(args.kind, args.user.as_deref(), args.scope.as_deref());
    context.open_keychain()?;
    let proof = context.wait(context.core.set_mcp_access(&id, access, args.unproven))?;
    let view = View { now: context.core.mcp_access(&id)?, proof };
    context.out.answer(&view, || words::mcp_access(&view.now))?;
    if let Some(proof) = &view.proof {
        context.out.note(&words::mcp_proof(proof));
    }
    Ok(())
}

fn access(kind: AccessKind, user: Option<&str>, scope: Option<&str>) -> credential::McpAccess {
    match (kind, user) {
        (AccessKind::Signed, Some(user)) => {
            credential::McpAccess::Signed { subject: user.to_owned(), scope: scope.map(str::to_owned) }
        }
        (AccessKind::OAuth, _) => credential::McpAccess::OAuth,
        _ => credential::McpAccess::ApiKey,
    }
}

fn move_clients(context: &Context, args: &MoveMcpAccess) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        /// None where nothing moves.
        moving: Option<&'a McpMoveView>,
    }
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let moving = match args.kind {
        None => context.wait(context.core.look_at_moved_keys(&id))?,
        Some(kind) => {
            let named = |name: &String| context.core.find_stored_key(&id, Some(name));
            let keys = args.keys.iter().map(named).collect::<superset_keys_core::Result<_>>()?;
            let request = MoveRequest { keys, quiet_for: args.quiet_for, unproven: args.unproven };
            let access = access(kind, args.user.as_deref(), args.scope.as_deref());
            context.wait(context.core.move_mcp_access(&id, access, &request))?
        }
    };
    let at = shell_word(&args.at.instance);
    context.out.answer(&View { moving: moving.as_ref() }, || match &moving {
        Some(moving) => words::mcp_move(moving),
        None => "AI clients present their keys. Nothing moves.".to_owned(),
    })?;
    let Some(moving) = moving else { return Ok(()) };
    for line in words::beside_mcp_move(&moving, &at) {
        context.out.note(&line);
    }
    if let Some(problem) = moving.problem {
        context.out.note("The keys could not be looked at just now:");
        let params = moving.problem_params.clone();
        context.out.remark(&Failure { params, ..Failure::core(problem) }.with("instance", &at));
    }
    Ok(())
}

pub fn signing(context: &Context, command: &Signing) -> Outcome {
    match command {
        Signing::Create(args) => create(context, args),
        Signing::Show { at } => {
            let id = context.instance(&at.instance)?;
            let view = context.core.show_signing(&id)?;
            context.out.answer(&view, || words::signing(&view))
        }
        Signing::Config(args) => config(context, args),
        Signing::Forget { at } => {
            #[derive(Serialize)]
            struct View {
                forgotten: bool,
            }
            let id = context.instance(&at.instance)?;
            context.open_keychain()?;
            context.wait(context.core.forget_signing_secret(&id))?;
            context.out.answer(&View { forgotten: true }, || {
                "This computer has forgotten the secret. The server still takes what it signed: to end that, give the \
                 server another one."
                    .to_owned()
            })
        }
    }
}

fn create(context: &Context, args: &CreateSigning) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    let given = args.secret_stdin.then(|| context.read_secret("The server's secret".to_owned()));
    let secret = given.transpose()?;
    context.open_keychain()?;
    let new = NewSigningSecret {
        issuer: args.issuer.clone(),
        audience: args.audience.clone(),
        secret,
        replace: args.replace,
    };
    let view = context.wait(context.core.keep_signing_secret(&id, new))?;
    context.out.answer(&view, || words::signing(&view))?;
    let instance = shell_word(&args.at.instance);
    context.out.note(&format!(
        "Next: put `superset-keys signing config {instance}` into the server's superset_config.py and start its MCP \
         server anew, then `superset-keys mcp-access set {instance} signed --user NAME`."
    ));
    Ok(())
}

fn config(context: &Context, args: &SigningConfig) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        config: Shown<'a>,
        holds_secret: bool,
    }
    if args.with_secret {
        print::may_show(args.show)?;
    }
    let id = context.instance(&args.at.instance)?;
    if args.user_only {
        let lines = Secret::new(user_lines());
        return context.out.secret(&View { config: Shown(&lines), holds_secret: false }, &lines);
    }
    if args.with_secret {
        context.open_keychain()?;
    }
    let lines =
        context.wait(context.core.signing_config(&id, args.with_secret, args.server.map(Into::into)))?;
    let view = View { config: Shown(&lines), holds_secret: args.with_secret };
    context.out.secret(&view, &lines)
}

pub fn tokens(context: &Context, command: &Tokens) -> Outcome {
    match command {
        Tokens::Mint(args) => mint(context, args),
        Tokens::Inspect(args) => inspect(context, args),
    }
}

fn mint(context: &Context, args: &MintToken) -> Outcome {
    #[derive(Serialize)]
    struct View<'a> {
        #[serde(flatten)]
        about: &'a MintedView,
        token: Shown<'a>,
    }
    print::may_show(args.show)?;
    let id = context.instance(&args.at.instance)?;
    context.open_keychain()?;
    let request = TokenRequest { user: args.user.clone(), hours: args.hours, scope: args.scope.clone() };
    let minted = context.wait(context.core.mint_token(&id, &request))?;
    context.out.secret(&View { about: &minted.about, token: Shown(&minted.token) }, &minted.token)?;
    context.out.note(&words::minted(&minted.about, args.hours));
    Ok(())
}

fn inspect(context: &Context, args: &InspectToken) -> Outcome {
    let id = args.instance.as_deref().map(|name| context.instance(name)).transpose()?;
    let token = context.read_secret("Token".to_owned())?;
    if id.as_ref().is_some_and(|id: &InstanceId| context.core.show_signing(id).is_ok()) {
        context.open_keychain()?;
    }
    let read = context.wait(context.core.inspect_token(id.as_ref(), &token))?;
    context.out.answer(&read, || words::inspected(&read))
}
