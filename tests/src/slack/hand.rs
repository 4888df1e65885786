//! People: what they do in Slack, and what they see of it.

use super::api;
use super::deliver::{Ack, Post};
use super::state::{APP, DOMAIN, Kind, Original, State, TEAM};
use super::surface::{At, Found};
use super::{FakeSlack, Room, Surface};
use serde_json::{Value, json};
use std::time::Duration;

/// A member of the workspace, at a keyboard.
#[derive(Clone)]
pub struct Hand {
    pub(super) slack: FakeSlack,
    pub(super) id: String,
}

/// What came of something done: the acknowledgement, and the message that came with it.
pub struct Heard {
    /// How long the app took to acknowledge; `None` when it did not within three seconds.
    pub acked: Option<Duration>,
    /// The message the acknowledgement held, if any.
    pub said: Option<Surface>,
    /// What else the acknowledgement held.
    pub body: Value,
}

impl Heard {
    /// How long the app took to acknowledge, in milliseconds.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn ack_ms(&self) -> u128 {
        self.acked.expect("the app acknowledged").as_millis()
    }

    /// The message that came with the acknowledgement, which must hold these words.
    ///
    /// # Panics
    /// When there is none, or it says something else.
    #[must_use]
    pub fn says(self, words: &str) -> Surface {
        self.said.expect("the acknowledgement holds a message").shows(words)
    }
}

impl Hand {
    /// The person's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Types a slash command in a channel: `alice.types(&room, "/inc", "new checkout is down")`. Not to be acknowledged
    /// within three seconds is a violation.
    pub async fn types(&self, room: &Room, command: &str, text: &str) -> Heard {
        let payload = self.slack.with(|state| self.command(state, room, command, text));
        let ack = self.slack.deliver(Post::Command, &payload, None).await;
        self.strict(ack, &format!("{command} {text}"), &room.id)
    }

    /// The same while the app may be down: nothing is a violation.
    pub async fn tries(&self, room: &Room, command: &str, text: &str) -> Heard {
        let payload = self.slack.with(|state| self.command(state, room, command, text));
        let ack = self.slack.deliver(Post::Command, &payload, None).await;
        self.heard(ack, &room.id)
    }

    fn command(&self, state: &mut State, room: &Room, command: &str, text: &str) -> Value {
        let name = match state.channels.get(&room.id) {
            Some(channel) if channel.kind == Kind::Private => "privategroup".to_owned(),
            Some(channel) if channel.kind == Kind::Direct => "directmessage".to_owned(),
            Some(channel) => channel.name.clone(),
            None => String::new(),
        };
        json!({
            "token": "verification-token", "team_id": TEAM, "team_domain": DOMAIN, "channel_id": room.id,
            "channel_name": name, "user_id": self.id, "user_name": state.users[&self.id].name, "command": command,
            "text": text, "api_app_id": APP, "is_enterprise_install": "false",
            "response_url": state.response_url(&self.id, &room.id, Original::Nothing),
            "trigger_id": state.trigger(&self.id, None),
        })
    }

    fn strict(&self, ack: Option<Ack>, what: &str, channel: &str) -> Heard {
        if ack.is_none() {
            self.slack
                .with(|state| state.violation(format!("operation_timeout: “{what}” was not acknowledged in 3 s")));
        }
        self.heard(ack, channel)
    }

    fn heard(&self, ack: Option<Ack>, channel: &str) -> Heard {
        let Some(ack) = ack else { return Heard { acked: None, said: None, body: Value::Null } };
        let is_message = ack.body["text"].is_string() || ack.body["blocks"].is_array();
        let said = is_message.then(|| self.said(&ack.body, channel)).flatten();
        Heard { acked: Some(ack.took), said, body: ack.body }
    }

