//! `views.*`: modals and the home tab.

use super::super::args::Args;
use super::super::refused::{Answer, Refused};
use super::super::state::{APP, BOT, State, TEAM, View};
use super::chat::name_blocks;
use serde_json::{Value, json};

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    let view = args.json("view", "invalid_arguments")?.ok_or("invalid_arguments")?;
    match method {
        "views.open" | "views.push" => open(state, args, view, method == "views.push"),
        "views.update" => update(state, args, view),
        "views.publish" => publish(state, args, view),
        _ => Err("unknown_method".into()),
    }
}

/// Uses a trigger up; it lives three seconds and serves once.
/// <https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses>
fn exchange(state: &mut State, args: &Args) -> Result<(String, Option<String>), Refused> {
    let life = state.trigger_life;
    let id = args.need("trigger_id", "invalid_trigger_id")?;
    let trigger = state.triggers.get_mut(id).ok_or("invalid_trigger_id")?;
    if trigger.used {
        return Err("exchanged_trigger_id".into());
    }
    if trigger.made.elapsed() > life {
        return Err("expired_trigger_id".into());
    }
    trigger.used = true;
    Ok((trigger.user.clone(), trigger.view.clone()))
}

fn open(state: &mut State, args: &Args, view: Value, pushes: bool) -> Answer {
    only(&view, "modal")?;
    let (user, below) = exchange(state, args)?;
    if pushes && below.is_none() {
        return Err("not_found".into());
    }
    let stack = state.stacks.entry(user.clone()).or_default();
    if !pushes {
        stack.clear();
    } else if stack.len() >= 3 {
        return Err("push_limit_reached".into());
    }
    let id = put(state, &user, view, true)?;
    Ok(json!({ "view": state.views[&id].json }))
}

fn only(view: &Value, kind: &str) -> Result<(), Refused> {
    if view["type"] == kind { Ok(()) } else { Err("invalid_arguments".into()) }
}

/// A new view of somebody's, on top of those open if it is a modal.
pub(in super::super) fn put(state: &mut State, user: &str, view: Value, modal: bool) -> Result<String, Refused> {
    let external = view["external_id"].as_str().filter(|id| !id.is_empty());
    if external.is_some_and(|id| state.views.values().any(|known| known.json["external_id"] == id)) {
        return Err("duplicate_external_id".into());
    }
    let id = state.id("V");
    let stack = state.stacks.entry(user.to_owned()).or_default();
    let (previous, root) = (stack.last().cloned(), stack.first().cloned().unwrap_or_else(|| id.clone()));
    if modal {
        stack.push(id.clone());
    }
    let frame = json!({ "id": id, "previous_view_id": previous, "root_view_id": root });
    let json = whole(state, view, frame, 1);
    state.views.insert(id.clone(), View { json, version: 1 });
    Ok(id)
}

/// A view as Slack shows it: with everything the app left out.
fn whole(state: &mut State, mut view: Value, frame: Value, version: u64) -> Value {
    name_blocks(state, &mut view["blocks"]);
    let hash = format!("{}.{version}", state.now.timestamp());
    let usual = json!({ "private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false,
        "notify_on_close": false, "close": null, "submit": null });
    let fixed = json!({ "team_id": TEAM, "app_id": APP, "bot_id": BOT, "app_installed_team_id": TEAM,
        "state": { "values": {} }, "hash": hash });
    let mut json = usual;
    for part in [view, fixed, frame] {
        let object = part.as_object().cloned().unwrap_or_default();
        json.as_object_mut().expect("a view is an object").extend(object);
    }
    if json["type"] == "home" {
        json["title"] = json!({ "type": "plain_text", "text": "View Title", "emoji": true });
    }
    json
}

/// Puts another view in the place of one.
pub(in super::super) fn replace(state: &mut State, id: &str, view: Value) {
    let Some(old) = state.views.get(id) else { return };
    let version = old.version + 1;
    let frame = json!({ "id": id, "previous_view_id": old.json["previous_view_id"],
        "root_view_id": old.json["root_view_id"] });
    let json = whole(state, view, frame, version);
    if let Some(view) = state.views.get_mut(id) {
        view.json = json;
        view.version = version;
    }
}

fn update(state: &mut State, args: &Args, view: Value) -> Answer {
    let external = args.text("external_id").and_then(|external| {
        state.views.iter().find(|(_, view)| view.json["external_id"] == external).map(|(id, _)| id.clone())
    });
    let id = args.text("view_id").map(str::to_owned).or(external).ok_or("not_found")?;
    let old = state.views.get(&id).ok_or("not_found")?;
    if args.text("hash").is_some_and(|hash| old.json["hash"] != hash) {
        return Err("hash_conflict".into());
    }
    if old.json["type"] != view["type"] {
        return Err("invalid_arguments".into());
    }
    replace(state, &id, view);
    Ok(json!({ "view": state.views[&id].json }))
}

fn publish(state: &mut State, args: &Args, view: Value) -> Answer {
    only(&view, "home")?;
    let user = args.need("user_id", "invalid_arguments")?.to_owned();
    if state.users.get(&user).is_none_or(|user| user.deleted) {
        return Err("invalid_arguments".into());
    }
    let id = match state.homes.get(&user).cloned() {
        Some(id) => {
            if args.text("hash").is_some_and(|hash| state.views[&id].json["hash"] != hash) {
                return Err("hash_conflict".into());
            }
            replace(state, &id, view);
            id
        }
        None => {
            let id = put(state, &user, view, false)?;
            state.homes.insert(user, id.clone());
            id
        }
    };
    Ok(json!({ "view": state.views[&id].json }))
}
