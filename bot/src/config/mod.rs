//! The config, `muster.toml`: read as a whole, checked as a whole, each problem with its line, column and remedy.

mod catalogue;
mod civil;
mod comms;
mod discord;
mod made;
mod notify;
mod organisation;
mod people;
mod policies;
mod reach;
mod roles;
mod rooms;
mod routes;
mod runbooks;
mod runner_file;
mod runners;
mod sample;
mod schedules;
mod slack;
mod sources;
mod value;
mod watchdog;

pub(crate) use comms::{Comms, Subscribing};
pub(crate) use problem::{Problem, did_you_mean};
pub(crate) use runbooks::Runbooks;
pub(crate) use runner_file::RunnerConfig;
pub(crate) use sample::SAMPLE;
pub(crate) use schedules::{CalendarPlace, CalendarSource};
pub(crate) use value::{StoreUrl, is_loopback, origin};
pub(crate) use watchdog::Watchdog;

use made::Made;
use muster_core::org::Organisation;
use muster_core::section::{self, problem};
use muster_discord::DiscordConfig;
use muster_ingest::IngestConfig;
use muster_notify::NotifyConfig;
use muster_outside::Allowed;
use muster_slack::SlackConfig;
use problem::{Fault, Problems};
use section::Section;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use toml::de::DeTable;

/// Where Muster listens unless told otherwise.
pub(crate) const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// The folder of the embedded database unless told otherwise.
pub(crate) const DATA: &str = "muster-data";
/// The file of the embedded database in it.
pub(crate) const FILE: &str = "muster.db";

/// A config that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Where people reach Muster, if that is not where it listens.
    pub(crate) public_url: Option<String>,
    /// Where the data is.
    pub(crate) store: StoreUrl,
    /// How to log.
    pub(crate) log: Log,
    /// The organisation. The calendars of its schedules are yet to be read.
    pub(crate) org: Organisation,
    /// Where they are.
    pub(crate) calendars: Vec<CalendarSource>,
    /// The workspace of Slack, if there is one.
    pub(crate) slack: Option<SlackConfig>,
    /// The server of Discord, if there is one.
    pub(crate) discord: Option<DiscordConfig>,
    /// The other ways to reach people.
    pub(crate) notify: NotifyConfig,
    /// What they may reach although it is inside.
    pub(crate) outside: Allowed,
    /// Who may send alerts.
    pub(crate) ingest: IngestConfig,
    /// Where Muster says that it is alive.
    pub(crate) watchdog: Option<Watchdog>,
    /// Where runbooks are, and what their steps may do.
    pub(crate) runbooks: Runbooks,
    /// How customers are told.
    pub(crate) comms: Comms,
}

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Log {
    /// For people or for machines.
    pub(crate) format: LogFormat,
    /// From which level on.
    pub(crate) level: &'static str,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info" }
    }
}

impl Config {
    /// Reads a config. `folder` is where relative paths in it start.
    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        Self::read(text, folder, |_| true)
    }

    /// The same on a machine that need not have the secrets and files that the config names: to check what goes with it.
    pub(crate) fn parse_elsewhere(text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        Self::read(text, folder, |problem| problem.fault == Fault::Text)
    }

    fn read(text: &str, folder: &Path, counts: impl Fn(&Problem) -> bool) -> Result<Self, Vec<Problem>> {
        let problems = Problems::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            problems.add(error.span().unwrap_or(0..0), "", one_line(error.message()));
        }
        // A broken syntax makes everything after it look wrong.
        let config = if errors.is_empty() { read(&Section::root(&table, &problems), folder) } else { None };
        let problems: Vec<_> = problems.into_sorted().into_iter().filter(counts).collect();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            Some(_) | None => Err(problems),
        }
    }

    /// What is allowed and yet probably not meant.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let exposed = self.public_url.as_deref().filter(|url| url.starts_with("http://") && !is_loopback(url));
        let warn = |url| {
            format!(
                "server.public_url is {url}: without https, everybody on the way can read along and take sessions over"
            )
        };
        let others = self.runbooks.warnings.iter().chain(&self.comms.warnings).cloned();
        exposed.map(warn).into_iter().chain(others).collect()
    }

    /// What the config holds, in a few words.
    pub(crate) fn summary(&self) -> String {
        let org = &self.org;
        let parts = [
            count(org.people.len(), "person", "people"),
            count(org.teams.len(), "team", "teams"),
            count(org.services.len(), "service", "services"),
            count(org.sites.len(), "site", "sites"),
            count(org.severities.len(), "severity", "severities"),
            count(org.roles.len(), "role", "roles"),
            count(org.categories.len(), "type", "types"),
            count(org.fields.len(), "field", "fields"),
            count(org.schedules.len(), "schedule", "schedules"),
            count(org.policies.len(), "policy", "policies"),
            count(org.runbooks.books.len(), "runbook", "runbooks"),
            count(org.comms.components.len(), "component", "components"),
            count(org.comms.templates.len(), "template", "templates"),
        ];
        parts.join(", ")
    }
}

