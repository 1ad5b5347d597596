//! Lines that are written for a shell, taken apart as far as it takes to see what they start.

/// A command in a line.
pub(super) struct Line {
    pub words: Vec<String>,
    /// What is set for it in front of it, or before it.
    pub sets: Vec<(String, String)>,
}

/// What a text may mean as a command of several words: for `sh`, and for `cmd`, which knows no backslashes.
pub(super) fn readings(text: &str) -> Vec<Vec<String>> {
    if !text.contains(char::is_whitespace) {
        return Vec::new();
    }
    let posix = shlex::split(text);
    posix.into_iter().chain([for_cmd(text)]).collect()
}

/// The script that a shell is given: the word behind the first `-c`, also as `-lc`. What follows it are the script's
/// own `$0`, `$1`, …, which a script that only says `"$0" "$@"` starts.
pub(super) fn behind_c(words: &[String]) -> Option<String> {
    let is_c = |word: &String| word.starts_with('-') && !word.starts_with("--") && word.contains('c');
    let at = words.iter().position(is_c)?;
    let script = words.get(at + 1)?;
    let arguments = &words[at + 2..];
    let rest = shlex::try_join(arguments.iter().skip(1).map(String::as_str)).unwrap_or_default();
    let first = arguments.first().and_then(|word| shlex::try_quote(word).ok()).unwrap_or_default();
    Some(script.replace("\"$0\"", &first).replace("\"$@\"", &rest).replace("$0", &first).replace("$@", &rest))
}

/// The commands of a script, in their order, each with what was set by then.
pub(super) fn commands(script: &str) -> Vec<Line> {
    let mut sets: Vec<(String, String)> = Vec::new();
    let mut lines = Vec::new();
    for part in parts(script) {
        let Some(words) = shlex::split(part) else { continue };
        let mut words = words.into_iter().peekable();
        let mut own = Vec::new();
        while let Some(word) = words.peek() {
            match assignment(word) {
                Some(set) => own.push(set),
                None if matches!(word.as_str(), "export" | "exec" | "command") => {}
                None => break,
            }
            words.next();
        }
        let words: Vec<_> = words.collect();
        sets.extend(own);
        if !words.is_empty() {
            lines.push(Line { words, sets: sets.clone() });
        }
    }
    lines
}

/// `NAME=value`, also as `--env=NAME=value`.
pub(super) fn assignment(word: &str) -> Option<(String, String)> {
    let word = word.strip_prefix("--env=").unwrap_or(word);
    let (name, value) = word.split_once('=')?;
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|letter: char| letter.is_ascii_digit());
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

/// A script between its operators, quotes kept together.
fn parts(script: &str) -> Vec<&str> {
    let (mut parts, mut begin, mut quote, mut escaped) = (Vec::new(), 0, None, false);
    for (at, letter) in script.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ';' | '&' | '|' | '\n' | '(' | ')') => {
                parts.push(&script[begin..at]);
                begin = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&script[begin..]);
    parts
}

/// As `cmd` takes a line apart: at blanks outside double quotes.
pub(super) fn for_cmd(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for letter in line.chars() {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            _ if letter.is_whitespace() && !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            _ => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// What `-Command` or `-File` starts: with or without the call operator `&`.
pub(super) fn for_powershell(words: &[String]) -> Vec<Vec<String>> {
    let is = |word: &String, name: &str| {
        let word = word.trim_start_matches(['-', '/']).to_ascii_lowercase();
        !word.is_empty() && name.starts_with(&word)
    };
    let at = words
        .iter()
        .position(|word| word.starts_with(['-', '/']) && (is(word, "command") || is(word, "file")));
    let script = words[at.map_or(0, |at| at + 1)..].join(" ");
    // Quotes of either kind; a backslash is a letter.
    let line = script.trim().trim_start_matches('&').trim().replace('\'', "\"");
    vec![for_cmd(&line)]
}
