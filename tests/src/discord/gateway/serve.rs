//! One connection to the gateway, from HELLO to its end.

use super::super::FakeDiscord;
use super::super::state::{Id, State};
use super::{Frame, GUILDS, KNOWN, Link, PRIVILEGED, Session};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedSender};

/// The largest payload an app may send.
/// <https://docs.discord.com/developers/events/gateway#sending-events>
const LARGEST: usize = 4096;

/// At which address it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Entry {
    /// That of `GET /gateway`.
    First,
    /// The `resume_gateway_url` of READY.
    Resume,
}

/// What a payload leads to.
enum Then {
    Nothing,
    Say(Value),
    Close(u16),
}

/// A connection as it stands.
struct Connection {
    discord: FakeDiscord,
    number: Id,
    entry: Entry,
    session: Option<String>,
    send: UnboundedSender<Frame>,
}

/// Serves one connection to its end.
pub(in super::super) async fn serve(discord: FakeDiscord, mut stream: WebSocket, entry: Entry) {
    let (send, mut frames) = mpsc::unbounded_channel();
    let (number, interval) = discord.with(|state| {
        state.gateway.opened += 1;
        (state.id(), state.gateway.heartbeat)
    });
    let hello = json!({ "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": interval.as_millis() as u64,
        "_trace": [] } });
    let mut alive = stream.send(Message::text(hello.to_string())).await.is_ok();
    let mut connection = Connection { discord, number, entry, session: None, send };
    let patience = interval * 3 + Duration::from_secs(1);
    let mut silent = Box::pin(tokio::time::sleep(patience));
    while alive {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(Frame::Text(text)) => alive = stream.send(Message::text(text)).await.is_ok(),
                Some(Frame::Close(code)) => {
                    close(&mut stream, code).await;
                    alive = false;
                }
                // The line is dead: the app hears of nothing, not even the end.
                Some(Frame::Hush) => std::future::pending::<()>().await,
                Some(Frame::Cut) | None => alive = false,
            },
            () = &mut silent => {
                connection.discord.with(|state| state.violation("no heartbeat came in three intervals"));
                close(&mut stream, 4009).await;
                alive = false;
            }
            heard = stream.recv() => match heard {
                Some(Ok(Message::Text(text))) => {
                    silent.as_mut().reset(tokio::time::Instant::now() + patience);
                    match connection.hears(text.as_str()) {
                        Then::Nothing => {}
                        Then::Say(value) => alive = stream.send(Message::text(value.to_string())).await.is_ok(),
                        Then::Close(code) => {
                            close(&mut stream, code).await;
                            alive = false;
                        }
                    }
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    connection.closed(frame.map(|frame| frame.code));
                    alive = false;
                }
                Some(Err(_)) | None => alive = false,
            },
        }
    }
    connection.ends();
}

async fn close(stream: &mut WebSocket, code: u16) {
    let _ = stream.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
}

impl Connection {
    fn hears(&mut self, text: &str) -> Then {
        if text.len() > LARGEST {
            self.wrong("a payload of more than 4096 bytes");
            return Then::Close(4002);
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            self.wrong("a payload that is no JSON");
            return Then::Close(4002);
        };
        match payload["op"].as_u64() {
            Some(1) => self.beat(&payload["d"]),
            Some(2) => self.identify(&payload["d"]),
            Some(6) => self.resume(&payload["d"]),
            Some(3 | 4 | 8) if self.session.is_some() => Then::Nothing,
            Some(3 | 4 | 8) => Then::Close(4003),
            Some(_) | None => {
                self.wrong(&format!("an opcode that no app sends: {}", payload["op"]));
                Then::Close(4001)
            }
        }
    }

    fn wrong(&self, what: &str) {
        self.discord.with(|state| state.violation(format!("gateway: {what}")));
    }

    /// <https://docs.discord.com/developers/events/gateway#sending-heartbeats>
    fn beat(&self, seq: &Value) -> Then {
        let withheld = self.discord.with(|state| {
            state.gateway.beats += 1;
            let session = state.gateway.sessions.iter().find(|session| Some(&session.id) == self.session.as_ref());
            // Of a session that was refused just now, a heartbeat may be under way that does not know it yet.
            let is_ahead = session.is_some_and(|session| seq.as_u64().is_some_and(|seq| seq > session.seq));
            if is_ahead || !(seq.is_null() || seq.is_u64()) {
                state.violation(format!("gateway: a heartbeat of an event that never was: {seq}"));
            }
            state.gateway.withholds_acks
        });
        if withheld { Then::Nothing } else { Then::Say(json!({ "op": 11, "d": null, "s": null, "t": null })) }
    }

