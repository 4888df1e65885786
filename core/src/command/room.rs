//! `room`: where an incident is worked, and one more place to work it.

use super::args::Args;
use super::call::Invocation;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, add_room, incident_of};
use crate::ids::PlatformId;
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::incident::room::Room;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Action, Item, Section, Span, Tone, View, card, strong, text};

pub(super) const SPEC: Spec = Spec {
    name: "room",
    button: "List",
    summary: "See where an incident is worked, or add another chat",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "See where an incident is worked",
            access: Access::Reads,
            args: &[],
            examples: &["room", "room INC-42"],
            read: Rooms::read,
        },
        Verb {
            name: "add",
            summary: "Work the incident in another chat, too",
            access: Access::Writes,
            args: &[Arg::required("chat", ArgKind::Chat, "the chat, by its name in the config")],
            examples: &["room add discord"],
            read: AddRoom::read,
        },
    ],
};

/// See where an incident is worked.
#[derive(Debug, Clone, PartialEq)]
pub struct Rooms;

impl Rooms {
    fn read(_: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Rooms(Self))
    }
}

impl Run for Rooms {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        Ok(Decision::answer(Reply::view(rooms(incident, ctx)).about(incident.id)))
    }
}

/// Work the incident in another chat, too.
#[derive(Debug, Clone, PartialEq)]
pub struct AddRoom {
    chat: PlatformId,
}

impl AddRoom {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::AddRoom(Self { chat: args.chat("chat")? }))
    }
}

impl Run for AddRoom {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if !incident.status.is_open() {
            let sentence = format!("{} is over: reopen it before it gets another room", incident.id);
            return Err(Refusal::conflict(sentence).instead("reopen"));
        }
        if incident.rooms.iter().any(|room| room.platform == self.chat) {
            let sentence = format!("{} has a room on {} already", incident.id, self.chat);
            return Err(Refusal::conflict(sentence).instead("room"));
        }
        let mut draft = Draft::of(incident, ctx);
        if !add_room(&mut draft, &self.chat) {
            let sentence = format!("A room on {} is being opened for {} already", self.chat, incident.id);
            return Err(Refusal::conflict(sentence).instead("room"));
        }
        draft.record(Event::RoomWanted { platform: self.chat.clone() });
        Ok(draft.done(|incident| rooms(incident, ctx)))
    }
}

fn rooms(incident: &Incident, ctx: &Ctx<'_>) -> View {
    let title = vec![text("Where "), card::named(incident), text(" is worked")];
    let there = incident.rooms.iter().map(|room| line(room, incident, ctx));
    let coming = incident.rooms_wanted.iter().map(|chat| vec![strong(chat.to_string()), text(" · is being opened")]);
    let items = there.chain(coming).map(|line| Item { line, action: None }).collect();
    let view = View::titled(Tone::Neutral, title).with(Section::List(items));
    let has = |chat: &PlatformId| {
        incident.rooms.iter().any(|room| &room.platform == chat) || incident.rooms_wanted.contains(chat)
    };
    let others = ctx.org.chats.iter().filter(|chat| incident.status.is_open() && !has(&chat.platform));
    let add = |view: View, chat: &PlatformId| {
        let call = Invocation::of("room add").on(incident.id).with("chat", chat.as_str());
        view.offering(Action::run(&format!("Add {chat}"), call))
    };
    others.fold(view, |view, chat| add(view, &chat.platform))
}

fn line(room: &Room, incident: &Incident, ctx: &Ctx<'_>) -> Vec<Span> {
    let url = match &room.url {
        None if room.platform == PlatformId::console() => Some(card::room_url(incident, ctx.org)),
        url => url.clone(),
    };
    let mut line = vec![strong(room.platform.to_string())];
    let is_home = incident.rooms.iter().filter(|room| room.is_live()).count() > 1 && room.home;
    line.extend(is_home.then(|| text(" · home")));
    line.extend(room.private.then(|| text(" · private")));
    line.extend(room.archived.then(|| text(" · put away")));
    line.extend(url.into_iter().flat_map(|url| [text(" · "), Span::Link { label: "open".to_owned(), url }]));
    line
}
