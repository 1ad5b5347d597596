//! What a client may do stands in its entry, and stays there.

use super::{Desk, PROGRAM, by, in_project, prod, to, with_key};
use serde_json::Value;
use superset_keys_core::actions::{ConnectRequest, FoundEntry, SnippetRequest};
use superset_keys_core::clients::{CLIENTS, Delivery, Scope, SnippetForm};
use superset_keys_core::guard::{Guard, GuardChoice, Rule};
use superset_keys_core::{Error, ErrorCode};

fn guard(allow: &[&str], deny: &[&str]) -> Guard {
    let rules = |words: &[&str]| words.iter().map(|word| word.parse::<Rule>().unwrap()).collect();
    Guard::new(rules(allow), rules(deny))
}

fn held(request: ConnectRequest, guard: &Guard) -> ConnectRequest {
    ConnectRequest { guard: Some(guard.clone()), ..request }
}

fn entries(desk: &Desk, client: &str) -> Vec<FoundEntry> {
    let found =
        desk.core.find_clients(None).unwrap().into_iter().find(|found| found.client == client).unwrap();
    found.files.into_iter().flat_map(|file| file.entries).collect()
}

fn only(desk: &Desk, client: &str) -> FoundEntry {
    let mut entries = entries(desk, client);
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.remove(0)
}

#[tokio::test]
async fn every_client_on_the_bridge_is_held_to_what_was_chosen() {
    let chosen = guard(&["read", "execute_sql"], &["get_chart_*"]);
    let mut held_to = 0;
    for client in
        CLIENTS.iter().filter(|client| client.can_take(Delivery::Bridge).is_ok() && client.writes().is_ok())
    {
        let desk = Desk::new();
        match desk.connect(&held(by(client.id, Delivery::Bridge), &chosen)).await {
            Ok(_) => {}
            // Those with entries of projects alone.
            Err(Error::ScopeUnsupported { .. }) => continue,
            Err(error) => panic!("{}: {error:?}", client.id),
        }
        let entry = only(&desk, client.id);
        assert_eq!(entry.guard.as_ref(), Some(&chosen), "{}", client.id);
        held_to += 1;
    }
    assert!(held_to > 15, "{held_to}");
}

#[tokio::test]
async fn it_stays_when_the_entry_is_written_anew_and_goes_when_it_is_lifted() {
    let desk = Desk::new();
    let reading = Guard::reading_only();
    desk.connect(&held(to("cursor"), &reading)).await.unwrap();
    let words = desk.text(".cursor/mcp.json");
    assert!(
        words.contains("\"--allow\",\n        \"read\"") || words.contains(r#""--allow", "read""#),
        "{words}"
    );
    desk.connect(&with_key("cursor", "ci")).await.unwrap();
    assert_eq!(only(&desk, "cursor").guard, Some(reading.clone()));
    assert!(!desk.connect(&with_key("cursor", "ci")).await.unwrap().changed, "nothing new");
    desk.connect(&held(to("cursor"), &guard(&[], &["execute_sql"]))).await.unwrap();
    assert_eq!(only(&desk, "cursor").guard, Some(guard(&[], &["execute_sql"])));
    desk.connect(&held(to("cursor"), &guard(&["*"], &[]))).await.unwrap();
    assert_eq!(only(&desk, "cursor").guard.unwrap().choice(), GuardChoice::Everything);
    let words = desk.text(".cursor/mcp.json");
    assert!(!words.contains("--allow") && !words.contains("--deny"), "{words}");
}

#[tokio::test]
async fn it_stays_when_an_entry_is_mended() {
    let desk = Desk::new();
    let chosen = guard(&["list_*"], &["list_charts"]);
    desk.core
        .connect_client(&prod(), &held(to("cursor"), &chosen), "/gone/superset-keys", None)
        .await
        .unwrap();
    assert!(only(&desk, "cursor").program_is_gone);
    let mended = desk.core.mend_clients(PROGRAM, None).await.unwrap();
    assert!(mended[0].written.as_ref().is_some_and(|written| written.changed), "{mended:?}");
    assert_eq!(only(&desk, "cursor").guard, Some(chosen));
    assert_eq!(only(&desk, "cursor").program.as_deref(), Some(PROGRAM));
}

#[tokio::test]
async fn a_guard_that_is_none_is_not_dropped_silently() {
    let desk = Desk::new();
    desk.connect(&held(to("cursor"), &Guard::reading_only())).await.unwrap();
    let words = desk.text(".cursor/mcp.json").replace("\"read\"", "\"read only\"");
    desk.put(".cursor/mcp.json", &words);
    let entry = only(&desk, "cursor");
    assert!(entry.guard_is_broken && entry.guard.is_none());
    let error = desk.connect(&to("cursor")).await.unwrap_err();
    assert!(matches!(&error, Error::RuleInvalid { rule } if rule == "read only"), "{error:?}");
    assert_eq!(desk.text(".cursor/mcp.json"), words, "nothing changed");
    desk.connect(&held(to("cursor"), &Guard::reading_only())).await.unwrap();
    assert!(!only(&desk, "cursor").guard_is_broken);
}

#[tokio::test]
async fn past_the_bridge_nobody_is_held_to_anything() {
    let desk = Desk::new();
    for delivery in [Delivery::Helper, Delivery::Plaintext, Delivery::Variable] {
        let client = if delivery == Delivery::Helper { "claude-code" } else { "gemini" };
        let error = desk.connect(&held(by(client, delivery), &Guard::reading_only())).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::GuardNeedsBridge, "{error:?}");
        let request = SnippetRequest {
            client: client.into(),
            key: None,
            delivery: Some(delivery),
            form: SnippetForm::Config,
            guard: Some(Guard::reading_only()),
        };
        let error = desk.core.render_snippet(&prod(), &request, PROGRAM).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::GuardNeedsBridge, "{error:?}");
    }
    // Nor is a guard lost by another way to the key, unless it is lifted.
    desk.connect(&held(to("gemini"), &Guard::reading_only())).await.unwrap();
    let error = desk.connect(&by("gemini", Delivery::Plaintext)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::GuardNeedsBridge, "{error:?}");
    desk.connect(&held(by("gemini", Delivery::Plaintext), &Guard::default())).await.unwrap();
}

#[tokio::test]
async fn the_guard_of_one_place_is_not_that_of_another() {
    let desk = Desk::new();
    let project = desk.path("project");
    std::fs::create_dir(&project).unwrap();
    desk.connect(&held(to("cursor"), &Guard::reading_only())).await.unwrap();
    desk.connect(&in_project("cursor", &project)).await.unwrap();
    let written: Value = serde_json::from_str(&desk.text("project/.cursor/mcp.json")).unwrap();
    assert!(!written.to_string().contains("--allow"), "{written}");
    assert_eq!(in_project("cursor", &project).scope, Scope::Project);
}

#[tokio::test]
async fn snippets_hold_to_it_too() {
    let desk = Desk::new();
    for form in [SnippetForm::Config, SnippetForm::Command] {
        let request = SnippetRequest {
            client: "claude-code".into(),
            key: None,
            delivery: Some(Delivery::Bridge),
            form,
            guard: Some(guard(&["list_*"], &[])),
        };
        let snippet = desk.core.render_snippet(&prod(), &request, PROGRAM).await.unwrap();
        assert!(snippet.masked().contains("list_*"), "{}", snippet.masked());
        // A shell must not make file names of it.
        assert!(form == SnippetForm::Config || snippet.masked().contains("'list_*'"), "{}", snippet.masked());
    }
}
