//! The vault and its agent, as somebody types them on a computer without a keychain.

use crate::{Computer, PROGRAM, Run};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const PASSPHRASE: &str = "correct horse";

/// A computer whose agent, if there is one, ends with the test.
pub struct Desk(pub Computer);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.0.run(&["vault", "lock"]);
    }
}

impl Desk {
    pub fn new() -> Self {
        Self(Computer::with_instances())
    }

    pub fn with_vault() -> Self {
        let desk = Self::new();
        let made = desk.typed(&["vault", "create"], &format!("{PASSPHRASE}\n"));
        assert_eq!(made.code, Some(0), "{made:?}");
        desk
    }

    pub fn typed(&self, arguments: &[&str], typed: &str) -> Run {
        let mut all = arguments.to_vec();
        all.push("--passphrase-stdin");
        self.0.run_with(&all, typed)
    }

    pub fn status(&self) -> (String, String) {
        let run = self.0.run(&["vault", "status", "--json"]);
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        let word = |name: &str| answer["data"][name].as_str().unwrap().to_owned();
        (word("state"), word("first"))
    }
}

pub fn code(run: &Run) -> (Option<i32>, String) {
    let told: Value = serde_json::from_str(&run.stderr).unwrap_or_else(|_| panic!("{run:?}"));
    (run.code, told["error"]["code"].as_str().unwrap().to_owned())
}

