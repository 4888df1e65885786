//! What was handed over for many, and its laying out: a parcel for each, some thousands at a time.

use crate::codec::{json, micros, moment, parse};
use crate::engine::Change;
use crate::link::Link;
use crate::subscribers::{between, numbers};
use crate::value::{Value, values};
use async_trait::async_trait;
use muster_core::comms::{Bulk, Bulletin, Consignment};
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::NEWS;
use sqlx::AssertSqlSafe;

pub(crate) struct HandOver(pub(crate) Consignment);

#[async_trait]
impl Change for HandOver {
    type Outcome = bool;
    const IS_ONE: bool = true;

    /// The number says the order, which is also that in which they are committed: whoever takes the next waits for this.
    async fn make(&self, link: &mut dyn Link) -> Result<bool, StoreError> {
        let Self(Consignment { key, bulk, at }) = self;
        let (incident, number) = match bulk {
            Bulk::Bulletin(bulletin) => (bulletin.cleared.incident().0, bulletin.number),
            Bulk::Confirm { .. } => (0, 0),
        };
        let id = numbers(link, "consignments", 1, 0).await?;
        let sql = "INSERT INTO consignments (id, key, incident, number, at, spreading, reached, bulk)
                   VALUES ($1, $2, $3, $4, $5, 1, 0, $6) ON CONFLICT (key) DO NOTHING";
        Ok(link.run(sql, values![id, key.as_str(), incident, number, micros(*at), json(bulk)?]).await? > 0)
    }
}

/// The one of that key.
pub(crate) async fn consignment(link: &mut dyn Link, key: &str) -> Result<Option<Consignment>, StoreError> {
    let Some(row) = link.row("SELECT at, bulk FROM consignments WHERE key = $1", values![key]).await? else {
        return Ok(None);
    };
    Ok(Some(Consignment { key: key.to_owned(), at: moment(row.int(0)?)?, bulk: parse("consignment", row.text(1)?)? }))
}

/// The keys of those that are not laid out for everybody, in order.
pub(crate) async fn spreading(link: &mut dyn Link, limit: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT key FROM consignments WHERE spreading = 1 ORDER BY id LIMIT $1";
    let rows = link.rows(sql, values![limit.max(0)]).await?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

pub(crate) struct Spread {
    pub(crate) key: String,
    pub(crate) limit: i64,
}

#[async_trait]
impl Change for Spread {
    type Outcome = bool;
    const IS_ONE: bool = true;

    /// Whoever lays out the same waits for this, and goes on behind it.
    async fn make(&self, link: &mut dyn Link) -> Result<bool, StoreError> {
        let lock = link.dialect().lock;
        let sql = format!("SELECT id, at, reached, bulk FROM consignments WHERE key = $1 AND spreading = 1{lock}");
        let Some(row) = link.row(AssertSqlSafe(sql), values![self.key.as_str()]).await? else { return Ok(true) };
        let (id, at, reached) = (row.int(0)?, row.int(1)?, row.int(2)?);
        let (is_over, reached) = match parse("consignment", row.text(3)?)? {
            Bulk::Bulletin(bulletin) => lay_out(link, (id, at), &bulletin, (reached, self.limit)).await?,
            Bulk::Confirm { subscriber } => {
                ask(link, (id, at), subscriber.0).await?;
                (true, subscriber.0)
            }
        };
        let sql = "UPDATE consignments SET reached = $2, spreading = $3 WHERE id = $1";
        link.run(sql, values![id, reached, !is_over]).await?;
        Ok(is_over)
    }
}

/// Lays a bulletin out for whom it concerns among the next `limit`. Tells whether they were the last, and how far it has come.
async fn lay_out(
    link: &mut dyn Link,
    (id, at): (i64, i64),
    bulletin: &Bulletin,
    (reached, limit): (i64, i64),
) -> Result<(bool, i64), StoreError> {
    let audience = bulletin.audience.as_str();
    let next = "SELECT max(id), count(*) FROM (
                    SELECT id FROM subscribers WHERE audience = $1 AND state = 'active' AND id > $2
                    ORDER BY id LIMIT $3) AS next";
    let row = link.row(next, values![audience, reached, limit.max(1)]).await?;
    let Some((last, count)) = row.map(|row| Ok((row.maybe_int(0)?, row.int(1)?))).transpose()? else {
        return Ok((true, reached));
    };
    let Some(last) = last else { return Ok((true, reached)) };
    let mut values = values![id, at, audience, reached, last];
    // They have a component if the text is another without it.
    let concerns = bulletin.concerns.iter().map(|component| {
        values.push(Value::from(between(component)));
        format!(" OR replace(components, ${}, '') <> components", values.len())
    });
    let concerns: String = concerns.collect();
    let sql = format!(
        "INSERT INTO parcels (consignment, subscriber, channel, question, state, due_at, attempts)
         SELECT $1, id, channel, 0, 'waiting', $2, 0 FROM subscribers
         WHERE audience = $3 AND state = 'active' AND id > $4 AND id <= $5 AND since <= $2
           AND (components = ''{concerns})
         ON CONFLICT (consignment, subscriber) DO NOTHING"
    );
    link.run(AssertSqlSafe(sql), values).await?;
    try_anew(link, (id, at), (reached, last)).await?;
    Ok((count < limit.max(1), last))
}

