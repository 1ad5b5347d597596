//! An authorization server and an MCP server on one canned address, which behave, or do not.

use crate::canned_server::{CannedServer, Reply, Seen};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::time::Duration;
use superset_keys_core::actions::{NewOAuth, OAuthPages, OAuthPrompt, OAuthView, PassFor};
use superset_keys_core::clock::Now;
use superset_keys_core::credential::OAuthGrant;
use superset_keys_core::ids::{InstanceId, SecretId};
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::{Instance, OAuthRecord, Store};
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

pub type Form = HashMap<String, String>;

/// An answer, and the reason that it is to lead to.
pub type Misbehaved = (fn() -> Reply, fn(&superset_keys_core::Error) -> bool);

/// What stands in each secret, so that it is found wherever it should not be.
pub const CANARY: &str = "canary";

/// What the servers know and do.
pub struct World {
    pub metadata: Value,
    /// In place of the metadata.
    pub instead: Option<fn() -> Reply>,
    /// In place of tokens.
    pub token: Option<fn() -> Reply>,
    pub announced: Option<Value>,
    /// The forms that came, by path.
    pub forms: Vec<(String, Form, Seen)>,
    pub life: u64,
    /// The number of the refresh token that is good; none when the grant has ended.
    pub refresh: Option<usize>,
    pub given: usize,
    /// How often a device is told to wait.
    pub pending: Vec<&'static str>,
    /// How many calls the MCP server refuses from now on, whatever they bring.
    pub refuse: usize,
    /// Up to this one it takes no token.
    pub refused: usize,
    pub revoke_status: u16,
    /// The next token is given when this says so, or has no other end.
    pub held: Option<mpsc::Receiver<()>>,
}

impl World {
    fn reply(&mut self, seen: &Seen) -> Reply {
        match (seen.method.as_str(), seen.path.as_str()) {
            ("GET", "/.well-known/oauth-authorization-server") => match self.instead {
                Some(instead) => instead(),
                None => Reply::json(200, &self.metadata.to_string()),
            },
            ("GET", "/.well-known/oauth-protected-resource/mcp") => match &self.announced {
                Some(announced) => Reply::json(200, &announced.to_string()),
                None => Reply::json(404, "{}"),
            },
            ("POST", "/token") => {
                let form = self.note(seen);
                self.token.map_or_else(|| self.tokens(&form), |token| token())
            }
            ("POST", "/device") => {
                self.note(seen);
                Reply::json(
                    200,
                    &json!({"device_code": "d-canary", "user_code": "ABCD-EFGH", "verification_uri": "https://id.example.com/device",
                        "verification_uri_complete": "https://id.example.com/device?c=ABCD-EFGH", "expires_in": 600, "interval": 0})
                    .to_string(),
                )
            }
            ("POST", "/revoke") => {
                self.note(seen);
                Reply::json(self.revoke_status, "{}")
            }
            ("POST", "/register") => {
                self.forms.push((seen.path.clone(), Form::new(), seen.clone()));
                Reply::json(201, r#"{"client_id":"made","registration_access_token":"reg-canary"}"#)
            }
            ("GET", "/mcp") => Reply::with(401, &[("www-authenticate", "Bearer")], ""),
            ("POST", "/mcp") => self.mcp(seen),
            _ => Reply::json(404, "{}"),
        }
    }

    fn note(&mut self, seen: &Seen) -> Form {
        let form: Form = url::form_urlencoded::parse(&seen.body).into_owned().collect();
        self.forms.push((seen.path.clone(), form.clone(), seen.clone()));
        form
    }

    /// As real providers do: an old refresh token ends the grant.
    fn tokens(&mut self, form: &Form) -> Reply {
        let refused = |code: &str| {
            Reply::json(400, &json!({"error": code, "error_description": "d-canary"}).to_string())
        };
        let with_refresh = match form["grant_type"].as_str() {
            "refresh_token" => {
                let sent = form["refresh_token"].strip_prefix("refresh-canary-").unwrap().parse().ok();
                if self.refresh.is_none() || self.refresh != sent {
                    self.refresh = None;
                    return refused("invalid_grant");
                }
                true
            }
            "urn:ietf:params:oauth:grant-type:device_code" => match self.pending.pop() {
                Some(wait) => return refused(wait),
                None => true,
            },
            "client_credentials" => false,
            _ => true,
        };
        self.given += 1;
        let mut answer = json!({"access_token": format!("access-canary-{}", self.given), "token_type": "Bearer", "expires_in": self.life});
        if with_refresh {
            self.refresh = Some(self.given);
            answer["refresh_token"] = format!("refresh-canary-{}", self.given).into();
        }
        Reply::json(200, &answer.to_string())
    }

    fn mcp(&mut self, seen: &Seen) -> Reply {
        let sent = seen.header("authorization").and_then(|text| text.strip_prefix("Bearer access-canary-"));
        let number = sent.and_then(|number| number.parse::<usize>().ok());
        if self.refuse > 0 || number.is_none_or(|number| number <= self.refused) {
            self.refuse = self.refuse.saturating_sub(1);
            return Reply::with(401, &[("www-authenticate", "Bearer error=\"invalid_token\"")], "");
        }
        let asked: Value = serde_json::from_slice(&seen.body).unwrap();
        Reply::json(
            200,
            &json!({"jsonrpc": "2.0", "id": asked["id"], "result": {"with": number}}).to_string(),
        )
    }
}

/// A clock that a test moves.
pub struct Clock(pub Mutex<jiff::Timestamp>);

impl Clock {
    pub fn forward(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now += jiff::SignedDuration::from_secs(seconds);
    }
}

impl Now for Clock {
    fn now(&self) -> jiff::Timestamp {
        *self.0.lock().unwrap()
    }

