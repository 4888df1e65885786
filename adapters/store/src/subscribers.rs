//! Those outside who want to be told.

use crate::codec::{self, micros, moment};
use crate::engine::Change;
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{Channel, FAULTS, Subscriber, SubscriberId, SubscriberState, folded, mailbox};
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{COMES_BACK, Says, Stays, SubscriberQuery, UNCONFIRMED_KEPT};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// What [`subscriber`] reads.
macro_rules! columns {
    () => {
        "id, audience, channel, address, locale, components, state, since, failures, asked"
    };
}

/// Keeps subscribers, and does that with those who are known.
macro_rules! keep {
    ($known:literal) => {
        Many::new(
            12,
            concat!(
                "INSERT INTO subscribers (id, audience, channel, address, folded, mailbox, locale, components, state, since,
                                          failures, asked)
                 VALUES {rows}
                 ON CONFLICT (folded, channel, audience) DO ",
                $known
            ),
        )
    };
}

static KEEP: Many = keep!(
    "UPDATE SET
         address = excluded.address, locale = excluded.locale, components = excluded.components, state = excluded.state,
         since = CASE WHEN subscribers.state = excluded.state THEN subscribers.since ELSE excluded.since END,
         failures = CASE WHEN subscribers.state = excluded.state THEN subscribers.failures ELSE 0 END,
         asked = excluded.asked"
);

/// What they are wished stands beside what they are until they have answered.
static ASK: Many = keep!(
    "UPDATE SET
         address = excluded.address, locale = excluded.locale, components = excluded.components,
         asked = coalesce(subscribers.asked, excluded.asked)
     WHERE subscribers.state <> 'active'"
);

static KEEP_NEW: Many = keep!("NOTHING");

/// The language of those who are told.
static SPEAK: Many = Many::new(
    4,
    "UPDATE subscribers SET locale = v.column4 FROM (VALUES {rows}) AS v
     WHERE folded = v.column1 AND channel = v.column2 AND audience = v.column3 AND state = 'active'",
);

/// What those want to hear of who are told.
static HEAR: Many = Many::new(
    4,
    "UPDATE subscribers SET components = v.column4 FROM (VALUES {rows}) AS v
     WHERE folded = v.column1 AND channel = v.column2 AND audience = v.column3 AND state = 'active'",
);

static AT: Many = Many::new(
    3,
    concat!("SELECT ", columns!(), " FROM subscribers WHERE (folded, channel, audience) IN (VALUES {rows})"),
);

static OF: Many = Many::new(1, concat!("SELECT ", columns!(), " FROM subscribers WHERE id IN (VALUES {rows})"));

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

/// Numbers that were never given before, all of them after `before`: the first of `count`.
pub(crate) async fn numbers(link: &mut dyn Link, of: &str, count: usize, before: i64) -> Result<i64, StoreError> {
    let count = i64::try_from(count).map_err(|_| StoreError::Broken("too many at once".to_owned()))?;
    let sql = "UPDATE subscriber_numbers SET last = $2 + CASE WHEN last < $3 THEN $3 ELSE last END
               WHERE name = $1 RETURNING last";
    let row = link.row(sql, values![of, count, before]).await?;
    let last = row.ok_or_else(|| codec::unknown("last number"))?.int(0)?;
    Ok(last - count + 1)
}

/// By what one is known: the folded address, channel, audience.
type Known = (String, Channel, String);

fn known(subscriber: &Subscriber) -> Known {
    (folded(subscriber.channel, &subscriber.address), subscriber.channel, subscriber.audience.clone())
}

fn key((folded, channel, audience): &Known) -> Vec<Value> {
    values![folded.as_str(), channel.word(), audience.as_str()]
}

fn row(number: i64, subscriber: &Subscriber) -> Vec<Value> {
    let Subscriber { channel, address, .. } = subscriber;
    values![
        number,
        subscriber.audience.as_str(),
        channel.word(),
        address.as_str(),
        folded(*channel, address),
        mailbox(*channel, address),
        subscriber.locale.as_str(),
        components(subscriber),
        subscriber.state.word(),
        micros(subscriber.since),
        subscriber.failures,
        subscriber.asked.map(micros),
    ]
}

