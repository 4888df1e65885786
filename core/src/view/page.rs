//! Pages in words: what the one who is called sees, the card that lives in the room, and the timeline.

use super::{
    Action, Choice, Does, Item, Line, Section, Span, TimeStyle, Tone, View, Weight, card as cards, strong, text, time,
};
use crate::command::Invocation;
use crate::effect::Recipient;
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::incident::page::{AttemptState, Called, Page, PageEvent, PageState};
use crate::oncall::Target;
use crate::org::{Loudness, Organisation};

/// So many pages stand in the card; those that are over go first.
const SHOWN: usize = 8;

/// Whom a page is meant for, as shown.
#[must_use]
pub fn target(target: &Target, org: &Organisation) -> String {
    match target {
        Target::Person { id } => org.person(id).map_or_else(|| id.to_string(), |person| person.name.clone()),
        Target::Team { id } => org.team(id).map_or_else(|| id.clone(), |team| team.name.clone()),
        Target::Schedule { id } => {
            let name = org.schedule(id).map_or(id.as_str(), |schedule| schedule.name.as_str());
            format!("whoever is on call for {name}")
        }
        Target::Channel { platform, address } => format!("the channel {address} on {platform}"),
        Target::Outlet { platform, name } => format!("{name} ({platform})"),
    }
}

/// An incident in one line of plain text: `INC-7 SEV1 Checkout is down`.
#[must_use]
pub fn line(incident: &Incident) -> String {
    let severity = incident.severity.as_ref().map(|key| format!("{key} ")).unwrap_or_default();
    let drill = if incident.kind == crate::incident::Kind::Drill { "DRILL " } else { "" };
    format!("{drill}{} {severity}{}", incident.id, incident.title)
}

/// The same of a private incident, for those who are not in it.
#[must_use]
pub fn line_from_afar(incident: &Incident) -> String {
    let severity = incident.severity.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
    format!("{}{severity} (private)", incident.id)
}

/// What the one who is called sees.
#[must_use]
pub fn call(incident: &Incident, page: &Page, org: &Organisation) -> View {
    let call = |words: &str| Invocation::of(words).on(incident.id).with("page", page.number.to_string());
    let why = vec![strong(page.by.name.clone()), text(format!(" pages {}: ", page.name)), text(page.message.clone())];
    let title = vec![text("You are paged: "), Span::Incident(incident.id), text(" "), strong(incident.title.clone())];
    let tone = match page.loudness {
        Loudness::High => cards::tone(incident, org),
        Loudness::Low => Tone::Neutral,
    };
    View::titled(tone, title)
        .with(Section::Text(why))
        .offering(Action::run("Acknowledge", call("ack")).primary())
        .offering(Action::run("Not me", call("ack decline")))
        .offering(snooze(&call("ack snooze")))
        .footed(cards::brief(incident))
}

fn snooze(call: &Invocation) -> Action {
    let choice = |minutes: u32| Choice {
        label: format!("{minutes} minutes"),
        run: call.clone().with("for", format!("{minutes}m")),
    };
    let does = Does::Choose([15, 30, 60].map(choice).into());
    Action { label: "Snooze".to_owned(), weight: Weight::Plain, does }
}

/// Nobody has answered.
#[must_use]
pub fn unanswered(incident: &Incident, page: &Page) -> View {
    let title = vec![text(format!("Nobody has answered page {}: ", page.number)), strong(page.name.clone())];
    let words = "Everybody there is was called, the last resort too. Page somebody else, or take it.";
    View::titled(Tone::Danger, title)
        .with(Section::Text(vec![text(words)]))
        .offering(ack_button(incident, page).primary())
        .offering(Action::open("Page somebody", Invocation::of("page").on(incident.id)))
}

fn ack_button(incident: &Incident, page: &Page) -> Action {
    let label = format!("Acknowledge {}", page.number);
    Action::run(&label, Invocation::of("ack").on(incident.id).with("page", page.number.to_string()))
}

/// Who was paged, how, and where it stands.
#[must_use]
pub fn card(incident: &Incident) -> View {
    let mut pages: Vec<_> = incident.pages.iter().collect();
    pages.sort_by_key(|page| (page.state == PageState::Over, std::cmp::Reverse(page.number)));
    let more = pages.len().saturating_sub(SHOWN);
    let ringing = pages.iter().any(|page| page.is_calling());
    let lost = pages.iter().any(|page| page.state == PageState::Unanswered);
    let tone = match (lost, ringing) {
        (true, _) => Tone::Danger,
        (false, true) => Tone::Warning,
        (false, false) => Tone::Good,
    };
    let title = vec![text("Pages of "), cards::named(incident)];
    let mut view = View::titled(tone, title);
    for page in pages.into_iter().take(SHOWN) {
        let mut items = vec![Item { line: head(page), action: None }];
        items.extend(page.called.iter().map(|called| Item { line: person(called, page), action: None }));
        items.extend(others(page).map(|line| Item { line, action: None }));
        view = view.with(Section::List(items));
        view.actions.extend(page.can_be_acked().then(|| ack_button(incident, page)));
    }
    if incident.pages.is_empty() {
        view = view.with(Section::Text(vec![text("Nobody has been paged.")]));
    }
    if more > 0 {
        view = view.with(Section::Text(vec![text(format!("and {more} more"))]));
    }
    view
}

