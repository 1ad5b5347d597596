#![no_main]
//! Whatever a server answers: pages, lists, metadata, events, cut off or not HTTP at all. The core asks it everything that it
//! asks of a server nobody has signed in to; nothing breaks, nothing is waited for, and nothing lands on disk but its own.
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use superset_keys_core::actions::Credentials;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::places::Places;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::MemoryStore;
use superset_keys_core::store::{Instance, Store};
use superset_keys_core::{Core, CoreParts, TimeoutsWanted};

struct Stage {
    core: Core,
    id: InstanceId,
    url: String,
    answer: Arc<Mutex<Vec<u8>>>,
    runtime: tokio::runtime::Runtime,
    _home: tempfile::TempDir,
}

fn stage() -> &'static Stage {
    static STAGE: OnceLock<Stage> = OnceLock::new();
    STAGE.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::<Mutex<Vec<u8>>>::default();
        let answering = Arc::clone(&answer);
        std::thread::spawn(move || {
            for asking in listener.incoming().flatten() {
                let answer = answering.lock().unwrap().clone();
                std::thread::spawn(move || {
                    let mut asking = asking;
                    let _ = asking.set_read_timeout(Some(Duration::from_millis(200)));
                    let _ = asking.read(&mut [0; 4096]);
                    let _ = asking.write_all(&answer);
                });
            }
        });
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        let patience = Some(Duration::from_secs(1));
        let timeouts = TimeoutsWanted { connect: patience, call: patience };
        let keychain = Arc::new(MemoryStore::default());
        let core = Core::new(CoreParts { timeouts, keychain, ..CoreParts::at(places.clone()) });
        let id = InstanceId::from_random(7);
        let parsed = superset_keys_core::instance::InstanceUrl::parse(&url, false).unwrap();
        let mut instance = Instance::new(id.clone(), "test".into(), "Test".into(), parsed);
        instance.mcp_url = Some(format!("{url}/mcp").parse().unwrap());
        Store::new(places).change(|state| { state.instances.push(instance); Ok(()) }).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Stage { core, id, url, answer, runtime, _home: home }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    let head = match kind % 8 {
        // The whole answer is the fuzzer's.
        0 => String::new(),
        1 => "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n".to_owned(),
        2 => "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_owned(),
        3 => "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n".to_owned(),
        4 => "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n".to_owned(),
        _ => "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n".to_owned(),
    };
    let stage = stage();
    *stage.answer.lock().unwrap() = [head.as_bytes(), body].concat();
    let password = |text: &str| Secret::new(text);
    stage.runtime.block_on(async {
        let (core, id) = (&stage.core, &stage.id);
        let _ = match (kind >> 3) % 5 {
            0 => core.detect_instance(&stage.url, false).await.map(drop),
            1 => core.look_at_mcp(id, &format!("{}/mcp", stage.url)).await.map(drop),
            2 => core.find_oauth(id, Some(&stage.url)).await.map(drop),
            3 => {
                let wanted = Credentials::Password { username: "jane".into(), password: password("secret"), stay: true };
                core.sign_in(id, wanted).await.map(drop)
            }
            _ => core.sign_in(id, Credentials::ApiKey { key: password("sst_abcdefgh"), stay: true }).await.map(drop),
        };
        let _ = core.list_keys(id).await;
    });
});
