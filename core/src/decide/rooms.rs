//! The rooms of an incident on chat platforms: they are opened, shown what has changed, lost, and put away.

use super::{Ctx, Decision, Draft, State, comms, runs};
use crate::effect::Effect;
use crate::ids::PlatformId;
use crate::incident::event::{Event, Subject};
use crate::incident::room::{Room, RoomPlan, name_of};
use crate::incident::{Incident, Visibility};
use crate::org::ChatRules;
use crate::ports::chat::Opened;
use crate::reply::Reply;
use crate::timer::Alarm;
use crate::view::{Tone, View, alerts, card, page, room, text};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// How long the announcement waits for the room, so that it can lead there.
const WAIT_FOR_ROOM: TimeDelta = TimeDelta::seconds(3);

/// So many rooms an incident may lose on a platform; then it gets no other by itself.
const LOST_ROOMS: usize = 3;

/// What a platform tells of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomNews {
    /// It has been opened as planned.
    Opened {
        /// On which platform.
        platform: PlatformId,
        /// What was planned.
        plan: RoomPlan,
        /// What came of it.
        opened: Opened,
    },
    /// It is gone for good.
    Gone {
        /// Which.
        room: Room,
        /// What happened, in one sentence.
        reason: String,
    },
}

/// What news of a room lead to. News that is old leads to nothing.
#[must_use]
pub fn hear(news: &RoomNews, state: &State, ctx: &Ctx<'_>) -> Decision {
    let nothing = || Decision::answer(Reply::view(View::titled(Tone::Neutral, vec![text("That is known")])));
    let Some(incident) = &state.incident else { return nothing() };
    let is = |room: &Room, platform: &PlatformId, address: &str| &room.platform == platform && room.address == address;
    let mut draft = Draft::of(incident, ctx);
    match news {
        RoomNews::Opened { platform, opened, .. }
            if incident.rooms.iter().any(|room| is(room, platform, &opened.address)) =>
        {
            return nothing();
        }
        RoomNews::Opened { platform, plan, opened } => {
            let has_home = incident.rooms.iter().any(|room| room.home && room.is_live());
            draft.incident.rooms.iter_mut().filter(|_| !has_home).for_each(|room| room.home = false);
            draft.incident.rooms.push(Room {
                platform: platform.clone(),
                address: opened.address.clone(),
                home: !has_home,
                url: opened.url.clone(),
                private: plan.private,
                archived: false,
            });
            draft.incident.rooms_wanted.retain(|wanted| wanted != platform);
            // That an incident has its room is no news; that it has another one is.
            if incident.rooms_wanted.contains(platform)
                || incident.rooms_lost.contains(platform)
                || incident.rooms_left.contains(platform)
            {
                draft.record(Event::RoomOpened { platform: platform.clone(), name: opened.name.clone() });
            }
        }
        RoomNews::Gone { room, .. } if !incident.rooms.iter().any(|one| is(one, &room.platform, &room.address)) => {
            return nothing();
        }
        RoomNews::Gone { room, reason } => {
            draft.incident.rooms.retain(|one| !is(one, &room.platform, &room.address));
            draft.incident.rooms_lost.push(room.platform.clone());
            if !draft.incident.rooms.iter().any(|room| room.home)
                && let Some(first) = draft.incident.rooms.first_mut()
            {
                first.home = true;
            }
            draft.record(Event::RoomLost { platform: room.platform.clone(), reason: reason.clone() });
        }
    }
    if let RoomNews::Opened { opened, .. } = news {
        show_what_is_open(&mut draft, &opened.address, state);
    }
    draft.done(|incident| card::headline(incident, ctx.org, ctx.now))
}

/// A room that has just been opened shows the runs and messages that are open.
fn show_what_is_open(draft: &mut Draft<'_>, address: &str, state: &State) {
    let (id, org) = (draft.incident.id, draft.ctx().org);
    let Some(room) = draft.incident.rooms.iter().find(|room| room.address == address).cloned() else { return };
    for run in state.records.runs().filter(|run| run.incident == id && run.state.is_open()) {
        draft.effect(runs::card(room.clone(), run, org));
    }
    for message in state.records.messages_of(id).into_iter().filter(|one| one.stage.is_open()) {
        let card = comms::card(room.clone(), message, &draft.incident, org);
        draft.effect(card);
    }
}

/// A room on one more platform; `false` if one is being opened there.
pub fn add_room(draft: &mut Draft<'_>, platform: &PlatformId) -> bool {
    if draft.incident.rooms_wanted.contains(platform) {
        return false;
    }
    draft.incident.rooms_wanted.push(platform.clone());
    let plan = plan(&draft.incident);
    draft.effect(Effect::Open { platform: platform.clone(), plan });
    true
}

