//! What is out is put right, or taken back; what is not is given up.

use super::world::*;
use crate::comms::{ComponentState, Next, PublicStatus, Stage, Window};
use crate::incident::Kind;

#[test]
fn what_is_out_is_put_right_by_another_message_that_goes_the_whole_way() {
    let mut world = World::published();
    let wrong = world.message(1).texts;
    world.wait(5);
    let shown = plain(&world.does("carol", "comms edit 1 impact=slow"));
    assert!(shown.contains("Puts right") && shown.contains("message 1"), "{shown}");
    assert_eq!((world.stage(1), world.stage(2)), ("published", "draft"));
    assert!(world.refused("carol", "comms publish 2").contains("needs a second person"));
    assert_eq!(
        world.refused("alice", "comms edit 1 impact=slow"),
        "Message 2 puts message 1 right already: change that [comms edit 2]"
    );
    world.does("carol", "comms submit 2");
    world.clicks("dave", "Approve").expect("approved");
    world.outside.clear();
    world.does("carol", "comms publish 2");

    let public = world.public().expect("customers see it");
    assert_eq!(public.posts.len(), 1, "it stands in the same place");
    assert_eq!(public.posts[0].texts, world.message(2).texts);
    assert_eq!((public.posts[0].corrected.len(), &public.posts[0].corrected[0].was), (1, &wrong));
    assert_eq!(public.posts[0].corrected[0].at, world.now);
    assert!(world.outside.iter().all(|(_, bulletin)| bulletin.corrects == Some(1)));
    assert_eq!(world.went_to().len(), 3);
    let history = plain(&world.does("alice", "comms history 1"));
    assert!(history.contains("What came after") && history.contains("Message 2 to Customers"), "{history}");
}

#[test]
fn a_correction_begins_where_the_last_one_has_ended() {
    let mut world = World::published();
    for details in ["One.", "Two."] {
        world.does("carol", &format!("comms edit 1 details={details} details.sv={details}"));
        world.does("carol", "comms submit");
        world.clicks("bob", "Approve").expect("approved");
        let open = world.incident.messages.len();
        world.does("carol", &format!("comms publish {open}"));
    }
    assert!(world.says(3).contains("Cards are declined. Two."));
    let public = world.public().expect("public");
    assert_eq!((public.posts.len(), public.posts[0].corrected.len()), (1, 2));
    assert_eq!(world.refused("carol", "comms edit 1 details=Two."), "Message 1 says that already [comms preview 1]");
    assert!(
        world.refused("carol", "comms retract 3 wrong").starts_with("Message 3 puts message 1 right: take that back")
    );
}

#[test]
fn what_is_taken_back_is_not_on_the_page_any_more_and_those_who_got_it_hear_so() {
    let mut world = World::published();
    let wrong = world.message(1).texts;
    world.outside.clear();
    assert!(world.refused("erin", "comms retract it was not the bank").starts_with("Only the Comms Lead"));
    world.does("carol", "comms retract 1 it was not the bank");
    assert_eq!(world.stage(1), "retracted");
    let Stage::Retracted { reason, .. } = world.message(1).stage else { panic!("retracted") };
    assert_eq!(reason, "it was not the bank");
    assert_eq!(world.message(1).texts, wrong, "responders can still read it");

    let public = world.public().expect("customers see that something was there");
    let page = serde_json::to_string(&public).expect("JSON");
    for said in wrong.values() {
        assert!(!page.contains(&said.body) && !page.contains(&said.title), "{page}");
    }
    assert!(!page.contains("the bank"), "why is nobody's business outside: {page}");
    assert_eq!(public.posts[0].retracted, Some(world.now));
    assert!(
        public.posts[0].texts.is_empty() && public.posts[0].corrected.is_empty(),
        "that it was is all that is kept"
    );
    assert_eq!(public.components(), [("checkout".to_owned(), ComponentState::Operational)].into(), "as before");
    assert!(world.outside.iter().all(|(_, one)| one.retracts && one.corrects == Some(1)), "{:?}", world.outside);
    assert_eq!(world.went_to(), ["subscribers", "slack/#C7", "webhook/!social"]);
    assert!(world.refused("carol", "comms edit 1 impact=slow").starts_with("Message 1 was taken back"));
}

#[test]
fn what_was_said_of_planned_work_is_taken_back_with_the_same_template() {
    let mut world = World::new();
    world.incident.kind = Kind::Maintenance;
    world.incident.window = Some(Window { from: world.now, until: world.now });
    world.incident.severity = Some("SEV3".into());
    world.does("carol", "comms draft public-scheduled");
    world.does("carol", "comms publish 1");
    world.outside.clear();
    world.does("alice", "comms retract 1 wrong");
    assert_eq!(world.says(2), "Taken back: An earlier word of ours does not hold.");
    assert_eq!(world.message(2).status, PublicStatus::Scheduled);
    assert!(world.outside.iter().all(|(_, one)| one.retracts) && world.outside.len() == 3, "{:?}", world.outside);
}

#[test]
fn without_a_template_for_it_the_page_alone_shows_that_it_was_taken_back() {
    let mut world = World::published();
    world.org.comms.templates.retain(|one| one.id != "public-retraction");
    world.outside.clear();
    world.does("alice", "comms retract 1 wrong");
    assert_eq!(world.went_to(), [""; 0]);
    let public = world.public().expect("public");
    assert!(public.posts[0].retracted.is_some() && public.posts[0].texts.is_empty());
}

