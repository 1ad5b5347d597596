//! The vault's file and its agent, as programs use them; the engine is the real one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may say so")]

mod agent;
mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use superset_keys_core::SystemRandom;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_vault::{Cost, Vault, engine};

/// A guess that costs next to nothing.
const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
const PASSPHRASE: &str = "correct horse";

/// The vault of one installation, as each program has its own.
fn vault(home: &Path) -> Vault {
    vault_of(home, CHEAP)
}

fn vault_of(home: &Path, cost: Cost) -> Vault {
    let vault = Vault::new(&Places::under(home), engine, cost, Arc::new(SystemRandom));
    std::fs::create_dir_all(vault_path(home).parent().unwrap()).unwrap();
    vault
}

fn vault_path(home: &Path) -> PathBuf {
    Places::under(home).config.join("vault.stronghold")
}

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

fn id(number: u32) -> SecretId {
    SecretId::api_key(&InstanceId::from_random(7), &ApiKeyId::new(format!("key-{number}")))
}

/// What a test compares.
fn text(found: Option<Secret>) -> Option<String> {
    // EXPOSE: a made-up key.
    found.map(|secret| secret.expose().to_owned())
}
