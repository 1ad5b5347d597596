//! The words of setting embedded dashboards up.

use crate::times;
use jiff::tz::TimeZone;
use std::fmt::Write;
use superset_keys_core::actions::{DashboardView, DashboardsView, EmbeddedView, GuestRoleView, MinterView};
use superset_keys_core::embedding::HostSite;

pub fn is_embedded(dashboard: &DashboardView) -> &'static str {
    match (&dashboard.embedding, dashboard.embedding_untold) {
        (Some(_), _) => "yes",
        (None, true) => "not told",
        (None, false) => "no",
    }
}

pub fn sites(dashboard: &DashboardView) -> String {
    match &dashboard.embedding {
        Some(embedding) if embedding.sites.is_empty() => "any site".to_owned(),
        Some(embedding) => embedding.sites.join(", "),
        None => String::new(),
    }
}

pub fn beside_list(view: &DashboardsView) -> Vec<String> {
    let mut all = Vec::new();
    if view.server.public_role {
        all.push(
            "This server takes everybody for its Public role where that has permissions, so dashboards that you would see may \
             be missing. `superset-keys embed role` makes a role for guests; then Public can be empty."
                .to_owned(),
        );
    }
    if view.server.is_on == Some(false) {
        all.push("Embedding is off on this server: EMBEDDED_SUPERSET in superset_config.py.".to_owned());
    }
    for dashboard in &view.dashboards {
        let Some(embedding) = &dashboard.embedding else { continue };
        if !embedding.useless.is_empty() {
            all.push(format!(
                "\"{}\": nobody comes in by {}. Superset compares scheme, host and port: https://app.example.com.",
                dashboard.title,
                embedding.useless.join(", ")
            ));
        }
    }
    if view.dashboards.iter().any(|dashboard| dashboard.embedding_untold) {
        all.push(
            "Whether some are embedded is not told to you: that takes can_read on Dashboard.".to_owned(),
        );
    }
    all
}

/// What is on its list.
pub fn listed(dashboard: &DashboardView) -> String {
    match sites(dashboard) {
        none if none.is_empty() => "It is not embedded.".to_owned(),
        sites => format!("On it: {sites}."),
    }
}

pub fn ask_set(dashboard: &DashboardView, sites: &[HostSite]) -> String {
    let title = &dashboard.title;
    let named = sites.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut text = if named.is_empty() {
        format!("Every site there is may show \"{title}\" to whoever has a guest token.")
    } else {
        format!("These sites may show \"{title}\": {}.", named.join(", "))
    };
    if let Some(embedding) = &dashboard.embedding {
        let is_shut = |listed: &&String| !sites.iter().any(|site| site.is_let_in_by(listed));
        let shut: Vec<_> = embedding.sites.iter().filter(is_shut).cloned().collect();
        if embedding.sites.is_empty() && !named.is_empty() {
            text += " Every site could until now: pages of all others stop showing it.";
        } else if !shut.is_empty() && !named.is_empty() {
            let _ = write!(text, " Pages of {} stop showing it.", shut.join(", "));
        }
    }
    text + " Go on?"
}

pub fn changed(changed: &EmbeddedView) -> String {
    let dashboard = &changed.dashboard;
    let mut text = match sites(dashboard).as_str() {
        "any site" => format!("Every site may show \"{}\" now.", dashboard.title),
        sites => format!("\"{}\" may be shown by {sites}.", dashboard.title),
    };
    if !changed.closed.is_empty() {
        let _ = write!(text, "\nNo more by {}.", changed.closed.join(", "));
    }
    if changed.was_open && dashboard.embedding.as_ref().is_some_and(|now| !now.sites.is_empty()) {
        text += "\nUntil now every site could show it.";
    }
    if let Some(embedding) = &dashboard.embedding {
        let _ = write!(text, "\nIts embedding's uuid, for your page and for tokens: {}", embedding.uuid);
    }
    if changed.new_uuid {
        text += "\nThat is another than before: pages and backends that name the old one show nothing.";
    }
    text
}

