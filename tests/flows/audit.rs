//! Everybody's keys on the real Superset, its own `SQLite` database registered in SQL Lab: for trials, and no other way to
//! ask what its login may.

use crate::cli::Terminal;
use crate::person::Person;
use crate::server::{Server, server};
use serde_json::Value;
use std::process::Output;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{AuditRoadKind, LoginCheck, PersonActivityView};
use superset_keys_core::audit::AuditFinding;

/// A server of this test's own, whose database is registered.
fn registered(variant: &str) -> Server {
    let server = Server::start(variant, &["--no-mcp"]);
    server.state(&["register-metadata"]);
    server
}

fn data(output: &Output) -> Value {
    let envelope: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    envelope["data"].clone()
}

fn key<'a>(data: &'a Value, name: &str) -> &'a Value {
    let keys = data["keys"].as_array().unwrap();
    keys.iter().find(|key| key["name"] == name).unwrap_or_else(|| panic!("{name}: {data:#}"))
}

/// New York's clock, which nobody told: an admin signs in with a password and sees everybody's keys.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn an_admin_sees_everybody_s_keys_with_what_is_wrong() {
    let server = registered("newyork");
    let gamma = Terminal::signed_in(&server.url, "gamma");
    let (zone, at) = (["instances", "clock", "test", "--zone", "America/New_York"], "test");
    gamma.json(&["keys", "create", "test", "--name", "nightly", "--expires", "7d"]);
    server.state(&["add-keys", "--user", "alpha", "--name", "old", "--created", "500", "--last-used", "200"]);
    server.state(&["add-keys", "--user", "alpha", "--name", "gone", "--created", "50", "--revoked", "10"]);
    server.state(&["add-keys", "--user", "alpha", "--name", "over", "--created", "50", "--expires", "-3"]);
    server.state(&["add-keys", "--user", "nokeys", "--name", "asleep", "--created", "5"]);
    server.state(&["deactivate", "--user", "nokeys"]);

    let admin = Terminal::signed_in(&server.url, "admin");
    admin.json(&zone);
    let refused = admin.refused(&["audit", at]);
    assert_eq!(refused, ("login_not_judged".into(), 78));
    let run = admin.run(&["audit", at, "--trust-database", "--json"]);
    assert_eq!(run.status.code(), Some(1));
    let all = data(&run);
    assert_eq!(all["road"]["kind"], "sql_lab");
    assert_eq!(all["road"]["by_tables"], true);
    let findings = |name: &str| key(&all, name)["findings"].clone();
    assert_eq!(findings("nightly"), serde_json::json!(["never_used", "ends_soon"]));
    assert_eq!(findings("old"), serde_json::json!(["quiet", "over_a_year", "no_end"]));
    assert_eq!(findings("gone"), serde_json::json!([]));
    assert_eq!(findings("over"), serde_json::json!(["ended_not_revoked"]));
    assert_eq!(findings("asleep"), serde_json::json!(["owner_inactive", "never_used", "no_end"]));
    assert_eq!(key(&all, "asleep")["owner"]["active"], false);
    assert_eq!(key(&all, "old")["owner"]["roles"], serde_json::json!(["Alpha"]));
    let made = key(&all, "nightly")["created"]["utc"].as_str().unwrap();
    let age = jiff::Timestamp::now().duration_since(made.parse().unwrap());
    assert!(age.as_secs().abs() < 300, "by New York's clock: {made}");

    server.state(&["make-audit-view"]);
    let run = admin.run(&["audit", at, "--trust-database", "--json", "--owner", "gamma"]);
    let of_view = data(&run);
    assert_eq!(of_view["road"]["by_tables"], false);
    assert_eq!(
        (of_view["total"].clone(), of_view["keys"].as_array().unwrap().len()),
        (all["total"].clone(), 1)
    );
    let offline = admin.run(&["audit", at, "--offline", "--json"]);
    assert_eq!(data(&offline)["total"], all["total"]);
    assert!(!String::from_utf8_lossy(&offline.stdout).contains("pbkdf2"));
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn who_may_not_is_told_so_and_who_has_no_road_what_it_takes() {
    let gamma = Terminal::signed_in(&server("main").url, "gamma");
    assert_eq!(gamma.refused(&["audit", "test", "--trust-database"]), ("audit_forbidden".into(), 77));
    let admin = Terminal::signed_in(&server("main").url, "admin");
    assert_eq!(admin.refused(&["audit", "test"]), ("no_audit_road".into(), 78));
    let registered = registered("main");
    let alpha = Terminal::signed_in(&registered.url, "alpha");
    assert_eq!(alpha.refused(&["audit", "test", "--trust-database"]), ("audit_forbidden".into(), 77));
    let embedding = Terminal::signed_in(&server("public").url, "admin");
    assert_eq!(embedding.refused(&["audit", "test"]).0, "no_audit_road");
    let strangers = Terminal::signed_in(&server("public-gamma").url, "admin");
    assert_eq!(strangers.refused(&["audit", "test"]).0, "public_role");
}

#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
async fn thousands_of_keys_come_in_pages_and_a_person_with_what_they_did() {
    let server = registered("main");
    server.state(&["make-audit-view"]);
    server.state(&["add-keys", "--user", "gamma", "--count", "12345", "--name", "bulk"]);
    let admin = Person::signed_in(&server.url, "admin").await;
    let refused = admin.core.audit(&admin.instance, false).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::LoginNotJudged);
    let audit = admin.core.audit(&admin.instance, true).await.unwrap();
    assert_eq!((audit.total, audit.road.kind), (12_345, AuditRoadKind::SqlLab));
    assert_eq!(audit.road.login, Some(LoginCheck::Trusted));
    let many = audit.counts.iter().find(|count| count.finding == AuditFinding::ManyKeys);
    assert_eq!(many.map(|count| count.keys), Some(12_345));
    let gamma = audit.people.iter().find(|person| person.username == "gamma").unwrap();
    let told = admin.core.audit_person(&admin.instance, gamma.id).await.unwrap();
    assert_eq!(told.keys.len(), 12_345);
    assert!(matches!(told.activity, PersonActivityView::Told { .. }), "{:?}", told.activity);
    assert!(!admin.everything_on_disk().contains("pbkdf2"));
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_nightly_job_signs_in_with_a_key_and_learns_the_clock_by_itself() {
    let server = registered("newyork");
    let owner = Terminal::signed_in(&server.url, "admin");
    owner.json(&["keys", "create", "test", "--name", "auditor", "--alias", "auditor"]);
    let key = String::from_utf8(owner.run(&["keys", "print", "test", "auditor"]).stdout).unwrap();
    let job = Terminal::new();
    job.json(&["instances", "add", &server.url, "--name", "Test"]);
    assert!(job.run_with(&["sign-in", "test", "--api-key-stdin"], &key).status.success());
    let told = data(&job.run(&["audit", "test", "--trust-database", "--json"]));
    assert_eq!((told["clock"]["source"].as_str(), told["total"].as_u64()), (Some("learned"), Some(1)));
    assert!([-300, -240].contains(&told["clock"]["offset_minutes"].as_i64().unwrap()), "{told:#}");
    let nobody = job.run(&["audit", "--all", "--json"]);
    assert_eq!(nobody.status.code(), Some(78), "SQLite's login cannot be asked");
    assert_eq!(data(&nobody)["instances"][0]["error"]["code"], "login_not_judged");
}
