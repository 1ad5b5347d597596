//! Which authorization server is asked, and what becomes of one that cannot be used.

use crate::canned_server::Reply;
use crate::world::{Misbehaved, Stage, secret};
use serde_json::json;
use std::time::Duration;
use superset_keys_core::Error;
use superset_keys_core::actions::NewOAuth;
use superset_keys_core::credential::OAuthGrant;
use superset_keys_core::error::{IssuerProblem as P, Unreachable};
use superset_keys_core::ids::SecretId;

#[tokio::test]
async fn what_the_mcp_server_announces_is_enough() {
    let stage = Stage::new().await;
    let resource = format!("{}/mcp", stage.issuer());
    // With a slash that the issuer does not have, as fastmcp writes it.
    stage.world().announced = Some(json!({
        "resource": resource, "authorization_servers": [format!("{}/", stage.issuer())], "scopes_supported": ["mcp:read"]
    }));
    let set = stage.core.set_oauth(&stage.id, NewOAuth::default(), "Superset Keys").await.unwrap();
    assert_eq!((set.issuer, set.client_id, set.registered), (stage.issuer(), "made".into(), true));
    assert_eq!((set.scopes, set.resource), (vec!["mcp:read".into()], resource));
    assert_eq!(set.redirect.as_deref(), Some("http://127.0.0.1/callback"));
    let registered = stage.world().forms.pop().unwrap().2;
    let registered: serde_json::Value = serde_json::from_slice(&registered.body).unwrap();
    assert_eq!(registered["redirect_uris"], json!(["http://127.0.0.1/callback"]));
    assert_eq!(registered["token_endpoint_auth_method"], "none");
    assert_eq!(registered["scope"], "mcp:read offline_access");
}

#[tokio::test]
async fn an_mcp_server_that_announces_nothing_or_another_is_not_guessed_at() {
    let stage = Stage::new().await;
    let set = || stage.core.set_oauth(&stage.id, NewOAuth::default(), "Superset Keys");
    assert!(matches!(set().await, Err(Error::IssuerNotAnnounced { .. })));
    let announced = |resource: &str| {
        Some(json!({"resource": resource, "authorization_servers": ["https://id.example.com"]}))
    };
    stage.world().announced = announced("https://other.example.com/mcp");
    let other = set().await;
    assert!(matches!(other, Err(Error::IssuerUnusable { problem: P::OtherResource, .. })), "{other:?}");
    let mut insecure = announced(&format!("{}/mcp", stage.issuer())).unwrap();
    insecure["authorization_servers"] = json!(["http://id.example.com"]);
    stage.world().announced = Some(insecure);
    let insecure = set().await;
    assert!(matches!(insecure, Err(Error::InsecureAddress { .. })), "{insecure:?}");
    assert!(stage.record().is_none());
}

#[tokio::test]
async fn what_there_is_can_be_looked_at_before_anything_is_set() {
    let stage = Stage::new().await;
    let find = |issuer: Option<String>| {
        let (core, id) = (&stage.core, &stage.id);
        async move { core.find_oauth(id, issuer.as_deref()).await }
    };
    assert!(matches!(find(None).await, Err(Error::IssuerNotAnnounced { .. })));
    let mcp = format!("{}/mcp", stage.issuer());
    // The MCP server names a place that holds it.
    stage.world().announced = Some(json!({
        "resource": stage.issuer(), "authorization_servers": [format!("{}/", stage.issuer())], "scopes_supported": ["mcp:read"]
    }));
    let found = find(None).await.unwrap();
    assert_eq!((&found.issuer, &found.resource), (&stage.issuer(), &stage.issuer()));
    assert_eq!((found.scopes, found.registers), (vec!["mcp:read".to_owned()], true));
    assert_eq!(found.grants, [OAuthGrant::Code, OAuthGrant::Device, OAuthGrant::ClientCredentials]);
    stage.world().metadata["device_authorization_endpoint"] = json!(null);
    stage.world().metadata["registration_endpoint"] = json!(null);
    let named = find(Some(stage.issuer())).await.unwrap();
    assert_eq!((named.issuer, named.resource, named.scopes), (stage.issuer(), mcp, vec![]));
    assert_eq!(
        (named.grants, named.registers),
        (vec![OAuthGrant::Code, OAuthGrant::ClientCredentials], false)
    );
    stage.world().metadata["issuer"] = json!("https://id.example.com");
    let other = find(Some(stage.issuer())).await;
    assert!(matches!(other, Err(Error::IssuerUnusable { problem: P::OfAnother, .. })), "{other:?}");
    assert!(stage.record().is_none() && stage.forms("/register").is_empty());
}