#[test]
fn what_puts_right_what_was_taken_back_goes_no_further_at_once() {
    let mut world = World::published();
    world.wait(1);
    world.does("carol", "comms edit 1 impact=slow");
    world.does("carol", "comms submit 2");
    world.clicks("dave", "Approve").expect("approved");
    world.does("carol", "comms publish 2");
    world.does("carol", "comms edit 1 impact=cards");
    world.wait(1);
    world.does("carol", "comms retract 1 it was not the bank");
    let list = plain(&world.does("carol", "comms"));
    assert!(list.contains("Message 2 to Customers · taken back with message 1"), "{list}");
    let gone = "Message 1, which message 3 puts right, was taken back [comms discard 3]";
    for line in ["comms edit 3 impact=slow details=Soon. details.sv=Snart.", "comms submit 3", "comms publish 3"] {
        assert_eq!(world.refused("carol", line), gone, "{line}");
    }
    let again = world.refused("carol", "comms edit 2 impact=cards");
    assert!(again.starts_with("Message 3 puts message 1 right already"), "{again}");
    world.does("carol", "comms discard 3");
    assert_eq!(
        world.refused("carol", "comms edit 2 impact=cards"),
        "Message 1 was taken back, and with it what put it right: write another [comms draft]"
    );
}

#[test]
fn who_was_told_that_it_is_over_and_it_is_not_is_told_so() {
    let mut world = World::published();
    world.does("carol", "comms draft public-resolved");
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.wait(1);
    world.does("carol", "comms publish");
    assert!(world.public().expect("public").ended_at.is_some());
    world.wait(1);
    world.does("bob", "comms retract 2 it came back at once");
    let public = world.public().expect("public");
    assert_eq!((public.ended_at, public.status().word()), (None, "identified"));
    assert_eq!(public.components()["checkout"], ComponentState::MajorOutage, "as it was before");
    assert_ne!(world.incident.comms_clock.next, Next::Over);
}

#[test]
fn what_nobody_wants_is_discarded_and_stays_so() {
    let mut world = World::in_review();
    world.does("carol", "comms discard");
    assert_eq!((world.stage(1), world.timers.len()), ("discarded", 0));
    for line in
        ["comms publish 1", "comms submit 1", "comms discard 1", "comms edit 1 impact=slow", "comms retract 1 x"]
    {
        world.refused("carol", line);
    }
}

#[test]
fn what_was_put_right_is_where_the_next_word_begins() {
    let mut world = World::published();
    world.does("carol", "comms edit 1 --components checkout=slow --status monitoring");
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.does("carol", "comms publish");
    let slow = ComponentState::DegradedPerformance;
    assert_eq!(world.public().expect("public").components()["checkout"], slow);
    world.does("carol", "comms draft public-free title=A title.sv=B body=C body.sv=D");
    assert_eq!((world.message(3).status.word(), world.message(3).components["checkout"]), ("monitoring", slow));
}

#[test]
fn a_template_that_is_not_approved_beforehand_any_more_lets_nothing_go_that_is_changed() {
    let mut world = World::new();
    world.does("carol", "comms draft public-holding");
    assert!(world.message(1).preapproved);
    for template in &mut world.org.comms.templates {
        std::sync::Arc::make_mut(template).preapproved = false;
    }
    world.does("carol", "comms edit 1 --next 40m");
    assert!(!world.message(1).preapproved);
    assert!(world.refused("carol", "comms publish 1").contains("needs a second person"));
}

fn announced() -> World {
    let mut world = World::new();
    world.incident.kind = crate::incident::Kind::Maintenance;
    let from = world.now + chrono::TimeDelta::hours(30);
    world.incident.window = Some(crate::comms::Window { from, until: from + chrono::TimeDelta::hours(2) });
    world.does("carol", "comms draft public-scheduled");
    world.does("carol", "comms submit");
    world.clicks("dave", "Approve").expect("approved");
    world
}

#[test]
fn who_was_told_of_planned_work_hears_that_it_does_not_hold() {
    let mut world = announced();
    world.does("carol", "comms publish");
    world.outside.clear();
    world.does("carol", "comms retract 1 not that night");
    assert_eq!(world.went_to(), ["subscribers", "slack/#C7", "webhook/!social"]);
    assert_eq!((world.stage(2), world.message(2).status.word()), ("published", "scheduled"));
    assert_eq!(world.public().expect("public").standing(), None);
}

#[test]
fn work_that_is_moved_after_it_was_approved_is_not_announced_for_the_old_time() {
    let mut world = announced();
    world.incident.window = world.incident.window.map(|was| crate::comms::Window { from: world.now, ..was });
    assert_eq!(
        world.refused("carol", "comms publish"),
        "The work was moved after message 1 was written: look at it again [comms edit 1]"
    );
}

#[test]
fn a_correction_that_names_another_component_takes_back_what_was_said_of_the_first() {
    let mut world = World::published();
    world.does("carol", "comms edit 1 --components web=down");
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.does("carol", "comms publish");
    let is = |id: &str, state| (id.to_owned(), state);
    assert_eq!(
        world.public().expect("public").components(),
        [is("checkout", ComponentState::Operational), is("web", ComponentState::MajorOutage)].into()
    );
    world.does("carol", "comms draft public-investigating impact=cards");
    assert_eq!(world.message(3).components, [is("web", ComponentState::MajorOutage)].into(), "what was said stands");
}

#[test]
fn what_is_taken_back_says_nothing_of_components_any_more_whatever_was_said_since() {
    let mut world = World::published();
    world.wait(1);
    world.does("carol", "comms draft public-investigating impact=cards --components web=slow");
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.does("carol", "comms publish");
    world.does("carol", "comms retract 1 it was never the checkout");
    let public = world.public().expect("public");
    assert_eq!(public.components()["checkout"], ComponentState::Operational);
    assert_eq!(public.components()["web"], ComponentState::DegradedPerformance);
}