fn head(page: &Page) -> Line {
    let mut line = vec![text(format!("{} · ", page.number)), strong(page.name.clone()), text(" · ")];
    line.extend(match &page.state {
        PageState::Calling => match page.next_at {
            Some(next) => vec![text("calling; goes on at "), time(next, TimeStyle::Clock)],
            None => vec![text("calling")],
        },
        PageState::Acked { by, at } => {
            vec![text("acknowledged by "), who(by), text(" at "), time(*at, TimeStyle::Clock)]
        }
        PageState::Snoozed { by, until } => {
            vec![text("snoozed by "), who(by), text(" until "), time(*until, TimeStyle::Clock)]
        }
        PageState::Unanswered => vec![strong("nobody has answered")],
        PageState::Over => vec![text("over")],
    });
    if page.loudness == Loudness::Low {
        line.push(text(" · can wait"));
    }
    line.push(text(format!(": {}", page.message)));
    line
}

fn person(called: &Called, page: &Page) -> Line {
    let mut line = vec![text("→ "), Span::Person { id: called.person.clone(), name: called.name.clone() }];
    let to = |recipient: &Recipient| matches!(recipient, Recipient::Person { person, .. } if person == &called.person);
    let attempts = page.attempts.iter().filter(|attempt| to(&attempt.to) && attempt.at >= called.since);
    let words: Vec<_> = attempts.map(|attempt| format!("{} {}", attempt.platform, how(&attempt.state))).collect();
    match (words.is_empty(), called.next_at.filter(|_| page.can_be_acked() && !called.declined)) {
        (false, _) => line.push(text(format!(" · {}", words.join(", ")))),
        (true, Some(at)) => line.extend([text(" · is called at "), time(at, TimeStyle::Clock)]),
        (true, None) => line.push(text(" · was not called")),
    }
    line.extend(called.declined.then(|| text(" · says it is not for them")));
    line
}

/// What is no person.
fn others(page: &Page) -> impl Iterator<Item = Line> {
    let is_other = |to: &Recipient| !matches!(to, Recipient::Person { .. });
    let attempts = page.attempts.iter().filter(move |attempt| is_other(&attempt.to));
    attempts.map(|attempt| vec![text(format!("→ {} · {}", attempt.name, how(&attempt.state)))])
}

fn how(state: &AttemptState) -> String {
    match state {
        AttemptState::Sent => "sent".to_owned(),
        AttemptState::Delivered => "✓".to_owned(),
        AttemptState::Failed { reason } => format!("✗ {reason}"),
    }
}

fn who(subject: &Subject) -> Span {
    Span::Person { id: subject.person.clone(), name: subject.name.clone() }
}

/// What happened to a page, on the timeline.
#[must_use]
pub fn sentence(number: i64, what: &PageEvent) -> Line {
    let of = format!("page {number}");
    match what {
        PageEvent::Raised { name, loudness, message } => {
            let quietly = match loudness {
                Loudness::High => "",
                Loudness::Low => ", which can wait",
            };
            vec![text("paged "), strong(name.clone()), text(format!(" ({of}{quietly}): {message}"))]
        }
        PageEvent::Called { who: subject } => vec![text("called "), who(subject), text(format!(" ({of})"))],
        PageEvent::Told { name } => vec![text("told "), strong(name.clone()), text(format!(" ({of})"))],
        PageEvent::NobodyThere { name } => vec![text(format!("found nobody to call at {name} ({of})"))],
        PageEvent::Held { who: subject, until } => {
            let words = " was called often enough: they are called again at ";
            vec![
                text("noticed that "),
                who(subject),
                text(words),
                time(*until, TimeStyle::Clock),
                text(format!(" ({of})")),
            ]
        }
        PageEvent::Waits { who: subject, until } => {
            vec![
                text("lets "),
                who(subject),
                text(" rest until "),
                time(*until, TimeStyle::Clock),
                text(format!(" ({of})")),
            ]
        }
        PageEvent::Reached { name, platform } => vec![text(format!("reached {name} by {platform} ({of})"))],
        PageEvent::Failed { name, platform, reason } => {
            vec![text(format!("could not reach {name} by {platform} ({of}): {reason}"))]
        }
        PageEvent::Acked => vec![strong("acknowledged"), text(format!(" {of}"))],
        PageEvent::Declined => vec![text(format!("said that {of} is not for them"))],
        PageEvent::Snoozed { until } => {
            vec![text(format!("has {of} and is called again at ")), time(*until, TimeStyle::Clock)]
        }
        PageEvent::Resumed => vec![text(format!("calls again about {of}"))],
        PageEvent::Unanswered => vec![strong("nobody has answered"), text(format!(" {of}"))],
        PageEvent::Cancelled => vec![text(format!("took {of} back"))],
        PageEvent::Over => vec![text(format!("ended {of}, since the incident is over"))],
    }
}

/// Whether a room is told of it in so many words; its card shows the rest.
#[must_use]
pub fn is_news(what: &PageEvent) -> bool {
    match what {
        PageEvent::Raised { .. }
        | PageEvent::Acked
        | PageEvent::Declined
        | PageEvent::Snoozed { .. }
        | PageEvent::Cancelled
        | PageEvent::Failed { .. }
        | PageEvent::NobodyThere { .. } => true,
        PageEvent::Called { .. }
        | PageEvent::Told { .. }
        | PageEvent::Held { .. }
        | PageEvent::Waits { .. }
        | PageEvent::Reached { .. }
        | PageEvent::Resumed
        | PageEvent::Unanswered
        | PageEvent::Over => false,
    }
}
