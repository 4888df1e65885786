//! The SDK understands every answer, and its rate limiter what the headers say.

use muster_tests::discord::FakeDiscord;
use serde_json::json;
use serenity::all::{
    ButtonStyle, ChannelId, ChannelType, CreateActionRow, CreateAllowedMentions, CreateButton, CreateChannel,
    CreateEmbed, CreateMessage, EditChannel, EditMessage, EditThread, GetMessages, GuildId, Http, HttpBuilder, Nonce,
    PermissionOverwrite, PermissionOverwriteType, Permissions, ReactionType, RoleId, UserId,
};
use std::time::{Duration, Instant};

fn http(discord: &FakeDiscord) -> Http {
    let client = reqwest_of_the_sdk();
    HttpBuilder::new(discord.token()).client(client).proxy(discord.url()).ratelimiter_disabled(true).build()
}

/// The SDK takes an older line of the client.
fn reqwest_of_the_sdk() -> sdk_reqwest::Client {
    sdk_reqwest::Client::builder().no_proxy().build().expect("a client")
}

fn id<T: From<u64>>(text: &str) -> T {
    T::from(text.parse::<u64>().expect("a snowflake"))
}

#[tokio::test]
async fn the_sdk_understands_every_answer() {
    let discord = FakeDiscord::start().await;
    let http = http(&discord);
    let (alice, category) = (discord.person("alice", "Alice Ek"), discord.category("Incidents"));
    let (alice_id, guild): (UserId, GuildId) = (id(&alice.id()), id(&discord.guild()));
    assert_eq!(http.get_current_user().await.expect("me").id, id::<UserId>(&discord.bot_user()));
    http.get_current_application_info().await.expect("the app");
    http.get_bot_gateway().await.expect("the gateway");
    http.get_guild(guild).await.expect("the guild");
    http.get_guild_roles(guild).await.expect("roles");
    guild.channels(&http).await.expect("channels");
    guild.member(&http, alice_id).await.expect("a member");
    assert_eq!(guild.search_members(&http, "Ali", Some(5)).await.expect("members").len(), 1);
    let everyone = PermissionOverwriteType::Role(id::<RoleId>(&discord.guild()));
    let deny = PermissionOverwrite { allow: Permissions::empty(), deny: Permissions::VIEW_CHANNEL, kind: everyone };
    let me = PermissionOverwriteType::Member(id(&discord.bot_user()));
    let allow = PermissionOverwrite { allow: Permissions::VIEW_CHANNEL, deny: Permissions::empty(), kind: me };
    let new =
        CreateChannel::new("inc-1").kind(ChannelType::Text).category(id::<ChannelId>(&category.id())).topic("SEV1");
    let room = guild.create_channel(&http, new.permissions([deny, allow])).await.expect("a channel");
    let mut room = room.id.to_channel(&http).await.expect("the same").guild().expect("of the guild");
    room.edit(&http, EditChannel::new().topic("SEV2")).await.expect("another topic");
    let kind = PermissionOverwriteType::Member(alice_id);
    let lets = PermissionOverwrite { allow: Permissions::VIEW_CHANNEL, deny: Permissions::empty(), kind };
    room.id.create_permission(&http, lets).await.expect("a permission");
    let embed = CreateEmbed::new().title("INC-1").field("Severity", "SEV1", true).colour(0xed_4245);
    let button = CreateButton::new("take").label("Take command").style(ButtonStyle::Primary);
    let message = CreateMessage::new()
        .embed(embed)
        .components(vec![CreateActionRow::Buttons(vec![button])])
        .allowed_mentions(CreateAllowedMentions::new())
        .nonce(Nonce::String("INC-1/1/0".to_owned()))
        .enforce_nonce(true);
    let mut message = room.id.send_message(&http, message).await.expect("a message");
    message.edit(&http, EditMessage::new().content("changed")).await.expect("an edit");
    assert_eq!(room.id.messages(&http, GetMessages::new().limit(5)).await.expect("messages").len(), 1);
    message.react(&http, ReactionType::Unicode("📌".to_owned())).await.expect("a reaction");
    let direct = alice_id.create_dm_channel(&http).await.expect("a conversation");
    direct.say(&http, "you are paged").await.expect("a direct message");
    let forum: ChannelId = id(&discord.forum("posts", None).id());
    let post = json!({ "name": "INC-2", "message": { "content": "INC-2" } });
    let thread = http.create_forum_post(forum, &post, None).await.expect("a post");
    thread.id.edit_thread(&http, EditThread::new().archived(true).locked(true)).await.expect("an archived post");
    http.set_application_id(id(&discord.application_id()));
    let line = json!({ "type": 3, "name": "line", "description": "d" });
    let commands = json!([{ "name": "muster", "description": "d", "options": [line] }]);
    http.create_guild_commands(guild, &commands).await.expect("commands");
    assert_eq!(guild.get_commands(&http).await.expect("commands").len(), 1);
    let gone = http.get_channel(id("404")).await.expect_err("it is not there");
    let serenity::Error::Http(serenity::http::HttpError::UnsuccessfulRequest(refused)) = gone else { panic!("{gone}") };
    assert_eq!((refused.status_code.as_u16(), refused.error.code), (404, 10003));
    message.delete(&http).await.expect("gone");
    room.delete(&http).await.expect("gone");
    discord.finish();
}

#[tokio::test]
async fn over_tls_the_rate_limiter_of_the_sdk_waits() {
    let discord = FakeDiscord::start_tls().await;
    let authority = sdk_reqwest::Certificate::from_pem(discord.ca_pem().as_bytes()).expect("a certificate");
    let client = sdk_reqwest::Client::builder()
        .no_proxy()
        .tls_built_in_root_certs(false)
        .add_root_certificate(authority)
        .resolve("discord.com", discord.address());
    let http = HttpBuilder::new(discord.token()).client(client.build().expect("a client")).build();
    let room: ChannelId = id(&discord.text_channel("general", None).id());
    discord.bucket("POST /channels/{}/messages", 2, Duration::from_secs(1));
    let began = Instant::now();
    for n in 0..4 {
        room.say(&http, n.to_string()).await.expect("it is sent in the end");
    }
    assert!(began.elapsed() >= Duration::from_millis(900), "two a second: {:?}", began.elapsed());
    assert_eq!(discord.calls().len(), 4, "none was sent in vain");
    discord.finish();
}
