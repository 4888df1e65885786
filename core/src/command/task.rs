//! `task` (during) and `followup` (after): one thing to do, on two lists.

use super::args::Args;
use super::call::Invocation;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::Incident;
use crate::incident::event::{Event, Subject};
use crate::incident::task::{Assignee, Task, TaskList};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Action, Section, Tone, View, card, strong, text};

/// No incident needs more on one list; a script gone wild would.
const MOST: usize = 500;

const NUMBER: Arg = Arg::required("number", ArgKind::Number, "its number");
const ADD: &[Arg] = &[
    Arg::optional("person", ArgKind::Person, "who is to do it"),
    Arg::rest("text", ArgKind::Line(500), "what is to be done", true),
];
const ASSIGN: &[Arg] = &[NUMBER, Arg::optional("person", ArgKind::Person, "who; you, unless you say otherwise")];

macro_rules! list_spec {
    ($name:literal, $summary:literal, $what:literal, $list:expr) => {
        Spec {
            name: $name,
            button: concat!("Add ", $what),
            summary: $summary,
            group: Group::People,
            scope: Scope::Incident,
            verbs: &[
                Verb {
                    name: "",
                    summary: concat!("Add a ", $what),
                    access: Access::Writes,
                    args: ADD,
                    examples: &[concat!($name, " restart the payment workers @bob"), concat!($name, " call the bank")],
                    read: |args| Add::read($list, args),
                },
                Verb {
                    name: "list",
                    summary: concat!("List every ", $what),
                    access: Access::Reads,
                    args: &[],
                    examples: &[concat!($name, " list")],
                    read: |_| Ok(Command::Tasks(ListTasks { list: $list })),
                },
                Verb {
                    name: "done",
                    summary: concat!("A ", $what, " is done"),
                    access: Access::Writes,
                    args: &[NUMBER],
                    examples: &[concat!($name, " done 3")],
                    read: |args| ChangeTask::read($list, How::Done, args),
                },
                Verb {
                    name: "reopen",
                    summary: concat!("A ", $what, " is not done after all"),
                    access: Access::Writes,
                    args: &[NUMBER],
                    examples: &[concat!($name, " reopen 3")],
                    read: |args| ChangeTask::read($list, How::Reopen, args),
                },
                Verb {
                    name: "assign",
                    summary: concat!("Give a ", $what, " to somebody"),
                    access: Access::Writes,
                    args: ASSIGN,
                    examples: &[concat!($name, " assign 3 @bob"), concat!($name, " assign 3")],
                    read: |args| ChangeTask::read($list, How::Assign(args.person("person")), args),
                },
            ],
        }
    };
}

pub(super) const TASK: Spec = list_spec!("task", "Things to do during the incident", "task", TaskList::Task);
pub(super) const FOLLOWUP: Spec =
    list_spec!("followup", "Things to do after the incident", "follow-up", TaskList::Followup);

/// Add something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Add {
    list: TaskList,
    text: String,
    person: Option<String>,
}

impl Add {
    fn read(list: TaskList, args: &Args<'_>) -> Result<Command, Refusal> {
        let line = args.line("text", 500)?;
        let text = line.ok_or_else(|| Refusal::invalid("The text is missing: say what is to be done"))?;
        Ok(Command::AddTask(Self { list, text, person: args.person("person") }))
    }
}

impl Run for Add {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let who = self.person.as_ref().map(|typed| ctx.whom(typed, incident)).transpose()?;
        let word = self.list.word();
        if incident.list(self.list).len() >= MOST {
            return Err(Refusal::conflict(format!(
                "{} has {MOST} {word}s, which is the most it can have",
                incident.id
            )));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        let tasks = draft.incident.list_mut(self.list);
        let number = tasks.iter().map(|task| task.number).max().unwrap_or(0) + 1;
        tasks.push(Task {
            number,
            text: self.text.clone(),
            assignee: who.clone().map(|who| Assignee { person: who.person, name: who.name }),
            created_at: ctx.now,
            done_at: None,
        });
        draft.record(Event::TaskAdded { list: self.list, number, text: self.text.clone(), assignee: who.clone() });
        if let Some(who) = &who {
            draft.let_in(&who.person, &who.name);
            tell(&mut draft, self.list, (number, &self.text), who, ctx);
        }
        Ok(draft.done(|incident| card::tasks(incident, self.list)))
    }
}

