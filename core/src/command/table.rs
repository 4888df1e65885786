//! The one table of commands, and the short words that fingers know.

use super::call::Invocation;
use super::spec::{Spec, Verb};
use super::{
    ack, alert, catchup, comms, contact, edit, handoff, help, join, link, list, maintenance, merge, new, note, oncall,
    page, reminder, reopen, role, room, runbook, sev, show, silence, stats, status, summary, task,
};
use super::{timeline, update};

/// Every command, what one needs soonest in the night first: a chat that has room for some only takes the first. Help
/// shows them by group, in this order.
pub const TABLE: &[Spec] = &[
    new::SPEC,
    list::SPEC,
    show::SPEC,
    ack::SPEC,
    page::SPEC,
    oncall::SPEC,
    runbook::SPEC,
    join::SPEC,
    update::SPEC,
    catchup::SPEC,
    note::SPEC,
    status::SPEC,
    sev::SPEC,
    status::MITIGATE,
    status::RESOLVE,
    role::SPEC,
    handoff::SPEC,
    task::TASK,
    alert::SPEC,
    silence::SILENCE,
    reopen::SPEC,
    comms::SPEC,
    timeline::SPEC,
    status::CANCEL,
    task::FOLLOWUP,
    status::CLOSE,
    contact::SPEC,
    help::SPEC,
    maintenance::SPEC,
    merge::SPEC,
    room::SPEC,
    summary::SPEC,
    edit::SPEC,
    reminder::SPEC,
    stats::SPEC,
    link::SPEC,
];

/// Words that stand for the beginning of a longer line.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("declare", "new"),
    ("create", "new"),
    ("start", "new"),
    ("ls", "list"),
    ("incidents", "list"),
    ("mine", "list mine"),
    ("info", "show"),
    ("alerts", "alert"),
    ("silences", "silence list"),
    ("mute", "silence add"),
    ("ic", "role commander"),
    ("take", "role commander"),
    ("assign", "role"),
    ("roles", "role list"),
    ("who", "role list"),
    ("severity", "sev"),
    ("pages", "page list"),
    ("escalate", "page"),
    ("decline", "ack decline"),
    ("snooze", "ack snooze"),
    ("investigating", "status investigating"),
    ("identified", "status identified"),
    ("monitoring", "mitigate"),
    ("mitigated", "mitigate"),
    ("fixed", "resolve"),
    ("resolved", "resolve"),
    ("todo", "task"),
    ("tasks", "task list"),
    ("fu", "followup"),
    ("followups", "followup list"),
    ("log", "timeline"),
    ("rename", "edit"),
    ("rb", "runbook"),
    ("runbooks", "runbook"),
    ("message", "comms"),
    ("messages", "comms"),
    ("customers", "comms"),
    ("holding", "comms holding"),
    ("publish", "comms publish"),
    ("?", "help"),
];

/// The command of that word.
#[must_use]
pub fn find(name: &str) -> Option<&'static Spec> {
    TABLE.iter().find(|spec| spec.name == name)
}

/// The row of the table that a call names.
#[must_use]
pub fn verb_of(call: &Invocation) -> Option<&'static Verb> {
    find(&call.command)?.verb(&call.verb)
}

#[cfg(test)]
mod tests {
    use super::super::spec::{Scope, Slot};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_is_there_once_and_every_shortcut_leads_to_a_command() {
        let mut words = BTreeSet::new();
        for word in TABLE.iter().map(|spec| spec.name).chain(SHORTCUTS.iter().map(|(word, _)| *word)) {
            assert!(words.insert(word), "{word} is there twice");
        }
        for (word, line) in SHORTCUTS {
            let first = line.split(' ').next().expect("a shortcut stands for something");
            assert!(find(first).is_some(), "{word} leads nowhere");
        }
    }

    #[test]
    fn every_verb_has_examples_that_start_with_its_command_and_arguments_that_can_be_typed() {
        for spec in TABLE {
            for verb in spec.verbs {
                assert!(!verb.summary.is_empty() && !verb.examples.is_empty(), "{} {}", spec.name, verb.name);
                let rests = verb.args.iter().filter(|arg| arg.slot == Slot::Rest).count();
                assert!(rests <= 1, "{} {} has {rests} rests", spec.name, verb.name);
                let names: BTreeSet<_> = verb.args.iter().map(|arg| arg.name).collect();
                assert_eq!(names.len(), verb.args.len(), "{} {} names an argument twice", spec.name, verb.name);
                assert!(!names.contains("incident") || spec.scope == Scope::Anywhere, "{}", spec.name);
            }
        }
    }
}
