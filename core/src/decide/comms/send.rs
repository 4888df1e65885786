//! Sending: where a bulletin goes.

use crate::app::subscribing::SUBSCRIBERS;
use crate::comms::{Bulletin, Destination};
use crate::decide::Draft;
use crate::effect::{Effect, Recipient};
use crate::ids::PlatformId;

/// The contact of a person to whom bulletins go.
const EMAIL: &str = "email";

/// Makes the effects that bring a bulletin to each of these places. The status page reads its records by itself.
pub(in crate::decide) fn send(draft: &mut Draft<'_>, to: &[Destination], bulletin: &Bulletin) {
    to.iter().filter_map(|one| effect(one, bulletin)).for_each(|effect| draft.effect(effect));
}

fn effect(to: &Destination, bulletin: &Bulletin) -> Option<Effect> {
    let bulletin = Box::new(bulletin.clone());
    let outlet = |platform: &str, name: &String| (PlatformId::from(platform), Recipient::Outlet { name: name.clone() });
    let (platform, to) = match to {
        Destination::Page => return None,
        Destination::Subscribers => {
            return Some(Effect::Spread { platform: PlatformId::from(SUBSCRIBERS), bulletin });
        }
        Destination::Channel { platform, address } => {
            (platform.clone(), Recipient::Channel { address: address.clone() })
        }
        Destination::Person { person } => {
            let to = Recipient::Person { person: person.clone(), contact: EMAIL.to_owned() };
            (PlatformId::from(EMAIL), to)
        }
        Destination::Webhook { name } => outlet("webhook", name),
        Destination::Statuspage { name } => outlet("statuspage", name),
    };
    Some(Effect::Publish { platform, to, bulletin })
}
