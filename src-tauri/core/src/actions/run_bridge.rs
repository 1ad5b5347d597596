//! Carry MCP between an AI client and an instance's endpoint, with a key that only this computer knows.

use crate::instance::{Instance, is_loopback};
use crate::mcp::{Bridge, Source, Target, Voice};
use crate::{Core, Error, Result};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use url::Url;

/// A tool may take minutes. Superset ends its own queries sooner.
const SILENCE: Duration = Duration::from_secs(300);

/// Whose bridge. The names are those in the client's file, and are looked up when they are needed: what is
/// mended while the client runs works at its next request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeRequest {
    pub instance: String,
    /// Alias, uuid or name; the default key when left out.
    pub key: Option<String>,
    /// How long the server may be silent while a request waits; five minutes when left out.
    pub silence: Option<Duration>,
}

impl Core {
    /// Runs until the input ends or `stop` is ready. Whatever is in the way (no such instance, a locked
    /// keychain, a revoked key, a server that is down) is the answer to each request, and the bridge goes on.
    pub async fn run_bridge(
        self: Arc<Self>,
        request: BridgeRequest,
        voice: Box<dyn Voice>,
        input: impl AsyncRead + Unpin + Send + 'static,
        output: impl AsyncWrite + Unpin + Send + 'static,
        stop: impl Future<Output = ()>,
    ) {
        let connect = self.timeouts.connect;
        let silence = request.silence.unwrap_or(SILENCE);
        let source = Looked { core: self, request };
        Bridge { source, voice, connect, silence }.run(input, output, stop).await;
    }
}

/// Endpoint and key as this computer knows them at the moment.
struct Looked {
    core: Arc<Core>,
    request: BridgeRequest,
}

impl Source for Looked {
    async fn read(&self) -> Result<Target> {
        let id = self.core.find_instance(&self.request.instance)?;
        let url = endpoint(&self.core.instance(&id)?)?;
        let key = self.core.find_usable_key(&id, self.request.key.as_deref())?;
        Ok(Target { url, key: self.core.read_secret(&id, &key).await? })
    }
}

fn endpoint(instance: &Instance) -> Result<Url> {
    let unknown = || Error::McpUrlUnknown { instance: instance.short_name.clone() };
    let url = instance.mcp_url.clone().ok_or_else(unknown)?;
    if url.scheme() == "https" || is_loopback(&url) || instance.allow_http {
        return Ok(url);
    }
    Err(Error::InsecureAddress { host: url.host_str().unwrap_or_default().to_owned() })
}
