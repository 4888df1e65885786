//! One story told through every surface gives one timeline. A new surface implements [`Surface`] and joins the list at
//! the end; the story is not told again.

use async_trait::async_trait;
use muster_core::app::{Answer, Muster};
use muster_core::clock::{SystemClock, SystemEntropy};
use muster_core::command::{Invocation, parse};
use muster_core::export;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::org::{Organisation, Person, Right};
use muster_store::{Access, SqliteStore};
use muster_tests::discord::{self, FakeDiscord};
use muster_tests::process::discord::{link, members as in_server};
use muster_tests::process::slack::members;
use muster_tests::process::{Client, Database, Installation, Said, Server, Wire};
use muster_tests::slack::{FakeSlack, Hand, Room};
use muster_tests::stage::guild::private;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who says what. After the first line, everything is about INC-1.
const STORY: &[(&str, &str)] = &[
    ("alice", "new sev2 checkout is slow --service checkout"),
    ("alice", "role commander"),
    ("alice", "note the bank's status page is green"),
    ("bob", "note --at \"20m ago\" first complaints from stores in Gothenburg"),
    ("alice", "handoff @bob waiting for the bank; *no* deploys"),
    ("bob", "handoff accept"),
    ("bob", "sev sev1 all stores"),
    ("bob", "task @alice call \"the bank\""),
    ("bob", "followup a fallback for cards"),
    ("bob", "status identified a bad deploy of checkout"),
    ("bob", "update rolling back build 811 --next 30m"),
    ("alice", "task done 1"),
    ("bob", "mitigate rolled back"),
    ("bob", "resolve error rate normal"),
    ("alice", "reopen the errors are back in <Gothenburg>"),
    ("bob", "timeline edit 3 the bank's status page was green, wrongly"),
    ("bob", "resolve now for good"),
];

/// What is refused changes nothing on any surface.
const REFUSED: &[(&str, &str)] =
    &[("alice", "handoff accept"), ("bob", "status triage"), ("alice", "task done 7"), ("bob", "sev sev9")];

/// A way to give commands, and to read what came of them.
#[async_trait]
trait Surface {
    fn name(&self) -> &'static str;
    /// What the timeline says the commands came from.
    fn via(&self) -> &'static str;
    /// Gives a line, in the room of INC-1 unless it is the first; tells whether it was done.
    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool;
    /// INC-1 as data and as a document.
    async fn exported(&mut self) -> (Value, String);
}

/// `muster do`, in a shell.
struct Shell<'a> {
    installation: &'a Installation,
    tokens: BTreeMap<&'static str, String>,
    /// Whether the line is one word, in quotes, or as many as the shell makes of it.
    quoted: bool,
}

/// As a shell splits a line.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

impl Shell<'_> {
    fn muster(&self, who: &str, args: &[&str]) -> std::process::Output {
        let mut command = self.installation.command(args);
        command.env("MUSTER_URL", self.installation.url()).env("MUSTER_TOKEN", &self.tokens[who]);
        command.output().expect("muster can be started")
    }
}

#[async_trait]
impl Surface for Shell<'_> {
    fn name(&self) -> &'static str {
        if self.quoted { "muster do \"…\"" } else { "muster do …" }
    }

    fn via(&self) -> &'static str {
        "shell"
    }

    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool {
        let words = if self.quoted { vec![line.to_owned()] } else { words(line) };
        let mut args = vec!["do"];
        if room {
            args.extend(["--incident", "INC-1"]);
        }
        args.extend(words.iter().map(String::as_str));
        let output = self.muster(who, &args);
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        match output.status.code() {
            Some(0) => {
                assert!(!said(&output.stdout).is_empty() && output.stderr.is_empty(), "{line}: {output:?}");
                true
            }
            Some(2) => {
                assert!(!said(&output.stderr).is_empty() && output.stdout.is_empty(), "{line}: {output:?}");
                false
            }
            _ => panic!("{line}: {output:?}"),
        }
    }

    async fn exported(&mut self) -> (Value, String) {
        let data = self.muster("alice", &["export", "INC-1", "--format", "json"]);
        let document = self.muster("alice", &["export", "INC-1", "--format", "md"]);
        assert!(data.status.success() && document.status.success(), "{data:?} {document:?}");
        let data = serde_json::from_slice(&data.stdout).expect("an export is JSON");
        (data, String::from_utf8(document.stdout).expect("text"))
    }
}

/// Slash commands in a workspace.
struct InSlack {
    slack: FakeSlack,
    people: BTreeMap<&'static str, Hand>,
    lobby: Room,
    client: Client,
    wire: Wire,
}

