//! One statement for many rows. The number of rows is a power of two, so that few statements are prepared and reused.

use crate::link::Link;
use crate::value::{Row, Value};
use muster_core::ports::store::StoreError;
use sqlx::AssertSqlSafe;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// The sizes of statements: 1, 2, 4, 8, 16 and 32 rows.
const SIZES: usize = 6;

/// A statement that has `{rows}` where `($1, $2), ($3, $4), …` is to stand.
pub struct Many {
    template: &'static str,
    returning: &'static str,
    width: usize,
    texts: [[OnceLock<Arc<str>>; SIZES]; 4],
}

impl Many {
    /// A statement whose rows have `width` columns.
    pub(crate) const fn new(width: usize, template: &'static str) -> Self {
        Self::returning(width, template, "")
    }

    /// The same that can also return columns of what it changed.
    pub(crate) const fn returning(width: usize, template: &'static str, returning: &'static str) -> Self {
        Self { template, returning, width, texts: [const { [const { OnceLock::new() }; SIZES] }; 4] }
    }

    /// Runs the statement for all rows, given one after another, and reads what it returns.
    pub(crate) async fn rows(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        for (sql, chunk) in self.chunks(values, Form { returns: true, numbered: link.dialect().numbered }) {
            found.extend(link.rows(AssertSqlSafe(sql), chunk).await?);
        }
        Ok(found)
    }

    /// Runs the statement for all rows, given one after another, and tells how many rows it changed. Cheaper than
    /// [`Self::rows`] where every row that is read is handed from one thread to another.
    pub(crate) async fn run(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<u64, StoreError> {
        let mut changed = 0;
        for (sql, chunk) in self.chunks(values, Form { returns: false, numbered: link.dialect().numbered }) {
            changed += link.run(AssertSqlSafe(sql), chunk).await?;
        }
        Ok(changed)
    }

    /// How many rows these are.
    pub(crate) fn count(&self, values: &[Value]) -> u64 {
        (values.len() / self.width) as u64
    }

    fn chunks(&self, values: Vec<Value>, form: Form) -> impl Iterator<Item = (Arc<str>, Vec<Value>)> {
        debug_assert_eq!(values.len() % self.width, 0, "{}", self.template);
        let texts = &self.texts[usize::from(form.returns) * 2 + usize::from(form.numbered)];
        let mut values = values.into_iter();
        std::iter::from_fn(move || {
            let rows = values.len() / self.width;
            let size = usize::try_from(rows.checked_ilog2()?).unwrap_or(0).min(SIZES - 1);
            let chunk = values.by_ref().take((1 << size) * self.width).collect();
            let sql = texts[size].get_or_init(|| self.text(1 << size, form));
            Some((Arc::clone(sql), chunk))
        })
    }

    fn text(&self, rows: usize, form: Form) -> Arc<str> {
        let mut list = String::new();
        for row in 0..rows {
            list.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.width {
                list.push_str(if column == 0 { "" } else { ", " });
                let _ = match form.numbered {
                    true => write!(list, "${}", row * self.width + column + 1),
                    false => write!(list, "?"),
                };
            }
            list.push(')');
        }
        let returning = if form.returns { self.returning } else { "" };
        format!("{} {returning}", self.template.replace("{rows}", &list)).trim_end().into()
    }
}

/// Which text of a statement.
#[derive(Debug, Clone, Copy)]
struct Form {
    returns: bool,
    numbered: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::values;

    #[test]
    fn rows_are_cut_into_powers_of_two_of_at_most_32() {
        static PAIRS: Many = Many::new(2, "INSERT INTO t VALUES {rows}");
        let numbered = Form { returns: false, numbered: true };
        let values = (0..2 * 77).map(Value::from).collect();
        let sizes: Vec<_> = PAIRS.chunks(values, numbered).map(|(_, chunk)| chunk.len() / 2).collect();
        assert_eq!(sizes, [32, 32, 8, 4, 1]);
        assert_eq!(&*PAIRS.text(2, numbered), "INSERT INTO t VALUES ($1, $2), ($3, $4)");
        assert_eq!(PAIRS.chunks(values![], numbered).count(), 0);
    }

    #[test]
    fn a_statement_returns_rows_only_where_they_are_read() {
        static PAIRS: Many = Many::returning(2, "INSERT INTO t VALUES {rows}", "RETURNING a");
        let plain = |returns| PAIRS.text(1, Form { returns, numbered: false });
        assert_eq!(&*plain(true), "INSERT INTO t VALUES (?, ?) RETURNING a");
        assert_eq!(&*plain(false), "INSERT INTO t VALUES (?, ?)");
    }
}
