//! `join`: take part, or bring somebody in. In a private incident it is the only way in.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::event::Event;
use crate::refusal::Refusal;
use crate::view::{Section, Tone, View, card, strong, text};

pub(super) const SPEC: Spec = Spec {
    name: "join",
    summary: "Join an incident, or bring somebody in",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Join an incident, or bring somebody in",
        access: Access::Writes,
        args: &[Arg::optional("person", ArgKind::Person, "who; you, unless you say otherwise")],
        examples: &["join", "join @bob", "join INC-42"],
        read: Join::read,
    }],
};

/// Join an incident, or bring somebody in.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    person: Option<String>,
}

impl Join {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Join(Self { person: args.person("person") }))
    }
}

impl Run for Join {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let who = match &self.person {
            Some(typed) => ctx.whom(typed, incident)?,
            None => ctx.me(),
        };
        let is_me = who.person == ctx.actor.person;
        let mut draft = Draft::of(incident, ctx);
        if !draft.let_in(&who.person, &who.name) {
            let sentence =
                if is_me { "You have already joined".to_owned() } else { format!("{} has already joined", who.name) };
            return Err(Refusal::conflict(format!("{sentence} {}", incident.id)).instead("show"));
        }
        draft.record(Event::Joined { who: who.clone() });
        if !is_me {
            let view = View::titled(
                Tone::Neutral,
                vec![strong(ctx.actor.name.clone()), text(" brought you into "), card::named(incident)],
            )
            .with(Section::Text(vec![text(incident.summary.clone().unwrap_or_else(|| incident.title.clone()))]))
            .footed(card::brief(incident));
            draft.tell(&who.person, &view);
        }
        Ok(draft.done(|incident| card::headline(incident, ctx.org, ctx.now)))
    }
}
