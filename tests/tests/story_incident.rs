//! The main job, told as people live it: an incident from the first word to the last, and the ways it can go.

use muster_core::incident::event::Event;
use muster_core::incident::role::COMMANDER;
use muster_core::incident::status::Phase;
use muster_tests::clock::moment;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage, code};

on_every_stage! {
    somebody_declares_and_somebody_takes_command,
    command_is_handed_over_when_it_is_accepted_and_not_before,
    a_handoff_can_be_declined_or_withdrawn,
    command_can_be_taken_from_somebody_who_is_gone,
    severity_follows_what_is_known,
    notes_are_written_backdated_rewritten_and_removed_and_nothing_is_lost,
    tasks_find_somebody_and_get_done,
    the_next_update_is_promised_and_reminded_of,
    a_room_without_a_commander_is_reminded_ever_more_rarely,
    an_incident_is_mitigated_resolved_and_reopened,
    two_incidents_are_one_outage,
    a_false_alarm_is_cancelled_and_a_finished_one_closed,
    people_join_and_are_brought_in,
    a_team_is_brought_in,
    a_private_incident_lets_in_whom_its_people_bring,
    a_chat_identity_is_linked_once,
    fingers_know_other_words_and_slips_are_answered,
    text_is_written_down_as_it_was_typed,
    buttons_and_forms_do_what_lines_do,
}

async fn declared(world: &Stage) {
    world.person("alice").types("new sev1 checkout is down").await.shows("INC-1 checkout is down").ok();
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
}

async fn phase(world: &Stage, incident: &str) -> Phase {
    world.incident(incident).await.status.phase()
}

async fn commander(world: &Stage, incident: &str) -> Option<String> {
    world.incident(incident).await.commander().map(|holder| holder.person.to_string())
}

async fn somebody_declares_and_somebody_takes_command(world: Stage) -> Record {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice
        .types("new sev1 checkout is down --service checkout --site stockholm,gothenburg --field impact=HIGH")
        .await
        .shows("INC-1 checkout is down")
        .shows("Stockholm Sergels torg")
        .shows("Impact       high")
        .ok();
    let welcome = world.room("INC-1").expects("First somebody takes command").await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Triage);
    assert_eq!(commander(&world, "INC-1").await, None);

    bob.clicks(&welcome, "Take Incident Commander").await.shows("Commander    Bob Lind").ok();
    assert_eq!(commander(&world, "INC-1").await.as_deref(), Some("bob"));
    alice
        .types("INC-1 ic")
        .await
        .refused("Bob Lind is Incident Commander")
        .instead("INC-1 role commander --replace")
        .ok_refusal();
    bob.types("INC-1 ic").await.refused("You are already Incident Commander").ok_refusal();
    bob.types("list").await.shows("INC-1 · SEV1 · triage · checkout is down · commander Bob Lind").ok();
    assert_eq!(
        world.timeline("INC-1").await,
        [
            "#1 09:00 UTC Alice Ek declared a SEV1 incident: checkout is down",
            "#2 09:00 UTC Bob Lind became Incident Commander"
        ]
    );
    world.finish().await
}

