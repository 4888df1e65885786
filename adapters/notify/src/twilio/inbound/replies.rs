//! An SMS in reply to a page: `ack`, `4`, `no`, `ack INC-7`.

use super::signed::Signed;
use super::{Door, Twiml, twiml};
use crate::twilio::bare;
use axum::extract::State;
use muster_core::app::answer::{Response, answered_by, sentence};
use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PlatformId, RequestId};
use muster_core::inbound::Inbound;
use muster_core::org::{Organisation, Person};
use muster_core::ports::store::StoreError;
use std::sync::Arc;

/// What is answered to what cannot be read.
const HOW: &str = "Reply 4 (I have it) or 6 (not me). Paged more than once? Name it: INC-7 4";

/// So much of a reply is read, in bytes: no answer is longer.
const LONGEST: usize = 1_600;

pub(super) async fn take(State(door): State<Arc<Door>>, form: Signed) -> Twiml {
    let org = door.muster.org();
    let people = owners(&org, form.field("From"));
    let person = match people.as_slice() {
        // Strangers are told nothing: each answer costs, and tells them who we are.
        [] => return Twiml(twiml::silence()),
        [person] => *person,
        _ => return Twiml(twiml::reply("This number is of several people; use the link to answer.")),
    };
    let Some((response, incident)) = read(form.field("Body")) else { return Twiml(twiml::reply(HOW)) };
    let request = RequestId::new(format!("sms/{}/{}", form.field("MessageSid"), response.word()));
    let said = match door.answer(person, response, incident, request).await {
        Ok(inbound) => sentence(&door.muster.execute(inbound).await, person.time_zone),
        Err(error) => {
            tracing::warn!(%error, "a reply cannot be looked up");
            "The database does not answer: reply once more in a moment".to_owned()
        }
    };
    Twiml(twiml::reply(&said))
}

impl Door {
    /// What a reply answers: what its sender was last sent, about the incident that it names if it names one; else whatever
    /// calls them by other ways.
    async fn answer(
        &self,
        person: &Person,
        response: Response,
        incident: Option<IncidentId>,
        request: RequestId,
    ) -> Result<Inbound, StoreError> {
        let sms = PlatformId::sms();
        let last = self.muster.last_summons(&person.id, &sms, incident).await?;
        if let Some(summons) = last.filter(|summons| summons.responses().contains(&response)) {
            return Ok(summons.answered(response, request));
        }
        let call = Invocation::of(match response {
            Response::Acknowledge => "ack",
            Response::Decline => "ack decline",
        });
        Ok(answered_by(&person.id, sms, Invocation { incident, ..call }, request))
    }
}

/// Whose number it is.
fn owners<'a>(org: &'a Organisation, number: &str) -> Vec<&'a Person> {
    let number = bare(number);
    let phones = [PlatformId::sms(), PlatformId::voice()];
    let has = |person: &&Person| {
        person.reach.contacts.iter().any(|one| phones.contains(&one.platform) && bare(&one.address) == number)
    };
    if number.is_empty() { Vec::new() } else { org.people.iter().filter(has).collect() }
}

/// What a reply means, and which incident it names.
fn read(body: &str) -> Option<(Response, Option<IncidentId>)> {
    let body = body.get(..body.len().min(LONGEST)).unwrap_or_default().to_lowercase();
    let words = body.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    // A digit is an answer; the number of an incident comes with its letters.
    let (named, said): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with("inc"));
    let incident = named.first().map(|word| word.parse()).transpose().ok()?;
    let response = match said.as_slice() {
        ["4" | "ack" | "ok" | "okay" | "yes" | "acknowledge", ..] => Response::Acknowledge,
        ["6" | "no" | "decline", ..] | ["not", "me", ..] => Response::Decline,
        _ => return None,
    };
    Some((response, incident))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_as_people_type_it() {
        let (yes, no) = (Response::Acknowledge, Response::Decline);
        for (body, response, incident) in [
            ("4", yes, None),
            (" Ack. ", yes, None),
            ("OK, on it", yes, None),
            ("ack INC-7", yes, Some(IncidentId(7))),
            ("inc7 4", yes, Some(IncidentId(7))),
            ("6", no, None),
            ("No!", no, None),
            ("Not me", no, None),
            ("decline inc-12", no, Some(IncidentId(12))),
        ] {
            assert_eq!(read(body), Some((response, incident)), "{body}");
        }
        for body in ["", "what?", "44", "INC-7", "ack inc-x", "not sure", "nope", "🔥"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
