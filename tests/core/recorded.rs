//! What Superset 6.1.0 (Flask-AppBuilder 5.3.0) really answered, and what each answer means to us.
//!
//! The recordings are in `tests/fixtures/superset/recorded.json`, one line each, cut down to what is read. They
//! were made on a throw-away server: the keys and tokens in them open nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canned_server;

use canned_server::{CannedServer, Reply, Seen};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use superset_keys_core::actions::NewInstance;
use superset_keys_core::api_key::ApiKey;
use superset_keys_core::clock::{ServerClock, SystemNow, WallTime};
use superset_keys_core::credential::Provider;
use superset_keys_core::http::{Auth, Http};
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::instance::Environment;
use superset_keys_core::mcp::McpProbe;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::Store;
use superset_keys_core::superset::{
    AccessToken, ApiKeysSupport, CreateRequest, Created, Detection, SignInWays, Superset,
};
use superset_keys_core::transport::{Connections, Site, Transport};
use superset_keys_core::{Core, CoreParts, Error, Result, SystemRandom, TimeoutsWanted};
use url::Url;

#[derive(serde::Deserialize)]
struct Recorded {
    method: String,
    path: String,
    /// The body that was sent, where ours must be the same.
    sent: Option<Value>,
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

static RECORDED: LazyLock<BTreeMap<String, Recorded>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/superset/recorded.json")).unwrap());

fn recorded(name: &str) -> &'static Recorded {
    RECORDED.get(name).unwrap_or_else(|| panic!("no recording {name}"))
}

impl Recorded {
    fn reply(&self) -> Reply {
        let body = self.body.as_str().map_or_else(|| self.body.to_string(), str::to_owned);
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        Reply::with(self.status, &headers, &body)
    }
}

/// Answers with the recording of the path asked for, else with the first.
async fn playing(names: &'static str) -> CannedServer {
    let all: Vec<_> = names.split_whitespace().map(recorded).collect();
    let wanted =
        |recorded: &Recorded, seen: &Seen| recorded.method == seen.method && recorded.path == seen.path;
    CannedServer::start(move |seen| all.iter().find(|one| wanted(one, seen)).unwrap_or(&all[0]).reply()).await
}

fn superset() -> Superset {
    Superset::new(http())
}

fn http() -> Http {
    Http::new(Arc::new(Connections::default()))
}

fn site(server: &CannedServer) -> Site {
    Site::of(&server.url(), Transport::default())
}

const PASSWORD: &str = "admin-pass-1";
const KEY: &str = "063c08e8-b9b7-4606-b698-fc996cf3629a";

/// A call, and with what.
#[derive(Clone, Copy)]
enum Ask {
    SignIn,
    SignInLdap,
    Refresh,
    Me(With),
    List(With),
    Get(With),
    Create(With),
    Revoke(With),
}

#[derive(Clone, Copy)]
enum With {
    Token,
    Key,
}

use Ask::{Create, Get, List, Me, Refresh, Revoke, SignIn, SignInLdap};
use With::{Key, Token};

