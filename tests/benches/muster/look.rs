//! Looking: lists and incidents over the API and by command, with little data and with a hundred times as much.

use crate::bare::{Bare, TOKEN};
use crate::cells::{self, Cell};
use crate::declare::address;
use crate::http::{Load, alone, get, line, sequence};
use crate::report::{Figure, Report, Times, ratio, shown};
use crate::{Extent, seed, start};
use muster_tests::process::Installation;
use std::path::Path;
use std::time::{Duration, Instant};

/// A way of looking.
struct Look {
    what: &'static str,
    /// The request, about an incident.
    request: fn(incident: i64, token: &str) -> Vec<u8>,
    /// The bare statement that finds as much.
    sql: &'static str,
}

const LIST: &str =
    "SELECT id, kind, private, phase, severity, title, commander, declared_at, changed_at FROM incidents";

const LOOKS: [Look; 7] = [
    Look {
        what: "GET incidents, open, a page of 25",
        request: |_, token| get("/api/v1/incidents?open=true", token),
        sql: "WHERE open = 1 AND id > ? ORDER BY id DESC LIMIT 26",
    },
    Look {
        what: "GET incidents, a page from the middle",
        request: |incident, token| get(&format!("/api/v1/incidents?before=INC-{incident}"), token),
        sql: "WHERE id < ? ORDER BY id DESC LIMIT 26",
    },
    Look {
        what: "GET incident",
        request: |incident, token| get(&format!("/api/v1/incidents/INC-{incident}"), token),
        sql: "SELECT state FROM incidents WHERE id = ?",
    },
    Look {
        what: "GET timeline",
        request: |incident, token| get(&format!("/api/v1/incidents/INC-{incident}/timeline"), token),
        sql: "SELECT seq, number, at, recorded_at, body FROM entries WHERE incident = ? ORDER BY at DESC LIMIT 26",
    },
    Look {
        what: "command `list`",
        request: |_, token| line("list", "k", token),
        sql: "WHERE open = 1 AND id > ? ORDER BY id DESC LIMIT 11",
    },
    Look {
        what: "command `list ended --service checkout`",
        request: |_, token| line("list ended --service checkout", "k", token),
        sql: "WHERE open = 0 AND id > ? ORDER BY id DESC LIMIT 11",
    },
    Look {
        what: "command `show`",
        request: |incident, token| line(&format!("show INC-{incident}"), "k", token),
        sql: "SELECT state FROM incidents WHERE id = ?",
    },
];

impl Look {
    fn sql(&self) -> String {
        if self.sql.starts_with("SELECT") { self.sql.to_owned() } else { format!("{LIST} {}", self.sql) }
    }
}

/// Spreads the numbers of requests over the incidents.
fn some_incident(request: u64, incidents: i64) -> i64 {
    let spread = request.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    i64::try_from(spread).unwrap_or(0) % incidents + 1
}

/// Measures all ways of looking, and starting, with much data and with little.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Looking, over HTTP");
    let few = (extent.incidents / 100).max(20);
    let http = alone(async {
        let bare = Bare::start().await;
        sequence(bare.address, extent.times, |_| line("list", "k", TOKEN)).await.times.p50()
    });
    let small = data(few);
    let little = looks(&small, few, extent);
    let began = Instant::now();
    let large = data(extent.incidents);
    let entries = extent.incidents * seed::ENTRIES;
    report.remark(&format!(
        "{} incidents and {entries} entries were made in {}",
        extent.incidents,
        shown(began.elapsed())
    ));
    let much = looks(&large, extent.incidents, extent);
    for (number, look) in LOOKS.iter().enumerate() {
        let (times, before) = (&much[number], &little[number]);
        let raw = alone(bare_statement(&large.database(), look, extent)) + http;
        let growth = ratio(times.p50(), before.p50());
        report.add(Figure {
            what: look.what.to_owned(),
            measured: format!(
                "p50 {}, p99 {}; {growth:.2}x of {} with 1/100 of the data",
                shown(times.p50()),
                shown(times.p99()),
                shown(before.p50())
            ),
            raw: format!("{} = statement + verified request {}", shown(raw), shown(http)),
            ratio: Some(ratio(times.p50(), raw)),
            aim: "p99 5 ms, at most 8x".to_owned(),
            met: Some(times.p99() <= Duration::from_millis(5) && growth <= 8.0),
        });
    }
    start::measure(report, extent, &large);
}

fn data(incidents: i64) -> Installation {
    let installation = Installation::on_sqlite();
    alone(seed::incidents(&installation.database(), incidents));
    installation
}

fn looks(installation: &Installation, incidents: i64, extent: Extent) -> Vec<Times> {
    alone(async {
        let server = installation.start().await;
        let token = installation.token("alice");
        let mut all = Vec::new();
        for look in &LOOKS {
            let make = |number| (look.request)(some_incident(number, incidents), &token);
            sequence(address(installation), extent.times / 10, make).await;
            let Load { times, .. } = sequence(address(installation), extent.times, make).await;
            all.push(times);
        }
        server.terminate().await;
        all
    })
}

async fn bare_statement(path: &Path, look: &Look, extent: Extent) -> Duration {
    let mut connection = cells::open(path).await;
    let mut times = Times::new();
    let sql = look.sql();
    for number in 0..extent.times {
        let incident = if look.sql.contains("id > ?") { 0 } else { some_incident(number, extent.incidents) };
        let began = Instant::now();
        cells::rows(&mut connection, &sql, vec![Cell::from(incident)]).await;
        times.add(began.elapsed());
    }
    times.p50()
}
