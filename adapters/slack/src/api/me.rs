//! Who we are in the workspace.

use super::{Api, ApiError};
use serde_json::{Value, json};
use std::sync::Arc;

/// The bot's own identity. <https://docs.slack.dev/reference/methods/auth.test>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Me {
    /// The bot user, `U…`.
    pub(crate) user: String,
    /// The bot, `B…`.
    pub(crate) bot: Option<String>,
    /// The workspace, `T…`.
    pub(crate) team: String,
    /// Its name.
    pub(crate) team_name: String,
    /// The organisation above it, on Enterprise Grid.
    pub(crate) enterprise: Option<String>,
    /// Where it opens in a browser, with a slash at the end.
    pub(crate) url: String,
}

#[cfg(test)]
impl Me {
    /// The bot of the shop that the tests are about.
    pub(crate) fn of_the_shop() -> Self {
        Self {
            user: "UBOT".into(),
            bot: None,
            team: "T1".into(),
            team_name: "Shop".into(),
            enterprise: None,
            url: "https://shop.slack.com/".into(),
        }
    }
}

impl Api {
    /// Who we are, if we have been told.
    pub(crate) fn me(&self) -> Option<Arc<Me>> {
        self.me.known()
    }

    /// Who we are; Slack is asked until it has told us.
    ///
    /// # Errors
    /// [`ApiError`] of `auth.test`.
    pub(crate) async fn who_am_i(&self) -> Result<Arc<Me>, ApiError> {
        self.me.or_ask(self.whose_token()).await
    }

    /// Who we are, asked anew.
    ///
    /// # Errors
    /// [`ApiError`] of `auth.test`.
    pub(crate) async fn ask_who_i_am(&self) -> Result<Arc<Me>, ApiError> {
        self.me.ask(self.whose_token()).await
    }

    async fn whose_token(&self) -> Result<Me, ApiError> {
        let answer = self.call("auth.test", &json!({})).await?;
        read(&answer).ok_or_else(|| ApiError::Ambiguous("it does not say who we are".to_owned()))
    }
}

fn read(answer: &Value) -> Option<Me> {
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    let url = text("url")?;
    Some(Me {
        user: text("user_id")?,
        bot: text("bot_id"),
        team: text("team_id")?,
        team_name: text("team").unwrap_or_default(),
        enterprise: text("enterprise_id"),
        url: if url.ends_with('/') { url } else { format!("{url}/") },
    })
}
