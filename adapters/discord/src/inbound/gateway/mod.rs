//! The gateway: Discord over a connection that Muster opens, so that nothing of Muster need be reachable from outside.
//!
//! The loop is our own. The SDK's own loses an event that its models cannot read, and the number of it too; it resumes at
//! another address than the one Discord gives for that. <https://docs.discord.com/developers/events/gateway>

mod connection;
mod frame;
mod lost;
mod session;

use super::payload::Interaction;
use crate::Discord;
use connection::Connection;
use frame::{Event, Frame};
use lost::Lost;
use muster_core::chat::backoff::{STEADY, pause, share};
use muster_core::chat::unreadable;
use serde::Deserialize;
use session::Session;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_util::sync::CancellationToken;

/// A session that could not be gone on with so often in a row is given up.
const RESUMES: u32 = 10;
/// How long to rest at first, and at most, when only an operator can help.
const FIRST_REST: Duration = Duration::from_mins(1);
const LONGEST_REST: Duration = Duration::from_hours(1);
/// Any of Discord's own codes but those that end the session.
const SEE_YOU: CloseCode = CloseCode::Library(4000);

impl Discord {
    /// Listens over the gateway, if we are to keep a connection there, until `stop`; then finishes what is under way
    /// within 5 s.
    pub async fn listen(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        if !self.config.gateway {
            stop.await;
            return self.finish().await;
        }
        let ended = CancellationToken::new();
        let stopping = async {
            stop.await;
            ended.cancel();
        };
        tokio::join!(stopping, self.stay_connected(&ended));
        self.finish().await;
    }

    /// Keeps a connection open, and a session over as many connections as that takes.
    async fn stay_connected(self: &Arc<Self>, ended: &CancellationToken) {
        let (mut session, mut failures) = (Session::default(), 0);
        while !ended.is_cancelled() {
            let began = Instant::now();
            let lost = self.attend(&mut session, ended).await;
            failures = if began.elapsed() > STEADY { 1 } else { failures + 1 };
            if lost.ends_session() || failures > RESUMES {
                session = Session::default();
            }
            if lost != Lost::Stopped {
                metrics::counter!("muster_discord_connections_lost_total").increment(1);
                tracing::info!(%lost, failures, resumes = session.is_resumable(), "no connection to Discord");
            }
            let rest = self.rest(&lost, failures);
            if let Some(trouble) = lost.trouble()
                && !self.is_told(&lost).await
            {
                self.api.health().shut_out(trouble);
            }
            let _ = tokio::time::timeout(rest, ended.cancelled()).await;
        }
    }

    /// Whether an operator knows already: a token that is dead for calls too is told of once.
    async fn is_told(&self, lost: &Lost) -> bool {
        *lost == Lost::Closed(Some(4004)) && self.api.ask_who_i_am().await.is_err()
    }

    /// How long to wait before the next connection.
    fn rest(&self, lost: &Lost, failures: u32) -> Duration {
        match lost {
            Lost::Spent(wait) => *wait,
            // As Discord asks: many may have lost their sessions at once.
            // <https://docs.discord.com/developers/events/gateway#resuming>
            Lost::Invalid { resumable: false } => {
                Duration::from_secs(1) + Duration::from_secs(4).mul_f64(share(self.muster.entropy()))
            }
            lost if lost.trouble().is_some() => {
                FIRST_REST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST_REST)
            }
            Lost::NoAddress(_)
            | Lost::InTheClear
            | Lost::Broken(_)
            | Lost::Slow
            | Lost::Dead
            | Lost::Closed(_)
            | Lost::Asked
            | Lost::Invalid { .. }
            | Lost::Stopped => pause(failures, self.muster.entropy()),
        }
    }

    /// One connection, from its first word to its last.
    async fn attend(self: &Arc<Self>, session: &mut Session, ended: &CancellationToken) -> Lost {
        let opened = tokio::select! {
            () = ended.cancelled() => return Lost::Stopped,
            opened = self.open(session) => opened,
        };
        let mut connection = match opened {
            Ok(connection) => connection,
            Err(lost) => return lost,
        };
        metrics::gauge!("muster_discord_connections").increment(1.0);
        let lost = tokio::select! {
            () = ended.cancelled() => Lost::Stopped,
            lost = self.follow(&mut connection, session) => lost,
        };
        metrics::gauge!("muster_discord_connections").decrement(1.0);
        match lost {
            Lost::Stopped => connection.close(CloseCode::Normal).await,
            Lost::Asked | Lost::Invalid { .. } => connection.close(SEE_YOU).await,
            Lost::NoAddress(_)
            | Lost::InTheClear
            | Lost::Broken(_)
            | Lost::Slow
            | Lost::Dead
            | Lost::Closed(_)
            | Lost::Spent(_) => {}
        }
        lost
    }

    /// Opens a connection and says who we are, or where we were.
    async fn open(&self, session: &mut Session) -> Result<Connection, Lost> {
        let (address, greeting) = if session.is_resumable() {
            (session.address.clone(), frame::resume(&self.config.token, session))
        } else {
            *session = Session::default();
            (self.way_in().await?, frame::identify(&self.config.token))
        };
        let mut connection = Connection::open(&address, self.muster.entropy()).await?;
        connection.say(&greeting).await?;
        Ok(connection)
    }

    /// Where a session is started, if Discord lets us start another one.
    /// <https://docs.discord.com/developers/events/gateway#get-gateway-bot>
    async fn way_in(&self) -> Result<String, Lost> {
        let gateway = self.api.gateway().await.map_err(|error| Lost::NoAddress(error.to_string()))?;
        if gateway.remaining == 0 { Err(Lost::Spent(gateway.reset_after)) } else { Ok(gateway.url) }
    }

    /// Reads until the connection is lost. What happens is a task of its own each: nothing slow holds up the rest.
    async fn follow(self: &Arc<Self>, connection: &mut Connection, session: &mut Session) -> Lost {
        loop {
            match connection.next(session.number).await {
                Ok(Frame::Event(event)) => {
                    session.follow(&event);
                    self.heard(event, session);
                }
                Ok(Frame::Reconnect) => return Lost::Asked,
                Ok(Frame::Invalid { resumable }) => return Lost::Invalid { resumable },
                Ok(Frame::Hello { .. } | Frame::BeatNow | Frame::Heard | Frame::Unreadable) => {}
                Err(lost) => return lost,
            }
        }
    }

    fn heard(self: &Arc<Self>, event: Event, session: &Session) {
        match event.kind.as_str() {
            "READY" | "RESUMED" => {
                tracing::info!(what = event.kind, "listening to Discord");
                self.api.health().let_in();
            }
            "INTERACTION_CREATE" => match Interaction::deserialize(&event.data) {
                Ok(interaction) => self.asked_over_gateway(interaction),
                Err(_) => unreadable(&crate::platform(), "gateway", "it is no interaction", &event.data),
            },
            _ => {
                let Some(name) = session.name_of(&event).filter(|name| self.inbox.is_new(name)) else { return };
                let discord = Arc::clone(self);
                self.inbox.go_on(async move { discord.happened(&event.kind, event.data, name).await });
            }
        }
    }

    /// Answers an interaction, and goes on with it after that. One that is sent again was heard the first time.
    fn asked_over_gateway(self: &Arc<Self>, interaction: Interaction) {
        let is_new = interaction.id.is_none_or(|id| self.inbox.is_new(&id.to_string()));
        if is_new {
            let discord = Arc::clone(self);
            self.inbox.go_on(async move { discord.answer(interaction).await });
        }
    }
}
