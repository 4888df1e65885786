//! A message somebody wrote, as it goes on a timeline: what, by whom, when, and where it stands.

use super::payload::Message;
use super::text;
use crate::Discord;
use crate::api::{Call, channel, message};
use crate::config::{API_URL, Id};
use chrono::DateTime;
use muster_core::chat::quote::{Quote, without_text};
use muster_core::clock::Timestamp;
use serenity::http::Route;

/// What Discord counts its milliseconds from: the first moment of 2015.
/// <https://docs.discord.com/developers/reference#snowflakes>
const EPOCH: i64 = 1_420_070_400_000;

/// What names a message for ever: `1163/1164`.
pub(super) fn id_of(channel: Id, message: Id) -> String {
    format!("{channel}/{message}")
}

impl Discord {
    /// A message as a quote.
    pub(super) async fn quote(&self, channel: Id, message: &Message) -> Quote {
        let id = message.id.unwrap_or_default();
        let mut known = self.known(&message.content, |actor| actor.known.then(|| actor.name.clone())).await;
        for user in &message.mentions {
            if let Some(id) = user.id {
                known.users.entry(id).or_insert_with(|| user.shown().to_owned());
            }
        }
        let said = text::meant(&message.content, &known);
        let file = message.attachments.first().map(|file| file.filename.as_str());
        Quote {
            text: if said.trim().is_empty() { without_text(file) } else { said },
            by: self.author(message).await,
            // Discord's clock may be ahead of ours; what has been written has happened.
            at: moment(id).map(|at| at.min(self.muster.now())),
            link: (id != 0).then(|| format!("{API_URL}/channels/{}/{channel}/{id}", self.config.guild)),
            id: id_of(channel, id),
        }
    }

    async fn author(&self, message: &Message) -> Option<String> {
        let known = match message.author.id {
            Some(id) => self.named(id).await.filter(|actor| actor.known).map(|actor| actor.name),
            None => None,
        };
        known.or_else(|| Some(message.author.shown().to_owned())).filter(|name| !name.is_empty())
    }

    /// The message at that place, if we may see it.
    /// <https://docs.discord.com/developers/resources/message#get-channel-message>
    pub(super) async fn message_at(&self, channel_id: Id, message_id: Id) -> Option<Message> {
        let route = Route::ChannelMessage { channel_id: channel(channel_id), message_id: message(message_id) };
        let answer = self.api.call(Call::get(route)).await;
        let answer = answer.inspect_err(|error| tracing::info!(%error, "a message could not be read")).ok()?;
        serde_json::from_value(answer).ok()
    }
}

/// When something was made: its id begins with the moment.
fn moment(id: Id) -> Option<Timestamp> {
    let since = i64::try_from(id >> 22).ok().filter(|_| id != 0)?;
    DateTime::from_timestamp_millis(EPOCH + since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::SecondsFormat;

    #[test]
    fn a_message_was_written_when_its_id_says() {
        let at = moment(175_928_847_299_117_063).map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true));
        assert_eq!(at.as_deref(), Some("2016-04-30T11:18:25.796Z"));
        assert_eq!(moment(0), None);
    }
}
