use super::*;
use crate::error::ErrorCode;
use crate::secrets::VaultState;
use std::path::{Path, PathBuf};

/// A vault that is a keychain of the test's.
#[derive(Default)]
struct Fake(MemoryStore, AtomicBool);

impl SecretStore for Fake {
    fn name(&self) -> String {
        "the vault".into()
    }
    fn state(&self) -> StoreState {
        self.0.state()
    }
    fn unlock(&self) -> Result<()> {
        self.0.unlock()
    }
    fn lock(&self) {
        self.1.store(true, Ordering::SeqCst);
    }
    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.0.get(id)
    }
    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        self.0.held(ids)
    }
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        self.0.set(id, secret)
    }
    fn delete(&self, id: &SecretId) -> Result<()> {
        self.0.delete(id)
    }
}

impl VaultStore for Fake {
    fn path(&self) -> &Path {
        Path::new("")
    }
    fn is_there(&self) -> bool {
        true
    }
    fn vault_state(&self) -> VaultState {
        VaultState::Open
    }
    fn create(&self, _: &Secret) -> Result<()> {
        Ok(())
    }
    fn open(&self, _: &Secret) -> Result<()> {
        Ok(())
    }
    fn lock_everywhere(&self) {}
    fn change_passphrase(&self, _: &Secret, _: &Secret) -> Result<()> {
        Ok(())
    }
    fn copy_path(&self) -> PathBuf {
        PathBuf::new()
    }
    fn restore_copy(&self) -> Result<()> {
        Ok(())
    }
    fn export(&self, _: &Path, _: &Secret, _: &[(String, Secret)]) -> Result<()> {
        Ok(())
    }
    fn import(&self, _: &Path, _: &Secret) -> Result<Vec<(String, Secret)>> {
        Ok(Vec::new())
    }
}

struct World {
    keychain: Arc<MemoryStore>,
    vault: Arc<Fake>,
    safe: Safe,
}

