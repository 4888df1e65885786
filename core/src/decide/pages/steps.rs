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
    let by_themselves: Vec<_> = by_themselves.collect();
    let is_new = |contact: &&Contact| by_themselves.iter().all(|known| known.name != contact.name);
    let others: Vec<_> = person.reach.contacts.iter().filter(is_new).cloned().collect();
    by_themselves.into_iter().chain(others).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use crate::org::{ChatRules, Reach, Right};

    fn contact(name: &str, platform: &str) -> Contact {
        Contact { name: name.to_owned(), platform: PlatformId::from(platform), address: "x".to_owned() }
    }

    fn person(contacts: &[(&str, &str)]) -> Person {
        Person {
            id: PersonId::from("alice"),
            name: "Alice Ek".to_owned(),
            email: None,
            right: Right::Respond,
            time_zone: chrono_tz::Tz::UTC,
            reach: Reach {
                contacts: contacts.iter().map(|(name, platform)| contact(name, platform)).collect(),
                ..Reach::default()
            },
        }
    }

    fn org(chats: &[&str]) -> Organisation {
        let rules = |chat: &&str| ChatRules { platform: PlatformId::from(*chat), rooms: true, announces: false };
        Organisation {
            chats: chats.iter().map(rules).collect(),
            ..Organisation::empty("Nordvaror", "https://m.example")
        }
    }

    /// `0m console slack; 2m sms`.
    fn told(steps: &[(Duration, Vec<Contact>)]) -> String {
        let step = |(after, ways): &(Duration, Vec<Contact>)| {
            let names: Vec<_> = ways.iter().map(|way| way.name.as_str()).collect();
            format!("{}m {}", after.as_secs() / 60, names.join(" "))
        };
        steps.iter().map(step).collect::<Vec<_>>().join("; ")
    }

    const ALL: [(&str, &str); 4] = [("email", "email"), ("sms", "sms"), ("sms-private", "sms"), ("voice", "voice")];

    #[test]
    fn what_wakes_nobody_comes_first_and_a_call_before_the_usual_patience_ends() {
        let usual = steps(&person(&ALL), Loudness::High, false, &org(&["slack"]));
        assert_eq!(told(&usual), "0m console slack email; 2m sms sms-private; 4m voice");
        let patience = Organisation::empty("", "").paging.patience;
        assert!(usual.iter().all(|(after, _)| *after < patience), "nobody is passed over before their telephone rings");
        let low = steps(&person(&ALL), Loudness::Low, false, &org(&["slack"]));
        assert_eq!(told(&low), "0m console slack email");
    }

    #[test]
    fn who_has_nothing_before_the_telephone_need_not_wait_for_it() {
        assert_eq!(
            told(&steps(&person(&ALL[1..]), Loudness::High, false, &org(&[]))),
            "0m console; 0m sms sms-private; 2m voice"
        );
        assert_eq!(told(&steps(&person(&ALL[3..]), Loudness::High, false, &org(&[]))), "0m console; 0m voice");
    }

    #[test]
    fn the_console_is_always_there_and_all_there_is_in_a_drill_without_chats() {
        assert_eq!(told(&steps(&person(&[]), Loudness::High, false, &org(&[]))), "0m console");
        assert_eq!(told(&steps(&person(&ALL), Loudness::High, true, &org(&[]))), "0m console");
        assert_eq!(told(&steps(&person(&ALL), Loudness::High, true, &org(&["slack"]))), "0m console slack");
    }

    #[test]
    fn own_rules_leave_out_what_there_is_not() {
        let step = |minutes: u64, names: &[&str]| Step {
            after: Duration::from_secs(60 * minutes),
            contacts: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut alice = person(&ALL);
        let own = vec![step(0, &["discord"]), step(1, &["voice", "pigeon"]), step(9, &["sms"])];
        alice.reach.steps.insert(Loudness::High, own);
        assert_eq!(told(&steps(&alice, Loudness::High, false, &org(&["slack"]))), "1m voice console; 9m sms");
    }
}
