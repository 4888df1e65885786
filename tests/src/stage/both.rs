//! A Slack workspace and a Discord server with one Muster.

use super::guild::Guild;
use super::running::Running;
use super::workspace::{Wire, Workspace};
use crate::{discord, sample, slack};
use muster_core::org::{ChatRules, Right};
use std::sync::Arc;

/// What the room of [`Both::declared`] is called in either chat.
pub const ROOM: &str = "inc-1-checkout-is-down";

/// A Slack workspace and a Discord server with one Muster, which opens rooms in Slack by itself.
pub struct Both {
    /// The workspace.
    pub slack: Workspace,
    /// The server.
    pub discord: Guild,
    /// The Muster.
    pub muster: Arc<Running>,
}

impl Both {
    /// Everybody is in both, nothing has happened.
    pub async fn begin(slack: Wire, discord: Wire) -> Self {
        let mut org = sample::retailer();
        let rules = |platform, home| ChatRules { platform, rooms: home, announces: home };
        org.chats = vec![rules(muster_slack::platform(), true), rules(muster_discord::platform(), false)];
        org.guest_right = Right::View;
        let muster = Running::over_a_file(org).await;
        let slack = Workspace::of(Arc::clone(&muster), slack).await;
        let discord = Guild::of(Arc::clone(&muster), discord, |_, _| {}).await;
        muster.run(vec![slack.chat(), discord.chat()]);
        Self { slack, discord, muster }
    }

    /// An incident that was declared in Slack and has a room in Discord, too.
    pub async fn declared(&self) -> (slack::Room, discord::Room) {
        let in_slack = self.slack.declared().await;
        let said = self.slack.types(&self.slack.alice, &in_slack, "room add discord").await;
        let _ = said.shows("discord");
        let in_discord = self.discord.discord.channel(ROOM).await;
        in_discord.message("checkout is down").await;
        self.muster.settle().await;
        (in_slack, in_discord)
    }

    /// Once everything is said, these words are in the headlines of both rooms and in the console.
    ///
    /// # Panics
    /// When they are not.
    pub async fn shows(&self, (in_slack, in_discord): (&slack::Room, &discord::Room), words: &str) {
        self.muster.settle().await;
        let in_console = self.muster.in_console("dave", "INC-1 show").await.text();
        let headlines = [in_slack.pins()[0].picture(), in_discord.pins()[0].picture()];
        for shown in headlines.iter().chain([&in_console]) {
            assert!(shown.contains(words), "“{words}” is not in:\n{shown}");
        }
    }

    /// The end of a story: everything has been said, heard, and was allowed.
    pub async fn finish(self) {
        for hand in self.slack.everybody() {
            self.slack.has_heard(hand);
        }
        for hand in self.discord.everybody() {
            self.discord.has_heard(hand);
        }
        self.slack.finish().await;
        self.discord.finish().await;
    }
}
