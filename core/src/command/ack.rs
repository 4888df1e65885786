//! `ack`: somebody who was paged answers.

use super::args::Args;
use super::page::page_of;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::pages;
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::incident::page::{Page, PageState};
use crate::refusal::Refusal;
use crate::view::page as shown;
use chrono::TimeDelta;

const PAGE: Arg = Arg::flag("page", ArgKind::Number, "which page; the one that calls you, unless you say otherwise");

/// How long a page is put off unless something else is said.
const SNOOZE: TimeDelta = TimeDelta::minutes(30);

pub(super) const SPEC: Spec = Spec {
    name: "ack",
    button: "Acknowledge",
    summary: "Answer the page that calls you: you have it",
    group: Group::People,
    scope: Scope::Mine,
    verbs: &[
        Verb {
            name: "",
            summary: "You have it: nobody else is called",
            access: Access::Writes,
            args: &[PAGE],
            examples: &["ack", "ack INC-42"],
            read: |args| Answer::read(How::Ack, args),
        },
        Verb {
            name: "decline",
            summary: "It is not for you: the next ones are called",
            access: Access::Writes,
            args: &[PAGE],
            examples: &["ack decline"],
            read: |args| Answer::read(How::Decline, args),
        },
        Verb {
            name: "snooze",
            summary: "You have it, and want to be called again unless it is over by then",
            access: Access::Writes,
            args: &[Arg::optional("for", ArgKind::Span, "for how long; 30m unless you say otherwise"), PAGE],
            examples: &["ack snooze 30m"],
            read: |args| Answer::read(How::Snooze(args.span("for")?.unwrap_or(SNOOZE)), args),
        },
    ],
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Ack,
    Decline,
    Snooze(TimeDelta),
}

/// Answer a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    how: How,
    page: Option<i64>,
}

impl Answer {
    fn read(how: How, args: &Args<'_>) -> Result<Command, Refusal> {
        let page = if args.given("page") { Some(args.number("page")?) } else { None };
        Ok(Command::Ack(Self { how, page }))
    }

    /// Which pages of an incident are answered: the one that was named, else those that call the one who acts, else,
    /// in its room, all that nobody has.
    fn which(&self, incident: &Incident, ctx: &Ctx<'_>) -> Result<Vec<i64>, Refusal> {
        if let Some(number) = self.page {
            return Ok(vec![page_of(incident, number)?.number]);
        }
        let number = |page: &Page| page.number;
        let mine: Vec<_> = incident.pages.iter().filter(|page| page.rings_for(&ctx.actor.person)).map(number).collect();
        if !mine.is_empty() {
            return Ok(mine);
        }
        let open: Vec<_> = incident.pages.iter().filter(|page| page.can_be_acked()).map(number).collect();
        match (open.is_empty(), incident.pages.last()) {
            (false, _) => Ok(open),
            (true, Some(last)) => Err(taken(last)),
            (true, None) => {
                let sentence = format!("Nobody has been paged in {}", incident.id);
                Err(Refusal::conflict(sentence).instead("page"))
            }
        }
    }

    fn change(&self, incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let numbers = self.which(incident, ctx)?;
        let mut draft = Draft::of(incident, ctx);
        for number in numbers {
            let page = page_of(incident, number)?;
            let is_mine = matches!(&page.state, PageState::Snoozed { by, .. } if by.person == ctx.actor.person);
            if !page.can_be_acked() && !is_mine {
                return Err(taken(page));
            }
            match self.how {
                How::Ack => pages::ack(&mut draft, number),
                How::Snooze(span) => pages::snooze(&mut draft, number, ctx.now + span),
                How::Decline if !page.rings_for(&ctx.actor.person) => {
                    return Err(Refusal::conflict(format!("Page {number} does not call you")).instead("page list"));
                }
                How::Decline => pages::decline(&mut draft, number, state),
            }
        }
        Ok(draft.done(shown::card))
    }
}

fn taken(page: &Page) -> Refusal {
    let sentence = match &page.state {
        PageState::Acked { by, .. } => format!("{} has page {} already", by.name, page.number),
        PageState::Calling | PageState::Snoozed { .. } | PageState::Unanswered | PageState::Over => {
            format!("Page {} is over already", page.number)
        }
    };
    Refusal::conflict(sentence).instead("page list")
}

impl Run for Answer {
    fn needs(&self, incident: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        let calling = incident.is_none().then(|| ctx.actor.person.clone());
        Needs { incident, calling, records: pages::records(), ..Needs::default() }
    }

    /// Where it is about no incident, whatever calls the one who acts is answered.
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let Some(calling) = &state.calling else { return self.change(incident_of(state)?, state, ctx) };
        let calls_me = |incident: &&Incident| incident.pages.iter().any(|page| page.rings_for(&ctx.actor.person));
        let mut decisions = calling.iter().filter(calls_me).map(|incident| self.change(incident, state, ctx));
        let Some(first) = decisions.next() else {
            return Err(Refusal::conflict("No page calls you").instead("list mine"));
        };
        decisions.try_fold(first?, |all, one| Ok(all.and(one?)))
    }
}
