//! The real `muster runner`, killed and told to stop: what it has begun it never begins again. A file outside it counts.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

use axum::Router;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::routing::post;
use chrono::TimeDelta;
use muster_core::clock::{Clock, SystemClock, SystemEntropy};
use muster_core::ports::signer::Signer;
use muster_core::runbook::{
    End, Ended, Keep, Kept, Limits, Order, Piece, ProgramWork, Rendered, Signed, Take, Taken, Work,
};
use muster_runbooks::remote::SigningKey;
use muster_tests::fixtures::job;
use muster_tests::process::{SOON, binary, eventually, seed};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::VecDeque;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// A Muster that gives out what the test puts there, and remembers what it is told.
#[derive(Default)]
struct Far {
    orders: Mutex<VecDeque<Signed>>,
    given: Mutex<Vec<String>>,
    ended: Mutex<Vec<End>>,
}

async fn take(State(far): State<Arc<Far>>, Json(_): Json<Take>) -> Json<Taken> {
    let order = far.orders.lock().unwrap().pop_front();
    match &order {
        Some(signed) => far.given.lock().unwrap().push(signed.order.clone()),
        // As long as an answer takes when there is nothing.
        None => tokio::time::sleep(Duration::from_millis(5)).await,
    }
    Json(Taken { order })
}

async fn keep(Json(_): Json<Keep>) -> Json<Kept> {
    Json(Kept { go_on: true })
}

async fn end(State(far): State<Arc<Far>>, Json(end): Json<End>) -> StatusCode {
    far.ended.lock().unwrap().push(end);
    StatusCode::NO_CONTENT
}

/// A machine with a runner on it, and a program that leaves a line whenever it is begun and whenever it ends.
struct Site {
    folder: TempDir,
    far: Arc<Far>,
    key: SigningKey,
}

impl Site {
    async fn new() -> Self {
        let far = Arc::new(Far::default());
        let router = Router::new()
            .route("/runner/v1/take", post(take))
            .route("/runner/v1/keep", post(keep))
            .route("/runner/v1/end", post(end))
            .with_state(Arc::clone(&far));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });

        let folder = tempfile::tempdir().unwrap();
        let site = Self { folder, far, key: SigningKey::generate(&SystemEntropy) };
        // Programs may run as somebody who may do nothing.
        fs::set_permissions(site.folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::write(site.count(), "").unwrap();
        fs::set_permissions(site.count(), Permissions::from_mode(0o666)).unwrap();
        let program = site.folder.path().join("count");
        let count = site.count();
        let script = format!(
            "#!/bin/sh\necho \"begun $1\" >> {0}\nif [ -n \"$2\" ]; then sleep \"$2\"; fi\necho \"ended $1\" >> {0}\n",
            count.display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        fs::write(site.folder.path().join("key"), "mrk_test").unwrap();
        let config = format!(
            "name = \"warehouse-1\"\nlabels = [\"warehouse\"]\nmuster = \"http://{address}\"\nkey = {{ file = \"key\" }}\n\
             trusts = [\"{}\"]\nstate = \"state\"\n[runbooks.program]\ncount = \"{}\"\n",
            site.key.public(),
            program.display()
        );
        fs::write(site.folder.path().join("runner.toml"), config).unwrap();
        site
    }

    fn count(&self) -> PathBuf {
        self.folder.path().join("counted")
    }

    fn counted(&self, what: &str) -> usize {
        fs::read_to_string(self.count()).unwrap().lines().filter(|line| *line == what).count()
    }

    fn starts(&self) -> Child {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).args(["runner", "--config", "runner.toml"]);
        command.env_remove("MUSTER_LOG").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// An order to count, and to sleep for so many seconds before it ends.
    fn orders(&self, step: &str, sleep: &str) -> Signed {
        let now = SystemClock.now();
        let text = |text: &str| Rendered(vec![Piece::Literal(text.to_owned())]);
        let program = ProgramWork {
            program: "count".to_owned(),
            args: vec![text(step), text(sleep)],
            env: Vec::new(),
            limits: Limits { output: 65_536, memory: 1 << 28, processes: 32 },
        };
        let mut task = job(7, step, 1).task;
        (task.work, task.timeout) = (Work::Program(program), Duration::from_secs(60));
        let order = Order {
            runner: "warehouse-1".to_owned(),
            label: "warehouse".to_owned(),
            issued_at: now,
            expires_at: now + TimeDelta::minutes(2),
            lost_after: Duration::from_secs(30),
            passes_on: false,
            task,
        };
        let order = serde_json::to_string(&order).unwrap();
        Signed { signature: self.key.sign(&order), order }
    }

    fn gives(&self, signed: Signed) {
        self.far.orders.lock().unwrap().push_back(signed);
    }

    async fn hears_of(&self, step: &str) -> End {
        let heard = async || self.far.ended.lock().unwrap().iter().find(|end| end.job.step == step).cloned();
        eventually(&format!("{step} is reported"), SOON, heard).await
    }

    async fn has_begun(&self, step: &str) {
        let begun = format!("begun {step}");
        eventually(&begun, SOON, async || (self.counted(&begun) > 0).then_some(())).await;
    }
}

