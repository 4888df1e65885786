//! Stages: the same story, told once, played in the console and on every chat, with the same timeline everywhere.
//!
//! A platform brings what people do there and see of it ([`Platform`]); what it may show in its own way is said once,
//! in [`rules`]. A new one implements the trait, gets a way in beside [`Stage::in_slack`] and [`Stage::in_discord`], and
//! joins the list in [`on_every_stage`](crate::on_every_stage).

pub mod both;
mod console;
mod discord;
pub mod guild;
mod heard;
pub mod outside;
mod play;
mod programs;
mod rules;
pub mod running;
mod shown;
mod slack;
pub mod workspace;

pub use play::{Ear, Hand, Record, Stage, gives_the_same_record};
pub use shown::Shown;

use crate::clock::ManualClock;
use crate::ways::Ways;
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::ids::{IncidentId, PlatformId};
use serde_json::Value;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A platform with a Muster on it: what people do there, and what they see of it. Whatever is done has come to rest when
/// it returns.
#[async_trait(?Send)]
pub trait Platform {
    /// The Muster.
    fn muster(&self) -> &Arc<Muster>;

    /// Its clock.
    fn clock(&self) -> &ManualClock;

    /// The ways to those outside, which a story may open.
    fn ways(&self) -> &Ways;

    /// A channel in which customers read, where there is a chat: the platform and its id of it.
    fn shop(&self) -> Option<(PlatformId, String)> {
        None
    }

    /// What has been said there, the oldest first.
    fn overheard(&self) -> Vec<Overheard> {
        Vec::new()
    }

    /// Whether the rules of chats hold here.
    fn is_chat(&self) -> bool;

    /// How a line that one is told to type instead is shown here.
    fn typing(&self) -> fn(&str) -> String;

    /// Does what is due, and returns once nothing is.
    async fn settle(&self);

    /// Somebody types a line after `/inc`, or whatever stands before a line there.
    async fn types(&self, by: &By, line: &str) -> Given;

    /// Somebody uses the button, or the option of a select, that has that label.
    async fn clicks(&self, by: &By, on: &Seen, label: &str) -> Given;

    /// Somebody fills in a form, by the names of its fields and the values of choices, and sends it.
    async fn fills(&self, by: &By, form: &Seen, values: &[(&str, &str)]) -> Given;

    /// What has been said in the room of an incident, the oldest first, without the headline.
    async fn said(&self, incident: IncidentId) -> Vec<Seen>;

    /// What a person has been told directly, the oldest first, without the answers to what they did.
    async fn told(&self, person: &str) -> Vec<Seen>;

    /// The end: every answer has been given to somebody who waited for it, nothing was said anywhere else.
    async fn finish(self: Box<Self>);
}

/// Who does something, and where.
#[derive(Debug, Clone)]
pub struct By {
    /// By the id of the organisation; anybody else is a stranger.
    pub who: String,
    /// In the room of which incident, if in any.
    pub room: Option<IncidentId>,
    /// Whether a form can be shown there, where that is not always so.
    pub forms: bool,
}

/// What customers read in a channel of a chat.
#[derive(Debug, Clone)]
pub struct Overheard {
    /// Everything that is read in it.
    pub words: String,
    /// Whom it pings, as that is written there.
    pub pings: Vec<String>,
    /// The message as the platform has it.
    pub json: Value,
}

impl Overheard {
    /// Where its links lead.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        fn within(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("url").and_then(Value::as_str).map(str::to_owned));
                    fields.values().for_each(|inner| within(inner, found));
                }
                Value::Array(items) => items.iter().for_each(|inner| within(inner, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let mut found = Vec::new();
        within(&self.json, &mut found);
        found
    }
}

/// What somebody sees.
#[derive(Clone)]
pub struct Seen {
    /// The platform's name for it, the same for ever.
    pub key: String,
    /// Everything that is read in it, without how it looks.
    pub words: String,
    /// What else is in sight: the headline of the room.
    pub in_sight: String,
    /// If it looks as a refusal does there: the sentence, and what to type instead.
    pub refusal: Option<(String, Option<String>)>,
    /// What one clicks on and fills in, as the platform has it.
    pub thing: Arc<dyn Any + Send + Sync>,
}

impl Seen {
    /// Something with these words.
    pub fn new(key: impl Into<String>, words: String, thing: impl Any + Send + Sync) -> Self {
        Self { key: key.into(), words, in_sight: String::new(), refusal: None, thing: Arc::new(thing) }
    }

    /// The thing as this platform has it.
    ///
    /// # Panics
    /// When it is another platform's.
    #[must_use]
    pub fn thing<T: 'static>(&self) -> &T {
        self.thing.downcast_ref().expect("it was shown on this platform")
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.words)
    }
}

/// What somebody is given for what they did, and nobody else.
#[derive(Debug, Clone)]
pub enum Given {
    /// An answer, which may be a refusal.
    Answer(Seen),
    /// A form.
    Form(Seen),
    /// Nothing: the platform itself does not send a form that lacks these fields.
    Lacking(Vec<String>),
}

/// The line to type elsewhere that a view shows somebody who asked for a code.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn code(shown: &str) -> String {
    let line = shown.lines().map(str::trim).find(|line| line.starts_with("link "));
    line.unwrap_or_else(|| panic!("no code is shown, but this:\n{shown}")).to_owned()
}

/// Tells each story of a chat's own over a WebSocket that Muster opened, on SQLite, and over signed requests, in memory:
/// `over_both_wires![Workspace; somebody_declares, …]`.
#[macro_export]
macro_rules! over_both_wires {
    ($place:ident; $($tale:ident),* $(,)?) => {$(
        mod $tale {
            use $crate::stage::workspace::Wire;

            #[tokio::test]
            async fn over_a_socket() {
                super::$tale(super::$place::begin(Wire::Socket).await).await;
            }

            #[tokio::test]
            async fn over_http() {
                super::$tale(super::$place::begin(Wire::Http).await).await;
            }
        }
    )*};
}

/// Plays each story on every stage.
#[macro_export]
macro_rules! on_every_stage {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use $crate::stage::workspace::Wire;
            use $crate::stage::{Stage, gives_the_same_record};

            #[tokio::test]
            async fn on_sqlite() {
                gives_the_same_record(super::$story, Stage::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(stage) = Stage::on_postgres(stringify!($story)).await {
                    gives_the_same_record(super::$story, stage).await;
                }
            }

            #[tokio::test]
            async fn in_slack_over_socket_mode() {
                gives_the_same_record(super::$story, Stage::in_slack(Wire::Socket).await).await;
            }

            #[tokio::test]
            async fn in_slack_over_http() {
                gives_the_same_record(super::$story, Stage::in_slack(Wire::Http).await).await;
            }

            #[tokio::test]
            async fn in_discord_over_the_gateway() {
                gives_the_same_record(super::$story, Stage::in_discord(Wire::Socket).await).await;
            }

            #[tokio::test]
            async fn in_discord_over_http() {
                gives_the_same_record(super::$story, Stage::in_discord(Wire::Http).await).await;
            }
        }
    )*};
}
