//! Other people's programs, which may never end.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(2);

/// How it ended. One that has not by then is killed.
pub(crate) fn ended_within(child: &mut Child, since: Instant, patience: Duration) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if since.elapsed() < patience => std::thread::sleep(PAUSE),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}
