//! `[slack]`: how Muster is connected to a workspace, and what happens there by itself.

use super::section::Section;
use super::value;
use muster_core::ids::PlatformId;
use muster_core::org::ChatRules;
use muster_slack::{SlackConfig, Token};
use toml::Spanned;

/// What the section says.
pub(super) struct Read {
    /// For the adapter.
    pub(super) config: SlackConfig,
    /// For the organisation.
    pub(super) rules: ChatRules,
}

/// Reads `[slack]`; `None` when it is not there, or too little of it is.
pub(super) fn read(root: &Section<'_, '_>) -> Option<Read> {
    let section = root.table("slack")?;
    let secret = |key| value::secret(&section, key).map(Token::new);
    let bot_token = secret("bot_token");
    if bot_token.is_none() && !section.has("bot_token") {
        let sentence = "this is missing: the “Bot User OAuth Token” of the app; for example \
                        bot_token = \"env:MUSTER_SLACK_BOT_TOKEN\"";
        section.problem(section.at(), "bot_token", sentence);
    }
    let (app_token, signing_secret) = (secret("app_token"), secret("signing_secret"));
    if !section.has("app_token") && !section.has("signing_secret") {
        let sentence = "without app_token (Socket Mode) or signing_secret (HTTP), nobody in Slack can be heard; \
                        set one of them";
        section.problem(section.at(), "app_token", sentence);
    }
    let announce = section.text("announce").map(Spanned::into_inner);
    let rooms = section.flag("rooms").unwrap_or(true);
    let command = section.text("command").map(Spanned::into_inner);
    let reactions = section.texts("pin_reactions");
    let api_url = section.text("api_url").map(Spanned::into_inner);
    section.finish();
    let mut config = SlackConfig::new(bot_token?);
    config.app_token = app_token;
    config.signing_secret = signing_secret;
    config.announce = announce.map(|name| name.trim_start_matches('#').to_owned());
    if let Some(command) = command {
        config.command = format!("/{}", command.trim_start_matches('/'));
    }
    if let Some(reactions) = reactions {
        let bare = |name: Spanned<String>| name.into_inner().trim_matches(':').to_owned();
        config.pin_reactions = reactions.into_iter().map(bare).collect();
    }
    if let Some(url) = api_url {
        config.api_url = url.trim_end_matches('/').to_owned();
    }
    if let Err(wrong) = config.check() {
        section.problem(section.at(), "", wrong.to_string());
        return None;
    }
    let announces = config.announce.is_some();
    Some(Read { config, rules: ChatRules { platform: PlatformId::from("slack"), rooms, announces } })
}
