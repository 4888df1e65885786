//! Ways to reach a person beyond chats: e-mail, SMS, calls, push messages, webhooks; and other systems that page.
//!
//! Each way is a platform of its own. All of them carry pages or bulletins, and nothing else; each page passes [`errand`], where those
//! of drills are refused. A bulletin is never of a drill: [`Cleared`](muster_core::comms::Cleared) sees to that where it is made, and the
//! dispatcher again. Couriers carry bulletins to subscribers, for core's depot.

mod api;
mod config;
mod doctor;
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
pub use doctor::doctor;
pub use email::{Bounce, EmailCourier, EmailCourierConfig, read_bounce};
pub use muster_core::chat::token::Token;
pub use notify::Notify;
pub use webhook::{WebhookCourier, WebhookCourierConfig};
