//! One statement for many rows. The number of rows is a power of two, so that few statements are prepared and reused.

use crate::link::{Dialect, Link};
use crate::value::{Row, Value};
use muster_core::ports::store::StoreError;
use sqlx::AssertSqlSafe;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// The sizes of statements: 1, 2, 4, 8, 16 and 32 rows.
const SIZES: usize = 6;

/// A statement that has `{rows}` where `($1, $2), ($3, $4), …` is to stand, and `{lock}` where rows are to be locked.
pub struct Many {
    template: &'static str,
    width: usize,
    texts: [[OnceLock<Arc<str>>; SIZES]; 2],
}

impl Many {
    /// A statement whose rows have `width` columns.
    pub(crate) const fn new(width: usize, template: &'static str) -> Self {
        Self { template, width, texts: [const { [const { OnceLock::new() }; SIZES] }; 2] }
    }

    /// Runs the statement for all rows, given one after another, and reads what it returns.
    pub(crate) async fn rows(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        for (sql, chunk) in self.chunks(values, link.dialect()) {
            found.extend(link.rows(AssertSqlSafe(sql), chunk).await?);
        }
        Ok(found)
    }

    /// Runs the statement for all rows, given one after another, and tells how many rows it changed.
    pub(crate) async fn run(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<u64, StoreError> {
        let mut changed = 0;
        for (sql, chunk) in self.chunks(values, link.dialect()) {
            changed += link.run(AssertSqlSafe(sql), chunk).await?;
        }
        Ok(changed)
    }

    /// Runs the statement for all rows, every one of which it has to change; else they are in conflict.
    pub(crate) async fn run_all(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<(), StoreError> {
        let expected = self.count(&values);
        if self.run(link, values).await? == expected { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Whether these rows go into one statement.
    pub(crate) fn is_one(&self, values: &[Value]) -> bool {
        let rows = self.count(values);
        rows < 1 << SIZES && rows.is_power_of_two()
    }

    fn count(&self, values: &[Value]) -> u64 {
        (values.len() / self.width) as u64
    }

    fn chunks(&self, values: Vec<Value>, dialect: Dialect) -> impl Iterator<Item = (Arc<str>, Vec<Value>)> {
        debug_assert_eq!(values.len() % self.width, 0, "{}", self.template);
        let texts = &self.texts[usize::from(dialect.numbered)];
        let mut values = values.into_iter();
        std::iter::from_fn(move || {
            let rows = values.len() / self.width;
            let size = usize::try_from(rows.checked_ilog2()?).unwrap_or(0).min(SIZES - 1);
            let chunk = values.by_ref().take((1 << size) * self.width).collect();
            let sql = texts[size].get_or_init(|| self.text(1 << size, dialect));
            Some((Arc::clone(sql), chunk))
        })
    }

    fn text(&self, rows: usize, dialect: Dialect) -> Arc<str> {
        let mut list = String::new();
        for row in 0..rows {
            list.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.width {
                list.push_str(if column == 0 { "" } else { ", " });
                let _ = match dialect.numbered {
                    true => write!(list, "${}", row * self.width + column + 1),
                    false => write!(list, "?"),
                };
            }
            list.push(')');
        }
        self.template.replace("{rows}", &list).replace("{lock}", dialect.lock).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKING: Dialect = Dialect { lock: " FOR UPDATE", claim: "", numbered: true };
    const ALONE: Dialect = Dialect { lock: "", claim: "", numbered: false };

    fn pairs(count: i64) -> Vec<Value> {
        (0..2 * count).map(Value::from).collect()
    }

    #[test]
    fn rows_are_cut_into_powers_of_two_of_at_most_32() {
        static PAIRS: Many = Many::new(2, "INSERT INTO t VALUES {rows}");
        let sizes: Vec<_> = PAIRS.chunks(pairs(77), LOCKING).map(|(_, chunk)| chunk.len() / 2).collect();
        assert_eq!(sizes, [32, 32, 8, 4, 1]);
        assert_eq!(&*PAIRS.text(2, LOCKING), "INSERT INTO t VALUES ($1, $2), ($3, $4)");
        assert_eq!(&*PAIRS.text(2, ALONE), "INSERT INTO t VALUES (?, ?), (?, ?)");
        assert_eq!(PAIRS.chunks(pairs(0), LOCKING).count(), 0);
    }

    #[test]
    fn only_what_is_cut_once_is_one_statement() {
        static PAIRS: Many = Many::new(2, "INSERT INTO t VALUES {rows}");
        for count in 0..70 {
            assert_eq!(PAIRS.is_one(&pairs(count)), PAIRS.chunks(pairs(count), LOCKING).count() == 1, "{count} rows");
        }
    }

    #[test]
    fn rows_are_locked_where_the_engine_locks() {
        static TAKEN: Many = Many::new(1, "SELECT a FROM t WHERE a IN (VALUES {rows}){lock}");
        assert_eq!(&*TAKEN.text(1, LOCKING), "SELECT a FROM t WHERE a IN (VALUES ($1)) FOR UPDATE");
        assert_eq!(&*TAKEN.text(1, ALONE), "SELECT a FROM t WHERE a IN (VALUES (?))");
    }
}
