//! Calls whose answers are read at once.

use super::answer::Answer;
use super::call::Call;
use super::{failure, redirect};
use crate::error::{Error, Result, Unreachable};
use crate::transport::{Connections, Site, Use, Way};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Superset's own 429 comes without `Retry-After` (6.1.0).
const WAITS: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3)];
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The HTTP client. It follows no redirect away from the origin a call was sent to, and reads no more of an answer
/// than fits.
#[derive(Debug, Clone)]
pub struct Http {
    connections: Arc<Connections>,
}

/// What came of a call.
pub(crate) enum Asked {
    Answer(Answer),
    /// To another origin, or to what cannot be followed with this method.
    Elsewhere(Url),
}

impl Http {
    #[must_use]
    pub fn new(connections: Arc<Connections>) -> Self {
        Self { connections }
    }

    /// Sends a call; being sent elsewhere is an error.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Answer> {
        match self.ask(call).await? {
            Asked::Answer(answer) => Ok(answer),
            Asked::Elsewhere(target) => Err(redirect::reason(&call.site, &target)),
        }
    }

    /// Sends a call, as often as a server that says 429 lets us.
    pub(crate) async fn ask(&self, call: &Call<'_>) -> Result<Asked> {
        // Boxed: whatever makes a call holds it.
        self.connections.while_open(Box::pin(self.ask_until_answered(call))).await
    }

    async fn ask_until_answered(&self, call: &Call<'_>) -> Result<Asked> {
        let mut waits = WAITS.into_iter();
        loop {
            let asked = {
                let _turn = self.connections.turn(&call.site).await?;
                let patience = call.site.transport.timeouts.call;
                tokio::time::timeout(patience, self.follow(call)).await.map_err(|_| {
                    Error::Unreachable { host: call.site.host(), kind: Unreachable::TimedOut, source: None }
                })??
            };
            let Asked::Answer(Answer { status: 429, retry_after, .. }) = asked else { return Ok(asked) };
            let wait = waits.next().map(|wait| retry_after.unwrap_or(wait));
            match wait.filter(|wait| *wait <= LONGEST_WAIT) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(Error::RateLimited { wait: retry_after }),
            }
        }
    }

    async fn follow(&self, call: &Call<'_>) -> Result<Asked> {
        let mut at = call.site.clone();
        for _ in 0..=redirect::MOST {
            let (response, way) = self.exchange(call, &at).await?;
            let Some(target) = redirect::target(&response, &at.url) else {
                let answer = Answer::read(response, &way, &at, call.limit).await?;
                failure::unless_a_certificate_is_wanted(
                    &way,
                    &at,
                    (answer.status, answer.media),
                    &answer.body,
                )?;
                return Ok(Asked::Answer(answer));
            };
            // 301 to 303 turn what is not a GET into one, which would be another call than the one asked for.
            let as_it_is =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let follow =
                target.origin() == call.site.url.origin() && (call.method == Method::GET || as_it_is);
            at = at.at(target);
            if !follow {
                break;
            }
        }
        Ok(Asked::Elsewhere(at.url))
    }

    async fn exchange(&self, call: &Call<'_>, at: &Site) -> Result<(Response, Arc<Way>)> {
        let way = self.connections.way(at, Use::Call).await?;
        let request = way.client.request(call.method.clone(), at.url.clone()).header(ACCEPT, call.accept);
        let mut request = call.auth.add_to(request.headers(call.headers.clone()))?;
        if let Some(csrf) = call.csrf {
            request = csrf.add_to(request, &at.url)?;
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, call.content_type).body(body.clone());
        }
        match request.send().await {
            Ok(response) => Ok((failure::unless_the_proxy_answers(&way, at, response)?, way)),
            Err(error) => match failure::refusal(&self.connections, &way, at, &error).await {
                Some(refusal) => Err(refusal),
                None => Err(failure::reason(&way, at, error).await),
            },
        }
    }
}
