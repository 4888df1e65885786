//! Alerts in, as monitoring systems see it: over HTTP, with their own payloads.

mod hostile;
mod keys;
mod opsgenie;
mod pagerduty;
mod samples;
mod signed;
mod sns;
mod world;
