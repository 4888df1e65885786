//! Looking: what runs, what fits, what there is, and all that a step has said.

use super::which::{runs as runs_of, step_of};
use crate::app::look::latest;
use crate::command::args::Args;
use crate::command::{Command, Run};
use crate::decide::{Ctx, Decision, Needs, State, incident_of, runs};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::plain::echo;
use crate::record::Wanted;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::runbook::{self, Runbook};
use crate::view::run as shown;
use std::sync::Arc;

/// What runs here, what fits, and what there is.
#[derive(Debug, Clone, PartialEq)]
pub struct List;

impl Run for List {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        let records = incident.map(runs::records).unwrap_or_default();
        Needs { incident, records, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let books = &ctx.org.runbooks.books;
        if !state.named {
            return Ok(Decision::answer(Reply::view(shown::catalogue(books))));
        }
        let incident = incident_of(state)?;
        let view = shown::list(incident, &runs_of(incident.id, state), ctx.org);
        Ok(Decision::answer(Reply::view(view).about(incident.id)))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Which {
    /// The latest run, an open one first.
    Latest,
    Number(i64),
    Book(Arc<Runbook>),
}

/// A runbook, or a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    which: Which,
    step: Option<String>,
}

impl Show {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let typed = args.word("which");
        let number = typed.as_deref().and_then(|typed| typed.trim_start_matches('#').parse().ok());
        let which = match (typed, number) {
            (None, _) => Which::Latest,
            (Some(_), Some(number)) => Which::Number(number),
            (Some(_), None) => Which::Book(args.runbook("which")?),
        };
        Ok(Command::ShowRunbook(Self { which, step: args.line("step", 100)? }))
    }

    fn run<'a>(&self, incident: &Incident, state: &'a State) -> Result<&'a runbook::Run, Refusal> {
        let runs = runs_of(incident.id, state);
        let latest = || runs.iter().rev().find(|run| run.state.is_open()).or(runs.last()).copied();
        let (found, missing) = match self.which {
            Which::Number(number) => {
                let found = runs.iter().find(|run| run.number == number).copied();
                (found, format!("{} has no run {number}", incident.id))
            }
            Which::Latest | Which::Book(_) => (latest(), format!("No runbook has run in {} yet", incident.id)),
        };
        found.ok_or_else(|| Refusal::not_found(missing).instead("runbook list"))
    }
}

impl Run for Show {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        let mut records = incident.map(runs::records).unwrap_or_default();
        let number = match self.which {
            Which::Number(number) => Some(number),
            Which::Latest | Which::Book(_) => None,
        };
        let said = incident.filter(|_| self.step.is_some());
        records.extend(said.map(|incident| Wanted::TranscriptsOf(incident, number)));
        Needs { incident, records, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        if let Which::Book(book) = &self.which {
            let incident = if state.named { Some(incident_of(state)?) } else { None };
            return Ok(Decision::answer(Reply::view(shown::book(book, incident, ctx.org))));
        }
        if !state.named {
            let sentence = "Which incident, or which runbook? Name one: `runbook show INC-42`";
            return Err(Refusal::invalid(sentence).instead("runbook list"));
        }
        let incident = incident_of(state)?;
        let run = &runs::as_asked_now(self.run(incident, state)?, incident, ctx.org);
        let view = match &self.step {
            None => shown::whole(run, incident, ctx.org),
            Some(typed) => {
                let step = step_of(run, typed).ok_or_else(|| {
                    let sentence = format!("“{}” is not a step of run {}", echo(typed), run.number);
                    Refusal::not_found(sentence).instead(format!("runbook show {}", run.number))
                })?;
                shown::output(run, step, latest(state.records.transcripts(), run, &step.id), ctx.org)
            }
        };
        Ok(Decision::answer(Reply::view(view).about(incident.id)))
    }
}
