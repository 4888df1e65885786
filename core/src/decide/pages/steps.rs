//! The steps by which somebody is called: their own rules, or the usual ones.

use crate::ids::PlatformId;
use crate::org::{Contact, Loudness, Organisation, Person, Step};
use std::time::Duration;

/// What wakes nobody by itself comes first, then a text message, then a call, in minutes: before the usual patience of a
/// level ends.
const USUAL: [(u64, &[&str]); 2] = [(2, &["sms"]), (4, &["voice"])];

/// Every way to reach somebody: those of the config, the chats that are connected, and the console.
#[must_use]
pub fn contacts(person: &Person, org: &Organisation) -> Vec<Contact> {
    let of = |platform: &PlatformId| Contact {
        name: platform.to_string(),
        platform: platform.clone(),
        address: String::new(),
    };
    let by_themselves =
        std::iter::once(of(&PlatformId::console())).chain(org.chats.iter().map(|chat| of(&chat.platform)));
    by_themselves.chain(person.reach.contacts.iter().cloned()).collect()
}

/// The contact of that name.
#[must_use]
pub fn contact(person: &Person, name: &str, org: &Organisation) -> Option<Contact> {
    contacts(person, org).into_iter().find(|contact| contact.name == name)
}

/// The steps by which a person is called, each with the ways that exist. In a drill only chats and the console are used.
#[must_use]
pub fn steps(person: &Person, loudness: Loudness, drill: bool, org: &Organisation) -> Vec<(Duration, Vec<Contact>)> {
    let is_safe = |contact: &Contact| {
        contact.platform == PlatformId::console() || org.chats.iter().any(|chat| chat.platform == contact.platform)
    };
    let mut all = contacts(person, org);
    all.retain(|contact| !drill || is_safe(contact));
    let console: Vec<_> = all.iter().filter(|contact| contact.platform == PlatformId::console()).cloned().collect();
    let named = |step: &Step| {
        let ways = all.iter().filter(|contact| step.contacts.contains(&contact.name)).cloned().collect();
        (step.after, ways)
    };
    let own = person.reach.steps.get(&loudness).filter(|steps| !steps.is_empty());
    let mut steps: Vec<(Duration, Vec<Contact>)> = match own {
        Some(own) => own.iter().map(named).collect(),
        None => usual(&all, loudness),
    };
    steps.retain(|(_, ways)| !ways.is_empty());
    // The console is told in any case; where there is nothing else, it is all there is.
    match steps.first_mut() {
        Some((_, first)) => {
            let missing: Vec<_> = console.into_iter().filter(|way| !first.contains(way)).collect();
            first.extend(missing);
        }
        None => steps.push((Duration::ZERO, console)),
    }
    steps
}

fn usual(all: &[Contact], loudness: Loudness) -> Vec<(Duration, Vec<Contact>)> {
    let is_late =
        |contact: &&Contact| USUAL.iter().any(|(_, platforms)| platforms.contains(&contact.platform.as_str()));
    let first: Vec<_> = all.iter().filter(|contact| !is_late(contact)).cloned().collect();
    let late = USUAL.iter().filter(|_| loudness == Loudness::High).map(|(minutes, platforms)| {
        let ways: Vec<_> =
            all.iter().filter(|contact| platforms.contains(&contact.platform.as_str())).cloned().collect();
        (Duration::from_secs(minutes * 60), ways)
    });
    let late: Vec<_> = late.filter(|(_, ways)| !ways.is_empty()).collect();
    // Nobody waits for a text message when there is nothing before it that could be noticed.
    let is_noticed = first.iter().any(|contact| contact.platform != PlatformId::console());
    let begin = late.first().filter(|_| !is_noticed).map_or(Duration::ZERO, |(after, _)| *after);
    let late = late.into_iter().map(|(after, ways)| (after.saturating_sub(begin), ways));
    std::iter::once((Duration::ZERO, first)).chain(late).collect()
}
