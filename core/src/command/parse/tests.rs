//! Lines as people type them.

use super::*;
use crate::ids::{PersonId, PlatformId};
use crate::org::{Person, Right};
use chrono_tz::Tz;

fn org() -> Organisation {
    let mut org = Organisation::empty("Shop", "http://localhost");
    org.people = ["alice", "bob"]
        .map(|id| Person {
            id: PersonId::from(id),
            name: id.to_owned(),
            email: None,
            right: Right::Respond,
            time_zone: Tz::UTC,
            reach: crate::org::Reach::default(),
        })
        .into();
    org
}

fn somewhere(incident: Option<i64>) -> Place {
    Place { platform: PlatformId::console(), incident: incident.map(IncidentId), address: None, forms: false }
}

fn outside(text: &str) -> Result<Invocation, Refusal> {
    line(text, &org(), &somewhere(None))
}

fn in_room_7(text: &str) -> Result<Invocation, Refusal> {
    line(text, &org(), &somewhere(Some(7)))
}

fn call(words: &str, args: &[(&str, &str)]) -> Invocation {
    args.iter().fold(Invocation::of(words), |call, (name, value)| call.with(name, *value))
}

#[test]
fn a_title_is_taken_as_it_stands_with_or_without_a_severity() {
    assert_eq!(
        outside("new sev1 checkout  is down"),
        Ok(call("new", &[("severity", "sev1"), ("title", "checkout  is down")]))
    );
    assert_eq!(outside("new customers can't pay"), Ok(call("new", &[("title", "customers can't pay")])));
    assert_eq!(outside("new sev9 x"), Ok(call("new", &[("severity", "sev9"), ("title", "x")])), "a slip, told later");
}

#[test]
fn options_stand_anywhere_and_a_phone_may_have_made_a_long_dash_of_them() {
    let meant = call("new", &[("severity", "sev2"), ("title", "tills are slow"), ("site", "a,b"), ("private", "yes")]);
    assert_eq!(outside("new sev2 --site a,b --private tills are slow"), Ok(meant.clone()));
    assert_eq!(outside("new sev2 tills are slow —private --site=a,b"), Ok(meant.clone()));
    assert_eq!(outside("/inc new sev2 tills --private are slow --site a,b"), Ok(meant));
    assert_eq!(outside("new -- --private is a title"), Ok(call("new", &[("title", "--private is a title")])));
}

#[test]
fn short_words_stand_for_the_beginning_of_a_line() {
    assert_eq!(in_room_7("ic"), Ok(call("role", &[("role", "commander")])));
    assert_eq!(in_room_7("ic @bob"), Ok(call("role", &[("role", "commander"), ("person", "@bob")])));
    assert_eq!(in_room_7("fixed rolled back"), Ok(call("resolve", &[("note", "rolled back")])));
    assert_eq!(outside("LS"), Ok(call("list", &[])));
    assert_eq!(outside("Declare fire"), Ok(call("new", &[("title", "fire")])));
}

#[test]
fn an_incident_is_named_before_the_command_or_right_after_it() {
    let resolve = call("resolve", &[("note", "done")]).on(IncidentId(4));
    assert_eq!(outside("resolve INC-4 done"), Ok(resolve.clone()));
    assert_eq!(outside("INC-4 resolve done"), Ok(resolve.clone()));
    assert_eq!(in_room_7("inc-4 resolve done"), Ok(resolve));
    assert_eq!(outside("task INC-4 done 3"), Ok(call("task done", &[("number", "3")]).on(IncidentId(4))));
    assert_eq!(outside("task done INC-4 3"), Ok(call("task done", &[("number", "3")]).on(IncidentId(4))));
    assert_eq!(in_room_7("show INC-4"), Ok(call("show", &[]).on(IncidentId(4))));
    assert_eq!(outside("INC-4"), Ok(call("show", &[]).on(IncidentId(4))));
    assert_eq!(outside("show 4"), Ok(call("show", &[]).on(IncidentId(4))));
    assert_eq!(in_room_7("task done 4"), Ok(call("task done", &[("number", "4")])), "a number that is no incident");
}

