//! Ask for the end of many keys, as fast as the server lets us.

use super::join_records::ApiKeyView;
use crate::api_key::ApiKey;
use crate::error::{ErrorCode, ErrorParams};
use crate::ids::{ApiKeyId, InstanceId};
use crate::store::Instance;
use crate::{Core, Error, Result};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// As many as a server is asked at once by anything of ours.
const AT_ONCE: usize = 4;
/// What is waited, one after the other, where a server says 429 and not for how long; each call has waited for some
/// seconds by itself then.
const WAITS: [Duration; 4] =
    [Duration::from_secs(5), Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(30)];
/// A server that asks for more is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RevokeProgress {
    pub done: u32,
    pub of: u32,
    /// The server asked for a pause of so many seconds.
    pub waiting: Option<u32>,
}

/// A reason, for the words of a face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WhyNotView {
    pub code: ErrorCode,
    pub params: ErrorParams,
}

impl From<&Error> for WhyNotView {
    fn from(error: &Error) -> Self {
        Self { code: error.code(), params: error.params() }
    }
}

/// What came of the calls alone; what came of the keys is to be read back.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// The server did not agree.
    pub(super) refused: HashMap<ApiKeyId, Error>,
    /// Those whose turn did not come.
    pub(super) left: VecDeque<ApiKeyId>,
    /// Why it did not.
    pub(super) stopped: Option<WhyNotView>,
}

/// The server wants to be left alone: for how long, if it says so.
#[derive(Debug, Clone, Copy)]
struct Pause {
    wait: Option<Duration>,
}

impl Core {
    /// Every key of whoever is signed in, with none of the notes that [`Core::list_keys`] makes.
    pub(super) async fn fetch_keys(&self, instance: &Instance) -> Result<Vec<ApiKey>> {
        let listed = self
            .with_session(instance, |by| async move { self.superset.list_keys(&by.site, by.auth()).await });
        Ok(listed.await?.keys)
    }

    pub(super) async fn send_revokes(
        &self,
        instance: &Instance,
        keys: Vec<ApiKeyId>,
        told: &(dyn Fn(RevokeProgress) + Sync),
    ) -> Sent {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let of = keys.len();
        let tell = |left: usize, waiting: Option<Duration>| {
            let waiting = waiting.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
            told(RevokeProgress { done: count(of - left), of: count(of), waiting });
        };
        let mut sent = Sent { left: keys.into(), ..Sent::default() };
        let mut waits = WAITS.into_iter();
        tell(of, None);
        while !sent.left.is_empty() {
            let before = sent.left.len();
            let asked = self.send_round(instance, &mut sent, &|left| tell(left, None)).await;
            let Some(Pause { wait: asked }) = asked else { break };
            if sent.left.len() < before {
                waits = WAITS.into_iter();
            }
            let wait = waits.next().map(|wait| asked.unwrap_or(wait)).filter(|wait| *wait <= LONGEST_WAIT);
            let Some(wait) = wait else {
                sent.stopped = Some(WhyNotView::from(&Error::RateLimited { wait: asked }));
                break;
            };
            tell(sent.left.len(), Some(wait));
            tokio::time::sleep(wait).await;
            // Some time has gone by: a second revoke would overwrite when somebody else's was.
            match self.fetch_keys(instance).await {
                Ok(listed) => sent
                    .left
                    .retain(|left| listed.iter().any(|key| key.id == *left && key.revoked_on.is_none())),
                Err(Error::RateLimited { .. }) => {}
                Err(error) => {
                    sent.stopped = Some(WhyNotView::from(&error));
                    break;
                }
            }
        }
        sent
    }

    /// The list by which everything is proven. The revokes before it may have used up what the server allows, so it is
    /// waited for as they are.
    pub(super) async fn read_back_revoked(
        &self,
        id: &InstanceId,
        of: usize,
        told: &(dyn Fn(RevokeProgress) + Sync),
    ) -> Result<Vec<ApiKeyView>> {
        let count = u32::try_from(of).unwrap_or(u32::MAX);
        for usual in WAITS {
            match self.list_keys(id).await {
                Err(Error::RateLimited { wait }) if wait.unwrap_or(usual) <= LONGEST_WAIT => {
                    let wait = wait.unwrap_or(usual);
                    let waiting = u32::try_from(wait.as_secs()).ok();
                    told(RevokeProgress { done: count, of: count, waiting });
                    tokio::time::sleep(wait).await;
                }
                listed => return listed.map(|list| list.keys),
            }
        }
        self.list_keys(id).await.map(|list| list.keys)
    }

    /// Until none is left or something stops it. Answers for how long the server wants to be left alone, if it says
    /// that it does; those keys are left.
    async fn send_round(
        &self,
        instance: &Instance,
        sent: &mut Sent,
        told: &(dyn Fn(usize) + Sync),
    ) -> Option<Pause> {
        let mut under_way = FuturesUnordered::new();
        let mut limited: Option<Pause> = None;
        loop {
            while under_way.len() < AT_ONCE && limited.is_none() && sent.stopped.is_none() {
                let Some(key) = sent.left.pop_front() else { break };
                under_way.push(self.send_one(instance, key));
            }
            let Some((key, answered)) = under_way.next().await else { return limited };
            failpoint!("revoke-of-many-answered");
            match answered {
                Ok(()) => {}
                Err(Error::RateLimited { wait }) => {
                    limited = Some(Pause { wait: limited.and_then(|pause| pause.wait).max(wait) });
                    sent.left.push_front(key);
                    continue;
                }
                Err(error) => {
                    if concerns_all(&error) && sent.stopped.is_none() {
                        sent.stopped = Some(WhyNotView::from(&error));
                    }
                    sent.refused.insert(key, error);
                }
            }
            told(sent.left.len() + under_way.len());
        }
    }

    async fn send_one(&self, instance: &Instance, key: ApiKeyId) -> (ApiKeyId, Result<()>) {
        let id = &key;
        let answered =
            self.with_session(instance, |by| async move {
                self.superset.revoke_key(&by.site, by.auth(), id).await
            })
            .await;
        (key, answered)
    }
}

/// Whether the next key would fare no better.
fn concerns_all(error: &Error) -> bool {
    !matches!(
        error,
        Error::NoSuchKey { .. }
            | Error::NotRevoked
            | Error::ServerFault { .. }
            | Error::UnexpectedAnswer { .. }
    )
}