pub fn ask_end(dashboard: &DashboardView) -> String {
    format!(
        "Pages that show \"{}\" stop showing it at once. Embedded again it has another uuid, which each page and backend has \
         to be told. Guest tokens that name the dashboard by its number live on until they end. End it?",
        dashboard.title
    )
}

pub fn ended(ended: &EmbeddedView) -> String {
    format!(
        "\"{}\" is not embedded any more. Tokens with its uuid open nothing now; those with its number, {}, live on until \
         they end.",
        ended.dashboard.title, ended.dashboard.id
    )
}

pub fn ask_role(name: &str, on: &str) -> String {
    format!(
        "A role \"{name}\" on {on} gets three permissions, which show the dashboards that a guest's token names. Make it, or \
         give it what it lacks?"
    )
}

pub fn role(made: &GuestRoleView) -> String {
    let mut text = match (made.created, made.given.len()) {
        (true, _) => format!("The role \"{}\" is made.", made.name),
        (false, 0) => format!("The role \"{}\" has all it takes already. Nothing was changed.", made.name),
        (false, _) => format!("The role \"{}\" was there, and has what it lacked.", made.name),
    };
    text += "\nIt may:";
    for permission in made.had.iter().chain(&made.given) {
        let _ = write!(text, "\n  {permission}");
    }
    if made.beyond > 0 {
        let _ = write!(text, "\nIt has {} more, which every guest has with it.", made.beyond);
    }
    match (&made.in_force, &made.line) {
        (Some(_), None) => text += "\n\nA guest was asked: this is the role in force.",
        (Some(other), Some(line)) => {
            let _ = write!(
                text,
                "\n\nA guest was asked: the role in force is \"{other}\". In superset_config.py, and then restart Superset:\n  {line}"
            );
        }
        (None, Some(line)) => {
            let _ = write!(
                text,
                "\n\nWhich role guests get could not be tried: nothing is embedded yet, or their role may not be told. In \
                 superset_config.py, if it is not there yet:\n  {line}"
            );
        }
        (None, None) => {}
    }
    text + "\nFilters that people set themselves, links and annotations may take more."
}

pub fn ask_minter(role: &str, username: &str, key: &str, on: &str) -> String {
    format!(
        "On {on}: a role \"{role}\" that mints guest tokens and may nothing else, an account \"{username}\" with it, and a key \
         \"{key}\" of that account, kept on this computer. Whoever has the key makes guests of any embedded dashboard, with \
         any rows. Make them, or complete them?"
    )
}

pub fn minter(made: &MinterView, instance: &str, zone: &TimeZone) -> String {
    let new = |created: bool| if created { "made" } else { "was there" };
    let ends = made.expires.as_ref().map_or("never".to_owned(), |ends| times::here_utc(ends, zone));
    let mut text = format!(
        "Role     \"{}\", {}\nAccount  \"{}\", {}; nobody knows its password\nKey      {}, {}, {}\nEnds     {ends}",
        made.role,
        new(made.role_created),
        made.username,
        new(made.user_created),
        made.alias,
        made.hint,
        new(made.key_created),
    );
    if made.proven {
        text += "\nThe key was seen to mint, and to be refused at dashboards, people, keys, and who it is.";
    }
    let _ = write!(
        text,
        "\n\nTo your backend, by a pipe: superset-keys keys print {instance} {} | …\nSuperset lets only that account revoke the \
         key. `superset-keys audit deactivate {instance} {}` ends it at once.",
        made.alias, made.username
    );
    text
}

pub fn minter_unproven(made: &MinterView) -> String {
    if made.left_over.is_empty() {
        "The key was not seen to mint and to be refused all else. Until it is, it is no key for a backend: where Superset's \
         Public role has permissions nobody is refused what that may."
            .to_owned()
    } else {
        format!(
            "What was for making the key alone is still there: {}. Run the same command again, or take it away in Superset: \
             with it the account keeps keys of its own.",
            made.left_over.join(", ")
        )
    }
}
