//! A server that takes a connection and says nothing.

use crate::{Computer, PROGRAM};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn silent_server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[test]
fn the_time_a_person_gives_is_kept() {
    let (_listener, address) = silent_server();
    let since = Instant::now();
    let run = Computer::new().run(&["--json", "instances", "add", &address, "--timeout", "1"]);
    assert_eq!((run.error_code().as_str(), run.code), ("unreachable", Some(69)), "{run:?}");
    assert!(since.elapsed() < Duration::from_secs(20));
}

#[test]
fn ctrl_c_ends_a_request_at_once() {
    let (listener, address) = silent_server();
    let computer = Computer::new();
    let mut command = computer.command(PROGRAM);
    command.args(["instances", "add", &address]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // The request is on its way.
    let (_connection, _) = listener.accept().unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "Stopped.\n");
    assert_eq!(computer.state(), "");
}
