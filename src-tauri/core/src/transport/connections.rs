//! The HTTP clients: one for each way to a server and for each use, made at their first use, and shared.
//!
//! None keeps cookies (Superset 6.1.0 sets a `session` cookie on many answers) or follows redirects by itself.

use super::own::Own;
use super::proxy::{Proxies, Proxy, Said, excepts_everybody};
use super::resolver::{Names, Resolver};
use super::site::{GivenProxy, Identity, ProxyWay, Site, Transport};
use super::{certificate, files, trust};
use crate::clock::{Now, SystemNow};
use crate::error::{ClientCertificateProblem, Error, Result, SeenCertificate};
use crate::ids::SecretId;
use crate::instance::is_loopback;
use crate::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Client;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, watch};
use url::Url;
use zeroize::Zeroizing;

/// Checking a key costs a default server a third of a second, so no more calls than this go to one at once.
const CALLS_AT_ONCE: usize = 4;
/// Shorter than gunicorn's two seconds of keep-alive, so that no call is sent into a connection that is
/// being closed at its other end.
const CALL_IDLE: Duration = Duration::from_secs(1);
/// Servers close an idle connection after 5 s (uvicorn, which runs Superset's MCP server) or later; a little
/// less means that a message is seldom sent into a connection that is just being closed.
const STREAM_IDLE: Duration = Duration::from_secs(4);
/// An answer may be silent for hours. These notice a peer that is gone without a word.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// What a client is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Use {
    /// Answers that are read at once.
    Call,
    /// Answers that are read as they come.
    Stream,
    /// To hear why a call failed: each question over a connection of its own.
    Ask,
}

/// Which of several clients leads to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Road {
    /// Through the proxy that the system or the environment sets: see [`super::proxy`].
    Any,
    /// Never through a proxy. Plain http is fine for loopback because it does not leave this computer; a
    /// proxy would take it elsewhere.
    Straight,
    /// The same without the system's certificates: reading them takes longer than a whole call.
    Plain,
    /// Through the proxy that a person named for the instance, whatever is asked.
    Given,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    wanted: Use,
    road: Road,
    connect: Duration,
    proxy: ProxyWay,
    trusted: Arc<Vec<CertificateDer<'static>>>,
    identity: Option<Arc<Identity>>,
}

impl Kind {
    fn of(site: &Site, wanted: Use) -> Self {
        let Transport { timeouts, proxy, trusted, identity } = site.transport.clone();
        let is_here = is_loopback(&site.url);
        let is_plain = site.url.scheme() == "http";
        let road = match proxy {
            ProxyWay::Through(_) => Road::Given,
            ProxyWay::Straight if is_plain => Road::Plain,
            ProxyWay::System if is_here && is_plain => Road::Plain,
            ProxyWay::Straight => Road::Straight,
            ProxyWay::System if is_here => Road::Straight,
            ProxyWay::System => Road::Any,
        };
        Self { wanted, road, connect: timeouts.connect, proxy, trusted, identity }
    }
}

/// Asks the secret store. It may wait for a person.
pub type Keyring = Arc<dyn Fn(&SecretId) -> Result<Option<Secret>> + Send + Sync>;

/// All clients of one program.
pub struct Connections {
    ways: Mutex<HashMap<Kind, Arc<Way>>>,
    /// By origin: a server that hangs holds up nobody else's calls.
    permits: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// What the ways are made with, read once each.
    secrets: Mutex<HashMap<SecretId, Arc<OnceCell<Secret>>>>,
    keyring: Keyring,
    now: Arc<dyn Now>,
    names: Names,
    closed: watch::Sender<bool>,
}

impl Default for Connections {
    /// With nobody who could be asked for a secret.
    fn default() -> Self {
        Self::new(Arc::new(|_| Ok(None)), Arc::new(SystemNow), Names::default())
    }
}

/// A client, and what is known of the way that it goes.
pub(crate) struct Way {
    pub(crate) client: Client,
    proxies: Proxies,
    own: Arc<Own>,
    now: Arc<dyn Now>,
    names: Names,
}

