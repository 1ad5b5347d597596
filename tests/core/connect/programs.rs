//! The program that entries start: named so that it lasts, missed when it is gone, and put right again.

use super::{Desk, by, in_project, prod, to, with_key};
use crate::executable::executable;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::SnippetRequest;
use superset_keys_core::clients::{Delivery, SnippetForm, SnippetNote};
use superset_keys_core::ids::ApiKeyId;

fn program(folder: &Path) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join("superset-keys");
    executable(&path, "#!/bin/sh\n");
    path.display().to_string()
}

fn repository(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    assert!(Command::new("git").arg("-C").arg(folder).args(["init", "-q"]).status().unwrap().success());
}

fn entry(desk: &Desk, file: &str) -> Value {
    let file: Value = serde_json::from_str(&desk.text(file)).unwrap();
    file["mcpServers"]["superset"].clone()
}

#[tokio::test]
async fn an_entry_whose_program_is_gone_is_told_and_mended_as_it_was() {
    let bin = tempfile::tempdir().unwrap();
    let desk = Desk::with_programs(Some(&bin.path().join("nowhere")));
    let (old, new) = (program(&bin.path().join("0.1.0")), program(&bin.path().join("bin")));
    let connect = |request, program: String| {
        let core = &desk.core;
        async move { core.connect_client(&prod(), &request, &program, None).await.unwrap() }
    };
    let project = desk.path("work");
    std::fs::create_dir(&project).unwrap();
    connect(with_key("cursor", "ci"), old.clone()).await;
    connect(by("claude-code", Delivery::Helper), old.clone()).await;
    connect(in_project("droid", &project), old.clone()).await;
    connect(to("gemini"), new.clone()).await;
    let gone = || {
        let found = desk.core.find_clients(Some(&project.display().to_string())).unwrap();
        let files = found
            .into_iter()
            .flat_map(|found| found.files.into_iter().map(move |file| (found.client.clone(), file)));
        let entries = files
            .flat_map(|(client, file)| file.entries.into_iter().map(move |entry| (client.clone(), entry)));
        let gone = entries.filter(|(_, entry)| entry.program_is_gone);
        gone.map(|(client, entry)| (client, entry.program.unwrap())).collect::<Vec<_>>()
    };
    assert!(gone().is_empty());
    std::fs::remove_file(&old).unwrap();
    let named = |client: &str| (client.to_owned(), old.clone());
    assert_eq!(gone(), [named("claude-code"), named("cursor"), named("droid")]);

    let mended = desk.core.mend_clients(&new, None).await.unwrap();
    let clients: Vec<_> =
        mended.iter().map(|one| (one.client.as_str(), one.was == old, one.problem)).collect();
    assert_eq!(clients, [("claude-code", true, None), ("cursor", true, None), ("droid", true, None)]);
    assert!(gone().is_empty());
    assert_eq!(
        entry(&desk, ".cursor/mcp.json"),
        json!({ "command": new, "args": ["bridge", "prod", "--key", "ci"] })
    );
    assert!(desk.text(".claude.json").contains(&format!("{new} headers prod")));
    // The window runs it on threads of its own.
    let again = sendable(desk.core.mend_clients(&new, None));
    assert!(again.await.unwrap().is_empty());
}

fn sendable<F: Future + Send>(future: F) -> F {
    future
}

#[tokio::test]
async fn what_cannot_be_mended_says_why_and_stands() {
    let desk = Desk::with_programs(Some(Path::new("/nowhere")));
    let before = json!({ "mcpServers": { "superset": { "command": "/gone/superset-keys", "args": ["bridge", "prod", "--key", "unknown"] } } });
    desk.put(".cursor/mcp.json", before.to_string());
    let mended = desk.core.mend_clients(super::PROGRAM, None).await.unwrap();
    assert_eq!(mended[0].problem, Some(ErrorCode::NoSuchKey), "{mended:#?}");
    assert_eq!(desk.text(".cursor/mcp.json"), before.to_string());
}

#[tokio::test]
async fn a_name_alone_is_looked_up_as_a_client_would() {
    let bin = tempfile::tempdir().unwrap();
    let desk = Desk::with_programs(Some(bin.path()));
    desk.put(
        ".cursor/mcp.json",
        json!({ "mcpServers": { "s": { "command": "superset-keys", "args": ["bridge", "prod"] } } })
            .to_string(),
    );
    let gone = || {
        let found = desk.core.find_clients(None).unwrap();
        found
            .iter()
            .flat_map(|found| &found.files)
            .flat_map(|file| &file.entries)
            .any(|entry| entry.program_is_gone)
    };
    assert!(gone());
    program(bin.path());
    assert!(!gone());
}

