//! The values of a line: most are a word, a moment and a stretch of time may be several.

use crate::command::spec::{Arg, ArgKind};
use crate::command::words::{Word, flag};
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::time::parse_span;
use std::collections::VecDeque;

/// The value after a flag. A moment and a stretch of time may be of several words: `--at 20m ago`, `--next 30 min`.
pub(super) fn value_of(name: &str, arg: Option<&Arg>, words: &mut VecDeque<Word>) -> Result<String, Refusal> {
    let is_value = |word: &Word| flag(word).is_none();
    let Some(word) = words.front().filter(|word| is_value(word)).cloned() else {
        return Err(Refusal::invalid(format!("--{name} needs a value after it")));
    };
    words.pop_front();
    let Some(arg) = arg else { return Ok(word.text) };
    let bare = arg.kind == ArgKind::Span && word.text.parse::<i64>().is_ok();
    let value = whole(arg, word.text, words);
    match words.front().filter(|next| bare && !next.quoted && flag(next).is_none()) {
        // `--next 3 parsecs`: a number of what is no minute, or the first word of a text.
        Some(next) if value.parse::<i64>().is_ok() => {
            let typed = echo(&format!("{value} {}", next.text));
            let sentence = format!("“{typed}” is not a stretch of time: write --{name} {value}m, 2h or 1d");
            Err(Refusal::invalid(sentence))
        }
        Some(_) | None => Ok(value),
    }
}

/// A moment or a stretch of time with all the words it has: `20m ago`, `2026-11-27 10:42`, `30 min`.
pub(super) fn whole(arg: &Arg, mut text: String, words: &mut VecDeque<Word>) -> String {
    let is_number = arg.kind == ArgKind::Span && text.parse::<i64>().is_ok();
    let in_units = |next: &Word| parse_span(&format!("1{}", next.text)).is_some() && next.text.parse::<i64>().is_err();
    if is_number && words.front().is_some_and(|next| !next.quoted && in_units(next)) {
        return words.pop_front().map_or(text.clone(), |unit| format!("{text} {}", unit.text));
    }
    let continues = |text: &str, next: &str| {
        next.eq_ignore_ascii_case("ago")
            || next.eq_ignore_ascii_case("utc")
            || ((text.len() == 10 || text.eq_ignore_ascii_case("yesterday")) && next.contains(':'))
    };
    while arg.kind == ArgKind::Moment && words.front().is_some_and(|next| !next.quoted && continues(&text, &next.text))
    {
        if let Some(next) = words.pop_front() {
            text = format!("{text} {}", next.text);
        }
    }
    text
}
