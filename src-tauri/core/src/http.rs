//! The one HTTP client: its limits, and what a failed call means.
//!
//! It keeps no cookies (Superset 6.1.0 sets a `session` cookie on many answers), follows no redirect away from
//! the origin it was sent to, reads no more than 16 MiB of an answer, and has no more than four calls
//! under way: checking a key costs a default server a third of a second.

mod answer;
mod certificate;
mod failure;
mod streams;

pub(crate) use answer::Answer;
pub(crate) use streams::{Media, StreamCall, Streamed, Streams};

use crate::error::{Error, Result, Unreachable};
use crate::instance::is_loopback;
use crate::secret::Secret;
use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Client, ClientBuilder, Method, Response, StatusCode};
use serde::Serialize;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;
use zeroize::Zeroizing;

const CALLS_AT_ONCE: usize = 4;
const REDIRECTS: usize = 5;
/// Superset's own 429 comes without `Retry-After` (6.1.0).
const WAITS: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3)];
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Shorter than gunicorn's two seconds of keep-alive, so that no call is sent into a connection that is
/// being closed at its other end.
const KEEP_IDLE: Duration = Duration::from_secs(1);
/// Room for any answer that holds a secret: a buffer that never grows leaves no copy behind.
const FIRST_ROOM: usize = 16 * 1024;

/// How long to wait for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For one call from its first byte to the last of its answer, redirects included. Waiting for other
    /// calls of ours to end, and the pauses that a server asks for with 429, come on top.
    pub call: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), call: Duration::from_secs(30) }
    }
}

/// The HTTP client. Clones share their connections and their bound on calls under way.
#[derive(Clone)]
pub struct Http {
    clients: Arc<Clients>,
    permits: Arc<Semaphore>,
    timeouts: Timeouts,
}

struct Clients {
    /// Goes through the proxy that the system or the environment sets.
    any: Client,
    /// Never through a proxy. Plain http is fine for loopback because it does not leave this computer; a
    /// proxy would take it elsewhere. Made at first use.
    loopback: OnceLock<Client>,
}

impl Http {
    /// Fails where TLS cannot be set up, such as on a computer without any trusted certificate.
    pub fn new(timeouts: Timeouts) -> Result<Self> {
        let clients = Clients { any: client(timeouts, true)?, loopback: OnceLock::new() };
        Ok(Self { clients: Arc::new(clients), permits: Arc::new(Semaphore::new(CALLS_AT_ONCE)), timeouts })
    }

    /// The same bound on calls under way, other patience.
    pub(crate) fn with_timeouts(&self, timeouts: Timeouts) -> Result<Self> {
        Ok(Self { permits: Arc::clone(&self.permits), ..Self::new(timeouts)? })
    }

    pub(crate) fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Sends a call; being sent elsewhere is an error.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Answer> {
        match self.ask(call).await? {
            Asked::Answer(answer) => Ok(answer),
            Asked::Elsewhere(target) => {
                Err(Error::Redirected { host: host(&call.url), to: target.origin().ascii_serialization() })
            }
        }
    }

    /// Sends a call, as often as a server that says 429 lets us.
    pub(crate) async fn ask(&self, call: &Call<'_>) -> Result<Asked> {
        let mut waits = WAITS.into_iter();
        loop {
            let asked = {
                let _permit =
                    self.permits.acquire().await.map_err(|_| Error::Internal { what: "http permits" })?;
                tokio::time::timeout(self.timeouts.call, self.follow(call)).await.map_err(|_| {
                    Error::Unreachable { host: host(&call.url), kind: Unreachable::TimedOut, source: None }
                })??
            };
            let Asked::Answer(Answer { status: 429, retry_after, .. }) = asked else { return Ok(asked) };
            let wait = waits.next().map(|wait| retry_after.unwrap_or(wait));
            match wait.filter(|wait| *wait <= LONGEST_WAIT) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(Error::RateLimited),
            }
        }
    }

    async fn follow(&self, call: &Call<'_>) -> Result<Asked> {
        let mut url = call.url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.exchange(call, &url).await?;
            let Some(target) = redirect(&response, &url) else {
                return Answer::read(response, &url).await.map(Asked::Answer);
            };
            // 301 to 303 turn what is not a GET into one, which would be another call than the one asked for.
            let as_it_is =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let follow = target.origin() == call.url.origin() && (call.method == Method::GET || as_it_is);
            url = target;
            if !follow {
                break;
            }
        }
        Ok(Asked::Elsewhere(url))
    }

    async fn exchange(&self, call: &Call<'_>, url: &Url) -> Result<Response> {
        let mut request = self.client(url)?.request(call.method.clone(), url.clone());
        request = request.header(ACCEPT, call.accept);
        if let Some(secret) = call.bearer {
            request = request.header(AUTHORIZATION, authorization(secret)?);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        request.send().await.map_err(|error| failure::reason(host(url), error))
    }

    fn client(&self, url: &Url) -> Result<&Client> {
        if !is_loopback(url) {
            return Ok(&self.clients.any);
        }
        if let Some(client) = self.clients.loopback.get() {
            return Ok(client);
        }
        let made = client(self.timeouts, false)?;
        Ok(self.clients.loopback.get_or_init(|| made))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("timeouts", &self.timeouts).finish_non_exhaustive()
    }
}

fn client(timeouts: Timeouts, through_proxy: bool) -> Result<Client> {
    let builder = builder(timeouts.connect, KEEP_IDLE);
    built(if through_proxy { builder } else { builder.no_proxy() })
}

/// What every client of ours has in common.
fn builder(connect: Duration, keep_idle: Duration) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("superset-keys/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .pool_idle_timeout(keep_idle)
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(failure::Resolver)
}

fn built(builder: ClientBuilder) -> Result<Client> {
    builder.build().map_err(|error| {
        tracing::error!(%error, "TLS cannot be set up");
        Error::Internal { what: "TLS set-up" }
    })
}

/// One call, as it is asked for.
pub(crate) struct Call<'a> {
    method: Method,
    url: Url,
    accept: &'static str,
    bearer: Option<&'a Secret>,
    body: Option<Bytes>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self { method, url, accept: "application/json", bearer: None, body: None }
    }

    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// The JSON may hold a password, so its bytes are wiped when the last call is done with them.
    pub(crate) fn post(url: Url, json: &impl Serialize) -> Result<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
        serde_json::to_writer(&mut *bytes, json).map_err(|_| Error::Internal { what: "JSON" })?;
        Ok(Self { body: Some(Bytes::from_owner(bytes)), ..Self::new(Method::POST, url) })
    }

    pub(crate) fn bearer(self, secret: &'a Secret) -> Self {
        Self { bearer: Some(secret), ..self }
    }

    pub(crate) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }
}

/// What came of a call.
pub(crate) enum Asked {
    Answer(Answer),
    /// To another origin, or to what cannot be followed with this method.
    Elsewhere(Url),
}

/// Host and, where it is not the scheme's own, port: what errors name.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn authorization(secret: &Secret) -> Result<HeaderValue> {
    // EXPOSE: this is what the secret is for; the header is marked so that nothing logs it.
    let text = Zeroizing::new(format!("Bearer {}", secret.expose()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::NotAnApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

fn redirect(response: &Response, from: &Url) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut target = from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()?;
    // A name in the address would become an `Authorization` of its own. Not every kind of URL can have one.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stays_out_of_sight_in_its_header() {
        assert!(!format!("{:?}", authorization(&Secret::new("sst_canary")).unwrap()).contains("canary"));
        assert!(matches!(authorization(&Secret::new("sst_a\r\nX: y")), Err(Error::NotAnApiKey)));
    }
}
