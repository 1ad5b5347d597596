//! The words of a scan: where a key lies, and what to do about it.

use crate::times;
use std::path::{Path, PathBuf};
use superset_keys_core::ErrorCode;
use superset_keys_core::git::GitState;
use superset_keys_core::scan::{
    FileKind, KeyLife, KeyMatch, KeySpotView, LifeState, Readers, ScanView, ScannedKeyView, ToldBy,
};

/// As `--json` spells it.
pub fn kind_word(kind: &FileKind) -> &'static str {
    match kind {
        FileKind::AiClient { .. } => "ai_client",
        FileKind::ShellStartup => "shell_startup",
        FileKind::ShellHistory => "shell_history",
        FileKind::EnvFile => "env_file",
        FileKind::RequestSettings => "request_settings",
        FileKind::ClientData { .. } => "client_data",
        FileKind::Other => "other",
    }
}

pub fn headline(view: &ScanView) -> String {
    let among = format!("{} searched in {}", counted(view.files, "file"), milliseconds(view.took));
    if view.keys.is_empty() {
        return format!("No API key found. {among}.");
    }
    let keys = counted(u32::try_from(view.keys.len()).unwrap_or(u32::MAX), "API key");
    let spots: usize = view.keys.iter().map(|key| key.spots.len()).sum();
    let places = counted(u32::try_from(spots).unwrap_or(u32::MAX), "place");
    format!("{keys} in {places}. {among}.")
}

/// Where, key, which, state, read by, git.
pub fn row(key: &ScannedKeyView, spot: &KeySpotView, asked: bool) -> [String; 6] {
    [
        format!("{}:{}", shortened(&spot.path), spot.line),
        key.hint.to_string(),
        which(key),
        state(key, asked),
        read_by(spot),
        git(spot.git).to_owned(),
    ]
}

fn which(key: &ScannedKeyView) -> String {
    let instance = key.instance.as_ref().map(|instance| &*instance.name).unwrap_or_default();
    let alias = key.key.as_ref().map(|key| &*key.alias).unwrap_or_default();
    match (key.matched, instance) {
        (KeyMatch::Known, _) => format!("{alias} on {instance}"),
        (KeyMatch::LooksLike, _) => format!("looks like {alias} on {instance}"),
        (KeyMatch::Unknown, "") => "unknown".to_owned(),
        (KeyMatch::Unknown, _) => format!("unknown, beside {instance}'s address"),
    }
}

fn state(key: &ScannedKeyView, asked: bool) -> String {
    let word = match key.life {
        KeyLife { problem: Some(_), .. } => return "no answer".to_owned(),
        KeyLife { state: LifeState::Unknown, .. } if !asked => return "not asked".to_owned(),
        KeyLife { state: LifeState::Unknown, .. } => return "cannot tell".to_owned(),
        KeyLife { state: LifeState::Active, .. } => "works",
        KeyLife { state: LifeState::Expired, .. } => "expired",
        KeyLife { state: LifeState::Revoked, .. } => "revoked",
        KeyLife { state: LifeState::Rejected, .. } => "not taken",
    };
    match (&key.life.at, key.life.told_by) {
        (Some(at), Some(ToldBy::Memory)) if !key.life.state.is_dead() => {
            format!("{word}, as of {}", times::relative_utc(at, times::now()))
        }
        _ => word.to_owned(),
    }
}

fn read_by(spot: &KeySpotView) -> String {
    let who = match spot.readers {
        Readers::OnlyOwner => "you",
        Readers::Group => "your group",
        Readers::Everyone => "EVERYONE",
        Readers::Unknown => "cannot tell",
    };
    spot.mode.as_ref().map_or_else(|| who.to_owned(), |mode| format!("{who} ({mode})"))
}

fn git(state: GitState) -> &'static str {
    match state {
        GitState::Tracked => "TRACKED",
        GitState::Untracked => "not tracked",
        GitState::NoRepository => "",
        GitState::Unknown => "cannot tell",
    }
}

/// What is worse than a key in a file.
pub fn exposure(view: &ScanView) -> Vec<String> {
    let exposed = || view.keys.iter().flat_map(|key| &key.spots).filter(|spot| spot.exposed);
    let any = |is: fn(&KeySpotView) -> bool| exposed().any(is);
    let mut said = Vec::new();
    if any(|spot| spot.git == GitState::Tracked) {
        said.push(
            "Tracked by git: whoever has the repository has the key, and taking the line out leaves it in earlier \
             commits. Replace the key and revoke this one.",
        );
    }
    if any(|spot| spot.readers == Readers::Everyone) {
        said.push(
            "Readable by everyone on this computer: `chmod 600 FILE` closes it. Whoever could read the key may have \
             it, so replace it and revoke this one.",
        );
    }
    said.into_iter().map(str::to_owned).collect()
}

/// One sentence for each kind of file there is.
pub fn advice(view: &ScanView) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for key in &view.keys {
        let instance = key.instance.as_ref().map_or("INSTANCE", |instance| &*instance.short_name);
        for spot in &key.spots {
            let sentence = match &spot.kind {
                FileKind::AiClient { .. } if !spot.movable => not_movable(key.matched).to_owned(),
                kind => what_to_do(kind, instance),
            };
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
    }
    said
}