#[tokio::test]
async fn a_server_that_says_something_else_is_not_used() {
    let stage = Stage::new().await;
    let good = stage.world().metadata.clone();
    for (name, value, problem) in [
        ("issuer", json!("https://id.example.com"), P::OfAnother),
        ("token_endpoint", json!(null), P::EndpointMissing),
        ("authorization_endpoint", json!(null), P::EndpointMissing),
        ("token_endpoint", json!("http://id.example.com/token"), P::NotEncrypted),
        ("code_challenge_methods_supported", json!(["plain"]), P::NoPkce),
        ("issuer", json!(null), P::NoMetadata),
    ] {
        stage.world().metadata = good.clone();
        stage.world().metadata[name] = value;
        let refused = stage.set(OAuthGrant::Code).await.unwrap_err();
        let is_it = matches!(&refused, Error::IssuerUnusable { problem: found, .. } if *found == problem);
        assert!(is_it, "{name}: {refused:?}");
    }
    stage.world().metadata = good;
    stage.world().metadata["device_authorization_endpoint"] = json!(null);
    assert!(stage.set(OAuthGrant::Device).await.is_err());
    assert!(stage.set(OAuthGrant::Code).await.is_ok());
}

#[tokio::test]
async fn a_server_that_answers_badly_changes_nothing() {
    let stage = Stage::new().await;
    let page = || Reply::with(200, &[("content-type", "text/html")], "<html>canary</html>");
    let fault = || Reply::json(503, "{}");
    let huge = || Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n{\"issuer\":\"".to_vec(), vec![b'a'; 4096]);
    let drip = || Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), Duration::from_millis(50));
    let away = || Reply::with(302, &[("location", "https://evil.example.com/")], "");
    let cases: [Misbehaved; 5] = [
        (page, |error| matches!(error, Error::IssuerUnusable { problem: P::NoMetadata, .. })),
        (fault, |error| matches!(error, Error::ServerFault { status: 503 })),
        (huge, |error| matches!(error, Error::AnswerTooLarge { limit: 262_144 })),
        (drip, |error| matches!(error, Error::Unreachable { kind: Unreachable::TimedOut, .. })),
        (away, |error| matches!(error, Error::Redirected { .. })),
    ];
    for (number, (reply, expected)) in cases.into_iter().enumerate() {
        stage.world().instead = Some(reply);
        let error = stage.set(OAuthGrant::Code).await.unwrap_err();
        assert!(expected(&error), "{number}: {error:?}");
        assert!(!format!("{error:?} {error} {:?}", error.params()).contains("canary"), "{error:?}");
    }
    assert!(stage.record().is_none() && stage.secrets().is_empty());
}

#[tokio::test]
async fn another_client_takes_nothing_over_from_the_one_before() {
    let stage = Stage::new().await;
    let new = |id: &str, secret_text: Option<&str>| NewOAuth {
        issuer: Some(stage.issuer()),
        client_id: Some(id.into()),
        client_secret: secret_text.map(secret),
        grant: OAuthGrant::ClientCredentials,
        ..NewOAuth::default()
    };
    let set = |new| stage.core.set_oauth(&stage.id, new, "Superset Keys");
    set(new("one", Some("secret-canary"))).await.unwrap();
    assert_eq!(stage.kept(&SecretId::oauth_client_secret(&stage.id)).as_deref(), Some("secret-canary"));
    stage.sign_in(|_| vec![]).await.unwrap();
    stage.let_in();
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-1");
    let first = stage.record().unwrap();
    set(new("two", None)).await.unwrap();
    let second = stage.record().unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!((second.has_secret, second.signed_in), (false, None));
    assert!(stage.secrets().is_empty(), "{:?}", stage.secrets());
    assert!(matches!(stage.token(&stage.core).await, Err(Error::NoOauthSignIn { .. })));
}
