//! Tales told at random on every surface: whoever changes whatever before and after somebody lets a message go, and whoever tries to
//! let it go or to send it. What customers read is what a second person has seen, byte by byte, or nothing: see [`crate::ledger`].
//!
//! `MUSTER_SEED=… MUSTER_TALES=… cargo test -p muster-tests --test comms_proofs matrix` replays them.

use crate::ledger::{Act, INCIDENT, Ledger, Now, said};
use muster_core::comms::template::{Known, read};
use muster_core::comms::{CommsRules, library};
use muster_core::ids::SeverityKey;
use muster_core::runbook::{Action, Runbook};
use muster_statuspage::{Model, files};
use muster_tests::customers;
use muster_tests::process::{number_from, seed, tell};
use muster_tests::runs::{self, book, step};
use muster_tests::stage::workspace::Wire;
use muster_tests::stage::{Hand, Shown, Stage};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everybody who tries something: Alice commands, Carol leads the telling, Dave may let go, Victor may only look, and nobody knows
/// Gunnar.
const CREW: [&str; 7] = ["alice", "bob", "carol", "dave", "victor", "mallory", "gunnar"];
/// At most so many times the usual number of tales is told.
const MOST: u64 = 6;
const WRITERS: [&str; 4] = ["alice", "bob", "carol", "dave"];
const SEVERITIES: [&str; 4] = ["SEV1", "SEV2", "SEV3", "SEV4"];

const DRAFTS: [&str; 4] = [
    "public-investigating impact=card-stores",
    "public-identified impact=card-stores",
    "public-monitoring impact=card-stores",
    "public-free headline=A headline.sv=B headline.de=C words=D words.sv=E words.de=F",
];

struct Tales {
    stage: Stage,
    rng: StdRng,
    ledger: Ledger,
    count: u32,
}

/// What everybody was shown of a message, each with a button of their own under it.
struct Seen {
    shown: BTreeMap<&'static str, Shown>,
    said: serde_json::Value,
    mark: String,
}

impl Tales {
    async fn begin(stage: Stage, seed: u64) -> Self {
        stage.configure(|org| {
            org.comms = customers::rules();
            org.runbooks.books = vec![Arc::new(tells())];
        });
        let ledger = Ledger::with_two_at(&["SEV1", "SEV2"]);
        let tales = Self { stage, rng: StdRng::seed_from_u64(seed), ledger, count: 0 };
        tales.hand("alice").types("new sev1 cards are declined --service payment").await.ok();
        tales.hand("alice").types("INC-1 ic").await.ok();
        tales.hand("carol").types("INC-1 role comms").await.ok();
        tales
    }