async fn command_is_handed_over_when_it_is_accepted_and_not_before(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob) = (world.person("alice").in_room("INC-1"), world.person("bob").in_room("INC-1"));
    bob.types("handoff @alice").await.refused("You are not Incident Commander").ok_refusal();
    alice.types("ic").await.ok();

    alice.types("handoff @bob the bank calls back at ten").await.shows("You hold it until they accept").ok();
    assert_eq!(commander(&world, "INC-1").await.as_deref(), Some("alice"));
    world.room("INC-1").expects("the bank calls back at ten").await.ok();
    let offer = world.ear_of("bob").expects("Alice Ek offers Incident Commander of INC-1 to @Bob Lind").await;
    alice.types("handoff @carol").await.refused("You have offered this to Bob Lind already").ok_refusal();
    world
        .person("carol")
        .in_room("INC-1")
        .types("handoff accept")
        .await
        .refused("Nobody offers you a role")
        .ok_refusal();

    world.pass(4).await;
    world.person("bob").clicks(&offer, "Accept").await.shows("Commander    Bob Lind").ok();
    world.ear_of("alice").expects("Bob Lind accepted Incident Commander of INC-1").await.ok();
    assert_eq!(commander(&world, "INC-1").await.as_deref(), Some("bob"));
    assert!(!world.incident("INC-1").await.holds(&"alice".into(), &COMMANDER.into()));
    world.person("bob").clicks(&offer, "Accept").await.refused("Nobody offers you a role in INC-1").ok_refusal();
    assert_eq!(
        world.timeline("INC-1").await[2..],
        [
            "#3 09:00 UTC Alice Ek offered Incident Commander to Bob Lind: the bank calls back at ten",
            "#4 09:04 UTC Bob Lind accepted Incident Commander",
            "#5 09:04 UTC Bob Lind became Incident Commander",
        ]
    );
    world.finish().await
}

async fn a_handoff_can_be_declined_or_withdrawn(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob) = (world.person("alice").in_room("INC-1"), world.person("bob").in_room("INC-1"));
    alice.types("ic").await.ok();
    alice.types("handoff me").await.refused("hand over to somebody else").ok_refusal();
    alice.types("handoff @victor").await.refused("Victor Sjö has no right to respond").ok_refusal();
    alice.types("handoff @bob").await.ok();
    world.room("INC-1").expects("No briefing was given").await.ok();
    world.ear_of("bob").expects("offers Incident Commander").await.ok();
    bob.types("handoff decline").await.ok();
    world.ear_of("alice").expects("Bob Lind declined Incident Commander").await.ok();
    alice.types("handoff @carol").await.ok();
    world.room("INC-1").expects("@Carol Åberg").await.ok();
    world.ear_of("carol").expects("offers Incident Commander").await.ok();
    alice.types("handoff withdraw").await.ok();
    world.person("carol").types("INC-1 handoff accept").await.refused("Nobody offers you a role").ok_refusal();
    assert_eq!(commander(&world, "INC-1").await.as_deref(), Some("alice"));

    // An offer ends with the incident, and nobody hands over what has ended.
    alice.types("handoff @bob").await.ok();
    world.room("INC-1").skips().await;
    world.ear_of("bob").skips().await;
    alice.types("resolve").await.ok();
    assert!(world.incident("INC-1").await.offers.is_empty());
    bob.types("handoff accept").await.refused("Nobody offers you a role").ok_refusal();
    alice.types("handoff @bob").await.refused("INC-1 is resolved").ok_refusal();
    world.finish().await
}

async fn command_can_be_taken_from_somebody_who_is_gone(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob) = (world.person("alice").in_room("INC-1"), world.person("bob").in_room("INC-1"));
    alice.types("ic").await.ok();
    alice.types("handoff @carol").await.ok();
    world.room("INC-1").skips().await;
    world.ear_of("carol").skips().await;
    bob.types("ic --replace").await.shows("Commander    Bob Lind").ok();
    world.ear_of("alice").expects("Bob Lind relieved you as Incident Commander of INC-1").await.ok();
    let incident = world.incident("INC-1").await;
    assert_eq!(incident.roles.len(), 1);
    assert!(incident.offers.is_empty(), "an offer of what somebody no longer holds");
    bob.types("role scribe @alice").await.ok();
    world.ear_of("alice").expects("Bob Lind made you Scribe of INC-1").await.ok();
    bob.types("role release scribe @alice").await.ok();
    bob.types("role release commander").await.shows("Commander    nobody yet").ok();
    bob.types("roles").await.shows("Incident Commander: free").ok();
    // Several people may know the broken part, each of them once.
    for line in ["role sme @alice", "role sme", "handoff @alice --role sme", "role release sme"] {
        let _ = bob.types(line).await;
    }
    assert_eq!(world.incident("INC-1").await.roles.len(), 1);
    world.ear_of("alice").skips().await;
    world.room("INC-1").skips().await;
    world.finish().await
}

