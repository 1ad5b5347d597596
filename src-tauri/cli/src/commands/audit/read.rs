//! `superset-keys audit`

use super::super::{Context, shell_word};
use super::view::{Answer, Both, OneView, Told};
use crate::args::{ReadAudit, Sort, Status};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::table::Table;
use crate::{exit, print, times, words};
use jiff::Timestamp;
use std::path::Path;
use std::process::ExitCode;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{AuditFilter, AuditKeyView, AuditSort, AuditView, InstanceView, audit_csv};
use superset_keys_core::api_key::KeyStatus;
use superset_keys_core::clock::TimeView;
use superset_keys_core::output_file::write_output_file;

const FOUND: u8 = 1;

/// Exit codes of its own: whether something was found; for several instances the worst.
pub fn read(context: &Context, args: &ReadAudit) -> Outcome<ExitCode> {
    let instances = match &args.instance {
        Some(name) => vec![context.core.show_instance(&context.instance(name)?)?],
        None => context.core.list_instances()?,
    };
    if context.out.json && args.csv.as_deref() == Some(Path::new("-")) {
        let message = "Both --json and --csv - would go to stdout.";
        return Err(Failure::face(FaceCode::Usage)
            .with("message", message)
            .hint("`--csv FILE` writes into a file."));
    }
    if instances.is_empty() {
        return Err(Failure::face(FaceCode::NoInstances));
    }
    if !args.offline {
        // The sessions are kept there.
        context.open_keychain()?;
    }
    let audits = audits(context, args, &instances)?;
    let told: Vec<_> = instances
        .into_iter()
        .zip(audits)
        .map(|(instance, audit)| told(context, args, instance, audit))
        .collect();
    if !args.all
        && let [Told { answer: Err(_), .. }] = told.as_slice()
    {
        let failure = told.into_iter().find_map(|told| told.answer.err());
        return Err(failure.unwrap_or_else(|| Failure::face(FaceCode::NoInstances)));
    }
    let code = told.iter().map(code).max().unwrap_or_default();
    if let Some(file) = &args.csv {
        write_csv(context, file, &told)?;
    }
    if args.csv.is_none() || context.out.json {
        answer(context, args, &told)?;
    }
    say_beside(context, args, &told);
    Ok(ExitCode::from(code))
}

/// What was read, or why nothing was, in the order of the instances.
fn audits(
    context: &Context,
    args: &ReadAudit,
    instances: &[InstanceView],
) -> Outcome<Vec<Result<AuditView, Failure>>> {
    if args.offline {
        let kept = instances.iter().map(|instance| {
            context.core.kept_audit(&instance.id)?.ok_or_else(|| Failure::face(FaceCode::NoKeptAudit))
        });
        return Ok(kept.collect());
    }
    let ids: Vec<_> = instances.iter().map(|instance| instance.id.clone()).collect();
    let asked = context.block(async { Ok(context.core.audit_each(&ids, args.trust_database).await) })?;
    let told = instances.iter().zip(asked).map(|(instance, audit)| {
        audit.map_err(|error| {
            let offline = error.is_offline();
            let failure = Failure::from(error);
            match context.core.kept_audit(&instance.id) {
                Ok(Some(kept)) if offline => failure.hint(format!(
                    "`superset-keys audit {} --offline` shows what was read {}.",
                    shell_word(&instance.short_name),
                    times::relative_utc(&kept.fetched, times::now())
                )),
                _ => failure,
            }
        })
    });
    Ok(told.collect())
}

/// What is shown of one instance.
fn told(
    context: &Context,
    args: &ReadAudit,
    instance: InstanceView,
    audit: Result<AuditView, Failure>,
) -> Told {
    let picked = audit.map(|audit| context.core.pick_audited(audit, &wanted(args), sort(args.sort)));
    let picked = picked.and_then(|audit| match &args.owner {
        // A name that was typed wrong is no name with which all is well.
        Some(owner) if !args.all && !audit.people.iter().any(|person| person.username == *owner) => {
            Err(Failure::core(ErrorCode::NoSuchPerson).with("name", owner))
        }
        _ => Ok(audit),
    });
    let answer = picked.map_err(|failure| failure.with("instance", shell_word(&instance.short_name)));
    Told { instance, answer }
}

fn wanted(args: &ReadAudit) -> AuditFilter {
    let status = |status: &Status| match status {
        Status::Active => KeyStatus::Active,
        Status::Expired => KeyStatus::Expired,
        Status::Revoked => KeyStatus::Revoked,
    };
    AuditFilter {
        owner: args.owner.clone(),
        statuses: args.status.iter().map(status).collect(),
        findings: args.finding.iter().flat_map(|findings| findings.0).copied().collect(),
        stale_days: args.stale,
    }
}

fn sort(typed: Sort) -> AuditSort {
    match typed {
        Sort::Gravity => AuditSort::Gravity,
        Sort::LastUsed => AuditSort::LastUsed,
        Sort::Created => AuditSort::Created,
        Sort::Expires => AuditSort::Expires,
        Sort::Owner => AuditSort::Owner,
        Sort::Name => AuditSort::Name,
    }
}

fn code(told: &Told) -> u8 {
    match &told.answer {
        Err(failure) => exit::of(failure),
        Ok(audit) => u8::from(audit.keys.iter().any(|key| !key.findings.is_empty())) * FOUND,
    }
}