impl InSlack {
    fn new(installation: &Installation, slack: FakeSlack, people: BTreeMap<&'static str, Hand>, wire: Wire) -> Self {
        let everybody: Vec<_> = people.values().collect();
        let lobby = slack.public_channel("general", &everybody);
        Self { client: installation.client("alice"), slack, people, lobby, wire }
    }
}

#[async_trait]
impl Surface for InSlack {
    fn name(&self) -> &'static str {
        match self.wire {
            Wire::Socket => "Slack, Socket Mode",
            Wire::Http => "Slack, HTTP",
        }
    }

    fn via(&self) -> &'static str {
        "slack"
    }

    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool {
        let hand = &self.people[who];
        // As Slack sends what is typed into a command that has `should_escape`.
        let line = &line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if !room {
            let _ = hand.types(&self.lobby, "/inc", line).await.says("INC-1");
            let _ = self.slack.channel("inc-1-checkout-is-slow").await.message("Welcome").await;
            return true;
        }
        let room = self.slack.channel("inc-1-checkout-is-slow").await;
        let before = rows(&self.client).await;
        let heard = hand.types(&room, "/inc", line).await;
        assert!(heard.said.is_some(), "{line}: whoever types is answered: {}", heard.body);
        rows(&self.client).await > before
    }

    async fn exported(&mut self) -> (Value, String) {
        exported(&self.client).await
    }
}

/// Commands with their options in a server.
struct InDiscord {
    discord: FakeDiscord,
    people: BTreeMap<&'static str, discord::Hand>,
    lobby: discord::Room,
    client: Client,
    wire: Wire,
}

#[async_trait]
impl Surface for InDiscord {
    fn name(&self) -> &'static str {
        match self.wire {
            Wire::Socket => "Discord, gateway",
            Wire::Http => "Discord, HTTP",
        }
    }

    fn via(&self) -> &'static str {
        "discord"
    }

    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool {
        let hand = &self.people[who];
        if !room {
            let heard = hand.types(&self.lobby, "inc", line).await;
            let _ = private(hand, heard).await.shows("INC-1");
            let _ = self.discord.channel("inc-1-checkout-is-slow").await.message("Welcome").await;
            return true;
        }
        let room = self.discord.channel("inc-1-checkout-is-slow").await;
        let before = rows(&self.client).await;
        let heard = hand.types(&room, "inc", line).await;
        let said = private(hand, heard).await;
        assert!(said.is_private(), "{line}: {}", said.picture());
        rows(&self.client).await > before
    }

    async fn exported(&mut self) -> (Value, String) {
        exported(&self.client).await
    }
}

/// How many rows the log of INC-1 has.
async fn rows(client: &Client) -> usize {
    client.export("INC-1").await["log"].as_array().map_or(0, Vec::len)
}

/// INC-1 as data and as a document.
async fn exported(client: &Client) -> (Value, String) {
    let data = client.export("INC-1").await;
    let request = client.request(Method::GET, "incidents/INC-1/export?format=md");
    (data, request.send().await.expect("an answer").text().await.expect("text"))
}

/// How a program calls the JSON API.
#[derive(Debug, Clone, Copy)]
enum Call {
    /// A line, as typed.
    Line,
    /// A command with its arguments.
    Invocation,
    /// The path of a command.
    Path,
}

/// The JSON API.
struct Api {
    clients: BTreeMap<&'static str, Client>,
    call: Call,
    org: Organisation,
    count: u32,
}

impl Api {
    /// The line as a program would put it, by the table.
    fn read(&self, line: &str, room: bool) -> Option<Invocation> {
        let place =
            Place { platform: PlatformId::api(), incident: room.then_some(IncidentId(1)), address: None, forms: false };
        parse::line(line, &self.org, &place).ok()
    }
}

