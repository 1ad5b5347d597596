//! The way to a server, as a person's own surroundings have it: certificates they trust, proxies they are behind.
//! These come in by variables, so they need a program of their own.

#[path = "../core/canned_server.rs"]
#[allow(dead_code, reason = "shared with tests that look closer")]
mod canned_server;

use crate::{Computer, PROGRAM, Run};
use canned_server::{CannedServer, Reply, Seen};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

fn superset(seen: &Seen) -> Reply {
    // Through an HTTP proxy the whole address is the path.
    let path =
        seen.path.split_once("://").map_or(&*seen.path, |(_, rest)| &rest[rest.find('/').unwrap_or(0)..]);
    match path {
        "/version" => Reply::json(200, r#"{"version_string":"6.1.0"}"#),
        "/health" => Reply::with(200, &[("content-type", "text/html")], "OK"),
        path if path.starts_with("/api/") => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        _ => Reply::json(404, r#"{"errors":[]}"#),
    }
}

/// `instances add`, with these variables beside the usual ones.
async fn added(address: &str, variables: &[(&str, &str)]) -> Run {
    let (address, variables) = (
        address.to_owned(),
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>(),
    );
    tokio::task::spawn_blocking(move || {
        let computer = Computer::new();
        let mut command = computer.command(PROGRAM);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.envs(variables).args([
            "--json",
            "instances",
            "add",
            &address,
            "--allow-http",
            "--timeout",
            "20",
        ]);
        Run::of(&command.output().unwrap())
    })
    .await
    .unwrap()
}

/// `taken`, or the error's code with the problem that its sentence speaks of.
fn end(run: &Run) -> String {
    if run.code == Some(0) {
        return "taken".into();
    }
    let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    let (code, message) =
        (error["error"]["code"].as_str().unwrap(), error["error"]["message"].as_str().unwrap());
    let problem = SAID.iter().find(|(said, _)| message.contains(said)).map_or("", |(_, problem)| problem);
    format!("{code} {problem}").trim().to_owned()
}

const SAID: [(&str, &str); 21] = [
    ("which this computer does not trust", "unknown_issuer"),
    ("signed by itself", "self_signed"),
    ("it ended at 2020-02-03", "expired"),
    ("it begins at 2090-02-03", "not_yet_valid"),
    ("it is for example.com", "other_name"),
    ("only the old common name", "named_in_old_way"),
    ("it is not a server's", "other_purpose"),
    ("wants a user name and a password", "sign_in"),
    ("does not let us through", "not_allowed"),
    ("cannot reach it", "no_way_on"),
    ("nothing listens at its address", "refused"),
    ("has a name that nobody knows", "name_not_found"),
    (", does not answer", "timed_out"),
    ("does not speak as its address says", "not_a_proxy"),
    ("made no connection", "other"),
    ("nothing listens there", "refused"),
    ("no computer has that name", "name_not_found"),
    ("it did not answer in time", "timed_out"),
    ("does not speak https", "not_tls"),
    ("does not speak http", "not_http"),
    ("the connection failed", "other"),
];

/// A certificate with its key.
struct Made {
    certificate: Certificate,
    key: KeyPair,
}

/// Its common name, its alternative names, and what else is wanted of it.
fn params(common: &str, names: &[&str], change: impl Fn(&mut CertificateParams)) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, common);
    change(&mut params);
    params
}

fn by_itself(params: &CertificateParams) -> Made {
    let key = KeyPair::generate().unwrap();
    Made { certificate: params.self_signed(&key).unwrap(), key }
}

