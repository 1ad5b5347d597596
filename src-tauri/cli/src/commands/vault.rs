//! `superset-keys vault …`

use super::{Context, agent};
use crate::args::{ExportVault, ImportVault, Passphrase, Unlock, Vault};
use crate::failure::{FaceCode, Failure, Outcome};
use crate::{input, words};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{MoveProgress, VaultStatus};
use superset_keys_core::secret::{Secret, StoreKind};

pub fn run(context: &Context, command: &Vault) -> Outcome {
    match command {
        Vault::Create(args) => create(context, args),
        Vault::Unlock(args) => unlock(context, args),
        Vault::Lock => {
            let view = context.wait(context.core.lock_vault())?;
            context.out.answer(&view, || "The vault is locked.".to_owned())
        }
        Vault::Status => {
            let view = context.wait(context.core.vault_view())?;
            context.out.answer(&view, || words::vault_status(&view))
        }
        Vault::Passphrase(args) => passphrase(context, args),
        Vault::MoveIn => moved(context, StoreKind::Vault),
        Vault::MoveOut => moved(context, StoreKind::Keychain),
        Vault::Export(args) => export(context, args),
        Vault::Import(args) => import(context, args),
        Vault::Restore => {
            let view = context.wait(context.core.restore_vault())?;
            context
                .out
                .answer(&view, || "The copy is the vault now. What was in its place is beside it.".to_owned())
        }
    }
}

fn create(context: &Context, args: &Unlock) -> Outcome {
    if context.wait(context.core.vault_view())?.state != VaultStatus::Missing {
        return Err(Failure::core(ErrorCode::VaultExists));
    }
    let passphrase = new_passphrase(context, &args.passphrase, "Passphrase of the new vault")?;
    let view = context.wait(context.core.create_vault(passphrase))?;
    agent::answer_others(context, args.idle)?;
    context.out.answer(&view, || format!("Made {}. It is unlocked.", view.path.display()))?;
    context.out.note("Nobody can reset the passphrase: without it what is in the vault is gone.");
    if view.first == StoreKind::Keychain {
        context.out.note(&format!(
            "New keys go on to {}; `superset-keys vault move-in` puts all of them into the vault.",
            view.keychain
        ));
    }
    context.out.note("`superset-keys vault export FILE` makes a copy for another place.");
    Ok(())
}

fn unlock(context: &Context, args: &Unlock) -> Outcome {
    let mut view = context.wait(context.core.vault_view())?;
    match view.state {
        VaultStatus::Missing => return Err(Failure::core(ErrorCode::NoVault)),
        VaultStatus::Open => {}
        VaultStatus::Locked => {
            let passphrase = known_passphrase(context, &args.passphrase, "Passphrase of the vault")?;
            view = context.wait(context.core.unlock_vault(passphrase))?;
            agent::answer_others(context, args.idle)?;
        }
    }
    context.out.answer(&view, || "The vault is unlocked.".to_owned())
}

fn passphrase(context: &Context, args: &Passphrase) -> Outcome {
    if context.wait(context.core.vault_view())?.state == VaultStatus::Missing {
        return Err(Failure::core(ErrorCode::NoVault));
    }
    let old = known_passphrase(context, args, "Passphrase until now")?;
    let new = new_passphrase(context, args, "New passphrase")?;
    let view = context.wait(context.core.change_vault_passphrase(old, new))?;
    context.out.answer(&view, || {
        "The vault has another passphrase. The old one opens nothing any more.".to_owned()
    })?;
    context.out.note("An export keeps the passphrase that it was made with.");
    Ok(())
}

fn moved(context: &Context, to: StoreKind) -> Outcome {
    let view = context.wait(context.core.vault_view())?;
    if view.state == VaultStatus::Locked && input::is_terminal() {
        let passphrase = context.ask_secret("Passphrase of the vault".to_owned())?;
        context.wait(context.core.unlock_vault(passphrase))?;
    }
    let report = |_: MoveProgress| true;
    let moved = context.wait(context.core.move_secrets(to, report))?;
    context.out.answer(&moved, || words::secrets_moved(&moved, &view.keychain))?;
    if moved.left > 0 {
        context.out.note(&words::left_at_old_place(moved.left));
    }
    Ok(())
}

fn export(context: &Context, args: &ExportVault) -> Outcome {
    let passphrase = new_passphrase(context, &args.passphrase, "Passphrase of the export")?;
    let view = context.wait(context.core.export_secrets(args.file.clone(), passphrase))?;
    context.out.answer(&view, || words::exported(&view))?;
    if view.not_here > 0 {
        context.out.note(&format!(
            "{} keys are on record here, and their text is in no store: they are not in it.",
            view.not_here
        ));
    }
    context.out.note("Sign-ins are not in it.");
    Ok(())
}

fn import(context: &Context, args: &ImportVault) -> Outcome {
    let passphrase = known_passphrase(context, &args.passphrase, "Passphrase of the export")?;
    let view = context.wait(context.core.import_secrets(args.file.clone(), passphrase))?;
    if view.vault_made {
        agent::answer_others(context, agent::IDLE)?;
    }
    context.out.answer(&view, || words::imported(&view))
}

/// One line of stdin, or the answer to a question.
fn known_passphrase(context: &Context, args: &Passphrase, question: &str) -> Outcome<Secret> {
    if args.passphrase_stdin {
        return input::read_secret();
    }
    if !input::is_typed() {
        return Err(Failure::face(FaceCode::PassphraseNeeded));
    }
    context.ask_secret(question.to_owned())
}

/// The same, asked twice where it is typed: nobody can look it up.
fn new_passphrase(context: &Context, args: &Passphrase, question: &str) -> Outcome<Secret> {
    let first = known_passphrase(context, args, question)?;
    if args.passphrase_stdin {
        return Ok(first);
    }
    let again = context.ask_secret("Once more".to_owned())?;
    // EXPOSE: what was typed twice is compared.
    if first.expose() == again.expose() { Ok(first) } else { Err(Failure::face(FaceCode::PassphrasesDiffer)) }
}
