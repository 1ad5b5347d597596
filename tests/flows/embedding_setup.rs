//! Embedded dashboards on the real Superset: which there are, for whom, the guests' role, and a key that mints for them.

use crate::cli::Terminal;
use crate::dashboard::{Dashboard, Rest, SALES, Tables, embedding_server};
use crate::person::Person;
use crate::server::server;
use serde_json::json;
use superset_keys_core::actions::{HandedTo, MinterRequest};
use superset_keys_core::expiry::Expiry;
use superset_keys_core::{Error, ErrorCode};

const GUEST_ROLE: &str = "GUEST_ROLE_NAME = 'Embedded'";

fn wanted() -> MinterRequest {
    MinterRequest {
        role: "Guest minter".to_owned(),
        username: "superset-embed".to_owned(),
        key_name: "Embed backend".to_owned(),
        expires: Expiry::InDays { days: 30 },
    }
}

/// One server for all of this: each deed stands on the one before.
#[tokio::test]
#[ignore = "needs the real Superset: ./dev test flows"]
#[allow(clippy::too_many_lines, reason = "one story")]
async fn a_dashboard_is_embedded_its_guests_get_a_role_and_the_backend_a_key() {
    let server = embedding_server(GUEST_ROLE);
    let rest = Rest::signed_in(&server.url, "admin");
    let tables = Tables::made(&rest, SALES, &["sales"]);
    let board = Dashboard::embedded(&rest, "Sales", &tables, &[]);
    rest.done("POST", "/api/v1/dashboard/", &json!({"dashboard_title": "Stock"}));
    rest.done("POST", "/api/v1/dashboard/", &json!({"dashboard_title": "stock"}));
    let admin = Person::signed_in(&server.url, "admin").await;
    let (core, id) = (&admin.core, &admin.instance);

    let all = core.list_dashboards(id).await.unwrap();
    assert_eq!(all.server.is_on, Some(true));
    assert!(!all.server.public_role);
    let (first, others) = all.dashboards.split_first().unwrap();
    assert_eq!((first.id, first.embedding.as_ref().unwrap().sites.len()), (board.id, 0));
    assert!(others.iter().all(|other| other.embedding.is_none() && !other.embedding_untold));
    for typed in ["Sales", "sales", &board.id.to_string(), &board.embedding, first.uuid.as_deref().unwrap()] {
        assert_eq!(core.find_dashboard(id, typed).await.unwrap().id, board.id, "{typed}");
    }
    let several = core.find_dashboard(id, "STOCK").await.unwrap_err();
    assert_eq!(several.code(), ErrorCode::AmbiguousDashboard);
    assert_eq!(several.params()["candidates"].split(", ").count(), 2);
    assert_eq!(core.find_dashboard(id, "Sal").await.unwrap_err().code(), ErrorCode::NoSuchDashboard);

    // Sites.
    let site = ["https://app.example.com/page", "https://APP.example.com", "http://localhost:3000"];
    let changed = core.embed_dashboard(id, board.id, &site.map(str::to_owned), false).await.unwrap();
    let embedding = changed.dashboard.embedding.unwrap();
    assert_eq!(embedding.sites, ["https://app.example.com", "http://localhost:3000"]);
    assert_eq!((embedding.uuid.as_str(), changed.new_uuid), (board.embedding.as_str(), false));
    assert!(changed.was_open && changed.was_embedded);
    let one = [site[0].to_owned()];
    let less = core.embed_dashboard(id, board.id, &one, false);
    assert_eq!(less.await.unwrap().closed, ["http://localhost:3000"]);
    for (sites, any) in [(vec![], false), (vec!["app.example.com".to_owned()], false)] {
        let refused = core.embed_dashboard(id, board.id, &sites, any).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SiteUnusable);
    }

    // The guests' role.
    let made = core.make_guest_role(id, "Embedded").await.unwrap();
    assert!(made.created && made.beyond == 0, "{made:?}");
    assert_eq!(made.given.len(), 3);
    assert_eq!((made.in_force.as_deref(), made.line), (Some("Embedded"), None));
    let again = core.make_guest_role(id, "Embedded").await.unwrap();
    assert_eq!((again.created, again.given.len(), again.had.len()), (false, 0, 3));
    let other = core.make_guest_role(id, "Visitors").await.unwrap();
    assert_eq!(other.in_force.as_deref(), Some("Embedded"));
    assert_eq!(other.line.as_deref(), Some("GUEST_ROLE_NAME = \"Visitors\""));
    assert_eq!(core.make_guest_role(id, "public").await.unwrap_err().code(), ErrorCode::RoleOfSuperset);

    // The minter.
    let made = core.make_minter(id, &wanted()).await.unwrap();
    assert!(made.proven && made.left_over.is_empty(), "{made:?}");
    assert!(made.role_created && made.user_created && made.key_created);
    assert_eq!(made.alias, "embed-backend");
    let key = core.read_secret(id, &made.key, HandedTo::Output).await.unwrap();
    // EXPOSE: a test's own.
    let key = key.expose().to_owned();
    let minter = Rest::with_key(&server.url, &key);
    assert!(!minter.mint(&board.embedding).is_empty());
    assert_eq!(minter.get("/api/v1/dashboard/").0, 403);
    assert_eq!(minter.get("/api/v1/security/api_keys/").0, 403);
    let (_, roles) = rest.get("/api/v1/security/roles/");
    let roles: Vec<&str> =
        roles["result"].as_array().unwrap().iter().filter_map(|role| role["name"].as_str()).collect();
    assert!(roles.contains(&"Guest minter") && !roles.iter().any(|role| role.contains("while")), "{roles:?}");
    let again = core.make_minter(id, &wanted()).await.unwrap();
    assert_eq!((&again.key, again.key_created, again.user_created), (&made.key, false, false));
    assert!(again.proven);
    let shown = admin.key("Embed backend").await.unwrap();
    assert_eq!(shown.belongs_to.as_deref(), Some("superset-embed"));
    assert!(!shown.is_default, "no AI client's key");
    let on_disk = admin.everything_on_disk();
    assert!(!on_disk.contains(&key) && !on_disk.contains("GMk-07ey"), "a secret lies on disk");
    assert!(on_disk.contains("minter_made") && on_disk.contains("embedding_changed"));

    // Somebody else's account, a role that may more, and a key that lies on another computer.
    let of = |change: fn(&mut MinterRequest)| {
        let mut request = wanted();
        change(&mut request);
        request
    };
    let somebody_s = of(|wanted| wanted.username = "gamma".to_owned());
    assert_eq!(core.make_minter(id, &somebody_s).await.unwrap_err().code(), ErrorCode::AccountOfOthers);
    let more = of(|wanted| (wanted.role, wanted.username) = ("Embedded".to_owned(), "other".to_owned()));
    assert_eq!(core.make_minter(id, &more).await.unwrap_err().code(), ErrorCode::RoleMayMore);
    let elsewhere = Person::signed_in(&server.url, "admin").await;
    let refused = elsewhere.core.make_minter(&elsewhere.instance, &wanted()).await.unwrap_err();
    assert!(matches!(refused, Error::MinterKeyElsewhere { .. }), "{refused:?}");
    let second = of(|wanted| wanted.key_name = "Second backend".to_owned());
    assert!(elsewhere.core.make_minter(&elsewhere.instance, &second).await.unwrap().proven);
    assert!(!minter.mint(&board.embedding).is_empty(), "the first key goes on");
    let (_, roles) = rest.get("/api/v1/security/roles/");
    assert!(!roles.to_string().contains("while its key"), "{roles}");

    // Its end.
    let by_number = rest.mint(&board.id.to_string());
    let by_uuid = rest.mint(&board.embedding);
    let ended = core.end_embedding(id, board.id).await.unwrap();
    assert_eq!((ended.closed.len(), ended.dashboard.embedding), (1, None));
    let path = format!("/api/v1/dashboard/{}", board.id);
    assert_eq!(rest.as_guest(&by_uuid, "GET", &path, None), 404, "it is nobody's any more");
    assert_eq!(rest.as_guest(&by_number, "GET", &path, None), 200, "as it is said before");
    assert_eq!(core.end_embedding(id, board.id).await.unwrap_err().code(), ErrorCode::NotEmbedded);
}

