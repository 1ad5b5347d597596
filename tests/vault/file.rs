use crate::{CHEAP, PASSPHRASE, id, secret, text, vault, vault_of, vault_path};
use std::path::PathBuf;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::secrets::{SecretStore, StoreState, VaultState, VaultStore};
use superset_keys_core::{Error, ErrorCode};
use superset_keys_vault::Cost;

fn code<T>(result: superset_keys_core::Result<T>) -> ErrorCode {
    result.map(drop).unwrap_err().code()
}

#[test]
fn what_is_kept_is_there_for_whoever_knows_the_passphrase() {
    let home = tempfile::tempdir().unwrap();
    let one = vault(home.path());
    assert_eq!(one.vault_state(), VaultState::Missing);
    assert_eq!(one.state(), StoreState::Problem(KeychainProblem::Absent));
    assert_eq!(text(one.get(&id(1)).unwrap()), None, "no vault holds nothing");
    assert_eq!(code(one.set(&id(1), &secret("sst_1"))), ErrorCode::NoVault);
    one.create(&secret(PASSPHRASE)).unwrap();
    assert_eq!(one.vault_state(), VaultState::Open, "it is left open");
    one.set(&id(1), &secret("sst_1")).unwrap();
    assert_eq!(code(one.create(&secret(PASSPHRASE))), ErrorCode::VaultExists);

    let other = vault(home.path());
    assert_eq!(other.vault_state(), VaultState::Locked);
    assert_eq!(other.state(), StoreState::Problem(KeychainProblem::VaultLocked));
    for locked in [
        code(other.get(&id(1))),
        code(other.set(&id(1), &secret("x"))),
        code(other.delete(&id(1))),
        code(other.held(&[id(1)])),
    ] {
        assert_eq!(locked, ErrorCode::VaultLocked);
    }
    other.open(&secret(PASSPHRASE)).unwrap();
    other.open(&secret(PASSPHRASE)).unwrap();
    assert_eq!(text(other.get(&id(1)).unwrap()).unwrap(), "sst_1");
    assert_eq!(other.held(&[id(1), id(2)]).unwrap(), [true, false]);
    other.lock_everywhere();
    assert_eq!(other.vault_state(), VaultState::Locked);
    assert_eq!(code(other.get(&id(1))), ErrorCode::VaultLocked);
}

#[test]
fn two_programs_on_one_file_lose_nothing() {
    let home = tempfile::tempdir().unwrap();
    vault(home.path()).create(&secret(PASSPHRASE)).unwrap();
    std::thread::scope(|scope| {
        for program in 0..4 {
            let home = home.path();
            scope.spawn(move || {
                let vault = vault(home);
                vault.open(&secret(PASSPHRASE)).unwrap();
                for number in 0..10 {
                    let id = id(program * 100 + number);
                    vault.set(&id, &secret(&format!("sst_{program}_{number}"))).unwrap();
                    if number % 3 == 0 {
                        vault.delete(&id).unwrap();
                    }
                }
            });
        }
    });
    let vault = vault(home.path());
    vault.open(&secret(PASSPHRASE)).unwrap();
    for program in 0..4 {
        for number in 0..10 {
            let found = text(vault.get(&id(program * 100 + number)).unwrap());
            let wanted = (number % 3 != 0).then(|| format!("sst_{program}_{number}"));
            assert_eq!(found, wanted, "{program} {number}");
        }
    }
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_two_things() {
    let home = tempfile::tempdir().unwrap();
    let one = vault(home.path());
    one.create(&secret(PASSPHRASE)).unwrap();
    one.set(&id(1), &secret("sst_1")).unwrap();
    let path = vault_path(home.path());
    let whole = std::fs::read(&path).unwrap();
    let other = vault(home.path());
    for wrong in ["correct hors", "correct horse ", "Correct horse", "", "correct horse\n"] {
        assert_eq!(code(other.open(&secret(wrong))), ErrorCode::WrongPassphrase, "{wrong:?}");
        assert_eq!(other.vault_state(), VaultState::Locked);
    }
    assert_eq!(std::fs::read(&path).unwrap(), whole, "nothing changed");

    for at in (0..whole.len()).step_by(17) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        let why = code(other.open(&secret(PASSPHRASE)));
        assert!(matches!(why, ErrorCode::VaultDamaged | ErrorCode::NotAVault), "byte {at}: {why:?}");
        // Also for whoever had it open.
        assert!(matches!(code(one.get(&id(1))), ErrorCode::VaultDamaged | ErrorCode::NotAVault));
        assert!(matches!(
            code(one.set(&id(2), &secret("x"))),
            ErrorCode::VaultDamaged | ErrorCode::NotAVault
        ));
        assert_eq!(std::fs::read(&path).unwrap(), damaged, "a damaged file was written over");
    }
    for shorter in [0, 1, 40, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..shorter]).unwrap();
        assert!(matches!(
            code(other.open(&secret(PASSPHRASE))),
            ErrorCode::VaultDamaged | ErrorCode::NotAVault
        ));
    }
    std::fs::write(&path, b"superset-keys-vault 2\nof tomorrow\n\n").unwrap();
    assert_eq!(code(other.open(&secret(PASSPHRASE))), ErrorCode::VaultNewer);
    std::fs::write(&path, &whole).unwrap();
    other.open(&secret(PASSPHRASE)).unwrap();
    assert_eq!(text(other.get(&id(1)).unwrap()).unwrap(), "sst_1");
}

