//! Everybody's keys by both roads, from a server that answers as Superset 6.1.0 does, well and badly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "shared with tests that look closer")]
mod canned_server;

use canned_server::{CannedServer, Reply, Seen};
use serde_json::{Value, json};
use std::sync::Arc;
use superset_keys_core::actions::{AuditRoadKind, AuditView, LoginCheck};
use superset_keys_core::audit::AuditFinding;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::error::Error;
use superset_keys_core::ids::{ApiKeyId, InstanceId, SecretId};
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, ErrorCode, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

const KEY: &str = "sst_canary_PNHkqdrcN3FhhTsEjG0RASQIS";
const TOKEN: &str = "csrf-canary";

/// A Superset, as far as an audit asks it.
#[derive(Clone)]
struct Superset {
    rows: Vec<Value>,
    /// None: this person may not list them.
    datasets: Option<Vec<Value>>,
    databases: Option<Vec<Value>>,
    /// What a connection's login may, as its question is answered.
    rights: Value,
    /// More rows than this are in no answer.
    most: usize,
    /// In place of rows.
    refusal: Option<(u16, Value)>,
    /// Columns that the view lacks.
    lacks: Vec<&'static str>,
    public_role: bool,
}

impl Superset {
    fn with(keys: i64) -> Self {
        Self {
            rows: (1..=keys).map(row).collect(),
            datasets: Some(vec![dataset()]),
            databases: Some(vec![database(3, "postgresql")]),
            rights: json!({"reads_hashes": false, "writes": false, "creates": false, "calls": false, "files": false}),
            most: 100_000,
            refusal: None,
            lacks: Vec::new(),
            public_role: false,
        }
    }

    fn by_sql_lab(keys: i64) -> Self {
        Self { datasets: Some(vec![]), ..Self::with(keys) }
    }