/// Why a key in an AI client's file stays there for now.
fn not_movable(matched: KeyMatch) -> &'static str {
    match matched {
        KeyMatch::LooksLike => {
            "In an AI client's file, and not sure which key: unlock the keychain and scan again. Then it can be moved."
        }
        _ => {
            "In an AI client's file, and not known here: `superset-keys sign-in INSTANCE --api-key-stdin` takes it. \
             Then it can be moved."
        }
    }
}

fn what_to_do(kind: &FileKind, instance: &str) -> String {
    match kind {
        FileKind::AiClient { client } => format!(
            "In an AI client's file: `superset-keys scan --move` moves it into the keychain, and gives {client} the bridge."
        ),
        FileKind::ShellStartup => format!(
            "In a shell's start-up file: every program you start gets the key. Take the line out, and run what needs \
             it with `superset-keys exec {instance} -- COMMAND`."
        ),
        FileKind::ShellHistory => {
            "In a history of what was typed: take the line out while no such program is open, since each writes its own \
             when it ends."
                .to_owned()
        }
        FileKind::EnvFile => format!(
            "In an .env file: take the line out, and start the program with `superset-keys exec {instance} -- COMMAND`."
        ),
        FileKind::RequestSettings => {
            "In a file for requests: every request that reads it can carry the key. Take the line out.".to_owned()
        }
        FileKind::ClientData { client } => format!(
            "In what {client} wrote down by itself, a conversation, a log or a copy of a file: its model may have seen the \
             key. Replace the key and revoke this one; then the file does no harm."
        ),
        FileKind::Other => {
            "Elsewhere: take the key out of the file, and have the program ask for it when it runs.".to_owned()
        }
    }
}

/// Why a key still lies in an AI client's file.
pub fn why_not_moved(problem: ErrorCode) -> &'static str {
    use ErrorCode as E;
    match problem {
        E::NoSuchKey => {
            "no instance here knows it, so paste it first: `superset-keys sign-in INSTANCE --api-key-stdin`"
        }
        E::NotConnected => "it stands outside the entry of its instance, where only you know what it is for",
        E::ScopeUnsupported => "the client does not use this file now",
        E::WritingUnsupported | E::DeliveryUnsupported => "the client's file is nothing we write",
        E::SecretNotHere | E::ClientFileChanged => "the file changed meanwhile",
        E::ClientFileReadOnly => "the file is read-only",
        E::KeychainNoBus
        | E::KeychainAbsent
        | E::KeychainNoCollection
        | E::KeychainLocked
        | E::KeychainDismissed
        | E::KeychainWaiting
        | E::KeychainRefused
        | E::VaultLocked
        | E::KeychainOther => "the keychain could not be used: unlock it and scan again",
        _ => "`superset-keys connect` says why",
    }
}

/// What a reader must know to judge the answer.
pub fn remarks(view: &ScanView) -> Vec<String> {
    let mut said = Vec::new();
    if !view.by_fingerprint {
        said.push(
            "The keychain cannot be read, so keys were compared by their last letters only. Unlock it and scan again \
             to be sure."
                .to_owned(),
        );
    }
    if view.unreadable > 0 {
        let paths: Vec<_> = view.unread.iter().map(|one| shortened(&one.path)).collect();
        said.push(format!(
            "Not searched, {} could not be read: {}.",
            view.unreadable,
            named(&paths, view.unreadable)
        ));
    }
    if view.skipped.too_large > 0 {
        let paths: Vec<_> = view.skipped.large.iter().map(|path| shortened(path)).collect();
        let count = view.skipped.too_large;
        said.push(format!("Not searched, {count} larger than 64 MB: {}.", named(&paths, count)));
    }
    let older = &view.skipped.older;
    if older.files > 0 {
        said.push(format!(
            "Not searched, {} of {} MB that AI clients wrote earlier. Name a folder to have all of it searched: {}.",
            counted(older.files, "file"),
            older.megabytes,
            older.folders.join(", ")
        ));
    }
    if view.more {
        said.push("There are more keys than are shown.".to_owned());
    }
    said
}

fn named(paths: &[String], all: u32) -> String {
    let more = all.saturating_sub(u32::try_from(paths.len()).unwrap_or(u32::MAX));
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    paths.join(", ") + &more
}

/// As a person would write it: below the current folder or the home folder.
fn shortened(path: &str) -> String {
    let below = |folder: Option<PathBuf>, sign: &str| {
        let folder = folder?.canonicalize().ok()?;
        let rest = Path::new(path).strip_prefix(folder).ok()?;
        (!rest.as_os_str().is_empty()).then(|| format!("{sign}{}", rest.display()))
    };
    below(std::env::current_dir().ok(), "")
        .or_else(|| below(std::env::home_dir(), "~/"))
        .unwrap_or_else(|| path.to_owned())
}

fn counted(count: u32, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn milliseconds(took: u32) -> String {
    if took < 1000 { format!("{took} ms") } else { format!("{}.{} s", took / 1000, took % 1000 / 100) }
}
