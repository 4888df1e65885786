//! The audit log. Its entries are chained inside the transaction of the decision that brings them.

use crate::engine::Engine;
use crate::link::Link;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::audit::{Head, Sealed};
use muster_core::ports::audit::AuditLog;
use muster_core::ports::store::StoreError;
use sqlx::AssertSqlSafe;
use std::sync::Arc;

static ADD: Many = Many::new(3, "INSERT INTO audit (seq, body, seal) VALUES {rows}");

const HEAD: &str = "SELECT seq, seal FROM audit_head WHERE id = 1";

/// Adds entries at the end, in order. Where several processes write, each holds the end of the log until its transaction
/// ends. It is the last lock that a transaction takes, so nobody waits for it in a circle.
pub(crate) async fn chain(link: &mut dyn Link, bodies: &[Arc<str>]) -> Result<(), StoreError> {
    if bodies.is_empty() {
        return Ok(());
    }
    let lock = link.dialect().lock;
    let mut head = head(link.row(AssertSqlSafe(format!("{HEAD}{lock}")), values![]).await?)?;
    let mut rows: Vec<Value> = Vec::new();
    for body in bodies {
        let sealed = head.add(body);
        rows.extend(values![sealed.seq, Arc::clone(body), sealed.seal]);
    }
    ADD.run(link, rows).await?;
    link.run("UPDATE audit_head SET seq = $1, seal = $2 WHERE id = 1", values![head.seq, head.seal]).await?;
    Ok(())
}

fn head(row: Option<Row>) -> Result<Head, StoreError> {
    let Some(row) = row else { return Err(StoreError::Broken("the head of the audit log is missing".to_owned())) };
    Ok(Head { seq: row.int(0)?, seal: row.text(1)?.to_owned() })
}

fn sealed(row: &Row) -> Result<Sealed, StoreError> {
    Ok(Sealed { seq: row.int(0)?, body: row.text(1)?.to_owned(), seal: row.text(2)?.to_owned() })
}

#[async_trait]
impl<E: Engine> AuditLog for SqlStore<E> {
    async fn audit(&self, after: i64, limit: i64) -> Result<Vec<Sealed>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT seq, body, seal FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
        link.rows(sql, values![after, limit.max(0)]).await?.iter().map(sealed).collect()
    }

    async fn audit_head(&self) -> Result<Head, StoreError> {
        let mut link = self.engine().look().await?;
        head(link.row(HEAD, values![]).await?)
    }
}
