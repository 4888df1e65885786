//! What keeps Slack from doing what we ask until an operator does something: said once, and once more when it is over.

use super::error::ApiError;
use muster_core::chat::troubles::Troubles;

/// Codes that are about the token as a whole. <https://docs.slack.dev/reference/methods/auth.test#errors>
const TOKEN: &[&str] = &[
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "org_login_required",
    "two_factor_setup_required",
    "access_denied",
];
/// Codes that are about what the app may do. <https://docs.slack.dev/reference/methods/chat.postMessage#errors>
const SCOPE: &[&str] = &["missing_scope", "not_allowed_token_type", "no_permission"];
/// Codes that are about what the workspace allows anybody.
const RULES: &[&str] = &[
    "team_access_not_granted",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "read_only_channel",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "team_not_found",
    "accesslimited",
];

/// The one method that is called with the app's own token.
const SOCKET: &str = "apps.connections.open";

/// What is wrong, and therefore which success shows that it is over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    /// Nothing works.
    Token,
    /// A method does not work.
    Method(&'static str),
    /// A method does not work in a channel.
    Channel(&'static str, String),
    /// The config names something that is not there.
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
        error.is(TOKEN) || error.is(SCOPE) || error.is(RULES)
    }

    /// A method was called, in a channel perhaps, and this came of it.
    pub(super) fn heard(&self, method: &'static str, channel: Option<&str>, outcome: Result<(), &ApiError>) {
        let in_channel = || channel.map(|channel| About::Channel(method, channel.to_owned()));
        match outcome {
            Ok(()) if self.0.is_any() => {
                let token = (method != SOCKET).then_some(About::Token);
                let over = [token, Some(About::Method(method)), in_channel()];
                over.into_iter().flatten().for_each(|about| self.0.over(&about));
            }
            Ok(()) => {}
            Err(error) => {
                let Some((about, sentence)) = trouble(method, in_channel(), error) else { return };
                self.0.begins(about, sentence);
            }
        }
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

/// What an operator is told, in one sentence.
fn trouble(method: &'static str, in_channel: Option<About>, error: &ApiError) -> Option<(About, String)> {
    if method == SOCKET && (error.is(TOKEN) || error.is(SCOPE)) {
        let todo = "make an app-level token with the scope connections:write and put it into the config";
        return Some((About::Method(method), format!("Slack gives us no socket ({error}): {todo}")));
    }
    if error.is(TOKEN) {
        let todo = "install the app again, put its new bot token into the config and restart";
        return Some((About::Token, format!("Slack does not accept our token ({error}): {todo}")));
    }
    if error.is(SCOPE) {
        let ApiError::Slack(refused) = error else { return None };
        let needed = refused.needed.as_deref().map_or_else(String::new, |needed| format!(" `{needed}`"));
        let todo = "update the app from `muster slack manifest` and install it again";
        return Some((About::Method(method), format!("Slack wants a scope{needed} for {method} ({error}): {todo}")));
    }
    if error.is(RULES) {
        let todo = "ask an administrator of the workspace to allow it";
        let about = in_channel.unwrap_or(About::Method(method));
        return Some((about, format!("The workspace does not allow the app {method} ({error}): {todo}")));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAY: &str = "chat.postMessage";

    fn refused(code: &str) -> ApiError {
        ApiError::refused(code, None)
    }

    #[test]
    fn a_dead_token_is_one_trouble_however_often_it_is_met_and_any_success_ends_it() {
        let health = Health::default();
        for channel in ["C1", "C2", "C3"] {
            health.heard(SAY, Some(channel), Err(&refused("token_revoked")));
        }
        assert_eq!(health.troubles().len(), 1);
        assert!(health.troubles()[0].contains("install the app again"));
        health.heard("auth.test", None, Ok(()));
        assert_eq!(health.troubles(), Vec::<String>::new());
    }

    #[test]
    fn the_apps_token_is_a_trouble_of_its_own() {
        let health = Health::default();
        health.heard(SOCKET, None, Err(&refused("invalid_auth")));
        health.heard(SAY, Some("C1"), Ok(()));
        assert!(health.troubles()[0].contains("connections:write"), "{:?}", health.troubles());
        health.heard(SAY, Some("C1"), Err(&refused("invalid_auth")));
        health.heard(SOCKET, None, Ok(()));
        assert!(health.troubles().len() == 1 && health.troubles()[0].contains("bot token"));
    }

    #[test]
    fn a_missing_scope_is_over_when_its_method_works() {
        let health = Health::default();
        health.heard("pins.add", Some("C1"), Err(&ApiError::refused("missing_scope", Some("pins:write"))));
        health.heard(SAY, Some("C1"), Ok(()));
        assert!(health.troubles()[0].contains("`pins:write`"), "{:?}", health.troubles());
        health.heard("pins.add", Some("C2"), Ok(()));
        assert_eq!(health.troubles(), Vec::<String>::new());
    }

    #[test]
    fn a_channel_that_may_only_be_read_is_a_trouble_of_that_channel() {
        let health = Health::default();
        health.heard(SAY, Some("C1"), Err(&refused("restricted_action_read_only_channel")));
        health.heard(SAY, Some("C2"), Ok(()));
        assert_eq!(health.troubles().len(), 1);
        health.heard(SAY, Some("C1"), Ok(()));
        assert_eq!(health.troubles().len(), 0);
    }

    #[test]
    fn what_no_operator_can_change_is_no_trouble() {
        let health = Health::default();
        for error in [refused("channel_not_found"), ApiError::Down(String::new()), ApiError::Ambiguous(String::new())] {
            health.heard(SAY, None, Err(&error));
        }
        assert_eq!(health.troubles(), Vec::<String>::new());
    }
}
