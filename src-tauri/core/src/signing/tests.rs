use super::*;
use proptest::prelude::*;
use serde_json::json;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn text(secret: &Secret) -> &str {
    // EXPOSE: to compare it.
    secret.expose()
}

fn secret() -> SigningSecret {
    SigningSecret::given(&Secret::new("0123456789abcdef0123456789abcdef")).unwrap()
}

fn claims() -> TokenClaims {
    TokenClaims::new(&Signing::default(), "gamma", None, now(), SignedDuration::from_mins(10))
}

/// Signed by whoever, with what they like.
fn signed(alg: &str, claims: &Value) -> Secret {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
    let part = |value: &Value| URL.encode(value.to_string());
    Secret::new(format!("{}.{}.{}", part(&json!({"alg": alg, "typ": "JWT"})), part(claims), URL.encode("x")))
}

fn notes(claims: &Value) -> Vec<TokenNote> {
    inspect(&signed("HS256", claims), now()).unwrap().notes
}

/// `PyJWT` 2.15.1 made it: `jwt.encode({"sub": "gamma", "iss": "superset-mcp", "aud": "superset-mcp-clients",
/// "iat": 1795176000, "exp": 1795176600}, "0123456789abcdef0123456789abcdef", algorithm="HS256")`.
#[test]
fn a_token_is_what_pyjwt_makes() {
    let ours = secret().sign(&claims()).unwrap();
    let theirs = Secret::new(PYJWT);
    assert!(secret().signed(&ours) && secret().signed(&theirs));
    assert_eq!(text(&ours).split('.').nth(1), text(&theirs).split('.').nth(1), "the same claims");
    assert_eq!(inspect(&ours, now()).unwrap(), inspect(&theirs, now()).unwrap());
}

const PYJWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJnYW1tYSIsImlzcyI6InN1cGVyc2V0LW1jcCIsImF1ZCI6InN1cGVyc2V0LW1jcC1jbGllbnRzIiwiaWF0IjoxNzk1MTc2MDAwLCJleHAiOjE3OTUxNzY2MDB9.tSlmhoUvPJP4c613kvq5CHJbn2UB3lYk2ASPb8K1QtI";

#[test]
fn a_secret_is_refused_for_what_is_wrong_with_it() {
    let problem = |text: &str| match SigningSecret::given(&Secret::new(text)) {
        Err(Error::SigningSecretUnusable { problem }) => Some(problem),
        Err(error) => panic!("{error}"),
        Ok(_) => None,
    };
    assert_eq!(problem(" \n"), Some(SigningProblem::Empty));
    assert_eq!(problem(&"a".repeat(31)), Some(SigningProblem::TooShort));
    assert_eq!(problem(&format!("{}\n{}", "a".repeat(20), "b".repeat(20))), Some(SigningProblem::NotOneLine));
    assert_eq!(problem(PUBLISHED[0]), Some(SigningProblem::Published));
    assert_eq!(problem(&format!("  {}\r\n", "a".repeat(32))), None);
    assert_eq!(
        SigningSecret::given(&Secret::new(format!("{}\n", "a".repeat(32))))
            .map(|it| text(it.text()).len())
            .unwrap(),
        32
    );
}

#[test]
fn a_random_one_is_long_and_another_each_time() {
    let all: Vec<_> = (0..3).map(|_| SigningSecret::random(&crate::random::SystemRandom)).collect();
    for one in &all {
        assert_eq!(text(one.text()).len(), 56);
        assert!(SigningSecret::given(one.text()).is_ok());
    }
    assert!(text(all[0].text()) != text(all[1].text()) && text(all[1].text()) != text(all[2].text()));
}

#[test]
fn who_signed_it_is_told() {
    let token = secret().sign(&claims()).unwrap();
    let by = |secret: Option<&SigningSecret>, token: &Secret| {
        inspect_beside(token, Beside { secret, ..Beside::default() }, now()).unwrap().signature
    };
    let other = SigningSecret::random(&crate::random::SystemRandom);
    assert_eq!(by(Some(&secret()), &token), Signature::Kept);
    assert_eq!(by(Some(&other), &token), Signature::Other);
    assert_eq!(by(None, &token), Signature::NotCompared);
    assert_eq!(by(Some(&secret()), &signed("RS256", &json!({}))), Signature::OtherKind);
    // One that is over, or of another audience, is ours all the same.
    let old = TokenClaims { exp: 0, aud: "other".into(), ..claims() };
    assert_eq!(by(Some(&secret()), &secret().sign(&old).unwrap()), Signature::Kept);
}

