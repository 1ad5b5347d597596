//! All secrets move to another store while a key is made, and a move that turns back half-way.

use crate::hooked::Hooked;
use crate::{Stage, presence, wanted};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use superset_keys_core::actions::{HandedTo, Presence};
use superset_keys_core::clock::SystemNow;
use superset_keys_core::ids::SecretId;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::{Secret, StoreKind};
use superset_keys_core::secrets::{Keep, MemoryStore, SecretStore, VaultState, VaultStore};
use superset_keys_core::store::{State, Store};
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};

/// What another process does when a key comes, once.
type Meanwhile = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

fn interrupted(meanwhile: Meanwhile) -> Hooked<MemoryStore> {
    Hooked::when_a_key_comes(MemoryStore::default(), move |_| {
        let happens = meanwhile.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
    })
}

/// All secrets go into the vault.
fn moving(core: Core) -> Box<dyn FnOnce() + Send> {
    let moves = move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(core.move_secrets(StoreKind::Vault, |_| true)).unwrap()
    };
    Box::new(move || assert_eq!(std::thread::spawn(moves).join().unwrap().left, 0))
}

/// One that is always open.
impl VaultStore for Hooked<MemoryStore> {
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

struct Stores {
    keychain: Arc<Hooked<MemoryStore>>,
    vault: Arc<Hooked<MemoryStore>>,
    meanwhile: Meanwhile,
    stage: Stage,
}

impl Stores {
    async fn new() -> Self {
        let meanwhile = Meanwhile::default();
        let keychain = Arc::new(interrupted(Arc::clone(&meanwhile)));
        let vault = Arc::new(interrupted(Meanwhile::default()));
        let stage = Stage::with(Arc::clone(&keychain) as _, tempfile::tempdir().unwrap()).await;
        stage.process_of("jane").await;
        Self { keychain, vault, meanwhile, stage }
    }

    fn process(&self) -> Core {
        let parts = CoreParts {
            store: Store::new(Places::under(self.stage.home.path())),
            keychain: Arc::clone(&self.keychain) as _,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::default(),
        };
        Core::with_vault(parts, Arc::clone(&self.vault) as _)
    }
}

#[tokio::test]
async fn a_key_that_is_made_while_all_secrets_move_is_found_where_it_went() {
    let stores = Stores::new().await;
    let (core, id) = (stores.process(), &stores.stage.id);
    *stores.meanwhile.lock().unwrap() = Some(moving(stores.process()));
    let made = core.create_key(id, wanted("laptop"), Keep::Keychain).await.unwrap();
    let text = core.read_secret(id, &made.key.id, HandedTo::Output).await.unwrap();
    assert_eq!(text.expose(), "sst_plaintext-1");
    let list = stores.process().list_keys(id).await.unwrap();
    assert!(list.unaccounted.is_empty());
    assert_eq!(presence(&list, &made.key.id), Presence::Keychain);
}

/// Another process saw no keychain in that moment, and made a vault for all that comes.
#[tokio::test]
async fn a_key_that_was_on_its_way_to_the_keychain_when_a_vault_was_made_is_found() {
    let stores = Stores::new().await;
    let store = Store::new(Places::under(stores.stage.home.path()));
    *stores.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let of_the_other = |state: &mut State| {
            (state.secrets_in, state.secrets_elsewhere) = (Some(StoreKind::Vault), false);
            Ok(())
        };
        store.change(of_the_other).unwrap();
    }));
    let id = &stores.stage.id;
    let made = stores.process().create_key(id, wanted("laptop"), Keep::Keychain).await.unwrap();
    let core = stores.process();
    let text = core.read_secret(id, &made.key.id, HandedTo::Output).await.unwrap();
    assert_eq!(text.expose(), "sst_plaintext-1");
}

#[tokio::test]
async fn what_came_meanwhile_goes_with_the_next_move() {
    let stores = Stores::new().await;
    let (core, id) = (stores.process(), &stores.stage.id);
    *stores.meanwhile.lock().unwrap() = Some(moving(stores.process()));
    let made = core.create_key(id, wanted("laptop"), Keep::Keychain).await.unwrap();
    assert!(core.store().read().unwrap().secrets_elsewhere);
    core.move_secrets(StoreKind::Vault, |_| true).await.unwrap();
    let state = core.store().read().unwrap();
    assert_eq!((state.secrets_in, state.secrets_elsewhere), (Some(StoreKind::Vault), false));
    assert_eq!(presence(&core.list_keys(id).await.unwrap(), &made.key.id), Presence::Vault);
    assert!(stores.keychain.get(&SecretId::api_key(id, &made.key.id)).unwrap().is_none());
}

#[tokio::test]
async fn a_move_that_turns_back_half_way_keeps_what_was_renewed_since() {
    let stores = Stores::new().await;
    let core = stores.process();
    let entry = SecretId::refresh_token(&stores.stage.id);
    // On its way into the vault, where the last sign-in's went; the older one could not be deleted.
    core.store()
        .change(|state| {
            (state.secrets_in, state.secrets_elsewhere) = (Some(StoreKind::Vault), true);
            Ok(())
        })
        .unwrap();
    stores.keychain.set(&entry, &Secret::new("older")).unwrap();
    stores.vault.set(&entry, &Secret::new("newer")).unwrap();
    core.move_secrets(StoreKind::Keychain, |_| true).await.unwrap();
    assert_eq!(stores.keychain.get(&entry).unwrap().unwrap().expose(), "newer");
    assert!(stores.vault.get(&entry).unwrap().is_none());
}