/// What waits to be tried again for those who have news is due with it, since it goes before it.
async fn try_anew(link: &mut dyn Link, (id, at): (i64, i64), (reached, last): (i64, i64)) -> Result<(), StoreError> {
    let sql = "UPDATE parcels SET due_at = $2, attempts = 0
               WHERE subscriber IN (SELECT n.subscriber FROM parcels n
                                    WHERE n.consignment = $1 AND n.subscriber > $3 AND n.subscriber <= $4)
                 AND state = 'waiting' AND question = 0 AND attempts > 0 AND worker IS NULL AND due_at > $2
                 AND consignment IN (SELECT id FROM consignments WHERE id < $1 AND at > $5)";
    let since = at - NEWS.num_microseconds().unwrap_or(0);
    link.run(sql, values![id, at, reached, last, since]).await.map(drop)
}

async fn ask(link: &mut dyn Link, (id, at): (i64, i64), subscriber: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO parcels (consignment, subscriber, channel, question, state, due_at, attempts)
               SELECT $1, id, channel, 1, 'waiting', $3, 0 FROM subscribers WHERE id = $2 AND asked IS NOT NULL
               ON CONFLICT (consignment, subscriber) DO NOTHING";
    link.run(sql, values![id, subscriber, at]).await.map(drop)
}

/// Forgets questions that were handed over before `asked`, and what was handed over before `before` and of which no parcel is known any
/// more; about `limit` of each at most.
pub(crate) async fn sweep(link: &mut dyn Link, asked: i64, before: i64, limit: i64) -> Result<u64, StoreError> {
    let questions = "SELECT id FROM consignments WHERE incident = 0 AND at < $1 ORDER BY at LIMIT $2";
    let sql = format!("DELETE FROM parcels WHERE consignment IN ({questions})");
    link.run(AssertSqlSafe(sql), values![asked, limit]).await?;
    let sql = format!("DELETE FROM consignments WHERE id IN ({questions})");
    let swept = link.run(AssertSqlSafe(sql), values![asked, limit]).await?;
    let sql = "DELETE FROM consignments WHERE id IN (
                   SELECT c.id FROM consignments c
                   WHERE c.spreading = 0 AND c.at < $1
                     AND NOT EXISTS (SELECT 1 FROM parcels p WHERE p.consignment = c.id)
                   ORDER BY c.id LIMIT $2)";
    Ok(swept + link.run(sql, values![before, limit]).await?)
}
