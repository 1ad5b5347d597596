//! Proxies that a person named for one instance: with and without a password, to servers that ask who we are.

use crate::canned_server::CannedServer;
use crate::pki::Authority;
use crate::stage::{Stage, at, refused, serving, showing, superset, trusting};
use base64::Engine;
use rustls::version::TLS13;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use superset_keys_core::actions::{NetworkChange, ProxyChange};
use superset_keys_core::error::{ClientCertificateProblem, Error, ProxyProblem, Unreachable};
use superset_keys_core::secret::Secret;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// As the proxy knows them, and the name as it stands in an address.
const NAME: &str = r"acme\j@ne";
const NAMED: &str = "acme%5Cj%40ne";
/// With what means something in an address, and what only looks like it.
const PASSWORD: &str = "p@ss/canary:1?#%40 %6q&ü€";

/// A proxy on loopback, and how many it let through.
struct Proxy {
    address: SocketAddr,
    passed: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Speaks {
    Connect,
    Socks,
}

/// Everybody is led to one server, whatever name was asked for.
async fn proxy(speaks: Speaks, target: SocketAddr, wants: bool, tls: Option<TlsAcceptor>) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let passed = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&passed);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (counted, tls) = (Arc::clone(&counted), tls.clone());
            tokio::spawn(async move {
                match tls {
                    Some(tls) => serve(speaks, tls.accept(client).await?, target, wants, &counted).await,
                    None => serve(speaks, client, target, wants, &counted).await,
                }
            });
        }
    });
    Proxy { address, passed }
}

async fn serve(
    speaks: Speaks,
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    target: SocketAddr,
    wants: bool,
    passed: &AtomicUsize,
) -> std::io::Result<()> {
    let opened = match speaks {
        Speaks::Connect => connect(&mut client, wants).await?,
        Speaks::Socks => socks(&mut client, wants).await?,
    };
    let Some(first) = opened else { return Ok(()) };
    passed.fetch_add(1, Ordering::Relaxed);
    let mut server = TcpStream::connect(target).await?;
    server.write_all(&first).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// What is to be handed on before the rest; none where it was refused.
async fn connect(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    wants: bool,
) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    let told = base64::engine::general_purpose::STANDARD.encode(format!("{NAME}:{PASSWORD}"));
    let is_told = text.contains(&format!("proxy-authorization: basic {}\r\n", told.to_lowercase()));
    if wants && !is_told {
        client
            .write_all(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            .await?;
        return Ok(None);
    }
    if !text.starts_with("connect ") {
        return Ok(Some(head));
    }
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    Ok(Some(Vec::new()))
}

async fn socks(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    wants: bool,
) -> std::io::Result<Option<Vec<u8>>> {
    let mut two = [0; 2];
    client.read_exact(&mut two).await?;
    let mut methods = vec![0; two[1].into()];
    client.read_exact(&mut methods).await?;
    let method = if wants { 2 } else { 0 };
    if !methods.contains(&method) {
        client.write_all(&[5, 0xff]).await?;
        return Ok(None);
    }
    client.write_all(&[5, method]).await?;
    if wants {
        client.read_u8().await?;
        let name = counted_text(client).await?;
        let password = counted_text(client).await?;
        let good = name == NAME.as_bytes() && password == PASSWORD.as_bytes();
        client.write_all(&[1, u8::from(!good)]).await?;
        if !good {
            return Ok(None);
        }
    }
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    match head[3] {
        1 => drop(client.read_u32().await?),
        3 => drop(counted_text(client).await?),
        _ => drop(client.read_u128().await?),
    }
    client.read_u16().await?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    Ok(Some(Vec::new()))
}

async fn counted_text(client: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut text = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut text).await?;
    Ok(text)
}

fn through(url: &str, password: Option<&str>) -> NetworkChange {
    let proxy = ProxyChange::Given { url: url.to_owned(), password: password.map(Secret::new) };
    NetworkChange { proxy: Some(proxy), ..NetworkChange::default() }
}

