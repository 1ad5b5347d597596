//! Something between us and the server that loses answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Forwards one request per connection and hands the answer on, except for requests that `loses` names:
/// those reach the server, and their answers are dropped.
pub struct Proxy {
    pub url: String,
    pub lost: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn before(server: &str, loses: fn(&str) -> bool) -> Self {
        let upstream = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lost = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&lost);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, counted) = (upstream.clone(), Arc::clone(&counted));
                tokio::spawn(async move { forward(client, &upstream, loses, &counted).await });
            }
        });
        Self { url, lost }
    }
}

async fn forward(
    mut client: TcpStream,
    upstream: &str,
    loses: fn(&str) -> bool,
    lost: &AtomicUsize,
) -> Option<()> {
    let mut request = Vec::new();
    let head = loop {
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break String::from_utf8_lossy(&request[..end]).into_owned();
        }
        let mut some = [0; 4096];
        let read = client.read(&mut some).await.ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&some[..read]);
    };
    let length: usize = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length:").map(|n| n.trim().parse().unwrap())
        })
        .unwrap_or(0);
    let mut body = request.split_off(head.len() + 4);
    while body.len() < length {
        let mut some = [0; 4096];
        let read = client.read(&mut some).await.ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&some[..read]);
    }
    let mut server = TcpStream::connect(upstream).await.ok()?;
    let first = head.lines().next().unwrap_or_default().to_owned();
    server.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.ok()?;
    server.write_all(&body).await.ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.ok()?;
    if loses(&first) {
        lost.fetch_add(1, Ordering::SeqCst);
        return None;
    }
    client.write_all(&answer).await.ok()?;
    client.shutdown().await.ok()
}
