//! Names whose addresses change, from one call to the next and from one try to the next: a secret reaches who can show a
//! certificate for the name, this computer where the name is its own, and nobody else.

use crate::canned_server::{CannedServer, Reply, Seen};
use crate::pki::Authority;
use crate::stage::{Stage, showing, superset, trusting};
use base64::Engine;
use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use superset_keys_core::actions::{
    BridgeRequest, Credentials, NetworkChange, NewInstance, NewOAuth, NewSigningSecret, OAuthPages,
    ProxyChange, TimeoutChange,
};
use superset_keys_core::credential::{McpAccess, OAuthGrant};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::Environment;
use superset_keys_core::mcp::Voice;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::transport::Names;
use superset_keys_core::{Core, Error, Result};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const NAME: &str = "superset.test";
const ADDRESS: &str = "https://superset.test";

/// A name server that says something else whenever a test wants it.
#[derive(Clone, Default)]
struct NameServer {
    answer: Arc<Mutex<Vec<SocketAddr>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    fn names(&self) -> Names {
        let (answer, asked) = (Arc::clone(&self.answer), Arc::clone(&self.asked));
        Names::told_by(move |name| {
            asked.lock().unwrap().push(name.to_owned());
            Ok(answer.lock().unwrap().clone())
        })
    }

    fn lead(&self, to: &[SocketAddr]) {
        *self.answer.lock().unwrap() = to.to_vec();
    }

    fn stage(&self) -> Stage {
        Stage::among(self.names(), Arc::new(MemoryStore::default()))
    }
}

/// Keeps every byte that is sent to a server, and how often somebody came.
struct Ear {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    came: Arc<AtomicUsize>,
}

impl Ear {
    async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, came) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<AtomicUsize>::default());
        let (record, count) = (Arc::clone(&heard), Arc::clone(&came));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let Ok(server) = TcpStream::connect(server).await else { continue };
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
                let record = Arc::clone(&record);
                tokio::spawn(async move {
                    let mut some = [0; 4096];
                    while let Ok(length @ 1..) = from_client.read(&mut some).await {
                        record.lock().unwrap().extend(&some[..length]);
                        if to_server.write_all(&some[..length]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self { address, heard, came }
    }

    fn heard(&self, what: &[u8]) -> bool {
        self.heard.lock().unwrap().windows(what.len()).any(|window| window == what)
    }

    fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

/// Answers in plain HTTP whatever is said, TLS or not.
async fn plain() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let answer =
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
                let _ = stream.write_all(answer).await;
            });
        }
    });
    address
}

/// Nobody listens there.
async fn dead() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn over_tls(config: ServerConfig) -> CannedServer {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    CannedServer::wrapped(everything, move |stream: TcpStream| {
        let accept = acceptor.accept(stream);
        async move { accept.await.ok() }
    })
    .await
}

/// Superset with an authorization server beside it, under the name that it is asked by.
fn everything(seen: &Seen) -> Reply {
    let issuer = ADDRESS;
    match &*seen.path {
        "/.well-known/oauth-authorization-server" => Reply::json(
            200,
            &serde_json::json!({
                "issuer": issuer, "token_endpoint": format!("{issuer}/token"),
                "authorization_endpoint": format!("{issuer}/authorize"),
                "code_challenge_methods_supported": ["S256"],
            })
            .to_string(),
        ),
        "/token" => {
            Reply::json(200, r#"{"access_token":"access-canary","token_type":"Bearer","expires_in":600}"#)
        }
        _ => superset(seen),
    }
}

/// All heads and bodies, one after the other.
fn said_to(server: &CannedServer) -> String {
    let seen = server.seen().into_iter();
    seen.map(|seen| seen.head + &String::from_utf8_lossy(&seen.body)).collect()
}

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }
    fn note(&self, _words: &str) {}
}

/// An AI client at one end of a bridge.
struct Client {
    says: DuplexStream,
    hears: Lines<BufReader<DuplexStream>>,
}

