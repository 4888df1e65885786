//! A machine with programs of its own and a server to call.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use muster_core::clock::SystemClock;
use muster_core::ids::IncidentId;
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Action, Ended, JobId, Output, Report, Scope, Source, Task, Work, work};
use muster_outside::{Allowed, WayOut};
use muster_runbooks::execute::{Machine, NOBODY, SecretSource, Secrets, Settings, User};
use muster_tests::process::binary;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

/// A request as the server got it.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What the server is to answer next; else 200 and `{}`.
pub(crate) type Answers = Mutex<VecDeque<Response>>;

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) got: Mutex<Vec<Got>>,
    pub(crate) answers: Answers,
}

impl Server {
    /// Answers that next, after what is to be answered already.
    pub(crate) fn answers(&self, answer: impl IntoResponse) {
        self.answers.lock().expect("no test has panicked").push_back(answer.into_response());
    }

    /// Takes the requests that came.
    pub(crate) fn got(&self) -> Vec<Got> {
        std::mem::take(&mut self.got.lock().expect("no test has panicked"))
    }
}

async fn answer(
    State(server): State<Arc<Server>>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Response {
    server.got.lock().expect("no test has panicked").push(Got { method, uri, headers, body: body.to_vec() });
    let next = server.answers.lock().expect("no test has panicked").pop_front();
    next.unwrap_or_else(|| (StatusCode::OK, "{}").into_response())
}

/// A folder with programs and files, a server, and a machine that may use them.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) server: Arc<Server>,
    pub(crate) address: SocketAddr,
    programs: BTreeMap<String, PathBuf>,
    secrets: Secrets,
    guard: &'static Path,
}

impl World {
    /// One without programs and secrets.
    pub(crate) async fn new() -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::Builder::new().prefix("muster-execute-").tempdir().expect("a folder");
        // Whoever programs run as must find them, and may write here.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("its mode");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Arc::new(Server::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(listener, router).await });
        // The binary is built here, before any time is taken.
        let guard = binary();
        Self { folder, guard, server, address, programs: BTreeMap::new(), secrets: Secrets::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The same with a program of that name on the list, which is a script.
    pub(crate) fn with_script(mut self, name: &str, script: &str) -> Self {
        let path = self.path(name);
        fs::write(&path, script).expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
        self.programs.insert(name.to_owned(), path);
        self
    }

    /// The same with a script of the shell.
    pub(crate) fn with(self, name: &str, lines: &str) -> Self {
        self.with_script(name, &format!("#!/bin/sh\n{lines}\n"))
    }

    /// The same with a program that is somewhere.
    pub(crate) fn with_program(mut self, name: &str, path: &str) -> Self {
        self.programs.insert(name.to_owned(), PathBuf::from(path));
        self
    }

    /// The same with a secret in a file.
    pub(crate) fn with_secret(self, name: &str, value: &str) -> Self {
        let path = self.path(&format!("{name}.secret"));
        fs::write(&path, value).expect("it is written");
        self.with_source(name, SecretSource::File(path))
    }

    /// The same with a secret somewhere.
    pub(crate) fn with_source(mut self, name: &str, source: SecretSource) -> Self {
        self.secrets.sources.insert(name.to_owned(), source);
        self
    }

    /// The same with the identities that open secrets encrypted with age.
    pub(crate) fn with_identities(mut self, path: PathBuf) -> Self {
        self.secrets.identities = Some(path);
        self
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            programs: self.programs.clone(),
            secrets: self.secrets.clone(),
            user: Some(User::own()).filter(|own| !own.is_root()).unwrap_or(NOBODY),
            guard: self.guard.to_owned(),
        }
    }

    pub(crate) fn machine(&self) -> Machine {
        let allowed = Allowed::default().and("127.0.0.1").expect("an address");
        let outside = Arc::new(WayOut::new(allowed).patient(Duration::from_secs(60)));
        Machine::new(self.settings(), outside, Arc::new(SystemClock))
    }

    /// An address of the server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Carries a task out.
    pub(crate) async fn does(&self, task: &Task) -> Report {
        self.machine().execute(task, &watch::Sender::default()).await
    }
}

/// What is known when a step begins.
pub(crate) fn inputs(value: &Value) -> Scope {
    let mut scope = Scope::default();
    scope.0.insert("inputs".to_owned(), value.clone());
    scope
}

/// A request without headers and body, that expects 200 to 299.
pub(crate) fn get(url: &str) -> Value {
    json!({ "method": "GET", "url": url, "headers": [], "body": null, "expect": [{ "from": 200, "to": 299 }] })
}

/// A step that sends a request, rendered.
pub(crate) fn http(call: Value, scope: &Scope) -> Task {
    let mut action = call;
    action["does"] = json!("http");
    task(&action, scope)
}

/// A step that runs a program with these arguments, rendered.
pub(crate) fn run(program: &str, args: &[&str], scope: &Scope) -> Task {
    run_with(program, args, &[], scope)
}

/// The same with an environment.
pub(crate) fn run_with(program: &str, args: &[&str], env: &[(&str, &str)], scope: &Scope) -> Task {
    let limits = json!({ "output": 65_536, "memory": 256 << 20, "processes": 32 });
    task(&json!({ "does": "run", "program": program, "args": args, "env": env, "limits": limits }), scope)
}

fn task(action: &Value, scope: &Scope) -> Task {
    let action: Action = serde_json::from_value(action.clone()).expect("an action");
    let work = work(&action, scope).expect("its values are there").expect("a machine's");
    let id = JobId { incident: IncidentId(7), run: 1, step: "switch".to_owned(), undo: false, attempt: 2 };
    Task { id, work, timeout: Duration::from_secs(20), outputs: Vec::new(), rehearsal: false }
}

/// Changes what a task says.
pub(crate) trait But {
    fn within(self, timeout: Duration) -> Self;
    fn finding(self, name: &str, from: Source) -> Self;
    fn limited(self, change: impl FnOnce(&mut muster_core::runbook::Limits)) -> Self;
}

impl But for Task {
    fn within(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    fn finding(mut self, name: &str, from: Source) -> Self {
        self.outputs.push(Output { name: name.to_owned(), from, example: Some(json!("an example")) });
        self
    }

    fn limited(mut self, change: impl FnOnce(&mut muster_core::runbook::Limits)) -> Self {
        match &mut self.work {
            Work::Program(work) => change(&mut work.limits),
            Work::Call(_) | Work::Probe(_) => panic!("only programs have limits"),
        }
        self
    }
}

/// The outputs of one that worked.
pub(crate) fn outputs(report: &Report) -> Value {
    match &report.ended {
        Ended::Well { outputs } => json!(outputs),
        Ended::Badly { reason } | Ended::Unclear { reason } => panic!("it did not work: {reason}; {}", report.output),
    }
}

/// Why it did not work.
pub(crate) fn reason(report: &Report) -> &str {
    match &report.ended {
        Ended::Badly { reason } => reason,
        Ended::Well { .. } | Ended::Unclear { .. } => panic!("it did not fail: {report:?}"),
    }
}

/// Why nobody knows whether it worked.
pub(crate) fn doubt(report: &Report) -> &str {
    match &report.ended {
        Ended::Unclear { reason } => reason,
        Ended::Well { .. } | Ended::Badly { .. } => panic!("there is no doubt: {report:?}"),
    }
}
