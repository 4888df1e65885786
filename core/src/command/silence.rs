//! `silence` and `maintenance`: alerts that disturb nobody, for a while and for a reason.

use super::args::{Args, echo};
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::alert::{Facts, Matcher, Pattern, Silence, SilenceKind, Silences, Test};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Errand, Needs, State};
use crate::ids::IncidentId;
use crate::record::{Record, RecordKey, RecordKind, Wanted};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::timer::Alarm;
use crate::view::silences as shown;
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};

/// The longest text of conditions, in characters.
const MATCH: usize = 300;
/// So many may hold or be to come.
const MOST: usize = 500;

const FOR: Arg = Arg::required("for", ArgKind::Span, "for how long, as in 2h");
const REASON: Arg = Arg::rest("reason", ArgKind::Paragraph(TEXT), "why", true);
const NUMBER: Arg = Arg::required("number", ArgKind::Number, "its number in the list");

const LIST: Verb = Verb {
    name: "list",
    summary: "See the silences and maintenance windows, those to come among them",
    access: Access::Reads,
    args: &[],
    examples: &["silence list"],
    read: |_| Ok(Command::Silences(ListSilences)),
};

const END: Verb = Verb {
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

pub(super) const MAINTENANCE: Spec = Spec {
    name: "maintenance",
    button: "Plan",
    summary: "Announce planned work: its alerts disturb nobody",
    group: Group::Find,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "add",
            summary: "Announce planned work: its alerts disturb nobody",
            access: Access::Writes,
            args: &[
                FOR,
                REASON,
                Arg::flag("service", ArgKind::Services, "on what"),
                Arg::flag("site", ArgKind::Sites, "where"),
                Arg::flag("match", ArgKind::Line(MATCH), "only alerts like these: host=till-*"),
                Arg::flag("from", ArgKind::When, "when it begins; now unless you say so"),
            ],
            examples: &["maintenance add 2h new tills --service tills --site stockholm --from \"tomorrow 06:00\""],
            read: AddSilence::maintenance,
        },
        Verb { examples: &["maintenance list"], ..LIST },
        Verb { examples: &["maintenance end 3"], ..END },
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

    fn maintenance(args: &Args<'_>) -> Result<Command, Refusal> {
        let concerned = [("service", args.services("service")?), ("site", args.sites("site")?)];
        let matchers = concerned.into_iter().map(|(label, ids)| one_of(label, &ids)).collect::<Result<Vec<_>, _>>()?;
        Self::read(SilenceKind::Maintenance, matchers.into_iter().flatten().collect(), args)
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

/// The condition that a label is one of these.
fn one_of(label: &str, ids: &BTreeSet<String>) -> Result<Option<Matcher>, Refusal> {
    match (ids.first(), ids.len()) {
        (None, _) => Ok(None),
        (Some(only), 1) => Ok(Some(Matcher::is(label, only))),
        (Some(_), _) => {
            let pattern = ids.iter().map(|id| regex::escape(id)).collect::<Vec<_>>().join("|");
            let too_many = |_| {
                Refusal::invalid(format!(
                    "There are too many of “{label}” for one maintenance: plan several, with fewer of them each"
                ))
            };
            let test = Test::Like { pattern: Pattern::try_from(pattern).map_err(too_many)? };
            Ok(Some(Matcher { label: label.to_owned(), test }))
        }
    }
}

/// Whether conditions hold even for an alert of which nothing is known.
fn is_everything(matchers: &[Matcher]) -> bool {
    let labels = BTreeMap::new();
    let nothing = Facts { source: "", title: "", level: None, labels: &labels, service: None, site: None };
    matchers.iter().all(|matcher| matcher.holds(&nothing))
}

fn needs() -> Needs {
    Needs { records: vec![Wanted::One(RecordKey::new(RecordKind::Silences, ""))], ..Needs::default() }
}

impl Run for AddSilence {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let mut silences = state.records.silences().cloned().unwrap_or_default();
        if silences.current(ctx.now).count() >= MOST {
            let sentence = format!("There are {MOST} silences already: end some first");
            return Err(Refusal::conflict(sentence).instead("silence list"));
        }
        let from = self.from.unwrap_or(ctx.now);
        let until = from + self.span;
        if until <= ctx.now {
            return Err(Refusal::conflict("That is over already: say a time that is still to come"));
        }
        let silence = Silence {
            number: 0,
            kind: self.kind,
            matchers: self.matchers.clone(),
            from,
            until,
            reason: self.reason.clone(),
            by: ctx.actor.person.clone(),
        };
        let number = silences.add(silence.clone(), ctx.now);
        let mut errand = Errand::new(state, ctx);
        errand.set_timer(Alarm::Unsilence { silence: number }, until);
        errand.keep(Record::Silences(silences));
        Ok(errand.done(shown::one(&Silence { number, ..silence }, ctx)))
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
        let mut silences = state.records.silences().cloned().unwrap_or_default();
        let Some(ended) = silences.end(self.number, ctx.now).cloned() else {
            let sentence = format!("There is no silence {}, or it has ended", self.number);
            return Err(Refusal::not_found(sentence).instead("silence list"));
        };
        let mut errand = Errand::new(state, ctx);
        errand.set_timer(Alarm::Unsilence { silence: self.number }, ctx.now);
        errand.keep(Record::Silences(silences));
        Ok(errand.done(shown::ended(&ended)))
    }
}
