//! What platforms tell of attempts to reach people.

use super::failed;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::effect::{Recipient, Stage};
use crate::ids::PlatformId;
use crate::incident::Incident;
use crate::incident::page::{Attempt, AttemptState, PageEvent, PageState};
use crate::oncall::Proofs;
use crate::record::Record;
use crate::reply::Reply;
use crate::view::page as shown;
use crate::view::{Tone, View, text};

/// What a platform tells of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptNews {
    /// Which page of the incident.
    pub page: i64,
    /// The platform.
    pub platform: PlatformId,
    /// Whom it was to reach.
    pub to: Recipient,
    /// Why it did not; nothing when it did.
    pub failed: Option<String>,
}

/// What such news lead to. The same again leads to nothing.
#[must_use]
pub fn hear_of_attempt(news: &AttemptNews, state: &State, ctx: &Ctx<'_>) -> Decision {
    let known = || Decision::answer(Reply::view(View::titled(Tone::Neutral, vec![text("That is known")])));
    let Some(incident) = &state.incident else { return known() };
    let Some((at, attempt)) = find(incident, news) else { return known() };
    let now_is = match &news.failed {
        Some(reason) => AttemptState::Failed { reason: reason.clone() },
        None => AttemptState::Delivered,
    };
    let is_news = match (&attempt.state, &now_is) {
        // What a platform has taken may fail on its way all the same: a carrier tells of that later.
        (AttemptState::Failed { .. }, AttemptState::Failed { .. }) => false,
        (before, after) => before != after,
    };
    if !is_news {
        return known();
    }
    let mut draft = Draft::of(incident, ctx);
    if let Some(attempt) = draft.page_mut(news.page).and_then(|page| page.attempts.get_mut(at)) {
        attempt.state = now_is;
    }
    let (name, platform) = (attempt.name.clone(), attempt.platform.clone());
    match &news.failed {
        None => draft.record_page(news.page, PageEvent::Reached { name, platform }),
        Some(reason) => {
            draft.record_page(news.page, PageEvent::Failed { name, platform, reason: reason.clone() });
            if let Recipient::Person { person, contact } = &news.to {
                let mut proofs = state.records.proofs(person).cloned().unwrap_or_else(|| Proofs::of(person));
                proofs.contacts.entry(contact.clone()).or_default().failed = Some((ctx.now, reason.clone()));
                draft.keep(state, Record::Proofs(proofs));
            }
            failed::go_on_from(&mut draft, news.page, attempt, state);
        }
    }
    draft.done(shown::card)
}

/// The latest attempt by that way, and its place.
fn find<'a>(incident: &'a Incident, news: &AttemptNews) -> Option<(usize, &'a Attempt)> {
    let attempts = incident.page(news.page)?.attempts.iter().enumerate();
    attempts.rev().find(|(_, attempt)| attempt.platform == news.platform && attempt.to == news.to)
}

/// Whether anybody still wants that notice of a page: nobody is called about what somebody has.
#[must_use]
pub fn is_wanted(incident: &Incident, number: i64, to: &Recipient, stage: Stage) -> bool {
    let Some(page) = incident.page(number) else { return false };
    match (stage, to) {
        (Stage::Acknowledged | Stage::Over, _) => true,
        (Stage::Raised, Recipient::Person { person, .. }) => match page.state {
            PageState::Calling | PageState::Unanswered => page.rings_for(person),
            PageState::Acked { .. } | PageState::Snoozed { .. } | PageState::Over => false,
        },
        (Stage::Raised, Recipient::Channel { .. } | Recipient::Outlet { .. }) => page.can_be_acked(),
    }
}
