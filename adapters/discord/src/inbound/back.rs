//! The way back to the one who asked: what only they see, where they are looking, or else in a conversation of their own.

use super::ack::{Ack, aside};
use super::payload::Interaction;
use crate::Discord;
use crate::api::{ApiError, Call, channel, code};
use crate::config::Id;
use crate::render;
use muster_core::chat::{Pending, Told, answer};
use muster_core::command::Invocation;
use muster_core::reply::Body;
use muster_core::view::{Tone, View, text};
use serde_json::{Value, json};
use serenity::http::Route;
use std::sync::Arc;
use std::time::Duration;

/// How long somebody who waits for an answer waits for the names in it.
const GLANCE: Duration = Duration::from_millis(250);
/// What was just acknowledged over HTTP Discord may not know of yet: it is asked again after these pauses.
const UNKNOWN_YET: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_millis(1_000)];

/// The way back to somebody. It prints nothing of itself, as it holds the interaction's token.
#[derive(Clone, Default)]
pub(super) struct Back {
    user: Option<Id>,
    channel: Option<Id>,
    application: Option<Id>,
    token: String,
    /// Whether what is answered may take the place of what they see: that is theirs alone.
    replaces: bool,
}

impl Back {
    /// To the one who used a command, a button or a form.
    pub(super) fn of(interaction: &Interaction) -> Self {
        Self {
            user: interaction.user().id,
            channel: interaction.channel_id,
            application: interaction.application_id,
            token: interaction.token.clone(),
            replaces: interaction.kind == super::PRESS && interaction.message.is_ephemeral(),
        }
    }

    /// To somebody in a channel, who did nothing that Discord gives a better way back for.
    pub(super) fn to(user: Id, channel: Id) -> Self {
        Self { user: Some(user), channel: Some(channel), ..Self::default() }
    }

    /// Whose it is.
    pub(super) fn user(&self) -> Option<Id> {
        self.user
    }
}

impl Discord {
    /// What Discord is answered: what came of it if that is known in time, else the promise of it.
    pub(super) async fn answered(self: &Arc<Self>, back: Back, asked: Result<Told, Pending<Told>>) -> Ack {
        let told = match asked {
            Ok(told) => told,
            Err(pending) => {
                let (discord, replaces) = (Arc::clone(self), back.replaces);
                let rest = async move { discord.tell(&back, pending.await).await };
                return Ack::Later { replaces, rest: Box::pin(rest) };
            }
        };
        if let Told::Done(reply) = &told
            && let Body::Form(form) = &reply.body
        {
            return Ack::Open { modal: render::modal(form), target: form.target.clone() };
        }
        let replaces = back.replaces && matches!(told, Told::Done(_));
        Ack::Say { message: self.worded(&back, told).await, replaces }
    }

    /// Tells somebody what came of what they asked, after Discord has been told that it will come.
    pub(super) async fn tell(&self, back: &Back, told: Told) {
        let is_done = matches!(told, Told::Done(_));
        let message = self.worded(back, told).await;
        self.say_back(back, message, is_done).await;
    }

    /// What came of it, as a message. What they see now stays if it was not done, so that they can try again.
    pub(super) async fn worded(&self, back: &Back, told: Told) -> Value {
        match &told {
            Told::Done(reply) => match &reply.body {
                Body::View(view) => self.message(view).await,
                Body::Form(form) => self.offered(back, &form.target).await,
            },
            Told::Refused(_) | Told::Failed(_) => self.message(&answer::sentence(&told)).await,
            Told::Ignored => self.message(&for_people()).await,
        }
    }

    /// Says something to one person: where they were, as long as Discord lets us, else in a conversation of their own.
    pub(super) async fn say_back(&self, back: &Back, message: Value, is_done: bool) {
        let Err(error) = self.say_there(back, &message, is_done).await else { return };
        tracing::info!(%error, "an answer could not be given where it was asked for; it is sent to its author");
        self.say_directly(back, message).await;
    }

