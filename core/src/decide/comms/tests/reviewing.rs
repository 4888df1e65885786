//! Review: a second person, who sees all of it; and those who do not look.

use super::world::*;
use crate::comms::Stage;
use crate::org::Right;
use crate::view::View;

#[test]
fn those_who_may_are_asked_in_the_room_and_alone_and_one_of_them_lets_it_go() {
    let mut world = World::in_review();
    assert_eq!(world.stage(1), "in review");
    let asked = world.said.last().expect("the room was told");
    assert!(asked.contains("@Bob, @Dave: look at this"), "{asked}");
    let letters: Vec<_> = world.letters.iter().map(|(who, _)| who.as_str()).collect();
    assert_eq!(letters, ["bob", "dave"]);
    let whole = plain(&world.letters[0].1);
    assert!(whole.contains("Cards are declined.") && whole.contains("Kort nekas."), "in every language:\n{whole}");

    world.clicks("bob", "Approve").expect("approved");
    assert_eq!(world.stage(1), "approved");
    assert!(world.message(1).is_approved());
    assert_eq!(world.letters.last().map(|(who, _)| who.as_str()), Some("carol"), "who has written it hears of it");
    let audit: Vec<_> = world.deeds.iter().map(|deed| format!("{} {}", deed.by.person, deed.what)).collect();
    assert_eq!(audit, ["carol message.submitted", "bob message.approved"]);
    assert_eq!(world.deeds[1].detail["seal"], world.message(1).seal());
}

#[test]
fn nobody_approves_what_they_have_written_asked_for_or_not_seen() {
    let mut world = World::new();
    world.does("bob", "comms draft public-identified impact=cards");
    world.does("alice", "comms submit");
    let mark = world.message(1).mark();
    let approve = format!("comms approve 1 --seal {mark}");
    assert!(world.refused("bob", &approve).starts_with("You have written on it"), "an author");
    for who in ["alice", "carol", "erin", "grace", "muster"] {
        assert!(world.refused(who, &approve).starts_with("You are not among those"), "{who}");
    }
    assert!(world.refused("dave", "comms approve 1").starts_with("Look at it before"), "unseen");
    let short = world.refused("dave", &format!("comms approve 1 --seal {}", &mark[..20]));
    assert!(short.contains("is not a mark: the whole one stands below message 1"), "{short}");
    let other = mark.chars().rev().collect::<String>();
    assert_eq!(
        world.refused("dave", &format!("comms approve 1 --seal {other}")),
        "Message 1 is not what you were shown any more: it has changed since, look again [comms preview 1]"
    );
    world.does("dave", &approve);
    assert_eq!(world.stage(1), "approved");
}

#[test]
fn who_asks_for_approval_cannot_give_it() {
    let mut world = World::new();
    world.does("carol", "comms draft public-identified impact=cards");
    world.does("bob", "comms submit");
    let letters: Vec<_> = world.letters.iter().map(|(who, _)| who.as_str()).collect();
    assert_eq!(letters, ["dave"], "Bob has asked himself");
    let mark = world.message(1).mark();
    assert!(world.refused("bob", &format!("comms approve --seal {mark}")).starts_with("You have written on it"));
}

#[test]
fn whoever_does_not_let_it_go_says_why_and_it_is_a_draft_again() {
    let mut world = World::in_review();
    assert!(world.refused("erin", "comms reject no").starts_with("Only the Comms Lead"));
    world.does("bob", "comms reject 1 the sum is wrong");
    assert_eq!(world.stage(1), "draft");
    let (who, letter) = world.letters.last().expect("a letter");
    assert_eq!(who, "carol");
    assert!(plain(letter).contains("the sum is wrong"));
    assert_eq!(world.timers.len(), 0, "nobody is asked again");
    let seen = plain(&world.does("carol", "comms preview 1"));
    assert!(seen.contains("Not approved by Bob at 10:00 UTC: the sum is wrong"), "{seen}");
    assert!(world.refused("dave", "comms approve 1").contains("Nobody has asked yet"));
    world.wait(2);
    world.does("carol", "comms edit 1 impact=slow");
    world.wait(2);
    world.does("carol", "comms submit 1");
    assert!(!plain(&world.does("dave", "comms preview 1")).contains("the sum is wrong"), "they look at it anew");
    world.clicks("dave", "Approve").expect("approved");
    let history = plain(&world.does("erin", "comms history 1"));
    let lines: Vec<_> =
        history.lines().map(str::trim).filter(|line| line.contains(" UTC ") || line.starts_with(['+', '-'])).collect();
    assert_eq!(
        lines[..lines.len() - 1],
        [
            "2026-11-27 10:00 UTC Carol wrote it",
            "2026-11-27 10:00 UTC Bob did not approve it: the sum is wrong",
            "2026-11-27 10:02 UTC Carol changed it",
            "- Cards are declined. More at Fri 27 Nov, 11:30 CET.",
            "+ It is slow. More at Fri 27 Nov, 11:30 CET.",
            "- Kort nekas. More at fre 27 nov kl. 11:30 CET. (sv)",
            "+ Det är långsamt. More at fre 27 nov kl. 11:30 CET. (sv)",
        ],
        "{history}"
    );
    assert!(lines.last().is_some_and(|line| line.starts_with("2026-11-27 10:04 UTC Dave approved it: ")), "{history}");
}