/// What follows for the rooms from any change of an incident.
pub(super) fn follow(draft: &mut Draft<'_>) {
    if draft.ctx().org.chats.is_empty() {
        return;
    }
    move_if_now_private(draft);
    take_out_if_open_again(draft);
    for chat in &draft.ctx().org.chats {
        open_if_missing(draft, chat);
        announce(draft, chat);
    }
    for room in draft.incident.rooms.clone() {
        let is_served = draft.ctx().org.chats.iter().any(|chat| chat.platform == room.platform);
        let is_it = |one: &&Room| one.platform == room.platform && one.address == room.address;
        let before = draft.before().and_then(|before| before.rooms.iter().find(is_it));
        match before {
            _ if !is_served => {}
            None => furnish(draft, &room),
            Some(before) if before.archived != room.archived => {
                draft.effect(Effect::Archive { room: room.clone() });
                if !room.archived {
                    refresh(draft, &room);
                }
            }
            Some(_) if room.archived => {}
            Some(_) => refresh(draft, &room),
        }
    }
    keep_archive_timer(draft);
}

/// Everybody can read along in a public room: what has become private goes on in another.
fn move_if_now_private(draft: &mut Draft<'_>) {
    if draft.incident.visibility == Visibility::Public {
        return;
    }
    let (open, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut draft.incident.rooms)
        .into_iter()
        .partition(|room| room.platform != PlatformId::console() && !room.private);
    draft.incident.rooms = kept;
    for room in open {
        draft.incident.rooms_left.push(room.platform.clone());
        draft.effect(Effect::Archive { room: Room { archived: true, ..room } });
    }
}

fn take_out_if_open_again(draft: &mut Draft<'_>) {
    if draft.incident.status.is_open() {
        draft.incident.rooms.iter_mut().for_each(|room| room.archived = false);
    }
}

/// A new incident gets a room, one that has just given its room up another, and one that turns private or public before it
/// has a room gets the one that fits: a plan nobody has begun to carry out is superseded.
fn open_if_missing(draft: &mut Draft<'_>, chat: &ChatRules) {
    let count = |platforms: &[PlatformId]| platforms.iter().filter(|one| **one == chat.platform).count();
    let given_up = |incident: &Incident| count(&incident.rooms_lost) + count(&incident.rooms_left);
    let after = &draft.incident;
    let is_wanted = match draft.before() {
        None => chat.rooms,
        Some(before) => {
            let has_turned = chat.rooms && before.visibility != after.visibility;
            after.status.is_open() && (has_turned || given_up(after) > given_up(before))
        }
    };
    let has_one = after.rooms.iter().any(|room| room.platform == chat.platform);
    if is_wanted && !has_one && count(&after.rooms_lost) < LOST_ROOMS {
        let plan = plan(after);
        draft.effect(Effect::Open { platform: chat.platform.clone(), plan });
    }
}

fn plan(incident: &Incident) -> RoomPlan {
    RoomPlan {
        name: name_of(incident.id, &incident.title),
        private: incident.visibility == Visibility::Private,
        since: incident.declared_at,
    }
}

/// One card where everybody looks. A private incident leaves nothing there.
fn announce(draft: &mut Draft<'_>, chat: &ChatRules) {
    let org = draft.ctx().org;
    let is_public = |incident: &Incident| incident.visibility == Visibility::Public;
    let has_room = |incident: &Incident| incident.rooms.iter().any(|room| room.platform == chat.platform);
    let shown = |incident: &Incident| is_public(incident).then(|| room::announcement(incident, org));
    let before = draft.before().and_then(shown);
    let got_room = draft.before().is_some_and(|before| !has_room(before)) && has_room(&draft.incident);
    let (view, delay) = match (before, shown(&draft.incident)) {
        _ if !chat.announces => return,
        (None, None) => return,
        (Some(_), None) => (room::retracted(&draft.incident), TimeDelta::zero()),
        (Some(before), Some(after)) if before == after && !got_room => return,
        (None, Some(after)) if chat.rooms && !has_room(&draft.incident) => (after, WAIT_FOR_ROOM),
        (_, Some(after)) => (after, TimeDelta::zero()),
    };
    draft.effect_after(delay, Effect::Announce { platform: chat.platform.clone(), view: Box::new(view) });
}

