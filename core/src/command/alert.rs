//! `alert`: what monitoring systems say, as it stands.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::alert::AlertQuery;
use crate::decide::{Ctx, Decision, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{alerts, card, text};

/// How many are shown at once.
const PAGE: i64 = 15;
/// Among so many one is looked for by its name.
const SOUGHT: i64 = 1_000;
/// The longest name of an alert, in characters.
const NAME: usize = 50;

pub(super) const SPEC: Spec = Spec {
    name: "alert",
    button: "List",
    summary: "See which alerts are firing, everywhere or in one incident",
    group: Group::Find,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "",
            summary: "See which alerts are firing, everywhere or in one incident",
            access: Access::Reads,
            args: &[Arg::optional("of", ArgKind::Incident, "of which incident; of that of the room unless you say so")],
            examples: &["alert", "alert INC-42"],
            read: |args| Ok(Command::Alerts(Alerts { of: args.incident("of")? })),
        },
        Verb {
            name: "show",
            summary: "See all there is to know of one alert",
            access: Access::Reads,
            args: &[Arg::required("alert", ArgKind::Line(NAME), "which: its name in the list, as in 3fa9c01b")],
            examples: &["alert show 3fa9c01b"],
            read: ShowAlert::read,
        },
    ],
};

/// See which alerts are firing.
#[derive(Debug, Clone, PartialEq)]
pub struct Alerts {
    of: Option<IncidentId>,
}

impl Run for Alerts {
    fn needs(&self, _: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        let incident = self.of.or(ctx.place.incident);
        let query = match incident {
            Some(incident) => AlertQuery::OfIncident(incident, PAGE),
            None => AlertQuery::Firing(PAGE),
        };
        Needs { incident, alerts: Some(query), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let heading = match self.of.or(ctx.place.incident) {
            Some(_) => vec![text("Alerts of "), card::named(incident_of(state)?)],
            None => vec![text("Alerts that are firing")],
        };
        Ok(Decision::answer(Reply::view(alerts::list(heading, &state.alerts))))
    }
}

/// See all there is to know of one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct ShowAlert {
    name: String,
}

impl ShowAlert {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::ShowAlert(Self { name: args.needed("alert", NAME)? }))
    }
}

impl Run for ShowAlert {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { alerts: Some(AlertQuery::Firing(SOUGHT)), ..Needs::default() }
    }

    fn decide(&self, state: &State, _: &Ctx<'_>) -> Result<Decision, Refusal> {
        let name = self.name.to_ascii_lowercase();
        match state.alerts.iter().find(|alert| alert.id.code().starts_with(&name)) {
            Some(alert) => Ok(Decision::answer(Reply::view(alerts::one(alert)))),
            None => {
                let sentence = format!("No alert that is firing is called “{}”", echo(&self.name));
                Err(Refusal::not_found(sentence).instead("alert"))
            }
        }
    }
}
