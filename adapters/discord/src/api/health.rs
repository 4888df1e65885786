//! What keeps Discord from doing what we ask until an operator does something: said once, and once more when it is over.

use super::{ApiError, Call, code};
use crate::config::Id;
use crate::permissions;
use muster_core::chat::troubles::Troubles;

/// What is wrong, and therefore which success shows that it is over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    /// Nothing works.
    Token,
    /// We lack a permission for a way of doing something, in a channel perhaps.
    Permission(String, Option<Id>),
    /// We are not in the server.
    Server,
    /// The gateway does not let us in.
    Gateway,
    /// Something that the config names is not there, or not as it must be.
    Setting(&'static str),
}

/// The troubles there are.
#[derive(Debug)]
pub(crate) struct Health(Troubles<About>);

impl Default for Health {
    fn default() -> Self {
        Self(Troubles::of(crate::platform()))
    }
}

impl Health {
    /// Whether only an operator can do something about it.
    pub(crate) fn is_for_operator(error: &ApiError) -> bool {
        error.is_about_token() || error.is(&[code::MISSING_PERMISSIONS, code::UNKNOWN_GUILD, code::TWO_FACTOR])
    }

    /// A call was made, and this came of it.
    pub(super) fn heard(&self, call: &Call<'_>, failure: Option<&ApiError>) {
        let permission = || About::Permission(format!("{:?} {}", call.method, call.name()), call.channel());
        match failure {
            None if self.0.is_any() => {
                let server = call.is_in_server().then_some(About::Server);
                let over = [Some(About::Token), Some(permission()), server];
                over.into_iter().flatten().for_each(|about| self.0.over(&about));
            }
            None => {}
            Some(error) if error.is_about_token() => {
                let todo = "copy a new one from “Bot” in the developer portal into the config, and restart";
                self.0.begins(About::Token, format!("Discord does not accept our token ({error}): {todo}"));
            }
            Some(error) if error.is(&[code::MISSING_PERMISSIONS]) => {
                let place = call.channel().map_or("the server".to_owned(), |channel| format!("the channel {channel}"));
                let needed = permissions::names(call.needs);
                let todo = "give it to Muster's role, in the server and in the category of the rooms";
                let sentence = format!("Discord does not let us do something in {place}: it takes {needed}: {todo}");
                self.0.begins(permission(), sentence);
            }
            Some(error) if error.is(&[code::TWO_FACTOR]) => {
                let todo = "switch it on for the account that owns the application";
                let sentence = format!("The Discord server wants two-factor authentication of moderators: {todo}");
                self.0.begins(permission(), sentence);
            }
            Some(_) => {}
        }
    }

    /// We are not in the server, and `sentence` says what to do about it.
    pub(crate) fn put_out(&self, sentence: String) {
        self.0.begins(About::Server, sentence);
    }

    /// The gateway does not let us in, and `sentence` says what to do about it.
    pub(crate) fn shut_out(&self, sentence: String) {
        self.0.begins(About::Gateway, sentence);
    }

    /// The gateway has let us in.
    pub(crate) fn let_in(&self) {
        self.0.over(&About::Gateway);
    }

    /// Something that the config names is not as it must be.
    pub(crate) fn misconfigured(&self, setting: &'static str, sentence: String) {
        self.0.begins(About::Setting(setting), sentence);
    }

    /// It is as it must be.
    pub(crate) fn configured(&self, setting: &'static str) {
        self.0.over(&About::Setting(setting));
    }

    /// What an operator should know now, in sentences.
    pub(crate) fn troubles(&self) -> Vec<String> {
        self.0.sentences()
    }
}
