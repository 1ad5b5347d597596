use crate::{PASSPHRASE, id, secret, text, vault};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use superset_keys_core::ErrorCode;
use superset_keys_core::secrets::{SecretStore, VaultState, VaultStore};
use superset_keys_vault::Vault;
use superset_keys_vault::agent::{Ended, Serving};

/// A vault with one secret, and who answers for it.
fn served(home: &Path) -> (Arc<Vault>, Serving) {
    let holder = Arc::new(vault(home));
    holder.create(&secret(PASSPHRASE)).unwrap();
    holder.set(&id(1), &secret("sst_1")).unwrap();
    let serving = Serving::begin(Arc::clone(&holder)).unwrap();
    (holder, serving)
}

/// One line there and one back, as any program could send it.
fn say(vault: &Vault, line: &str) -> String {
    let mut stream = UnixStream::connect(vault.agent().socket()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let _ = stream.write_all(format!("{line}\n").as_bytes());
    let mut answer = String::new();
    let _ = BufReader::new(stream).read_line(&mut answer);
    answer.trim().to_owned()
}

#[test]
fn other_programs_are_answered_while_it_is_open() {
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    let other = vault(home.path());
    assert_eq!(other.vault_state(), VaultState::Open);
    assert_eq!(text(other.get(&id(1)).unwrap()).unwrap(), "sst_1");
    other.set(&id(2), &secret("sst_2")).unwrap();
    assert_eq!(other.held(&[id(1), id(2), id(3)]).unwrap(), [true, true, false]);
    assert_eq!(text(holder.get(&id(2)).unwrap()).unwrap(), "sst_2");
    other.delete(&id(1)).unwrap();
    assert_eq!(text(other.get(&id(1)).unwrap()), None);
    assert!(
        matches!(Serving::begin(Arc::new(vault(home.path()))), Err(error) if error.code() == ErrorCode::VaultBusy),
        "two answer"
    );

    other.lock_everywhere();
    assert_eq!(holder.vault_state(), VaultState::Locked, "lock means all of them");
    assert_eq!(other.get(&id(2)).unwrap_err().code(), ErrorCode::VaultLocked);
}

#[test]
fn a_locked_agent_is_opened_by_whoever_knows_the_passphrase_and_follows_a_new_one() {
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    let other = vault(home.path());
    other.open(&secret(PASSPHRASE)).unwrap();
    other.change_passphrase(&secret(PASSPHRASE), &secret("battery staple")).unwrap();
    assert_eq!(text(holder.get(&id(1)).unwrap()).unwrap(), "sst_1", "the agent was told of it");
    drop(other);
    let third = vault(home.path());
    assert_eq!(text(third.get(&id(1)).unwrap()).unwrap(), "sst_1");
}

#[test]
fn nobody_is_told_what_there_is_and_nonsense_gets_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    for nonsense in [
        "",
        "{}",
        "GET / HTTP/1.1",
        r#"{"ask":"list"}"#,
        r#"{"ask":"names"}"#,
        r#"{"ask":"get"}"#,
        r#"{"ask":"get","id":7}"#,
        "\u{0}",
        &"[".repeat(100_000),
    ] {
        assert_eq!(say(&holder, nonsense), "", "{nonsense:.40}");
    }
    let odd = say(&holder, r#"{"ask":"get","id":"../../etc/passwd"}"#);
    assert!(odd.contains("failed") && !odd.contains("passwd"), "{odd}");
    assert_eq!(
        say(&holder, r#"{"ask":"get","id":"fingerprint-key"}"#),
        r#"{"answer":"secret","secret":null}"#
    );
    let endless = "x".repeat(400_000);
    assert_eq!(say(&holder, &endless), "");
    // It still answers.
    assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
}

#[test]
fn who_connects_and_says_nothing_holds_nobody_up() {
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    let silent: Vec<_> = (0..20).map(|_| UnixStream::connect(holder.agent().socket()).unwrap()).collect();
    let since = Instant::now();
    assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    let mut first = silent.into_iter().next().unwrap();
    first.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(first.read(&mut [0; 8]).unwrap(), 0, "it is let go of");
}

#[test]
fn too_many_questions_at_once_are_told_to_wait_and_are_answered_in_the_end() {
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    let ask = format!(r#"{{"ask":"get","id":"{}"}}"#, id(1).account());
    let since = Instant::now();
    let answers: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..40).map(|_| say(&holder, &ask)).collect::<Vec<_>>())).collect();
        all.into_iter().flat_map(|asking| asking.join().unwrap()).collect()
    });
    let given = answers.iter().filter(|answer| answer.contains("sst_1")).count();
    let most = 101.0 + 50.0 * since.elapsed().as_secs_f64();
    assert!(f64::from(u32::try_from(given).unwrap()) <= most, "{given} in {:?}", since.elapsed());
    // On a computer that takes seconds for so many, nobody has to be.
    let held_back = answers.iter().filter(|answer| *answer == r#"{"answer":"busy"}"#).count();
    assert_eq!(given + held_back, answers.len());
    // A program of ours asks again.
    assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
}

