//! Whom one may page, and what people are on: how it is typed, offered and read.

use super::args::{Args, named};
use crate::oncall::Target;
use crate::org::{Organisation, Right};
use crate::plain::echo;
use crate::refusal::Refusal;

/// Whom one may page: people, teams and schedules, as they are typed.
pub(super) fn targets(org: &Organisation) -> impl Iterator<Item = (String, String)> {
    let people = org.responders().map(|person| (format!("@{}", person.id), person.name.clone()));
    duties(org).chain(people)
}

/// Teams and schedules, as they are typed. A schedule that is called like a team says so.
pub(super) fn duties(org: &Organisation) -> impl Iterator<Item = (String, String)> {
    let teams = org.teams.iter().map(|team| (team.id.clone(), team.name.clone()));
    let is_like_team = |id: &str| org.teams.iter().any(|team| team.id == id);
    let schedules = org.schedules.iter().map(move |schedule| {
        let typed = if is_like_team(&schedule.id) { format!("schedule:{}", schedule.id) } else { schedule.id.clone() };
        (typed, format!("{} (schedule)", schedule.name))
    });
    teams.chain(schedules)
}

impl Args<'_> {
    /// Whom to page: a person, a team or a schedule.
    ///
    /// # Errors
    /// When there is nobody and nothing of that name.
    pub fn target(&self, name: &str) -> Result<Target, Refusal> {
        find_target(&self.raw(name).unwrap_or_default(), self.org)
    }

    /// A team or a schedule that may be missing.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn duty(&self, name: &str) -> Result<Option<Target>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        find_duty(&typed, self.org).map(Some).ok_or_else(|| {
            let known = named(duties(self.org).map(|(typed, _)| typed));
            Refusal::not_found(format!("“{}” is neither a team nor a schedule: {known}", echo(&typed)))
        })
    }
}

/// Whom to page: a person, a team or a schedule.
///
/// # Errors
/// When there is nobody and nothing of that name.
pub(crate) fn find_target(typed: &str, org: &Organisation) -> Result<Target, Refusal> {
    if let Some(duty) = find_duty(typed, org) {
        return Ok(duty);
    }
    match org.find_person(typed) {
        Some(person) if person.right >= Right::Respond => Ok(Target::Person { id: person.id.clone() }),
        Some(person) => Err(Refusal::conflict(format!("{} has no right to respond to incidents", person.name))),
        None => {
            let known = named(targets(org).map(|(typed, _)| typed));
            Err(Refusal::not_found(format!("Nobody here is called “{}”: {known}", echo(typed))))
        }
    }
}

fn find_duty(typed: &str, org: &Organisation) -> Option<Target> {
    let schedule = |typed: &str| org.schedule(typed).map(|schedule| Target::Schedule { id: schedule.id.clone() });
    if let Some(id) = typed.strip_prefix("schedule:") {
        return schedule(id);
    }
    let team = org.team(typed.strip_prefix("team:").unwrap_or(typed));
    team.map(|team| Target::Team { id: team.id.clone() }).or_else(|| schedule(typed))
}
