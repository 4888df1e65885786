//! Twenty canaries: secrets from everywhere, said back by whoever gets them in many ways, and found nowhere afterwards.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::stream;
use muster_runbooks::execute::{SecretSource, Secrets};
use muster_tests::discord::FakeDiscord;
use muster_tests::pg;
use muster_tests::process::{Database, Installation, SOON, eventually, http};
use muster_tests::slack::FakeSlack;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const SECRETS: usize = 20;

/// A secret. Its core is found however it is quoted; its ends are what encodings change.
struct Canary {
    name: String,
    core: String,
}

impl Canary {
    fn number(n: usize) -> Self {
        let digest = Sha256::digest(format!("canary {n}"));
        let core = digest.iter().take(12).fold(String::new(), |mut core, byte| {
            let _ = write!(core, "{byte:02x}");
            core
        });
        Self { name: format!("CANARY_{n:02}"), core }
    }

    fn all() -> Vec<Self> {
        (0..SECRETS).map(Self::number).collect()
    }

    fn value(&self) -> String {
        format!("a/b+c={}&d%20\"e", self.core)
    }

    /// What gives it away: it, either half of it, and what base64 and hexadecimal make of it wherever it begins.
    fn shapes(&self) -> Vec<String> {
        let (front, back) = self.core.split_at(self.core.len() / 2);
        let mut shapes = vec![front.to_owned(), back.to_owned()];
        for before in 0..3 {
            let encoded = STANDARD.encode(format!("{}{}", "x".repeat(before), self.core));
            // The first and the last letters hold bits of what is beside it.
            shapes.push(encoded[4..encoded.len() - 4].to_owned());
        }
        shapes.push(self.core.bytes().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }));
        shapes
    }
}

/// Wherever something was found, and what.
fn found(canaries: &[Canary], place: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    for canary in canaries {
        for shape in canary.shapes().iter().filter(|shape| text.contains(shape.as_str())) {
            let at = text.find(shape.as_str()).unwrap_or_default();
            let around: String = text[text.floor_char_boundary(at.saturating_sub(80))..].chars().take(200).collect();
            found.push(format!("{} in {place}, as {shape}: {around}", canary.name));
        }
    }
    found
}

/// A server that says back whatever it is told, in many ways, a piece at a time.
#[derive(Default)]
struct Parrot(Mutex<String>);

async fn say_back(State(parrot): State<Arc<Parrot>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut heard = uri.to_string();
    for value in headers.values() {
        heard.push('\n');
        heard.push_str(value.to_str().unwrap_or_default());
    }
    heard.push('\n');
    heard.push_str(&String::from_utf8_lossy(&body));
    parrot.0.lock().expect("no test has panicked").push_str(&heard);
    let said = serde_json::json!({ "heard": heard, "base64": STANDARD.encode(&heard), "ready": false }).to_string();
    let said = if uri.path() == "/words" { heard } else { said };
    let pieces: Vec<_> = said.into_bytes().chunks(7).map(|piece| Ok::<_, Infallible>(piece.to_vec())).collect();
    let status = if uri.path() == "/refuse" { StatusCode::FORBIDDEN } else { StatusCode::OK };
    (status, Body::from_stream(stream::iter(pieces))).into_response()
}

/// A program that says its secret in many ways, in two writes, and may fail.
const LEAKY: &str = r#"#!/bin/sh
echo "clear $TOKEN"
printf '%s' "$TOKEN" | base64
printf '%s' "$TOKEN" | od -An -tx1 | tr -d ' \n'; echo
printf '%s' "$TOKEN" | sed 's/\//%2F/g; s/+/%2B/g; s/=/%3D/g; s/&/%26/g'; echo
printf 'split %s' "${TOKEN%%????????????????????}"; sleep 0.1; printf '%s\n' "${TOKEN#"${TOKEN%%????????????????????}"}"
echo "error $TOKEN" >&2
exit "$1"
"#;

fn step(n: usize, name: &str, address: SocketAddr) -> String {
    let secret = format!("${{{{ secrets.{name} }}}}");
    let all = "outputs: { all: { text: true }, bit: { regex: \"(.{40})\" } }";
    let kind = match n % 5 {
        0 => format!(
            "http: {{ url: \"http://{address}/echo\", headers: {{ Authorization: \"Bearer {secret}\" }}, json: {{ key: \"{secret}\" }} }}\n    \
             outputs: {{ heard: {{ json: /heard }}, base64: {{ json: /base64 }} }}"
        ),
        1 => format!(
            "http: {{ url: \"http://{address}/refuse\", headers: {{ X-Key: \"{secret}\" }}, body: \"key={secret}\" }}"
        ),
        2 => {
            format!("run: {{ program: leaky, args: [\"0\"], env: {{ TOKEN: \"{secret}\" }} }}\n    {all}")
        }
        3 => format!("run: {{ program: leaky, args: [\"3\"], env: {{ TOKEN: \"{secret}\" }} }}"),
        _ => format!(
            "probe: {{ url: \"http://{address}/words\", headers: {{ X-Key: \"{secret}\" }}, holds: \"json.ready\", every: 1s }}"
        ),
    };
    let timeout = if n % 5 == 4 { "2s" } else { "20s" };
    format!("  - id: step_{n}\n    {kind}\n    timeout: {timeout}\n    on_failure: continue\n")
}

