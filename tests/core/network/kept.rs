//! What is kept of the way to an instance, where, and for how long.

use crate::pki::Authority;
use crate::stage::{Stage, at, serving, showing, superset, trusting};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use superset_keys_core::actions::{
    CertificateChange, NetworkChange, ProxyChange, ProxyView, TimeoutChange, TrustedChange,
};
use superset_keys_core::error::{
    CertificateFileProblem as F, Error, KeychainProblem, ProxySettingProblem as P,
};
use superset_keys_core::ids::SecretId;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore, StoreState};
use superset_keys_core::{ErrorCode, Result};

/// A keychain that can be counted, locked, and told to fail.
#[derive(Default)]
struct Watched {
    inner: MemoryStore,
    ids: Mutex<Vec<SecretId>>,
    is_locked: AtomicBool,
    takes_nothing: AtomicBool,
}

impl Watched {
    fn unless_locked(&self) -> Result<()> {
        if self.is_locked.load(Ordering::Relaxed) {
            Err(Error::keychain(KeychainProblem::Locked, None))
        } else {
            Ok(())
        }
    }

    fn held_now(&self) -> usize {
        let ids = self.ids.lock().unwrap().clone();
        ids.iter().filter(|id| self.inner.get(id).unwrap().is_some()).count()
    }
}

impl SecretStore for Watched {
    fn name(&self) -> String {
        "test keychain".into()
    }
    fn state(&self) -> StoreState {
        if self.is_locked.load(Ordering::Relaxed) {
            StoreState::Problem(KeychainProblem::Locked)
        } else {
            StoreState::Ready
        }
    }
    fn unlock(&self) -> Result<()> {
        self.unless_locked()
    }
    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.unless_locked()?;
        self.inner.get(id)
    }
    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        self.inner.held(ids)
    }
    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        self.unless_locked()?;
        // What chains the record comes with each deed.
        if *id != SecretId::record_chain() {
            self.ids.lock().unwrap().push(id.clone());
        }
        self.inner.set(id, secret)?;
        if self.takes_nothing.load(Ordering::Relaxed) {
            Err(Error::keychain(KeychainProblem::Other, None))
        } else {
            Ok(())
        }
    }
    fn delete(&self, id: &SecretId) -> Result<()> {
        self.unless_locked()?;
        self.inner.delete(id)
    }
}

fn given(url: &str, password: Option<&str>) -> NetworkChange {
    let proxy = ProxyChange::Given { url: url.into(), password: password.map(Secret::new) };
    NetworkChange { proxy: Some(proxy), ..NetworkChange::default() }
}

#[tokio::test]
async fn a_key_and_a_password_lie_in_the_keychain_alone_and_go_with_the_instance() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let authority = Authority::new("Acme Root");
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    assert!(!stage.state().contains("network"), "nothing is written where nothing is set");

    let made = authority.good_client();
    let own = made.write(stage.folder(), "own.pem");
    stage.core.set_network(&id, showing(own)).await.unwrap();
    let view =
        stage.core.set_network(&id, given("http://jane@localhost:3128", Some("canary/1"))).await.unwrap();
    let expected = ProxyView::Given {
        url: "http://localhost:3128".into(),
        username: Some("jane".into()),
        has_password: true,
    };
    assert_eq!(view.proxy, expected);
    assert_eq!(keychain.held_now(), 2);
    let key = made.key.serialize_pem();
    let key = key.lines().nth(1).unwrap();
    let all = String::from_utf8_lossy(&stage.everything()).into_owned();
    assert!(!all.contains("canary") && !all.contains(key), "{all}");

    // The same address again keeps the password; another one does not.
    let again = stage.core.set_network(&id, given("http://jane@localhost:3128", None)).await.unwrap();
    assert_eq!(again.proxy, expected);
    let other = stage.core.set_network(&id, given("http://jane@localhost:3129", None)).await.unwrap();
    assert!(matches!(other.proxy, ProxyView::Given { has_password: false, .. }));
    assert_eq!(keychain.held_now(), 1);

    // A new certificate takes the place of the old one's key, and removing takes everything.
    let own = authority.good_client().write(stage.folder(), "own.pem");
    stage.core.set_network(&id, showing(own)).await.unwrap();
    assert_eq!(keychain.held_now(), 1);
    stage.core.set_network(&id, given("http://jane@localhost:3128", Some("canary"))).await.unwrap();
    assert_eq!(keychain.held_now(), 2);
    stage.core.remove_instance(&id, false).await.unwrap();
    assert_eq!(keychain.held_now(), 0);
}