async fn severity_follows_what_is_known(world: Stage) -> Record {
    let alice = world.person("alice");
    alice.types("new checkout is slow").await.shows("Severity     not set").ok();
    world.room("INC-1").skips().await;
    let here = alice.in_room("INC-1");
    here.types("sev sev3 only the old app").await.shows("Severity     SEV3").ok();
    here.types("sev sev3").await.refused("INC-1 is already SEV3").ok_refusal();
    here.types("sev1").await.refused("“sev1” is not a command").ok_refusal();
    world.pass(10).await;
    here.types("severity SEV1 all stores").await.shows("Severity     SEV1").ok();
    // An update is due every half hour at SEV1, from the change on.
    let due = world.incident("INC-1").await.update_due;
    assert_eq!(due, Some(moment("2026-11-27T09:40:00Z")));
    here.types("sev none").await.shows("Severity     not set").ok();
    assert_eq!(world.incident("INC-1").await.update_due, None);
    assert_eq!(
        world.timeline("INC-1").await[1..],
        [
            "#2 09:00 UTC Alice Ek set the severity to SEV3: only the old app",
            "#3 09:10 UTC Muster reminded the room that nobody has taken command",
            "#4 09:10 UTC Alice Ek changed the severity from SEV3 to SEV1: all stores",
            "#5 09:10 UTC Alice Ek took the severity away, which was SEV1",
        ]
    );
    world.room("INC-1").skips().await;
    world.finish().await
}

async fn notes_are_written_backdated_rewritten_and_removed_and_nothing_is_lost(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob) = (world.person("alice").in_room("INC-1"), world.person("bob").in_room("INC-1"));
    world.until(moment("2026-11-27T09:04:00Z")).await;
    alice.types("note the bank sees time-outs too").await.shows("Written down as #2 of INC-1").ok();
    // Alice is in Stockholm, an hour ahead; Bob's clock is UTC.
    alice.types("note first complaints from stores --at 09:50").await.shows("at 08:50 UTC").ok();
    bob.types("note a deploy of checkout --at 20m ago").await.ok();
    alice.types("note it will break again --at 2026-11-28 10:00").await.refused("has not happened yet").ok_refusal();
    let before = world.timeline("INC-1").await;
    assert_eq!(
        before,
        [
            "#4 08:44 UTC Bob Lind noted: a deploy of checkout",
            "#3 08:50 UTC Alice Ek noted: first complaints from stores",
            "#1 09:00 UTC Alice Ek declared a SEV1 incident: checkout is down",
            "#2 09:04 UTC Alice Ek noted: the bank sees time-outs too",
        ]
    );

    bob.types("timeline edit 2 the second bank sees time-outs too").await.shows("#2 is rewritten").ok();
    bob.types("timeline edit 2 the second bank sees time-outs too").await.refused("says that already").ok_refusal();
    bob.types("timeline backdate 2 08:59").await.shows("#2 is moved").ok();
    bob.types("timeline edit 1 nothing happened").await.refused("#1 was recorded by Muster").ok_refusal();
    alice.types("timeline remove 3").await.shows("#3 is removed").ok();
    alice.types("timeline remove 3").await.refused("There is no #3 on the timeline of INC-1").ok_refusal();
    alice
        .types("timeline")
        .await
        .shows("#2 08:59 UTC Alice Ek noted: the second bank sees time-outs too (edited)")
        .hides("first complaints")
        .ok();

    alice
        .types("timeline history 2")
        .await
        .shows("Alice Ek wrote: #2 09:04 UTC Alice Ek noted: the bank sees time-outs too")
        .shows("Bob Lind rewrote: #2 09:04 UTC Alice Ek noted: the second bank sees time-outs too")
        .shows("Bob Lind moved: #2 08:59 UTC")
        .ok();
    alice.types("timeline history 3").await.shows("first complaints from stores").shows("Alice Ek removed").ok();
    assert_eq!(world.log("INC-1").await.len(), 7, "four entries and three amendments");
    world.finish().await
}