    /// <https://docs.discord.com/developers/events/gateway-events#identify>
    fn identify(&mut self, data: &Value) -> Then {
        if self.session.is_some() {
            self.wrong("a second IDENTIFY");
            return Then::Close(4005);
        }
        if self.entry == Entry::Resume {
            self.wrong("an IDENTIFY at the address for resuming");
        }
        let told = ["os", "browser", "device"].iter().all(|name| data["properties"][name].is_string());
        let Some(intents) = data["intents"].as_u64().filter(|_| told) else {
            self.wrong("an IDENTIFY without intents or properties");
            return Then::Close(4002);
        };
        let link = Link { number: self.number, send: self.send.clone() };
        let begun = self.discord.with(|state| begin(state, data["token"].as_str(), intents, link));
        match begun {
            Ok(session) => {
                self.session = Some(session);
                Then::Nothing
            }
            Err(code) => Then::Close(code),
        }
    }

    /// <https://docs.discord.com/developers/events/gateway#resuming>
    fn resume(&mut self, data: &Value) -> Then {
        if self.entry == Entry::First {
            self.wrong("a RESUME at another address than the one in READY");
        }
        let number = self.number;
        let send = self.send.clone();
        let resumed = self.discord.with(|state| {
            if data["token"].as_str().map(bare) != Some(&state.token) || state.is_revoked {
                return Err(4004);
            }
            let refused = std::mem::take(&mut state.gateway.refuses_resumes);
            let wanted = data["session_id"].as_str().unwrap_or_default();
            let found = state.gateway.sessions.iter_mut().find(|session| session.id == wanted);
            let Some(session) = found.filter(|_| !refused) else { return Ok(None) };
            let seq = data["seq"].as_u64().filter(|seq| *seq <= session.seq).ok_or(4007_u16)?;
            if let Some(old) = session.link.replace(Link { number, send: send.clone() }) {
                let _ = old.send.send(Frame::Close(4000));
            }
            for (_, missed) in session.log.iter().filter(|(known, _)| *known > seq) {
                let _ = send.send(Frame::Text(missed.clone()));
            }
            session.seq += 1;
            let end = json!({ "op": 0, "t": "RESUMED", "s": session.seq, "d": { "_trace": [] } }).to_string();
            session.log.push((session.seq, end.clone()));
            let _ = send.send(Frame::Text(end));
            state.gateway.resumed += 1;
            Ok(Some(wanted.to_owned()))
        });
        match resumed {
            Ok(Some(session)) => {
                self.session = Some(session);
                Then::Nothing
            }
            Ok(None) => Then::Say(json!({ "op": 9, "d": false, "s": null, "t": null })),
            Err(code) => Then::Close(code),
        }
    }

    /// The app closes: with 1000 and 1001 it gives its session up.
    /// <https://docs.discord.com/developers/events/gateway#initiating-a-disconnect>
    fn closed(&self, code: Option<u16>) {
        if let (Some(1000 | 1001), Some(session)) = (code, &self.session) {
            self.discord.with(|state| state.gateway.sessions.retain(|known| known.id != *session));
        }
    }

    fn ends(self) {
        self.discord.with(|state| {
            for session in &mut state.gateway.sessions {
                session.link.take_if(|link| link.number == self.number);
            }
        });
    }
}

/// The token without the word in front of it.
fn bare(token: &str) -> &str {
    token.strip_prefix("Bot ").unwrap_or(token)
}

/// A new session: READY, and the guild.
fn begin(state: &mut State, token: Option<&str>, intents: u64, link: Link) -> Result<String, u16> {
    if token.map(bare) != Some(&state.token) || state.is_revoked {
        return Err(4004);
    }
    if intents & !KNOWN != 0 {
        return Err(4013);
    }
    if intents & PRIVILEGED & !state.privileged != 0 {
        return Err(4014);
    }
    state.gateway.identified += 1;
    let id = format!("session{:032x}", state.id());
    let bot = state.users[&state.bot].json();
    let guild = json!({ "id": state.guild.to_string(), "unavailable": true });
    let ready = json!({
        "v": 10, "user": bot, "session_id": id, "session_type": "normal",
        "guilds": if state.is_member { json!([guild]) } else { json!([]) },
        "resume_gateway_url": format!("{}/resume", state.gateway_address), "shard": [0, 1], "user_settings": {},
        "application": { "id": state.application.to_string(), "flags": 0 }, "private_channels": [],
        "relationships": [], "presences": [], "guild_join_requests": [], "geo_ordered_rtc_regions": [], "_trace": [],
    });
    let whole = (intents & GUILDS != 0 && state.is_member).then(|| state.whole_guild());
    let mut session = Session { id: id.clone(), intents, seq: 0, log: Vec::new(), link: Some(link) };
    for (name, data) in [("READY", Some(ready)), ("GUILD_CREATE", whole)] {
        let Some(data) = data else { continue };
        session.seq += 1;
        let text = json!({ "op": 0, "t": name, "s": session.seq, "d": data }).to_string();
        session.log.push((session.seq, text.clone()));
        if let Some(link) = &session.link {
            let _ = link.send.send(Frame::Text(text));
        }
    }
    state.gateway.sessions.push(session);
    Ok(id)
}
