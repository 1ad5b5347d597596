//! The vault as the app has it: by the plugin's type, and with this program answering others while it is open.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use superset_keys_core::SystemRandom;
use superset_keys_core::error::Source;
use superset_keys_core::places::Places;
use superset_keys_vault::agent::{HandedOpener, Serving};
use superset_keys_vault::{Cost, Snapshot, Vault};
use tauri_plugin_stronghold::stronghold::Stronghold;
use zeroize::Zeroizing;

/// One vault, and who answers for it.
pub struct AppVault {
    vault: Arc<Vault>,
    serving: Mutex<Option<Serving>>,
}

impl AppVault {
    #[must_use]
    pub fn new(places: &Places) -> Self {
        let vault = Vault::new(places, of_the_plugin, Cost::NOW, Arc::new(SystemRandom));
        Self { vault: Arc::new(vault), serving: Mutex::default() }
    }

    #[must_use]
    pub fn store(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// Answers the command line and bridges from now on, unless somebody does already: then those go on with that one.
    pub fn answer_others(&self) {
        if !self.vault.is_open_here() {
            return;
        }
        match self.vault.hand_over() {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the vault's agent was not told that it is open"),
        }
        match Serving::begin(Arc::clone(&self.vault)) {
            Ok(serving) => *self.serving() = Some(serving),
            Err(error) => tracing::warn!(%error, "other programs are not answered while the vault is open"),
        }
    }

    /// What an agent needs to go on while this program is locked; none while it is not open here.
    pub fn opener(&self) -> Option<HandedOpener> {
        HandedOpener::of(&self.vault)
    }

    pub fn stop_answering(&self) {
        *self.serving() = None;
    }

    fn serving(&self) -> MutexGuard<'_, Option<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts a program that answers others while this one is locked. Blocks until it does, or is gone.
pub fn leave_an_agent(command_line: &Path, opener: &HandedOpener) -> io::Result<()> {
    let mut agent = Command::new(command_line)
        .args(["agent", "--handed"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = agent.stdin.take() {
        opener.write(&mut input).map_err(io::Error::other)?;
    }
    agent.stdout.take().map(|mut said| said.read(&mut [0; 16])).transpose()?;
    // Whoever ends is waited for, and this program may be here for days.
    std::thread::spawn(move || agent.wait());
    Ok(())
}

struct OfThePlugin(Stronghold);

fn of_the_plugin(path: &Path, mut key: Zeroizing<Vec<u8>>) -> Result<Box<dyn Snapshot>, Source> {
    // The plugin wipes what it takes.
    Ok(Box::new(OfThePlugin(Stronghold::new(path, std::mem::take(&mut *key))?)))
}

impl Snapshot for OfThePlugin {
    fn stronghold(&self) -> &superset_keys_vault::Stronghold {
        self.0.inner()
    }

    fn save(&self) -> Result<(), Source> {
        self.0.save().map_err(Into::into)
    }
}
