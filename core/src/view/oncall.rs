//! Who is on call, in words.

use super::{Action, Item, Line, Section, Span, TimeStyle, Tone, View, strong, text, time};
use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::oncall::{Doubt, Schedule, Shift, Swap, Why};
use crate::org::Organisation;

fn person(shift: &Shift, org: &Organisation) -> Span {
    named(&shift.person, org)
}

fn named(id: &crate::ids::PersonId, org: &Organisation) -> Span {
    let name = org.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    Span::Person { id: id.clone(), name }
}

fn when(from: Timestamp, until: Timestamp) -> Line {
    vec![time(from, TimeStyle::Full), text(" to "), time(until, TimeStyle::Full)]
}

/// One shift in a line.
#[must_use]
pub fn shift(shift: &Shift, org: &Organisation) -> Line {
    let mut line = vec![person(shift, org), text(" · ")];
    line.extend(when(shift.from, shift.until));
    line.extend(match &shift.why {
        Why::Override(number) => Some(text(format!(" · stands in ({number})"))),
        Why::Layer(_) | Why::Calendar => None,
    });
    line
}

/// Who is on call by a schedule at a moment, and who comes then.
#[must_use]
pub fn duty(schedule: &Schedule, now: &[Shift], next: Option<&Shift>, org: &Organisation) -> Vec<Section> {
    let mut items: Vec<_> = now
        .iter()
        .map(|shift| {
            let until = [text(" until "), time(shift.until, TimeStyle::Full)];
            let stands_in = matches!(shift.why, Why::Override(_)).then(|| text(", standing in"));
            let line = std::iter::once(person(shift, org)).chain(until).chain(stands_in).collect();
            Item { line, action: None }
        })
        .collect();
    if items.is_empty() {
        items.push(Item { line: vec![strong("nobody is on call")], action: None });
    }
    items.extend(next.map(|shift| Item {
        line: vec![text("then "), person(shift, org), text(" from "), time(shift.from, TimeStyle::Full)],
        action: None,
    }));
    vec![Section::Heading(schedule.name.clone()), Section::List(items)]
}

/// Somebody asks to be stood in for, in a line.
#[must_use]
pub fn asked(schedule: &Schedule, swap: &Swap, org: &Organisation) -> Item {
    let mut line = vec![named(&swap.person, org), text(" asks to be covered: ")];
    line.extend(when(swap.from, swap.until));
    line.push(text(format!(" ({})", swap.number)));
    Item { line, action: Some(take(schedule, swap)) }
}

fn take(schedule: &Schedule, swap: &Swap) -> Action {
    let call = Invocation::of("oncall take").with("number", swap.number.to_string());
    Action::run("I take it", call.with("team", format!("schedule:{}", schedule.id)))
}

/// Somebody asks to be stood in for.
#[must_use]
pub fn swap(schedule: &Schedule, swap: &Swap, org: &Organisation) -> View {
    let title = vec![named(&swap.person, org), text(" asks to be covered on "), strong(schedule.name.clone())];
    View::titled(Tone::Warning, title)
        .with(Section::Text(when(swap.from, swap.until)))
        .offering(take(schedule, swap).primary())
}

/// Somebody stands in.
#[must_use]
pub fn covered(
    schedule: &Schedule,
    (who, from, until): (&crate::ids::PersonId, Timestamp, Timestamp),
    org: &Organisation,
) -> View {
    let title = vec![named(who, org), text(" is on call for "), strong(schedule.name.clone())];
    View::titled(Tone::Good, title).with(Section::Text(when(from, until)))
}

/// Before a shift: which contacts are in doubt.
#[must_use]
pub fn doubtful(schedule: &Schedule, shift: &Shift, doubts: &[(String, Doubt)]) -> View {
    let title = vec![
        text("You go on call for "),
        strong(schedule.name.clone()),
        text(" "),
        time(shift.from, TimeStyle::Relative),
    ];
    let item = |(name, doubt): &(String, Doubt)| Item {
        line: vec![strong(name.clone()), text(format!(": {}", doubt_in_words(doubt)))],
        action: None,
    };
    View::titled(Tone::Warning, title)
        .with(Section::Text(vec![text("It is not certain that Muster can reach you by:")]))
        .with(Section::List(doubts.iter().map(item).collect()))
        .offering(Action::run("Test them all", Invocation::of("contact test")).primary())
}

/// What is in doubt about a contact.
#[must_use]
pub fn doubt_in_words(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Unproven => "never proven to work".to_owned(),
        Doubt::Stale => "proven to work long ago".to_owned(),
        Doubt::Failing(why) => format!("failed: {why}"),
    }
}

/// Times at which nobody is on call.
#[must_use]
pub fn gaps_ahead(schedule: &Schedule, gaps: &[(Timestamp, Timestamp)]) -> View {
    let title = vec![text("Nobody is on call for "), strong(schedule.name.clone())];
    let cover = Invocation::of("oncall override").with("team", format!("schedule:{}", schedule.id));
    View::titled(Tone::Warning, title)
        .with(Section::List(
            gaps.iter().map(|(from, until)| Item { line: when(*from, *until), action: None }).collect(),
        ))
        .offering(Action::open("Cover it", cover))
}

/// Times at which nobody is on call, or somebody twice.
#[must_use]
pub fn gap(from: Timestamp, until: Timestamp) -> Line {
    when(from, until)
}
