//! The runbooks there are: in a list, one as people read it, offered, and what one would do.

use super::does::{any_of, as_written, item};
use super::{standing, title};
use crate::command::{Invocation, shown};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::org::Organisation;
use crate::runbook::{Brief, Grant, Input, Planned, Run, Runbook};
use crate::view::{Action, Item, Line, Section, Span, Tone, View, code, command, strong, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many runbooks stand in a list, and so many steps in a view.
const BOOKS: usize = 20;
const STEPS: usize = 40;

fn start(book: &Runbook, incident: IncidentId) -> Invocation {
    Invocation::of("runbook run").on(incident).with("runbook", book.id.clone())
}

/// A button that starts it, or shows what it would do: at once, if it asks for nothing that it cannot run without.
fn button(label: &str, book: &Runbook, call: Invocation) -> Action {
    let asks = |input: &Input| input.required && input.default.is_none();
    if book.inputs.iter().any(asks) { Action::open(label, call) } else { Action::run(label, call) }
}

fn run_button(book: &Runbook, incident: IncidentId) -> Action {
    button("Run", book, start(book, incident))
}

fn dry_button(book: &Runbook, incident: IncidentId) -> Action {
    button("Dry run", book, start(book, incident).with("dry-run", "yes"))
}

fn show(book: &Runbook, incident: Option<IncidentId>) -> Action {
    let call = Invocation::of("runbook show").with("which", book.id.clone());
    Action::run("Show", Invocation { incident, ..call })
}

fn row(book: &Runbook, incident: Option<IncidentId>) -> Item {
    let line = vec![code(book.id.clone()), text(" "), strong(book.name.clone())];
    Item { line, action: Some(show(book, incident)) }
}

fn rows<'a>(books: impl Iterator<Item = &'a Arc<Runbook>>, incident: Option<IncidentId>) -> Section {
    Section::List(books.take(BOOKS).map(|book| row(book, incident)).collect())
}

fn none() -> Section {
    Section::Text(vec![text(
        "There are no runbooks yet: an operator can put some into the folder that the config names.",
    )])
}

/// All runbooks.
#[must_use]
pub fn catalogue(books: &[Arc<Runbook>]) -> View {
    let view = View::titled(Tone::Neutral, vec![strong("Runbooks")]);
    if books.is_empty() {
        return view.with(none());
    }
    let view = view.with(rows(books.iter(), None));
    more(view, books.len())
}

fn more(view: View, all: usize) -> View {
    let more = all.saturating_sub(BOOKS);
    if more == 0 {
        return view;
    }
    let line = vec![text(format!("and {more} more: ")), command("runbook show NAME"), text(" shows any of them.")];
    view.with(Section::Text(line))
}

/// What runs in an incident, what fits it, and what there is.
#[must_use]
pub fn list(incident: &Incident, runs: &[&Run], org: &Organisation) -> View {
    let id = incident.id;
    let mut view = View::titled(Tone::Neutral, vec![text("Runbooks in "), crate::view::card::named(incident)]);
    if !runs.is_empty() {
        let item = |run: &&Run| {
            let call = Invocation::of("runbook show").on(id).with("which", run.number.to_string());
            Item { line: title(run), action: Some(Action::run("Show", call)) }
        };
        let items = runs.iter().rev().take(BOOKS).map(item).collect();
        view = view.with(Section::Heading("Runs".to_owned())).with(Section::List(items));
    }
    let (fitting, others): (Vec<_>, Vec<_>) =
        org.runbooks.books.iter().partition(|book| incident.suggested.contains(&book.id));
    for (heading, books) in [("Made for this", &fitting), ("All others", &others)] {
        if !books.is_empty() {
            let heading = if fitting.is_empty() { "Runbooks" } else { heading };
            view = view.with(Section::Heading(heading.to_owned()));
            view = view.with(rows(books.iter().copied(), Some(id)));
            view = more(view, books.len());
        }
    }
    if org.runbooks.books.is_empty() {
        view = view.with(none());
    }
    let start = Action::open("Run a runbook", Invocation::of("runbook run").on(id));
    if incident.status.is_open() && !org.runbooks.books.is_empty() { view.offering(start.primary()) } else { view }
}

