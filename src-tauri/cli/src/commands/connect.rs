//! `superset-keys connect`, `disconnect` and `restore`

use super::clients::name;
use super::{Context, shell_word};
use crate::args::{Connect, Disconnect, Restore, Where};
use crate::failure::Outcome;
use crate::table::Table;
use crate::words;
use std::path::{Component, Path};
use superset_keys_core::actions::{
    BackupView, ConnectRequest, EntryPreview, EntryWritten, IfTaken, LocationBeside,
};
use superset_keys_core::checkup::Verdict;
use superset_keys_core::clients::{Check, DiffKind, DiffLine, Scope};

pub fn connect(context: &Context, args: Connect) -> Outcome {
    let id = context.instance(&args.to.at.instance)?;
    let key = match &args.key {
        None => None,
        Some(typed) => Some(context.core.find_usable_key(&id, Some(typed))?),
    };
    let mut request = request(args.to.client, &args.where_);
    request.key = key;
    request.delivery = args.delivery;
    request.guard = args.may.guard();
    request.if_taken = match (args.replace, args.beside) {
        (true, _) => Some(IfTaken::Replace),
        (_, true) => Some(IfTaken::Beside),
        _ => None,
    };
    let program = super::program(context)?;
    let preview = context.core.preview_connect(&id, &request, &program)?;
    let short_name = &args.to.at.instance;
    if args.where_.dry_run {
        show(context, &preview)?;
        for note in preview.notes.iter().filter(|note| words::is_for_those_who_share(**note)) {
            context.out.note(&format!("- {}", words::note(*note)));
        }
        say_beside(context, &preview.beside, &preview.entry, &preview.client, short_name);
        return Ok(());
    }
    for note in preview.notes.iter().filter(|note| words::is_for_those_who_share(**note)) {
        context.out.note(&format!("{}: {}", preview.path, words::note(*note)));
    }
    let written = context.wait(context.core.connect_client(&id, &request, &program, None))?;
    let instance = context.core.show_instance(&id)?;
    context.out.answer(&written, || {
        let client = name(&written.client);
        let place =
            written.path.clone() + &words::counting(written.folder.as_deref(), written.profile.as_deref());
        if written.beside.iter().any(words::is_in_the_way) {
            return format!(
                "{}\n\"{}\" for {} is in {place}, and {client} uses another one.",
                lines(&preview.lines),
                written.entry,
                instance.name
            );
        }
        if !written.changed {
            return format!(
                "{client} is already connected to {}: {place} is as it should be.",
                instance.name
            );
        }
        format!(
            "{}\n{client} is connected to {}: \"{}\" in {place}.",
            lines(&preview.lines),
            instance.name,
            written.entry
        )
    })?;
    say_beside(context, &written.beside, &written.entry, &written.client, short_name);
    say_after(context, &written);
    if instance.last_checkup.as_ref().is_some_and(|last| last.verdict == Verdict::Critical) {
        context.out.note("- The last check-up found that this server is not safe.");
    }
    context.out.note(&format!("- `superset-keys checkup {}` tries it.", shell_word(&args.to.at.instance)));
    Ok(())
}

pub fn disconnect(context: &Context, args: &Disconnect) -> Outcome {
    let id = context.instance(&args.to.at.instance)?;
    let request = request(args.to.client.clone(), &args.where_);
    let preview = context.core.preview_disconnect(&id, &request)?;
    if args.where_.dry_run {
        return show(context, &preview);
    }
    let written = context.wait(context.core.disconnect_client(&id, &request, None))?;
    context.out.answer(&written, || {
        format!(
            "{}\n\"{}\" is no longer in {}. The key still works: `superset-keys keys revoke` ends it.",
            lines(&preview.lines),
            written.entry,
            written.path.clone() + &words::counting(written.folder.as_deref(), written.profile.as_deref())
        )
    })?;
    say_beside(context, &written.beside, &written.entry, &written.client, &args.to.at.instance);
    say_after(context, &written);
    Ok(())
}

