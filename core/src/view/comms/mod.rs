//! Comms messages in words: how one will look to those who get it, the card that lives in the room, who is asked, the timeline.

mod asked;
mod buttons;
mod list;
mod preview;
mod timeline;

pub use asked::{approved, asked, not_published, rejected};
pub use list::{choices, history, overview};
pub use preview::{card, changed, preview};
pub use timeline::{is_news, sentence};

use super::{Line, Span, TimeStyle, Tone, strong, text, time};
use crate::comms::{Brief, Message, Stage};
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
    let mut line = vec![
        text(format!("Message {} to ", brief.number)),
        strong(audience_name(&brief.audience, org)),
        text(format!(" · {}", brief.stage.word())),
    ];
    if incident.kind == Kind::Drill {
        line.insert(0, strong("PRACTICE "));
    }
    line.extend(match &brief.stage {
        Stage::Scheduled { at } | Stage::Published { at } | Stage::Retracted { at, .. } => {
            vec![text(" "), time(*at, TimeStyle::Clock)]
        }
        Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Discarded => Line::new(),
    });
    line
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

fn people(people: &[crate::incident::event::Subject], notify: bool) -> Line {
    let mut line = Line::new();
    for (n, one) in people.iter().enumerate() {
        line.extend((n > 0).then(|| text(", ")));
        let (id, name) = (one.person.clone(), one.name.clone());
        line.push(if notify { Span::Mention { id, name } } else { Span::Person { id, name } });
    }
    line
}