/// Tells somebody that they have something to do, unless it was their own idea.
fn tell(draft: &mut Draft<'_>, list: TaskList, (number, what): (i64, &str), who: &Subject, ctx: &Ctx<'_>) {
    if who.person == ctx.actor.person {
        return;
    }
    let word = list.word();
    let title = vec![
        strong(ctx.actor.name.clone()),
        text(format!(" gave you {word} {number} of ")),
        card::named(&draft.incident),
    ];
    let done = Invocation::of(&format!("{} done", command_of(list))).on(draft.incident.id);
    let view = View::titled(Tone::Neutral, title)
        .with(Section::Text(vec![text(what)]))
        .offering(Action::run("Done", done.with("number", number.to_string())))
        .footed(card::brief(&draft.incident));
    draft.tell(&who.person, &view);
}

/// The word of the command for a list.
pub(crate) fn command_of(list: TaskList) -> &'static str {
    match list {
        TaskList::Task => TASK.name,
        TaskList::Followup => FOLLOWUP.name,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    Done,
    Reopen,
    Assign(Option<String>),
}

/// Change something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeTask {
    list: TaskList,
    number: i64,
    how: How,
}

impl ChangeTask {
    fn read(list: TaskList, how: How, args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::ChangeTask(Self { list, number: args.number("number")?, how }))
    }

    fn change(&self, task: &mut Task, incident: &Incident, ctx: &Ctx<'_>) -> Result<Event, Refusal> {
        let (list, number, text) = (self.list, self.number, task.text.clone());
        let already = |what: String| Err(Refusal::conflict(format!("{} {number} is {what}", self.capital())));
        match (&self.how, task.done_at) {
            (How::Done, Some(_)) => already("done already".to_owned()),
            (How::Done, None) => {
                task.done_at = Some(ctx.now);
                Ok(Event::TaskDone { list, number, text })
            }
            (How::Reopen, None) => already("open already".to_owned()),
            (How::Reopen, Some(_)) => {
                task.done_at = None;
                Ok(Event::TaskReopened { list, number, text })
            }
            (How::Assign(typed), _) => {
                let who = typed.as_ref().map_or_else(|| Ok(ctx.me()), |typed| ctx.whom(typed, incident))?;
                if task.assignee.as_ref().is_some_and(|assignee| assignee.person == who.person) {
                    return already(format!("{}'s already", who.name));
                }
                task.assignee = Some(Assignee { person: who.person.clone(), name: who.name.clone() });
                Ok(Event::TaskAssigned { list, number, text, assignee: Some(who) })
            }
        }
    }

    fn capital(&self) -> &'static str {
        match self.list {
            TaskList::Task => "Task",
            TaskList::Followup => "Follow-up",
        }
    }
}

impl Run for ChangeTask {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        let tasks = draft.incident.list_mut(self.list);
        let Some(task) = tasks.iter_mut().find(|task| task.number == self.number) else {
            let sentence = format!("{} has no {} {}", incident.id, self.list.word(), self.number);
            return Err(Refusal::not_found(sentence).instead(format!("{} list", command_of(self.list))));
        };
        let event = self.change(task, incident, ctx)?;
        if let Event::TaskAssigned { assignee: Some(who), text, .. } = &event {
            draft.let_in(&who.person, &who.name);
            tell(&mut draft, self.list, (self.number, text), who, ctx);
        }
        draft.record(event);
        Ok(draft.done(|incident| card::tasks(incident, self.list)))
    }
}

/// List what is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct ListTasks {
    list: TaskList,
}

impl Run for ListTasks {
    fn decide(&self, state: &State, _: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        Ok(Decision::answer(Reply::view(card::tasks(incident, self.list)).about(incident.id)))
    }
}