    /// The message that came with an acknowledgement, put where it belongs.
    fn said(&self, body: &Value, channel: &str) -> Option<Surface> {
        let map = body.as_object().cloned().unwrap_or_default();
        let args = super::args::Args { map, sent: super::args::Sent::Json };
        let ts = self.slack.with(|state| {
            let content = api::checked_content(&args).and_then(|()| api::content(state, &args));
            match content {
                Ok(content) if args.text("response_type") == Some("in_channel") => {
                    super::respond::say(state, (&self.id, channel), content, true);
                    None
                }
                Ok(content) => {
                    let ts = api::whisper(state, &self.id, channel, content);
                    hear(state, &ts);
                    Some(ts)
                }
                Err(refused) => {
                    state.violation(format!("an acknowledgement: {}", refused.json()));
                    None
                }
            }
        });
        Some(Surface::new(&self.slack, At::Whisper { channel: channel.to_owned(), ts: ts? }))
    }

    /// The next private answer that holds these words and has not been heard yet.
    pub async fn hears(&self, words: &str) -> Surface {
        let names = self.slack.names();
        let what = format!("“{words}” to @{} alone", names[&self.id]);
        let found = self.slack.until(&what, |state| {
            let mine = state.whispers.iter().filter(|whisper| whisper.user == self.id && !whisper.heard);
            let mut fit = mine.filter(|whisper| super::picture::message(&whisper.message, &names).contains(words));
            fit.next().map(|whisper| At::Whisper { channel: whisper.channel.clone(), ts: whisper.ts.clone() })
        });
        let at = found.await;
        if let At::Whisper { ts, .. } = &at {
            self.slack.with(|state| hear(state, ts));
        }
        Surface::new(&self.slack, at)
    }

    /// The private answers nobody has expected yet.
    #[must_use]
    pub fn unheard(&self) -> Vec<Surface> {
        let state = self.slack.lock();
        let mine = state.whispers.iter().filter(|whisper| whisper.user == self.id && !whisper.heard);
        let at = mine.map(|whisper| At::Whisper { channel: whisper.channel.clone(), ts: whisper.ts.clone() });
        at.map(|at| Surface::new(&self.slack, at)).collect()
    }

    /// The direct messages between the bot and this person.
    #[must_use]
    pub fn direct(&self) -> Room {
        let id = self.slack.with(|state| state.direct(&self.id));
        Room { slack: self.slack.clone(), id }
    }

    /// Clicks the button of that label, and says yes if it asks.
    pub async fn clicks(&self, surface: &Surface, label: &str) -> Heard {
        let found = surface.find(label, None);
        self.presses(surface, found).await
    }

    /// Clicks the button of that label in the block that shows `beside`.
    pub async fn clicks_beside(&self, surface: &Surface, beside: &str, label: &str) -> Heard {
        let found = surface.find(label, Some(beside));
        self.presses(surface, found).await
    }

    async fn presses(&self, surface: &Surface, found: Found) -> Heard {
        assert_eq!(found.element["type"], "button", "it is no button: {}", found.element);
        let mut action = json!({ "type": "button", "text": found.element["text"] });
        if let Some(value) = found.element["value"].as_str() {
            action["value"] = json!(value);
        }
        self.acts(surface, &found, action).await
    }

    /// Chooses an option of the select or menu of that label, by what the option shows.
    ///
    /// # Panics
    /// When there is none.
    pub async fn chooses(&self, surface: &Surface, label: &str, option: &str) -> Heard {
        let found = surface.find(label, None);
        let value = super::fill::value(&self.slack, &found.element, option);
        let mut action = value;
        action["type"] = found.element["type"].clone();
        if found.element["placeholder"].is_object() {
            action["placeholder"] = found.element["placeholder"].clone();
        }
        self.acts(surface, &found, action).await
    }

