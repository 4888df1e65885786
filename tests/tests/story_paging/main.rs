//! Paging, as those live it who carry the phone: the right person, until somebody answers, and nobody else.

mod alerts;
mod answers;
mod calm;
mod paths;
mod turns;

use muster_core::clock::Timestamp;
use muster_core::ids::PersonId;
use muster_core::oncall::{Layer, Level, Policy, Schedule, Target, Turn};
use muster_core::org::Organisation;
use muster_tests::clock::moment;
use muster_tests::stage::Stage;
use std::collections::BTreeMap;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// Somebody has the phone all week.
fn schedule(id: &str, team: Option<&str>, person: &str) -> Schedule {
    let layer = Layer {
        name: "Weeks".to_owned(),
        zone: chrono_tz::Tz::UTC,
        first: "2026-11-23T09:00:00".parse().expect("a civil time"),
        until: None,
        turn: Turn::Weeks(1),
        slots: vec![vec![PersonId::from(person)]],
        windows: Vec::new(),
    };
    Schedule {
        id: id.to_owned(),
        name: format!("Payments {id}"),
        team: team.map(str::to_owned),
        zone: chrono_tz::Tz::UTC,
        layers: vec![layer],
        calendar: None,
    }
}

fn level(targets: Vec<Target>, minutes: u32) -> Level {
    Level { targets, round_robin: false, after: minutes * MINUTE, after_by_severity: BTreeMap::new() }
}

fn of_schedule(id: &str) -> Target {
    Target::Schedule { id: id.to_owned() }
}

fn of_person(id: &str) -> Target {
    Target::Person { id: PersonId::from(id) }
}

/// Payments are called at Alice, after five minutes at Bob, after three more at Dave, who is the last resort.
fn paging(org: &mut Organisation) {
    org.schedules = vec![schedule("primary", Some("payments"), "alice"), schedule("secondary", None, "bob")];
    org.policies = vec![Policy {
        id: "payments".to_owned(),
        name: "Payments".to_owned(),
        levels: vec![level(vec![of_schedule("primary")], 5), level(vec![of_schedule("secondary")], 3)],
        repeat: 0,
    }];
    let payments = org.teams.iter_mut().find(|team| team.id == "payments").expect("the team is there");
    payments.policy = Some("payments".to_owned());
    org.paging.last_resort = vec![of_person("dave")];
}

/// Carol commands an incident, and payments can be called.
async fn declared(world: &Stage) {
    world.configure(paging);
    begun(world).await;
}

async fn begun(world: &Stage) {
    let carol = world.person("carol");
    carol.types("new sev3 checkout is down").await.ok();
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
    carol.types("INC-1 ic").await.ok();
}

/// A time of that morning.
fn clock(time: &str) -> Timestamp {
    moment(&format!("2026-11-27T{time}Z"))
}

/// Somebody hears that they are paged, and nobody else hears anything.
async fn rings(world: &Stage, person: &str) -> muster_tests::stage::Shown {
    let call = world.ear_of(person).expects("You are paged: INC-1").await;
    nobody_else(world).await;
    call
}

async fn nobody_else(world: &Stage) {
    for (person, ..) in muster_tests::sample::PEOPLE {
        world.ear_of(person).is_quiet().await;
    }
}
