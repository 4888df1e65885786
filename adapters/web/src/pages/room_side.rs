//! The side of a room: who was called, who does what, what is to do now and later, and what else is known.

use crate::render::{Frame, action, badge, line, moment, render};
use maud::{Markup, html};
use muster_core::command::Invocation;
use muster_core::ids::PersonId;
use muster_core::incident::role::{Assignment, Offer};
use muster_core::incident::task::{Task, TaskList};
use muster_core::incident::{Incident, Visibility};
use muster_core::org::{Organisation, Role};
use muster_core::runbook::Run;
use muster_core::view::{Action, TimeStyle, View, card, comms, maintenance, page, run};

pub(super) fn side(incident: &Incident, ran: &[Run], me: &PersonId, org: &Organisation, frame: &Frame<'_>) -> Markup {
    html! {
        aside.side aria-label="Roles, tasks and facts" {
            (runs(incident, ran, org, frame))
            (pages(incident, frame))
            (messages(incident, org, frame))
            (roles(incident, me, org, frame))
            (todos(incident, TaskList::Task, frame))
            (todos(incident, TaskList::Followup, frame))
            (people(incident, me, frame))
            (facts(incident, org, frame))
        }
    }
}

fn open(label: &str, call: Invocation, frame: &Frame<'_>) -> Markup {
    action(&Action::open(label, call), "small", frame)
}

/// Who was paged, how, and where it stands; and the button for it.
fn pages(incident: &Incident, frame: &Frame<'_>) -> Markup {
    let is_open = incident.status.is_open();
    let paged = (!incident.pages.is_empty()).then(|| View { title: Vec::new(), ..page::card(incident) });
    html! {
        @if is_open || paged.is_some() {
            section #pages aria-labelledby="pages-title" data-live {
                h2 #pages-title {
                    span { "Pages" }
                    @if is_open { (open("Page somebody", Invocation::of("page").on(incident.id), frame)) }
                }
                @match &paged {
                    Some(card) => (render(card, frame)),
                    None => p.quiet.small { "Nobody has been paged." }
                }
            }
        }
    }
}

/// What is told outside, and what is written to be; the buttons for more.
fn messages(incident: &Incident, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let told = View { title: Vec::new(), ..comms::overview(incident, org) };
    html! {
        @if incident.status.is_open() || !incident.messages.is_empty() {
            section #messages aria-labelledby="messages-title" data-live {
                h2 #messages-title { span { "Told outside" } }
                (render(&told, frame))
            }
        }
    }
}

/// The runbooks that run, each with its card; those that have ended; and the button for another.
fn runs(incident: &Incident, ran: &[Run], org: &Organisation, frame: &Frame<'_>) -> Markup {
    let is_open = incident.status.is_open();
    let (open_ones, ended): (Vec<_>, Vec<_>) = ran.iter().partition(|one| one.state.is_open());
    let has_any = !ran.is_empty() || !org.runbooks.books.is_empty();
    html! {
        @if has_any {
            section #runs aria-labelledby="runs-title" data-live {
                h2 #runs-title {
                    span { "Runbooks" }
                    @if is_open { (open("Run one", Invocation::of("runbook run").on(incident.id), frame)) }
                }
                @for one in open_ones { (render(&run::card(one, org), frame)) }
                ul {
                    @for one in ended { li { a href={ "/incidents/" (incident.id) "/runs/" (one.number) } dir="auto" { (run::line(one)) } } }
                    @if ran.is_empty() { li.quiet.small { "None has run." } }
                }
            }
        }
    }
}

fn roles(incident: &Incident, me: &PersonId, org: &Organisation, frame: &Frame<'_>) -> Markup {
    html! {
        section #roles aria-labelledby="roles-title" data-live {
            h2 #roles-title { "Roles" }
            ul {
                @for role in &org.roles {
                    @for holder in incident.holders(&role.key) { (seat(incident, role, (holder, me), frame)) }
                    @if role.many || incident.holders(&role.key).next().is_none() { (free_seat(incident, role, frame)) }
                    @for offer in incident.offers.iter().filter(|offer| offer.role == role.key) { (offered(incident, role, (offer, me), frame)) }
                }
                @for holder in incident.roles.iter().filter(|one| !org.roles.iter().any(|role| role.key == one.role)) {
                    li.seat { (badge::face(&holder.name, holder.person.as_str())) span { span.seat-role { (holder.role) } span.seat-who { bdi { (holder.name) } } } }
                }
            }
        }
    }
}

