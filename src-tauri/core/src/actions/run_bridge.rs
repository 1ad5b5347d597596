//! Carry MCP between an AI client and an instance's endpoint, with a key that only this computer knows.

use super::mcp_access::PassFor;
use super::record_activity::{Known, Recorder};
use super::watch_target::TargetWatch;
use crate::guard::Guard;
use crate::instance::is_loopback;
use crate::mcp::{Bridge, Pass, Record, Source, Target, Voice};
use crate::store::Instance;
use crate::{Core, Error, Result};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use url::Url;

/// How long a token is waited for that nobody will use here.
const AT_THE_END: Duration = Duration::from_secs(10);
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
    /// What the client may do, or the word in its entry that is no rule: then nothing passes, and each request is
    /// told why.
    pub guard: std::result::Result<Guard, String>,
    /// The program that started us, where the system tells.
    pub started_by: Option<String>,
}

impl BridgeRequest {
    /// With the default key, and without a guard.
    #[must_use]
    pub fn to(instance: &str) -> Self {
        Self {
            instance: instance.to_owned(),
            key: None,
            silence: None,
            guard: Ok(Guard::default()),
            started_by: None,
        }
    }
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
        let connections = Arc::clone(&self.connections);
        let silence = request.silence.unwrap_or(SILENCE);
        let guard = request.guard.clone().unwrap_or_default();
        let known = Arc::<Mutex<Known>>::default();
        let started_by = request.started_by.as_deref();
        let recorder = Recorder::new(Arc::clone(&self), &request.instance, started_by, Arc::clone(&known));
        let record = Some(Arc::new(recorder) as Arc<dyn Record>);
        let source = Looked { core: self, request, watch: TargetWatch::default(), known };
        let core = Arc::clone(&source.core);
        Bridge { source, voice, connections, silence, guard, record }.run(input, output, stop).await;
        // What is being asked for now would be lost, and a grant with it.
        core.oauth_at_rest(AT_THE_END).await;
    }
}

/// Endpoint and key as this computer knows them at the moment.
struct Looked {
    core: Arc<Core>,
    request: BridgeRequest,
    watch: TargetWatch,
    known: Arc<Mutex<Known>>,
}

impl Source for Looked {
    fn is_outdated(&self) -> bool {
        let BridgeRequest { instance, key, .. } = &self.request;
        self.core.is_target_outdated(&self.watch, instance, key.as_deref())
    }

    fn may_settle(&self, pass: &Pass) -> bool {
        pass.may_settle(self.core.now.now())
    }

    async fn read(&self, refused: Option<&Pass>) -> Result<Target> {
        if let Err(rule) = &self.request.guard {
            return Err(Error::RuleInvalid { rule: rule.clone() });
        }
        let before = self.core.before_target(&self.request.instance, self.request.key.as_deref());
        let id = self.core.find_instance(&self.request.instance)?;
        let instance = self.core.instance(&id)?;
        let site = self.core.site(&instance).at(endpoint(&instance)?);
        let pass =
            self.core.mcp_pass_after(&id, self.request.key.as_deref(), PassFor::Bridge, refused).await?;
        self.watch.was_read(before, pass.renew());
        let key = match pass {
            Pass::Key(_) => self.core.find_usable_key(&id, self.request.key.as_deref()).ok(),
            Pass::Token { .. } => None,
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Known { instance: Some(id), key };
        Ok(Target { site, pass })
    }
}

pub(super) fn endpoint(instance: &Instance) -> Result<Url> {
    let unknown = || Error::McpUrlUnknown { instance: instance.short_name.clone() };
    let url = instance.mcp_url.clone().ok_or_else(unknown)?;
    if url.scheme() == "https" || is_loopback(&url) || instance.allow_http {
        return Ok(url);
    }
    Err(Error::InsecureAddress { host: url.host_str().unwrap_or_default().to_owned() })
}
