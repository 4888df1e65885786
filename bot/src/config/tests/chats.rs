//! Slack and Discord.

use super::{ALICE, beside_alice, good};

#[test]
fn a_workspace_of_slack_is_read_as_meant() {
    let slack = "[slack]\nbot_token = \"xoxb-1\"\napp_token = \"xapp-1\"\nannounce = \"#incidents\"\n\
                 command = \"incident\"\npin_reactions = [\":memo:\"]\n";
    let config = good(&format!("{ALICE}{slack}"));
    let slack = config.slack.as_ref().expect("it is there");
    assert_eq!((slack.announce.as_deref(), slack.command.as_str()), (Some("incidents"), "/incident"));
    assert_eq!(slack.pin_reactions, ["memo"]);
    let chats: Vec<_> =
        config.org.chats.iter().map(|chat| (chat.platform.as_str(), chat.rooms, chat.announces)).collect();
    assert_eq!(chats, [("slack", true, true)]);
    assert!(!format!("{config:?}").contains("xoxb"), "tokens are never printed");
}

#[test]
fn what_is_wrong_with_a_workspace_is_told() {
    let told = |slack: &str| beside_alice(&format!("[slack]\n{slack}")).join("\n");
    assert!(told("app_token = \"xapp-1\"").contains("slack.bot_token: this is missing"));
    assert!(told("bot_token = \"xoxb-1\"").contains("without app_token (Socket Mode) or signing_secret (HTTP)"));
    assert!(told("bot_token = \"xoxp-1\"\napp_token = \"xapp-1\"").contains("must start with xoxb-"));
    assert!(told("bot_token = \"env:MUSTER_NO_SUCH\"").contains("has no variable MUSTER_NO_SUCH"));
    assert!(beside_alice("[rooms]\ninvite_teams = [\"nobody\"]").join("").contains("team `nobody` does not exist"));
}

#[test]
fn a_server_of_discord_is_read_as_meant() {
    let discord = "[[team]]\nid = \"tills\"\nname = \"Tills\"\n[discord]\ntoken = \"abc.def\"\nserver = \"17\"\n\
                   categories = [\"18\", \"19\"]\nannounce = \"20\"\npin_reactions = [\":memo:\"]\n\
                   [[discord.role]]\nid = \"21\"\nteam = \"tills\"\n[[discord.role]]\nid = \"22\"\nright = \"view\"\n";
    let config = good(&format!("{ALICE}{discord}"));
    let read = config.discord.as_ref().expect("it is there");
    assert_eq!((read.guild, read.announce, read.pin_reactions[0].as_str()), (17, Some(20), "memo"));
    assert_eq!(read.rooms, muster_discord::Rooms::Channels { categories: vec![18, 19] });
    let groups: Vec<_> =
        config.org.groups.iter().map(|rule| (rule.group.as_str(), rule.team.as_deref(), rule.right)).collect();
    assert_eq!(
        groups,
        [("21", Some("tills"), muster_core::org::Right::Respond), ("22", None, muster_core::org::Right::View)]
    );
    assert!(!format!("{config:?}").contains("abc.def"), "tokens are never printed");
}

#[test]
fn what_is_wrong_with_a_server_is_told() {
    let told = |more: &str| beside_alice(&format!("[discord]\ntoken = \"a\"\nserver = \"17\"\n{more}")).join("\n");
    assert!(beside_alice("[discord]\nserver = \"17\"").join("").contains("discord.token: this is missing"));
    assert!(beside_alice("[discord]\ntoken = \"a\"").join("").contains("discord.server: this is missing"));
    assert!(told("announce = \"#incidents\"").contains("discord.announce: “#incidents” is not an id of Discord"));
    assert!(told("forum = \"1\"\nthreads_of = \"2\"").contains("in one kind of place only"));
    assert!(told("public_key = \"abc\"").contains("64 hexadecimal digits"));
    assert!(told("[[discord.role]]\nid = \"1\"\nteam = \"nobody\"").contains("discord.role.team: team `nobody`"));
    assert!(told("[[discord.role]]\nid = \"1\"").contains("must stand for a team"));
}