#[test]
fn nothing_in_the_file_can_be_read_and_it_is_its_owner_s() {
    let home = tempfile::tempdir().unwrap();
    let vault = vault(home.path());
    vault.create(&secret(PASSPHRASE)).unwrap();
    vault.set(&id(1), &secret("sst_canarycanarycanary")).unwrap();
    vault.set(&id(1), &secret("sst_canarycanarycanary")).unwrap();
    let folder = vault_path(home.path()).parent().unwrap().to_owned();
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let bytes = std::fs::read(&file).unwrap();
        for canary in ["canary", "key-1", PASSPHRASE] {
            assert!(
                !bytes.windows(canary.len()).any(|part| part == canary.as_bytes()),
                "{canary} in {file:?}"
            );
        }
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777,
            0o600,
            "{file:?}"
        );
        seen += 1;
    }
    assert_eq!(seen, 3, "the vault, the one before it, a lock; and nothing of a half-way state");
}

#[test]
fn the_one_before_is_kept_and_a_new_passphrase_leaves_none_that_the_old_one_opens() {
    let home = tempfile::tempdir().unwrap();
    let one = vault(home.path());
    one.create(&secret(PASSPHRASE)).unwrap();
    one.set(&id(1), &secret("sst_1")).unwrap();
    one.set(&id(2), &secret("sst_2")).unwrap();
    let before = PathBuf::from(format!("{}.before", vault_path(home.path()).display()));
    let entries = one.import(&before, &secret(PASSPHRASE)).unwrap();
    assert_eq!(entries.len(), 1, "as it was before the last change");

    let elsewhere = vault(home.path());
    elsewhere.open(&secret(PASSPHRASE)).unwrap();
    assert_eq!(
        code(one.change_passphrase(&secret("something else"), &secret("battery staple"))),
        ErrorCode::WrongPassphrase
    );
    assert_eq!(
        code(one.change_passphrase(&secret(PASSPHRASE), &secret("short"))),
        ErrorCode::PassphraseShort
    );
    one.change_passphrase(&secret(PASSPHRASE), &secret("battery staple")).unwrap();
    assert_eq!(text(one.get(&id(2)).unwrap()).unwrap(), "sst_2", "whoever changed it goes on");
    assert_eq!(elsewhere.vault_state(), VaultState::Open, "not asked yet");
    assert_eq!(code(elsewhere.get(&id(2))), ErrorCode::VaultLocked);
    assert_eq!(elsewhere.vault_state(), VaultState::Locked);
    for file in [vault_path(home.path()), before] {
        assert_eq!(code(one.import(&file, &secret(PASSPHRASE))), ErrorCode::WrongPassphrase);
        assert_eq!(one.import(&file, &secret("battery staple")).unwrap().len(), 2);
    }
}

#[test]
fn what_a_guess_costs_is_raised_when_somebody_opens_it() {
    let home = tempfile::tempdir().unwrap();
    let old = vault(home.path());
    old.create(&secret(PASSPHRASE)).unwrap();
    old.set(&id(1), &secret("sst_1")).unwrap();
    let dearer = Cost { memory_kib: 256, passes: 2, lanes: 1 };
    let new = vault_of(home.path(), dearer);
    new.open(&secret(PASSPHRASE)).unwrap();
    assert_eq!(text(new.get(&id(1)).unwrap()).unwrap(), "sst_1");
    let head = |path: PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()[..80]).into_owned();
    assert!(head(vault_path(home.path())).contains("m=256 t=2 p=1"));
    assert!(head(PathBuf::from(format!("{}.before", vault_path(home.path()).display()))).contains("m=256"));
    // An older program goes on with what it finds.
    let older = vault_of(home.path(), CHEAP);
    older.open(&secret(PASSPHRASE)).unwrap();
    assert!(head(vault_path(home.path())).contains("m=256"), "it was made cheaper");
}