fn count(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads everything, so that every problem is found. What cannot be read counts as its default until then.
fn read(root: &Section<'_, '_>, folder: &Path) -> Option<Config> {
    let (listen, public_url) = server(root);
    let store = store(root, folder);
    let log = log(root);
    let made = Made::by(root);
    let mut org = organisation::read(root, folder, &made);
    let slack = slack::read(root);
    let discord = discord::read(root, org.as_ref().map(|(org, ..)| org.teams.as_slice()).unwrap_or_default());
    let (notify, outside) = (notify::read(root), notify::outside(root));
    let ingest = sources::read(root);
    let watchdog = watchdog::read(root);
    let runbooks = runbooks::read(root, folder);
    let signs = root.is_table("runbooks") && root.table("runbooks").is_some_and(|section| section.has("signing_key"));
    let runners = runners::read(root, signs);
    let comms = org.as_mut().map(|(org, _, heard)| {
        let (comms, rules) = comms::read(root, folder, std::mem::take(heard), comms::Known { org, made: &made });
        org.comms = rules;
        comms
    });
    root.finish();
    let (mut org, calendars, _) = org?;
    org.runbooks.lost_after = runbooks.lost_after;
    org.runbooks.runners = runners;
    org.runbooks.programs = runbooks.settings.programs.keys().cloned().collect();
    org.runbooks.secrets = runbooks.settings.secrets.sources.keys().cloned().collect();
    let slack = slack.map(|slack| {
        org.chats.push(slack.rules);
        slack.config
    });
    let discord = discord.map(|discord| {
        org.chats.push(discord.rules);
        org.groups = discord.groups;
        discord.config
    });
    Some(Config {
        listen,
        public_url,
        store,
        log,
        org,
        calendars,
        slack,
        discord,
        notify,
        outside,
        ingest,
        watchdog,
        runbooks,
        comms: comms?,
    })
}

fn server(root: &Section<'_, '_>) -> (SocketAddr, Option<String>) {
    let Some(section) = root.table("server") else { return (LISTEN, None) };
    let listen = value::listen(&section, "listen").unwrap_or(LISTEN);
    let is_given = section.has("public_url");
    let public_url = value::public_url(&section, "public_url", "https://muster.example.com");
    if !is_given && !listen.ip().is_loopback() {
        let sentence = "this is missing: others reach Muster over the network, and links must lead there; \
                        for example public_url = \"https://muster.example.com\"";
        section.problem(section.at(), "public_url", sentence);
    }
    section.finish();
    (listen, public_url)
}

fn store(root: &Section<'_, '_>, folder: &Path) -> StoreUrl {
    let usual = || StoreUrl::sqlite(&folder.join(DATA).join(FILE));
    let Some(section) = root.table("store") else { return usual() };
    let url = value::store_url(&section, "url", folder).unwrap_or_else(usual);
    section.finish();
    url
}

fn log(root: &Section<'_, '_>) -> Log {
    let usual = Log::default();
    let Some(section) = root.table("log") else { return usual };
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let levels = ["error", "warn", "info", "debug", "trace"].map(|level| (level, level));
    let format = section.choice("format", &formats).unwrap_or(usual.format);
    let level = section.choice("level", &levels).unwrap_or(usual.level);
    section.finish();
    Log { format, level }
}

#[cfg(test)]
mod tests;
