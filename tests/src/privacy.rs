//! A private incident does not exist for those who are not in it: whom that is, what they could try, and what they
//! must never read. For every surface: the commands here, the routes of the web elsewhere.

use crate::generate::{as_typed, verbs};
use crate::scene::{self, about, incidents};
use crate::world::{Hand, World};
use muster_core::command::Invocation;
use muster_core::command::spec::Access;
use muster_core::ids::IncidentId;
use muster_core::inbound::Ask;

/// Those who are not in the private incident, whatever else they may do.
pub const OUTSIDERS: [&str; 5] = ["mallory", "dave", "victor", "zoe", "guest"];

/// An outsider, in the console or on a chat platform.
#[must_use]
pub fn outsider<'w>(world: &'w World, name: &str) -> Hand<'w> {
    match name {
        "guest" => world.handle("fakechat", "u1", "Guest"),
        name => world.person(name),
    }
}

/// Something that somebody could try in order to find out about an incident.
#[derive(Debug, Clone)]
pub struct Probe {
    /// In the room of which incident.
    pub here: Option<IncidentId>,
    /// What is asked.
    pub ask: Ask,
}

/// Everything that could be tried to find out about `id`: every verb of every command, in every way of naming it.
#[must_use]
pub fn probes(id: IncidentId) -> Vec<Probe> {
    let mut asks = Vec::new();
    for (spec, verb) in verbs() {
        // What writes and is about no incident cannot tell of one.
        // Of a list, the number of an incident only says where to begin.
        if !spec.scope.names_one_with(verb) && verb.access == Access::Writes || matches!(spec.name, "link" | "list") {
            continue;
        }
        for call in [scene::right(spec, verb, |arg| arg.required), scene::right(spec, verb, |_| true)] {
            let call = about(call, id);
            let nowhere = Invocation { incident: None, ..call.clone() };
            asks.push((None, Ask::Line(call.to_line())));
            asks.push((None, Ask::Line(as_typed(&call, verb))));
            asks.push((None, Ask::Line(format!("{} --incident {id}", nowhere.to_line()))));
            asks.push((Some(id), Ask::Line(nowhere.to_line())));
            asks.push((Some(id), Ask::Call(nowhere.clone())));
            asks.push((Some(id), Ask::Open(nowhere)));
            asks.push((None, Ask::Open(call.clone())));
            asks.push((None, Ask::Call(call)));
        }
    }
    let other = incidents::OTHER;
    for line in [
        format!("merge {other} {id}"),
        format!("{other} merge --into {id}"),
        format!("{id}"),
        format!("help {id}"),
        format!("{other} join {id}"),
    ] {
        asks.push((None, Ask::Line(line)));
    }
    asks.push((Some(id), Ask::Line(String::new())));
    asks.into_iter().map(|(here, ask)| Probe { here, ask }).collect()
}

/// Looks that name no incident: lists, menus, completions.
#[must_use]
pub fn looks() -> Vec<&'static str> {
    vec![
        "",
        "list",
        "list all",
        "list mine",
        "list ended",
        "list all --severity sev1",
        "list all --service payment",
        "list all --site warehouse",
        "list all --kind incident",
        "list all --before INC-4",
        "help menu",
        "help merge",
    ]
}

/// Lines that could be completed with the name of an incident.
#[must_use]
pub fn beginnings() -> Vec<String> {
    let mut lines =
        vec![String::new(), "I".to_owned(), "INC-".to_owned(), "INC-3 ".to_owned(), "INC-3 show ".to_owned()];
    for (spec, verb) in verbs() {
        let words = crate::generate::words_of(spec, verb);
        lines.extend([format!("{words} "), format!("{words} INC"), format!("{words} INC-3 ")]);
        lines.extend(verb.args.iter().map(|arg| format!("{words} --{} ", arg.name)));
    }
    lines
}

/// Which of the secret's words a text gives away, if any. The number of the incident is secret, too, unless the one
/// who asked has named it.
#[must_use]
pub fn leak(text: &str, named: bool) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words = scene::SECRET.split(' ').find(|word| lower.contains(word));
    words.or_else(|| (!named && lower.contains("inc-3")).then_some("INC-3"))
}

/// The same text whichever of two incidents was asked about.
#[must_use]
pub fn without_number(text: &str, id: IncidentId) -> String {
    let text = text.replace(&id.to_string(), "INC-X").replace(&id.to_string().to_lowercase(), "inc-x");
    text.replace(&format!("IncidentId({})", id.0), "IncidentId(X)")
}
