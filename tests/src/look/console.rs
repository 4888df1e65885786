//! A view as a shell shows it, and what each of its buttons does.

use super::Look;
use chrono_tz::Tz;
use muster_core::view::form::{Form, Input};
use muster_core::view::{Action, Does, Line, View, Weight, text};
use std::fmt::Write as _;

fn button(action: &Action) -> String {
    let label = match action.weight {
        Weight::Primary => format!("[[{}]]", action.label),
        Weight::Plain => format!("[{}]", action.label),
        Weight::Danger => format!("[{}!]", action.label),
    };
    match &action.does {
        Does::Run(call) => format!("{label} runs {}", call.to_line()),
        Does::Open(call) => format!("{label} opens {}", call.to_line()),
        Does::Visit(url) => format!("{label} leads to {url}"),
        Does::Choose(choices) => {
            let choices =
                choices.iter().map(|choice| format!("\n      {} runs {}", choice.label, choice.run.to_line()));
            format!("{label} offers{}", choices.collect::<String>())
        }
    }
}

/// The console.
pub(super) struct Console;

impl Look for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    fn view(&self, of: &View) -> String {
        view(of)
    }

    fn form(&self, of: &Form) -> String {
        form(of)
    }

    fn topic(&self, of: &Line) -> String {
        text::line(of, Tz::UTC)
    }

    // Its buttons are links and forms of the page that shows it.
    fn leads_back(&self, _: &View) {}
}

/// A view: its tone, its text as a shell shows it, and its buttons.
fn view(view: &View) -> String {
    let mut out = format!("({:?})\n{}\n", view.tone, text::plain(view, Tz::UTC));
    for action in &view.actions {
        let _ = write!(out, "\n    {}", button(action));
    }
    let beside = view.sections.iter().flat_map(|section| match section {
        muster_core::view::Section::List(items) => items.as_slice(),
        muster_core::view::Section::Text(_)
        | muster_core::view::Section::Heading(_)
        | muster_core::view::Section::Fields(_)
        | muster_core::view::Section::Code(_) => &[],
    });
    for item in beside {
        if let Some(action) = &item.action {
            let _ = write!(out, "\n    beside “{}”: {}", text::line(&item.line, Tz::UTC), button(action));
        }
    }
    out
}

/// A form: its heading, its fields and what can be put in them.
fn form(form: &Form) -> String {
    let mut out = format!("{}\n", form.title);
    for field in &form.fields {
        let input = match &field.input {
            Input::Line { max } => format!("a line of {max}"),
            Input::Paragraph { max } => format!("a text of {max}"),
            Input::Select(choices) => format!("one of {}", labels(choices)),
            Input::MultiSelect(choices) => format!("any of {}", labels(choices)),
            Input::Person(choices) => format!("a person: {}", labels(choices)),
            Input::Each { of, is } => format!("for each of {}: {}", labels(of), labels(is)),
            Input::Toggle => "yes or no".to_owned(),
        };
        let need = if field.required { " *" } else { "" };
        let value = field.value.as_ref().map(|value| format!(" = “{value}”")).unwrap_or_default();
        let _ = write!(out, "\n  {}{need}{value}\n      {} ({input})", field.label, field.hint);
    }
    let _ = write!(out, "\n\n  [{}] runs {}", form.submit, form.target.to_line());
    out
}

fn labels(choices: &[muster_core::view::form::Choice]) -> String {
    choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(" | ")
}
