//! Ways to reach a person beyond chats: e-mail, SMS, calls, push messages, webhooks; and other systems that page.
//!
//! Each way is a platform of its own. All of them carry pages or bulletins, and nothing else; everything on its way out goes
//! through [`errand`], where it is settled whether anything may leave at all. Couriers carry bulletins to subscribers.

mod api;
mod config;
mod email;
mod errand;
mod notify;
mod pagerduty;
mod push;
mod statuspage;
mod twilio;
mod webhook;

pub use config::{
    ConfigError, EmailConfig, NotifyConfig, NtfyConfig, PagerDutyConfig, StatuspageIoConfig, TwilioConfig,
    WebhookConfig,
};
pub use email::{Bounce, EmailCourier, EmailCourierConfig, read_bounce};
pub use muster_core::chat::token::Token;
pub use notify::Notify;
pub use webhook::{WebhookCourier, WebhookCourierConfig};
