//! `oncall`: who carries the phone, and who stands in for whom.

mod changing;
mod feed;
mod looking;

pub(super) use changing::{AskForCover, Cover, Take, TakeBack};
pub(super) use feed::GiveFeed;
pub(super) use looking::{Gaps, Next, Who};

use super::Command;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use crate::decide::Needs;
use crate::ids::PersonId;
use crate::oncall::{Schedule, Target};
use crate::org::Organisation;
use crate::record::{RecordKind, Wanted};
use crate::refusal::Refusal;
use chrono::TimeDelta;

const TEAM: Arg = Arg::optional("team", ArgKind::Duty, "the team or schedule");
const OF: Arg = Arg::flag("team", ArgKind::Duty, "the team or schedule; yours, if you are on one only");
const FROM: Arg = Arg::flag("from", ArgKind::When, "from when; now, unless you say otherwise");
const UNTIL: Arg = Arg::flag("until", ArgKind::When, "until when");
const UNTIL_NEEDED: Arg = Arg { required: true, ..UNTIL };
const NUMBER: Arg = Arg::required("number", ArgKind::Number, "its number");

/// How far `next` and `gaps` look ahead.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// So many shifts are shown.
const SHOWN: usize = 15;

pub(super) const SPEC: Spec = Spec {
    name: "oncall",
    button: "Show",
    summary: "See who is on call, stand in, or ask to be covered",
    group: Group::People,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "",
            summary: "See who is on call",
            access: Access::Reads,
            args: &[TEAM, Arg::flag("at", ArgKind::When, "at another time")],
            examples: &["oncall", "oncall payments --at \"tomorrow 09:00\""],
            read: |args| Ok(Command::OnCall(Who { duty: args.duty("team")?, at: args.when("at")? })),
        },
        Verb {
            name: "next",
            summary: "See your next shifts, or those of a team",
            access: Access::Reads,
            args: &[TEAM],
            examples: &["oncall next", "oncall next payments"],
            read: |args| Ok(Command::NextShifts(Next { duty: args.duty("team")? })),
        },
        Verb {
            name: "gaps",
            summary: "See when nobody is on call, and who is on call twice at once",
            access: Access::Reads,
            args: &[TEAM],
            examples: &["oncall gaps"],
            read: |args| Ok(Command::Gaps(Gaps { duty: args.duty("team")? })),
        },
        Verb {
            name: "override",
            summary: "Put somebody on call for a while, whatever the schedule says",
            access: Access::Writes,
            args: &[
                Arg::optional("person", ArgKind::Person, "who; you, unless you say otherwise"),
                OF,
                FROM,
                UNTIL_NEEDED,
                Arg::flag("instead", ArgKind::Person, "whose shifts these are; everybody's, unless you say otherwise"),
            ],
            examples: &["oncall override @bob --team payments --until \"tomorrow 09:00\""],
            read: Cover::read,
        },
        Verb {
            name: "cancel",
            summary: "Take back that somebody stands in, or a request to be covered",
            access: Access::Writes,
            args: &[NUMBER, OF],
            examples: &["oncall cancel 3 --team payments"],
            read: |args| Ok(Command::TakeBack(TakeBack { number: args.number("number")?, duty: args.duty("team")? })),
        },
        Verb {
            name: "swap",
            summary: "Ask to be covered: your next shift, or between two times",
            access: Access::Writes,
            args: &[
                Arg::optional(
                    "person",
                    ArgKind::Person,
                    "who is asked; everybody on the team, unless you say otherwise",
                ),
                OF,
                FROM,
                UNTIL,
            ],
            examples: &["oncall swap", "oncall swap @bob --from 18:00 --until 22:00"],
            read: AskForCover::read,
        },
        Verb {
            name: "take",
            summary: "Cover somebody who has asked for it",
            access: Access::Writes,
            args: &[NUMBER, OF],
            examples: &["oncall take 3 --team payments"],
            read: |args| Ok(Command::TakeShift(Take { number: args.number("number")?, duty: args.duty("team")? })),
        },
        Verb {
            name: "feed",
            summary: "Get an address at which a calendar finds your shifts, or those of a team",
            access: Access::Writes,
            args: &[TEAM],
            examples: &["oncall feed", "oncall feed payments"],
            read: |args| Ok(Command::GiveFeed(GiveFeed { duty: args.duty("team")? })),
        },
    ],
};

fn needs() -> Needs {
    Needs { records: vec![Wanted::All(RecordKind::Roster)], ..Needs::default() }
}

/// The schedules that are meant: of a team, one by name, or all.
fn schedules<'a>(duty: Option<&Target>, org: &'a Organisation) -> Vec<&'a Schedule> {
    let fits = |schedule: &&Schedule| match duty {
        None => true,
        Some(Target::Team { id }) => schedule.team.as_ref() == Some(id),
        Some(Target::Schedule { id }) => &schedule.id == id,
        Some(Target::Person { .. } | Target::Channel { .. } | Target::Outlet { .. }) => false,
    };
    org.schedules.iter().filter(fits).collect()
}

/// The one schedule that is to be changed: the one named, else the only one the person is on.
fn schedule<'a>(duty: Option<&Target>, person: &PersonId, org: &'a Organisation) -> Result<&'a Schedule, Refusal> {
    let mut found = schedules(duty, org);
    if found.len() > 1 && found.iter().any(|schedule| schedule.people().contains(&person)) {
        found.retain(|schedule| schedule.people().contains(&person));
    }
    match found[..] {
        [only] => Ok(only),
        [] => Err(Refusal::conflict("There is no such schedule: an operator can put one into the config")),
        [..] => {
            let names: Vec<_> = found.iter().map(|schedule| schedule.id.as_str()).collect();
            let sentence = format!("Which schedule? There are {}", names.join(", "));
            Err(Refusal::conflict(sentence).instead(format!("oncall override --team schedule:{}", names[0])))
        }
    }
}
