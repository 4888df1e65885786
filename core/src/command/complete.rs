//! What could come next on a line that is being typed.

use super::spec::{Arg, ArgKind, Slot, Spec, Verb};
use super::targets::{duties, targets};
use super::words::{Word, flag, split};
use super::{SHORTCUTS, TABLE, find};
use crate::comms::PublicStatus;
use crate::decide::Summary;
use crate::inbound::Place;
use crate::incident::Kind;
use crate::incident::status::Phase;
use crate::org::Organisation;
use serde::Serialize;

/// At most so many are offered.
const MOST: usize = 12;

/// Something that could come next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The whole line with it.
    pub line: String,
    /// What is shown.
    pub label: String,
    /// What it is.
    pub help: String,
}

/// What could come next on `line`. `open` are the open incidents that its author may see.
#[must_use]
pub fn complete(line: &str, place: &Place, org: &Organisation, open: &[Summary]) -> Vec<Candidate> {
    let words = split(line);
    let is_new_word = line.is_empty() || line.ends_with(char::is_whitespace);
    let (done, partial) = match words.split_last() {
        Some((last, done)) if !is_new_word => (done, last.text.clone()),
        Some(_) | None => (words.as_slice(), String::new()),
    };
    let head = &line[..words.last().filter(|_| !is_new_word).map_or(line.len(), |last| last.at.start)];
    let mut offers = offers(done, &partial, place, &Known { org, open });
    let typed = partial.to_lowercase();
    offers.retain(|(value, _)| value.to_lowercase().starts_with(&typed) && value.to_lowercase() != typed);
    offers
        .into_iter()
        .take(MOST)
        .map(|(value, help)| Candidate { line: format!("{head}{value} "), label: value, help })
        .collect()
}

type Offers = Vec<(String, String)>;

struct Known<'a> {
    org: &'a Organisation,
    open: &'a [Summary],
}

fn offers(done: &[Word], partial: &str, place: &Place, known: &Known<'_>) -> Offers {
    let done = match done.first() {
        Some(first) if first.text.parse::<crate::ids::IncidentId>().is_ok() => &done[1..],
        Some(_) | None => done,
    };
    let Some(first) = done.first() else { return commands() };
    let typed = first.text.to_lowercase();
    let (name, verb_word) = match SHORTCUTS.iter().find(|(word, _)| *word == typed) {
        Some((_, line)) => line.split_once(' ').unwrap_or((line, "")),
        None => (typed.as_str(), ""),
    };
    let Some(spec) = find(name) else { return Vec::new() };
    let done = &done[1..];
    let typed_verb = done.first().and_then(|word| spec.verb(&word.text.to_lowercase()));
    let (verb, done) = match (spec.verb(verb_word).filter(|_| !verb_word.is_empty()), typed_verb) {
        (Some(verb), _) => (Some(verb), done),
        (None, Some(verb)) => (Some(verb), &done[1..]),
        (None, None) => (spec.verb(""), done),
    };
    let mut offers = Offers::new();
    if done.is_empty() && typed_verb.is_none() && verb_word.is_empty() {
        offers.extend(verbs(spec));
    }
    let names_one = verb.map_or(spec.scope.names_one(), |verb| spec.scope.names_one_with(verb));
    if done.is_empty() && names_one && place.incident.is_none() {
        offers.extend(incidents(known.open));
    }
    offers.extend(verb.map(|verb| arguments(verb, done, partial, known)).unwrap_or_default());
    offers
}

fn commands() -> Offers {
    let rows = TABLE.iter().map(|spec| (spec.name.to_owned(), spec.summary.to_owned()));
    let short = SHORTCUTS.iter().map(|(word, line)| ((*word).to_owned(), format!("the same as {line}")));
    rows.chain(short).collect()
}

fn verbs(spec: &Spec) -> impl Iterator<Item = (String, String)> {
    spec.verbs.iter().filter(|verb| !verb.name.is_empty()).map(|verb| (verb.name.to_owned(), verb.summary.to_owned()))
}

fn incidents(open: &[Summary]) -> impl Iterator<Item = (String, String)> {
    open.iter().map(|incident| (incident.id.to_string(), incident.title.clone()))
}

