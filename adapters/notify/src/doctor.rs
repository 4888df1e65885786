//! What is wrong with the ways out. Looking sends nobody anything.

use crate::api::{Api, authorized};
use crate::config::{NotifyConfig, NtfyConfig, StatuspageIoConfig, TwilioConfig};
use crate::email::Email;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, Request, StatusCode};
use muster_core::chat::finding::Finding;
use muster_core::chat::token::Token;
use muster_core::ports::outside::Outside;
use std::sync::Arc;

/// What a key that was refused needs.
const KEY: &str = "see that the key in the config is the one shown there, and that it may be used from here";

/// What somebody needs who is not there.
const ADDRESS: &str = "see that the address in the config is right, that a firewall lets us there, and that [outside] allows it if it is inside";

/// Looks at every way of a config, as far as it can be looked at without telling anybody anything.
pub async fn doctor(config: &NotifyConfig, outside: &Arc<dyn Outside>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(email) = &config.email {
        let looked = match Email::new(email) {
            Ok(email) => email.look().await,
            Err(wrong) => Err(wrong.to_string()),
        };
        findings.push(match looked {
            Ok(()) => Finding::fine("The mail server lets us in"),
            Err(why) => Finding::broken(
                format!("Mail: {why}"),
                "see that smtp, its port, user and password in [email] are right, and that a firewall lets us there",
            ),
        });
    }
    if let Some(twilio) = &config.twilio {
        findings.push(self::twilio(twilio, outside).await);
    }
    if let Some(ntfy) = &config.ntfy {
        findings.push(self::ntfy(ntfy, outside).await);
    }
    for service in &config.pagerduty {
        let whom = format!("PagerDuty `{}`", service.name);
        findings.push(there(&whom, &service.api, outside).await);
    }
    for hook in &config.webhooks {
        let whom = format!("Webhook `{}`", hook.name);
        findings.push(there(&whom, hook.url.reveal(), outside).await);
    }
    for page in &config.statuspage {
        findings.push(statuspage(page, outside).await);
    }
    findings
}

/// <https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource>
async fn twilio(TwilioConfig { account, token, api, .. }: &TwilioConfig, outside: &Arc<dyn Outside>) -> Finding {
    let basic = Token::new(STANDARD.encode(format!("{account}:{}", token.reveal())));
    let url = format!("{api}/2010-04-01/Accounts/{account}.json");
    with_key("Twilio", "Twilio", (&url, authorized("Basic", &basic)), outside).await
}

/// Without a token, whether it is well; with one, whose it is. <https://docs.ntfy.sh/config/#health-checks>
async fn ntfy(NtfyConfig { server, token }: &NtfyConfig, outside: &Arc<dyn Outside>) -> Finding {
    match token {
        Some(token) => {
            let url = format!("{server}/v1/account");
            with_key("ntfy", "ntfy", (&url, authorized("Bearer", token)), outside).await
        }
        None => there("ntfy", &format!("{server}/v1/health"), outside).await,
    }
}

/// <https://developer.statuspage.io/#operation/getPagesPageId>
async fn statuspage(config: &StatuspageIoConfig, outside: &Arc<dyn Outside>) -> Finding {
    let url = format!("{}/v1/pages/{}", config.api, config.page);
    let whom = format!("Statuspage `{}`", config.name);
    with_key("Statuspage", &whom, (&url, authorized("OAuth", &config.key)), outside).await
}

/// Whether a key is good for what it is shown to.
async fn with_key(
    api: &'static str,
    whom: &str,
    (url, headers): (&str, HeaderMap),
    outside: &Arc<dyn Outside>,
) -> Finding {
    match Api::of(api, outside).call(Method::GET, url, headers, None).await {
        Ok(answer) if answer.status().is_success() => Finding::fine(format!("{whom} accepts our key")),
        Ok(answer) => Finding::broken(format!("{whom} answered {}", answer.status().as_u16()), remedy(answer.status())),
        Err(error) => Finding::broken(error.to_string(), ADDRESS),
    }
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "see that the address and the id in the config are right",
        _ => KEY,
    }
}

/// Whether somebody is there at all. A key is shown by what is sent only; what they say to being looked at is no matter.
async fn there(whom: &str, url: &str, outside: &Arc<dyn Outside>) -> Finding {
    let request = match Request::head(url).body(Vec::new()) {
        Ok(request) => request,
        Err(_) => return Finding::broken(format!("{whom} has an address that is none"), ADDRESS),
    };
    match outside.send(request).await {
        Ok(_) => Finding::fine(format!("{whom} is there")),
        Err(error) => Finding::broken(format!("{whom}: {error}"), ADDRESS),
    }
}
