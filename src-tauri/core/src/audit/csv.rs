//! A table for spreadsheets (RFC 4180), in which no cell is taken for a formula.
//!
//! People name their keys as they like, and a spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a
//! line feed (OWASP, "CSV Injection"). Such a cell gets a single quote in front.

use std::borrow::Cow;

/// Rows of cells under their columns' names.
#[must_use]
pub fn table(names: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    line(&mut text, names.iter().map(|name| (*name).to_owned()));
    for row in rows {
        line(&mut text, row);
    }
    text
}

fn line(text: &mut String, cells: impl IntoIterator<Item = String>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        push(text, &cell);
    }
    text.push_str("\r\n");
}

fn push(text: &mut String, cell: &str) {
    let shown = guarded(&without_control(cell));
    let quoted = cell.contains([',', '"', '\r', '\n', '\t', ';']) || is_formula(cell) || cell.trim() != cell;
    if !quoted {
        text.push_str(&shown);
        return;
    }
    text.push('"');
    if is_formula(cell) {
        text.push('\'');
    }
    text.push_str(&shown.replace('"', "\"\""));
    text.push('"');
}

/// A spreadsheet that takes `;` or a tab for the end of a cell, as some countries' do, does not begin a formula there either.
fn guarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(end) = rest.find([';', '\t', '\r', '\n']) {
        let (cell, behind) = rest.split_at(end + 1);
        text.push_str(cell);
        if is_formula(behind) && !behind.starts_with(['\t', '\r', '\n']) {
            text.push('\'');
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// What would steer a terminal that shows the file stands for itself no longer.
fn without_control(cell: &str) -> Cow<'_, str> {
    let steers = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
    if cell.contains(steers) { cell.replace(steers, "\u{fffd}").into() } else { cell.into() }
}

/// Also behind spaces, which some programs skip, and in the wide forms that they read as the same letters.
fn is_formula(cell: &str) -> bool {
    let first = cell.trim_start_matches(' ');
    first.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(cell: &str) -> String {
        table(&["a"], [vec![cell.to_owned()]])
            .strip_prefix("a\r\n")
            .unwrap()
            .trim_end_matches("\r\n")
            .to_owned()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            table(&["a", "b"], [vec!["1".into(), "x, \"y\"".into()]]),
            "a,b\r\n1,\"x, \"\"y\"\"\"\r\n"
        );
        for plain in ["", "etl", "2026-11-29T12:00:00Z", "a-b", "büro", "1=1"] {
            assert_eq!(one(plain), plain);
        }
        assert_eq!(one("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "  =1", "＝1+1", "=\"a\""] {
            let cell = one(formula);
            assert!(cell.starts_with("\"'"), "{cell}");
        }
        // As a spreadsheet reads it whose cells end at a semicolon.
        assert_eq!(one("a;=cmd|'/C calc'!A0;b"), "\"a;'=cmd|'/C calc'!A0;b\"");
        assert_eq!(one("a\t+1\n -2;c"), "\"a\t'+1\n' -2;c\"");
    }

    proptest! {
        /// Whoever reads it gets the cells back, but for the quote in front of what would be a formula.
        #[test]
        fn what_is_written_is_read_again(cells in prop::collection::vec("[ -~\\t\\r\\nä＝]{0,12}", 2..4)) {
            let text = table(&["x"], [cells.clone()]);
            let read = read_back(text.strip_prefix("x\r\n").unwrap());
            let expected: Vec<_> = cells.iter().map(|cell| if is_formula(cell) { format!("'{}", guarded(cell)) } else { guarded(cell) }).collect();
            prop_assert_eq!(read, expected);
        }
    }

    /// One record of RFC 4180.
    fn read_back(text: &str) -> Vec<String> {
        let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if inside && letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' => inside = !inside,
                ',' if !inside => cells.push(std::mem::take(&mut cell)),
                '\r' if !inside && letters.peek() == Some(&'\n') => break,
                other => cell.push(other),
            }
        }
        cells.push(cell);
        cells
    }
}
