//! Networks and servers below HTTP: connections that break, stop in the middle or are none, certificates that
//! nobody vouches for, names that do not exist.

use super::canned_server::{CannedServer, Reply};
use super::client::{Client, Found, request, soon};
use super::server::{Server, json, result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const REPLY: &str = r#"{"jsonrpc":"2.0","id":1,"result":"ü"}"#;
const SILENCE: Duration = Duration::from_millis(1500);

fn head(media: &str, rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n{rest}\r\n").into_bytes()
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// The reason when a server does this with the first call; the second is answered.
async fn reason(first: impl Fn() -> Reply + Send + Sync + 'static) -> String {
    let server = CannedServer::start(move |seen| {
        if String::from_utf8_lossy(&seen.body).contains("tools/call") {
            first()
        } else {
            Reply::json(200, &REPLY.replace(":1,", ":2,"))
        }
    })
    .await;
    let mut client =
        Client::patient(Found::new(&format!("http://{}/mcp", server.address), "sst_canary"), SILENCE);
    let began = Instant::now();
    let reason = client.reason(&request(1, "tools/call")).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{reason} after {:?}", began.elapsed());
    assert_eq!(client.ask(&request(2, "ping")).await["result"], "ü");
    let all = format!("{reason}{:?}{:?}", client.noted(), client.end().await);
    assert!(!all.contains("canary"), "{all}");
    reason
}

#[tokio::test]
async fn connections_that_end_too_soon() {
    let bytes = |bytes: Vec<u8>| move || Reply::Bytes(bytes.clone());
    let json = |rest: &str| head("application/json", rest);
    let events = || head("text/event-stream", "Transfer-Encoding: chunked\r\n");
    for (what, answer) in [
        ("no word", Vec::new()),
        ("no HTTP", b"SSH-2.0-canary\r\n".to_vec()),
        ("half a head", b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()),
        ("a head that says nonsense", b"HTTP/1.1 999999 canary\r\n\r\n".to_vec()),
        ("half a body", [json("Content-Length: 1000\r\n"), REPLY.as_bytes().to_vec()].concat()),
        ("a chunk too few", [json("Transfer-Encoding: chunked\r\n"), chunk(REPLY.as_bytes())].concat()),
        ("no chunk", [json("Transfer-Encoding: chunked\r\n"), b"canary\r\n".to_vec()].concat()),
        ("half an event", [events(), chunk(format!("data: {REPLY}\n").as_bytes())].concat()),
        ("another event", [events(), chunk(b": ping\n\n")].concat()),
        (
            "no gzip",
            json("Content-Encoding: gzip\r\nContent-Length: 6\r\n").into_iter().chain(*b"canary").collect(),
        ),
    ] {
        assert_eq!(reason(bytes(answer)).await, "answer_lost", "{what}");
    }
    let told_how_many = [json("Content-Length: 10\r\n"), REPLY.as_bytes().to_vec()].concat();
    assert_eq!(reason(bytes(told_how_many)).await, "unexpected_answer");
}

#[tokio::test]
async fn servers_that_stop_in_the_middle() {
    for answer in [
        Vec::new(),
        b"HTTP/1.1 200 OK\r\n".to_vec(),
        b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(),
        [head("application/json", "Content-Length: 1000\r\n"), REPLY.as_bytes().to_vec()].concat(),
        [head("text/event-stream", ""), b"data: {".to_vec()].concat(),
    ] {
        assert_eq!(reason(move || Reply::Silence(answer.clone())).await, "unreachable");
    }
    // A head that comes byte by byte, and never all of it.
    let drip = || Reply::Drip(b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec(), Duration::from_millis(20));
    assert_eq!(reason(drip).await, "unreachable");
}

#[tokio::test]
async fn what_has_no_end_has_a_limit() {
    let mib = vec![b'x'; 1024 * 1024];
    let endless = |head: Vec<u8>, piece: Vec<u8>| move || Reply::Endless(head.clone(), piece.clone());
    let close = "Connection: close\r\n";
    for head in [
        head("application/json", close),
        [head("application/json", close), b"\"".to_vec()].concat(),
        [head("text/event-stream", close), b"data: ".to_vec()].concat(),
        [head("text/event-stream", close), b"id: ".to_vec()].concat(),
    ] {
        assert_eq!(reason(endless(head, mib.clone())).await, "answer_too_large");
    }
    let head = b"HTTP/1.1 200 OK\r\n".to_vec();
    assert_eq!(reason(endless(head, [b"X: ".to_vec(), mib, b"\r\n".to_vec()].concat())).await, "answer_lost");
}

/// Each byte in a packet of its own, in the middle of letters, line ends and chunks.
#[tokio::test]
async fn every_byte_alone() {
    let event = ": ä\r\nid: ü\r\ndata: {\"jsonrpc\":\"2.0\",\r\ndata: \"id\":1,\"result\":\"ü😀\"}\r\n\r\n";
    let json = r#"{"jsonrpc":"2.0","id":1,"result":"ü😀"}"#;
    let apart = |bytes: &[u8]| bytes.chunks(1).flat_map(chunk).chain(*b"0\r\n\r\n").collect::<Vec<_>>();
    for (media, body) in
        [("text/event-stream", apart(event.as_bytes())), ("application/json", apart(json.as_bytes()))]
    {
        let answer = [head(media, "Transfer-Encoding: chunked\r\n"), body].concat();
        let server =
            CannedServer::start(move |_| Reply::Drip(answer.clone(), Duration::from_millis(1))).await;
        let mut client = Client::of(Found::new(&format!("http://{}/mcp", server.address), "sst_canary"));
        assert_eq!(client.ask(&request(1, "tools/call")).await["result"], "ü😀", "{media}");
        assert!(client.end().await.is_empty());
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for() {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let server = CannedServer::wrapped(
        |_| Reply::json(200, REPLY),
        move |stream: TcpStream| {
            let accept = acceptor.accept(stream);
            async move { accept.await.ok() }
        },
    )
    .await;
    let source = Found::new(&format!("https://{}/mcp", server.address), "sst_canary");
    let mut client = Client::of(source.clone());
    for id in 1..3 {
        assert_eq!(client.reason(&request(id, "ping")).await, "certificate_untrusted");
    }
    assert!(server.seen().is_empty(), "the key was not shown");
    // Plain where TLS is spoken, and TLS where it is not.
    source.set_url(&format!("http://{}/mcp", server.address));
    assert_eq!(client.reason(&request(3, "tools/call")).await, "answer_lost");
    let plain = CannedServer::start(|_| Reply::json(200, REPLY)).await;
    source.set_url(&format!("https://{}/mcp", plain.address));
    client.reason(&request(4, "tools/call")).await;
    assert_eq!(client.reason(&request(5, "tools/call")).await, "unreachable");
    assert!(plain.seen().is_empty());
    assert!(client.end().await.is_empty());
}

#[tokio::test]
async fn a_name_that_does_not_exist() {
    let mut client = Client::of(Found::new("https://superset.invalid/mcp", "sst_canary"));
    for id in 1..3 {
        assert_eq!(client.reason(&request(id, "ping")).await, "unreachable");
    }
    client.notes(&["Unreachable"]).await;
    assert!(client.end().await.is_empty());
}

/// Whoever sends the key around in circles, or by another scheme, ends the call.
#[tokio::test]
async fn redirects_without_end_or_sense() {
    for to in [
        "/mcp",
        "ftp://x/",
        "https://127.0.0.1:1/mcp",
        "//example.invalid/",
        "http://user:canary@127.0.0.1:1/",
        "javascript:alert(1)",
    ] {
        let redirect = move || Reply::with(307, &[("location", to)], "");
        assert_eq!(reason(redirect).await, "redirected", "{to}");
    }
    for to in ["", "http://[", "\t"] {
        let redirect = move || Reply::with(307, &[("location", to)], "");
        assert!(["unexpected_answer", "redirected"].contains(&&*reason(redirect).await), "{to}");
    }
}

/// A gateway that asks people to sign in: an AI client cannot, and its person is told so.
#[tokio::test]
async fn a_sign_in_page_before_the_server_is_named() {
    for to in ["/oauth2/sign_in?rd=canary", "https://sso.example.com/start?state=canary"] {
        for status in [302, 303, 307] {
            let redirect = move || Reply::with(status, &[("location", to)], "");
            assert_eq!(reason(redirect).await, "sign_in_page", "{status} {to}");
        }
    }
    let page = || Reply::with(200, &[("content-type", "text/html")], "<html>canary</html>");
    assert_eq!(reason(page).await, "sign_in_page");
}

/// As small as it arrives, as large as it is.
#[tokio::test]
async fn a_bomb_is_not_unpacked_to_its_end() {
    // One deflate block of a byte run, by hand: 100 MiB would need a compressor, so stored blocks do.
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let stored = [&[0_u8, 0xff, 0xff, 0, 0][..], &b" ".repeat(0xffff)].concat();
    gzip.extend(stored.iter().copied().cycle().take(stored.len() * 16));
    let endless = head("application/json", "Content-Encoding: gzip\r\nConnection: close\r\n");
    let piece = gzip.split_off(10);
    let first = [endless, gzip].concat();
    assert_eq!(reason(move || Reply::Endless(first.clone(), piece.clone())).await, "answer_too_large");
}

/// Takes connections, reads what comes, and does with them what a test says.
async fn raw<F>(serve: impl Fn(TcpStream, usize) -> F + Send + 'static) -> (String, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, counted.fetch_add(1, Ordering::SeqCst)));
        }
    });
    (url, count)
}

/// It takes the connection and not a byte of a message that is larger than what lies in between.
#[tokio::test]
async fn a_server_that_does_not_read() {
    let (url, _) = raw(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let mut client = Client::patient(Found::new(&url, "sst_canary"), SILENCE);
    let big = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":"{}"}}"#, "x".repeat(20_000_000));
    assert_eq!(client.reason(&big).await, "unreachable");
    assert!(client.end().await.is_empty());
}

/// The server closes its side of the connection after it has answered, and says so only by that.
#[tokio::test]
async fn connections_closed_behind_an_answer() {
    let (url, count) = raw(|mut stream, _| async move {
        let mut some = [0; 4096];
        if stream.read(&mut some).await.unwrap_or(0) > 0 {
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{REPLY}",
                REPLY.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
            while stream.read(&mut some).await.unwrap_or(0) > 0 {}
        }
    })
    .await;
    let mut client = Client::of(Found::new(&url, "sst_canary"));
    for _ in 0..20 {
        assert_eq!(client.ask(&request(1, "tools/call")).await["result"], "ü");
    }
    assert!(count.load(Ordering::SeqCst) >= 20);
    assert!(client.end().await.is_empty());
}

/// Killed in the middle of an answer; back later at the same place.
#[tokio::test]
async fn killed_in_the_middle_and_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = Client::of(Found::new(&format!("http://{address}/mcp"), "sst_canary"));
    for id in 0..3 {
        client.say(&request(id, "tools/call")).await;
    }
    let mut open = Vec::new();
    for _ in 0..3 {
        let (mut stream, _) = soon("a call", listener.accept()).await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let begun =
            [head("text/event-stream", "Transfer-Encoding: chunked\r\n"), chunk(b"data: {\"json")].concat();
        stream.write_all(&begun).await.unwrap();
        // Without a farewell, as a process that is killed with unread input.
        stream.set_zero_linger().unwrap();
        open.push(stream);
    }
    drop((open, listener));
    for _ in 0..3 {
        assert_eq!(client.json().await["error"]["data"]["reason"], "answer_lost");
    }
    assert_eq!(client.reason(&request(4, "tools/call")).await, "unreachable");
    let _server = Server::at(&address.to_string(), |seen| async move { json(result(&seen)) }).await;
    assert_eq!(client.ask(&request(5, "tools/call")).await["id"], 5);
    assert!(client.end().await.is_empty());
}
