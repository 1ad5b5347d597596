//! The list of instances was damaged: say so until the person has decided.

use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A list that was set aside, and none in its place yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DamagedListView {
    /// Where it was kept.
    #[cfg_attr(feature = "specta", specta(type = String))]
    pub kept: PathBuf,
}

impl Core {
    /// The damaged list in whose place there is none yet, whoever came upon it. Nothing in the keychain is touched.
    pub fn damaged_list(&self) -> Result<Option<DamagedListView>> {
        match self.store.read() {
            Err(Error::StateDamaged { kept, .. }) => Ok(Some(DamagedListView { kept })),
            Err(error) => Err(error),
            Ok(_) => Ok(self.store.set_aside().map(|kept| DamagedListView { kept })),
        }
    }

    /// The folder that it was kept in. None where there is nothing to decide.
    pub fn damaged_list_folder(&self) -> Result<Option<PathBuf>> {
        Ok(self.damaged_list()?.and_then(|damaged| damaged.kept.parent().map(Path::to_owned)))
    }

    /// Puts an empty list in its place. What was set aside stays where it is.
    pub async fn begin_anew(&self) -> Result<()> {
        let store = self.store.clone();
        crate::blocking("state file", move || store.begin_anew()).await
    }
}
