//! `role`: who does what. Claim, assign, release.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, give_role, incident_of};
use crate::ids::RoleKey;
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::org::Role;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::card;

const ROLE: Arg = Arg::required("role", ArgKind::Role, "which role");

pub(super) const SPEC: Spec = Spec {
    name: "role",
    button: "Assign role",
    summary: "Take a role, or give one to somebody",
    group: Group::People,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "Take a role, or give one to somebody",
            access: Access::Writes,
            args: &[
                ROLE,
                Arg::optional("person", ArgKind::Person, "who; you, unless you say otherwise"),
                Arg::flag("replace", ArgKind::Toggle, "take it from whoever holds it, without a handoff"),
            ],
            examples: &["role commander", "role scribe @bob", "ic --replace"],
            read: TakeRole::read,
        },
        Verb {
            name: "release",
            summary: "Give up a role, or take it from somebody",
            access: Access::Writes,
            args: &[ROLE, Arg::optional("person", ArgKind::Person, "whose; yours, unless you say otherwise")],
            examples: &["role release scribe"],
            read: ReleaseRole::read,
        },
        Verb {
            name: "list",
            summary: "Who holds which role, and which are free",
            access: Access::Reads,
            args: &[],
            examples: &["role list"],
            read: |_| Ok(Command::Roles(ListRoles)),
        },
    ],
};

/// Take a role, or give one to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct TakeRole {
    role: RoleKey,
    person: Option<String>,
    replace: bool,
}

fn needed_role(args: &Args<'_>) -> Result<RoleKey, Refusal> {
    args.role("role")?.ok_or_else(|| Refusal::invalid("Which role?").instead("role list"))
}

impl TakeRole {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Role(Self { role: needed_role(args)?, person: args.person("person"), replace: args.on("replace") }))
    }
}

fn configured<'a>(role: &RoleKey, ctx: &Ctx<'a>) -> Result<&'a Role, Refusal> {
    ctx.org.find_role(role.as_str()).ok_or_else(|| Refusal::not_found("There is no such role").instead("role list"))
}

/// Roles are held in incidents that people work on.
pub(super) fn must_be_open(incident: &Incident) -> Result<(), Refusal> {
    if incident.status.is_open() {
        return Ok(());
    }
    let phase = incident.status.phase().word();
    Err(Refusal::conflict(format!("{} is {phase}: reopen it before roles change", incident.id))
        .instead("reopen it came back"))
}

impl Run for TakeRole {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        must_be_open(incident)?;
        let role = configured(&self.role, ctx)?;
        let who = match &self.person {
            Some(typed) => ctx.whom(typed, incident)?,
            None => ctx.me(),
        };
        let mut draft = Draft::of(incident, ctx);
        give_role(&mut draft, role, &who, self.replace)?;
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}

/// Give up a role, or take it from somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseRole {
    role: RoleKey,
    person: Option<String>,
}

impl ReleaseRole {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::ReleaseRole(Self { role: needed_role(args)?, person: args.person("person") }))
    }
}

impl Run for ReleaseRole {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        must_be_open(incident)?;
        let role = configured(&self.role, ctx)?;
        let who = match &self.person {
            Some(typed) => ctx.whom(typed, incident)?,
            None => ctx.me(),
        };
        if !incident.holds(&who.person, &role.key) {
            let holder = if who.person == ctx.actor.person { "You are".to_owned() } else { format!("{} is", who.name) };
            return Err(Refusal::conflict(format!("{holder} not {}", role.name)).instead("role list"));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.incident.roles.retain(|one| !(one.role == role.key && one.person == who.person));
        draft.record(Event::RoleReleased { role: role.key.clone(), who });
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}

/// Who holds which role, and which are free.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRoles;

impl Run for ListRoles {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        Ok(Decision::answer(Reply::view(card::roles(incident, ctx.org)).about(incident.id)))
    }
}