#[test]
fn merge_takes_the_one_that_goes_on_from_a_room_and_both_from_outside() {
    assert_eq!(in_room_7("merge INC-4"), Ok(call("merge", &[("into", "INC-4")])));
    let both = call("merge", &[("into", "INC-4")]).on(IncidentId(3));
    assert_eq!(outside("merge INC-3 INC-4"), Ok(both.clone()));
    assert_eq!(in_room_7("merge INC-3 INC-4"), Ok(both));
}

#[test]
fn text_that_begins_with_another_incident_is_asked_about_rather_than_guessed() {
    let refusal = in_room_7("note INC-4 looks the same").expect_err("it is ambiguous");
    assert_eq!(refusal.instead.as_deref(), Some("INC-4 note"));
    assert_eq!(in_room_7("note \"INC-4 looks the same\""), Ok(call("note", &[("text", "INC-4 looks the same")])));
    assert_eq!(in_room_7("note INC-7 it is"), Ok(call("note", &[("text", "it is")]).on(IncidentId(7))));
}

#[test]
fn a_task_names_its_person_first_or_last() {
    let meant = call("task", &[("person", "@bob"), ("text", "restart the pods")]);
    assert_eq!(in_room_7("task @bob restart the pods"), Ok(meant.clone()));
    assert_eq!(in_room_7("task restart the pods @bob"), Ok(meant));
    let nobody = call("task", &[("text", "mail ops @example.com")]);
    assert_eq!(in_room_7("task mail ops @example.com"), Ok(nobody));
}

#[test]
fn a_moment_may_be_of_several_words() {
    for (typed, at) in [("10:42", "10:42"), ("20m ago", "20m ago"), ("2026-11-27 10:42", "2026-11-27 10:42")] {
        let meant = call("note", &[("text", "first complaints"), ("at", at)]);
        assert_eq!(in_room_7(&format!("note --at {typed} first complaints")), Ok(meant.clone()));
        assert_eq!(in_room_7(&format!("note first complaints --at {typed}")), Ok(meant));
    }
}

#[test]
fn a_stretch_of_time_takes_its_unit_and_no_word_of_the_text() {
    let span = |next: &str| call("update", &[("text", "the bank confirms"), ("next", next)]);
    for (typed, next) in [("30m", "30m"), ("30 min", "30 min"), ("2 hours", "2 hours")] {
        assert_eq!(in_room_7(&format!("update the bank confirms --next {typed}")), Ok(span(next)), "{typed}");
        assert_eq!(in_room_7(&format!("update --next {typed} the bank confirms")), Ok(span(next)), "{typed}");
    }
    assert_eq!(in_room_7("update the bank confirms --next 30"), Ok(span("30")), "a bare number is minutes");
    assert_eq!(in_room_7("update snooze 30 min"), Ok(call("update snooze", &[("for", "30 min")])));
    for typed in ["update x --next 3 parsecs", "update --next 3 the bank confirms"] {
        let refusal = in_room_7(typed).expect_err(typed);
        assert!(refusal.sentence.contains("is not a stretch of time: write --next 3m, 2h or 1d"), "{refusal}");
    }
}

#[test]
fn a_text_keeps_its_lines() {
    assert_eq!(in_room_7("update one\n\ntwo"), Ok(call("update", &[("text", "one\n\ntwo")])));
}

#[test]
fn a_mistake_names_the_nearest_right_word() {
    let told = |text: &str| outside(text).expect_err(text).instead.unwrap_or_default();
    assert_eq!(told("resovle INC-4 done"), "resolve INC-4 done");
    assert_eq!(told("xyzzy"), "help");
    assert_eq!(told("new fire --servce checkout"), "--service");
    assert_eq!(told("list open please"), "help list");
}

#[test]
fn a_bare_line_is_the_menu() {
    for text in ["", "  ", "/inc", "/incident "] {
        assert_eq!(outside(text), Ok(call("help menu", &[])), "{text:?}");
    }
}
