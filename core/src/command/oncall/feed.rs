//! The address at which a calendar finds shifts. It is a secret, shown once; asking anew ends the one before.

use crate::command::Run;
use crate::decide::{Change, Ctx, Decision, Needs, State};
use crate::ids::IncidentId;
use crate::oncall::{Target, Whose};
use crate::org::Organisation;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Line, Section, Tone, View, strong, text};

/// An address at which a calendar finds shifts.
#[derive(Debug, Clone, PartialEq)]
pub struct GiveFeed {
    pub(super) duty: Option<Target>,
}

impl GiveFeed {
    fn whose(&self) -> Whose {
        match &self.duty {
            Some(Target::Team { id }) => Whose::Team(id.clone()),
            Some(Target::Schedule { id }) => Whose::Schedule(id.clone()),
            Some(Target::Person { .. } | Target::Channel { .. } | Target::Outlet { .. }) | None => Whose::Own,
        }
    }
}

impl Run for GiveFeed {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { fresh_secret: true, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        if ctx.org.person(&ctx.actor.person).is_none() {
            return Err(Refusal::conflict("Muster does not know you: only people of the config get a calendar"));
        }
        let Some(secret) = &state.fresh_secret else { return Err(Refusal::conflict("There is no address to give")) };
        let whose = self.whose();
        let title = [vec![text("A calendar of ")], named(&whose, ctx.org)].concat();
        let view = View::titled(Tone::Good, title)
            .with(Section::Text(vec![text("Subscribe to this address in your calendar:")]))
            .with(Section::Code(format!("{}/feeds/{}.ics", ctx.org.console_url, secret.reveal())))
            .footed(vec![text("Shown once, and as good as a password. Ask again, and only the new one works.")]);
        let change = Change::FeedGiven { hash: secret.hash(), person: ctx.actor.person.clone(), whose };
        Ok(Decision { changes: vec![change], ..Decision::answer(Reply::view(view).once()) })
    }
}

fn named(whose: &Whose, org: &Organisation) -> Line {
    match whose {
        Whose::Own => vec![strong("your shifts")],
        Whose::Team(id) => {
            let name = org.team(id).map_or(id.as_str(), |team| team.name.as_str());
            vec![text("the shifts of "), strong(name)]
        }
        Whose::Schedule(id) => {
            let name = org.schedule(id).map_or(id.as_str(), |schedule| schedule.name.as_str());
            vec![text("the shifts of "), strong(name)]
        }
    }
}
