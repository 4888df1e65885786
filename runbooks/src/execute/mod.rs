//! Carrying steps out: requests, programs and checks, behind core's port. Whatever leaves here is cleaned, bounded and without
//! secrets.

mod address;
mod call;
mod guard;
mod listen;
mod outputs;
mod probe;
mod program;
mod redact;
mod rehearse;
mod secrets;
mod spare;
mod text;
mod user;
mod words;

pub use guard::{WORD as GUARD, stand as stand_guard};
pub use secrets::{NoSecret, SHORTEST, SecretSource, SecretValue, Secrets};
pub use user::{NOBODY, User};

use async_trait::async_trait;
use muster_core::clock::Clock;
use muster_core::ports::executor::Executor;
use muster_core::ports::outside::Outside;
use muster_core::runbook::{Ended, Report, Task, Work};
use probe::Prober;
use program::With;
use redact::Redactor;
use spare::Guards;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use text::Filling;
use tokio::sync::watch;

/// What a machine has and may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The programs that may run, by the names that runbooks have for them.
    pub programs: BTreeMap<String, PathBuf>,
    /// The secrets.
    pub secrets: Secrets,
    /// Whom programs run as. Whoever is not root can only be who they are.
    pub user: User,
    /// The program that stands guard when its first argument is [`GUARD`].
    pub guard: PathBuf,
}

/// A machine that carries steps out.
pub struct Machine {
    means: RwLock<Means>,
    guards: Guards,
    clock: Arc<dyn Clock>,
}

/// What a task is carried out with, from its beginning to its end.
#[derive(Clone)]
struct Means {
    settings: Arc<Settings>,
    outside: Arc<dyn Outside>,
}

impl Machine {
    /// One that reaches others by `outside`.
    #[must_use]
    pub fn new(settings: Settings, outside: Arc<dyn Outside>, clock: Arc<dyn Clock>) -> Self {
        Self { means: RwLock::new(Means { settings: Arc::new(settings), outside }), guards: Guards::default(), clock }
    }

    /// Takes on other settings and another way out. What is under way goes on with those it began with.
    pub fn configure(&self, settings: Settings, outside: Arc<dyn Outside>) {
        *self.means.write().unwrap_or_else(PoisonError::into_inner) = Means { settings: Arc::new(settings), outside };
    }

    fn means(&self) -> Means {
        self.means.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Executor for Machine {
    async fn execute(&self, task: &Task, tail: &watch::Sender<Vec<String>>) -> Report {
        let Means { settings, outside } = self.means();
        if task.rehearsal {
            return rehearse::rehearse(task, &settings);
        }
        let reading = tokio::task::spawn_blocking({
            let settings = Arc::clone(&settings);
            move || settings.secrets.all()
        });
        let values = reading.await.unwrap_or_default();
        let known = values.iter().filter_map(|(name, value)| Some((name, value.as_ref().ok()?)));
        let redactor = Redactor::new(known);
        let filling = Filling::Real(&values);
        let report = match &task.work {
            Work::Call(work) => call::call(work, task, (outside.as_ref(), &filling, &redactor)).await,
            Work::Program(work) => {
                let with = With { settings: &settings, guards: &self.guards, filling: &filling, redactor: &redactor };
                program::run(work, task, &with, tail).await
            }
            Work::Probe(work) => {
                let (outside, clock) = (outside.as_ref(), self.clock.as_ref());
                Prober { outside, clock, filling: &filling, redactor: &redactor }.probe(work, task, tail).await
            }
        };
        told(report, &redactor)
    }
}

/// The report as it leaves: once more without secrets, whichever way they came into it.
fn told(report: Report, redactor: &Redactor) -> Report {
    let ended = match report.ended {
        Ended::Well { outputs } => {
            let outputs = outputs.into_iter().map(|(name, value)| (name, redactor.value(value))).collect();
            Ended::Well { outputs }
        }
        Ended::Badly { reason } => Ended::Badly { reason: redactor.text(&one_line(&reason)) },
        Ended::Unclear { reason } => Ended::Unclear { reason: redactor.text(&one_line(&reason)) },
    };
    Report { ended, output: redactor.text(&report.output), cut: report.cut }
}

fn one_line(text: &str) -> String {
    words::clean(text.as_bytes()).replace('\n', " ")
}
