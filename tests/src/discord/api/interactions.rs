//! Answers to interactions, by their tokens.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints>

use super::super::ask::Ask;
use super::super::interaction::Interaction;
use super::super::mentions::Unsaid;
use super::super::message::{EPHEMERAL, Spot};
use super::super::refused::{
    Answer, EMPTY_MESSAGE, INVALID_TOKEN, Refused, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, done, ok,
};
use super::super::state::State;
use serde_json::{Value, json};

pub(super) fn callback(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("interaction_id")?;
    let known = state.interactions.get(&id).filter(|known| known.token == ask.place("interaction_token"));
    let Some(kind) = known.map(|known| known.done.number()) else { return Err(UNKNOWN_INTERACTION.into()) };
    let message = state.answer(id, &ask.body)?;
    if !ask.flag("with_response") {
        return done();
    }
    let mut interaction = json!({ "id": id.to_string(), "type": kind });
    let mut resource = json!({ "type": ask.body["type"] });
    if let Some(message) = message {
        interaction["response_message_id"] = message["id"].clone();
        interaction["response_message_loading"] = json!(false);
        let flags = message["flags"].as_u64().unwrap_or_default();
        interaction["response_message_ephemeral"] = json!(flags & EPHEMERAL != 0);
        resource["message"] = message;
    }
    ok(json!({ "interaction": interaction, "resource": resource }))
}

/// The interaction whose token is in the path; it has been answered, and not too long ago.
fn meant(state: &State, ask: &Ask) -> Result<Interaction, Refused> {
    if ask.id("webhook_id")? != state.application {
        return Err(UNKNOWN_WEBHOOK.into());
    }
    let known = state.by_token(ask.place("webhook_token")).ok_or(INVALID_TOKEN)?;
    if known.acked.is_none() { Err(UNKNOWN_WEBHOOK.into()) } else { Ok(known.clone()) }
}

/// The message a path names, which the token has said.
fn named(interaction: &Interaction, ask: &Ask) -> Result<Spot, Refused> {
    if !ask.places.contains_key("message_id") {
        return interaction.original.ok_or_else(|| UNKNOWN_MESSAGE.into());
    }
    let wanted = ask.id("message_id")?;
    let found = interaction.said.iter().find(|spot| match spot {
        Spot::Message { id, .. } | Spot::Whisper(id) => *id == wanted,
    });
    found.copied().ok_or_else(|| UNKNOWN_MESSAGE.into())
}

/// The first one after a deferred answer is that answer.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message>
pub(super) fn follow_up(state: &mut State, ask: &Ask) -> Answer {
    let interaction = meant(state, ask)?;
    if ask.body["content"].as_str().unwrap_or_default().trim().is_empty()
        && ["embeds", "components", "files"].iter().all(|part| ask.body[*part].as_array().is_none_or(Vec::is_empty))
    {
        return Err(EMPTY_MESSAGE.into());
    }
    if let Some(original) = interaction.original.filter(|_| interaction.is_waiting) {
        return say_at_last(state, &interaction, original, &ask.body);
    }
    let spot = state.reply(&interaction, &ask.body);
    if let Some(known) = state.interactions.get_mut(&interaction.id) {
        known.said.push(spot);
    }
    ok(state.at(spot).map(|message| message.json.clone()).unwrap_or_default())
}

fn say_at_last(state: &mut State, interaction: &Interaction, spot: Spot, body: &Value) -> Answer {
    let shown = state.edit(spot, body, Unsaid::Users).ok_or(UNKNOWN_MESSAGE)?;
    if let Some(known) = state.interactions.get_mut(&interaction.id)
        && known.original == Some(spot)
    {
        known.is_waiting = false;
    }
    ok(shown)
}

pub(super) fn get(state: &mut State, ask: &Ask) -> Answer {
    let spot = named(&meant(state, ask)?, ask)?;
    let message = state.at(spot).ok_or(UNKNOWN_MESSAGE)?;
    ok(message.json.clone())
}

pub(super) fn patch(state: &mut State, ask: &Ask) -> Answer {
    let interaction = meant(state, ask)?;
    let spot = named(&interaction, ask)?;
    say_at_last(state, &interaction, spot, &ask.body)
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let interaction = meant(state, ask)?;
    let spot = named(&interaction, ask)?;
    state.at(spot).ok_or(UNKNOWN_MESSAGE)?;
    state.unsay(spot);
    if let Some(known) = state.interactions.get_mut(&interaction.id)
        && known.original == Some(spot)
    {
        known.is_waiting = false;
    }
    done()
}
