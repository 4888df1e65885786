//! A message somebody wrote in a chat, as it goes on a timeline: what, by whom, when, and where it stands.

use crate::clock::Timestamp;
use crate::command::spec::ArgKind;
use crate::command::{Invocation, verb_of};
use chrono::SecondsFormat;

/// A message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quote {
    /// What it says.
    pub text: String,
    /// The name of its author.
    pub by: Option<String>,
    /// When it was written.
    pub at: Option<Timestamp>,
    /// Where it stands.
    pub link: Option<String>,
    /// What names it for ever.
    pub id: String,
}

impl Quote {
    /// The command that puts it on the timeline.
    #[must_use]
    pub fn pin(&self) -> Invocation {
        let call = Invocation::of("timeline pin");
        let text = fitting(&call, "text", &self.text);
        let args = [
            ("text", Some(text)),
            ("by", self.by.clone()),
            ("at", self.at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true))),
            ("link", self.link.clone()),
            ("message", Some(self.id.clone())),
        ];
        args.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .fold(call, |call, (name, value)| call.with(name, value))
    }

    /// The command that declares an incident of it: the title is its first line, the summary all of it.
    #[must_use]
    pub fn declaration(&self) -> Invocation {
        let call = Invocation::of("new");
        let title = fitting(&call, "title", &first_line(&self.text));
        let link = self.link.iter().map(|link| format!("\n{link}")).collect::<String>();
        let summary = fitting(&call, "summary", &format!("{}{link}", self.text));
        call.with("title", title).with("summary", summary)
    }

    /// The command that makes a task of it.
    #[must_use]
    pub fn task(&self) -> Invocation {
        let call = Invocation::of("task");
        let text = fitting(&call, "text", &first_line(&self.text));
        call.with("text", text)
    }
}

/// What stands for a message without text: `file` is the name of the first file with it.
#[must_use]
pub fn without_text(file: Option<&str>) -> String {
    match file {
        Some(name) if !name.is_empty() => format!("(a file: {name})"),
        Some(_) => "(a file)".to_owned(),
        None => "(a message without text)".to_owned(),
    }
}

/// The first line that says something.
fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// The text cut to what an argument takes.
fn fitting(call: &Invocation, arg: &str, text: &str) -> String {
    let kind = verb_of(call).and_then(|verb| verb.arg(arg)).map(|arg| arg.kind);
    let Some(ArgKind::Line(most) | ArgKind::Paragraph(most)) = kind else { return text.to_owned() };
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_says_what_by_whom_when_and_where() {
        let quote = Quote {
            text: "DB is slow".into(),
            by: Some("Bob Alm".into()),
            at: chrono::DateTime::from_timestamp_micros(1_583_636_382_000_300),
            link: None,
            id: "C1/1583636382.000300".into(),
        };
        let pin = quote.pin();
        assert_eq!((pin.command.as_str(), pin.verb.as_str()), ("timeline", "pin"));
        let args: Vec<_> = pin.args.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let expected =
            ["at=2020-03-08T02:59:42.000300Z", "by=Bob Alm", "message=C1/1583636382.000300", "text=DB is slow"];
        assert_eq!(args, expected);
    }

    #[test]
    fn an_incident_declared_from_a_message_has_its_first_line_as_title_and_leads_back_to_it() {
        let quote = Quote {
            text: "Checkout is down\nsince 10:40".into(),
            link: Some("https://acme.slack.com/archives/C1/p1".into()),
            ..Quote::default()
        };
        let call = quote.declaration();
        assert_eq!(call.args["title"], "Checkout is down");
        assert_eq!(call.args["summary"], "Checkout is down\nsince 10:40\nhttps://acme.slack.com/archives/C1/p1");
    }

    #[test]
    fn a_message_of_any_length_fits_the_form() {
        let quote = Quote { text: "å".repeat(50_000), ..Quote::default() };
        let call = quote.declaration();
        assert_eq!(call.args["title"].chars().count(), 150);
        assert!(call.args["title"].ends_with('…'));
    }

    #[test]
    fn a_message_of_files_says_so() {
        assert_eq!(without_text(Some("graph.png")), "(a file: graph.png)");
        assert_eq!(without_text(Some("")), "(a file)");
        assert_eq!(without_text(None), "(a message without text)");
    }
}
