//! What was done, in words, and what can be said of the record of it.

use superset_keys_core::actions::{RecordCheckView, RecordRow, RecordState};
use superset_keys_core::chain::{Break, BreakKind};
use superset_keys_core::deed::DeedKind;

/// What our program did that the record does not tell of.
pub const NOT_NOTED: &str = "! This was done, and could not be noted in the record of what was done here. The file \
                             record.jsonl, or its folder, cannot be written; `--verbose` tells why.";

/// As a sentence without its end.
pub fn deed(row: &RecordRow) -> String {
    use DeedKind as D;
    let key = || row.name.clone().or_else(|| Some(row.key.as_ref()?.to_string())).unwrap_or_default();
    let client = || match (&row.client, &row.path) {
        (Some(client), Some(path)) => format!("{client} ({path})"),
        (client, path) => client.clone().or_else(|| path.clone()).unwrap_or_default(),
    };
    let who = |before: &str| row.who.as_ref().map(|who| format!(" {before} {who}")).unwrap_or_default();
    let path = || row.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
    let how = |before: &str| row.how.as_ref().map(|how| format!(" {before} {how}")).unwrap_or_default();
    match row.deed {
        D::InstanceAdded => "added the instance".to_owned(),
        D::InstanceRemoved => "removed the instance".to_owned(),
        D::SignedIn => format!("signed in{}{}", who("as"), how("by")),
        D::SignedOut => format!("signed out{}", who("as")),
        D::KeyCreated if row.how.is_some() => format!("took up the created key {}", key()),
        D::KeyCreated => format!("created the key {}", key()),
        D::KeyKept => format!("stored the pasted key {}", key()),
        D::KeyReplaced => format!("put a new key in the place of {}", key()),
        D::KeyCopied => format!("copied the key {}", key()),
        D::KeyRevealed => format!("showed the key {}", key()),
        D::KeyPrinted => format!("printed the key {}", key()),
        D::KeyGiven => format!("gave the key {}{}", key(), how("to")),
        D::KeyInSnippet => format!("put the key {} into a text for {}", key(), client()),
        D::KeyForgotten => format!("forgot the key {}", key()),
        D::KeyRevoked => format!("revoked the key {}{}", key(), who("of")),
        D::ClientConnected => format!("connected {}{}", client(), how("by")),
        D::ClientDisconnected => format!("disconnected {}", client()),
        D::ClientUndone => format!("undid the last change of {}", client()),
        D::AccessChanged => format!("changed what AI clients are let in with{}{}", how("to"), who("for")),
        D::SigningSecretKept => "stored the secret that tokens are signed with".to_owned(),
        D::SigningSecretCopied => "copied the secret that tokens are signed with".to_owned(),
        D::SigningSecretShown => {
            "put the secret that tokens are signed with into a server's lines".to_owned()
        }
        D::SigningSecretForgotten => "forgot the secret that tokens are signed with".to_owned(),
        D::TokenMinted => format!("signed a token{}{}", who("for"), how("until")),
        D::GuestTokenMinted => {
            let dashboard = row.name.as_ref().map(|title| format!(" of {title}")).unwrap_or_default();
            format!("minted a token for a guest{dashboard}{}{}", who("called"), how("until"))
        }
        D::OauthSet => format!("set OAuth up{}", how("at")),
        D::OauthSignedIn => format!("signed AI clients in{}{}", who("as"), how("at")),
        D::OauthSignedOut => format!("signed AI clients out{}", how("at")),
        D::ReportSigned => "signed a report".to_owned(),
        D::PersonActivated => format!("activated{}", who("")),
        D::EmbeddingChanged => format!("let a dashboard be shown: {}{}", key(), how("by")),
        D::EmbeddingEnded => format!("ended the embedding of {}", key()),
        D::GuestRoleMade => format!("made or completed the guests' role {}", key()),
        D::MinterMade => format!("made {}, which mints guest tokens{}", key(), who("as")),
        D::PersonDeactivated => format!("deactivated{}", who("")),
        D::NetworkChanged => "changed how it is reached".to_owned(),
        D::AppLocked => format!("locked the app{}", how("by")),
        D::AppUnlocked => "unlocked the app".to_owned(),
        D::VaultCreated => "made the vault".to_owned(),
        D::VaultUnlocked => "unlocked the vault".to_owned(),
        D::VaultLocked => "locked the vault".to_owned(),
        D::VaultPassphraseChanged => "gave the vault another passphrase".to_owned(),
        D::VaultRestored => "put the vault's copy in its place".to_owned(),
        D::SecretsMoved => format!("moved all secrets{}", how("to the")),
        D::SecretsExported => format!("exported all secrets{}", path()),
        D::SecretsImported => format!("imported secrets{}", path()),
        D::Unknown => "did something that this version does not know".to_owned(),
    }
}