    async fn acts(&self, surface: &Surface, found: &Found, mut action: Value) -> Heard {
        action["block_id"] = json!(found.block);
        action["action_id"] = found.element["action_id"].clone();
        let (seen, values) = (surface.json(), surface.values());
        let (payload, channel) = self.slack.with(|state| {
            action["action_ts"] = json!(state.ts());
            let mut payload = self.interaction(state, "block_actions");
            payload["actions"] = json!([action]);
            let channel = match &surface.at {
                At::Message { channel, ts } => {
                    about_message(state, &mut payload, (&self.id, channel, ts), Original::Message(ts.clone()));
                    payload["message"] = seen;
                    channel.clone()
                }
                At::Whisper { channel, ts } => {
                    about_message(state, &mut payload, (&self.id, channel, ts), Original::Whisper(ts.clone()));
                    payload["container"]["is_ephemeral"] = json!(true);
                    channel.clone()
                }
                At::View { id } => {
                    payload["container"] = json!({ "type": "view", "view_id": id });
                    payload["trigger_id"] = json!(state.trigger(&self.id, Some(id)));
                    payload["view"] = seen;
                    payload["view"]["state"]["values"] = values;
                    String::new()
                }
            };
            (payload, channel)
        });
        let ack = self.slack.deliver(Post::Interactive, &payload, None).await;
        if ack.as_ref().is_some_and(|ack| !ack.body.is_null()) {
            self.slack.with(|state| state.violation("a click takes no answer in its acknowledgement".to_owned()));
        }
        self.strict(ack.map(|ack| Ack { body: Value::Null, ..ack }), "a click", &channel)
    }

    /// What all interactions hold.
    pub(super) fn interaction(&self, state: &mut State, kind: &str) -> Value {
        let name = state.users[&self.id].name.clone();
        json!({
            "type": kind, "token": "verification-token", "api_app_id": APP,
            "user": { "id": self.id, "username": name, "name": name, "team_id": TEAM },
            "team": { "id": TEAM, "domain": DOMAIN }, "enterprise": null, "is_enterprise_install": false,
            "trigger_id": state.trigger(&self.id, None),
        })
    }

    /// The modal this person has in front of them, once there is one.
    pub async fn modal(&self) -> Surface {
        let what = format!("a modal before {}", self.id);
        let id = self.slack.until(&what, |state| state.stacks.get(&self.id).and_then(|stack| stack.last()).cloned());
        Surface::new(&self.slack, At::View { id: id.await })
    }

    /// Whether this person has a modal in front of them.
    #[must_use]
    pub fn has_modal(&self) -> bool {
        self.slack.lock().stacks.get(&self.id).is_some_and(|stack| !stack.is_empty())
    }

    /// Uses a global shortcut by its callback id.
    pub async fn uses_shortcut(&self, callback: &str) -> Heard {
        let payload = self.slack.with(|state| {
            let mut payload = self.interaction(state, "shortcut");
            payload["callback_id"] = json!(callback);
            payload["action_ts"] = json!(state.ts());
            payload
        });
        let ack = self.slack.deliver(Post::Interactive, &payload, None).await;
        self.strict(ack, callback, "")
    }

    /// Uses a message shortcut by its callback id.
    ///
    /// # Panics
    /// When it is not about a message.
    pub async fn uses_message_shortcut(&self, callback: &str, message: &Surface) -> Heard {
        let At::Message { channel, ts } = &message.at else { panic!("a message shortcut is about a message") };
        let seen = message.json();
        let payload = self.slack.with(|state| {
            let mut payload = self.interaction(state, "message_action");
            payload["callback_id"] = json!(callback);
            payload["action_ts"] = json!(state.ts());
            payload["message_ts"] = json!(ts);
            payload["message"] = seen;
            let name = state.channels.get(channel).map(|room| room.name.clone());
            payload["channel"] = json!({ "id": channel, "name": name });
            payload["response_url"] = json!(state.response_url(&self.id, channel, Original::Nothing));
            payload
        });
        let ack = self.slack.deliver(Post::Interactive, &payload, None).await;
        self.strict(ack, callback, channel)
    }

    /// Opens the app's home tab, and sees what the app has published there, once it has.
    pub async fn opens_home(&self) -> Surface {
        let room = self.direct();
        let before = self.slack.with(|state| {
            let view = state.homes.get(&self.id).and_then(|id| state.views.get(id)).cloned();
            let ts = state.ts();
            let mut event = json!({ "type": "app_home_opened", "user": self.id, "channel": room.id, "tab": "home",
                "event_ts": ts });
            if let Some(view) = &view {
                event["view"] = view.json.clone();
            }
            state.event("app_home_opened", None, event);
            view.map_or(0, |view| view.version)
        });
        let what = format!("a home tab of {}", self.id);
        let id = self.slack.until(&what, |state| {
            let id = state.homes.get(&self.id)?;
            (state.views[id].version > before).then(|| id.clone())
        });
        Surface::new(&self.slack, At::View { id: id.await })
    }

