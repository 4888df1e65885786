//! What a chat legitimately shows otherwise than the console, for all chats and all stories:
//!
//! * A form comes where the console refuses because something is missing: chats have forms. One that still lacks
//!   something is not sent at all.
//! * A line that one is told to type is shown as one types it there: with the chat's word for Muster in front.
//! * In its own room the answer to a change is one line; the headline, which shows the rest, is in sight.
//! * The room is told what was done, in the words of the timeline: the console shows the timeline itself.
//! * Who takes a role is told what it asks of them.
//! * Who was paged, which alerts there are, where a run stands and what is to be told customers is in cards in the room; the console
//!   shows it when it is asked.
//! * Whom a run asks for something is mentioned in the room.
//! * By what people were reached is another on every chat: the rest of the timeline is the same.
//! * What is approved names addresses, which are others whenever a story is told: so is its mark.
//! * How things look is not compared: columns, marks, the zone of a moment. White space is folded.

use muster_core::app::Muster;
use muster_core::command::find;
use muster_core::ids::IncidentId;
use muster_core::incident::entry::Entry;
use muster_core::incident::event::Event;
use muster_core::incident::page::PageEvent;
use muster_core::org::Organisation;
use muster_core::view::{entry, run, text};

/// How a refusal begins for which a form can make up.
const MISSING: [&str; 2] = ["Something is missing", "Which incident?"];

/// What stands before the line to type instead.
pub(super) const INSTEAD: &str = "Type instead: ";

/// The text with every run of white space as one space.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a form makes up for what that refusal says is missing.
pub(super) fn is_made_up_for(refusal: &str) -> bool {
    MISSING.iter().any(|missing| refusal.starts_with(missing))
}

/// What one types in a chat that takes lines after a `word`: a line has it in front, a mere word does not.
pub(super) fn typed(line: &str, word: &str) -> String {
    let first = line.split(' ').next().unwrap_or_default();
    let is_line = find(first).is_some() || first.parse::<IncidentId>().is_ok();
    if is_line { format!("{word} {line}") } else { line.to_owned() }
}

/// A refusal in these lines: one sentence, and perhaps what to type instead.
pub(super) fn refusal(words: &str) -> Option<(String, Option<String>)> {
    let mut lines = words.lines();
    let sentence = lines.next()?.to_owned();
    match (lines.next(), lines.next()) {
        (None, _) => Some((sentence, None)),
        (Some(line), None) => Some((sentence, Some(line.strip_prefix(INSTEAD)?.to_owned()))),
        (Some(_), Some(_)) => None,
    }
}

/// Whether a message tells a room of what was done, in the words of the timeline and no others.
pub(super) async fn is_news(muster: &Muster, incident: IncidentId, words: &str) -> bool {
    let log = muster.store().log(incident, 0, i64::from(u16::MAX)).await.expect("a log can be read");
    let org = muster.org();
    let zone = chrono_tz::Tz::UTC;
    let asked = log.iter().filter_map(|row| {
        let Event::Run { number, name, what } = &row.what else { return None };
        run::asking(*number, name, what)
    });
    let told = log.iter().map(|row| entry::sentence(row, &org)).chain(asked);
    let mut told: Vec<_> = told.map(|line| fold(&text::line(&line, zone))).collect();
    told.sort_by_key(|sentence| std::cmp::Reverse(sentence.len()));
    let words = fold(words);
    let mut rest = words.as_str();
    while let Some(after) = told.iter().find_map(|sentence| rest.strip_prefix(sentence.as_str())) {
        rest = after.trim_start();
    }
    !words.is_empty() && rest.is_empty()
}

/// Whether it is the card that says who was paged.
pub(super) fn is_pages(words: &str) -> bool {
    words.lines().next().is_some_and(|title| title.contains("Pages of INC-"))
}

/// Whether it is a card that lives in the room: who was paged, which alerts there are.
pub(super) fn is_card(words: &str) -> bool {
    let is_alerts = words.lines().next().is_some_and(|title| title.ends_with(" so far"));
    is_pages(words) || is_alerts || run_of(words).is_some() || is_message(words)
}

/// Whether it is the card of a message to customers.
fn is_message(words: &str) -> bool {
    let title = words.lines().next().and_then(|title| title.split_once("Message "));
    let Some((before, after)) = title else { return false };
    let is_mark = before.chars().all(|letter| !letter.is_alphanumeric()) || before.ends_with("PRACTICE ");
    let number = after.split_once(" to ").map(|(number, _)| number.parse::<i64>());
    is_mark && matches!(number, Some(Ok(_))) && after.contains(" · ")
}

/// The number of the run that this is the card of.
pub(super) fn run_of(words: &str) -> Option<i64> {
    let (before, after) = words.lines().next()?.split_once("Run ")?;
    let is_mark = before.chars().all(|letter| !letter.is_alphanumeric()) || before.ends_with("PRACTICE ");
    let (number, _) = after.split_once(" · ")?;
    number.parse().ok().filter(|_| is_mark)
}

/// A log without how people were reached, its numbers closed up.
pub(super) fn comparable(log: &[Entry]) -> Vec<Entry> {
    let is_delivery = |entry: &&Entry| {
        matches!(entry.what, Event::Page { what: PageEvent::Reached { .. } | PageEvent::Failed { .. }, .. })
    };
    let gone: Vec<_> = log.iter().filter(is_delivery).map(|entry| entry.number).collect();
    let before = |number: i64| gone.iter().filter(|one| **one < number).count();
    let close = |entry: &Entry| {
        let closed = entry.number - i64::try_from(before(entry.number)).unwrap_or_default();
        Entry { number: closed, ..entry.clone() }
    };
    log.iter().filter(|entry| !is_delivery(entry)).map(close).collect()
}

/// A line of the timeline without the mark of what was approved.
pub(super) fn unmarked(line: &str) -> String {
    match line.split_once(", marked ") {
        Some((before, after)) => {
            format!("{before}{}", after.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()))
        }
        None => line.to_owned(),
    }
}

/// Whether a message tells somebody what the role is that they took.
pub(super) fn is_briefing(org: &Organisation, words: &str) -> bool {
    let says = |name: &str| words.contains(&format!("You are {name} of INC-"));
    org.roles.iter().any(|role| says(&role.name) && words.contains(&format!("The {} {}.", role.name, role.brief)))
}
