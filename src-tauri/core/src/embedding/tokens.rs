//! A rule's text in pieces: as far as it takes to know where quotes and brackets begin and end.

use super::dialect::{Dialect, Reading};
use crate::error::ClauseProblem;

/// A piece of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Of its first byte, and behind its last.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    /// A name or a keyword.
    Word,
    Number,
    Text,
    QuotedName,
    Open,
    Close,
    /// `::`
    Cast,
    /// `:name`, standing by itself.
    Placeholder,
    Other,
}

impl Token {
    pub(super) fn text<'a>(&self, clause: &'a str) -> &'a str {
        clause.get(self.start..self.end).unwrap_or_default()
    }
}

/// In pieces, as one reading has them.
///
/// # Errors
/// What would break out, or count for nothing.
pub(super) fn tokens(clause: &str, reading: Reading, dialect: Dialect) -> Result<Vec<Token>, ClauseProblem> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(letter) = clause[at..].chars().next() {
        let rest = &clause[at..];
        let before = tokens.last().copied();
        let mut depth = open.len();
        let (kind, length) = match letter {
            '\'' | '"' | '`' => {
                let glued = before.filter(|token| token.kind == Kind::Word).map(|word| word.text(clause));
                if dialect.quotes_with_q()
                    && glued.is_some_and(|word| matches!(word, "q" | "Q" | "nq" | "nQ" | "Nq" | "NQ"))
                {
                    return Err(ClauseProblem::Quotes);
                }
                let is_text = letter == '\'' || (letter == '"' && reading.double_is_text);
                let kind = if is_text { Kind::Text } else { Kind::QuotedName };
                (kind, quoted(rest, letter, reading)?)
            }
            '[' if reading.bracket_names => (Kind::QuotedName, bracketed(rest)?),
            '(' | '[' | '{' => {
                open.push(closing(letter));
                (Kind::Open, 1)
            }
            ')' | ']' | '}' => {
                if open.pop() != Some(letter) {
                    return Err(ClauseProblem::Brackets);
                }
                depth = open.len();
                (Kind::Close, 1)
            }
            ';' => return Err(ClauseProblem::Semicolon),
            '-' if rest.starts_with("--") => return Err(ClauseProblem::Comment),
            '/' if rest.starts_with("/*") => return Err(ClauseProblem::Comment),
            '*' if rest.starts_with("*/") => return Err(ClauseProblem::Comment),
            '/' if rest.starts_with("//") && dialect.comments_with_strokes() => {
                return Err(ClauseProblem::Comment);
            }
            '#' if dialect.comments_with_hash() => return Err(ClauseProblem::Comment),
            // `$$…$$` and `$tag$…$tag$`: what stands between is a text to some, and to others it is not.
            '$' if opens_dollars(rest) => return Err(ClauseProblem::Quotes),
            ':' if rest.starts_with("::") => (Kind::Cast, 2),
            ':' => match placeholder(clause, at, before) {
                Some(length) => (Kind::Placeholder, length),
                None => (Kind::Other, 1),
            },
            _ if letter.is_ascii_digit() => (Kind::Number, number(rest)),
            _ if begins_word(letter) => (Kind::Word, word(rest)),
            _ if letter.is_whitespace() => (Kind::Space, run(rest, char::is_whitespace)),
            _ => (Kind::Other, letter.len_utf8()),
        };
        tokens.push(Token { kind, start: at, end: at + length, depth });
        at += length;
    }
    if open.is_empty() { Ok(tokens) } else { Err(ClauseProblem::Brackets) }
}

/// How many bytes it has, from one quotation mark to the other.
fn quoted(text: &str, mark: char, reading: Reading) -> Result<usize, ClauseProblem> {
    let escapes = match mark {
        '\'' => reading.single_escapes,
        '"' => reading.double_escapes,
        _ => reading.tick_escapes,
    };
    // Where doubling does nothing, three of them may be one that ends elsewhere.
    if !reading.doubles && mark != '`' && text.chars().take_while(|letter| *letter == mark).count() >= 3 {
        return Err(ClauseProblem::Quotes);
    }
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && escapes {
            letters.next();
        } else if letter == mark {
            if reading.doubles && letters.peek().is_some_and(|(_, next)| *next == mark) {
                letters.next();
            } else {
                return Ok(at + 1);
            }
        }
    }
    Err(ClauseProblem::Quotes)
}

/// `[a name]`, in which `]]` is one of them.
fn bracketed(text: &str) -> Result<usize, ClauseProblem> {
    // SQLite ends it at the first, SQL Server does not: nothing that a rule needs.
    match text.find(']') {
        Some(end) if !text[end + 1..].starts_with(']') => Ok(end + 1),
        _ => Err(ClauseProblem::Brackets),
    }
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn opens_dollars(text: &str) -> bool {
    let tag = run(&text[1..], is_of_word_but_dollar);
    text[1 + tag..].starts_with('$')
}

/// A colon and a name, where a value can stand: not glued to what is before or behind it.
fn placeholder(clause: &str, at: usize, before: Option<Token>) -> Option<usize> {
    let behind_colon = &clause[at + 1..];
    let name = run(behind_colon, |letter| letter.is_ascii_alphanumeric() || letter == '_');
    let begins = behind_colon.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let next = behind_colon[name..].chars().next();
    let is_free = match before.map(|token| token.kind) {
        None | Some(Kind::Space) => true,
        Some(Kind::Open) => before.map(|token| token.text(clause)) == Some("("),
        Some(Kind::Other) => before.map(|token| token.text(clause)) != Some(":"),
        Some(_) => false,
    };
    let is_ended = next.is_none_or(|letter| !is_of_word(letter) && !"'\"`:$.[({".contains(letter));
    // `:name::text` casts it.
    let is_cast = behind_colon[name..].starts_with("::");
    (begins && is_free && (is_ended || is_cast)).then_some(1 + name)
}

fn number(text: &str) -> usize {
    run(text, |letter| letter.is_ascii_alphanumeric() || letter == '.' || letter == '_')
}

fn word(text: &str) -> usize {
    run(text, is_of_word)
}

fn begins_word(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_' || letter == '@'
}

fn is_of_word(letter: char) -> bool {
    is_of_word_but_dollar(letter) || letter == '$'
}

fn is_of_word_but_dollar(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '@'
}

fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !of(letter)).unwrap_or(text.len())
}
