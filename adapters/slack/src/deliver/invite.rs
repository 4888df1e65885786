//! Bringing people into a room. <https://docs.slack.dev/reference/methods/conversations.invite>

use super::failed::{failed_in, is_about_what_was_asked};
use super::spot::Spot;
use crate::Slack;
use crate::api::ApiError;
use muster_core::chat::found;
use muster_core::incident::event::Subject;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde_json::json;

/// So many are invited by one call.
const AT_ONCE: usize = 100;
/// Codes of somebody who is in it anyway.
const THERE: &[&str] = &["already_in_channel", "cant_invite_self"];

impl Slack {
    /// Those who can be found are brought in even if others cannot be looked up now; these are tried again.
    pub(super) async fn invite(&self, room: &Room, people: &[Subject]) -> Result<Receipt, DeliveryError> {
        let lookups: Vec<_> = people.iter().map(|one| self.people.user_of(&self.api, &one.person)).collect();
        let (users, failure) = found(lookups).await;
        let users: Vec<_> = users.into_iter().collect();
        for some in users.chunks(AT_ONCE) {
            self.bring_in(room, some).await.map_err(|error| failed_in(room, &error))?;
        }
        match failure {
            Some(error) => Err(error),
            None => Ok(Receipt::of(&room.address)),
        }
    }

    /// One who cannot be invited keeps nobody else out.
    async fn bring_in(&self, room: &Room, users: &[String]) -> Result<(), ApiError> {
        match self.call_invite(room, &users.join(",")).await {
            Err(error) if is_about_what_was_asked(&error) && users.len() > 1 => {
                for user in users {
                    match self.call_invite(room, user).await {
                        Err(error) if is_about_what_was_asked(&error) => note(user, &error),
                        answer => answer?,
                    }
                }
                Ok(())
            }
            Err(error) if is_about_what_was_asked(&error) => {
                users.iter().for_each(|user| note(user, &error));
                Ok(())
            }
            answer => answer,
        }
    }

    async fn call_invite(&self, room: &Room, users: &str) -> Result<(), ApiError> {
        let body = json!({ "channel": room.address, "users": users, "force": true });
        self.call_at(&Spot::of(room), "conversations.invite", &body).await.map(drop)
    }
}

fn note(user: &str, error: &ApiError) {
    if !error.is(THERE) {
        tracing::warn!(user, %error, "somebody could not be invited");
    }
}
