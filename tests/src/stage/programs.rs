//! Programs: the JSON API by real requests with tokens, and `muster do` by the real binary, which prints text. What is clicked elsewhere
//! is a command in what they are answered: it is given as it stands there. What is said and told is the console's.

use super::console::Console;
use super::{By, Given, Platform, Seen};
use crate::clock::ManualClock;
use crate::process::{Client, Said, binary};
use crate::sample;
use crate::ways::Ways;
use crate::world::World;
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::clock::SystemEntropy;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use muster_web::WebConfig;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::net::TcpListener;
use tokio::process::Command;

/// A token that was never given to anybody.
const FORGED: &str = "mst_forged";
/// What stands before what could be typed next.
const NEXT: &str = "\nNext: ";

/// How a program gives a command.
#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    /// By a request to the API.
    Api,
    /// By `muster do`.
    Shell,
}

/// A Muster that serves programs.
pub(super) struct Programs {
    console: Console,
    call: Call,
    url: String,
    tokens: BTreeMap<&'static str, String>,
    count: AtomicU32,
}

impl Programs {
    /// Of that world: everybody has a token.
    pub(super) async fn serve(world: World, call: Call) -> Self {
        let config = WebConfig {
            public_url: "https://muster.example.com".to_owned(),
            version: "0",
            metrics: Arc::new(String::new),
            signer: None,
        };
        let service = muster_web::router(Arc::clone(&world.muster), config);
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let mut tokens = BTreeMap::new();
        for (id, ..) in sample::PEOPLE {
            let token = token(&world.muster, id).await;
            // Failed attempts from here must not shut out who was let in before.
            assert_eq!(Client::new(&url, &token).get("me").await["person"], id);
            tokens.insert(id, token);
        }
        Self { console: Console(world), call, url, tokens, count: AtomicU32::default() }
    }

    fn token(&self, who: &str) -> &str {
        self.tokens.get(who).map_or(FORGED, String::as_str)
    }

    /// A request to the API, again until it is known how it ended.
    async fn requests(&self, by: &By, body: Value) -> Seen {
        let key = format!("program-{}", self.count.fetch_add(1, Ordering::Relaxed));
        let client = Client::new(&self.url, self.token(&by.who));
        loop {
            match client.send(&key, &body).await {
                Said::Done(reply) => {
                    let words = reply["text"].as_str().expect("a text").to_owned();
                    return Seen::new("", words, reply);
                }
                Said::Later(error) if error["error"]["reason"] == "late" => {}
                Said::Refused(_, error) | Said::Later(error) => {
                    let word = |name: &str| error["error"][name].as_str().map(str::to_owned);
                    let sentence = word("sentence").expect("a sentence");
                    let refusal = Some((sentence.clone(), word("instead")));
                    return Seen { refusal, ..Seen::new("", sentence, error) };
                }
                Said::Nothing(why) => panic!("{body}: {why}"),
            }
        }
    }

    /// A line after `muster do`.
    async fn runs(&self, by: &By, line: &str) -> Seen {
        let mut command = Command::new(binary());
        command.args(["do", "--url", &self.url]).env("MUSTER_TOKEN", self.token(&by.who));
        if let Some(incident) = by.room {
            command.args(["--incident", &incident.to_string()]);
        }
        let output = command.args(["--", line]).output().await.expect("muster can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text").trim().to_owned();
        let (said, aside) = (text(output.stdout), text(output.stderr));
        if output.status.success() {
            assert!(!said.is_empty() && aside.is_empty(), "{line}: {said}\n{aside}");
            return Seen::new("", said.clone(), said);
        }
        assert!(said.is_empty() && !aside.is_empty(), "{line}: {said}\n{aside}");
        let (sentence, instead) = match aside.split_once("\nTry: ") {
            Some((sentence, instead)) => (sentence.to_owned(), Some(instead.to_owned())),
            None => (aside.clone(), None),
        };
        Seen { refusal: Some((sentence, instead)), ..Seen::new("", aside, ()) }
    }

    async fn given(&self, seen: Seen) -> Given {
        self.settle().await;
        Given::Answer(seen)
    }
}

async fn token(muster: &Muster, who: &str) -> String {
    let secret = Secret::generate("mst_", &SystemEntropy);
    let token = Credential {
        hash: secret.hash(),
        kind: CredentialKind::Token,
        person: PersonId::from(who),
        label: "a program".to_owned(),
        created_at: muster.now(),
        expires_at: None,
    };
    muster.store().grant(&token).await.expect("a token is kept");
    secret.reveal().to_owned()
}

/// The command of an action in what the API answered, to be sent back as it is.
fn command(answer: &Value, label: &str) -> Value {
    let actions = answer["view"]["actions"].as_array().expect("actions");
    let action = actions.iter().find(|action| action["label"] == label);
    let run = &action.unwrap_or_else(|| panic!("there is no {label} in {answer:#}"))["does"]["run"];
    assert!(run.is_object(), "{label} runs nothing: {answer:#}");
    json!({ "command": run["command"], "verb": run["verb"], "incident": run["incident"], "args": run["args"] })
}

/// The line that text offers under that word, as one copies it.
fn line(text: &str, label: &str) -> String {
    let (_, next) = text.split_once(NEXT).unwrap_or_else(|| panic!("nothing could come next:\n{text}"));
    let mut lines = next.lines().next().unwrap_or_default().split(" · ");
    let is_it = |line: &&str| line.split(' ').any(|word| word.eq_ignore_ascii_case(label));
    lines.find(is_it).unwrap_or_else(|| panic!("there is no {label} in:\n{text}")).to_owned()
}

#[async_trait(?Send)]
impl Platform for Programs {
    fn muster(&self) -> &Arc<Muster> {
        self.console.muster()
    }

    fn clock(&self) -> &ManualClock {
        self.console.clock()
    }

    fn ways(&self) -> &Ways {
        self.console.ways()
    }

    fn is_chat(&self) -> bool {
        false
    }

    fn typing(&self) -> fn(&str) -> String {
        str::to_owned
    }

    async fn settle(&self) {
        self.console.settle().await;
    }

    async fn types(&self, by: &By, line: &str) -> Given {
        let seen = match self.call {
            Call::Api => {
                let mut body = json!({ "line": line });
                if let Some(incident) = by.room {
                    body["incident"] = json!(incident);
                }
                self.requests(by, body).await
            }
            Call::Shell => self.runs(by, line).await,
        };
        self.given(seen).await
    }

    async fn clicks(&self, by: &By, on: &Seen, label: &str) -> Given {
        let seen = match self.call {
            Call::Api => self.requests(by, command(on.thing(), label)).await,
            Call::Shell => self.runs(by, &line(on.thing::<String>(), label)).await,
        };
        self.given(seen).await
    }

    async fn fills(&self, _by: &By, form: &Seen, _values: &[(&str, &str)]) -> Given {
        panic!("no program is shown a form: {form:?}")
    }

    async fn said(&self, incident: IncidentId) -> Vec<Seen> {
        self.console.said(incident).await
    }

    async fn told(&self, person: &str) -> Vec<Seen> {
        self.console.told(person).await
    }

    async fn finish(self: Box<Self>) {
        Box::new(self.console).finish().await;
    }
}
