//! What the login behind a connection may, and whether everybody's keys may be read by it.
//!
//! Whoever may use a connection in SQL Lab may do there what its login may. A login that reads hashes of passwords, or
//! writes, is therefore not used, also where the audit itself would read no more than the view.

use crate::error::{LoginRight, NotJudged};
use serde::{Deserialize, Deserializer};

/// What a login may beyond reading the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Fine,
    /// These, in the order of what is worst.
    TooMuch(Vec<LoginRight>),
    /// It could not be asked.
    Unknown(NotJudged),
}

/// The one row that `sql/may_*.sql` answers: `PostgreSQL` says true and false, `MySQL` 1 and 0.
#[derive(Debug, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "five separate rights, as the query asks them")]
pub struct RightsWire {
    #[serde(deserialize_with = "truth")]
    reads_hashes: bool,
    #[serde(deserialize_with = "truth")]
    writes: bool,
    #[serde(deserialize_with = "truth")]
    creates: bool,
    #[serde(deserialize_with = "truth")]
    calls: bool,
    #[serde(deserialize_with = "truth")]
    files: bool,
}

impl Verdict {
    /// An answer of another shape than one row is no answer.
    #[must_use]
    pub fn of(rows: &[RightsWire]) -> Self {
        let [row] = rows else { return Self::Unknown(NotJudged::NoAnswer) };
        let rights = [
            (row.reads_hashes, LoginRight::ReadsHashes),
            (row.writes, LoginRight::Writes),
            (row.files, LoginRight::Files),
            (row.calls, LoginRight::Calls),
            (row.creates, LoginRight::Creates),
        ];
        let rights: Vec<_> = rights.into_iter().filter(|(has, _)| *has).map(|(_, right)| right).collect();
        if rights.is_empty() { Self::Fine } else { Self::TooMuch(rights) }
    }
}

/// What is neither is an error: taken for false, it would let a login pass that may too much.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Bool(truth) => Ok(truth),
        serde_json::Value::Number(number) if number.as_i64() == Some(0) => Ok(false),
        serde_json::Value::Number(number) if number.as_i64() == Some(1) => Ok(true),
        _ => Err(serde::de::Error::custom("a right")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(json: &str) -> Option<Verdict> {
        serde_json::from_str::<Vec<RightsWire>>(json).ok().map(|rows| Verdict::of(&rows))
    }

    #[test]
    fn both_spellings_of_true_are_read_and_nothing_else_passes_for_false() {
        let postgresql =
            r#"[{"reads_hashes":true,"writes":false,"creates":true,"calls":false,"files":false}]"#;
        let both = Verdict::TooMuch(vec![LoginRight::ReadsHashes, LoginRight::Creates]);
        assert_eq!(verdict(postgresql), Some(both));
        let mysql = r#"[{"reads_hashes":0,"writes":0,"creates":0,"calls":0,"files":0}]"#;
        assert_eq!(verdict(mysql), Some(Verdict::Fine));
        for odd in ["null", "\"\"", "2", "\"f\"", "[]"] {
            assert_eq!(verdict(&mysql.replace("\"writes\":0", &format!("\"writes\":{odd}"))), None, "{odd}");
        }
        assert_eq!(verdict(r#"[{"reads_hashes":0}]"#), None);
    }

    #[test]
    fn no_row_is_no_leave() {
        assert_eq!(verdict("[]"), Some(Verdict::Unknown(NotJudged::NoAnswer)));
        let fine = r#"{"reads_hashes":0,"writes":0,"creates":0,"calls":0,"files":0}"#;
        let twice = verdict(&format!("[{fine},{fine}]"));
        assert_eq!(twice, Some(Verdict::Unknown(NotJudged::NoAnswer)));
    }
}
