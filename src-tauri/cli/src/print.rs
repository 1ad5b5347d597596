//! The only place that prints.
//!
//! What a command answers goes to stdout, everything said beside it to stderr. What others named (a server's
//! keys, for instance) is cleaned before it reaches a terminal, so that no name can move the cursor.

use crate::failure::{FaceCode, Failure, Outcome, Reason};
use crate::words::words;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::io::{self, IsTerminal, Write};
use superset_keys_core::secret::Secret;

/// The shape of everything `--json` prints.
const VERSION: u32 = 1;

#[derive(Debug, Clone, Copy)]
pub struct Printer {
    pub json: bool,
}

#[derive(Serialize)]
struct Envelope<T> {
    version: u32,
    data: T,
}

#[derive(Serialize)]
struct ErrorEnvelope<'a> {
    version: u32,
    error: ErrorView<'a>,
}

#[derive(Serialize)]
struct ErrorView<'a> {
    code: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
}

impl Printer {
    /// The answer of a command: its view with `--json`, otherwise `text`.
    pub fn answer(self, view: &impl Serialize, text: impl FnOnce() -> String) -> Outcome {
        if self.json { json(view) } else { to_stdout(&cleaned(text())) }
    }

    /// The answer that is a secret. [`may_show`] was asked before.
    pub fn secret(self, view: &impl Serialize, secret: &Secret) -> Outcome {
        if self.json {
            return json(view);
        }
        // EXPOSE: the person asked for the key on stdout.
        to_stdout(secret.expose())
    }

    /// A sentence beside the answer. With `--json` everything worth knowing is in the answer.
    pub fn note(self, sentence: &str) {
        if !self.json {
            to_stderr(&cleaned(sentence.to_owned()));
        }
    }

    /// The words of a reason that ends nothing.
    pub fn remark(self, about: &Failure) {
        let words = words(about);
        self.note(&words.message);
        if let Some(hint) = words.hint {
            self.note(&hint);
        }
    }

    pub fn failure(self, failure: &Failure) {
        if failure.reason == Reason::Face(FaceCode::PipeClosed) {
            return;
        }
        let words = words(failure);
        if self.json {
            let (code, message, hint) = (&*words.code, &*words.message, words.hint.as_deref());
            let view = ErrorEnvelope { version: VERSION, error: ErrorView { code, message, hint } };
            to_stderr(&serde_json::to_string(&view).unwrap_or_default());
        } else {
            to_stderr(&cleaned(words.message));
            if let Some(hint) = words.hint {
                to_stderr(&cleaned(hint));
            }
        }
    }
}

/// `{"Authorization":"Bearer …"}`, bare: what AI clients expect from a program they call.
pub fn headers(key: &Secret) -> Outcome {
    struct Headers<'a>(&'a Secret);
    impl Serialize for Headers<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            // EXPOSE: handing the key to the client that asked is what `headers` is for.
            let value = Secret::new(format!("Bearer {}", self.0.expose()));
            let mut headers = serializer.serialize_struct("Headers", 1)?;
            // EXPOSE: as above.
            headers.serialize_field("Authorization", value.expose())?;
            headers.end()
        }
    }
    line_of_json(&Headers(key))
}

/// One line on stdout, whatever else was asked for: what another program waits for.
pub fn line(text: &str) -> Outcome {
    to_stdout(&cleaned(text.to_owned()))
}

/// Lines of JSON on stdout, whatever else was asked for.
pub fn json_lines(text: &str) -> Outcome {
    if text.is_empty() { Ok(()) } else { to_stdout(text) }
}

/// What must be known for a command to go on, on stderr, with `--json` too.
pub fn aside(sentence: &str) {
    to_stderr(&cleaned(sentence.to_owned()));
}

/// Refuses to put a plaintext on a terminal unless the person asked to see it.
pub fn may_show(show: bool) -> Outcome {
    if show || !io::stdout().is_terminal() { Ok(()) } else { Err(Failure::face(FaceCode::ShowNeeded)) }
}

/// Clap's own words: help and version, which are answers, or what it did not understand.
pub fn clap(error: &clap::Error) -> Outcome {
    error.print().map_err(|error| Failure::writing(&error))
}

/// A question, left open for the answer.
pub fn question(question: &str) {
    let _ = write!(io::stderr(), "{} ", cleaned(question.to_owned()));
}

fn json(view: &impl Serialize) -> Outcome {
    line_of_json(&Envelope { version: VERSION, data: view })
}

/// Whether the answer is read on a terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A secret inside a view: only for views that [`may_show`] was asked about.
pub struct Shown<'a>(pub &'a Secret);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // EXPOSE: the person asked for it on stdout.
        serializer.serialize_str(self.0.expose())
    }
}

fn line_of_json(view: &impl Serialize) -> Outcome {
    let line = serde_json::to_string(view).map(Secret::new).map_err(|_| Failure::face(FaceCode::Output))?;
    // EXPOSE: a whole answer, written once and wiped.
    to_stdout(line.expose())
}

/// A table for other programs, whose lines end as they have to; on a terminal, as it is shown there.
pub fn table(text: &str) -> Outcome {
    if is_terminal() { to_stdout(&cleaned(text.replace("\r\n", "\n"))) } else { to_stdout(text) }
}

fn to_stdout(text: &str) -> Outcome {
    let mut stdout = io::stdout().lock();
    let ended = if text.ends_with('\n') { "" } else { "\n" };
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.write_all(ended.as_bytes()))
        .and_then(|()| stdout.flush());
    written.map_err(|error| Failure::writing(&error))
}

fn to_stderr(text: &str) {
    // Nobody is left to tell when stderr is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// The text without letters that would steer a terminal or reorder what it shows.
fn cleaned(text: String) -> String {
    let steers = |letter: char| {
        (letter.is_control() && letter != '\n' && letter != '\t')
            || matches!(letter, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(steers) { text.replace(steers, "\u{fffd}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_steer_the_terminal() {
        assert_eq!(cleaned("a\u{1b}[2Jb\u{202e}c\rd\n".into()), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\n");
        assert_eq!(cleaned("Claude Code – büro".into()), "Claude Code – büro");
    }
}
