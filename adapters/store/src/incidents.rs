//! Incidents: the row each is, the guard by version, and finding them.

use crate::codec::{self, json, micros, moment, parse};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use muster_core::decide::{ListQuery, Summary, Tag};
use muster_core::ids::{IncidentId, PersonId, PlatformId, SeverityKey};
use muster_core::incident::status::Phase;
use muster_core::incident::{Incident, Kind};
use muster_core::ports::store::StoreError;
use sqlx::AssertSqlSafe;

/// Writes incidents that are still at the version before. A new one is version 1.
pub(crate) static WRITE: Many = Many::new(
    12,
    "INSERT INTO incidents (id, version, kind, private, phase, open, severity, title, commander,
                            declared_at, changed_at, state)
     VALUES {rows}
     ON CONFLICT (id) DO UPDATE SET
        version = excluded.version, kind = excluded.kind, private = excluded.private, phase = excluded.phase,
        open = excluded.open, severity = excluded.severity, title = excluded.title, commander = excluded.commander,
        changed_at = excluded.changed_at, state = excluded.state
     WHERE incidents.version = excluded.version - 1",
);

pub(crate) static ADD_TAGS: Many = Many::new(
    3,
    "INSERT INTO incident_tags (kind, value, incident) VALUES {rows} ON CONFLICT (kind, value, incident) DO NOTHING",
);

/// Removes tags, given as rows. One by one: for a list of rows SQLite would walk every incident that has such a tag.
pub(crate) async fn remove_tags(link: &mut dyn Link, rows: Vec<Value>) -> Result<(), StoreError> {
    let sql = "DELETE FROM incident_tags WHERE kind = $1 AND value = $2 AND incident = $3";
    for row in rows.chunks(3) {
        link.run(sql, row.to_vec()).await?;
    }
    Ok(())
}

/// The row of an incident.
pub(crate) fn row(incident: &Incident) -> Result<Vec<Value>, StoreError> {
    let phase = incident.status.phase();
    Ok(values![
        incident.id.0,
        incident.version,
        incident.kind.word(),
        codec::is_private(incident.visibility),
        phase.word(),
        phase.is_open(),
        incident.severity.as_ref().map(SeverityKey::as_str),
        without_nul(&incident.title),
        incident.commander().map(|commander| without_nul(&commander.name)),
        micros(incident.declared_at),
        micros(incident.changed_at),
        json(incident)?,
    ])
}

/// PostgreSQL has no NUL in text.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// The row of a tag.
pub(crate) fn tag_row(incident: IncidentId, tag: &Tag) -> Vec<Value> {
    match tag {
        Tag::Person(person) => values![PERSON, person.as_str(), incident.0],
        Tag::Service(service) => values![SERVICE, service.as_str(), incident.0],
        Tag::Site(site) => values![SITE, site.as_str(), incident.0],
        Tag::Called(person) => values![CALLED, person.as_str(), incident.0],
        Tag::Room { platform, address } => values![ROOM, room_value(platform, address), incident.0],
    }
}

const PERSON: &str = "person";
const SERVICE: &str = "service";
const SITE: &str = "site";
const ROOM: &str = "room";
const CALLED: &str = "called";

fn room_value(platform: &PlatformId, address: &str) -> String {
    format!("{platform}/{address}")
}

/// The incident whose room is at that address.
pub(crate) async fn with_room(
    link: &mut dyn Link,
    platform: &PlatformId,
    address: &str,
) -> Result<Option<IncidentId>, StoreError> {
    let sql = "SELECT incident FROM incident_tags WHERE kind = $1 AND value = $2";
    match link.row(sql, values![ROOM, room_value(platform, address)]).await? {
        Some(row) => Ok(Some(IncidentId(row.int(0)?))),
        None => Ok(None),
    }
}

