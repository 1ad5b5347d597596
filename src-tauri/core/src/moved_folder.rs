//! A folder of ours that earlier versions had elsewhere.

use std::path::{Path, PathBuf};

/// Where it is from now on: at `now`, moved there from `former` if that is all there is. Where it cannot be moved, because it
/// is on another disk or a program has something in it open, it stays where it was, and the next start tries again.
pub(crate) fn moved_folder(former: &Path, now: PathBuf) -> PathBuf {
    if now.exists() || !former.is_dir() {
        return now;
    }
    let moved =
        now.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::rename(former, &now));
    match moved {
        // What held it alone; folders with anything in them stay.
        Ok(()) => {
            for above in former.ancestors().skip(1).take(2) {
                if std::fs::remove_dir(above).is_err() {
                    break;
                }
            }
            now
        }
        // Another program of ours was quicker.
        Err(_) if now.exists() => now,
        Err(error) => {
            tracing::warn!(%error, former = %former.display(), "a folder stays where earlier versions had it");
            former.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// As on Windows: the former place, the new one, and who else has something there.
    fn profile() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let profile = tempfile::tempdir().unwrap();
        let former = profile.path().join("Roaming/superset-keys/superset-keys/config");
        let now = profile.path().join("Local/superset-keys/config");
        fs::create_dir_all(profile.path().join("Roaming/Another")).unwrap();
        (profile, former, now)
    }

    #[test]
    fn all_that_was_there_goes_along_and_the_old_folders_go_with_it() {
        let (profile, former, now) = profile();
        fs::create_dir_all(former.join("keys")).unwrap();
        fs::write(former.join("state.json"), "instances").unwrap();
        assert_eq!(moved_folder(&former, now.clone()), now);
        assert_eq!(fs::read_to_string(now.join("state.json")).unwrap(), "instances");
        assert!(now.join("keys").is_dir());
        assert!(!profile.path().join("Roaming/superset-keys").exists());
        assert!(profile.path().join("Roaming/Another").is_dir());
        // The next start finds nothing to do.
        assert_eq!(moved_folder(&former, now.clone()), now);
        assert_eq!(fs::read_to_string(now.join("state.json")).unwrap(), "instances");
    }

    #[test]
    fn a_new_computer_has_the_new_place_and_nothing_is_made_for_asking() {
        let (profile, former, now) = profile();
        assert_eq!(moved_folder(&former, now.clone()), now);
        assert!(!profile.path().join("Local").exists());
    }

    #[test]
    fn what_is_in_the_new_place_is_never_replaced() {
        let (_profile, former, now) = profile();
        for (folder, text) in [(&former, "old"), (&now, "new")] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("state.json"), text).unwrap();
        }
        assert_eq!(moved_folder(&former, now.clone()), now);
        assert_eq!(fs::read_to_string(now.join("state.json")).unwrap(), "new");
        assert_eq!(fs::read_to_string(former.join("state.json")).unwrap(), "old");
    }

    #[test]
    fn one_that_cannot_be_moved_goes_on_where_it_was() {
        let (profile, former, now) = profile();
        fs::create_dir_all(&former).unwrap();
        // No folder can be made where a file is.
        fs::write(profile.path().join("Local"), "").unwrap();
        assert_eq!(moved_folder(&former, now), former);
        assert!(former.is_dir());
    }
}
