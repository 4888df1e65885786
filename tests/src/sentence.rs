//! What a refusal must read like: one sentence for a tired person, and a right line to type instead.

use muster_core::command::{SHORTCUTS, find};
use muster_core::ids::IncidentId;
use muster_core::refusal::Refusal;

/// The longest sentence, in characters: it is read at night, on a phone.
const LONGEST: usize = 250;

/// Traces of a program that should not be seen by people.
const NOISE: [&str; 9] = ["Some(", "None)", "Err(", "Ok(", "::", "{\"", "{}", "panicked", "unwrap"];

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// Whether a refusal is what it must be.
///
/// # Errors
/// What is wrong with it.
pub fn check(refusal: &Refusal) -> Result<(), String> {
    let sentence = &refusal.sentence;
    let complain = |what: &str| Err(format!("{what}: {sentence:?}, instead {:?}", refusal.instead));
    if sentence.trim().is_empty() || sentence.trim() != sentence {
        return complain("it says nothing, or has loose ends");
    }
    if sentence.chars().count() > LONGEST {
        return complain("it is too long");
    }
    if sentence.chars().any(is_hidden) {
        return complain("it holds what cannot be shown");
    }
    if sentence.ends_with('.') || sentence.contains(". ") {
        return complain("it is more than one sentence");
    }
    if sentence.starts_with(|first: char| first.is_lowercase()) {
        return complain("it does not start like a sentence");
    }
    if let Some(noise) = NOISE.into_iter().find(|noise| sentence.contains(noise)) {
        return complain(&format!("it shows {noise}"));
    }
    match &refusal.instead {
        Some(line) => instead(line).or_else(|what| complain(&what)),
        None => Ok(()),
    }
}

/// Whether a line can be typed: a command, or the part of one that was wrong.
fn instead(line: &str) -> Result<(), String> {
    if line.trim().is_empty() || line.chars().count() > LONGEST || line.chars().any(is_hidden) {
        return Err("what to type instead cannot be typed".to_owned());
    }
    if line.starts_with('@') || line.starts_with("--") {
        return Ok(());
    }
    let mut words = line.split_whitespace().skip_while(|word| word.parse::<IncidentId>().is_ok());
    let command = words.next().unwrap_or_default();
    let is_known = find(command).is_some() || SHORTCUTS.iter().any(|(word, _)| *word == command);
    if is_known { Ok(()) } else { Err(format!("“{command}” instead is no command either")) }
}