impl Way {
    /// The proxy on the way to a server.
    pub(crate) fn proxy_before(&self, url: &Url) -> Option<Proxy> {
        Proxy::before(url, &self.proxies)
    }

    /// Why nothing came through a proxy on this way.
    pub(crate) async fn ask(&self, proxy: &Proxy, patience: Duration) -> Said {
        proxy.ask(&self.names, patience).await
    }

    /// A server on this way asked who we are, since the client was made.
    pub(crate) fn was_asked_who(&self) -> bool {
        self.own.was_asked_for()
    }

    /// A server does not take what we show it, and tells what is `said`; where it tells nothing, what is seen here counts.
    pub(crate) fn refused(
        &self,
        site: &Site,
        said: ClientCertificateProblem,
    ) -> (ClientCertificateProblem, Option<SeenCertificate>) {
        use ClientCertificateProblem as Problem;
        let own = site.transport.identity.as_ref().and_then(|identity| identity.chain.first());
        let Some(own) = own else { return (ClientCertificateProblem::Missing, None) };
        let seen = certificate::own_problem(own, self.now.now());
        let problem = match (said, seen) {
            // "None was sent" cannot be, where one is shown to everybody who asks.
            (Problem::Untold | Problem::Missing, seen) => seen.unwrap_or(Problem::Untold),
            // Servers have one word for both ends of its time.
            (Problem::Expired, Some(Problem::NotYetValid)) => Problem::NotYetValid,
            (said, _) => said,
        };
        (problem, certificate::shown(own))
    }
}

impl Connections {
    #[must_use]
    pub fn new(keyring: Keyring, now: Arc<dyn Now>, names: Names) -> Self {
        let (ways, permits, secrets) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { ways, permits, secrets, keyring, now, names, closed: watch::Sender::new(false) }
    }

    /// The way to an address.
    ///
    /// # Errors
    /// [`Error::NoTrustedCertificates`] on a computer without any, [`Error::Internal`]; what the secret store says where a
    /// key or a password of the way lies there, [`Error::ClientKeyGone`] and [`Error::ProxyPasswordGone`];
    /// [`Error::AppLocked`].
    pub(crate) async fn way(&self, site: &Site, wanted: Use) -> Result<Arc<Way>> {
        self.check()?;
        let kind = Kind::of(site, wanted);
        let known = |ways: &HashMap<Kind, Arc<Way>>| ways.get(&kind).map(Arc::clone);
        if let Some(way) = known(&self.ways.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(way);
        }
        // Before the lock: a person may be asked, and nobody else waits for that.
        let identity = match &kind.identity {
            Some(identity) if kind.road != Road::Plain => Some(self.certified(identity).await?),
            _ => None,
        };
        let proxy = match &kind.proxy {
            ProxyWay::Through(given) => Some(self.address(given).await?),
            _ => None,
        };
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have been closed meanwhile, and is cleared under this lock.
        self.check()?;
        if let Some(way) = known(&ways) {
            return Ok(way);
        }
        let own = Arc::new(Own::new(identity));
        let client = made(&kind, Arc::clone(&own), proxy.as_ref(), self.names.clone())?;
        let proxies = match (&kind.proxy, proxy) {
            (_, Some(url)) => Proxies::given(&url),
            (ProxyWay::Straight, _) => Proxies::None,
            _ => Proxies::System,
        };
        let way =
            Arc::new(Way { client, proxies, own, now: Arc::clone(&self.now), names: self.names.clone() });
        ways.insert(kind, Arc::clone(&way));
        Ok(way)
    }

    fn check(&self) -> Result<()> {
        if *self.closed.borrow() { Err(Error::AppLocked) } else { Ok(()) }
    }

