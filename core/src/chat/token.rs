//! The secrets with which an adapter and its platform know each other.

use std::fmt;

/// A secret of a platform: a token, a signing secret. It never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes the text without the space around it.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().trim().to_owned())
    }

    /// The clear text, for the request or signature that it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Whether tokens may be sent to an address: in the clear only to this machine.
#[must_use]
pub fn may_be_sent(scheme: Option<&str>, host: Option<&str>) -> bool {
    match (scheme, host) {
        (Some("https" | "wss"), Some(_)) => true,
        (Some("http" | "ws"), Some(host)) => is_loopback(host),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_prints_itself() {
        assert_eq!(format!("{:?}", Token::new(" xoxb-1 ")), "Token(…)");
    }

    #[test]
    fn a_token_is_sent_to_nobody_in_the_clear() {
        assert!(may_be_sent(Some("https"), Some("chat.example")) && may_be_sent(Some("ws"), Some("[::1]")));
        for (scheme, host) in [("http", "chat.example"), ("http", "127.0.0.1.example.com"), ("ftp", "localhost")] {
            assert!(!may_be_sent(Some(scheme), Some(host)), "{scheme}://{host}");
        }
    }
}
