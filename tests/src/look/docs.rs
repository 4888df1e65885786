//! The first half hour of an incident as one platform shows it: for the pages of cards in the docs and their pictures. With
//! `MUSTER_WRITE_DOCS=1` they are written anew.

use super::Look;
use crate::browser::{self, Driver};
use crate::runs::failover_at;
use crate::sample;
use crate::world::World;
use muster_core::command::Invocation;
use muster_core::ids::IncidentId;
use muster_core::inbound::Ask;
use muster_core::runbook::{RunState, StepState};
use muster_core::view::{self, Line, View, card, room};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const DECLARED: &str = "new sev1 card payments fail in all stores --service payment,tills --site stockholm";

/// What happens then.
const MEANWHILE: [&str; 4] = [
    "INC-1 ic",
    "INC-1 summary No store can take cards since 08:50. Web is not affected.",
    "INC-1 status identified",
    "INC-1 update the bank confirms; we are failing over --next 30m",
];

/// Adds a picture to a page.
pub fn add(page: &mut String, heading: &str, picture: &str) {
    let _ = write!(page, "\n## {heading}\n\n```text\n{picture}\n```\n");
}

/// The page of the main cards, and the menu that somebody sees at the end of it.
pub async fn cards(opening: &str, look: &dyn Look) -> (String, View) {
    let world = World::memory();
    let alice = world.person("alice");
    alice.types(DECLARED).await.ok();
    let mut page = opening.to_owned();
    let welcome = world.room("INC-1").expects("Welcome").await;
    add(&mut page, "The first message of a room", &look.view(welcome.view()));
    let org = world.muster.org();
    let whole = async || world.whole("INC-1").await.incident;
    let standing = async || look.view(&card::standing(&whole().await, &org));
    add(&mut page, "The pinned headline, before anybody is in command", &standing().await);
    for line in MEANWHILE {
        alice.types(line).await.ok();
    }
    add(&mut page, "The same card, a little later", &standing().await);
    add(&mut page, "The topic of the room", &look.topic(&room::topic(&whole().await)));
    let said = world.whole("INC-1").await.entries;
    let said = said.last().and_then(|entry| room::news(std::slice::from_ref(entry), &org)).expect("an update is news");
    add(&mut page, "What the room is told of what somebody did", &look.view(&said));
    add(&mut page, "The announcement in #incidents", &look.view(&room::announcement(&whole().await, &org)));
    add(&mut page, "What the one sees who asks how it stands", &look.view(alice.types("show INC-1").await.view()));
    alice.types("INC-1 role scribe @bob").await.ok();
    add(&mut page, "A role, to the one who got it", &look.view(world.ear_of("bob").expects("Scribe").await.view()));
    alice.types("INC-1 handoff @bob the bank calls back at ten").await.ok();
    world.room("INC-1").skips().await;
    add(&mut page, "A handoff", &look.view(world.ear_of("bob").expects("offers").await.view()));
    world.pass(31).await;
    add(&mut page, "A reminder", &look.view(world.room("INC-1").expects("due").await.view()));
    alice.types("new sev4 a till prints twice").await.ok();
    add(&mut page, "The menu", &look.view(alice.types("").await.view()));
    add(&mut page, "The list", &look.view(alice.types("list").await.view()));
    add(&mut page, "The timeline", &look.view(alice.types("INC-1 timeline").await.view()));
    alice.types("INC-1 task restart the workers @bob").await.ok();
    add(&mut page, "Tasks", &look.view(alice.types("INC-1 task list").await.view()));
    for (heading, view) in
        ["A runbook at work", "A runbook that waits to be approved", "A runbook of which nobody knows"]
            .iter()
            .zip(runs())
    {
        add(&mut page, heading, &look.view(&view));
    }
    let starting = Invocation::of("runbook run").on(IncidentId(1)).with("runbook", "payment-failover");
    add(&mut page, "The form of a runbook", &look.form(alice.asks(Ask::Open(starting)).await.form()));
    add(&mut page, "Help", &look.view(alice.types("help").await.view()));
    let declaring = alice.asks(Ask::Open(Invocation::of("new"))).await;
    add(&mut page, "The form to declare an incident", &look.form(declaring.form()));
    (page, alice.types("").await.view().clone())
}

/// The card of a run: a machine is at it, it waits to be approved, nobody knows what became of it.
#[must_use]
pub fn runs() -> Vec<View> {
    let unknown = StepState::Unknown { reason: "the runner warehouse has been silent for 30 seconds".to_owned() };
    let mut stopped = failover_at("switch", unknown);
    stopped.state = RunState::Stopped;
    stopped.steps[3].tail = vec!["draining 3 connections".to_owned(), "switching".to_owned()];
    let working = failover_at("switch", StepState::Working { worker: "w1".to_owned() });
    let org = sample::retailer();
    [working, failover_at("allow", StepState::Asking), stopped].iter().map(|run| view::run::card(run, &org)).collect()
}

/// A room a little later: its topic, and its messages: the headline, the welcome, a handoff.
pub async fn room() -> (Line, Vec<View>) {
    let world = World::memory();
    let alice = world.person("alice");
    alice.types(DECLARED).await.ok();
    let welcome = world.room("INC-1").expects("Welcome").await.view().clone();
    for line in MEANWHILE {
        alice.types(line).await.ok();
    }
    world.person("bob").types("INC-1 join").await.ok();
    let incident = world.whole("INC-1").await.incident;
    let headline = card::standing(&incident, &world.muster.org());
    alice.types("INC-1 handoff @bob the bank calls back at ten").await.ok();
    let handoff = world.room("INC-1").expects("offers").await.view().clone();
    (room::topic(&incident), vec![headline, welcome, handoff])
}

fn kept_in(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn are_written() -> bool {
    std::env::var_os("MUSTER_WRITE_DOCS").is_some()
}

/// The page in the docs is this one.
///
/// # Panics
/// When it is not.
pub fn is_kept(name: &str, page: &str) {
    let path = kept_in(name);
    if are_written() {
        std::fs::write(&path, page).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "{name} is not what is shown today: write it anew with MUSTER_WRITE_DOCS=1");
}

/// Lets a browser draw a room, which shows the words.
///
/// # Panics
/// When it does not.
pub async fn photograph(driver: &Driver, name: &str, html: &str, words: &str) {
    let folder = tempfile::tempdir().expect("there is a place for pages");
    let file = folder.path().join("room.html");
    std::fs::write(&file, html).expect("the page can be written");
    let browser = driver.open(browser::Look::DESKTOP).await;
    browser.goes_to(&format!("file://{}", file.display())).await;
    browser.sees("body", words).await;
    let picture = browser.photographs(name).await;
    browser.closes().await;
    if are_written() {
        std::fs::copy(picture, kept_in(&format!("images/{name}.png"))).expect("the picture can be kept");
    }
}