pub fn restore(context: &Context, args: &Restore) -> Outcome {
    if args.list {
        let backups = context.core.list_backups(&args.client)?;
        return context.out.answer(&backups, || list(&backups));
    }
    let preview = context.core.preview_restore(&args.client)?;
    if !preview.backup.can_be_undone {
        context.out.note("This is what undoing would change by now:");
        context.out.note(&lines(&preview.lines));
        context.out.note(&format!("The file as it was lies in {}.", preview.backup.kept_as));
    }
    let restored = context.wait(context.core.restore_client(&args.client))?;
    context.out.answer(&restored, || {
        let path = &restored.path;
        if restored.was_new {
            format!("{}\n{path} is gone again, as it was.", lines(&preview.lines))
        } else {
            format!("{}\n{path} is back as it was.", lines(&preview.lines))
        }
    })
}

fn request(client: String, which: &Where) -> ConnectRequest {
    let scope = which.scope.unwrap_or(if which.project.is_some() { Scope::Project } else { Scope::User });
    let project = which.project.as_deref().unwrap_or(Path::new("."));
    ConnectRequest {
        client,
        scope,
        project: Some(absolute(project)),
        file: which.file.as_deref().map(|file| {
            // A shell that did not take `~` apart meant the home all the same.
            if file.starts_with("~") { file.display().to_string() } else { absolute(file) }
        }),
        drop_key: which.drop_key,
        ..ConnectRequest::default()
    }
}

/// As seen from the folder a person is in.
pub fn absolute(folder: &Path) -> String {
    let goes_up = folder.components().any(|part| part == Component::ParentDir);
    // Where `..` leads to, only the disk knows.
    let found = if goes_up { folder.canonicalize() } else { std::path::absolute(folder) };
    found.as_deref().unwrap_or(folder).display().to_string()
}

fn show(context: &Context, preview: &EntryPreview) -> Outcome {
    context.out.answer(preview, || {
        if preview.lines.is_empty() {
            return format!("{} is as it should be. Nothing would change.", preview.path);
        }
        let new = if preview.exists { "" } else { " (new)" };
        format!("{}{new}\n{}", preview.path, lines(&preview.lines))
    })?;
    context.out.note("Nothing was changed.");
    Ok(())
}

/// Of the client's other places what is to be known of.
fn say_beside(context: &Context, beside: &[LocationBeside], entry: &str, client: &str, instance: &str) {
    for place in beside {
        context.out.note(&format!("- {}", words::beside(place, entry, (client, name(client)), instance)));
    }
}

fn say_after(context: &Context, written: &EntryWritten) {
    for note in written.notes.iter().filter(|note| !words::is_for_those_who_share(**note)) {
        context.out.note(&format!("- {}", words::note(*note)));
    }
    let client = name(&written.client);
    let shows = written.checks.first().map(|check| match check {
        Check::Run(command) => format!("`{command}`"),
        Check::Type(what) | Check::Open(what) => format!("{what} in {client}"),
    });
    if let Some(shows) = shows {
        context.out.note(&format!("- {shows} shows whether {client} sees it."));
    }
    if written.changed {
        context.out.note(&format!("- `superset-keys restore {}` undoes it.", written.client));
    }
}

/// As `diff -u` shows them.
fn lines(lines: &[DiffLine]) -> String {
    let sign = |line: &DiffLine| match line.kind {
        DiffKind::Kept => ' ',
        DiffKind::Added => '+',
        DiffKind::Removed => '-',
    };
    lines.iter().map(|line| format!("{}{}", sign(line), line.text)).collect::<Vec<_>>().join("\n")
}

fn list(backups: &[BackupView]) -> String {
    if backups.is_empty() {
        return "There is nothing to undo.".to_owned();
    }
    let mut table = Table::new(&["CHANGED", "FILE", "ENTRY", "STATE", "KEPT AS"]);
    for backup in backups {
        let state = if backup.can_be_undone { "can be undone" } else { "edited since" };
        table.row(vec![
            backup.at.clone(),
            backup.path.clone(),
            backup.entry.clone(),
            state.to_owned(),
            backup.kept_as.clone(),
        ]);
    }
    table.aligned()
}