pub fn unchained(lines: u32) -> String {
    format!(
        "{} noted while there was no keychain to chain with: nobody can tell whether somebody changed, added or took \
         away such lines.",
        super::audit::counted(lines, "line was", "lines were")
    )
}

/// What was found, and where.
pub fn verdict(view: &RecordCheckView) -> String {
    let proven = super::audit::counted(view.proven, "line is", "lines are");
    match view.state {
        RecordState::Empty => "The record is empty.".to_owned(),
        RecordState::Holds => format!("{proven} as they were written, and none between them is missing."),
        RecordState::NotProven => {
            "Nothing can be proven: no line is chained with the key that the keychain has.".to_owned()
        }
        RecordState::StoreAway => {
            "Nothing can be proven now: the keychain, which has the key, is locked or away.".to_owned()
        }
        RecordState::Broken => {
            let mut all: Vec<_> = view.breaks.iter().map(found).collect();
            if usize::try_from(view.broken).is_ok_and(|all| all > view.breaks.len()) {
                all.push("More is wrong; these are the first places.".to_owned());
            }
            all.push(format!("{proven} as they were written."));
            all.join("\n")
        }
    }
}

fn found(found: &Break) -> String {
    let Break { kind, file, line, number, to } = found;
    let place = line.map_or_else(|| file.clone(), |line| format!("{file}, line {line}"));
    let number = number.map(|number| format!("number {number}"));
    let range = match (&number, to) {
        (Some(number), Some(to)) if *number != format!("number {to}") => format!("{number} to {to}"),
        (number, _) => number.clone().unwrap_or_default(),
    };
    let number = number.unwrap_or_else(|| "what stands there".to_owned());
    match kind {
        BreakKind::Altered => {
            format!("{place}: {number} is not as it was written, or not written by this program.")
        }
        BreakKind::Missing => format!("{place}: {range} is missing before it."),
        BreakKind::CutOff => format!("{place}: the end was cut off; {range} is missing."),
        BreakKind::OutOfPlace => format!("{place}: {number} does not belong there."),
        BreakKind::NotALine => format!("{place}: what stands there is no line of the record."),
    }
}

/// What a look at the record cannot prove, as plainly.
pub fn cannot_tell(view: &RecordCheckView) -> Vec<String> {
    let mut all = Vec::new();
    if view.unchained > 0 {
        all.push(unchained(view.unchained));
    }
    if view.of_another_key > 0 {
        all.push(format!(
            "{} chained with a key that is not in the keychain any more: they prove nothing.",
            super::audit::counted(view.of_another_key, "line is", "lines are")
        ));
    }
    if view.torn > 0 {
        all.push(format!(
            "{} cut short: this program or the computer stopped there.",
            super::audit::counted(view.torn, "line is", "lines are")
        ));
    }
    if matches!(view.state, RecordState::Empty) {
        return all;
    }
    if view.proven > 0 && !view.has_head {
        all.push(
            "The keychain does not say which line is the last: whether the end was cut off cannot be told."
                .to_owned(),
        );
    }
    if view.past_head > 0 {
        all.push(format!(
            "{} at the end came after what the keychain was told: had they been cut off, nobody could tell.",
            super::audit::counted(view.past_head, "line", "lines")
        ));
    }
    all.push(
        "Who can ask your keychain, as any program of yours can, could have written all of it. What was done by other \
         programs, or could not be noted, is not in it."
            .to_owned(),
    );
    all
}