impl Ask {
    /// The call's end in a few words: what it gave, or the reason's code with its values.
    async fn of(self, superset: &Superset, site: &Site) -> String {
        let access = AccessToken::new(Secret::new("a.b.c"));
        let key = Secret::new("sst_anything");
        let auth = |with| match with {
            Token => Auth::Token(access.secret()),
            Key => Auth::Key(&key),
        };
        let password = Secret::new(PASSWORD);
        let id = ApiKeyId::new(KEY);
        match self {
            SignIn | SignInLdap => {
                let provider = if matches!(self, SignIn) { Provider::Db } else { Provider::Ldap };
                told(superset.sign_in(site, provider, "admin", &password).await, |tokens| {
                    format!("user {:?}, stays {}", tokens.access.user_id(), tokens.refresh.is_some())
                })
            }
            Refresh => told(superset.refresh(site, &Secret::new("r.e.f")).await, |access| {
                format!("user {:?} until {:?}", access.user_id(), access.expires_at())
            }),
            Me(with) => told(superset.me(site, auth(with)).await, |me| {
                let me = me.expect("a person");
                let rights = me.permissions;
                let all = rights.list && rights.get && rights.create && rights.revoke;
                format!("{} {} {:?}, all rights {all}", me.user.id, me.user.username, me.user.roles)
            }),
            List(with) => told(superset.list_keys(site, auth(with)).await, |listed| {
                listed.keys.iter().map(state).collect::<Vec<_>>().join("; ")
            }),
            Get(with) => told(superset.get_key(site, auth(with), &id).await, |key| {
                key.map_or_else(|| "none".into(), |key| state(&key))
            }),
            Create(with) => {
                let request = CreateRequest { name: "my-test-key", expires_on: None, scopes: None };
                told(superset.create_key(site, auth(with), &request).await, |Created { created, .. }| {
                    // EXPOSE: the test looks whether it is there.
                    let length = created.secret.expose().len();
                    format!("{} with {length} letters", state(&created.key))
                })
            }
            Revoke(with) => told(superset.revoke_key(site, auth(with), &id).await, |()| "done".into()),
        }
    }
}

fn state(key: &ApiKey) -> String {
    let mut text = key.name.chars().take(16).flat_map(char::escape_debug).collect::<String>();
    for (name, time) in [("expires", key.expires_on), ("used", key.last_used_on), ("revoked", key.revoked_on)]
    {
        if let Some(time) = time {
            text.extend([" ", name, " ", &time.to_wire()]);
        }
    }
    text
}

fn told<T>(result: Result<T>, tell: impl FnOnce(T) -> String) -> String {
    result.map_or_else(|error| reason(&error), tell)
}

fn reason(error: &Error) -> String {
    let code = serde_json::to_value(error.code()).unwrap();
    let mut params = error.params();
    params.remove("host");
    params.remove("name");
    let params: Vec<_> = params.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    format!("{}{}", code.as_str().unwrap(), params.concat())
}

