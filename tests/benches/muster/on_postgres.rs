//! Declaring incidents through HTTP, on PostgreSQL, beside pgbench with the same transaction on the same cluster.

use crate::Extent;
use crate::declare::{IN_FLIGHT, address, declaration, warm};
use crate::http::{Load, alone, flight};
use crate::report::{Figure, Report, rate, shown};
use muster_tests::pg::{Cluster, programs};
use muster_tests::process::{Database, Installation};
use std::path::Path;
use std::process::Command;

/// Measures it, where PostgreSQL is installed.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Declaring through HTTP, on PostgreSQL");
    let bin = programs().filter(|bin| bin.join("pgbench").exists());
    let (Some(bin), Some(cluster)) = (bin, Cluster::start(true).expect("PostgreSQL starts")) else {
        return report.remark("NOT RUN: PostgreSQL is not installed");
    };
    let url = alone(cluster.database()).expect("a database");
    let installation = Installation::on(&url);
    let Load { times, took } = alone(async {
        let server = installation.start().await;
        let token = installation.token("alice");
        warm(&installation, &token).await;
        let make = |number| declaration("p", number, &token);
        let load = flight(address(&installation), IN_FLIGHT, extent.load, make).await;
        server.terminate().await;
        load
    });
    let script = installation.folder().join("declare.sql");
    let beside = alone(async {
        std::fs::write(&script, transaction(&url).await).expect("the script is written");
        let beside = cluster.database().await.expect("a database");
        drop(muster_store::connect(&beside).await.expect("the tables are made"));
        beside
    });
    let raw = pgbench(&bin, &script, &beside, extent);
    let measured = rate(times.count(), took);
    report.add(Figure {
        what: format!("durable declares on PostgreSQL, {IN_FLIGHT} in flight"),
        measured: format!("{measured:.0}/s (p50 {}, p99 {})", shown(times.p50()), shown(times.p99())),
        raw: format!("pgbench -c{IN_FLIGHT} -M prepared {raw:.0}/s"),
        ratio: Some(measured / raw),
        aim: "0.5 of pgbench".to_owned(),
        met: Some(measured / raw >= 0.5),
    });
}

/// What one declaration writes, as a script in which only names and numbers change.
async fn transaction(url: &str) -> String {
    let mut database = Database::open(url).await;
    // Not the first: that was written while nothing was warm.
    let sql = "SELECT CAST(max(id) AS TEXT) FROM incidents";
    let id = database.rows(sql).await[0][0].clone();
    let mut statements = vec!["SELECT nextval('incident_numbers') AS id \\gset".to_owned(), "BEGIN;".to_owned()];
    let written = [
        ("replies", format!("reply LIKE '{{\"incident\":\"INC-{id}\",%'")),
        ("incidents", format!("id = {id}")),
        ("incident_tags", format!("incident = {id}")),
        ("entries", format!("incident = {id}")),
        ("outbox", format!("incident = {id}")),
        ("timers", format!("incident = {id}")),
    ];
    for (table, condition) in written {
        let columns = columns(&mut database, table).await;
        let casts: Vec<_> = columns.iter().map(|column| format!("coalesce(CAST({column} AS TEXT), '\u{1}')")).collect();
        let sql = format!("SELECT {} FROM {table} WHERE {condition}", casts.join(", "));
        let rows = database.rows(&sql).await;
        assert!(!rows.is_empty(), "a declaration writes {table}");
        let rows: Vec<_> = rows.iter().map(|row| values(table, &columns, row, &id)).collect();
        statements.push(format!("INSERT INTO {table} ({}) VALUES {};", columns.join(", "), rows.join(", ")));
    }
    statements.push("COMMIT;".to_owned());
    statements.join("\n")
}

async fn columns(database: &mut Database, table: &str) -> Vec<String> {
    let sql = format!(
        "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
         WHERE table_name = '{table}' ORDER BY ordinal_position"
    );
    database.rows(&sql).await.into_iter().flatten().collect()
}

/// A row in which the number of the incident is pgbench's variable. Effects wait, as when they are written.
fn values(table: &str, columns: &[String], row: &[String], id: &str) -> String {
    let cell = |(column, text): (&String, &String)| match (table, column.as_str()) {
        ("outbox", "state") => "'waiting'".to_owned(),
        ("outbox", "attempts") => "0".to_owned(),
        ("outbox", "worker" | "leased_until" | "external" | "finished_at") => "NULL".to_owned(),
        ("replies", "request") => "'pgbench-' || (:id)::bigint::text".to_owned(),
        ("incidents", "id") | (_, "incident") => "(:id)::bigint".to_owned(),
        ("outbox" | "timers", "key") | ("outbox", "lane") => {
            format!("'INC-' || (:id)::bigint::text || {}", literal(text.trim_start_matches(&format!("INC-{id}"))))
        }
        _ if text == "\u{1}" => "NULL".to_owned(),
        _ => literal(text),
    };
    let cells: Vec<_> = columns.iter().zip(row).map(cell).collect();
    format!("({})", cells.join(", "))
}

/// A literal in which pgbench sees no variable of its own.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a").replace('\n', "\\n");
    format!("E'{escaped}'")
}

/// Transactions a second.
fn pgbench(bin: &Path, script: &Path, url: &str, extent: Extent) -> f64 {
    let output = Command::new(bin.join("pgbench"))
        .args(["-n", "-M", "prepared", "-j", "2", "-c", &IN_FLIGHT.to_string()])
        .args(["-T", &extent.load.as_secs().max(1).to_string(), "-f"])
        .arg(script)
        .arg(url)
        .output()
        .expect("pgbench can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    rate.unwrap_or_else(|| panic!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr)))
}
