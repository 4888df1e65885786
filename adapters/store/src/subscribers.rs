//! Those outside who want to be told.

use crate::codec::{self, micros, moment};
use crate::engine::Change;
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{Channel, FAULTS, Subscriber, SubscriberId, SubscriberState};
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{COMES_BACK, Stays, SubscriberQuery, UNCONFIRMED_KEPT};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// What [`subscriber`] reads.
const COLUMNS: &str = "id, audience, channel, address, locale, components, state, since, failures";

/// Keeps subscribers, but for those who are known and in one of these states.
macro_rules! keep_but_for {
    ($states:literal) => {
        Many::new(
            9,
            concat!(
                "INSERT INTO subscribers (id, audience, channel, address, locale, components, state, since, failures)
                 VALUES {rows}
                 ON CONFLICT (address, channel, audience) DO UPDATE SET
                     locale = excluded.locale, components = excluded.components, state = excluded.state,
                     since = CASE WHEN subscribers.state = excluded.state THEN subscribers.since ELSE excluded.since END,
                     failures = CASE WHEN subscribers.state = excluded.state THEN subscribers.failures ELSE 0 END
                 WHERE subscribers.state NOT IN (",
                $states,
                ")"
            ),
        )
    };
}

static KEEP: Many = keep_but_for!("''");
static KEEP_TOLD: Many = keep_but_for!("'active'");
static KEEP_ENDED: Many = keep_but_for!("'left', 'bounced', 'gone'");

static AT: Many = Many::new(
    3,
    "SELECT id, audience, channel, address, locale, components, state, since, failures FROM subscribers
     WHERE (address, channel, audience) IN (VALUES {rows})",
);

static OF: Many = Many::new(
    1,
    "SELECT id, audience, channel, address, locale, components, state, since, failures FROM subscribers
     WHERE id IN (VALUES {rows})",
);

/// Ends the row of faults of those who have taken something, by whether that proves anything yet.
pub(crate) static CALM: Many = Many::new(
    2,
    "UPDATE subscribers SET failures = 0 FROM (VALUES {rows}) AS v
     WHERE subscribers.id = v.column1 AND failures > 0 AND (channel = 'webhook' OR failed_at < v.column2)",
);

/// The row of one who has taken something at that moment, for [`CALM`].
pub(crate) fn calm_row(id: SubscriberId, at: Timestamp) -> [Value; 2] {
    [id.0.into(), micros(at - COMES_BACK).into()]
}

/// Numbers that were never given before: the first of `count`.
pub(crate) async fn numbers(link: &mut dyn Link, of: &str, count: usize) -> Result<i64, StoreError> {
    let count = i64::try_from(count).map_err(|_| StoreError::Broken("too many at once".to_owned()))?;
    let sql = "UPDATE subscriber_numbers SET last = last + $2 WHERE name = $1 RETURNING last";
    let row = link.row(sql, values![of, count]).await?;
    let last = row.ok_or_else(|| codec::unknown("last number"))?.int(0)?;
    Ok(last - count + 1)
}

/// By what one is known: address, channel, audience.
type Known = (String, Channel, String);

fn known(subscriber: &Subscriber) -> Known {
    (subscriber.address.clone(), subscriber.channel, subscriber.audience.clone())
}

fn row(number: i64, subscriber: &Subscriber) -> Vec<Value> {
    values![
        number,
        subscriber.audience.as_str(),
        subscriber.channel.word(),
        subscriber.address.as_str(),
        subscriber.locale.as_str(),
        subscriber.components.iter().map(|component| between(component)).collect::<String>(),
        subscriber.state.word(),
        micros(subscriber.since),
        subscriber.failures,
    ]
}

/// A component as it stands in its column.
pub(crate) fn between(component: &str) -> String {
    format!(" {component} ")
}

fn subscriber(row: &Row) -> Result<Subscriber, StoreError> {
    Ok(Subscriber {
        id: SubscriberId(row.int(0)?),
        audience: row.text(1)?.to_owned(),
        channel: channel(row.text(2)?)?,
        address: row.text(3)?.to_owned(),
        locale: row.text(4)?.parse().map_err(|_| codec::unknown("language"))?,
        components: row.text(5)?.split_whitespace().map(str::to_owned).collect(),
        state: state(row.text(6)?)?,
        since: moment(row.int(7)?)?,
        failures: row.int(8)?,
    })
}

fn channel(word: &str) -> Result<Channel, StoreError> {
    Channel::from_word(word).ok_or_else(|| codec::unknown("channel"))
}

fn state(word: &str) -> Result<SubscriberState, StoreError> {
    SubscriberState::from_word(word).ok_or_else(|| codec::unknown("state of a subscriber"))
}

/// Those of these numbers.
pub(crate) async fn of(
    link: &mut dyn Link,
    ids: &BTreeSet<SubscriberId>,
) -> Result<BTreeMap<SubscriberId, Subscriber>, StoreError> {
    let rows = OF.rows(link, ids.iter().map(|id| Value::from(id.0)).collect()).await?;
    rows.iter().map(|row| subscriber(row).map(|one| (one.id, one))).collect()
}

/// Those asked for.
pub(crate) async fn find(link: &mut dyn Link, query: &SubscriberQuery) -> Result<Vec<Subscriber>, StoreError> {
    let mut values = values![query.after.map_or(0, |id| id.0), query.limit.max(0)];
    let mut conditions = String::new();
    let asked = [
        ("audience", query.audience.as_deref()),
        ("channel", query.channel.map(Channel::word)),
        ("state", query.state.map(SubscriberState::word)),
        ("address", query.address.as_deref()),
    ];
    for (column, value) in asked {
        if let Some(value) = value {
            values.push(value.into());
            conditions.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let sql = format!("SELECT {COLUMNS} FROM subscribers WHERE id > $1{conditions} ORDER BY id LIMIT $2");
    link.rows(AssertSqlSafe(sql), values).await?.iter().map(subscriber).collect()
}

/// How many there are of each kind.
pub(crate) async fn count(link: &mut dyn Link) -> Result<Vec<((String, Channel, SubscriberState), i64)>, StoreError> {
    let sql = "SELECT audience, channel, state, count(*) FROM subscribers
               GROUP BY audience, channel, state ORDER BY audience, channel, state";
    let one = |row: &Row| {
        let kind = (row.text(0)?.to_owned(), channel(row.text(1)?)?, state(row.text(2)?)?);
        Ok((kind, row.int(3)?))
    };
    link.rows(sql, values![]).await?.iter().map(one).collect()
}

pub(crate) struct Subscribe {
    pub(crate) subscribers: Vec<Subscriber>,
    pub(crate) stays: Stays,
}

#[async_trait]
impl Change for Subscribe {
    type Outcome = Vec<Subscriber>;

    async fn make(&self, link: &mut dyn Link) -> Result<Vec<Subscriber>, StoreError> {
        // Each once, since one statement must not write a row twice; in order, so that two who write the same wait for one another.
        let last: BTreeMap<Known, &Subscriber> = self.subscribers.iter().map(|one| (known(one), one)).collect();
        let table = match self.stays {
            Stays::Told => &KEEP_TOLD,
            Stays::Ended => &KEEP_ENDED,
            Stays::Nobody => &KEEP,
        };
        let first = numbers(link, "subscribers", last.len()).await?;
        table.run(link, (first..).zip(last.values()).flat_map(|(number, one)| row(number, one)).collect()).await?;
        let at = last
            .keys()
            .flat_map(|(address, channel, audience)| values![address.as_str(), channel.word(), audience.as_str()]);
        let kept: Result<Vec<_>, _> = AT.rows(link, at.collect()).await?.iter().map(subscriber).collect();
        let kept: BTreeMap<_, _> = kept?.into_iter().map(|one| (known(&one), one)).collect();
        let gone = || StoreError::Unavailable("somebody was forgotten while they subscribed".to_owned());
        self.subscribers.iter().map(|one| kept.get(&known(one)).cloned().ok_or_else(gone)).collect()
    }
}

pub(crate) struct Move {
    pub(crate) id: SubscriberId,
    pub(crate) from: Vec<SubscriberState>,
    pub(crate) to: SubscriberState,
    pub(crate) at: Timestamp,
}

#[async_trait]
impl Change for Move {
    type Outcome = bool;

    async fn make(&self, link: &mut dyn Link) -> Result<bool, StoreError> {
        let Self { id, from, to, at } = self;
        // The words are our own.
        let from = from.iter().map(|state| format!("'{}'", state.word())).collect::<Vec<_>>().join(", ");
        let components = match to {
            SubscriberState::Unconfirmed | SubscriberState::Active => "components",
            SubscriberState::Left | SubscriberState::Bounced | SubscriberState::Gone => "''",
        };
        let sql = format!(
            "UPDATE subscribers SET state = $2, since = $3, failures = 0, components = {components}
             WHERE id = $1 AND state IN ({from})"
        );
        Ok(link.run(AssertSqlSafe(sql), values![id.0, to.word(), micros(*at)]).await? > 0)
    }
}

pub(crate) struct CountFault {
    pub(crate) id: SubscriberId,
    pub(crate) at: Timestamp,
}

#[async_trait]
impl Change for CountFault {
    type Outcome = ();

    async fn make(&self, link: &mut dyn Link) -> Result<(), StoreError> {
        let sql = "UPDATE subscribers SET
                       failures = failures + 1, failed_at = $2,
                       state = CASE WHEN failures + 1 < $3 THEN state ELSE 'bounced' END,
                       since = CASE WHEN failures + 1 < $3 THEN since ELSE $2 END,
                       components = CASE WHEN failures + 1 < $3 THEN components ELSE '' END
                   WHERE id = $1 AND state = 'active'";
        link.run(sql, values![self.id.0, micros(self.at), FAULTS]).await?;
        Ok(())
    }
}

/// Also what is on its way to them; what has arrived says only a number, and nobody knows whose that was.
pub(crate) struct Forget(pub(crate) SubscriberId);

#[async_trait]
impl Change for Forget {
    type Outcome = bool;

    async fn make(&self, link: &mut dyn Link) -> Result<bool, StoreError> {
        let Self(id) = self;
        let gone = link.run("DELETE FROM subscribers WHERE id = $1", values![id.0]).await? > 0;
        link.run("DELETE FROM parcels WHERE subscriber = $1 AND state = 'waiting'", values![id.0]).await?;
        Ok(gone)
    }
}

/// Forgets those who have not said in time that it was them who asked; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM subscribers WHERE id IN (
                   SELECT id FROM subscribers WHERE state = 'unconfirmed' AND since < $1 ORDER BY since LIMIT $2)";
    link.run(sql, values![micros(now - UNCONFIRMED_KEPT), limit]).await
}
