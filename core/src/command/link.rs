//! `link`: be the same person on every platform. The code is shown on one side and typed on the other.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Change, Ctx, Decision, Needs, State};
use crate::ids::IncidentId;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::secret::Secret;
use crate::view::{Section, TimeStyle, Tone, View, code, strong, text, time};
use chrono::TimeDelta;

/// How long a code is good.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(10);

pub(super) const SPEC: Spec = Spec {
    name: "link",
    button: "Link",
    summary: "Be the same person here and elsewhere",
    group: Group::Muster,
    scope: Scope::Anywhere,
    verbs: &[Verb {
        name: "",
        summary: "Show a code to type elsewhere, or type the code you were shown",
        access: Access::Open,
        args: &[Arg::optional("code", ArgKind::Line(40), "the code that you were shown")],
        examples: &["link", "link k3fm-9ta2"],
        read: Link::read,
    }],
};

/// Be the same person on every platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    code: Option<Secret>,
}

impl Link {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Link(Self { code: args.line("code", 40)?.map(Secret::presented) }))
    }
}

impl Run for Link {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        let code = self.code.as_ref().map(Secret::hash);
        Needs { fresh_code: code.is_none(), code, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        match &self.code {
            None => give_code(state, ctx),
            Some(code) => use_code(code, state, ctx),
        }
    }
}

fn give_code(state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
    if !ctx.actor.known {
        let sentence = "Muster does not know you here: type `link` where it does, and the code here";
        return Err(Refusal::forbidden(sentence).instead("link k3fm-9ta2"));
    }
    let Some(secret) = &state.fresh_code else { return Err(Refusal::conflict("There is no code to give")) };
    let until = ctx.now + GOOD_FOR;
    let line = format!("link {}", secret.reveal());
    let view = View::titled(Tone::Neutral, vec![text("Type this where Muster does not know you yet")])
        .with(Section::Code(line))
        .footed(vec![text("Good once, until "), time(until, TimeStyle::Clock), text(". Show it to nobody.")]);
    let change = Change::CodeGiven { hash: secret.hash(), person: ctx.actor.person.clone(), until };
    Ok(Decision { changes: vec![change], ..Decision::answer(Reply::view(view).once()) })
}

fn use_code(code: &Secret, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
    let Some(handle) = ctx.actor.handle.clone() else {
        return Err(Refusal::conflict(format!("You are {} here already: type the code elsewhere", ctx.actor.name)));
    };
    let good = state.code.as_ref().filter(|(_, until)| *until > ctx.now);
    let Some((person, _)) = good else {
        return Err(Refusal::not_found("This code is not good any more: get a new one with `link` in the console"));
    };
    let name = ctx.org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone());
    let view = View::titled(Tone::Good, vec![text("From now on you are "), strong(name), text(" here, too")])
        .footed(vec![text("What you do in "), code_of(&handle.platform), text(" counts as theirs.")]);
    let change = Change::Linked { hash: code.hash(), handle, person: person.clone() };
    Ok(Decision { changes: vec![change], ..Decision::answer(Reply::view(view)) })
}

fn code_of(platform: &crate::ids::PlatformId) -> crate::view::Span {
    code(platform.as_str())
}
