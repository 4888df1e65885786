//! How a person can be reached, and how they want to be.

use super::civil::span_of_day;
use super::made::{CHATS, Made, WAYS};
use super::problem::did_you_mean;
use super::section::Section;
use super::value::{is_address, resolve};
use muster_core::ids::PlatformId;
use muster_core::org::{Contact, Loudness, QuietHours, Reach, Step};
use muster_core::time::parse_span;
use std::time::Duration;
use toml::Spanned;

/// What a `[[person]]` says of it.
pub(super) fn read(section: &Section<'_, '_>, email: Option<&str>, made: &Made<'_>) -> Reach {
    let mut contacts = contacts(section, email, &made.chats);
    let mut steps = std::collections::BTreeMap::new();
    for (key, loudness) in [("high", Loudness::High), ("low", Loudness::Low)] {
        if let Some(typed) = section.texts(key) {
            if typed.is_empty() && loudness == Loudness::High {
                let sentence = "this would reach nobody; for example high = [\"now push\", \"2m sms\"]";
                section.problem(section.at(), key, sentence);
            }
            let read = |typed: &Spanned<String>| section.taken(key, typed, step(typed.get_ref(), &contacts));
            let mut all: Vec<Step> = typed.iter().filter_map(read).collect();
            all.sort_by_key(|step| step.after);
            steps.insert(loudness, all);
        }
    }
    contacts.retain(|contact| made.carries(contact));
    Reach { locale: locale(section), contacts, steps, quiet: quiet(section) }
}

/// The chats, what the person says, and the address by which they are known.
fn contacts(section: &Section<'_, '_>, email: Option<&str>, chats: &[PlatformId]) -> Vec<Contact> {
    let of_chat = |chat: &PlatformId| contact(chat.as_str(), chat.as_str(), String::new());
    let mut contacts: Vec<Contact> = chats.iter().map(of_chat).collect();
    if let Some(said) = section.table("contacts") {
        for (key, value) in said.pairs() {
            let name = key.get_ref().as_str();
            let platform = name.split('-').next().unwrap_or(name);
            let Some(value) = resolve(&said, name, &value).map(|address| Spanned::new(value.span(), address)) else {
                // Whoever names it is not wrong.
                contacts.push(contact(name, platform, String::new()));
                continue;
            };
            let read = if !ways().any(|way| way == platform) {
                Err(unknown(name, platform))
            } else {
                address(platform, value.get_ref())
            };
            match read {
                Ok(address) => contacts.push(contact(name, platform, address)),
                Err(sentence) => said.problem(value.span(), name, sentence),
            }
        }
    }
    if let Some(email) = email.filter(|_| !contacts.iter().any(|contact| contact.name == "email")) {
        contacts.push(contact("email", "email", email.to_owned()));
    }
    contacts
}

fn ways() -> impl Iterator<Item = &'static str> {
    WAYS.into_iter().map(|(way, _)| way)
}

fn contact(name: &str, platform: &str, address: String) -> Contact {
    Contact { name: name.to_owned(), platform: PlatformId::from(platform), address }
}

fn unknown(name: &str, platform: &str) -> String {
    if CHATS.contains(&platform) {
        return "a chat knows its people by their e-mail address or `link`; leave this out".to_owned();
    }
    let near = did_you_mean(platform, ways());
    format!("“{name}” is no way to reach anybody; a name begins with sms, voice, email, push or webhook{near}")
}

/// The address in the form in which it is used. What was typed is nobody's business, so that it is not repeated.
fn address(platform: &str, typed: &str) -> Result<String, String> {
    match platform {
        "sms" | "voice" => {
            let number: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
            let digits = number.strip_prefix('+').unwrap_or_default();
            let is_number = (7..=15).contains(&digits.len())
                && digits.chars().all(|c| c.is_ascii_digit())
                && !digits.starts_with('0');
            let wrong = || "this is not a number with its country code; write it as \"+46701234567\"".to_owned();
            Some(number).filter(|_| is_number).ok_or_else(wrong)
        }
        "email" => {
            let wrong = || "this is not an address; write it as name@host".to_owned();
            Some(typed.to_owned()).filter(|typed| is_address(typed)).ok_or_else(wrong)
        }
        "push" => {
            let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            let is_topic = (1..=64).contains(&typed.len()) && typed.chars().all(legal);
            let wrong = || "this is not a topic of ntfy: letters, digits, dashes and underscores only".to_owned();
            Some(typed.to_owned()).filter(|_| is_topic).ok_or_else(wrong)
        }
        _ => {
            let url = reqwest::Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.map(|url| url.to_string()).ok_or_else(|| "this is not an http or https URL".to_owned())
        }
    }
}

/// `now slack push`, `2m sms`.
fn step(typed: &str, contacts: &[Contact]) -> Result<Step, String> {
    let mut words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    let after = match words.next() {
        Some("now") => Some(Duration::ZERO),
        Some(span) => parse_span(span).and_then(|span| span.to_std().ok()),
        None => None,
    };
    let names: Vec<&str> = words.collect();
    let Some(after) = after.filter(|_| !names.is_empty()) else {
        return Err(format!("“{typed}” is not a time and a contact; write it as \"now push\" or \"2m sms\""));
    };
    let known = || contacts.iter().map(|contact| contact.name.as_str());
    match names.iter().find(|name| !known().any(|known| known == **name)) {
        Some(name) => Err(format!("this person has no contact `{name}`{}", did_you_mean(name, known()))),
        None => Ok(Step { after, contacts: names.into_iter().map(str::to_owned).collect() }),
    }
}

fn quiet(section: &Section<'_, '_>) -> Option<QuietHours> {
    let typed = section.text("quiet")?;
    let read = span_of_day(typed.get_ref()).filter(|(from, until)| from != until);
    let wrong = || format!("“{}” is not a part of the day; write it as \"22:00-07:00\"", typed.get_ref());
    let (from, until) = section.taken("quiet", &typed, read.ok_or_else(wrong))?;
    Some(QuietHours { from, until })
}

fn locale(section: &Section<'_, '_>) -> String {
    let Some(typed) = section.text("locale") else { return String::new() };
    let mut parts = typed.get_ref().split('-');
    let is_language = |part: &str| (2..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic());
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    if !(parts.next().is_some_and(is_language) && parts.all(is_part)) {
        let sentence = format!("“{}” is not a language; write it as \"sv\" or \"en-GB\"", typed.get_ref());
        section.problem(typed.span(), "locale", sentence);
    }
    typed.into_inner()
}
