//! Response URLs: five uses in thirty minutes.
//! <https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>

use super::api;
use super::args::{Args, Sent};
use super::refused::Answer;
use super::state::{BOT, BOT_USER, Original, State};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

/// What may be said there.
const KNOWN: [&str; 10] = [
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
];

/// What the app says to a response URL.
pub(super) fn to(state: &mut State, key: &str, body: Map<String, Value>) -> Answer {
    let now = state.now;
    for name in body.keys().filter(|name| !KNOWN.contains(&name.as_str())) {
        state.violations.push(format!("a response URL takes no {name}"));
    }
    let url = state.response_urls.get_mut(key).ok_or("no_service")?;
    if now - url.made > TimeDelta::minutes(30) {
        return Err("expired_url".into());
    }
    if url.uses >= 5 {
        return Err("used_url".into());
    }
    url.uses += 1;
    let url = url.clone();
    let args = Args { map: body, sent: Sent::Json };
    if args.flag("delete_original") {
        match &url.original {
            Original::Nothing => return Err("no_original".into()),
            Original::Message(ts) => api::remove(state, &url.channel, ts),
            Original::Whisper(ts) => {
                state
                    .whispers
                    .iter_mut()
                    .filter(|whisper| whisper.ts == *ts)
                    .for_each(|whisper| whisper.deleted = true);
            }
        }
        return Ok(json!({}));
    }
    let content = api::content(state, &args)?;
    if args.flag("replace_original") {
        match &url.original {
            Original::Message(ts) => {
                api::change(state, &url.channel, ts, content);
                return Ok(json!({}));
            }
            Original::Whisper(ts) => {
                if let Some(whisper) = state.whispers.iter_mut().find(|whisper| whisper.ts == *ts) {
                    whisper.heard = false;
                    let message = whisper.message.as_object_mut().expect("a message is an object");
                    message.remove("blocks");
                    message.extend(content);
                }
                return Ok(json!({}));
            }
            Original::Nothing => {}
        }
    }
    say(state, (&url.user, &url.channel), content, args.text("response_type") == Some("in_channel"));
    Ok(json!({}))
}

/// An answer, to all of the channel or to the one who asked.
pub(super) fn say(state: &mut State, (user, channel): (&str, &str), content: Map<String, Value>, to_all: bool) {
    if to_all {
        let mut message = Value::Object(content);
        message["user"] = json!(BOT_USER);
        message["bot_id"] = json!(BOT);
        state.post(channel, message);
    } else {
        api::whisper(state, user, channel, content);
    }
}
