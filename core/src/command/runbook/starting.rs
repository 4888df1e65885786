//! Starting a runbook, or seeing what it would do.

use super::saying::{answer, needs};
use super::values::{self, Inputs};
use crate::command::args::Args;
use crate::command::inputs::pairs;
use crate::command::{Command, Invocation, Run};
use crate::decide::runs::{self, Order};
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::runbook::Runbook;
use crate::view::run as shown;
use std::sync::Arc;

/// Start a runbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    book: Arc<Runbook>,
    inputs: Inputs,
    dry: bool,
    by_step: bool,
}

impl Start {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let book = args.runbook("runbook")?;
        let typed = args.text("inputs", super::INPUTS)?.unwrap_or_default();
        let inputs = values::read(&book, pairs(&typed), args.org)?;
        Ok(Command::RunRunbook(Self { book, inputs, dry: args.on("dry-run"), by_step: args.on("by-step") }))
    }

    fn call(&self, incident: IncidentId) -> Invocation {
        let mut call = Invocation::of("runbook run").on(incident).with("runbook", self.book.id.clone());
        for (name, _) in [("dry-run", self.dry), ("by-step", self.by_step)].into_iter().filter(|(_, on)| *on) {
            call = call.with(name, "yes");
        }
        call
    }
}

impl Run for Start {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if !self.inputs.missing.is_empty() {
            let missing = self.inputs.missing.join(", ");
            // No chat opens a form out of a form: a button does.
            if ctx.place.forms {
                let view = shown::asks(&self.book, &missing, self.call(incident.id));
                return Ok(Decision::answer(Reply::view(view).about(incident.id)));
            }
            let line = format!("runbook show {}", self.book.id);
            return Err(Refusal::invalid(format!("{} asks for {missing}", self.book.name)).instead(line));
        }
        if self.dry {
            let view = shown::plan(&self.book, &self.inputs.values, incident, ctx.org);
            return Ok(Decision::answer(Reply::view(view).about(incident.id)));
        }
        let mut draft = Draft::of(incident, ctx);
        let order = Order { book: Arc::clone(&self.book), inputs: self.inputs.values.clone(), by_step: self.by_step };
        let number = runs::start(&mut draft, order, state)?;
        Ok(answer(draft, number, ctx))
    }
}
