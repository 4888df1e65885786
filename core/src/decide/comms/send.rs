//! Sending: where a bulletin goes.

use crate::comms::{Bulletin, Destination};
use crate::decide::Draft;
use crate::effect::{Effect, Recipient};
use crate::ids::PlatformId;

/// Makes the effects that bring a bulletin to each of these places. The status page reads its records by itself.
pub(in crate::decide) fn send(draft: &mut Draft<'_>, to: &[Destination], bulletin: &Bulletin) {
    to.iter().filter_map(|one| effect(one, bulletin)).for_each(|effect| draft.effect(effect));
}

fn effect(to: &Destination, bulletin: &Bulletin) -> Option<Effect> {
    let bulletin = Box::new(bulletin.clone());
    let (platform, to) = match to {
        Destination::Page => return None,
        Destination::Subscribers => {
            return Some(Effect::Spread { platform: PlatformId::subscribers(), bulletin });
        }
        Destination::Channel { platform, address } => {
            (platform.clone(), Recipient::Channel { address: address.clone() })
        }
        Destination::Person { person } => {
            let email = PlatformId::email();
            let to = Recipient::Person { person: person.clone(), contact: email.as_str().to_owned() };
            (email, to)
        }
        Destination::Webhook { name } => (PlatformId::webhook(), Recipient::Outlet { name: name.clone() }),
        Destination::Statuspage { name } => (PlatformId::statuspage(), Recipient::Outlet { name: name.clone() }),
    };
    Some(Effect::Publish { platform, to, bulletin })
}
