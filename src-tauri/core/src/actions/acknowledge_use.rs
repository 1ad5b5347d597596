//! "It was me": a use that nothing here explains is said to be known. That one use, and no other.

use crate::{Core, Error, Result};

impl Core {
    /// Deletes the record of what went through. A new one begins.
    ///
    /// # Errors
    /// [`Error::StateUnusable`]
    pub async fn forget_activity(&self) -> Result<()> {
        let (store, now, begins) = (self.store.clone(), self.now.now(), self.keeps_activity());
        crate::blocking::blocking("activity", move || {
            store.drop_activity()?;
            if begins {
                store.begin_activity(now);
            }
            Ok(())
        })
        .await
    }

    /// # Errors
    /// [`Error::NoSuchUse`]
    pub async fn acknowledge_use(&self, id: &str) -> Result<()> {
        let (store, id, now) = (self.store.clone(), id.to_owned(), self.now.now());
        crate::blocking::blocking("uses", move || {
            let mut found = false;
            store.change_uses(Vec::new(), |uses| {
                for known in uses.iter_mut().filter(|known| known.id() == id) {
                    found = true;
                    known.mine.get_or_insert(now);
                }
            })?;
            if found { Ok(()) } else { Err(Error::NoSuchUse { id }) }
        })
        .await
    }
}