async fn tasks_find_somebody_and_get_done(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob) = (world.person("alice").in_room("INC-1"), world.person("bob").in_room("INC-1"));
    alice
        .types("task restart the payment workers @bob")
        .await
        .shows("○ 1. restart the payment workers · Bob Lind")
        .ok();
    let told =
        world.ear_of("bob").expects("Alice Ek gave you task 1 of INC-1").await.shows("restart the payment workers");
    alice.types("todo call the bank").await.shows("○ 2. call the bank").ok();
    assert!(world.incident("INC-1").await.has(&"bob".into()), "whoever has a task takes part");

    bob.clicks(&told, "Done").await.shows("✓ 1. restart the payment workers").ok();
    bob.clicks(&told, "Done").await.refused("Task 1 is done already").ok_refusal();
    alice.types("task reopen 1").await.shows("○ 1. restart").ok();
    alice.types("task assign 1 @carol").await.shows("Carol Åberg").ok();
    world.ear_of("carol").expects("gave you task 1").await.ok();
    alice.types("task assign 2").await.shows("call the bank · Alice Ek").ok();
    alice.types("task assign 2").await.refused("Task 2 is Alice Ek's already").ok_refusal();
    alice.types("task done 7").await.refused("INC-1 has no task 7").instead("task list").ok_refusal();

    bob.types("followup write to the bank").await.shows("Follow-ups of INC-1").shows("○ 1. write to the bank").ok();
    bob.types("fu done 1").await.shows("✓ 1.").ok();
    bob.types("tasks").await.shows("Tasks of INC-1").hides("write to the bank").ok();
    assert_eq!(
        world.timeline("INC-1").await[1..],
        [
            "#2 09:00 UTC Alice Ek added task 1 for Bob Lind: restart the payment workers",
            "#3 09:00 UTC Alice Ek added task 2: call the bank",
            "#4 09:00 UTC Bob Lind finished task 1: restart the payment workers",
            "#5 09:00 UTC Alice Ek reopened task 1: restart the payment workers",
            "#6 09:00 UTC Alice Ek gave task 1 to Carol Åberg: restart the payment workers",
            "#7 09:00 UTC Alice Ek took task 2: call the bank",
            "#8 09:00 UTC Bob Lind added follow-up 1: write to the bank",
            "#9 09:00 UTC Bob Lind finished follow-up 1: write to the bank",
        ]
    );
    world.finish().await
}

async fn the_next_update_is_promised_and_reminded_of(world: Stage) -> Record {
    declared(&world).await;
    let alice = world.person("alice").in_room("INC-1");
    alice.types("ic").await.ok();
    alice.types("role comms @carol").await.ok();
    world.ear_of("carol").expects("made you Comms Lead").await.ok();
    alice.types("update the bank confirms; we are failing over --next 20m").await.shows("the next is due").ok();
    world.pass(19).await;
    world.room("INC-1").is_quiet().await;
    world.pass(1).await;
    let reminder = world.room("INC-1").expects("INC-1 is due for an update").await;
    world.ear_of("carol").expects("INC-1 is due for an update").await.ok();
    world.ear_of("alice").is_quiet().await;
    world.pass(1).await;
    world.room("INC-1").is_quiet().await;

    world.person("carol").clicks(&reminder, "30 minutes").await.ok();
    world.pass(29).await;
    world.room("INC-1").is_quiet().await;
    world.pass(1).await;
    world.room("INC-1").expects("is due for an update").await.ok();
    world.ear_of("carol").skips().await;

    // Nothing promised: the severity's own cadence, half an hour at SEV1.
    alice.types("update failed over; watching").await.ok();
    world.pass(29).await;
    world.room("INC-1").is_quiet().await;
    alice.types("resolve error rate normal").await.ok();
    world.pass(600).await;
    world.room("INC-1").is_quiet().await;
    assert_eq!(world.pending().await, 0, "a resolved incident has nothing to be reminded of");
    alice.types("update snooze 30m").await.refused("INC-1 is resolved: no update is due").ok_refusal();
    world.finish().await
}

