//! `superset-keys embed list | set | add-site | remove-site | end | role | minter`

use crate::args::{AddSite, At, EndEmbedding, GuestRole, Minter, SetSites};
use crate::commands::{Context, shell_word};
use crate::exit;
use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::table::Table;
use crate::words::embed as words;
use crate::{input, print, times};
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{DashboardView, MinterRequest};
use superset_keys_core::embedding::HostSite;
use superset_keys_core::ids::InstanceId;

pub fn list(context: &Context, at: &At) -> Outcome {
    let id = context.instance(&at.instance)?;
    context.open_keychain()?;
    let view = context.wait(context.core.list_dashboards(&id))?;
    context.out.answer(&view, || {
        let mut table = Table::new(&["id", "title", "embedded", "sites", "uuid"]);
        for dashboard in &view.dashboards {
            let uuid = dashboard.embedding.as_ref().map(|embedding| embedding.uuid.clone());
            table.row(vec![
                dashboard.id.to_string(),
                dashboard.title.clone(),
                words::is_embedded(dashboard).to_owned(),
                words::sites(dashboard),
                uuid.unwrap_or_default(),
            ]);
        }
        match (table.is_empty(), print::is_terminal()) {
            (true, true) => "No dashboard that you see.".to_owned(),
            (_, true) => table.aligned(),
            (_, false) => table.tab_separated(),
        }
    })?;
    for remark in words::beside_list(&view) {
        context.out.note(&remark);
    }
    Ok(())
}

pub fn set(context: &Context, args: &SetSites) -> Outcome {
    let id = context.instance(&args.of.at.instance)?;
    let dashboard = begin(context, &id, &args.of.dashboard, args.yes)?;
    change(context, &id, &dashboard, &args.sites, args.any_site, args.yes)
}

pub fn add_site(context: &Context, args: &AddSite) -> Outcome {
    let id = context.instance(&args.of.at.instance)?;
    let site = HostSite::parse(&args.site)?;
    let dashboard = begin(context, &id, &args.of.dashboard, args.yes)?;
    let embedding = embedding_of(&dashboard)?;
    // One line of the list more would shut out all whom an empty list lets in.
    let mut sites = embedding.sites.clone();
    sites.push(site.as_str().to_owned());
    change(context, &id, &dashboard, &kept(sites, &embedding.useless), false, args.yes)
}

pub fn remove_site(context: &Context, args: &AddSite) -> Outcome {
    let id = context.instance(&args.of.at.instance)?;
    let site = HostSite::parse(&args.site)?;
    let dashboard = begin(context, &id, &args.of.dashboard, args.yes)?;
    let embedding = embedding_of(&dashboard)?;
    let sites: Vec<String> =
        embedding.sites.iter().filter(|listed| !site.is_let_in_by(listed)).cloned().collect();
    if sites.len() == embedding.sites.len() {
        let message = format!("{site} is not on the list of \"{}\". Nothing was changed.", dashboard.title);
        return Err(Failure::face(FaceCode::Usage).with("message", message).hint(words::listed(&dashboard)));
    }
    let sites = kept(sites, &embedding.useless);
    if sites.is_empty() {
        let message = format!(
            "{site} is the last on the list of \"{}\". Without it every site could show it.",
            dashboard.title
        );
        return Err(Failure::face(FaceCode::Usage).with("message", message).hint(
            "`embed end` ends the embedding, `embed set --any-site` opens it to all. Nothing was changed.",
        ));
    }
    change(context, &id, &dashboard, &sites, false, args.yes)
}

pub fn end(context: &Context, args: &EndEmbedding) -> Outcome {
    let id = context.instance(&args.of.at.instance)?;
    let dashboard = begin(context, &id, &args.of.dashboard, args.yes)?;
    embedding_of(&dashboard)?;
    if !args.yes {
        confirm(context, &words::ask_end(&dashboard))?;
    }
    let ended = context.wait(context.core.end_embedding(&id, dashboard.id))?;
    context.out.answer(&ended, || words::ended(&ended))
}

pub fn role(context: &Context, args: &GuestRole) -> Outcome {
    let id = context.instance(&args.at.instance)?;
    unless_asked_in_vain(args.yes)?;
    context.open_keychain()?;
    if !args.yes {
        let on = context.core.show_instance(&id)?.name;
        confirm(context, &words::ask_role(&args.name, &on))?;
    }
    let made = context.wait(context.core.make_guest_role(&id, &args.name))?;
    context.out.answer(&made, || words::role(&made))
}

pub fn minter(context: &Context, args: &Minter) -> Outcome<ExitCode> {
    let id = context.instance(&args.at.instance)?;
    unless_asked_in_vain(args.yes)?;
    context.open_keychain()?;
    if !args.yes {
        let on = context.core.show_instance(&id)?.name;
        confirm(context, &words::ask_minter(&args.role, &args.username, &args.key_name, &on))?;
    }
    let request = MinterRequest {
        role: args.role.clone(),
        username: args.username.clone(),
        key_name: args.key_name.clone(),
        expires: args.expires,
    };
    let made = context.wait(context.core.make_minter(&id, &request))?;
    let at = shell_word(&args.at.instance);
    context.out.answer(&made, || words::minter(&made, &at, &times::zone()))?;
    if made.proven {
        return Ok(ExitCode::SUCCESS);
    }
    context.out.note(&words::minter_unproven(&made));
    Ok(ExitCode::from(exit::code(Reason::Core(ErrorCode::UnexpectedAnswer))))
}

/// The dashboard that is meant, where a question about it can be asked.
fn begin(context: &Context, id: &InstanceId, typed: &str, yes: bool) -> Outcome<DashboardView> {
    unless_asked_in_vain(yes)?;
    context.open_keychain()?;
    context.wait(context.core.find_dashboard(id, typed))
}

fn change(
    context: &Context,
    id: &InstanceId,
    dashboard: &DashboardView,
    sites: &[String],
    any_site: bool,
    yes: bool,
) -> Outcome {
    // Before anything is asked, so that nobody says yes to what cannot be.
    let sites = sites.iter().map(|site| HostSite::parse(site)).collect::<Result<Vec<_>, _>>()?;
    if !yes {
        confirm(context, &words::ask_set(dashboard, &sites))?;
    }
    let sites: Vec<String> = sites.iter().map(ToString::to_string).collect();
    let changed = context.wait(context.core.embed_dashboard(id, dashboard.id, &sites, any_site))?;
    context.out.answer(&changed, || words::changed(&changed))
}

/// Lines that let nobody in go with the next change.
fn kept(sites: Vec<String>, useless: &[String]) -> Vec<String> {
    sites.into_iter().filter(|site| !useless.contains(site)).collect()
}

fn embedding_of(dashboard: &DashboardView) -> Outcome<&superset_keys_core::actions::EmbeddingView> {
    dashboard
        .embedding
        .as_ref()
        .ok_or_else(|| Failure::core(ErrorCode::NotEmbedded).with("name", &dashboard.title))
}

fn unless_asked_in_vain(yes: bool) -> Outcome {
    if yes || input::is_terminal() { Ok(()) } else { Err(Failure::face(FaceCode::YesNeeded)) }
}

fn confirm(context: &Context, question: &str) -> Outcome {
    let answer = context.ask(format!("{question} [y/N]"))?;
    if input::is_yes(&answer) { Ok(()) } else { Err(Failure::face(FaceCode::Declined)) }
}