fn read_ones(told: &[Told]) -> Vec<(&str, &AuditView)> {
    let read =
        told.iter().filter_map(|told| Some((told.instance.short_name.as_str(), told.answer.as_ref().ok()?)));
    read.collect()
}

fn write_csv(context: &Context, file: &Path, told: &[Told]) -> Outcome {
    let read = read_ones(told);
    if read.is_empty() {
        // A file of an earlier night is no answer of this one, and better than none.
        return Ok(());
    }
    let text = audit_csv(&read);
    if file == Path::new("-") {
        return print::table(&text);
    }
    write_output_file(file, text.as_bytes())?;
    let keys: usize = read.iter().map(|(_, audit)| audit.keys.len()).sum();
    let plural = if keys == 1 { "" } else { "s" };
    context.out.note(&format!("Wrote {keys} key{plural} to {}.", file.display()));
    Ok(())
}

fn answer(context: &Context, args: &ReadAudit, told: &[Told]) -> Outcome {
    let text = || if print::is_terminal() { for_a_person(told, args.all) } else { for_a_program(told) };
    if args.all {
        let instances = told.iter().map(OneView::of).collect();
        return context.out.answer(&Answer { instances }, text);
    }
    match told {
        [Told { instance, answer: Ok(audit) }] => context.out.answer(&Both::of(instance, audit), text),
        _ => Ok(()),
    }
}

fn say_beside(context: &Context, args: &ReadAudit, told: &[Told]) {
    for Told { instance, answer } in told {
        let before = if args.all { format!("{}: ", instance.short_name) } else { String::new() };
        match answer {
            Err(failure) => {
                let said = words::words(failure);
                context.out.note(&format!("{before}{}", said.message));
                if let Some(hint) = said.hint {
                    context.out.note(&hint);
                }
            }
            Ok(audit) => {
                let now = times::now();
                if !audit.live {
                    let (at, ago) = (
                        times::here_utc(&audit.fetched, &times::zone()),
                        times::relative_utc(&audit.fetched, now),
                    );
                    context.out.note(&format!("{before}Shown as of {at} ({ago})."));
                }
                let shown = u32::try_from(audit.keys.len()).unwrap_or(u32::MAX);
                let of = if shown < audit.total { format!(" {shown} shown.") } else { String::new() };
                context.out.note(&format!("{before}{}{of}", words::audit_summary(audit)));
                for remark in words::audit_remarks(audit, |at| times::relative_utc(at, now)) {
                    context.out.note(&format!("{before}{remark}"));
                }
            }
        }
    }
}

fn for_a_person(told: &[Told], all: bool) -> String {
    let now = times::now();
    let mut table =
        Table::new(&["INSTANCE", "NAME", "OWNER", "STATUS", "FINDINGS", "LAST USED", "ENDS", "CREATED"]);
    for (instance, audit) in read_ones(told) {
        for key in &audit.keys {
            table.row(vec![
                if all { instance.to_owned() } else { String::new() },
                key.name.clone(),
                owner(audit, key),
                status(key).to_owned(),
                said(audit, key),
                relative(key.last_used.as_ref(), now, "never"),
                relative(key.expires.as_ref(), now, "never"),
                relative(key.created.as_ref(), now, ""),
            ]);
        }
    }
    if table.is_empty() { String::new() } else { table.aligned() }
}

fn relative(time: Option<&TimeView>, now: Timestamp, without: &str) -> String {
    times::relative(time, now).unwrap_or_else(|| without.to_owned())
}

fn owner(audit: &AuditView, key: &AuditKeyView) -> String {
    let Some(owner) = audit.owner(key) else { return String::new() };
    let you = if owner.is_you { " (you)" } else { "" };
    let inactive = if owner.active == Some(false) { " (inactive)" } else { "" };
    format!("{}{you}{inactive}", owner.username)
}

fn said(audit: &AuditView, key: &AuditKeyView) -> String {
    let owner = audit.owner(key);
    key.findings.iter().map(|finding| words::audit_finding(*finding, owner)).collect::<Vec<_>>().join(", ")
}

fn status(key: &AuditKeyView) -> &'static str {
    match key.status {
        KeyStatus::Active => "active",
        KeyStatus::Expired => "expired",
        KeyStatus::Revoked => "revoked",
    }
}

/// Columns never change their place; new ones come behind.
fn for_a_program(told: &[Told]) -> String {
    let mut table = Table::new(&[
        "instance",
        "id",
        "name",
        "owner",
        "owner_active",
        "status",
        "last_used",
        "expires",
        "created",
        "revoked",
        "findings",
    ]);
    let utc = |time: &Option<TimeView>| time.as_ref().map(|time| time.utc.clone()).unwrap_or_default();
    for (instance, audit) in read_ones(told) {
        for key in &audit.keys {
            let owner = audit.owner(key);
            table.row(vec![
                instance.to_owned(),
                key.id.to_string(),
                key.name.clone(),
                owner.map(|owner| owner.username.clone()).unwrap_or_default(),
                owner.and_then(|owner| owner.active).map(|active| active.to_string()).unwrap_or_default(),
                status(key).to_owned(),
                utc(&key.last_used),
                utc(&key.expires),
                utc(&key.created),
                utc(&key.revoked),
                key.findings.iter().map(|finding| finding.as_str()).collect::<Vec<_>>().join(","),
            ]);
        }
    }
    table.tab_separated()
}
