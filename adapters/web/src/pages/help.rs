//! Help, from the one table of commands.

use super::{Nav, Page, answer};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use muster_core::command::spec::{Arg, Group, Slot, Spec, Verb};
use muster_core::command::{SHORTCUTS, TABLE};
use std::sync::Arc;

const GROUPS: [(Group, &str); 5] = [
    (Group::Find, "Declare and find"),
    (Group::Drive, "Drive"),
    (Group::People, "Who does what"),
    (Group::Record, "Keep the record"),
    (Group::Muster, "Muster"),
];

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer) -> Response {
    let body = html! {
        div.block {
            h1 { "Help" }
            p { "Everything can be typed, in a room's command line or in any chat that Muster is in. In a room the incident is implied; elsewhere name it: " code { "INC-42 note …" } "." }
        }
        (first_steps())
        (keys())
        @for (group, heading) in GROUPS {
            section.block {
                h2 { (heading) }
                ul.card.commands { @for spec in TABLE.iter().filter(|spec| spec.group == group) { li { (command(spec)) } } }
            }
        }
        p.quiet.small { "Muster " (web.config.version) " · " a href="/api/v1/openapi.json" { "API description" } }
    };
    answer(&web, &viewer, Page::plain("Help", Nav::Help, &body)).await
}

fn first_steps() -> Markup {
    html! {
        section.card.sheet {
            h2 { "An incident in five lines" }
            ol.steps {
                li { code { "new sev2 checkout is slow" } " opens a room and a timeline." }
                li { code { "ic" } " makes you the commander: somebody must decide." }
                li { code { "task ask the bank @bob" } " and " code { "note errors started at 10:31" } " put things on the record." }
                li { code { "update we are failing over --next 30m" } " tells everybody, and promises the next word." }
                li { code { "mitigate rolled back" } ", then " code { "resolve" } "." }
            }
        }
    }
}

fn keys() -> Markup {
    html! {
        section.block {
            h2 { "Keys" }
            p.keys {
                span { kbd { "/" } " command line" } span { kbd { "n" } " declare an incident" } span { kbd { "?" } " this page" }
                span { kbd { "Tab" } " completes" } span { kbd { "↑" } " earlier lines" } span { kbd { "Esc" } " closes" }
            }
        }
    }
}

fn command(spec: &Spec) -> Markup {
    let short: Vec<_> = SHORTCUTS.iter().filter(|(_, line)| line.split(' ').next() == Some(spec.name)).collect();
    html! {
        details.command id={ "command-" (spec.name) } {
            summary { code { (spec.name) } span { (spec.summary) } }
            div.command-body {
                @for one in spec.verbs { (verb(spec, one)) }
                @if !short.is_empty() {
                    p.small.quiet { "Short: " @for (n, (word, line)) in short.iter().enumerate() { @if n > 0 { ", " } code { (word) } " = " (line) } }
                }
            }
        }
    }
}

fn verb(spec: &Spec, verb: &Verb) -> Markup {
    html! {
        div.block {
            p { strong { (verb.summary) } }
            p { code { (spec.usage(verb)) } }
            @if !verb.args.is_empty() { ul { @for arg in verb.args { li.small { code { (argument(arg)) } " " (arg.help) @if !arg.required { span.quiet { " (optional)" } } } } } }
            p.small.quiet { "For example " @for (n, line) in verb.examples.iter().enumerate() { @if n > 0 { " or " } code { (line) } } }
        }
    }
}

fn argument(arg: &Arg) -> String {
    match arg.slot {
        Slot::Flag => format!("--{}", arg.name),
        Slot::Positional | Slot::Rest => arg.name.to_owned(),
    }
}
