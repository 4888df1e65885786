//! The cards that commands and rooms share: the headline, the welcome, roles, tasks, a line in a list.

use super::{
    Action, Choice, Does, Field, Item, Line, Section, Span, TimeStyle, Tone, View, Weight, command, maintenance, room,
    strong, text, time,
};
use crate::clock::Timestamp;
use crate::command::{Invocation, command_of};
use crate::comms::Next;
use crate::decide::{Ctx, Summary};
use crate::incident::role::COMMANDER;
use crate::incident::status::{Phase, Status};
use crate::incident::task::TaskList;
use crate::incident::{Incident, Kind, Visibility};
use crate::org::Organisation;
use crate::time::in_words;

/// An incident by number and title.
#[must_use]
pub fn named(incident: &Incident) -> Span {
    Span::Incident(incident.id)
}

/// The mood of an incident.
#[must_use]
pub fn tone(incident: &Incident, org: &Organisation) -> Tone {
    match (incident.kind, incident.status.phase()) {
        (Kind::Drill, _) => Tone::Drill,
        (Kind::Incident | Kind::Maintenance, Phase::Resolved | Phase::Closed) => Tone::Good,
        (Kind::Incident | Kind::Maintenance, Phase::Cancelled | Phase::Merged) => Tone::Neutral,
        (
            Kind::Incident | Kind::Maintenance,
            Phase::Triage | Phase::Investigating | Phase::Identified | Phase::Monitoring,
        ) => match incident.severity.as_ref().map(|key| org.severity_rank(key)) {
            Some(1 | 2) => Tone::Danger,
            Some(_) | None => Tone::Warning,
        },
    }
}

fn title(incident: &Incident) -> Line {
    let mut line = vec![named(incident), text(" "), strong(incident.title.clone())];
    match incident.kind {
        Kind::Drill => line.insert(0, strong("DRILL ")),
        Kind::Maintenance => line.insert(0, strong("MAINTENANCE ")),
        Kind::Incident => {}
    }
    if incident.visibility == Visibility::Private {
        line.push(text(" (private)"));
    }
    line
}

/// What an incident is, in one line, for those who are told of it outside its room. A drill says so everywhere.
#[must_use]
pub fn brief(incident: &Incident) -> Line {
    let kind = match incident.kind {
        Kind::Incident => "",
        Kind::Drill => "DRILL · ",
        Kind::Maintenance => "MAINTENANCE · ",
    };
    let severity = incident.severity.as_ref().map(|key| format!("{key} · ")).unwrap_or_default();
    let stands = incident.stands();
    vec![text(format!("{kind}{severity}{stands} · ")), strong(incident.title.clone())]
}

fn field(label: &str, value: Line) -> Field {
    Field { label: label.to_owned(), value }
}

fn status_line(incident: &Incident) -> Line {
    let word = text(incident.stands());
    if let Status::Merged { into } = incident.status {
        return vec![word, text(" into "), Span::Incident(into)];
    }
    vec![word]
}

/// An incident as it stands, with what one does next.
#[must_use]
pub fn headline(incident: &Incident, org: &Organisation, now: Timestamp) -> View {
    let mut view = View::titled(tone(incident, org), title(incident));
    view.sections.push(Section::Fields(facts(incident, org)));
    if let Some(summary) = &incident.summary {
        view.sections.push(Section::Text(vec![text(summary.clone())]));
    }
    if let Some(update) = &incident.last_update {
        let line =
            vec![strong("Last update "), time(update.at, TimeStyle::Relative), text(": "), text(update.text.clone())];
        view.sections.push(Section::Text(line));
        let doing = update.doing.iter().map(|doing| vec![strong("What we do"), text(": "), text(doing.clone())]);
        view.sections.extend(doing.map(Section::Text));
    }
    view.actions = actions(incident, org);
    let ended = incident.resolved_at.filter(|_| !incident.status.is_open());
    let lasted = in_words(ended.unwrap_or(now) - incident.declared_at);
    let verb = if ended.is_some() { "Lasted" } else { "Declared" };
    let by = format!(" by {}", incident.declared_by.name);
    view.footed(match ended {
        Some(_) => vec![text(format!("{verb} {lasted}"))],
        None => vec![text(format!("{verb} {lasted} ago{by}"))],
    })
}

