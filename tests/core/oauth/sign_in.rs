//! Signing in: by a code, as the client itself, from another device; and the end of it.

use crate::canned_server::Reply;
use crate::world::{CANARY, Misbehaved, Stage, browse, good, pages, query};
use base64::Engine;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use superset_keys_core::Error;
use superset_keys_core::actions::{NewOAuth, OAuthPrompt, Revoked};
use superset_keys_core::credential::OAuthGrant;
use superset_keys_core::error::{AuthorizationProblem as A, KeychainProblem};
use superset_keys_core::ids::SecretId;
use url::Url;

fn files(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all += &files(&entry.path());
        } else {
            all += &String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

#[tokio::test]
async fn a_code_is_asked_for_and_traded_in_as_the_standards_have_it() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Code).await.unwrap();
    let seen = Arc::new(Mutex::new(None));
    let shown = Arc::clone(&seen);
    let view = stage
        .sign_in(move |url| {
            *shown.lock().unwrap() = Some(url.clone());
            good(url)
        })
        .await
        .unwrap();
    assert!(view.signed_in.is_some_and(|signed_in| signed_in.renews));
    let url: Url = seen.lock().unwrap().take().unwrap();
    let asked = |name: &str| query(&url, name).unwrap_or_default();
    let form = stage.forms("/token").pop().unwrap();
    let resource = format!("{}/mcp", stage.issuer());
    assert_eq!((asked("response_type"), asked("client_id")), ("code".into(), "keys".into()));
    assert_eq!((asked("scope"), asked("prompt")), ("mcp:read offline_access".into(), "consent".into()));
    assert_eq!((asked("resource"), &form["resource"]), (resource.clone(), &resource));
    assert_eq!(asked("code_challenge_method"), "S256");
    let challenge = Sha256::digest(form["code_verifier"].as_bytes());
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(challenge);
    assert_eq!(asked("code_challenge"), challenge);
    assert!(form["code_verifier"].len() >= 43 && asked("state").len() >= 43);
    assert_eq!((form["code"].as_str(), form["client_id"].as_str()), ("code-canary", "keys"));
    assert_eq!(asked("redirect_uri"), form["redirect_uri"]);
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref(), Some("refresh-canary-1"));
    assert!(!files(stage.home.path()).contains(CANARY), "no secret in a file");
}

#[tokio::test]
async fn whoever_does_not_know_the_state_ends_nothing() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Code).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&told);
    let show = move |prompt| {
        let OAuthPrompt::Browser { url } = prompt else { panic!("{prompt:?}") };
        tokio::spawn(async move {
            let mut answers = Vec::new();
            for target in
                ["/callback?code=evil&state=guessed", "/callback?error=access_denied&state=", "/favicon.ico"]
            {
                answers.push(browse(&url, target).await);
            }
            answers.push(browse(&url, &good(&url)[0]).await);
            *noted.lock().unwrap() = answers;
        });
    };
    // One that connects and says nothing holds up nobody.
    stage.core.sign_in_oauth(&stage.id, Duration::from_secs(10), &pages(), show).await.unwrap();
    assert_eq!(stage.forms("/token").len(), 1);
    assert_eq!(stage.forms("/token")[0]["code"], "code-canary");
    let deadline = std::time::Instant::now() + Duration::from_secs(5);
    while told.lock().unwrap().len() < 4 && std::time::Instant::now() < deadline {
        tokio::task::yield_now().await;
    }
    let told = told.lock().unwrap();
    for (number, (status, text)) in
        [("400", "unknown"), ("400", "unknown"), ("404", ""), ("200", "done")].iter().enumerate()
    {
        assert!(told[number].starts_with(&format!("HTTP/1.1 {status}")), "{}", told[number]);
        assert!(told[number].contains(text) && told[number].contains("no-referrer"), "{}", told[number]);
    }
}

