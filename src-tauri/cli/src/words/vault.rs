//! Of the vault.

use superset_keys_core::actions::{ExportedView, ImportedView, SecretsMovedView, VaultStatus, VaultView};
use superset_keys_core::secret::StoreKind;

pub fn vault_status(view: &VaultView) -> String {
    let vault = match view.state {
        VaultStatus::Missing => "There is no vault here".to_owned(),
        VaultStatus::Locked => format!("The vault {} is locked", view.path.display()),
        VaultStatus::Open => format!("The vault {} is unlocked", view.path.display()),
    };
    let first = match view.first {
        StoreKind::Vault => "the vault",
        StoreKind::Keychain => &view.keychain,
    };
    let none = if view.first == StoreKind::Keychain && view.keychain_problem.is_some() {
        ", which cannot be used now"
    } else {
        ""
    };
    format!("{vault}. New keys go to {first}{none}.{}", export_of(view))
}

/// Only where a vault may be the only copy.
fn export_of(view: &VaultView) -> String {
    if view.state == VaultStatus::Missing {
        return String::new();
    }
    match (&view.exported, view.not_exported) {
        (None, 0) => String::new(),
        (None, _) => {
            " Nothing was exported yet: `superset-keys vault export FILE` writes a second file.".to_owned()
        }
        (Some(at), 0) => format!(" The last export, of {at}, has every key."),
        (Some(at), new) => format!(" The last export, of {at}, is without {}.", counted_new(new)),
    }
}

fn counted_new(count: u32) -> String {
    if count == 1 { "one key that came since".to_owned() } else { format!("{count} keys that came since") }
}

pub fn secrets_moved(view: &SecretsMovedView, keychain: &str) -> String {
    let to = match view.to {
        StoreKind::Vault => "the vault",
        StoreKind::Keychain => keychain,
    };
    let moved = match view.moved {
        0 => format!("Nothing was left to move to {to}"),
        1 => format!("One secret moved to {to}"),
        count => format!("{count} secrets moved to {to}"),
    };
    format!("{moved}. New keys go there.")
}

pub fn left_at_old_place(count: u32) -> String {
    let what = if count == 1 { "One of them is".to_owned() } else { format!("{count} of them are") };
    format!(
        "{what} still at the old place, too, which did not let go. Run the command again when it is back."
    )
}

pub fn exported(view: &ExportedView) -> String {
    format!(
        "Wrote {} with {} to {}.",
        counted(view.secrets, "secret"),
        counted(view.instances, "instance"),
        view.path.display()
    )
}

pub fn imported(view: &ImportedView) -> String {
    let came = format!(
        "{} and {} came.",
        counted(view.instances_added, "instance"),
        counted(view.keys_added, "key")
    );
    let known = match view.keys_known {
        0 => String::new(),
        count => format!(" Here already: {}.", counted(count, "key")),
    };
    let made =
        if view.vault_made { " They lie in a new vault, with the passphrase of the file." } else { "" };
    came + &known + made
}

fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
