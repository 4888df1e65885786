//! How the machine reaches Slack: HTTP/1.1 over TLS, connections kept open for the next call.

use crate::config::{ConfigError, SlackConfig};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use slack_morphism::SlackClient;
use slack_morphism::hyper_tokio::SlackClientHyperConnector;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

/// Makes connections.
pub(super) type Connector = HttpsConnector<HttpConnector>;

/// The SDK's client over our connections. Its own rate control is not used: an effect that must wait goes back to the
/// outbox instead, where a restart does not lose it.
pub(super) type Client = SlackClient<SlackClientHyperConnector<Connector>>;

pub(super) fn client(config: &SlackConfig) -> Result<Client, ConfigError> {
    let connector = SlackClientHyperConnector::with_connector(connector(config)?);
    Ok(SlackClient::new(connector.with_slack_api_url(&config.api_url)))
}

/// Certificates are read only where they are needed.
pub(super) fn connector(config: &SlackConfig) -> Result<Connector, ConfigError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT.min(config.patience)));
    let untrusted = |error: &dyn std::fmt::Display| ConfigError::Certificates(error.to_string());
    let provider = Arc::new(ring::default_provider());
    let builder = HttpsConnectorBuilder::new();
    let builder = if config.api_url.starts_with("https://") {
        builder.with_provider_and_native_roots(provider).map_err(|error| untrusted(&error))?.https_only()
    } else {
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = tls.map_err(|error| untrusted(&error))?;
        let tls = tls.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        builder.with_tls_config(tls).https_or_http()
    };
    Ok(builder.enable_http1().wrap_connector(http))
}
