//! A mail as it is (RFC 5322): for systems that can do no better. A mail server hands each one over in a request.

use crate::draft::signal;
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use crate::words;
use mail_parser::{Address, HeaderValue, MessageParser};
use muster_core::alert::{Action, Level, Signal};
use std::collections::BTreeMap;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let mail = MessageParser::default().parse(letter.body);
    let mail = mail.filter(|mail| mail.from().is_some() || mail.subject().is_some());
    let mail = mail.ok_or_else(|| Unreadable::new("This is not a mail: it has neither a From nor a Subject"))?;
    let subject = mail.subject().unwrap_or_default();
    let (state, title) = stated(subject);
    let mut labels = BTreeMap::new();
    let sender = |address: Option<&Address<'_>>| Some(address?.first()?.address()?.to_owned());
    labels.extend(sender(mail.from()).map(|from| ("from".to_owned(), from)));
    labels.extend(sender(mail.to()).map(|to| ("to".to_owned(), to)));
    // Without a subject, nothing but its own id tells a mail from another.
    let key = if title.is_empty() { mail.message_id().unwrap_or_default() } else { title };
    let importance = ["Importance", "X-Priority"].into_iter().find_map(|name| mail.header(name));
    Ok(vec![Signal {
        action: state.unwrap_or(Action::Trigger),
        text: mail.body_text(0).map(|text| text.into_owned()),
        level: importance.and_then(HeaderValue::as_text).and_then(level),
        labels,
        at: mail.date().and_then(|date| field::moment(&date.to_timestamp().into())),
        ..signal(letter.source, key, title)
    }])
}

/// What `[RESOLVED] Disk is full` or `RECOVERY: Disk is full` says has become of it, and the subject without that.
fn stated(subject: &str) -> (Option<Action>, &str) {
    let subject = subject.trim();
    let bracketed = subject.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let parts = bracketed.or_else(|| subject.split_once(':'));
    match parts.and_then(|(word, rest)| Some((words::action(word)?, rest.trim()))) {
        Some((action, rest)) if !rest.is_empty() => (Some(action), rest),
        Some(_) | None => (None, subject),
    }
}

/// `high`, or `1 (Highest)` to `5 (Lowest)`.
fn level(importance: &str) -> Option<Level> {
    match importance.trim().chars().next()? {
        '1' => Some(Level::Critical),
        '2' => Some(Level::Error),
        'h' | 'H' => Some(Level::Error),
        'l' | 'L' | '4' | '5' => Some(Level::Info),
        _ => None,
    }
}
