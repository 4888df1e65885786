//! A small world for stories about runs: an incident, people, a clock, and whatever decisions have left.

use super::super::{self as runs, Order, Word};
use crate::decide::tests::world::Base;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::event::Event;
use crate::record::{Record, RecordKey};
use crate::refusal::Refusal;
use crate::runbook::{
    Action, Call, Choice, Ended, Grant, Job, OnFailure, Permissions, Report, Run, RunEvent, RunState, Runbook,
    StatusRange, Step, StepEvent, StepState, Text, Undo, Who,
};
use crate::view::{Tone, View, text};
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

pub(super) struct World {
    base: Base,
    /// The timeline, in a word each.
    pub(super) told: Vec<String>,
}

impl Deref for World {
    type Target = Base;
    fn deref(&self) -> &Base {
        &self.base
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Base {
        &mut self.base
    }
}

pub(super) fn templ(written: &str) -> Text {
    Text::parse(written).expect("a text")
}

impl World {
    /// Bob and Dave are on the team `payments`.
    pub(super) fn new() -> Self {
        Self { base: Base::new("payments"), told: Vec::new() }
    }

    /// Decides as somebody, and keeps what comes of it.
    pub(super) fn decide<T>(&mut self, who: &str, decide: impl FnOnce(&State, &Ctx<'_>) -> (Option<Decision>, T)) -> T {
        let result = self.base.decide(who, decide);
        self.hear();
        result
    }

    /// The clock moves, and every timer that comes due fires at its moment.
    pub(super) fn wait(&mut self, span: TimeDelta) {
        self.base.wait(span);
        self.hear();
    }

    fn hear(&mut self) {
        self.told.extend(self.base.entries.drain(..).map(|entry| line(&entry.what)));
    }

    pub(super) fn start(&mut self, who: &str, book: Runbook) -> Result<i64, Refusal> {
        self.start_with(who, Order { book: Arc::new(book), inputs: BTreeMap::new(), by_step: false })
    }

    pub(super) fn start_with(&mut self, who: &str, order: Order) -> Result<i64, Refusal> {
        self.decide(who, |state, ctx| {
            let mut draft = Draft::of(state.incident.as_ref().expect("the incident"), ctx);
            match runs::start(&mut draft, order, state) {
                Ok(number) => (Some(draft.done(|_| nothing())), Ok(number)),
                Err(refusal) => (None, Err(refusal)),
            }
        })
    }

    pub(super) fn say(&mut self, who: &str, word: &Word) -> Result<(), Refusal> {
        self.say_about(who, 1, None, word)
    }

    pub(super) fn say_about(&mut self, who: &str, run: i64, step: Option<&str>, word: &Word) -> Result<(), Refusal> {
        self.decide(who, |state, ctx| {
            let mut draft = Draft::of(state.incident.as_ref().expect("the incident"), ctx);
            match runs::say(&mut draft, run, step, word, state) {
                Ok(()) => (Some(draft.done(|_| nothing())), Ok(())),
                Err(refusal) => (None, Err(refusal)),
            }
        })
    }

    pub(super) fn run(&self, number: i64) -> &Run {
        match self.records.get(&RecordKey::run(self.incident.id, number)) {
            Some((_, Some(Record::Run(run)))) => run,
            other => panic!("no run {number}: {other:?}"),
        }
    }

    pub(super) fn is(&self, state: &RunState) {
        assert_eq!(&self.run(1).state, state, "{}", self.told.join("\n"));
        assert_eq!(self.incident.runs.iter().find(|brief| brief.number == 1).map(|brief| &brief.state), Some(state));
    }

    pub(super) fn step(&self, id: &str) -> StepState {
        let run = self.run(1);
        run.steps.iter().find(|step| step.id == id).expect("the step").state.clone()
    }

    /// `a: done, b: asking`.
    pub(super) fn steps(&self) -> String {
        let steps = self.run(1).steps.iter().map(|step| format!("{}: {}", step.id, step.state.word()));
        steps.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn jobs(&self) -> Vec<Job> {
        self.state().records.jobs().cloned().collect()
    }

    /// The only job there is.
    pub(super) fn job(&self) -> Job {
        let jobs = self.jobs();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs[0].clone()
    }

    pub(super) fn take(&mut self, job: &Job, worker: &str) -> bool {
        self.decide("muster", |state, ctx| {
            let taken = runs::take(&job.task.id, worker, state, ctx);
            let is_taken = taken.is_some();
            (taken, is_taken)
        })
    }

    pub(super) fn report(&mut self, job: &Job, worker: &str, ended: Ended) -> bool {
        let report = Report { ended, output: "said\n".to_owned(), cut: false };
        self.decide("muster", |state, ctx| {
            let heard = runs::report((&job.task.id, worker), &report, state, ctx);
            let is_heard = heard.is_some();
            (heard, is_heard)
        })
    }

    /// The worker takes the only job, and it ends so.
    pub(super) fn works(&mut self, ended: Ended) {
        let job = self.job();
        assert!(self.take(&job, "w"), "{job:?}");
        assert!(self.report(&job, "w", ended));
    }

    pub(super) fn ends_well(&mut self) {
        self.works(well(&[]));
    }

    /// The hash of what is asked at that step.
    pub(super) fn hash(&self, step: &str) -> String {
        let (_, step) = self.run(1).step(step).expect("the step");
        step.asks.as_ref().and_then(|asks| asks.hash.clone()).expect("something to approve")
    }
}

pub(super) fn nothing() -> View {
    View::titled(Tone::Neutral, vec![text("")])
}

pub(super) fn well(outputs: &[(&str, Value)]) -> Ended {
    let outputs = outputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Ended::Well { outputs }
}

pub(super) fn badly() -> Ended {
    Ended::Badly { reason: "503".to_owned() }
}

pub(super) fn unclear() -> Ended {
    Ended::Unclear { reason: "no answer".to_owned() }
}

fn line(event: &Event) -> String {
    let first = |text: String| text.split(" {").next().unwrap_or_default().to_owned();
    let Event::Run { number, what, .. } = event else { return first(format!("{event:?}")) };
    match what {
        RunEvent::Step { id, what, .. } => format!("{number} {id}: {}", word(what)),
        RunEvent::Started { .. }
        | RunEvent::Paused
        | RunEvent::Resumed
        | RunEvent::Stopped
        | RunEvent::Aborted { .. }
        | RunEvent::Undoing
        | RunEvent::Done
        | RunEvent::Undone => first(format!("{number}: {what:?}")),
    }
}

fn word(what: &StepEvent) -> String {
    format!("{what:?}").split(" {").next().unwrap_or_default().to_owned()
}

pub(super) fn book(steps: Vec<Step>) -> Runbook {
    let responders = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
    Runbook {
        id: "failover".into(),
        name: "Failover".into(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: responders(), drive: responders() },
        steps,
    }
}

pub(super) fn step(id: &str, action: Action) -> Step {
    let timeout = action.is_automation().then_some(Duration::from_secs(60));
    Step {
        id: id.into(),
        name: id.to_uppercase(),
        condition: None,
        action,
        who: Vec::new(),
        runner: None,
        timeout,
        retry: None,
        idempotent: false,
        on_failure: OnFailure::Ask,
        outputs: Vec::new(),
        undo: None,
    }
}

pub(super) fn post(path: &str) -> Action {
    Action::Http(Call {
        method: "POST".into(),
        url: templ(&format!("https://gateway.internal/{path}")),
        headers: Vec::new(),
        body: None,
        expect: vec![StatusRange { from: 200, to: 299 }],
    })
}

pub(super) fn http(id: &str) -> Step {
    step(id, post(id))
}

pub(super) fn sure(id: &str) -> Step {
    Step { idempotent: true, ..http(id) }
}

pub(super) fn manual(id: &str) -> Step {
    let checklist = vec![templ("one"), templ("two")];
    step(id, Action::Manual { text: templ("do it"), checklist })
}

pub(super) fn ask(id: &str) -> Step {
    let choice = |value: &str| Choice { value: value.into(), label: value.to_uppercase() };
    let choices = vec![choice("adyen"), choice("stripe")];
    step(id, Action::Ask { question: templ("Which?"), choices })
}

pub(super) fn wait(id: &str, until: &str) -> Step {
    step(id, Action::Wait { until: templ(until) })
}

pub(super) fn approve(id: &str, covers: &[&str], count: u32) -> Step {
    let action = Action::Approve {
        who: vec![Who::Responders],
        count,
        within: Duration::from_secs(15 * 60),
        valid_for: Duration::from_secs(60 * 60),
        covers: covers.iter().map(|id| (*id).to_owned()).collect(),
        text: templ("Go?"),
    };
    step(id, action)
}

pub(super) fn with_undo(step: Step) -> Step {
    let action = post(&format!("back/{}", step.id));
    Step { undo: Some(Undo { action, timeout: None, idempotent: false }), ..step }
}
