//! What a button or an option stands for, in its id: the line of its command, and what is to be done with it.

use super::limits;
use muster_core::chat::fit::is_kept;
use muster_core::command::Invocation;
use muster_core::view::{Action, Does, Weight};

/// What was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// A command is to run.
    Run(Invocation),
    /// The form of a command is to open.
    Open(Invocation),
    /// A command is to run that is hard to take back: ask first.
    Ask(Invocation),
    /// Something that was kept in memory under this id.
    Kept(String),
}

const RUN: &str = "r";
const OPEN: &str = "o";
const ASK: &str = "d";
const CHOICE: &str = "c";
const KEPT: &str = "k";

/// The generation of our ids: those of another mean nothing to us.
const GENERATION: &str = "3";

/// What was pressed, by its `custom_id` and, of a select, its `values`. `None` for what is not ours.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-message-component-data-structure>
#[must_use]
pub fn pressed(custom_id: &str, values: &[String]) -> Option<Pressed> {
    let (what, rest) = custom_id.split_once('|')?;
    let what = what.strip_suffix(GENERATION)?;
    match (what, values) {
        (CHOICE, [value, ..]) => value.split_once('|').and_then(|(what, line)| meant(what, line)),
        (KEPT, _) => Some(Pressed::Kept(rest.to_owned())),
        _ => meant(what, rest),
    }
}

fn meant(what: &str, line: &str) -> Option<Pressed> {
    let call = Invocation::from_line(line)?;
    match what {
        RUN => Some(Pressed::Run(call)),
        OPEN => Some(Pressed::Open(call)),
        ASK => Some(Pressed::Ask(call)),
        _ => None,
    }
}

/// What is to be done with a command.
fn letter(weight: Weight, opens: bool) -> &'static str {
    match (opens, weight) {
        // Where a form opens, that is asking enough.
        (true, _) => OPEN,
        (false, Weight::Danger) => ASK,
        (false, Weight::Primary | Weight::Plain) => RUN,
    }
}

/// The id of a button; `None` if Discord cannot hold it, or the action is none of a button.
pub(super) fn button(action: &Action) -> Option<String> {
    let id = match &action.does {
        Does::Run(call) => format!("{}{GENERATION}|{}", letter(action.weight, false), call.to_line()),
        Does::Open(call) => format!("{}{GENERATION}|{}", letter(action.weight, true), call.to_line()),
        Does::Choose(_) | Does::Visit(_) => return None,
    };
    is_kept(&id, limits::ID).then_some(id)
}

/// The value of an option that stands for a command; `None` if Discord cannot hold it.
pub(super) fn option(call: &Invocation, weight: Weight, opens: bool) -> Option<String> {
    let value = format!("{}|{}", letter(weight, opens), call.to_line());
    is_kept(&value, limits::OPTION_VALUE).then_some(value)
}

/// The id of a select, the `n`-th of its message.
pub(super) fn select(n: usize) -> String {
    format!("{CHOICE}{GENERATION}|{n}")
}

/// The id of a button for something that is kept in memory.
pub(super) fn kept(id: &str) -> String {
    format!("{KEPT}{GENERATION}|{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::ids::IncidentId;

    #[test]
    fn what_is_pressed_is_the_command_it_shows() {
        let odd = "“it's” \"odd\" -- --at \\ @bob\nsecond | line";
        for call in [
            Invocation::of("resolve").on(IncidentId(7)),
            Invocation::of("note").on(IncidentId(1)).with("text", odd),
            Invocation::of("list").with("which", "all"),
        ] {
            let id = |action: Action| button(&action).expect("it fits");
            let read = |action| pressed(&id(action), &[]);
            assert_eq!(read(Action::run("x", call.clone())), Some(Pressed::Run(call.clone())));
            assert_eq!(read(Action::run("x", call.clone()).danger()), Some(Pressed::Ask(call.clone())));
            assert_eq!(read(Action::open("x", call.clone()).danger()), Some(Pressed::Open(call.clone())));
            let value = option(&call, Weight::Danger, false).expect("it fits");
            assert_eq!(pressed(&select(0), &[value]), Some(Pressed::Ask(call)));
        }
        assert_eq!(pressed(&kept("abc|d"), &[]), Some(Pressed::Kept("abc|d".to_owned())));
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for id in ["", "r3", "r3|", "r3|nonsense", "r2|list", "x3|list", "c3|0", "list", "|", "3|list"] {
            assert_eq!(pressed(id, &[]), None, "{id}");
        }
        for value in ["", "r", "r|", "r|nonsense", "k|list", "list"] {
            assert_eq!(pressed("c3|0", &[value.to_owned()]), None, "{value}");
        }
    }

    #[test]
    fn what_discord_does_not_hold_is_no_button() {
        let long = Invocation::of("note").with("text", "x".repeat(100));
        assert_eq!(button(&Action::run("x", long.clone())), None);
        assert_eq!(option(&long, Weight::Plain, false), None);
    }
}
