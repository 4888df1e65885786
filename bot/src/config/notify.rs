//! The ways out: `[email]`, `[twilio]`, `[ntfy]`, `[[pagerduty]]`, `[[webhook]]`,
//! `[[statuspage_io]]`, and what `[outside]` lets them reach.

use super::section::Section;
use super::value;
use muster_notify::{
    ConfigError, EmailConfig, NotifyConfig, NtfyConfig, PagerDutyConfig, StatuspageIoConfig, Token, TwilioConfig,
    WebhookConfig,
};
use muster_outside::Allowed;
use std::collections::BTreeSet;
use toml::Spanned;

/// Reads all ways out. What cannot be read is no way.
pub(super) fn read(root: &Section<'_, '_>) -> NotifyConfig {
    NotifyConfig {
        email: email(root),
        twilio: twilio(root),
        ntfy: ntfy(root),
        pagerduty: each(root, "pagerduty", pagerduty),
        webhooks: each(root, "webhook", webhook),
        statuspage: each(root, "statuspage_io", statuspage),
    }
}

/// Reads `[outside]`: what may be reached although it is inside.
pub(super) fn outside(root: &Section<'_, '_>) -> Allowed {
    let Some(section) = root.table("outside") else { return Allowed::default() };
    let allowed = allowed(&section);
    section.finish();
    allowed
}

/// What the key `allow` of a section lets be reached.
pub(super) fn allowed(section: &Section<'_, '_>) -> Allowed {
    let typed = section.texts("allow").unwrap_or_default();
    typed.iter().fold(Allowed::default(), |allowed, typed| match allowed.clone().and(typed.get_ref()) {
        Ok(more) => more,
        Err(wrong) => {
            section.problem(typed.span(), "allow", wrong.to_string());
            allowed
        }
    })
}

fn email(root: &Section<'_, '_>) -> Option<EmailConfig> {
    let section = root.table("email")?;
    let smtp = section.required("smtp", "smtps://muster%40example.com@mail.example.com:465");
    let from = section.required("from", "Muster <muster@example.com>");
    let password = secret(&section, "password");
    section.finish();
    let config = EmailConfig { smtp: smtp?.into_inner(), password, from: from?.into_inner() };
    sound(&section, config.check()).then_some(config)
}

fn twilio(root: &Section<'_, '_>) -> Option<TwilioConfig> {
    let section = root.table("twilio")?;
    let account = section.required("account", "AC0123456789abcdef0123456789abcdef");
    let token = needed(&section, "token", "env:MUSTER_TWILIO_TOKEN");
    let from = section.required("from", "+46701234567");
    let api = address(&section, "api");
    section.finish();
    let mut config = TwilioConfig::new(account?.into_inner(), token?, from?.into_inner());
    config.api = api.unwrap_or(config.api);
    sound(&section, config.check()).then_some(config)
}

fn ntfy(root: &Section<'_, '_>) -> Option<NtfyConfig> {
    let section = root.table("ntfy")?;
    let mut config = NtfyConfig { token: secret(&section, "token"), ..NtfyConfig::default() };
    config.server = address(&section, "server").unwrap_or(config.server);
    section.finish();
    sound(&section, config.check()).then_some(config)
}

fn pagerduty(section: &Section<'_, '_>) -> Option<(String, PagerDutyConfig)> {
    let name = name(section);
    let key = needed(section, "key", "env:MUSTER_PAGERDUTY_KEY");
    let api = address(section, "api");
    let mut config = PagerDutyConfig::new(name?, key?);
    config.api = api.unwrap_or(config.api);
    sound(section, config.check()).then(|| (config.name.clone(), config))
}

fn webhook(section: &Section<'_, '_>) -> Option<(String, WebhookConfig)> {
    let name = name(section);
    let url = needed(section, "url", "https://ops.example.com/muster");
    let secret = needed(section, "secret", "env:MUSTER_WEBHOOK_SECRET");
    let config = WebhookConfig { name: name?, url: url?, secret: secret? };
    sound(section, config.check()).then(|| (config.name.clone(), config))
}

fn statuspage(section: &Section<'_, '_>) -> Option<(String, StatuspageIoConfig)> {
    let name = name(section);
    let page = section.required("page", "kctbh9vrtdwd");
    let key = needed(section, "key", "env:MUSTER_STATUSPAGE_KEY");
    let api = address(section, "api");
    let components = section.table("components").map(|table| table.pairs()).unwrap_or_default();
    let mut config = StatuspageIoConfig::new(name?, page?.into_inner(), key?);
    config.components = components.into_iter().map(|(ours, theirs)| (ours.into_inner(), theirs.into_inner())).collect();
    config.api = api.unwrap_or(config.api);
    sound(section, config.check()).then(|| (config.name.clone(), config))
}

/// Every table of that name, each with a name of its own.
fn each<T>(
    root: &Section<'_, '_>,
    key: &'static str,
    read: impl Fn(&Section<'_, '_>) -> Option<(String, T)>,
) -> Vec<T> {
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for section in root.tables(key).unwrap_or_default() {
        let read = read(&section);
        section.finish();
        let Some((name, config)) = read else { continue };
        if names.insert(name.clone()) {
            found.push(config);
        } else {
            section.problem(section.at(), "name", format!("there are two of the name “{name}”"));
        }
    }
    found
}

fn name(section: &Section<'_, '_>) -> Option<String> {
    let name = section.required("name", "payments")?;
    value::check_id(section, "name", &name);
    Some(name.into_inner())
}

/// A base address, without the slash at its end.
fn address(section: &Section<'_, '_>, key: &'static str) -> Option<String> {
    section.text(key).map(Spanned::into_inner).map(|url| url.trim_end_matches('/').to_owned())
}

fn secret(section: &Section<'_, '_>, key: &'static str) -> Option<Token> {
    value::secret(section, key).map(Token::new)
}

fn needed(section: &Section<'_, '_>, key: &'static str, example: &str) -> Option<Token> {
    if !section.has(key) {
        section.problem(section.at(), key, format!("this is missing; for example {key} = \"{example}\""));
    }
    secret(section, key)
}

/// Whether nothing is wrong; else it is noted.
fn sound(section: &Section<'_, '_>, checked: Result<(), ConfigError>) -> bool {
    if let Err(wrong) = checked {
        section.problem(section.at(), "", wrong.to_string());
    }
    checked.is_ok()
}
