//! Whom somebody means, within an incident and the organisation.

use super::Ctx;
use crate::command::parse::nearest;
use crate::ids::PersonId;
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::org::Right;
use crate::plain::echo;
use crate::refusal::Refusal;
use chrono_tz::Tz;

impl Ctx<'_> {
    /// The one who acts.
    #[must_use]
    pub fn me(&self) -> Subject {
        Subject { person: self.actor.person.clone(), name: self.actor.name.clone() }
    }

    /// The time zone of the one who acts.
    #[must_use]
    pub fn zone(&self) -> Tz {
        let theirs = self.org.person(&self.actor.person).map(|person| person.time_zone);
        theirs.or(self.org.comms.page.as_ref().map(|page| page.time_zone)).unwrap_or(Tz::UTC)
    }

    /// The person meant by `me`, an id, a name or an address: somebody of the organisation who may respond,
    /// or somebody who has joined the incident.
    ///
    /// # Errors
    /// When nobody fits, or the one who fits may not respond.
    pub fn whom(&self, typed: &str, incident: &Incident) -> Result<Subject, Refusal> {
        let bare = typed.trim().trim_start_matches('@');
        if bare.eq_ignore_ascii_case("me") || bare == self.actor.person.as_str() {
            return Ok(self.me());
        }
        if let Some(person) = self.org.find_person(typed) {
            if person.right < Right::Respond {
                return Err(Refusal::conflict(format!("{} has no right to respond to incidents", person.name)));
            }
            return Ok(Subject { person: person.id.clone(), name: person.name.clone() });
        }
        let joined = incident
            .participants
            .iter()
            .find(|one| one.person == PersonId::from(bare) || one.name.to_lowercase() == bare.to_lowercase());
        if let Some(one) = joined {
            return Ok(Subject { person: one.person.clone(), name: one.name.clone() });
        }
        let refusal = Refusal::not_found(format!("Nobody here is called “{}”", echo(bare)));
        let ids = self.org.people.iter().map(|person| person.id.as_str());
        Err(match nearest(&bare.to_lowercase(), ids) {
            Some(near) => refusal.instead(format!("@{near}")),
            None => refusal,
        })
    }
}
