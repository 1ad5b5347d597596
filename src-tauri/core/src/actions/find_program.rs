//! By which path other programs start our command line.

use crate::own_program::lasting;
use crate::{Core, Error, Result};
use std::path::Path;

impl Core {
    /// The path to write down for `program`, the command line's own file: one that leads to it also after an upgrade,
    /// where there is one. `called` is how this process was started, if it is that program.
    pub fn find_program(&self, program: &Path, called: Option<&Path>) -> Result<String> {
        let path = lasting(program, called, &self.computer).into_os_string().into_string();
        path.map_err(|_| Error::Internal { what: "the path of this program is not text" })
    }
}