/// The headline as it stays in a room: it tells when, not how long ago.
#[must_use]
pub fn standing(incident: &Incident, org: &Organisation) -> View {
    let view = headline(incident, org, incident.declared_at);
    if incident.resolved_at.is_some() && !incident.status.is_open() {
        return view;
    }
    let by = text(format!(" by {}", incident.declared_by.name));
    view.footed(vec![text("Declared "), time(incident.declared_at, TimeStyle::Full), by])
}

/// The answer to a change. In the incident's own room on a chat everybody sees what has become of the headline: there it
/// is one line, to say that it is done; elsewhere it is the headline itself.
#[must_use]
pub fn changed(incident: &Incident, ctx: &Ctx<'_>) -> View {
    if !is_in_room(incident, ctx) {
        return headline(incident, ctx.org, ctx.now);
    }
    let mut line = title(incident);
    line.push(text(" · "));
    line.extend(room::topic(incident));
    View::titled(tone(incident, ctx.org), line)
}

/// Whether one is in the room of the incident on a chat, where its headline is in sight.
#[must_use]
pub fn is_in_room(incident: &Incident, ctx: &Ctx<'_>) -> bool {
    ctx.place.address.is_some() && ctx.place.incident == Some(incident.id)
}

/// What an incident is and who has it, for those who are not in its room.
#[must_use]
pub fn short(incident: &Incident, org: &Organisation) -> View {
    let view = View::titled(tone(incident, org), title(incident)).with(Section::Fields(facts(incident, org)));
    let by = text(format!(" by {}", incident.declared_by.name));
    view.footed(vec![text("Declared "), time(incident.declared_at, TimeStyle::Full), by])
}

fn facts(incident: &Incident, org: &Organisation) -> Vec<Field> {
    let severity = incident.severity.as_ref().map_or("not set", |key| key.as_str());
    let commander = match incident.commander() {
        Some(holder) => vec![Span::Person { id: holder.person.clone(), name: holder.name.clone() }],
        None if incident.status.is_open() => vec![strong("nobody yet")],
        None => vec![text("nobody")],
    };
    let mut fields = vec![
        field("Severity", vec![text(severity)]),
        field("Status", status_line(incident)),
        field("Commander", commander),
    ];
    let service = |id: &String| org.find_service(id).map_or(id.clone(), |service| service.name.clone());
    let site = |id: &String| org.find_site(id).map_or(id.clone(), |site| site.name.clone());
    let lists = [
        ("Services", incident.services.iter().map(service).collect::<Vec<_>>()),
        ("Sites", incident.sites.iter().map(site).collect::<Vec<_>>()),
    ];
    for (label, names) in lists {
        if !names.is_empty() {
            fields.push(field(label, vec![text(names.join(", "))]));
        }
    }
    if let Some(key) = &incident.category {
        let name = org.find_category(key).map_or(key.clone(), |category| category.name.clone());
        fields.push(field("Type", vec![text(name)]));
    }
    for (key, value) in &incident.fields {
        let label = org.find_field(key).map_or(key.as_str(), |field| field.name.as_str());
        fields.push(field(label, vec![text(value.clone())]));
    }
    if let Some(window) = &incident.window {
        fields.push(field("Planned", maintenance::window(window)));
    }
    if let Some(due) = incident.update_due {
        fields.push(field("Next update", vec![time(due, TimeStyle::Relative)]));
    }
    fields.extend(customers(incident).map(|line| field("Customers", line)));
    fields
}

/// What customers have been told, and are due next; nothing where they have nothing to do with it.
#[must_use]
pub fn customers(incident: &Incident) -> Option<Line> {
    let told = &incident.comms_clock;
    let (Some(first), Some(last)) = (told.first_at, told.last_at) else {
        return Some(vec![text("not told yet; due "), time(told.due()?, TimeStyle::Relative)]);
    };
    let after = in_words(first - incident.declared_at);
    let first = if first == last { "" } else { "first " };
    let mut line = vec![text("told "), time(last, TimeStyle::Clock), text(format!(" ({first}after {after})"))];
    match told.next {
        Next::Over => line.push(text(" that it is over")),
        Next::Promised(at) => line.extend([text("; next promised "), time(at, TimeStyle::Clock)]),
        Next::ByRule(at) => line.extend([text("; next due "), time(at, TimeStyle::Clock)]),
        Next::Nothing => {}
    }
    if incident.kind == Kind::Drill {
        line.push(text("; for practice"));
    }
    Some(line)
}

