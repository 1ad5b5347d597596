//! Lines of a text, by byte.

/// How lines end in this text: as the first one does.
pub(super) fn line_ending(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// How the line that holds `at` ends; the last line, as the first one does. A text may mix them.
pub(super) fn line_ending_at(text: &str, at: usize) -> &'static str {
    match text[at..].find('\n') {
        Some(after) if text[..at + after].ends_with('\r') => "\r\n",
        Some(_) => "\n",
        None => line_ending(text),
    }
}

/// Where the line that holds `at` begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |before| before + 1)
}

/// Where the line that holds `at` ends: before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let Some(after) = text[at..].find('\n') else { return text.len() };
    let end = at + after;
    if end > at && text[..end].ends_with('\r') { end - 1 } else { end }
}

/// Where the next line begins, or where the text ends.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |after| at + after + 1)
}

/// The blanks that the line of `at` begins with, up to `at`.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Nothing but blanks stands before `at` on its line.
pub(super) fn begins_line(text: &str, at: usize) -> bool {
    is_blank(&text[line_start(text, at)..at])
}

/// Nothing but blanks stands after `at` on its line.
pub(super) fn ends_line(text: &str, at: usize) -> bool {
    is_blank(&text[at..line_end(text, at)])
}

/// A carriage return that ends no line, or ends one by itself as it did on old Macs.
pub(super) fn lone_return(text: &str) -> Option<usize> {
    text.match_indices('\r').map(|(at, _)| at).find(|at| !text[at + 1..].starts_with('\n'))
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// `at` moved back over blanks.
pub(super) fn before_blanks(text: &str, at: usize) -> usize {
    text[..at].trim_end_matches([' ', '\t']).len()
}

/// `at` moved back over one line break, if one stands there.
pub(super) fn before_line_break(text: &str, at: usize) -> usize {
    let head = &text[..at];
    head.strip_suffix("\r\n").or_else(|| head.strip_suffix('\n')).map_or(at, str::len)
}

/// `text` on lines of its own, all but the first behind `indent`, with `step` for each two blanks that its
/// lines begin with. No blank line must begin within a string.
pub(super) fn reindent(text: &str, indent: &str, step: &str, line_ending: &str) -> String {
    let mut result = String::new();
    for (count, line) in text.lines().enumerate() {
        let rest = line.trim_start_matches(' ');
        if count > 0 {
            result.push_str(line_ending);
            result.push_str(indent);
        }
        result.push_str(&step.repeat((line.len() - rest.len()) / 2));
        result.push_str(rest);
    }
    result
}

/// The lines from `start` to `end`. At the end of a text that does not end its last line, the line break goes
/// that then would be one too many.
pub(super) fn whole_lines(text: &str, start: usize, end: usize) -> std::ops::Range<usize> {
    let start = line_start(text, start);
    let end = next_line(text, end);
    let ends_text = end == text.len() && !text.ends_with('\n');
    (if ends_text { before_line_break(text, start) } else { start })..end
}