fn arguments(verb: &'static Verb, done: &[Word], partial: &str, known: &Known<'_>) -> Offers {
    if let Some(arg) = done.last().and_then(flag).and_then(|(name, _)| verb.arg(name)).filter(|arg| !arg.is_toggle()) {
        return values(arg.kind, known.org, known.open);
    }
    if partial.starts_with('-') {
        let unused = |arg: &&Arg| !done.iter().filter_map(flag).any(|(name, _)| name == arg.name);
        let named = |arg: &Arg| (format!("--{}", arg.name), arg.help.to_owned());
        return verb.args.iter().filter(unused).map(named).collect();
    }
    let given = done.iter().filter(|word| flag(word).is_none()).count();
    if let Some(offers) = super::inputs::offers(verb, done, known.org) {
        return offers;
    }
    let next = verb.args.iter().filter(|arg| arg.slot != Slot::Flag).skip(given);
    next.take(if given == 0 { 2 } else { 1 }).flat_map(|arg| values(arg.kind, known.org, known.open)).collect()
}

/// The values that an argument of that kind may have, each with what it is.
pub(crate) fn values(kind: ArgKind, org: &Organisation, open: &[Summary]) -> Vec<(String, String)> {
    let pair = |value: &str, help: &str| (value.to_owned(), help.to_owned());
    match kind {
        ArgKind::Severity => {
            let lower = |key: &str| key.to_ascii_lowercase();
            org.severities.iter().map(|severity| (lower(severity.key.as_str()), severity.meaning.clone())).collect()
        }
        ArgKind::Status => Phase::USUAL.iter().map(|phase| pair(phase.word(), "")).collect(),
        ArgKind::Role => org.roles.iter().map(|role| pair(role.key.as_str(), &role.name)).collect(),
        ArgKind::Person => org.responders().map(|person| (format!("@{}", person.id), person.name.clone())).collect(),
        ArgKind::Target => targets(org).collect(),
        ArgKind::Duty => duties(org).collect(),
        ArgKind::When => ["in 1h", "18:00", "tomorrow 09:00"].iter().map(|moment| pair(moment, "")).collect(),
        ArgKind::Incident => incidents(open).collect(),
        ArgKind::Services => org.services.iter().map(|service| pair(&service.id, &service.name)).collect(),
        ArgKind::Sites => org.sites.iter().map(|site| pair(&site.id, &site.name)).collect(),
        ArgKind::Category => org.categories.iter().map(|category| pair(&category.key, &category.name)).collect(),
        ArgKind::Chat => org.chats.iter().map(|chat| pair(chat.platform.as_str(), "")).collect(),
        ArgKind::Kind => Kind::ALL.iter().map(|kind| pair(kind.word(), "")).collect(),
        ArgKind::PublicStatus => PublicStatus::ALL.iter().map(|status| pair(status.word(), "")).collect(),
        ArgKind::Word(words) => words.iter().map(|word| pair(word, "")).collect(),
        ArgKind::Span => ["15m", "30m", "1h", "2h"].iter().map(|span| pair(span, "")).collect(),
        ArgKind::Moment => ["5m ago", "10m ago", "30m ago"].iter().map(|moment| pair(moment, "")).collect(),
        ArgKind::Command => TABLE.iter().map(|spec| pair(spec.name, spec.summary)).collect(),
        ArgKind::Runbook | ArgKind::RunbookOrRun => {
            org.runbooks.books.iter().map(|book| pair(&book.id, &book.name)).collect()
        }
        ArgKind::Template => org.comms.offered().map(|one| pair(&one.id, &one.name)).collect(),
        ArgKind::Audience => org.comms.audiences.iter().map(|one| pair(&one.id, &one.name)).collect(),
        ArgKind::Components => {
            let (rules, locale) = (&org.comms, org.comms.locales.first());
            rules.components.iter().map(|one| pair(&format!("{}=", one.id), one.name(locale, rules))).collect()
        }
        ArgKind::Line(_)
        | ArgKind::Paragraph(_)
        | ArgKind::Number
        | ArgKind::Fields
        | ArgKind::Inputs
        | ArgKind::Toggle => Offers::new(),
    }
}
