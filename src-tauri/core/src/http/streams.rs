//! Calls whose answers are read as they come, for as long as they come: what the bridge stands on.
//!
//! The rules are those of [`super::Http`] (no cookies, no redirect to another origin, no proxy for loopback)
//! without its bounds on time, size and calls at once, which are the caller's here.

use super::{REDIRECTS, authorization, builder, built, certificate, failure, host, redirect};
use crate::error::{Error, Result, Unreachable};
use crate::instance::is_loopback;
use crate::secret::Secret;
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName};
use reqwest::{Client, Method, Response, StatusCode};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// Servers close an idle connection after 5 s (uvicorn, which runs Superset's MCP server) or later; a little
/// less means that a message is seldom sent into a connection that is just being closed.
const KEEP_IDLE: Duration = Duration::from_secs(4);
/// An answer may be silent for hours. These notice a peer that is gone without a word.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Clients, each made at its first use.
pub(crate) struct Streams {
    connect: Duration,
    /// Through the proxy that the system or the environment sets.
    any: OnceLock<Client>,
    /// Never through a proxy, as [`super::Clients`] has it.
    loopback: OnceLock<Client>,
    /// As `loopback`, without the system's certificates: reading them takes longer than a whole call.
    plain_loopback: OnceLock<Client>,
}

/// One call.
pub(crate) struct StreamCall<'a> {
    pub(crate) method: Method,
    pub(crate) bearer: Option<&'a Secret>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// The beginning of an answer.
pub(crate) struct Streamed {
    pub(crate) status: StatusCode,
    pub(crate) media: Media,
    host: String,
    response: Response,
}

/// What an answer says its body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    EventStream,
    Other,
}

impl Streams {
    pub(crate) fn new(connect: Duration) -> Self {
        Self { connect, any: OnceLock::new(), loopback: OnceLock::new(), plain_loopback: OnceLock::new() }
    }

    /// Sends a call and waits for the head of its answer. A redirect within the origin that keeps the
    /// method is followed; the key goes nowhere else.
    pub(crate) async fn call(&self, url: &Url, call: &StreamCall<'_>) -> Result<Streamed> {
        let mut at = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.exchange(&at, call).await?;
            let Some(target) = redirect(&response, &at) else { return Ok(Streamed::of(response, &at)) };
            let as_it_is =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let stays = target.origin() == url.origin() && (as_it_is || call.method == Method::GET);
            at = target;
            if !stays {
                break;
            }
        }
        Err(Error::Redirected { host: host(url), to: at.origin().ascii_serialization() })
    }

    async fn exchange(&self, url: &Url, call: &StreamCall<'_>) -> Result<Response> {
        let mut request = self.client(url)?.request(call.method.clone(), url.clone());
        request = request.headers(call.headers.clone());
        if let Some(bearer) = call.bearer {
            request = request.header(AUTHORIZATION, authorization(bearer)?);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        request.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                return failure::reason(host(url), error);
            }
            // The message may have arrived.
            Error::AnswerLost { host: host(url), source: Some(error.without_url().into()) }
        })
    }

    fn client(&self, url: &Url) -> Result<&Client> {
        let (cell, loopback, plain) = match (is_loopback(url), url.scheme()) {
            (true, "http") => (&self.plain_loopback, true, true),
            (true, _) => (&self.loopback, true, false),
            (false, _) => (&self.any, false, false),
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let mut builder = builder(self.connect, KEEP_IDLE)
            .tls_info(true)
            .tcp_keepalive(KEEP_ALIVE)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE);
        if loopback {
            builder = builder.no_proxy();
        }
        if plain {
            builder = builder.tls_certs_only([]);
        }
        let made = built(builder)?;
        Ok(cell.get_or_init(|| made))
    }
}

impl Streamed {
    fn of(response: Response, url: &Url) -> Self {
        Self { status: response.status(), media: media(response.headers()), host: host(url), response }
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Where the answer came from, after redirects.
    pub(crate) fn url(&self) -> &Url {
        self.response.url()
    }

    /// When the server's certificate ends.
    pub(crate) fn certificate_end(&self) -> Option<Timestamp> {
        certificate::end(self.response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body; none at its end. It is waited for no longer than `patience`.
    pub(crate) async fn chunk(&mut self, patience: Option<Duration>) -> Result<Option<Bytes>> {
        let chunk = self.response.chunk();
        let read = match patience {
            Some(patience) => tokio::time::timeout(patience, chunk).await.map_err(|_| {
                Error::Unreachable { host: self.host.clone(), kind: Unreachable::TimedOut, source: None }
            })?,
            None => chunk.await,
        };
        read.map_err(|error| Error::AnswerLost {
            host: self.host.clone(),
            source: Some(error.without_url().into()),
        })
    }

    /// The whole body, up to `limit` bytes.
    pub(crate) async fn body(&mut self, limit: usize, patience: Option<Duration>) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk(patience).await? {
            if body.len() + chunk.len() > limit {
                return Err(Error::AnswerTooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn media(headers: &HeaderMap) -> Media {
    let named = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let media = named(CONTENT_TYPE).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match &*media {
        "application/json" => Media::Json,
        "text/event-stream" => Media::EventStream,
        other if other.starts_with("application/") && other.ends_with("+json") => Media::Json,
        _ => Media::Other,
    }
}
