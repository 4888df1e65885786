//! A real Alertmanager, where one is installed, that sends wherever a test lets it.

use crate::needed::absent;
use crate::process::{SOON, eventually, free_address, http};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Its name in Debian, and everywhere else.
const PROGRAMS: [&str; 2] = ["prometheus-alertmanager", "alertmanager"];
/// It tells at once, and at once again, so that no test waits for what it would wait for.
const ROUTE: &str = "\
route:
  receiver: muster
  group_by: [service]
  group_wait: 0s
  group_interval: 200ms
  repeat_interval: 1h
receivers:
  - name: muster
";

/// One that runs. Dropped, it is killed.
#[derive(Debug)]
pub struct Alertmanager {
    process: Child,
    address: SocketAddr,
    folder: TempDir,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Alertmanager {
    /// Starts one that sends to `receivers`, as YAML of a receiver's keys; `None`, said aloud, where there is none.
    ///
    /// # Panics
    /// When it does not start, or is not installed although `MUSTER_TEST_REQUIRE` names `alertmanager`.
    pub async fn start(test: &str, receivers: &str) -> Option<Self> {
        let has = |program: &&str| Command::new(program).arg("--version").output().is_ok();
        let Some(program) = PROGRAMS.iter().find(|program| has(program)) else {
            absent(test, "alertmanager", "Alertmanager");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("muster-test-").tempdir().expect("a folder");
        let address = free_address();
        let indented: String = receivers.lines().map(|line| format!("    {line}\n")).collect();
        let config = folder.path().join("alertmanager.yml");
        fs::write(&config, format!("{ROUTE}{indented}")).expect("the config is written");
        let log = File::create(folder.path().join("log")).expect("a log");
        let process = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn();
        let mut started = Self { process: process.expect("Alertmanager can be started"), address, folder };
        let ready = format!("http://{address}/-/ready");
        eventually("Alertmanager is ready", SOON, async || {
            assert!(matches!(started.process.try_wait(), Ok(None)), "Alertmanager has ended: {}", started.log());
            http().get(&ready).send().await.ok().filter(|answer| answer.status().is_success())
        })
        .await;
        Some(started)
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Something begins to fire, as Prometheus would say it.
    pub async fn fires(&self, labels: &Value, annotations: &Value) {
        self.hears(json!({
            "startsAt": "2026-01-05T09:00:00Z",
            "generatorURL": "http://prometheus.example.com/graph",
            "labels": labels,
            "annotations": annotations,
        }))
        .await;
    }

    /// It is over.
    pub async fn resolves(&self, labels: &Value) {
        self.hears(json!({ "startsAt": "2026-01-05T09:00:00Z", "endsAt": "2026-01-05T09:05:00Z", "labels": labels }))
            .await;
    }

    /// <https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>
    async fn hears(&self, alert: Value) {
        let url = format!("http://{}/api/v2/alerts", self.address);
        let answer = http().post(url).json(&json!([alert])).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
    }
}