#[tokio::test]
async fn what_is_named_changes_and_the_rest_stays() {
    let stage = Stage::new();
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let change = |connect, call| NetworkChange {
        connect_timeout: connect,
        call_timeout: call,
        ..NetworkChange::default()
    };
    let set = async |change| stage.core.set_network(&id, change).await;
    let trusted = Authority::new("Acme Root").write(stage.folder(), "root.pem");
    set(trusting(&trusted)).await.unwrap();
    set(change(Some(TimeoutChange::Seconds(7)), None)).await.unwrap();
    let view = set(change(None, Some(TimeoutChange::Seconds(70)))).await.unwrap();
    assert_eq!((view.connect_timeout.seconds, view.call_timeout.seconds), (7, 70));
    assert_eq!(view.trusted[0].subject, "Acme Root");
    let view = set(change(Some(TimeoutChange::General), None)).await.unwrap();
    assert_eq!((view.connect_timeout.seconds, view.connect_timeout.is_set), (5, false));
    assert!(view.call_timeout.is_set);
    let refused = set(change(Some(TimeoutChange::Seconds(0)), None)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SettingOutOfBounds);
    set(change(None, Some(TimeoutChange::General))).await.unwrap();
    let nobody = NetworkChange { trusted: Some(TrustedChange::Nobody), ..NetworkChange::default() };
    set(nobody).await.unwrap();
    assert!(!stage.state().contains("network"), "taken back, nothing is left: {}", stage.state());
}

#[tokio::test]
async fn what_cannot_be_used_changes_nothing() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let before = stage.state();
    let file = |name: &str, content: &[u8]| {
        let path = stage.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let large = file("large", &vec![b'x'; 1024 * 1024 + 1]);
    for (path, problem) in [
        (PathBuf::from("/nowhere/at/all.pem"), F::Missing),
        (stage.folder().to_owned(), F::Unreadable),
        (large, F::TooLarge),
        (file("page", b"<html>"), F::NotACertificate),
    ] {
        for change in [trusting(&path), showing(path.clone())] {
            let error = stage.core.set_network(&id, change).await.unwrap_err();
            let is_it = matches!(&error, Error::CertificateFileUnusable { problem: seen, path: named } if *seen == problem && *named == path);
            assert!(is_it, "{error:?}");
        }
    }
    for (url, password, problem) in [
        ("http://jane:canary@proxy:3128", None, P::HoldsPassword),
        ("ftp://proxy", None, P::Scheme),
        ("http://proxy.test:3128", Some("canary"), P::NoName),
        ("nothing at all", None, P::NotAnAddress),
    ] {
        let error = stage.core.set_network(&id, given(url, password)).await.unwrap_err();
        assert!(
            matches!(error, Error::ProxySettingUnusable { problem: seen } if seen == problem),
            "{error:?}"
        );
        assert!(!format!("{error:?}{error}{:?}", error.params()).contains("canary"));
    }
    assert_eq!((stage.state(), keychain.held_now()), (before, 0));
}

#[tokio::test]
async fn plain_http_goes_through_no_proxy_elsewhere_without_consent() {
    let stage = Stage::new();
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let changed = id.clone();
    stage
        .core
        .store()
        .change(move |state| {
            state.instance_mut(&changed)?.allow_http = false;
            Ok(())
        })
        .unwrap();
    let error = stage.core.set_network(&id, given("http://proxy.test:3128", None)).await.unwrap_err();
    assert!(matches!(error, Error::ProxySettingUnusable { problem: P::InTheOpen }), "{error:?}");
    assert!(stage.core.set_network(&id, given("http://localhost:3128", None)).await.is_ok());
}

