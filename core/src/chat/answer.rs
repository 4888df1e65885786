//! Refusals and failures as something to show: one sentence, and what to type instead.

use super::Told;
use crate::command::find;
use crate::ids::IncidentId;
use crate::refusal::Refusal;
use crate::view::{Section, Tone, View, code, command, text};
use std::collections::BTreeMap;

/// What is shown while the answer is not there yet.
pub fn working() -> View {
    View::titled(Tone::Neutral, vec![text("Working on it…")])
}

/// Why something was not done. A line to type instead is shown as one types it on each platform; a word of one is the same
/// everywhere.
#[must_use]
pub fn sentence(told: &Told) -> View {
    match told {
        Told::Refused(refusal) => refused(refusal),
        Told::Failed(why) => View::titled(Tone::Warning, vec![text(why.clone())]),
        Told::Done(_) | Told::Ignored => View::titled(Tone::Good, vec![text("Done")]),
    }
}

fn refused(refusal: &Refusal) -> View {
    let view = View::titled(Tone::Warning, vec![text(refusal.sentence.clone())]);
    let Some(instead) = &refusal.instead else { return view };
    let instead = if is_line(instead) { command(instead) } else { code(instead) };
    view.with(Section::Text(vec![text("Type instead: "), instead]))
}

/// The same in one line of text, for people who type lines after a slash command.
pub fn in_one_line(refusal: &Refusal, command: &str) -> String {
    match &refusal.instead {
        Some(instead) => {
            format!("{}. Type instead: {}", refusal.sentence.trim_end_matches('.'), typed(instead, command))
        }
        None => refusal.sentence.clone(),
    }
}

/// What one types: a whole line has the slash command in front, a word does not.
fn typed(instead: &str, command: &str) -> String {
    if is_line(instead) { format!("{command} {instead}") } else { instead.to_owned() }
}

/// Whether it is a whole line, rather than a word of one.
#[must_use]
pub fn is_line(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    find(first).is_some() || (first.starts_with("INC-") && first.parse::<IncidentId>().is_ok())
}

/// The field of a form that a refusal is about: the one whose value it quotes, else the one that it names, else the
/// first.
pub fn field_of<'a>(sentence: &str, fields: &[&'a str], sent: &BTreeMap<String, String>) -> Option<&'a str> {
    let quoted = sentence.split_once('“').and_then(|(_, rest)| rest.split_once('”')).map(|(quoted, _)| quoted);
    let quoted = quoted.map(|quoted| quoted.trim_end_matches('…')).filter(|quoted| !quoted.is_empty());
    let is_quoted =
        |field: &&&str| quoted.is_some_and(|quoted| sent.get(**field).is_some_and(|value| value.starts_with(quoted)));
    let words: Vec<String> =
        sentence.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_lowercase).collect();
    let is_named = |field: &&&str| words.iter().any(|word| word == *field || word.strip_suffix('s') == Some(**field));
    let found = fields.iter().find(is_quoted).or_else(|| fields.iter().find(is_named));
    found.or(fields.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::text::plain;
    use chrono_tz::Tz;

    #[test]
    fn a_refusal_says_what_to_type() {
        let refusal = Refusal::invalid("“reslove” is not a command").instead("resolve");
        assert_eq!(in_one_line(&refusal, "/inc"), "“reslove” is not a command. Type instead: /inc resolve");
        let shown = sentence(&Told::Refused(refusal));
        assert_eq!(plain(&shown, Tz::UTC), "“reslove” is not a command\nType instead: `resolve`");
        assert!(
            matches!(&shown.sections[..], [Section::Text(line)] if line[1] == command("resolve")),
            "each chat says how"
        );
    }

    #[test]
    fn what_is_no_line_is_not_made_one() {
        assert_eq!(typed("INC-42 resolve", "/inc"), "/inc INC-42 resolve");
        assert_eq!(typed("@bob", "/inc"), "@bob");
        let refusal = Refusal::not_found("Nobody here is called “bobb”").instead("@bob");
        assert_eq!(in_one_line(&refusal, "/inc"), "Nobody here is called “bobb”. Type instead: @bob");
    }

    #[test]
    fn a_sentence_lands_on_the_field_that_it_is_about() {
        let fields = ["title", "severity", "service"];
        let sent = BTreeMap::from([("service".to_owned(), "checkuot".to_owned())]);
        let field = |sentence: &str| field_of(sentence, &fields, &sent);
        assert_eq!(field("“sev9” is not a severity: there are SEV1, SEV2"), Some("severity"));
        assert_eq!(field("“checkuot” is not known; it has no severity"), Some("service"));
        assert_eq!(field("“checku…” is not known"), Some("service"));
        assert_eq!(field("The services are unknown"), Some("service"));
        assert_eq!(field("This incident is closed"), Some("title"));
        assert_eq!(field_of("This incident is closed", &[], &sent), None);
    }
}
