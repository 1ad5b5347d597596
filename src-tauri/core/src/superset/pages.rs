//! Lists that Flask-AppBuilder 5.3.0 hands out in pages: at most 100 rows each, whatever is asked for.

use super::client::Superset;
use super::problem::{read, reason};
use crate::error::{Error, Result};
use crate::http::Auth;
use crate::transport::Site;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ROWS: usize = 100;
/// More than any Superset has; a list that never ends is no list.
const PAGES: usize = 200;

#[derive(Deserialize)]
struct PageWire<T> {
    result: Vec<T>,
}

impl Superset {
    /// All rows of a list. `asked` is what stands in its query before the page, in Rison: `columns:!(id,name)`.
    ///
    /// # Errors
    /// [`Error::SetUpForbidden`] without `permission`, which says what it takes: `can_read on Database`.
    pub(super) async fn pages<T: DeserializeOwned>(
        &self,
        site: &Site,
        auth: Auth<'_>,
        path: &str,
        asked: &str,
        permission: &'static str,
    ) -> Result<Vec<T>> {
        let mut rows: Vec<T> = Vec::new();
        for page in 0..PAGES {
            let query = format!("({asked},page:{page},page_size:{ROWS})");
            let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
            let site = site.join(&format!("{path}?q={query}"));
            let answer = self.get(site.clone(), auth).await?;
            if answer.status != 200 {
                return Err(forbidden(reason(&answer, &site, auth), permission));
            }
            let PageWire { result } = read::<PageWire<T>>(&answer, &site, "list")?;
            let is_last = result.len() < ROWS;
            rows.extend(result);
            if is_last {
                return Ok(rows);
            }
        }
        Err(Error::UnexpectedAnswer { what: "list", status: 200 })
    }
}

/// Superset says of every refusal the same; what was missing is known by what was asked.
pub(super) fn forbidden(error: Error, permission: &'static str) -> Error {
    match error {
        Error::Forbidden => Error::SetUpForbidden { permission },
        other => other,
    }
}

/// A text in Rison, the notation of Superset's queries: in single quotes, with `!` before what would end it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('!', "!!").replace('\'', "!'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        assert_eq!(quoted("Key auditor"), "'Key auditor'");
        assert_eq!(quoted("it's!'),(x:1"), "'it!'s!!!'),(x:1'");
    }
}
