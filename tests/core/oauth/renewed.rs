//! Tokens that are renewed: in time, once for all programs, and after a refusal.

use crate::canned_server::{Reply, Seen};
use crate::world::{Stage, browse, good, pages};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use superset_keys_core::actions::{BridgeRequest, OAuthPrompt};
use superset_keys_core::credential::OAuthGrant;
use superset_keys_core::error::KeychainProblem;
use superset_keys_core::ids::SecretId;
use superset_keys_core::mcp::Voice;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore, StoreState};
use superset_keys_core::{Core, Error, Result};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};

#[tokio::test]
async fn a_token_is_used_until_it_is_due() {
    let stage = Stage::signed_in().await;
    for (seconds, token, given) in [(0, 1, 1), (269, 1, 1), (1, 2, 2), (269, 2, 2), (1000, 3, 3)] {
        stage.clock.forward(seconds);
        assert_eq!(stage.token(&stage.core).await.unwrap(), format!("access-canary-{token}"));
        assert_eq!(stage.world().given, given);
    }
    let form = stage.forms("/token").pop().unwrap();
    assert_eq!((form["grant_type"].as_str(), form["client_id"].as_str()), ("refresh_token", "keys"));
    assert_eq!(form["resource"], format!("{}/mcp", stage.issuer()));
    // Eight seconds: at half of them.
    stage.world().life = 8;
    stage.clock.forward(300);
    for (seconds, token) in [(0, 4), (3, 4), (1, 5), (3, 5), (1, 6)] {
        stage.clock.forward(seconds);
        assert_eq!(stage.token(&stage.core).await.unwrap(), format!("access-canary-{token}"));
    }
}