/// Each row: the recordings that are played, the call that is made, what it comes to.
const ROWS: &[(&str, Ask, &str)] = &[
    // Signing in.
    ("login_ok", SignIn, "user Some(1), stays true"),
    ("login_ok_norefresh", SignIn, "user Some(1), stays false"),
    ("login_by_email", SignIn, "user Some(1), stays false"),
    ("v_security_api_off_login", SignIn, "user Some(1), stays true"),
    ("login_wrong_password", SignIn, "wrong_credentials"),
    ("login_unknown_user", SignIn, "wrong_credentials"),
    ("inactive_user_login", SignIn, "wrong_credentials"),
    ("v_ldap_login_ldap", SignInLdap, "wrong_credentials"),
    ("login_missing_password", SignIn, "wrong_credentials"),
    ("login_empty_strings", SignIn, "wrong_credentials"),
    ("login_missing_provider", SignIn, "server_fault status=500"),
    ("login_bad_provider", SignIn, "sign_in_way_refused"),
    ("login_ldap_on_db_server", SignInLdap, "sign_in_way_refused"),
    ("v_ldap_login_db", SignIn, "sign_in_way_refused"),
    ("v_oauth_login_db", SignIn, "sign_in_way_refused"),
    ("v_oauth_login_ldap", SignInLdap, "sign_in_way_refused"),
    ("v_remoteuser_login_db", SignIn, "sign_in_way_refused"),
    ("login_trailing_slash", SignIn, "sign_in_way_refused"),
    ("login_extra_field", SignIn, "unexpected_answer status=400 what=status"),
    ("login_not_json", SignIn, "unexpected_answer status=400 what=status"),
    ("login_bad_json", SignIn, "unexpected_answer status=400 what=status"),
    ("login_get", SignIn, "unexpected_answer status=405 what=status"),
    ("refresh_ok", Refresh, "user Some(1) until Some(2026-11-20T21:24:45Z)"),
    ("jwt_expired_refresh_ok", Refresh, "user Some(1) until Some(2026-11-20T20:57:15Z)"),
    ("refresh_with_access_token", Refresh, "session_over"),
    ("refresh_no_auth", Refresh, "session_over"),
    ("refresh_garbage", Refresh, "session_over"),
    ("key_on_refresh", Refresh, "session_over"),
    // Who is it.
    ("me_jwt me_roles_jwt", Me(Token), r#"1 admin ["Admin"], all rights true"#),
    ("key_as_bearer_me key_me_roles", Me(Key), r#"1 admin ["Admin"], all rights true"#),
    ("v_oauth_key_me key_me_roles", Me(Key), r#"1 admin ["Admin"], all rights true"#),
    ("me_noauth", Me(Token), "session_over"),
    ("inactive_user_jwt", Me(Token), "session_over"),
    ("jwt_expired", Me(Token), "session_over"),
    ("inactive_user_key", Me(Key), "key_rejected"),
    ("use_revoked_key_me", Me(Key), "key_rejected"),
    ("key_after_user_delete", Me(Key), "key_rejected"),
    // Bearers that are not taken.
    ("keys_list_noauth", List(Token), "session_over"),
    ("keys_list_basic", List(Token), "session_over"),
    ("keys_list_garbage_bearer", List(Token), "session_over"),
    ("keys_list_badsig_jwt", List(Token), "session_over"),
    ("keys_list_refresh_token_as_bearer", List(Token), "session_over"),
    ("jwt_expired", List(Token), "session_over"),
    ("keys_list_bogus_sst", List(Key), "key_rejected"),
    ("keys_list_garbage_bearer", List(Key), "key_rejected"),
    ("use_expired_key", List(Key), "key_rejected"),
    ("use_revoked_key", List(Key), "key_rejected"),
    ("key_after_self_revoke", List(Key), "key_rejected"),
    // Listing.
    ("keys_list_empty", List(Token), ""),
    ("alpha_list", List(Token), ""),
    ("keys_list_many", List(Token), MANY),
    ("key_as_bearer_list_keys", List(Key), MANY),
    ("v_ldap_key_list", List(Key), "preissued used 2026-11-20T20:53:21"),
    ("noperm_list", List(Token), "forbidden"),
    ("noinit_admin_list", List(Token), "forbidden"),
    ("missing_table_list", List(Token), "server_fault status=500"),
    ("missing_table_use_sst", List(Key), "server_fault status=500"),
    ("fail_use_key_last_used_write_fails", List(Key), "server_fault status=500"),
    ("v_apikey_off_keys_jwt", List(Token), "api_keys_off"),
    ("v_apikey_off_keys_bogus_sst", List(Key), "api_keys_off"),
    ("v_apikey_off_404_html", List(Token), "proxy_answered status=404"),
    ("approot_api_v1_security_api_keys", List(Token), "proxy_answered status=404"),
    ("v_rate_keys_429", List(Token), "rate_limited"),
    // One key.
    ("keys_get_fresh", Get(Token), "my-test-key"),
    ("key_after_use", Get(Token), "my-test-key used 2026-11-20T21:09:47"),
    ("get_expired", Get(Token), "expired expires 2020-01-01T00:00:00"),
    ("get_revoked", Get(Token), "to-revoke used 2026-11-20T21:09:53 revoked 2026-11-20T21:09:54"),
    ("get_revoked_twice", Get(Token), "to-revoke used 2026-11-20T21:09:53 revoked 2026-11-20T21:09:55"),
    ("fail_revoke_db_error_get_after", Get(Token), "a"),
    ("get_unknown_uuid", Get(Token), "none"),
    ("get_upper_uuid", Get(Token), "none"),
    ("get_garbage_uuid", Get(Token), "none"),
    ("admin_get_alpha_key", Get(Token), "none"),
    ("keys_get_trailing_slash", Get(Token), "api_keys_off"),
    ("noperm_get", Get(Token), "forbidden"),
    // Creating.
    ("keys_create_min", Create(Token), "my-test-key with 47 letters"),
    ("keys_create_full", Create(Token), "full expires 2030-01-02T03:04:05 with 47 letters"),
    ("key_as_bearer_create_key", Create(Key), "made-by-key with 47 letters"),
    ("v_oauth_key_create", Create(Key), "from pasted key with 47 letters"),
    ("keys_create_name_empty", Create(Token), " with 47 letters"),
    ("keys_create_name_dup", Create(Token), "my-test-key with 47 letters"),
    ("keys_create_name_newline", Create(Token), r"a\nb\tc\0d with 47 letters"),
    ("keys_create_name_unicode", Create(Token), r"Ключ 🔑 日本語 \u{202e}rtl  with 47 letters"),
    ("keys_create_scopes_empty", Create(Token), "x with 47 letters"),
    ("keys_create_exp_z", Create(Token), "exp-z expires 2031-01-01T00:00:00 with 47 letters"),
    ("keys_create_exp_micro", Create(Token), "exp-micro expires 2031-01-01T00:00:00 with 47 letters"),
    ("keys_create_exp_year9999", Create(Token), "exp-year9999 expires 9999-12-31T23:59:59 with 47 letters"),
    ("keys_create_exp_past", Create(Token), "exp-past expires 2020-01-01T00:00:00 with 47 letters"),
    ("fail_create_db_error", Create(Token), "not_created"),
    ("missing_table_create", Create(Token), "not_created"),
    ("keys_create_noname", Create(Token), "unexpected_answer status=400 what=name"),
    ("keys_create_name_null", Create(Token), "unexpected_answer status=400 what=name"),
    ("keys_create_name_int", Create(Token), "unexpected_answer status=400 what=name"),
    ("keys_create_unknown_field", Create(Token), "unexpected_answer status=400 what=new key"),
    ("keys_create_array", Create(Token), "unexpected_answer status=400 what=new key"),
    ("keys_create_scopes_list", Create(Token), "unexpected_answer status=400 what=scopes"),
    ("keys_create_exp_garbage", Create(Token), "unexpected_answer status=400 what=expires_on"),
    ("keys_create_exp_dateonly", Create(Token), "unexpected_answer status=400 what=expires_on"),
    ("keys_create_badjson", Create(Token), "unexpected_answer status=400 what=status"),
    ("keys_create_nojson", Create(Token), "server_fault status=500"),
    ("noperm_create", Create(Token), "forbidden"),
    ("noinit_admin_create", Create(Token), "forbidden"),
    ("v_apikey_off_keys_create", Create(Token), "api_keys_off"),
    // Revoking.
    ("revoke_ok", Revoke(Token), "done"),
    ("revoke_twice", Revoke(Token), "done"),
    ("revoke_expired", Revoke(Token), "done"),
    ("key_revokes_itself", Revoke(Key), "done"),
    ("fail_revoke_db_error", Revoke(Token), "done"),
    ("revoke_unknown_uuid", Revoke(Token), "no_such_key"),
    ("revoke_not_uuid", Revoke(Token), "no_such_key"),
    ("admin_revoke_alpha_key", Revoke(Token), "no_such_key"),
    ("noperm_delete", Revoke(Token), "forbidden"),
    ("v_apikey_off_404_json", Revoke(Token), "api_keys_off"),
];

const MANY: &str = "exp-year9999 expires 9999-12-31T23:59:59; exp-past_z expires 2020-01-01T00:00:00; \
                    exp-past expires 2020-01-01T00:00:00; exp-null";

#[tokio::test]
async fn each_recorded_answer_has_its_meaning() {
    let mut wrong = Vec::new();
    let superset = superset();
    let calls = ROWS.iter().map(|(names, ask, expected)| {
        let superset = superset.clone();
        tokio::spawn(async move {
            let server = playing(names).await;
            (names, expected, ask.of(&superset, &site(&server)).await)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let (names, expected, found) = call.await.unwrap();
        if found != *expected {
            wrong.push(format!("{names}: {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn requests_are_those_that_were_recorded() {
    for (names, ask) in [("login_ok", SignIn), ("keys_create_min", Create(Token))] {
        let server = playing(names).await;
        ask.of(&superset(), &site(&server)).await;
        let [seen] = &server.seen()[..] else { panic!("{names}: not one request") };
        let recorded = recorded(names);
        assert_eq!((&seen.method, &seen.path), (&recorded.method, &recorded.path));
        assert_eq!(serde_json::from_slice::<Value>(&seen.body).ok(), recorded.sent, "{names}");
        assert_eq!(seen.header("accept"), Some("application/json"));
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.header("user-agent"), Some(concat!("superset-keys/", env!("CARGO_PKG_VERSION"))));
    }
    let server = playing("keys_create_full").await;
    let expires_on = WallTime::parse("2030-01-02T03:04:05");
    let request = CreateRequest { name: "full", expires_on, scopes: Some("read,write") };
    let key = Secret::new("sst_anything");
    superset().create_key(&site(&server), Auth::Key(&key), &request).await.unwrap();
    let [seen] = &server.seen()[..] else { panic!("not one request") };
    assert_eq!(serde_json::from_slice::<Value>(&seen.body).ok(), recorded("keys_create_full").sent);
    assert_eq!(seen.header("authorization"), Some("Bearer sst_anything"));
}

#[tokio::test]
async fn a_created_key_carries_its_plaintext_and_the_server_s_now() {
    let server = playing("v_tz_ny_create").await;
    let request = CreateRequest { name: "tz", expires_on: None, scopes: None };
    let key = Secret::new("sst_anything");
    let created = superset().create_key(&site(&server), Auth::Key(&key), &request).await.unwrap();
    assert!(!format!("{created:?}").contains("NbT2x0a0xE3p8zLkyuGa1jf0"));
    let Created { created, date } = created;
    // EXPOSE: the test looks whether it is the right one.
    assert_eq!(created.secret.expose(), "sst_NbT2x0a0xE3p8zLkyuGa1jf0_9VpLwNzhBdZK9Wbloo");
    assert_eq!(created.key.id.as_str(), "6f2f1f53-6a6c-47b0-88db-70eb4be9323a");
    assert_eq!(created.key.prefix, "sst_");
    let (wall, now) = (created.key.created_on.unwrap(), date.unwrap());
    assert_eq!(ServerClock::Assumed.learn(wall, now).offset_minutes(now), -300);
}

#[tokio::test]
async fn a_missing_slash_is_made_good_on_the_same_origin() {
    let redirected = recorded("keys_list_noslash");
    assert_eq!(redirected.status, 308);
    let server = CannedServer::start(move |seen| {
        if seen.path.starts_with("/again") {
            return recorded("keys_list_empty").reply();
        }
        let target = format!("http://{}/again{}", seen.header("host").unwrap(), seen.path);
        Reply::with(redirected.status, &[("location", &target), ("content-type", "text/html")], "")
    })
    .await;
    assert_eq!(List(Token).of(&superset(), &site(&server)).await, "");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.header("authorization") == Some("Bearer a.b.c")));
}

/// `AUTH_REMOTE_USER` without 6.1.0's own page: a sign-in page sends everybody on, whether a proxy named them or not.
#[tokio::test]
async fn a_sign_in_that_has_no_page_looks_for_what_a_proxy_says() {
    for (base, next) in [("", "/api/v1/me/"), ("/bi", "/bi/api/v1/me/")] {
        let server = CannedServer::start(move |seen| match seen.path.strip_prefix(base) {
            Some("/login/") => Reply::with(302, &[("location", next)], ""),
            Some("/version") => recorded("probe_version").reply(),
            Some("/api/v1/security/api_keys/") => recorded("keys_list_noauth").reply(),
            _ => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        })
        .await;
        let found = superset().detect(&server.url_below(base), &Transport::default()).await.unwrap();
        assert_eq!(found.sign_in, ways(false, false, true, &["remote_user"]), "{base}");
    }
    // A page in front is no word of Superset's.
    let server = CannedServer::start(|seen| match &*seen.path {
        "/login/" => Reply::with(302, &[("location", "/portal/?next=/api/v1/me/")], ""),
        "/portal/" => Reply::with(200, &[("content-type", "text/html")], "<html>"),
        "/version" => recorded("probe_version").reply(),
        _ => recorded("keys_list_noauth").reply(),
    })
    .await;
    let found = superset().detect(&server.url(), &Transport::default()).await.unwrap();
    assert!(!found.sign_in.known);
}

/// A server of the given recordings; what is not among them has no route. `auth` goes into the sign-in page.
async fn at(names: &'static str, auth: Option<&'static str>) -> CannedServer {
    let all: Vec<_> = names.split_whitespace().map(recorded).collect();
    CannedServer::start(move |seen| {
        if seen.path.ends_with("/login/")
            && let Some(auth) = auth
        {
            let page = recorded("login_page_bootstrap");
            let html = page.body.as_str().unwrap().replace("&#34;AUTH_TYPE&#34;: 1", auth);
            return Reply::with(200, &[("content-type", "text/html; charset=utf-8")], &html);
        }
        let found = all.iter().find(|one| one.path == seen.path);
        found.copied().unwrap_or_else(|| recorded("v_apikey_off_404_json")).reply()
    })
    .await
}

const DB: Option<&str> = Some("&#34;AUTH_TYPE&#34;: 1");
const ON: &str =
    "health probe_version probe_static_version_info_json keys_list_noauth v_talisman_dash_bogus_sst";

fn ways(password: bool, ldap: bool, existing_key: bool, others: &[&str]) -> SignInWays {
    let others = others.iter().map(|&way| way.into()).collect();
    SignInWays { password, ldap, existing_key, others, known: true }
}

#[tokio::test]
async fn an_address_that_is_on_the_list_is_told() {
    let server = playing(ON).await;
    let home = tempfile::tempdir().unwrap();
    let core = Core::new(CoreParts {
        store: Store::new(Places::under(home.path())),
        keychain: Arc::new(MemoryStore::default()),
        timeouts: TimeoutsWanted::default(),
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: Computer::default(),
    });
    let address = server.url().to_string();
    assert_eq!(core.detect_instance(&address, true).await.unwrap().listed, []);
    let new = NewInstance {
        address: address.clone(),
        name: Some("Local".into()),
        environment: Environment::Development,
        mcp_url: None,
        allow_http: true,
        username: Some("jane".into()),
    };
    core.add_instance(new.clone()).await.unwrap();
    let again = core.add_instance(new).await.unwrap();
    let [listed] = &again.seen.listed[..] else { panic!("{:?}", again.seen.listed) };
    assert_eq!((listed.name.as_str(), listed.username.as_deref()), ("Local", Some("jane")));
    assert!(listed.is_of(Some("jane")) && listed.is_of(None) && !listed.is_of(Some("john")));
}

#[tokio::test]
async fn detection() {
    use ApiKeysSupport::{ManagementOff, Off, On, Unknown};
    let unknown = |existing_key| SignInWays { known: false, ..ways(true, true, existing_key, &[]) };
    let off = "v_apikey_off_health v_apikey_off_version v_apikey_off_keys_noauth v_apikey_off_dash_bogus_sst";
    let old = "v_fab510_health v_fab510_version v_fab510_keys_noauth v_fab510_dash_bogus_sst";
    let half = "v_security_api_off_health v_security_api_off_version v_security_api_off_keys_noauth \
                v_security_api_off_dash_bogus_sst";
    let ldap = Some("&#34;AUTH_TYPE&#34;: 2");
    let remote = Some("&#34;AUTH_TYPE&#34;: 3");
    let oauth = Some(concat!(
        "&#34;AUTH_TYPE&#34;: 4, &#34;AUTH_PROVIDERS&#34;: ",
        "[{&#34;name&#34;: &#34;google&#34;, &#34;icon&#34;: &#34;fa-google&#34;}]"
    ));
    let saml = Some("&#34;AUTH_TYPE&#34;: 5");
    let openid = Some("&#34;AUTH_TYPE&#34;: 0");
    let new = Some("&#34;AUTH_TYPE&#34;: 99");
    let seen = Some("6.1.0");
    for (names, auth, version, api_keys, sign_in) in [
        (ON, DB, seen, On, ways(true, false, true, &[])),
        (ON, ldap, seen, On, ways(false, true, true, &[])),
        (ON, remote, seen, On, ways(false, false, true, &["remote_user"])),
        (ON, oauth, seen, On, ways(false, false, true, &["google"])),
        (ON, saml, seen, On, ways(false, false, true, &["saml"])),
        (ON, openid, seen, On, ways(false, false, true, &["openid"])),
        (ON, new, seen, On, unknown(true)),
        (ON, None, seen, On, unknown(true)),
        (off, DB, seen, Off, ways(true, false, false, &[])),
        (old, DB, seen, Off, ways(true, false, false, &[])),
        (half, DB, seen, ManagementOff, ways(true, false, true, &[])),
        // Keys' routes are there although their table is not.
        (
            "missing_table_health probe_version keys_list_noauth missing_table_use_sst",
            DB,
            seen,
            On,
            ways(true, false, true, &[]),
        ),
        // One sign of Superset is enough.
        ("probe_static_version_info_json", None, seen, Unknown, unknown(true)),
        ("probe_version", None, seen, Unknown, unknown(true)),
        ("", DB, seen, Unknown, ways(true, false, true, &[])),
        ("health", None, None, Unknown, unknown(true)),
        // The limiter answers everything but what was asked first.
        ("probe_version v_rate_keys_429 v_rate_html_429", None, seen, Unknown, unknown(true)),
    ] {
        let server = at(names, auth).await;
        let url = server.url();
        let expected = Detection {
            url: url.clone(),
            version: version.map(str::to_owned),
            api_keys,
            sign_in,
            public_role: false,
        };
        assert_eq!(
            superset().detect(&url, &Transport::default()).await.unwrap(),
            expected,
            "{names} {auth:?}"
        );
    }
}

#[tokio::test]
async fn detection_below_an_app_root() {
    let names = "approot_bi_health approot_bi_version approot_bi_api_v1_security_api_keys";
    let server = at(names, DB).await;
    let found = superset().detect(&server.url_below("/bi"), &Transport::default()).await.unwrap();
    assert_eq!((found.version.as_deref(), found.api_keys), (Some("6.1.0"), ApiKeysSupport::On));

    let outside = "approot_health approot_version approot_api_v1_security_api_keys";
    let server = playing(outside).await;
    assert!(matches!(
        superset().detect(&server.url(), &Transport::default()).await,
        Err(Error::NotSuperset { .. })
    ));
}

#[tokio::test]
async fn detection_while_the_limiter_is_on() {
    let server = playing("v_rate_health_429").await;
    assert!(matches!(
        superset().detect(&server.url(), &Transport::default()).await,
        Err(Error::RateLimited { .. })
    ));
}

#[tokio::test]
async fn mcp_endpoints() {
    let probe = McpProbe::new(http());
    for (names, is_endpoint) in [
        ("mcp_m0_init_noauth", true),
        ("mcp_m2_init_noauth", true),
        ("mcp_m2_init_bogus_sst", true),
        ("mcp_no_accept", true),
        ("mcp_badjson", true),
        ("mcp_get_noauth", false),
        ("mcp_root", false),
        ("mcp_health", false),
        ("v_apikey_off_404_json", false),
        ("v_apikey_off_404_html", false),
        ("login_page_bootstrap", false),
        ("keys_list_noauth", false),
    ] {
        let server = playing(names).await;
        let url = Url::parse(&format!("http://{}/mcp", server.address)).unwrap();
        assert_eq!(
            probe.is_endpoint(&Site::new(url.clone(), Transport::default())).await,
            is_endpoint,
            "{names}"
        );
        if is_endpoint {
            let found = probe.find_endpoint(&server.url(), &Transport::default()).await;
            assert_eq!(found, Some(url), "{names}");
        }
        assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
    }
}
