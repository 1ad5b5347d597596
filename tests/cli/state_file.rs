//! A state file that cannot be used is said to be so, and is never overwritten.

use crate::{Computer, STATE};

#[test]
fn a_damaged_one_is_kept_aside_and_named() {
    let computer = Computer::new();
    computer.write("config/state.json", "{ half a");
    let run = computer.run(&["--json", "instances", "list"]);
    assert_eq!((run.error_code().as_str(), run.code), ("state_damaged", Some(78)));
    assert!(run.stderr.contains("state.damaged-1.json"), "{run:?}");
    assert_eq!(std::fs::read_to_string(computer.path("config/state.damaged-1.json")).unwrap(), "{ half a");
    assert_eq!(computer.run(&["instances", "list"]).code, Some(0));
}

#[test]
fn one_of_a_newer_version_is_read_and_not_changed() {
    let computer = Computer::with_instances();
    computer.run(&["instances", "rename", "local", "Local"]);
    computer.run(&["instances", "rename", "local", "Home"]);
    let newer = computer.state().replacen("\"version\": 2", "\"version\": 99", 1);
    computer.write("config/state.json", &newer);
    assert_eq!(computer.run(&["instances", "list"]).code, Some(0));
    let run = computer.run(&["--json", "instances", "rename", "local", "Mine"]);
    assert_eq!((run.error_code().as_str(), run.code), ("state_newer", Some(78)));
    assert_eq!(computer.state(), newer);
}

#[test]
fn one_that_cannot_be_read_is_no_empty_one() {
    let computer = Computer::new();
    computer.write("config/state.json/in-the-way", "");
    let run = computer.run(&["--json", "instances", "list"]);
    assert_eq!((run.error_code().as_str(), run.code), ("state_unusable", Some(78)));
}

#[cfg(unix)]
#[test]
fn one_that_cannot_be_written_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let computer = Computer::with_instances();
    let folder = computer.path("config");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    let root = std::fs::write(folder.join("probe"), "").is_ok();
    let run = computer.run(&["--json", "instances", "rename", "local", "Mine"]);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    if root {
        return; // For root nothing is read-only.
    }
    assert_eq!((run.error_code().as_str(), run.code), ("state_unusable", Some(78)));
    assert_eq!(computer.state(), STATE);
}

#[cfg(unix)]
#[test]
fn what_is_written_is_only_its_owner_s() {
    use std::os::unix::fs::PermissionsExt;
    let computer = Computer::with_instances();
    assert_eq!(computer.run(&["instances", "rename", "local", "Mine"]).code, Some(0));
    let mode = std::fs::metadata(computer.path("config/state.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_home_on_the_command_line_is_the_one_of_the_environment() {
    let computer = Computer::with_instances();
    let home = computer.path("").display().to_string();
    let run = Computer::new().run(&["headers", "nowhere", "--home", &home]);
    assert!(run.stderr.contains("There are: production, local."), "{run:?}");
    // What stands in a client's file: options first.
    let run = Computer::new().run(&["--home", &home, "--json", "headers", "local"]);
    assert_eq!(run.error_code(), "no_default_key");
}
