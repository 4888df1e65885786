//! Where things go, as it is typed in lists. What nothing leads to is a problem now, and not when customers should be told.

use super::super::made::CHATS;
use super::super::problem::did_you_mean;
use super::super::section::Section;
use super::{Known, whom};
use muster_core::comms::Destination;
use muster_core::ids::PlatformId;
use toml::Spanned;

/// The places of a list: `page`, `subscribers`, `channel:slack/C024BE91L`, `@alice`, `webhook:social`, `statuspage:main`.
pub(super) fn all(section: &Section<'_, '_>, key: &'static str, known: Known<'_>) -> Option<Vec<Destination>> {
    section.texts(key).map(|typed| each(section, key, &typed, |typed| one(typed, known)))
}

/// The same for those in the company, who are not told where customers are. There must be one at least.
pub(super) fn within(section: &Section<'_, '_>, key: &'static str, known: Known<'_>) -> Vec<Destination> {
    let typed = section.texts(key);
    if !section.has(key) || typed.as_ref().is_some_and(Vec::is_empty) {
        let sentence = format!("this must name channels, people or webhooks; for example {key} = [\"@alice\"]");
        section.problem(section.at(), key, sentence);
    }
    each(section, key, &typed.unwrap_or_default(), |typed| match one(typed, known)? {
        Destination::Page | Destination::Subscribers | Destination::Statuspage { .. } => {
            Err(format!("“{typed}” is for customers; write channels, people or webhooks of the company"))
        }
        inside @ (Destination::Channel { .. } | Destination::Person { .. } | Destination::Webhook { .. }) => Ok(inside),
    })
}

fn each(
    section: &Section<'_, '_>,
    key: &'static str,
    typed: &[Spanned<String>],
    read: impl Fn(&str) -> Result<Destination, String>,
) -> Vec<Destination> {
    let mut to = Vec::new();
    for typed in typed {
        let Some(one) = section.taken(key, typed, read(typed.get_ref())) else { continue };
        if to.contains(&one) {
            section.problem(typed.span(), key, format!("“{}” is there twice", typed.get_ref()));
        }
        to.push(one);
    }
    to
}

fn one(typed: &str, known: Known<'_>) -> Result<Destination, String> {
    let made = known.made;
    if let Some(id) = typed.strip_prefix('@') {
        return person(id, known);
    }
    match (typed, typed.split_once(':')) {
        ("page", _) if made.page => Ok(Destination::Page),
        ("page", _) => Err("there is no page to send to: it takes a [statuspage]".to_owned()),
        ("subscribers", _) if made.subscribers => Ok(Destination::Subscribers),
        ("subscribers", _) => Err("nobody can subscribe: it takes a [subscribers]".to_owned()),
        (_, Some(("channel", channel))) => channel_of(channel, &made.chats)
            .unwrap_or_else(|| Err(format!("“{typed}” names no channel; write it as channel:slack/C024BE91L"))),
        (_, Some(("webhook", name))) => Ok(Destination::Webhook { name: named("[[webhook]]", name, &made.webhooks)? }),
        (_, Some(("statuspage", name))) => {
            Ok(Destination::Statuspage { name: named("[[statuspage_io]]", name, &made.statuspages)? })
        }
        (_, Some(_) | None) => Err(format!(
            "“{typed}” is nowhere to send to; \
             write page, subscribers, channel:slack/C024BE91L, @alice, webhook:NAME or statuspage:NAME"
        )),
    }
}

/// A person, by the e-mail contact of theirs, which is there if there is a mail server too.
fn person(id: &str, known: Known<'_>) -> Result<Destination, String> {
    let person = whom::person(id, known.org)?;
    let email = PlatformId::email();
    let contacts = known.org.person(&person).map(|person| person.reach.contacts.as_slice()).unwrap_or_default();
    if contacts.iter().any(|contact| contact.name == email.as_str()) {
        return Ok(Destination::Person { person });
    }
    Err(format!("no letter reaches `{id}`: it takes an [email], and an address of theirs"))
}

/// `slack/C024BE91L`; nothing if it is not of that form.
fn channel_of(typed: &str, connected: &[PlatformId]) -> Option<Result<Destination, String>> {
    let (chat, address) = typed.split_once('/').filter(|(chat, address)| !chat.is_empty() && !address.is_empty())?;
    let platform = PlatformId::from(chat);
    Some(if connected.contains(&platform) {
        Ok(Destination::Channel { platform, address: address.to_owned() })
    } else if CHATS.contains(&chat) {
        Err(format!("{chat} is not connected: it takes a [{chat}]"))
    } else {
        Err(format!("chat `{chat}` does not exist{}", did_you_mean(chat, CHATS)))
    })
}

/// The name of another system that the config has.
fn named(section: &str, name: &str, known: &[&str]) -> Result<String, String> {
    let missing = || format!("{section} `{name}` does not exist{}", did_you_mean(name, known.iter().copied()));
    known.contains(&name).then(|| name.to_owned()).ok_or_else(missing)
}
