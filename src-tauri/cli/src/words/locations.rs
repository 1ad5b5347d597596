//! What is said of an AI client's other locations.

use crate::commands::shell_word;
use std::path::Path;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{Beside, FoundFile, LocationBeside};
use superset_keys_core::clients::{Installation, Scope};

/// What a person must know of a place beside the one that was written, for `entry` of `client` (its id, and what its
/// makers call it) and an instance.
pub fn beside(place: &LocationBeside, entry: &str, client: (&str, &str), instance: &str) -> String {
    let (id, name) = client;
    let path = &place.path;
    let connect = |options: &str| format!("`superset-keys connect {id} {} {options}`", shell_word(instance));
    let by_file = || connect(&format!("--file {}", file_word(path)));
    match (place.what, place.scope) {
        (Beside::GoesFirst, Scope::Local) => {
            let folder = place.folder.as_deref().unwrap_or_default();
            let change = connect(&format!("--scope local --project {}", shell_word(folder)));
            format!(
                "In {folder}, another \"{entry}\" of your own in {path} goes first: {name} uses that one there. {change} changes it."
            )
        }
        (Beside::GoesFirst, Scope::Project) => {
            let folder = place.folder.as_deref().unwrap_or_default();
            let change = connect(&format!("--project {}", file_word(folder)));
            format!(
                "In {folder}, another \"{entry}\" in {path} goes first: {name} uses that one there. {change} changes it."
            )
        }
        (Beside::GoesFirst, Scope::System) => {
            format!(
                "Another \"{entry}\" in {path}, which administrators write, goes first: {name} uses that one."
            )
        }
        (Beside::GoesFirst, _) => {
            let change = by_file();
            format!("Another \"{entry}\" in {path} goes first: {name} uses that one. {change} changes it.")
        }
        (Beside::StillConnects, scope) => {
            let where_ = counting(place.folder.as_deref(), place.profile.as_deref());
            let folder = file_word(place.folder.as_deref().unwrap_or_default());
            let options = match scope {
                Scope::Local => format!("--scope local --project {folder}"),
                Scope::Project => format!("--project {folder}"),
                _ => format!("--file {}", file_word(path)),
            };
            let instance = shell_word(instance);
            format!(
                "{name} still reaches {instance} by an entry in {path}{where_}: `superset-keys disconnect {id} {instance} \
                 {options}` takes that out."
            )
        }
        (Beside::ReadInstead, _) => {
            let who = who(place.profile.as_deref(), place.installation, name);
            format!("{who} reads {path} instead, where the entry is not: {} connects it.", by_file())
        }
    }
}

/// Whether an entry that goes first keeps the client from using the one that was written, wherever it is started.
pub fn is_in_the_way(place: &LocationBeside) -> bool {
    place.what == Beside::GoesFirst && matches!(place.scope, Scope::User | Scope::System)
}

/// Why an entry whose program is gone stands as it was.
pub fn why_not_mended(problem: ErrorCode) -> &'static str {
    use ErrorCode as E;
    match problem {
        E::WritingUnsupported | E::DeliveryUnsupported => "its file is nothing we write",
        E::NoSuchKey | E::SecretNotHere => "its key is not known here",
        E::NoDefaultKey | E::DefaultKeyUnusable | E::KeyUnusable => {
            "its instance has no key that can be used"
        }
        E::ClientFileChanged => "the file changed meanwhile",
        E::ClientFileReadOnly => "the file is read-only",
        _ => "`superset-keys connect` says why",
    }
}

/// Where the entries of a file count.
pub fn counts_for(file: &FoundFile) -> String {
    let folder = file.folder.clone().unwrap_or_default();
    let by = installation(file.installation);
    match (file.scope, &file.profile, by) {
        (Scope::Local | Scope::Project, ..) => folder,
        (_, Some(profile), Some(by)) => format!("profile {profile} of {by}"),
        (_, Some(profile), None) => format!("profile {profile}"),
        (_, None, Some(by)) => by,
        (Scope::System, ..) => "everybody here".to_owned(),
        _ => "everywhere".to_owned(),
    }
}

/// Behind the path of a file that was written, where it does not count everywhere.
pub fn counting(folder: Option<&str>, profile: Option<&str>) -> String {
    match (folder, profile) {
        (_, Some(profile)) => format!(", for the profile {profile}"),
        (Some(folder), None) => format!(", for {folder}"),
        (None, None) => String::new(),
    }
}

fn who(profile: Option<&str>, by: Option<Installation>, client: &str) -> String {
    match (profile, installation(by)) {
        (Some(profile), Some(by)) => format!("The profile {profile} of {by}"),
        (Some(profile), None) => format!("The profile {profile}"),
        (None, Some(by)) => by,
        (None, None) => client.to_owned(),
    }
}

fn installation(by: Option<Installation>) -> Option<String> {
    Some(match by? {
        Installation::Flatpak(id) => format!("the Flatpak {id}"),
        Installation::Snap(name) => format!("the Snap {name}"),
        Installation::Product(name) => name.to_owned(),
    })
}

/// A path that begins with `~` means home only outside quotes.
fn file_word(path: &str) -> String {
    match path.strip_prefix("~/") {
        Some(rest) if Path::new(rest).components().next().is_some() => format!("~/{}", shell_word(rest)),
        _ => shell_word(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_not_quoted_away() {
        assert_eq!(file_word("~/.config/Code - OSS/User/mcp.json"), "~/'.config/Code - OSS/User/mcp.json'");
        assert_eq!(file_word("/etc/x.json"), "/etc/x.json");
    }
}
