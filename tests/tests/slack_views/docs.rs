//! `docs/slack-cards.md` is what the renderer makes today. `MUSTER_WRITE_DOCS=1` writes it and its picture anew.

use crate::page;
use muster_slack::render;
use muster_tests::browser::Driver;
use muster_tests::look::docs::{add, cards, is_kept, photograph, room};
use muster_tests::look::slack::{Slack, home, names};

const OPENING: &str = "# What Slack shows

The main cards, as text. `[ Button ]`, `[[ Primary ]]`, `[! Danger !]` (`?` asks before), `[ Select ▾ ]`; small print is in ‹…›,
`*bold*`, `` `code` ``. Times are shown in each reader's own zone. A test makes this page; do not edit it.

![A room in Slack: the headline, the welcome, a handoff](images/slack-room.png)

The picture is drawn by a browser from the blocks that Muster sends; it was not taken in Slack.
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
