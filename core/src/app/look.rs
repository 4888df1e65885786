//! Looking without changing: what consoles and feeds need beyond commands. Privacy is kept here, once, for all of them.

use super::Muster;
use crate::decide::{Entries, ListQuery, Needs, State, Summary, runs};
use crate::ids::{IncidentId, PersonId, PlatformId};
use crate::inbound::Place;
use crate::incident::Incident;
use crate::incident::entry::Entry;
use crate::incident::room::Room;
use crate::ports::store::StoreError;
use crate::record::Wanted;
use crate::runbook::{JobId, Run, Transcript};
use std::borrow::Cow;
use std::sync::PoisonError;

/// So many addresses of rooms are remembered.
const ROOMS: usize = 10_000;

/// Rows of a log read at a time.
const CHUNK: i64 = 500;

impl State {
    /// The same without what `viewer` may not know of.
    #[must_use]
    pub fn seen_by(mut self, viewer: &PersonId) -> Self {
        self.incident = self.incident.filter(|incident| incident.is_visible_to(viewer));
        self.other = self.other.filter(|incident| incident.is_visible_to(viewer));
        self.calling.iter_mut().for_each(|all| all.retain(|incident| incident.is_visible_to(viewer)));
        if self.incident.is_none() {
            self.entries.clear();
        }
        self
    }
}

impl Muster {
    /// The same place, knowing the incident whose room it is.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn find_room<'a>(&self, place: &'a Place) -> Result<Cow<'a, Place>, StoreError> {
        let (None, Some(address)) = (place.incident, &place.address) else { return Ok(Cow::Borrowed(place)) };
        let incident = self.incident_at(&place.platform, address).await?;
        Ok(Cow::Owned(Place { incident, ..place.clone() }))
    }

    /// The incident whose room is at that address. A room belongs to one incident for ever, so it is asked for once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn incident_at(&self, platform: &PlatformId, address: &str) -> Result<Option<IncidentId>, StoreError> {
        let key = (platform.clone(), address.to_owned());
        if let Some(known) = self.rooms.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Some(*known));
        }
        let found = self.store.incident_at(platform, address).await?;
        if let Some(incident) = found {
            let mut rooms = self.rooms.write().unwrap_or_else(PoisonError::into_inner);
            if rooms.len() >= ROOMS {
                rooms.clear();
            }
            rooms.insert(key, incident);
        }
        Ok(found)
    }

    /// Where an incident is worked on a platform, whoever asks: an address tells nobody what is said there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn room_on(
        &self,
        platform: &PlatformId,
        incident: Option<IncidentId>,
    ) -> Result<Option<Room>, StoreError> {
        let state = self.store.load(&Needs { incident, ..Needs::default() }).await?;
        let rooms = state.incident.map(|incident| incident.rooms).unwrap_or_default();
        Ok(rooms.into_iter().find(|room| &room.platform == platform))
    }

    /// Incidents in a list, and whether there are more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, query: ListQuery) -> Result<(Vec<Summary>, bool), StoreError> {
        let state = self.store.load(&Needs { list: Some(query), ..Needs::default() }).await?;
        Ok((state.list, state.more))
    }

    /// An incident with entries of its timeline; `None` if it does not exist for `viewer`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn incident(
        &self,
        viewer: &PersonId,
        id: IncidentId,
        entries: Option<Entries>,
    ) -> Result<Option<Seen>, StoreError> {
        let needs = Needs { incident: Some(id), entries, ..Needs::default() };
        let state = self.store.load(&needs).await?.seen_by(viewer);
        let (entries, more) = (state.entries, state.more);
        Ok(state.incident.map(|incident| Seen { incident, entries, more, runs: Vec::new() }))
    }

    /// An incident with its runs, by number, and what the attempts of one of them have said; `None` if it does not exist for
    /// `viewer`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn runs(&self, viewer: &PersonId, id: IncidentId, said: Option<i64>) -> Result<Option<Ran>, StoreError> {
        let mut records = runs::records(id);
        records.extend(said.map(|number| Wanted::TranscriptsOf(id, Some(number))));
        let needs = Needs { incident: Some(id), records, ..Needs::default() };
        let state = self.store.load(&needs).await?.seen_by(viewer);
        let Some(incident) = state.incident else { return Ok(None) };
        let org = self.org();
        let of_it = state.records.runs().filter(|run| run.incident == id);
        let mut runs: Vec<_> = of_it.map(|run| runs::as_asked_now(run, &incident, &org)).collect();
        runs.sort_by_key(|run| run.number);
        let transcripts = state.records.transcripts().cloned().collect();
        Ok(Some(Ran { incident, runs, transcripts }))
    }

    /// An incident and every row of its log, in order; `None` if it does not exist for `viewer`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn whole(&self, viewer: &PersonId, id: IncidentId) -> Result<Option<Seen>, StoreError> {
        let Some(mut seen) = self.incident(viewer, id, None).await? else { return Ok(None) };
        loop {
            let after = seen.entries.last().map_or(0, |entry: &Entry| entry.seq);
            let chunk = self.store.log(id, after, CHUNK).await?;
            let is_last = i64::try_from(chunk.len()).is_ok_and(|length| length < CHUNK);
            seen.entries.extend(chunk);
            if is_last {
                seen.runs = self.runs(viewer, id, None).await?.map(|ran| ran.runs).unwrap_or_default();
                return Ok(Some(seen));
            }
        }
    }
}

/// An incident and its runs as somebody may see them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// The incident.
    pub incident: Incident,
    /// Its runs, by number.
    pub runs: Vec<Run>,
    /// What the attempts asked for have said.
    pub transcripts: Vec<Transcript>,
}

impl Ran {
    /// What the latest attempt at a step has said, or at taking it back.
    #[must_use]
    pub fn transcript(&self, run: &Run, step: &str) -> Option<&Transcript> {
        latest(self.transcripts.iter(), run, step)
    }
}

/// What the latest attempt at a step has said, or at taking it back.
pub(crate) fn latest<'a>(
    transcripts: impl Iterator<Item = &'a Transcript>,
    run: &Run,
    step: &str,
) -> Option<&'a Transcript> {
    let is_of = |job: &JobId| job.incident == run.incident && job.run == run.number && job.step == step;
    transcripts.filter(|one| is_of(&one.job)).max_by_key(|one| (one.job.undo, one.job.attempt))
}

/// An incident as somebody may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The incident.
    pub incident: Incident,
    /// The entries asked for.
    pub entries: Vec<Entry>,
    /// Whether there are more.
    pub more: bool,
    /// Its runs, where the whole of it was asked for.
    pub runs: Vec<Run>,
}
