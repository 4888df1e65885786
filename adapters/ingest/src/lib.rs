//! Alerts in: every vendor's format becomes one normalised signal.
//!
//! A request is answered with success only when what it says is durable. Who may send is decided by an integration key
//! before anything is read; what is sent is bounded before it is read. One file a vendor, each with one pure `read`.

mod alertmanager;
mod cloudevents;
mod config;
mod datadog;
mod desk;
mod door;
mod draft;
mod email;
mod field;
mod grafana;
mod heartbeat;
mod ingest;
mod mapping;
mod opsgenie;
mod pagerduty;
mod presented;
mod receive;
mod refusal;
mod routes;
mod sentry;
mod signature;
mod sns;
mod uptime_kuma;
mod webhook;
mod words;

pub use config::{IngestConfig, Kind, Rate, SignatureSecret, Source};
pub use desk::Desk;
pub use ingest::Ingest;
pub use mapping::{Mapping, Pick};
