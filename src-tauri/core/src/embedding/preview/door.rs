//! Where the page is served: a port of this computer, for as long as somebody serves. Whoever comes must name this host,
//! know a path that cannot be guessed, and be the browser that came first: an address that is opened stands in the
//! browser's arguments for a moment, where other users of the computer may read it.

use crate::error::{Error, Result};
use crate::random::Random;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use zeroize::Zeroizing;

/// A browser's request, with cookies of every other program on this computer.
const LONGEST_HEAD: usize = 64 * 1024;
const LONGEST_BODY: usize = 1024;
/// For one request and its answer. A browser opens connections that it does not use.
const PATIENCE: Duration = Duration::from_secs(10);
const TO_ANSWER: Duration = Duration::from_secs(90);
/// At once. Whoever opens more has none of them answered.
const MOST: usize = 16;
const AGAIN: Duration = Duration::from_millis(50);

/// What the page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Page,
    Token,
    /// Whether Superset's page answers in the frame.
    Said {
        alive: bool,
    },
}

/// What it gets.
pub(crate) enum Given {
    /// With what its scripts and styles bear, and whose frame it may show.
    Page {
        text: String,
        nonce: String,
        frame: String,
    },
    Json(Zeroizing<String>),
    /// It can be asked for again.
    NotNow,
}

/// Listens.
pub(crate) struct Door {
    listener: TcpListener,
    /// `127.0.0.1:PORT`, as a browser names it.
    host: String,
    /// Nobody guesses it.
    path: String,
    /// The browser that came first bears it.
    mark: String,
    came: Mutex<bool>,
}

