//! Secrets on their way into a vault, out of it, and within: the command dies, or who answers for the vault.

use super::{Kills, SERVER, Victim, accounted, agent_of, state_is_whole, text_of};
use crate::cli::Terminal;
use crate::vault::Desk;
use serde_json::{Value, json};

const PASSPHRASE: &str = "correct horse";
const OTHER: &str = "battery staple";
const ALIASES: [&str; 3] = ["first", "second", "third"];
const VICTIMS: [Victim; 2] = [Victim::Command, Victim::Agent];

/// Keys in the keychain, and a vault that is open.
fn desk(user: &str) -> (Desk, Vec<String>) {
    let desk = Desk(Terminal::signed_in(&SERVER.url, user));
    for alias in ALIASES {
        desk.0.json(&["keys", "create", "test", "--name", alias, "--alias", alias]);
    }
    desk.0.json(&["signing", "create", "test"]);
    let home = desk.0.home().to_str().unwrap().to_owned();
    desk.typed(&["--home", &home, "vault", "create"], &format!("{PASSPHRASE}\n"));
    let texts = texts(&desk);
    (desk, texts)
}

fn texts(desk: &Desk) -> Vec<String> {
    ALIASES.map(|alias| text_of(&desk.0, alias).unwrap_or_default()).to_vec()
}

/// As after a death of who answers for it.
fn unlock(desk: &Desk, passphrase: &str) -> bool {
    let home = desk.0.home().to_str().unwrap();
    let arguments = ["--home", home, "vault", "unlock", "--passphrase-stdin"];
    desk.0.run_with(&arguments, &format!("{passphrase}\n")).status.success()
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn moves() {
    let mut kills = Kills::of("move between stores", 180);
    let (desk, keys) = desk("gamma");
    while kills.next().is_some() {
        let (to, place) = kills.one_of(&[("move-in", "vault"), ("move-out", "keychain")]);
        let victim = kills.one_of(&VICTIMS);
        kills.run(&desk.0, victim, &["vault", to], "");
        let told = kills.told(&format!("{to}, {victim:?}"));
        state_is_whole(&desk.0, &told);
        assert!(unlock(&desk, PASSPHRASE), "{told}: the vault does not open");
        assert_eq!(texts(&desk), keys, "{told}");
        if kills.below(2) == 0 {
            let moved = desk.0.json(&["vault", to]);
            assert_eq!((&moved["left"], &moved["stopped"]), (&json!(0), &json!(false)), "{told}");
            assert_eq!(texts(&desk), keys, "{told}: the same again");
            assert_eq!(desk.0.json(&["signing", "show", "test"])["stored"], place, "{told}");
            let list = desk.0.json(&["keys", "list", "test"]);
            let mut rows = list["keys"].as_array().unwrap().iter();
            let elsewhere =
                rows.find(|key| ALIASES.iter().any(|one| key["alias"] == *one) && key["presence"] != place);
            assert_eq!(elsewhere, None, "{told}");
        }
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn passphrases() {
    let mut kills = Kills::of("vault passphrase", 80);
    let (desk, keys) = desk("gamma");
    desk.0.json(&["vault", "move-in"]);
    let (mut now, mut next) = (PASSPHRASE, OTHER);
    while kills.next().is_some() {
        let change = ["vault", "passphrase", "--passphrase-stdin"];
        kills.run(&desk.0, Victim::Command, &change, &format!("{now}\n{next}\n"));
        let told = kills.told("");
        desk.0.json(&["vault", "lock"]);
        if unlock(&desk, next) {
            std::mem::swap(&mut now, &mut next);
            desk.0.json(&["vault", "lock"]);
            assert!(!unlock(&desk, next), "{told}: the old one opens it, too");
        }
        assert!(unlock(&desk, now), "{told}: the vault does not open");
        assert_eq!(texts(&desk), keys, "{told}");
        desk.typed(&["vault", "passphrase"], &format!("{now}\n{next}\n"));
        std::mem::swap(&mut now, &mut next);
        assert_eq!(texts(&desk), keys, "{told}: the same again");
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn saves() {
    let mut kills = Kills::of("vault save", 100);
    let (desk, keys) = desk("admin");
    desk.0.json(&["vault", "move-in"]);
    while let Some(number) = kills.next() {
        let name = format!("killed save {number}");
        let create = ["keys", "create", "test", "--name", &name];
        let victim = kills.one_of(&VICTIMS);
        kills.run(&desk.0, victim, &create, "");
        let told = kills.told(&format!("{name}, {victim:?}"));
        assert!(unlock(&desk, PASSPHRASE), "{told}: the vault does not open");
        let here = accounted(&desk.0, &name, &told);
        assert!(here <= 1, "{told}: {here} keys");
        let made = desk.0.json(&create);
        assert_eq!(made["key"]["presence"], "vault", "{told}");
        assert_eq!(accounted(&desk.0, &name, &told), here + 1, "{told}: the same again");
        assert_eq!(texts(&desk), keys, "{told}");
    }
}

#[test]
#[ignore = "needs the real Superset: ./dev test flows, or kills"]
fn imports() {
    let mut kills = Kills::of("import", 60);
    let (desk, keys) = desk("gamma");
    let file = desk.0.home().join("for-the-laptop.vault");
    let path = file.to_str().unwrap();
    desk.typed(&["vault", "export", path], &format!("{OTHER}\n"));
    while kills.next().is_some() {
        let laptop = Desk(Terminal::without_keychain());
        let import = ["vault", "import", path, "--passphrase-stdin"];
        kills.run(&laptop.0, Victim::Command, &import, &format!("{OTHER}\n"));
        let told = kills.told("");
        let status = laptop.0.json(&["vault", "status"]);
        if status["state"] != "missing" {
            assert!(unlock(&laptop, OTHER), "{told}: the vault does not open");
        }
        let again: Value = laptop.typed(&["vault", "import", path], &format!("{OTHER}\n"));
        assert_eq!(texts(&laptop), keys, "{told}: {again}");
        let state = state_is_whole(&laptop.0, &told);
        assert_eq!(state["instances"].as_array().unwrap().len(), 1, "{told}");
        assert!(unlock(&laptop, OTHER) || agent_of(laptop.0.home()).is_some());
    }
}
