//! An installation that is connected to a Discord of ours.

use super::{Database, Installation, MEMBERS, PEOPLE, Wire};
use crate::discord::{FakeDiscord, Hand, Room, Way};
use std::collections::BTreeMap;

impl Installation {
    /// One on that store, connected to a server, which announces in that channel.
    #[must_use]
    pub fn in_discord(store: &str, discord: &FakeDiscord, announce: &Room, wire: Wire) -> Self {
        let heard = match wire {
            Wire::Socket => String::new(),
            Wire::Http => format!("public_key = \"{}\"", discord.public_key()),
        };
        let organisation = format!(
            "{PEOPLE}\n[discord]\ntoken = \"{}\"\nserver = \"{}\"\n{heard}\nannounce = \"{}\"\napi_url = \"{}\"\n",
            discord.token(),
            discord.guild(),
            announce.id(),
            discord.url(),
        );
        let installation = Self::configured(store, &organisation);
        discord.listen_at(match wire {
            Wire::Socket => Way::Gateway,
            Wire::Http => Way::Http { url: installation.url() },
        });
        installation
    }
}

/// The people of an installation in a server, by id.
#[must_use]
pub fn members(discord: &FakeDiscord) -> BTreeMap<&'static str, Hand> {
    MEMBERS.map(|(id, name)| (id, discord.person(id, name))).into()
}

/// The people of an installation have said long ago, with `/inc link`, who they are in Discord.
pub async fn link(database: &mut Database, members: &BTreeMap<&'static str, Hand>) {
    for (person, hand) in members {
        let row = format!("('discord', '{}', '{person}', 0)", hand.id());
        database.execute(&format!("INSERT INTO chat_links (platform, id, person, linked_at) VALUES {row}")).await;
    }
}