    fn hand(&self, who: &str) -> Hand<'_> {
        if who == "gunnar" { self.stage.stranger(who) } else { self.stage.person(who) }
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        *from.choose(&mut self.rng).unwrap()
    }

    fn comes(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    async fn says(&mut self, who: &str, line: &str, act: &Act) -> Now {
        let shown = self.hand(who).types(&format!("INC-1 {line}")).await;
        drop(shown);
        self.ledger.looks(&self.stage, who, act).await
    }

    /// A message is begun, or one that is out is put right. Gives its number, if that worked.
    async fn writes(&mut self) -> Option<i64> {
        if self.comes(20) {
            return self.runs().await;
        }
        let before = Now::of(&self.stage).await;
        let who = self.one_of(&WRITERS);
        let out = before.messages.iter().filter(|one| one.stage.word() == "published").map(|one| one.number);
        let out: Vec<_> = out.collect();
        self.count += 1;
        let line = if !out.is_empty() && self.comes(25) {
            format!("comms edit {} --next {}m", self.one_of(&out), 20 + self.count)
        } else {
            format!("comms draft {}", self.one_of(&DRAFTS))
        };
        let now = self.says(who, &line, &Act::Writes).await;
        let newest = now.messages.last().map(|one| one.number)?;
        (now.messages.len() > before.messages.len()).then_some(newest)
    }

    /// Somebody starts a runbook, of which a step writes a message when its time has come; somebody translates it. Gives its number.
    async fn runs(&mut self) -> Option<i64> {
        let before = Now::of(&self.stage).await;
        let who = self.one_of(&WRITERS);
        self.says(who, "runbook run tells", &Act::Else).await;
        self.stage.pass(2).await;
        // Whoever started it has written it, whoever makes the clock go.
        let now = self.ledger.looks(&self.stage, who, &Act::Writes).await;
        let number = now.messages.last().map(|one| one.number)?;
        assert_eq!(now.messages.len(), before.messages.len() + 1, "the step writes a message");
        let line = "headline.sv=A headline.de=B words.sv=C words.de=D";
        let who = self.one_of(&WRITERS);
        self.says(who, &format!("comms edit {number} {line}"), &Act::Writes).await;
        Some(number)
    }

    /// Whatever can be changed.
    async fn changes(&mut self, number: i64) {
        self.count += 1;
        let (who, count) = (self.one_of(&CREW), self.count);
        let line = match self.rng.random_range(0..9) {
            0 => format!("comms edit {number} details=\"x{count}\" details.sv=\"y{count}\" details.de=\"z{count}\""),
            1 => format!("comms edit {number} words.sv=\"bara svenska {count}\""),
            2 => {
                format!("comms edit {number} --status {}", self.one_of(&["investigating", "identified", "monitoring"]))
            }
            3 => format!("comms edit {number} --components web-shop={}", self.one_of(&["slow", "down", "ok"])),
            4 => format!("comms edit {number} --next {}m", 20 + count % 60),
            5 => format!("comms edit {number} impact={}", self.one_of(&["card-stores", "card-online", "shop-slow"])),
            6 => return self.changes_severity().await,
            7 => return self.reloads_templates().await,
            _ => return self.changes_the_rule().await,
        };
        self.says(who, &line, &Act::Writes).await;
    }

    async fn changes_severity(&mut self) {
        let severity = self.one_of(&SEVERITIES);
        self.says("alice", &format!("sev {severity}"), &Act::Else).await;
    }

    async fn reloads_templates(&mut self) {
        let known = known(&customers::rules());
        let mut files = library::files_for(&known);
        let before = files.clone();
        let words = format!("We are sorry, for the {}th time,", self.count);
        files.iter_mut().for_each(|file| file.text = file.text.replace("We are sorry", &words));
        assert_ne!(files, before, "the library is not sorry any more: have it say something else here");
        let (templates, faults) = read(&files, &known);
        assert!(faults.is_empty(), "{faults:?}");
        self.stage.configure(|org| org.comms.templates = templates.into_iter().map(Arc::new).collect());
        self.ledger.looks(&self.stage, "the config", &Act::Else).await;
    }

    async fn changes_the_rule(&mut self) {
        let count = self.rng.random_range(1..=SEVERITIES.len());
        let at = &SEVERITIES[..count];
        self.ledger.takes_two_at(at);
        self.stage.configure(|org| {
            for audience in &mut org.comms.audiences {
                audience.approval = at.iter().map(|one| SeverityKey::from(*one)).collect();
            }
        });
        self.ledger.looks(&self.stage, "the config", &Act::Else).await;
    }

    /// Somebody sends it to be approved; then it is looked at, if that worked.
    async fn submits(&mut self, number: i64) -> Option<Seen> {
        let who = if self.comes(70) { self.one_of(&WRITERS) } else { self.one_of(&CREW) };
        let now = self.says(who, &format!("comms submit {number}"), &Act::Submits).await;
        let message = now.message(number);
        if message.stage.word() != "in review" {
            return None;
        }
        let mut shown = BTreeMap::new();
        // Gunnar is shown nothing, where a chat does not know him.
        for who in CREW.into_iter().filter(|who| *who != "gunnar") {
            let preview = self.hand(who).types(&format!("INC-1 comms preview {number}")).await;
            if offers_to_approve(&preview) {
                shown.insert(who, preview);
            }
        }
        Some(Seen { shown, said: said(message), mark: message.mark() })
    }

    /// Everybody tries to let it go, in any order: by the button below what was shown, by its mark, and without having looked.
    async fn try_to_approve(&mut self, number: i64, seen: &mut Seen) {
        let mut crew = CREW;
        crew.shuffle(&mut self.rng);
        for who in crew {
            let act = Act::Approves(Some(seen.said.clone()));
            // A button that was used is not there any more.
            let button = if self.comes(60) { seen.shown.remove(who) } else { None };
            if let Some(button) = button {
                let clicked = self.hand(who).in_room("INC-1").clicks(&button, "Approve").await;
                drop(clicked);
                self.ledger.looks(&self.stage, who, &act).await;
            } else if self.comes(50) {
                let line = format!("comms approve {number} --seal {}", seen.mark);
                self.says(who, &line, &act).await;
            } else {
                let line = self.one_of(&["", " --seal 0", " --seal 00000000000000000000000000000000"]);
                self.says(who, &format!("comms approve {number}{line}"), &Act::Approves(None)).await;
            }
        }
    }

    /// Some try to send it, or let the clock send it.
    async fn try_to_send(&mut self, number: i64) {
        for _ in 0..2 {
            let who = self.one_of(&CREW);
            if self.comes(40) {
                self.says(who, &format!("comms schedule {number} in 5m"), &Act::Sends).await;
                if self.comes(50) {
                    self.changes(number).await;
                }
                self.stage.pass(6).await;
                self.ledger.looks(&self.stage, "the clock", &Act::Waits).await;
            } else {
                self.says(who, &format!("comms publish {number}"), &Act::Sends).await;
            }
        }
    }

    async fn tale(&mut self) {
        if self.comes(15) {
            self.says("carol", "comms holding", &Act::Holds).await;
        }
        let Some(number) = self.writes().await else { return };
        if self.comes(30) {
            self.try_to_send(number).await;
        }
        let mut seen = self.submits(number).await;
        if self.comes(50) {
            self.changes(number).await;
            if let Some(old) = &mut seen {
                self.try_to_approve(number, old).await;
            }
            let new = self.submits(number).await;
            // What was shown before is tried once more, now that somebody asks again.
            if let Some(old) = seen.as_mut().filter(|_| new.is_some()) {
                self.try_to_approve(number, old).await;
            }
            seen = new.or(seen);
        }
        if let Some(seen) = &mut seen {
            self.try_to_approve(number, seen).await;
            if self.comes(40) {
                self.changes(number).await;
            }
            self.try_to_send(number).await;
            // What they were shown is still there.
            self.try_to_approve(number, seen).await;
            self.try_to_send(number).await;
        }
        let who = self.one_of(&CREW);
        if self.comes(25) {
            self.says(who, &format!("comms retract {number} wrong"), &Act::Retracts).await;
        }
        self.says("carol", &format!("comms discard {number}"), &Act::Else).await;
    }

    /// Programs that read the page are given the very bytes, too.
    async fn page_says_the_same(&self) {
        let public = Now::of(&self.stage).await.public.unwrap();
        let rules = Arc::new(self.stage.muster().org().comms.clone());
        let page = files(&Model::new(Arc::clone(&rules), vec![public.clone()], self.stage.muster().now()));
        let standing: Vec<_> = public.posts.iter().filter(|post| post.retracted.is_none()).collect();
        let file = &page["api/v2/incidents.json"];
        let api: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
        let updates = api["incidents"][0]["incident_updates"].as_array().unwrap();
        let bodies: Vec<_> = updates.iter().map(|update| update["body"].as_str().unwrap()).collect();
        for post in standing {
            let text = &post.texts[rules.locales.first()];
            assert!(bodies.contains(&text.body.as_str()), "{INCIDENT}: {:?} is not among {bodies:#?}", text.body);
        }
    }
}

