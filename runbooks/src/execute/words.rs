//! What people read of what a step said: without control characters and escape sequences, and not too much of it.

use muster_core::chat::fit;
use muster_core::plain;
use std::time::Duration;

/// Lines that are shown while a step is at work, and characters of each.
const TAIL: usize = 5;
const LINE: usize = 200;
/// Lines of it in a sentence about a failure.
const REASON: usize = 3;

/// The text of bytes that may be anything.
pub(super) fn clean(bytes: &[u8]) -> String {
    plain::clean(&without_escapes(&String::from_utf8_lossy(bytes)))
}

/// The text without the sequences by which programs move cursors and change colours: ECMA-48, sections 5.3 to 5.6.
fn without_escapes(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.next() {
                // Control sequence: parameters, then one final character.
                Some('[') => while rest.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
                // Strings: to their terminator, which is ESC \ or BEL, but not beyond the line.
                Some(']' | 'P' | '^' | '_' | 'X') => {
                    while rest.peek().is_some_and(|&c| c != '\n') {
                        match rest.next() {
                            Some('\u{7}') => break,
                            Some('\u{1b}') => {
                                rest.next_if_eq(&'\\');
                                break;
                            }
                            Some(_) | None => {}
                        }
                    }
                }
                Some(' '..='/') => while rest.next().is_some_and(|c| (' '..='/').contains(&c)) {},
                Some(_) | None => {}
            },
            '\u{9b}' => while rest.next().is_some_and(|c| !('@'..='~').contains(&c)) {},
            c => clean.push(c),
        }
    }
    clean
}

/// The last lines that say something.
pub(super) fn tail(text: &str) -> Vec<String> {
    last(text, TAIL).into_iter().map(|line| fit::cut(line, LINE)).collect()
}

/// The last lines as the end of a sentence.
pub(super) fn last_words(text: &str) -> String {
    with_words(&last(text, REASON))
}

/// The first lines as the end of a sentence.
pub(super) fn first_words(text: &str) -> String {
    with_words(&text.lines().filter(|line| !line.trim().is_empty()).take(REASON).collect::<Vec<_>>())
}

fn with_words(lines: &[&str]) -> String {
    let said = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" / ");
    if said.is_empty() { String::new() } else { format!(": {}", fit::cut(&said, LINE)) }
}

fn last(text: &str, count: usize) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().rev().filter(|line| !line.trim().is_empty()).take(count).collect();
    lines.reverse();
    lines
}

/// A stretch of time to the second, `1 min 5 s`; a shorter one to the millisecond.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, 0) => format!("{} ms", span.as_millis()),
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// What was said, with a note if there was more of it.
pub(super) fn noted(said: String, cut: bool, limit: u64) -> String {
    if cut { format!("{}\n[cut: there was more than {}]", said.trim_end(), size(limit)) } else { said }
}

/// A size, `64 KB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        1_048_576.. => format!("{} MB", bytes / 1_048_576),
    }
}
