//! On a terminal: `script` gives the program one.

use crate::{Computer, PROGRAM, Run};

/// Types each answer once its question is there. What a terminal shows, and how it ended.
fn in_conversation(computer: &Computer, command: &str, answers: &[(&str, &str)]) -> (String, Option<i32>) {
    use std::io::{Read, Write};
    use std::process::Stdio;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};
    let mut script = computer.command("script");
    script.args(["-qefc", command, "/dev/null"]);
    let mut child =
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (pieces, read) = mpsc::channel();
    std::thread::spawn(move || {
        let mut some = [0; 1024];
        while let Ok(count @ 1..) = stdout.read(&mut some) {
            let _ = pieces.send(String::from_utf8_lossy(&some[..count]).into_owned());
        }
    });
    let (mut shown, mut seen) = (String::new(), 0);
    for (question, answer) in answers {
        // One that is never asked is answered all the same, so that the program goes on.
        let until = Instant::now() + Duration::from_secs(5);
        while !shown[seen..].contains(question) && Instant::now() < until {
            shown.extend(read.recv_timeout(Duration::from_millis(100)));
        }
        seen = shown.len();
        stdin.write_all(answer.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }
    while let Ok(more) = read.recv_timeout(Duration::from_secs(20)) {
        shown.push_str(&more);
    }
    let code = child.wait().unwrap().code();
    drop(stdin);
    (shown, code)
}

/// Runs on a terminal, where stdout and stderr are one, and types `typed`.
fn on_a_terminal(computer: &Computer, arguments: &str, typed: &str) -> Run {
    use std::io::Write;
    use std::process::Stdio;
    let mut command = computer.command("script");
    command.args(["-qefc", &format!("'{PROGRAM}' {arguments}"), "/dev/null"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).unwrap();
    stdin.flush().unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    Run::of(&output)
}

#[test]
fn a_plaintext_needs_show() {
    let computer = Computer::with_instances();
    for arguments in ["headers production", "keys print production laptop", "keys print production"] {
        let run = on_a_terminal(&computer, arguments, "");
        assert_eq!(run.code, Some(64), "{run:?}");
        assert!(run.stdout.contains("Add --show"), "{run:?}");
        // With it the keychain is what is missing.
        assert_eq!(on_a_terminal(&computer, &format!("{arguments} --show"), "").code, Some(78));
    }
}

#[test]
fn revoking_asks_and_anything_but_yes_is_a_no() {
    let computer = Computer::with_instances();
    for typed in ["n\n", "\n", "yess\n"] {
        let run = on_a_terminal(&computer, "keys revoke production laptop", typed);
        assert_eq!(run.code, Some(130), "{run:?}");
        assert!(run.stdout.contains("\"Claude Code – laptop\" (sst_…9fQ2) on Production"), "{run:?}");
        assert!(run.stdout.contains("Nothing was changed."), "{run:?}");
    }
}

#[test]
fn a_password_is_asked_for_and_not_shown() {
    let computer = Computer::with_instances();
    let run = on_a_terminal(&computer, "sign-in local --username jane", "canary-hunter2\n");
    assert!(run.stdout.contains("Password of jane on Local:"), "{run:?}");
    assert_eq!(run.code, Some(69), "{run:?}");
}

/// Wherever the sentences go: what is typed is not shown.
#[test]
fn a_secret_typed_on_a_terminal_is_never_shown() {
    let computer = Computer::with_instances();
    for (arguments, question, ends) in [
        ("sign-in local --username jane --password-stdin", "Password of jane on Local:", 69),
        ("sign-in local --api-key-stdin", "API key:", 69),
        ("sign-in local --username jane", "Password of jane on Local:", 69),
        ("checkup local --token-stdin", "JWT:", 3),
    ] {
        for to in ["", "2>/dev/null"] {
            let command = format!("'{PROGRAM}' {arguments} {to}");
            let (shown, code) = in_conversation(&computer, &command, &[(question, "canary-hunter2\n")]);
            assert!(!shown.contains("canary"), "{command}: {shown}");
            assert!(shown.contains(question), "{command}: {shown}");
            assert_eq!(code, Some(ends), "{command}: {shown}");
        }
    }
}

/// Also after another question; and the terminal shows again what is typed.
#[test]
fn ctrl_c_at_a_secret_s_question_ends_with_130() {
    let computer = Computer::with_instances();
    for (arguments, answers) in [
        ("sign-in local --username jane", &[("Password of jane", "\u{3}")] as &[(&str, &str)]),
        ("sign-in local", &[("User name on Local:", "jane\n"), ("Password of jane", "\u{3}")]),
        ("sign-in local --api-key-stdin", &[("API key", "\u{3}")]),
    ] {
        // The shell gets the signal as well, and is not to end of it before it has asked the terminal.
        let command = format!("trap : INT; '{PROGRAM}' {arguments}; code=$?; stty -a; exit $code");
        let (shown, code) = in_conversation(&computer, &command, answers);
        assert_eq!(code, Some(130), "{arguments}: {shown}");
        assert!(shown.contains(" echo "), "{arguments}: {shown}");
        assert!(!shown.contains("Stdin did not hold"), "{arguments}: {shown}");
    }
}

#[test]
fn a_list_is_aligned_and_no_name_steers_the_terminal() {
    let run = on_a_terminal(&Computer::with_instances(), "keys list production --offline", "");
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.contains("\u{1b}[31m"), "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    let head = lines.iter().find(|line| line.starts_with("NAME")).unwrap();
    let status = head.find("STATUS").unwrap();
    let first = lines.iter().find(|line| line.starts_with("Claude Code")).unwrap();
    let column: String = first.chars().skip(status).collect();
    assert!(column.starts_with("active"), "{run:?}");
    assert!(run.stdout.contains("belongs to joe") && run.stdout.contains("not on this computer"), "{run:?}");
}

#[test]
fn a_check_up_is_no_use() {
    for (before, said) in [(r#""before":"never","#, "never "), ("", "not known ")] {
        let run = on_a_terminal(&Computer::with_own_use(before), "keys list production --offline", "");
        let line = |start: &str| run.stdout.lines().find(|line| line.starts_with(start)).unwrap();
        let used = line("NAME").find("LAST USED").unwrap();
        let column: String = line("Claude Code").chars().skip(used).collect();
        assert!(column.starts_with(said) && column.contains("default, checked from here"), "{run:?}");
    }
}

#[test]
fn a_scan_says_where_whose_and_what_to_do() {
    let computer = Computer::with_instances();
    let key = "sst_canaryCANARYcanaryCANARYcanaryCANARYcan9fQ2";
    computer.write("work/.env", &format!("A=1\nSUPERSET_API_KEY={key}\n"));
    let folder = computer.path("work");
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(folder.join(".env"), only_mine).unwrap();
    // The fixture's person is signed in there, so that the list could be asked.
    let run = on_a_terminal(&computer, &format!("scan '{}'", folder.display()), "n\n");
    assert_eq!(run.code, Some(1), "{run:?}");
    for said in [
        "Ask Production which of them still work?",
        "moves its last-used time",
        "1 API key in 1 place. 1 file searched",
        ".env:2 ",
        "sst_…9fQ2  looks like laptop on Production",
        "superset-keys exec production -- COMMAND",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("canaryCANARY"), "{run:?}");
}
