//! Where a browser comes back to: an address on this computer, for as long as a sign-in takes (RFC 8252, 7.3).

use crate::error::{Error, Result};
use crate::secret::Secret;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use zeroize::Zeroizing;

/// As it is registered: any port goes with it.
pub(crate) const REDIRECT: &str = "http://127.0.0.1/callback";
const PATH: &str = "/callback";
/// A browser's request with a long code and cookies of every other program on this computer.
const LONGEST_HEAD: usize = 64 * 1024;
/// For one request. A browser opens connections that it does not use.
const PATIENCE: Duration = Duration::from_secs(10);
/// At once. Whoever opens more has none of them answered.
const AGAIN: Duration = Duration::from_millis(50);
const MOST: usize = 32;
/// Of a code, and of what comes with it.
const LONGEST_VALUE: usize = 16 * 1024;

/// The pages that a person sees at the end, whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pages<'a> {
    pub(crate) done: &'a str,
    pub(crate) refused: &'a str,
    /// For what belongs to no sign-in that is under way.
    pub(crate) unknown: &'a str,
}

/// Listens.
pub(crate) struct Callback<'a> {
    listener: TcpListener,
    port: u16,
    host: String,
    patience: Duration,
    pages: Pages<'a>,
}

/// What a browser brought.
pub(super) struct Came {
    pub(super) code: Option<Secret>,
    pub(super) error: Option<String>,
    pub(super) issuer: Option<String>,
}

impl<'a> Callback<'a> {
    /// On a port that the system chooses. `host` is the authorization server's, for what is said of its silence.
    pub(crate) async fn listen(host: String, patience: Duration, pages: Pages<'a>) -> Result<Self> {
        let no_port = |_| Error::Internal { what: "loopback port" };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
        let port = listener.local_addr().map_err(no_port)?.port();
        Ok(Self { listener, port, host, patience, pages })
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Until somebody comes who knows `state`. Anybody can ask here, and whoever does not know it ends nothing.
    pub(super) async fn wait(self, state: &str) -> Result<Came> {
        let late = || Error::SignInTooLate { host: self.host.clone() };
        tokio::time::timeout(self.patience, self.came(state)).await.map_err(|_| late())?
    }

    async fn came(&self, state: &str) -> Result<Came> {
        use futures_util::StreamExt;
        use futures_util::stream::FuturesUnordered;
        // A connection that says nothing holds up no other one.
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if open.len() < MOST => {
                    // One that was gone before it was taken is nobody's end.
                    let Ok((stream, _)) = accepted else {
                        tokio::time::sleep(AGAIN).await;
                        continue;
                    };
                    open.push(tokio::time::timeout(PATIENCE, self.answer(stream, state)));
                }
                Some(answered) = open.next(), if !open.is_empty() => {
                    if let Ok(Some(came)) = answered {
                        return Ok(came);
                    }
                }
            }
        }
    }

    async fn answer(&self, mut stream: TcpStream, state: &str) -> Option<Came> {
        let head = head(&mut stream).await?;
        let came = read(&head, state);
        let (status, page) = match &came {
            Asked::Came(came) if came.error.is_none() => ("200 OK", self.pages.done),
            Asked::Came(_) => ("200 OK", self.pages.refused),
            Asked::Unknown => ("400 Bad Request", self.pages.unknown),
            Asked::Elsewhere => ("404 Not Found", ""),
        };
        let length = page.len();
        // The address holds the code: no page that follows is told of it.
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
             Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n{page}"
        );
        // Whoever has closed the page has still signed in.
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
        match came {
            Asked::Came(came) => Some(came),
            Asked::Unknown | Asked::Elsewhere => None,
        }
    }
}

async fn head(stream: &mut TcpStream) -> Option<Zeroizing<Vec<u8>>> {
    let mut head = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD || stream.read_buf(&mut *head).await.ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

enum Asked {
    Came(Came),
    /// The right place, and nobody who was sent there.
    Unknown,
    Elsewhere,
}

fn read(head: &[u8], state: &str) -> Asked {
    let line = head.split(|byte| *byte == b'\r').next().and_then(|line| std::str::from_utf8(line).ok());
    let target = line.and_then(|line| line.strip_prefix("GET ")?.split(' ').next());
    let url = target.filter(|target| target.starts_with('/')).and_then(|target| {
        Url::parse("http://127.0.0.1").ok()?.join(&format!("http://127.0.0.1{target}")).ok()
    });
    let Some(url) = url.filter(|url| url.path() == PATH) else { return Asked::Elsewhere };
    let value = |wanted: &str| {
        let mut all = url.query_pairs().filter(|(name, _)| name == wanted).map(|(_, value)| value);
        // Of two, nobody knows which is meant.
        match (all.next(), all.next()) {
            (Some(value), None) if value.len() <= LONGEST_VALUE => Some(value.into_owned()),
            _ => None,
        }
    };
    if !value("state").is_some_and(|told| is_same(&told, state)) {
        return Asked::Unknown;
    }
    Asked::Came(Came { code: value("code").map(Secret::new), error: value("error"), issuer: value("iss") })
}

/// In a time that tells nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn came(target: &str) -> Option<(Option<String>, Option<String>, Option<String>)> {
        match read(format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes(), "s1") {
            // EXPOSE: a test looks at it.
            Asked::Came(came) => Some((came.code.map(|c| c.expose().to_owned()), came.error, came.issuer)),
            _ => None,
        }
    }

    #[test]
    fn only_who_knows_the_state_is_heard() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            came("/callback?code=c%2F1&state=s1&iss=https%3A%2F%2Fa.b"),
            Some((some("c/1"), None, some("https://a.b")))
        );
        assert_eq!(came("/callback?error=access_denied&state=s1"), Some((None, some("access_denied"), None)));
        for target in [
            "/callback?code=c",
            "/callback?code=c&state=s2",
            "/callback?code=c&state=s1&state=s1",
            "/callback?code=c&state=",
            "/other?code=c&state=s1",
            "/callback/x?code=c&state=s1",
            "//evil/callback?code=c&state=s1",
            "http://127.0.0.1/callback?code=c&state=s1",
        ] {
            assert_eq!(came(target), None, "{target}");
        }
        assert!(matches!(read(b"POST /callback?state=s1 HTTP/1.1\r\n\r\n", "s1"), Asked::Elsewhere));
        // Two codes are none.
        assert_eq!(came("/callback?code=a&code=b&state=s1"), Some((None, None, None)));
    }

    proptest! {
        #[test]
        fn any_request_is_taken(head in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&head, "s1");
        }

        #[test]
        fn no_other_state_will_do(state in "[a-z0-9]{0,4}") {
            prop_assert_eq!(is_same(&state, "s1"), state == "s1");
        }
    }
}
