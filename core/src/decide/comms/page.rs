//! The status page: what customers can see of an incident is written here, and nowhere else.

use super::desk::Desk;
use super::standing::Standing;
use crate::clock::Timestamp;
use crate::comms::{Audience, ComponentState, Correction, Message, Post, PublicIncident, Window};
use crate::incident::Kind;
use crate::record::{Record, RecordKey};
use std::collections::{BTreeMap, BTreeSet};

/// What goes onto the page.
pub(super) struct Said<'a> {
    /// The message.
    pub(super) message: &'a Message,
    /// The message whose text it puts right.
    pub(super) replaced: Option<&'a Message>,
}

/// What customers can see of the incident, with this change.
pub(super) fn now(desk: &Desk<'_, '_>) -> Option<PublicIncident> {
    let id = desk.draft.incident.id;
    match desk.draft.kept(&RecordKey::public(id)) {
        Some(Record::Public(public)) => Some(public.as_ref().clone()),
        Some(_) | None => desk.state.records.public(id).cloned(),
    }
}

/// A message is on the page.
pub(super) fn publish(desk: &mut Desk<'_, '_>, said: &Said<'_>) {
    let at = desk.ctx().now;
    let mut public = now(desk).unwrap_or_else(|| PublicIncident {
        incident: said.message.incident,
        window: None,
        sites: BTreeSet::new(),
        posts: Vec::new(),
        states: Vec::new(),
        began_at: desk.draft.incident.declared_at.min(at),
        ended_at: None,
    });
    let message = said.message;
    match said.replaced {
        Some(replaced) => {
            let root = message.corrects.unwrap_or(replaced.number);
            if let Some(post) = public.posts.iter_mut().find(|post| post.number == root) {
                let was = std::mem::replace(&mut post.texts, message.texts.clone());
                post.corrected.push(Correction { at, was });
                post.next_at = message.next_at;
                post.status = message.status;
            }
        }
        None => {
            public.posts.push(Post {
                number: message.number,
                at,
                status: message.status,
                texts: message.texts.clone(),
                next_at: message.next_at,
                corrected: Vec::new(),
                retracted: None,
            });
        }
    }
    keep(desk, public);
}

/// A message is taken back: that it was is on the page, and what it said nowhere.
pub(super) fn retract(desk: &mut Desk<'_, '_>, number: i64) {
    let at = desk.ctx().now;
    let Some(mut public) = now(desk) else { return };
    let Some(post) = public.posts.iter_mut().find(|post| post.number == number) else { return };
    post.retracted = Some(at);
    post.texts.clear();
    post.corrected.clear();
    post.next_at = None;
    keep(desk, public);
}

/// The components do as what stands says, from now on: of those of which nothing stands any more, nothing is known to be wrong. Only
/// what changes is written down.
fn put(public: &mut PublicIncident, at: Timestamp, says: &BTreeMap<String, ComponentState>) {
    let known = public.components();
    let touched = known.keys().chain(says.keys()).collect::<BTreeSet<_>>();
    let now = touched.into_iter().map(|id| (id, says.get(id).copied().unwrap_or(ComponentState::Operational)));
    let changed: BTreeMap<_, _> =
        now.filter(|(id, state)| known.get(*id) != Some(state)).map(|(id, state)| (id.clone(), state)).collect();
    if !changed.is_empty() {
        public.states.push((at, changed));
    }
}

/// Keeps it, with what the incident is now.
fn keep(desk: &mut Desk<'_, '_>, mut public: PublicIncident) {
    let (now, incident, rules) = (desk.ctx().now, &desk.draft.incident, &desk.ctx().org.comms);
    let is_told = |one: &Message| rules.audience(&one.audience).is_some_and(Audience::is_public);
    put(&mut public, now, &Standing::among(&desk.messages(), is_told).components);
    public.sites = rules.sites_of(&incident.sites).map(|site| site.site.clone()).collect();
    let is_planned = incident.kind == Kind::Maintenance;
    public.window = incident.window.or(public.window).filter(|_| is_planned).or_else(|| {
        // Work of which nobody has said when it is done is done now.
        is_planned.then_some(Window { from: public.began_at, until: public.began_at })
    });
    public.ended_at = if public.status().is_over() { public.ended_at.or(Some(now)) } else { None };
    desk.draft.keep(desk.state, Record::Public(Box::new(public)));
}
