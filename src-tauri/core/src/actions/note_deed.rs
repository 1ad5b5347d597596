//! Note what was done, for the record. It is done by then: a line that cannot be written stops nothing, and is said.

use crate::chain::Chain;
use crate::deed::{Deed, Line};
use crate::ids::{InstanceId, SecretId};
use crate::secrets::{Safe, StoreState};
use crate::store::Store;
use crate::{Core, Error, Random, Result};
use std::sync::Arc;

impl Core {
    /// Notes it, under the instance's name of now.
    pub(super) async fn note(&self, id: &InstanceId, deed: Deed) {
        let instance = self.instance(id).ok();
        let called = instance.as_ref().map(|instance| instance.short_name.clone());
        let named = || Some(instance.as_ref()?.called(deed.key.as_ref()?)?.to_owned());
        let name = deed.name.clone().or_else(named);
        self.note_of(Some(id), called, Deed { name, ..deed }).await;
    }

    /// Notes what is of no instance, or of one that is not on the list any more.
    pub(super) async fn note_of(&self, instance: Option<&InstanceId>, called: Option<String>, deed: Deed) {
        let mut line = Line {
            number: None,
            at: self.now.now(),
            by: own_name(),
            instance: instance.cloned(),
            called,
            deed,
            after: None,
        };
        let (store, safe, random) = (self.store.clone(), Arc::clone(&self.safe), Arc::clone(&self.random));
        let written =
            crate::blocking::blocking("the record", move || write(&store, &safe, &*random, &mut line));
        if let Err(error) = written.await {
            tracing::warn!(%error, "what was done could not be noted in the record");
            self.not_noted.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Something was done that the record does not tell of, since this was asked last: its line could not be written.
    pub fn take_not_noted(&self) -> bool {
        self.not_noted.swap(false, std::sync::atomic::Ordering::Relaxed)
    }
}

fn write(store: &Store, safe: &Safe, random: &dyn Random, line: &mut Line) -> Result<()> {
    let unusable = |source| Error::StateUnusable { path: store.record_path(), source };
    let _lock = store.lock_deeds().map_err(unusable)?;
    let mut chain = chain_to_write_with(safe, random);
    if let (Some(chain), Some(last)) = (&mut chain, store.deeds_let_go_next()) {
        chain.let_go(last);
        safe.put(&SecretId::record_chain(), &chain.text())?;
        failpoint!("deeds-let-go");
    }
    store.note_deed(line, chain.as_mut()).map_err(unusable)?;
    failpoint!("deed-noted");
    if let Some(chain) = chain
        && let Err(error) = safe.put(&SecretId::record_chain(), &chain.text())
    {
        // The line holds by itself; only that it was the last one is not known.
        tracing::info!(%error, "the record's head was not kept");
    }
    Ok(())
}

/// None where no store is ready: nobody is asked to unlock one for this.
fn chain_to_write_with(safe: &Safe, random: &dyn Random) -> Option<Chain> {
    if safe.state() != StoreState::Ready {
        return None;
    }
    let entry = SecretId::record_chain();
    let chain = safe.get(&entry).and_then(|kept| {
        if let Some(chain) = kept.as_ref().and_then(Chain::read) {
            return Ok(chain);
        }
        // A line whose key is nowhere could never be checked.
        let new = Chain::random(random);
        safe.put(&entry, &new.text())?;
        Ok(new)
    });
    chain.inspect_err(|error| tracing::info!(%error, "a line of the record is not chained")).ok()
}

/// What our program is called that does it.
fn own_name() -> String {
    let program = std::env::current_exe().ok();
    let name = program.as_deref().and_then(std::path::Path::file_stem);
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
