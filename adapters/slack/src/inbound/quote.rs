//! A message somebody wrote, as it goes on a timeline: what, by whom, when, and where it stands.

use super::payload::Message;
use super::text;
use crate::Slack;
use chrono::DateTime;
use muster_core::chat::quote::{Quote, without_text};
use muster_core::clock::Timestamp;
use serde_json::json;
use std::sync::Arc;

/// What names a message for ever: `C1/1583636382.000300`.
pub(super) fn id_of(channel: &str, ts: &str) -> String {
    format!("{channel}/{ts}")
}

impl Slack {
    /// A message as a quote.
    pub(super) async fn quote(self: &Arc<Self>, channel: &str, message: &Message) -> Quote {
        let known = self.known(&message.text, |actor| Some(actor.name.clone())).await;
        let said = text::meant(&message.text, &known);
        let file = message.files.first().map(|file| file.name.as_str());
        Quote {
            text: if said.trim().is_empty() { without_text(file) } else { said },
            by: self.author(message).await,
            // Slack's clock may be ahead of ours; what has been written has happened.
            at: moment(&message.ts).map(|at| at.min(self.muster.now())),
            link: self.api.me().and_then(|me| permalink(&me.url, channel, message)),
            id: id_of(channel, &message.ts),
        }
    }

    async fn author(&self, message: &Message) -> Option<String> {
        let known = if message.user.is_empty() { None } else { self.actor(&message.user).await };
        let names =
            [known.map(|actor| actor.name), Some(message.username.clone()), Some(message.bot_profile.name.clone())];
        names.into_iter().flatten().find(|name| !name.is_empty())
    }

    /// The message at that place: in the channel itself or in a thread of it.
    pub(super) async fn message_at(&self, channel: &str, ts: &str) -> Option<Message> {
        let only = json!({ "channel": channel, "latest": ts, "oldest": ts, "inclusive": true, "limit": 1 });
        let in_thread =
            json!({ "channel": channel, "ts": ts, "latest": ts, "oldest": ts, "inclusive": true, "limit": 2 });
        for (method, body) in [("conversations.history", only), ("conversations.replies", in_thread)] {
            let answer = self.api.call(method, &body).await;
            let answer = answer.inspect_err(|error| tracing::info!(%error, method, "a message could not be read"));
            let Ok(mut answer) = answer else { continue };
            let messages: Vec<Message> = serde_json::from_value(answer["messages"].take()).unwrap_or_default();
            if let Some(found) = messages.into_iter().find(|message| message.ts == ts) {
                return Some(found);
            }
        }
        None
    }
}

/// When a message was written: its `ts` is seconds and microseconds since 1970.
fn moment(ts: &str) -> Option<Timestamp> {
    let (seconds, micros) = ts.split_once('.')?;
    let is_number = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(seconds, 11) || micros.len() != 6 || !is_number(micros, 6) {
        return None;
    }
    DateTime::from_timestamp_micros(format!("{seconds}{micros}").parse().ok()?)
}

/// Where a message stands; what `chat.getPermalink` answers, without asking.
/// <https://docs.slack.dev/reference/methods/chat.getPermalink>
fn permalink(team_url: &str, channel: &str, message: &Message) -> Option<String> {
    moment(&message.ts)?;
    let is_id = !channel.is_empty() && channel.bytes().all(|b| b.is_ascii_alphanumeric());
    let place = format!("{team_url}archives/{channel}/p{}", message.ts.replace('.', ""));
    let is_reply = moment(&message.thread_ts).is_some() && message.thread_ts != message.ts;
    let thread = format!("?thread_ts={}&cid={channel}", message.thread_ts);
    is_id.then(|| if is_reply { place + &thread } else { place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::SecondsFormat;

    fn said(ts: &str, thread_ts: &str) -> Message {
        Message { ts: ts.into(), thread_ts: thread_ts.into(), ..Message::default() }
    }

    #[test]
    fn a_message_was_written_when_its_name_says() {
        let at = moment("1583636382.000300").map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
        assert_eq!(at.as_deref(), Some("2020-03-08T02:59:42.000300Z"));
        for odd in ["", "1583636382", "x.000300", "1583636382.3", "99999999999999.000000", "-1.000000", "111.222"] {
            assert_eq!(moment(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_permalink_leads_to_the_message_in_its_thread() {
        let url = "https://acme.slack.com/";
        let own = permalink(url, "C1", &said("1583636382.000300", ""));
        assert_eq!(own.as_deref(), Some("https://acme.slack.com/archives/C1/p1583636382000300"));
        let reply = permalink(url, "C1", &said("1583636383.000000", "1583636382.000300"));
        let place = "https://acme.slack.com/archives/C1/p1583636383000000?thread_ts=1583636382.000300&cid=C1";
        assert_eq!(reply.as_deref(), Some(place));
        assert_eq!(permalink(url, "../x", &said("1583636382.000300", "")), None);
    }
}
