//! What an AI client sees of the bridge: lines in, lines out.

use serde_json::Value;
use std::future::Future;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use superset_keys_core::guard::Guard;
use superset_keys_core::mcp::{Bridge, Pass, Record, Source, Target, Voice};
use superset_keys_core::secret::Secret;
use superset_keys_core::transport::{Site, Timeouts, Transport};
use superset_keys_core::{Error, Result};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

/// Whatever happens, it happens within this time.
pub const LIMIT: Duration = Duration::from_secs(30);

/// What stands for state file and keychain: where to go and with what, and how often that was asked.
#[derive(Clone)]
pub struct Found(Arc<Mutex<Inner>>);

struct Inner {
    url: Url,
    key: std::result::Result<String, fn() -> Error>,
    reads: usize,
}

impl Found {
    pub fn new(url: &str, key: &str) -> Self {
        let inner = Inner { url: url.parse().unwrap(), key: Ok(key.to_owned()), reads: 0 };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub fn set_key(&self, key: &str) {
        self.0.lock().unwrap().key = Ok(key.to_owned());
    }

    pub fn set_url(&self, url: &str) {
        self.0.lock().unwrap().url = url.parse().unwrap();
    }

    /// From now on there is no key.
    pub fn refuse(&self, reason: fn() -> Error) {
        self.0.lock().unwrap().key = Err(reason);
    }

    pub fn reads(&self) -> usize {
        self.0.lock().unwrap().reads
    }
}

impl Source for Found {
    async fn read(&self, _refused: Option<&Pass>) -> Result<Target> {
        let mut inner = self.0.lock().unwrap();
        inner.reads += 1;
        let timeouts = Timeouts { connect: Duration::from_secs(2), ..Timeouts::default() };
        match &inner.key {
            Ok(key) => Ok(Target {
                site: Site::new(inner.url.clone(), Transport { timeouts, ..Transport::default() }),
                pass: Pass::Key(Secret::new(key.clone())),
            }),
            Err(reason) => Err(reason()),
        }
    }
}

/// Says codes instead of sentences, and keeps what was noted.
#[derive(Clone, Default)]
struct Noted {
    lines: Arc<Mutex<Vec<String>>>,
    held: Option<Arc<Mutex<mpsc::Receiver<()>>>>,
}

impl Voice for Noted {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }
    fn note(&self, words: &str) {
        if let Some(held) = &self.held {
            let held = held.lock().unwrap().recv_timeout(LIMIT);
            assert_eq!(held, Err(mpsc::RecvTimeoutError::Disconnected), "the bridge waits for its notes");
        }
        self.lines.lock().unwrap().push(words.to_owned());
    }
}

pub struct Client {
    input: Option<DuplexStream>,
    lines: Lines<BufReader<DuplexStream>>,
    bridge: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
    noted: Noted,
}

impl Client {
    pub fn of(source: Found) -> Self {
        Self::patient(source, LIMIT)
    }

    /// With a bridge that lets a server be silent for so long.
    pub fn patient(source: Found, silence: Duration) -> Self {
        Self::with(source, silence, 1 << 20, Noted::default())
    }

    /// Nobody takes more than `room` bytes from the bridge before they are read.
    pub fn narrow(source: impl Source, room: usize) -> Self {
        Self::with(source, LIMIT, room, Noted::default())
    }

    /// Whoever takes notes takes none before the sender is gone.
    pub fn unheard(source: Found) -> (Self, mpsc::Sender<()>) {
        let (release, held) = mpsc::channel();
        let noted = Noted { held: Some(Arc::new(Mutex::new(held))), ..Noted::default() };
        (Self::with(source, LIMIT, 1 << 20, noted), release)
    }

    fn with(source: impl Source, silence: Duration, room: usize, noted: Noted) -> Self {
        Self::held_to(Guard::default(), None, source, silence, room, noted)
    }

