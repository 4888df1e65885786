//! `subscriber`: those outside who are told what is published, as an operator sees them.

mod bounce;
mod list;

use super::shown;
use crate::cli::{Standing, Subscriber as What};
use crate::config::Config;
use crate::say;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::app::subscribing::Wish;
use muster_core::comms::{Channel, Subscriber, SubscriberId, SubscriberState, address, folded};
use muster_core::ports::subscribers::{ParkedParcel, SubscriberQuery};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// How many rows a list has.
const ROWS: i64 = 200;

/// Does what was asked for.
pub(super) async fn run(muster: &Muster, config: &Config, what: What) -> anyhow::Result<ExitCode> {
    match what {
        What::List { audience, state, address } => {
            let query = SubscriberQuery {
                audience,
                state: state.map(state_of),
                address: address.map(|typed| known(&typed)).transpose()?,
                limit: ROWS,
                ..SubscriberQuery::default()
            };
            show(muster, &query).await
        }
        What::Add { address, audience, locale, component } => {
            let (channel, address) = at(&address)?;
            let locale = match locale {
                Some(typed) => typed.parse()?,
                None => muster.org().comms.locales.first().clone(),
            };
            let wish = Wish { audience, channel, address, locale, components: component.into_iter().collect() };
            add(muster, config, &wish).await
        }
        What::Import { file, audience } => list::import(muster, &file, &audience).await,
        What::Remove { who } => remove(muster, &who).await,
        What::Export => list::export(muster).await,
        What::Parked => parked(muster).await,
        What::Bounce => bounce::count(muster, config).await,
        What::Retry { keys } => retry(muster, &keys).await,
    }
}

fn state_of(standing: Standing) -> SubscriberState {
    match standing {
        Standing::Unconfirmed => SubscriberState::Unconfirmed,
        Standing::Active => SubscriberState::Active,
        Standing::Left => SubscriberState::Left,
        Standing::Bounced => SubscriberState::Bounced,
        Standing::Gone => SubscriberState::Gone,
    }
}

/// The address as it is kept, and by what one is reached there.
fn at(typed: &str) -> anyhow::Result<(Channel, String)> {
    let channel = channel_of(typed);
    address(channel, typed).map(|address| (channel, address)).map_err(anyhow::Error::msg)
}

/// The address by which one is known.
fn known(typed: &str) -> anyhow::Result<String> {
    at(typed).map(|(channel, address)| folded(channel, &address))
}

fn channel_of(typed: &str) -> Channel {
    if typed.contains("://") { Channel::Webhook } else { Channel::Email }
}

fn listed(components: &BTreeSet<String>) -> String {
    components.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

async fn show(muster: &Muster, query: &SubscriberQuery) -> anyhow::Result<ExitCode> {
    let subscribers = muster.store().subscribers(query).await?;
    let row = |one: &Subscriber| {
        let components = if one.components.is_empty() { "all".to_owned() } else { listed(&one.components) };
        vec![
            one.id.to_string(),
            one.address.clone(),
            one.audience.clone(),
            one.locale.to_string(),
            components,
            one.state.word().to_owned(),
            shown(one.since),
        ]
    };
    let rows: Vec<_> = subscribers.iter().map(row).collect();
    if !rows.is_empty() {
        say::out(&say::table(&["ID", "ADDRESS", "AUDIENCE", "LANGUAGE", "COMPONENTS", "STATE", "SINCE"], &rows));
    }
    let counts = muster.store().count_subscribers().await?;
    if counts.is_empty() {
        say::aside("Nobody has subscribed.");
    }
    for ((audience, channel, state), count) in counts {
        say::aside(&format!("{audience}, {}, {}: {count}", channel.word(), state.word()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(muster: &Muster, config: &Config, wish: &Wish) -> anyhow::Result<ExitCode> {
    let key = config.comms.subscribing.key.as_ref();
    if wish.channel == Channel::Webhook && key.is_none() {
        bail!("a webhook needs the key that its requests are signed with; set subscribers.key in the config");
    }
    let kept = muster.subscribe(std::slice::from_ref(wish)).await?;
    let one = kept.first().context("the database did not say under which number")?;
    if let (Channel::Webhook, Some(key)) = (one.channel, key) {
        say::out(key.signing_secret(one.id).reveal());
        say::aside("Above is what its requests are signed with, as https://www.standardwebhooks.com/ says.");
    }
    say::aside(&format!("{} is told of {} from now on, as {}.", one.address, one.audience, one.id));
    Ok(ExitCode::SUCCESS)
}

async fn remove(muster: &Muster, who: &str) -> anyhow::Result<ExitCode> {
    let ids = match who.parse::<SubscriberId>() {
        Ok(id) => vec![id],
        Err(_) => {
            let query = SubscriberQuery { address: Some(known(who)?), limit: ROWS, ..SubscriberQuery::default() };
            muster.store().subscribers(&query).await?.iter().map(|one| one.id).collect()
        }
    };
    let mut forgotten = 0;
    for id in ids {
        forgotten += i64::from(muster.store().forget_subscriber(id).await?);
    }
    match forgotten {
        0 => bail!("nobody is known as {who}; see `muster subscriber list`"),
        1 => say::out("1 subscriber is forgotten."),
        count => say::out(&format!("{count} subscribers are forgotten.")),
    }
    Ok(ExitCode::SUCCESS)
}

async fn parked(muster: &Muster) -> anyhow::Result<ExitCode> {
    let parked = muster.store().parked(ROWS).await?;
    if parked.is_empty() {
        say::aside("Nothing was given up.");
        return Ok(ExitCode::SUCCESS);
    }
    let row = |one: &ParkedParcel| {
        let tries = one.attempts.to_string();
        vec![one.consignment.clone(), one.subscriber.to_string(), tries, shown(one.at), one.error.clone()]
    };
    let rows: Vec<_> = parked.iter().map(row).collect();
    say::out(&say::table(&["KEY", "WHO", "TRIES", "GIVEN UP", "ERROR"], &rows));
    let (_, all) = muster.store().count_parcels().await?;
    if i64::try_from(parked.len()).is_ok_and(|shown| shown < all) {
        say::aside(&format!("These are the latest {} of {all}.", parked.len()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn retry(muster: &Muster, keys: &[String]) -> anyhow::Result<ExitCode> {
    let mut unknown = Vec::new();
    for key in keys {
        match muster.store().revive_parcels(key, muster.now()).await? {
            0 => unknown.push(key.as_str()),
            1 => say::out(&format!("{key} is tried again for 1 subscriber.")),
            count => say::out(&format!("{key} is tried again for {count} subscribers.")),
        }
    }
    if unknown.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("nothing of it was given up, or it is not there: {}; see `muster subscriber parked`", unknown.join(", "))
}
