//! An installation that is connected to a Slack of ours.

pub use super::Wire;
use super::{Installation, MEMBERS, PEOPLE};
use crate::slack::{FakeSlack, Hand, Way};
use std::collections::BTreeMap;

impl Installation {
    /// One on that store, connected to a workspace, which announces in `#incidents`.
    #[must_use]
    pub fn in_slack(store: &str, slack: &FakeSlack, wire: Wire) -> Self {
        let heard = match wire {
            Wire::Socket => format!("app_token = \"{}\"", slack.app_token()),
            Wire::Http => format!("signing_secret = \"{}\"", slack.signing_secret()),
        };
        let organisation = format!(
            "{PEOPLE}\n[slack]\nbot_token = \"{}\"\n{heard}\nannounce = \"incidents\"\napi_url = \"{}\"\n",
            slack.bot_token(),
            slack.api_url(),
        );
        let installation = Self::configured(store, &organisation);
        slack.listen_at(match wire {
            Wire::Socket => Way::Socket,
            Wire::Http => Way::Http { url: installation.url() },
        });
        installation
    }
}

/// The people of an installation in a workspace, by id.
#[must_use]
pub fn members(slack: &FakeSlack) -> BTreeMap<&'static str, Hand> {
    let member = |(id, name)| (id, slack.person(id, name, &format!("{id}@example.com")));
    MEMBERS.map(member).into()
}
