//! A server on loopback that answers as it is told, well or badly. One request per connection.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use superset_keys_core::instance::InstanceUrl;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub method: String,
    /// Without its query.
    pub path: String,
    /// The header lines, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// What is done with a request.
#[allow(dead_code)] // Each test program uses some of these.
pub enum Reply {
    /// Sent, then the connection is closed, whatever was announced.
    Bytes(Vec<u8>),
    /// The first, then the second over and over until the client hangs up.
    Endless(Vec<u8>, Vec<u8>),
    /// Byte by byte, with this pause before each, until the client hangs up; then the last for ever.
    Drip(Vec<u8>, Duration),
    /// Sent, then nothing until the client hangs up.
    Silence(Vec<u8>),
}

impl Reply {
    #[allow(dead_code)]
    pub fn json(status: u16, body: &str) -> Self {
        Self::with(status, &[("content-type", "application/json; charset=utf-8")], body)
    }

    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut answer =
            format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            answer.extend([name, ": ", value, "\r\n"]);
        }
        Self::Bytes(format!("{answer}\r\n{body}").into_bytes())
    }
}

pub struct CannedServer {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl CannedServer {
    pub async fn start(reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::wrapped(reply, |stream| async { Some(stream) }).await
    }

    /// With something around each connection, such as TLS.
    pub async fn wrapped<S, F>(
        reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: Future<Output = Option<S>> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (reply, wrap, log) = (Arc::new(reply), Arc::new(wrap), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, wrap, log) = (Arc::clone(&reply), Arc::clone(&wrap), Arc::clone(&log));
                tokio::spawn(async move {
                    let Some(mut stream) = wrap(stream).await else { return };
                    let Some(request) = request(&mut stream).await else { return };
                    log.lock().unwrap().push(request.clone());
                    // The client may have had enough at any time.
                    let _ = answer(&mut stream, reply(&request)).await;
                });
            }
        });
        Self { address, seen, task }
    }

    pub fn url(&self) -> InstanceUrl {
        self.url_below("")
    }

    pub fn url_below(&self, base: &str) -> InstanceUrl {
        InstanceUrl::parse(&format!("http://{}{base}", self.address), false).unwrap()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for CannedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (line, head) = text.split_once("\r\n")?;
    let mut words = line.split(' ');
    let method = words.next()?.to_owned();
    let path = words.next()?.split('?').next()?.to_owned();
    let mut seen = Seen { method, path, head: lower_names(head), body: bytes[end + 4..].to_vec() };
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    while seen.body.len() < length {
        if stream.read_buf(&mut seen.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(seen)
}

fn lower_names(head: &str) -> String {
    let mut lower = String::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        lower.extend([&name.to_ascii_lowercase(), ": ", value, "\n"]);
    }
    lower
}

async fn answer(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await?,
        Reply::Endless(head, chunk) => {
            stream.write_all(&head).await?;
            loop {
                stream.write_all(&chunk).await?;
            }
        }
        Reply::Drip(bytes, pause) => {
            let mut pause = tokio::time::interval(pause);
            for byte in bytes.iter().chain(std::iter::repeat(&b' ')) {
                pause.tick().await;
                stream.write_all(&[*byte]).await?;
                stream.flush().await?;
            }
        }
        Reply::Silence(bytes) => {
            stream.write_all(&bytes).await?;
            while stream.read(&mut [0; 64]).await? > 0 {}
        }
    }
    stream.shutdown().await
}
