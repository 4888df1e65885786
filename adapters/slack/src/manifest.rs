//! The app as Slack is told of it, and why it may what it may. <https://docs.slack.dev/reference/app-manifest>

use serde_json::{Value, json};

/// How Slack reaches Muster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// Through a socket that Muster opens: no public address is needed.
    Socket,
    /// By requests to a public address.
    Http {
        /// Where Muster is reached from outside, without a slash at the end.
        url: String,
    },
}

/// A permission of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Its name. <https://docs.slack.dev/reference/scopes>
    pub name: &'static str,
    /// What Muster does with it, and what does not work without.
    pub why: &'static str,
}

const fn scope(name: &'static str, why: &'static str) -> Scope {
    Scope { name, why }
}

/// Everything the app may do. The documentation is made from this table.
pub const SCOPES: &[Scope] = &[
    scope("bookmarks:read", "to see which links above a room are Muster's own, and leave people's alone"),
    scope("bookmarks:write", "to keep the links above a room: console, runbook, status page"),
    scope("channels:history", "to look whether a message arrived whose answer was lost, and to read what is pinned"),
    scope("channels:join", "to come back into a room it was removed from, and into the channel for announcements"),
    scope("channels:manage", "to open, name, archive and set the topic of public rooms, and to invite people"),
    scope("channels:read", "to find the channel for announcements, and to notice what people do to rooms"),
    scope("chat:write", "to say things"),
    scope("commands", "to offer the slash commands and the shortcuts"),
    scope("groups:history", "as channels:history, in private rooms"),
    scope("groups:read", "as channels:read, in private rooms"),
    scope("groups:write", "as channels:manage, for private rooms"),
    scope("im:history", "to look whether a direct message arrived whose answer was lost"),
    scope("im:write", "to tell one person something that is for them alone"),
    scope("pins:write", "to pin the headline of an incident in its room"),
    scope("reactions:read", "to put a message on the timeline when somebody reacts with a pin"),
    scope("users:read", "to know who acts: names, bots, guests, deactivated users"),
    scope("users:read.email", "to match people with those in Muster's config by their e-mail address"),
];

/// The events the app is told of. <https://docs.slack.dev/reference/events>
pub const EVENTS: &[&str] = &[
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
];

/// The slash commands; each does the same.
pub const COMMANDS: &[&str] = &["/inc", "/incident"];

/// Where requests go over HTTP, below the public address.
const COMMANDS_AT: &str = "/slack/commands";
const INTERACTIVITY_AT: &str = "/slack/interactivity";
const EVENTS_AT: &str = "/slack/events";

/// The manifest, as “Create an app from a manifest” takes it, in JSON.
#[must_use]
pub fn manifest(door: &Door) -> Value {
    let scopes: Vec<_> = SCOPES.iter().map(|scope| scope.name).collect();
    json!({
        "_metadata": { "major_version": 2, "minor_version": 1 },
        "display_information": {
            "name": "Muster",
            "description": "Coordinates incidents: a room, a commander, the right people, and a record.",
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": { "home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": true },
            "bot_user": { "display_name": "Muster", "always_online": true },
            "shortcuts": shortcuts(),
            "slash_commands": COMMANDS.iter().map(|command| slash(command, door)).collect::<Vec<_>>(),
        },
        "oauth_config": { "scopes": { "bot": scopes } },
        "settings": {
            "event_subscriptions": at(door, EVENTS_AT, json!({ "bot_events": EVENTS })),
            "interactivity": interactivity(door),
            "org_deploy_enabled": false,
            "socket_mode_enabled": *door == Door::Socket,
            "token_rotation_enabled": false,
        },
    })
}

/// Names have 24 characters at most.
fn shortcuts() -> Value {
    let shortcut = |kind: &str, id: &str, name: &str, description: &str| json!({ "type": kind, "callback_id": id, "name": name, "description": description });
    json!([
        shortcut("global", "declare", "Declare an incident", "Open the form for a new incident"),
        shortcut("message", "declare_from_message", "Declare from message", "Declare an incident from this message"),
        shortcut("message", "add_to_timeline", "Add to timeline", "Keep this message on the timeline of an incident"),
        shortcut("message", "make_task", "Make a task", "Make this message a task of an incident"),
    ])
}

fn slash(command: &str, door: &Door) -> Value {
    let mut slash = json!({
        "command": command,
        "description": "Declare and work incidents",
        "usage_hint": "new sev1 checkout is down · status · help",
        "should_escape": true,
    });
    if let Door::Http { url } = door {
        slash["url"] = json!(format!("{url}{COMMANDS_AT}"));
    }
    slash
}

fn interactivity(door: &Door) -> Value {
    let mut interactivity = at(door, INTERACTIVITY_AT, json!({ "is_enabled": true }));
    if let Door::Http { url } = door {
        interactivity["message_menu_options_url"] = json!(format!("{url}{INTERACTIVITY_AT}"));
    }
    interactivity
}

fn at(door: &Door, path: &str, mut settings: Value) -> Value {
    if let Door::Http { url } = door {
        settings["request_url"] = json!(format!("{url}{path}"));
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn printed(door: &Door) -> String {
        serde_json::to_string_pretty(&manifest(door)).expect("JSON")
    }

    #[test]
    fn the_app_as_slack_is_told_of_it() {
        insta::assert_snapshot!("socket", printed(&Door::Socket));
        insta::assert_snapshot!("http", printed(&Door::Http { url: "https://muster.example".into() }));
    }

    #[test]
    fn every_scope_is_asked_for_once_and_has_its_reason() {
        let names: BTreeSet<_> = SCOPES.iter().map(|scope| scope.name).collect();
        assert_eq!(names.len(), SCOPES.len());
        assert!(SCOPES.iter().all(|scope| scope.why.len() > 10));
    }

    #[test]
    fn names_and_descriptions_are_as_short_as_slack_wants_them() {
        let app = manifest(&Door::Socket);
        let text = |value: &Value| value.as_str().map(|text| text.chars().count()).expect("text");
        assert!(text(&app["display_information"]["description"]) <= 140);
        for shortcut in app["features"]["shortcuts"].as_array().expect("shortcuts") {
            assert!(text(&shortcut["name"]) <= 24 && text(&shortcut["description"]) <= 150, "{shortcut}");
        }
    }

    #[test]
    fn without_a_public_address_no_address_is_told() {
        assert!(!printed(&Door::Socket).contains("url"));
    }
}
