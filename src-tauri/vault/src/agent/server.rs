//! Answers for an open vault.

use super::address::folder_is_ours;
use super::client::{connected, is_ours};
use super::protocol::{Answer, Asked, hear, line, read_opener, say, written};
use crate::vault::Vault;
use interprocess::local_socket::{GenericFilePath, ListenerOptions, ToFsName, prelude::*};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use superset_keys_core::ids::SecretId;
use superset_keys_core::secret::Secret;
use superset_keys_core::secrets::SecretStore;
use superset_keys_core::{Error, Result};

/// Whoever connects and says nothing is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);
const AT_ONCE: usize = 32;
/// So many secrets may be asked for at once, and so many more each second: bridges ask for one when they begin.
const BURST: f64 = 100.0;
const PER_SECOND: f64 = 50.0;
const LOOK: Duration = Duration::from_millis(500);

/// Why it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Locked,
    Idle,
    /// Its socket or the installation's folder is gone.
    HomeGone,
}

/// The answering end, until it is dropped or [`Serving::wait`] ends.
pub struct Serving {
    shared: Arc<Shared>,
}

struct Shared {
    vault: Arc<Vault>,
    since: Instant,
    /// Milliseconds after `since` of the last question.
    last: AtomicU64,
    running: AtomicUsize,
    locked: AtomicBool,
    /// Nobody is answered any more.
    stopped: AtomicBool,
    socket: PathBuf,
    identity: Option<Identity>,
    left: Mutex<(f64, Instant)>,
}

