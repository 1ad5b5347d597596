//! Servers and proxies that misbehave, on an instance with an authority, a certificate and a proxy of its own: discovery,
//! REST, MCP and OAuth each end in a reason, in time, and no secret goes to another origin.

use crate::canned_server::{CannedServer, Reply, Seen};
use crate::pki::Authority;
use crate::stage::{Stage, showing, trusting};
use rustls::version::TLS13;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use superset_keys_core::actions::{Credentials, NetworkChange, NewInstance, ProxyChange, TimeoutChange};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::{Environment, InstanceUrl};
use superset_keys_core::secret::Secret;
use superset_keys_core::store::Instance;
use superset_keys_core::{Core, Error};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

const MIB: usize = 1024 * 1024;
/// Each call has three seconds here; discovery tries several addresses one after another.
const END: Duration = Duration::from_secs(25);

type Answer = Arc<dyn Fn() -> Reply + Send + Sync>;

fn head(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{rest}\r\n").into_bytes()
}

fn answers(elsewhere: &str) -> Vec<(&'static str, Answer)> {
    let bytes = |bytes: Vec<u8>| -> Answer { Arc::new(move || Reply::Bytes(bytes.clone())) };
    let stored = [&[0_u8, 0xff, 0xff, 0, 0][..], &b" ".repeat(0xffff)].concat();
    let bomb = stored.iter().copied().cycle().take(stored.len() * 16).collect::<Vec<_>>();
    let gzip = [head("Content-Encoding: gzip\r\n"), vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]].concat();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let away = format!("HTTP/1.1 307 X\r\nLocation: {elsewhere}/api\r\nContent-Length: 0\r\n\r\n");
    let down = "HTTP/1.1 308 X\r\nLocation: http://example.invalid/\r\nContent-Length: 0\r\n\r\n";
    vec![
        ("a page", bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>canary".to_vec())),
        ("100 MB, announced", bytes(head("Content-Length: 104857600\r\n"))),
        ("endless", Arc::new(|| Reply::Endless(head(""), vec![b' '; MIB]))),
        ("slow", Arc::new(|| Reply::Drip(head(""), Duration::from_millis(200)))),
        ("silent", Arc::new(|| Reply::Silence(head("")))),
        ("a bomb", Arc::new(move || Reply::Endless(gzip.clone(), bomb.clone()))),
        ("deep", bytes([head(""), deep.into_bytes()].concat())),
        ("control characters", bytes(b"HTTP/1.1 200 OK\r\nX-A: a\x01b\x00canary\r\n\r\n{}".to_vec())),
        ("a header too many", bytes([b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(20_000)].concat())),
        ("half", bytes(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec())),
        ("another protocol", bytes(b"SSH-2.0-canary\r\n".to_vec())),
        ("to another origin", bytes(away.into_bytes())),
        ("to plain http", bytes(down.as_bytes().to_vec())),
    ]
}

/// No secret, and nothing that the server said.
fn is_silent(error: &Error) -> bool {
    let mut text = format!("{error} {error:?} {:?}", error.params());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    !text.contains("canary")
}

async fn added(stage: &Stage, address: &str, network: NetworkChange) -> InstanceId {
    let id = InstanceId::from_random(7);
    let url = InstanceUrl::parse(address, true).unwrap();
    let instance = Instance {
        mcp_url: format!("{address}/mcp").parse().ok(),
        ..Instance::new(id.clone(), "test".into(), "Test".into(), url)
    };
    stage
        .core
        .store()
        .change(move |state| {
            state.instances.push(instance);
            Ok(())
        })
        .unwrap();
    let change = NetworkChange { call_timeout: Some(TimeoutChange::Seconds(3)), ..network };
    stage.core.set_network(&id, change).await.unwrap();
    id
}