/// Reads up to two incidents. Both are locked, in the order of their numbers, where they are held while deciding.
pub(crate) async fn read(
    link: &mut dyn Link,
    ids: [Option<IncidentId>; 2],
    hold: bool,
) -> Result<[Option<Incident>; 2], StoreError> {
    let wanted: Vec<i64> = ids.iter().flatten().map(|id| id.0).collect();
    let lock = if hold { link.dialect().lock } else { "" };
    let rows = match wanted.as_slice() {
        [] => return Ok([None, None]),
        [one] => {
            let sql = format!("SELECT state FROM incidents WHERE id = $1{lock}");
            link.rows(AssertSqlSafe(sql), values![*one]).await?
        }
        [one, other, ..] => {
            let sql = format!("SELECT state FROM incidents WHERE id IN ($1, $2) ORDER BY id{lock}");
            link.rows(AssertSqlSafe(sql), values![*one, *other]).await?
        }
    };
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(parse::<Incident>("incident", row.text(0)?)?);
    }
    Ok(ids.map(|id| found.iter().find(|incident| Some(incident.id) == id).cloned()))
}

/// The incidents with a page by which a person is being called, oldest first, at most `limit`.
pub(crate) async fn calling(link: &mut dyn Link, person: &PersonId, limit: i64) -> Result<Vec<Incident>, StoreError> {
    let sql = "SELECT i.state FROM incident_tags t JOIN incidents i ON i.id = t.incident
               WHERE t.kind = $1 AND t.value = $2 ORDER BY t.incident LIMIT $3";
    let rows = link.rows(sql, values![CALLED, person.as_str(), limit]).await?;
    rows.iter().map(|row| parse("incident", row.text(0)?)).collect()
}

/// The highest number of an incident; 0 if there is none.
pub(crate) async fn highest(link: &mut dyn Link) -> Result<i64, StoreError> {
    let row = link.row("SELECT max(id) FROM incidents", values![]).await?;
    row.map_or(Ok(0), |row| Ok(row.maybe_int(0)?.unwrap_or(0)))
}

