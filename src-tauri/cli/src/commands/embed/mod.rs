//! `superset-keys embed …`: dashboards on pages of other sites.

mod check;
mod preview;
mod set_up;
mod snippet;

use super::Context;
use crate::args::Embed;
use crate::failure::Outcome;
use std::process::ExitCode;

pub fn run(context: &Context, command: &Embed) -> Outcome<ExitCode> {
    let done = match command {
        Embed::List { at } => set_up::list(context, at),
        Embed::Set(args) => set_up::set(context, args),
        Embed::AddSite(args) => set_up::add_site(context, args),
        Embed::RemoveSite(args) => set_up::remove_site(context, args),
        Embed::End(args) => set_up::end(context, args),
        Embed::Role(args) => set_up::role(context, args),
        Embed::Minter(args) => return set_up::minter(context, args),
        Embed::Check(args) => return check::check(context, args),
        Embed::Preview(args) => preview::preview(context, args),
        Embed::Snippet(args) => snippet::snippet(context, args),
    };
    done.map(|()| ExitCode::SUCCESS)
}