impl Door {
    /// At the first of these that is free, else anywhere. `localhost` is another site than `127.0.0.1`.
    ///
    /// # Errors
    /// [`Error::PortTaken`] where `wanted` is.
    pub(crate) async fn open(
        wanted: Option<u16>,
        known: &[(String, u16)],
        random: &dyn Random,
    ) -> Result<Self> {
        let here = "127.0.0.1".to_owned();
        if let Some(port) = wanted {
            let named = known.iter().find(|(_, of)| *of == port).map_or(here, |(name, _)| name.clone());
            let bound = TcpListener::bind(("127.0.0.1", port)).await;
            return Self::of(bound.map_err(|_| Error::PortTaken { port })?, &named, random);
        }
        for (name, port) in known {
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", *port)).await {
                return Self::of(listener, name, random);
            }
        }
        let bound = TcpListener::bind(("127.0.0.1", 0)).await;
        Self::of(bound.map_err(|_| Error::Internal { what: "loopback port" })?, &here, random)
    }

    fn of(listener: TcpListener, name: &str, random: &dyn Random) -> Result<Self> {
        let port = listener.local_addr().map_err(|_| Error::Internal { what: "loopback port" })?.port();
        let drawn = || format!("{:032x}", random.next());
        Ok(Self {
            listener,
            host: format!("{name}:{port}"),
            path: drawn(),
            mark: drawn(),
            came: Mutex::new(false),
        })
    }

    pub(crate) fn site(&self) -> String {
        format!("http://{}", self.host)
    }

    pub(crate) fn address(&self) -> String {
        format!("{}/{}/", self.site(), self.path)
    }

    /// Until it is dropped.
    pub(crate) async fn serve<Giving: Future<Output = Given>>(&self, give: impl Fn(Asked) -> Giving) {
        use futures_util::StreamExt;
        use futures_util::stream::FuturesUnordered;
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if open.len() < MOST => {
                    let Ok((stream, _)) = accepted else {
                        tokio::time::sleep(AGAIN).await;
                        continue;
                    };
                    open.push(self.answer(stream, &give));
                }
                Some(()) = open.next(), if !open.is_empty() => {}
            }
        }
    }

    async fn answer<Giving: Future<Output = Given>>(
        &self,
        mut stream: TcpStream,
        give: &impl Fn(Asked) -> Giving,
    ) {
        let Ok(Some(request)) = tokio::time::timeout(PATIENCE, read(&mut stream)).await else { return };
        let answer = match self.admitted(&request) {
            Err(status) => plain(status),
            Ok(asked) => match tokio::time::timeout(TO_ANSWER, give(asked)).await {
                Ok(given) => self.written(given),
                Err(_) => plain("504 Gateway Timeout"),
            },
        };
        let written = async {
            // Whoever closed the page has closed it.
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        };
        let _ = tokio::time::timeout(PATIENCE, written).await;
    }

    /// What is asked for, by whoever may ask.
    fn admitted(&self, request: &[u8]) -> std::result::Result<Asked, &'static str> {
        const ELSEWHERE: &str = "404 Not Found";
        let Some(Request { method, target, headers, body }) = Request::of(request) else {
            return Err("400 Bad Request");
        };
        let one = |name: &str| {
            let mut all =
                headers.iter().filter(|(is, _)| is.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
            // Of two, nobody knows which is meant.
            all.next().filter(|_| all.next().is_none())
        };
        if one("host") != Some(&self.host) {
            // A name of somebody else's that leads here.
            return Err("421 Misdirected Request");
        }
        let known = target.strip_prefix('/').and_then(|target| target.split_once('/'));
        let Some((path, what)) = known.filter(|(path, _)| is_same(path, &self.path)) else {
            return Err(ELSEWHERE);
        };
        debug_assert!(!path.is_empty());
        let marked = one("cookie").is_some_and(|cookies| {
            let mut values = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            values.any(|(name, value)| name == self.cookie() && is_same(value, &self.mark))
        });
        let asked = match (method, what) {
            ("GET", "") => {
                let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
                if *came && !marked {
                    return Err("403 Forbidden");
                }
                *came = true;
                return Ok(Asked::Page);
            }
            ("POST", "token") => Asked::Token,
            ("POST", "said") => {
                #[derive(serde::Deserialize)]
                struct Said {
                    alive: bool,
                }
                let said: Said = serde_json::from_slice(body).map_err(|_| "400 Bad Request")?;
                Asked::Said { alive: said.alive }
            }
            _ => return Err(ELSEWHERE),
        };
        // Its own page, in the browser that came first, and no other site's.
        let own =
            one("origin") == Some(&self.site()) && one("sec-fetch-site").is_none_or(|of| of == "same-origin");
        if own && marked { Ok(asked) } else { Err("403 Forbidden") }
    }

    fn cookie(&self) -> String {
        let port = self.host.rsplit(':').next().unwrap_or_default();
        format!("superset-keys-preview-{port}")
    }

    fn written(&self, given: Given) -> Zeroizing<String> {
        match given {
            Given::Page { text, nonce, frame } => {
                let (cookie, mark, path) = (self.cookie(), &self.mark, &self.path);
                let more = format!(
                    "Content-Security-Policy: default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
                     connect-src 'self'; frame-src {frame}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
                     Set-Cookie: {cookie}={mark}; Path=/{path}/; HttpOnly; SameSite=Strict\r\n\
                     Cross-Origin-Opener-Policy: same-origin\r\n"
                );
                with("200 OK", "text/html; charset=utf-8", &more, &text)
            }
            Given::Json(text) => with("200 OK", "application/json", "", &text),
            Given::NotNow => plain("503 Service Unavailable"),
        }
    }
}

fn plain(status: &str) -> Zeroizing<String> {
    with(status, "text/plain", "", "")
}

fn with(status: &str, kind: &str, more: &str, body: &str) -> Zeroizing<String> {
    // The path is told to nobody; Superset is told the site, which it asks for.
    Zeroizing::new(format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{more}\
         Referrer-Policy: strict-origin-when-cross-origin\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         X-Frame-Options: DENY\r\nCross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// A request, taken apart.
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
}

impl<'a> Request<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let end = end_of_head(bytes)?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?, first.next()?);
        if first.next() != Some("HTTP/1.1") || first.next().is_some() {
            return None;
        }
        let headers = lines
            .map(|line| line.split_once(':').map(|(name, value)| (name, value.trim())))
            .collect::<Option<_>>()?;
        Some(Self { method, target, headers, body: &bytes[end + 4..] })
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n")
}

async fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(8 * 1024);
    let end = loop {
        if let Some(end) = end_of_head(&bytes) {
            break end;
        }
        if bytes.len() > LONGEST_HEAD || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let length = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.last().map_or(Some(0), |(_, value)| value.trim().parse().ok())?;
    if length > LONGEST_BODY {
        return None;
    }
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    bytes.truncate(end + 4 + length);
    Some(bytes)
}

/// In a time that tells nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && differ == 0
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
