//! Of keys that are being replaced.

use crate::table::facts;
use crate::times;
use superset_keys_core::actions::{ClientUse, RewrittenView, RotatedKeyView, RotationView};
use superset_keys_core::clients;
use superset_keys_core::rotation::{BlindSpot, RevokeWhen, RotationEnd};
use superset_keys_core::store::RotationStep;

/// How far it is, for a person.
pub fn rotation(rotation: &RotationView) -> String {
    let now = times::now();
    let ends = |key: &RotatedKeyView| match &key.expires {
        Some(ends) => format!("ends {}", times::relative_utc(ends, now)),
        None => "never ends".to_owned(),
    };
    let key = |key: &RotatedKeyView, more: &str| {
        let alias = key.alias.clone().unwrap_or_else(|| key.id.to_string());
        let hint = key.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{alias}{hint}, {more}")
    };
    let fate = |is_leaving: bool, is_there: &str| match rotation.end {
        Some(RotationEnd::Revoked | RotationEnd::RevokedElsewhere | RotationEnd::WentBack) if is_leaving => {
            "revoked".to_owned()
        }
        _ => is_there.to_owned(),
    };
    let old = key(&rotation.old, &fate(!rotation.back, "still works"));
    let new = rotation.new.as_ref().map(|new| key(new, &fate(rotation.back, &ends(new))));
    let rows = facts(&[
        ("New key", new),
        ("Old key", Some(old)),
        ("Last use", rotation.watch.as_ref().map(|_| last_use(rotation))),
        ("Next", (rotation.end.is_none()).then(|| next(rotation))),
    ]);
    let head = match rotation.end {
        None => "Replacing",
        Some(RotationEnd::WentBack) => "Not replaced:",
        Some(_) => "Replaced",
    };
    format!("{head} \"{}\"\n{rows}", rotation.name)
}

/// Of the key that is to go.
fn last_use(rotation: &RotationView) -> String {
    let which = if rotation.back { "of the new key" } else { "of the old key" };
    let last = rotation.watch.as_ref().and_then(|watch| watch.last_use.as_ref());
    match times::relative(last, times::now()) {
        Some(ago) => format!("{which} {ago}"),
        None => format!("{which} never"),
    }
}

fn next(rotation: &RotationView) -> String {
    let which = if rotation.back { "the new key" } else { "the old key" };
    match rotation.step {
        RotationStep::Creating => "a new key is created".to_owned(),
        RotationStep::Proving => {
            "the new key is tried; until the server takes it, nothing changes".to_owned()
        }
        RotationStep::Watching if !rotation.blind_spots.is_empty() && !rotation.accepts_blind_spots => {
            format!("your word: {which} is not revoked by itself, because not all of its uses can be seen")
        }
        RotationStep::Watching => {
            let time = span(rotation.quiet_for);
            match rotation.watch.as_ref().map(|watch| watch.quiet) {
                Some(quiet) if quiet > 0 => {
                    format!("{which} is revoked when nobody used it for {time}: {} so far", span(quiet))
                }
                _ => format!("{which} is revoked when nobody used it for {time}"),
            }
        }
        RotationStep::Revoking | RotationStep::Ended => format!("{which} is revoked"),
    }
}

pub fn rotation_row(rotation: &RotationView) -> Vec<String> {
    let alias = |key: &RotatedKeyView| key.alias.clone().unwrap_or_else(|| key.id.to_string());
    let quiet = rotation.watch.as_ref().filter(|_| rotation.step == RotationStep::Watching);
    vec![
        rotation.short_name.clone(),
        rotation.name.clone(),
        alias(&rotation.old),
        rotation.new.as_ref().map(alias).unwrap_or_default(),
        how_far(rotation).to_owned(),
        quiet.map(|watch| span(watch.quiet)).unwrap_or_default(),
        quiet.map(|watch| span(watch.left)).unwrap_or_default(),
    ]
}

fn how_far(rotation: &RotationView) -> &'static str {
    match (rotation.step, rotation.end) {
        (_, Some(RotationEnd::Revoked)) => "done",
        (_, Some(RotationEnd::RevokedElsewhere)) => "done, revoked elsewhere",
        (_, Some(RotationEnd::KeptBoth)) => "done, both kept",
        (_, Some(RotationEnd::WentBack)) => "went back",
        (RotationStep::Creating, _) => "creating a new key",
        (RotationStep::Proving, _) => "trying the new key",
        (RotationStep::Watching, _) if rotation.problem.is_some() => "waiting, could not look",
        (RotationStep::Watching, _) if !rotation.blind_spots.is_empty() && !rotation.accepts_blind_spots => {
            "waiting for your word"
        }
        (RotationStep::Watching, _) => "waiting until it is quiet",
        (RotationStep::Revoking | RotationStep::Ended, _) => "revoking",
    }
}