async fn a_room_without_a_commander_is_reminded_ever_more_rarely(world: Stage) -> Record {
    world.person("alice").types("new sev4 a till prints twice").await.ok();
    world.room("INC-1").skips().await;
    world.pass(4).await;
    world.room("INC-1").is_quiet().await;
    let mut reminded = Vec::new();
    for minute in 5..=60 {
        world.pass(1).await;
        let said = world.timeline("INC-1").await.len() - 1;
        if said > reminded.len() {
            reminded.push(minute);
        }
    }
    assert_eq!(reminded, [5, 10, 20, 40]);
    let reminder = world.room("INC-1").expects("INC-1 has had no commander for 5 minutes").await;
    world.room("INC-1").skips().await;
    world.person("bob").clicks(&reminder, "Take command").await.ok();
    world.pass(600).await;
    world.room("INC-1").is_quiet().await;
    // It counts from when command was given up, not from the declaration hours ago.
    world.person("bob").types("INC-1 role release ic").await.ok();
    world.pass(4).await;
    world.room("INC-1").is_quiet().await;
    world.pass(1).await;
    world.room("INC-1").expects("INC-1 has had no commander for 5 minutes").await.ok();
    world.pass(5).await;
    world.room("INC-1").expects("INC-1 has had no commander for 10 minutes").await.ok();
    world.finish().await
}

async fn an_incident_is_mitigated_resolved_and_reopened(world: Stage) -> Record {
    declared(&world).await;
    let alice = world.person("alice").in_room("INC-1");
    alice.types("ic").await.ok();
    alice.types("investigating").await.shows("Status       investigating").ok();
    alice.types("status triage").await.refused("nothing returns to triage").ok_refusal();
    alice.types("close").await.refused("resolve it before you close it").instead("resolve").ok_refusal();
    alice.types("identified a bad deploy at 08:44").await.ok();
    world.pass(10).await;
    alice.types("mitigate rolled back to build 811").await.shows("Status       monitoring").ok();
    world.pass(30).await;
    world.room("INC-1").skips().await;
    world.ear_of("alice").skips().await;
    alice
        .types("fixed error rate normal for 30 minutes")
        .await
        .shows("Status       resolved")
        .shows("Lasted 40 minutes")
        .ok();
    alice.types("resolve").await.refused("INC-1 is already resolved").ok_refusal();
    alice.types("mitigate").await.refused("reopen it first, with a reason").ok_refusal();
    alice.types("reopen").await.refused("Something is missing: say why").ok_refusal();
    alice.types("ic").await.refused("INC-1 is resolved").ok_refusal();

    world.pass(60).await;
    alice.types("reopen the errors are back in Gothenburg").await.shows("Status       investigating").ok();
    alice.types("reopen again").await.refused("it is open already").ok_refusal();
    let incident = world.incident("INC-1").await;
    assert_eq!(incident.resolved_at, None);
    assert_eq!(incident.update_due, Some(moment("2026-11-27T11:10:00Z")), "due again, by the severity");
    assert_eq!(commander(&world, "INC-1").await.as_deref(), Some("alice"), "who led it leads it again");
    assert_eq!(
        world.timeline("INC-1").await.last().map(String::as_str),
        Some("#8 10:40 UTC Alice Ek reopened the resolved incident: the errors are back in Gothenburg")
    );
    world.finish().await
}

