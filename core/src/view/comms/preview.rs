//! A message as those will see it who get it, with all that one must know to let it go.

use super::buttons::{buttons, look};
use super::missing::missing;
use super::{in_order, people, title, tone, who};
use crate::comms::{ComponentState, Destination, Locale, Message, Next, PublicStatus, Stage, Tongue, Written, words};
use crate::decide::Ctx;
use crate::decide::runs::may_approve;
use crate::incident::{Incident, Kind, Visibility};
use crate::org::{Organisation, Right};
use crate::runbook::Who;
use crate::view::run::any_of;
use crate::view::{Action, Does, Field, Line, Section, Span, TimeStyle, View, card, command, strong, text, time};

/// Everything: title and body in every language as they will be sent, where they go, what is missing, who may let it go.
#[must_use]
pub fn preview(message: &Message, incident: &Incident, org: &Organisation) -> View {
    let mut view = View::titled(tone(&message.stage, incident), title(message, incident, org));
    view.sections.extend(warnings(message, incident));
    view.sections.extend(still_worse(message, org));
    for (locale, written) in in_order(&message.texts, org) {
        view.sections.push(Section::Heading(format!("{} ({locale})", language(locale))));
        view.sections.extend(said(written));
    }
    view.sections.extend(missing(message, org));
    view.sections.push(Section::Fields(facts(message, incident, org)));
    view.sections.extend(rejected(message));
    view.sections.extend(rule(message, incident, org));
    view.actions = buttons(message, incident, org);
    view.footed([vec![card::named(incident), text(" · ")], card::brief(incident)].concat())
}

/// The same for the one who looks: nobody is offered what they may not do.
#[must_use]
pub fn previewed(message: &Message, incident: &Incident, ctx: &Ctx<'_>) -> View {
    let mut view = preview(message, incident, ctx.org);
    let me = &ctx.actor.person;
    let audience = ctx.org.comms.audience(&message.audience);
    let approves =
        !message.is_author(me) && audience.is_some_and(|audience| may_approve(&audience.approvers, incident, ctx));
    view.actions.retain(|action| match &action.does {
        Does::Run(call) | Does::Open(call) if call.verb == "approve" => approves,
        Does::Run(_) | Does::Open(_) | Does::Choose(_) => ctx.actor.right >= Right::Respond,
        Does::Visit(_) => true,
    });
    view
}

/// The preview of one of several messages, for whoever has not said which.
#[must_use]
pub fn one_of(mut view: View, shown: &Message, all: &[&Message]) -> View {
    if all.len() == 1 {
        return view;
    }
    let others = all.iter().filter(|one| one.number != shown.number).map(|one| one.number.to_string());
    let others = others.collect::<Vec<_>>().join(", ");
    let line = vec![
        text(format!("One of {}. To see another: ", all.len())),
        command("comms preview …"),
        text(format!(" with {others}.")),
    ];
    view.sections.insert(0, Section::Text(line));
    view
}

