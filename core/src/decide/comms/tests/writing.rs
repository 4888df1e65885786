//! Writing: what a draft says, what it lacks, how it is changed.

use super::world::*;
use crate::command::{Invocation, form};
use crate::comms::ComponentState;
use crate::view::{Does, Section, View};

#[test]
fn a_draft_says_what_the_template_the_values_and_the_incident_make_of_it() {
    let mut world = World::new();
    let shown = plain(&world.does(
        "carol",
        "comms draft public-identified impact=cards details=\"By phone it works.\" details.sv=\"Per telefon går det.\"",
    ));
    let message = world.message(1);
    assert_eq!(
        world.says(1),
        "The cause is known: Cards are declined. By phone it works. More at Fri 27 Nov, 11:30 CET."
    );
    assert!(message.texts[&locale("sv")].body.starts_with("Kort nekas. Per telefon går det."), "{message:?}");
    assert_eq!(message.components, [("checkout".to_owned(), ComponentState::MajorOutage)].into());
    assert_eq!(message.next_at, Some(world.now + chrono::TimeDelta::minutes(30)), "as the severity says");
    for words in ["Cards are declined.", "Kort nekas.", "Checkout: major outage", "the status page", "Bob, Dave"] {
        assert!(shown.contains(words), "{words}:\n{shown}");
    }
    assert_eq!(world.outside, [], "a draft goes nowhere");
    assert!(world.public().is_none());
}

#[test]
fn whoever_says_that_it_is_nearly_over_is_asked_how_components_do() {
    let mut world = World::published();
    let asks =
        "Customers still read “Checkout: major outage”. If that is over, too: comms edit 2 --components checkout=ok";
    let shown = plain(&world.does("carol", "comms draft public-identified impact=slow --status monitoring"));
    assert!(shown.replace('`', "").contains(asks), "{shown}");
    world.does("carol", "comms submit");
    let shown = plain(&world.does("carol", "comms edit 2 --components checkout=ok"));
    assert!(!shown.contains("Customers still read"), "{shown}");
    let shown = plain(&world.does("carol", "comms edit 2 --status identified --components checkout=down"));
    assert!(!shown.contains("Customers still read"), "it goes on: {shown}");
    let shown = plain(&world.does("carol", "comms draft public-resolved"));
    assert!(!shown.contains("Customers still read"), "all is well unless somebody says otherwise: {shown}");
}

#[test]
fn a_draft_may_lack_something_but_does_not_go_out_so() {
    let mut world = World::new();
    let shown = plain(&world.does("carol", "comms draft public-free title=Sorry body.sv=Hej"));
    assert!(shown.contains("Missing in English: Text") && shown.contains("Missing in Swedish: Title"), "{shown}");
    assert_eq!(world.refused("carol", "comms submit"), "Message 1 lacks Text (en), Title (sv) [comms edit 1]");
    assert_eq!(world.refused("carol", "comms publish 1"), "Message 1 lacks Text (en), Title (sv) [comms edit 1]");
    world.does("carol", "comms edit body=\"We are sorry.\" title.sv=Hoppsan");
    assert_eq!(world.says(1), "Sorry: We are sorry.");
    world.does("carol", "comms submit");
}

#[test]
fn what_is_said_in_one_language_is_said_in_all_or_nothing_goes_out() {
    let mut world = World::new();
    world.does("carol", "comms draft public-identified impact=cards details=\"By phone it works.\"");
    assert_eq!(world.refused("carol", "comms submit"), "Message 1 lacks Details (sv) [comms edit 1]");
    assert!(!world.message(1).texts.contains_key(&locale("sv")), "half of it is not kept either");
    world.does("carol", "comms edit details.sv=\"Per telefon går det.\"");
    world.does("carol", "comms submit");
}

#[test]
fn who_does_not_wait_for_a_language_is_told_in_the_first() {
    let mut world = World::new();
    world.org.comms.audiences[0].waits_for_all = false;
    let shown = plain(&world.does("carol", "comms draft public-free title=Sorry body=Wait"));
    assert!(shown.contains("the text of the first language is sent instead"), "{shown}");
    let message = world.message(1);
    assert_eq!(
        message.texts[&locale("sv")],
        message.texts[&locale("en")],
        "decided when it is written, and approved so"
    );
    world.does("carol", "comms submit");
}