async fn two_incidents_are_one_outage(world: Stage) -> Record {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice.types("new sev1 card payments fail --service payment").await.ok();
    bob.types("new sev2 checkout is slow --service checkout --site stockholm").await.ok();
    world.room("INC-1").skips().await;
    world.room("INC-2").skips().await;
    bob.types("merge INC-2 INC-2").await.refused("INC-2 cannot be merged into itself").ok_refusal();
    bob.types("merge INC-2 INC-9").await.refused("There is no INC-9").ok_refusal();
    bob.in_room("INC-2").types("merge INC-1").await.shows("merged into INC-1").ok();

    let kept = world.incident("INC-1").await;
    assert!(kept.has(&"bob".into()), "who worked on the one works on the other");
    assert_eq!(kept.services.iter().collect::<Vec<_>>(), ["checkout", "payment"]);
    assert_eq!(phase(&world, "INC-2").await, Phase::Merged);
    assert_eq!(world.timeline("INC-1").await[1..], ["#2 09:00 UTC Bob Lind merged INC-2 into this: checkout is slow"]);
    assert_eq!(world.timeline("INC-2").await[1..], ["#2 09:00 UTC Bob Lind merged this into INC-1"]);
    bob.types("merge INC-1 INC-2").await.refused("INC-2 is merged: merge into an open incident").ok_refusal();
    bob.types("INC-2 resolve").await.refused("reopen it first").ok_refusal();

    bob.types("reopen INC-2 it was something else").await.shows("Status       investigating").ok();
    assert_eq!(phase(&world, "INC-2").await, Phase::Investigating);
    alice.types("new a rehearsal --kind drill").await.ok();
    alice.types("merge INC-3 INC-1").await.refused("A drill and a real incident").ok_refusal();
    world.room("INC-3").skips().await;
    world.finish().await
}

async fn a_false_alarm_is_cancelled_and_a_finished_one_closed(world: Stage) -> Record {
    let alice = world.person("alice");
    alice.types("new a strange order").await.ok();
    alice.types("new sev4 a till prints twice").await.ok();
    world.room("INC-1").skips().await;
    world.room("INC-2").skips().await;
    alice.types("cancel INC-1").await.refused("Something is missing: say why").ok_refusal();
    alice.types("cancel INC-1 a test order by the warehouse").await.shows("Status       cancelled").ok();
    alice.types("close INC-1").await.refused("INC-1 is cancelled").ok_refusal();
    alice.types("resolve INC-2").await.ok();
    alice.types("close INC-2").await.shows("Status       closed").ok();
    alice.types("cancel INC-2 no").await.refused("reopen it first").ok_refusal();
    alice.types("list").await.shows("None").ok();
    alice.types("list ended").await.shows("INC-2").shows("INC-1").ok();
    alice.types("reopen INC-1 it was real").await.shows("Status       investigating").ok();
    world.room("INC-1").is_quiet().await;
    world.finish().await
}

async fn people_join_and_are_brought_in(world: Stage) -> Record {
    declared(&world).await;
    let bob = world.person("bob");
    bob.types("list mine").await.hides("INC-1").ok();
    bob.types("join INC-1").await.ok();
    bob.types("join INC-1").await.refused("You have already joined INC-1").ok_refusal();
    bob.types("mine").await.shows("INC-1").ok();
    bob.in_room("INC-1").types("join @carol").await.ok();
    world.ear_of("carol").expects("Bob Lind brought you into INC-1").await.shows("checkout is down").ok();
    bob.in_room("INC-1").types("join @nobody").await.refused("Nobody here is called “nobody”").ok_refusal();
    bob.in_room("INC-1").types("join @alise").await.refused("Nobody here").instead("@alice").ok_refusal();
    world.person("victor").types("join INC-1").await.refused("You may look but not act").ok_refusal();
    world.person("victor").types("show INC-1").await.shows("checkout is down").ok();
    assert_eq!(
        world.timeline("INC-1").await[1..],
        ["#2 09:00 UTC Bob Lind joined", "#3 09:00 UTC Bob Lind brought in Carol Åberg"]
    );
    world.finish().await
}

