//! `cargo bench`: what Muster costs, each figure beside the raw limit of this machine measured in the same run.
//!
//! Nothing fails here: a figure that misses its aim is printed as missed. `MUSTER_BENCH=quick` makes a smoke run of
//! seconds; `MUSTER_BENCH=declare,look` runs only those parts. docs/performance.md says what each figure means.

#![allow(clippy::print_stdout, reason = "a bench is a report")]

mod alerts;
mod alerts_http;
mod bare;
mod cells;
mod chat;
mod chat_ack;
mod chat_room;
mod chat_stream;
mod declare;
mod discord;
mod discord_bare;
mod disk;
mod http;
mod look;
mod machine;
mod memory;
mod on_postgres;
mod parcels;
mod replay;
mod report;
mod runbooks;
mod runbooks_wait;
mod seed;
mod slack;
mod slack_bare;
mod start;
mod statuspage;
mod steps;
mod timers;

use report::Report;
use std::time::Duration;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// How long each load lasts.
    pub(crate) load: Duration,
    /// How long memory is watched under load.
    pub(crate) watch: Duration,
    /// How often something is done that is done one after another.
    pub(crate) times: u64,
    /// Incidents in the large set of data; each has ten entries.
    pub(crate) incidents: i64,
    /// How many timers are pending.
    pub(crate) timers: i64,
    /// How often the binary is started.
    pub(crate) starts: usize,
}

const FULL: Extent = Extent {
    load: Duration::from_secs(10),
    watch: Duration::from_secs(20),
    times: 2_000,
    incidents: 100_000,
    timers: 10_000,
    starts: 15,
};

const QUICK: Extent = Extent {
    load: Duration::from_millis(500),
    watch: Duration::from_secs(1),
    times: 100,
    incidents: 2_000,
    timers: 500,
    starts: 3,
};

fn main() {
    // The bare server runs in a process of its own, as Muster does.
    if let Some(address) = bare::asked_for() {
        return bare::serve(address);
    }
    let wanted = std::env::var("MUSTER_BENCH").unwrap_or_default();
    let is_quick = wanted.split(',').any(|word| word == "quick");
    let parts: Vec<&str> = wanted.split(',').filter(|word| !word.is_empty() && *word != "quick").collect();
    let runs = |part: &str| parts.is_empty() || parts.contains(&part);
    let extent = if is_quick { QUICK } else { FULL };

    let mut report = Report::default();
    println!("{}", machine::describe(is_quick));
    disk::measure(&mut report, extent);
    if runs("declare") {
        declare::measure(&mut report, extent);
    }
    if runs("postgres") {
        on_postgres::measure(&mut report, extent);
    }
    if runs("slack") {
        chat::measure::<slack::Slack>(&mut report, extent);
    }
    if runs("discord") {
        chat::measure::<discord::Discord>(&mut report, extent);
    }
    if runs("look") {
        look::measure(&mut report, extent);
    }
    if runs("timers") {
        timers::measure(&mut report, extent);
    }
    if runs("alerts") {
        alerts::measure(&mut report, extent);
        alerts_http::measure(&mut report, extent);
        timers::sweep(&mut report, extent);
    }
    if runs("steps") {
        steps::measure(&mut report, extent);
    }
    if runs("runbooks") {
        runbooks::measure(&mut report, extent);
        runbooks_wait::measure(&mut report, extent);
    }
    if runs("statuspage") {
        statuspage::measure(&mut report, extent);
    }
    if runs("parcels") {
        parcels::measure(&mut report, extent);
    }
    if runs("memory") {
        memory::measure(&mut report, extent);
    }
    println!("\n{}", report.table());
}