#[tokio::test]
async fn ten_programs_at_once_ask_once() {
    let stage = Stage::signed_in().await;
    for round in 2..6 {
        stage.clock.forward(300);
        let programs: Vec<_> = (0..10).map(|_| stage.another()).collect();
        let asking = programs.iter().map(|core| stage.token(core));
        let tokens = futures_util::future::join_all(asking).await;
        for token in tokens {
            assert_eq!(token.unwrap(), format!("access-canary-{round}"));
        }
        assert_eq!(stage.world().given, round);
    }
    assert!(stage.world().refresh.is_some(), "the grant goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_waits_for_any_more_is_kept_all_the_same() {
    let stage = Arc::new(Stage::signed_in().await);
    stage.clock.forward(300);
    let release = stage.hold_the_token();
    let asking = tokio::spawn({
        let stage = Arc::clone(&stage);
        async move { stage.token(&stage.core).await }
    });
    until(|| stage.server.seen().iter().any(asks_for_another)).await;
    asking.abort();
    assert!(asking.await.is_err_and(|ended| ended.is_cancelled()), "nobody waits");
    drop(release);
    until(|| stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref() == Some("refresh-canary-2")).await;
    assert_eq!(stage.token(&stage.another()).await.unwrap(), "access-canary-2");
    assert_eq!(stage.world().given, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_the_instance_is_gone_goes_too() {
    let stage = Arc::new(Stage::signed_in().await);
    stage.clock.forward(300);
    let release = stage.hold_the_token();
    let asking = tokio::spawn({
        let stage = Arc::clone(&stage);
        async move { stage.token(&stage.another()).await }
    });
    until(|| stage.server.seen().iter().any(asks_for_another)).await;
    stage.core.remove_instance(&stage.id, false).await.unwrap();
    drop(release);
    assert!(asking.await.unwrap().is_err());
    assert!(stage.secrets().is_empty(), "{:?}", stage.secrets());
}

fn asks_for_another(seen: &Seen) -> bool {
    String::from_utf8_lossy(&seen.body).contains("grant_type=refresh_token")
}

async fn until(is_so: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(std::time::Instant::now() < deadline, "it never came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A keychain that begins to refuse after the old refresh token was sent: the new one is in memory until it is back.
#[tokio::test]
async fn a_keychain_that_fails_in_the_middle_costs_no_grant_here() {
    let stage = Stage::signed_in().await;
    let failing = Failing::before(&stage.keychain, false);
    let core = stage.with_keychain(Arc::clone(&failing) as Arc<dyn SecretStore>);
    stage.clock.forward(301);
    assert!(matches!(stage.token(&core).await, Err(Error::NothingWouldKeepIt)));
    assert_eq!(stage.forms("/token").len(), 1, "nothing is traded in that nothing would keep");
    failing.seems_ready.store(true, Ordering::SeqCst);
    assert_eq!(stage.token(&core).await.unwrap(), "access-canary-2");
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref(), Some("refresh-canary-1"));
    failing.takes.store(true, Ordering::SeqCst);
    assert_eq!(stage.token(&core).await.unwrap(), "access-canary-3");
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref(), Some("refresh-canary-3"));
    stage.clock.forward(300);
    assert_eq!(stage.token(&stage.another()).await.unwrap(), "access-canary-4");
}

/// Tokens bear the same names each time: those of a new sign-in are not deleted in the place of those of the old one.
#[tokio::test]
async fn a_new_sign_in_is_not_deleted_for_the_one_before() {
    let stage = Stage::signed_in().await;
    let core = stage.with_keychain(Failing::before(&stage.keychain, true) as Arc<dyn SecretStore>);
    assert_eq!(core.sign_out_oauth(&stage.id).await.unwrap().left_behind, 2);
    let show = |prompt| {
        if let OAuthPrompt::Browser { url } = prompt {
            tokio::spawn(async move { browse(&url, &good(&url)[0]).await });
        }
    };
    core.sign_in_oauth(&stage.id, Duration::from_secs(10), &pages(), show).await.unwrap();
    assert!(core.store().read().unwrap().left_behind.is_empty());
    assert_eq!(stage.token(&stage.another()).await.unwrap(), "access-canary-2");
}

/// A sign-in whose tokens nothing takes is none, and nobody goes on as the one before.
#[tokio::test]
async fn a_sign_in_that_could_not_be_kept_leaves_nobody_signed_in() {
    let stage = Stage::signed_in().await;
    let failing = Failing::before(&stage.keychain, false);
    failing.seems_ready.store(true, Ordering::SeqCst);
    let core = stage.with_keychain(Arc::clone(&failing) as Arc<dyn SecretStore>);
    let show = |prompt| {
        if let OAuthPrompt::Browser { url } = prompt {
            tokio::spawn(async move { browse(&url, &good(&url)[0]).await });
        }
    };
    let kept = core.sign_in_oauth(&stage.id, Duration::from_secs(10), &pages(), show).await;
    assert!(kept.is_err(), "{kept:?}");
    for core in [&core, &stage.another()] {
        assert!(
            matches!(stage.token(core).await, Err(Error::NoOauthSignIn { .. })),
            "the one before goes on"
        );
    }
}

/// A keychain that can be read, and takes nothing until it is told to.
struct Failing {
    inner: Arc<MemoryStore>,
    seems_ready: AtomicBool,
    takes: AtomicBool,
    deletes: bool,
}

impl Failing {
    fn before(inner: &Arc<MemoryStore>, is_ready: bool) -> Arc<Self> {
        let [seems_ready, takes] = [is_ready, is_ready].map(AtomicBool::new);
        Arc::new(Self { inner: Arc::clone(inner), seems_ready, takes, deletes: !is_ready })
    }
}

impl SecretStore for Failing {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn state(&self) -> StoreState {
        if self.seems_ready.load(Ordering::SeqCst) {
            return self.inner.state();
        }
        StoreState::Problem(KeychainProblem::Other)
    }

    fn unlock(&self) -> Result<()> {
        self.inner.unlock()
    }

    fn get(&self, id: &SecretId) -> Result<Option<Secret>> {
        self.inner.get(id)
    }

    fn held(&self, ids: &[SecretId]) -> Result<Vec<bool>> {
        self.inner.held(ids)
    }

    fn set(&self, id: &SecretId, secret: &Secret) -> Result<()> {
        if self.takes.load(Ordering::SeqCst) {
            return self.inner.set(id, secret);
        }
        Err(Error::keychain(KeychainProblem::Other, None))
    }

    fn delete(&self, id: &SecretId) -> Result<()> {
        if self.deletes {
            return self.inner.delete(id);
        }
        Err(Error::keychain(KeychainProblem::Refused, None))
    }
}

#[tokio::test]
async fn a_grant_that_has_ended_is_said_so_and_not_asked_for_again() {
    let stage = Stage::signed_in().await;
    stage.world().refresh = None;
    stage.clock.forward(400);
    assert!(matches!(stage.token(&stage.core).await, Err(Error::NoOauthSignIn { .. })));
    assert!(stage.record().unwrap().signed_in.is_none());
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)), None);
    let asked = stage.forms("/token").len();
    assert!(matches!(stage.token(&stage.another()).await, Err(Error::NoOauthSignIn { .. })));
    assert_eq!(stage.forms("/token").len(), asked);
}