    fn answer(&self, seen: &Seen) -> Reply {
        let list = |rows: &Option<Vec<Value>>| match rows {
            Some(rows) => ok(&json!({"count": rows.len(), "result": rows})),
            None => Reply::json(403, r#"{"message":"Forbidden"}"#),
        };
        let signed_in = seen.header("authorization").is_some();
        match &*seen.path {
            "/api/v1/me/" if self.public_role => {
                ok(&json!({"result": {"is_active": false, "is_anonymous": true}}))
            }
            "/api/v1/dataset/" if self.public_role => list(&Some(vec![])),
            _ if !signed_in => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
            "/api/v1/security/csrf_token/" => Reply::with(
                200,
                &[
                    ("content-type", "application/json"),
                    ("set-cookie", "session=cookie-canary; HttpOnly; Path=/"),
                ],
                &json!({"result": TOKEN}).to_string(),
            ),
            "/api/v1/dataset/" => list(&self.datasets),
            "/api/v1/database/" => list(&self.databases),
            "/api/v1/database/3/schemas/" => ok(&json!({"result": ["information_schema", "public"]})),
            "/api/v1/database/3/tables/" => ok(&json!({"result": [{"value": "superset_key_audit"}]})),
            "/api/v1/chart/data" => self.chart_data(&body(seen)),
            "/api/v1/sqllab/execute/" => self.sql_lab(seen),
            _ => Reply::json(404, r#"{"message":"Not found"}"#),
        }
    }

    fn chart_data(&self, asked: &Value) -> Reply {
        let query = &asked["queries"][0];
        let filter = &query["filters"][0];
        assert_eq!(
            (&filter["col"], &filter["op"], &asked["force"]),
            (&json!("id"), &json!(">"), &json!(true))
        );
        let columns = query["columns"].as_array().unwrap();
        if let Some((status, body)) = &self.refusal {
            return Reply::json(*status, &body.to_string());
        }
        if let Some(lacking) =
            self.lacks.iter().find(|lacking| columns.iter().any(|column| column == **lacking))
        {
            let said = format!("Error: Columns missing in dataset: ['{lacking}']");
            return Reply::json(400, &json!({"message": said}).to_string());
        }
        let limit = query["row_limit"].as_u64().unwrap();
        let rows = self.rows_behind(filter["val"].as_i64().unwrap(), limit);
        ok(&json!({"result": [{"colnames": columns, "data": rows, "error": null, "status": "success"}]}))
    }

    fn sql_lab(&self, seen: &Seen) -> Reply {
        let asked = body(seen);
        if seen.header("x-csrftoken") != Some(TOKEN) || seen.header("cookie") != Some("session=cookie-canary")
        {
            let said = "400 Bad Request: The CSRF token is missing.";
            return Reply::json(400, &json!({"errors": [{"message": said}]}).to_string());
        }
        assert!(
            seen.header("referer").is_some_and(|from| from.starts_with("http://") && from.ends_with('/'))
        );
        let sql = asked["sql"].as_str().unwrap();
        let answered = |rows: Vec<Value>| {
            let columns: Vec<_> = rows
                .first()
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, _)| json!({"name": name}))
                .collect();
            ok(&json!({"status": "success", "data": rows, "columns": columns}))
        };
        if sql.contains("has_table_privilege") {
            return answered(vec![self.rights.clone()]);
        }
        if let Some((status, body)) = &self.refusal {
            return Reply::json(*status, &body.to_string());
        }
        let after = sql.split("id > ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        answered(self.rows_behind(after, asked["queryLimit"].as_u64().unwrap()))
    }

    fn rows_behind(&self, after: i64, limit: u64) -> Vec<Value> {
        let behind = self.rows.iter().filter(|row| row["id"].as_i64().unwrap() > after);
        behind.take(self.most.min(usize::try_from(limit).unwrap())).cloned().collect()
    }
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, &body.to_string())
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn dataset() -> Value {
    json!({"id": 9, "table_name": "superset_key_audit", "schema": "public", "kind": "physical",
        "database": {"id": 3, "database_name": "Metadata"}})
}

fn database(id: i32, backend: &str) -> Value {
    json!({"id": id, "database_name": "Metadata", "backend": backend, "expose_in_sqllab": true, "allow_dml": false})
}

/// One with which nothing is wrong but that it has no end.
fn row(id: i64) -> Value {
    json!({"id": id, "uuid": format!("00000000-0000-4000-8000-{id:012}"), "name": format!("key {id}"), "scopes": null,
        "created_on": "2098-12-01T10:00:00", "expires_on": null, "revoked_on": null,
        "last_used_on": "2099-01-01T04:45:24.005596", "user_id": id % 3, "username": format!("user{}", id % 3),
        "first_name": "U", "last_name": "Ser", "user_active": true, "last_login": null, "roles": "Gamma"})
}

struct Stage {
    home: TempDir,
    core: Core,
    server: CannedServer,
}

impl Stage {
    /// Signed in with a key of a person with this role, on a computer that knows the server's clock: New York's.
    async fn at(superset: Superset, role: &str) -> Self {
        Self::answering(role, move |seen| superset.answer(seen)).await
    }

    async fn answering(role: &str, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let server = CannedServer::start(answer).await;
        let home = tempfile::tempdir().unwrap();
        let now = jiff::Timestamp::now().to_string();
        let key = json!({"id": "uuid-1", "alias": "laptop", "name": "Laptop", "hint": "sst_…SQIS", "stored_at": now, "stored": "keychain"});
        let instance = json!({"id": "7", "short_name": "prod", "name": "Prod", "url": server.url().to_string(),
            "signed_in": {"user": {"id": 1, "username": "user1", "roles": [role]}, "how": {"way": "api_key", "key": "uuid-1"}},
            "clock": {"source": "learned", "offset_minutes": -300, "at": now}, "keys": [key]});
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        let state = json!({"version": 2, "instances": [instance]}).to_string();
        std::fs::write(home.path().join("config/state.json"), state).unwrap();
        let keychain = Arc::new(MemoryStore::default());
        keychain.set(&SecretId::api_key(&id(), &ApiKeyId::new("uuid-1")), &Secret::new(KEY)).unwrap();
        let core = Core::new(CoreParts {
            store: Store::new(Places::under(home.path())),
            keychain,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: Computer::default(),
        });
        Self { home, core, server }
    }

    async fn audit(&self) -> Result<AuditView> {
        self.core.audit(&id(), false).await
    }

    fn asked(&self, path: &str) -> Vec<Seen> {
        self.server.seen().into_iter().filter(|seen| seen.path == path).collect()
    }

