//! A digit that somebody has pressed in a call.

use super::signed::Signed;
use super::{Door, Twiml, twiml};
use crate::twilio::voice::{digit, question};
use axum::extract::{Path, State};
use muster_core::app::answer::{answer_of, sentence};
use muster_core::secret::Secret;
use std::sync::Arc;

pub(super) async fn take(State(door): State<Arc<Door>>, Path(secret): Path<String>, form: Signed) -> Twiml {
    let link = Secret::presented(secret.clone());
    let summons = match door.summons(&link).await {
        Ok(Some(summons)) => summons,
        Ok(None) => return Twiml(twiml::say("This call can no longer be answered. Goodbye.")),
        Err(_) => return Twiml(twiml::say("The database does not answer. Please answer elsewhere. Goodbye.")),
    };
    let org = door.muster.org();
    let pressed = digit(form.field("Digits")).filter(|response| summons.responses().contains(response));
    let Some(response) = pressed else {
        let again = format!("{}/notify/twilio/voice/{secret}", org.console_url);
        return Twiml(twiml::ask(question(&summons.about), &again));
    };
    // Named by the link, so that a digit that Twilio sends twice, and one that was pressed twice, count once.
    let answer = door.muster.execute(summons.answered(response, answer_of(&link, response))).await;
    let zone = org.person(&summons.person).map_or(chrono_tz::UTC, |person| person.time_zone);
    Twiml(twiml::say(&format!("{}. Goodbye.", sentence(&answer, zone))))
}