#[test]
fn made_locked_and_unlocked_for_all_programs() {
    let desk = Desk::new();
    assert_eq!(desk.status(), ("missing".into(), "keychain".into()));
    let run = desk.0.run(&["vault", "create", "--json"]);
    assert_eq!(code(&run), (Some(64), "passphrase_needed".into()), "nobody can type it");
    let run = desk.typed(&["vault", "create", "--json"], "short\n");
    assert_eq!(code(&run), (Some(64), "passphrase_short".into()));
    assert_eq!(desk.status().0, "missing");

    let made = desk.typed(&["vault", "create"], &format!("{PASSPHRASE}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(
        made.stderr.contains("Nobody can reset the passphrase") && made.stderr.contains("vault export"),
        "{made:?}"
    );
    assert_eq!(desk.status(), ("open".into(), "vault".into()), "there is no keychain, so new keys go there");
    let run = desk.typed(&["vault", "create", "--json"], &format!("{PASSPHRASE}\n"));
    assert_eq!(code(&run), (Some(64), "vault_exists".into()));
    assert_eq!(desk.typed(&["vault", "unlock"], "whatever\n").code, Some(0), "unlocked already");

    assert_eq!(desk.0.run(&["vault", "lock"]).code, Some(0));
    assert_eq!(desk.status().0, "locked");
    assert_eq!(desk.0.run(&["vault", "lock"]).code, Some(0), "locked already");
    let run = desk.typed(&["vault", "unlock", "--json"], "another horse\n");
    assert_eq!(code(&run), (Some(77), "wrong_passphrase".into()));
    assert_eq!(desk.status().0, "locked");
    assert_eq!(desk.typed(&["vault", "unlock"], &format!("{PASSPHRASE}\n")).code, Some(0));
    assert_eq!(desk.status().0, "open");
}

#[test]
fn what_needs_a_locked_vault_says_how_to_unlock_it() {
    let desk = Desk::with_vault();
    desk.0.run(&["vault", "lock"]);
    for arguments in [&["headers", "production"][..], &["keys", "print", "production", "laptop", "--show"]] {
        let run = desk.0.run(arguments);
        assert_eq!(run.code, Some(75), "{arguments:?} {run:?}");
        assert!(
            run.stderr.contains("The vault is locked.") && run.stderr.contains("vault unlock"),
            "{run:?}"
        );
    }
}

#[test]
fn another_passphrase_and_the_agent_goes_on() {
    let desk = Desk::with_vault();
    let run = desk.typed(&["vault", "passphrase", "--json"], "another horse\nbattery staple\n");
    assert_eq!(code(&run), (Some(77), "wrong_passphrase".into()));
    let run = desk.typed(&["vault", "passphrase"], &format!("{PASSPHRASE}\nbattery staple\n"));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(desk.status().0, "open");
    desk.0.run(&["vault", "lock"]);
    assert_eq!(
        code(&desk.typed(&["vault", "unlock", "--json"], &format!("{PASSPHRASE}\n"))).1,
        "wrong_passphrase"
    );
    assert_eq!(desk.typed(&["vault", "unlock"], "battery staple\n").code, Some(0));
}

#[test]
fn a_damaged_vault_is_said_to_be_damaged_and_its_copy_takes_its_place() {
    let desk = Desk::with_vault();
    desk.typed(&["vault", "passphrase"], &format!("{PASSPHRASE}\n{PASSPHRASE}\n"));
    desk.0.run(&["vault", "lock"]);
    let path = desk.0.path("config/vault.stronghold");
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let run = desk.typed(&["vault", "unlock", "--json"], &format!("{PASSPHRASE}\n"));
    assert_eq!(code(&run), (Some(78), "vault_damaged".into()));
    assert!(run.stderr.contains("vault restore"), "{run:?}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "it stays as it is");
    assert_eq!(desk.0.run(&["vault", "restore"]).code, Some(0));
    assert_eq!(
        std::fs::read(desk.0.path("config/vault.stronghold-1")).unwrap(),
        bytes,
        "what was there is kept"
    );
    assert_eq!(desk.typed(&["vault", "unlock"], &format!("{PASSPHRASE}\n")).code, Some(0));
}

/// A death between the file and what it is for: there is no keychain, so everything goes there.
#[test]
#[cfg_attr(not(feature = "failpoints"), ignore = "needs places to die at")]
fn one_whose_maker_died_is_used_all_the_same() {
    let desk = Desk::new();
    for place in ["vault-copied", "vault-written"] {
        let mut dying = desk.0.command(PROGRAM);
        dying.args(["vault", "create", "--passphrase-stdin"]).env("SUPERSET_KEYS_DIE_AT", place);
        let mut child = dying.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{PASSPHRASE}\n").as_bytes()).unwrap();
        assert!(!child.wait().unwrap().success(), "{place}: it should have died");
    }
    assert_eq!(desk.typed(&["vault", "unlock"], &format!("{PASSPHRASE}\n")).code, Some(0));
    assert_eq!(desk.status(), ("open".into(), "vault".into()));
    assert_eq!(desk.0.run(&["signing", "create", "local"]).code, Some(0));
}

#[test]
fn no_vault_is_said_so() {
    let desk = Desk::new();
    for arguments in [&["vault", "lock"][..], &["vault", "restore"], &["vault", "move-in"]] {
        let mut all = arguments.to_vec();
        all.push("--json");
        assert_eq!(code(&desk.0.run(&all)), (Some(66), "no_vault".into()), "{arguments:?}");
    }
    for arguments in [&["vault", "unlock", "--json"][..], &["vault", "passphrase", "--json"]] {
        assert_eq!(
            code(&desk.typed(arguments, "correct horse\n")),
            (Some(66), "no_vault".into()),
            "{arguments:?}"
        );
    }
    assert!(!desk.0.path("config/vault.stronghold").exists());
}

/// Whoever started `vault unlock` waits for its pipes' end, and not for the agent's.
#[test]
fn the_agent_lets_go_of_whoever_started_it() {
    let desk = Desk::new();
    let mut made = desk
        .0
        .command(PROGRAM)
        .args(["vault", "create", "--passphrase-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    made.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    let since = Instant::now();
    // Reads both to their ends.
    let output = made.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    assert_eq!(desk.status().0, "open", "and it is there");
}

/// Nothing of what opens the vault is where other programs can read it.
#[cfg(target_os = "linux")]
#[test]
fn the_agent_has_no_secret_in_its_arguments_or_environment_and_is_sealed() {
    let desk = Desk::with_vault();
    let home = desk.0.path("");
    let home = home.to_str().unwrap().trim_end_matches('/');
    let agents: Vec<_> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .map(|process| process.path())
        .filter(|process| {
            let words = std::fs::read(process.join("cmdline")).unwrap_or_default();
            let words = String::from_utf8_lossy(&words).into_owned();
            let env = std::fs::read(process.join("environ")).unwrap_or_default();
            words.contains("agent\0--handed")
                && String::from_utf8_lossy(&env).contains(&format!("SUPERSET_KEYS_HOME={home}\0"))
        })
        .collect();
    assert_eq!(agents.len(), 1, "{agents:?}");
    for part in ["cmdline", "environ"] {
        let read = String::from_utf8_lossy(&std::fs::read(agents[0].join(part)).unwrap()).into_owned();
        assert!(!read.contains(PASSPHRASE) && !read.contains("m=65536"), "{part}: {read}");
    }
    let limits = std::fs::read_to_string(agents[0].join("limits")).unwrap();
    assert!(
        limits.lines().any(|line| line.starts_with("Max core file size") && line.contains(" 0 ")),
        "{limits}"
    );
}

#[test]
fn the_agent_ends_with_its_home_and_when_nobody_asks() {
    let desk = Desk::new();
    let made = desk.typed(&["vault", "create", "--idle", "1s"], &format!("{PASSPHRASE}\n"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let until = Instant::now() + Duration::from_secs(20);
    while desk.status().0 != "locked" {
        assert!(Instant::now() < until, "it does not end");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn an_agent_may_begin_locked_and_is_unlocked_later() {
    let desk = Desk::with_vault();
    desk.0.run(&["vault", "lock"]);
    let mut agent =
        desk.0.command(PROGRAM).args(["agent", "--idle", "60s"]).stdout(Stdio::null()).spawn().unwrap();
    let unlocked = desk.typed(&["vault", "unlock"], &format!("{PASSPHRASE}\n"));
    assert_eq!(unlocked.code, Some(0), "{unlocked:?}");
    assert_eq!(desk.status().0, "open");
    assert_eq!(desk.0.run(&["vault", "lock"]).code, Some(0));
    let _ = agent.kill();
    let _ = agent.wait();
}

#[test]
fn the_unit_is_one_that_systemd_takes() {
    let desk = Desk::new();
    let unit = desk.0.run(&["agent", "--unit"]);
    assert_eq!(unit.code, Some(0));
    assert!(
        unit.stdout.contains("[Service]\nExecStart=\"/") && unit.stdout.contains(" agent --idle 28800s\n"),
        "{unit:?}"
    );
    let file = desk.0.path("superset-keys-agent.service");
    std::fs::write(&file, &unit.stdout).unwrap();
    // Where systemd is.
    if let Ok(seen) = Command::new("systemd-analyze").args(["verify", "--user"]).arg(&file).output() {
        let said = String::from_utf8_lossy(&seen.stderr).into_owned();
        assert!(!said.contains("superset-keys-agent.service:"), "{said}");
    }
}

#[test]
fn bad_exports_change_nothing() {
    let desk = Desk::new();
    let before = desk.0.state();
    let none = desk.0.path("none");
    let run = desk.typed(&["vault", "import", none.to_str().unwrap(), "--json"], "correct horse\n");
    assert_eq!(code(&run), (Some(78), "vault_unusable".into()));
    std::fs::write(&none, "not one").unwrap();
    let run = desk.typed(&["vault", "import", none.to_str().unwrap(), "--json"], "correct horse\n");
    assert_eq!(code(&run), (Some(78), "not_a_vault".into()));
    // A vault is no export: it says nothing of instances.
    let other = Desk::with_vault();
    let vault = other.0.path("config/vault.stronghold");
    let run = desk.typed(&["vault", "import", vault.to_str().unwrap(), "--json"], &format!("{PASSPHRASE}\n"));
    assert_eq!(code(&run), (Some(78), "not_a_vault".into()));
    assert_eq!((desk.status().0.as_str(), desk.0.state()), ("missing", before));
}