#[test]
fn its_folder_and_socket_are_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let (holder, serving) = served(home.path());
    let socket = holder.agent().socket().to_owned();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&socket), mode(socket.parent().unwrap())), (0o600, 0o700));
    drop(serving);
    assert!(!socket.exists(), "a socket that nobody answers stays behind");

    // A folder that others can look into is not used; the next place is.
    std::fs::set_permissions(socket.parent().unwrap(), PermissionsExt::from_mode(0o755)).unwrap();
    let elsewhere = Serving::begin(Arc::clone(&holder)).unwrap();
    std::fs::set_permissions(socket.parent().unwrap(), PermissionsExt::from_mode(0o700)).unwrap();
    assert!(!socket.exists());
    let other = holder.agent().socket().to_owned();
    assert_eq!((mode(&other), mode(other.parent().unwrap())), (0o600, 0o700));
    assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
    drop(elsewhere);
}

#[test]
fn it_ends_when_it_is_locked_idle_or_its_home_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let (_, serving) = served(home.path());
    vault(home.path()).lock_everywhere();
    assert_eq!(serving.wait(Duration::from_secs(600)), Ended::Locked);
    drop(serving);

    let home = tempfile::tempdir().unwrap();
    let (_holder, serving) = served(home.path());
    assert_eq!(serving.wait(Duration::from_millis(1)), Ended::Idle);
    drop(serving);

    let home = tempfile::tempdir().unwrap();
    let (_holder, serving) = served(home.path());
    std::fs::remove_dir_all(home.path()).unwrap();
    assert_eq!(serving.wait(Duration::from_secs(600)), Ended::HomeGone);
}

/// It comes and goes with each lock of an app that is open for days.
#[test]
fn one_that_ended_leaves_nothing_running() {
    let home = tempfile::tempdir().unwrap();
    let (holder, serving) = served(home.path());
    drop(serving);
    let until = Instant::now() + Duration::from_secs(10);
    while Arc::strong_count(&holder) > 1 {
        assert!(Instant::now() < until, "a thread still holds the vault");
        std::thread::yield_now();
    }
    let again = Serving::begin(Arc::clone(&holder)).unwrap();
    vault(home.path()).lock_everywhere();
    assert_eq!(again.wait(Duration::from_secs(600)), Ended::Locked);
}

/// What the folder's mode keeps out is kept out once more by whom the system says has come.
#[cfg(target_os = "linux")]
#[test]
fn another_user_is_not_answered_even_where_the_socket_is_open_to_all() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    if !rustix::process::geteuid().is_root() {
        // Nobody else can be had to ask.
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (holder, _serving) = served(home.path());
    let socket = holder.agent().socket().to_owned();
    if !socket.starts_with(home.path()) {
        // That folder is this user's whole session's.
        return;
    }
    for path in socket.ancestors().take_while(|path| path.starts_with(home.path())) {
        let open = PermissionsExt::from_mode(if *path == *socket { 0o777 } else { 0o755 });
        std::fs::set_permissions(path, open).unwrap();
    }
    let ask = format!(r#"{{"ask":"get","id":"{}"}}"#, id(1).account());
    let asked_by = |user: u32| {
        let script = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode() + b'\\n'); print(s.makefile().read())";
        let mut python = std::process::Command::new("python3");
        let said = python.args(["-c", script]).arg(&socket).arg(&ask).uid(user).output().unwrap();
        (
            said.status.success(),
            String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr),
        )
    };
    let (came, said) = asked_by(0);
    assert!(came && said.contains("sst_1"), "the test asks wrongly: {said}");
    let (_, said) = asked_by(65534);
    assert!(!said.contains("sst_1") && !said.contains("PermissionError"), "{said}");
}

/// Whoever is told that it is locked may begin another one at once.
#[test]
fn one_that_is_locked_takes_nothing_of_the_next() {
    let home = tempfile::tempdir().unwrap();
    let (holder, first) = served(home.path());
    for _ in 0..20 {
        vault(home.path()).lock_everywhere();
        let next = Arc::new(vault(home.path()));
        next.open(&secret(PASSPHRASE)).unwrap();
        let serving = Serving::begin(Arc::clone(&next)).unwrap();
        assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
        std::mem::forget(serving);
    }
    assert_eq!(first.wait(Duration::from_secs(600)), Ended::Locked);
    drop(first);
    drop(holder);
    assert_eq!(
        text(vault(home.path()).get(&id(1)).unwrap()).unwrap(),
        "sst_1",
        "the first took the last one's socket"
    );
}

#[test]
fn a_socket_that_a_death_left_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let (holder, serving) = served(home.path());
    let socket = holder.agent().socket().to_owned();
    std::mem::forget(serving);
    // The listener's thread goes on in this process; a file in its place is what a dead one leaves.
    std::fs::remove_file(&socket).unwrap();
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let _again = Serving::begin(Arc::clone(&holder)).unwrap();
    assert_eq!(text(vault(home.path()).get(&id(1)).unwrap()).unwrap(), "sst_1");
}
