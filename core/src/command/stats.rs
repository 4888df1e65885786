//! `stats`: how fast pages are answered, and who carries how much of the load.

use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Needs, PageFact, PageFactKind, State};
use crate::ids::{IncidentId, PersonId};
use crate::org::Organisation;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::time::in_words;
use crate::view::{Item, Section, Span, Tone, View, strong, text};
use chrono::{TimeDelta, Timelike};
use std::collections::BTreeMap;

/// How far back is looked, unless something else is said.
const USUAL: TimeDelta = TimeDelta::days(30);
/// No further: older facts are forgotten.
const LONGEST: TimeDelta = TimeDelta::days(400);
/// It is night from this hour, and until that one, where somebody lives.
const NIGHT: (u32, u32) = (22, 7);

pub(super) const SPEC: Spec = Spec {
    name: "stats",
    button: "Show",
    summary: "See how fast pages are answered, and who carries how much",
    group: Group::Muster,
    scope: Scope::Anywhere,
    verbs: &[Verb {
        name: "",
        summary: "See how fast pages are answered, and who carries how much",
        access: Access::Reads,
        args: &[Arg::optional("for", ArgKind::Span, "how far back; 30d unless you say otherwise")],
        examples: &["stats", "stats 7d"],
        read: |args| Ok(Command::Stats(Stats { span: args.span("for")?.unwrap_or(USUAL).min(LONGEST) })),
    }],
};

/// How pages were answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    span: TimeDelta,
}

/// What a team's pages came to.
#[derive(Default)]
struct OfTeam {
    raised: u32,
    unanswered: u32,
    answered_in: Vec<TimeDelta>,
}

/// What a person was called.
#[derive(Default)]
struct OfPerson {
    called: u32,
    at_night: u32,
    acked: u32,
}

impl Run for Stats {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        Needs { history: Some((ctx.now - self.span, ctx.now)), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let title = vec![strong(format!("Pages of the last {}", in_words(self.span)))];
        if state.history.is_empty() {
            let view = View::titled(Tone::Good, title).with(Section::Text(vec![text("There were none.")]));
            return Ok(Decision::answer(Reply::view(view)));
        }
        let view = View::titled(Tone::Neutral, title)
            .with(Section::Heading("Teams: how soon somebody had it".to_owned()))
            .with(Section::List(teams(&state.history, ctx.org)))
            .with(Section::Heading("People: how often they were called".to_owned()))
            .with(Section::List(people(&state.history, ctx.org)))
            .footed(vec![text(format!("Night is from {}:00 to {}:00 where somebody lives", NIGHT.0, NIGHT.1))]);
        Ok(Decision::answer(Reply::view(view)))
    }
}

fn teams(history: &[PageFact], org: &Organisation) -> Vec<Item> {
    let mut teams: BTreeMap<Option<&str>, OfTeam> = BTreeMap::new();
    let raised: BTreeMap<_, _> = history
        .iter()
        .filter(|fact| fact.what == PageFactKind::Raised)
        .map(|fact| ((fact.incident, fact.page), fact.at))
        .collect();
    for fact in history {
        let of = teams.entry(fact.team.as_deref()).or_default();
        match fact.what {
            PageFactKind::Raised => of.raised += 1,
            PageFactKind::Unanswered => of.unanswered += 1,
            PageFactKind::Acked => {
                of.answered_in.extend(raised.get(&(fact.incident, fact.page)).map(|raised| fact.at - *raised));
            }
            PageFactKind::Called | PageFactKind::Declined => {}
        }
    }
    let item = |(team, of): (Option<&str>, OfTeam)| {
        let name = team.map_or("people by name", |id| org.team(id).map_or(id, |team| team.name.as_str()));
        let mean = mean(&of.answered_in).map_or_else(
            || "none was acknowledged".to_owned(),
            |mean| format!("acknowledged after {} on average (MTTA)", exactly(mean)),
        );
        let lost = match of.unanswered {
            0 => String::new(),
            lost => format!(", {lost} unanswered"),
        };
        let line = vec![strong(name), text(format!(" · {} paged, {mean}{lost}", times(of.raised)))];
        Item { line, action: None }
    };
    teams.into_iter().map(item).collect()
}

fn people(history: &[PageFact], org: &Organisation) -> Vec<Item> {
    let mut people: BTreeMap<&PersonId, OfPerson> = BTreeMap::new();
    for fact in history {
        let Some(person) = &fact.person else { continue };
        let of = people.entry(person).or_default();
        match fact.what {
            PageFactKind::Called => {
                of.called += 1;
                of.at_night += u32::from(is_night(fact, org));
            }
            PageFactKind::Acked => of.acked += 1,
            PageFactKind::Raised | PageFactKind::Declined | PageFactKind::Unanswered => {}
        }
    }
    let all: u32 = people.values().map(|of| of.called).sum();
    let mut rows: Vec<_> = people.into_iter().collect();
    rows.sort_by_key(|(person, of)| (std::cmp::Reverse(of.called), (*person).clone()));
    let item = |(id, of): (&PersonId, OfPerson)| {
        let name = org.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
        let share = (of.called * 100).checked_div(all).unwrap_or(0);
        let words = format!(
            " · {} called ({share}% of all), {} at night, {} acknowledged",
            times(of.called),
            of.at_night,
            of.acked
        );
        Item { line: vec![Span::Person { id: id.clone(), name }, text(words)], action: None }
    };
    rows.into_iter().map(item).collect()
}

fn is_night(fact: &PageFact, org: &Organisation) -> bool {
    let person = fact.person.as_ref().and_then(|person| org.person(person));
    let zone = person.map_or(chrono_tz::Tz::UTC, |person| person.time_zone);
    let hour = fact.at.with_timezone(&zone).hour();
    hour >= NIGHT.0 || hour < NIGHT.1
}

fn mean(spans: &[TimeDelta]) -> Option<TimeDelta> {
    let count = i32::try_from(spans.len()).ok().filter(|count| *count > 0)?;
    Some(spans.iter().sum::<TimeDelta>() / count)
}

/// `45 s`, `3 min 20 s`, `2 hours`.
fn exactly(span: TimeDelta) -> String {
    match (span.num_seconds(), span.num_minutes()) {
        (seconds, 0) => format!("{seconds} s"),
        (seconds, minutes @ 1..90) => format!("{minutes} min {} s", seconds % 60),
        (_, _) => in_words(span),
    }
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