    /// Says something in a channel.
    pub fn says(&self, room: &Room, text: &str) -> Surface {
        self.writes(room, text, None)
    }

    /// Answers in the thread of a message.
    pub fn replies(&self, message: &Surface, text: &str) -> Surface {
        let At::Message { channel, ts } = &message.at else { panic!("one replies to messages") };
        let room = Room { slack: self.slack.clone(), id: channel.clone() };
        self.writes(&room, text, Some(ts))
    }

    fn writes(&self, room: &Room, text: &str, thread: Option<&str>) -> Surface {
        let ts = self.slack.with(|state| {
            let number = state.number();
            let parts = json!([{ "type": "rich_text_section", "elements": [{ "type": "text", "text": text }] }]);
            let mut message = json!({ "client_msg_id": format!("00000000-0000-4000-8000-{number:012}"), "text": text,
                "user": self.id, "team": TEAM, "blocks": [{ "type": "rich_text", "block_id": format!("r{number}"),
                    "elements": parts }] });
            if let Some(thread) = thread {
                message["thread_ts"] = json!(thread);
            }
            state.post(&room.id, message)
        });
        Surface::new(&self.slack, At::Message { channel: room.id.clone(), ts })
    }

    /// Puts a reaction on a message, such as `pushpin`.
    pub fn reacts(&self, message: &Surface, name: &str) {
        self.reaction(message, name, true);
    }

    /// Takes a reaction back.
    pub fn unreacts(&self, message: &Surface, name: &str) {
        self.reaction(message, name, false);
    }

    fn reaction(&self, message: &Surface, name: &str, added: bool) {
        let At::Message { channel, ts } = &message.at else { panic!("one reacts to messages") };
        let done = self.slack.with(|state| api::react(state, (channel, ts), (name, &self.id), added));
        assert!(done, "the reaction {name} was as wished already");
    }

    /// Pins a message.
    pub fn pins(&self, message: &Surface) {
        let At::Message { channel, ts } = &message.at else { panic!("one pins messages") };
        self.slack.with(|state| api::set_pin(state, channel, ts, &self.id));
    }

    /// Takes a pin away.
    pub fn unpins(&self, message: &Surface) {
        let At::Message { channel, ts } = &message.at else { panic!("one pins messages") };
        self.slack.with(|state| api::drop_pin(state, channel, ts, &self.id));
    }

    /// Joins a channel.
    pub fn joins(&self, room: &Room) {
        self.slack.with(|state| api::enter(state, &room.id, &self.id, None));
    }

    /// Leaves a channel.
    pub fn leaves(&self, room: &Room) {
        self.slack.with(|state| api::go(state, &room.id, &self.id));
    }

    /// Brings somebody into a channel.
    pub fn invites(&self, room: &Room, other: &Self) {
        self.slack.with(|state| api::enter(state, &room.id, &other.id, Some(&self.id)));
    }

    /// Brings the bot into a channel.
    pub fn invites_bot(&self, room: &Room) {
        self.slack.with(|state| api::enter(state, &room.id, super::state::BOT_USER, Some(&self.id)));
    }
}

fn hear(state: &mut State, ts: &str) {
    for whisper in state.whispers.iter_mut().filter(|whisper| whisper.ts == ts) {
        whisper.heard = true;
    }
}

/// Where a click on a message happened.
fn about_message(state: &mut State, payload: &mut Value, (user, channel, ts): (&str, &str, &str), original: Original) {
    payload["container"] = json!({ "type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": false });
    let name = match state.channels.get(channel) {
        Some(room) if room.kind == Kind::Direct => "directmessage".to_owned(),
        Some(room) => room.name.clone(),
        None => String::new(),
    };
    payload["channel"] = json!({ "id": channel, "name": name });
    payload["state"] = json!({ "values": {} });
    payload["response_url"] = json!(state.response_url(user, channel, original));
}
