//! `docs/discord-cards.md` is what the renderer makes today. `MUSTER_WRITE_DOCS=1` writes it and its picture anew.

use crate::page;
use muster_discord::render;
use muster_tests::browser::Driver;
use muster_tests::look::discord::{Discord, names};
use muster_tests::look::docs::{cards, is_kept, photograph, room, runs};

const OPENING: &str = "# What Discord shows

The main cards, as text. `┃` is the coloured edge of an embed, with its colour in the first row; `[ Button ]`, `[[ Primary ]]`,
`[ Danger !]`, `[ Link ↗ ]`, `[ Select ▾ ]`; `*a field*`, `**bold**`, `` `code` ``; small print is in ‹…› or behind `-#`. Times are
shown in each reader's own zone, those with ⏱ as “in 5 minutes”. A test makes this page; do not edit it.

![A room in Discord: the headline, the welcome, a handoff](images/discord-room.png)

![Runbooks in Discord: one at work, one that waits to be approved, one of which nobody knows](images/discord-run.png)

The pictures are drawn by a browser from the messages that Muster sends; they were not taken in Discord.
";

#[tokio::test]
async fn the_page_of_cards_is_what_discord_shows_today() {
    let (page, _) = cards(OPENING, &Discord).await;
    is_kept("discord-cards.md", &page);
}

#[tokio::test]
async fn the_picture_of_a_room() {
    let Some(driver) = Driver::start("the_picture_of_a_room") else { return };
    let (topic, messages) = room().await;
    let messages: Vec<_> = messages.iter().map(|view| render::message(view, &names())).collect();
    let html = page::channel("inc-1-card-payments-fail-in-all-stores", &render::topic(&topic), &messages);
    photograph(&driver, "discord-room", &html, "Take Incident Commander").await;
}

#[tokio::test]
async fn the_picture_of_a_run() {
    let Some(driver) = Driver::start("the_picture_of_a_run") else { return };
    let messages: Vec<_> = runs().iter().map(|view| render::message(view, &names())).collect();
    let html = page::channel("inc-1-card-payments-fail-in-all-stores", &render::topic(&Vec::new()), &messages);
    photograph(&driver, "discord-run", &html, "It took effect").await;
}
