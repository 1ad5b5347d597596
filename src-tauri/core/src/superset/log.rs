//! `/api/v1/log/`: Superset's event log, which Admins may read (6.1.0).

use super::client::Superset;
use super::problem::{read, reason};
use crate::clock::{ServerClock, WallTime};
use crate::error::Result;
use crate::http::Auth;
use crate::transport::Site;
use jiff::Timestamp;
use serde::Deserialize;

const PATH: &str = "api/v1/log/";
/// As many as a panel shows.
const LATEST: u8 = 5;

/// Something that a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedAction {
    pub at: Timestamp,
    /// In Superset's own words.
    pub action: String,
}

#[derive(Deserialize)]
struct LogWire {
    result: Vec<EntryWire>,
}

#[derive(Deserialize)]
struct EntryWire {
    action: Option<String>,
    dttm: Option<String>,
}

impl Superset {
    /// What a person did last, the newest first. The log is kept in UTC, whatever zone the server is in.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without `can_read` on `Log`.
    pub async fn last_actions(&self, site: &Site, auth: Auth<'_>, user: i32) -> Result<Vec<LoggedAction>> {
        let query = format!(
            "(filters:!((col:user,opr:rel_o_m,value:{user})),columns:!(action,dttm),\
             order_column:dttm,order_direction:desc,page:0,page_size:{LATEST})"
        );
        let site = site.join(&format!("{PATH}?q={query}"));
        let answer = self.get(site.clone(), auth).await?;
        if answer.status != 200 {
            return Err(reason(&answer, &site, auth));
        }
        let log: LogWire = read(&answer, &site, "event log")?;
        let action = |entry: EntryWire| {
            let at = WallTime::parse(&entry.dttm?)?;
            Some(LoggedAction {
                at: ServerClock::Assumed.instant(at),
                action: entry.action.unwrap_or_default(),
            })
        };
        Ok(log.result.into_iter().filter_map(action).collect())
    }
}
