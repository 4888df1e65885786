//! A call is checked against the table before anything is read or decided: does it exist, may they, is it whole?

use super::args::Args;
use super::call::Invocation;
use super::parse::nearest;
use super::spec::{Spec, Verb};
use super::{Command, TABLE, find};
use crate::decide::Ctx;
use crate::org::Right;
use crate::plain::echo;
use crate::refusal::Refusal;

/// A call that may be made.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked {
    /// It is whole.
    Command(Box<Command>),
    /// Something is missing, and a form can ask for it.
    Incomplete,
}

/// How a call came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Somebody typed it.
    Typed,
    /// A button, a form or a program sent it.
    Sent,
}

/// The rows of the table that a call names.
///
/// # Errors
/// When there is no such command.
pub fn rows(call: &Invocation) -> Result<(&'static Spec, &'static Verb), Refusal> {
    let Some(spec) = find(&call.command) else {
        let refusal = Refusal::invalid(format!("“{}” is not a command", echo(&call.command)));
        let near = nearest(&call.command, TABLE.iter().map(|spec| spec.name)).unwrap_or("help");
        return Err(refusal.instead(near));
    };
    match spec.verb(&call.verb) {
        Some(verb) => Ok((spec, verb)),
        None => {
            let sentence = format!("`{}` has no “{}”", spec.name, echo(&call.verb));
            Err(Refusal::invalid(sentence).instead(format!("help {}", spec.name)))
        }
    }
}

/// Checks a call and reads its arguments.
///
/// # Errors
/// One sentence about the first mistake.
pub fn check(call: &Invocation, given: Given, ctx: &Ctx<'_>) -> Result<Checked, Refusal> {
    let (spec, verb) = rows(call)?;
    permit(verb.right(), ctx)?;
    if let Some(name) = call.args.keys().find(|name| verb.arg(name).is_none()) {
        let refusal = Refusal::invalid(format!("`{}` has no argument “{}”", spec.name, echo(name)));
        return Err(refusal.instead(format!("help {}", spec.name)));
    }
    // A form that comes back with gaps is not opened again: it is told what is missing.
    let may_ask = ctx.place.forms && (given == Given::Typed || call.args.is_empty());
    if spec.scope.demands_one(verb) && call.incident.or(ctx.place.incident).is_none() {
        if may_ask {
            return Ok(Checked::Incomplete);
        }
        let sentence = format!("Which incident? Name it after the command: `{} INC-42`", spec.name);
        return Err(Refusal::invalid(sentence).instead("list"));
    }
    let is_missing = |name: &str| call.args.get(name).is_none_or(|value| crate::plain::trimmed(value).is_empty());
    if let Some(arg) = verb.args.iter().find(|arg| arg.required && is_missing(arg.name)) {
        if may_ask {
            return Ok(Checked::Incomplete);
        }
        let refusal = Refusal::invalid(format!("Something is missing: say {}", arg.help));
        return Err(refusal.instead(verb.examples.first().copied().unwrap_or("help")));
    }
    if may_ask && super::inputs::lacks(call, ctx.org) {
        return Ok(Checked::Incomplete);
    }
    let args = Args { values: &call.args, org: ctx.org, now: ctx.now, zone: ctx.zone(), verb: verb.name };
    (verb.read)(&args).map(|command| Checked::Command(Box::new(command)))
}

/// Whether the actor may.
///
/// # Errors
/// When not.
pub fn permit(needed: Right, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let actor = ctx.actor;
    if actor.right >= needed {
        return Ok(());
    }
    let sentence = match (actor.known, actor.right) {
        (false, _) => "Muster does not know you yet: link yourself with the code that `link` shows in the console",
        (true, Right::None) => "You have no access to Muster: ask an operator to give you some in its config",
        (true, Right::View | Right::Respond | Right::Admin) => {
            "You may look but not act: ask an operator for the right to respond"
        }
    };
    Err(Refusal::forbidden(sentence))
}
