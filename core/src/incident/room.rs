//! Rooms: where an incident is worked. Any number, on any platforms; one is home.

use crate::ids::{IncidentId, PlatformId};
use serde::{Deserialize, Serialize};

/// One place where an incident is worked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Room {
    /// Where.
    pub platform: PlatformId,
    /// The platform's own name for the room.
    pub address: String,
    /// Whether this is the home of the incident.
    pub home: bool,
    /// Where the room opens in a browser or an app, if it has such a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether only those can see it who were let in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// Whether it has been put away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl Room {
    /// The room in the console, which every incident has.
    #[must_use]
    pub fn in_console(incident: IncidentId) -> Self {
        Self {
            platform: PlatformId::console(),
            address: incident.to_string(),
            home: true,
            url: None,
            private: false,
            archived: false,
        }
    }

    /// Whether it is a room on a chat platform in which things are said.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.platform != PlatformId::console() && !self.archived
    }
}

/// What a room of an incident is to be like when it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPlan {
    /// Its name: lower-case letters, digits and hyphens. A platform that has one of that name puts a number behind.
    pub name: String,
    /// Whether only those can see it who are let in.
    pub private: bool,
    /// When the incident was declared: a room of that name which is older belongs to something else.
    pub since: crate::clock::Timestamp,
}

/// The longest name of a room, in characters: Slack takes 80, Discord 100.
const LONGEST_NAME: usize = 72;

/// What the room of an incident is called: `inc-42-checkout-down`.
#[must_use]
pub fn name_of(id: IncidentId, title: &str) -> String {
    let mut name = format!("inc-{}-{}", id.0, slug::slugify(title));
    name.truncate(LONGEST_NAME);
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_named_after_its_incident_in_letters_every_platform_takes() {
        assert_eq!(name_of(IncidentId(42), "Checkout is DOWN!"), "inc-42-checkout-is-down");
        assert_eq!(name_of(IncidentId(7), "Kassan i Göteborg går inte"), "inc-7-kassan-i-goteborg-gar-inte");
        assert_eq!(name_of(IncidentId(7), "🔥🔥 <!channel>"), "inc-7-fire-fire-channel");
        assert_eq!(name_of(IncidentId(7), "…"), "inc-7");
        assert!(name_of(IncidentId(7), &"long ".repeat(60)).len() <= LONGEST_NAME);
    }
}
