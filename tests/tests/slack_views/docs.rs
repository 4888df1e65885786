//! `docs/slack-cards.md` is what the renderer makes today. `MUSTER_WRITE_DOCS=1` writes it and its picture anew.

use crate::page;
use muster_core::inbound::Ask;
use muster_core::view::{card, room};
use muster_slack::render;
use muster_tests::browser::{Driver, Look};
use muster_tests::look::slack::{form, home, names, shown};
use muster_tests::shown::Shown;
use muster_tests::world::World;
use std::fmt::Write as _;
use std::path::Path;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/slack-cards.md");

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images/slack-room.png");

const OPENING: &str = "# What Slack shows

The main cards, as text. `[ Button ]`, `[[ Primary ]]`, `[! Danger !]` (`?` asks before), `[ Select ▾ ]`; small print is in ‹…›,
`*bold*`, `` `code` ``. Times are shown in each reader's own zone. A test makes this page; do not edit it.

![A room in Slack: the headline, the welcome, a handoff](images/slack-room.png)

The picture is drawn by a browser from the blocks that Muster sends; it was not taken in Slack.
";

/// What happens in the first half hour.
const MEANWHILE: [&str; 4] = [
    "INC-1 ic",
    "INC-1 summary No store can take cards since 08:50. Web is not affected.",
    "INC-1 status identified",
    "INC-1 update the bank confirms; we are failing over --next 30m",
];

fn add(page: &mut String, heading: &str, picture: &str) {
    let _ = write!(page, "\n## {heading}\n\n```text\n{picture}\n```\n");
}

#[tokio::test]
async fn the_page_of_cards_is_what_slack_shows_today() {
    let world = World::memory();
    let alice = world.person("alice");
    alice.types("new sev1 card payments fail in all stores --service payment,tills --site stockholm").await.ok();
    let mut page = OPENING.to_owned();
    let welcome = world.room("INC-1").expects("Welcome").await;
    add(&mut page, "The first message of a room", &shown(welcome.view()));
    let org = world.muster.org();
    let whole = async || world.whole("INC-1").await.incident;
    add(&mut page, "The pinned headline, before anybody is in command", &shown(&card::standing(&whole().await, &org)));
    for line in MEANWHILE {
        alice.types(line).await.ok();
    }
    add(&mut page, "The same card, a little later", &shown(&card::standing(&whole().await, &org)));
    add(&mut page, "The topic of the room", &render::topic(&room::topic(&whole().await)));
    let said = world.whole("INC-1").await.entries;
    let said = said.last().and_then(|entry| room::news(std::slice::from_ref(entry), &org)).expect("an update is news");
    add(&mut page, "What the room is told of what somebody did", &shown(&said));
    add(&mut page, "The announcement in #incidents", &shown(&room::announcement(&whole().await, &org)));
    add(&mut page, "What the one sees who asks how it stands", &shown(alice.types("show INC-1").await.view()));
    alice.types("INC-1 role scribe @bob").await.ok();
    add(&mut page, "A role, to the one who got it", &shown(world.ear_of("bob").expects("Scribe").await.view()));
    alice.types("INC-1 handoff @bob the bank calls back at ten").await.ok();
    world.room("INC-1").skips().await;
    let offer = world.ear_of("bob").expects("offers").await;
    add(&mut page, "A handoff", &shown(offer.view()));
    world.pass(31).await;
    add(&mut page, "A reminder", &shown(world.room("INC-1").expects("due").await.view()));
    alice.types("new sev4 a till prints twice").await.ok();
    add(&mut page, "The menu", &shown(alice.types("").await.view()));
    add(&mut page, "The list", &shown(alice.types("list").await.view()));
    add(&mut page, "The timeline", &shown(alice.types("INC-1 timeline").await.view()));
    alice.types("INC-1 task restart the workers @bob").await.ok();
    add(&mut page, "Tasks", &shown(alice.types("INC-1 task list").await.view()));
    add(&mut page, "Help", &shown(alice.types("help").await.view()));
    let declaring = alice.asks(Ask::Open(muster_core::command::Invocation::of("new"))).await;
    add(&mut page, "The form to declare an incident", &form(declaring.form()));
    add(&mut page, "The home tab", &home(alice.types("").await.view()));
    is_kept(Path::new(PAGE), &page);
}

fn is_kept(path: &Path, page: &str) {
    if std::env::var_os("MUSTER_WRITE_DOCS").is_some() {
        std::fs::write(path, page).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page, "{} is not what Slack shows today: write it anew with MUSTER_WRITE_DOCS=1", path.display());
}

#[tokio::test]
async fn the_picture_of_a_room() {
    let Some(driver) = Driver::start("the_picture_of_a_room") else { return };
    let world = World::memory();
    let alice = world.person("alice");
    let line = "new sev1 card payments fail in all stores --service payment,tills --site stockholm";
    alice.types(line).await.ok();
    let mut messages = vec![world.room("INC-1").expects("Welcome").await];
    for line in MEANWHILE {
        alice.types(line).await.ok();
    }
    world.person("bob").types("INC-1 join").await.ok();
    let incident = world.whole("INC-1").await.incident;
    messages.insert(0, Shown::message(card::standing(&incident, &world.muster.org())));
    alice.types("INC-1 handoff @bob the bank calls back at ten").await.ok();
    messages.push(world.room("INC-1").expects("offers").await);
    let blocks: Vec<_> = messages.iter().map(|shown| render::message(shown.view(), &names()).blocks).collect();
    let topic = render::topic(&room::topic(&incident));
    let folder = tempfile::tempdir().expect("there is a place for pages");
    let file = folder.path().join("room.html");
    let html = page::channel("inc-1-card-payments-fail-in-all-stores", &topic, &blocks);
    std::fs::write(&file, html).expect("the page can be written");
    let browser = driver.open(Look::DESKTOP).await;
    browser.goes_to(&format!("file://{}", file.display())).await;
    browser.sees("body", "Take Incident Commander").await;
    browser.photographs("slack-room").await;
    browser.closes().await;
    if std::env::var_os("MUSTER_WRITE_DOCS").is_some() {
        std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots/slack-room.png"), PICTURE)
            .expect("the picture can be kept");
    }
}
