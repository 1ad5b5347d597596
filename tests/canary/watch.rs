//! What stands in the arguments and the environment of every process that a run starts, while it runs.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The shortest of our programs runs for several of these.
const PAUSE: Duration = Duration::from_millis(1);

pub struct Watch {
    is_over: Arc<AtomicBool>,
    processes: Arc<AtomicUsize>,
    watching: Option<JoinHandle<()>>,
}

impl Watch {
    /// Writes what it sees into files of this folder.
    pub fn begin(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let (is_over, processes) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (over, seen, folder) = (Arc::clone(&is_over), Arc::clone(&processes), folder.to_owned());
        let watching = std::thread::spawn(move || {
            let mut sampling = Sampling { folder, ours: HashMap::new(), written: HashSet::new() };
            while !over.load(Ordering::Relaxed) {
                sampling.sample();
                seen.store(sampling.ours.values().filter(|ours| **ours).count(), Ordering::Relaxed);
                std::thread::sleep(PAUSE);
            }
        });
        Self { is_over, processes, watching: Some(watching) }
    }

    /// How many processes were seen.
    pub fn end(mut self) -> usize {
        self.is_over.store(true, Ordering::Relaxed);
        self.watching.take().unwrap().join().unwrap();
        self.processes.load(Ordering::Relaxed)
    }
}

struct Sampling {
    folder: PathBuf,
    /// Whether this run started it, itself or through another.
    ours: HashMap<u32, bool>,
    written: HashSet<Vec<u8>>,
}

impl Sampling {
    fn sample(&mut self) {
        let pids =
            fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        for pid in pids.collect::<Vec<u32>>() {
            if self.is_ours(pid) {
                for what in ["cmdline", "environ"] {
                    self.keep(pid, what);
                }
            }
        }
    }

    fn is_ours(&mut self, pid: u32) -> bool {
        if let Some(ours) = self.ours.get(&pid) {
            return *ours;
        }
        let above = parent(pid).is_some_and(|parent| {
            parent == std::process::id() || self.ours.get(&parent).copied().unwrap_or(false)
        });
        self.ours.insert(pid, above);
        above
    }

    fn keep(&mut self, pid: u32, what: &str) {
        // Of a program that is sealed, its environment is open to an administrator alone.
        let Ok(content) = fs::read(format!("/proc/{pid}/{what}")) else { return };
        if content.is_empty() {
            return;
        }
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        let key = [name.as_bytes(), what.as_bytes(), &content].concat();
        if self.written.insert(key) {
            let place = format!("{}-{pid}-{}-{what}", name.trim().replace('/', "_"), self.written.len());
            fs::write(self.folder.join(place), content).unwrap();
        }
    }
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
