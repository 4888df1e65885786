//! What customers hear of planned work by itself: each audience in the words that its templates have for that.

use crate::comms::template::{Purpose, Template};
use crate::comms::{Audience, CommsRules, PublicStatus};
use crate::decide::comms::{self, Drafted};
use crate::decide::{Ctx, Draft, State};
use crate::incident::Incident;
use crate::incident::status::Phase;
use crate::refusal::Refusal;
use crate::view::{Line, command, text};
use std::sync::Arc;

/// The audiences that know of the work and not that it is over, each with where it was told that the work stands.
pub(super) fn knowing<'a>(incident: &Incident, state: &State, ctx: &Ctx<'a>) -> Vec<(&'a Audience, PublicStatus)> {
    let told = |audience: &'a Audience| Some((audience, comms::told(incident.id, &audience.id, state)?));
    ctx.org.comms.audiences.iter().filter_map(told).filter(|(_, status)| !status.is_over()).collect()
}

/// The template that says to an audience how the work stands.
pub(super) fn word<'a>(incident: &Incident, audience: &Audience, rules: &'a CommsRules) -> Option<&'a Arc<Template>> {
    let word = |status| rules.word_for(&audience.id, status, incident);
    match incident.status.phase() {
        Phase::Triage => word(PublicStatus::Scheduled),
        Phase::Investigating | Phase::Identified | Phase::Monitoring => word(PublicStatus::InProgress),
        Phase::Resolved | Phase::Closed => word(PublicStatus::Completed),
        Phase::Cancelled => rules.template_for(&audience.id, Purpose::CalledOff, incident),
        Phase::Merged => None,
    }
}

/// Drafts the announcement of work to each audience that has words for that; of work that is moved, to each that something has been
/// written to. What is to be done with it.
pub(super) fn announce(draft: &mut Draft<'_>, state: &State) -> Result<Vec<Line>, Refusal> {
    let (rules, is_moved) = (&draft.org().comms, draft.before().is_some());
    let mut next = Vec::new();
    for audience in &rules.audiences {
        let is_written_to = draft.incident.messages.iter().any(|brief| brief.audience == audience.id);
        let template = word(&draft.incident, audience, rules).filter(|_| is_written_to || !is_moved);
        if let Some(template) = template {
            let drafted = comms::Desk::new(draft, state).prepare(template)?;
            next.push(what_next(audience, &drafted));
        }
    }
    Ok(next)
}

/// Tells those who know of work that has begun when it is to be over now. What has come of that.
pub(super) fn new_end(draft: &mut Draft<'_>, state: &State) -> Vec<Line> {
    let ctx = draft.ctx();
    let mut next = Vec::new();
    for (audience, _) in knowing(&draft.incident, state, ctx) {
        let template = ctx.org.comms.template_for(&audience.id, Purpose::NewEnd, &draft.incident);
        let none = || Refusal::not_found(format!("No template says to {} that it ends at another time", audience.name));
        let mut desk = comms::Desk::new(draft, state);
        // What leaves the house is sent by somebody of the house.
        let told = template
            .ok_or_else(none)
            .and_then(|template| if ctx.actor.known { desk.tell(template) } else { desk.prepare(template) });
        next.push(match told {
            Ok(drafted) => what_next(audience, &drafted),
            Err(why) => {
                vec![text(format!("{}: ", why.sentence)), command(why.instead.as_deref().unwrap_or("comms draft"))]
            }
        });
    }
    next
}

fn what_next(audience: &Audience, drafted: &Drafted) -> Line {
    let name = &audience.name;
    match drafted {
        Drafted::Sent(number) => vec![text(format!("{name} are told, by message {number}."))],
        Drafted::Ready(number) => {
            vec![text(format!("Message {number} is to tell {name}: ")), command(format!("comms publish {number}"))]
        }
        Drafted::Kept(number, why) => {
            let look = format!("comms preview {number}");
            let line = text(format!("Message {number} is to tell {name}. {}: ", why.sentence));
            vec![line, command(why.instead.as_deref().unwrap_or(&look))]
        }
    }
}
