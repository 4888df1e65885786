//! Interactions: what a person did, the app's one answer to it, and what its token is good for.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding>

use super::mentions::Unsaid;
use super::message::{EPHEMERAL, LOADING, Message, Spot, Whisper};
use super::modal::Open;
use super::refused::{ACKNOWLEDGED, Refused, UNKNOWN_INTERACTION, Wrong};
use super::state::{Id, State};
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long the app has for its first answer.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback>
pub(super) const ACK_LIMIT: Duration = Duration::from_secs(3);

/// How long its token is good.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback>
pub(super) const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

/// What somebody did. <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl Done {
    /// Its number.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }

    /// The types of callback that may answer it, on a message or not.
    /// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type>
    fn answers(self, on_message: bool) -> &'static [u64] {
        match (self, on_message) {
            (Self::Command, _) => &[4, 5, 9],
            (Self::Component, _) => &[4, 5, 6, 7, 9],
            (Self::Autocomplete, _) => &[8],
            (Self::Modal, true) => &[4, 5, 6, 7],
            (Self::Modal, false) => &[4, 5],
        }
    }
}

/// One interaction.
#[derive(Debug, Clone)]
pub(super) struct Interaction {
    pub(super) id: Id,
    pub(super) token: String,
    pub(super) done: Done,
    /// What it is called in a report.
    pub(super) what: String,
    pub(super) user: Id,
    pub(super) channel: Id,
    pub(super) sent: Instant,
    pub(super) made: Timestamp,
    /// How long the first answer took.
    pub(super) acked: Option<Duration>,
    /// The first answer: its type and data.
    pub(super) answer: Value,
    /// What `@original` is.
    pub(super) original: Option<Spot>,
    /// The message it was done on.
    pub(super) source: Option<Spot>,
    /// Whether “thinking…” is all there is so far.
    pub(super) is_waiting: bool,
    /// What its token has said.
    pub(super) said: Vec<Spot>,
}

impl State {
    /// A new interaction, which is about to be sent.
    pub(super) fn interact(&mut self, done: Done, (user, channel): (Id, Id), what: &str, source: Option<Spot>) -> Id {
        let id = self.id();
        let interaction = Interaction {
            id,
            token: format!("aW50ZXJhY3Rpb24{id}"),
            done,
            what: what.to_owned(),
            user,
            channel,
            sent: Instant::now(),
            made: self.now,
            acked: None,
            answer: Value::Null,
            original: None,
            source,
            is_waiting: false,
            said: Vec::new(),
        };
        self.interactions.insert(id, interaction);
        id
    }

    /// The app's first answer to an interaction. Gives the message that came of it.
    ///
    /// # Errors
    /// Unknown after three seconds; acknowledged already; not a type that may answer it.
    pub(super) fn answer(&mut self, id: Id, body: &Value) -> Result<Option<Value>, Refused> {
        let interaction = self.interactions.get_mut(&id).ok_or(UNKNOWN_INTERACTION)?;
        if interaction.acked.is_some() {
            return Err(ACKNOWLEDGED.into());
        }
        let took = interaction.sent.elapsed();
        if took > ACK_LIMIT {
            return Err(UNKNOWN_INTERACTION.into());
        }
        let kind = body["type"].as_u64().unwrap_or_default();
        if !interaction.done.answers(interaction.source.is_some()).contains(&kind) {
            let wrong = Wrong::at("type", format!("{kind} does not answer this interaction"));
            self.violation(format!("interaction callback: {wrong}"));
            return Err(Refused::form(&[wrong]));
        }
        interaction.acked = Some(took);
        interaction.answer = body.clone();
        let interaction = interaction.clone();
        let data = body.get("data").filter(|data| data.is_object()).cloned().unwrap_or_else(|| json!({}));
        let spot = match kind {
            4 => Some(self.reply(&interaction, &data)),
            5 => Some(self.think(&interaction, &data)),
            6 => interaction.source,
            7 => interaction.source.filter(|spot| self.edit(*spot, &data, Unsaid::Users).is_some()),
            9 => {
                let open = Open::new(data, &interaction);
                self.modals.insert(interaction.user, open);
                None
            }
            _ => None,
        };
        if interaction.done == Done::Modal {
            self.modals.remove(&interaction.user);
        }
        let interaction = self.interactions.get_mut(&id).ok_or(UNKNOWN_INTERACTION)?;
        interaction.original = spot;
        interaction.is_waiting = kind == 5;
        interaction.said.extend(spot);
        let message = spot.filter(|_| kind == 4 || kind == 7);
        Ok(message.and_then(|spot| self.at(spot)).map(|message| message.json.clone()))
    }

    /// “thinking…”, until the app says more.
    fn think(&mut self, interaction: &Interaction, data: &Value) -> Spot {
        let flags = data["flags"].as_u64().unwrap_or_default() & EPHEMERAL;
        let spot = self.reply(interaction, &json!({ "flags": flags }));
        if let Some(message) = self.at_mut(spot) {
            message.json["flags"] = json!(flags | LOADING);
        }
        spot
    }

    /// A message by the interaction's token, before everybody or one person.
    pub(super) fn reply(&mut self, interaction: &Interaction, data: &Value) -> Spot {
        let mut message = self.draft(self.bot, interaction.channel, data, Unsaid::Users);
        let user = self.users[&interaction.user].json();
        message.json["webhook_id"] = json!(self.application.to_string());
        message.json["interaction_metadata"] = json!({ "id": interaction.id.to_string(), "type":
            interaction.done.number(), "user": user, "authorizing_integration_owners": { "0": self.guild.to_string() } });
        if interaction.done == Done::Command {
            message.json["type"] = json!(20);
            message.json["interaction"] =
                json!({ "id": interaction.id.to_string(), "type": 2, "name": interaction.what, "user": user });
        }
        if data["flags"].as_u64().unwrap_or_default() & EPHEMERAL == 0 {
            return self.post(interaction.channel, message);
        }
        self.whisper(interaction.user, interaction.channel, message)
    }

    fn whisper(&mut self, user: Id, channel: Id, message: Message) -> Spot {
        let id = message.id();
        self.whispers.push(Whisper { id, user, channel, message, is_heard: false, is_deleted: false });
        Spot::Whisper(id)
    }

    /// The interaction whose token that is, while the token is good.
    pub(super) fn by_token(&self, token: &str) -> Option<&Interaction> {
        let known = self.interactions.values().rev().find(|interaction| interaction.token == token)?;
        (self.now - known.made < TOKEN_LIFE).then_some(known)
    }

    /// What the app owes to people: deferred answers whose token is still good and that have not come.
    pub(super) fn owed(&self) -> Vec<String> {
        let waiting = self.interactions.values().filter(|interaction| interaction.is_waiting);
        let good = waiting.filter(|interaction| self.now - interaction.made < TOKEN_LIFE);
        good.map(|interaction| format!("“{}” is still being thought about", interaction.what)).collect()
    }
}