#[test]
fn what_it_says_is_compared_with_what_we_would_write() {
    let signing = Signing { issuer: "superset-mcp".into(), audience: "b".into() };
    let beside = Beside { signing: Some(&signing), names_users: true, ..Beside::default() };
    let token = signed("HS256", &json!({"sub": "gamma", "iss": "superset-mcp/", "aud": ["a", "b"]}));
    let read = inspect_beside(&token, beside, now()).unwrap();
    let row = |claim| read.claims.iter().find(|row| row.claim == claim).unwrap();
    assert_eq!((row(Claim::Iss).fits, row(Claim::Aud).fits), (Some(false), Some(true)));
    assert_eq!((row(Claim::Aud).says.as_deref(), row(Claim::Sub).heed), (Some("a b"), Heed::NamesUser));
    let alone = inspect(&token, now()).unwrap();
    assert!(alone.claims.iter().all(|row| row.fits.is_none()));
    assert_eq!(alone.claims[0].heed, Heed::NamesUserWithLines);
}

/// Each as it was measured on the real server.
#[test]
fn what_a_server_does_not_look_at_is_said() {
    let at = |seconds: i64| now().as_second() + seconds;
    for (claims, expected) in [
        (json!({"sub": "a", "exp": at(60)}), vec![]),
        (json!({"sub": "a"}), vec![TokenNote::NeverEnds]),
        (json!({"sub": "a", "exp": null}), vec![TokenNote::NeverEnds]),
        (json!({"sub": "a", "exp": "tomorrow"}), vec![TokenNote::EndUnreadable]),
        (json!({"sub": "a", "exp": 1e300}), vec![TokenNote::NeverEnds]),
        (json!({"sub": "a", "exp": 1_800_000_000_000_i64}), vec![TokenNote::NeverEnds]),
        (json!({"sub": "a", "exp": -1e300}), vec![TokenNote::EndUnreadable]),
        (json!({"sub": "a", "exp": at(0)}), vec![TokenNote::Ended]),
        (json!({"sub": "a", "exp": at(25 * 3600)}), vec![TokenNote::LongLived]),
        (json!({"exp": at(60)}), vec![TokenNote::NamesNobody]),
        (json!({"sub": 7, "exp": at(60)}), vec![TokenNote::NamesNobody]),
        (json!({"sub": "a", "exp": at(60), "nbf": at(30)}), vec![TokenNote::BeginIgnored]),
        (json!({"sub": "a", "exp": at(60), "scope": "", "scp": "mcp:read"}), vec![TokenNote::EmptyScope]),
    ] {
        assert_eq!(notes(&claims), expected, "{claims}");
    }
    assert_eq!(
        inspect(&signed("none", &json!({"sub": "a", "exp": at(60)})), now()).unwrap().notes,
        [TokenNote::OtherAlgorithm]
    );
}

#[test]
fn its_end_is_told_by_both_clocks() {
    let beside = Beside { ahead: Some(SignedDuration::from_secs(90)), ..Beside::default() };
    let end = inspect_beside(&secret().sign(&claims()).unwrap(), beside, now()).unwrap().end.unwrap();
    assert_eq!((end.left, end.left_on_server, &*end.at), (600, Some(510), "2026-11-20T12:10:00Z"));
}

#[test]
fn lines_without_the_secret_hold_no_secret_and_a_strange_one_stays_one_literal() {
    let strange = SigningSecret::given(&Secret::new("a\"b\\c${x}'d’ 0123456789abcdef0123456789")).unwrap();
    let signing = Signing { issuer: "i\"; import os #".into(), audience: "a".into() };
    for server in [config::ConfigFor::V6_1, config::ConfigFor::Later] {
        let lines = config::superset_config(&signing, None, server);
        assert!(!lines.contains("abcdef") && lines.contains("os.environ[\"SUPERSET_MCP_JWT_SECRET\"]"));
        assert!(lines.contains(r#"MCP_JWT_ISSUER = "i\"; import os #""#), "{lines}");
        let lines = config::superset_config(&signing, Some(&strange), server);
        assert!(lines.contains(r#"MCP_JWT_SECRET = "a\"b\\c${x}'d’ 0123456789abcdef0123456789""#), "{lines}");
        assert_eq!(lines.contains("def MCP_AUTH_FACTORY"), server == config::ConfigFor::V6_1);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,200}") {
        let _ = inspect(&Secret::new(text), now());
    }

    #[test]
    fn any_claims_are_read(claims in "\\{(\"(sub|iss|aud|exp|nbf|iat|scope|scp)\":(null|-?[0-9]{1,20}|\"[a-z ]{0,5}\"|\\[\\]|1e400|true),?){0,4}\\}") {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD as URL;
        let token = format!("{}.{}.{}", URL.encode(r#"{"alg":"HS256"}"#), URL.encode(&claims), "eA");
        let _ = inspect(&Secret::new(token), now());
    }

    /// Whoever changes one letter has another token.
    #[test]
    fn one_letter_anywhere_breaks_the_signature(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
        let token = secret().sign(&claims()).unwrap();
        let mut changed = text(&token).to_owned();
        let at = at.index(changed.len());
        changed.replace_range(at..=at, &letter);
        prop_assume!(changed != text(&token) && !changed.is_empty());
        // The last letter of a part has bits that mean nothing, which a strict reader refuses too.
        prop_assert!(!secret().signed(&Secret::new(changed)));
    }
}
