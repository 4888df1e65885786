//! `outbox`: effects on their way out, and those that were given up.

use super::shown;
use crate::cli::State;
use crate::say;
use anyhow::bail;
use muster_core::app::Muster;
use muster_core::effect::Effect;
use muster_core::ids::EffectKey;
use muster_core::ports::store::{OutboxRow, OutboxState};
use std::process::ExitCode;

/// How many rows a list has.
const ROWS: i64 = 200;

fn state_of(state: State) -> OutboxState {
    match state {
        State::Dead => OutboxState::Dead,
        State::Waiting => OutboxState::Waiting,
        State::Done => OutboxState::Done,
        State::Superseded => OutboxState::Superseded,
    }
}

/// What an effect does, in a few words.
fn what(effect: &Effect) -> String {
    match effect {
        Effect::Post { room, .. } => format!("post in {} {}", room.platform, room.address),
        Effect::Tell { platform, person, .. } => format!("tell {person} on {platform}"),
        Effect::Open { platform, plan } => format!("open the room {} on {platform}", plan.name),
        Effect::Headline { room, .. } => format!("headline of {} {}", room.platform, room.address),
        Effect::Card { room, card, .. } => format!("card {card} of {} {}", room.platform, room.address),
        Effect::Page { platform, to, .. } => format!("page {} on {platform}", to.word()),
        Effect::Publish { platform, to, .. } => format!("publish to {} on {platform}", to.word()),
        Effect::Spread { bulletin, .. } => format!("publish to the subscribers of {}", bulletin.audience),
        Effect::Announce { platform, .. } => format!("announce on {platform}"),
        Effect::Topic { room, .. } => format!("topic of {} {}", room.platform, room.address),
        Effect::Rename { room, name } => format!("rename {} {} to {name}", room.platform, room.address),
        Effect::Links { room, .. } => format!("links of {} {}", room.platform, room.address),
        Effect::Invite { room, people } => {
            let names: Vec<_> = people.iter().map(|one| one.person.as_str()).collect();
            format!("invite {} into {} {}", names.join(", "), room.platform, room.address)
        }
        Effect::Archive { room } if room.archived => format!("put away {} {}", room.platform, room.address),
        Effect::Archive { room } => format!("take out {} {}", room.platform, room.address),
    }
}

/// Lists effects.
pub(super) async fn list(muster: &Muster, state: State) -> anyhow::Result<ExitCode> {
    let state = state_of(state);
    let effects = muster.store().effects(state, ROWS).await?;
    if effects.is_empty() {
        say::aside(match state {
            OutboxState::Dead => "No effect was given up.",
            OutboxState::Waiting => "Nothing is waiting.",
            OutboxState::Done => "Nothing has gone out yet.",
            OutboxState::Superseded => "Nothing was left out.",
        });
        return Ok(ExitCode::SUCCESS);
    }
    let row = |row: &OutboxRow| {
        let outgoing = &row.outgoing;
        vec![
            outgoing.key.to_string(),
            what(&outgoing.effect),
            shown(outgoing.due_at),
            row.attempts.to_string(),
            row.error.clone().or_else(|| row.external.clone()).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = effects.iter().map(row).collect();
    say::out(&say::table(&["KEY", "WHAT", "DUE", "TRIES", "RESULT"], &rows));
    let all = muster.store().count(state).await?;
    if i64::try_from(effects.len()).is_ok_and(|shown| shown < all) {
        say::aside(&format!("These are the oldest {} of {all}.", effects.len()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets those dead effects be tried again.
pub(super) async fn retry(muster: &Muster, keys: &[String]) -> anyhow::Result<ExitCode> {
    let mut unknown = Vec::new();
    for key in keys {
        if muster.store().revive(&EffectKey::from(key.as_str()), muster.now()).await? {
            say::out(&format!("{key} is tried again."));
        } else {
            unknown.push(key.as_str());
        }
    }
    if unknown.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("not given up, or not there: {}; see `muster outbox list`", unknown.join(", "))
}

/// Lets every dead effect be tried again.
pub(super) async fn retry_all(muster: &Muster) -> anyhow::Result<ExitCode> {
    // What dies again meanwhile is not revived again and again.
    let all = muster.store().count(OutboxState::Dead).await?;
    let mut revived = 0;
    while revived < all {
        let dead = muster.store().effects(OutboxState::Dead, ROWS).await?;
        if dead.is_empty() {
            break;
        }
        for row in &dead {
            revived += i64::from(muster.store().revive(&row.outgoing.key, muster.now()).await?);
        }
    }
    match revived {
        0 => say::aside("No effect was given up."),
        1 => say::out("1 effect is tried again."),
        count => say::out(&format!("{count} effects are tried again.")),
    }
    Ok(ExitCode::SUCCESS)
}