fn seat(incident: &Incident, role: &Role, (holder, me): (&Assignment, &PersonId), frame: &Frame<'_>) -> Markup {
    let call = |words: &str| Invocation::of(words).on(incident.id).with("role", role.key.as_str());
    let is_me = &holder.person == me;
    let mut actions = Vec::new();
    if is_me {
        actions.push(Action::open("Hand over", call("handoff")));
        actions.push(Action::run("Release", call("role release")).danger());
    } else {
        if !role.many {
            actions.push(Action::run("Take over", call("role").with("replace", "yes")).danger());
        }
        let release = call("role release").with("person", holder.person.as_str());
        actions.push(Action::run("Release them", release).danger());
    }
    html! {
        li.seat {
            (badge::face(&holder.name, holder.person.as_str()))
            span title=(role.brief) {
                span.seat-role { (role.name) }
                span.seat-who { bdi { (holder.name) } @if is_me { " (you)" } }
            }
            @if incident.status.is_open() { (menu(&format!("{}: {}", role.name, holder.name), &actions, frame)) }
        }
    }
}

fn free_seat(incident: &Incident, role: &Role, frame: &Frame<'_>) -> Markup {
    let call = Invocation::of("role").on(incident.id).with("role", role.key.as_str());
    let is_alarm = role.key.is_commander() && incident.status.is_open();
    let is_asked = incident.status.is_open();
    html! {
        li.seat.seat-alarm[is_alarm] title=(role.brief) {
            (badge::nobody())
            span { span.seat-role { (role.name) } span.seat-who.quiet[!is_alarm] { @if is_alarm { "Nobody yet" } @else { "Free" } } }
            @if is_asked {
                span.actions {
                    (action(&Action { label: "Take".into(), ..Action::run("", call.clone()) }, if is_alarm { "small primary" } else { "small" }, frame))
                    (menu(&format!("{} for somebody else", role.name), &[Action::open("Give to …", call)], frame))
                }
            }
        }
    }
}

fn offered(incident: &Incident, role: &Role, (offer, me): (&Offer, &PersonId), frame: &Frame<'_>) -> Markup {
    let call = |verb: &str| Invocation::of(verb).on(incident.id).with("role", role.key.as_str());
    let actions = if &offer.to == me {
        vec![Action::run("Accept", call("handoff accept")).primary(), Action::run("Decline", call("handoff decline"))]
    } else if &offer.from == me {
        vec![Action::run("Withdraw", call("handoff withdraw"))]
    } else {
        Vec::new()
    };
    html! {
        li.offer {
            p { "Offered to " strong { bdi { (offer.to_name) } } " " span.quiet { (moment(offer.at, TimeStyle::Relative, frame)) } }
            @if let Some(briefing) = &offer.briefing { p.small dir="auto" { (briefing) } }
            @if !actions.is_empty() && frame.hands.is_some() { div.actions { @for one in &actions { (action(one, "small", frame)) } } }
        }
    }
}

fn menu(label: &str, actions: &[Action], frame: &Frame<'_>) -> Markup {
    html! {
        @if frame.hands.is_some() {
            details.menu {
                summary.icon-button aria-label=(label) { "⋯" }
                div.menu-items { @for one in actions { (action(one, "menu-item bare", frame)) } }
            }
        } @else { span {} }
    }
}

/// The words of a list: its id, heading, command, and what its button says.
fn names(list: TaskList) -> (&'static str, &'static str, &'static str, &'static str) {
    match list {
        TaskList::Task => ("tasks", "Tasks", "task", "Add task"),
        TaskList::Followup => ("followups", "Follow-ups", "followup", "Add follow-up"),
    }
}

fn todos(incident: &Incident, list: TaskList, frame: &Frame<'_>) -> Markup {
    let (id, heading, command, add) = names(list);
    let tasks = incident.list(list);
    let left = tasks.iter().filter(|task| task.done_at.is_none()).count();
    let (open_ones, done_ones): (Vec<_>, Vec<_>) = tasks.iter().partition(|task| task.done_at.is_none());
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } data-live {
            h2 id={ (id) "-title" } {
                span { (heading) @if left > 0 { " " span.count { (left) " to do" } } }
                (open(add, Invocation::of(command).on(incident.id), frame))
            }
            ul { @for task in open_ones.into_iter().chain(done_ones) { (todo(incident, task, command, frame)) } }
            @if tasks.is_empty() { p.quiet.small { "None yet." } }
        }
    }
}

