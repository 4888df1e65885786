//! A private PostgreSQL cluster for the tests of one process, with a fresh database for each test.
//!
//! A watchdog shell owns the cluster. It holds the read end of a pipe of ours: when this process ends, however it
//! ends, the shell stops the cluster and removes its folder.

use crate::needed::absent;
use anyhow::{Context, Result, bail, ensure};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Makes the cluster, says so, waits for the end of its input, and cleans up.
const WATCHDOG: &str = r#"
bin=$1 home=$2 fsync=$3
trap '' INT
export LC_ALL=C
"$bin/initdb" -D "$home/data" -U muster -A trust -E UTF8 --locale=C --no-sync >"$home/initdb.log" 2>&1 || exit 1
"$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 \
    -o "-c listen_addresses= -k $home -c fsync=$fsync -c max_connections=200" start >/dev/null 2>&1 || exit 1
echo ready
read -r _
"$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1
rm -rf "$home"
"#;

/// A running cluster. It lives as long as the process, or until it is dropped.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    databases: AtomicU32,
    _life: ChildStdin,
}

impl Cluster {
    /// Makes and starts a cluster with the newest PostgreSQL of this machine; `None` if there is none.
    ///
    /// # Errors
    /// When there is a PostgreSQL and it does not start.
    pub fn start(fsync: bool) -> Result<Option<Self>> {
        let Some(bin) = programs() else { return Ok(None) };
        let home = tempfile::Builder::new().prefix("muster-pg-").tempdir_in("/tmp")?.keep();
        fs::set_permissions(&home, fs::Permissions::from_mode(0o700))?;
        let mut command = unprivileged(&home)?;
        let fsync = if fsync { "on" } else { "off" };
        let mut watchdog = command
            .args(["sh", "-c", WATCHDOG, "muster-pg"])
            .args([bin.as_path(), home.as_path(), Path::new(fsync)])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the watchdog of PostgreSQL did not start")?;
        let life = watchdog.stdin.take().context("no pipe to the watchdog")?;
        let mut said = String::new();
        BufReader::new(watchdog.stdout.take().context("no pipe from the watchdog")?).read_line(&mut said)?;
        ensure!(said == "ready\n", "PostgreSQL did not start; see {}", home.display());
        Ok(Some(Self { home, databases: AtomicU32::new(0), _life: life }))
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn database(&self) -> Result<String> {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.url("postgres")).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        connection.close().await?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://muster@localhost/{database}?host={}", self.home.display())
    }
}

/// The address of a fresh database for `test`, in the cluster that all tests of this process share.
/// `None`, and a line that says so, where PostgreSQL is not installed.
///
/// # Panics
/// When PostgreSQL does not start, or is not installed although `MUSTER_TEST_REQUIRE` names `postgres`.
pub async fn database(test: &str) -> Option<String> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = SHARED.get_or_init(|| match Cluster::start(true) {
        Ok(cluster) => cluster,
        Err(error) => panic!("PostgreSQL is installed and does not work: {error:#}"),
    });
    if let Some(cluster) = cluster {
        match cluster.database().await {
            Ok(url) => return Some(url),
            Err(error) => panic!("no database for {test}: {error:#}"),
        }
    }
    absent(test, "postgres", "PostgreSQL");
    None
}

/// The folder of the programs of the newest PostgreSQL, if it is installed.
#[must_use]
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let bins = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    bins.max_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    })
}

/// PostgreSQL does not run as root: gives the folder to somebody else and runs as them.
fn unprivileged(home: &Path) -> Result<Command> {
    if fs::metadata(home)?.uid() != 0 {
        return Ok(Command::new("env"));
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse::<u32>);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    let Some((user, group)) = ids("postgres").or_else(|| ids("nobody")) else {
        bail!("there is no user postgres and no user nobody to run PostgreSQL as");
    };
    std::os::unix::fs::chown(home, Some(user), Some(group))?;
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
    Ok(command)
}