/// A runbook that waits a minute, and then tells customers something.
fn tells() -> Runbook {
    let wait = step("wait", "Wait", Action::Wait { until: runs::said("1m") });
    let tell = Action::Comms { audience: "public".to_owned(), text: runs::said("Cards fail.\nWe are on it.") };
    book("tells", "Tells", vec![wait, step("tell", "Tell", tell)])
}

/// Whether it has the button, or what stands for it there. Who may not approve has none.
fn offers_to_approve(preview: &Shown) -> bool {
    ["[ Approve ]", "\"Approve\"", "comms approve "].iter().any(|button| preview.text().contains(button))
}

fn known(rules: &CommsRules) -> Known {
    Known {
        audiences: rules.audiences.iter().map(|one| one.id.clone()).collect(),
        severities: SEVERITIES.map(SeverityKey::from).to_vec(),
        locales: rules.locales.clone(),
    }
}

async fn tales(stage: Stage, (name, usual): (&str, u64)) {
    let mut tales = Tales::begin(stage, seed(name)).await;
    // At random some tales lead nowhere: then there are more.
    let count = number_from("MUSTER_TALES").unwrap_or(usual);
    for told in 0..count * MOST {
        let is_enough = tales.ledger.approved > 1 && tales.ledger.published > 0;
        if told >= count && is_enough {
            break;
        }
        tales.tale().await;
    }
    tales.page_says_the_same().await;
    let Ledger { approved, published, alone, .. } = tales.ledger;
    tell(&format!("{name}: {approved} let go, {published} of them out, {alone} needed nobody"));
    assert!(approved > 1 && published > 0, "the tales lead nowhere: {approved}, {published}");
}

#[tokio::test]
async fn in_the_console() {
    tales(Stage::in_memory(), ("matrix, console", 30)).await;
}

#[tokio::test]
async fn over_the_api() {
    tales(Stage::over_the_api().await, ("matrix, API", 12)).await;
}

#[tokio::test]
async fn in_a_shell() {
    tales(Stage::in_a_shell().await, ("matrix, shell", 4)).await;
}

#[tokio::test]
async fn in_slack() {
    tales(Stage::in_slack(Wire::Socket).await, ("matrix, Slack", 8)).await;
}

#[tokio::test]
async fn in_discord() {
    tales(Stage::in_discord(Wire::Socket).await, ("matrix, Discord", 8)).await;
}
