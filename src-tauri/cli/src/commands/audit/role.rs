//! `superset-keys audit role`

use crate::args::AuditRole;
use crate::commands::{Context, shell_word};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::input;
use std::fmt::Write as _;
use std::process::ExitCode;
use superset_keys_core::actions::AuditRoleView;

pub fn role(context: &Context, args: &AuditRole) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    if !args.yes && !input::is_terminal() {
        return Err(Failure::face(FaceCode::YesNeeded));
    }
    context.open_keychain()?;
    if !args.yes {
        let name = context.core.show_instance(&id)?.name;
        let question = format!(
            "Whoever has the role \"{}\" on {name} reads who has which API key, and keeps keys of their own. \
             Make it, or give it what it lacks? [y/N]",
            args.name
        );
        let answer = context.ask(question)?;
        if !input::is_yes(&answer) {
            return Err(Failure::face(FaceCode::Declined));
        }
    }
    let made = context.wait(context.core.make_audit_role(&id, &args.name))?;
    context.out.answer(&made, || said(&made, &shell_word(&args.at.instance)))?;
    Ok(ExitCode::SUCCESS)
}

fn said(made: &AuditRoleView, instance: &str) -> String {
    let mut text = match (made.created, made.given.len()) {
        (true, _) => format!("The role \"{}\" is made.", made.name),
        (false, 0) => format!("The role \"{}\" has all it takes already. Nothing was changed.", made.name),
        (false, _) => format!("The role \"{}\" was there, and has what it lacked.", made.name),
    };
    text.push_str("\nIt may:");
    for permission in made.had.iter().chain(&made.given) {
        text.push_str("\n  ");
        text.push_str(permission);
    }
    if made.beyond > 0 {
        let _ = write!(
            text,
            "\nIt has {} more that an audit does not take. A nightly job's key is better off with a role of its own: --name.",
            made.beyond
        );
    }
    let _ = write!(
        text,
        "\n\nFor a nightly job: in Superset, under Settings, List Users, make a user with this role alone. Then, as that user:\n  \
         superset-keys sign-in {instance} --username USER\n  \
         superset-keys keys create {instance} --name \"Nightly audit\" --show | …\n\
         and on the job's computer: superset-keys sign-in {instance} --api-key-stdin"
    );
    text
}
