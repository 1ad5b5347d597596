//! The record of what went through: many bridges at once, one of them killed, and what a person is told of it.

use crate::{Computer, PROGRAM, Run};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Stdio};

const BRIDGES: usize = 8;
const CALLS: usize = 1000;
/// Until the file becomes an older one.
const LIMIT: usize = 2_500_000;

/// The guard answers all of it; no server and no keychain is asked.
fn started(computer: &Computer) -> Child {
    let mut command = computer.command(PROGRAM);
    command.args(["bridge", "production", "--allow", "read"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn calls(bridge: usize) -> String {
    (0..CALLS).fold(String::new(), |mut all, id| {
        let _ = writeln!(
            all,
            r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"tool_{bridge}_{id}","arguments":{{"sql":"canary"}}}}}}"#
        );
        all
    })
}

/// The tools of every line there is; each of them can be read.
fn noted(computer: &Computer) -> Vec<String> {
    let files = ["state/activity.jsonl.1", "state/activity.jsonl"];
    let text: String =
        files.iter().map(|file| std::fs::read_to_string(computer.path(file)).unwrap_or_default()).collect();
    assert!(!text.contains("canary"));
    let lines = text.lines().filter(|line| !line.is_empty());
    let read = |line: &str| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}"));
    lines.map(|line| read(line)["tool"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_line_of_many_bridges_is_lost_and_a_killed_one_takes_none_along() {
    let computer = Computer::with_instances();
    computer.write("state/activity.jsonl", &"\n".repeat(LIMIT - 600_000));
    let mut bridges: Vec<Child> = (0..BRIDGES).map(|_| started(&computer)).collect();
    let answered = std::thread::scope(|scope| {
        let all: Vec<_> = bridges
            .iter_mut()
            .enumerate()
            .map(|(number, bridge)| {
                let mut input = bridge.stdin.take().unwrap();
                let writer = scope.spawn(move || {
                    let _ = input.write_all(calls(number).as_bytes());
                    input
                });
                scope.spawn(move || {
                    let output = BufReader::new(bridge.stdout.take().unwrap());
                    let mut answered = 0;
                    for line in output.lines().map_while(Result::ok) {
                        assert!(line.contains("tool_not_allowed"), "{line}");
                        answered += 1;
                        if number == 0 && answered == CALLS / 4 {
                            bridge.kill().unwrap();
                        }
                        if answered == CALLS {
                            break;
                        }
                    }
                    // Not before: what is left when the input ends is waited for no longer than a moment.
                    drop(writer.join());
                    bridge.wait().unwrap();
                    answered
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<usize>>()
    });
    assert!(answered[0] < CALLS, "it was killed");
    assert_eq!(answered[1..], [CALLS; BRIDGES - 1]);
    let noted = noted(&computer);
    assert!(computer.path("state/activity.jsonl.1").exists(), "the file has changed meanwhile");
    let names: HashSet<&str> = noted.iter().map(String::as_str).collect();
    assert_eq!(names.len(), noted.len(), "none twice");
    for bridge in 1..BRIDGES {
        for id in 0..CALLS {
            assert!(names.contains(format!("tool_{bridge}_{id}").as_str()), "{bridge} {id}");
        }
    }
    let of_the_killed = noted.iter().filter(|tool| tool.starts_with("tool_0_")).count();
    assert!(of_the_killed >= CALLS / 4, "{of_the_killed} of {}", answered[0]);
}

#[test]
fn what_was_stopped_is_told_counted_and_forgotten() {
    let computer = Computer::with_instances();
    let hello = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"codex-mcp-client","version":"0.1\u001b[31m"}}}"#;
    let call = |tool: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}"}}}}"#)
    };
    let input =
        format!("{hello}\n{}\n{}\n{}\n", call("execute_sql"), call("execute_sql"), call("generate_chart"));
    let run = computer.run_with(&["bridge", "production", "--allow", "read"], &input);
    assert_eq!(run.code, Some(0), "{run:?}");

    let told = computer.run(&["activity", "production"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let rows: Vec<Vec<&str>> = told.stdout.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 3, "{told:?}");
    assert!(
        rows.iter()
            .all(|row| row[1] == "Production" && row[2] == "Codex" && row[4] == "stopped by the guard"),
        "{told:?}"
    );
    assert!(
        told.stderr.contains("3 calls of 1 clients; 0 did not work, 3 were stopped by the guard"),
        "{told:?}"
    );
    assert!(!told.stdout.contains('\u{1b}') && !told.stderr.contains('\u{1b}'));

    let by = computer.run(&["activity", "--by", "tool"]).stdout;
    assert_eq!(by.lines().skip(1).collect::<Vec<_>>(), ["execute_sql\t2\t0\t2", "generate_chart\t1\t0\t1"]);
    let data: Value =
        serde_json::from_str(&computer.run(&["--json", "activity", "--client", "codex"]).stdout).unwrap();
    assert_eq!(data["data"]["rows"][0]["client"]["id"], "codex");
    assert_eq!(data["data"]["rows"][0]["outcome"], "refused");
    let other: Value =
        serde_json::from_str(&computer.run(&["--json", "activity", "--client", "cursor"]).stdout).unwrap();
    assert_eq!(other["data"]["rows"], serde_json::json!([]));

    let forgot: Run = computer.run(&["activity", "--forget"]);
    assert_eq!(forgot.code, Some(0), "{forgot:?}");
    assert_eq!(computer.run(&["activity"]).stdout, "No call in this time.\n");
}

#[test]
fn nothing_is_noted_where_nobody_wants_it() {
    let computer = Computer::with_instances();
    assert_eq!(
        computer.run(&["settings", "set", "keep-activity", "off"]).stdout,
        "keep-activity is off now.\n"
    );
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"execute_sql"}}"#;
    computer.run_with(&["bridge", "production", "--allow", "read"], &format!("{call}\n"));
    let told = computer.run(&["activity"]);
    assert_eq!(told.stdout, "No call in this time.\n");
    assert!(told.stderr.contains("settings set keep-activity on"), "{told:?}");
    assert!(!std::fs::read_to_string(computer.path("state/activity.jsonl")).unwrap().contains("execute_sql"));
    assert_eq!(computer.run(&["settings", "set", "keep-activity", "2"]).code, Some(64));
}