    fn local_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::UTC
    }
}

pub struct Stage {
    pub home: TempDir,
    world: Arc<Mutex<World>>,
    pub server: CannedServer,
    pub keychain: Arc<MemoryStore>,
    pub clock: Arc<Clock>,
    pub core: Arc<Core>,
    pub id: InstanceId,
}

impl Stage {
    pub async fn new() -> Self {
        let world = World {
            metadata: Value::Null,
            instead: None,
            token: None,
            announced: None,
            forms: Vec::new(),
            life: 300,
            refresh: None,
            given: 0,
            pending: Vec::new(),
            refuse: 0,
            refused: 0,
            revoke_status: 200,
            held: None,
        };
        let world = Arc::new(Mutex::new(world));
        let answering = Arc::clone(&world);
        let server = CannedServer::start(move |seen| {
            let held = (seen.path == "/token").then(|| answering.lock().unwrap().held.take()).flatten();
            if let Some(held) = held {
                // A worker that sleeps would keep what else waits for it.
                let _ = tokio::task::block_in_place(|| held.recv_timeout(Duration::from_secs(20)));
            }
            answering.lock().unwrap().reply(seen)
        })
        .await;
        let at = format!("http://{}", server.address);
        world.lock().unwrap().metadata = json!({
            "issuer": at, "token_endpoint": format!("{at}/token"), "authorization_endpoint": format!("{at}/auth"),
            "device_authorization_endpoint": format!("{at}/device"), "revocation_endpoint": format!("{at}/revoke"),
            "registration_endpoint": format!("{at}/register"), "scopes_supported": ["openid", "offline_access", "mcp:read"],
            "authorization_response_iss_parameter_supported": true,
        });
        let home = tempfile::tempdir().unwrap();
        let id = InstanceId::from_random(7);
        let mut instance = Instance::new(id.clone(), "test".into(), "Test".into(), server.url());
        instance.mcp_url = Some(format!("{at}/mcp").parse().unwrap());
        Store::new(Places::under(home.path()))
            .change(|state| {
                state.instances.push(instance);
                Ok(())
            })
            .unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let clock = Arc::new(Clock(Mutex::new("2026-11-30T12:00:00Z".parse().unwrap())));
        let core = another(&home, Arc::clone(&keychain) as Arc<dyn SecretStore>, &clock);
        Self { home, world, server, keychain, clock, core, id }
    }

    /// One more program on the same computer.
    pub fn another(&self) -> Arc<Core> {
        self.with_keychain(Arc::clone(&self.keychain) as Arc<dyn SecretStore>)
    }

    /// The secrets that there are, but for what chains the record.
    pub fn secrets(&self) -> Vec<SecretId> {
        self.keychain.ids().into_iter().filter(|id| *id != SecretId::record_chain()).collect()
    }

    pub fn with_keychain(&self, keychain: Arc<dyn SecretStore>) -> Arc<Core> {
        another(&self.home, keychain, &self.clock)
    }

