//! What is offered to somebody who types, as Discord takes it.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete>

use super::limits;
use muster_core::chat::fit::{cut, is_blank, is_kept};
use muster_core::command::complete::Candidate;
use muster_core::plain::clean;
use muster_core::view::form::Choice;
use serde_json::{Value, json};

/// Values, as the data of the answer.
#[must_use]
pub fn offered(choices: &[Choice]) -> Value {
    listed(choices.iter().map(|choice| (choice.label.clone(), choice.value.as_str())))
}

/// Whole lines, as the data of the answer.
#[must_use]
pub fn offered_lines(candidates: &[Candidate]) -> Value {
    let label = |line: &str, help: &str| if help.is_empty() { line.to_owned() } else { format!("{line} · {help}") };
    listed(candidates.iter().map(|one| (label(one.line.trim_end(), &one.help), one.line.trim_end())))
}

/// A value that would not come back as it is would mean another thing: it is left out, and can still be typed.
fn listed<'a>(offers: impl Iterator<Item = (String, &'a str)>) -> Value {
    let cleaned = offers.map(|(label, value)| (clean(&label), value));
    let kept = cleaned.filter(|(label, value)| !is_blank(label) && is_kept(value, limits::CHOICE));
    let choice = |(label, value): (String, &str)| json!({ "name": cut(&label, limits::CHOICE), "value": value });
    json!({ "choices": kept.take(limits::CHOICES).map(choice).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::chat::fit::length;

    fn choice(value: &str, label: &str) -> Choice {
        Choice { value: value.to_owned(), label: label.to_owned() }
    }

    #[test]
    fn no_more_is_offered_than_discord_takes() {
        let many: Vec<_> = (0..500).map(|n| choice(&n.to_string(), &"👩‍🚒 ".repeat(n))).collect();
        let offered = offered(&many);
        let choices = offered["choices"].as_array().expect("choices");
        assert_eq!(choices.len(), limits::CHOICES);
        assert!(choices.iter().all(|one| (1..=limits::CHOICE).contains(&length(one["name"].as_str().unwrap()))));
    }

    #[test]
    fn what_would_come_back_as_another_value_is_not_offered() {
        let odd = [
            choice(&"x".repeat(101), "long"),
            choice("", "nothing"),
            choice("a\u{202E}b", "turned"),
            choice("ok", "fine"),
        ];
        assert_eq!(offered(&odd), json!({ "choices": [{ "name": "fine", "value": "ok" }] }));
    }

    #[test]
    fn a_line_is_offered_as_it_would_be_sent() {
        let line =
            Candidate { line: "role commander ".into(), label: "commander".into(), help: "Incident Commander".into() };
        let wanted =
            json!({ "choices": [{ "name": "role commander · Incident Commander", "value": "role commander" }] });
        assert_eq!(offered_lines(&[line]), wanted);
    }
}
