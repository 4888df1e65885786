//! What people are told of a message: those who may let it go, and those who have written it.

use super::buttons::look;
use super::{in_order, people, title, tone};
use crate::comms::Message;
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::org::Organisation;
use crate::refusal::Refusal;
use crate::view::{Action, Line, Section, Tone, View, card, strong, text};

/// Those who may let a message go are asked in a room.
#[must_use]
pub fn asked(message: &Message, whom: &[Subject], incident: &Incident, org: &Organisation) -> View {
    let mut line = if whom.is_empty() { vec![text("Those who may approve it")] } else { people(whom, true) };
    line.push(text(": look at this, and say whether it may go out."));
    let first = in_order(&message.texts, org).into_iter().next();
    let titles = first.map(|(_, written)| Section::Text(vec![strong(written.title.clone())]));
    let title = [vec![text("To be approved: ")], title(message, incident, org)].concat();
    let mut view = View::titled(tone(&message.stage, incident), title).with(Section::Text(line));
    view.sections.extend(titles);
    // Nobody approves what they have not seen all of.
    view.offering(look((message.incident, message.number)).primary()).footed(card::brief(incident))
}

/// Those who have written it hear that it may go.
#[must_use]
pub fn approved(incident: &Incident, message: &Message) -> View {
    told(Tone::Good, " may go out".to_owned(), (incident, message))
        .offering(Action::run("Publish", super::buttons::to(message, "publish")).primary())
}

/// Those who have written it hear that it may not go, and why.
#[must_use]
pub fn rejected(incident: &Incident, message: &Message, reason: &str) -> View {
    told(Tone::Warning, " was not approved".to_owned(), (incident, message))
        .with(Section::Text(vec![text(reason)]))
        .offering(Action::open("Edit", super::buttons::to(message, "edit")).primary())
}

/// Those who have written it hear that it could not go out when its time had come, and why.
#[must_use]
pub fn not_published(incident: &Incident, message: &Message, why: &Refusal) -> View {
    told(Tone::Danger, " could not go out".to_owned(), (incident, message))
        .with(Section::Text(vec![text(why.sentence.clone())]))
        .offering(Action::open("Edit", super::buttons::to(message, "edit")).primary())
}

fn told(tone: Tone, what: String, (incident, message): (&Incident, &Message)) -> View {
    let title: Line = vec![text(format!("Message {} of ", message.number)), card::named(incident), text(what)];
    View::titled(tone, title).offering(look((message.incident, message.number))).footed(card::brief(incident))
}
