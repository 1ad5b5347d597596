//! The lines before the snapshot, readable by everybody.
//!
//! ```text
//! superset-keys-vault 1
//! argon2id m=65536 t=3 p=4 salt=<base64>
//! sha256 <base64, of the lines above and the snapshot>
//! <the snapshot>
//! ```
//!
//! The hash has no key: it tells a damaged file from a wrong passphrase, and nothing about who wrote it. That the engine does,
//! which takes no snapshot that was not made with the same key.

use crate::derive::{Cost, Salt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

const MAGIC: &str = "superset-keys-vault ";
const VERSION: u32 = 1;
/// No head of ours is longer.
const MOST_BYTES: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub cost: Cost,
    pub salt: Salt,
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    NotAVault,
    Newer,
    Damaged,
}

impl Head {
    fn lines(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let salt = BASE64.encode(self.salt);
        format!("{MAGIC}{VERSION}\nargon2id m={memory_kib} t={passes} p={lanes} salt={salt}\n")
    }

    /// The whole file.
    pub(crate) fn before(&self, snapshot: &[u8]) -> Vec<u8> {
        let lines = self.lines();
        let seal = format!("sha256 {}\n", hash(lines.as_bytes(), snapshot));
        [lines.as_bytes(), seal.as_bytes(), snapshot].concat()
    }
}

/// Head and snapshot of a whole file.
pub(crate) fn split(file: &[u8]) -> Result<(Head, &[u8]), Unread> {
    if !file.starts_with(MAGIC.as_bytes()) {
        return Err(Unread::NotAVault);
    }
    let mut ends =
        file.iter().take(MOST_BYTES).enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
    let mut end = || ends.next().ok_or(Unread::Damaged);
    let (first, second, third) = (end()?, end()?, end()?);
    let line = |from: usize, to: usize| std::str::from_utf8(&file[from..to]).map_err(|_| Unread::Damaged);
    match line(MAGIC.len(), first)?.parse::<u32>() {
        Ok(VERSION) => {}
        Ok(number) if number > VERSION => return Err(Unread::Newer),
        _ => return Err(Unread::Damaged),
    }
    let (lines, snapshot) = (&file[..=second], &file[third + 1..]);
    if line(second + 1, third)?.strip_prefix("sha256 ") != Some(&hash(lines, snapshot)) {
        return Err(Unread::Damaged);
    }
    Ok((head(line(first + 1, second)?).ok_or(Unread::Damaged)?, snapshot))
}

fn head(line: &str) -> Option<Head> {
    let mut words = line.strip_prefix("argon2id ")?.split(' ');
    let mut word = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
    let (memory_kib, passes, lanes) =
        (word("m")?.parse().ok()?, word("t")?.parse().ok()?, word("p")?.parse().ok()?);
    let salt = BASE64.decode(word("salt")?).ok()?.try_into().ok()?;
    let cost = Cost { memory_kib, passes, lanes };
    cost.is_bearable().then_some(Head { cost, salt })
}

fn hash(lines: &[u8], snapshot: &[u8]) -> String {
    let hash = Sha256::new().chain_update(lines).chain_update(snapshot).finalize();
    BASE64.encode(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole() -> Vec<u8> {
        Head { cost: Cost::NOW, salt: [7; 32] }.before(b"PARTI and the rest")
    }

    #[test]
    fn what_was_written_is_read() {
        let file = whole();
        let (head, snapshot) = split(&file).unwrap();
        assert_eq!((head.cost, head.salt, snapshot), (Cost::NOW, [7; 32], b"PARTI and the rest".as_slice()));
    }

    #[test]
    fn each_changed_byte_is_damage() {
        for at in MAGIC.len()..whole().len() {
            let mut file = whole();
            file[at] ^= 1;
            assert!(split(&file).is_err(), "byte {at}");
        }
    }

    #[test]
    fn each_shorter_file_is_damage() {
        let file = whole();
        for end in MAGIC.len()..file.len() {
            assert_eq!(split(&file[..end]), Err(Unread::Damaged), "{end} bytes");
        }
    }

    #[test]
    fn a_newer_one_is_told_from_a_damaged_one() {
        assert_eq!(split(b"superset-keys-vault 2\nwhatever\n\n"), Err(Unread::Newer));
        assert_eq!(split(b"superset-keys-vault 0\nwhatever\n\n"), Err(Unread::Damaged));
        assert_eq!(split(b"PARTI"), Err(Unread::NotAVault));
    }

    /// Who writes the file could have this program ask for all memory there is.
    #[test]
    fn a_cost_that_nobody_could_pay_is_not_paid() {
        for cost in [
            Cost { memory_kib: u32::MAX, ..Cost::NOW },
            Cost { passes: u32::MAX, ..Cost::NOW },
            Cost { lanes: 1000, ..Cost::NOW },
            Cost { memory_kib: 0, ..Cost::NOW },
            Cost { passes: 0, ..Cost::NOW },
            Cost { lanes: 0, ..Cost::NOW },
        ] {
            assert_eq!(split(&Head { cost, salt: [0; 32] }.before(b"")), Err(Unread::Damaged), "{cost:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_no_vault_is_taken_for_one(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = split(&[MAGIC.as_bytes(), &bytes].concat());
            prop_assert!(split(&bytes).is_err());
        }
    }
}
