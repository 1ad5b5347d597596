//! Servers that want a certificate of ours and say no in the handshake, under TLS 1.2 and 1.3.

use crate::canned_server::{CannedServer, Reply};
use crate::pki::{Authority, Made};
use crate::stage::{Stage, at, refused, serving, showing, trusting};
use rcgen::ExtendedKeyUsagePurpose as Purpose;
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use std::sync::Arc;
use superset_keys_core::actions::{
    BridgeRequest, CertificateChange, CheckupWith, Credentials, NetworkChange, NewOAuth, OAuthPages, PassFor,
};
use superset_keys_core::checkup::{CheckupItem, Finding};
use superset_keys_core::credential::{McpAccess, OAuthGrant};
use superset_keys_core::error::{CertificateProblem, ClientCertificateProblem as Problem, Error};
use superset_keys_core::mcp::Voice;
use superset_keys_core::secret::Secret;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn both(one: NetworkChange, other: NetworkChange) -> NetworkChange {
    NetworkChange { trusted: one.trusted, certificate: other.certificate, ..NetworkChange::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_our_certificate_is_said() {
    let (authority, other) = (Authority::new("Acme Root"), Authority::new("Somebody Else"));
    let made: [(&str, Made, Option<Problem>); 5] = [
        ("good", authority.good_client(), None),
        ("ended", authority.client((2020, 2021), Purpose::ClientAuth), Some(Problem::Expired)),
        ("early", authority.client((2089, 2090), Purpose::ClientAuth), Some(Problem::NotYetValid)),
        ("other authority", other.good_client(), Some(Problem::OtherAuthority)),
        ("a server's", authority.client((2020, 2090), Purpose::ServerAuth), Some(Problem::OtherPurpose)),
    ];
    for version in VERSIONS {
        // What speaks HTTP/2 says no before it is spoken.
        for protocols in [&[][..], &["h2"]] {
            let server = serving(authority.asking(&[version], protocols)).await;
            let stage = Stage::new();
            let trusted = authority.write(stage.folder(), "root.pem");
            for (name, made, problem) in &made {
                if problem.is_none() && !protocols.is_empty() {
                    continue;
                }
                let own = made.write(stage.folder(), "own.pem");
                let added = stage.add(&at(server.address), both(trusting(&trusted), showing(own))).await;
                let seen = added.as_ref().err().and_then(refused);
                assert_eq!(seen, *problem, "{name}, {version:?}, {protocols:?}: {added:?}");
                assert_eq!(added.is_ok(), problem.is_none(), "{name}: {added:?}");
            }
            let mut listed = stage.core.list_instances().unwrap();
            assert_eq!(listed.len(), usize::from(protocols.is_empty()), "only what was let in is added");
            listed.retain(|one| one.version.as_deref() != Some("6.1.0"));
            assert!(listed.is_empty());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_only_wants_a_certificate_is_added_and_let_in_later() {
    let authority = Authority::new("Acme Root");
    for version in VERSIONS {
        let server = serving(authority.asking(&[version], &[])).await;
        let stage = Stage::new();
        let trusted = authority.write(stage.folder(), "root.pem");
        let (id, wants) = stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
        assert!(wants, "{version:?}");
        let key = Credentials::ApiKey { key: Secret::new("sst_canary"), stay: false };
        let error = stage.core.sign_in(&id, key).await.unwrap_err();
        assert_eq!(refused(&error), Some(Problem::Missing), "{error:?}");
        assert!(error.params()["host"].contains("localhost"));

        let own = authority.good_client().write(stage.folder(), "own.pem");
        let view = stage.core.set_network(&id, showing(own.clone())).await.unwrap();
        assert_eq!(view.certificate.unwrap().shown.subject, "jane");
        assert_eq!(view.trusted[0].subject, "Acme Root", "what is not named stays");
        // The files are not needed any more, by no program.
        std::fs::remove_file(&own).unwrap();
        std::fs::remove_file(&trusted).unwrap();
        for core in [Arc::clone(&stage.core), stage.process()] {
            core.set_mcp_url(&id, None).await.unwrap();
        }
        assert!(server.seen().iter().any(|seen| seen.path == "/mcp"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_with_its_request_was_not_created() {
    // Under TLS 1.3 the request is on its way when the refusal comes.
    let authority = Authority::new("Acme Root");
    let server = serving(authority.asking(&[&TLS13], &[])).await;
    let stage = Stage::new();
    let trusted = authority.write(stage.folder(), "root.pem");
    let (id, _) = stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
    let password =
        Credentials::Password { username: "jane".into(), password: Secret::new("canary"), stay: false };
    let error = stage.core.sign_in(&id, password).await.unwrap_err();
    assert_eq!(refused(&error), Some(Problem::Missing));
    assert!(error.is_offline());
    assert!(server.seen().is_empty(), "nobody read the password");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_own_authority_counts_for_one_instance_alone() {
    let authority = Authority::new("Acme Root");
    let server = serving(authority.open()).await;
    let stage = Stage::new();
    let stranger = stage.add(&at(server.address), NetworkChange::default()).await.unwrap_err();
    let is_unknown =
        matches!(stranger, Error::CertificateUntrusted { problem: CertificateProblem::UnknownIssuer, .. });
    assert!(is_unknown, "{stranger:?}");
    let trusted = authority.write(stage.folder(), "root.pem");
    let (id, wants) = stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
    assert!(!wants);
    let again = stage.add(&at(server.address), NetworkChange::default()).await;
    assert!(again.is_err(), "nobody else trusts it");
    let nobody = NetworkChange {
        trusted: Some(superset_keys_core::actions::TrustedChange::Nobody),
        ..NetworkChange::default()
    };
    assert!(stage.core.set_network(&id, nobody).await.unwrap().trusted.is_empty());
    assert!(stage.core.set_mcp_url(&id, None).await.is_err(), "and here nobody does any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_signed_itself_is_trusted_by_its_own_file() {
    // As `openssl req -x509 -subj /CN=localhost` makes it: an authority's, without an alternative name.
    let own = Authority::new("localhost");
    let server = serving(own.itself()).await;
    let stage = Stage::new();
    let refused = stage.add(&at(server.address), NetworkChange::default()).await.unwrap_err();
    let is_seen =
        matches!(refused, Error::CertificateUntrusted { problem: CertificateProblem::SelfSigned, .. });
    assert!(is_seen, "{refused:?}");
    let trusted = own.write(stage.folder(), "own.pem");
    stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
    // It vouches for its own name and no other.
    let other = stage.add(&format!("https://127.0.0.1:{}", server.address.port()), trusting(&trusted)).await;
    assert!(matches!(other, Err(Error::CertificateUntrusted { .. })), "{other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_got_from_a_server_that_wants_a_certificate_too() {
    let authority = Authority::new("Acme Root");
    for version in VERSIONS {
        let server = oauth_serving(authority.asking(&[version], &[])).await;
        let stage = Stage::new();
        let trusted = authority.write(stage.folder(), "root.pem");
        let (id, _) = stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
        stage.core.set_mcp_url(&id, Some(&format!("{}/mcp", at(server.address)))).await.unwrap();
        let set = async |core: &superset_keys_core::Core| {
            let new = NewOAuth {
                issuer: Some(at(server.address)),
                client_id: Some("client".into()),
                client_secret: Some(Secret::new("canary")),
                grant: OAuthGrant::ClientCredentials,
                ..NewOAuth::default()
            };
            core.set_oauth(&id, new, "Superset Keys").await
        };
        assert_eq!(refused(&set(&stage.core).await.unwrap_err()), Some(Problem::Missing), "{version:?}");
        assert!(server.seen().is_empty());
        let own = authority.good_client().write(stage.folder(), "own.pem");
        stage.core.set_network(&id, showing(own)).await.unwrap();
        set(&stage.core).await.unwrap();
        let page = String::new;
        let pages = OAuthPages { done: page(), refused: page(), unknown: page() };
        let patience = std::time::Duration::from_secs(10);
        stage.core.sign_in_oauth(&id, patience, &pages, |_| {}).await.unwrap();
        // The header helper is another program, and shows the same certificate.
        let changed = id.clone();
        let set_oauth = stage.core.store().change(move |state| {
            state.instance_mut(&changed)?.mcp_access = McpAccess::OAuth;
            Ok(())
        });
        set_oauth.unwrap();
        let pass = stage.process().mcp_pass(&id, None, PassFor::Helper).await.unwrap();
        assert_eq!(pass.bearer().expose(), "access-canary");
        assert!(server.seen().iter().any(|seen| seen.path == "/token"));
    }
}

/// An authorization server beside Superset.
async fn oauth_serving(config: rustls::ServerConfig) -> CannedServer {
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    CannedServer::wrapped(
        |seen| {
            let issuer = format!("https://{}", seen.header("host").unwrap_or_default());
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
                "/token" => Reply::json(
                    200,
                    r#"{"access_token":"access-canary","token_type":"Bearer","expires_in":600}"#,
                ),
                _ => crate::stage::superset(seen),
            }
        },
        move |stream: tokio::net::TcpStream| {
            let accept = acceptor.accept(stream);
            async move { accept.await.ok() }
        },
    )
    .await
}

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }
    fn note(&self, _words: &str) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_says_why_and_goes_on_when_it_is_mended() {
    let authority = Authority::new("Acme Root");
    for version in VERSIONS {
        let server = serving(authority.asking(&[version], &[])).await;
        let stage = Stage::new();
        let trusted = authority.write(stage.folder(), "root.pem");
        let (id, _) = stage.add(&at(server.address), trusting(&trusted)).await.unwrap();
        stage.core.set_mcp_url(&id, Some(&format!("{}/mcp", at(server.address)))).await.unwrap();
        let secret = superset_keys_core::actions::NewSigningSecret {
            secret: Some(Secret::new("a-secret-of-more-than-32-letters-canary")),
            ..Default::default()
        };
        stage.core.keep_signing_secret(&id, secret).await.unwrap();
        set_signed(&stage, &id);
        let (mut client, input) = tokio::io::duplex(65536);
        let (output, answers) = tokio::io::duplex(65536);
        let bridge = stage.process().run_bridge(
            BridgeRequest::to("local"),
            Box::new(Codes),
            input,
            output,
            std::future::pending::<()>(),
        );
        let running = tokio::spawn(bridge);
        let mut answers = BufReader::new(answers).lines();
        let mut ask = async || {
            client.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await.unwrap();
            answers.next_line().await.unwrap().unwrap()
        };
        let refused = ask().await;
        assert!(refused.contains("ClientCertificateRefused"), "{version:?}: {refused}");
        // Whoever mends it is another program, and nobody starts the bridge anew.
        let own = authority.good_client().write(stage.folder(), "own.pem");
        stage.core.set_network(&id, showing(own)).await.unwrap();
        assert_eq!(ask().await, crate::stage::MCP_REPLY, "{version:?}");
        // What is taken back counts as soon, also while everything works.
        let none = NetworkChange { certificate: Some(CertificateChange::None), ..NetworkChange::default() };
        stage.core.set_network(&id, none).await.unwrap();
        let since = std::time::Instant::now();
        while !ask().await.contains("ClientCertificateRefused") {
            assert!(since.elapsed() < std::time::Duration::from_secs(10), "{version:?}: it goes the old way");
        }
        drop(client);
        running.await.unwrap();
    }
}

/// AI clients present signed tokens, which no server has to be asked about.
fn set_signed(stage: &Stage, id: &superset_keys_core::ids::InstanceId) {
    let id = id.clone();
    let signed = McpAccess::Signed { subject: "jane".into(), scope: None };
    stage
        .core
        .store()
        .change(|state| {
            state.instance_mut(&id)?.mcp_access = signed;
            Ok(())
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_ends_soon_is_found_by_the_check_up() {
    let authority = Authority::new("Acme Root");
    let server = serving(authority.asking(&[&TLS13], &[])).await;
    let stage = Stage::new();
    let trusted = authority.write(stage.folder(), "root.pem");
    for (days, expected) in [(29, Finding::ClientCertificateEndsSoon), (31, Finding::ClientCertificateFine)] {
        let own = authority.client_for_days(days).write(stage.folder(), "own.pem");
        let added = stage.add(&at(server.address), both(trusting(&trusted), showing(own))).await;
        let view = stage.core.checkup(&added.unwrap().0, CheckupWith::DefaultKey, &|_| {}).await.unwrap();
        let own = view.items.iter().find(|item| item.item == CheckupItem::ClientCertificate).unwrap();
        assert_eq!(own.finding, expected);
        assert_eq!(own.params["subject"], "jane");
    }
}