async fn a_team_is_brought_in(world: Stage) -> Record {
    declared(&world).await;
    let alice = world.person("alice");
    alice.types("INC-1 join stores").await.shows("checkout is down").ok();
    world.ear_of("carol").expects("Alice Ek brought you into INC-1").await.ok();
    let refused = "Everybody of Stores who may respond has already joined INC-1";
    alice.types("INC-1 join @Stores").await.refused(refused).ok_refusal();
    assert_eq!(world.timeline("INC-1").await[1..], ["#2 09:00 UTC Alice Ek brought in Carol Åberg"]);
    world.finish().await
}

async fn a_private_incident_lets_in_whom_its_people_bring(world: Stage) -> Record {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice.types("new sev2 odd logins --private").await.shows("INC-1 odd logins (private)").ok();
    world.room("INC-1").skips().await;
    bob.types("join INC-1").await.refused("There is no such incident, or it is not open to you").ok_refusal();
    bob.types("list").await.hides("odd logins").ok();
    alice.types("INC-1 join @bob").await.ok();
    world.ear_of("bob").expects("Alice Ek brought you into INC-1").await.ok();
    bob.types("list").await.shows("odd logins").shows("private").ok();
    // To be asked to take a role is to be let in, too.
    alice.types("INC-1 ic").await.ok();
    alice.types("INC-1 handoff @carol").await.ok();
    world.room("INC-1").skips().await;
    world.ear_of("carol").skips().await;
    world.person("carol").types("INC-1 handoff accept").await.ok();
    world.ear_of("alice").skips().await;
    world.finish().await
}

async fn a_chat_identity_is_linked_once(world: Stage) -> Record {
    let (alice, stranger) = (world.person("alice"), world.stranger("ally"));
    stranger.types("new sev1 checkout is down").await.refused("Muster does not know you yet").ok_refusal();
    stranger.types("link").await.refused("Muster does not know you here").ok_refusal();
    let line = code(alice.types("link").await.shows("Good once").text());
    stranger.types(&line.to_uppercase()).await.shows("From now on you are Alice Ek here, too").ok();
    stranger.types("new sev1 checkout is down").await.ok();
    world.room("INC-1").skips().await;
    assert_eq!(world.timeline("INC-1").await, ["#1 09:00 UTC Alice Ek declared a SEV1 incident: checkout is down"]);

    let other = world.stranger("eve");
    other.types(&line).await.refused("This code is not good any more").ok_refusal();
    other.types("list").await.refused("Muster does not know you yet").ok_refusal();
    let late = code(world.person("bob").types("link").await.text());
    world.pass(10).await;
    other.types(&late).await.refused("This code is not good any more").ok_refusal();
    other.types("link 0000-0000").await.refused("This code is not good any more").ok_refusal();
    world.room("INC-1").skips().await;
    world.finish().await
}

async fn fingers_know_other_words_and_slips_are_answered(world: Stage) -> Record {
    let alice = world.person("alice");
    alice.types("").await.shows("What do you want to do?").hides("Open incidents").ok();
    alice.types("/inc declare sev2 tills are slow").await.shows("INC-1 tills are slow").ok();
    world.room("INC-1").skips().await;
    alice.types("ls").await.shows("INC-1").ok();
    alice.types("  ").await.shows("Open incidents").shows("tills are slow").ok();
    let here = alice.in_room("INC-1");
    here.types("").await.shows("INC-1 tills are slow").ok();
    here.types("take").await.shows("Commander    Alice Ek").ok();
    here.types("who").await.shows("Incident Commander: Alice Ek").ok();
    here.types("rename tills are slow in Stockholm").await.shows("INC-1 tills are slow in Stockholm").ok();
    here.types("log").await.shows("became Incident Commander").ok();
    here.types("?").await.shows("What one can type").ok();
    here.types("help ic").await.shows("Take a role, or give one to somebody").ok();
    alice.types("show").await.refused("Which incident?").instead("list").ok_refusal();
    here.types("help task done").await.shows("Things to do during the incident").ok();
    here.types("RESOLVE").await.shows("resolved").ok();

    here.types("reslove rolled back")
        .await
        .refused("“reslove” is not a command")
        .instead("resolve rolled back")
        .ok_refusal();
    here.types("/frobnicate").await.instead("help").ok_refusal();
    here.types("note hello --att 10:00").await.refused("`note` has no option --att").instead("--at").ok_refusal();
    here.types("role wizard").await.refused("“wizard” is not a role: there are commander").ok_refusal();
    here.types("role commander @bobb").await.refused("INC-1 is resolved").ok_refusal();

    // In the room of one incident, text that starts with another's name could mean either.
    alice.types("new another one").await.ok();
    world.room("INC-2").skips().await;
    here.types("note INC-2 has the same cause").await.refused("This is the room of INC-1").ok_refusal();
    assert_eq!(world.log("INC-2").await.len(), 1);
    here.types("INC-2 note INC-1 has the same cause").await.ok();
    assert_eq!(world.timeline("INC-2").await[1], "#2 09:00 UTC Alice Ek noted: INC-1 has the same cause");
    here.types("note \"INC-2 has the same cause\"").await.ok();
    here.types("show INC-2").await.shows("another one").ok();
    world.finish().await
}

