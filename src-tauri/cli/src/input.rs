//! What is asked of a person: on a terminal, by a question; elsewhere, from stdin or not at all.

use crate::failure::{FaceCode, Failure, Outcome};
use crate::print;
use std::fs::File;
#[cfg(unix)]
use std::io::Write;
use std::io::{self, BufRead, IsTerminal, Read};
use superset_keys_core::secret::Secret;
use zeroize::Zeroizing;

/// No password or key is longer; a whole file on stdin is a mistake.
const MOST_BYTES: usize = 8192;

/// Somebody is there to answer.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A person types what is read from stdin, wherever what is said to them goes.
pub fn is_typed() -> bool {
    io::stdin().is_terminal()
}

/// Asks for a secret where nothing that is typed is shown ([`Echo::off`]): on the terminal itself, since what is said
/// to people may go elsewhere. Blocks as [`ask_line`] does.
#[cfg(unix)]
pub fn ask_secret(question: &str) -> Outcome<Secret> {
    let mut terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty").ok();
    let mut say = |words: &str| match &mut terminal {
        Some(terminal) => {
            let _ = terminal.write_all(words.as_bytes());
        }
        None => print::question(words),
    };
    say(&format!("{question}: "));
    let answer = read_secret();
    say("\n");
    answer
}

#[cfg(windows)]
pub fn ask_secret(question: &str) -> Outcome<Secret> {
    rpassword::prompt_password(format!("{question}: "))
        .map(Secret::new)
        .map_err(|_| Failure::face(FaceCode::InputUnusable))
}

/// One line of stdin as a secret, where nobody types it.
pub fn read_secret() -> Outcome<Secret> {
    let unusable = || Failure::face(FaceCode::InputUnusable);
    let line = stdin().and_then(first_line).map_err(|_| unusable())?;
    let text = std::str::from_utf8(&line).map_err(|_| unusable())?;
    if text.is_empty() { Err(unusable()) } else { Ok(Secret::new(text)) }
}

/// What is typed is not shown any more. It is taken back by whoever asked, also when the question is not answered:
/// what waits for the answer is not there any more then.
pub struct Echo {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Echo {
    pub fn off() -> Self {
        Self {
            #[cfg(unix)]
            before: rustix::termios::tcgetattr(io::stdin()).ok().inspect(|before| {
                let mut hidden = before.clone();
                hidden.local_modes.remove(rustix::termios::LocalModes::ECHO);
                set(&hidden);
            }),
        }
    }

    pub fn on_again(self) {
        #[cfg(unix)]
        if let Some(before) = self.before {
            set(&before);
        }
    }
}

#[cfg(unix)]
fn set(terminal: &rustix::termios::Termios) {
    use rustix::termios::{OptionalActions, tcsetattr};
    let _ = tcsetattr(io::stdin(), OptionalActions::Now, terminal);
}

/// Asks for a line. Blocks, so [`crate::commands::Context::wait`] moves it off and Ctrl-C gets through.
pub fn ask_line(question: &str) -> String {
    print::question(question);
    let mut line = String::new();
    let _ = io::stdin().lock().read_line(&mut line);
    line.trim().to_owned()
}

/// `y` or `yes`, and nothing else, is a yes.
pub fn is_yes(answer: &str) -> bool {
    answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
}

/// Stdin without the buffer of `std::io::stdin`, which nobody would wipe.
fn stdin() -> io::Result<File> {
    #[cfg(unix)]
    let own = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
    #[cfg(windows)]
    let own = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
    Ok(File::from(own))
}

/// Up to a line feed or the end, without it. The buffer never grows, so it leaves no copies behind.
fn first_line(mut input: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
    let mut byte = Zeroizing::new([0_u8]);
    while input.read(&mut *byte)? == 1 && byte[0] != b'\n' {
        if line.len() == MOST_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        line.push(byte[0]);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_its_end() {
        for (input, line) in
            [("pw\n", "pw"), ("pw\r\n", "pw"), ("pw", "pw"), ("p w \n2\n", "p w "), ("\n", "")]
        {
            assert_eq!(first_line(input.as_bytes()).unwrap().as_slice(), line.as_bytes(), "{input:?}");
        }
        assert!(first_line(vec![b'x'; MOST_BYTES + 1].as_slice()).is_err());
    }
}
