//! The binary: reads the command line, wires everything together, starts and stops it.

mod calendars;
mod cli;
mod client;
mod comms;
mod config;
mod database;
mod local;
mod oncall;
mod operate;
mod runbook;
mod runner;
mod say;
mod serve;
mod setting;
mod write;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command, Global, Runner, Slack};
use setting::Setting;
use std::future::Future;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    // Before everything else: a guard is between Muster and a program, and nobody waits for it longer than they must.
    if std::env::args_os().nth(1).is_some_and(|word| word == muster_runbooks::execute::GUARD) {
        return muster_runbooks::execute::stand_guard();
    }
    // Whoever makes a TLS connection finds its provider; that another was there first cannot be.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let started = Instant::now();
    match run(Cli::parse(), started) {
        Ok(code) => code,
        Err(error) => {
            say::aside(&told(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error as the operator reads it: one sentence, or the list of what is wrong in the config.
fn told(error: &anyhow::Error) -> String {
    match error.downcast_ref::<setting::Broken>() {
        Some(broken) => broken.to_string(),
        None => format!("muster: {error:#}"),
    }
}

fn run(cli: Cli, started: Instant) -> anyhow::Result<ExitCode> {
    let Cli { global, serve, command } = cli;
    match command {
        None => serve::run(Setting::of(&global)?, serve.listen, started),
        Some(Command::Serve(args)) => serve::run(Setting::of(&global)?, args.listen.or(serve.listen), started),
        Some(Command::Init { path }) => write::init(&path),
        Some(Command::Check { path }) => write::check(path.or_else(|| Setting::path(&global))),
        Some(Command::Do(args)) => wait(client::run(&global, args)),
        Some(Command::Export(args)) => wait(client::export(&global, args)),
        Some(Command::Outbox(what)) => wait(operate::outbox(Setting::of(&global)?, what)),
        Some(Command::Key(what)) => wait(operate::key(Setting::of(&global)?, what)),
        Some(Command::Token(what)) => wait(operate::token(Setting::of(&global)?, what)),
        Some(Command::Audit(what)) => wait(operate::audit(Setting::of(&global)?, what)),
        Some(Command::Subscriber(what)) => wait(operate::subscriber(Setting::of(&global)?, what)),
        Some(Command::Runner { what: None }) => run_runner(&global),
        Some(Command::Runner { what: Some(Runner::Keygen { file }) }) => operate::keygen(&file),
        Some(Command::Runner { what: Some(what) }) => wait(operate::runner(Setting::of(&global)?, what)),
        Some(Command::LoginLink { person }) => wait(operate::login_link(Setting::of(&global)?, person)),
        Some(Command::Doctor) => wait(operate::doctor(Setting::of(&global)?)),
        Some(Command::Slack(Slack::Manifest { url })) => operate::print_manifest(url.as_deref()),
        Some(Command::Discord(what)) => wait(operate::discord(Setting::of(&global)?, what)),
        Some(Command::Oncall(what)) => wait(oncall::run(&global, what)),
        Some(Command::Runbook(what)) => runbook::run(&global, what),
        Some(Command::Comms(what)) => comms::run(&global, what),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "muster", &mut script);
            say::out(&String::from_utf8_lossy(&script));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// A runner has a config of its own, which is never found by itself: that would be Muster's.
fn run_runner(global: &Global) -> anyhow::Result<ExitCode> {
    match &global.config {
        Some(path) => runner::run(path),
        None => anyhow::bail!("name the config of this runner: muster runner --config runner.toml"),
    }
}

/// Runs what only a short command needs, on this thread.
fn wait(task: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(task)
}
