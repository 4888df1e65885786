//! What leaves the house: looked at once more where it is made; and what does not get there becomes part of its incident.

use super::Muster;
use super::alone::Cause;
use crate::comms::{Bulletin, Cleared};
use crate::decide::Needs;
use crate::decide::comms::{UndeliveredNews, hear_of_undelivered};
use crate::effect::{Effect, Recipient};
use crate::ids::RequestId;
use crate::ports::store::StoreError;

impl Muster {
    /// Why nobody outside may be told of an incident any more, if that is so: it may have become private since it was decided to.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kept_inside(&self, cleared: Cleared) -> Result<Option<String>, StoreError> {
        let needs = Needs { incident: Some(cleared.incident()), ..Needs::default() };
        Ok(match self.store.load(&needs).await?.incident {
            Some(incident) => Cleared::of(&incident).err().map(|why| why.to_string()),
            None => Some("there is no such incident".to_owned()),
        })
    }

    /// Something for those outside was given up. `key` names the effect; the same news of it again change nothing.
    pub(super) async fn hear_of_undelivered(&self, effect: &Effect, key: &str, error: &str) -> Result<(), StoreError> {
        let Some((bulletin, to)) = told_outside(effect) else { return Ok(()) };
        let incident = bulletin.cleared.incident();
        let audience = bulletin.audience.clone();
        let news = UndeliveredNews { number: bulletin.number, audience, to, error: error.to_owned() };
        let request = RequestId::new(format!("!undelivered:{key}"));
        let needs = Needs { incident: Some(incident), ..Needs::default() };
        let cause = Cause { needs, request, fired: None };
        self.decide_alone(cause, |state, ctx| hear_of_undelivered(&news, state, ctx)).await.map(drop)
    }
}

/// What those outside are told by an effect, and who they are, in words.
fn told_outside(effect: &Effect) -> Option<(&Bulletin, String)> {
    let bulletin = effect.bulletin()?;
    let Effect::Publish { platform, to, .. } = effect else { return Some((bulletin, "subscribers".to_owned())) };
    let to = match to {
        Recipient::Person { person, .. } => format!("{person} by {platform}"),
        Recipient::Channel { address } => format!("the channel {address} of {platform}"),
        Recipient::Outlet { name } => format!("{platform} {name}"),
    };
    Some((bulletin, to))
}