#[tokio::test]
async fn a_server_that_is_down_takes_nothing_away() {
    let stage = Stage::signed_in().await;
    stage.world().token = Some(|| Reply::json(503, "{}"));
    stage.clock.forward(280);
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-1", "it has twenty seconds");
    stage.clock.forward(21);
    assert!(matches!(stage.token(&stage.core).await, Err(Error::ServerFault { status: 503 })));
    stage.world().token = None;
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-2");
}

/// A refresh token that is traded in is gone, so nothing is sent where the new one could not be kept.
#[tokio::test]
async fn a_locked_keychain_costs_no_grant() {
    let stage = Stage::signed_in().await;
    stage.clock.forward(400);
    stage.keychain.fail_with(Some(KeychainProblem::Locked));
    assert!(matches!(stage.token(&stage.core).await, Err(Error::KeychainLocked { .. })));
    assert_eq!(stage.forms("/token").len(), 1);
    stage.keychain.fail_with(None);
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-2");
}

#[tokio::test]
async fn the_client_itself_asks_again_with_its_secret() {
    let stage = Stage::new().await;
    let new = superset_keys_core::actions::NewOAuth {
        issuer: Some(stage.issuer()),
        client_id: Some("a:service".into()),
        client_secret: Some(crate::world::secret("s canary")),
        audience: Some("superset".into()),
        grant: OAuthGrant::ClientCredentials,
        ..Default::default()
    };
    stage.core.set_oauth(&stage.id, new, "Superset Keys").await.unwrap();
    stage.let_in();
    assert!(matches!(stage.token(&stage.core).await, Err(Error::NoOauthSignIn { .. })));
    stage.sign_in(|_| vec![]).await.unwrap();
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-1");
    stage.clock.forward(300);
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-2");
    let (_, form, seen) = stage.world().forms.pop().unwrap();
    assert_eq!((form["grant_type"].as_str(), form["audience"].as_str()), ("client_credentials", "superset"));
    assert!(!form.contains_key("client_secret") && !form.contains_key("scope"), "{form:?}");
    // "a%3Aservice:s+canary"
    assert_eq!(seen.header("authorization"), Some("Basic YSUzQXNlcnZpY2U6cytjYW5hcnk="));
    // Where the server takes a secret in the body alone.
    stage.world().metadata["token_endpoint_auth_methods_supported"] =
        serde_json::json!(["client_secret_post"]);
    stage.clock.forward(300);
    stage.token(&stage.core).await.unwrap();
    let (_, form, seen) = stage.world().forms.pop().unwrap();
    assert_eq!((form["client_secret"].as_str(), seen.header("authorization")), ("s canary", None));
}

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }

    fn note(&self, _words: &str) {}
}

/// A bridge, as an AI client has one.
struct Asking {
    input: DuplexStream,
    answers: Lines<BufReader<DuplexStream>>,
}

