//! The methods of the Web API: who may call what, and what each does to the workspace.

mod chat;
mod conversations;
mod files;
mod lists;
mod marks;
mod people;
mod views;

use super::args::Args;
use super::refused::{Answer, Refused};
use super::state::{Kind, State};
use serde_json::json;

pub(super) use chat::{change, checked_content, content, remove, whisper};
pub(super) use conversations::{archive, enter, go, make, rename, revive};
pub(super) use marks::{drop_pin, react, set_pin};
pub(super) use views::{put, replace};

/// The scopes a method needs: for public channels, private ones, direct messages; empty where none.
type Scopes = [&'static str; 3];

const NONE: Scopes = [""; 3];
const CHAT: Scopes = ["chat:write"; 3];
const MANAGE: Scopes = ["channels:manage", "groups:write", "im:write"];
const READ: Scopes = ["channels:read", "groups:read", "im:read"];
const HISTORY: Scopes = ["channels:history", "groups:history", "im:history"];

/// What the fake can do, and the scopes of a bot's token it takes.
/// `https://docs.slack.dev/reference/methods/<method>` says which.
pub(super) const METHODS: &[(&str, Scopes)] = &[
    ("api.test", NONE),
    ("auth.test", NONE),
    ("apps.connections.open", NONE),
    ("team.info", ["team:read"; 3]),
    ("chat.postMessage", CHAT),
    ("chat.update", CHAT),
    ("chat.delete", CHAT),
    ("chat.postEphemeral", CHAT),
    ("chat.getPermalink", NONE),
    ("conversations.create", MANAGE),
    ("conversations.invite", MANAGE),
    ("conversations.kick", MANAGE),
    ("conversations.join", ["channels:join"; 3]),
    ("conversations.leave", MANAGE),
    ("conversations.rename", MANAGE),
    ("conversations.setTopic", MANAGE),
    ("conversations.setPurpose", MANAGE),
    ("conversations.archive", MANAGE),
    ("conversations.unarchive", MANAGE),
    ("conversations.open", ["im:write"; 3]),
    ("conversations.info", READ),
    ("conversations.list", READ),
    ("conversations.members", READ),
    ("conversations.history", HISTORY),
    ("conversations.replies", HISTORY),
    ("pins.add", ["pins:write"; 3]),
    ("pins.remove", ["pins:write"; 3]),
    ("pins.list", ["pins:read"; 3]),
    ("bookmarks.add", ["bookmarks:write"; 3]),
    ("bookmarks.edit", ["bookmarks:write"; 3]),
    ("bookmarks.remove", ["bookmarks:write"; 3]),
    ("bookmarks.list", ["bookmarks:read"; 3]),
    ("reactions.add", ["reactions:write"; 3]),
    ("reactions.remove", ["reactions:write"; 3]),
    ("reactions.get", ["reactions:read"; 3]),
    ("users.info", ["users:read"; 3]),
    ("users.list", ["users:read"; 3]),
    ("users.lookupByEmail", ["users:read.email"; 3]),
    ("users.conversations", READ),
    ("usergroups.list", ["usergroups:read"; 3]),
    ("usergroups.users.list", ["usergroups:read"; 3]),
    ("views.open", NONE),
    ("views.push", NONE),
    ("views.update", NONE),
    ("views.publish", NONE),
    ("files.getUploadURLExternal", ["files:write"; 3]),
    ("files.completeUploadExternal", ["files:write"; 3]),
];

/// What a new app of the fake is given: every scope above.
pub(super) fn all_scopes() -> impl Iterator<Item = String> {
    let scopes = METHODS.iter().flat_map(|(_, scopes)| scopes).filter(|scope| !scope.is_empty());
    scopes.map(|scope| (*scope).to_owned()).chain(["commands".to_owned()])
}

/// Makes the call.
///
/// # Errors
/// With Slack's error code.
pub(super) fn call(state: &mut State, token: &str, method: &str, args: &Args) -> Answer {
    authorise(state, token, method)?;
    scoped(state, method, args)?;
    match method.split_once('.').map_or("", |(family, _)| family) {
        "chat" => chat::call(state, method, args),
        "conversations" => conversations::call(state, method, args),
        "pins" | "bookmarks" | "reactions" => marks::call(state, method, args),
        "views" => views::call(state, method, args),
        "files" => files::call(state, method, args),
        _ => people::call(state, method, args),
    }
}

/// <https://docs.slack.dev/authentication/tokens>
fn authorise(state: &State, token: &str, method: &str) -> Result<(), Refused> {
    if method == "api.test" {
        return Ok(());
    }
    if token.is_empty() {
        return Err("not_authed".into());
    }
    let wanted = if method == "apps.connections.open" { &state.app_token } else { &state.bot_token };
    if token == wanted {
        return if state.token_revoked { Err("token_revoked".into()) } else { Ok(()) };
    }
    let known = token == state.bot_token || token == state.app_token;
    Err(if known { "not_allowed_token_type" } else { "invalid_auth" }.into())
}

/// <https://docs.slack.dev/reference/scopes>
fn scoped(state: &State, method: &str, args: &Args) -> Result<(), Refused> {
    let Some((_, scopes)) = METHODS.iter().find(|(name, _)| *name == method) else {
        return Err("unknown_method".into());
    };
    let id = args.text("channel").or_else(|| args.text("channel_id"));
    let kind = match id.and_then(|id| state.channels.get(id)) {
        Some(channel) => Some(channel.kind),
        None if method == "conversations.create" && args.flag("is_private") => Some(Kind::Private),
        None if method == "conversations.create" => Some(Kind::Public),
        None => None,
    };
    let needed = match kind {
        Some(Kind::Public) => scopes[0],
        Some(Kind::Private) => scopes[1],
        Some(Kind::Direct) => scopes[2],
        None => return lists::any_of(state, scopes, args),
    };
    if needed.is_empty() || state.scopes.contains(needed) { Ok(()) } else { Err(missing(state, needed)) }
}

/// `missing_scope`, with what is needed and what there is.
fn missing(state: &State, needed: &str) -> Refused {
    let mut refused = Refused::from("missing_scope");
    let provided = state.scopes.iter().cloned().collect::<Vec<_>>().join(",");
    refused.with.insert("needed".to_owned(), json!(needed));
    refused.with.insert("provided".to_owned(), json!(provided));
    refused
}
