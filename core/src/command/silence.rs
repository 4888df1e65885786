//! `silence`: alerts that disturb nobody, for a while and for a reason.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::alert::{Facts, Matcher, Silence, SilenceKind, Silences};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Needs, State, silences};
use crate::ids::IncidentId;
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::silences as shown;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// The longest text of conditions, in characters.
pub(super) const MATCH: usize = 300;

pub(super) const FOR: Arg = Arg::required("for", ArgKind::Span, "for how long, as in 2h");
pub(super) const REASON: Arg = Arg::rest("reason", ArgKind::Paragraph(TEXT), "why", true);
const NUMBER: Arg = Arg::required("number", ArgKind::Number, "its number in the list");

pub(super) const LIST: Verb = Verb {
    name: "list",
    summary: "See the silences and maintenance windows, those to come among them",
    access: Access::Reads,
    args: &[],
    examples: &["silence list"],
    read: |_| Ok(Command::Silences(ListSilences)),
};

pub(super) const END: Verb = Verb {
    name: "end",
    summary: "End one now: what is firing is heard",
    access: Access::Writes,
    args: &[NUMBER],
    examples: &["silence end 3"],
    read: |args| Ok(Command::EndSilence(EndSilence { number: args.number("number")? })),
};

pub(super) const SILENCE: Spec = Spec {
    name: "silence",
    button: "Silence",
    summary: "Keep alerts from people for a while",
    group: Group::Find,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "add",
            summary: "Keep alerts from people for a while; they are recorded, and heard when it ends",
            access: Access::Writes,
            args: &[
                Arg::required("match", ArgKind::Line(MATCH), "which: service=checkout,host=till-*,title=~disk.*"),
                FOR,
                REASON,
            ],
            examples: &["silence add service=checkout,level=warning 2h the new build is noisy"],
            read: AddSilence::silence,
        },
        LIST,
        END,
    ],
};

/// Keep alerts from people.
#[derive(Debug, Clone, PartialEq)]
pub struct AddSilence {
    kind: SilenceKind,
    matchers: Vec<Matcher>,
    from: Option<Timestamp>,
    span: TimeDelta,
    reason: String,
}

impl AddSilence {
    fn silence(args: &Args<'_>) -> Result<Command, Refusal> {
        Self::read(SilenceKind::Silence, Vec::new(), args)
    }

    pub(super) fn maintenance(args: &Args<'_>) -> Result<Command, Refusal> {
        let matchers = silences::over(&args.services("service")?, &args.sites("site")?)?;
        Self::read(SilenceKind::Maintenance, matchers, args)
    }

    fn read(kind: SilenceKind, mut matchers: Vec<Matcher>, args: &Args<'_>) -> Result<Command, Refusal> {
        let typed = args.line("match", MATCH)?.unwrap_or_default();
        for one in typed.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let wrong = |wrong| Refusal::invalid(format!("“{}” is no condition: {wrong}", echo(one)));
            matchers.push(one.parse().map_err(wrong)?);
        }
        if is_everything(&matchers) {
            return Err(Refusal::invalid("That would keep every alert from people: say which are meant")
                .instead("silence add service=checkout 2h a deploy"));
        }
        let span =
            args.span("for")?.ok_or_else(|| Refusal::invalid("The end is missing: say for how long, as in 2h"))?;
        let (from, reason) = (args.when("from")?, args.needed("reason", TEXT)?);
        Ok(Command::Silence(Self { kind, matchers, from, span, reason }))
    }
}

/// Whether conditions hold even for an alert of which nothing is known.
fn is_everything(matchers: &[Matcher]) -> bool {
    let labels = BTreeMap::new();
    let nothing = Facts { source: "", title: "", level: None, labels: &labels, service: None, site: None };
    matchers.iter().all(|matcher| matcher.holds(&nothing))
}

fn needs() -> Needs {
    Needs { records: silences::records(), ..Needs::default() }
}

impl Run for AddSilence {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let from = self.from.unwrap_or(ctx.now);
        let silence = Silence {
            number: 0,
            kind: self.kind,
            matchers: self.matchers.clone(),
            from,
            until: from + self.span,
            reason: self.reason.clone(),
            by: ctx.actor.person.clone(),
        };
        let mut all = state.records.silences().cloned().unwrap_or_default();
        let silence = silences::add(&mut all, silence, ctx)?;
        Ok(silences::keep(all, silence.number, state, ctx).done(shown::one(&silence, ctx)))
    }
}

/// See the silences.
#[derive(Debug, Clone, PartialEq)]
pub struct ListSilences;

impl Run for ListSilences {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let none = Silences::default();
        let silences = state.records.silences().unwrap_or(&none);
        Ok(Decision::answer(Reply::view(shown::list(silences.current(ctx.now), ctx))))
    }
}

/// End a silence.
#[derive(Debug, Clone, PartialEq)]
pub struct EndSilence {
    number: i64,
}

impl Run for EndSilence {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let mut all = state.records.silences().cloned().unwrap_or_default();
        let Some(ended) = all.end(self.number, ctx.now).cloned() else {
            let sentence = format!("There is no silence {}, or it has ended", self.number);
            return Err(Refusal::not_found(sentence).instead("silence list"));
        };
        Ok(silences::keep(all, self.number, state, ctx).done(shown::ended(&ended)))
    }
}
