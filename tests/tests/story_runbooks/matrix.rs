//! Who may approve what: every person, every rule, every way in; against a model that knows nothing of how it is done.

use super::books::{allow, commander, payments};
use muster_core::ids::PersonId;
use muster_core::org::{Organisation, Right};
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::record::{RecordKey, Wanted};
use muster_core::runbook::{Action, Run, RunState, Runbook, Step, StepState, Who};
use muster_core::secret::Secret;
use muster_tests::runs::{ask, book, http, step};
use muster_tests::stage::both::Both;
use muster_tests::stage::workspace::Wire;
use muster_tests::{discord, process, slack};
use muster_web::WebConfig;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::net::TcpListener;

const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dave", "victor", "mallory"];
/// Who starts every run, and who answers its question.
const ASKERS: [&str; 2] = ["alice", "mallory"];
/// Carol commands.
const COMMANDER: &str = "carol";

/// Whoever a rule names, as the organisation of the tests is described to people.
fn named(rule: &str) -> &'static [&'static str] {
    match rule {
        "payments" => &["alice", "bob"],
        "commander" => &[COMMANDER],
        "stores or bob" => &["bob", "carol"],
        "operators" => &["dave"],
        "responders" => &["alice", "bob", "carol", "dave", "mallory"],
        "nobody here" => &[],
        other => panic!("no rule {other}"),
    }
}

/// The model: who is named, and has not asked for it.
fn may(rule: &str) -> BTreeSet<String> {
    named(rule).iter().filter(|who| !ASKERS.contains(who)).map(|who| (*who).to_owned()).collect()
}