fn authority(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

async fn serving(made: &Made) -> CannedServer {
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.certificate.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    CannedServer::wrapped(superset, move |stream: TcpStream| {
        let accept = acceptor.accept(stream);
        async move { accept.await.ok() }
    })
    .await
}

/// What comes of a server with this certificate on a computer that trusts these.
async fn trusting(made: &Made, trusted: &[&Certificate]) -> String {
    let server = serving(made).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trusted.pem");
    std::fs::write(&file, trusted.iter().map(|one| one.pem()).collect::<String>()).unwrap();
    let address = format!("https://localhost:{}", server.address.port());
    end(&added(&address, &[("SSL_CERT_FILE", file.to_str().unwrap())]).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_its_owner_trusts_is_taken() {
    let none = |_: &mut CertificateParams| {};
    // As `openssl req -x509` makes it by itself, and with each half of what it leaves out.
    for made in [
        params("localhost", &[], authority),
        params("localhost", &["localhost"], authority),
        params("localhost", &[], none),
        params("some name", &["localhost"], none),
        params("LOCALHOST", &[], authority),
    ] {
        let made = by_itself(&made);
        assert_eq!(trusting(&made, &[&made.certificate]).await, "taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_certificate_is_named() {
    let none = |_: &mut CertificateParams| {};
    let other = by_itself(&params("Somebody else", &["example.com"], authority));
    let mut ended = params("localhost", &["localhost"], none);
    ended.not_after = rcgen::date_time_ymd(2020, 2, 3);
    let mut early = params("localhost", &["localhost"], none);
    early.not_before = rcgen::date_time_ymd(2090, 2, 3);
    early.not_after = rcgen::date_time_ymd(2091, 2, 3);
    let ended_authority = params("localhost", &[], |params| {
        authority(params);
        params.not_after = rcgen::date_time_ymd(2020, 2, 3);
    });
    for (made, problem) in [
        (params("example.com", &["example.com"], none), "other_name"),
        (params("example.com", &["example.com"], authority), "other_name"),
        (params("example.com", &[], authority), "named_in_old_way"),
        (ended, "expired"),
        (ended_authority, "expired"),
        (early, "not_yet_valid"),
    ] {
        let made = by_itself(&made);
        assert_eq!(trusting(&made, &[&made.certificate]).await, format!("certificate_untrusted {problem}"));
        // Trusted by nobody, the same is no better.
        let untrusted = trusting(&made, &[&other.certificate]).await;
        let time = matches!(problem, "expired" | "not_yet_valid");
        let problem = if time { problem } else { "self_signed" };
        assert_eq!(untrusted, format!("certificate_untrusted {problem}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_s_own_authority() {
    let root = params("Acme Root", &[], authority);
    let root_made = by_itself(&root);
    let issuer = Issuer::from_params(&root, &root_made.key);
    let none = |_: &mut CertificateParams| {};
    let signed = |params: &CertificateParams| {
        let key = KeyPair::generate().unwrap();
        Made { certificate: params.signed_by(&key, &issuer).unwrap(), key }
    };
    let for_clients = params("localhost", &["localhost"], |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    for (params, end) in [
        (params("localhost", &["localhost"], none), "taken"),
        (params("localhost", &[], none), "certificate_untrusted named_in_old_way"),
        (for_clients, "certificate_untrusted other_purpose"),
        (params("localhost", &["localhost"], authority), "certificate_untrusted other_purpose"),
    ] {
        assert_eq!(trusting(&signed(&params), &[&root_made.certificate]).await, end);
    }
    let made = signed(&params("localhost", &["localhost"], none));
    let other = by_itself(&params("Somebody else", &["example.com"], authority));
    let server = serving(&made).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trusted.pem");
    std::fs::write(&file, other.certificate.pem()).unwrap();
    let address = format!("https://localhost:{}", server.address.port());
    let run = added(&address, &[("SSL_CERT_FILE", file.to_str().unwrap())]).await;
    assert_eq!(end(&run), "certificate_untrusted unknown_issuer");
    assert!(run.stderr.contains("it is from “Acme Root”"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_certificates_at_all() {
    let server = serving(&by_itself(&params("localhost", &["localhost"], authority))).await;
    let address = format!("https://localhost:{}", server.address.port());
    let run = added(&address, &[("SSL_CERT_FILE", "/nowhere/at/all.pem")]).await;
    assert_eq!(end(&run), "no_trusted_certificates");
    assert!(run.stderr.contains("SSL_CERT_FILE names a place without any"), "{run:?}");
    assert_eq!(run.code, Some(69));
}

/// A SOCKS 5 proxy that leads everything to one server, or refuses.
async fn socks(target: SocketAddr, wants: Option<(&'static str, &'static str)>, reply: u8) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move { serve_socks(client, target, wants, reply).await });
        }
    });
    address
}

async fn serve_socks(
    mut client: TcpStream,
    target: SocketAddr,
    wants: Option<(&str, &str)>,
    reply: u8,
) -> std::io::Result<()> {
    let counted = async |client: &mut TcpStream| {
        let length = client.read_u8().await?;
        let mut bytes = vec![0; length.into()];
        client.read_exact(&mut bytes).await?;
        std::io::Result::Ok(bytes)
    };
    assert_eq!(client.read_u8().await?, 5);
    let methods = counted(&mut client).await?;
    let method = if wants.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        return client.write_all(&[5, 0xff]).await;
    }
    client.write_all(&[5, method]).await?;
    if let Some((name, password)) = wants {
        assert_eq!(client.read_u8().await?, 1);
        let given = (counted(&mut client).await?, counted(&mut client).await?);
        let good = given == (name.as_bytes().to_vec(), password.as_bytes().to_vec());
        client.write_all(&[1, u8::from(!good)]).await?;
        if !good {
            return Ok(());
        }
    }
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    let name = counted(&mut client).await?;
    client.read_u16().await?;
    assert_eq!((head, &*name), ([5, 1, 0, 3], &b"superset.test"[..]), "the proxy looks the name up");
    client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    if reply == 0 {
        copy_bidirectional(&mut client, &mut TcpStream::connect(target).await?).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_what_is_on_the_list_says_so() {
    let server = CannedServer::start(superset).await;
    let address = server.url().to_string();
    let runs = tokio::task::spawn_blocking(move || {
        let computer = Computer::new();
        let add = |user| computer.run(&["instances", "add", &address, "--username", user]);
        [add("jane"), add("jane"), add("john")]
    });
    let said = runs.await.unwrap().map(|run| {
        assert_eq!(run.code, Some(0), "{run:?}");
        run.stderr.contains("Local is at this address already")
    });
    assert_eq!(said, [false, true, false], "of the same address only for the same person");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socks_proxy_works_or_is_named() {
    let server = CannedServer::start(superset).await;
    let at = |given: &str, proxy: SocketAddr| format!("socks5h://{given}{proxy}");
    let open = socks(server.address, None, 0).await;
    let closed = socks(server.address, Some(("jane", "canary/1")), 0).await;
    for (proxy, expected) in [
        (at("", open), "taken"),
        (at("jane:canary%2F1@", closed), "taken"),
        (at("", closed), "proxy_unusable sign_in"),
        (at("jane:canary-wrong@", closed), "proxy_unusable sign_in"),
        (at("", socks(server.address, None, 2).await), "proxy_unusable not_allowed"),
        (at("", socks(server.address, None, 4).await), "proxy_unusable no_way_on"),
        (at("", socks(server.address, None, 5).await), "unreachable refused"),
        (at("", nobody().await), "proxy_unusable refused"),
        // No name server is asked for a name that long.
        (format!("socks5h://{}:1080", "x".repeat(70)), "proxy_unusable name_not_found"),
        // It speaks HTTP, and waits for the end of a request.
        (at("", server.address), "proxy_unusable timed_out"),
        (at("", blurting(b"HTTP/1.1 400 Bad Request\r\n\r\n").await), "proxy_unusable not_a_proxy"),
    ] {
        let variables = ["ALL_PROXY", "all_proxy", "HTTP_PROXY"];
        // What is waited for is waited for once.
        let variables = if expected.ends_with("timed_out") { &variables[..1] } else { &variables };
        for &variable in variables {
            let run = added("http://superset.test", &[(variable, &proxy)]).await;
            assert_eq!(end(&run), expected, "{variable}={proxy}: {run:?}");
            assert!(!format!("{run:?}").contains("canary"), "{run:?}");
            if expected.starts_with("proxy") {
                let shown = proxy.rsplit(['@', '/']).next().unwrap();
                assert!(run.stderr.contains(shown), "{run:?}");
            }
        }
        // What never leaves this computer takes no way round.
        let address = format!("http://localhost:{}", server.address.port());
        assert_eq!(end(&added(&address, &[("ALL_PROXY", &proxy)]).await), "taken");
    }
}

/// Answers every connection with the same bytes, once something came in.
async fn blurting(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    address
}

async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// Answers every request, `CONNECT` too, alike.
async fn http_proxy(status: u16) -> CannedServer {
    CannedServer::start(move |_| Reply::with(status, &[("content-type", "text/html")], "<html>canary</html>"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_proxy_works_or_is_named() {
    // Without TLS a proxy is asked for the whole address.
    let open = CannedServer::start(superset).await;
    let run = added("http://superset.test", &[("HTTP_PROXY", &format!("http://{}", open.address))]).await;
    assert_eq!(end(&run), "taken", "{run:?}");

    for (status, tunnelled) in [
        (407, "proxy_unusable sign_in"),
        (403, "proxy_unusable not_allowed"),
        (502, "proxy_unusable no_way_on"),
        (504, "proxy_unusable no_way_on"),
    ] {
        let proxy = http_proxy(status).await;
        let address = format!("http://jane:canary@{}", proxy.address);
        let run = added("https://superset.test", &[("HTTPS_PROXY", &address)]).await;
        assert_eq!(end(&run), tunnelled, "{status}: {run:?}");
        assert!(run.stderr.contains(&proxy.address.to_string()), "{run:?}");
        assert!(!format!("{run:?}").contains("canary"), "{run:?}");
    }
    let asking = http_proxy(407).await;
    let proxy = format!("http://{}", asking.address);
    let run = added("http://superset.test", &[("HTTP_PROXY", &proxy)]).await;
    assert_eq!(end(&run), "proxy_unusable sign_in", "{run:?}");
    let proxy = format!("http://{}", nobody().await);
    for address in ["http://superset.test", "https://superset.test"] {
        let run = added(address, &[("HTTP_PROXY", &proxy), ("HTTPS_PROXY", &proxy)]).await;
        assert_eq!(end(&run), "proxy_unusable refused", "{run:?}");
    }
    // NO_PROXY goes straight to a name that nobody has.
    let name = "x".repeat(70);
    let run = added(&format!("http://{name}"), &[("HTTP_PROXY", &proxy), ("NO_PROXY", &name)]).await;
    assert_eq!(end(&run), "unreachable name_not_found", "{run:?}");
    // And so does everything, numbers too. This one is not among those that never take a proxy.
    let numbers = format!("http://0.0.0.0:{}", open.address.port());
    let run = added(&numbers, &[("HTTP_PROXY", &proxy)]).await;
    assert_eq!(end(&run), "proxy_unusable refused", "{run:?}");
    for variable in ["NO_PROXY", "no_proxy"] {
        let run = added(&numbers, &[("HTTP_PROXY", &proxy), (variable, "*")]).await;
        assert_eq!(end(&run), "taken", "{run:?}");
    }
    // Its address begins with https, and it speaks http.
    let blurts = blurting(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    for plain in [open.address, blurts] {
        let plain = format!("https://{plain}");
        let run = added("https://superset.test", &[("HTTPS_PROXY", &plain)]).await;
        assert_eq!(end(&run), "proxy_unusable not_a_proxy", "{run:?}");
    }
}

fn fixture(name: &str) -> String {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/network").join(name);
    path.to_str().unwrap().to_owned()
}

/// `instances network production …`, with `typed` on stdin.
fn set(computer: &Computer, more: &[&str], typed: &str) -> Run {
    let all = [&["--json", "instances", "network", "production"], more].concat();
    computer.run_with(&all, typed)
}

#[test]
fn what_is_set_of_a_way_is_shown_and_taken_back() {
    let computer = Computer::with_instances();
    let data = |run: Run| {
        assert_eq!(run.code, Some(0), "{run:?}");
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()["data"].clone()
    };
    let ca = fixture("ca.crt");
    let shown =
        data(set(&computer, &["--ca", &ca, "--connect-timeout", "7", "--proxy", "proxy.test:3128"], ""));
    assert_eq!(shown["trusted"][0]["subject"], "Test authority");
    assert_eq!(shown["connect_timeout"], serde_json::json!({"seconds": 7, "is_set": true}));
    assert_eq!(shown["proxy"]["url"], "http://proxy.test:3128");
    let text = computer.run(&["instances", "network", "production"]).stdout;
    assert!(text.contains("Test authority, until 21") && text.contains("http://proxy.test:3128"), "{text}");
    assert!(text.contains("7 s") && text.contains("(as for all)"), "{text}");
    let back = ["--no-ca", "--default-timeouts", "--proxy", "system"];
    let shown = data(set(&computer, &back, ""));
    assert_eq!((&shown["trusted"], &shown["proxy"]["kind"]), (&serde_json::json!([]), &"system".into()));
    assert!(!computer.state().contains("\"network\""), "{}", computer.state());
}

#[test]
fn a_password_in_a_proxy_s_address_is_refused_and_said_nowhere() {
    let computer = Computer::with_instances();
    let before = computer.state();
    for url in ["http://jane:canary@proxy.test:3128", "socks5h://jane:canary@proxy.test"] {
        let run = set(&computer, &["--proxy", url], "");
        assert_eq!((run.code, &*run.error_code()), (Some(64), "proxy_setting_unusable"));
        assert!(run.stderr.contains("--proxy-password-stdin") && run.stderr.contains("history"), "{run:?}");
        assert!(!format!("{run:?}").contains("canary"), "{run:?}");
    }
    assert_eq!(computer.state(), before);
}

#[test]
fn files_that_are_of_no_use_and_a_computer_without_a_keychain_change_nothing() {
    let computer = Computer::with_instances();
    let before = computer.state();
    let (rsa, key) = (fixture("rsa.crt"), fixture("rsa.encrypted.key"));
    let run = set(&computer, &["--client-certificate", &rsa, "--client-key", &key], "");
    assert_eq!((run.code, &*run.error_code()), (Some(64), "certificate_file_unusable"));
    assert!(run.stderr.contains("encrypted with a passphrase"), "{run:?}");
    let (p12, nothing) = (fixture("rc2.p12"), fixture("no-passphrase.p12"));
    let run = set(&computer, &["--pkcs12", &p12, "--passphrase-stdin"], "canary\n");
    assert!(run.stderr.contains("does not open with this passphrase"), "{run:?}");
    let run = set(&computer, &["--pkcs12", &p12], "");
    assert!(run.stderr.contains("--passphrase-stdin"), "{run:?}");
    for more in [&["--pkcs12", &*p12, "--passphrase-stdin"][..], &["--pkcs12", &nothing]] {
        let run = set(&computer, more, "lab\n");
        assert!(run.error_code().starts_with("nothing_would_keep_it"), "{run:?}");
    }
    let run = set(&computer, &["--proxy", "http://jane@proxy.test", "--proxy-password-stdin"], "canary\n");
    assert_eq!(run.error_code(), "nothing_would_keep_it");
    assert!(!format!("{run:?}").contains("canary"));
    assert_eq!(computer.state(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_set_for_an_instance_goes_before_every_variable() {
    let server = CannedServer::start(superset).await;
    let proxy = CannedServer::start(superset).await;
    let (port, through) = (server.address.port(), format!("http://{}", proxy.address));
    let runs = tokio::task::spawn_blocking(move || {
        let computer = Computer::new();
        let add = |name: &str, proxy: &str, address: &str| {
            let mut command = computer.command(PROGRAM);
            command.env("HTTP_PROXY", "http://127.0.0.1:1").env("http_proxy", "http://127.0.0.1:1");
            command.env_remove("NO_PROXY").env_remove("no_proxy");
            let words =
                ["--json", "instances", "add", address, "--allow-http", "--name", name, "--proxy", proxy];
            Run::of(&command.args(words).output().unwrap())
        };
        let elsewhere = format!("http://0.0.0.0:{port}");
        [
            add("None", "none", &elsewhere),
            add("System", "system", &elsewhere),
            // Also for this computer's own addresses, which the system's never is.
            add("Given", &through, "http://localhost:1"),
        ]
    });
    let [none, system, given] = runs.await.unwrap();
    assert_eq!(end(&none), "taken", "{none:?}");
    assert_eq!(end(&system), "proxy_unusable refused", "{system:?}");
    assert_eq!(end(&given), "taken", "{given:?}");
    assert!(!proxy.seen().is_empty());
}
