//! `users.*`, `usergroups.*`, `team.*`, `auth.*`, `apps.*`: who there is, and who calls.

use super::super::args::Args;
use super::super::refused::Answer;
use super::super::state::{APP, BOT, BOT_USER, DOMAIN, State, TEAM};
use super::conversations::visible;
use super::lists::page;
use serde_json::json;

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    let with_email = state.scopes.contains("users:read.email");
    match method {
        "api.test" => Ok(json!({ "args": args.map })),
        "auth.test" => Ok(json!({ "url": format!("https://{DOMAIN}.slack.com/"), "team": "Acme", "user": "muster",
            "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": false })),
        "apps.connections.open" => {
            let number = state.number();
            let ticket = format!("ticket-{number}");
            let url = format!("{}/link/?ticket={ticket}&app_id={APP}", state.url.replacen("http", "ws", 1));
            state.sockets.tickets.insert(ticket);
            Ok(json!({ "url": url }))
        }
        "team.info" => Ok(json!({ "team": { "id": TEAM, "name": "Acme", "domain": DOMAIN, "email_domain": "",
            "url": format!("https://{DOMAIN}.slack.com/"), "icon": { "image_default": true } } })),
        "users.info" => {
            let user = state.users.get(args.need("user", "user_not_found")?).ok_or("user_not_found")?;
            Ok(json!({ "user": user.json(with_email) }))
        }
        "users.list" => {
            let all = state.users.values().map(|user| user.json(with_email)).collect();
            let (members, metadata) = page(all, args, 100)?;
            Ok(json!({ "members": members, "cache_ts": state.now.timestamp(), "response_metadata": metadata }))
        }
        "users.lookupByEmail" => {
            let email = args.need("email", "users_not_found")?;
            let same = |known: &String| known.eq_ignore_ascii_case(email);
            let user = state.users.values().find(|user| !user.deleted && user.email.as_ref().is_some_and(same));
            Ok(json!({ "user": user.ok_or("users_not_found")?.json(with_email) }))
        }
        "users.conversations" => {
            let member = args.text("user").unwrap_or(BOT_USER);
            let (channels, metadata) = page(visible(state, args, Some(member)), args, 100)?;
            Ok(json!({ "channels": channels, "response_metadata": metadata }))
        }
        "usergroups.list" => {
            let shown = state.groups.iter().filter(|group| !group.disabled || args.flag("include_disabled"));
            let mut all: Vec<_> = shown.map(super::super::state::Group::json).collect();
            if !args.flag("include_users") {
                for group in &mut all {
                    group.as_object_mut().expect("a group is an object").remove("users");
                }
            }
            Ok(json!({ "usergroups": all }))
        }
        "usergroups.users.list" => {
            let id = args.need("usergroup", "no_such_subteam")?;
            let group = state.groups.iter().find(|group| group.id == id).ok_or("no_such_subteam")?;
            Ok(json!({ "users": group.users }))
        }
        _ => Err("unknown_method".into()),
    }
}
