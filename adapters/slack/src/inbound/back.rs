//! The way back to the one who asked: what only they see, where they are looking.

use super::payload::Interaction;
use super::some;
use crate::Slack;
use crate::api::ApiError;
use crate::render;
use muster_core::chat::Told;
use muster_core::chat::answer;
use muster_core::command::Invocation;
use muster_core::reply::Body;
use muster_core::view::form::Form;
use muster_core::view::{Action, Tone, View, text};
use serde_json::{Value, json};
use std::time::Duration;

/// How long somebody who waits for an answer waits for the names in it.
const GLANCE: Duration = Duration::from_millis(250);

/// What they are looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Surface {
    /// A conversation. `replaces` says whether what is answered takes the place of what was answered before.
    Conversation {
        /// Whether it does.
        replaces: bool,
    },
    /// A modal, which can be shown something else.
    Modal {
        /// Its id.
        view: String,
    },
    /// The home tab.
    Home,
}

/// The way back to somebody.
#[derive(Debug, Clone)]
pub(super) struct Back {
    /// Their user id.
    pub(super) user: String,
    /// The channel they are in, if they are in one.
    pub(super) channel: Option<String>,
    /// Where an answer can be sent, for half an hour.
    pub(super) response_url: Option<String>,
    /// What opens one modal, within 3 s.
    pub(super) trigger: Option<String>,
    /// What they are looking at.
    pub(super) surface: Surface,
}

impl Back {
    /// To the one who used a button or a shortcut.
    pub(super) fn of(interaction: &Interaction) -> Self {
        let channel = some(&interaction.channel.id).or_else(|| some(&interaction.container.channel_id));
        let view = |field: &str| interaction.view[field].as_str().unwrap_or_default();
        let surface = match view("type") {
            "modal" => Surface::Modal { view: view("id").to_owned() },
            "home" => Surface::Home,
            _ => Surface::Conversation { replaces: interaction.container.is_ephemeral },
        };
        Self {
            user: interaction.user.id.clone(),
            channel,
            response_url: some(&interaction.response_url),
            trigger: some(&interaction.trigger_id),
            surface,
        }
    }

    /// To somebody in a channel, who did nothing that Slack gives a better way back for.
    pub(super) fn to(user: &str, channel: &str) -> Self {
        Self {
            user: user.to_owned(),
            channel: some(channel),
            response_url: None,
            trigger: None,
            surface: Surface::Conversation { replaces: false },
        }
    }

    /// What a modal must carry for its answer to find the way.
    pub(super) fn carried(&self) -> render::Carried {
        render::Carried { channel: self.channel.clone(), incident: None, response_url: self.response_url.clone() }
    }
}

impl Slack {
    /// Tells somebody what came of what they asked.
    pub(super) async fn tell(&self, back: &Back, told: Told) {
        match told {
            Told::Done(reply) => match reply.body {
                Body::View(view) => self.show(back, &view).await,
                Body::Form(form) => self.open(back, &form).await,
            },
            // What they see now stays, so that they can try again.
            Told::Refused(_) | Told::Failed(_) => {
                let stays = match &back.surface {
                    Surface::Conversation { .. } => Surface::Conversation { replaces: false },
                    Surface::Modal { .. } | Surface::Home => back.surface.clone(),
                };
                let view = answer::sentence(&told);
                self.show(&Back { surface: stays, ..back.clone() }, &view).await;
            }
            Told::Ignored => {}
        }
    }

    /// Shows somebody a view, and nobody else.
    pub(super) async fn show(&self, back: &Back, view: &View) {
        let shown = match (&back.surface, &back.trigger) {
            (Surface::Modal { view: id }, _) => self.update_modal(id, view).await,
            (Surface::Home, Some(trigger)) => {
                let modal = self.result_modal(view).await;
                self.api.call("views.open", &json!({ "trigger_id": trigger, "view": modal })).await.map(drop)
            }
            (Surface::Conversation { .. }, _) | (Surface::Home, None) => return self.say_aside(back, view).await,
        };
        if let Err(error) = shown {
            tracing::debug!(%error, "a modal could not show an answer; it is said instead");
            self.say_aside(back, view).await;
        }
    }

