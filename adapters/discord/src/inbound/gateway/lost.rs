//! Why a connection was lost or never made, and what follows from it.
//! <https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes>

use std::time::Duration;

/// Why there is no connection any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// Discord gave no address for one.
    #[error("{0}")]
    NoAddress(String),
    /// The address is not one to which a token may travel.
    #[error("Discord gave an address that is not encrypted")]
    InTheClear,
    /// It broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// It took too long.
    #[error("the connection took too long")]
    Slow,
    /// Our heartbeats were not heard.
    #[error("the connection is dead")]
    Dead,
    /// Discord closed it, and perhaps said why.
    #[error("Discord closed the connection (code {})", .0.unwrap_or_default())]
    Closed(Option<u16>),
    /// Discord asked us to open another.
    #[error("Discord asked for another connection")]
    Asked,
    /// Discord does not know our session, or wants it resumed over another connection.
    #[error("Discord does not know our session")]
    Invalid {
        /// Whether it can be resumed.
        resumable: bool,
    },
    /// Discord lets us start no more sessions for as long as that.
    #[error("Discord lets us start no more sessions for {} s", .0.as_secs())]
    Spent(Duration),
    /// We stop.
    #[error("Muster stops")]
    Stopped,
}

impl Lost {
    /// Whether the session is over with it.
    pub(super) fn ends_session(&self) -> bool {
        match self {
            Self::Invalid { resumable } => !resumable,
            Self::Closed(Some(code)) => matches!(code, 4003 | 4004 | 4007 | 4009..=4014),
            Self::Closed(None)
            | Self::NoAddress(_)
            | Self::InTheClear
            | Self::Broken(_)
            | Self::Slow
            | Self::Dead
            | Self::Asked
            | Self::Spent(_)
            | Self::Stopped => false,
        }
    }

    /// What an operator must do before there can be another.
    pub(super) fn trouble(&self) -> Option<String> {
        let sentence = match self {
            Self::Closed(Some(4004)) => {
                "Discord does not know the bot's token: reset it under “Bot” in the developer portal and put it in the config"
            }
            Self::Closed(Some(4010 | 4011)) => {
                "The bot is in more servers than one connection may serve: make a bot for this server alone"
            }
            Self::Closed(Some(4012)) => {
                "Discord no longer speaks the version of its gateway that Muster does: update Muster"
            }
            Self::Closed(Some(4013 | 4014)) => {
                "Discord does not let the bot listen to reactions and channels: see its intents under “Bot” in the developer portal"
            }
            Self::InTheClear => "Discord gave an address that is not encrypted: see “api_url” in the config",
            Self::Spent(_) => {
                "The bot has connected to Discord too often today: see whether another Muster runs with the same token"
            }
            Self::Closed(_)
            | Self::NoAddress(_)
            | Self::Broken(_)
            | Self::Slow
            | Self::Dead
            | Self::Asked
            | Self::Invalid { .. }
            | Self::Stopped => return None,
        };
        Some(sentence.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_outlives_what_may_happen_to_a_connection() {
        let closed = [None, Some(1000), Some(1001), Some(4000), Some(4008)].map(Lost::Closed);
        for lost in [Lost::Dead, Lost::Asked].into_iter().chain(closed) {
            assert!(!lost.ends_session(), "{lost}");
        }
        for lost in [Lost::Invalid { resumable: false }, Lost::Closed(Some(4007)), Lost::Closed(Some(4009))] {
            assert!(lost.ends_session() && lost.trouble().is_none(), "{lost}");
        }
    }

    #[test]
    fn what_trying_again_cannot_mend_is_told_to_an_operator() {
        for code in [4004, 4010, 4011, 4012, 4013, 4014] {
            let lost = Lost::Closed(Some(code));
            assert!(lost.ends_session() && lost.trouble().is_some_and(|sentence| sentence.contains(": ")), "{code}");
        }
    }
}
