//! SIGKILL at random moments: of the real program at work on a real server, a real keychain and a real vault. After each
//! death nothing is lost, nothing is there twice, no file is half written, and the same command again comes to its end.
//!
//! A few of each with the other flows; `./dev test kills` does a thousand, or `SUPERSET_KEYS_KILLS`. What a run prints as
//! its seed goes into `SUPERSET_KEYS_KILLS_SEED` to die in the same order again; how busy the computer is stays its own.

#![allow(clippy::print_stdout, reason = "how many died, and by which seed, is what a run is for")]

mod clients;
mod files;
mod keys;
mod vault;

use crate::cli::Terminal;
use crate::server::Server;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

/// With the other flows.
const FEW: u64 = 30;
/// What a share is of.
const THOUSAND: u64 = 1000;
/// Runs that end before they die are no deaths; more of them than this and the moments are chosen wrongly.
const TRIES: u64 = 6;
/// Between a change on the disk and the death.
const SOON: u64 = 3_000;
/// A command changes a file or a folder so often, about.
const CHANGES: u64 = 8;

static SEED: LazyLock<u64> = LazyLock::new(|| {
    let clock = || SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() % 1_000_000;
    number("SUPERSET_KEYS_KILLS_SEED").unwrap_or_else(clock)
});

/// One of its own: others count keys.
pub static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start("main", &["--no-mcp"]));

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Command,
    /// Who answers for the vault.
    Agent,
}

enum Moment {
    After(Duration),
    /// So long after this many changes on the disk.
    Change(u64, Duration),
}

/// The deaths of one kind.
struct Kills {
    kind: &'static str,
    wanted: u64,
    died: u64,
    tried: u64,
    /// How long the command takes, as far as that was seen.
    usual: Duration,
    random: u64,
}

impl Kills {
    /// `share`: of a thousand.
    fn of(kind: &'static str, share: u64) -> Self {
        let all = number("SUPERSET_KEYS_KILLS").unwrap_or(FEW);
        let mut own = DefaultHasher::new();
        (kind, *SEED).hash(&mut own);
        let wanted = (all * share).div_ceil(THOUSAND);
        Self { kind, wanted, died: 0, tried: 0, usual: Duration::from_secs(1), random: own.finish() }
    }

    /// The number of the next one, until there were enough.
    fn next(&mut self) -> Option<u64> {
        if self.died >= self.wanted {
            println!("{}: {} deaths in {} runs, seed {}", self.kind, self.died, self.tried, *SEED);
            return None;
        }
        assert!(self.tried < self.wanted * TRIES + 10, "{}: it seldom dies", self.kind);
        Some(self.tried)
    }

    /// Below `end`. `SplitMix64`.
    fn below(&mut self, end: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn moment(&mut self) -> Moment {
        let micros = u64::try_from(self.usual.as_micros()).unwrap();
        if self.below(2) == 0 {
            return Moment::After(Duration::from_micros(self.below(micros * 6 / 5 + 1)));
        }
        let soon = Duration::from_micros(self.below(SOON));
        Moment::Change(self.below(CHANGES) + 1, soon)
    }

    /// Runs it and has the victim die at some moment. What it said, where it came to its end.
    fn run(
        &mut self,
        terminal: &Terminal,
        victim: Victim,
        arguments: &[&str],
        typed: &str,
    ) -> Option<Output> {
        let agent = (victim == Victim::Agent).then(|| agent_of(terminal.home()).expect("an agent"));
        let moment = self.moment();
        self.tried += 1;
        let mut disk = Disk::of(terminal.home());
        let began = Instant::now();
        let mut command: Command = terminal.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may refuse before it reads.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let mut seen = 0;
        let is_over = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            match moment {
                Moment::After(delay) if began.elapsed() >= delay => break false,
                Moment::Change(wanted, soon) if disk.has_changed() => {
                    seen += 1;
                    if seen == wanted {
                        let since = Instant::now();
                        while since.elapsed() < soon {
                            std::hint::spin_loop();
                        }
                        break false;
                    }
                }
                _ => std::thread::yield_now(),
            }
        };
        let usual = began.elapsed();
        match agent {
            // Or it ended by itself meanwhile.
            Some(agent) if !is_over => self.died += u64::from(kill_process(agent, Signal::KILL).is_ok()),
            None if !is_over => child.kill().unwrap(),
            _ => {}
        }
        let output = child.wait_with_output().unwrap();
        if output.status.signal() == Some(Signal::KILL.as_raw()) {
            self.died += 1;
            return None;
        }
        if is_over {
            self.usual = (self.usual + usual) / 2;
        }
        Some(output)
    }

