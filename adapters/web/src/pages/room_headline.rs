//! The head of a room: what it is, how bad, where it stands, and what one does next.

use crate::render::{Frame, action, badge, line, moment, press};
use maud::{Markup, html};
use muster_core::command::Invocation;
use muster_core::incident::Incident;
use muster_core::incident::status::{Move, Phase, Status};
use muster_core::org::Organisation;
use muster_core::time::in_words;
use muster_core::view::{Action, Does, TimeStyle, card};
use std::cmp::Ordering;

/// So many buttons are shown, and so many on a phone; the rest are one click further.
const SHOWN: usize = 5;
const SHOWN_NARROW: usize = 2;

const STEPS: [Phase; 5] = [Phase::Triage, Phase::Investigating, Phase::Identified, Phase::Monitoring, Phase::Resolved];

pub(super) fn headline(incident: &Incident, org: &Organisation, frame: &Frame<'_>) -> Markup {
    html! {
        section #headline class={ "headline headline-" (badge::tone(card::tone(incident, org))) } aria-label="Headline" data-live {
            div.headline-what {
                (marks(incident, org, frame))
                h1 dir="auto" { (incident.title) }
                @if let Some(summary) = &incident.summary { p.headline-summary dir="auto" { (summary) } }
            }
            (actions(incident, org, frame))
            (stepper(incident, frame))
        }
    }
}

fn marks(incident: &Incident, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let is_open = incident.status.is_open();
    html! {
        div.headline-marks {
            span.mono { (incident.id) }
            (badge::severity(incident.severity.as_ref(), org))
            @if !is_open { (badge::phase(incident.status.phase())) }
            @if let Status::Merged { into } = incident.status { span { "into " a.mono href={ "/incidents/" (into) } { (into) } } }
            (badge::marks(incident.kind, incident.visibility))
            @match incident.commander() {
                Some(holder) => span.headline-commander { "Commander " strong { bdi { (holder.name) } } },
                None if is_open => (badge::no_commander()),
                None => {}
            }
            (due(incident, frame))
            (customers(incident, frame))
            span { (lasted(incident, frame)) }
        }
    }
}

fn due(incident: &Incident, frame: &Frame<'_>) -> Markup {
    let Some(due) = incident.update_due else { return html! {} };
    html! {
        @if due <= frame.now {
            span.chip.badge.badge-waiting { "Update due " (moment(due, TimeStyle::Relative, frame)) }
        } @else {
            span { "Update due " (moment(due, TimeStyle::Relative, frame)) }
        }
    }
}

/// What customers know, and when they are due more.
fn customers(incident: &Incident, frame: &Frame<'_>) -> Markup {
    html! {
        @if let Some(told) = card::customers(incident) { span { "Customers: " (line(&told, frame)) } }
    }
}

fn lasted(incident: &Incident, frame: &Frame<'_>) -> Markup {
    match incident.resolved_at.filter(|_| !incident.status.is_open()) {
        Some(end) => html! { "Lasted " (in_words(end - incident.declared_at)) },
        None => html! { "Declared " (moment(incident.declared_at, TimeStyle::Relative, frame)) },
    }
}

/// The first few of core's actions, the rest in a menu. The status has its own row, and its choices are not repeated.
fn actions(incident: &Incident, org: &Organisation, frame: &Frame<'_>) -> Markup {
    let all = card::headline(incident, org, frame.now).actions;
    let offered: Vec<&Action> = all.iter().filter(|action| !sets_status(action)).collect();
    let middle = SHOWN_NARROW.min(offered.len())..SHOWN.min(offered.len());
    html! {
        @if frame.hands.is_some() {
            div #actions.actions {
                @for one in &offered[..middle.start] { (action(one, "", frame)) }
                @for one in &offered[middle.clone()] { (action(one, "if-wide", frame)) }
                @if offered.len() > SHOWN_NARROW {
                    details.menu.more {
                        summary.button { "More" span aria-hidden="true" { "▾" } }
                        div.menu-items {
                            @for one in &offered[middle.clone()] { (action(one, "menu-item bare if-narrow", frame)) }
                            @for one in &offered[middle.end..] { (action(one, "menu-item bare", frame)) }
                        }
                    }
                }
            }
        }
    }
}

fn sets_status(action: &Action) -> bool {
    if let Does::Choose(choices) = &action.does {
        return choices.iter().all(|choice| choice.run.command == "status");
    }
    false
}

/// The way from triage to resolved. Each step one may take opens a form, so that a slip of the thumb changes nothing.
fn stepper(incident: &Incident, frame: &Frame<'_>) -> Markup {
    let now = incident.status.phase();
    let ended_otherwise = matches!(now, Phase::Cancelled | Phase::Merged);
    let last = if now == Phase::Closed { Phase::Closed } else { Phase::Resolved };
    let steps = STEPS.iter().map(|step| if *step == Phase::Resolved { last } else { *step });
    html! {
        @if !ended_otherwise {
            ol #status.stepper aria-label="Status" {
                @for step in steps { li { (one_step(incident, step, frame)) } }
            }
        }
    }
}

fn one_step(incident: &Incident, step: Phase, frame: &Frame<'_>) -> Markup {
    let now = incident.status.phase();
    let class = match step.cmp(&now) {
        Ordering::Equal => format!("step step-now step-{}", step.word()),
        Ordering::Less => "step step-done".to_owned(),
        Ordering::Greater => "step".to_owned(),
    };
    let can_go = now.leads_to(step) == Some(Move::Free);
    let call = Invocation::of("status").on(incident.id).with("status", step.word());
    html! {
        @if frame.hands.is_some() && can_go {
            (press(&class, step.word(), ("open", &call)))
        } @else {
            span class=(class) aria-current=[(step == now).then_some("step")] { (step.word()) }
        }
    }
}
