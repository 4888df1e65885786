//! Comms messages in words: how one will look to those who get it, the card that lives in the room, who is asked, the timeline.

mod asked;
mod buttons;
mod history;
mod list;
mod missing;
mod preview;
mod timeline;

pub use asked::{approved, asked, not_published, rejected};
pub use history::history;
pub use list::{choices, overview, waiting};
pub use preview::{card, changed, one_of, preview, previewed};
pub use timeline::{is_news, sentence};

use super::{Line, Span, TimeStyle, Tone, strong, text, time};
use crate::comms::{Brief, Locale, Message, Stage, Texts, Written};
use crate::incident::event::Subject;
use crate::incident::{Incident, Kind};
use crate::org::Organisation;

/// What an audience is called.
#[must_use]
pub fn audience_name<'a>(id: &'a str, org: &'a Organisation) -> &'a str {
    org.comms.audience(id).map_or(id, |audience| audience.name.as_str())
}

/// `Message 3 to Customers · in review`. Of a drill it says so everywhere.
fn title(message: &Message, incident: &Incident, org: &Organisation) -> Line {
    heading(&message.brief(org.comms.locales.first()), incident, org)
}

fn heading(brief: &Brief, incident: &Incident, org: &Organisation) -> Line {
    let mut line = vec![text(format!("Message {} to ", brief.number)), strong(audience_name(&brief.audience, org))];
    if incident.kind == Kind::Drill {
        line.insert(0, strong("PRACTICE "));
    }
    line.extend(stands(brief, incident));
    line
}

/// Where it stands. What puts another right is taken back with that.
fn stands(brief: &Brief, incident: &Incident) -> Line {
    let root = brief.corrects.and_then(|root| incident.messages.iter().find(|one| one.number == root));
    if let Stage::Published { at } = brief.stage
        && let Some(Brief { number, stage: Stage::Retracted { at: taken, .. }, .. }) = root
        && at < *taken
    {
        return vec![text(format!(" · taken back with message {number} ")), time(*taken, TimeStyle::Clock)];
    }
    let mut line = vec![text(format!(" · {}", brief.stage.word()))];
    line.extend(match &brief.stage {
        Stage::Scheduled { at } | Stage::Published { at } | Stage::Retracted { at, .. } => {
            vec![text(" "), time(*at, TimeStyle::Clock)]
        }
        Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Discarded => Line::new(),
    });
    line
}

fn who(subject: &Subject) -> Span {
    Span::Person { id: subject.person.clone(), name: subject.name.clone() }
}

/// The languages in the order of the config.
fn in_order<'a>(texts: &'a Texts, org: &Organisation) -> Vec<(&'a Locale, &'a Written)> {
    let mut texts: Vec<_> = texts.iter().collect();
    let place = |locale: &Locale| org.comms.locales.iter().position(|one| one == locale).unwrap_or(usize::MAX);
    texts.sort_by_key(|(locale, _)| place(locale));
    texts
}

fn tone(stage: &Stage, incident: &Incident) -> Tone {
    if incident.kind == Kind::Drill {
        return Tone::Drill;
    }
    match stage {
        Stage::Draft | Stage::Discarded | Stage::Retracted { .. } => Tone::Neutral,
        Stage::InReview { .. } | Stage::Scheduled { .. } => Tone::Warning,
        Stage::Approved | Stage::Published { .. } => Tone::Good,
    }
}

fn people(people: &[Subject], notify: bool) -> Line {
    let mut line = Line::new();
    for (n, one) in people.iter().enumerate() {
        line.extend((n > 0).then(|| text(", ")));
        let (id, name) = (one.person.clone(), one.name.clone());
        line.push(if notify { Span::Mention { id, name } } else { Span::Person { id, name } });
    }
    line
}