    /// Lets go of every client, and of what they were made with.
    pub fn forget(&self) {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn certified(&self, identity: &Identity) -> Result<Arc<CertifiedKey>> {
        let cell = self.cell(&identity.key);
        let key = self.secret(&cell, &identity.key).await?.ok_or(Error::ClientKeyGone)?;
        files::certified(&identity.chain, key).ok_or(Error::ClientKeyGone)
    }

    /// With the password, as the libraries want it.
    async fn address(&self, given: &GivenProxy) -> Result<Url> {
        let mut url = given.url.clone();
        let Some(id) = &given.password else { return Ok(url) };
        let cell = self.cell(id);
        let gone =
            || Error::ProxyPasswordGone { proxy: Site::new(given.url.clone(), Transport::default()).host() };
        let password = self.secret(&cell, id).await?.ok_or_else(gone)?;
        // EXPOSE: the proxy is told it, by the connections of the instance that it was set for. Every letter is written as
        // its number: an address leaves `%` as it is, and whoever reads it would take `%40` for another letter.
        let written = Zeroizing::new(utf8_percent_encode(password.expose(), NON_ALPHANUMERIC).to_string());
        let set = url.set_password(Some(&written));
        set.map_err(|()| Error::Internal { what: "proxy address" })?;
        Ok(url)
    }

    fn cell(&self, id: &SecretId) -> Arc<OnceCell<Secret>> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(secrets.entry(id.clone()).or_default())
    }

    /// What was not to be had is asked for again the next time.
    async fn secret<'a>(&self, cell: &'a OnceCell<Secret>, id: &SecretId) -> Result<Option<&'a Secret>> {
        let read = cell.get_or_try_init(|| async {
            let (keyring, id) = (Arc::clone(&self.keyring), id.clone());
            let read = tokio::task::spawn_blocking(move || keyring(&id));
            read.await.map_err(|_| Some(Error::Internal { what: "secret store" }))?.map_err(Some)?.ok_or(None)
        });
        match read.await {
            Ok(secret) => Ok(Some(secret)),
            Err(None) => Ok(None),
            Err(Some(error)) => Err(error),
        }
    }

    /// Lets go of all connections, in whose buffers secrets may be; whoever waits for an answer waits no longer.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
        self.forget();
    }

    pub(crate) fn open(&self) {
        self.closed.send_replace(false);
    }

    /// What comes of `work` unless the connections are closed before.
    ///
    /// # Errors
    /// [`Error::AppLocked`]
    pub(crate) async fn while_open<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut closed = self.closed.subscribe();
        tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => Err(Error::AppLocked),
            done = work => done,
        }
    }

    /// Waits for its turn at a server.
    pub(crate) async fn turn(&self, site: &Site) -> Result<OwnedSemaphorePermit> {
        let permits = {
            let mut all = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
            let origin = site.url.origin().ascii_serialization();
            Arc::clone(all.entry(origin).or_insert_with(|| Arc::new(Semaphore::new(CALLS_AT_ONCE))))
        };
        permits.acquire_owned().await.map_err(|_| Error::Internal { what: "http permits" })
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

fn made(kind: &Kind, own: Arc<Own>, proxy: Option<&Url>, names: Names) -> Result<Client> {
    let mut builder = Client::builder()
        .user_agent(concat!("superset-keys/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(kind.connect)
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Resolver(names));
    builder = match kind.wanted {
        Use::Call => builder.pool_idle_timeout(CALL_IDLE),
        Use::Ask => builder.pool_max_idle_per_host(0).http1_only(),
        Use::Stream => builder
            .pool_idle_timeout(STREAM_IDLE)
            .tls_info(true)
            .tcp_keepalive(KEEP_ALIVE)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE),
    };
    let set_up = |error: reqwest::Error| {
        tracing::error!(error = %error.without_url(), "TLS cannot be set up");
        Error::Internal { what: "TLS set-up" }
    };
    builder = match (kind.road, proxy) {
        (Road::Plain, _) => builder.no_proxy().tls_backend_preconfigured(trust::trusting_nobody()?),
        (road, proxy) => {
            let mut tls = trust::trusting_the_system(&kind.trusted, own)?;
            if kind.wanted == Use::Ask {
                tls.alpn_protocols.clear();
            }
            let builder = builder.tls_backend_preconfigured(tls);
            match proxy {
                // It replaces what the system says, and whom the system excepts.
                Some(url) => builder.proxy(reqwest::Proxy::all(url.as_str()).map_err(set_up)?),
                None if road == Road::Straight || excepts_everybody() => builder.no_proxy(),
                None => builder,
            }
        }
    };
    builder.build().map_err(set_up)
}
