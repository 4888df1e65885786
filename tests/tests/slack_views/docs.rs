//! `docs/slack-cards.md` is what the renderer makes today. `MUSTER_WRITE_DOCS=1` writes it and its picture anew.

use crate::page;
use muster_slack::render;
use muster_tests::browser::Driver;
use muster_tests::look::docs::{add, cards, is_kept, photograph, room, runs};
use muster_tests::look::slack::{Slack, home, names};

const OPENING: &str = "# What Slack shows

The main cards, as text. `[ Button ]`, `[[ Primary ]]`, `[! Danger !]` (`?` asks before), `[ Select ▾ ]`; small print is in ‹…›,
`*bold*`, `` `code` ``. Times are shown in each reader's own zone. A test makes this page; do not edit it.

![A room in Slack: the headline, the welcome, a handoff](images/slack-room.png)

![Runbooks in Slack: one at work, one that waits to be approved, one of which nobody knows](images/slack-run.png)

The pictures are drawn by a browser from the blocks that Muster sends; they were not taken in Slack.
";

#[tokio::test]
async fn the_page_of_cards_is_what_slack_shows_today() {
    let (mut page, menu) = cards(OPENING, &Slack).await;
    add(&mut page, "The home tab", &home(&menu));
    is_kept("slack-cards.md", &page);
}

#[tokio::test]
async fn the_picture_of_a_room() {
    let Some(driver) = Driver::start("the_picture_of_a_room") else { return };
    let (topic, messages) = room().await;
    let blocks: Vec<_> = messages.iter().map(|view| render::message(view, &names()).blocks).collect();
    let html = page::channel("inc-1-card-payments-fail-in-all-stores", &render::topic(&topic), &blocks);
    photograph(&driver, "slack-room", &html, "Take Incident Commander").await;
}

#[tokio::test]
async fn the_picture_of_a_run() {
    let Some(driver) = Driver::start("the_picture_of_a_run") else { return };
    let blocks: Vec<_> = runs().iter().map(|view| render::message(view, &names()).blocks).collect();
    let html = page::channel("inc-1-card-payments-fail-in-all-stores", &render::topic(&Vec::new()), &blocks);
    photograph(&driver, "slack-run", &html, "It took effect").await;
}
