//! Asks whoever has the vault open.

use super::address::addresses;
use super::protocol::{Answer, Ask, failed, hear, line, say};
#[cfg(unix)]
use interprocess::ConnectWaitMode;
use interprocess::local_socket::{ConnectOptions, GenericFilePath, ToFsName, prelude::*};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use superset_keys_core::{Error, Result};

/// An answer takes milliseconds; a save on a slow disk longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody is asked again who has too many questions.
const BUSY_PATIENCE: Duration = Duration::from_secs(5);
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// Whoever answers for the vault of one installation, if anybody does.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Where it may be, in the order in which they are tried.
    sockets: Vec<PathBuf>,
    /// The installation's folder.
    home: PathBuf,
}

impl Agent {
    /// `config` is the folder that the vault lies in.
    pub(crate) fn of(config: &Path) -> Self {
        Self { sockets: addresses(config), home: config.to_owned() }
    }

    pub(super) fn sockets(&self) -> &[PathBuf] {
        &self.sockets
    }

    /// The one that is there, else the one that would be made first.
    #[must_use]
    pub fn socket(&self) -> &Path {
        let there = self.sockets.iter().find(|socket| socket.symlink_metadata().is_ok());
        there.or_else(|| self.sockets.first()).map_or(Path::new(""), PathBuf::as_path)
    }

    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Whether somebody answers, locked or not.
    #[must_use]
    pub fn is_there(&self) -> bool {
        matches!(self.try_ask(&Ask::State), Ok(Answer::Done | Answer::Locked | Answer::Busy))
    }

    /// One question. That nobody answers is what a locked vault is.
    pub(crate) fn ask(&self, ask: &Ask<'_>) -> Result<Answer> {
        let since = Instant::now();
        loop {
            match self.try_ask(ask) {
                Ok(Answer::Busy) if since.elapsed() < BUSY_PATIENCE => std::thread::sleep(BUSY_PAUSE),
                Ok(Answer::Locked) => return Err(Error::VaultLocked),
                Ok(Answer::Failed { why }) => return Err(failed(why, &self.home)),
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    tracing::debug!(%error, "nobody answers for the vault");
                    return Err(Error::VaultLocked);
                }
            }
        }
    }

    #[cfg(unix)]
    fn try_ask(&self, ask: &Ask<'_>) -> io::Result<Answer> {
        exchange(&self.sockets, &line(ask)?)
    }

    /// A pipe waits without an end, so it is waited for elsewhere. Whoever does not answer keeps that thread until they end.
    #[cfg(windows)]
    fn try_ask(&self, ask: &Ask<'_>) -> io::Result<Answer> {
        let (sockets, line) = (self.sockets.clone(), line(ask)?);
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || tell.send(exchange(&sockets, &line)));
        told.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// One line there and one back, with the first who is there.
fn exchange(sockets: &[PathBuf], line: &[u8]) -> io::Result<Answer> {
    let mut problem = io::ErrorKind::NotFound.into();
    for socket in sockets {
        match connected(socket) {
            Ok(mut stream) => {
                say(&mut stream, line)?;
                return hear(&mut stream);
            }
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

#[cfg(unix)]
pub(super) fn connected(socket: &Path) -> io::Result<LocalSocketStream> {
    let name = socket.to_fs_name::<GenericFilePath>()?;
    let mode = ConnectWaitMode::Timeout(PATIENCE);
    let stream = ConnectOptions::new().name(name).wait_mode(mode).connect_sync()?;
    is_ours(&stream)?;
    stream.set_recv_timeout(Some(PATIENCE))?;
    stream.set_send_timeout(Some(PATIENCE))?;
    Ok(stream)
}

#[cfg(windows)]
pub(super) fn connected(socket: &Path) -> io::Result<LocalSocketStream> {
    let name = socket.to_fs_name::<GenericFilePath>()?;
    let stream = ConnectOptions::new().name(name).connect_sync()?;
    is_ours(&stream)?;
    Ok(stream)
}

/// Another user of this computer may have put a socket there.
#[cfg(unix)]
pub(super) fn is_ours(stream: &LocalSocketStream) -> io::Result<()> {
    use interprocess::local_socket::traits::StreamCommon as _;
    let user = stream.peer_creds()?.euid();
    if user == Some(rustix::process::geteuid().as_raw()) {
        Ok(())
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Another user of this computer may have made a pipe of that name. Who comes to ours is let in by its descriptor.
#[cfg(windows)]
pub(super) fn is_ours(stream: &LocalSocketStream) -> io::Result<()> {
    let LocalSocketStream::NamedPipe(pipe) = stream;
    if pipe.inner().is_server() {
        return Ok(());
    }
    let theirs = super::user::of_process(pipe.inner().server_process_id()?)?;
    if theirs == super::user::own()? { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}
