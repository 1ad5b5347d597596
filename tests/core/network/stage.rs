//! One computer with an empty keychain, and servers that answer like Superset.

use crate::canned_server::{CannedServer, Reply, Seen};
use rustls::ServerConfig;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::actions::{CertificateChange, NetworkChange, NewInstance, TrustedChange};
use superset_keys_core::clock::SystemNow;
use superset_keys_core::error::{ClientCertificateProblem, Error};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::instance::Environment;
use superset_keys_core::places::{Computer, Places};
use superset_keys_core::secrets::{MemoryStore, SecretStore};
use superset_keys_core::store::Store;
use superset_keys_core::transport::Names;
use superset_keys_core::{Core, CoreParts, Result, SystemRandom, TimeoutsWanted};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

pub const MCP_REPLY: &str = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;

pub fn superset(seen: &Seen) -> Reply {
    // Through an HTTP proxy the whole address is the path.
    let path =
        seen.path.split_once("://").map_or(&*seen.path, |(_, rest)| &rest[rest.find('/').unwrap_or(0)..]);
    match path {
        "/version" => Reply::json(200, r#"{"version_string":"6.1.0"}"#),
        "/health" => Reply::with(200, &[("content-type", "text/html")], "OK"),
        "/mcp" => Reply::json(200, MCP_REPLY),
        path if path.starts_with("/api/") => Reply::json(401, r#"{"msg":"Missing Authorization Header"}"#),
        _ => Reply::json(404, r#"{"errors":[]}"#),
    }
}

/// A server that shakes hands like this.
pub async fn serving(config: ServerConfig) -> CannedServer {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    CannedServer::wrapped(superset, move |stream: TcpStream| {
        let accept = acceptor.accept(stream);
        async move { accept.await.ok() }
    })
    .await
}

pub struct Stage {
    pub home: TempDir,
    pub keychain: Arc<dyn SecretStore>,
    names: Names,
    pub core: Arc<Core>,
}

impl Stage {
    pub fn new() -> Self {
        Self::with(Arc::new(MemoryStore::default()))
    }

    pub fn with(keychain: Arc<dyn SecretStore>) -> Self {
        Self::among(Names::default(), keychain)
    }

    /// With names that lead where a test says.
    pub fn among(names: Names, keychain: Arc<dyn SecretStore>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let core = process(home.path(), &keychain, &names);
        Self { home, keychain, names, core }
    }

    /// Another program on this computer.
    pub fn process(&self) -> Arc<Core> {
        process(self.home.path(), &self.keychain, &self.names)
    }

    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    pub fn state(&self) -> String {
        std::fs::read_to_string(self.core.store().path()).unwrap_or_default()
    }

    pub async fn add(&self, address: &str, network: NetworkChange) -> Result<(InstanceId, bool)> {
        let new = NewInstance {
            address: address.to_owned(),
            name: None,
            environment: Environment::Development,
            mcp_url: None,
            allow_http: true,
            username: None,
        };
        let added = self.core.add_instance_over(new, network).await?;
        Ok((added.instance.id, added.seen.wants_certificate))
    }

    /// Every file of this home, one after the other.
    pub fn everything(&self) -> Vec<u8> {
        let mut folders = vec![
            self.home.path().join("config"),
            self.home.path().join("state"),
            self.home.path().join("cache"),
        ];
        let mut all = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().map(std::result::Result::unwrap) {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    all.extend(std::fs::read(entry.path()).unwrap());
                }
            }
        }
        all
    }
}

fn process(home: &Path, keychain: &Arc<dyn SecretStore>, names: &Names) -> Arc<Core> {
    let timeouts = TimeoutsWanted { connect: None, call: Some(Duration::from_secs(10)) };
    let parts = CoreParts {
        store: Store::new(Places::under(home)),
        keychain: Arc::clone(keychain),
        timeouts,
        now: Arc::new(SystemNow),
        random: Arc::new(SystemRandom),
        computer: Computer::default(),
    };
    Arc::new(Core::with_names(parts, names.clone()))
}

pub fn at(address: SocketAddr) -> String {
    format!("https://localhost:{}", address.port())
}

pub fn trusting(file: &Path) -> NetworkChange {
    NetworkChange { trusted: Some(TrustedChange::File(file.to_owned())), ..NetworkChange::default() }
}

pub fn showing(file: PathBuf) -> NetworkChange {
    NetworkChange {
        certificate: Some(CertificateChange::Pem { certificate: file, key: None }),
        ..NetworkChange::default()
    }
}

pub fn refused(error: &Error) -> Option<ClientCertificateProblem> {
    match error {
        Error::ClientCertificateRefused { problem, .. } => Some(*problem),
        _ => None,
    }
}
