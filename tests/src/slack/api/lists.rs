//! What the listing methods share: scopes by the types asked for, and pages behind cursors.

use super::super::args::Args;
use super::super::refused::Refused;
use super::super::state::State;
use super::Scopes;
use serde_json::{Value, json};

/// Where the call is about no channel that is known: one of the scopes, or that of each type asked for.
pub(super) fn any_of(state: &State, scopes: &Scopes, args: &Args) -> Result<(), Refused> {
    let types = args.list("types");
    for (kind, scope) in ["public_channel", "private_channel", "im"].iter().zip(scopes) {
        if types.iter().any(|wanted| wanted == kind) && !scope.is_empty() && !state.scopes.contains(*scope) {
            return Err(super::missing(state, scope));
        }
    }
    let has = scopes.iter().any(|scope| scope.is_empty() || state.scopes.contains(*scope));
    if has { Ok(()) } else { Err(super::missing(state, scopes[0])) }
}

/// One page of a list, and the answer's `response_metadata`. <https://docs.slack.dev/apis/web-api/pagination>
///
/// # Errors
/// `invalid_cursor`, `invalid_limit`.
pub(super) fn page<T>(all: Vec<T>, args: &Args, usual: usize) -> Result<(Vec<T>, Value), Refused> {
    let limit = match args.number("limit") {
        None | Some(0) => usual,
        Some(limit) if limit <= 1000 => limit,
        Some(_) => return Err("invalid_limit".into()),
    };
    let start = match args.text("cursor") {
        None => 0,
        Some(cursor) => {
            cursor.strip_prefix("next:").and_then(|n| n.parse::<usize>().ok()).ok_or(Refused::from("invalid_cursor"))?
        }
    };
    let end = (start + limit).min(all.len());
    let next = if end < all.len() { format!("next:{end}") } else { String::new() };
    let items = all.into_iter().skip(start).take(limit).collect();
    Ok((items, json!({ "next_cursor": next })))
}