/// Whatever there is to ask, once.
async fn ask_everything(core: &Core, id: &InstanceId, address: &str) -> Vec<(&'static str, Error)> {
    let key = Credentials::ApiKey { key: Secret::new("sst_canary"), stay: false };
    let new = NewInstance {
        address: address.to_owned(),
        name: None,
        environment: Environment::Development,
        mcp_url: None,
        allow_http: true,
        username: None,
    };
    let (rest, mcp, oauth, discovery) = tokio::join!(
        core.sign_in(id, key),
        core.set_mcp_url(id, None),
        core.find_oauth(id, None),
        core.add_instance(new),
    );
    [("REST", rest.err()), ("MCP", mcp.err()), ("OAuth", oauth.err()), ("discovery", discovery.err())]
        .into_iter()
        .map(|(what, error)| (what, error.unwrap_or_else(|| panic!("{what} was taken"))))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_server_behind_a_certificate() {
    let authority = Authority::new("Acme Root");
    let acceptor = TlsAcceptor::from(Arc::new(authority.asking(&[&TLS13], &[])));
    let elsewhere = CannedServer::start(|_: &Seen| Reply::json(200, "{}")).await;
    let current: Arc<Mutex<Option<Answer>>> = Arc::default();
    let answering = Arc::clone(&current);
    let reply = move |_: &Seen| answering.lock().unwrap().as_ref().unwrap()();
    let server = CannedServer::wrapped(reply, move |stream: TcpStream| {
        let accept = acceptor.accept(stream);
        async move { accept.await.ok() }
    })
    .await;
    let address = crate::stage::at(server.address);
    let stage = Stage::new();
    let trusted = authority.write(stage.folder(), "root.pem");
    let own = authority.good_client().write(stage.folder(), "own.pem");
    let network = NetworkChange { certificate: showing(own).certificate, ..trusting(&trusted) };
    let id = added(&stage, &address, network).await;
    for (what, answer) in answers(&elsewhere.url().to_string()) {
        *current.lock().unwrap() = Some(answer);
        let began = Instant::now();
        for (asked, error) in Box::pin(ask_everything(&stage.process(), &id, &address)).await {
            assert!(is_silent(&error), "{what}, {asked}: {error:?}");
        }
        assert!(began.elapsed() < END, "{what}: {:?}", began.elapsed());
    }
    assert!(elsewhere.seen().is_empty(), "{:?}", elsewhere.seen());
    assert!(!String::from_utf8_lossy(&stage.everything()).contains("canary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_proxy_before_it() {
    let elsewhere = CannedServer::start(|_: &Seen| Reply::json(200, "{}")).await;
    let current: Arc<Mutex<Option<Answer>>> = Arc::default();
    let answering = Arc::clone(&current);
    let proxy = CannedServer::start(move |_: &Seen| answering.lock().unwrap().as_ref().unwrap()()).await;
    let stage = Stage::new();
    // Over https it is asked to connect; what it answers is no server's word.
    let address = "https://superset.test";
    let proxy_change = ProxyChange::Given {
        url: format!("http://jane@{}", proxy.address),
        password: Some(Secret::new("canary")),
    };
    let network = NetworkChange {
        proxy: Some(proxy_change),
        connect_timeout: Some(TimeoutChange::Seconds(2)),
        ..NetworkChange::default()
    };
    let id = added(&stage, address, network).await;
    for (what, answer) in answers(&elsewhere.url().to_string()) {
        *current.lock().unwrap() = Some(answer);
        let began = Instant::now();
        let key = Credentials::ApiKey { key: Secret::new("sst_canary"), stay: false };
        let error = stage.core.sign_in(&id, key).await.unwrap_err();
        assert!(is_silent(&error), "{what}: {error:?}");
        assert!(error.is_offline(), "{what}: {error:?}");
        assert!(began.elapsed() < END, "{what}: {:?}", began.elapsed());
    }
    assert!(elsewhere.seen().is_empty());
    for seen in proxy.seen() {
        assert_eq!(seen.method, "CONNECT", "only the way is asked for: {seen:?}");
        assert!(!seen.head.contains("sst_canary") && seen.body.is_empty());
    }
    assert!(!String::from_utf8_lossy(&stage.everything()).contains("canary"));
}