#[test]
fn nobody_is_offered_what_they_may_not_do() {
    let mut world = World::in_review();
    let labels = |view: &View| view.actions.iter().map(|one| one.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&world.does("dave", "comms preview 1")), ["Approve", "Reject", "Edit"]);
    assert_eq!(labels(&world.does("carol", "comms preview 1")), ["Reject", "Edit"], "she has written it");
    assert_eq!(labels(&world.does("erin", "comms preview 1")), ["Reject", "Edit"], "she may not let it go");
    let frank = world.org.people.iter_mut().find(|one| one.id.as_str() == "erin").expect("she is there");
    frank.right = Right::View;
    assert_eq!(labels(&world.does("erin", "comms preview 1")), [""; 0], "who may only look is offered nothing");
}

#[test]
fn nobody_looks_so_they_are_asked_again_with_the_commander_and_then_somebody_is_paged() {
    let mut world = World::in_review();
    world.wait(5);
    let asked = world.said.last().expect("the room was told");
    assert!(asked.contains("@Bob, @Dave, @Alice: look at this"), "{asked}");
    assert!(world.told.last().is_some_and(|line| line.contains("nobody has looked")), "{:?}", world.told);
    assert_eq!(world.incident.pages.len(), 0);
    world.wait(5);
    assert_eq!(world.incident.pages.len(), 1);
    assert!(world.incident.pages[0].message.contains("Message 1 to Customers waits"));
    world.clicks("dave", "Approve").expect("it is never too late");
    assert_eq!(world.stage(1), "approved");
}

#[test]
fn nobody_is_asked_about_what_somebody_has_looked_at() {
    let mut world = World::approved();
    let said = world.said.len();
    world.wait(60);
    assert_eq!((world.said.len(), world.incident.pages.len()), (said, 0));
}

#[test]
fn where_the_severity_asks_for_none_nobody_is_needed() {
    let mut world = World::new();
    world.incident.severity = Some(crate::ids::SeverityKey::from("SEV3"));
    world.does("carol", "comms draft public-identified impact=slow");
    world.does("carol", "comms publish");
    assert_eq!(world.stage(1), "published");
}

#[test]
fn where_nobody_has_said_how_bad_it_is_a_second_person_looks() {
    let mut world = World::new();
    world.incident.severity = None;
    world.does("carol", "comms draft public-identified impact=slow");
    assert!(world.refused("carol", "comms publish").contains("needs a second person"));
}

#[test]
fn the_rule_is_the_one_of_the_severity_that_it_has_now() {
    let mut world = World::new();
    world.incident.severity = Some(crate::ids::SeverityKey::from("SEV3"));
    world.does("carol", "comms draft public-identified impact=slow");
    world.incident.severity = Some(crate::ids::SeverityKey::from("SEV1"));
    assert_eq!(
        world.refused("carol", "comms publish"),
        "What Customers are told at SEV1 needs a second person to approve it [comms submit 1]"
    );
}

#[test]
fn what_was_approved_in_an_old_state_of_the_config_is_what_is_sent() {
    let mut world = World::approved();
    let (seal, texts) = (world.message(1).seal(), world.message(1).texts);
    world.org.comms.templates.clear();
    world.does("carol", "comms publish");
    let message = world.message(1);
    assert_eq!((message.seal(), &message.texts), (seal, &texts));
    assert!(matches!(message.stage, Stage::Published { .. }));
    assert!(world.outside.iter().all(|(_, bulletin)| bulletin.texts == texts), "byte by byte, in every language");
}
