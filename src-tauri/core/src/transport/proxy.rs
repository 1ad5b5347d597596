//! The proxy on the way to a server, and what is wrong with it when the way is closed.
//!
//! Which one it is, reqwest decides by the same library: the variables that curl knows, and the settings of macOS and
//! Windows. The errors of its connector have no types that could be told apart, so a proxy that failed is asked once
//! more, up to its first word.

use super::resolver::Names;
use crate::error::{ProxyProblem, Unreachable};
use crate::instance::is_loopback;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::header::HeaderValue;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// What a proxy that let no call through says when it is asked again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The proxy itself is the cause.
    Unusable(ProxyProblem),
    /// It did its work, and says so of the server.
    OfTheServer(Unreachable),
    /// Nothing is wrong with it.
    Fine,
}

/// `NO_PROXY=*`, as curl reads it: nobody is reached through a proxy. The library takes it for a name that every other
/// name ends with, and numbers for none.
pub(super) fn excepts_everybody() -> bool {
    let set = ["NO_PROXY", "no_proxy"].iter().find_map(|name| std::env::var(name).ok());
    set.is_some_and(|excepted| excepted.trim() == "*")
}

/// A proxy on the way to one server.
pub(crate) struct Proxy {
    intercept: Intercept,
    target: (String, u16),
}

/// Which proxy stands before which server.
pub(super) enum Proxies {
    /// As the system says.
    System,
    None,
    /// One before all, with what it is told.
    Given(Box<Matcher>),
}

impl Proxies {
    /// One that a person named, with its password in the address.
    pub(super) fn given(url: &Url) -> Self {
        Self::Given(Box::new(Matcher::builder().all(url.as_str()).build()))
    }
}

impl Proxy {
    /// None where calls go to the server itself.
    pub(super) fn before(url: &Url, proxies: &Proxies) -> Option<Self> {
        let target = url.as_str().parse().ok()?;
        let intercept = match proxies {
            Proxies::System if is_loopback(url) || excepts_everybody() => return None,
            Proxies::System => Matcher::from_system().intercept(&target)?,
            Proxies::None => return None,
            Proxies::Given(matcher) => matcher.intercept(&target)?,
        };
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        Some(Self { intercept, target: (host, url.port_or_known_default()?) })
    }