impl Asking {
    fn through(core: &Arc<Core>) -> Self {
        let (input, theirs) = tokio::io::duplex(1 << 16);
        let (output, answers) = tokio::io::duplex(1 << 16);
        let request = BridgeRequest { silence: Some(Duration::from_secs(2)), ..BridgeRequest::to("test") };
        let never = std::future::pending();
        tokio::spawn(Arc::clone(core).run_bridge(request, Box::new(Codes), theirs, output, never));
        Self { input, answers: BufReader::new(answers).lines() }
    }

    async fn ask(&mut self) -> Value {
        self.input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
        serde_json::from_str(&self.answers.next_line().await.unwrap().unwrap()).unwrap()
    }

    async fn with(&mut self) -> u64 {
        let answer = self.ask().await;
        answer["result"]["with"].as_u64().unwrap_or_else(|| panic!("{answer}"))
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_by_whoever_comes_first() {
    let stage = Stage::signed_in().await;
    let mut bridges: Vec<_> = (0..10).map(|_| Asking::through(&stage.another())).collect();
    for bridge in &mut bridges {
        assert_eq!(bridge.with().await, 1);
    }
    // The server has lost its trust in all that were given so far.
    stage.world().refused = 1;
    let all = futures_util::future::join_all(bridges.iter_mut().map(Asking::with)).await;
    assert_eq!((all, stage.world().given), (vec![2; 10], 2));
    // One that is due is replaced before it is sent.
    let sent = stage.server.seen().len();
    stage.clock.forward(300);
    let all = futures_util::future::join_all(bridges.iter_mut().map(Asking::with)).await;
    assert_eq!((all, stage.world().given), (vec![3; 10], 3));
    let refused = stage.server.seen().len() - sent;
    assert_eq!(refused, 12, "ten calls, the metadata and the token");
}

/// The key that signed it is new, and the server looks for new keys once in a while.
#[tokio::test]
async fn a_new_token_that_is_not_known_yet_is_shown_again() {
    let stage = Stage::signed_in().await;
    let mut bridge = Asking::through(&stage.core);
    stage.world().refuse = 2;
    let began = std::time::Instant::now();
    assert_eq!((bridge.with().await, stage.world().given), (2, 2));
    assert!(began.elapsed() >= Duration::from_secs(2), "it was waited for");
    // Once.
    stage.world().refuse = 3;
    assert_eq!(bridge.ask().await["error"]["message"], "KeyRejected");
    // An old one is not waited for.
    assert_eq!(bridge.with().await, 3);
    stage.clock.forward(61);
    stage.world().refuse = 1;
    stage.world().token = Some(|| Reply::json(503, "{}"));
    let began = std::time::Instant::now();
    assert!(bridge.ask().await["error"].is_object());
    assert!(began.elapsed() < Duration::from_secs(2));
}

/// A bridge that is ended in the middle takes no grant along.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_bridge_waits_for_the_token_that_is_asked_for() {
    let stage = Stage::signed_in().await;
    stage.clock.forward(300);
    let release = stage.hold_the_token();
    let (mut input, theirs) = tokio::io::duplex(1 << 16);
    let (output, _answers) = tokio::io::duplex(1 << 16);
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let stop = async {
        let _ = ended.await;
    };
    let core = stage.another();
    let mut bridge =
        tokio::spawn(core.run_bridge(BridgeRequest::to("test"), Box::new(Codes), theirs, output, stop));
    input.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
    until(|| stage.server.seen().iter().any(asks_for_another)).await;
    end.send(()).unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut bridge).await.is_err(), "it does not wait");
    drop(release);
    bridge.await.unwrap();
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref(), Some("refresh-canary-2"));
}

#[tokio::test]
async fn a_bridge_follows_a_sign_out_and_a_sign_in() {
    let stage = Stage::signed_in().await;
    let mut bridge = Asking::through(&stage.another());
    assert_eq!(bridge.with().await, 1);
    stage.core.sign_out_oauth(&stage.id).await.unwrap();
    stage.world().refused = 1;
    tokio::time::sleep(Duration::from_millis(260)).await;
    assert_eq!(bridge.ask().await["error"]["message"], "NoOauthSignIn");
    stage.sign_in(good).await.unwrap();
    assert_eq!(bridge.with().await, 2);
}
