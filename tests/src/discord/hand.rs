//! People: what they do in Discord, and what they see of it.

use super::interaction::Done;
use super::mentions::Unsaid;
use super::message::Spot;
use super::modal::chosen;
use super::state::{Id, State};
use super::surface::At;
use super::{FakeDiscord, Room, Surface, api, line, picture};
use serde_json::{Value, json};
use std::time::Duration;

/// A member of the guild, at a keyboard.
#[derive(Clone)]
pub struct Hand {
    pub(super) discord: FakeDiscord,
    pub(super) id: Id,
}

/// What came of something done: the first answer to it.
pub struct Heard {
    /// How long the app took to answer; `None` when it did not within three seconds.
    pub acked: Option<Duration>,
    /// The message the answer was, or the one it changed.
    pub said: Option<Surface>,
    /// The answer: its type and data.
    pub body: Value,
    promise: Option<Surface>,
}

impl Heard {
    /// “thinking…”, whose place the answer will take. Whoever did this watches it from now on.
    ///
    /// # Panics
    /// When the answer is not promised.
    #[must_use]
    pub fn promise(self) -> Surface {
        let promise = self.promise.expect("the answer is the promise of one");
        if let At::Whisper(id) = promise.at {
            promise.discord.with(|state| hear(state, id));
        }
        promise
    }

    /// How long the app took to answer, in milliseconds.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn ack_ms(&self) -> u128 {
        self.acked.expect("the app answered").as_millis()
    }

    /// The message that came at once, which must hold these words.
    ///
    /// # Panics
    /// When there is none, or it says something else.
    #[must_use]
    pub fn says(self, words: &str) -> Surface {
        self.said.expect("the answer is a message").shows(words)
    }
}

impl Hand {
    /// The person's id.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Types a line as one would after the slash and its word in Slack: `alice.types(&room, "inc", "sev sev1")`. It is
    /// filled in as the typed options of the command that is registered; what has no typed twin goes as
    /// `/muster line:…`. Not to be answered within three seconds is a violation.
    pub async fn types(&self, room: &Room, command: &str, text: &str) -> Heard {
        let data = self.filled_in(room, command, text);
        self.does(Done::Command, room.id, (&format!("{command} {text}"), data), None).await
    }

    /// The same while the app may be down: nothing is a violation.
    pub async fn tries(&self, room: &Room, command: &str, text: &str) -> Heard {
        let data = self.filled_in(room, command, text);
        self.sends(Done::Command, room.id, (&format!("{command} {text}"), data), None).await
    }

    /// What [`Hand::types`] sends: `data` of the interaction.
    ///
    /// # Panics
    /// When neither the command nor `muster` is registered.
    #[must_use]
    pub fn filled_in(&self, room: &Room, command: &str, text: &str) -> Value {
        line::filled_in(self, room, (command, text))
    }

    /// What [`Hand::types`] sends, whole. Nothing is sent: whoever asked does that.
    #[must_use]
    pub fn interaction(&self, room: &Room, command: &str, text: &str) -> Value {
        let data = self.filled_in(room, command, text);
        self.discord.with(|state| {
            let id = state.interact(Done::Command, (self.id, room.id), &format!("{command} {text}"), None);
            state.payload(&state.interactions[&id], data)
        })
    }

    /// Uses a command with these options, as its `data` holds them: `{ "name": "inc", "options": […] }`.
    ///
    /// # Panics
    /// When no such command is registered.
    pub async fn uses(&self, room: &Room, data: Value) -> Heard {
        let name = data["name"].as_str().unwrap_or_default().to_owned();
        let data = self.discord.look(|state| line::whole(state, &data));
        self.does(Done::Command, room.id, (&name, data), None).await
    }

    /// Types the beginning of an option's value, and sees what is offered: name and value.
    /// `alice.completes(&room, "inc sev", "incident", "INC")`.
    ///
    /// # Panics
    /// When no such command is registered, or the option offers nothing by itself.
    pub async fn completes(&self, room: &Room, path: &str, option: &str, partial: &str) -> Vec<(String, String)> {
        let data = self.discord.look(|state| line::focused(state, path, (option, partial)));
        let heard = self.does(Done::Autocomplete, room.id, (path, data), None).await;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let choices = heard.body["data"]["choices"].as_array().into_iter().flatten();
        choices.map(|choice| (text(&choice["name"]), text(&choice["value"]))).collect()
    }

