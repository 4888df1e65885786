//! The real `muster` binary, run as its operator runs it: started, waited for, killed, asked to stop, and talked to
//! over HTTP.

mod audit;
mod client;
mod database;
pub mod discord;
pub mod slack;
pub mod stall;

pub use audit::{Audit, Effect};
pub use client::{Client, Said, incident_of};
pub use database::Database;

use reqwest::StatusCode;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything that must happen may take on a busy machine.
pub const SOON: Duration = Duration::from_secs(30);
/// The pause between two looks at whether something has happened.
const LOOK: Duration = Duration::from_millis(3);

/// The binary, built from what is here now.
///
/// # Panics
/// When it does not build.
#[must_use]
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let mut folder = std::env::current_exe().expect("a test is a program");
        // …/target/<profile>/deps/<test>
        folder.pop();
        folder.pop();
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
        // With the features of the whole workspace, as `cargo test --workspace` has built it already.
        build.args(["build", "--quiet", "--workspace", "--bin", "muster"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        // What Cargo tells a test about itself would make build scripts believe that something has changed.
        let about_us = |name: &str| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"].iter().any(|p| name.starts_with(p))
        };
        for (name, _) in std::env::vars().filter(|(name, _)| about_us(name) || name == "CARGO_PRIMARY_PACKAGE") {
            build.env_remove(name);
        }
        if folder.ends_with("release") {
            build.arg("--release");
        }
        if let Some(target) = folder.parent() {
            build.arg("--target-dir").arg(target);
        }
        let built = build.output().expect("cargo runs");
        assert!(built.status.success(), "muster does not build: {}", String::from_utf8_lossy(&built.stderr));
        folder.join("muster")
    })
}

/// Writes a line where whoever runs the tests sees it.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The number in an environment variable.
///
/// # Panics
/// When there is something else in it.
#[must_use]
pub fn number_from(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok().filter(|text| !text.trim().is_empty())?;
    Some(text.trim().parse().unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")))
}

/// The seed of this run: `MUSTER_SEED`, else a new one. Printed, so that a failing run can be had again.
#[must_use]
pub fn seed(test: &str) -> u64 {
    let seed = number_from("MUSTER_SEED").unwrap_or_else(|| {
        let mut hasher = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&(Instant::now(), std::process::id(), test), &mut hasher);
        std::hash::Hasher::finish(&hasher)
    });
    tell(&format!("{test}: MUSTER_SEED={seed} replays it"));
    seed
}

/// Looks until there is something to see.
///
/// # Panics
/// When `within` has passed.
pub async fn eventually<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(started.elapsed() < within, "{what}: not within {within:?}");
        tokio::time::sleep(LOOK).await;
    }
}

/// What outlives the process: its folder, config, database and address.
#[derive(Debug)]
pub struct Installation {
    folder: TempDir,
    address: SocketAddr,
    store: String,
    environment: Vec<(String, String)>,
}

/// The people of every installation here. `alice` is an admin, `frank` may only look.
const PEOPLE: &str = r#"
[organisation]
name = "Nordic Retail"
commander_within = "1m"
time_zone = "UTC"

[[person]]
id = "alice"
name = "Alice Ek"
email = "alice@example.com"
right = "admin"
[[person]]
id = "bob"
name = "Bob Lind"
email = "bob@example.com"
[[person]]
id = "carol"
name = "Carol Nyman"
email = "carol@example.com"
[[person]]
id = "dave"
name = "Dave Moss"
email = "dave@example.com"
[[person]]
id = "erin"
name = "Erin Berg"
email = "erin@example.com"
[[person]]
id = "frank"
name = "Frank Holm"
email = "frank@example.com"
right = "view"

[[service]]
id = "checkout"
name = "Checkout"
"#;

/// The same people, as chats know them.
const MEMBERS: [(&str, &str); 6] = [
    ("alice", "Alice Ek"),
    ("bob", "Bob Lind"),
    ("carol", "Carol Nyman"),
    ("dave", "Dave Moss"),
    ("erin", "Erin Berg"),
    ("frank", "Frank Holm"),
];

/// How a chat platform and an installation talk to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Down WebSockets that Muster opens: Socket Mode, the gateway.
    Socket,
    /// Signed requests.
    Http,
}

impl Installation {
    /// One on a SQLite file of its own.
    #[must_use]
    pub fn on_sqlite() -> Self {
        Self::on("sqlite:muster.db")
    }

    /// One on the store at that address.
    ///
    /// # Panics
    /// When its folder cannot be made.
    #[must_use]
    pub fn on(store: &str) -> Self {
        Self::configured(store, PEOPLE)
    }

    /// One with an organisation of its own, as TOML.
    ///
    /// # Panics
    /// When its folder cannot be made.
    #[must_use]
    pub fn configured(store: &str, organisation: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("muster-test-").tempdir().expect("a folder");
        let installation = Self { folder, address: free_address(), store: store.to_owned(), environment: Vec::new() };
        installation.configure(organisation);
        installation
    }

