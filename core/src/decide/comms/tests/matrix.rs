//! The matrix: whoever tries whatever at every stage. Only what the table says happens, and what was approved is what is sent.

use super::world::*;
use std::collections::BTreeSet;

const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "grace"];

/// A world with a message that Carol has written, and where it stands.
fn stages() -> [(&'static str, World); 7] {
    let draft = || {
        let mut world = World::new();
        world.does("carol", "comms draft public-identified impact=cards");
        world
    };
    let moved = |mut world: World, who: &str, line: &str| {
        world.does(who, line);
        world
    };
    [
        ("draft", draft()),
        ("in review", World::in_review()),
        ("approved", World::approved()),
        ("scheduled", moved(World::approved(), "carol", "comms schedule in 10m")),
        ("published", World::published()),
        ("retracted", moved(World::published(), "carol", "comms retract 1 wrong")),
        ("discarded", moved(draft(), "carol", "comms discard")),
    ]
}

/// Everything one can say of it; `SEAL` is the mark of what it says now.
const WORDS: [&str; 8] = [
    "comms submit 1",
    "comms approve 1 --seal SEAL",
    "comms reject 1 no",
    "comms publish 1",
    "comms schedule 1 in 5m",
    "comms unschedule 1",
    "comms retract 1 no",
    "comms discard 1",
];

/// Who may say what where, and to what it leads.
fn allowed(stage: &str, word: &str, who: &str) -> Option<&'static str> {
    let is_known = who != "grace";
    let approves = matches!(who, "bob" | "dave");
    let leads = approves || matches!(who, "alice" | "carol");
    let verb = word.split(' ').nth(1).unwrap_or_default();
    match (stage, verb) {
        ("draft", "submit") => Some("in review"),
        ("in review", "approve") if approves => Some("approved"),
        ("in review", "reject") if leads => Some("draft"),
        ("approved" | "scheduled", "publish") if is_known => Some("published"),
        ("approved" | "scheduled", "schedule") if is_known => Some("scheduled"),
        ("scheduled", "unschedule") => Some("approved"),
        ("published", "retract") if leads => Some("retracted"),
        ("draft" | "in review" | "approved" | "scheduled", "discard") => Some("discarded"),
        _ => None,
    }
}

#[test]
fn only_what_the_table_says_happens() {
    let mut happened = BTreeSet::new();
    for word in WORDS {
        for who in PEOPLE {
            for (stage, mut world) in stages() {
                assert_eq!(world.stage(1), stage);
                let before = world.outside.len();
                let line = word.replace("SEAL", &world.message(1).mark());
                let done = world.types(who, &line).is_ok().then(|| world.stage(1));
                assert_eq!(done, allowed(stage, word, who), "{who} says `{line}` of what is {stage}");
                let sends = world.outside.len() > before;
                let may_send = matches!(done, Some("published" | "retracted"));
                assert_eq!(sends, may_send, "{who} says `{line}` of what is {stage}");
                happened.extend(done);
            }
        }
    }
    assert_eq!(happened.len(), 7, "every stage is reached: {happened:?}");
}

/// Changes of whatever an approval is for.
const CHANGES: [&str; 6] = [
    "impact=slow",
    "details=\"By phone it works.\" details.sv=\"Per telefon går det.\"",
    "details.sv=\"Bara på svenska.\" details=x",
    "--status monitoring",
    "--components checkout=slow",
    "--next 45m",
];

#[test]
fn whatever_is_changed_after_it_was_approved_needs_a_new_approval() {
    for change in CHANGES {
        for who in ["alice", "bob", "grace"] {
            for scheduled in [false, true] {
                let mut world = World::approved();
                if scheduled {
                    world.does("carol", "comms schedule in 10m");
                }
                let old = world.message(1).mark();
                world.does(who, &format!("comms edit 1 {change}"));
                assert_eq!(world.stage(1), "draft", "{change}");
                assert_ne!(world.message(1).mark(), old, "{change}");
                assert!(!world.message(1).is_approved());
                for sender in PEOPLE {
                    assert!(world.types(sender, "comms publish 1").is_err(), "{change}: {sender}");
                    assert!(world.types(sender, "comms schedule 1 in 5m").is_err(), "{change}: {sender}");
                }
                world.does(who, "comms submit 1");
                let again = format!("comms approve 1 --seal {old}");
                for approver in ["bob", "dave"] {
                    assert!(world.types(approver, &again).is_err(), "{change}: {approver} was shown something else");
                }
                let now = format!("comms approve 1 --seal {}", world.message(1).mark());
                let by_writer = world.types(who, &now).is_ok();
                assert!(!by_writer, "{change}: {who} has written on it");
                let other = if who == "bob" { "dave" } else { "bob" };
                world.does(other, &now);
                world.outside.clear();
                world.does("carol", "comms publish 1");
                let texts = world.message(1).texts;
                assert_eq!(world.message(1).seal(), world.message(1).approval.expect("approved").seal);
                assert!(world.outside.iter().all(|(_, one)| one.texts == texts), "{change}");
                assert_eq!(world.public().expect("public").posts[0].texts, texts, "byte by byte");
            }
        }
    }
}