#[tokio::test]
async fn a_file_that_git_shares_gets_the_name_alone_or_says_that_it_holds_a_path() {
    let bin = tempfile::tempdir().unwrap();
    let ours = program(bin.path());
    let desk = Desk::with_programs(Some(bin.path()));
    let project = desk.path("work");
    repository(&project);
    let request = in_project("cursor", &project);
    let connect = |program: &str| {
        let (core, request, program) = (&desk.core, request.clone(), program.to_owned());
        async move { core.connect_client(&prod(), &request, &program, None).await.unwrap() }
    };
    let written = connect(&ours).await;
    assert_eq!(
        entry(&desk, "work/.cursor/mcp.json"),
        json!({ "command": "superset-keys", "args": ["bridge", "prod"] })
    );
    assert!(!written.notes.contains(&SnippetNote::PathOfThisComputer));
    assert!(written.notes.contains(&SnippetNote::ProgramByName), "the client must find it");
    // Another program of that name would start.
    let other = program(&bin.path().join("other"));
    let preview = desk.core.preview_connect(&prod(), &request, &other).unwrap();
    assert!(preview.notes.contains(&SnippetNote::PathOfThisComputer), "{:?}", preview.notes);
    // What git ignores is one person's.
    std::fs::write(project.join(".gitignore"), ".cursor\n").unwrap();
    connect(&ours).await;
    assert_eq!(entry(&desk, "work/.cursor/mcp.json")["command"], json!(ours));
}

#[tokio::test]
async fn an_address_of_this_computer_in_a_shared_file_is_said() {
    let desk = Desk::new();
    desk.core.set_mcp_url(&prod(), Some("http://localhost:5008/mcp")).await.unwrap();
    let project = desk.path("work");
    repository(&project);
    let notes = |delivery| {
        let request = superset_keys_core::actions::ConnectRequest {
            delivery: Some(delivery),
            ..in_project("cursor", &project)
        };
        desk.core.preview_connect(&prod(), &request, super::PROGRAM).unwrap().notes
    };
    assert!(notes(Delivery::Variable).contains(&SnippetNote::AddressOfThisComputer));
    assert!(!notes(Delivery::Bridge).contains(&SnippetNote::AddressOfThisComputer));
    let own = desk.core.preview_connect(&prod(), &by("cursor", Delivery::Variable), super::PROGRAM).unwrap();
    assert!(!own.notes.contains(&SnippetNote::AddressOfThisComputer));
}

#[tokio::test]
async fn entries_of_ours_are_known_however_they_start_our_program() {
    let known = include_str!("../../fixtures/connect/entries-of-ours.txt");
    for line in known.lines() {
        let (what, entry) = line.split_once('|').unwrap();
        let desk = Desk::new();
        let entry: Value = serde_json::from_str(entry).unwrap();
        desk.put(".cursor/mcp.json", json!({ "mcpServers": { "superset": entry } }).to_string());
        let found = desk.core.find_clients(None).unwrap();
        let ours: Vec<_> =
            found.iter().flat_map(|found| &found.files).flat_map(|file| &file.entries).collect();
        let [ours] = ours.as_slice() else { panic!("{what}: {found:#?}") };
        let key = if what.starts_with("key") { "7-ci" } else { "7-laptop" };
        assert_eq!(
            (&ours.instance, ours.delivery, ours.key.as_ref()),
            (&prod(), Some(Delivery::Bridge), Some(&ApiKeyId::new(key))),
            "{what}"
        );
        let written = desk.connect(&to("cursor")).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(written.entry, "superset", "{what}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said_before_anything_is_written() {
    let bin = tempfile::tempdir().unwrap();
    let desk = Desk::new();
    let here = program(bin.path());
    let notes = |delivery| desk.core.preview_connect(&prod(), &by("cursor", delivery), &here).unwrap().notes;
    assert!(!notes(Delivery::Bridge).contains(&SnippetNote::ProgramNotThere));
    std::fs::remove_file(&here).unwrap();
    assert_eq!(notes(Delivery::Bridge)[0], SnippetNote::ProgramNotThere);
    assert!(!notes(Delivery::Variable).contains(&SnippetNote::ProgramNotThere), "it starts none");
    let request = SnippetRequest {
        client: "cursor".into(),
        key: None,
        delivery: Some(Delivery::Bridge),
        form: SnippetForm::Config,
        guard: None,
    };
    let snippet = desk.core.render_snippet(&prod(), &request, &here).await.unwrap();
    assert_eq!(snippet.notes[0], SnippetNote::ProgramNotThere);
}
