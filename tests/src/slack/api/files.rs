//! `files.*`: uploads, in their two steps. What is uploaded is not kept.

use super::super::args::Args;
use super::super::refused::Answer;
use super::super::state::{BOT_USER, State};
use serde_json::json;

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    if method == "files.getUploadURLExternal" {
        let file = state.id("F");
        return Ok(json!({ "upload_url": format!("{}/upload/{file}", state.url), "file_id": file }));
    }
    let files = args.json("files", "invalid_arguments")?.ok_or("invalid_arguments")?;
    let files = files.as_array().cloned().unwrap_or_default();
    if files.is_empty() {
        return Err("invalid_arguments".into());
    }
    if let Some(id) = args.text("channel_id") {
        let id = id.to_owned();
        state.own_channel(&id)?;
        let text = args.text("initial_comment").unwrap_or_default();
        let message = json!({ "subtype": "file_share", "user": BOT_USER, "text": text, "files": files });
        state.post(&id, message);
    }
    Ok(json!({ "files": files }))
}
