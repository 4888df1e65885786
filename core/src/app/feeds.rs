//! Calendars of shifts, by their secret addresses.

use super::Muster;
use crate::decide::Needs;
use crate::oncall::feed::{Entry, feed};
use crate::oncall::{Schedule, Shift, Whose};
use crate::org::{Organisation, Right};
use crate::ports::credentials::CredentialKind;
use crate::ports::store::StoreError;
use crate::record::{RecordKind, Wanted};
use crate::secret::Secret;
use chrono::TimeDelta;

/// A calendar shows what lies so far back,
const BEHIND: TimeDelta = TimeDelta::days(14);
/// and so far ahead.
const AHEAD: TimeDelta = TimeDelta::days(92);

impl Muster {
    /// The calendar at a secret address, as iCalendar text; nothing when there is none, or when the one who was given it
    /// may not look any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn feed(&self, secret: &Secret) -> Result<Option<String>, StoreError> {
        let now = self.now();
        let Some(found) = self.store.check(CredentialKind::Feed, &secret.hash(), now).await? else { return Ok(None) };
        let org = self.org();
        let may_look = org.person(&found.person).is_some_and(|person| person.right >= Right::View);
        let Some(whose) = Whose::of_label(&found.label).filter(|_| may_look) else { return Ok(None) };
        let needs = Needs { records: vec![Wanted::All(RecordKind::Roster)], ..Needs::default() };
        let records = self.store.load(&needs).await?.records;
        let mut shifts = Vec::new();
        for schedule in &org.schedules {
            let all = schedule.shifts(records.roster(&schedule.id), now - BEHIND, now + AHEAD);
            let shown = all.into_iter().filter(|shift| whose.shows(schedule, shift, &found.person));
            shifts.extend(shown.map(|shift| (schedule, shift)));
        }
        let entry = |(schedule, shift): &(&Schedule, Shift)| summary(schedule, shift, &org);
        let summaries: Vec<_> = shifts.iter().map(entry).collect();
        let entries: Vec<_> = shifts
            .iter()
            .zip(summaries)
            .map(|((schedule, shift), summary)| Entry { schedule: &schedule.id, summary, shift })
            .collect();
        Ok(Some(feed(&name(&whose, &org), &entries, now)))
    }
}

fn summary(schedule: &Schedule, shift: &Shift, org: &Organisation) -> String {
    let who = org.person(&shift.person).map_or(shift.person.as_str(), |person| person.name.as_str());
    format!("{who}: on call for {}", schedule.name)
}

fn name(whose: &Whose, org: &Organisation) -> String {
    let what = match whose {
        Whose::Own => "my shifts",
        Whose::Team(id) => org.team(id).map_or(id.as_str(), |team| team.name.as_str()),
        Whose::Schedule(id) => org.schedule(id).map_or(id.as_str(), |schedule| schedule.name.as_str()),
    };
    format!("{} on call: {what}", org.name)
}