#[tokio::test]
async fn an_answer_in_another_s_name_is_not_traded_in() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Code).await.unwrap();
    let drawn = |url: &Url| query(url, "state").unwrap();
    let ways: [fn(&Url, String) -> String; 2] = [
        |_, state| format!("/callback?code=code-canary&state={state}&iss=https://evil.example.com"),
        // It says that it always names itself.
        |_, state| format!("/callback?code=code-canary&state={state}"),
    ];
    for way in ways {
        let refused = stage.sign_in(move |url| vec![way(url, drawn(url))]).await;
        assert!(matches!(refused, Err(Error::AnswerOfAnother { .. })), "{refused:?}");
    }
    assert!(stage.forms("/token").is_empty());
    stage.world().metadata["authorization_response_iss_parameter_supported"] = false.into();
    stage.sign_in(move |url| vec![format!("/callback?code=code-canary&state={}", drawn(url))]).await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_one_that_the_standards_know() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Code).await.unwrap();
    for (said, problem) in
        [("access_denied", A::AccessDenied), ("invalid_target", A::InvalidTarget), ("canary", A::Other)]
    {
        let back = move |url: &Url| {
            let refused =
                good(url)[0].replace("code=code-canary", &format!("error={said}&error_description=canary"));
            vec![refused]
        };
        let refused = stage.sign_in(back).await.unwrap_err();
        let is_it =
            matches!(&refused, Error::AuthorizationRefused { problem: found, .. } if *found == problem);
        assert!(is_it, "{refused:?}");
        assert!(!format!("{refused:?} {refused} {:?}", refused.params()).contains("canary"));
    }
    let late = stage.sign_in_within(Duration::from_millis(100), |_| vec![]).await;
    assert!(matches!(late, Err(Error::SignInTooLate { .. })), "{late:?}");
    assert!(stage.record().unwrap().signed_in.is_none() && stage.secrets().is_empty());
}