/// The message as it lives in a room: in its first language.
#[must_use]
pub fn card(message: &Message, incident: &Incident, org: &Organisation) -> View {
    let mut view = View::titled(tone(&message.stage, incident), title(message, incident, org));
    view.sections.extend(warnings(message, incident));
    view.sections.extend(still_worse(message, org));
    let written = in_order(&message.texts, org).into_iter().next();
    view.sections.extend(written.into_iter().flat_map(|(_, written)| said(written)));
    view.sections.extend(missing(message, org));
    view.sections.push(Section::Fields(facts(message, incident, org)));
    view.sections.extend(rejected(message));
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

fn said(written: &Written) -> Vec<Section> {
    let paragraphs = written.body.split("\n\n").filter(|one| !one.trim().is_empty());
    let body = paragraphs.map(|one| Section::Text(vec![text(one)]));
    std::iter::once(Section::Text(vec![strong(written.title.clone())])).chain(body).collect()
}

/// What the languages that Muster speaks are called; others by their sign.
pub(super) fn language(locale: &Locale) -> &str {
    match locale.spoken() {
        Some(Tongue::English) => "English",
        Some(Tongue::Swedish) => "Swedish",
        Some(Tongue::German) => "German",
        None => locale.language(),
    }
}

/// What whoever sends it must know: what keeps those outside from hearing of it, and that it is over no more.
fn warnings(message: &Message, incident: &Incident) -> Vec<Section> {
    let is_said_to_be_over =
        incident.comms_clock.next == Next::Over && message.stage.is_open() && message.corrects.is_none();
    let reopens = (is_said_to_be_over && !message.status.is_over())
        .then_some("Customers were told that it is over. This tells them that it is not.");
    let all = inside(message, incident).into_iter().chain(reopens);
    all.map(|words| Section::Text(vec![strong(words)])).collect()
}

/// That it says that the trouble is over, or nearly, and components are not as they should be: easily forgotten, and sometimes so.
fn still_worse(message: &Message, org: &Organisation) -> Option<Section> {
    let is_of_use = match message.status {
        PublicStatus::Monitoring | PublicStatus::Resolved | PublicStatus::Completed => message.stage.is_open(),
        PublicStatus::Investigating
        | PublicStatus::Identified
        | PublicStatus::Scheduled
        | PublicStatus::InProgress
        | PublicStatus::Verifying => false,
    };
    let worse: Vec<_> = message.components.iter().filter(|(_, state)| **state > ComponentState::Operational).collect();
    if !is_of_use || worse.is_empty() {
        return None;
    }
    let shown: Vec<_> = worse.into_iter().map(|(id, state)| component(id, *state, org)).collect();
    let fine: Vec<_> = message.components.keys().map(|id| format!("{id}=ok")).collect();
    let edit = format!("comms edit {} --components {}", message.number, fine.join(","));
    let words = format!("Customers still read “{}”. If that is over, too: ", shown.join(", "));
    Some(Section::Text(vec![strong(words), command(edit)]))
}

fn inside(message: &Message, incident: &Incident) -> Option<&'static str> {
    Some(match (incident.kind, incident.visibility, &message.stage) {
        (_, Visibility::Private, _) => "This incident is private: nobody outside can be told of it.",
        (Kind::Drill, Visibility::Public, Stage::Published { .. }) => "This was practice: nobody outside was told.",
        (Kind::Drill, Visibility::Public, _) => "This is practice: nobody outside will be told.",
        (Kind::Incident | Kind::Maintenance, Visibility::Public, _) => return None,
    })
}

fn field(label: &str, value: Line) -> Field {
    Field { label: label.to_owned(), value }
}

fn facts(message: &Message, incident: &Incident, org: &Organisation) -> Vec<Field> {
    let english = words(&Locale::english());
    let mut fields = vec![field("Says", vec![text(english.status(message.status))])];
    let components: Vec<_> = message.components.iter().map(|(id, state)| component(id, *state, org)).collect();
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
    let stays = incident.kind == Kind::Drill || incident.visibility == Visibility::Private;
    let label = if stays { "Would go to" } else { "Goes to" };
    fields.push(field(label, vec![text(to)]));
    if let Some(root) = message.corrects {
        fields.push(field("Puts right", vec![text(format!("message {root}"))]));
    }
    if !message.authors.is_empty() {
        fields.push(field("Worked on by", people(&message.authors, false)));
    }
    fields
}

/// `Checkout: major outage`.
fn component(id: &str, state: ComponentState, org: &Organisation) -> String {
    let name = org.comms.component(id).map_or(id, |one| one.name(org.comms.locales.first(), &org.comms));
    format!("{name}: {}", words(&Locale::english()).state(state).to_lowercase())
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
    let mut line = vec![text("It needs the approval of somebody who has not worked on it: ")];
    let named = audience.reviewers(message, incident, org);
    let others: Vec<_> = audience.approvers.iter().filter(|who| is_unnamed(who)).cloned().collect();
    line.extend(people(&named, false));
    if named.is_empty() {
        line.push(text(any_of(&audience.approvers, org)));
    } else if !others.is_empty() {
        line.push(text(format!(", or {}", any_of(&others, org))));
    }
    line.push(text("."));
    Some(Section::Text(line))
}

/// Those of whom there may be many are not named one by one.
fn is_unnamed(who: &Who) -> bool {
    match who {
        Who::Responders | Who::Right { .. } => true,
        Who::Role { .. } | Who::Team { .. } | Who::Person { .. } => false,
    }
}

/// That somebody has looked at it and did not let it go, until they are asked again.
fn rejected(message: &Message) -> Option<Section> {
    let last = message.rejections.last().filter(|_| message.stage == Stage::Draft)?;
    let why = text(format!(": {}", last.reason));
    Some(Section::Text(vec![
        strong("Not approved"),
        text(" by "),
        who(&last.by),
        text(" at "),
        time(last.at, TimeStyle::Clock),
        why,
    ]))
}