/// Nobody asks in a script, and a person reads what is beside the list.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn the_command_line_asks_before_it_changes_and_says_who_may_not() {
    let admin = Terminal::signed_in(&server("main").url, "admin");
    let gamma = Terminal::signed_in(&server("main").url, "gamma");
    assert_eq!(admin.refused(&["embed", "role", "test"]), ("yes_needed".into(), 64));
    assert_eq!(admin.refused(&["embed", "minter", "test", "--role", "Gamma", "--yes"]).0, "role_of_superset");
    assert_eq!(
        admin.refused(&["embed", "end", "test", "Nothing", "--yes"]),
        ("no_such_dashboard".into(), 66)
    );
    let (code, status) = gamma.refused(&["embed", "minter", "test", "--yes"]);
    assert_eq!((code.as_str(), status), ("set_up_forbidden", 77));
    assert_eq!(admin.json(&["embed", "list", "test"])["server"]["is_on"], false);
}

/// Cut off wherever it may be: the same call again completes it, and nothing is there twice.
#[test]
#[ignore = "needs the real Superset: ./dev test flows"]
fn a_half_made_minter_is_completed_by_the_same_call() {
    let server = server("main");
    for (number, place) in
        ["minter-intent-written", "minter-key-answered", "minter-key-stored"].iter().enumerate()
    {
        let admin = Terminal::signed_in(&server.url, "admin");
        let user = format!("minter-{number}");
        let call = ["embed", "minter", "test", "--username", &user, "--yes"];
        let died = admin.run_dying(place, &call);
        assert!(!died.status.success(), "{place}");
        let made = admin.json(&call);
        assert_eq!(made["user_created"], false, "{place}");
        assert_eq!(
            (&made["proven"], made["left_over"].as_array().unwrap().len()),
            (&json!(true), 0),
            "{place}"
        );
        let keys = server.state(&["list", "--user", &user]);
        let keys: serde_json::Value = serde_json::from_slice(&keys).unwrap();
        let active = keys.as_array().unwrap().iter().filter(|key| key["revoked_on"].is_null());
        assert_eq!(active.count(), 1, "{place}: {keys:#}");
        assert_eq!(admin.json(&call)["key"], made["key"], "{place}");
    }
}
