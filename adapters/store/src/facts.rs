//! What became of pages, for statistics.

use crate::codec::{self, micros, moment};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use muster_core::clock::Timestamp;
use muster_core::decide::{PageFact, PageFactKind};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::ports::store::StoreError;

pub(crate) static ADD: Many =
    Many::new(6, "INSERT INTO page_facts (at, incident, page, team, person, what) VALUES {rows}");

/// The row of a fact.
pub(crate) fn row(fact: &PageFact) -> Vec<Value> {
    values![
        micros(fact.at),
        fact.incident.0,
        fact.page,
        fact.team.as_deref(),
        fact.person.as_ref().map(PersonId::as_str),
        fact.what.word(),
    ]
}

fn fact(row: &Row) -> Result<PageFact, StoreError> {
    let word = row.text(5)?;
    let what = PageFactKind::ALL.into_iter().find(|kind| kind.word() == word);
    Ok(PageFact {
        at: moment(row.int(0)?)?,
        incident: IncidentId(row.int(1)?),
        page: row.int(2)?,
        team: row.maybe_text(3)?.map(str::to_owned),
        person: row.maybe_text(4)?.map(PersonId::from),
        what: what.ok_or_else(|| codec::unknown("fact about a page"))?,
    })
}

/// What became of pages from one moment on, and before another.
pub(crate) async fn between(
    link: &mut dyn Link,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<PageFact>, StoreError> {
    let sql = "SELECT at, incident, page, team, person, what FROM page_facts
               WHERE at >= $1 AND at < $2 ORDER BY at, incident, page";
    link.rows(sql, values![micros(from), micros(until)]).await?.iter().map(fact).collect()
}

/// Forgets what became of pages before `before`; at most `limit`, and what was at the same moment as the last of them.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM page_facts WHERE at <= (
                   SELECT max(at) FROM (SELECT at FROM page_facts WHERE at < $1 ORDER BY at LIMIT $2) AS oldest)";
    link.run(sql, values![micros(before), limit]).await
}
