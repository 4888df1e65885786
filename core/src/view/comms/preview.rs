//! A message as those will see it who get it, with all that one must know to let it go.

use super::buttons::{buttons, look};
use super::{people, title, tone};
use crate::comms::{ComponentState, Destination, Locale, Message, Missing, Stage, Tongue, Written, words};
use crate::incident::{Incident, Kind, Visibility};
use crate::org::Organisation;
use crate::view::run::any_of;
use crate::view::{Action, Does, Field, Item, Line, Section, Span, TimeStyle, View, strong, text, time};

/// Everything: title and body in every language as they will be sent, where they go, what is missing, who may let it go.
#[must_use]
pub fn preview(message: &Message, incident: &Incident, org: &Organisation) -> View {
    let mut view = View::titled(tone(&message.stage, incident), title(message, incident, org));
    view.sections.extend(warnings(message, incident));
    for (locale, written) in in_order(message, org) {
        view.sections.push(Section::Heading(format!("{} ({locale})", language(locale))));
        view.sections.extend(said(written));
    }
    view.sections.extend(missing(&message.missing));
    view.sections.push(Section::Fields(facts(message, incident, org)));
    view.sections.extend(rule(message, incident, org));
    view.actions = buttons(message, incident, org);
    view
}

/// The message as it lives in a room: in its first language.
#[must_use]
pub fn card(message: &Message, incident: &Incident, org: &Organisation) -> View {
    let mut view = View::titled(tone(&message.stage, incident), title(message, incident, org));
    view.sections.extend(warnings(message, incident));
    let written = in_order(message, org).into_iter().next();
    view.sections.extend(written.into_iter().flat_map(|(_, written)| said(written)));
    view.sections.extend(missing(&message.missing));
    view.sections.push(Section::Fields(facts(message, incident, org)));
    view.sections.extend(rule(message, incident, org));
    // Nobody lets go what they have not seen in every language.
    let is_blind = |action: &Action| matches!(&action.does, Does::Run(call) if call.verb == "approve");
    let mut actions = buttons(message, incident, org);
    actions.retain(|action| !is_blind(action));
    let look = look((message.incident, message.number));
    match message.stage {
        Stage::InReview { .. } => actions.insert(0, look.primary()),
        Stage::Draft
        | Stage::Approved
        | Stage::Scheduled { .. }
        | Stage::Published { .. }
        | Stage::Retracted { .. }
        | Stage::Discarded => actions.insert(actions.len().min(1), look),
    }
    View { actions, ..view }
}

/// The answer to a change of a message, in one line, where its card is in sight.
#[must_use]
pub fn changed(message: &Message, incident: &Incident, org: &Organisation) -> View {
    View::titled(tone(&message.stage, incident), title(message, incident, org))
}

/// The languages in the order of the config.
pub(super) fn in_order<'a>(message: &'a Message, org: &Organisation) -> Vec<(&'a Locale, &'a Written)> {
    let mut texts: Vec<_> = message.texts.iter().collect();
    texts.sort_by_key(|(locale, _)| org.comms.locales.place(locale));
    texts
}

fn said(written: &Written) -> Vec<Section> {
    let paragraphs = written.body.split("\n\n").filter(|one| !one.trim().is_empty());
    let body = paragraphs.map(|one| Section::Text(vec![text(one)]));
    std::iter::once(Section::Text(vec![strong(written.title.clone())])).chain(body).collect()
}

/// What the languages that Muster speaks are called; others by their sign.
fn language(locale: &Locale) -> &str {
    match locale.spoken() {
        Some(Tongue::English) => "English",
        Some(Tongue::Swedish) => "Swedish",
        Some(Tongue::German) => "German",
        None => locale.language(),
    }
}

/// What whoever sends it must know: what keeps those outside from hearing of it, and that it is over no more.
fn warnings(message: &Message, incident: &Incident) -> Vec<Section> {
    let is_said_to_be_over = incident.told.over && message.stage.is_open() && message.corrects.is_none();
    let reopens = (is_said_to_be_over && !message.status.is_over())
        .then_some("Customers were told that it is over. This tells them that it is not.");
    let all = inside(message, incident).into_iter().chain(reopens);
    all.map(|words| Section::Text(vec![strong(words)])).collect()
}

