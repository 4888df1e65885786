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
pub(crate) struct Many {
    template: &'static str,
    width: usize,
    texts: [OnceLock<Arc<str>>; SIZES],
}

impl Many {
    /// A statement whose rows have `width` columns.
    pub(crate) const fn new(width: usize, template: &'static str) -> Self {
        Self { template, width, texts: [const { OnceLock::new() }; SIZES] }
    }

    /// Runs the statement for all rows, given one after another, and reads what it returns.
    pub(crate) async fn rows(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        for (sql, chunk) in self.chunks(values) {
            found.extend(link.rows(AssertSqlSafe(sql), chunk).await?);
        }
        Ok(found)
    }

    /// Runs the statement for all rows, given one after another, and tells how many rows it changed.
    pub(crate) async fn run(&self, link: &mut dyn Link, values: Vec<Value>) -> Result<u64, StoreError> {
        let mut changed = 0;
        for (sql, chunk) in self.chunks(values) {
            changed += link.run(AssertSqlSafe(sql), chunk).await?;
        }
        Ok(changed)
    }

    fn chunks(&self, values: Vec<Value>) -> impl Iterator<Item = (Arc<str>, Vec<Value>)> {
        debug_assert_eq!(values.len() % self.width, 0, "{}", self.template);
        let mut values = values.into_iter();
        std::iter::from_fn(move || {
            let rows = values.len() / self.width;
            let size = usize::try_from(rows.checked_ilog2()?).unwrap_or(0).min(SIZES - 1);
            let chunk = values.by_ref().take((1 << size) * self.width).collect();
            let sql = self.texts[size].get_or_init(|| self.text(1 << size));
            Some((Arc::clone(sql), chunk))
        })
    }

    fn text(&self, rows: usize) -> Arc<str> {
        let mut list = String::new();
        for row in 0..rows {
            list.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.width {
                let comma = if column == 0 { "" } else { ", " };
                let _ = write!(list, "{comma}${}", row * self.width + column + 1);
            }
            list.push(')');
        }
        self.template.replace("{rows}", &list).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::values;

    #[test]
    fn rows_are_cut_into_powers_of_two_of_at_most_32() {
        static PAIRS: Many = Many::new(2, "INSERT INTO t VALUES {rows}");
        let values = (0..2 * 77).map(Value::from).collect();
        let sizes: Vec<_> = PAIRS.chunks(values).map(|(_, chunk)| chunk.len() / 2).collect();
        assert_eq!(sizes, [32, 32, 8, 4, 1]);
        assert_eq!(&*PAIRS.text(2), "INSERT INTO t VALUES ($1, $2), ($3, $4)");
        assert_eq!(PAIRS.chunks(values![]).count(), 0);
    }
}
