//! What Slack tells of a user, as far as it matters here. <https://docs.slack.dev/reference/objects/user-object>

use crate::api::Me;
use serde_json::Value;

/// What kind of user somebody is to this workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of the workspace.
    Member,
    /// Let into some channels of it. Their address counts like a member's: only if the organisation lists it.
    Guest,
    /// Of another workspace, met in a shared channel. That workspace's word on their address is not taken.
    Stranger,
    /// Not human.
    Bot,
    /// Deactivated.
    Gone,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Profile {
    /// As people see them.
    pub(crate) name: Option<String>,
    /// Their address, if they have shown that it is theirs.
    pub(crate) email: Option<String>,
    team: Option<String>,
    enterprise: Option<String>,
    is_bot: bool,
    is_deleted: bool,
    is_guest: bool,
    is_stranger: bool,
}

/// Slack's own bot says it is none.
const SLACKBOT: &str = "USLACKBOT";

impl Profile {
    /// Reads a user object; what it does not say is not assumed.
    pub(crate) fn read(user: &Value) -> Self {
        let is = |name: &str| user[name].as_bool() == Some(true);
        let text = |value: &Value| value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
        let profile = &user["profile"];
        let names = [&profile["display_name"], &profile["real_name"], &user["real_name"], &user["name"]];
        Self {
            name: names.into_iter().find_map(text),
            email: text(&profile["email"]).filter(|_| user["is_email_confirmed"].as_bool() != Some(false)),
            team: text(&user["team_id"]),
            enterprise: text(&user["enterprise_user"]["enterprise_id"]),
            is_bot: is("is_bot") || is("is_workflow_bot") || user["id"] == SLACKBOT,
            is_deleted: is("deleted"),
            is_guest: is("is_restricted") || is("is_ultra_restricted"),
            is_stranger: is("is_stranger"),
        }
    }

    /// What they are to our workspace.
    pub(crate) fn kind(&self, me: &Me) -> Kind {
        let is_of_team = self.team.as_ref() == Some(&me.team);
        let is_of_enterprise = me.enterprise.is_some() && self.enterprise == me.enterprise;
        match self {
            Self { is_deleted: true, .. } => Kind::Gone,
            Self { is_bot: true, .. } => Kind::Bot,
            Self { is_stranger: true, .. } => Kind::Stranger,
            _ if !is_of_team && !is_of_enterprise => Kind::Stranger,
            Self { is_guest: true, .. } => Kind::Guest,
            _ => Kind::Member,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn me() -> Me {
        Me { enterprise: Some("E1".into()), ..Me::of_the_shop() }
    }

    fn kind(extra: &Value) -> Kind {
        let mut user = json!({ "id": "U1", "team_id": "T1", "profile": { "email": "a@shop.example" } });
        let (Some(user_map), Some(extra)) = (user.as_object_mut(), extra.as_object()) else { panic!("objects") };
        user_map.extend(extra.clone());
        Profile::read(&user).kind(&me())
    }

    #[test]
    fn bots_guests_strangers_and_those_who_left_are_told_apart() {
        for (user, expected) in [
            (json!({}), Kind::Member),
            (json!({ "is_restricted": true }), Kind::Guest),
            (json!({ "is_ultra_restricted": true }), Kind::Guest),
            (json!({ "is_bot": true }), Kind::Bot),
            (json!({ "id": "USLACKBOT" }), Kind::Bot),
            (json!({ "deleted": true, "is_bot": true }), Kind::Gone),
            (json!({ "team_id": "T2" }), Kind::Stranger),
            (json!({ "team_id": null }), Kind::Stranger),
            (json!({ "is_stranger": true }), Kind::Stranger),
            (json!({ "team_id": "T2", "enterprise_user": { "enterprise_id": "E1" } }), Kind::Member),
            (json!({ "team_id": "T2", "enterprise_user": { "enterprise_id": "E2" } }), Kind::Stranger),
        ] {
            assert_eq!(kind(&user), expected, "{user}");
        }
    }

    #[test]
    fn a_workspace_without_an_enterprise_has_nothing_in_common_with_a_user_without_one() {
        let lonely = Me { enterprise: None, ..me() };
        assert_eq!(Profile::read(&json!({ "team_id": "T2" })).kind(&lonely), Kind::Stranger);
    }

    #[test]
    fn an_address_that_nobody_confirmed_does_not_count() {
        let user = json!({ "is_email_confirmed": false, "profile": { "email": "ceo@shop.example" } });
        assert_eq!(Profile::read(&user).email, None);
        let user = json!({ "profile": { "email": "a@shop.example", "display_name": " ", "real_name": "Alice Ek" } });
        let profile = Profile::read(&user);
        assert_eq!((profile.email.as_deref(), profile.name.as_deref()), (Some("a@shop.example"), Some("Alice Ek")));
    }
}