    /// Uses a command of a message's menu.
    ///
    /// # Panics
    /// When no such command is registered, or it is not about a message.
    pub async fn uses_message_command(&self, name: &str, message: &Surface) -> Heard {
        let At::Message { channel, id } = message.at else { panic!("a message command is about a message") };
        let data = self.discord.look(|state| {
            let command = state.command(3, name).unwrap_or_else(|| panic!("no message command “{name}” is registered"));
            let mut data = json!({ "id": command["id"], "name": name, "type": 3, "target_id": id.to_string() });
            data["resolved"]["messages"][id.to_string()] = state.channels[&channel].messages[&id].json.clone();
            if command["guild_id"].is_string() {
                data["guild_id"] = command["guild_id"].clone();
            }
            data
        });
        self.does(Done::Command, channel, (name, data), None).await
    }

    /// Clicks the button of that label.
    ///
    /// # Panics
    /// When there is none, or it leads somewhere else.
    pub async fn clicks(&self, surface: &Surface, label: &str) -> Heard {
        let button = surface.find(label);
        assert!(button["type"] == 2 && button["custom_id"].is_string(), "it is no button of the app's: {button}");
        assert!(button["disabled"] != true, "the button “{label}” is disabled");
        let data = json!({ "component_type": 2, "id": button["id"], "custom_id": button["custom_id"] });
        self.acts(surface, label, data).await
    }

    /// Chooses options of the select of that placeholder, by what they show; several separated by `, `.
    ///
    /// # Panics
    /// When there is none.
    pub async fn chooses(&self, surface: &Surface, placeholder: &str, option: &str) -> Heard {
        let select = surface.find(placeholder);
        let values = chosen(self, &select, option);
        let mut data = json!({ "component_type": select["type"], "id": select["id"],
            "custom_id": select["custom_id"], "values": values });
        if select["type"] != 3 {
            let ids: Vec<Id> = values.iter().filter_map(|value| value.parse().ok()).collect();
            data["resolved"] = self.discord.look(|state| state.resolved(&ids));
        }
        self.acts(surface, placeholder, data).await
    }

    async fn acts(&self, surface: &Surface, what: &str, data: Value) -> Heard {
        let (spot, channel) = surface.place();
        self.does(Done::Component, channel, (what, data), Some(spot)).await
    }

    /// Does something; not to be answered is a violation.
    pub(super) async fn does(&self, done: Done, channel: Id, what: (&str, Value), source: Option<Spot>) -> Heard {
        let name = what.0.to_owned();
        let heard = self.sends(done, channel, what, source).await;
        if heard.acked.is_none() {
            self.discord.with(|state| {
                if !state.forgives_silence {
                    state.violation(format!("The application did not respond in three seconds to “{name}”"));
                }
            });
        }
        heard
    }

    async fn sends(&self, done: Done, channel: Id, (what, data): (&str, Value), source: Option<Spot>) -> Heard {
        let (id, payload) = self.discord.with(|state| {
            let room = state.channels.get(&channel).expect("the channel was deleted");
            assert!(state.sees(self.id, room), "{} does not see #{}", state.called(self.id), room.name);
            let id = state.interact(done, (self.id, channel), what, source);
            (id, state.payload(&state.interactions[&id], data))
        });
        let acked = self.discord.deliver(id, &payload).await;
        let (body, spot, promise) = self.discord.with(|state| {
            let Some(known) = state.interactions.get(&id) else { return (Value::Null, None, None) };
            let body = known.answer.clone();
            let kind = body["type"].as_u64();
            let spot = known.original.filter(|_| matches!(kind, Some(4 | 7)));
            let promise = known.original.filter(|_| kind == Some(5));
            if let Some(Spot::Whisper(whisper)) = spot {
                hear(state, whisper);
            }
            (body, spot, promise)
        });
        let [said, promise] = [spot, promise].map(|spot| Some(Surface::new(&self.discord, At::of(spot?))));
        Heard { acked, said, body, promise }
    }

