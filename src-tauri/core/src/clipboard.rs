//! Secrets on the clipboard: kept out of clipboard histories, and taken away again.
//!
//! Here rather than in a face because both copy, under one rule. On X11 and Wayland a copied text lives only
//! as long as the thread that offers it, which is one more reason for a thread per copy.

use crate::error::{Error, Result, Source};
use crate::secret::Secret;
use arboard::Clipboard;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a copied key stays.
pub const CLEAR_AFTER: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long clearing is tried while another program has the clipboard open; quitting waits for it.
const BUSY_PATIENCE: Duration = Duration::from_secs(2);

/// How a copy came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyEnd {
    /// The time was up, or we were told to; the clipboard still held the secret and was emptied.
    Cleared,
    /// Something else had been copied; it was left alone.
    Replaced,
}

/// A secret on the clipboard. Dropping it clears at once.
pub struct CopiedSecret {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<CopyEnd>>,
}

impl CopiedSecret {
    /// Copies `secret` and clears it after `clear_after` if the clipboard still holds it, then calls
    /// `at_end`. Returns once the text is on the clipboard.
    pub fn copy(
        secret: Secret,
        clear_after: Duration,
        at_end: impl FnOnce(CopyEnd) + Send + 'static,
    ) -> Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let (copied, is_copied) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut clipboard = match put(&secret) {
                Ok(clipboard) => clipboard,
                Err(error) => {
                    let _ = copied.send(Err(error));
                    return CopyEnd::Replaced;
                }
            };
            let _ = copied.send(Ok(()));
            let end = guard(&mut clipboard, &secret, clear_after, &stopped);
            at_end(end);
            end
        });
        match is_copied.recv() {
            Ok(Ok(())) => Ok(Self { stop: Some(stop), thread: Some(thread) }),
            Ok(Err(error)) => Err(Error::Clipboard { source: Some(error) }),
            Err(_) => Err(Error::Clipboard { source: None }),
        }
    }

    /// Waits until it is cleared or replaced.
    #[must_use]
    pub fn wait(mut self) -> CopyEnd {
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or(CopyEnd::Replaced)
    }

    /// Whether it has come to its end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for CopiedSecret {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Text that is no secret, on the clipboard for as long as this lives (on X11 and Wayland; elsewhere longer).
pub struct CopiedText(#[allow(dead_code)] Clipboard);

impl CopiedText {
    pub fn copy(text: String) -> Result<Self> {
        let put = Clipboard::new().and_then(|mut clipboard| clipboard.set_text(text).map(|()| clipboard));
        put.map(Self).map_err(|error| Error::Clipboard { source: Some(error.into()) })
    }
}

fn put(secret: &Secret) -> std::result::Result<Clipboard, Source> {
    let mut clipboard = Clipboard::new()?;
    let set = clipboard.set();
    #[cfg(target_os = "linux")]
    let set = arboard::SetExtLinux::exclude_from_history(set);
    #[cfg(target_os = "macos")]
    let set = arboard::SetExtApple::exclude_from_history(set);
    #[cfg(target_os = "windows")]
    let set = arboard::SetExtWindows::exclude_from_monitoring(set);
    // EXPOSE: the person asked for it on the clipboard.
    set.text(secret.expose())?;
    Ok(clipboard)
}

fn guard(
    clipboard: &mut Clipboard,
    secret: &Secret,
    clear_after: Duration,
    stopped: &mpsc::Receiver<()>,
) -> CopyEnd {
    let mut until = Instant::now() + clear_after;
    let mut ending = false;
    loop {
        if !ending {
            let left = until.saturating_duration_since(Instant::now());
            let told_to_stop =
                !matches!(stopped.recv_timeout(LOOK_EVERY.min(left)), Err(RecvTimeoutError::Timeout));
            ending = told_to_stop || Instant::now() >= until;
            if ending {
                until = Instant::now();
            }
        }
        match look(clipboard, secret) {
            Look::Replaced => return CopyEnd::Replaced,
            Look::StillThere if ending && clipboard.clear().is_ok() => return CopyEnd::Cleared,
            Look::StillThere | Look::Busy if ending => {
                if until.elapsed() > BUSY_PATIENCE {
                    tracing::warn!("a copied key could not be taken off the clipboard");
                    return CopyEnd::Replaced;
                }
                std::thread::sleep(LOOK_EVERY);
            }
            Look::StillThere | Look::Busy => {}
        }
    }
}

enum Look {
    StillThere,
    Replaced,
    /// Another program has it open just now, which says nothing about what is on it.
    Busy,
}

fn look(clipboard: &mut Clipboard, secret: &Secret) -> Look {
    match clipboard.get_text().map(Zeroizing::new) {
        // EXPOSE: to see whether the clipboard still holds it.
        Ok(text) if text.as_str() == secret.expose() => Look::StillThere,
        Err(arboard::Error::ClipboardOccupied) => Look::Busy,
        Ok(_) | Err(_) => Look::Replaced,
    }
}