/// The secrets where they are to be, as the config names them.
fn placed(canaries: &[Canary], folder: &Path) -> (String, Vec<(String, String)>) {
    let identity = age::x25519::Identity::generate();
    let key = age::secrecy::ExposeSecret::expose_secret(&identity.to_string()).to_owned();
    fs::write(folder.join("age.key"), key).expect("it is written");
    let (mut config, mut variables) = (String::from("[runbooks.secret]\n"), Vec::new());
    for (n, canary) in canaries.iter().enumerate() {
        let name = &canary.name;
        let source = match n / 2 % 3 {
            0 => {
                variables.push((format!("MUSTER_TEST_{name}"), canary.value()));
                format!("env = \"MUSTER_TEST_{name}\"")
            }
            1 => {
                fs::write(folder.join(format!("{name}.txt")), format!("{}\n", canary.value())).expect("it is written");
                format!("file = \"{name}.txt\"")
            }
            _ => {
                let sealed = age::encrypt(&identity.to_public(), canary.value().as_bytes()).expect("it is sealed");
                fs::write(folder.join(format!("{name}.age")), sealed).expect("it is written");
                format!("age = \"{name}.age\"")
            }
        };
        let _ = writeln!(config, "{name} = {{ {source} }}");
    }
    (config, variables)
}

/// An installation in both chats with a runbook that uses every secret.
fn installed(store: &str, chats: (&FakeSlack, &FakeDiscord), address: SocketAddr) -> (Installation, Vec<Canary>) {
    let (slack, discord) = chats;
    let canaries = Canary::all();
    let mut installation = Installation::configured(store, "");
    let folder = installation.folder().to_owned();
    // Whoever programs run as must find them.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("its mode");
    fs::write(folder.join("leaky"), LEAKY).expect("it is written");
    fs::set_permissions(folder.join("leaky"), fs::Permissions::from_mode(0o755)).expect("its mode");
    fs::create_dir(folder.join("runbooks")).expect("a folder");
    let mut book =
        String::from("apiVersion: muster/v1\nid: canaries\nname: Canaries\ndescription: All of them.\nsteps:\n");
    for (n, canary) in canaries.iter().enumerate() {
        book.push_str(&step(n, &canary.name, address));
    }
    fs::write(folder.join("runbooks/canaries.yaml"), book).expect("it is written");
    let (secrets, variables) = placed(&canaries, &folder);
    let incidents = discord.text_channel("incidents", None);
    installation.configure(&format!(
        "[organisation]\nname = \"Nordic Retail\"\n\
         [[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nemail = \"alice@example.com\"\nright = \"admin\"\n\
         [slack]\nbot_token = \"{}\"\napp_token = \"{}\"\nannounce = \"incidents\"\napi_url = \"{}\"\n\
         [discord]\ntoken = \"{}\"\nserver = \"{}\"\nannounce = \"{}\"\napi_url = \"{}\"\n\
         [runbooks]\nallow = [\"127.0.0.1\"]\nage_identity = {{ file = \"age.key\" }}\n\
         [runbooks.program]\nleaky = \"{}\"\n{secrets}",
        slack.bot_token(),
        slack.app_token(),
        slack.api_url(),
        discord.token(),
        discord.guild(),
        incidents.id(),
        discord.url(),
        folder.join("leaky").display(),
    ));
    installation = installation.with_variable("MUSTER_LOG", "debug");
    for (name, value) in variables {
        installation = installation.with_variable(&name, &value);
    }
    (installation, canaries)
}