#[async_trait]
impl Surface for Api {
    fn name(&self) -> &'static str {
        match self.call {
            Call::Line => "API, a line",
            Call::Invocation => "API, an invocation",
            Call::Path => "API, a path for each command",
        }
    }

    fn via(&self) -> &'static str {
        "api"
    }

    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool {
        self.count += 1;
        let key = format!("story-{}", self.count);
        let client = &self.clients[who];
        let incident = room.then_some("INC-1");
        let said = match (self.call, self.read(line, room)) {
            // What is no command by the table cannot be put as one.
            (Call::Line, _) | (_, None) => client.say(&key, line, incident).await,
            (Call::Invocation, Some(call)) => {
                let mut body = json!({ "command": call.command, "verb": call.verb, "args": call.args });
                if room {
                    body["incident"] = json!("INC-1");
                }
                client.send(&key, &body).await
            }
            (Call::Path, Some(call)) => {
                let mut args = json!(call.args);
                if room {
                    args["incident"] = json!("INC-1");
                }
                let path = if call.verb.is_empty() { call.command } else { format!("{}/{}", call.command, call.verb) };
                let request = client.request(Method::POST, &format!("commands/{path}"));
                let response = request.header("Idempotency-Key", &key).json(&args).send().await.expect("an answer");
                let status = response.status();
                let body: Value = response.json().await.expect("JSON");
                if status.is_success() { Said::Done(body) } else { Said::Refused(status, body) }
            }
        };
        match said {
            Said::Done(_) => true,
            Said::Refused(..) => false,
            other @ (Said::Later(_) | Said::Nothing(_)) => panic!("{line}: {other:?}"),
        }
    }

    async fn exported(&mut self) -> (Value, String) {
        exported(&self.clients["alice"]).await
    }
}

/// Core itself, without any surface.
struct Core(Arc<Muster>);

#[async_trait]
impl Surface for Core {
    fn name(&self) -> &'static str {
        "core"
    }

    fn via(&self) -> &'static str {
        "console"
    }

    async fn give(&mut self, who: &str, line: &str, room: bool) -> bool {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let incident = room.then_some(IncidentId(1));
        let inbound = Inbound {
            caller: Caller::Person(PersonId::from(who)),
            place: Place { platform: PlatformId::console(), incident, address: None, forms: false },
            request: RequestId::new(format!("core-{}", COUNT.fetch_add(1, Ordering::Relaxed))),
            ask: Ask::Line(line.to_owned()),
        };
        match self.0.execute(inbound).await {
            Answer::Done(_) => true,
            Answer::Refused(_) => false,
            other @ (Answer::Late | Answer::Failed(_)) => panic!("{line}: {other:?}"),
        }
    }

    async fn exported(&mut self) -> (Value, String) {
        let seen = self.0.whole(&PersonId::from("alice"), IncidentId(1)).await.expect("the store works");
        let seen = seen.expect("INC-1 is there");
        (export::json(&seen, &self.0.org()), export::markdown(&seen, &self.0.org()))
    }
}

/// The people of the installation, as far as the story goes.
fn organisation(url: &str) -> Organisation {
    let person = |id: &str, name: &str| Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        email: None,
        right: Right::Respond,
        time_zone: chrono_tz::Tz::UTC,
        reach: muster_core::org::Reach::default(),
    };
    let mut org = Organisation::empty("Nordic Retail", url);
    org.people = vec![person("alice", "Alice Ek"), person("bob", "Bob Lind")];
    org.services = vec![muster_core::org::Service {
        id: "checkout".to_owned(),
        name: "Checkout".to_owned(),
        kind: muster_core::org::ServiceKind::Backend,
        owner: None,
    }];
    org
}

/// What is the same whenever and from wherever the story is told.
#[derive(Debug, PartialEq)]
struct Told {
    /// Number, author, words and whether they were edited.
    timeline: Vec<(i64, String, String, bool)>,
    /// The rows of the log without their times.
    log: Vec<Value>,
    /// The state without its times.
    incident: Value,
    document: String,
}

/// Keys that hold a moment or a place.
const PASSING: [&str; 16] = [
    "at",
    "recorded_at",
    "via",
    "next_at",
    "declared_at",
    "changed_at",
    "resolved_at",
    "since",
    "joined_at",
    "created_at",
    "done_at",
    "update_due",
    "last_update",
    "platform",
    // An incident in a chat has a room there, too, and one decision more for it.
    "rooms",
    "version",
];

fn lasting(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !PASSING.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), lasting(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(lasting).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Text with every clock time and date hidden.
fn timeless(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let bare = word.trim_end_matches([' ', '\n', ')', ',', '.', '*']);
        let is_time = bare.contains([':', '-'])
            && bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'-'))
            && bare.bytes().any(|byte| byte.is_ascii_digit());
        if is_time { format!("…{}", &word[bare.len()..]) } else { word.to_owned() }
    });
    words.collect()
}