#[tokio::test]
async fn a_keychain_that_fails_leaves_everything_as_it_was() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let own = Authority::new("Acme Root").good_client().write(stage.folder(), "own.pem");
    stage.core.set_network(&id, showing(own.clone())).await.unwrap();
    let before = stage.state();
    // It wrote, and could not read back: what it wrote is deleted.
    keychain.takes_nothing.store(true, Ordering::Relaxed);
    let other = Authority::new("Other").good_client().write(stage.folder(), "other.pem");
    let error = stage.core.set_network(&id, showing(other.clone())).await.unwrap_err();
    assert_eq!(error.keychain_problem(), Some(KeychainProblem::Other));
    assert_eq!((stage.state(), keychain.held_now()), (before.clone(), 1));
    let error = stage.add(&server.url().to_string(), showing(other.clone())).await.unwrap_err();
    assert_eq!(error.keychain_problem(), Some(KeychainProblem::Other));
    assert_eq!((stage.state(), keychain.held_now()), (before.clone(), 1), "no instance is half added");
    keychain.takes_nothing.store(false, Ordering::Relaxed);
    keychain.is_locked.store(true, Ordering::Relaxed);
    let error = stage.core.set_network(&id, showing(other)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeychainLocked);
    assert_eq!(stage.state(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keychain_is_the_reason_and_a_key_that_is_gone_is_another() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let authority = Authority::new("Acme Root");
    let server = serving(authority.asking(&[&rustls::version::TLS13], &[])).await;
    let trusted = authority.write(stage.folder(), "root.pem");
    let own = authority.good_client().write(stage.folder(), "own.pem");
    let change = NetworkChange { certificate: showing(own).certificate, ..trusting(&trusted) };
    let (id, _) = stage.add(&at(server.address), change).await.unwrap();
    keychain.is_locked.store(true, Ordering::Relaxed);
    let other = stage.process();
    let locked = other.look_at_network(&id).await.unwrap_err();
    assert_eq!(locked.code(), ErrorCode::KeychainLocked);
    keychain.is_locked.store(false, Ordering::Relaxed);
    other.look_at_network(&id).await.unwrap();
    for secret in keychain.ids.lock().unwrap().iter() {
        keychain.inner.delete(secret).unwrap();
    }
    let gone = stage.process().look_at_network(&id).await.unwrap_err();
    assert_eq!(gone.code(), ErrorCode::ClientKeyGone);
    assert!(gone.is_offline());
}

#[tokio::test]
async fn two_programs_at_once_lose_nothing_and_leave_nothing() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let authority = Authority::new("Acme Root");
    let mut set = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (core, id) = (stage.process(), id.clone());
        let own = authority.good_client().write(stage.folder(), &format!("own-{number}.pem"));
        set.spawn(async move { core.set_network(&id, showing(own)).await });
    }
    let ended: Vec<_> = set.join_all().await;
    assert!(ended.iter().any(Result::is_ok));
    for error in ended.iter().filter_map(|ended| ended.as_ref().err()) {
        assert_eq!(error.code(), ErrorCode::StateBusy);
    }
    assert_eq!(keychain.held_now(), 1, "the one that counts, and nobody's besides");
    assert!(!stage.state().contains("coming"));
    stage
        .core
        .set_network(&id, NetworkChange { certificate: Some(CertificateChange::None), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(keychain.held_now(), 0);
}

#[tokio::test]
async fn a_death_between_store_and_record_leaves_nothing() {
    let keychain = Arc::new(Watched::default());
    let stage = Stage::with(Arc::clone(&keychain) as Arc<dyn SecretStore>);
    let server = crate::canned_server::CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    // As a program leaves it that died right after it stored the key.
    let key = SecretId::client_key(&id, 7);
    keychain.set(&key, &Secret::new("pkcs8:canary")).unwrap();
    let (changed, coming) = (id.clone(), key.clone());
    stage
        .core
        .store()
        .change(move |state| {
            state.instance_mut(&changed)?.network.get_or_insert_default().coming.push(coming);
            Ok(())
        })
        .unwrap();
    let own = Authority::new("Acme Root").good_client().write(stage.folder(), "own.pem");
    stage.core.set_network(&id, showing(own)).await.unwrap();
    assert_eq!(keychain.held_now(), 1, "what was lost is deleted, and the new one is there");
    assert!(keychain.inner.get(&key).unwrap().is_none());
    // The same where the instance goes instead.
    let changed = id.clone();
    keychain.set(&key, &Secret::new("pkcs8:canary")).unwrap();
    stage
        .core
        .store()
        .change(move |state| {
            state.instance_mut(&changed)?.network.get_or_insert_default().coming.push(key);
            Ok(())
        })
        .unwrap();
    stage.core.remove_instance(&id, false).await.unwrap();
    assert_eq!(keychain.held_now(), 0);
}
