//! `superset-keys audit …`: everybody's keys, and what it takes to read them.

mod others;
mod read;
mod role;
mod set_up;
mod view;

use super::Context;
use crate::args::{Audit, BesideAudit};
use crate::failure::Outcome;
use std::process::ExitCode;

pub fn run(context: &Context, args: Audit) -> Outcome<ExitCode> {
    match args.beside {
        None => read::read(context, &args.read),
        Some(BesideAudit::SetUp(args)) => set_up::set_up(context, &args),
        Some(BesideAudit::Role(args)) => role::role(context, &args),
        Some(BesideAudit::Revoke(args)) => others::revoke(context, &args),
        Some(BesideAudit::Deactivate(args)) => others::set_active(context, &args, false),
        Some(BesideAudit::Reactivate(args)) => others::set_active(context, &args, true),
    }
}
