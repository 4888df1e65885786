//! A thousand runs that wait, in the real binary: what they hold, and that they cost nothing.

use crate::Extent;
use crate::http::alone;
use crate::memory::resident;
use crate::report::{Figure, Report};
use muster_tests::process::{Client, Installation, incident_of};
use std::time::Duration;

/// An incident has no more runs open than this.
const EACH: usize = 5;
/// How long after the last is started the process counts as quiet.
const SETTLED: Duration = Duration::from_secs(3);
/// One tick of the clock by which Linux counts processor time: `USER_HZ`, proc_pid_stat(5).
const TICK: f64 = 0.01;

const PEOPLE: &str = "[organisation]\nname = \"Nordic Retail\"\ncommander_within = \"24h\"\n\
                      [[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nright = \"admin\"\n";

/// What waits: for the clock, after a few steps as a real one has them.
const BOOK: &str = r"apiVersion: muster/v1
id: rest
name: Wait for the warehouse
description: Waits half a day, then somebody looks.
steps:
  - { id: tell, name: Say so, update: We wait for the warehouse }
  - { id: rest, name: Wait, wait: 12h }
  - { id: look, name: Look, manual: Look at the first and the last till, checklist: [the first, the last] }
  - { id: check, name: It holds, probe: { url: 'https://gateway.example.com/health', holds: status == 200, every: 10s }, timeout: 10m }
  - { id: switch, name: Switch, http: { method: POST, url: 'https://gateway.example.com/switch', json: { to: second } }, timeout: 30s }
";

/// Measures it.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    let count = if extent.times < 1_000 { 100 } else { 1_000 };
    report.chapter("Runs that wait, in the real binary on SQLite");
    let installation = Installation::configured("sqlite:muster.db", PEOPLE);
    let folder = installation.folder().join("runbooks");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("rest.yaml"), BOOK).expect("it is written");
    let (before, after, used) = alone(async {
        let server = installation.start().await;
        let client = installation.client("alice");
        let before = resident(server.pid());
        for _ in 0..count / EACH {
            five(&client).await;
        }
        tokio::time::sleep(SETTLED).await;
        let from = ticks(server.pid());
        tokio::time::sleep(extent.load).await;
        let used = ticks(server.pid()) - from;
        let after = resident(server.pid());
        server.terminate().await;
        (before, after, used)
    });
    report.add(Figure {
        what: format!("resident memory, {count} runs waiting"),
        measured: format!("{after:.1} MiB"),
        raw: format!("{before:.1} MiB before the first"),
        ratio: Some(after / before),
        aim: "60 MiB".to_owned(),
        met: Some(after <= 60.0),
    });
    let share = used * TICK / extent.load.as_secs_f64();
    report.add(Figure {
        what: format!("processor time while {count} runs wait, over {} s", extent.load.as_secs()),
        measured: format!("{:.2} % of a core", share * 100.0),
        raw: "none".to_owned(),
        ratio: None,
        aim: "none: below 1 %".to_owned(),
        met: Some(share < 0.01),
    });
}

async fn five(client: &Client) {
    let incident = incident_of(&client.does("new sev2 the warehouse is slow", None).await);
    for _ in 0..EACH {
        client.does("runbook run rest", Some(&incident)).await;
    }
}

/// The processor time of a process so far, in ticks: `utime` and `stime` of proc_pid_stat(5).
fn ticks(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("Linux tells");
    let (_, after_name) = stat.rsplit_once(") ").expect("a name in brackets");
    let numbers: Vec<f64> = after_name.split(' ').filter_map(|word| word.parse().ok()).collect();
    // The state is no number, so the fourteenth and fifteenth field are at 10 and 11 here.
    numbers[10] + numbers[11]
}