/// Everything a database holds, as text.
async fn dumped(installation: &Installation) -> Vec<(String, Vec<u8>)> {
    let mut database = Database::open(&installation.database_url()).await;
    if let Database::Postgres(_) = database {
        let tables = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'";
        let mut all = Vec::new();
        for table in database.rows(tables).await.into_iter().flatten() {
            let rows = database.rows(&format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t")).await;
            all.push((format!("the table {table}"), format!("{rows:?}").into_bytes()));
        }
        assert!(all.len() > 5, "these are no tables");
        return all;
    }
    let copy = installation.folder().join("backup.db");
    database.execute(&format!("VACUUM INTO '{}'", copy.display())).await;
    let files = fs::read_dir(installation.folder()).expect("the folder").filter_map(|file| {
        let path = file.ok()?.path();
        let name = path.file_name()?.to_str()?.to_owned();
        (name.starts_with("muster.db") || name == "backup.db").then(|| (name, fs::read(&path).expect("a file")))
    });
    files.collect()
}

/// Whatever Muster shows to those who look.
async fn shown(installation: &Installation) -> Vec<(String, Vec<u8>)> {
    let (cookie, _) = installation.sign_in("alice").await;
    let token = installation.token("alice");
    let mut all = Vec::new();
    for path in [
        "/metrics",
        "/incidents/INC-1",
        "/incidents/INC-1/runs/1",
        "/incidents/INC-1/export.md",
        "/incidents/INC-1/export.json",
        "/api/v1/incidents/INC-1",
        "/api/v1/incidents/INC-1/timeline",
        "/api/v1/incidents/INC-1/export",
        "/api/v1/incidents/INC-1/runs",
        "/api/v1/incidents/INC-1/runs/1",
    ] {
        let request = http().get(format!("{}{path}", installation.url())).header("cookie", &cookie).bearer_auth(&token);
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        all.push((path.to_owned(), answer.bytes().await.expect("a body").to_vec()));
    }
    for args in [&["audit", "list"][..], &["audit", "verify"], &["runbook", "list"], &["doctor"]] {
        let output = installation.run(args);
        all.push((format!("muster {}", args.join(" ")), [output.stdout, output.stderr].concat()));
    }
    all
}

async fn no_canary_gets_out(store: &str) {
    let parrot = Arc::new(Parrot::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(say_back).with_state(Arc::clone(&parrot));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let (slack, discord) = (FakeSlack::start().await, FakeDiscord::start().await);
    let alice = slack.person("alice", "Alice Ek", "alice@example.com");
    slack.public_channel("incidents", &[&alice]);
    let (installation, canaries) = installed(store, (&slack, &discord), address);
    let server = installation.start().await;
    let client = installation.client("alice");
    let _ = client.say("1", "new sev1 checkout is down", None).await.done();
    client.say("2", "room add discord", Some("INC-1")).await;
    let _ = client.say("3", "runbook run canaries", Some("INC-1")).await.done();
    let ended = eventually("the run ends", 4 * SOON, async || {
        let run = client.get("incidents/INC-1/runs/1").await["run"].clone();
        (run["state"]["is"] == "done").then_some(run)
    })
    .await;
    for (n, name) in ["step_2", "step_3"].iter().enumerate() {
        let _ = client.say(&format!("show{n}"), &format!("runbook show 1 --step {name}"), Some("INC-1")).await.done();
    }

    // They did arrive: else nothing would be proven.
    let heard = parrot.0.lock().expect("no test has panicked").clone();
    let steps = ended["steps"].as_array().expect("steps").clone();
    for (n, canary) in canaries.iter().enumerate() {
        let step = steps[n].to_string();
        match n % 5 {
            2 | 3 => assert!(step.contains(&format!("‹secret {}›", canary.name)), "the program has said it: {step}"),
            _ => assert!(heard.contains(&canary.core), "{} never came: {step}", canary.name),
        }
    }
    let is_seen = found(&canaries, "what the server heard", heard.as_bytes());
    assert!(is_seen.len() >= SECRETS / 2, "whoever looks does find them");

    let mut places = shown(&installation).await;
    places.push(("the log".to_owned(), installation.log().into_bytes()));
    places.push(("Slack".to_owned(), format!("{:?}", slack.calls()).into_bytes()));
    places.push(("Discord".to_owned(), format!("{:?}", discord.calls()).into_bytes()));
    assert!(format!("{:?}", slack.calls()).contains("Canaries"), "the room has seen the run");
    places.extend(dumped(&installation).await);
    server.terminate().await;
    places.push(("the log at its end".to_owned(), installation.log().into_bytes()));
    assert!(installation.log().contains("DEBUG"), "the log tells all it can");
    let everywhere: Vec<_> = places.iter().flat_map(|(place, bytes)| found(&canaries, place, bytes)).collect();
    assert!(everywhere.is_empty(), "{}", everywhere.join("\n"));
    serving.abort();
}

#[tokio::test]
async fn no_canary_gets_out_on_sqlite() {
    no_canary_gets_out("sqlite:muster.db").await;
}

#[tokio::test]
async fn no_canary_gets_out_on_postgres() {
    if let Some(url) = pg::database("canaries").await {
        no_canary_gets_out(&url).await;
    }
}

#[test]
fn a_panic_that_prints_all_it_has_prints_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let canary = Canary::number(99);
    fs::write(folder.path().join("canary"), canary.value()).expect("it is written");
    let sources = [(canary.name.clone(), SecretSource::File(folder.path().join("canary")))].into();
    let secrets = Secrets { sources, identities: None };
    let panic = std::panic::catch_unwind(|| {
        let value = secrets.read(&canary.name);
        panic!("{secrets:?} {value:?}");
    });
    let panic = panic.expect_err("it panics");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains(&canary.name), "{message}");
    assert_eq!(found(&[canary], "the panic", message.as_bytes()), [""; 0]);
}
