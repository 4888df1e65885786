//! The outbox: effects that are leased, and end.

use super::{Books, MemoryStore, take};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::effect::Outgoing;
use muster_core::ids::EffectKey;
use muster_core::ports::store::{Lease, Leased, Of, Outbox, OutboxRow, OutboxState, Outcome, Settlement, StoreError};

pub(super) struct Row {
    row: OutboxRow,
    leased: Option<(String, Timestamp)>,
}

impl Books {
    /// Adds an effect, in the place of those with its mark that nobody has begun to make.
    pub(super) fn add(&mut self, outgoing: Outgoing) {
        for other in self.outbox.iter_mut().filter(|other| {
            other.row.state == OutboxState::Waiting
                && outgoing.coalesce.is_some()
                && other.row.outgoing.coalesce == outgoing.coalesce
                && other.row.attempts == 0
        }) {
            other.row.state = OutboxState::Superseded;
        }
        let state = OutboxState::Waiting;
        let row = OutboxRow { outgoing, state, attempts: 0, error: None, external: None };
        self.outbox.push(Row { row, leased: None });
    }

    /// Whether an effect is the first of those that wait in its lane.
    fn is_first(&self, row: &OutboxRow) -> bool {
        !self.outbox.iter().any(|other| {
            other.row.state == OutboxState::Waiting
                && other.row.outgoing.lane == row.outgoing.lane
                && other.row.outgoing.position < row.outgoing.position
        })
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn lease(&self, lease: &Lease) -> Result<Vec<Leased>, StoreError> {
        let mut books = self.books();
        let may = |books: &Books, at: usize| {
            let Row { row, leased } = &books.outbox[at];
            row.state == OutboxState::Waiting
                && row.outgoing.due_at <= lease.now
                && lease.of.has(row.outgoing.effect.platform())
                && row.outgoing.urgency <= lease.least
                && leased.as_ref().is_none_or(|(_, until)| *until <= lease.now)
                && books.is_first(row)
        };
        let mut due: Vec<_> = (0..books.outbox.len()).filter(|at| may(&books, *at)).collect();
        due.sort_by_key(|at| {
            let outgoing = &books.outbox[*at].row.outgoing;
            (outgoing.urgency.rank(), outgoing.due_at, outgoing.position)
        });
        let leased = take(due, lease.limit).0.into_iter().map(|at| {
            let made = books.outbox[at].row.outgoing.coalesce.as_ref().and_then(|mark| books.made.get(mark)).cloned();
            let row = &mut books.outbox[at];
            row.leased = Some((lease.worker.clone(), lease.until));
            row.row.attempts += 1;
            Leased { outgoing: row.row.outgoing.clone(), attempt: row.row.attempts, made }
        });
        Ok(leased.collect())
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<u64, StoreError> {
        let mut count = 0;
        for settlement in settlements {
            let mut books = self.books();
            let held = books.outbox.iter_mut().find(|row| {
                row.row.outgoing.key == settlement.key
                    && row.row.attempts == settlement.attempt
                    && row.leased.as_ref().is_some_and(|(worker, _)| *worker == settlement.worker)
            });
            let Some(row) = held else { continue };
            row.leased = None;
            count += 1;
            match &settlement.outcome {
                Outcome::Done { external } => {
                    row.row.state = OutboxState::Done;
                    row.row.external = Some(external.clone());
                    if let Some(mark) = settlement.mark.clone() {
                        books.made.insert(mark, external.clone());
                    }
                }
                Outcome::Retry { at, error } => {
                    row.row.outgoing.due_at = *at;
                    row.row.error = Some(error.clone());
                }
                Outcome::Moot { error } => {
                    row.row.state = OutboxState::Superseded;
                    row.row.error = Some(error.clone());
                }
                Outcome::Dead { error } => {
                    row.row.state = OutboxState::Dead;
                    row.row.error = Some(error.clone());
                }
            }
        }
        Ok(count)
    }

    async fn next_lease(&self, of: &Of) -> Result<Option<Timestamp>, StoreError> {
        let books = self.books();
        let waiting =
            books.outbox.iter().filter(|row| row.row.state == OutboxState::Waiting && books.is_first(&row.row));
        let waiting = waiting.filter(|row| of.has(row.row.outgoing.effect.platform()));
        Ok(waiting.map(|row| row.leased.as_ref().map_or(row.row.outgoing.due_at, |(_, until)| *until)).min())
    }

    async fn effects(&self, state: OutboxState, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let books = self.books();
        let rows = books.outbox.iter().filter(|row| row.row.state == state).map(|row| row.row.clone());
        Ok(take(rows.collect(), limit).0)
    }

    async fn count(&self, state: OutboxState) -> Result<i64, StoreError> {
        let count = self.books().outbox.iter().filter(|row| row.row.state == state).count();
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    async fn revive(&self, key: &EffectKey, now: Timestamp) -> Result<bool, StoreError> {
        let mut books = self.books();
        let dead = |row: &&mut Row| row.row.outgoing.key == *key && row.row.state == OutboxState::Dead;
        let Some(row) = books.outbox.iter_mut().find(dead) else { return Ok(false) };
        row.row.state = OutboxState::Waiting;
        row.row.outgoing.due_at = now;
        Ok(true)
    }
}
