//! What an operator does beside the server, whether or not one is running: on the database, or on a platform.

mod audit;
mod credential;
mod discord;
mod doctor;
mod key;
mod login;
mod outbox;
mod runner;
mod slack;
mod subscriber;
mod token;

pub(crate) use runner::keygen;
pub(crate) use slack::print_manifest;

use crate::cli::{Audit, Discord, Key, Outbox, Runner, Subscriber, Token};
use crate::config::{FILE, StoreUrl, did_you_mean};
use crate::database::Database;
use crate::setting::Setting;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::clock::{SystemClock, SystemEntropy, Timestamp};
use muster_core::ids::PersonId;
use muster_core::org::Organisation;
use std::process::ExitCode;
use std::sync::Arc;

/// Muster without its loops, over the database of a setting.
async fn open(setting: &Setting) -> anyhow::Result<Arc<Muster>> {
    let config = setting.config();
    let database = Database::open_beside(&config.store).await?;
    Ok(Muster::new(database.store(), Arc::new(SystemClock), Arc::new(SystemEntropy), config.org.clone()))
}

/// Runs what only asks a platform. It must work before Muster has ever been started, and while its database is away: the
/// store it has is an empty one of its own, which goes with it.
async fn aside<F: Future<Output = anyhow::Result<ExitCode>>>(
    setting: &Setting,
    task: impl FnOnce(Arc<Muster>) -> F,
) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("there is no place for temporary files")?;
    let database = Database::open(&StoreUrl::sqlite(&folder.path().join(FILE))).await?;
    let org = setting.config().org.clone();
    let muster = Muster::new(database.store(), Arc::new(SystemClock), Arc::new(SystemEntropy), org);
    let code = task(muster).await;
    database.close().await;
    code
}

/// `muster outbox …`
pub(crate) async fn outbox(setting: Setting, what: Outbox) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    match what {
        Outbox::List { state } => outbox::list(&muster, state).await,
        Outbox::Retry { keys, all: false } => outbox::retry(&muster, &keys).await,
        Outbox::Retry { keys: _, all: true } => outbox::retry_all(&muster).await,
    }
}

/// `muster token …`
pub(crate) async fn token(setting: Setting, what: Token) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    match what {
        Token::Create { person, label, expires } => token::create(&muster, &person, &label, expires.as_deref()).await,
        Token::List => token::list(&muster).await,
        Token::Revoke { prefix } => token::revoke(&muster, &prefix).await,
    }
}

/// `muster audit …`
pub(crate) async fn audit(setting: Setting, what: Audit) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    match what {
        Audit::Verify { since, head, format } => audit::verify(&muster, since, head, format).await,
        Audit::List { incident } => audit::list(&muster, incident).await,
    }
}

/// `muster runner …`, but for what needs no database.
pub(crate) async fn runner(setting: Setting, what: Runner) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    match what {
        Runner::Keygen { file } => runner::keygen(&file),
        Runner::Key { name } => runner::key(&muster, &name).await,
        Runner::List => runner::list(&muster).await,
        Runner::Revoke { prefix } => runner::revoke(&muster, &prefix).await,
    }
}

/// `muster key …`
pub(crate) async fn key(setting: Setting, what: Key) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    match what {
        Key::Create { source } => key::create(&muster, setting.config(), &source).await,
        Key::List => key::list(&muster).await,
        Key::Revoke { prefix } => key::revoke(&muster, &prefix).await,
    }
}

/// `muster subscriber …`
pub(crate) async fn subscriber(setting: Setting, what: Subscriber) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    subscriber::run(&muster, setting.config(), what).await
}

/// `muster doctor`
pub(crate) async fn doctor(setting: Setting) -> anyhow::Result<ExitCode> {
    aside(&setting, |muster| doctor::run(muster, &setting)).await
}

/// `muster discord …`
pub(crate) async fn discord(setting: Setting, what: Discord) -> anyhow::Result<ExitCode> {
    aside(&setting, |muster| discord::run(muster, &setting, what)).await
}

/// `muster login-link PERSON`
pub(crate) async fn login_link(setting: Setting, person: String) -> anyhow::Result<ExitCode> {
    let muster = open(&setting).await?;
    login::link(&muster, &setting, &person).await
}

/// The person of that id, or a sentence that names the nearest.
fn known(org: &Organisation, typed: &str) -> anyhow::Result<PersonId> {
    match org.find_person(typed) {
        Some(person) => Ok(person.id.clone()),
        None => {
            let near = did_you_mean(typed, org.people.iter().map(|person| person.id.as_str()));
            bail!("there is no person `{typed}` in the config{near}")
        }
    }
}

/// A moment as shown in lists.
fn shown(moment: Timestamp) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}
