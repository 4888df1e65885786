//! `maintenance`: planned work, with a room of its own or as a mere window in which alerts disturb nobody.

use super::args::Args;
use super::new::{TEXT, TITLE};
use super::silence::{AddSilence, END, FOR, LIST, MATCH, REASON};
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::clock::Timestamp;
use crate::comms::Window;
use crate::decide::maintenance::{self, Plan};
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of, set_status, silences};
use crate::ids::IncidentId;
use crate::incident::Kind;
use crate::incident::status::Phase;
use crate::refusal::Refusal;
use crate::view::card;
use chrono::TimeDelta;

const SERVICE: Arg = Arg::flag("service", ArgKind::Services, "on what");
const SITE: Arg = Arg::flag("site", ArgKind::Sites, "where");
const FROM: Arg = Arg::flag("from", ArgKind::When, "when it begins; now unless you say so");

pub(super) const SPEC: Spec = Spec {
    name: "maintenance",
    button: "Plan",
    summary: "Plan work: it has a room, begins by the clock, and its alerts disturb nobody",
    group: Group::Find,
    scope: Scope::Some(&["move", "extend", "begin", "finish"]),
    verbs: &[
        Verb {
            name: "plan",
            summary: "Plan work that has a room and can be announced",
            access: Access::Writes,
            args: &[
                FOR,
                Arg::rest("title", ArgKind::Line(TITLE), "what is done, in one line", true),
                FROM,
                SERVICE,
                SITE,
                Arg::flag("loud", ArgKind::Toggle, "its alerts are heard as ever"),
            ],
            examples: &["maintenance plan 2h new core switch --service wan --site warehouse --from \"tomorrow 06:00\""],
            read: PlanWork::read,
        },
        Verb {
            name: "move",
            summary: "Do planned work at another time; its window for alerts goes along",
            access: Access::Writes,
            args: &[
                Arg::flag("from", ArgKind::When, "when it begins now"),
                Arg::flag("for", ArgKind::Span, "how long it takes now, as in 2h"),
            ],
            examples: &["maintenance move INC-42 --from \"tomorrow 22:00\"", "maintenance move --for 3h"],
            read: MoveWork::read,
        },
        Verb {
            name: "extend",
            summary: "Planned work takes longer",
            access: Access::Writes,
            args: &[Arg::required("for", ArgKind::Span, "by how much, as in 30m")],
            examples: &["maintenance extend 30m"],
            read: ExtendWork::read,
        },
        Verb {
            name: "begin",
            summary: "Begin planned work now",
            access: Access::Writes,
            args: &[],
            examples: &["maintenance begin"],
            read: |_| Ok(Command::TurnWork(TurnWork { to: Phase::Investigating, note: None })),
        },
        Verb {
            name: "finish",
            summary: "Planned work is done: its alerts are heard, customers who know of it are told",
            access: Access::Writes,
            args: &[Arg::rest("note", ArgKind::Paragraph(TEXT), "a word about it", false)],
            examples: &["maintenance finish", "maintenance finish both switches carry traffic"],
            read: |args| Ok(Command::TurnWork(TurnWork { to: Phase::Resolved, note: args.text("note", TEXT)? })),
        },
        Verb {
            name: "add",
            summary: "Have no room, only a window in which alerts disturb nobody",
            access: Access::Writes,
            args: &[
                FOR,
                REASON,
                SERVICE,
                SITE,
                Arg::flag("match", ArgKind::Line(MATCH), "only alerts like these: host=till-*"),
                FROM,
            ],
            examples: &["maintenance add 2h new tills --service tills --site stockholm --from \"tomorrow 06:00\""],
            read: AddSilence::maintenance,
        },
        Verb { examples: &["maintenance list"], ..LIST },
        Verb { examples: &["maintenance end 3"], ..END },
    ],
};

/// Plan work.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanWork {
    plan: Plan,
    from: Option<Timestamp>,
    span: TimeDelta,
}

impl PlanWork {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let title = args.line("title", TITLE)?;
        Ok(Command::PlanWork(Self {
            plan: Plan {
                title: title.ok_or_else(|| Refusal::invalid("The title is missing: say what is done, in one line"))?,
                services: args.services("service")?,
                sites: args.sites("site")?,
                loud: args.on("loud"),
            },
            from: args.when("from")?,
            span: how_long(args)?,
        }))
    }
}

fn how_long(args: &Args<'_>) -> Result<TimeDelta, Refusal> {
    args.span("for")?.ok_or_else(|| Refusal::invalid("The end is missing: say for how long, as in 2h"))
}

impl Run for PlanWork {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { number: true, records: silences::records(), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let Some(id) = state.number else { return Err(Refusal::conflict("There is no number left for an incident")) };
        let from = self.from.unwrap_or(ctx.now);
        maintenance::plan(&self.plan, Window { from, until: from + self.span }, id, state, ctx)
    }
}

/// Do it at another time.
#[derive(Debug, Clone, PartialEq)]
pub struct MoveWork {
    from: Option<Timestamp>,
    span: Option<TimeDelta>,
}

impl MoveWork {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let (from, span) = (args.when("from")?, args.span("for")?);
        if from.is_none() && span.is_none() {
            return Err(Refusal::invalid("Say when it begins, or how long it takes")
                .instead("maintenance move --from \"tomorrow 22:00\""));
        }
        Ok(Command::MoveWork(Self { from, span }))
    }
}

impl Run for MoveWork {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        about(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        maintenance::move_to(self.from, self.span, incident_of(state)?, state, ctx)
    }
}

/// It takes longer.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtendWork {
    span: TimeDelta,
}

impl ExtendWork {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::ExtendWork(Self { span: how_long(args)? }))
    }
}

impl Run for ExtendWork {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        about(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        maintenance::extend(self.span, incident_of(state)?, state, ctx)
    }
}

fn about(incident: Option<IncidentId>) -> Needs {
    Needs { incident, records: incident.map(maintenance::records).unwrap_or_default(), ..Needs::default() }
}

/// Begin it, or finish it. What follows from that follows from any other way to do the same.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnWork {
    to: Phase,
    note: Option<String>,
}

impl Run for TurnWork {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if incident.kind != Kind::Maintenance {
            let sentence = format!("{} is no planned work", incident.id);
            return Err(Refusal::conflict(sentence).instead("list --kind maintenance"));
        }
        if self.to == Phase::Investigating && incident.status.phase() != Phase::Triage {
            let sentence = format!("{} is {} already", incident.id, incident.stands());
            return Err(Refusal::conflict(sentence).instead("show"));
        }
        let mut draft = Draft::of(incident, ctx);
        set_status(&mut draft, self.to, self.note.clone())?;
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}
