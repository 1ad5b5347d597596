//! Which program started this one, as far as the system tells.

/// Shells and starters stand between a client and what it starts.
#[cfg(target_os = "linux")]
const BETWEEN: [&str; 13] = [
    "sh",
    "bash",
    "dash",
    "zsh",
    "fish",
    "ksh",
    "env",
    "timeout",
    "nice",
    "setsid",
    "npx",
    "flatpak-session",
    "superset-keys",
];
#[cfg(target_os = "linux")]
const FURTHEST: usize = 6;

/// The name of the program that started us: on Linux, as its process is called. Elsewhere nobody is asked.
#[cfg(target_os = "linux")]
#[must_use]
pub fn started_by() -> Option<String> {
    let mut process = std::os::unix::process::parent_id();
    let mut nearest = None;
    for _ in 0..FURTHEST {
        if process <= 1 {
            break;
        }
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let (name, parent) = name_and_parent(&stat)?;
        if !BETWEEN.contains(&name) {
            return Some(name.to_owned());
        }
        nearest.get_or_insert_with(|| name.to_owned());
        process = parent;
    }
    nearest
}

#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn started_by() -> Option<String> {
    None
}

/// `123 (a name) S 45 …`: the name may hold anything, brackets too.
#[cfg(target_os = "linux")]
fn name_and_parent(stat: &str) -> Option<(&str, u32)> {
    let (before, behind) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let parent = behind.split_whitespace().nth(1)?.parse().ok()?;
    Some((name, parent))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_be_called_anything() {
        assert_eq!(name_and_parent("12 (a) b) (c) S 34 12"), Some(("a) b) (c", 34)));
        assert_eq!(name_and_parent("12 (node) S 1 12"), Some(("node", 1)));
        assert_eq!(name_and_parent("12 node S"), None);
        assert!(started_by().is_some());
    }
}