fn problem(error: &Error) -> Option<ProxyProblem> {
    match error {
        Error::ProxyUnusable { problem, .. } => Some(*problem),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_with_a_password_and_without() {
    let authority = Authority::new("Acme Root");
    let server = serving(authority.open()).await;
    let plain = CannedServer::start(superset).await;
    for (speaks, scheme) in [(Speaks::Connect, "http"), (Speaks::Socks, "socks5"), (Speaks::Socks, "socks5h")]
    {
        for (target, address) in [
            (server.address, "https://localhost:1".to_owned()),
            (plain.address, "http://superset.localhost:1".to_owned()),
        ] {
            let stage = Stage::new();
            let trusted = authority.write(stage.folder(), "root.pem");
            let add = async |change: NetworkChange| {
                let change = NetworkChange { trusted: trusting(&trusted).trusted, ..change };
                stage.add(&address, change).await
            };
            // Nobody listens at port 1, so whatever comes back has come through the proxy, loopback or not.
            let direct = add(NetworkChange::default()).await.unwrap_err();
            assert!(matches!(direct, Error::Unreachable { kind: Unreachable::Refused, .. }), "{direct:?}");
            let open = proxy(speaks, target, false, None).await;
            add(through(&format!("{scheme}://{}", open.address), None)).await.expect(scheme);
            assert!(open.passed.load(Ordering::Relaxed) > 0);

            let closed = proxy(speaks, target, true, None).await;
            let url = format!("{scheme}://{NAMED}@{}", closed.address);
            let (id, _) = add(through(&url, Some(PASSWORD)))
                .await
                .unwrap_or_else(|e| panic!("{scheme} {address} {e:?}"));
            // Another program finds the password where the first one put it.
            stage.process().look_at_network(&id).await.unwrap();
            let before = closed.passed.load(Ordering::Relaxed);
            for (url, password) in [
                (url.clone(), Some("canary-wrong")),
                (format!("{scheme}://{}", closed.address), None),
                (format!("{scheme}://other@{}", closed.address), Some(PASSWORD)),
            ] {
                let refused = add(through(&url, password)).await.unwrap_err();
                assert_eq!(problem(&refused), Some(ProxyProblem::SignIn), "{scheme} {address}: {refused:?}");
                let all = format!("{refused:?} {refused} {:?}", refused.params());
                assert!(!all.contains("canary"), "{all}");
                assert_eq!(refused.params()["proxy"], closed.address.to_string());
            }
            assert_eq!(closed.passed.load(Ordering::Relaxed), before);
            assert!(!String::from_utf8_lossy(&stage.everything()).contains("canary"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_certificate_goes_through_every_proxy() {
    let authority = Authority::new("Acme Root");
    let server = serving(authority.asking(&[&TLS13], &[])).await;
    let tls = TlsAcceptor::from(Arc::new(authority.open()));
    for (speaks, scheme, tls) in [
        (Speaks::Connect, "http", None),
        (Speaks::Connect, "https", Some(tls.clone())),
        (Speaks::Socks, "socks5h", None),
    ] {
        let stage = Stage::new();
        let trusted = authority.write(stage.folder(), "root.pem");
        let own = authority.good_client().write(stage.folder(), "own.pem");
        let proxy = proxy(speaks, server.address, true, tls).await;
        let port = proxy.address.port();
        let change = through(&format!("{scheme}://{NAMED}@localhost:{port}"), Some(PASSWORD));
        let change = NetworkChange { trusted: trusting(&trusted).trusted, ..change };
        // Only a certificate of ours is missing there: it is added, and said.
        let (id, wants) = stage.add("https://localhost:1", change).await.unwrap();
        assert!(wants, "{scheme}");
        let error = stage.core.look_at_network(&id).await.unwrap_err();
        assert_eq!(refused(&error), Some(ClientCertificateProblem::Missing), "{scheme}: {error:?}");
        stage.core.set_network(&id, showing(own)).await.unwrap();
        let way = stage.core.look_at_network(&id).await.unwrap();
        assert_eq!(way.proxy, Some(format!("localhost:{port}")));
        assert!(way.asked_who && way.encrypted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_not_there_is_named_and_none_is_taken_back() {
    let stage = Stage::new();
    let server = CannedServer::start(superset).await;
    let (id, _) = stage.add(&server.url().to_string(), NetworkChange::default()).await.unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    stage.core.set_network(&id, through(&nobody.to_string(), None)).await.unwrap();
    let error = stage.core.look_at_network(&id).await.unwrap_err();
    assert_eq!(problem(&error), Some(ProxyProblem::Refused), "{error:?}");
    for back in [ProxyChange::None, ProxyChange::System] {
        stage.core.set_network(&id, through(&nobody.to_string(), None)).await.unwrap();
        let change = NetworkChange { proxy: Some(back), ..NetworkChange::default() };
        stage.core.set_network(&id, change).await.unwrap();
        assert_eq!(stage.core.look_at_network(&id).await.unwrap().proxy, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_the_proxy_itself_needs_is_the_instances_own() {
    let (authority, other) = (Authority::new("Acme Root"), Authority::new("Proxy Root"));
    let server = serving(authority.open()).await;
    let tls = TlsAcceptor::from(Arc::new(other.open()));
    let proxy = proxy(Speaks::Connect, server.address, false, Some(tls)).await;
    let stage = Stage::new();
    let change = |trusted| NetworkChange {
        trusted: trusting(trusted).trusted,
        ..through(&format!("https://localhost:{}", proxy.address.port()), None)
    };
    let one = authority.write(stage.folder(), "root.pem");
    let error = stage.add(&at(server.address), change(&one)).await.unwrap_err();
    assert!(matches!(error, Error::CertificateUntrusted { .. }), "{error:?}");
    let both = stage.folder().join("both.pem");
    std::fs::write(&both, format!("{}{}", authority.pem, other.pem)).unwrap();
    stage.add(&at(server.address), change(&both)).await.unwrap();
}
