//! Servers, proxies and networks that do not play by the rules: each ends in a reason, in time, and no secret
//! goes where it was not sent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canned_server;

use canned_server::{CannedServer, Reply};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use superset_keys_core::credential::Provider;
use superset_keys_core::error::Unreachable;
use superset_keys_core::http::{Auth, Http};
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::instance::InstanceUrl;
use superset_keys_core::mcp::McpProbe;
use superset_keys_core::secret::Secret;
use superset_keys_core::superset::{AccessToken, CreateRequest, Listed, Superset, Tokens};
use superset_keys_core::transport::{Connections, Site, Timeouts, Transport};
use superset_keys_core::{Error, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CANARY: &str = "sst_canary";
const MIB: usize = 1024 * 1024;

fn superset() -> Superset {
    Superset::new(http())
}

fn http() -> Http {
    Http::new(Arc::new(Connections::default()))
}

/// Any address, with the usual patience.
fn at(url: &InstanceUrl) -> Site {
    Site::of(url, Transport::default())
}

async fn list(url: &InstanceUrl) -> Result<Listed> {
    list_with(&superset(), &at(url)).await
}

/// Whatever a server does, a call ends.
async fn list_with(superset: &Superset, site: &Site) -> Result<Listed> {
    let key = Secret::new(CANARY);
    tokio::time::timeout(Duration::from_secs(60), superset.list_keys(site, Auth::Key(&key)))
        .await
        .expect("an end")
}

/// With so much patience for one call.
fn patiently(url: &InstanceUrl, call: Duration) -> Site {
    let timeouts = Timeouts { call, ..Timeouts::default() };
    Site::of(url, Transport { timeouts, ..Transport::default() })
}

async fn listing(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Error {
    let server = CannedServer::start(move |_| reply()).await;
    let error = list(&server.url()).await.unwrap_err();
    assert_silent(&error);
    error
}

/// No secret, and nothing the server said, in what may be logged.
fn assert_silent(error: &Error) {
    let mut text = format!("{error} {error:?} {:?}", error.params());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    assert!(!text.contains("canary") && !text.contains("server-says"), "{text}");
}

fn kind(error: &Error) -> Option<Unreachable> {
    match error {
        Error::Unreachable { kind, .. } => Some(*kind),
        _ => None,
    }
}

fn json_head(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{rest}\r\n").into_bytes()
}

#[tokio::test]
async fn an_endless_body_is_not_read_to_its_end() {
    let error = listing(|| Reply::Endless(json_head("Connection: close\r\n"), vec![b' '; MIB])).await;
    assert!(matches!(error, Error::AnswerTooLarge { limit } if limit == 16 * MIB), "{error:?}");
    let chunk = [b"100000\r\n".to_vec(), vec![b' '; MIB], b"\r\n".to_vec()].concat();
    let error =
        listing(move || Reply::Endless(json_head("Transfer-Encoding: chunked\r\n"), chunk.clone())).await;
    assert!(matches!(error, Error::AnswerTooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn a_huge_announcement_is_refused_at_once() {
    for length in ["17000000", "9223372036854775807"] {
        let head = json_head(&format!("Content-Length: {length}\r\n"));
        let error = listing(move || Reply::Bytes(head.clone())).await;
        assert!(matches!(error, Error::AnswerTooLarge { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_call_has_its_limit_however_slowly_it_is_answered() {
    let limit = Duration::from_millis(300);
    let head = json_head("Content-Length: 1000000\r\n");
    for step in 0..3 {
        let head = head.clone();
        let server = CannedServer::start(move |_| match step {
            0 => Reply::Drip(head.clone(), Duration::from_millis(5)),
            1 => Reply::Silence(head.clone()),
            _ => Reply::Silence(Vec::new()),
        })
        .await;
        let started = Instant::now();
        let error = list_with(&superset(), &patiently(&server.url(), limit)).await.unwrap_err();
        assert_eq!(kind(&error), Some(Unreachable::TimedOut), "{error:?}");
        assert!((limit..Duration::from_secs(10)).contains(&started.elapsed()));
        assert_silent(&error);
    }
}

#[tokio::test]
async fn a_connection_that_closes_early_is_no_answer() {
    for bytes in [
        Vec::new(),
        b"HTTP/1.1 200 OK\r\nConte".to_vec(),
        b"server-says nonsense\r\n\r\n".to_vec(),
        [json_head("Content-Length: 100\r\n"), b"{\"result\":".to_vec()].concat(),
        [json_head("Transfer-Encoding: chunked\r\n"), b"5\r\n{\"re".to_vec()].concat(),
        [json_head("Content-Encoding: gzip\r\nContent-Length: 4\r\n"), b"oops".to_vec()].concat(),
    ] {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let error = listing(move || Reply::Bytes(bytes.clone())).await;
        let expected =
            if shown.starts_with("server-says") { Unreachable::NotHttp } else { Unreachable::Other };
        assert_eq!(kind(&error), Some(expected), "{shown}: {error:?}");
    }
}

#[tokio::test]
async fn no_redirect_to_another_origin_is_followed() {
    let other = CannedServer::start(|_| Reply::json(200, r#"{"result":[]}"#)).await;
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = other.address;
        let server = CannedServer::start(move |seen| {
            let target = format!("http://{elsewhere}{}?token=server-says", seen.path);
            Reply::with(status, &[("location", &target)], "")
        })
        .await;
        let url = server.url();
        let key = Secret::new(CANARY);
        let auth = Auth::Key(&key);
        let request = CreateRequest { name: "n", expires_on: None, scopes: None };
        let id = ApiKeyId::new("a-b");
        let errors = [
            list(&url).await.unwrap_err(),
            superset().create_key(&at(&url), auth, &request).await.unwrap_err(),
            superset().revoke_key(&at(&url), auth, &id).await.unwrap_err(),
            superset().sign_in(&at(&url), Provider::Db, "a", &key).await.unwrap_err(),
            superset().refresh(&at(&url), &key).await.unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(&error, Error::Redirected { to, .. } if *to == format!("http://{}", other.address)),
                "{error:?}"
            );
            assert_silent(&error);
        }
        assert_eq!(server.seen().len(), 5);
    }
    // Another scheme or host name is another origin too.
    for target in ["https://127.0.0.1/", "http://localhost/", "//localhost:1/", "ftp://127.0.0.1/", "data:,x"]
    {
        let error = listing(move || Reply::with(302, &[("location", target)], "")).await;
        assert!(matches!(error, Error::Redirected { .. }), "{target}: {error:?}");
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn redirects_on_the_same_origin_keep_method_body_and_bearer() {
    let server = CannedServer::start(|seen| {
        if seen.path.starts_with("/moved") {
            return Reply::json(201, r#"{"result":{"key":"sst_new","uuid":"u"}}"#);
        }
        Reply::with(308, &[("location", &format!("/moved{}", seen.path))], "")
    })
    .await;
    let key = Secret::new(CANARY);
    let request = CreateRequest { name: "n", expires_on: None, scopes: None };
    superset().create_key(&at(&server.url()), Auth::Key(&key), &request).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    for seen in seen {
        assert_eq!((seen.method.as_str(), seen.body.as_slice()), ("POST", br#"{"name":"n"}"#.as_slice()));
        assert_eq!(seen.header("authorization"), Some("Bearer sst_canary"));
    }
}

#[tokio::test]
async fn a_redirect_that_would_change_the_call_is_not_followed() {
    let server = CannedServer::start(|_| Reply::with(302, &[("location", "/login/")], "")).await;
    let request = CreateRequest { name: "n", expires_on: None, scopes: None };
    let key = Secret::new(CANARY);
    let error = superset().create_key(&at(&server.url()), Auth::Key(&key), &request).await.unwrap_err();
    let page = format!("{}/login/", server.url());
    assert!(matches!(&error, Error::SignInPage { to: Some(to), .. } if *to == page), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let server = CannedServer::start(|seen| Reply::with(302, &[("location", &seen.path)], "")).await;
    assert!(matches!(list(&server.url()).await, Err(Error::Redirected { .. })));
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn detection_tells_where_it_was_sent() {
    for (target, to) in [
        ("https://bi.example.com/bi{path}", "https://bi.example.com/bi"),
        ("https://bi.example.com{path}", "https://bi.example.com"),
    ] {
        let server = CannedServer::start(move |seen| {
            Reply::with(301, &[("location", &target.replace("{path}", &seen.path))], "")
        })
        .await;
        let error = superset().detect(&server.url(), &Transport::default()).await.unwrap_err();
        assert!(matches!(&error, Error::Redirected { to: found, .. } if found == to), "{error:?}");
    }
}

type Gateway = Box<dyn Fn(&canned_server::Seen) -> Reply + Send + Sync>;

/// Gateways that ask people to sign in: they answer every address alike, a page at once or the way to one.
#[tokio::test]
async fn a_sign_in_page_before_superset_is_named() {
    const HTML: [(&str, &str); 1] = [("content-type", "text/html")];
    const PAGE: &str = "<html><title>server-says: sign in</title></html>";
    let to_other_host = |_: &canned_server::Seen| {
        Reply::with(302, &[("location", "https://sso.example.com/oauth2/start?rd=server-says")], "")
    };
    let to_own_page = |seen: &canned_server::Seen| match seen.path.as_str() {
        "/oauth2/sign_in" => Reply::with(200, &HTML, PAGE),
        "/oauth2/forbidden" => Reply::with(403, &HTML, PAGE),
        path => Reply::with(302, &[("location", &format!("/oauth2/sign_in?rd={path}"))], ""),
    };
    let behind_a_path = |seen: &canned_server::Seen| match seen.path.as_str() {
        "/dex/auth" => Reply::with(200, &HTML, PAGE),
        _ => Reply::with(307, &[("location", "/dex/auth")], ""),
    };
    let at_once = |_: &canned_server::Seen| Reply::with(200, &HTML, PAGE);
    let basic = |_: &canned_server::Seen| {
        Reply::with(
            401,
            &[("content-type", "text/html"), ("www-authenticate", "Basic realm=\"server-says\"")],
            PAGE,
        )
    };
    let own = |path: &str| Some(path.to_owned());
    let gateways: [(Gateway, Option<String>); 5] = [
        (Box::new(to_other_host), own("https://sso.example.com/oauth2/start")),
        (Box::new(to_own_page), own("{here}/oauth2/sign_in")),
        (Box::new(behind_a_path), own("{here}/dex/auth")),
        (Box::new(at_once), None),
        (Box::new(basic), None),
    ];
    for (gateway, page) in gateways {
        let server = CannedServer::start(gateway).await;
        let url = server.url();
        let page = page.map(|page| page.replace("{here}", &url.to_string()));
        let key = Secret::new(CANARY);
        let request = CreateRequest { name: "n", expires_on: None, scopes: None };
        for error in [
            superset().detect(&url, &Transport::default()).await.unwrap_err(),
            superset().detect(&server.url_below("/bi/sqllab"), &Transport::default()).await.unwrap_err(),
            list(&url).await.unwrap_err(),
            superset().sign_in(&at(&url), Provider::Db, "a", &key).await.unwrap_err(),
            superset().create_key(&at(&url), Auth::Key(&key), &request).await.unwrap_err(),
        ] {
            assert!(matches!(&error, Error::SignInPage { to, .. } if *to == page), "{page:?}: {error:?}");
            assert_silent(&error);
        }
    }
}

#[tokio::test]
async fn what_stands_in_between_is_told_from_superset() {
    let page = "<html>server-says: please pay for the wireless network</html>";
    let html = [("content-type", "text/html")];
    for (status, body) in
        [(200, page), (502, page), (503, ""), (504, page), (401, page), (403, page), (500, page)]
    {
        let error = listing(move || Reply::with(status, &html, body)).await;
        let told = match error {
            Error::ProxyAnswered { status: seen, .. } => seen == status,
            Error::SignInPage { .. } => matches!(status, 200 | 401),
            _ => false,
        };
        assert!(told, "{status}: {error:?}");
    }
    let error = listing(|| Reply::json(503, r#"{"message":"server-says"}"#)).await;
    assert!(matches!(error, Error::ProxyAnswered { status: 503, .. }), "{error:?}");

    for (status, is_gateway) in [(403, true), (404, false), (502, true)] {
        let server = CannedServer::start(move |_| Reply::with(status, &html, page)).await;
        let error = superset().detect(&server.url(), &Transport::default()).await.unwrap_err();
        let told = match error {
            Error::ProxyAnswered { .. } => is_gateway,
            Error::NotSuperset { .. } => !is_gateway,
            _ => false,
        };
        assert!(told, "{status}: {error:?}");
        assert!(!McpProbe::new(http()).is_endpoint(&at(&server.url())).await);
    }
}

#[tokio::test]
async fn a_server_that_is_merely_healthy_is_not_superset() {
    let server = CannedServer::start(|_| Reply::with(200, &[("content-type", "text/plain")], "OK")).await;
    assert!(matches!(
        superset().detect(&server.url(), &Transport::default()).await,
        Err(Error::NotSuperset { .. })
    ));
}

#[tokio::test]
async fn busy_servers_are_asked_again_and_not_for_ever() {
    let limited = || Reply::json(429, r#"{"errors":[{"message":"server-says 5 per 1 minute"}]}"#);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = CannedServer::start(move |_| {
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            limited()
        } else {
            Reply::json(200, r#"{"result":[]}"#)
        }
    })
    .await;
    assert!(list(&server.url()).await.is_ok());
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    let server = CannedServer::start(move |_| limited()).await;
    assert!(matches!(list(&server.url()).await, Err(Error::RateLimited { .. })));
    assert_eq!(server.seen().len(), 4);

    // As long as it says, but not longer than a person would wait.
    let after = |seconds: &'static str| move || Reply::with(429, &[("retry-after", seconds)], "");
    let server = CannedServer::start(move |_| after("0")()).await;
    let started = Instant::now();
    assert!(matches!(list(&server.url()).await, Err(Error::RateLimited { .. })));
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(server.seen().len(), 4);
    let server = CannedServer::start(move |_| after("11")()).await;
    let told = Some(Duration::from_secs(11));
    assert!(matches!(list(&server.url()).await, Err(Error::RateLimited { wait }) if wait == told));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn cookies_are_not_sent_back() {
    let server = CannedServer::start(|_| {
        let headers = [("set-cookie", "session=server-says; Path=/"), ("content-type", "application/json")];
        Reply::with(200, &headers, r#"{"result":[]}"#)
    })
    .await;
    let superset = superset();
    for _ in 0..2 {
        list_with(&superset, &at(&server.url())).await.unwrap();
    }
    assert!(server.seen().iter().all(|seen| seen.header("cookie").is_none()));
}

#[tokio::test]
async fn calls_under_way_are_bounded() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let (inside, peak, held) = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&gate));
    let server = CannedServer::wrapped(
        |_| Reply::json(200, r#"{"result":[]}"#),
        move |stream| {
            let (inside, peak, held) = (Arc::clone(&inside), Arc::clone(&peak), Arc::clone(&held));
            async move {
                peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                held.acquire().await.unwrap().forget();
                inside.fetch_sub(1, Ordering::SeqCst);
                Some(stream)
            }
        },
    )
    .await;
    let superset = superset();
    let calls: Vec<_> = (0..12)
        .map(|_| {
            let (superset, url) = (superset.clone(), server.url());
            tokio::spawn(async move { list_with(&superset, &at(&url)).await.map(|_| ()) })
        })
        .collect();
    let four = async {
        while now.load(Ordering::SeqCst) < 4 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), four).await.expect("four at once");
    gate.add_permits(12);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

/// One that hangs holds up nobody else's calls.
#[tokio::test]
async fn a_server_that_hangs_takes_no_other_s_turn() {
    let hanging = CannedServer::start(|_| Reply::Silence(Vec::new())).await;
    let answering = CannedServer::start(|_| Reply::json(200, r#"{"result":[]}"#)).await;
    let superset = superset();
    let stuck: Vec<_> = (0..12)
        .map(|_| {
            let (superset, site) = (superset.clone(), at(&hanging.url()));
            tokio::spawn(async move { list_with(&superset, &site).await.map(|_| ()) })
        })
        .collect();
    let full = async {
        while hanging.seen().len() < 4 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), full).await.expect("four at once");
    let site = at(&answering.url());
    let answered = tokio::time::timeout(Duration::from_secs(20), list_with(&superset, &site));
    answered.await.expect("its own turn").unwrap();
    stuck.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn json_that_is_not_what_it_should_be() {
    let deep = format!("{{\"result\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for body in
        ["", "{", "null", "[]", "5", "{}", "\u{feff}{}", r#"{"result":null}"#, r#"{"result":{}}"#, &deep]
    {
        let body = body.to_owned();
        let error = listing(move || Reply::json(200, &body)).await;
        assert!(matches!(error, Error::UnexpectedAnswer { what: "key list", status: 200 }), "{error:?}");
    }
    let invalid = [json_head("Content-Length: 16\r\n"), b"{\"result\":[\"\xff\xfe\"]}".to_vec()].concat();
    let error = listing(move || Reply::Bytes(invalid.clone())).await;
    assert!(matches!(error, Error::UnexpectedAnswer { .. }), "{error:?}");
    for body in ["", "{", "null", "[]", r#"{"message":5}"#, r#"{"errors":"server-says"}"#, &deep] {
        let body = body.to_owned();
        let error = listing(move || Reply::json(400, &body)).await;
        assert!(matches!(error, Error::ProxyAnswered { status: 400, .. }), "{error:?}");
    }
}

/// Each field in turn holding what it never should.
fn spoilt(good: &Value) -> Vec<(String, Value)> {
    let odd = [json!(5), json!({"server-says": 1}), json!([[]]), json!(true), json!("server-says")];
    let fields = good.as_object().unwrap().keys();
    fields
        .flat_map(|field| {
            odd.iter().map(move |odd| {
                let mut bad = good.clone();
                bad[field] = odd.clone();
                (format!("{field}: {odd}"), bad)
            })
        })
        .collect()
}

#[tokio::test]
async fn wrong_types_in_a_list_are_refused_and_unreadable_times_too() {
    let good = json!({
        "uuid": "u", "name": "n", "key_prefix": "sst_", "scopes": null, "created_on": "2026-11-20T20:43:18",
        "expires_on": null, "last_used_on": null, "revoked_on": null,
    });
    for (what, bad) in spoilt(&good) {
        let body = json!({ "result": [bad] }).to_string();
        let server = CannedServer::start(move |_| Reply::json(200, &body)).await;
        let listed = list(&server.url()).await;
        let is_text = what.ends_with("\"server-says\"") && !what.contains("_on");
        match listed {
            Ok(_) => assert!(is_text, "{what}"),
            Err(error) => {
                assert!(!is_text && matches!(error, Error::UnexpectedAnswer { .. }), "{what}: {error:?}");
                assert_silent(&error);
            }
        }
    }
}

#[tokio::test]
async fn a_created_key_is_not_lost_for_odd_fields_beside_it() {
    let good = json!({
        "uuid": "u", "key": CANARY, "name": "n", "key_prefix": "sst_", "scopes": null,
        "created_on": "2026-11-20T20:43:18", "expires_on": null,
    });
    let bearer_key = Secret::new("sst_other");
    let request = CreateRequest { name: "n", expires_on: None, scopes: None };
    for (what, bad) in spoilt(&good) {
        let body = json!({ "result": bad }).to_string();
        let server = CannedServer::start(move |_| Reply::json(201, &body)).await;
        let created = superset().create_key(&at(&server.url()), Auth::Key(&bearer_key), &request).await;
        match created {
            Ok(created) if !what.starts_with("key:") => {
                // EXPOSE: the test looks whether it is the right one.
                assert_eq!(created.created.secret.expose(), CANARY);
            }
            Ok(_) => assert!(what.ends_with("\"server-says\""), "{what}"),
            Err(error) => {
                let needed = what.starts_with("key:") || what.starts_with("uuid:");
                assert!(needed && matches!(error, Error::UnexpectedAnswer { .. }), "{what}: {error:?}");
                assert_silent(&error);
            }
        }
    }
    for body in [r#"{"result":{"key":"","uuid":"u"}}"#, r#"{"result":{"key":null,"uuid":"u"}}"#] {
        let server = CannedServer::start(move |_| Reply::json(201, body)).await;
        let created = superset().create_key(&at(&server.url()), Auth::Key(&bearer_key), &request).await;
        assert!(matches!(created, Err(Error::NotCreated)));
    }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_never_becomes_part_of_an_address() {
    let server = CannedServer::start(|_| Reply::json(200, "{}")).await;
    let key = Secret::new(CANARY);
    let auth = Auth::Key(&key);
    for id in ["", "..", "../../security/users/1", "a/b", "a?b", "a#b", "a%2fb", "ä", "a b", &"a".repeat(65)]
    {
        let id = ApiKeyId::new(id);
        assert!(superset().get_key(&at(&server.url()), auth, &id).await.unwrap().is_none());
        let revoked = superset().revoke_key(&at(&server.url()), auth, &id).await;
        assert!(matches!(revoked, Err(Error::NoSuchKey { .. })), "{id}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_secret_that_fits_no_header_is_not_sent() {
    let server = CannedServer::start(|_| Reply::json(200, "{}")).await;
    let key = Secret::new("sst_canary\r\nX-Other: 1");
    let error = superset().list_keys(&at(&server.url()), Auth::Key(&key)).await.unwrap_err();
    assert!(matches!(error, Error::NotAnApiKey), "{error:?}");
    assert_silent(&error);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn certificates_that_nobody_vouches_for() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let server = CannedServer::wrapped(
        |_| Reply::json(200, r#"{"result":[]}"#),
        move |stream: TcpStream| {
            let accept = acceptor.accept(stream);
            async move { accept.await.ok() }
        },
    )
    .await;
    let url = InstanceUrl::parse(&format!("https://{}", server.address), false).unwrap();
    for error in
        [list(&url).await.unwrap_err(), superset().detect(&url, &Transport::default()).await.unwrap_err()]
    {
        assert!(matches!(error, Error::CertificateUntrusted { .. }), "{error:?}");
        assert_silent(&error);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn tls_to_a_server_without_it_is_not_a_matter_of_certificates() {
    let server = CannedServer::start(|_| Reply::json(200, "{}")).await;
    let url = InstanceUrl::parse(&format!("https://{}", server.address), false).unwrap();
    // Its greeting never ends like a request, so the server waits for more; our own limit ends the call.
    let error = list_with(&superset(), &patiently(&url, Duration::from_secs(2))).await.unwrap_err();
    assert_eq!(kind(&error), Some(Unreachable::TimedOut), "{error:?}");

    // Others say in plain text what they think of it.
    let address = blurting(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    let url = InstanceUrl::parse(&format!("https://{address}"), false).unwrap();
    let error = list(&url).await.unwrap_err();
    assert_eq!(kind(&error), Some(Unreachable::NotTls), "{error:?}");
}

#[tokio::test]
async fn plain_http_to_a_server_with_tls_is_told() {
    // TLS's own word for what it does not understand: an alert.
    let address = blurting(&[0x15, 3, 1, 0, 2, 2, 70]).await;
    let url = InstanceUrl::parse(&format!("http://{address}"), false).unwrap();
    let error = list(&url).await.unwrap_err();
    assert_eq!(kind(&error), Some(Unreachable::NotHttp), "{error:?}");
}

/// Answers every connection with the same bytes, once something came in.
async fn blurting(bytes: &'static [u8]) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut some = [0; 4096];
                let _ = stream.read(&mut some).await;
                let _ = stream.write_all(bytes).await;
            });
        }
    });
    address
}

/// A hosts file may send `localhost` names anywhere; calls to them stay here all the same.
#[tokio::test]
async fn names_below_localhost_are_this_computer() {
    let server = CannedServer::start(|_| Reply::json(200, r#"{"result":[]}"#)).await;
    let port = server.address.port();
    for name in ["localhost", "superset.localhost", "no.such.name.localhost"] {
        let url = InstanceUrl::parse(&format!("http://{name}:{port}"), false).unwrap();
        list(&url).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_there() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let url = InstanceUrl::parse(&format!("http://{address}"), false).unwrap();
    for error in
        [list(&url).await.unwrap_err(), superset().detect(&url, &Transport::default()).await.unwrap_err()]
    {
        assert_eq!(kind(&error), Some(Unreachable::Refused), "{error:?}");
        assert_eq!(error.params().get("host"), Some(&address.to_string()));
    }
    assert!(!McpProbe::new(http()).is_endpoint(&at(&url)).await);

    let url = InstanceUrl::parse("no-such-host.invalid", false).unwrap();
    for error in
        [list(&url).await.unwrap_err(), superset().detect(&url, &Transport::default()).await.unwrap_err()]
    {
        assert_eq!(kind(&error), Some(Unreachable::NameNotFound), "{error:?}");
    }
}

#[tokio::test]
async fn debug_of_what_holds_a_secret_shows_none() {
    let key = Secret::new(CANARY);
    let access = AccessToken::new(Secret::new("canary.canary.canary"));
    let superset = superset();
    let tokens = Tokens { access: AccessToken::new(Secret::new(CANARY)), refresh: Some(Secret::new(CANARY)) };
    let shown = format!("{:?} {:?} {tokens:?} {superset:?}", Auth::Key(&key), Auth::Token(access.secret()));
    assert!(!shown.contains("canary"), "{shown}");
}