fn kill(mut runner: Child) {
    runner.kill().unwrap();
    runner.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ordered_is_done_and_what_was_at_work_when_it_was_killed_is_not_done_again() {
    let site = Site::new().await;
    let runner = site.starts();
    site.gives(site.orders("quick", ""));
    let end = site.hears_of("quick").await;
    assert!(matches!(end.report.ended, Ended::Well { .. }), "{:?}\n{}", end.report, site.log());
    site.gives(site.orders("slow", "60"));
    site.has_begun("slow").await;
    kill(runner);

    let runner = site.starts();
    for step in ["quick", "slow"] {
        site.gives(site.orders(step, ""));
    }
    site.gives(site.orders("next", ""));
    site.hears_of("next").await;
    assert_eq!((site.counted("begun quick"), site.counted("begun slow"), site.counted("begun next")), (1, 1, 1));
    assert_eq!(site.counted("ended slow"), 0, "what was at work has ended with the runner");
    let ended: Vec<_> = site.far.ended.lock().unwrap().iter().map(|end| end.job.step.clone()).collect();
    assert_eq!(ended, ["quick", "next"], "of what it had begun before nothing is said");
    assert_eq!(site.log().matches("it was begun here before").count(), 2, "{}", site.log());
    kill(runner);
}

/// Before it is in the journal, after, or while it begins: chance says when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_begins_nothing_twice() {
    let site = Site::new().await;
    let mut dice = StdRng::seed_from_u64(seed("killed_at_any_moment"));
    let mut runner = site.starts();
    site.gives(site.orders("first", ""));
    site.hears_of("first").await;
    for round in 0..25 {
        let step = format!("step-{round}");
        site.gives(site.orders(&step, ""));
        let given = async || site.far.orders.lock().unwrap().is_empty().then_some(());
        eventually("it is given", SOON, given).await;
        tokio::time::sleep(Duration::from_micros(dice.random_range(0..12_000))).await;
        kill(runner);
        runner = site.starts();
        // It is given again by a Muster that has forgotten everything.
        site.gives(site.orders(&step, ""));
        let after = format!("after-{round}");
        site.gives(site.orders(&after, ""));
        site.hears_of(&after).await;
        let begun = site.counted(&format!("begun {step}"));
        let is_in_journal = fs::read_to_string(site.folder.path().join("state/journal")).unwrap().contains(&step);
        assert!(begun <= 1 && is_in_journal, "{step} was begun {begun} times");
    }
    kill(runner);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_ends_what_it_has_and_reports_it() {
    let site = Site::new().await;
    let mut runner = site.starts();
    site.gives(site.orders("slow", "1"));
    site.has_begun("slow").await;
    let told = Command::new("kill").args(["-TERM", &runner.id().to_string()]).status().unwrap();
    assert!(told.success());
    let status = eventually("it ends", SOON, async || runner.try_wait().unwrap()).await;
    assert!(status.success(), "{status}\n{}", site.log());
    assert!(matches!(site.hears_of("slow").await.report.ended, Ended::Well { .. }));
    assert_eq!(site.counted("ended slow"), 1);
}

#[test]
fn a_config_with_mistakes_is_refused_with_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runner.toml");
    fs::write(&path, "name = \"Bad Name\"\nmuster = \"http://muster.example.com\"\ntrusts = [\"x\"]\n").unwrap();
    let output = Command::new(binary()).args(["runner", "--config"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    for wrong in [
        "“Bad Name” is not an id",
        "labels: this is missing",
        "must be https://",
        "no public key of Muster",
        "key: this is missing",
    ] {
        assert!(said.contains(wrong), "{wrong}: {said}");
    }
}