fn todo(incident: &Incident, task: &Task, command: &str, frame: &Frame<'_>) -> Markup {
    let call = |verb: &str| {
        Invocation::of(&format!("{command} {verb}")).on(incident.id).with("number", task.number.to_string())
    };
    let is_done = task.done_at.is_some();
    let (verb, label) = if is_done { ("reopen", "Not done after all") } else { ("done", "Done") };
    html! {
        li id={ (command) "-" (task.number) } class={ "todo" @if is_done { " todo-done" } } {
            @if frame.hands.is_some() { (tick(&call(verb), &format!("{label}: {}", task.text))) }
            @else { span.todo-tick aria-hidden="true" { (badge::tick()) } }
            div.todo-text {
                span dir="auto" { (task.text) }
                span.todo-who { "#" (task.number) @if let Some(who) = &task.assignee { " · " bdi { (who.name) } } }
            }
            @if is_done { span {} } @else {
                (menu(&format!("Task {}", task.number), &[Action::run("I take it", call("assign")), Action::open("Give to …", call("assign"))], frame))
            }
        }
    }
}

fn tick(call: &Invocation, label: &str) -> Markup {
    let value = serde_json::to_string(call).unwrap_or_default();
    html! { button.todo-tick form="act" name="call" value=(value) aria-label=(label) title=(label) { (badge::tick()) } }
}

fn people(incident: &Incident, me: &PersonId, frame: &Frame<'_>) -> Markup {
    let join = Invocation::of("join").on(incident.id);
    html! {
        section #people aria-labelledby="people-title" data-live {
            h2 #people-title {
                span { "Here " span.count { (incident.participants.len()) } }
                @if incident.has(me) { (open("Bring in", join, frame)) }
                @else { (action(&Action::run("Join", join), "small", frame)) }
            }
            p.faces { @for one in &incident.participants { span.face-name { (badge::face(&one.name, one.person.as_str())) bdi { (one.name) } } } }
        }
    }
}

fn facts(incident: &Incident, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let services = incident.services.iter().map(|id| org.find_service(id).map_or(id.as_str(), |one| one.name.as_str()));
    let sites = incident.sites.iter().map(|id| org.find_site(id).map_or(id.as_str(), |one| one.name.as_str()));
    let category =
        incident.category.as_ref().map(|key| org.find_category(key).map_or(key.as_str(), |one| one.name.as_str()));
    let summary = Invocation::of("summary").on(incident.id).with("text", incident.summary.clone().unwrap_or_default());
    html! {
        section #facts aria-labelledby="facts-title" data-live {
            h2 #facts-title { "Details" span.actions { (open("Summary", summary, frame)) (open("Edit", edit(incident), frame)) } }
            @if let Some(summary) = &incident.summary { p.facts-summary dir="auto" { (summary) } }
            dl.facts {
                (fact("Services", &services.collect::<Vec<_>>().join(", ")))
                (fact("Sites", &sites.collect::<Vec<_>>().join(", ")))
                (fact("Type", category.unwrap_or_default()))
                @for (key, value) in &incident.fields { (fact(org.find_field(key).map_or(key.as_str(), |one| one.name.as_str()), value)) }
                (fact("Declared by", &incident.declared_by.name))
                dt { "Declared" } dd { (moment(incident.declared_at, TimeStyle::Full, frame)) }
                @if let Some(at) = incident.resolved_at { dt { "Resolved" } dd { (moment(at, TimeStyle::Full, frame)) } }
                @if let Some(update) = &incident.last_update { dt { "Last update" } dd { (moment(update.at, TimeStyle::Relative, frame)) } }
                @if let Some(update) = incident.last_update.as_ref().and_then(|update| update.doing.as_ref()) { (fact("What we do", update)) }
                @if let Some(window) = &incident.window { dt { "Planned" } dd { (line(&maintenance::window(window), frame)) } }
                @if let Some(customers) = card::customers(incident) { dt { "Customers" } dd { (line(&customers, frame)) } }
                dt { "Export" } dd {
                    a href={ "/incidents/" (incident.id) "/export.md" } { "Markdown" } " · "
                    a href={ "/incidents/" (incident.id) "/export.json" } { "JSON" }
                }
            }
        }
    }
}

fn fact(label: &str, value: &str) -> Markup {
    html! { @if !value.is_empty() { dt { (label) } dd dir="auto" { (value) } } }
}

/// The form that corrects what was declared, filled with what is known.
fn edit(incident: &Incident) -> Invocation {
    let joined = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(",");
    let visibility = match incident.visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    };
    Invocation::of("edit")
        .on(incident.id)
        .with("title", incident.title.clone())
        .with("service", joined(&incident.services))
        .with("site", joined(&incident.sites))
        .with("type", incident.category.clone().unwrap_or_default())
        .with("visibility", visibility)
}