/// What one does next, the most likely first.
fn actions(incident: &Incident, org: &Organisation) -> Vec<Action> {
    let call = |words: &str| Invocation::of(words).on(incident.id);
    let phase = incident.status.phase();
    let mut actions = Vec::new();
    if incident.lacks_commander() {
        actions.push(Action::run("Take command", call("role").with("role", COMMANDER)).primary());
    }
    match phase {
        _ if incident.window.is_some() && phase.is_open() => {
            actions.extend(maintenance::actions(incident));
            actions.push(Action::open("Update", call("update")));
        }
        Phase::Triage | Phase::Investigating | Phase::Identified => {
            actions.push(Action::open("Update", call("update")));
            actions.extend(tell_customers(incident, org));
            actions.push(severity_choice(incident, org));
            actions.push(status_choice(incident));
            actions.push(Action::run("Mitigate", call("mitigate")));
            actions.push(Action::open("Resolve", call("resolve")));
        }
        Phase::Monitoring => {
            actions.push(Action::open("Update", call("update")));
            actions.extend(tell_customers(incident, org));
            actions.push(status_choice(incident));
            actions.push(Action::open("Resolve", call("resolve")).primary());
        }
        Phase::Resolved => {
            actions.push(Action::open("Follow-up", call("followup")));
            actions.push(Action::run("Close", call("close")));
            actions.push(Action::open("Reopen", call("reopen")).danger());
        }
        Phase::Closed | Phase::Cancelled | Phase::Merged => {
            actions.push(Action::open("Reopen", call("reopen")).danger());
        }
    }
    if phase.is_open() {
        actions.push(Action::open("Task", call("task")));
        actions.push(Action::open("Note", call("note")));
        if incident.commander().is_some() {
            actions.push(Action::open("Hand over", call("handoff")));
        }
        actions.push(Action::run("Catch up", call("catchup")));
    }
    actions
}

/// The statement that holds customers while they know nothing, and all else they can be told then. A slip of the thumb tells nobody.
fn tell_customers(incident: &Incident, org: &Organisation) -> Option<Action> {
    let call = |words: &str| Invocation::of(words).on(incident.id);
    let is_theirs = incident.visibility == Visibility::Public && !org.comms.audiences.is_empty();
    is_theirs.then(|| match org.comms.holding(incident) {
        Some(_) => Action::run("Holding statement", call("comms holding")).danger(),
        None => Action::run("Tell customers", call("comms")),
    })
}

fn status_choice(incident: &Incident) -> Action {
    let next = incident.status.phase().next().filter(|phase| phase.is_open());
    let choices = next.map(|phase| Choice {
        label: phase.word().to_owned(),
        run: Invocation::of("status").on(incident.id).with("status", phase.word()),
    });
    Action { label: "Status".to_owned(), weight: Weight::Plain, does: Does::Choose(choices.collect()) }
}

fn severity_choice(incident: &Incident, org: &Organisation) -> Action {
    let others = org.severities.iter().filter(|severity| Some(&severity.key) != incident.severity.as_ref());
    let choices = others.map(|severity| Choice {
        label: severity.key.to_string(),
        run: Invocation::of("sev").on(incident.id).with("severity", severity.key.as_str()),
    });
    Action { label: "Severity".to_owned(), weight: Weight::Plain, does: Does::Choose(choices.collect()) }
}

/// What the one who declared sees.
#[must_use]
pub fn declared(incident: &Incident, org: &Organisation) -> View {
    let mut view = headline(incident, org, incident.declared_at);
    view.footer =
        vec![text("Declared. "), Span::Link { label: "Open the room".to_owned(), url: room_url(incident, org) }];
    view
}

/// Where the console shows an incident.
#[must_use]
pub fn room_url(incident: &Incident, org: &Organisation) -> String {
    format!("{}/incidents/{}", org.console_url, incident.id)
}