/// Everything a new room needs. What can be done at once is in lanes of its own.
fn furnish(draft: &mut Draft<'_>, room: &Room) {
    let org = draft.ctx().org;
    let incident = &draft.incident;
    let people = audience(incident, draft.ctx());
    let effects = [
        Effect::Headline { room: room.clone(), view: Box::new(card::standing(incident, org)) },
        Effect::Topic { room: room.clone(), line: room::topic(incident) },
        Effect::Links { room: room.clone(), links: room::links(incident, org) },
        Effect::Invite { room: room.clone(), people },
        Effect::Post { room: room.clone(), view: Box::new(card::welcome(incident, org)) },
    ];
    let cards = [pages_card(incident, room), alerts_card(incident, room)];
    let offers = runs::offered(incident, org).into_iter();
    let offers = offers.map(|view| Effect::Post { room: room.clone(), view: Box::new(view) });
    effects.into_iter().chain(cards.into_iter().flatten()).chain(offers).for_each(|effect| draft.effect(effect));
}

/// Who was paged, once anybody was.
fn pages_card(incident: &Incident, room: &Room) -> Option<Effect> {
    let view = (!incident.pages.is_empty()).then(|| Box::new(page::card(incident)))?;
    Some(Effect::Card { room: room.clone(), card: "pages".to_owned(), view })
}

/// What its alerts come to, once there were any.
fn alerts_card(incident: &Incident, room: &Room) -> Option<Effect> {
    let view = (!incident.alerts.is_empty()).then(|| Box::new(alerts::card(incident)))?;
    Some(Effect::Card { room: room.clone(), card: "alerts".to_owned(), view })
}

/// What has changed, and nothing else.
fn refresh(draft: &mut Draft<'_>, room: &Room) {
    let Some(before) = draft.before() else { return };
    let (ctx, after) = (draft.ctx(), &draft.incident);
    let mut effects = Vec::new();
    let headline = |incident| card::standing(incident, ctx.org);
    if headline(before) != headline(after) {
        effects.push(Effect::Headline { room: room.clone(), view: Box::new(headline(after)) });
    }
    if let Some(news) = room::news(draft.entries(), ctx.org) {
        effects.push(Effect::Post { room: room.clone(), view: Box::new(news) });
    }
    let pages = pages_card(after, room);
    if pages != pages_card(before, room) {
        effects.extend(pages);
    }
    let alerts = alerts_card(after, room);
    if alerts != alerts_card(before, room) {
        effects.extend(alerts);
    }
    if room::topic(before) != room::topic(after) {
        effects.push(Effect::Topic { room: room.clone(), line: room::topic(after) });
    }
    let name = name_of(after.id, &after.title);
    if ctx.org.rooms.rename && name != name_of(before.id, &before.title) {
        effects.push(Effect::Rename { room: room.clone(), name });
    }
    let known: BTreeSet<_> = audience(before, ctx).into_iter().map(|one| one.person).collect();
    let people: Vec<_> = audience(after, ctx).into_iter().filter(|one| !known.contains(&one.person)).collect();
    if !people.is_empty() {
        effects.push(Effect::Invite { room: room.clone(), people });
    }
    effects.into_iter().for_each(|effect| draft.effect(effect));
}

/// Who belongs into the rooms: who has joined, and, unless it is private, the teams the rules name.
fn audience(incident: &Incident, ctx: &Ctx<'_>) -> Vec<Subject> {
    let joined = incident.participants.iter();
    let mut people: Vec<_> = joined.map(|one| Subject { person: one.person.clone(), name: one.name.clone() }).collect();
    if incident.visibility == Visibility::Private {
        return people;
    }
    let (org, rules) = (ctx.org, &ctx.org.rooms);
    let owners = incident.services.iter().filter_map(|id| org.find_service(id)?.owner.as_ref());
    let teams = rules.invite_teams.iter().chain(owners.filter(|_| rules.invite_owners));
    for member in teams.filter_map(|id| org.team(id)).flat_map(|team| &team.members) {
        if let Some(person) = org.person(member).filter(|_| people.iter().all(|one| &one.person != member)) {
            people.push(Subject { person: person.id.clone(), name: person.name.clone() });
        }
    }
    people
}

/// Rooms are put away some time after the incident has ended for good.
fn keep_archive_timer(draft: &mut Draft<'_>) {
    let was_over = draft.before().is_some_and(|before| before.status.phase().is_final());
    let is_over = draft.incident.status.phase().is_final();
    match (was_over, is_over) {
        (false, true) => {
            let Some(after) = draft.ctx().org.rooms.archive_after else { return };
            let Ok(after) = TimeDelta::from_std(after) else { return };
            draft.set_timer(Alarm::Archive, draft.ctx().now + after);
        }
        (true, false) => draft.clear_timer(Alarm::Archive.key(draft.incident.id)),
        (true, true) | (false, false) => {}
    }
}