#[tokio::test]
async fn tokens_that_cannot_be_used_are_not_kept() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Code).await.unwrap();
    let odd: fn(&Error) -> bool = |error| matches!(error, Error::UnexpectedAnswer { .. });
    let cases: [Misbehaved; 10] = [
        (|| Reply::with(200, &[("content-type", "text/html")], "<html>canary"), odd),
        (|| Reply::json(200, r#"{"access_token":"canary"}"#), odd),
        (|| Reply::json(200, r#"{"access_token":"canary","token_type":"mac"}"#), odd),
        (|| Reply::json(200, r#"{"access_token":"","token_type":"Bearer"}"#), odd),
        (|| Reply::json(200, "[\"canary\"]"), odd),
        (
            || Reply::json(400, r#"{"error":"invalid_client","error_description":"canary"}"#),
            |error| matches!(error, Error::AuthorizationRefused { problem: A::InvalidClient, .. }),
        ),
        (
            || Reply::json(401, r#"{"error":"canary"}"#),
            |error| matches!(error, Error::AuthorizationRefused { problem: A::Other, .. }),
        ),
        (
            || Reply::json(500, r#"{"error":"canary"}"#),
            |error| matches!(error, Error::ServerFault { status: 500 }),
        ),
        (
            || {
                Reply::Endless(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"access_token\":\"".to_vec(),
                    vec![b'a'; 4096],
                )
            },
            |error| matches!(error, Error::AnswerTooLarge { limit: 262_144 }),
        ),
        (
            || Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec(), Duration::from_millis(50)),
            |error| matches!(error, Error::Unreachable { .. }),
        ),
    ];
    for (number, (reply, expected)) in cases.into_iter().enumerate() {
        stage.world().token = Some(reply);
        let error = stage.sign_in(good).await.unwrap_err();
        assert!(expected(&error), "{number}: {error:?}");
        assert!(!format!("{error:?} {error} {:?}", error.params()).contains("canary"), "{number}: {error:?}");
    }
    assert!(stage.record().unwrap().signed_in.is_none() && stage.secrets().is_empty());
}

#[tokio::test]
async fn another_device_is_waited_for() {
    let stage = Stage::new().await;
    stage.set(OAuthGrant::Device).await.unwrap();
    stage.world().pending = vec!["authorization_pending"];
    let shown = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&shown);
    let show = move |prompt| *noted.lock().unwrap() = Some(prompt);
    let view = stage.core.sign_in_oauth(&stage.id, Duration::from_secs(20), &pages(), show).await.unwrap();
    assert!(view.signed_in.is_some());
    let Some(OAuthPrompt::Device { code, complete, .. }) = shown.lock().unwrap().take() else {
        panic!("no prompt")
    };
    assert_eq!((code.as_str(), complete.is_some()), ("ABCD-EFGH", true));
    assert_eq!(stage.forms("/token").len(), 2);
    let resource = format!("{}/mcp", stage.issuer());
    assert!(
        stage.forms("/device").iter().chain(&stage.forms("/token")).all(|form| form["resource"] == resource)
    );
    for (said, is_it) in [
        ("expired_token", (|error| matches!(error, Error::SignInTooLate { .. })) as fn(&Error) -> bool),
        ("access_denied", |error| {
            matches!(error, Error::AuthorizationRefused { problem: A::AccessDenied, .. })
        }),
    ] {
        stage.world().pending = vec![said];
        let refused = stage.core.sign_in_oauth(&stage.id, Duration::from_secs(20), &pages(), |_| {}).await;
        assert!(refused.as_ref().is_err_and(is_it), "{refused:?}");
    }
    stage.world().pending = vec!["authorization_pending"; 50];
    let late = stage.core.sign_in_oauth(&stage.id, Duration::from_millis(1500), &pages(), |_| {}).await;
    assert!(matches!(late, Err(Error::SignInTooLate { .. })), "{late:?}");
}

/// As the window stops one: nobody waits for it any more.
#[tokio::test]
async fn a_sign_in_that_is_let_go_of_leaves_whoever_was_in() {
    let stage = Stage::signed_in().await;
    let (shown, seen) = tokio::sync::oneshot::channel();
    let pages = pages();
    let show = move |prompt| drop(shown.send(prompt));
    let address = tokio::select! {
        done = stage.core.sign_in_oauth(&stage.id, Duration::from_secs(20), &pages, show) => panic!("{done:?}"),
        seen = seen => match seen {
            Ok(OAuthPrompt::Browser { url }) => url,
            other => panic!("{other:?}"),
        },
    };
    assert_eq!(browse(&address, &good(&address)[0]).await, "", "somebody waits there");
    assert!(stage.record().unwrap().signed_in.is_some());
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-1");
}

#[tokio::test]
async fn signing_out_revokes_and_leaves_nothing() {
    let stage = Stage::signed_in().await;
    let out = stage.core.sign_out_oauth(&stage.id).await.unwrap();
    assert_eq!((out.revoked, out.left_behind), (Revoked::Done, 0));
    let form = stage.forms("/revoke").pop().unwrap();
    assert_eq!((form["token"].as_str(), form["client_id"].as_str()), ("refresh-canary-1", "keys"));
    assert!(stage.secrets().is_empty());
    assert!(matches!(stage.token(&stage.core).await, Err(Error::NoOauthSignIn { .. })));
    assert_eq!(stage.core.sign_out_oauth(&stage.id).await.unwrap().revoked, Revoked::Nothing);

    // Whatever the server says, nothing is left here.
    stage.sign_in(good).await.unwrap();
    stage.world().revoke_status = 503;
    assert_eq!(stage.core.sign_out_oauth(&stage.id).await.unwrap().revoked, Revoked::Failed);
    assert!(stage.secrets().is_empty());
    stage.sign_in(good).await.unwrap();
    stage.world().metadata["revocation_endpoint"] = serde_json::Value::Null;
    assert_eq!(stage.core.sign_out_oauth(&stage.id).await.unwrap().revoked, Revoked::NotOffered);
}

/// The keychain is locked, so the tokens lie there still: nobody uses them any more.
#[tokio::test]
async fn what_could_not_be_deleted_is_not_used() {
    let stage = Stage::signed_in().await;
    stage.keychain.fail_with(Some(KeychainProblem::Locked));
    let out = stage.core.sign_out_oauth(&stage.id).await.unwrap();
    assert_eq!((out.revoked, out.left_behind), (Revoked::Failed, 2));
    stage.keychain.fail_with(None);
    assert!(matches!(stage.token(&stage.core).await, Err(Error::NoOauthSignIn { .. })));
    // A later sign-in uses the names again, and keeps what it got.
    stage.sign_in(good).await.unwrap();
    assert_eq!(stage.token(&stage.core).await.unwrap(), "access-canary-2");
    assert_eq!(stage.kept(&SecretId::oauth_refresh(&stage.id)).as_deref(), Some("refresh-canary-2"));
    assert!(stage.core.store().read().unwrap().left_behind.is_empty());
}

#[tokio::test]
async fn everything_goes_with_the_instance() {
    let stage = Stage::signed_in().await;
    assert_eq!(stage.secrets().len(), 2);
    stage.core.remove_instance(&stage.id, false).await.unwrap();
    assert!(stage.secrets().is_empty());
}

/// The window starts them on any of its threads.
#[tokio::test]
async fn each_can_be_waited_for_anywhere() {
    let stage = Stage::new().await;
    let (core, id, pages) = (Arc::clone(&stage.core), stage.id.clone(), pages());
    let waiting = tokio::spawn(async move {
        let set = core.set_oauth(&id, NewOAuth::default(), "Superset Keys").await.is_err();
        let signed_in = core.sign_in_oauth(&id, Duration::from_secs(1), &pages, |_| {}).await.is_err();
        (set, signed_in, core.sign_out_oauth(&id).await.is_err())
    });
    assert_eq!(waiting.await.unwrap(), (true, true, true), "nothing is announced, and so nothing is set");
}
