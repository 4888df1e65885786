//! What alerts that were heard change about their incident: it is declared, reopened, made worse; people are told.

use super::hear::Hearing;
use crate::decide::pages::{self, Order, Raised};
use crate::decide::{Ctx, Draft, State, Summary};
use crate::ids::{IncidentId, SeverityKey};
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::incident::status::{Phase, Status};
use crate::oncall::Target;
use crate::org::{Loudness, Organisation};
use crate::view::card;
use std::collections::BTreeMap;

/// The longest title of an incident, in characters, as in `new`.
const TITLE: usize = 150;

/// Titles that are as like as this are taken for the same outage: 1 is the same title.
const LIKE: f64 = 0.85;

/// A new incident.
pub(super) fn declare<'a>(id: IncidentId, hearing: &Hearing<'_>, state: &State, ctx: &'a Ctx<'a>) -> Draft<'a> {
    let news = &hearing.news;
    let first = news.first.as_ref();
    let title: String = first.map_or("Alerts", |first| &first.title).chars().take(TITLE).collect();
    let mut incident = Incident::declared(id, &title, ctx.actor.author(), ctx.now);
    incident.summary = first.and_then(|first| first.text.clone());
    incident.severity.clone_from(&news.severity);
    incident.alerts.clone_from(&hearing.tally);
    incident.alerts.resolve = first.map(|first| first.plan.resolve).unwrap_or_default();
    let service = first.and_then(|first| first.plan.service.as_ref());
    incident.alerts.like = like(&title, service.is_some(), &state.list);
    let mut draft = Draft::new(incident, ctx);
    let (kind, visibility) = (draft.incident.kind, draft.incident.visibility);
    draft.record(Event::Declared { title, kind, visibility, severity: news.severity.clone() });
    let welcome = card::welcome(&draft.incident, ctx.org);
    draft.say(&welcome);
    draft
}

/// The open incident that looks like the same outage: one about the same service, if it is known, else one whose title is
/// nearly the same.
fn like(title: &str, of_service: bool, open: &[Summary]) -> Option<IncidentId> {
    let likeness = |summary: &Summary| {
        strsim::normalized_damerau_levenshtein(&title.to_lowercase(), &summary.title.to_lowercase())
    };
    let likely = open.iter().map(|summary| (likeness(summary), summary.id));
    let likely = likely.filter(|(likeness, _)| of_service || *likeness >= LIKE);
    likely.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, id)| id)
}

/// It has come back.
pub(super) fn reopen<'a>(incident: &'a Incident, hearing: &Hearing<'_>, ctx: &'a Ctx<'a>) -> Draft<'a> {
    let mut draft = Draft::of(incident, ctx);
    draft.incident.status = Status::Investigating;
    draft.incident.resolved_at = None;
    draft.incident.alerts = hearing.tally.clone();
    draft.incident.alerts.paged.clear();
    let title = hearing.news.first.as_ref().map_or("an alert", |first| &first.title);
    draft.record(Event::Reopened { from: incident.status.phase(), reason: format!("it fires again: {title}") });
    draft
}

/// Whether anybody has to be paged.
pub(super) fn is_to_page(draft: &Draft<'_>, hearing: &Hearing<'_>) -> bool {
    !teams(&draft.incident, hearing, draft.org()).is_empty()
}

/// The teams that have to be paged, and how loudly: those not paged yet, or only when it was not as bad.
fn teams(incident: &Incident, hearing: &Hearing<'_>, org: &Organisation) -> BTreeMap<String, Loudness> {
    let rank = rank(severity(incident, hearing, org).as_ref(), org);
    let paged = &incident.alerts.paged;
    let due = hearing.news.teams.iter().filter(|(team, _)| paged.get(*team).is_none_or(|then| rank < *then));
    due.map(|(team, loudness)| (team.clone(), *loudness)).collect()
}

/// How bad the incident is with what was heard. While it is in triage alerts make it worse; after that people decide.
fn severity(incident: &Incident, hearing: &Hearing<'_>, org: &Organisation) -> Option<SeverityKey> {
    let heard = &hearing.news.severity;
    let is_worse = rank(heard.as_ref(), org) < rank(incident.severity.as_ref(), org);
    let is_ours = incident.status.phase() == Phase::Triage;
    if is_worse && is_ours { heard.clone() } else { incident.severity.clone() }
}

fn rank(severity: Option<&SeverityKey>, org: &Organisation) -> usize {
    severity.map_or(usize::MAX, |severity| org.severity_rank(severity))
}

/// Tells what is new.
pub(super) fn all(draft: &mut Draft<'_>, hearing: &Hearing<'_>, state: &State) {
    let (news, org) = (&hearing.news, draft.org());
    let teams = teams(&draft.incident, hearing, org);
    let severity = severity(&draft.incident, hearing, org);
    if severity != draft.incident.severity {
        let from = std::mem::replace(&mut draft.incident.severity, severity.clone());
        draft.record(Event::SeverityChanged { from, to: severity, reason: Some("a worse alert fires".to_owned()) });
    }
    draft.incident.services.extend(news.services.iter().cloned());
    draft.incident.sites.extend(news.sites.iter().cloned());
    if !news.kinds.is_empty() {
        draft.record(Event::AlertsFired { kinds: news.kinds.clone() });
    }
    let rank = rank(draft.incident.severity.as_ref(), org);
    for (team, loudness) in teams {
        let message = match (&news.first, news.heard) {
            (Some(first), ..=1) => first.title.clone(),
            (Some(first), heard) => format!("{} (and {} more)", first.title, heard - 1),
            (None, _) => draft.incident.title.clone(),
        };
        raise(draft, Order { target: Target::Team { id: team.clone() }, loudness, message }, state);
        draft.incident.alerts.paged.insert(team, rank);
    }
    watch(draft);
}

/// Pages a team. Where it is being called already, but not as loudly, it is called anew.
fn raise(draft: &mut Draft<'_>, order: Order, state: &State) {
    let Raised::Already(number) = draft.raise(order.clone(), state) else { return };
    if draft.incident.page(number).is_some_and(|page| order.loudness < page.loudness) {
        pages::cancel(draft, number);
        draft.raise(order, state);
    }
}

/// Has what was counted told, and sees whether all stays quiet.
fn watch(draft: &mut Draft<'_>) {
    let now = draft.incident.changed_at;
    let every = draft.org().alerting.digest_every;
    let tally = &mut draft.incident.alerts;
    if !tally.pending.is_empty() && tally.digest_at.is_none() {
        tally.digest_at = Some(now + every);
    }
    match (tally.firing, tally.quiet_since) {
        (0, None) if tally.total > 0 => tally.quiet_since = Some(now),
        (0, _) => {}
        (_, _) => tally.quiet_since = None,
    }
}