impl Serving {
    /// Begins to answer. Fails where somebody does already.
    ///
    /// # Errors
    /// [`Error::VaultBusy`] where somebody answers, [`Error::VaultUnusable`] where nobody could.
    pub fn begin(vault: Arc<Vault>) -> Result<Self> {
        let agent = vault.agent().clone();
        if agent.is_there() {
            return Err(Error::VaultBusy { path: agent.socket().to_owned() });
        }
        let (listener, socket) = first_listener(agent.sockets())?;
        let now = Instant::now();
        let shared = Arc::new(Shared {
            vault,
            since: now,
            last: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            locked: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            identity: identity(&socket),
            socket,
            left: Mutex::new((BURST, now)),
        });
        let serving = Self { shared: Arc::clone(&shared) };
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(io::Result::ok) {
                if shared.stopped.load(Ordering::Acquire) {
                    break;
                }
                let shared = Arc::clone(&shared);
                if shared.running.fetch_add(1, Ordering::AcqRel) >= AT_ONCE {
                    shared.running.fetch_sub(1, Ordering::AcqRel);
                    continue;
                }
                std::thread::spawn(move || {
                    shared.answer(stream);
                    shared.running.fetch_sub(1, Ordering::AcqRel);
                });
            }
        });
        Ok(serving)
    }

    /// Until it is locked, nobody asked for `idle`, or what it is of is gone.
    #[must_use]
    pub fn wait(&self, idle: Duration) -> Ended {
        loop {
            std::thread::sleep(LOOK);
            let shared = &self.shared;
            let agent = shared.vault.agent();
            if shared.locked.load(Ordering::Acquire) {
                return Ended::Locked;
            }
            if identity(&shared.socket) != shared.identity || !agent.home().is_dir() {
                return Ended::HomeGone;
            }
            let last = Duration::from_millis(shared.last.load(Ordering::Acquire));
            if shared.since.elapsed().saturating_sub(last) >= idle {
                return Ended::Idle;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.shared.stop();
    }
}

/// The first place where one can be made.
fn first_listener(sockets: &[PathBuf]) -> Result<(LocalSocketListener, PathBuf)> {
    let mut problem = Error::Internal { what: "the vault's agent" };
    for socket in sockets {
        match folder_is_ours(socket).and_then(|()| listen(socket)) {
            Ok(listener) => return Ok((listener, socket.clone())),
            Err(source) => problem = Error::VaultUnusable { path: socket.clone(), source },
        }
    }
    Err(problem)
}

#[cfg(unix)]
fn listen(socket: &std::path::Path) -> io::Result<LocalSocketListener> {
    use interprocess::os::unix::local_socket::ListenerOptionsExt as _;
    // Of one that ended without a word; nobody answers there.
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let name = socket.to_fs_name::<GenericFilePath>()?;
    ListenerOptions::new().name(name).mode(0o600).reclaim_name(false).create_sync()
}

#[cfg(windows)]
fn listen(socket: &std::path::Path) -> io::Result<LocalSocketListener> {
    use interprocess::os::windows::local_socket::ListenerOptionsExt as _;
    use interprocess::os::windows::security_descriptor::SecurityDescriptor;
    // All rights for this user, as an administrator or not, and for nobody else.
    let text = format!("D:P(A;;GA;;;{})", super::user::own()?);
    let text = widestring::U16CString::from_str(text).map_err(io::Error::other)?;
    let since = Instant::now();
    loop {
        let mine = SecurityDescriptor::deserialize(&text)?;
        let name = socket.to_fs_name::<GenericFilePath>()?;
        match ListenerOptions::new().name(name).security_descriptor(mine).create_sync() {
            // The last answer of whoever ended is still on its way.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && since.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            made => return made,
        }
    }
}

/// Which file a socket is. Numbers are given again, so when it was made belongs to it.
type Identity = (u64, u64, i64, i64);

#[cfg(unix)]
fn identity(socket: &std::path::Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let found = socket.symlink_metadata().ok()?;
    Some((found.dev(), found.ino(), found.ctime(), found.ctime_nsec()))
}

#[cfg(windows)]
fn identity(_: &std::path::Path) -> Option<Identity> {
    None
}

impl Shared {
    /// Ends whoever waits for questions, and takes the socket away. Somebody else's of the same name stays.
    fn stop(&self) {
        if self.stopped.swap(true, Ordering::AcqRel) {
            return;
        }
        // It waits for somebody to come.
        let _ = connected(&self.socket);
        if self.identity.is_some() && identity(&self.socket) == self.identity {
            let _ = std::fs::remove_file(&self.socket);
        }
    }

    fn answer(&self, mut stream: LocalSocketStream) {
        if is_ours(&stream).is_err() {
            return;
        }
        // Pipes have no such thing: there, whoever is silent keeps a thread until they end.
        let _ = stream.set_recv_timeout(Some(PATIENCE));
        let _ = stream.set_send_timeout(Some(PATIENCE));
        let Ok(asked) = hear::<Asked>(&mut stream) else { return };
        let answer = self.answer_to(asked);
        let _ = line(&answer).and_then(|line| say(&mut stream, &line));
    }

    fn answer_to(&self, asked: Asked) -> Answer {
        match asked {
            // To look whether it is open is no use of it.
            Asked::State => return if self.vault.opener().is_some() { Answer::Done } else { Answer::Locked },
            Asked::Lock => {
                self.vault.forget_opener();
                self.locked.store(true, Ordering::Release);
                // Before anybody hears of it: whoever comes next may begin another one.
                self.stop();
                return Answer::Done;
            }
            Asked::Open { opener } => {
                let opened = read_opener(&opener)
                    .ok_or(Error::VaultLocked)
                    .and_then(|opener| self.vault.open_with(opener));
                return opened.map_or_else(|error| Answer::from(&error), |()| Answer::Done);
            }
            _ if self.vault.opener().is_none() => return Answer::Locked,
            _ => {}
        }
        if !self.may_ask() {
            return Answer::Busy;
        }
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Release);
        self.of_the_vault(asked).unwrap_or_else(|error| Answer::from(&error))
    }

    fn of_the_vault(&self, asked: Asked) -> Result<Answer> {
        let id =
            |name: String| SecretId::try_from(name).map_err(|_| Error::Internal { what: "a secret's name" });
        Ok(match asked {
            Asked::Get { id: name } => Answer::Secret { secret: self.vault.get(&id(name)?)? },
            Asked::Held { ids } => {
                let ids = ids.into_iter().map(id).collect::<Result<Vec<_>>>()?;
                Answer::Held { held: self.vault.held(&ids)? }
            }
            Asked::Set { id: name, secret } => {
                self.vault.set(&id(name)?, &secret)?;
                Answer::Done
            }
            Asked::Delete { id: name } => {
                self.vault.delete(&id(name)?)?;
                Answer::Done
            }
            Asked::State | Asked::Lock | Asked::Open { .. } => Answer::Done,
        })
    }

    fn may_ask(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (known, at) = *left;
        let have = (known + now.duration_since(at).as_secs_f64() * PER_SECOND).min(BURST);
        let may = have >= 1.0;
        *left = (if may { have - 1.0 } else { have }, now);
        may
    }
}

/// What opens a vault, on its way to an agent.
pub struct HandedOpener(Secret);

impl HandedOpener {
    /// None while it is not open here.
    #[must_use]
    pub fn of(vault: &Vault) -> Option<Self> {
        vault.opener().map(|opener| Self(written(&opener)))
    }

    /// To one that was just started, by its standard input.
    ///
    /// # Errors
    /// [`Error::Internal`] where the other end is gone.
    pub fn write(&self, to: &mut impl Write) -> Result<()> {
        // EXPOSE: to a program of ours that this one has started, by a pipe that nobody else has.
        let text = self.0.expose().as_bytes();
        let said = to.write_all(text).and_then(|()| to.write_all(b"\n")).and_then(|()| to.flush());
        said.map_err(|_| Error::Internal { what: "the vault's agent" })
    }
}

/// Takes it at the other end.
///
/// # Errors
/// [`Error::VaultLocked`] where nothing of the kind came, or it opens this vault no more.
pub fn given_opener(vault: &Vault, from: &mut impl BufRead) -> Result<()> {
    let mut line = zeroize::Zeroizing::new(String::with_capacity(1024));
    from.read_line(&mut line).map_err(|_| Error::VaultLocked)?;
    let opener = read_opener(&Secret::new(line.trim_end())).ok_or(Error::VaultLocked)?;
    vault.open_with(opener)
}