    /// What an assertion shows.
    fn told(&self, what: &str) -> String {
        format!("{} {}, seed {}: {what}", self.kind, self.tried, *SEED)
    }
}

/// When something was last made, renamed or removed in each folder.
struct Disk(Vec<(PathBuf, Option<SystemTime>)>);

impl Disk {
    fn of(home: &Path) -> Self {
        let mut folders = vec![home.to_owned()];
        let mut known = 0;
        while let Some(folder) = folders.get(known).cloned() {
            known += 1;
            let inside = std::fs::read_dir(folder).into_iter().flatten().flatten();
            folders.extend(inside.map(|entry| entry.path()).filter(|path| path.is_dir()));
        }
        Self(folders.into_iter().map(|folder| (changed(&folder), folder)).map(|(at, it)| (it, at)).collect())
    }

    fn has_changed(&mut self) -> bool {
        let mut is_new = false;
        for (folder, at) in &mut self.0 {
            let now = changed(folder);
            is_new |= now != *at;
            *at = now;
        }
        is_new
    }
}

fn changed(folder: &Path) -> Option<SystemTime> {
    folder.metadata().and_then(|found| found.modified()).ok()
}

/// Whoever answers for the vault of this home. `vault unlock` was told of it in its arguments, and tells it on.
pub fn agent_of(home: &Path) -> Option<Pid> {
    let wanted = format!("{}\0agent\0", home.display());
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|process| {
        let process = process.path();
        let said = std::fs::read(process.join("cmdline")).ok()?;
        let is_ours = String::from_utf8_lossy(&said).contains(&wanted);
        is_ours.then(|| Pid::from_raw(process.file_name()?.to_str()?.parse().ok()?))?
    })
}

/// The state is whole, and nothing in it is there twice.
pub fn state_is_whole(terminal: &Terminal, told: &str) -> Value {
    let state: Value =
        serde_json::from_str(&terminal.state()).unwrap_or_else(|error| panic!("{told}: {error}"));
    let config = std::fs::read_dir(terminal.home().join("config")).unwrap();
    let aside = config.flatten().find(|file| file.file_name().to_string_lossy().contains("damaged"));
    assert!(aside.is_none(), "{told}: {aside:?}");
    for instance in state["instances"].as_array().unwrap() {
        let keys = instance["keys"].as_array().into_iter().flatten();
        let (mut ids, mut aliases) = (HashSet::new(), HashSet::new());
        for key in keys {
            assert!(ids.insert(key["id"].to_string()), "{told}: twice: {key}");
            assert!(aliases.insert(key["alias"].to_string()), "{told}: twice: {key}");
        }
    }
    state
}

/// The text of a key, if this computer has it.
pub fn text_of(terminal: &Terminal, key: &str) -> Option<String> {
    let printed = terminal.run(&["keys", "print", "test", key]);
    let text = String::from_utf8(printed.stdout).unwrap();
    printed.status.success().then(|| text.trim_end().to_owned())
}

/// Each key of this name that works on the server is here, or is named as one whose text is lost. How many are here.
pub fn accounted(terminal: &Terminal, name: &str, told: &str) -> usize {
    accounted_in(&terminal.json(&["keys", "list", "test"]), terminal, name, told)
}

fn accounted_in(list: &Value, terminal: &Terminal, name: &str, told: &str) -> usize {
    let mut here = 0;
    for key in list["keys"].as_array().unwrap() {
        if key["name"] != name || key["status"] != "active" {
            continue;
        }
        if ["keychain", "vault"].iter().any(|place| key["presence"] == *place) {
            let text = text_of(terminal, key["id"].as_str().unwrap());
            let text = text.unwrap_or_else(|| panic!("{told}: nowhere: {key}"));
            let hint = key["hint"].as_str().unwrap();
            let end: String = hint.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
            assert!(text.starts_with("sst_") && text.ends_with(&end), "{told}: of another: {key}");
            here += 1;
        } else {
            let named = list["unaccounted"].as_array().unwrap().iter().filter(|one| one["key"] == key["id"]);
            assert_eq!(named.count(), 1, "{told}: not accounted for: {key} in {list}");
        }
    }
    state_is_whole(terminal, told);
    here
}
