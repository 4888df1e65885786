//! How the machine reaches Discord: TLS, connections kept open for the next call, no redirections.

use crate::config::{ConfigError, DiscordConfig};
use muster_core::chat::token::Token;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

/// Certificates are read only where they are needed.
pub(super) fn client(config: &DiscordConfig) -> Result<reqwest::Client, ConfigError> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT.min(config.patience))
        .redirect(Policy::none())
        .no_proxy()
        .tls_built_in_root_certs(config.api_url.starts_with("https://"));
    client.build().map_err(|error| ConfigError::Certificates(error.to_string()))
}

/// The header that says who we are. It never prints itself. A token that no header can hold is no token of Discord's.
pub(super) fn authorization(token: &Token) -> HeaderValue {
    let bare = token.reveal().trim_start_matches("Bot ");
    let mut header =
        HeaderValue::from_str(&format!("Bot {bare}")).unwrap_or_else(|_| HeaderValue::from_static("Bot none"));
    header.set_sensitive(true);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_as_a_bots_and_never_printed() {
        for token in ["abc.def", "Bot abc.def"] {
            let header = authorization(&Token::new(token));
            assert_eq!(header.to_str().ok(), Some("Bot abc.def"));
            assert!(!format!("{header:?}").contains("abc"));
        }
    }
}
