//! Writing: a draft with a template, and changes of it.

use super::looking::needs;
use super::values::apply;
use super::which::{is_open, meant};
use super::{REASON, VALUES};
use crate::command::args::{Args, named};
use crate::command::inputs::{Pair, pairs};
use crate::command::parse::nearest;
use crate::command::{Command, Invocation, Run};
use crate::comms::template::{Purpose, Template};
use crate::comms::{PublicStatus, Values};
use crate::decide::comms::{self, Order, Promise, Wish};
use crate::decide::{Ctx, Decision, Draft as Change, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::plain::echo;
use crate::record::{Record, RecordKey};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::comms as shown;
use crate::view::{View, card};
use std::sync::Arc;

/// Write a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    template: Option<Arc<Template>>,
    typed: Vec<Pair>,
    audience: Option<String>,
    wish: Wish,
}

impl Draft {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let typed = pairs(&args.text("values", VALUES)?.unwrap_or_default());
        let template = args.word("template").map(|typed| template(&typed, args)).transpose()?;
        let audience = match args.raw("audience") {
            None => None,
            Some(typed) => Some(audience(&typed, args)?),
        };
        if let (None, Some((first, _))) = (&template, typed.first()) {
            return Err(unknown(first, args));
        }
        if let (Some(template), Some(audience)) = (&template, &audience)
            && template.audience != *audience
        {
            let sentence = format!("{} is written for {}, not for {audience}", template.id, template.audience);
            return Err(Refusal::invalid(sentence).instead(format!("comms draft --audience {audience}")));
        }
        Ok(Command::DraftMessage(Self { template, typed, audience, wish: wish(args)? }))
    }

    /// The templates that fit the incident and what was said, those that go on from what its audience knows.
    fn choices(&self, incident: &Incident, state: &State, ctx: &Ctx<'_>) -> View {
        let fits = |template: &&Arc<Template>| {
            let for_whom = self.audience.as_ref().is_none_or(|audience| template.audience == *audience);
            let status = self.wish.status.is_none_or(|status| template.status == status);
            for_whom && status && template.fits(incident) && !template.purpose.is_by_itself()
        };
        let place = |template: &&Arc<Template>| {
            let told = comms::told(incident.id, &template.audience, state);
            let goes_back = told.is_some_and(|told| template.status < told);
            let is_late_holding = template.purpose == Purpose::Holding && told.is_some();
            let audience = ctx.org.comms.audiences.iter().position(|one| one.id == template.audience);
            (is_late_holding || goes_back, audience, template.status, template.id.clone())
        };
        let mut fitting: Vec<_> = ctx.org.comms.offered().filter(fits).collect();
        fitting.sort_by_key(place);
        let mut call = Invocation::of("comms draft");
        if let Some(status) = self.wish.status {
            call = call.with("status", status.word());
        }
        shown::choices(incident, &fitting, &call, ctx.org)
    }
}

impl Run for Draft {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let Some(template) = &self.template else {
            let view = self.choices(incident, state, ctx);
            return Ok(Decision::answer(Reply::view(view).about(incident.id)));
        };
        let mut values = Values::new();
        apply(template, &mut values, &self.typed, ctx)?;
        let mut draft = Change::of(incident, ctx);
        let order = Order { wish: self.wish.clone(), ..Order::of(template, values) };
        let number = comms::Desk::new(&mut draft, state).write(order)?;
        Ok(answer(draft, number, Answer::Whole))
    }
}

/// Change a message, or put one right that is out.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    number: Option<i64>,
    typed: Vec<Pair>,
    wish: Wish,
}

impl Edit {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let typed = pairs(&args.text("values", VALUES)?.unwrap_or_default());
        // What a form was made of changes nothing, but is there.
        args.word("template").map(|typed| template(&typed, args)).transpose()?;
        Ok(Command::EditMessage(Self { number: args.message()?, typed, wish: wish(args)? }))
    }
}

impl Run for Edit {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let number = meant(self.number, "edit", incident, state, is_open)?;
        let before = comms::latest(incident.id, number, state)?;
        let template = ctx.org.comms.template(&before.template).ok_or_else(|| {
            let sentence = format!("The template “{}” is not in the config any more", before.template);
            Refusal::not_found(sentence).instead("comms draft")
        })?;
        let mut values = before.values.clone();
        apply(template, &mut values, &self.typed, ctx)?;
        let mut draft = Change::of(incident, ctx);
        let number = comms::Desk::new(&mut draft, state).edit(number, values, &self.wish)?;
        Ok(answer(draft, number, Answer::Whole))
    }
}

/// How much of a message is shown to the one who has changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// As it will be sent.
    Whole,
    /// A line, where its card is in sight.
    Line,
}

/// The answer to a change of a message.
pub(super) fn answer(draft: Change<'_>, number: i64, how: Answer) -> Decision {
    let kept = match draft.kept(&RecordKey::message(draft.incident.id, number)) {
        Some(Record::Message(message)) => Some(message.clone()),
        Some(_) | None => None,
    };
    let ctx = draft.ctx();
    draft.done(|incident| match kept {
        Some(message) if how == Answer::Line && card::is_in_room(incident, ctx) => {
            shown::changed(&message, incident, ctx.org)
        }
        Some(message) => shown::previewed(&message, incident, ctx),
        None => card::changed(incident, ctx),
    })
}

fn wish(args: &Args<'_>) -> Result<Wish, Refusal> {
    let status = match args.word("status") {
        None => None,
        Some(typed) => Some(PublicStatus::from_word(&typed).ok_or_else(|| {
            let known = named(PublicStatus::ALL.iter().map(|status| status.word()));
            Refusal::invalid(format!("“{}” is nothing customers are told: {known}", echo(&typed)))
        })?),
    };
    let promise = match (args.span("next")?, args.on("no-promise")) {
        (Some(_), true) => return Err(Refusal::invalid("Either promise the next word, or promise none")),
        (Some(span), false) => Promise::In(span),
        (None, true) => Promise::None,
        (None, false) => Promise::Usual,
    };
    Ok(Wish { status, components: args.components("components")?, promise })
}

fn template(typed: &str, args: &Args<'_>) -> Result<Arc<Template>, Refusal> {
    args.org.comms.template(typed.trim()).cloned().ok_or_else(|| unknown(typed, args))
}

fn unknown(typed: &str, args: &Args<'_>) -> Refusal {
    let typed: String = typed.chars().take(REASON).collect();
    let refusal = Refusal::not_found(format!("“{}” is not a template", echo(&typed)));
    match nearest(&typed, args.org.comms.templates.iter().map(|one| one.id.as_str())) {
        Some(near) => refusal.instead(format!("comms draft {near}")),
        None => refusal.instead("comms draft"),
    }
}

pub(super) fn audience(typed: &str, args: &Args<'_>) -> Result<String, Refusal> {
    let found = args.org.comms.find_audience(typed);
    found.map(|audience| audience.id.clone()).ok_or_else(|| {
        let known = named(args.org.comms.audiences.iter().map(|one| one.id.as_str()));
        Refusal::invalid(format!("“{}” is not an audience: {known}", echo(typed)))
    })
}
