//! What an operator is told of the connection.

use crate::desk::Desk;
use muster_core::chat::finding::Verdict;
use muster_discord::{Discord, DiscordConfig, Token};
use muster_tests::discord::FakeDiscord;
use std::sync::Arc;

impl Desk {
    /// What is broken and what to do about it; the clock of the test is nobody's.
    async fn broken(&self) -> Vec<(String, String)> {
        let findings = self.discord.doctor(self.world.muster.now()).await;
        let broken = findings.into_iter().filter(|one| one.verdict == Verdict::Broken && !one.what.contains("clock"));
        broken.map(|one| (one.what, one.todo.expect("something to do"))).collect()
    }
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong_with_a_good_connection() {
    let desk = Desk::open().await;
    desk.discord.register(false).await.expect("registered");
    assert_eq!(desk.broken().await, []);
    let url = desk.discord.invite_url().await.expect("an address");
    assert!(url.contains(&format!("client_id={}", desk.fake.application_id())), "{url}");
    desk.finish().await;
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_found_by_itself_with_what_to_do_about_it() {
    type Harm = fn(&Desk);
    let harms: [(Harm, &str, &str); 7] = [
        (|desk| desk.fake.remove_permission("PIN_MESSAGES"), "“Pin Messages”", "headline"),
        (|desk| desk.fake.deny_bot(&desk.category, "MANAGE_CHANNELS"), "the category war rooms", "“Manage Channels”"),
        (
            |desk| desk.fake.deny_bot(&desk.incidents, "SEND_MESSAGES"),
            "the channel for announcements",
            "“Send Messages”",
        ),
        (|desk| desk.fake.delete(&desk.category), "There is no category", "we do not see it"),
        (|desk| desk.fake.delete(&desk.incidents), "There is no channel for announcements", "we do not see it"),
        (|desk| FakeDiscord::kick_bot(&desk.fake), "We cannot look into the server", "code"),
        (|desk| desk.fake.revoke_token(), "does not let us in", "401"),
    ];
    for (harm, what, also) in harms {
        let desk = Desk::open().await;
        desk.discord.register(false).await.expect("registered");
        harm(&desk);
        let found = desk.broken().await;
        assert!(found.iter().any(|(said, _)| said.contains(what) && said.contains(also)), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn commands_that_are_not_registered_and_a_category_that_is_nearly_full_are_seen() {
    let desk = Desk::open().await;
    let found = desk.broken().await;
    assert!(found.len() == 1 && found[0].1.contains("muster discord register"), "{found:?}");
    desk.fake.fills(&desk.category);
    let findings = desk.discord.doctor(desk.world.muster.now()).await;
    let full = findings.iter().find(|one| one.what.contains("0 more rooms")).expect("it says so");
    assert_eq!(full.verdict, Verdict::Doubtful);
    desk.finish().await;
}

#[tokio::test]
async fn registering_anew_leaves_nobody_with_every_command_twice() {
    let desk = Desk::open().await;
    desk.discord.register(false).await.expect("registered");
    let config = DiscordConfig {
        api_url: desk.fake.url(),
        commands_in_guild: true,
        ..DiscordConfig::new(Token::new(desk.fake.token()), desk.fake.guild().parse().expect("a snowflake"))
    };
    let here_only = Discord::new(Arc::clone(&desk.world.muster), config).expect("the config is good");
    here_only.register(false).await.expect("registered");
    let has = || [true, false].map(|of_guild| !desk.fake.commands(of_guild).is_empty());
    assert_eq!(has(), [true, true], "what was registered before is left alone");
    here_only.register(true).await.expect("registered");
    assert_eq!(has(), [true, false]);
    desk.discord.register(true).await.expect("registered");
    assert_eq!(has(), [false, true]);
    desk.finish().await;
}
