//! What the config says of sources.

use crate::mapping::Mapping;
use std::fmt;
use std::num::NonZeroU32;

/// The format a source sends, and so the paths its keys open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Prometheus Alertmanager's webhook.
    Alertmanager,
    /// Grafana's webhook, of unified and of legacy alerting.
    Grafana,
    /// Datadog's webhook.
    Datadog,
    /// Sentry's integration platform.
    Sentry,
    /// AWS SNS, with alarms of CloudWatch or plain texts.
    Sns,
    /// Uptime Kuma's webhook.
    UptimeKuma,
    /// CNCF CloudEvents over HTTP.
    CloudEvents,
    /// A mail, as it is.
    Email,
    /// Any JSON, by a mapping of the config.
    Webhook,
    /// Clients of PagerDuty's Events API v2.
    PagerDuty,
    /// Clients of Opsgenie's alert API.
    Opsgenie,
    /// Something that checks in at intervals.
    Heartbeat,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Alertmanager,
        Self::Grafana,
        Self::Datadog,
        Self::Sentry,
        Self::Sns,
        Self::UptimeKuma,
        Self::CloudEvents,
        Self::Email,
        Self::Webhook,
        Self::PagerDuty,
        Self::Opsgenie,
        Self::Heartbeat,
    ];

    /// Its word in the config and in the path: `/in/alertmanager`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Grafana => "grafana",
            Self::Datadog => "datadog",
            Self::Sentry => "sentry",
            Self::Sns => "sns",
            Self::UptimeKuma => "uptime-kuma",
            Self::CloudEvents => "cloudevents",
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::PagerDuty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::Heartbeat => "heartbeat",
        }
    }
}

/// What a sender signs its requests with; never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureSecret(String);

impl SignatureSecret {
    /// The secret as the sender has it.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SignatureSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureSecret(…)")
    }
}

/// How many requests a source may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// On average, each second.
    pub per_second: NonZeroU32,
    /// At once, after a quiet while.
    pub burst: NonZeroU32,
}

impl Default for Rate {
    /// Far more than any monitoring system sends; it stops one that has gone mad.
    fn default() -> Self {
        let of = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { per_second: of(1_000), burst: of(10_000) }
    }
}

/// Something that sends alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id; the label of its keys.
    pub id: String,
    /// What it sends.
    pub kind: Kind,
    /// What it signs with. Then nothing unsigned is taken.
    pub secret: Option<SignatureSecret>,
    /// How its JSON is to be understood: for kinds [`Kind::Webhook`] and [`Kind::CloudEvents`].
    pub mapping: Option<Mapping>,
    /// How much it may send.
    pub rate: Rate,
}

impl Source {
    /// A source of that id and kind, as usual.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: Kind) -> Self {
        Self { id: id.into(), kind, secret: None, mapping: None, rate: Rate::default() }
    }
}

/// Everything that may send. Keys of any other source open nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IngestConfig {
    /// The sources, each id once.
    pub sources: Vec<Source>,
}