fn world(first: Option<StoreKind>, elsewhere: bool) -> World {
    let (keychain, vault) = (Arc::<MemoryStore>::default(), Arc::<Fake>::default());
    let safe = Safe::new(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let safe = safe
        .with_vault(Arc::clone(&vault) as Arc<dyn VaultStore>, Box::new(move || Chosen { first, elsewhere }));
    World { keychain, vault, safe }
}

fn id() -> SecretId {
    SecretId::fingerprint_key()
}

fn text(secret: Result<Option<Secret>>) -> Option<String> {
    // EXPOSE: a made-up secret.
    secret.unwrap().map(|secret| secret.expose().to_owned())
}

#[test]
fn a_vault_that_nothing_is_in_is_not_asked() {
    for first in [None, Some(StoreKind::Keychain)] {
        let World { keychain, vault, safe } = world(first, false);
        vault.0.fail_with(Some(KeychainProblem::VaultLocked));
        assert_eq!(text(safe.get(&id())), None, "a locked vault is in the way of what is not there");
        assert_eq!(safe.missing(vec![id()]).unwrap(), [id()]);
        safe.delete(&id()).unwrap();
        assert_eq!(safe.put(&id(), &Secret::new("a")).unwrap(), StoreKind::Keychain);
        assert_eq!(text(keychain.get(&id())).unwrap(), "a");
    }
}

#[test]
fn nor_is_a_keychain_that_everything_has_left() {
    let World { keychain, vault, safe } = world(Some(StoreKind::Vault), false);
    for away in [KeychainProblem::Locked, KeychainProblem::NoBus] {
        keychain.fail_with(Some(away));
        assert_eq!(text(safe.get(&id())), None);
        assert_eq!(safe.missing(vec![id()]).unwrap(), [id()]);
        safe.delete(&id()).unwrap();
    }
    assert_eq!(safe.put(&id(), &Secret::new("a")).unwrap(), StoreKind::Vault);
    assert_eq!(text(vault.get(&id())).unwrap(), "a");
}

#[test]
fn half_way_both_are_looked_into_and_a_locked_one_is_no_empty_one() {
    let World { keychain, vault, safe } = world(Some(StoreKind::Vault), true);
    keychain.set(&id(), &Secret::new("old")).unwrap();
    assert_eq!(text(safe.get(&id())).unwrap(), "old");
    assert_eq!(safe.missing(vec![id()]).unwrap(), []);
    keychain.fail_with(Some(KeychainProblem::Locked));
    assert_eq!(safe.get(&id()).unwrap_err().code(), ErrorCode::KeychainLocked);
    assert_eq!(safe.missing(vec![id()]).unwrap_err().code(), ErrorCode::KeychainLocked);
    assert_eq!(safe.delete(&id()).unwrap_err().code(), ErrorCode::KeychainLocked);
    // A new one is stored all the same, and nobody is asked to unlock the other.
    assert_eq!(safe.put(&id(), &Secret::new("new")).unwrap(), StoreKind::Vault);
    keychain.fail_with(None);
    assert_eq!(text(safe.get(&id())).unwrap(), "new", "an older one in the other store");
    safe.put(&id(), &Secret::new("newer")).unwrap();
    assert_eq!(text(keychain.get(&id())), None, "it goes when it can");
    assert_eq!(text(vault.get(&id())).unwrap(), "newer");
    keychain.set(&id(), &Secret::new("left")).unwrap();
    safe.delete(&id()).unwrap();
    assert_eq!((text(keychain.get(&id())), text(vault.get(&id()))), (None, None));
}

/// Over ssh there is no keychain for somebody who has one at their desk: nothing is called gone for that.
#[test]
fn a_keychain_that_cannot_be_asked_now_is_no_empty_one_either() {
    let World { keychain, safe, .. } = world(Some(StoreKind::Vault), true);
    keychain.fail_with(Some(KeychainProblem::NoBus));
    assert_eq!(safe.missing(vec![id()]).unwrap_err().code(), ErrorCode::KeychainNoBus);
    assert_eq!(text(safe.get(&id())), None, "and is not in the way of what is made anew");
}

#[test]
fn moving_copies_reads_back_and_lets_go() {
    let World { keychain, vault, safe } = world(Some(StoreKind::Vault), true);
    keychain.set(&id(), &Secret::new("a")).unwrap();
    let (from, to) = (StoreKind::Keychain, StoreKind::Vault);
    assert_eq!(safe.copy_between(&id(), from, to).unwrap(), Copied::Moved);
    assert_eq!(text(keychain.get(&id())).unwrap(), "a", "in both until it is noted");
    assert_eq!(safe.copy_between(&id(), from, to).unwrap(), Copied::WasThere);
    safe.delete_from(from, &id()).unwrap();
    assert_eq!(text(vault.get(&id())).unwrap(), "a");
    vault.0.fail_with(Some(KeychainProblem::VaultLocked));
    assert_eq!(safe.copy_between(&id(), from, to).unwrap_err().code(), ErrorCode::VaultLocked);
}

#[test]
fn locking_wipes_what_opens_the_vault_and_hands_nothing_out() {
    let World { vault, safe, .. } = world(Some(StoreKind::Vault), false);
    safe.put(&id(), &Secret::new("a")).unwrap();
    safe.lock();
    assert!(vault.1.load(Ordering::SeqCst), "it was not told");
    assert_eq!(safe.get(&id()).unwrap_err().code(), ErrorCode::AppLocked);
    assert_eq!(safe.find(&id()).unwrap_err().code(), ErrorCode::AppLocked);
    assert_eq!(
        safe.copy_between(&id(), StoreKind::Vault, StoreKind::Keychain).unwrap_err().code(),
        ErrorCode::AppLocked
    );
    assert_eq!(safe.put(&id(), &Secret::new("b")).unwrap_err().code(), ErrorCode::AppLocked);
    safe.open();
    assert_eq!(text(safe.get(&id())).unwrap(), "a");
}

/// A keychain that gets, a moment after it was asked, what the vault has: a move is under way.
struct Filling(MemoryStore, Arc<Fake>);

impl Filling {
    fn fill(&self, id: &SecretId) {
        if let Some(secret) = self.1.get(id).unwrap() {
            self.0.set(id, &secret).unwrap();
            self.1.delete(id).unwrap();
        }
    }
}

impl SecretStore for Filling {
    fn name(&self) -> String {
        self.0.name()
    }
    fn state(&self) -> StoreState {
        self.0.state()
    }
    fn unlock(&self) -> Result<()> {
        self.0.unlock()
    }
    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        let found = self.0.get(id);
        self.fill(id);
        found
    }
    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        let held = self.0.held(ids);
        for id in ids {
            self.fill(id);
        }
        held
    }
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        self.0.set(id, secret)
    }
    fn delete(&self, id: &SecretId) -> Result<()> {
        self.0.delete(id)
    }
}

#[test]
fn what_moves_while_it_is_looked_for_is_found() {
    let world = || {
        let vault = Arc::<Fake>::default();
        vault.set(&id(), &Secret::new("a")).unwrap();
        let keychain = Arc::new(Filling(MemoryStore::default(), Arc::clone(&vault)));
        let chosen = || Chosen { first: Some(StoreKind::Keychain), elsewhere: true };
        Safe::new(keychain).with_vault(vault as Arc<dyn VaultStore>, Box::new(chosen))
    };
    assert_eq!(text(world().get(&id())).unwrap(), "a");
    assert_eq!(world().missing(vec![id()]).unwrap(), []);
}

#[test]
fn whoever_turns_back_half_way_keeps_what_is_newer() {
    let World { keychain, vault, safe } = world(Some(StoreKind::Vault), true);
    keychain.set(&id(), &Secret::new("older")).unwrap();
    vault.set(&id(), &Secret::new("newer")).unwrap();
    let (from, to) = (StoreKind::Vault, StoreKind::Keychain);
    safe.renew_copy(&id(), from, to).unwrap();
    assert_eq!(text(keychain.get(&id())).unwrap(), "newer");
    vault.delete(&id()).unwrap();
    safe.renew_copy(&id(), from, to).unwrap();
    assert_eq!(text(keychain.get(&id())).unwrap(), "newer", "one that is in one place alone stays");
}
