//! What this run ran on.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The machine and the versions, in a few lines.
pub(crate) fn describe(is_quick: bool) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let folder = std::env::temp_dir();
    let extent = if is_quick { "A quick run: the figures mean little." } else { "A full run." };
    format!(
        "Muster {}, {extent}\nmachine: {cores} cores of {model}, {memory}, Linux {kernel}\ndata in {}: {}\nversions: {}; SQLite {}; {}",
        env!("CARGO_PKG_VERSION"),
        folder.display(),
        file_system(&folder),
        said_by("rustc", "--version"),
        sqlite(),
        said_by("psql", "--version"),
    )
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The type and options of the file system that a folder is on.
fn file_system(folder: &Path) -> String {
    let mounts = read("/proc/mounts");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let holding = mounts.lines().map(words).filter(|mount| mount.len() > 3 && folder.starts_with(&mount[1]));
    let nearest = holding.max_by_key(|mount| mount[1].len());
    nearest.map_or_else(|| "unknown".to_owned(), |mount| format!("{} on {} ({})", mount[2], mount[0], mount[3]))
}

fn said_by(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let said = output.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    said.map_or_else(|| format!("no {program}"), |said| said.trim().to_owned())
}

fn sqlite() -> String {
    use sqlx::{Connection, SqliteConnection};
    crate::http::alone(async {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.ok()?;
        sqlx::query_scalar::<_, String>("SELECT sqlite_version()").fetch_one(&mut connection).await.ok()
    })
    .unwrap_or_default()
}