    /// The next private answer that holds these words and has not been heard yet; “thinking…” is none.
    pub async fn hears(&self, words: &str) -> Surface {
        let what = format!("“{words}” to {} alone", self.discord.names()[&self.id]);
        let id = self.discord.until(&what, |state| {
            let names = state.names();
            let mine = state.whispers.iter().filter(|whisper| whisper.user == self.id && !whisper.is_heard);
            let mut there = mine.filter(|whisper| !whisper.is_deleted && !whisper.message.is_promise());
            there
                .find(|whisper| picture::message(&whisper.message.json, &names).contains(words))
                .map(|whisper| whisper.id)
        });
        let id = id.await;
        self.discord.with(|state| hear(state, id));
        Surface::new(&self.discord, At::Whisper(id))
    }

    /// The private answers nobody has expected yet.
    #[must_use]
    pub fn unheard(&self) -> Vec<Surface> {
        let ids: Vec<Id> = self.discord.look(|state| {
            let mine = state.whispers.iter().filter(|whisper| whisper.user == self.id);
            mine.filter(|whisper| !whisper.is_heard && !whisper.is_deleted).map(|whisper| whisper.id).collect()
        });
        ids.into_iter().map(|id| Surface::new(&self.discord, At::Whisper(id))).collect()
    }

    /// The direct messages between the bot and this person.
    #[must_use]
    pub fn direct(&self) -> Room {
        let id = self.discord.with(|state| state.direct(self.id));
        Room { discord: self.discord.clone(), id }
    }

    /// The modal this person has in front of them, once there is one.
    pub async fn modal(&self) -> Surface {
        let what = format!("a modal before {}", self.discord.names()[&self.id]);
        let from = self.discord.until(&what, |state| state.modals.get(&self.id).map(|open| open.from)).await;
        Surface::new(&self.discord, At::Modal { user: self.id, from })
    }

    /// Whether this person has a modal in front of them.
    #[must_use]
    pub fn has_modal(&self) -> bool {
        self.discord.look(|state| state.modals.contains_key(&self.id))
    }

    /// Says something in a channel.
    pub fn says(&self, room: &Room, text: &str) -> Surface {
        let spot = self.discord.with(|state| {
            let message = state.draft(self.id, room.id, &json!({ "content": text }), Unsaid::Everything);
            state.post(room.id, message)
        });
        Surface::new(&self.discord, At::of(spot))
    }

    /// Puts a reaction on a message, such as `📌`.
    pub fn reacts(&self, message: &Surface, emoji: &str) {
        self.reaction(message, emoji, true);
    }

    /// Takes a reaction back.
    pub fn unreacts(&self, message: &Surface, emoji: &str) {
        self.reaction(message, emoji, false);
    }

    fn reaction(&self, message: &Surface, emoji: &str, added: bool) {
        let At::Message { channel, id } = message.at else { panic!("one reacts to messages") };
        let done = self.discord.with(|state| api::react(state, (channel, id), (emoji, self.id), added));
        assert!(done, "the reaction {emoji} was as wished already");
    }

    /// Pins a message.
    pub fn pins(&self, message: &Surface) {
        let At::Message { channel, id } = message.at else { panic!("one pins messages") };
        self.discord.with(|state| api::set_pin(state, channel, id, true));
    }

    /// Takes a pin away.
    pub fn unpins(&self, message: &Surface) {
        let At::Message { channel, id } = message.at else { panic!("one pins messages") };
        self.discord.with(|state| api::set_pin(state, channel, id, false));
    }

    /// Lets no bot write to them any more, or again.
    pub fn closes_direct(&self, is_closed: bool) {
        self.discord.with(|state| state.users.get_mut(&self.id).expect("a user").is_closed = is_closed);
    }

    /// Uses Discord in another language, such as `de`.
    pub fn speaks(&self, locale: &str) {
        self.discord.with(|state| locale.clone_into(&mut state.members.get_mut(&self.id).expect("a member").locale));
    }
}

fn hear(state: &mut State, id: Id) {
    for whisper in state.whispers.iter_mut().filter(|whisper| whisper.id == id) {
        whisper.is_heard = true;
    }
}