    async fn say_there(&self, back: &Back, message: &Value, is_done: bool) -> Result<(), ApiError> {
        let Some(application) = back.application.filter(|_| !back.token.is_empty()) else {
            return Err(ApiError::unsaid(401));
        };
        let mut pauses = UNKNOWN_YET.iter();
        loop {
            // What was promised beside what they see takes the place of the promise.
            let said = if is_done || !back.replaces {
                self.api.edit_original(application, &back.token, message.clone()).await
            } else {
                self.api.follow_up(application, &back.token, aside(message)).await
            };
            let pause = match &said {
                Err(ApiError::RateLimited { after }) if *after < Duration::from_secs(5) => {
                    pauses.next().map(|_| *after)
                }
                Err(ApiError::Ambiguous(_) | ApiError::Down(_)) => pauses.next().copied(),
                Err(ApiError::Refused(refused)) if refused.status == 404 => pauses.next().copied(),
                Ok(()) | Err(ApiError::RateLimited { .. } | ApiError::Refused(_)) => None,
            };
            let Some(pause) = pause else { return said };
            tokio::time::sleep(pause).await;
        }
    }

    /// Says it in a conversation of their own. Those who take no messages are told in the channel where to look; what
    /// they asked is nobody else's business.
    async fn say_directly(&self, back: &Back, message: Value) {
        let Some(user) = back.user else { return };
        let Err(error) = self.write_to(user, message).await else { return };
        tracing::info!(%error, "somebody cannot be written to; they are told where to look");
        let Some(there) = back.channel else { return };
        let console = &self.muster.org().console_url;
        let hint = json!({
            "content": format!("<@{user}> Muster could not answer you here: look in the console, {console}, or ask again"),
            "allowed_mentions": { "parse": [], "users": [user.to_string()] },
        });
        let hint = Call::post(Route::ChannelMessages { channel_id: channel(there) }, hint);
        if let Err(error) = self.api.call(hint).await {
            tracing::warn!(%error, "an answer to somebody could not be given");
        }
    }

    async fn write_to(&self, user: Id, message: Value) -> Result<(), ApiError> {
        if self.people.is_closed(user) {
            return Err(ApiError::unsaid(403));
        }
        let channel_id = channel(self.people.conversation(&self.api, user).await?);
        let said = self.api.call(Call::post(Route::ChannelMessages { channel_id }, message)).await;
        if said.as_ref().is_err_and(|error| error.is(&[code::CLOSED_TO_US])) {
            self.people.learn_closed(user);
        }
        said.map(drop)
    }

    /// Says what Discord would not take as the first answer any more.
    pub(super) async fn say_late(&self, back: &Back, ack: Ack) {
        match ack {
            Ack::Say { message, .. } => self.say_directly(back, message).await,
            Ack::Open { target, .. } => self.say_directly(back, self.offered(back, &target).await).await,
            // What is still to be done ends with saying it, and finds its own way.
            Ack::Later { rest, .. } => rest.await,
            Ack::Pong | Ack::Offer(_) => {}
        }
    }

    /// A view as a message that notifies nobody.
    pub(super) async fn message(&self, view: &View) -> Value {
        let mut message = match tokio::time::timeout(GLANCE, self.people.names(self, view)).await {
            Ok(known) => render::message(view, &known.names()),
            Err(_) => render::message(view, &render::Names::unknown(&self.muster.org().console_url)),
        };
        message["allowed_mentions"] = json!({ "parse": [] });
        message
    }

    /// A message that offers a form which is not the first answer and can therefore not open by itself.
    pub(super) async fn offered(&self, back: &Back, target: &Invocation) -> Value {
        let view = View::titled(Tone::Neutral, vec![text("Something is left to fill in")]);
        let message = self.message(&view).await;
        self.with_form(back, message, "Open the form", target)
    }

    /// The same message with a button that opens a form, filled with what is known; no id of a button could hold that.
    pub(super) fn with_form(&self, back: &Back, mut message: Value, label: &str, target: &Invocation) -> Value {
        let whose = back.user.unwrap_or_default();
        let kept = self.hearing.kept.keep(whose, target.clone(), self.muster.now(), self.muster.entropy());
        render::offer_kept(&mut message, label, &kept);
        message
    }
}

/// For machines.
fn for_people() -> View {
    View::titled(Tone::Neutral, vec![text("Muster answers people only")])
}