/// The first message of a room: what to do first, and buttons for it.
#[must_use]
pub fn welcome(incident: &Incident, org: &Organisation) -> View {
    if let Some(window) = incident.window.as_ref().filter(|_| incident.is_planned()) {
        return maintenance::welcome(incident, window);
    }
    let line = vec![
        text(
            "First somebody takes command. Then set the severity, bring in who is needed, and write down what you see: ",
        ),
        command("note …"),
        text(", "),
        command("task … @bob"),
        text(", "),
        command("update …"),
        text("."),
    ];
    let mut view =
        View::titled(tone(incident, org), vec![text("Welcome to "), named(incident)]).with(Section::Text(line));
    for role in org.roles.iter().filter(|role| !role.many).take(4) {
        let call = Invocation::of("role").on(incident.id).with("role", role.key.as_str());
        let action = Action::run(&format!("Take {}", role.name), call);
        view = view.offering(if role.key.is_commander() { action.primary() } else { action });
    }
    view.offering(Action::run("Catch up", Invocation::of("catchup").on(incident.id)))
}

/// Who holds which role, and which are free.
#[must_use]
pub fn roles(incident: &Incident, org: &Organisation) -> View {
    let items = org.roles.iter().map(|role| {
        let mut holders = incident.holders(&role.key).peekable();
        let is_free = holders.peek().is_none();
        let mut line = vec![strong(format!("{}: ", role.name))];
        for (n, holder) in holders.enumerate() {
            line.extend((n > 0).then(|| text(", ")));
            line.push(Span::Person { id: holder.person.clone(), name: holder.name.clone() });
        }
        if is_free {
            line.push(text("free"));
        }
        let take = Invocation::of("role").on(incident.id).with("role", role.key.as_str());
        let can_be_taken = (is_free || role.many) && incident.status.is_open();
        Item { line, action: can_be_taken.then(|| Action::run("Take", take)) }
    });
    View::titled(Tone::Neutral, vec![text("Roles in "), named(incident)]).with(Section::List(items.collect()))
}

/// What is to be done.
#[must_use]
pub fn tasks(incident: &Incident, list: TaskList) -> View {
    let heading = match list {
        TaskList::Task => "Tasks of ",
        TaskList::Followup => "Follow-ups of ",
    };
    let view = View::titled(Tone::Neutral, vec![text(heading), named(incident)]);
    let add = Invocation::of(command_of(list)).on(incident.id);
    if incident.list(list).is_empty() {
        return view.with(Section::Text(vec![text("None yet.")])).offering(Action::open("Add", add));
    }
    let items = incident.list(list).iter().map(|task| {
        let mark = if task.done_at.is_some() { "✓ " } else { "○ " };
        let mut line = vec![text(format!("{mark}{}. {}", task.number, task.text))];
        if let Some(assignee) = &task.assignee {
            line.push(text(" · "));
            line.push(Span::Person { id: assignee.person.clone(), name: assignee.name.clone() });
        }
        let done = Invocation::of(&format!("{} done", command_of(list))).on(incident.id);
        let done = Action::run("Done", done.with("number", task.number.to_string()));
        Item { line, action: task.done_at.is_none().then_some(done) }
    });
    view.with(Section::List(items.collect())).offering(Action::open("Add", add))
}

/// An incident in one line.
#[must_use]
pub fn list_line(summary: &Summary, now: Timestamp) -> Line {
    let kind = match summary.kind {
        Kind::Incident => "",
        Kind::Drill => " drill",
        Kind::Maintenance => " maintenance",
    };
    let severity = summary.severity.as_ref().map_or("no severity", |key| key.as_str());
    let commander = match &summary.commander {
        Some(name) => format!("commander {name} · "),
        None if summary.phase.is_open() => "no commander · ".to_owned(),
        None => String::new(),
    };
    let age = in_words(now - summary.declared_at);
    let private = if summary.visibility == Visibility::Private { " · private" } else { "" };
    vec![
        Span::Incident(summary.id),
        text(format!("{kind} · {severity} · {} · ", summary.phase.word_for(summary.kind))),
        strong(summary.title.clone()),
        text(format!(" · {commander}{age} ago{private}")),
    ]
}
