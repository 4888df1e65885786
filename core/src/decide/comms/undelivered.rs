//! What a way out did not take: told in the incident, so that the room can tell them otherwise.

use crate::comms::CommsEvent;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::event::Event;
use crate::reply::Reply;
use crate::view::{Tone, View, text};

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndeliveredNews {
    /// The number of the message; 0 for a digest.
    pub number: i64,
    /// For whom it was, by id.
    pub audience: String,
    /// Who has not got it, in words.
    pub to: String,
    /// Why.
    pub error: String,
}

/// What such news lead to.
#[must_use]
pub fn hear_of_undelivered(news: &UndeliveredNews, state: &State, ctx: &Ctx<'_>) -> Decision {
    let view = || View::titled(Tone::Warning, vec![text(format!("{} was not told", news.to))]);
    let Some(incident) = &state.incident else { return Decision::answer(Reply::view(view())) };
    let mut draft = Draft::of(incident, ctx);
    let audience = ctx.org.comms.audience(&news.audience).map_or(&news.audience, |audience| &audience.name);
    draft.record(Event::Comms {
        number: news.number,
        audience: audience.clone(),
        what: CommsEvent::Undelivered { to: news.to.clone(), error: news.error.clone() },
    });
    draft.done(|_| view())
}