    /// Whether the proxy itself is reached by TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.intercept.uri().scheme_str() == Some("https")
    }

    /// Host and port, without the name and the password that may stand before them.
    pub(crate) fn shown(&self) -> String {
        let uri = self.intercept.uri();
        let host = uri.host().unwrap_or_default();
        uri.port_u16().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Why nothing came through.
    pub(super) async fn ask(&self, names: &Names, patience: Duration) -> Said {
        let uri = self.intercept.uri();
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let scheme = uri.scheme_str().unwrap_or("http");
        let port = uri.port_u16().unwrap_or(match scheme {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        });
        let mut stream = match timeout(patience, connected(names, &host, port)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(problem)) => return Said::Unusable(problem),
            Err(_) => return Said::Unusable(ProxyProblem::TimedOut),
        };
        let said = async {
            match scheme {
                "http" => self.connect(&mut stream, self.intercept.basic_auth()).await,
                "socks5" | "socks5h" => self.greet(&mut stream, patience).await,
                "https" => Ok(Said::Unusable(self.speaks_plainly(&mut stream).await)),
                // SOCKS 4, which has no words for what is wrong.
                _ => Ok(Said::Unusable(ProxyProblem::Other)),
            }
        };
        match timeout(patience, said).await {
            Ok(Ok(said)) => said,
            // It hung up in the middle of its own protocol.
            Ok(Err(_)) => Said::Unusable(ProxyProblem::NotAProxy),
            Err(_) => Said::OfTheServer(Unreachable::TimedOut),
        }
    }

    /// An answer without TLS is what its address does not say. Nobody knows who gives it, so nobody is told a password.
    async fn speaks_plainly(&self, stream: &mut TcpStream) -> ProxyProblem {
        match self.connect(stream, None).await {
            Err(_) | Ok(Said::Unusable(ProxyProblem::NotAProxy)) => ProxyProblem::Other,
            Ok(_) => ProxyProblem::NotAProxy,
        }
    }

    /// `CONNECT`, up to the status.
    async fn connect(&self, stream: &mut TcpStream, auth: Option<&HeaderValue>) -> io::Result<Said> {
        let (host, port) = &self.target;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let mut head = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
        if let Some(auth) = auth {
            head.extend([b"Proxy-Authorization: ", auth.as_bytes(), b"\r\n"].concat());
        }
        head.extend(b"\r\n");
        stream.write_all(&head).await?;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await?;
        let status = std::str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("HTTP/1.")?.get(2..5));
        Ok(match status.and_then(|status| status.parse::<u16>().ok()) {
            Some(200..=299) => Said::Fine,
            Some(407) => Said::Unusable(ProxyProblem::SignIn),
            Some(502..=504) => Said::Unusable(ProxyProblem::NoWayOn),
            Some(400..=499) => Said::Unusable(ProxyProblem::NotAllowed),
            Some(_) => Said::Unusable(ProxyProblem::Other),
            None => Said::Unusable(ProxyProblem::NotAProxy),
        })
    }

    /// SOCKS 5 (RFC 1928, 1929), up to what it says of the server.
    async fn greet(&self, stream: &mut TcpStream, patience: Duration) -> io::Result<Said> {
        const VERSION: u8 = 5;
        const NO_NAME: u8 = 0;
        const NAME_AND_PASSWORD: u8 = 2;
        let auth = self.intercept.raw_auth();
        let method = if auth.is_some() { NAME_AND_PASSWORD } else { NO_NAME };
        stream.write_all(&[VERSION, 1, method]).await?;
        let mut chosen = [0; 2];
        // So far it is its own word that is waited for, and no server's.
        match timeout(patience / 2, stream.read_exact(&mut chosen)).await {
            Ok(read) => read?,
            Err(_) => return Ok(Said::Unusable(ProxyProblem::TimedOut)),
        };
        if chosen[0] != VERSION {
            return Ok(Said::Unusable(ProxyProblem::NotAProxy));
        }
        match (chosen[1] == method, auth) {
            (false, _) => return Ok(Said::Unusable(ProxyProblem::SignIn)),
            (true, Some((name, password))) => {
                let (Some(name), Some(password)) = (counted(name), counted(password)) else {
                    return Ok(Said::Unusable(ProxyProblem::SignIn));
                };
                stream.write_all(&[&[1], &*name, &*password].concat()).await?;
                let mut taken = [0; 2];
                stream.read_exact(&mut taken).await?;
                if taken[1] != 0 {
                    return Ok(Said::Unusable(ProxyProblem::SignIn));
                }
            }
            (true, None) => {}
        }
        let (host, port) = &self.target;
        let Some(host) = counted(host) else { return Ok(Said::Unusable(ProxyProblem::Other)) };
        stream.write_all(&[&[VERSION, 1, 0, 3], &*host, &port.to_be_bytes()].concat()).await?;
        let mut reply = [0; 2];
        stream.read_exact(&mut reply).await?;
        Ok(match reply[1] {
            0 => Said::Fine,
            2 => Said::Unusable(ProxyProblem::NotAllowed),
            3 | 4 => Said::Unusable(ProxyProblem::NoWayOn),
            5 => Said::OfTheServer(Unreachable::Refused),
            6 => Said::OfTheServer(Unreachable::TimedOut),
            _ => Said::Unusable(ProxyProblem::Other),
        })
    }
}

async fn connected(names: &Names, host: &str, port: u16) -> Result<TcpStream, ProxyProblem> {
    let found = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::from((address, port))],
        Err(_) => names.addresses(host).await.map_err(|_| ProxyProblem::NameNotFound)?,
    };
    let mut problem = ProxyProblem::NameNotFound;
    for mut address in found {
        address.set_port(port);
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => problem = ProxyProblem::Refused,
            Err(_) => problem = ProxyProblem::TimedOut,
        }
    }
    Err(problem)
}

/// A text after its length, as SOCKS wants it.
fn counted(text: &str) -> Option<Vec<u8>> {
    let length = u8::try_from(text.len()).ok()?;
    Some([&[length], text.as_bytes()].concat())
}
