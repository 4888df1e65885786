//! Serving: everything is wired here, started in order, and stopped in the opposite one.

mod calendars;
mod chats;
mod customers;
mod http;
mod loops;
pub(crate) mod machine;
mod reload;
mod signals;
pub(crate) mod telemetry;
mod watchdog;

use crate::database::Database;
use crate::local::{Door, Marks, WHO, Welcome};
use crate::say;
use crate::setting::Setting;
use anyhow::{Context, anyhow, bail};
use chats::Chats;
use customers::Customers;
use http::Listening;
use loops::Loops;
use muster_core::app::Muster;
use muster_core::app::dispatch::Dispatcher;
use muster_core::clock::{SystemClock, SystemEntropy};
use muster_core::ids::PersonId;
use muster_core::ports::executor::Executor;
use muster_core::ports::outside::Outside;
use muster_core::ports::signer::Signer;
use muster_ingest::{Desk, Ingest};
use muster_outside::WayOut;
use muster_web::WebConfig;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How long the database may take to close.
const CLOSING: Duration = Duration::from_secs(5);

/// Serves until a signal says stop, or something breaks that cannot be done without.
pub(crate) fn run(setting: Setting, listen: Option<SocketAddr>, started: Instant) -> anyhow::Result<ExitCode> {
    refuse_strangers(&setting, listen)?;
    telemetry::log_to_stderr(setting.config().log)?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // More threads would only hold memory: the database is the limit.
        .worker_threads(cores.clamp(2, 8))
        .enable_all()
        .build()?;
    let code = runtime.block_on(serve(setting, listen, started));
    // What still runs has had its time.
    runtime.shutdown_background();
    code
}

/// The sample organisation is no guard: it stays on this machine.
fn refuse_strangers(setting: &Setting, listen: Option<SocketAddr>) -> anyhow::Result<()> {
    match (setting, listen) {
        (Setting::Local { .. }, Some(listen)) if !listen.ip().is_loopback() => bail!(
            "local mode stays on this machine, so it does not listen on {listen}; \
             write a config with `muster init`, set listen and public_url in it, and start again"
        ),
        (Setting::Configured { config, .. }, Some(listen))
            if !listen.ip().is_loopback() && config.public_url.is_none() =>
        {
            bail!("to listen on {listen}, set server.public_url in the config: links must lead there")
        }
        (Setting::Local { .. } | Setting::Configured { .. }, _) => Ok(()),
    }
}