async fn told(surface: &mut dyn Surface) -> Told {
    let name = surface.name();
    for ((who, line), number) in STORY.iter().zip(0..) {
        assert!(surface.give(who, line, number > 0).await, "{name}: {who} could not {line}");
    }
    for (who, line) in REFUSED {
        assert!(!surface.give(who, line, true).await, "{name}: {who} could {line}");
    }
    let (data, document) = surface.exported().await;
    let rows = data["timeline"].as_array().expect("a timeline");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let timeline: Vec<_> = rows
        .iter()
        .map(|row| {
            let number = row["number"].as_i64().expect("a number");
            (number, text(&row["by"]["person"]), timeless(&text(&row["text"])), row["edited"] == true)
        })
        .collect();
    let log = data["log"].as_array().expect("a log");
    for row in log {
        assert_eq!(row["via"], surface.via(), "{name}: {row}");
    }
    for row in rows {
        let escaped = document_text(&text(&row["text"]));
        assert!(document.contains(&escaped), "{name}: the document lacks {escaped:?}:\n{document}");
    }
    Told {
        timeline,
        log: log.iter().map(lasting).collect(),
        incident: lasting(&data["incident"]),
        document: timeless(document.trim()),
    }
}

/// As Markdown shows it.
fn document_text(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "\\`*_[]<>|#~!&".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_surface_gives_the_same_timeline() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path().join("core.db"), Access::Server).await.expect("a store");
    let org = organisation("https://muster.example");
    let core = Muster::new(Arc::new(store), Arc::new(SystemClock), Arc::new(SystemEntropy), org);
    let expected = told(&mut Core(core)).await;
    assert!(expected.timeline.len() >= STORY.len() - 1, "{:#?}", expected.timeline);
    assert!(expected.timeline[0].2.contains("first complaints"), "what was backdated comes first");

    // One installation for each: each has an INC-1.
    let installations: Vec<_> = (0..5).map(|_| Installation::on_sqlite()).collect();
    // And one in each workspace.
    let mut workspaces = Vec::new();
    for wire in [Wire::Socket, Wire::Http] {
        let slack = FakeSlack::start().await;
        let people = members(&slack);
        slack.public_channel("incidents", &[]);
        workspaces.push((Installation::in_slack("sqlite:muster.db", &slack, wire), slack, people, wire));
    }
    // And one in each server.
    let mut servers = Vec::new();
    for wire in [Wire::Socket, Wire::Http] {
        let discord = FakeDiscord::start().await;
        let people = in_server(&discord);
        let announce = discord.text_channel("incidents", None);
        let installation = Installation::in_discord("sqlite:muster.db", &discord, &announce, wire);
        discord.types_for(organisation(&installation.url()));
        servers.push((installation, discord, people, wire));
    }
    let mut running: Vec<Server<'_>> = Vec::new();
    let mut surfaces: Vec<Box<dyn Surface + Send + '_>> = Vec::new();
    for (installation, number) in installations.iter().zip(0..) {
        running.push(installation.start().await);
        let clients = ["alice", "bob"].map(|who| (who, installation.client(who)));
        let call = [Call::Line, Call::Invocation, Call::Path].get(number).copied();
        surfaces.push(match call {
            Some(call) => {
                let org = organisation(&installation.url());
                Box::new(Api { clients: BTreeMap::from(clients), call, org, count: 0 })
            }
            None => {
                let tokens = clients.map(|(who, client)| (who, client.token().to_owned()));
                Box::new(Shell { installation, tokens: BTreeMap::from(tokens), quoted: number == 3 })
            }
        });
    }
    for (installation, slack, people, wire) in &workspaces {
        running.push(installation.start().await);
        if *wire == Wire::Socket {
            slack.has_sockets(1).await;
        }
        surfaces.push(Box::new(InSlack::new(installation, slack.clone(), people.clone(), *wire)));
    }
    for (installation, discord, people, wire) in &servers {
        running.push(installation.start().await);
        discord.called("PUT /applications/{}/commands", 1).await;
        link(&mut Database::open(&installation.database_url()).await, people).await;
        if *wire == Wire::Socket {
            discord.has_connections(1).await;
        }
        let (discord, people) = (discord.clone(), people.clone());
        let lobby = discord.text_channel("general", None);
        let client = installation.client("alice");
        surfaces.push(Box::new(InDiscord { discord, people, lobby, client, wire: *wire }));
    }
    for surface in &mut surfaces {
        let name = surface.name();
        let told = told(surface.as_mut()).await;
        assert_eq!(told.timeline, expected.timeline, "{name}");
        assert_eq!(told.log, expected.log, "{name}");
        assert_eq!(told.incident, expected.incident, "{name}");
        assert_eq!(told.document, expected.document, "{name}");
    }
    for (_, slack, _, _) in &workspaces {
        slack.finish();
    }
    for (_, discord, _, _) in &servers {
        discord.finish();
    }
}