    /// The next token is given when what this returns is let go of.
    pub fn hold_the_token(&self) -> mpsc::Sender<()> {
        let (release, held) = mpsc::channel();
        self.world().held = Some(held);
        release
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub fn issuer(&self) -> String {
        format!("http://{}", self.server.address)
    }

    pub async fn set(&self, grant: OAuthGrant) -> Result<OAuthView> {
        let new = NewOAuth {
            issuer: Some(self.issuer()),
            client_id: Some("keys".into()),
            scopes: vec!["mcp:read".into()],
            grant,
            ..NewOAuth::default()
        };
        self.core.set_oauth(&self.id, new, "Superset Keys").await
    }

    /// Signed in by a code, and AI clients let in with that.
    pub async fn signed_in() -> Self {
        let stage = Self::new().await;
        stage.set(OAuthGrant::Code).await.unwrap();
        stage.sign_in(good).await.unwrap();
        stage.let_in();
        stage
    }

    pub fn let_in(&self) {
        let id = self.id.clone();
        self.core
            .store()
            .change(move |state| {
                state.instance_mut(&id)?.mcp_access = superset_keys_core::credential::McpAccess::OAuth;
                Ok(())
            })
            .unwrap();
    }

    /// Signs in with a browser that comes back as `way` says.
    pub async fn sign_in(&self, way: impl Fn(&Url) -> Vec<String> + Send + 'static) -> Result<OAuthView> {
        self.sign_in_within(Duration::from_secs(10), way).await
    }

    pub async fn sign_in_within(
        &self,
        patience: Duration,
        way: impl Fn(&Url) -> Vec<String> + Send + 'static,
    ) -> Result<OAuthView> {
        let show = move |prompt| {
            if let OAuthPrompt::Browser { url } = prompt {
                tokio::spawn(async move {
                    for target in way(&url) {
                        browse(&url, &target).await;
                    }
                });
            }
        };
        self.core.sign_in_oauth(&self.id, patience, &pages(), show).await
    }

    pub async fn token(&self, core: &Core) -> Result<String> {
        let pass = core.mcp_pass(&self.id, None, PassFor::Bridge).await?;
        Ok(pass.bearer().expose().to_owned())
    }

    pub fn record(&self) -> Option<OAuthRecord> {
        self.core.store().read().unwrap().instance(&self.id).unwrap().oauth.as_deref().cloned()
    }

    pub fn kept(&self, id: &SecretId) -> Option<String> {
        self.keychain.get(id).unwrap().map(|secret| secret.expose().to_owned())
    }

    /// The forms that came to a path.
    pub fn forms(&self, path: &str) -> Vec<Form> {
        self.world().forms.iter().filter(|(at, ..)| at == path).map(|(_, form, _)| form.clone()).collect()
    }
}

fn another(home: &TempDir, keychain: Arc<dyn SecretStore>, clock: &Arc<Clock>) -> Arc<Core> {
    Arc::new(Core::new(CoreParts {
        store: Store::new(Places::under(home.path())),
        keychain,
        timeouts: TimeoutsWanted { connect: None, call: Some(Duration::from_secs(2)) },
        now: Arc::clone(clock) as Arc<dyn Now>,
        random: Arc::new(SystemRandom),
        computer: Computer::default(),
    }))
}

pub fn pages() -> OAuthPages {
    let page = |text: &str| format!("<p>{text}</p>");
    OAuthPages { done: page("done"), refused: page("refused"), unknown: page("unknown") }
}

pub fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(one, _)| one == name).map(|(_, value)| value.into_owned())
}

/// As a provider sends a browser back.
pub fn good(url: &Url) -> Vec<String> {
    let state = query(url, "state").unwrap();
    let issuer = format!("{}://{}:{}", url.scheme(), url.host_str().unwrap(), url.port().unwrap());
    vec![format!("/callback?code=code-canary&state={state}&iss={issuer}")]
}

/// What a browser gets there.
pub async fn browse(from: &Url, target: &str) -> String {
    let redirect: Url = query(from, "redirect_uri").unwrap().parse().unwrap();
    let Ok(mut stream) = tokio::net::TcpStream::connect(("127.0.0.1", redirect.port().unwrap())).await else {
        return String::new();
    };
    let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", redirect.authority());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text)
}
