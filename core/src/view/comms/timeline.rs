//! What happens to messages, on the timeline and for those who watch a room.

use crate::comms::CommsEvent;
use crate::view::{Line, TimeStyle, strong, text, time};

/// What happened to a message, in a sentence.
#[must_use]
pub fn sentence((number, audience): (i64, &str), what: &CommsEvent) -> Line {
    let message = format!("message {number} to {audience}");
    let plain = |words: &str| vec![text(format!("{words} {message}"))];
    let because = |words: &str, why: &str| vec![strong(words), text(format!(" {message}: {why}"))];
    match what {
        CommsEvent::Drafted { template } => vec![text(format!("drafted {message}, with {template}"))],
        CommsEvent::Edited => plain("changed"),
        CommsEvent::Submitted => plain("asked for the approval of"),
        CommsEvent::Approved => vec![strong("approved"), text(format!(" {message}"))],
        CommsEvent::Rejected { reason } => because("did not approve", reason),
        CommsEvent::ApprovalLost => vec![text(format!("changed what was approved: {message} needs approval again"))],
        CommsEvent::Escalated => vec![text(format!("asks others: nobody has looked at {message}"))],
        CommsEvent::Scheduled { at } => vec![text(format!("scheduled {message} for ")), time(*at, TimeStyle::Clock)],
        CommsEvent::Unscheduled => vec![text(format!("took {message} off the clock"))],
        CommsEvent::Published { status, title, body, next_at, corrects, practice, .. } => {
            let verb = if *practice { "practised publishing" } else { "published" };
            let right = corrects.map(|root| format!(", which puts message {root} right")).unwrap_or_default();
            let says = format!(" {message}{right} ({}): {title}", status.word());
            let says = if body.is_empty() { says } else { format!("{says}. {}", body.replace("\n\n", " ")) };
            let mut line = vec![strong(verb), text(says)];
            if let Some(next) = next_at {
                line.extend([text(" (next at "), time(*next, TimeStyle::Clock), text(")")]);
            }
            line
        }
        CommsEvent::NotPublished { reason } => because("could not publish", reason),
        CommsEvent::Retracted { reason } => because("took back", reason),
        CommsEvent::Discarded => plain("discarded"),
        CommsEvent::Undelivered { to, error } => {
            vec![strong("could not bring"), text(format!(" {message} to {to}: {error}"))]
        }
    }
}

/// Whether a room is told of it in so many words; the card shows the rest, and those who are asked are told by themselves.
#[must_use]
pub fn is_news(what: &CommsEvent) -> bool {
    match what {
        CommsEvent::Approved
        | CommsEvent::Rejected { .. }
        | CommsEvent::ApprovalLost
        | CommsEvent::Escalated
        | CommsEvent::Scheduled { .. }
        | CommsEvent::Unscheduled
        | CommsEvent::Published { .. }
        | CommsEvent::NotPublished { .. }
        | CommsEvent::Retracted { .. }
        | CommsEvent::Undelivered { .. } => true,
        CommsEvent::Drafted { .. } | CommsEvent::Edited | CommsEvent::Submitted | CommsEvent::Discarded => false,
    }
}
