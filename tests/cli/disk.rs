//! A disk that is full, and a home that may only be read: everything stays as it is, and the reason is said.

use crate::vault::{Desk, PASSPHRASE, code};
use crate::{Computer, PROGRAM, Run};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every write to a file fails, as on a full disk.
fn run_on_a_full_disk(computer: &Computer, arguments: &[&str], typed: &str) -> Run {
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
    let mut command = computer.command("sh");
    command.args(["-c", script, PROGRAM]).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    Run::of(&child.wait_with_output().unwrap())
}

/// Names and bytes of all files of the folder that a person would miss.
fn kept(computer: &Computer) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(computer.path("config"))
        .unwrap()
        .flatten()
        .filter(|file| {
            file.file_type().unwrap().is_file() && !file.path().to_string_lossy().ends_with(".lock")
        })
        .map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap()))
        .collect();
    all.sort();
    all
}

/// A disk of its own.
struct Disk(PathBuf);

impl Disk {
    /// None where this account may not mount one.
    fn at(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let tmpfs = ["-t", "tmpfs", "-o", "size=1m,mode=700", "none"];
        let mount = Command::new("mount").args(tmpfs).arg(folder).output();
        let is_mounted = mount.is_ok_and(|mount| mount.status.success());
        if !is_mounted {
            eprintln!("not tried: this account may not mount");
        }
        is_mounted.then(|| Self(folder.to_owned()))
    }

    fn fill(&self) -> PathBuf {
        let path = self.0.join("of-somebody-else");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }

    fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_no_file_is_half_written() {
    let desk = Desk::with_vault();
    let before = kept(&desk.0);
    let rename = ["instances", "rename", "local", "Mine", "--json"];
    let typed = format!("{PASSPHRASE}\nbattery staple\n");
    let passphrase = ["vault", "passphrase", "--passphrase-stdin", "--json"];
    assert_eq!(code(&run_on_a_full_disk(&desk.0, &rename, "")), (Some(78), "state_unusable".into()));
    assert_eq!(code(&run_on_a_full_disk(&desk.0, &passphrase, &typed)), (Some(78), "vault_unusable".into()));
    assert_eq!(kept(&desk.0), before);
    desk.0.run(&["vault", "lock"]);
    let unlock = ["vault", "unlock", "--passphrase-stdin", "--json"];
    let refused = run_on_a_full_disk(&desk.0, &unlock, &format!("{PASSPHRASE}\n"));
    assert_eq!(code(&refused), (Some(78), "vault_unusable".into()), "the passphrase is not what is wrong");
    assert_eq!(desk.typed(&["vault", "unlock"], &format!("{PASSPHRASE}\n")).code, Some(0));

    let desk = Desk::new();
    let create = ["vault", "create", "--passphrase-stdin", "--json"];
    let refused = run_on_a_full_disk(&desk.0, &create, &format!("{PASSPHRASE}\n"));
    assert_eq!(code(&refused), (Some(78), "state_unusable".into()));
    assert_eq!(desk.status().0, "missing");
}

/// The agent's part, too, on a real one.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_is_said_and_works_again_with_room() {
    let desk = Desk::new();
    let state = desk.0.state();
    let Some(mounted) = Disk::at(&desk.0.path("config")) else { return };
    desk.0.write("config/state.json", &state);
    assert_eq!(desk.typed(&["vault", "create"], &format!("{PASSPHRASE}\n")).code, Some(0));
    let filler = mounted.fill();
    let before = kept(&desk.0);
    let sign = ["signing", "create", "local", "--json"];
    let rename = ["instances", "rename", "local", "Mine", "--json"];
    for (arguments, why) in [(&rename[..], "state_unusable"), (&sign, "vault_unusable")] {
        let refused = desk.0.run(arguments);
        assert_eq!(code(&refused), (Some(78), why.into()));
        assert!(refused.stderr.contains("space on the disk"), "{refused:?}");
    }
    assert_eq!(desk.status().0, "open", "what can be read is read");
    assert_eq!(kept(&desk.0), before);
    std::fs::remove_file(filler).unwrap();
    assert_eq!(desk.0.run(&sign).code, Some(0));
    assert_eq!(desk.0.run(&["instances", "rename", "local", "Mine"]).code, Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_may_only_be_read_is_read() {
    let desk = Desk::new();
    let state = desk.0.state();
    let Some(mounted) = Disk::at(&desk.0.path("config")) else { return };
    desk.0.write("config/state.json", &state);
    assert_eq!(desk.typed(&["vault", "create"], &format!("{PASSPHRASE}\n")).code, Some(0));
    mounted.remount("ro");
    let before = kept(&desk.0);
    for arguments in
        [&["instances", "list"][..], &["keys", "list", "production", "--offline"], &["vault", "status"]]
    {
        assert_eq!(desk.0.run(arguments).code, Some(0), "{arguments:?}");
    }
    assert_eq!(desk.status().0, "open");
    for (arguments, why) in [
        (["instances", "rename", "local", "Mine", "--json"].as_slice(), "state_unusable"),
        (&["signing", "create", "local", "--json"], "vault_unusable"),
        (&["keys", "default", "production", "twin", "--json"], "state_unusable"),
    ] {
        assert_eq!(code(&desk.0.run(arguments)), (Some(78), why.into()), "{arguments:?}");
    }
    assert_eq!(kept(&desk.0), before);
    mounted.remount("rw");
    assert_eq!(desk.0.run(&["instances", "rename", "local", "Mine"]).code, Some(0));
}