#[test]
fn the_same_letters_open_it_however_a_keyboard_makes_them() {
    let home = tempfile::tempdir().unwrap();
    vault(home.path()).create(&secret("Stra\u{df}enb\u{e4}hnchen")).unwrap();
    vault(home.path()).open(&secret("Stra\u{df}enba\u{308}hnchen")).unwrap();
}

#[test]
fn an_export_is_a_vault_of_its_own_passphrase() {
    let home = tempfile::tempdir().unwrap();
    let vault = vault(home.path());
    let path = home.path().join("keys.vault");
    let entries = [("a/key/1".to_owned(), secret("sst_canary")), ("state".to_owned(), secret("{}"))];
    assert_eq!(code(vault.export(&path, &secret("short"), &entries)), ErrorCode::PassphraseShort);
    assert!(!path.exists());
    vault.export(&path, &secret("of the export"), &entries).unwrap();
    assert!(!String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains("canary"));
    let mut read = vault.import(&path, &secret("of the export")).unwrap();
    read.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        read.into_iter().map(|(name, secret)| (name, text(Some(secret)).unwrap())).collect::<Vec<_>>(),
        [("a/key/1".to_owned(), "sst_canary".to_owned()), ("state".to_owned(), "{}".to_owned()),]
    );
    assert_eq!(code(vault.import(&path, &secret("of another"))), ErrorCode::WrongPassphrase);
    assert_eq!(code(vault.import(&home.path().join("none"), &secret("x"))), ErrorCode::VaultUnusable);
    std::fs::write(&path, "what is it").unwrap();
    assert_eq!(code(vault.import(&path, &secret("of the export"))), ErrorCode::NotAVault);
}

#[cfg(unix)]
#[test]
fn where_nothing_can_be_written_it_is_read_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    if rustix::process::geteuid().is_root() {
        // Nothing is closed to root; `tests/cli/disk.rs` tries it there.
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let vault = vault(home.path());
    vault.create(&secret(PASSPHRASE)).unwrap();
    vault.set(&id(1), &secret("sst_1")).unwrap();
    let folder = vault_path(home.path()).parent().unwrap().to_owned();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o500)).unwrap();
    assert_eq!(text(vault.get(&id(1)).unwrap()).unwrap(), "sst_1");
    assert!(matches!(vault.set(&id(2), &secret("x")), Err(Error::VaultUnusable { .. })));
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(text(vault.get(&id(2)).unwrap()), None);
}

#[test]
fn where_the_file_is_gone_its_copy_is_not_written_over() {
    let home = tempfile::tempdir().unwrap();
    let vault = vault(home.path());
    vault.create(&secret(PASSPHRASE)).unwrap();
    vault.set(&id(1), &secret("sst_1")).unwrap();
    vault.set(&id(2), &secret("sst_2")).unwrap();
    std::fs::remove_file(vault_path(home.path())).unwrap();
    vault.create(&secret("another one")).unwrap();
    let aside = PathBuf::from(format!("{}.before-1", vault_path(home.path()).display()));
    assert_eq!(vault.import(&aside, &secret(PASSPHRASE)).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn what_a_death_left_of_an_open_one_is_taken_away() {
    let home = tempfile::tempdir().unwrap();
    let vault = vault(home.path());
    vault.create(&secret(PASSPHRASE)).unwrap();
    let room = |name: &str| vault_path(home.path()).with_file_name(name);
    for left in [".vault-dead", ".vault-young"] {
        std::fs::create_dir(room(left)).unwrap();
        std::fs::write(room(left).join("snapshot"), "encrypted by an older passphrase").unwrap();
    }
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    std::fs::File::open(room(".vault-dead")).unwrap().set_modified(long_ago).unwrap();
    vault.set(&id(1), &secret("sst_1")).unwrap();
    assert!(!room(".vault-dead").exists());
    // Another program may be at it this very moment.
    assert!(room(".vault-young").exists());
}