    /// What a guard lets through alone.
    pub fn guarded(source: Found, guard: Guard) -> Self {
        Self::held_to(guard, None, source, LIMIT, 1 << 20, Noted::default())
    }

    /// With somebody who keeps what goes through.
    pub fn recorded(source: Found, guard: Guard, record: Arc<dyn Record>, silence: Duration) -> Self {
        Self::held_to(guard, Some(record), source, silence, 1 << 20, Noted::default())
    }

    fn held_to(
        guard: Guard,
        record: Option<Arc<dyn Record>>,
        source: impl Source,
        silence: Duration,
        room: usize,
        noted: Noted,
    ) -> Self {
        let (input, stdin) = tokio::io::duplex(1 << 20);
        let (stdout, output) = tokio::io::duplex(room);
        let (stop, stopped) = oneshot::channel();
        let voice = Box::new(noted.clone());
        let bridge = Bridge { source, voice, connections: Arc::default(), silence, guard, record };
        let bridge = tokio::spawn(async move {
            let stopped = async {
                if stopped.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            bridge.run(stdin, stdout, stopped).await;
        });
        Self { input: Some(input), lines: BufReader::new(output).lines(), bridge, stop: Some(stop), noted }
    }

    pub async fn say(&mut self, line: &str) {
        let input = self.input.as_mut().expect("an open input");
        let said = async {
            input.write_all(line.as_bytes()).await.unwrap();
            input.write_all(b"\n").await.unwrap();
        };
        soon("the bridge to read", said).await;
    }

    /// The next line; none when the bridge has closed its output.
    pub async fn next(&mut self) -> Option<String> {
        soon("a line", self.lines.next_line()).await.unwrap()
    }

    pub async fn line(&mut self) -> String {
        self.next().await.expect("a line before the end")
    }

    pub async fn json(&mut self) -> Value {
        serde_json::from_str(&self.line().await).expect("JSON")
    }

    /// Asks and waits for the answer, which must be the next line.
    pub async fn ask(&mut self, line: &str) -> Value {
        self.say(line).await;
        self.json().await
    }

    /// The reason in a request's error.
    pub async fn reason(&mut self, line: &str) -> String {
        let answer = self.ask(line).await;
        let asked: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["id"], asked["id"], "{answer}");
        answer["error"]["data"]["reason"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub fn noted(&self) -> Vec<String> {
        self.noted.lines.lock().unwrap().clone()
    }

    /// Waits for what a person is told: this and nothing else.
    pub async fn notes(&self, expected: &[&str]) {
        until(&format!("{expected:?} instead of {:?}", self.noted()), || self.noted() == expected).await;
    }

    /// Says as many lines as are taken, each within a moment.
    pub async fn say_while_taken(&mut self, lines: impl Iterator<Item = String>) -> usize {
        let input = self.input.as_mut().expect("an open input");
        let mut taken = 0;
        for line in lines {
            let said = input.write_all(line.as_bytes());
            if tokio::time::timeout(Duration::from_secs(2), said).await.is_err() {
                break;
            }
            taken += 1;
        }
        taken
    }

    /// The client has said all it will.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// As SIGTERM does.
    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// The bridge ends although nobody reads.
    pub async fn end_unread(self) {
        soon("the bridge to end", self.bridge).await.unwrap();
    }

    /// Everything still to be read; the bridge ends.
    pub async fn rest(mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(line) = self.next().await {
            lines.push(line);
        }
        soon("the bridge to end", self.bridge).await.unwrap();
        lines
    }

    pub async fn end(mut self) -> Vec<String> {
        self.close_input();
        self.rest().await
    }
}

pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, future).await.unwrap_or_else(|_| panic!("{what}: not within {LIMIT:?}"))
}

/// Waits until something is so.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    soon(what, async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

pub fn request(id: impl std::fmt::Display, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}"}}"#)
}

pub const HELLO: &str = r#"{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;
pub const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