#[test]
fn what_is_said_otherwise_counts() {
    let mut world = World::new();
    let line =
        "comms draft public-identified impact=slow --status monitoring --components checkout=slow,web=ok --no-promise";
    world.does("carol", line);
    let message = world.message(1);
    assert_eq!(message.status.word(), "monitoring");
    assert_eq!(
        message.components,
        [("checkout".to_owned(), ComponentState::DegradedPerformance), ("web".to_owned(), ComponentState::Operational)]
            .into()
    );
    assert_eq!((message.next_at, world.says(1)), (None, "The cause is known: It is slow.".to_owned()));
    world.does("carol", "comms edit --next 10m");
    assert_eq!(world.message(1).next_at, Some(world.now + chrono::TimeDelta::minutes(10)));
    assert_eq!(world.says(1), "The cause is known: It is slow. More at Fri 27 Nov, 11:10 CET.");
}

#[test]
fn every_mistake_says_what_may_be_typed() {
    let mut world = World::new();
    let mut refused = |line: &str| world.refused("carol", line);
    assert_eq!(
        refused("comms draft public-identifed impact=cards"),
        "“public-identifed” is not a template [comms draft public-identified]"
    );
    assert_eq!(
        refused("comms draft public-identified bogus=1"),
        "“bogus” is nothing that public-identified asks for: there are impact=…, details=…"
    );
    assert_eq!(
        refused("comms draft public-identified impact=moon"),
        "“moon” is no choice for “Impact”; there are cards, slow"
    );
    assert_eq!(
        refused("comms draft public-identified impact.sv=slow"),
        "“impact.sv” is the same in every language: write impact=…"
    );
    assert_eq!(
        refused("comms draft public-identified details.de=x"),
        "“de” is not a language of this audience: there are en, sv"
    );
    assert_eq!(refused("comms draft public-identified impact=cards impact=slow"), "“impact” is there twice");
    assert_eq!(
        refused("comms draft public-identified --components till=down"),
        "“till” is not a component: there are checkout, web"
    );
    assert_eq!(
        refused("comms draft public-identified --components checkout=sad"),
        "“sad” is not how a component does: there are ok, maintenance, slow, partial, down"
    );
    assert_eq!(
        refused("comms draft public-scheduled"),
        "“scheduled” is not said of such an incident: there are investigating, identified, monitoring, resolved [comms draft]"
    );
    assert_eq!(
        refused("comms draft public-identified --audience business"),
        "public-identified is written for public, not for business [comms draft --audience business]"
    );
    assert_eq!(refused("comms edit 9 --next 5m"), "INC-7 has no message 9 [comms list]");
    assert_eq!(refused("comms publish"), "No message of INC-7 is there to publish now [comms list]");
}

#[test]
fn whoever_names_no_template_chooses_one_that_fits() {
    let mut world = World::new();
    let names = |view: &View| -> Vec<String> {
        let items =
            view.sections.iter().flat_map(|section| if let Section::List(items) = section { &items[..] } else { &[] });
        let calls =
            items.filter_map(|item| if let Does::Open(call) = &item.action.as_ref()?.does { Some(call) } else { None });
        calls.filter_map(|call| call.args.get("template").cloned()).collect()
    };
    let all = world.does("carol", "comms draft");
    assert_eq!(
        names(&all),
        [
            "public-free",
            "public-holding",
            "public-investigating",
            "public-identified",
            "public-resolved",
            "business-update"
        ]
    );
    assert_eq!(names(&world.does("carol", "comms draft --audience business")), ["business-update"]);
    assert_eq!(names(&world.does("carol", "comms draft --audience Customers --status resolved")), ["public-resolved"]);
    world.does("alice", "comms holding");
    world.does("carol", "comms draft public-identified impact=cards");
    let next = names(&world.does("carol", "comms draft --audience public"));
    assert_eq!(next.last().map(String::as_str), Some("public-holding"), "what was the first word is offered last");
}

#[test]
fn a_free_text_stands_where_things_stood() {
    let mut world = World::published();
    world.does("carol", "comms draft public-free title=Hello body=World title.sv=Hej body.sv=Du");
    assert_eq!(world.message(2).status.word(), "identified");
}