    /// Shows a view in a modal that is open.
    pub(super) async fn update_modal(&self, id: &str, view: &View) -> Result<(), ApiError> {
        let modal = self.result_modal(view).await;
        self.api.call("views.update", &json!({ "view_id": id, "view": modal })).await.map(drop)
    }

    /// Opens a form. Where there is nothing that opens it in time, offers to try again.
    pub(super) async fn open(&self, back: &Back, form: &Form) {
        let modal = self.modal(form, &back.carried());
        let opened = match (&back.surface, &back.trigger) {
            (Surface::Modal { view }, _) => {
                self.api.call("views.update", &json!({ "view_id": view, "view": modal })).await
            }
            (Surface::Conversation { .. } | Surface::Home, Some(trigger)) => {
                self.api.call("views.open", &json!({ "trigger_id": trigger, "view": modal })).await
            }
            (Surface::Conversation { .. } | Surface::Home, None) => {
                return self.say_aside(back, &again(&form.target)).await;
            }
        };
        if let Err(error) = opened {
            tracing::info!(%error, "a form could not be opened; it is offered again");
            self.say_aside(back, &again(&form.target)).await;
        }
    }

    /// Says something to one person: where they were, else in a conversation of their own with Muster.
    async fn say_aside(&self, back: &Back, view: &View) {
        let message = self.message(view).await;
        if let Some(url) = &back.response_url {
            let replaces = back.surface == Surface::Conversation { replaces: true };
            let body = with(message.clone(), json!({ "response_type": "ephemeral", "replace_original": replaces }));
            match self.api.respond(url, &body).await {
                Ok(()) => return,
                Err(error) => tracing::debug!(%error, "a way back is closed; trying another"),
            }
        }
        if let Some(channel) = &back.channel {
            let body = with(message.clone(), json!({ "channel": channel, "user": back.user }));
            match self.api.call("chat.postEphemeral", &body).await {
                Ok(_) => return,
                Err(error) => tracing::debug!(%error, "a way back is closed; trying another"),
            }
        }
        let said = match self.people.conversation(&self.api, &back.user).await {
            Ok(conversation) => {
                self.api.call("chat.postMessage", &with(message, json!({ "channel": conversation }))).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = said {
            metrics::counter!("muster_slack_answers_lost_total").increment(1);
            tracing::warn!(%error, "somebody in Slack could not be answered");
        }
    }

    /// A view as a message that only one person sees.
    pub(super) async fn ephemeral(&self, view: &View) -> Value {
        with(self.message(view).await, json!({ "response_type": "ephemeral" }))
    }

    async fn message(&self, view: &View) -> Value {
        let message = self.rendered(view, |names| render::message(view, names)).await;
        // Moved, where the macro would copy them.
        let mut whole = json!({ "text": message.text });
        whole["blocks"] = message.blocks;
        whole
    }

    /// A view as a modal that is only read.
    pub(super) async fn result_modal(&self, view: &View) -> Value {
        self.rendered(view, |names| render::result_modal(view, names)).await
    }

    /// A form as a modal. It names nobody.
    pub(super) fn modal(&self, form: &Form, carried: &render::Carried) -> Value {
        let org = self.muster.org();
        render::modal(form, carried, &render::Names::unknown(&org.console_url))
    }

    /// Renders a view, with what can be learnt at a glance of those that it names: somebody is waiting for it.
    pub(super) async fn rendered<T>(&self, view: &View, render: impl FnOnce(&render::Names<'_>) -> T) -> T {
        match tokio::time::timeout(GLANCE, self.people.names(self, view)).await {
            Ok(known) => render(&known.names()),
            Err(_) => {
                let org = self.muster.org();
                render(&render::Names::unknown(&org.console_url))
            }
        }
    }
}

/// A form that was not opened in time is offered again.
fn again(target: &Invocation) -> View {
    let title = "Slack gave no time to open the form";
    View::titled(Tone::Warning, vec![text(title)]).offering(Action::open("Open the form", target.clone()).primary())
}

/// A message with more said about it.
fn with(mut message: Value, more: Value) -> Value {
    if let (Some(message), Value::Object(more)) = (message.as_object_mut(), more) {
        message.extend(more);
    }
    message
}