impl Client {
    fn of(core: &Arc<Core>, instance: &str) -> Self {
        let (says, input) = tokio::io::duplex(65536);
        let (output, hears) = tokio::io::duplex(65536);
        let request = BridgeRequest::to(instance);
        let forever = std::future::pending::<()>();
        tokio::spawn(Arc::clone(core).run_bridge(request, Box::new(Codes), input, output, forever));
        Self { says, hears: BufReader::new(hears).lines() }
    }

    async fn ask(&mut self) -> String {
        self.says.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
        self.hears.next_line().await.unwrap().unwrap()
    }
}

fn short_name(stage: &Stage) -> String {
    stage.core.list_instances().unwrap().remove(0).short_name
}

/// AI clients present tokens that are signed here.
async fn let_in(stage: &Stage, id: &InstanceId) {
    let secret = Secret::new("a-secret-of-more-than-32-letters-canary");
    let secret = NewSigningSecret { secret: Some(secret), ..NewSigningSecret::default() };
    stage.core.keep_signing_secret(id, secret).await.unwrap();
    let id = id.clone();
    let change = stage.core.store().change(move |state| {
        let signed = McpAccess::Signed { subject: "jane".into(), scope: None };
        state.instance_mut(&id)?.mcp_access = signed;
        Ok(())
    });
    change.unwrap();
}

fn in_haste(network: NetworkChange) -> NetworkChange {
    let seconds = |seconds| Some(TimeoutChange::Seconds(seconds));
    NetworkChange { connect_timeout: seconds(2), call_timeout: seconds(3), ..network }
}

async fn token(core: &Core, id: &InstanceId) -> Result<()> {
    let page = String::new;
    let pages = OAuthPages { done: page(), refused: page(), unknown: page() };
    core.sign_in_oauth(id, Duration::from_secs(10), &pages, |_| {}).await.map(drop)
}