fn inside(message: &Message, incident: &Incident) -> Option<&'static str> {
    Some(match (incident.kind, incident.visibility, &message.stage) {
        (_, Visibility::Private, _) => "This incident is private: nobody outside can be told of it.",
        (Kind::Drill, Visibility::Public, Stage::Published { .. }) => "This was practice: nobody outside was told.",
        (Kind::Drill, Visibility::Public, _) => "This is practice: nobody outside will be told.",
        (Kind::Incident | Kind::Maintenance, Visibility::Public, _) => return None,
    })
}

fn missing(missing: &[Missing]) -> Option<Section> {
    let item = |one: &Missing| {
        let what = if one.blocks {
            format!("Missing in {}: {}", language(&one.locale), one.what)
        } else {
            format!(
                "Missing in {}: {}; the text of the first language is sent instead",
                language(&one.locale),
                one.what
            )
        };
        Item { line: vec![text(what)], action: None }
    };
    (!missing.is_empty()).then(|| Section::List(missing.iter().map(item).collect()))
}

fn field(label: &str, value: Line) -> Field {
    Field { label: label.to_owned(), value }
}

fn facts(message: &Message, incident: &Incident, org: &Organisation) -> Vec<Field> {
    let english = words(&Locale::english());
    let mut fields = vec![field("Says", vec![text(english.status(message.status))])];
    let component = |(id, state): (&String, &ComponentState)| {
        let name = org.comms.component(id).map_or(id.as_str(), |one| one.name(org.comms.locales.first(), &org.comms));
        format!("{name}: {}", english.state(*state).to_lowercase())
    };
    let components: Vec<_> = message.components.iter().map(component).collect();
    if !components.is_empty() {
        fields.push(field("Components", vec![text(components.join(", "))]));
    }
    fields.push(field(
        "Promises",
        match message.next_at {
            Some(at) => vec![text("the next word at "), time(at, TimeStyle::Clock)],
            None => vec![text("no next word")],
        },
    ));
    let audience = org.comms.audience(&message.audience);
    let to: Vec<_> = audience.map(|audience| audience.to.iter().map(|to| place(to, org)).collect()).unwrap_or_default();
    let to = if to.is_empty() { "nowhere: the config names no place".to_owned() } else { to.join(", ") };
    let label = if incident.kind == Kind::Drill { "Would go to" } else { "Goes to" };
    fields.push(field(label, vec![text(to)]));
    if let Some(root) = message.corrects {
        fields.push(field("Puts right", vec![text(format!("message {root}"))]));
    }
    if !message.authors.is_empty() {
        fields.push(field("Written by", people(&message.authors, false)));
    }
    fields
}

fn place(to: &Destination, org: &Organisation) -> String {
    match to {
        Destination::Page => "the status page".to_owned(),
        Destination::Subscribers => "all who have subscribed".to_owned(),
        Destination::Channel { platform, address } => format!("the channel {address} on {platform}"),
        Destination::Person { person } => {
            org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone())
        }
        Destination::Webhook { name } => name.clone(),
        Destination::Statuspage { name } => format!("Statuspage ({name})"),
    }
}

/// Whether a second person must let it go, and who that may be.
fn rule(message: &Message, incident: &Incident, org: &Organisation) -> Option<Section> {
    if !message.stage.is_open() {
        return None;
    }
    let audience = org.comms.audience(&message.audience)?;
    if let Some(approval) = message.approval.as_ref().filter(|_| message.is_approved()) {
        let by = Span::Person { id: approval.by.person.clone(), name: approval.by.name.clone() };
        let at = time(approval.at, TimeStyle::Clock);
        return Some(Section::Text(vec![text("Approved by "), by, text(" at "), at, text(", as it stands here.")]));
    }
    if !audience.needs_approval(message, incident.severity.as_ref()) {
        let words = if message.preapproved { "Its template was approved beforehand." } else { "It needs no approval." };
        return Some(Section::Text(vec![text(words)]));
    }
    let mut line = vec![text("It needs the approval of somebody who has not written it: ")];
    let named = audience.reviewers(message, incident, org);
    line.extend(if named.is_empty() { vec![text(any_of(&audience.approvers, org))] } else { people(&named, false) });
    line.push(text("."));
    Some(Section::Text(line))
}
