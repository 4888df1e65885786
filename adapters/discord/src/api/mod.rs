//! The only place that calls Discord: one way to call it, with its gates, its budget, its time limit and its count.

mod answer;
mod budget;
mod call;
mod connect;
pub(crate) mod error;
mod gateway;
mod health;
mod limiter;
mod me;
pub(crate) mod part;
mod reply;
mod rest;

pub(crate) use call::{Call, channel, guild, message, user};
pub(crate) use error::{ApiError, code};
pub(crate) use health::Health;
pub(crate) use me::Me;

use crate::config::{API_URL, ConfigError, DiscordConfig};
use answer::Answer;
use budget::Budget;
use chrono::TimeDelta;
use limiter::{Limiter, Turn};
use muster_core::app::Muster;
use muster_core::chat::Learned;
use muster_core::chat::gates::Gates;
use muster_core::chat::token::Token;
use muster_core::clock::Timestamp;
use rest::{About, Rests};
use serde_json::Value;
use serenity::http::{LightMethod, RatelimitingBucket};
use std::sync::Arc;
use std::time::Duration;

/// How long to wait when too much is under way.
const BUSY: Duration = Duration::from_secs(1);

/// What Discord limits by itself: a method on a route, for a channel or server where it counts those apart, and a part of
/// it where that is limited by itself; everything together. <https://discord.com/developers/docs/topics/rate-limits>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Gate {
    All,
    Route(LightMethod, RatelimitingBucket, &'static str),
}

/// Calls Discord.
pub(crate) struct Api {
    client: reqwest::Client,
    url: String,
    token: Token,
    patience: Duration,
    muster: Arc<Muster>,
    gates: Gates<Gate>,
    limiter: Option<Limiter>,
    budget: Budget,
    rests: Rests,
    health: Health,
    me: Learned<Me>,
}

impl Api {
    /// No call is made yet.
    ///
    /// # Errors
    /// When the machine trusts no certificates.
    pub(crate) fn new(muster: Arc<Muster>, config: &DiscordConfig) -> Result<Self, ConfigError> {
        Ok(Self::over(muster, config, connect::client(config)?))
    }

    /// The same over another client.
    pub(crate) fn over(muster: Arc<Muster>, config: &DiscordConfig, client: reqwest::Client) -> Self {
        Self {
            client,
            url: config.api_url.trim_end_matches('/').to_owned(),
            token: config.token.clone(),
            patience: config.patience,
            muster,
            gates: Gates::default(),
            limiter: (config.api_url == API_URL).then(Limiter::default),
            budget: Budget::default(),
            rests: Rests::default(),
            health: Health::default(),
            me: Learned::default(),
        }
    }

    /// Makes a call with the bot's token.
    ///
    /// # Errors
    /// [`ApiError`]; at once, without a call, while Discord is to be left alone.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<Value, ApiError> {
        self.ask(&call).await?.judged()
    }

    /// The same, with what time it is there, to the second.
    ///
    /// # Errors
    /// [`ApiError`] as [`Self::call`].
    pub(crate) async fn call_for_time(&self, call: Call<'_>) -> Result<(Value, Option<Timestamp>), ApiError> {
        let answer = self.ask(&call).await?;
        let time = answer.time;
        answer.judged().map(|body| (body, time))
    }

    /// What an operator should know.
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    async fn ask(&self, call: &Call<'_>) -> Result<Answer, ApiError> {
        let outcome = self.ask_in_turn(call).await;
        let failure = match &outcome {
            Ok(answer) => answer.failure().cloned(),
            Err(error) => Some(error.clone()),
        };
        self.health.heard(call, failure.as_ref());
        self.count(call, failure.as_ref());
        outcome
    }

    /// An answer that counts as invalid keeps its place in the budget; a call that may not be made takes none.
    async fn ask_in_turn(&self, call: &Call<'_>) -> Result<Answer, ApiError> {
        let gate = Gate::Route(call.method, call.route.ratelimiting_bucket(), call.part);
        let limited = |after| ApiError::RateLimited { after };
        let held = || self.gates.closed([Gate::All, gate], self.muster.now()).map_or(Ok(()), |wait| Err(limited(wait)));
        held()?;
        let turn = async {
            let place = self.budget.enter(|| self.muster.now()).await?;
            let turn = match &self.limiter {
                Some(limiter) => limiter.wait(gate, call).await?,
                None => None,
            };
            Ok((place, turn))
        };
        let turn = tokio::time::timeout(self.patience, turn).await;
        let (place, turn) = turn.map_err(|_| limited(BUSY))?.map_err(limited)?;
        // While this call waited, another may have been told to wait.
        held()?;
        let about = [Some(About::Token), call.channel().map(About::Channel), Some(About::Route(gate))];
        let about: Vec<_> = about.into_iter().flatten().collect();
        if let Some(wait) = self.rests.ask(&about, self.muster.now()) {
            return Err(limited(wait));
        }
        let answer = self.send(call, Some((gate, turn))).await?;
        let now = self.muster.now();
        match answer.failure() {
            Some(ApiError::RateLimited { .. }) if answer.is_invalid() => place.was_early(now),
            Some(_) if answer.is_invalid() => place.refused(now),
            Some(_) | None => {}
        }
        match answer.failure() {
            Some(ApiError::RateLimited { after }) => {
                let gate = if answer.is_for_all { Gate::All } else { gate };
                self.gates.close(gate, now + TimeDelta::from_std(*after).unwrap_or_default(), now);
            }
            Some(error) if error.is_about_token() => self.rests.refused(About::Token, now),
            Some(_) if call.is_about_somebody() => {}
            Some(error) if answer.status == 403 => match call.channel() {
                Some(channel) if error.is(&[code::MISSING_ACCESS]) => self.rests.refused(About::Channel(channel), now),
                Some(_) | None => self.rests.refused(About::Route(gate), now),
            },
            Some(ApiError::Refused(_)) | None => self.rests.admitted(&about),
            Some(ApiError::Ambiguous(_) | ApiError::Down(_)) => {}
        }
        Ok(answer)
    }

    /// Sends it, in the bot's name where it has a gate to go through.
    async fn send(&self, call: &Call<'_>, gate: Option<(Gate, Turn)>) -> Result<Answer, ApiError> {
        let url = format!("{}{}", self.url, call.path());
        let mut request = self.client.request(call.method.reqwest_method(), url).timeout(self.patience);
        // The SDK's, in the form that Discord asks for: <https://discord.com/developers/docs/reference#user-agent>.
        request = request.header(reqwest::header::USER_AGENT, serenity::constants::USER_AGENT);
        if gate.is_some() {
            request = request.header(reqwest::header::AUTHORIZATION, connect::authorization(&self.token));
        }
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        if let Some(incident) = call.reason {
            request = request.header("X-Audit-Log-Reason", incident.to_string());
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        if let (Some(limiter), Some((gate, turn))) = (&self.limiter, gate) {
            limiter.learn(gate, call, turn, &answer).await;
        }
        Answer::read(answer).await
    }

    fn count(&self, call: &Call<'_>, error: Option<&ApiError>) {
        let outcome = error.map_or("ok", ApiError::outcome);
        metrics::counter!("muster_discord_calls_total", "route" => call.name(), "outcome" => outcome).increment(1);
    }
}
