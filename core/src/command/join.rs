//! `join`: take part, or bring somebody in. In a private incident it is the only way in.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::Incident;
use crate::incident::event::{Event, Subject};
use crate::org::{Right, Team};
use crate::refusal::Refusal;
use crate::view::{Section, Tone, View, card, strong, text};

pub(super) const SPEC: Spec = Spec {
    name: "join",
    button: "Join",
    summary: "Join an incident, or bring somebody in",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Join an incident, or bring somebody in",
        access: Access::Writes,
        args: &[Arg::optional("person", ArgKind::Person, "who, or a team; you, unless you say otherwise")],
        examples: &["join", "join @bob", "join payments", "join INC-42"],
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
        if let Some(team) = self.person.as_ref().and_then(|typed| ctx.org.team(typed.trim_start_matches('@'))) {
            return bring_in(team, incident, ctx);
        }
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
            draft.tell(&who.person, &brought_in(incident, ctx));
        }
        Ok(draft.done(|incident| card::headline(incident, ctx.org, ctx.now)))
    }
}

fn brought_in(incident: &Incident, ctx: &Ctx<'_>) -> View {
    let title = vec![strong(ctx.actor.name.clone()), text(" brought you into "), card::named(incident)];
    let view = View::titled(Tone::Neutral, title).footed(card::brief(incident));
    let summary = incident.summary.iter().map(|summary| Section::Text(vec![text(summary.clone())]));
    summary.fold(view, View::with)
}

/// Brings in everybody of a team who may respond and is not in yet.
fn bring_in(team: &Team, incident: &Incident, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
    let members = team.members.iter().filter_map(|id| ctx.org.person(id));
    let mut draft = Draft::of(incident, ctx);
    for person in members.filter(|person| person.right >= Right::Respond) {
        if !draft.let_in(&person.id, &person.name) {
            continue;
        }
        draft.record(Event::Joined { who: Subject { person: person.id.clone(), name: person.name.clone() } });
        if person.id != ctx.actor.person {
            draft.tell(&person.id, &brought_in(incident, ctx));
        }
    }
    if draft.is_empty() {
        let sentence = format!("Everybody of {} who may respond has already joined {}", team.name, incident.id);
        return Err(Refusal::conflict(sentence).instead("show"));
    }
    Ok(draft.done(|incident| card::headline(incident, ctx.org, ctx.now)))
}
