//! A streamable-HTTP server on loopback that answers as a test tells it.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: hyper::HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn key(&self) -> &str {
        self.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The id as it is spelled.
    pub fn id(&self) -> String {
        self.json()["id"].to_string()
    }

    /// Empty where nothing was called, as in a GET or a batch.
    pub fn called(&self) -> String {
        let message = serde_json::from_str::<serde_json::Value>(&self.body).unwrap_or_default();
        message["method"].as_str().unwrap_or_default().to_owned()
    }
}

pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start<F>(reply: impl Fn(Seen) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        Self::at("127.0.0.1:0", reply).await
    }

    pub async fn at<F>(address: &str, reply: impl Fn(Seen) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (reply, log) = (Arc::new(reply), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (reply, log) = (Arc::clone(&reply), Arc::clone(&log));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (reply, log) = (Arc::clone(&reply), Arc::clone(&log));
                    async move {
                        let seen = read(request).await;
                        log.lock().unwrap().push(seen.clone());
                        Ok::<_, Infallible>(reply(seen).await)
                    }
                });
                connections.spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self { url, seen, task }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn address(&self) -> String {
        self.url.trim_start_matches("http://").trim_end_matches("/mcp").to_owned()
    }

    /// Its port is free again, its connections are closed.
    pub async fn stop(self) {
        let Self { task, .. } = self;
        task.abort();
        let _ = task.await;
    }
}

async fn read(request: Request<Incoming>) -> Seen {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        headers: head.headers,
        body: String::from_utf8(body).unwrap(),
    }
}

pub fn answer(status: u16, media: &str, body: impl Into<Bytes>) -> Reply {
    let body = Full::new(body.into()).boxed_unsync();
    Response::builder().status(status).header("content-type", media).body(body).unwrap()
}

pub fn json(body: impl Into<Bytes>) -> Reply {
    answer(200, "application/json", body)
}

/// A whole event stream.
pub fn events(body: impl Into<Bytes>) -> Reply {
    answer(200, "text/event-stream", body)
}

pub fn event(data: &str) -> String {
    format!("event: message\ndata: {data}\n\n")
}

pub fn nothing(status: u16) -> Reply {
    answer(status, "text/plain", "")
}

pub fn with(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    reply.headers_mut().insert(name, value.parse().unwrap());
    reply
}

/// A result that names what was called.
pub fn result(seen: &Seen) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{"called":"{}"}}}}"#, seen.id(), seen.called())
}

/// The answer to `initialize`.
pub fn hello(seen: &Seen) -> String {
    let result =
        r#"{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"t","version":"1"}}"#;
    format!(r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#, seen.id())
}

/// An event stream that says what is sent to it, until the sender is gone.
pub fn live() -> (mpsc::UnboundedSender<String>, Reply) {
    let (sender, said) = mpsc::unbounded_channel::<String>();
    let stream = futures_util::stream::unfold(said, |mut said| async move {
        let text = said.recv().await?;
        Some((Ok(Frame::data(Bytes::from(text))), said))
    });
    let body = StreamBody::new(stream).boxed_unsync();
    let reply =
        Response::builder().status(200).header("content-type", "text/event-stream").body(body).unwrap();
    (sender, reply)
}
