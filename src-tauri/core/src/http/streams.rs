//! Calls whose answers are read as they come, for as long as they come: what the bridge stands on.
//!
//! The rules are those of [`super::Http`] (no redirect to another origin) without its bounds on time, size and calls
//! at once, which are the caller's here.

use super::auth::Auth;
use super::media::Media;
use super::{failure, redirect};
use crate::error::{Error, Result, Unreachable};
use crate::transport::{Connections, Site, Use, Way, certificate_end};
use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Sends calls.
#[derive(Debug, Clone)]
pub(crate) struct Streams {
    connections: Arc<Connections>,
}

/// One call.
pub(crate) struct StreamCall<'a> {
    pub(crate) method: Method,
    pub(crate) auth: Auth<'a>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// The beginning of an answer.
pub(crate) struct Streamed {
    pub(crate) status: StatusCode,
    pub(crate) media: Media,
    host: String,
    response: Response,
    /// The beginning of the body, where it was looked at.
    seen: Option<Bytes>,
}

impl Streams {
    pub(crate) fn new(connections: Arc<Connections>) -> Self {
        Self { connections }
    }

    /// Sends a call and waits for the head of its answer. A redirect within the origin that keeps the
    /// method is followed; the key goes nowhere else.
    pub(crate) async fn call(&self, site: &Site, call: &StreamCall<'_>) -> Result<Streamed> {
        let mut at = site.clone();
        for _ in 0..=redirect::MOST {
            let (response, way) = self.exchange(&at, call).await?;
            let Some(target) = redirect::target(&response, &at.url) else {
                return Streamed::of(response, &way, &at).await;
            };
            let as_it_is =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let stays = target.origin() == site.url.origin() && (as_it_is || call.method == Method::GET);
            at = at.at(target);
            if !stays {
                break;
            }
        }
        Err(redirect::reason(site, &at.url))
    }

    async fn exchange(&self, site: &Site, call: &StreamCall<'_>) -> Result<(Response, Arc<Way>)> {
        let way = self.connections.way(site, Use::Stream).await?;
        let request = way.client.request(call.method.clone(), site.url.clone()).headers(call.headers.clone());
        let mut request = call.auth.add_to(request)?;
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let sent = self.connections.while_open(async { Ok(request.send().await) }).await?;
        match sent {
            Ok(response) => Ok((failure::unless_the_proxy_answers(&way, site, response)?, way)),
            Err(error) => Err(self.reason(&way, site, error).await),
        }
    }

    async fn reason(&self, way: &Way, site: &Site, error: reqwest::Error) -> Error {
        if let Some(refusal) = failure::refusal(&self.connections, way, site, &error).await {
            return refusal;
        }
        if error.is_connect() || error.is_builder() {
            return failure::reason(way, site, error).await;
        }
        // The message may have arrived.
        Error::AnswerLost { host: site.host(), source: Some(error.without_url().into()) }
    }
}

impl Streamed {
    /// # Errors
    /// [`Error::ClientCertificateRefused`]: some servers say so in a page.
    async fn of(response: Response, way: &Way, site: &Site) -> Result<Self> {
        let (status, media) = (response.status(), Media::of(response.headers()));
        let mut streamed = Self { status, media, host: site.host(), response, seen: None };
        if failure::may_be_of_our_certificate(site, status.as_u16(), streamed.media) {
            let seen = streamed.chunk(Some(site.transport.timeouts.connect)).await?;
            let head = (status.as_u16(), streamed.media);
            failure::unless_a_certificate_is_wanted(way, site, head, seen.as_deref().unwrap_or_default())?;
            streamed.seen = seen;
        }
        Ok(streamed)
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
        certificate_end(self.response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body; none at its end. It is waited for no longer than `patience`.
    pub(crate) async fn chunk(&mut self, patience: Option<Duration>) -> Result<Option<Bytes>> {
        if let Some(seen) = self.seen.take() {
            return Ok(Some(seen));
        }
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
