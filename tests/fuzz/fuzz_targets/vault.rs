#![no_main]
//! A vault's file that somebody else wrote, or half of it. It is told from a wrong passphrase, nothing in it is believed, and
//! it is left as it is.
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use superset_keys_core::places::Places;
use superset_keys_core::random::SystemRandom;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::VaultStore;
use superset_keys_vault::{Cost, Vault, engine};

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

struct Stage {
    vault: Vault,
    file: PathBuf,
    _home: tempfile::TempDir,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        std::fs::create_dir_all(&places.config).unwrap();
        let vault = Vault::new(&places, engine, CHEAP, Arc::new(SystemRandom));
        Stage { vault, file: places.config.join("vault.stronghold"), _home: home }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let file = if kind % 4 == 0 {
        // No head makes it dear: that is what a minute of these would be spent on.
        if rest.windows(9).any(|word| word == b"argon2id ") {
            return;
        }
        rest.to_vec()
    } else {
        // As who knows how it is made would make it.
        let lines = format!("superset-keys-vault 1\nargon2id m=64 t=1 p=1 salt={}\n", BASE64.encode([*kind; 32]));
        let snapshot = if kind % 4 == 1 { rest.to_vec() } else { [b"PARTI".as_slice(), &[kind / 4, 0], rest].concat() };
        let seal = BASE64.encode(Sha256::new().chain_update(&lines).chain_update(&snapshot).finalize());
        [lines.as_bytes(), format!("sha256 {seal}\n").as_bytes(), &snapshot].concat()
    };
    let stage = stage();
    std::fs::write(&stage.file, &file).unwrap();
    let _ = stage.vault.vault_state();
    assert!(stage.vault.open(&Secret::new("correct horse")).is_err(), "nobody made it with this passphrase");
    assert!(!stage.vault.is_open_here());
    assert_eq!(std::fs::read(&stage.file).unwrap(), file, "it is left as it is");
});
