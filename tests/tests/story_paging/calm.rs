//! Nobody is disturbed more than they must be.

use super::{begun, clock, nobody_else, paging, rings};
use muster_core::oncall::{Schedule, Target};
use muster_core::org::{Organisation, QuietHours};
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};

on_every_stage! {
    what_can_wait_lets_people_rest_and_is_not_lost,
    what_cannot_wait_wakes_people,
    nobody_is_called_too_often_and_what_is_held_comes_later,
    what_is_held_and_answered_meanwhile_never_comes,
    what_is_held_is_not_given_up,
    somebody_on_call_twice_is_called_once,
}

/// Alice rests until ten, and Bob until half past nine.
fn quiet(org: &mut Organisation) {
    paging(org);
    for (person, until) in [("alice", "11:00:00"), ("bob", "09:30:00"), ("dave", "09:30:00")] {
        let person = org.people.iter_mut().find(|one| one.id.as_str() == person).expect("they are known");
        let time = |time: &str| time.parse().expect("a time of day");
        person.reach.quiet = Some(QuietHours { from: time("22:00:00"), until: time(until) });
    }
}

async fn what_can_wait_lets_people_rest_and_is_not_lost(world: Stage) -> Record {
    world.configure(quiet);
    begun(&world).await;
    world.person("carol").types("INC-1 page payments low the receipts look odd").await.ok();
    nobody_else(&world).await;
    world.pages("INC-1").await.shows("can wait").shows("is called at").ok();
    world.until(clock("09:59:59")).await;
    nobody_else(&world).await;
    // Alice's zone is an hour ahead: her eleven is ten here.
    world.until(clock("10:00:00")).await;
    let call = rings(&world, "alice").await;
    world.pages("INC-1").await.hides("is called at").ok();
    world.until(clock("10:04:59")).await;
    nobody_else(&world).await;
    world.until(clock("10:05:00")).await;
    rings(&world, "bob").await.ok();
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    let lines = world.timeline("INC-1").await;
    assert_eq!(
        lines[2..5],
        [
            "#3 09:00 UTC Carol Åberg paged Payments (page 1, which can wait): the receipts look odd",
            "#4 09:00 UTC Carol Åberg lets Alice Ek rest until 10:00 UTC (page 1)",
            "#5 10:00 UTC Muster called Alice Ek (page 1)",
        ]
    );
    world.finish().await
}

async fn what_cannot_wait_wakes_people(world: Stage) -> Record {
    world.configure(quiet);
    begun(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "alice").await;
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    world.finish().await
}

async fn many(world: &Stage, incidents: i64) {
    for n in 1..=incidents {
        let carol = world.person("carol");
        carol.types(&format!("new sev4 till {n} is off")).await.ok();
        carol.types(&format!("INC-{n} ic")).await.ok();
        world.room(&format!("INC-{n}")).skips().await;
    }
}

async fn nobody_is_called_too_often_and_what_is_held_comes_later(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        org.paging.per_quarter = 4;
    });
    many(&world, 5).await;
    for n in 1..=5 {
        world.person("carol").types(&format!("INC-{n} page @alice till {n}")).await.ok();
        if n <= 3 {
            world.ear_of("alice").expects(&format!("You are paged: INC-{n}")).await.ok();
        }
    }
    nobody_else(&world).await;
    world.pages("INC-4").await.shows("is called at").ok();
    world.until(clock("09:00:59")).await;
    nobody_else(&world).await;
    // After a minute one more; the fifth is one too many for a quarter of an hour.
    world.until(clock("09:01:00")).await;
    let fourth = world.ear_of("alice").expects("You are paged: INC-").await;
    nobody_else(&world).await;
    assert!(fourth.text().contains("INC-4") || fourth.text().contains("INC-5"), "{}", fourth.text());
    for n in 1..=5 {
        let ends = world.person("carol").types(&format!("INC-{n} page cancel 1")).await;
        ends.ok();
    }
    world.pass(30).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn what_is_held_and_answered_meanwhile_never_comes(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        org.paging.per_minute = 1;
    });
    many(&world, 2).await;
    let carol = world.person("carol");
    carol.types("INC-1 page @alice one").await.ok();
    carol.types("INC-2 page @alice two").await.ok();
    let call = rings(&world, "alice").await;
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    world.person("alice").types("INC-2 ack").await.ok();
    world.pages("INC-2").await.shows("acknowledged by").shows("was not called").ok();
    world.pass(20).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn what_is_held_is_not_given_up(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        org.policies[0].levels.truncate(1);
        org.paging.last_resort.clear();
        org.paging.per_quarter = 1;
    });
    many(&world, 2).await;
    let carol = world.person("carol");
    carol.types("INC-1 page @alice one").await.ok();
    let call = rings(&world, "alice").await;
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    carol.types("INC-2 page payments two").await.ok();
    world.pass(14).await;
    nobody_else(&world).await;
    world.room("INC-2").is_quiet().await;
    world.pass(1).await;
    world.ear_of("alice").expects("You are paged: INC-2").await.ok();
    world.pass(5).await;
    world.room("INC-2").expects("Nobody has answered page 1").await.ok();
    world.finish().await
}

async fn somebody_on_call_twice_is_called_once(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        let twin = Schedule { id: "twin".to_owned(), ..org.schedules[0].clone() };
        org.schedules.push(twin);
        org.policies[0].levels[0].targets.push(Target::Schedule { id: "twin".to_owned() });
    });
    begun(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "alice").await;
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    world.finish().await
}