#[test]
fn what_says_the_same_again_is_no_change() {
    let mut world = World::approved();
    let refusal = world.refused("carol", "comms edit 1 impact=cards");
    assert_eq!(refusal, "Message 1 says that already [comms preview 1]");
    assert_eq!(world.stage(1), "approved");
}

#[test]
fn the_form_of_an_edit_holds_what_the_message_says() {
    let mut world = World::new();
    world.does(
        "carol",
        "comms draft public-identified impact=cards details=\"By phone it works.\" details.sv=\"Per telefon går det.\"",
    );
    let call = Invocation::of("comms edit").with("number", "1");
    let call = form::known(call, &world.state(), &world.org);
    assert_eq!(call.args["values"], "impact=cards \"details=By phone it works.\" \"details.sv=Per telefon går det.\"");
    assert_eq!(call.args["components"], "checkout=major_outage");
    let fields = world.decide("carol", |_, ctx| (None, form::open(&call, &[], ctx).expect("a form")));
    let names: Vec<_> = fields.fields.iter().map(|field| (field.name.as_str(), field.value.as_deref())).collect();
    assert_eq!(
        names[..3],
        [
            ("values.impact", Some("cards")),
            ("values.details", Some("By phone it works.")),
            ("values.details.sv", Some("Per telefon går det."))
        ]
    );
    // Sent as it is, it changes nothing; emptied, a field takes its words away.
    let sent = fields
        .fields
        .iter()
        .fold(fields.target.clone(), |call, field| call.with(&field.name, field.value.clone().unwrap_or_default()));
    assert!(world.makes("carol", &sent).expect_err("the same").sentence.contains("says that already"));
    let emptied = sent.with("values.details", "").with("values.details.sv", "");
    world.makes("carol", &emptied).expect("changed");
    assert!(!world.says(1).contains("By phone"));
}

#[test]
fn what_is_missing_is_said_in_words_one_can_type() {
    let mut world = World::new();
    let seen = plain(&world.does("carol", "comms draft public-identified details=Soon."));
    assert!(seen.contains("Missing in English: Impact"), "{seen}");
    assert!(seen.contains("Say it with `comms edit 1 impact=cards|slow details.sv=\"…\"`."), "{seen}");
    assert!(seen.contains("Next: INC-7 comms edit 1 …"), "{seen}");
}

#[test]
fn what_would_go_nowhere_is_neither_offered_nor_written() {
    let mut world = World::new();
    let offered = plain(&world.does("carol", "comms draft"));
    assert!(offered.contains("business-update"), "{offered}");
    let business = world.org.comms.audiences.iter_mut().find(|one| one.id == "business").expect("they are there");
    business.to.clear();
    let offered = plain(&world.does("carol", "comms draft"));
    assert!(!offered.contains("business-update") && offered.contains("public-identified"), "{offered}");
    let refusal = world.refused("carol", "comms draft business-update impact=slow");
    assert!(refusal.starts_with("Nobody would hear it: the config does not say where"), "{refusal}");
    assert!(refusal.ends_with("(`to` of the audience business) [comms draft]"), "{refusal}");
}

#[test]
fn who_names_none_of_several_messages_hears_which_one_it_is() {
    let mut world = World::new();
    world.does("carol", "comms draft public-identified impact=cards");
    assert!(!plain(&world.does("carol", "comms preview")).contains("One of"));
    world.does("carol", "comms draft public-identified impact=slow");
    let seen = plain(&world.does("carol", "comms preview"));
    assert!(seen.contains("Message 2 to Customers") && seen.contains("One of 2."), "{seen}");
    assert!(!plain(&world.does("carol", "comms preview 2")).contains("One of"));
}

#[test]
fn what_holds_customers_waits_until_somebody_says_how_bad_it_is() {
    let mut world = World::new();
    let offers = |world: &mut World| {
        let view = world.does("carol", "comms");
        (view.actions.iter().any(|one| one.label == "Holding statement"), plain(&view))
    };
    assert!(offers(&mut world).0);
    world.incident.severity = None;
    let (is_offered, seen) = offers(&mut world);
    assert!(!is_offered && seen.contains("say so first, with `sev …`"), "{seen}");
    assert!(world.refused("carol", "comms holding").contains("depends on how bad it is: say that first"));
    world.incident.severity = Some(crate::ids::SeverityKey::from("SEV4"));
    assert!(!offers(&mut world).0, "there is none at that severity");
}
