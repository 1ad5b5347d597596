//! Keys that lie in files are found, each where it is, and nothing else is; and no whole key comes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod alive;
#[path = "../canned_server.rs"]
mod canned_server;
mod chosen;
mod contents;
#[cfg(unix)]
#[path = "../../executable.rs"]
mod executable;
mod files;
mod git;
mod matching;
mod moving;
mod planted;
mod usual;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use superset_keys_core::actions::ScanRequest;
use superset_keys_core::clock::SystemNow;
use superset_keys_core::places::{self, Places};
use superset_keys_core::scan::{KeySearch, KnownFile, Scan, ScanView, Searched, search_all};
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::Store;
use superset_keys_core::{Core, CoreParts, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;

/// Made up, and shaped like a key.
const KEY: &str = "sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI";
const OTHER: &str = "sst_0aZ-9bY_8cX-7dW_6eV-5fU_4gT-3hS_2iR-1jQ_0kP";

/// A folder to search.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn search(&self) -> Searched {
        search_all(&KeySearch::new([]), &[], &[self.path()], &false.into())
    }

    /// `name:line:column` of each key.
    fn found(&self) -> Vec<String> {
        places(&self.search(), &self.path())
    }
}

fn places(searched: &Searched, root: &Path) -> Vec<String> {
    let place = |spot: &superset_keys_core::scan::KeySpot| {
        let name = spot.path.strip_prefix(root).unwrap_or(&spot.path).display().to_string();
        format!("{name}:{}:{}", spot.line, spot.column)
    };
    searched.caught.iter().map(|caught| place(&caught.spot)).collect()
}

fn known(path: PathBuf, kind: superset_keys_core::scan::FileKind) -> KnownFile {
    KnownFile { path, kind }
}

/// A computer: its state, its keychain, and a tree in which keys may lie.
struct Computer {
    home: TempDir,
    keychain: Arc<MemoryStore>,
    core: Core,
    tree: Tree,
}

impl Computer {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let keychain = Arc::new(MemoryStore::default());
        let tree = Tree::new();
        let core = Core::new(CoreParts {
            store: Store::new(Places::under(home.path())),
            keychain: Arc::clone(&keychain) as Arc<_>,
            timeouts: TimeoutsWanted::default(),
            now: Arc::new(SystemNow),
            random: Arc::new(SystemRandom),
            computer: places::Computer { home: tree.path(), ..Default::default() },
        });
        Self { home, keychain, core, tree }
    }

    async fn scan(&self) -> Scan {
        self.core
            .scan(ScanRequest { paths: vec![self.tree.path()], usual: false, current: None })
            .await
            .unwrap()
    }

    fn show(&self, scan: &Scan) -> ScanView {
        self.core.show_scan(scan).unwrap()
    }

    fn state_file(&self) -> String {
        std::fs::read_to_string(self.home.path().join("config/state.json")).unwrap_or_default()
    }
}