    /// The same with a variable in its environment.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes the config anew. Who runs already takes it on at SIGHUP.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn configure(&self, organisation: &str) {
        let config = format!(
            "[server]\nlisten = \"{}\"\n[store]\nurl = \"{}\"\n[log]\nlevel = \"info\"\n{organisation}",
            self.address, self.store
        );
        fs::write(self.config(), config).expect("the config is written");
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The config.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder().join("muster.toml")
    }

    /// The SQLite file, if it is on one.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder().join("muster.db")
    }

    /// The address of the database as sqlx reads it.
    #[must_use]
    pub fn database_url(&self) -> String {
        match self.store.strip_prefix("sqlite:") {
            Some(_) => format!("sqlite:{}", self.database().display()),
            None => self.store.clone(),
        }
    }

    /// The address and port where it serves.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it serves.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }

    /// The end of what it has logged.
    #[must_use]
    pub fn tail(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Any subcommand, in the folder of the installation and with nothing of ours in its environment.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.current_dir(self.folder()).args(args).env("MUSTER_CONFIG", self.config());
        for inherited in ["MUSTER_URL", "MUSTER_TOKEN", "MUSTER_LOG", "MUSTER_SEED", "MUSTER_KILLS"] {
            command.env_remove(inherited);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a subcommand to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("muster can be started")
    }

    /// What a subcommand prints.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn prints(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "muster {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Signs in to the console with a one-time link, and returns the cookie as the browser keeps it, and the header
    /// that set it.
    ///
    /// # Panics
    /// When the link does not open the door.
    pub async fn sign_in(&self, person: &str) -> (String, String) {
        let link = self.prints(&["login-link", person]);
        let path = link.split_once("/login/").map(|(_, code)| format!("{}/login/{}", self.url(), code.trim()));
        let response = http().post(path.expect("a link")).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let header = response.headers()[reqwest::header::SET_COOKIE].to_str().expect("text").to_owned();
        (header.split(';').next().expect("a cookie").to_owned(), header)
    }

    /// A token for `person`, made the way an operator makes it. It must have been started once: that makes the
    /// database.
    #[must_use]
    pub fn token(&self, person: &str) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let label = format!("test-{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.prints(&["token", "create", person, "--label", &label])
    }

    /// A key for a source, made the way an operator makes it. It must have been started once: that makes the database.
    #[must_use]
    pub fn key(&self, source: &str) -> String {
        self.prints(&["key", "create", source])
    }

    /// Somebody with a token of their own, at the API.
    #[must_use]
    pub fn client(&self, person: &str) -> Client {
        Client::new(&self.url(), &self.token(person))
    }

    /// Starts it, and does not wait.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn spawn(&self) -> Server<'_> {
        let log = || -> File {
            let mut options = OpenOptions::new();
            options.create(true).append(true).open(self.folder().join("log")).expect("a log")
        };
        let mut command = self.command(&["serve"]);
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        Server { child: command.spawn().expect("muster can be started"), installation: self }
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn start(&self) -> Server<'_> {
        let mut server = self.spawn();
        server.ready().await;
        server
    }
}

/// An address at which nobody listens.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

/// A running process. Dropped, it is killed.
#[derive(Debug)]
pub struct Server<'a> {
    child: Child,
    installation: &'a Installation,
}

impl Server<'_> {
    /// Waits until it says that it is ready.
    ///
    /// # Panics
    /// When it ends first, or takes too long.
    pub async fn ready(&mut self) {
        let url = format!("{}/readyz", self.installation.url());
        let started = Instant::now();
        loop {
            if http().get(&url).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("muster ended with {status}:\n{}", self.installation.tail());
            }
            assert!(started.elapsed() < SOON, "muster is not ready after {SOON:?}:\n{}", self.installation.tail());
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// kill -9.
    ///
    /// # Panics
    /// When it had ended by itself before.
    pub fn kill(mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("muster ended by itself with {status}:\n{}", self.installation.tail());
        }
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    /// SIGTERM, and waits until it has ended in good order.
    ///
    /// # Panics
    /// When it does not.
    pub async fn terminate(mut self) -> ExitStatus {
        self.signal("TERM");
        let child = &mut self.child;
        let status = eventually("muster ends after SIGTERM", SOON, async || child.try_wait().ok().flatten()).await;
        assert!(status.success(), "muster ended with {status} after SIGTERM:\n{}", self.installation.tail());
        status
    }

    /// Sends a signal by its name.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} could not be sent");
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client without a proxy, a cookie jar or redirects.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn http() -> reqwest::Client {
    static HTTP: OnceLock<reqwest::Client> = OnceLock::new();
    let client = HTTP.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        // A connection belongs to the runtime it was made in, and every test has its own.
        builder.pool_max_idle_per_host(0).timeout(SOON).build().expect("a client")
    });
    client.clone()
}