async fn serve(setting: Setting, listen: Option<SocketAddr>, started: Instant) -> anyhow::Result<ExitCode> {
    let stop = CancellationToken::new();
    signals::watch(&stop)?;
    let metrics = telemetry::metrics()?;
    let config = setting.config();
    // First the database: whoever starts a second server learns that rather than that the port is taken.
    let database = Database::open(&config.store).await.map_err(|error| beside(error, &setting))?;
    let may_move = listen.is_none() && matches!(setting, Setting::Local { .. });
    let Listening { listener, address, note } = http::listen(listen.unwrap_or(config.listen), may_move).await?;
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));

    let mut org = config.org.clone();
    org.console_url.clone_from(&public_url);
    customers::place_page(&mut org);
    let muster = Muster::new(database.store(), Arc::new(SystemClock), Arc::new(SystemEntropy), org);
    let outside: Arc<dyn Outside> = Arc::new(WayOut::new(config.outside.clone()));
    let chats = Chats::of(config, &muster, &outside)?;
    let data = config.store.file().and_then(Path::parent).map(Path::to_owned);
    let calendars = calendars::Reader::new(config.calendars.clone(), Arc::clone(&outside), data);
    let ingest = Arc::new(Ingest::new(
        Arc::clone(&muster) as Arc<dyn Desk>,
        Arc::clone(&outside),
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
        config.ingest.clone(),
    ));
    let customers = Customers::of(config, &muster, &outside).await?;
    let page = customers.routes();
    let platforms = chats.platforms().into_iter().chain([customers.platform()]).collect();
    let machine = machine::of(config);
    let dispatcher = Dispatcher::new(Arc::clone(&muster), loops::worker_name(), platforms);

    // Once all requests are answered; until then what they lead to is still delivered.
    let end = CancellationToken::new();
    let mut loops = Loops::default();
    loops.start_stoppable("dispatcher", {
        let end = end.clone();
        async move { dispatcher.run(end.cancelled()).await }
    });
    loops.start("timer loop", {
        let muster = Arc::clone(&muster);
        async move { muster.keep_time().await }
    });
    loops.start("alert sorter", {
        let muster = Arc::clone(&muster);
        async move { muster.sort_alerts().await }
    });
    // Cut off, it ends what it runs; whoever comes next finds that it was begun, and asks.
    loops.start("step worker", {
        let executor = Arc::clone(&machine) as Arc<dyn Executor>;
        Arc::clone(&muster).work(executor, loops::worker_name(), vec![None])
    });
    loops.start("on-call upkeep", loops::look_after_those_on_call(Arc::clone(&muster)));
    loops.start("calendars", Arc::clone(&calendars).keep_up(Arc::clone(&muster)));
    if let Some(watchdog) = config.watchdog.clone() {
        loops.start("watchdog", watchdog::run(Arc::clone(&muster), Arc::clone(&outside), watchdog));
    }
    loops.start("sweeper", loops::sweep(Arc::clone(&muster)));
    loops.start("measuring", loops::measure(Arc::clone(&muster)));
    loops.start("metrics upkeep", telemetry::upkeep(metrics.clone()));
    loops.start(
        "reloading of the config",
        reload::on_hangup(
            Arc::clone(&muster),
            reload::source(&setting),
            reload::Kept { calendars, ingest: Arc::clone(&ingest), machine },
        )?,
    );

    chats.listen(&mut loops, &end);
    customers.start(&mut loops, (&stop, &end));
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let web = WebConfig {
        signer: config.runbooks.signing_key.clone().map(|key| Arc::new(key) as Arc<dyn Signer>),
        public_url: public_url.clone(),
        version: env!("CARGO_PKG_VERSION"),
        metrics: Arc::new(move || metrics.render()),
    };
    let from_others = muster_web::observed(chats.routes().merge(ingest.router()).merge(page));
    let router = muster_web::router(Arc::clone(&muster), web).merge(from_others);
    let marks = welcome(&setting, &muster, &public_url, note.as_deref()).await?;
    log_audit_head(&muster, "begins").await;
    let milliseconds = started.elapsed().as_millis();
    tracing::info!(%address, url = public_url, store = %config.store, milliseconds, "ready");

    let code = tokio::select! {
        served = http::serve(listener, router, stop.clone()) => served.map(|()| ExitCode::SUCCESS),
        broken = loops.broken() => {
            tracing::error!("{broken}; stopping, so that a fresh start can mend it");
            stop.cancel();
            Ok(ExitCode::FAILURE)
        }
    };
    drop(marks);
    end.cancel();
    loops.stop().await;
    log_audit_head(&muster, "ends").await;
    if tokio::time::timeout(CLOSING, database.close()).await.is_err() {
        tracing::warn!("the database could not be closed in time; what was acknowledged is in it all the same");
    }
    tracing::info!("stopped");
    code
}

/// Where the audit log ends. Wherever logs are shipped to, `muster audit verify --head` has something to hold on to.
async fn log_audit_head(muster: &Muster, when: &str) {
    match muster.store().audit_head().await {
        Ok(head) => tracing::info!(%head, "this life {when} with the audit log here"),
        Err(error) => tracing::warn!(%error, "the head of the audit log could not be read"),
    }
}

/// In local mode, a database that cannot be had is probably had by a server that can be told.
fn beside(error: anyhow::Error, setting: &Setting) -> anyhow::Error {
    let door = match setting {
        Setting::Local { data, .. } => Door::of(data),
        Setting::Configured { .. } => None,
    };
    match door {
        Some(door) => anyhow!("{error}; one seems to be at {}", door.url),
        None => error,
    }
}

/// In local mode, the files by which `muster do` finds this server, and the banner; both go with the returned value.
async fn welcome(setting: &Setting, muster: &Muster, url: &str, note: Option<&str>) -> anyhow::Result<Option<Marks>> {
    let Setting::Local { data, .. } = setting else { return Ok(None) };
    let marks = Marks::leave(muster, data, url).await?;
    let link =
        muster_web::login_link(muster, &PersonId::from(WHO), url).await.context("no login link could be made")?;
    say::out(&Welcome { url, link: &link, data, note }.text());
    Ok(Some(marks))
}
