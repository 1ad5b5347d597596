//! Rows in columns: aligned for a person, tab-separated for a program.

use unicode_width::UnicodeWidthStr;

/// Rows under their columns' names.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(names: &[&str]) -> Self {
        Self { rows: vec![names.iter().map(|&name| name.to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(&cell)).collect());
    }

    /// Nothing but the names.
    pub fn is_empty(&self) -> bool {
        self.rows.len() <= 1
    }

    /// Columns as wide as their widest cell; empty ones are left out.
    pub fn aligned(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let shown: Vec<(usize, usize)> = (0..columns)
            .filter(|column| cells(*column).skip(1).any(|cell| !cell.is_empty()))
            .map(|column| (column, cells(column).map(|cell| cell.width()).max().unwrap_or(0)))
            .collect();
        let line = |row: &Vec<String>| {
            let cells =
                shown.iter().filter_map(|(column, width)| row.get(*column).map(|cell| padded(cell, *width)));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// All columns, always in the same place.
    pub fn tab_separated(&self) -> String {
        self.rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
    }
}

/// `label  value` lines; those without a value are left out.
pub fn facts(facts: &[(&str, Option<String>)]) -> String {
    let width = facts.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let lines = facts.iter().filter_map(|(label, value)| {
        value.as_ref().map(|value| format!("  {}  {}", padded(label, width), one_line(value)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// As many cells of a terminal wide; letters are of none to two.
fn padded(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
}

fn one_line(cell: &str) -> String {
    cell.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal gives two cells to a letter of Chinese and to most emoji, and none to an accent by itself.
    #[test]
    fn columns_are_counted_in_cells() {
        let mut table = Table::new(&["NAME", "AT"]);
        for (name, at) in [("本番", "x"), ("e\u{301}te\u{301}", "y"), ("🚀 go", "z"), ("plain", "w")] {
            table.row(vec![name.into(), at.into()]);
        }
        assert_eq!(table.aligned(), "NAME   AT\n本番   x\ne\u{301}te\u{301}    y\n🚀 go  z\nplain  w");
        assert_eq!(facts(&[("名", Some("a".into())), ("long", Some("b".into()))]), "  名    a\n  long  b");
    }

    #[test]
    fn columns_line_up_and_cells_stay_on_their_line() {
        let mut table = Table::new(&["NAME", "EMPTY", "AT"]);
        table.row(vec!["büro".into(), String::new(), "x".into()]);
        table.row(vec!["a\nlong\tname".into(), String::new(), "y".into()]);
        assert_eq!(table.aligned(), "NAME         AT\nbüro         x\na long name  y");
        assert_eq!(table.tab_separated(), "NAME\tEMPTY\tAT\nbüro\t\tx\na long name\t\ty");
    }
}
