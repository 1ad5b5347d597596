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

const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long clearing is tried while another program has the clipboard open; quitting waits for it.
const BUSY_PATIENCE: Duration = Duration::from_secs(2);

/// On X11, a program that keeps the clipboard's content and does not answer is told from one that has no text by the time
/// alone: arboard waits for four seconds, and calls both the same.
const AN_ANSWER: Duration = Duration::from_secs(1);
const SURELY_ABSENT: u32 = 2;

/// How a copy came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyEnd {
    /// The time was up, or we were told to; the clipboard still held the secret and was emptied.
    Cleared,
    /// Something else had been copied; it was left alone.
    Replaced,
    /// It may still be there: the clipboard could not be looked at, or not be emptied.
    StillThere,
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
                    return CopyEnd::StillThere;
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

    /// Clears it at once if it is still there.
    #[must_use]
    pub fn end(mut self) -> CopyEnd {
        drop(self.stop.take());
        self.wait()
    }

    /// Waits until it is cleared or replaced.
    #[must_use]
    pub fn wait(mut self) -> CopyEnd {
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or(CopyEnd::StillThere)
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

/// What is asked of a clipboard after something was put on it.
trait Board {
    fn text(&mut self) -> std::result::Result<String, arboard::Error>;
    fn empty(&mut self) -> std::result::Result<(), arboard::Error>;
}

impl Board for Clipboard {
    fn text(&mut self) -> std::result::Result<String, arboard::Error> {
        self.get_text()
    }

    fn empty(&mut self) -> std::result::Result<(), arboard::Error> {
        self.clear()
    }
}

fn guard(
    clipboard: &mut impl Board,
    secret: &Secret,
    clear_after: Duration,
    stopped: &mpsc::Receiver<()>,
) -> CopyEnd {
    let mut until = Instant::now() + clear_after;
    let mut ending = false;
    let mut absent = 0;
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
        let seen = look(clipboard, secret);
        absent = if matches!(seen, Look::NoText) { absent + 1 } else { 0 };
        match seen {
            Look::Replaced => return CopyEnd::Replaced,
            Look::NoText if absent == SURELY_ABSENT => return CopyEnd::Replaced,
            Look::StillThere if ending && clipboard.empty().is_ok() => return CopyEnd::Cleared,
            Look::StillThere | Look::NoText | Look::Unknown if ending => {
                if until.elapsed() > BUSY_PATIENCE {
                    tracing::warn!("a copied key could not be taken off the clipboard");
                    return CopyEnd::StillThere;
                }
                std::thread::sleep(LOOK_EVERY);
            }
            Look::StillThere | Look::NoText | Look::Unknown => {}
        }
    }
}

enum Look {
    StillThere,
    Replaced,
    /// Nothing there is text. That is what a read that went wrong is called too (Windows), so it takes more than one.
    NoText,
    /// It could not be looked at, which says nothing about what is on it: another program has it open, or the system
    /// did not answer.
    Unknown,
}

fn look(clipboard: &mut impl Board, secret: &Secret) -> Look {
    let asked = Instant::now();
    match clipboard.text().map(Zeroizing::new) {
        // EXPOSE: to see whether the clipboard still holds it.
        Ok(text) if text.as_str() == secret.expose() => Look::StillThere,
        Ok(_) => Look::Replaced,
        Err(arboard::Error::ContentNotAvailable) if asked.elapsed() < AN_ANSWER => Look::NoText,
        Err(_) => Look::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arboard::Error::{ClipboardOccupied, ContentNotAvailable};
    use std::collections::VecDeque;

    type Text = std::result::Result<&'static str, arboard::Error>;

    /// Answers each look with the next; after the last with nothing but that.
    struct Scripted {
        looks: VecDeque<Text>,
        takes: Duration,
        emptied: bool,
    }

    impl Board for Scripted {
        fn text(&mut self) -> std::result::Result<String, arboard::Error> {
            std::thread::sleep(self.takes);
            self.looks.pop_front().unwrap_or(Err(ClipboardOccupied)).map(str::to_owned)
        }

        fn empty(&mut self) -> std::result::Result<(), arboard::Error> {
            self.emptied = true;
            Ok(())
        }
    }

    fn ended(looks: Vec<Text>, takes: Duration) -> (CopyEnd, bool) {
        let mut board = Scripted { looks: looks.into(), takes, emptied: false };
        // Told to end at once.
        let (stop, stopped) = mpsc::channel();
        drop(stop);
        let end = guard(&mut board, &Secret::new("sst_x"), Duration::from_secs(60), &stopped);
        (end, board.emptied)
    }

    #[test]
    fn it_is_cleared_only_while_it_is_ours() {
        assert_eq!(ended(vec![Ok("sst_x")], Duration::ZERO), (CopyEnd::Cleared, true));
        assert_eq!(ended(vec![Ok("another")], Duration::ZERO), (CopyEnd::Replaced, false));
        let picture = || Err(ContentNotAvailable);
        assert_eq!(ended(vec![picture(), picture()], Duration::ZERO), (CopyEnd::Replaced, false));
    }

    #[test]
    fn a_look_that_failed_does_not_count_as_replaced() {
        let failing = |error: fn() -> arboard::Error| vec![Err(error()), Ok("sst_x")];
        assert_eq!(ended(failing(|| ClipboardOccupied), Duration::ZERO), (CopyEnd::Cleared, true));
        // Windows calls a read that went wrong so.
        assert_eq!(ended(failing(|| ContentNotAvailable), Duration::ZERO), (CopyEnd::Cleared, true));
        let apart =
            vec![Err(ContentNotAvailable), Err(ClipboardOccupied), Err(ContentNotAvailable), Ok("sst_x")];
        assert_eq!(ended(apart, Duration::ZERO), (CopyEnd::Cleared, true));
    }

    #[test]
    fn a_program_that_does_not_answer_may_still_have_it() {
        let hanging = (0..9).map(|_| Err(ContentNotAvailable)).collect();
        assert_eq!(ended(hanging, AN_ANSWER), (CopyEnd::StillThere, false));
    }
}
