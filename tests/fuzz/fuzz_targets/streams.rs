#![no_main]
//! What an MCP server answers through the bridge: a line for each request that was asked, JSON each, and an end.
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use superset_keys_core::guard::Guard;
use superset_keys_core::mcp::{Bridge, Pass, Source, Target, Voice};
use superset_keys_core::secret::Secret;
use superset_keys_core::transport::{Site, Timeouts, Transport};
use superset_keys_core::{Error, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }
    fn note(&self, _words: &str) {}
}

struct There(Url);

impl Source for There {
    async fn read(&self, _refused: Option<&Pass>) -> Result<Target> {
        let patience = Duration::from_secs(1);
        let timeouts = Timeouts { connect: patience, call: patience };
        let site = Site::new(self.0.clone(), Transport { timeouts, ..Transport::default() });
        Ok(Target { site, pass: Pass::Key(Secret::new("sst_canary")) })
    }
}

struct Stage {
    url: Url,
    answer: Arc<Mutex<Vec<u8>>>,
    runtime: tokio::runtime::Runtime,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap()).parse().unwrap();
        let answer = Arc::<Mutex<Vec<u8>>>::default();
        let answering = Arc::clone(&answer);
        std::thread::spawn(move || {
            for mut asking in listener.incoming().flatten() {
                let answer = answering.lock().unwrap().clone();
                std::thread::spawn(move || {
                    let _ = asking.set_read_timeout(Some(Duration::from_millis(200)));
                    let _ = asking.read(&mut [0; 4096]);
                    let _ = asking.write_all(&answer);
                });
            }
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Stage { url, answer, runtime }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    let media = if kind % 2 == 0 { "text/event-stream" } else { "application/json" };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media}\r\nconnection: close\r\n\r\n");
    let stage = stage();
    *stage.answer.lock().unwrap() = [head.as_bytes(), body].concat();
    let guard = if (kind >> 1) % 2 == 0 { Guard::default() } else { Guard::reading_only() };
    let said = stage.runtime.block_on(async {
        let (mut input, stdin) = tokio::io::duplex(1 << 20);
        let (stdout, mut output) = tokio::io::duplex(1 << 20);
        let silence = Duration::from_millis(500);
        let source = There(stage.url.clone());
        let bridge = Bridge { source, voice: Box::new(Codes), connections: Arc::default(), silence, guard, record: None };
        let bridge = tokio::spawn(bridge.run(stdin, stdout, std::future::pending::<()>()));
        for line in ["{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n", "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"ping\"}\n"] {
            input.write_all(line.as_bytes()).await.unwrap();
        }
        drop(input);
        let mut said = String::new();
        let all = tokio::time::timeout(Duration::from_secs(8), output.read_to_string(&mut said)).await;
        all.expect("an end").expect("UTF-8");
        bridge.await.unwrap();
        said
    });
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for id in [Value::from(1), Value::from("b")] {
        let answers = |line: &&Value| line["id"] == id && (line.get("result").is_some() || line.get("error").is_some());
        assert_eq!(lines.iter().filter(answers).count(), 1, "{id}: {said}");
    }
    assert!(!said.contains("sst_canary") || String::from_utf8_lossy(body).contains("sst_canary"));
});
