//! A file that nothing can take the place of.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounted by itself for as long as this lives.
pub struct Mounted(PathBuf);

impl Mounted {
    /// None where this account may not.
    pub fn over(file: &Path) -> Option<Self> {
        let mount = Command::new("mount").arg("--bind").args([file, file]).output();
        let is_mounted = mount.is_ok_and(|mount| mount.status.success());
        if !is_mounted {
            eprintln!("not tried: this account may not mount");
        }
        is_mounted.then(|| Self(file.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