async fn text_is_written_down_as_it_was_typed(world: Stage) -> Record {
    declared(&world).await;
    let here = world.person("bob").in_room("INC-1");
    let lines = [
        "the bank — both of them — is slow",
        "— a dash in front",
        "rolled back -- waiting for the bank",
        "it's a 5\" screen",
        "a   gap  stays",
        "first line\nsecond line",
        "run `rm -rf /tmp/x` on db2; cost <5 & rising @everyone <!channel>",
        "\"quoted\" and not",
        "日本語 👩‍🚒",
    ];
    for text in lines {
        here.types(&format!("note {text}")).await.ok();
    }
    here.types("note \"all of it quoted\" --at 5m ago").await.ok();
    here.types("note the dash — and a time --at 5m ago").await.ok();
    here.types("note hidden\u{202e} marks\u{7} go").await.ok();
    let noted: Vec<String> = world.log("INC-1").await[1..]
        .iter()
        .filter_map(|entry| {
            let Event::Noted { text } = &entry.what else { return None };
            Some(text.clone())
        })
        .collect();
    let others = ["all of it quoted", "the dash — and a time", "hidden marks go"];
    assert_eq!(noted, lines.into_iter().chain(others).collect::<Vec<_>>());
    world.finish().await
}

async fn buttons_and_forms_do_what_lines_do(world: Stage) -> Record {
    let alice = world.person("alice").with_forms();
    let menu = alice.types("").await;
    let form = alice.clicks(&menu, "Declare an incident").await;
    let card = alice
        .fills(
            &form,
            &[("title", "checkout is down"), ("severity", "SEV1"), ("service", "checkout,payment"), ("private", "")],
        )
        .await
        .shows("Services     Checkout, Card payments");
    let welcome = world.room("INC-1").expects("Welcome").await;
    alice.clicks(&welcome, "Take Incident Commander").await.ok();
    alice.clicks(&card, "investigating").await.shows("Status       investigating").ok();
    alice.clicks(&card, "SEV2").await.shows("Severity     SEV2").ok();
    let form = alice.clicks(&card, "Update").await;
    alice.fills(&form, &[]).await.refused("Something is missing").ok_refusal();
    alice.fills(&form, &[("text", "we are on it"), ("next", "30m")]).await.ok();
    // Where a form can be shown, a command without what it needs opens it.
    let form = alice.in_room("INC-1").types("note").await.asks("Write something on the timeline · INC-1");
    alice.fills(&form, &[("text", "two lines\nof text"), ("at", "")]).await.ok();
    let here = alice.types("show INC-1").await;
    let form = alice.clicks(&here, "Resolve").await;
    alice.fills(&form, &[("note", "rolled back")]).await.shows("resolved").ok();
    assert_eq!(world.incident("INC-1").await.severity, Some("SEV2".into()));
    world.finish().await
}