fn rules() -> [(&'static str, Vec<Who>); 6] {
    let team = |team: &str| Who::Team { team: team.to_owned() };
    [
        ("payments", vec![payments()]),
        ("commander", vec![commander()]),
        ("stores or bob", vec![team("stores"), Who::Person { person: PersonId::from("bob") }]),
        ("operators", vec![Who::Right { right: Right::Admin }]),
        ("responders", vec![Who::Responders]),
        ("nobody here", vec![Who::Role { role: "scribe".into() }]),
    ]
}

/// A runbook under that rule which never has enough approvals: all who may are heard.
fn under(rule: &str, who: Vec<Who>) -> Runbook {
    let which = step("which", "Which", ask("Which?", &[("one", "One"), ("two", "Two")]));
    let allow = allow(&["deed"]);
    let Action::Approve { within, valid_for, covers, text, .. } = allow.action.clone() else { panic!("an approval") };
    let allow = Step { action: Action::Approve { who, count: 99, within, valid_for, covers, text }, ..allow };
    let deed = step("deed", "Do it", http("POST", "http://gateway.invalid/${{ steps.which.outputs.answer }}"));
    book(&rule.replace(' ', "-"), rule, vec![which, allow, deed])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    SlackLine,
    SlackButton,
    DiscordLine,
    DiscordButton,
    Console,
    Cli,
    Api,
}

const SURFACES: [Surface; 7] = [
    Surface::SlackLine,
    Surface::SlackButton,
    Surface::DiscordLine,
    Surface::DiscordButton,
    Surface::Console,
    Surface::Cli,
    Surface::Api,
];

struct Night {
    both: Both,
    in_slack: slack::Room,
    in_discord: discord::Room,
    api: String,
    tokens: BTreeMap<String, String>,
    strangers: (slack::Hand, discord::Hand),
    runs: i64,
}

impl Night {
    async fn begin() -> Self {
        let both = Both::begin(Wire::Socket, Wire::Socket).await;
        let app = Arc::clone(&both.muster.app);
        let mut org = Organisation::clone(&app.org());
        org.runbooks.books = rules().into_iter().map(|(rule, who)| Arc::new(under(rule, who))).collect();
        app.reconfigure(org);
        let config = WebConfig {
            public_url: "https://muster.example.com".to_owned(),
            version: "0",
            metrics: Arc::new(String::new),
            signer: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let api = format!("http://{}/api/v1", listener.local_addr().expect("an address"));
        let router = muster_web::router(Arc::clone(&app), config);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let mut tokens = BTreeMap::new();
        for who in PEOPLE {
            let secret = Secret::generate("mst_", app.entropy());
            let token = Credential {
                hash: secret.hash(),
                kind: CredentialKind::Token,
                person: PersonId::from(who),
                label: "test".to_owned(),
                created_at: app.now(),
                expires_at: None,
            };
            app.store().grant(&token).await.expect("a token is kept");
            tokens.insert(who.to_owned(), secret.reveal().to_owned());
        }
        let (in_slack, in_discord) = both.declared().await;
        let strangers =
            (both.slack.slack.person("eve", "Eve", "eve@elsewhere.example"), both.discord.discord.person("eve", "Eve"));
        let night = Self { both, in_slack, in_discord, api, tokens, strangers, runs: 0 };
        night.says(COMMANDER, "INC-1 ic").await;
        night
    }

    async fn says(&self, who: &str, line: &str) -> String {
        let shown = self.both.muster.in_console(who, line).await;
        self.both.muster.settle().await;
        shown.text()
    }

    /// A run under that rule that waits to be approved.
    async fn asks(&mut self, rule: &str) -> (i64, String) {
        self.runs += 1;
        let n = self.runs;
        self.says(ASKERS[0], &format!("INC-1 runbook run {}", rule.replace(' ', "-"))).await;
        self.says(ASKERS[1], &format!("INC-1 runbook answer one --run {n}")).await;
        let run = self.run(n).await;
        assert_eq!(run.steps[1].state, StepState::Asking, "{run:?}");
        (n, run.steps[1].asks.as_ref().and_then(|asks| asks.hash.clone()).expect("a hash"))
    }

    async fn run(&self, n: i64) -> Run {
        let key = RecordKey::run(muster_core::ids::IncidentId(1), n);
        let needs = muster_core::decide::Needs { records: vec![Wanted::One(key)], ..Default::default() };
        let state = self.both.muster.app.store().load(&needs).await.expect("a run can be read");
        state.records.run(muster_core::ids::IncidentId(1), n).expect("the run").clone()
    }

    async fn sends(&self, who: &str, key: &str, via: Option<&str>, body: &Value) {
        let mut request = process::http().post(format!("{}/commands", self.api)).json(body);
        request = request.header("idempotency-key", key).bearer_auth(&self.tokens[who]);
        if let Some(via) = via {
            request = request.header("muster-via", via);
        }
        request.send().await.expect("an answer").bytes().await.expect("an answer");
    }

    /// Somebody tries to approve the run, by that way.
    async fn tries(&self, who: &str, surface: Surface, (n, hash): (i64, &str)) {
        let line = format!("runbook approve {} --run {n}", &hash[..8]);
        let (slack, discord) = (&self.both.slack, &self.both.discord);
        let place = PEOPLE.iter().position(|id| *id == who);
        let (in_slack, in_discord) = match place {
            Some(at) => (slack.everybody()[at].clone(), discord.everybody()[at].clone()),
            None => self.strangers.clone(),
        };
        match surface {
            Surface::SlackLine => drop(slack.types(&in_slack, &self.in_slack, &line).await),
            Surface::SlackButton => {
                let card = self.in_slack.message(&format!("Run {n} · ")).await;
                in_slack.clicks(&card, "Approve").await;
                in_slack.hears("").await;
            }
            Surface::DiscordLine => drop(discord.types(&in_discord, &self.in_discord, &line).await),
            Surface::DiscordButton => {
                let card = self.in_discord.message(&format!("Run {n} · ")).await;
                drop(discord.clicks(&in_discord, &card, "Approve").await);
            }
            Surface::Console => drop(self.says(who, &format!("INC-1 {line}")).await),
            Surface::Cli if place.is_some() => {
                let body = json!({ "line": line, "incident": "INC-1" });
                self.sends(who, &format!("{who}-{n}"), Some("cli"), &body).await;
            }
            Surface::Api if place.is_some() => {
                let args = json!({ "hash": &hash[..8], "run": n });
                let body = json!({ "command": "runbook", "verb": "approve", "incident": "INC-1", "args": args });
                self.sends(who, &format!("{who}-{n}"), None, &body).await;
            }
            // A stranger has no token.
            Surface::Cli | Surface::Api => {}
        }
        self.both.muster.settle().await;
    }

    async fn approvers(&self, n: i64) -> BTreeSet<String> {
        let run = self.run(n).await;
        assert_eq!((&run.state, &run.steps[2].state), (&RunState::Running, &StepState::Pending), "nothing has begun");
        run.steps[1].approvals.iter().map(|approval| approval.by.person.to_string()).collect()
    }
}

#[tokio::test]
async fn nobody_approves_whom_the_model_does_not_let() {
    let mut night = Night::begin().await;
    let mut tried = 0;
    for (rule, _) in rules() {
        for surface in SURFACES {
            let (n, hash) = night.asks(rule).await;
            for who in PEOPLE.into_iter().chain(["eve"]) {
                let before = night.approvers(n).await;
                night.tries(who, surface, (n, &hash)).await;
                let after = night.approvers(n).await;
                let expected = before.iter().cloned().chain(may(rule).take(who)).collect();
                assert_eq!(after, expected, "{who} by {surface:?} under “{rule}”");
                tried += 1;
            }
            // Again, by the way after it: nobody counts twice, and what was refused stays so.
            for who in PEOPLE {
                night.tries(who, SURFACES[(surface as usize + 1) % SURFACES.len()], (n, &hash)).await;
            }
            let run = night.run(n).await;
            assert_eq!(run.steps[1].approvals.len(), may(rule).len(), "{surface:?} under “{rule}”");
            night.says(ASKERS[0], &format!("INC-1 runbook abort enough --run {n}")).await;
        }
    }
    assert_eq!(tried, rules().len() * SURFACES.len() * (PEOPLE.len() + 1));
}

#[tokio::test]
async fn nothing_old_and_nothing_borrowed_approves() {
    let mut night = Night::begin().await;
    let (old, hash) = night.asks("responders").await;
    night.says(ASKERS[0], &format!("INC-1 runbook abort start again --run {old}")).await;
    let (new, fresh) = night.asks("responders").await;
    assert_ne!(hash, fresh, "an approval is for one run");

    // The hash of another run, and of none.
    for wrong in [hash.as_str(), "00000000", &"f".repeat(64), &fresh[1..], "********"] {
        for surface in [Surface::SlackLine, Surface::DiscordLine, Surface::Console, Surface::Cli, Surface::Api] {
            night.tries("bob", surface, (new, wrong)).await;
            assert_eq!(night.approvers(new).await, BTreeSet::new(), "{wrong} by {surface:?}, not {fresh}");
        }
    }

    // Somebody else's request, sent again under the same key: by whom it was sent is a part of it.
    let body = json!({ "line": format!("runbook approve {} --run {new}", &fresh[..8]), "incident": "INC-1" });
    night.sends("bob", "the-key", None, &body).await;
    night.sends("mallory", "the-key", None, &body).await;
    night.sends("bob", "the-key", None, &body).await;
    assert_eq!(night.approvers(new).await, BTreeSet::from(["bob".to_owned()]));

    // A run that is over takes no words, from wherever its mark comes.
    for surface in [Surface::SlackLine, Surface::DiscordLine, Surface::Console, Surface::Cli, Surface::Api] {
        night.tries("dave", surface, (old, &hash)).await;
    }
    assert_eq!(night.run(old).await.steps[1].approvals.len(), 0);
}

/// One of them, if it is there.
trait Take {
    fn take(self, one: &str) -> Option<String>;
}

impl Take for BTreeSet<String> {
    fn take(self, one: &str) -> Option<String> {
        self.into_iter().find(|other| other == one)
    }
}