/// Lists incidents, newest first, and tells whether there are more.
pub(crate) async fn list(link: &mut dyn Link, query: &ListQuery) -> Result<(Vec<Summary>, bool), StoreError> {
    let statement = Listing::of(link, query).await?;
    let mut rows = link.rows(AssertSqlSafe(statement.sql), statement.values).await?;
    let limit = usize::try_from(query.limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok((rows.iter().map(summary).collect::<Result<_, _>>()?, more))
}

fn summary(row: &Row) -> Result<Summary, StoreError> {
    Ok(Summary {
        id: IncidentId(row.int(0)?),
        kind: codec::kind(row.text(1)?)?,
        visibility: codec::visibility(row.int(2)?),
        phase: Phase::from_word(row.text(3)?).ok_or_else(|| codec::unknown("status"))?,
        severity: row.maybe_text(4)?.map(SeverityKey::from),
        title: row.text(5)?.to_owned(),
        commander: row.maybe_text(6)?.map(str::to_owned),
        declared_at: moment(row.int(7)?)?,
        changed_at: moment(row.int(8)?)?,
    })
}

/// The statement of a list in the making.
struct Listing {
    sql: String,
    values: Vec<Value>,
}

/// Beyond this many incidents, which of two properties is the rarer is not looked into.
const MANY: i64 = 500;

impl Listing {
    /// The open ones are few: they are walked and tested. Otherwise the rarest tag asked for is walked, newest first,
    /// so that what is read depends on what is found and not on how many incidents there are.
    async fn of(link: &mut dyn Link, query: &ListQuery) -> Result<Self, StoreError> {
        let mut tags = Vec::new();
        tags.extend(query.mine.then(|| (PERSON, query.viewer.as_str())));
        tags.extend(query.site.as_deref().map(|site| (SITE, site)));
        tags.extend(query.service.as_deref().map(|service| (SERVICE, service)));

        let walked = if query.open == Some(true) { None } else { rarest(link, &tags, query).await? };
        let mut this = Self { sql: String::from(COLUMNS), values: Vec::new() };
        match walked {
            None => this.sql.push_str(" FROM incidents i WHERE i.id > 0"),
            Some(walked) => {
                let (kind, value) = tags.remove(walked);
                let value = this.bind(value);
                // CROSS JOIN tells SQLite which table to walk.
                this.and_sql(&format!(
                    " FROM incident_tags w CROSS JOIN incidents i
                      WHERE w.kind = '{kind}' AND w.value = {value} AND i.id = w.incident"
                ));
            }
        }
        this.filter(query, &tags);
        let key = if walked.is_some() { "w.incident" } else { "i.id" };
        if let Some(before) = query.before {
            let before = this.bind(before.0);
            this.and_sql(&format!(" AND {key} < {before}"));
        }
        let limit = this.bind(query.limit.saturating_add(1).max(1));
        this.and_sql(&format!(" ORDER BY {key} DESC LIMIT {limit}"));
        Ok(this)
    }

    fn filter(&mut self, query: &ListQuery, tags: &[(&'static str, &str)]) {
        let open = query.open == Some(true);
        match query.open {
            Some(true) => self.and_sql(" AND i.open = 1"),
            Some(false) => self.and_sql(" AND i.open = 0"),
            None => {}
        }
        if let Some(kind) = query.kind {
            self.and_sql(&format!(" AND i.kind = '{}'", kind.word()));
            // Said twice, so that the partial index over the rare kinds can be used; the open ones have their own.
            if let (Some(rare), false) = (rare_kind(query), open) {
                self.and_sql(&format!(" AND {rare}"));
            }
        }
        if let Some(severity) = &query.severity {
            // The coalescing keeps SQLite from walking all of that severity when only the open ones are asked for.
            let column = if open { "coalesce(i.severity, '')" } else { "i.severity" };
            let severity = self.bind(severity.as_str());
            self.and_sql(&format!(" AND {column} = {severity}"));
        }
        for (kind, value) in tags {
            let tagged = self.tagged(kind, value);
            self.and_sql(&format!(" AND {tagged}"));
        }
        if !query.mine {
            let joined = self.tagged(PERSON, query.viewer.as_str());
            self.and_sql(&format!(" AND (i.private = 0 OR {joined})"));
        }
    }

    /// A test of one incident: a count, which no planner turns into a walk over everything that has the tag.
    fn tagged(&mut self, kind: &str, value: &str) -> String {
        let value = self.bind(value);
        format!(
            "(SELECT count(*) FROM incident_tags t
              WHERE t.kind = '{kind}' AND t.value = {value} AND t.incident = i.id) > 0"
        )
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and_sql(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }
}

const COLUMNS: &str =
    "SELECT i.id, i.kind, i.private, i.phase, i.severity, i.title, i.commander, i.declared_at, i.changed_at";

/// What makes SQLite see that a partial index is about the kind asked for.
fn rare_kind(query: &ListQuery) -> Option<&'static str> {
    match query.kind {
        Some(Kind::Drill | Kind::Maintenance) => Some("i.kind <> 'incident'"),
        Some(Kind::Incident) | None => None,
    }
}

/// Which of those tags the fewest incidents have. `None` if still fewer have the severity or the kind asked for: then
/// these are walked, by their own index.
async fn rarest(
    link: &mut dyn Link,
    tags: &[(&'static str, &str)],
    query: &ListQuery,
) -> Result<Option<usize>, StoreError> {
    if tags.len() < 2 && query.severity.is_none() && rare_kind(query).is_none() {
        return Ok(tags.len().checked_sub(1));
    }
    let mut best = None;
    for (at, (kind, value)) in tags.iter().enumerate() {
        let tagged = "SELECT 1 FROM incident_tags WHERE kind = $1 AND value = $2";
        let count = count(link, tagged, values![*kind, *value]).await?;
        if best.is_none_or(|(_, least)| count < least) {
            best = Some((at, count));
        }
    }
    let Some((_, mut least)) = best else { return Ok(None) };
    if let Some(severity) = &query.severity {
        let count = count(link, "SELECT 1 FROM incidents WHERE severity = $1", values![severity.as_str()]).await?;
        if count < least {
            (best, least) = (None, count);
        }
    }
    if let (Some(kind), Some(rare)) = (query.kind, rare_kind(query)) {
        let of_kind = format!("SELECT 1 FROM incidents i WHERE i.kind = '{}' AND {rare}", kind.word());
        if count(link, &of_kind, values![]).await? < least {
            best = None;
        }
    }
    Ok(best.map(|(at, _)| at))
}

/// How many rows a statement finds, up to [`MANY`].
async fn count(link: &mut dyn Link, sql: &str, values: Vec<Value>) -> Result<i64, StoreError> {
    let sql = format!("SELECT count(*) FROM ({sql} LIMIT {MANY}) AS found");
    let row = link.row(AssertSqlSafe(sql), values).await?;
    row.map_or(Ok(0), |row| row.int(0))
}
