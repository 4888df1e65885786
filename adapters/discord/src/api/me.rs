//! Who we are: the bot's user, and the application it belongs to.

use super::{Api, ApiError, Call, part};
use crate::config::Id;
use serde_json::Value;
use serenity::http::Route;
use std::sync::Arc;

/// The bot and its application. <https://discord.com/developers/docs/resources/application>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Me {
    /// The bot's user.
    pub(crate) user: Id,
    /// Its name.
    pub(crate) name: String,
    /// The application.
    pub(crate) application: Id,
    /// What the application has switched on.
    pub(crate) flags: u64,
    /// The key with which Discord signs what it sends over HTTP.
    pub(crate) verify_key: Option<String>,
}

impl Api {
    /// Who we are; Discord is asked until it has told us.
    ///
    /// # Errors
    /// [`ApiError`] of one of the two questions.
    pub(crate) async fn who_am_i(&self) -> Result<Arc<Me>, ApiError> {
        self.me.or_ask(self.whose_token()).await
    }

    /// Who we are, asked anew.
    ///
    /// # Errors
    /// [`ApiError`] of one of the two questions.
    pub(crate) async fn ask_who_i_am(&self) -> Result<Arc<Me>, ApiError> {
        self.me.ask(self.whose_token()).await
    }

    async fn whose_token(&self) -> Result<Me, ApiError> {
        let user = self.call(Call::get(Route::UserMe)).await?;
        let application = Call::get(Route::Oauth2ApplicationCurrent).at("/applications/@me".to_owned());
        read(&user, &self.call(application).await?)
    }
}

fn read(user: &Value, application: &Value) -> Result<Me, ApiError> {
    Ok(Me {
        user: part::id(user, "id")?,
        name: user["username"].as_str().unwrap_or_default().to_owned(),
        application: part::id(application, "id")?,
        flags: application["flags"].as_u64().unwrap_or_default(),
        verify_key: application["verify_key"].as_str().map(str::to_owned),
    })
}