/// Whatever sends a secret, or asks on behalf of one who will.
async fn send_everything(core: &Core, id: &InstanceId, address: &str) -> Vec<(&'static str, Result<()>)> {
    let key = Credentials::ApiKey { key: Secret::new("sst_canary"), stay: false };
    let password = Credentials::Password {
        username: "jane".into(),
        password: Secret::new("password-canary"),
        stay: false,
    };
    let new = NewInstance {
        address: address.to_owned(),
        name: None,
        environment: Environment::Development,
        mcp_url: None,
        allow_http: true,
        username: None,
    };
    vec![
        ("a key", core.sign_in(id, key).await.map(drop)),
        ("a password", core.sign_in(id, password).await.map(drop)),
        ("a client's secret", token(core, id).await),
        ("looking for MCP", core.set_mcp_url(id, None).await.map(drop)),
        ("looking for an issuer", core.find_oauth(id, None).await.map(drop)),
        ("discovery", core.add_instance(new).await.map(drop)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_a_name_that_leads_elsewhere_leads_to_nobody() {
    let (authority, other) = (Authority::new("Acme Root"), Authority::new("Somebody Else"));
    let server = over_tls(authority.open_as(NAME)).await;
    let dns = NameServer::default();
    dns.lead(&[server.address]);
    let stage = dns.stage();
    let trusted = authority.write(stage.folder(), "root.pem");
    let own = authority.good_client();
    let shown = showing(own.write(stage.folder(), "own.pem"));
    let network = in_haste(NetworkChange { certificate: shown.certificate, ..trusting(&trusted) });
    let (id, _) = stage.add(ADDRESS, network).await.unwrap();
    stage.core.set_mcp_url(&id, Some(&format!("{ADDRESS}/mcp"))).await.unwrap();
    let new = NewOAuth {
        issuer: Some(ADDRESS.to_owned()),
        client_id: Some("client".into()),
        client_secret: Some(Secret::new("client-canary")),
        grant: OAuthGrant::ClientCredentials,
        ..NewOAuth::default()
    };
    stage.core.set_oauth(&id, new, "Superset Keys").await.unwrap();
    token(&stage.core, &id).await.unwrap();
    let_in(&stage, &id).await;
    let mut client = Client::of(&stage.core, &short_name(&stage));
    assert_eq!(client.ask().await, crate::stage::MCP_REPLY);
    // The right one is known by what it shows, and by no address.
    dns.lead(&[dead().await, server.address]);
    assert_eq!(client.ask().await, crate::stage::MCP_REPLY);
    token(&stage.process(), &id).await.unwrap();

    let hostile = [
        ("of another authority", Some(over_tls(other.open_as(NAME)).await)),
        ("of another name", Some(over_tls(authority.open_as("evil.test")).await)),
        ("asks who we are", Some(over_tls(other.asking(&[&TLS13], &[])).await)),
        ("asks who we are in the open", Some(over_tls(other.asking(&[&TLS12], &[])).await)),
        ("speaks plain HTTP", None),
    ];
    for (what, tls) in hostile {
        let ear = Ear::before(match &tls {
            Some(tls) => tls.address,
            None => plain().await,
        })
        .await;
        for answer in [vec![ear.address], vec![dead().await, ear.address], vec![ear.address, server.address]]
        {
            dns.lead(&answer);
            let before = ear.came();
            // What is kept open from before leads to who was there before.
            for core in [&stage.process(), &stage.core] {
                let id = id.clone();
                for (sent, end) in send_everything(core, &id, ADDRESS).await {
                    let error = end.expect_err(&format!("{sent} went to one that {what}"));
                    let is_untrusted = matches!(error, Error::CertificateUntrusted { .. });
                    let tries_on = sent.starts_with("looking");
                    assert!(is_untrusted || tls.is_none() || tries_on, "{what}, {sent}: {error:?}");
                }
            }
            let reason = if tls.is_some() { "CertificateUntrusted" } else { "Unreachable" };
            let said = client.ask().await;
            assert!(said.contains(reason), "{what}: {said}");
            assert!(ear.came() > before, "{what}: nobody came");
        }
        for secret in [&b"canary"[..], b"HTTP/1.1", own.certificate.as_ref()] {
            assert!(!ear.heard(secret), "{what}");
        }
        assert!(tls.is_none_or(|tls| tls.seen().is_empty()), "{what}");
    }
    // Nothing of it stays.
    dns.lead(&[server.address]);
    assert_eq!(client.ask().await, crate::stage::MCP_REPLY);
    token(&stage.core, &id).await.unwrap();
    assert!(said_to(&server).contains("Bearer "), "the right one was told");
}

/// Whatever a hosts file or a name server says, and whoever else asks for the name.
#[tokio::test(flavor = "multi_thread")]
async fn names_of_this_computer_lead_nowhere_else() {
    let ear = Ear::before(plain().await).await;
    let dns = NameServer::default();
    dns.lead(&[ear.address]);
    for host in ["localhost", "superset.localhost", "127.0.0.1"] {
        let server = CannedServer::start(superset).await;
        let address = format!("http://{host}:{}", server.address.port());
        let stage = dns.stage();
        let (id, _) = stage.add(&address, in_haste(NetworkChange::default())).await.unwrap();
        stage.core.set_mcp_url(&id, Some(&format!("{address}/mcp"))).await.unwrap();
        let_in(&stage, &id).await;
        let mut client = Client::of(&stage.core, &short_name(&stage));
        assert_eq!(client.ask().await, crate::stage::MCP_REPLY);
        send_everything(&stage.core, &id, &address).await;
        assert!(server.seen().iter().any(|seen| seen.head.contains("sst_canary")), "{host}: it was here");
        // Where it is gone, nobody else is looked for.
        drop(server);
        for (sent, end) in send_everything(&stage.process(), &id, &address).await {
            assert!(end.is_err(), "{host}, {sent}");
        }
        assert!(client.ask().await.contains("error"), "{host}");
    }
    assert_eq!((ear.came(), dns.asked.lock().unwrap().len()), (0, 0), "{:?}", dns.asked);
}

/// A person consented to plain http for one name. Nothing in it shows who answers, so all that is promised is what is
/// said: whoever the name leads to is told. Tokens of an authorization server need more than that.
#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_whoever_the_name_leads_to_is_told_the_key_and_nothing_of_oauth() {
    let here = CannedServer::start(superset).await;
    let there = CannedServer::start(everything).await;
    let dns = NameServer::default();
    dns.lead(&[here.address]);
    let stage = dns.stage();
    let address = format!("http://{NAME}");
    let (id, _) = stage.add(&address, NetworkChange::default()).await.unwrap();
    let told =
        |server: &CannedServer| server.seen().iter().filter(|seen| seen.head.contains("sst_canary")).count();
    let key = || Credentials::ApiKey { key: Secret::new("sst_canary"), stay: false };
    let _ = stage.core.sign_in(&id, key()).await;
    let first = told(&here);
    assert!(first > 0 && told(&there) == 0);
    dns.lead(&[there.address]);
    let end = stage.process().sign_in(&id, key()).await;
    assert_eq!(told(&here), first, "{end:?}");
    assert!(told(&there) > 0, "http knows a name and nobody behind it: {end:?}");
    let new = NewOAuth {
        issuer: Some(address),
        client_id: Some("client".into()),
        client_secret: Some(Secret::new("client-canary")),
        grant: OAuthGrant::ClientCredentials,
        ..NewOAuth::default()
    };
    stage.core.set_oauth(&id, new, "Superset Keys").await.unwrap_err();
    assert!(!said_to(&there).contains("client-canary"));
}

/// A proxy that is reached by TLS is told its password by TLS or not at all, also where it is asked what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_whose_name_leads_elsewhere_is_told_no_password() {
    let authority = Authority::new("Acme Root");
    let password = base64::engine::general_purpose::STANDARD.encode("jane:proxy-canary");
    for (proxy, tls) in [("https://jane@proxy.test", false), ("https://jane@proxy.test", true)] {
        let server = over_tls(Authority::new("Somebody Else").open_as("proxy.test")).await;
        let ear = Ear::before(if tls { server.address } else { plain().await }).await;
        let dns = NameServer::default();
        dns.lead(&[ear.address]);
        let stage = dns.stage();
        let trusted = authority.write(stage.folder(), "root.pem");
        let given = ProxyChange::Given { url: proxy.to_owned(), password: Some(Secret::new("proxy-canary")) };
        let network = in_haste(NetworkChange { proxy: Some(given), ..trusting(&trusted) });
        stage.add(ADDRESS, network).await.unwrap_err();
        assert!(ear.came() > 0, "{proxy}: nobody came");
        assert!(!ear.heard(password.as_bytes()) && !ear.heard(b"canary"), "{proxy}");
    }
}

/// `localhost` in a proxy's address is this computer as well, also when it is asked what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_on_this_computer_is_looked_for_nowhere_else() {
    for scheme in ["http", "socks5", "socks5h"] {
        let ear = Ear::before(plain().await).await;
        let dns = NameServer::default();
        dns.lead(&[ear.address]);
        let stage = dns.stage();
        let url = format!("{scheme}://jane@localhost:{}", dead().await.port());
        let given = ProxyChange::Given { url, password: Some(Secret::new("proxy-canary")) };
        let network = in_haste(NetworkChange { proxy: Some(given), ..NetworkChange::default() });
        let error = stage.add("https://10.9.8.7", network).await.unwrap_err();
        assert!(matches!(error, Error::ProxyUnusable { .. }), "{scheme}: {error:?}");
        assert_eq!(ear.came(), 0, "{scheme}");
        assert!(!dns.asked.lock().unwrap().iter().any(|name| name == "localhost"), "{scheme}");
    }
}
