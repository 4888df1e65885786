//! What the command line says: answers on standard output, everything else on standard error.
//! A reader that has gone away (`muster … | head`) is no error.

use std::io::{self, Write};

/// An answer.
pub(crate) fn out(text: &str) {
    let mut stdout = io::stdout().lock();
    // Nobody reads it any more: there is nobody to tell either.
    let _ = writeln!(stdout, "{}", text.trim_end_matches('\n')).and_then(|()| stdout.flush());
}

/// What is beside the answer: errors, warnings, what to do next.
pub(crate) fn aside(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}

/// Rows in columns, under a heading.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|&cell| cell.to_owned()).collect();
    let all = || std::iter::once(&heading).chain(rows);
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![vec!["åsa".to_owned(), "x".to_owned()], vec!["b".to_owned(), "yy".to_owned()]];
        assert_eq!(table(&["WHO", "N"], &rows), "WHO  N\nåsa  x\nb    yy");
    }
}
