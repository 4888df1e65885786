//! Publishing: where it goes, what customers see of it, what is refused.

use super::world::*;
use crate::comms::{ComponentState, Impact};
use crate::ids::SeverityKey;
use crate::incident::status::Status;

#[test]
fn the_holding_statement_is_out_by_one_word() {
    let mut world = World::new();
    let shown = plain(&world.does("alice", "comms holding"));
    assert!(shown.contains("Message 1 to Customers · published"), "{shown}");
    let public = world.public().expect("customers see it");
    assert_eq!(public.posts[0].texts[&locale("en")].title, "We are looking into it");
    assert_eq!(
        public.posts[0].texts[&locale("sv")].body,
        "Checkout (sv): we tell you more at fre 27 nov kl. 11:30 CET. (sv)"
    );
    assert_eq!(public.components(), [("checkout".to_owned(), ComponentState::MajorOutage)].into());
    assert_eq!(world.went_to(), ["subscribers", "slack/#C7", "webhook/!social"]);
    assert!(world.refused("bob", "comms holding").contains("were told at 10:00 UTC, by message 1"), "one is enough");
    assert!(world.refused("alice", "comms holding business").starts_with("There is no holding statement for Business"));
}

#[test]
fn there_is_none_for_a_severity_without_one() {
    let mut world = World::new();
    world.incident.severity = Some(SeverityKey::from("SEV3"));
    assert_eq!(
        world.refused("alice", "comms holding"),
        "There is no holding statement for Customers at SEV3 [comms draft --audience public]"
    );
}

#[test]
fn a_published_message_goes_everywhere_once_and_is_on_the_page() {
    let mut world = World::approved();
    world.does("carol", "comms publish");
    assert_eq!(world.stage(1), "published");
    let texts = world.message(1).texts;
    let bulletins: Vec<_> = world.outside.iter().map(|(_, bulletin)| bulletin.clone()).collect();
    assert_eq!(world.went_to(), ["subscribers", "slack/#C7", "webhook/!social"]);
    for bulletin in bulletins {
        assert_eq!((bulletin.number, &bulletin.texts, bulletin.locale.as_str()), (1, &texts, "en"));
        assert_eq!(bulletin.concerns, ["checkout".to_owned()].into());
        assert!(!bulletin.retracts && bulletin.corrects.is_none() && bulletin.window.is_none());
    }
    let public = world.public().expect("customers see it");
    assert_eq!((public.posts.len(), &public.posts[0].texts), (1, &texts));
    assert_eq!(public.status().word(), "identified");
    assert_eq!(world.refused("carol", "comms publish 1"), "Message 1 is published: it cannot go out [comms preview 1]");
    assert!(
        world
            .told
            .iter()
            .any(|line| line.starts_with("Carol published message 1 to Customers (identified): The cause is known"))
    );
    let last = world.deeds.last().expect("it is on the audit log");
    assert_eq!((last.what.as_str(), &last.detail["seal"]), ("message.published", &world.message(1).seal().into()));
}

#[test]
fn another_audience_is_told_and_the_page_is_not() {
    let mut world = World::new();
    world.incident.severity = Some(SeverityKey::from("SEV3"));
    world.does("carol", "comms draft business-update impact=slow");
    world.does("carol", "comms publish");
    assert_eq!(world.went_to(), ["email/@erin/email"]);
    assert!(world.public().is_none());
    assert!(world.incident.comms_clock.last_at.is_none(), "that audience does not move the clock");
}

#[test]
fn it_does_not_go_out_before_it_was_approved() {
    let mut world = World::new();
    world.does("carol", "comms draft public-identified impact=cards");
    let refusal = "What Customers are told at SEV1 needs a second person to approve it [comms submit 1]";
    assert_eq!(world.refused("carol", "comms publish"), refusal);
    world.does("carol", "comms submit");
    assert_eq!(
        world.refused("carol", "comms publish 1"),
        "Message 1 waits for a second person to approve it [comms preview 1]"
    );
}

#[test]
fn a_promise_that_has_passed_is_made_anew_and_approved_anew() {
    let mut world = World::approved();
    world.wait(29);
    let refusal =
        "It promises the next word at 10:30 UTC, which is over by then: promise another [comms edit 1 --next 30m]";
    assert_eq!(world.refused("carol", "comms publish"), refusal);
    world.does("carol", "comms edit 1 --next 30m");
    assert_eq!(world.stage(1), "draft");
    assert!(world.told.iter().any(|line| line.contains("needs approval again")));
    assert!(world.refused("carol", "comms publish").contains("needs a second person"));
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.does("carol", "comms publish");
    assert_eq!(world.stage(1), "published");
}

#[test]
fn the_last_word_says_that_all_is_well_and_promises_nothing() {
    let mut world = World::new();
    world.does("alice", "comms holding");
    world.incident.severity = Some(SeverityKey::from("SEV3"));
    world.wait(20);
    world.does("carol", "comms draft public-identified impact=slow --components checkout=slow,web=partial");
    world.does("carol", "comms publish");
    world.wait(20);
    world.does("carol", "comms draft public-resolved");
    let message = world.message(3);
    assert_eq!(message.next_at, None);
    assert!(message.components.values().all(|state| *state == ComponentState::Operational), "all that were touched");
    world.does("carol", "comms publish");
    let public = world.public().expect("customers see it");
    assert_eq!(public.ended_at, Some(world.now));
    assert!(public.components().values().all(|state| *state == ComponentState::Operational));
    assert_eq!((public.states.len(), public.impact()), (3, Impact::Critical), "each change is there, and each once");
}

#[test]
fn what_is_over_goes_on_only_after_it_was_reopened() {
    let mut world = World::new();
    world.incident.severity = Some(SeverityKey::from("SEV3"));
    for line in ["comms draft public-resolved", "comms publish", "comms draft public-identified impact=slow"] {
        world.does("carol", line);
    }
    world.incident.status = Status::Resolved;
    let refusal = "They were told that it is over, and INC-7 is: reopen it first [reopen it came back]";
    assert_eq!(world.refused("carol", "comms publish"), refusal);
    world.incident.status = Status::Investigating;
    world.does("carol", "comms publish");
    assert_eq!(world.public().expect("public").ended_at, None, "it is not over after all");
}

#[test]
fn a_guest_tells_customers_nothing() {
    let mut world = World::approved();
    for line in ["comms publish", "comms holding", "comms schedule in 10m"] {
        assert!(world.refused("grace", line).starts_with("Muster does not know you"), "{line}");
    }
}

#[test]
fn an_audience_that_is_told_nowhere_is_told_nothing() {
    let mut world = World::approved();
    world.org.comms.audiences[0].to.clear();
    assert_eq!(
        world.refused("carol", "comms publish"),
        "Nobody would hear it: the config does not say where Customers are told (`to` of the audience public) [comms draft]"
    );
}
