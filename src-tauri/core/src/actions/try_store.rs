//! Try a store: something made up goes in, is read back, and is deleted.

use crate::ids::SecretId;
use crate::secret::{Secret, StoreKind};
use crate::{Core, Error, Result};

impl Core {
    /// Asks the person, where the keychain does that. What the store holds stays as it is, also where this fails half-way:
    /// then something made up is left in it.
    ///
    /// # Errors
    /// The store's own reasons; [`Error::Internal`] where it answers something else than it was given.
    pub async fn try_store(&self, kind: StoreKind) -> Result<()> {
        // Under a name that nothing else has, so that two who try at once do not meet.
        let (id, text) =
            (SecretId::of_backup(self.random.next()), format!("made-up-{:x}", self.random.next()));
        self.safe(move |safe| {
            safe.unlock_store(kind)?;
            let store = safe.store(kind);
            let tried = store.set(&id, &Secret::new(text.as_str())).and_then(|()| store.get(&id));
            let deleted = store.delete(&id);
            let found = tried?;
            deleted?;
            // EXPOSE: something made up, compared with what was stored.
            let same = found.is_some_and(|found| found.expose() == text);
            if !same || store.get(&id)?.is_some() {
                return Err(Error::Internal { what: "the store" });
            }
            Ok(())
        })
        .await
    }
}
