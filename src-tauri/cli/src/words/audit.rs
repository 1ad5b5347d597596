//! What is said of an audit.

use crate::times;
use superset_keys_core::actions::{AuditPersonView, AuditRoadKind, AuditSinceView, AuditView, LoginCheck};
use superset_keys_core::audit::AuditFinding;
use superset_keys_core::clock::ClockSource;

/// As few words as fit into a column.
pub fn finding(finding: AuditFinding, owner: Option<&AuditPersonView>) -> String {
    match finding {
        AuditFinding::OwnerInactive => "owner inactive",
        AuditFinding::OwnerAdmin => "Admin's",
        AuditFinding::NeverUsed => "never used",
        AuditFinding::Quiet => "quiet",
        AuditFinding::EndedNotRevoked => "ended, not revoked",
        AuditFinding::OverAYear => "over a year",
        AuditFinding::NoEnd => "no end",
        AuditFinding::EndsSoon => "ends soon",
        AuditFinding::ManyKeys => {
            return format!("{} keys", owner.map_or(0, |owner| owner.active_keys));
        }
        AuditFinding::SameName => "same name",
    }
    .to_owned()
}

/// `148 keys of 61 people, 58 with findings: 4 owner inactive, 9 never used.`
pub fn summary(audit: &AuditView) -> String {
    let keys = counted(audit.total, "key", "keys");
    let people = counted(u32::try_from(audit.people.len()).unwrap_or(u32::MAX), "person", "people");
    if audit.with_findings == 0 {
        return format!("{keys} of {people}, nothing found.");
    }
    let counts = audit.counts.iter().map(|count| {
        let words = if count.finding == AuditFinding::ManyKeys {
            format!("of people with {} or more", audit.many_keys)
        } else {
            finding(count.finding, None)
        };
        format!("{} {words}", count.keys)
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    format!("{keys} of {people}, {} with findings: {counts}.", audit.with_findings)
}

/// `Since 2026-11-03 14:05 (17 days ago): 12 new, 4 gone, 31 fell quiet.`
fn changed(since: &AuditSinceView, ago: &str) -> String {
    let at = times::here_utc(&since.at, &times::zone());
    let (new, gone, quiet) = (since.new.len(), since.gone.len(), since.quiet.len());
    if (new, gone, quiet) == (0, 0, 0) {
        return format!("Nothing changed since {at} ({ago}).");
    }
    format!("Since {at} ({ago}): {new} new, {gone} gone, {quiet} fell quiet.")
}

pub fn counted(count: u32, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// What has to be known to take the answer for what it is.
pub fn remarks(audit: &AuditView, ago: impl Fn(&str) -> String) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(audit.since.as_ref().map(|since| changed(since, &ago(&since.at))));
    if let (AuditRoadKind::SqlLab, Some(database)) = (audit.road.kind, &audit.road.database) {
        remarks.push(format!(
            "Read by SQL Lab on “{database}”, which keeps the query in its history. A dataset of the view is quicker."
        ));
    }
    if audit.road.by_tables {
        remarks.push("Read from Superset's own tables: roles that come by groups are not known.".to_owned());
    }
    match &audit.road.login {
        Some(LoginCheck::Trusted) => remarks.push(
            "The connection's login may more than read this list, or could not be asked. It was trusted for this run."
                .to_owned(),
        ),
        Some(LoginCheck::NotChecked) => remarks.push(
            "What the login behind the dataset may was not checked: you cannot ask it, and nobody did from this computer."
                .to_owned(),
        ),
        Some(LoginCheck::Remembered { at, .. }) => remarks.push(format!(
            "You cannot ask what the login behind the dataset may; it was fine {}.",
            ago(at)
        )),
        Some(LoginCheck::Asked) | None => {}
    }
    if audit.clock.source == ClockSource::Assumed && !audit.keys.is_empty() {
        remarks.push(
            "The server's clock is not known yet, so times may be hours off; what depends on that is left out of the findings. \
             `instances clock` sets it."
                .to_owned(),
        );
    }
    remarks
}