fn components(subscriber: &Subscriber) -> String {
    subscriber.components.iter().map(|component| between(component)).collect()
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
        asked: row.maybe_int(9)?.map(moment).transpose()?,
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
        ("folded", query.address.as_deref()),
    ];
    for (column, value) in asked {
        if let Some(value) = value {
            values.push(value.into());
            conditions.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let columns = columns!();
    let sql = format!("SELECT {columns} FROM subscribers WHERE id > $1{conditions} ORDER BY id LIMIT $2");
    link.rows(AssertSqlSafe(sql), values).await?.iter().map(subscriber).collect()
}

/// Who has been asked for the longest of those of a mailbox.
pub(crate) async fn first_asked(link: &mut dyn Link, mailbox: &str) -> Result<Option<Subscriber>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM subscribers WHERE mailbox = $1 AND asked IS NOT NULL ORDER BY asked, id LIMIT 1"
    );
    link.row(sql, values![mailbox]).await?.as_ref().map(subscriber).transpose()
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
        let before = self.subscribers.iter().map(|one| SubscriberId::before(one.since)).max();
        let first = numbers(link, "subscribers", last.len(), before.map_or(0, |number| number.0)).await?;
        let rows = (first..).zip(last.values()).flat_map(|(number, one)| row(number, one)).collect();
        match self.stays {
            Stays::Told => drop(ASK.run(link, rows).await?),
            Stays::Nobody => drop(KEEP.run(link, rows).await?),
            Stays::All(says) => {
                KEEP_NEW.run(link, rows).await?;
                heed(link, says, &last).await?;
            }
        }
        let kept = AT.rows(link, last.keys().flat_map(key).collect()).await?;
        let kept: Result<Vec<_>, _> = kept.iter().map(subscriber).collect();
        let kept: BTreeMap<_, _> = kept?.into_iter().map(|one| (known(&one), one)).collect();
        let gone = || StoreError::Unavailable("somebody was forgotten while they subscribed".to_owned());
        self.subscribers.iter().map(|one| kept.get(&known(one)).cloned().ok_or_else(gone)).collect()
    }
}

/// Those who are told become what a list says of them.
async fn heed(link: &mut dyn Link, says: Says, listed: &BTreeMap<Known, &Subscriber>) -> Result<(), StoreError> {
    let said = |what: fn(&Subscriber) -> Value| {
        listed.iter().flat_map(move |(at, one)| key(at).into_iter().chain([what(one)])).collect::<Vec<_>>()
    };
    if says.locale {
        SPEAK.run(link, said(|one| one.locale.as_str().into())).await?;
    }
    if says.components {
        HEAR.run(link, said(|one| components(one).into())).await?;
    }
    Ok(())
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
            "UPDATE subscribers SET state = $2, since = $3, failures = 0, asked = NULL, components = {components}
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

/// Nothing more is sent to one who is told, or is asked; what they had been before matters no more.
pub(crate) async fn end(
    link: &mut dyn Link,
    id: SubscriberId,
    (to, at): (SubscriberState, Timestamp),
) -> Result<(), StoreError> {
    let sql = "UPDATE subscribers SET state = $2, since = $3, failures = 0, asked = NULL, components = ''
               WHERE id = $1 AND (state = 'active' OR asked IS NOT NULL)";
    link.run(sql, values![id.0, to.word(), micros(at)]).await.map(drop)
}

/// Forgets that those were asked who have not said in time that it was them, and with it those who were nothing before; at most `limit`
/// of each.
pub(crate) async fn sweep(link: &mut dyn Link, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let before = micros(now - UNCONFIRMED_KEPT);
    let sql = "DELETE FROM subscribers WHERE id IN (
                   SELECT id FROM subscribers WHERE state = 'unconfirmed' AND asked < $1 ORDER BY asked LIMIT $2)";
    let gone = link.run(sql, values![before, limit]).await?;
    let sql = "UPDATE subscribers SET asked = NULL, components = '' WHERE id IN (
                   SELECT id FROM subscribers WHERE state <> 'unconfirmed' AND asked < $1 ORDER BY asked LIMIT $2)";
    Ok(gone + link.run(sql, values![before, limit]).await?)
}