    fn change_state(&self, change: impl FnOnce(&mut Value)) {
        let path = self.home.path().join("config/state.json");
        let mut state = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut state);
        std::fs::write(path, state.to_string()).unwrap();
    }
}

fn id() -> InstanceId {
    String::from("7").into()
}

fn code(result: Result<AuditView>) -> ErrorCode {
    result.map(|audit| panic!("{audit:?}")).unwrap_err().code()
}

const CHART: &str = "/api/v1/chart/data";
const SQL_LAB: &str = "/api/v1/sqllab/execute/";

#[tokio::test]
async fn a_dataset_is_read_to_its_end_though_the_server_cuts_its_pages() {
    let stage = Stage::at(Superset { most: 3, ..Superset::with(8) }, "Admin").await;
    let audit = stage.audit().await.unwrap();
    let mut names: Vec<_> = audit.keys.iter().map(|key| key.name.clone()).collect();
    names.sort();
    assert_eq!(names, (1..=8).map(|id| format!("key {id}")).collect::<Vec<_>>());
    assert_eq!((audit.people.len(), audit.total, audit.with_findings), (3, 8, 8));
    assert_eq!((audit.road.kind, &audit.road.login), (AuditRoadKind::Dataset, &Some(LoginCheck::Asked)));
    assert!(
        audit
            .people
            .iter()
            .any(|person| person.is_you && person.username == "user1" && person.active_keys == 3)
    );
    let key = audit.keys[0].last_used.clone().unwrap();
    assert_eq!(
        (&*key.utc, &*key.server),
        ("2099-01-01T09:45:24Z", "2099-01-01T04:45:24"),
        "New York's clock"
    );
    assert_eq!(stage.asked(CHART).len(), 4, "three pages and the end");
    for asked in stage.server.seen() {
        let text = String::from_utf8_lossy(&asked.body).to_lowercase();
        assert!(
            !text.contains("key_hash\"") && !text.contains("password\"") && !text.contains("select *"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn sql_lab_is_read_when_there_is_no_dataset_and_its_login_is_asked_first() {
    let stage = Stage::at(Superset::by_sql_lab(5), "Admin").await;
    let audit = stage.audit().await.unwrap();
    assert_eq!((audit.keys.len(), audit.road.kind), (5, AuditRoadKind::SqlLab));
    assert_eq!(audit.road.database.as_deref(), Some("Metadata"));
    let texts: Vec<_> =
        stage.asked(SQL_LAB).iter().map(|seen| body(seen)["sql"].as_str().unwrap().to_owned()).collect();
    assert!(texts[0].contains("has_table_privilege"), "{texts:?}");
    assert!(texts[1].starts_with("SELECT id, uuid, name"), "{texts:?}");
    assert_eq!(texts.len(), 3);
    let ids: Vec<_> = stage.asked(SQL_LAB).iter().map(|seen| body(seen)["client_id"].to_string()).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "no query's id is used twice");
}

#[tokio::test]
async fn a_login_that_may_too_much_reads_nothing_unless_it_is_trusted() {
    let rights =
        json!({"reads_hashes": true, "writes": true, "creates": false, "calls": false, "files": false});
    for superset in [Superset::by_sql_lab(5), Superset::with(5)] {
        let stage = Stage::at(Superset { rights: rights.clone(), ..superset }, "Admin").await;
        assert_eq!(code(stage.audit().await), ErrorCode::LoginMayTooMuch);
        let sent = stage.server.seen();
        let read = sent.iter().filter(|seen| String::from_utf8_lossy(&seen.body).contains("last_used_on"));
        assert_eq!(read.count(), 0, "refused before anything is read");
        assert!(stage.core.kept_audit(&id()).unwrap().is_none());
        let trusted = stage.core.audit(&id(), true).await.unwrap();
        assert_eq!((trusted.keys.len(), trusted.road.login), (5, Some(LoginCheck::Trusted)));
        assert_eq!(stage.core.kept_audit(&id()).unwrap().unwrap().road.login, Some(LoginCheck::Trusted));
    }
}

#[tokio::test]
async fn sqlite_is_refused_since_nobody_can_ask_it() {
    let superset = Superset { databases: Some(vec![database(3, "sqlite")]), ..Superset::by_sql_lab(1) };
    let stage = Stage::at(superset, "Admin").await;
    assert_eq!(code(stage.audit().await), ErrorCode::LoginNotJudged);
    assert_eq!(stage.core.audit(&id(), true).await.unwrap().keys.len(), 1);
}

#[tokio::test]
async fn a_view_that_is_gone_or_of_another_form_is_said_and_nothing_is_guessed() {
    let gone = json!({"message": "Error: relation \"public.superset_key_audit\" does not exist"});
    let stage = Stage::at(
        Superset { refusal: Some((400, gone)), databases: Some(vec![]), ..Superset::with(2) },
        "Admin",
    )
    .await;
    assert_eq!(code(stage.audit().await), ErrorCode::AuditViewMissing);

    let older = Superset { lacks: vec!["last_login", "roles"], databases: Some(vec![]), ..Superset::with(2) };
    let stage = Stage::at(older, "Admin").await;
    match stage.audit().await {
        Err(Error::AuditViewOutdated { missing }) => assert_eq!(missing, ["last_login", "roles"]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_database_says_stays_there_and_its_kind_is_told() {
    for (said, expected) in [
        ("canceling statement due to statement timeout", "slow"),
        ("connection to server at \\\"db\\\" failed: Connection refused", "gone"),
        ("something about jane", "other"),
    ] {
        let refusal = Some((400, json!({"message": format!("Error: {said}")})));
        let stage = Stage::at(Superset { refusal, ..Superset::with(2) }, "Admin").await;
        let error = stage.audit().await.unwrap_err();
        assert_eq!((error.code(), error.params()["problem"].as_str()), (ErrorCode::QueryFailed, expected));
        assert!(!format!("{error:?} {error}").contains("jane"));
    }
}

#[tokio::test]
async fn who_may_not_is_told_from_what_is_not_there() {
    let nothing = Superset { datasets: Some(vec![]), databases: Some(vec![]), ..Superset::with(2) };
    assert_eq!(code(Stage::at(nothing.clone(), "Admin").await.audit().await), ErrorCode::NoAuditRoad);
    assert_eq!(code(Stage::at(nothing.clone(), "Gamma").await.audit().await), ErrorCode::AuditForbidden);
    let public = Superset { public_role: true, ..nothing.clone() };
    assert_eq!(code(Stage::at(public, "Admin").await.audit().await), ErrorCode::PublicRole);
    let forbidden = Superset { datasets: None, databases: None, ..nothing };
    assert_eq!(code(Stage::at(forbidden, "Gamma").await.audit().await), ErrorCode::AuditForbidden);
    let refusal = Some((403, json!({"errors": [{"error_type": "DATASOURCE_SECURITY_ACCESS_ERROR"}]})));
    let refused = Superset { refusal, databases: Some(vec![]), ..Superset::with(2) };
    let stage = Stage::at(refused.clone(), "Admin").await;
    assert_eq!(code(stage.audit().await), ErrorCode::AuditForbidden);
    let stage = Stage::answering("Admin", move |seen| match &*seen.path {
        "/api/v1/me/" => ok(&json!({"result": {"is_active": false, "is_anonymous": true}})),
        _ => refused.answer(seen),
    });
    assert_eq!(code(stage.await.audit().await), ErrorCode::PublicRole, "charts are open to strangers");
}

#[tokio::test]
async fn a_virtual_dataset_of_that_name_is_not_taken_for_the_view() {
    let mut made_up = dataset();
    made_up["kind"] = json!("virtual");
    let superset = Superset { datasets: Some(vec![made_up]), databases: Some(vec![]), ..Superset::with(2) };
    let stage = Stage::at(superset, "Admin").await;
    assert_eq!(code(stage.audit().await), ErrorCode::NoAuditRoad);
    assert_eq!(stage.asked(CHART).len(), 0);
}

/// Chart data and the dataset are all that the least auditor's role has.
#[tokio::test]
async fn a_role_that_may_not_look_for_the_dataset_reads_it_by_its_number() {
    let admin = Stage::at(Superset::with(2), "Admin").await;
    admin.audit().await.unwrap();
    let least = Superset { datasets: None, databases: None, ..Superset::with(2) };
    let stage = Stage::at(least, "Key auditor").await;
    assert_eq!(code(stage.audit().await), ErrorCode::AuditForbidden);
    let kept: Value =
        serde_json::from_slice(&std::fs::read(admin.home.path().join("config/state.json")).unwrap()).unwrap();
    let remembered = kept["instances"][0]["audit"]["dataset"].clone();
    assert_eq!(remembered, 9);
    stage.change_state(|state| state["instances"][0]["audit"] = json!({"dataset": remembered}));
    let audit = stage.audit().await.unwrap();
    assert_eq!((audit.keys.len(), audit.road.login), (2, Some(LoginCheck::NotChecked)));
    assert_eq!(body(&stage.asked(CHART)[0])["datasource"]["id"], 9);
}

/// Whoever could ask found that the login may too much: who cannot ask is refused as well, and not told that nobody did.
#[tokio::test]
async fn a_login_that_was_refused_once_is_refused_to_who_cannot_ask_it() {
    let least = Superset { datasets: None, databases: None, ..Superset::with(2) };
    let stage = Stage::at(least, "Key auditor").await;
    let at = "2026-11-20T10:00:00Z";
    for (found, expected) in [
        (json!({"rights": ["reads_hashes"]}), ErrorCode::LoginMayTooMuch),
        (json!({"not_judged": "no_logins"}), ErrorCode::LoginNotJudged),
    ] {
        stage.change_state(|state| {
            let mut judged = json!({"database": 1, "at": at, "by": "admin"});
            judged.as_object_mut().unwrap().extend(found.as_object().unwrap().clone());
            state["instances"][0]["audit"] = json!({"dataset": 9, "dataset_database": 1, "judged": [judged]});
        });
        let before = stage.asked(CHART).len();
        assert_eq!(code(stage.audit().await), expected);
        assert_eq!(stage.asked(CHART).len(), before);
        let trusted = stage.core.audit(&id(), true).await.unwrap();
        assert_eq!(trusted.road.login, Some(LoginCheck::Trusted));
        assert_eq!(code(stage.audit().await), expected, "trust is for once");
    }
    stage.change_state(|state| {
        state["instances"][0]["audit"]["judged"] = json!([{"database": 1, "at": at, "by": "admin"}]);
    });
    let audit = stage.audit().await.unwrap();
    assert_eq!(audit.road.login, Some(LoginCheck::Remembered { at: at.into(), by: Some("admin".into()) }));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_asked_for_in_halves() {
    let superset = Superset::with(30);
    let stage = Stage::answering("Admin", move |seen| {
        let limit =
            if seen.path == CHART { body(seen)["queries"][0]["row_limit"].as_u64().unwrap() } else { 0 };
        if limit > 100 {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{";
            return Reply::Bytes(head.into());
        }
        superset.answer(seen)
    })
    .await;
    assert_eq!(stage.audit().await.unwrap().keys.len(), 30);
}

#[tokio::test]
async fn a_server_that_heeds_no_page_is_not_asked_for_ever() {
    let mut superset = Superset::with(3);
    let same = superset.clone();
    superset.rows.clear();
    let stage = Stage::answering("Admin", move |seen| {
        if seen.path == CHART {
            let mut asked = body(seen);
            asked["queries"][0]["filters"][0]["val"] = json!(-1);
            return same.chart_data(&asked);
        }
        superset.answer(seen)
    })
    .await;
    assert_eq!(code(stage.audit().await), ErrorCode::UnexpectedAnswer);
    assert!(stage.asked(CHART).len() <= 2);
}

#[tokio::test]
async fn what_was_read_is_kept_without_a_secret_for_whoever_read_it() {
    let stage = Stage::at(Superset::with(4), "Admin").await;
    assert!(stage.core.kept_audit(&id()).unwrap().is_none());
    let read = stage.audit().await.unwrap();
    let kept = stage.core.kept_audit(&id()).unwrap().unwrap();
    assert!(read.live && !kept.live);
    assert_eq!((&kept.keys, &kept.people, &kept.fetched), (&read.keys, &read.people, &read.fetched));
    let file = std::fs::read_to_string(stage.home.path().join("cache/audit-7.json")).unwrap();
    assert!(!file.contains("canary") && !file.contains("sst_"), "{file}");
    stage.change_state(|state| state["instances"][0]["signed_in"]["user"]["id"] = json!(2));
    assert!(stage.core.kept_audit(&id()).unwrap().is_none(), "somebody else is in now");
    stage.change_state(|state| state["instances"][0]["signed_in"] = json!(null));
    assert!(stage.core.kept_audit(&id()).unwrap().is_none(), "nobody is in");
}

#[tokio::test]
async fn an_audit_that_breaks_off_half_way_leaves_what_was_kept() {
    let fails = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (superset, failing) = (Superset { most: 2, ..Superset::with(5) }, Arc::clone(&fails));
    let stage = Stage::answering("Admin", move |seen| {
        let second =
            seen.path == CHART && body(seen)["queries"][0]["filters"][0]["val"].as_i64().unwrap() > 1;
        if second && failing.load(std::sync::atomic::Ordering::SeqCst) {
            return Reply::json(500, r#"{"errors":[{"message":"…"}]}"#);
        }
        superset.answer(seen)
    })
    .await;
    let read = stage.audit().await.unwrap();
    fails.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(code(stage.audit().await), ErrorCode::QueryFailed);
    assert_eq!(stage.core.kept_audit(&id()).unwrap().unwrap().keys, read.keys);
}

#[tokio::test]
async fn a_time_that_cannot_be_read_makes_no_key_look_alive() {
    for (column, value) in
        [("revoked_on", json!("soon")), ("expires_on", json!({})), ("user_active", json!("t"))]
    {
        let mut superset = Superset::with(2);
        superset.rows[1][column] = value;
        assert_eq!(
            code(Stage::at(superset, "Admin").await.audit().await),
            ErrorCode::UnexpectedAnswer,
            "{column}"
        );
    }
}

#[tokio::test]
async fn a_person_s_keys_and_last_doings_are_shown_as_far_as_the_log_is_open() {
    let superset = Superset::with(7);
    let stage = Stage::answering("Admin", move |seen| match &*seen.path {
        "/api/v1/log/" => {
            ok(&json!({"result": [{"action": "ChartDataRestApi.data", "dttm": "2026-11-29T10:00:00.5"}]}))
        }
        _ => superset.answer(seen),
    })
    .await;
    assert_eq!(
        stage.core.audit_person(&id(), 1).await.unwrap_err().code(),
        ErrorCode::NoSuchPerson,
        "nothing was read yet"
    );
    stage.audit().await.unwrap();
    let told = stage.core.audit_person(&id(), 1).await.unwrap();
    assert_eq!((told.keys.len(), &*told.person.username), (3, "user1"));
    let activity = serde_json::to_value(&told.activity).unwrap();
    assert_eq!(
        activity["latest"][0]["at"],
        json!({"utc": "2026-11-29T10:00:00Z", "server": "2026-11-29T05:00:00"})
    );

    let stage = Stage::answering("Alpha", |seen| match &*seen.path {
        "/api/v1/log/" => Reply::json(403, r#"{"message":"Forbidden"}"#),
        _ => Superset::with(7).answer(seen),
    })
    .await;
    stage.audit().await.unwrap();
    let told = stage.core.audit_person(&id(), 1).await.unwrap();
    assert_eq!(serde_json::to_value(&told.activity).unwrap(), json!({"kind": "not_allowed"}));
}

#[tokio::test]
async fn findings_are_counted_and_the_gravest_come_first() {
    let mut superset = Superset::with(4);
    superset.rows[3]["user_active"] = json!(false);
    superset.rows[3]["user_id"] = json!(77);
    superset.rows[2]["last_used_on"] = json!(null);
    superset.rows[1]["revoked_on"] = json!("2026-11-21T10:00:00");
    let audit = Stage::at(superset, "Admin").await.audit().await.unwrap();
    let order: Vec<_> = audit.keys.iter().map(|key| &*key.name).collect();
    assert_eq!(order, ["key 4", "key 3", "key 1", "key 2"]);
    let counts: Vec<_> = audit.counts.iter().map(|count| (count.finding, count.keys)).collect();
    assert_eq!(
        counts,
        [(AuditFinding::OwnerInactive, 1), (AuditFinding::NeverUsed, 1), (AuditFinding::NoEnd, 3)]
    );
    assert_eq!((audit.total, audit.with_findings), (4, 3));
}