/// A runbook as people read it.
#[must_use]
pub fn book(book: &Runbook, incident: Option<&Incident>, org: &Organisation) -> View {
    let mut view = View::titled(Tone::Neutral, vec![strong(book.name.clone()), text(" "), code(book.id.clone())]);
    if !book.description.is_empty() {
        view = view.with(Section::Text(vec![text(book.description.clone())]));
    }
    view = view.with(Section::Text(vec![text(rights(book, org))]));
    if !book.inputs.is_empty() {
        let items = book.inputs.iter().map(|input| Item { line: asked_for(input), action: None }).collect();
        view = view.with(Section::Heading("Asks for".to_owned())).with(Section::List(items));
    }
    let written: Vec<_> = book.flat().into_iter().map(as_written).collect();
    view = view.with(Section::Heading("Steps".to_owned())).with(steps(&written, org));
    match incident.filter(|incident| incident.status.is_open()) {
        Some(incident) => {
            view.offering(run_button(book, incident.id).primary()).offering(dry_button(book, incident.id))
        }
        None => view,
    }
}

fn rights(book: &Runbook, org: &Organisation) -> String {
    let grants = |grants: &[Grant]| {
        let grant = |grant: &Grant| {
            let at: Vec<_> = grant.severities.iter().map(ToString::to_string).collect();
            let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(", ")) };
            format!("{}{at}", any_of(&grant.who, org))
        };
        grants.iter().map(grant).collect::<Vec<_>>().join(" or ")
    };
    let owner = book.owner.as_ref().map(|id| org.team(id).map_or(id.as_str(), |team| team.name.as_str()));
    let owner = owner.map(|owner| format!(" Kept by {owner}.")).unwrap_or_default();
    format!("Run by {}, driven by {}.{owner}", grants(&book.permissions.run), grants(&book.permissions.drive))
}

fn asked_for(input: &Input) -> Line {
    let default = input.default.as_ref().map(|value| format!(", {} unless you say otherwise", shown(value)));
    let needed = if input.required && default.is_none() { ", needed" } else { "" };
    let help = if input.help.is_empty() { String::new() } else { format!(": {}", input.help) };
    vec![code(input.id.clone()), text(format!(" {}{help}{}{needed}", input.label, default.unwrap_or_default()))]
}

fn steps(all: &[Planned], org: &Organisation) -> Section {
    let mut items: Vec<_> = all.iter().take(STEPS).zip(1..).map(|(step, n)| item(n, step, org)).collect();
    let more = all.len().saturating_sub(STEPS);
    items.extend((more > 0).then(|| Item { line: vec![text(format!("… {more} more"))], action: None }));
    Section::List(items)
}

/// What a runbook would do, and nothing of it done.
#[must_use]
pub fn plan(book: &Runbook, inputs: &BTreeMap<String, Value>, incident: &Incident, org: &Organisation) -> View {
    let view = View::titled(Tone::Neutral, vec![strong("DRY RUN "), text(book.name.clone())])
        .with(Section::Text(vec![text("This is what would be done. Nothing has been done.")]))
        .with(steps(&crate::runbook::plan(book, inputs, incident, org), org));
    if !incident.status.is_open() {
        return view;
    }
    let with = |call: Invocation, (id, value): (&String, &Value)| call.with(&format!("inputs.{id}"), shown(value));
    let call = inputs.iter().fold(start(book, incident.id), with).gathered();
    view.offering(Action::run("Run", call).primary())
}

/// A runbook asks for something before it can run.
#[must_use]
pub fn asks(book: &Runbook, missing: &str, call: Invocation) -> View {
    View::titled(Tone::Neutral, vec![strong(book.name.clone()), text(" asks for something first")])
        .with(Section::Text(vec![text(format!("Still to be said: {missing}."))]))
        .offering(Action::open("Fill in", call).primary())
}

/// A runbook that fits an incident is offered to its room.
#[must_use]
pub fn suggestion(book: &Runbook, incident: &Incident) -> View {
    let title = vec![text("There is a runbook for this: "), strong(book.name.clone())];
    let mut view = View::titled(Tone::Neutral, title);
    if !book.description.is_empty() {
        view = view.with(Section::Text(vec![text(book.description.clone())]));
    }
    view.offering(run_button(book, incident.id).primary())
        .offering(dry_button(book, incident.id))
        .offering(show(book, Some(incident.id)))
}

/// An incident has ended, and these runs of it have not.
#[must_use]
pub fn still_open(incident: IncidentId, runs: &[Brief]) -> View {
    let title = vec![text("Over, and runs are still open: "), Span::Incident(incident)];
    let see = |run: &Brief| {
        let show = Invocation::of("runbook show").on(incident).with("which", run.number.to_string());
        Item {
            line: vec![text(format!("{} · ", run.number)), strong(run.name.clone())],
            action: Some(Action::run("Show", show)),
        }
    };
    View::titled(Tone::Warning, title).with(Section::List(runs.iter().map(see).collect()))
}

/// Where a run stands, for lists beside other things: `Run 1 · Fail payments over · done`.
#[must_use]
pub fn line(run: &Run) -> String {
    format!("Run {} · {} · {}", run.number, run.book.name, standing(run))
}