/// What is worth knowing beside it.
pub fn beside_rotation(rotation: &RotationView, uses: &[ClientUse], at: &str) -> Vec<String> {
    let mut said = Vec::new();
    let old = if rotation.back { rotation.new.as_ref() } else { Some(&rotation.old) };
    let key = old.and_then(|key| key.alias.clone()).unwrap_or_else(|| rotation.old.id.to_string());
    for used in uses {
        let client = clients::find(&used.client).map_or(used.client.as_str(), |client| client.name);
        said.push(format!("- {client} still has the key that goes, in {} ({}).", used.path, used.entry));
    }
    if !uses.is_empty() && rotation.end.is_none() {
        said.push(format!(
            "`superset-keys keys rotate {at} {key} --rewrite-clients` writes the new one there. `superset-keys scan` \
             finds keys in other files."
        ));
    }
    if rotation.end.is_some() {
        if rotation.late_use {
            said.push(
                "It was used once more just before it was revoked: whoever that was is shut out now."
                    .to_owned(),
            );
        }
        return said;
    }
    said.extend(rotation.blind_spots.iter().map(|spot| blind_spot(*spot).to_owned()));
    if !rotation.blind_spots.is_empty() && !rotation.accepts_blind_spots {
        said.push(format!(
            "So it is not revoked by itself. If you know that nobody uses it: `superset-keys keys rotate {at} {key} \
             --revoke now`. If what can be seen is enough: --accept-blind-spots."
        ));
    }
    if rotation.shorter_than_a_pause
        && let Some(pause) = rotation.watch.as_ref().and_then(|watch| watch.longest_pause)
    {
        said.push(format!(
            "It was not used for {} before, which is longer than {}: whoever comes that rarely would be missed. \
             `--quiet-for` waits longer.",
            span(pause),
            span(rotation.quiet_for)
        ));
    }
    if rotation.revoke == RevokeWhen::WhenQuiet && rotation.step == RotationStep::Watching {
        said.push(
            "The app moves it on while it is open; without it, `superset-keys keys rotate --continue` does, by a timer."
                .to_owned(),
        );
    }
    said
}

pub(super) fn blind_spot(spot: BlindSpot) -> &'static str {
    match spot {
        BlindSpot::PublicRole => {
            "This Superset's Public role has permissions: where they reach, uses of a key leave no trace."
        }
        BlindSpot::Mcp => {
            "This Superset's MCP server answers and notes no use of a key: AI clients that use it there are not seen."
        }
        BlindSpot::McpUnclear => {
            "Whether the MCP server notes uses of a key could not be seen yet. It is asked again with each look."
        }
    }
}

pub fn rewritten(rewritten: &RewrittenView) -> String {
    let client = clients::find(&rewritten.client).map_or(rewritten.client.as_str(), |client| client.name);
    match (&rewritten.written, rewritten.problem) {
        (Some(written), _) => {
            let undone = if written.backup.is_some() { " `superset-keys restore` puts it back." } else { "" };
            format!("- {client} has the new key now, in {} ({}).{undone}", rewritten.path, rewritten.entry)
        }
        (None, problem) => {
            let why = problem.map(super::why_not_mended).unwrap_or_default();
            format!("- {client} still has the old key, in {} ({}): {why}.", rewritten.path, rewritten.entry)
        }
    }
}

pub fn replaced_in_time(alias: &str, on: bool) -> String {
    if on {
        format!(
            "{alias} is replaced by itself two weeks before it ends, while the app is open or by a timer."
        )
    } else {
        format!("{alias} is not replaced by itself.")
    }
}

/// `20 h`, `45 s`: the two largest units that count.
pub(super) fn span(seconds: u32) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let parts = [(days, "day"), (hours, "hour"), (minutes, "minute"), (seconds % 60, "second")];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len() - 1);
    let said = parts[first..].iter().take(2).filter(|(count, _)| *count > 0 || seconds == 0);
    let said = said.map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }));
    said.take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        for (seconds, said) in [
            (0, "0 seconds"),
            (10, "10 seconds"),
            (61, "1 minute 1 second"),
            (3600, "1 hour"),
            (86_400, "1 day"),
            (90_061, "1 day 1 hour"),
            (8 * 86_400, "8 days"),
        ] {
            assert_eq!(span(seconds), said);
        }
    }
}
