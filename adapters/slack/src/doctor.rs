//! What is wrong with the connection to a workspace, and what to do about it.

use crate::Slack;
use crate::api::{ApiError, Probe};
use crate::manifest::SCOPES;
use muster_core::chat::finding::Finding;
use muster_core::clock::Timestamp;
use serde_json::json;

/// Scopes that contain another one: an app may have been made with these.
const AS_GOOD: &[(&str, &str)] = &[("channels:manage", "channels:write")];

impl Slack {
    /// Looks at everything that can be looked at without changing anything; `now` is the machine's time.
    pub async fn doctor(&self, now: Timestamp) -> Vec<Finding> {
        let probe = match self.api.probe().await {
            Ok(probe) => probe,
            Err(error) => return vec![self.no_access(&error)],
        };
        let mut findings = vec![Finding::fine(format!("Slack knows us in the workspace {}", probe.me.team_name))];
        findings.extend(scopes(&probe));
        findings.push(Finding::of_clock("Slack", probe.time, now));
        findings.extend(self.doors().await);
        findings.push(self.announcements().await);
        findings.push(Finding::doubtful(
            "Whether Slack sends us commands cannot be looked up",
            format!(
                "type `{} help` in Slack: if nothing answers, compare the app with `muster slack manifest`",
                self.config.command
            ),
        ));
        findings
    }

    fn no_access(&self, error: &ApiError) -> Finding {
        let todo = match error {
            ApiError::Slack(_) => "copy “Bot User OAuth Token” from “OAuth & Permissions” of the app into the config",
            ApiError::RateLimited { .. } => "wait a minute, and ask again",
            ApiError::Ambiguous(_) | ApiError::Down(_) => {
                "see whether this machine reaches the internet, and the address of Slack in the config"
            }
        };
        Finding::broken(format!("Slack at {} does not let us in: {error}", self.config.api_url), todo)
    }

    async fn doors(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.config.app_token.is_some() {
            findings.push(match self.api.open_socket().await {
                Ok(_) => Finding::fine("Socket Mode: Slack gives us sockets"),
                Err(error) => Finding::broken(
                    format!("Socket Mode: Slack gives us no sockets: {error}"),
                    "switch Socket Mode on, and make an app-level token with the scope connections:write",
                ),
            });
        }
        if self.config.signing_secret.is_some() {
            findings.push(Finding::doubtful(
                "HTTP: whether Slack reaches us, and signs with this secret, cannot be looked up",
                "press “Retry” beside the request URL in “Event Subscriptions” of the app",
            ));
        }
        if findings.is_empty() {
            findings.push(Finding::broken(
                "Slack cannot reach us: there is neither an app token nor a signing secret",
                "put one of them into the config: the app token for Socket Mode, the signing secret for HTTP",
            ));
        }
        findings
    }

    async fn announcements(&self) -> Finding {
        let Some(wanted) = self.config.announce.as_deref() else {
            return Finding::doubtful("Incidents are announced nowhere", "name a channel as `announce` in the config");
        };
        let channel = match self.announce_channel(wanted).await {
            Ok(Some(channel)) => channel,
            Ok(None) => {
                let todo = "create it, or invite the app if it is private";
                return Finding::broken(format!("There is no channel {wanted} to announce incidents in"), todo);
            }
            Err(error) => return unseen(wanted, &error),
        };
        match self.api.call("conversations.info", &json!({ "channel": channel })).await {
            Err(error) => unseen(wanted, &error),
            Ok(info) if info["channel"]["is_archived"] == true => {
                Finding::broken(format!("The channel {wanted} is archived"), "unarchive it, or name another one")
            }
            Ok(info) if info["channel"]["is_member"] == true => {
                Finding::fine(format!("Incidents are announced in {wanted}"))
            }
            Ok(_) => Finding::doubtful(
                format!("We are not in {wanted} yet; we join it with the first incident"),
                format!("type `/invite @Muster` in {wanted} to see that it works"),
            ),
        }
    }
}

fn unseen(wanted: &str, error: &ApiError) -> Finding {
    let todo = "invite the app to it, or name another one";
    Finding::broken(format!("The channel {wanted}, for announcements, cannot be looked at: {error}"), todo)
}

fn scopes(probe: &Probe) -> Vec<Finding> {
    let Some(has) = &probe.scopes else {
        let todo = "compare “OAuth & Permissions” of the app with `muster slack manifest`";
        return vec![Finding::doubtful("Slack does not say which scopes our token has", todo)];
    };
    let is_there = |name: &str| {
        has.contains(name) || AS_GOOD.iter().any(|(wanted, other)| *wanted == name && has.contains(*other))
    };
    let missing = SCOPES.iter().filter(|scope| !is_there(scope.name));
    let todo = "add it under “OAuth & Permissions”, install the app again, and put the new token into the config";
    let missing: Vec<_> = missing
        .map(|scope| Finding::broken(format!("The scope {} is missing: it is needed {}", scope.name, scope.why), todo))
        .collect();
    if missing.is_empty() { vec![Finding::fine("Our token has every scope that is needed")] } else { missing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Me;
    use chrono::TimeDelta;
    use muster_core::chat::finding::Verdict;
    use std::sync::Arc;

    fn probe(scopes: &[&str], seconds: i64) -> Probe {
        let me = Me::of_the_shop();
        let scopes = (!scopes.is_empty()).then(|| scopes.iter().map(|scope| (*scope).to_owned()).collect());
        Probe { me: Arc::new(me), scopes, time: Some(Timestamp::UNIX_EPOCH + TimeDelta::seconds(seconds)) }
    }

    #[test]
    fn each_scope_that_is_missing_is_named_with_its_reason() {
        let all: Vec<_> = SCOPES.iter().map(|scope| scope.name).collect();
        assert_eq!(scopes(&probe(&all, 0)).len(), 1);
        let without = |name: &str| all.iter().copied().filter(|scope| *scope != name).collect::<Vec<_>>();
        let found = scopes(&probe(&without("pins:write"), 0));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].verdict, Verdict::Broken);
        assert!(found[0].what.contains("pins:write") && found[0].what.contains("headline"));
        assert_eq!(scopes(&probe(&[], 0))[0].verdict, Verdict::Doubtful);
    }
}
