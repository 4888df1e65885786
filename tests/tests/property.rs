//! Whatever people type, in whatever order: the rules hold. Each story comes from a seed, which a failure prints;
//! `MUSTER_SEED=7 MUSTER_CASES=1` tells that story again.

use muster_core::app::Answer;
use muster_core::command::spec::{ArgKind, Slot};
use muster_core::command::{Invocation, complete, parse};
use muster_core::decide::ListQuery;
use muster_core::ids::{IncidentId, PersonId, PlatformId};
use muster_core::inbound::{Ask, Place};
use muster_core::incident::entry::Entry;
use muster_tests::dice::{Dice, seeds};
use muster_tests::dump::Dump;
use muster_tests::shown::Shown;
use muster_tests::world::{Hand, World};
use muster_tests::{engines, generate, likely, rules, sample};
use std::collections::BTreeMap;

const PEOPLE: [&str; 5] = ["alice", "bob", "carol", "dave", "mallory"];

/// One story: who did what, and what came of it so far.
struct Story<'w> {
    world: &'w World,
    dice: Dice,
    told: Vec<String>,
    /// Requests that changed something, with their answers, to be sent again.
    sent: Vec<(PersonId, Option<IncidentId>, Ask, Shown)>,
    before: Dump,
}

impl<'w> Story<'w> {
    fn new(world: &'w World, seed: u64) -> Self {
        let told = vec![format!("the story of MUSTER_SEED={seed} MUSTER_CASES=1:")];
        Self { world, dice: Dice::new(seed), told, sent: Vec::new(), before: Dump::default() }
    }

    fn check(&mut self, after: Dump, rule: fn(&Dump, &Dump) -> rules::Verdict) {
        let holds = rule(&self.before, &after).and_then(|()| rules::world(&after, &self.world.muster.org()));
        holds.unwrap_or_else(|broken| panic!("{broken}\n{}", self.told.join("\n")));
        self.before = after;
    }

    async fn step(&mut self) {
        if self.dice.percent(15) {
            return self.time_passes().await;
        }
        if self.dice.percent(10) && !self.sent.is_empty() {
            let which = self.dice.below(self.sent.len());
            return self.again(which).await;
        }
        let incidents = self.before.incidents.len() as i64;
        let here = Some(IncidentId(1 + self.dice.below(4) as i64)).filter(|_| self.dice.percent(60));
        let anybody = PersonId::from(self.dice.one_of(&PEOPLE));
        let (who, call) = match self.dice.below(10) {
            _ if self.before.incidents.is_empty() => {
                (anybody, Invocation::of("new").with("title", "checkout is down").with("severity", "sev1"))
            }
            0..3 => (anybody, generate::call(&mut self.dice, incidents)),
            _ => likely::step(&mut self.dice, &self.before, &PEOPLE).unwrap_or_else(|| panic!("there are incidents")),
        };
        let ask = if self.dice.percent(50) { Ask::Line(call.to_line()) } else { Ask::Call(call.clone()) };
        self.told.push(format!("{who} in {here:?}: {ask:?}"));
        let hand = self.world.person(who.as_str()).at(here);
        let shown = hand.sends(&format!("q{}", self.sent.len()), ask.clone()).await;
        let after = self.world.dump().await;
        match shown.raw() {
            Answer::Done(_) => {}
            Answer::Refused(refusal) => {
                self.told.push(format!("    refused: {}", refusal.sentence));
                assert_eq!(after, self.before, "a refusal changed something\n{}", self.told.join("\n"));
            }
            Answer::Late | Answer::Failed(_) => panic!("{:?}\n{}", shown.raw(), self.told.join("\n")),
        }
        if after != self.before {
            self.sent.push((who, here, ask, shown));
        }
        self.check(after, rules::step);
    }

    async fn time_passes(&mut self) {
        let minutes = 1 + self.dice.below(70) as i64;
        self.told.push(format!("{minutes} minutes pass"));
        self.world.clock.advance(chrono::TimeDelta::minutes(minutes));
        while self.world.muster.fire_due().await.expect("timers can be read") > 0 {
            let after = self.world.dump().await;
            self.check(after, rules::since);
        }
    }

    /// Everybody finds what they may see, by what it is tagged with, and nothing else.
    async fn check_lists(&self) {
        for person in PEOPLE.map(PersonId::from) {
            let visible = || self.before.incidents.values().rev().filter(|incident| incident.is_visible_to(&person));
            let all = ListQuery { limit: 1_000, ..ListQuery::of(person.clone()) };
            let of_checkout = ListQuery { service: Some("checkout".to_owned()), ..all.clone() };
            let mine = ListQuery { mine: true, ..all.clone() };
            let expected: [(ListQuery, Vec<IncidentId>); 3] = [
                (all, visible().map(|incident| incident.id).collect()),
                (of_checkout, visible().filter(|one| one.services.contains("checkout")).map(|one| one.id).collect()),
                (mine, visible().filter(|one| one.has(&person)).map(|one| one.id).collect()),
            ];
            for (query, ids) in expected {
                let (found, _) = self.world.muster.list(query.clone()).await.expect("incidents can be listed");
                let found: Vec<_> = found.into_iter().map(|summary| summary.id).collect();
                assert_eq!(found, ids, "{query:?}\n{}", self.told.join("\n"));
            }
        }
    }

    /// The same request again gets the same reply and changes nothing.
    async fn again(&mut self, which: usize) {
        let (who, here, ask, shown) = self.sent[which].clone();
        let hand: Hand<'_> = self.world.person(who.as_str()).at(here);
        let again = hand.sends(&format!("q{which}"), ask).await;
        assert_eq!(again, shown, "request {which} was answered in another way\n{}", self.told.join("\n"));
        assert_eq!(self.world.dump().await, self.before, "request {which} was done twice\n{}", self.told.join("\n"));
    }
}

/// Tells a story, and returns what happened in it.
async fn tell(world: World, seed: u64, steps: usize) -> BTreeMap<String, usize> {
    let mut story = Story::new(&world, seed);
    for _ in 0..steps {
        story.step().await;
    }
    for which in 0..story.sent.len() {
        story.again(which).await;
    }
    story.check_lists().await;
    let mut happened = BTreeMap::new();
    for entry in story.before.logs.values().flatten() {
        *happened.entry(sort_of(entry)).or_default() += 1;
    }
    happened
}

/// The sort of an event, as it is written in the log.
fn sort_of(entry: &Entry) -> String {
    let written = serde_json::to_value(&entry.what).expect("an event can be written");
    let field = |name: &str| written.get(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let how = entry.amendment.as_ref().map(|amendment| format!("{:?}", amendment.how)).unwrap_or_default();
    [field("event"), field("end"), how].join(" ").trim().to_owned()
}

#[tokio::test]
async fn the_rules_hold_after_any_sequence_of_commands() {
    let mut happened: BTreeMap<String, usize> = BTreeMap::new();
    let seeds = seeds(1_000);
    for seed in seeds.clone() {
        for (sort, count) in tell(World::memory(), seed, 5 + seed as usize % 40).await {
            *happened.entry(sort).or_default() += count;
        }
    }
    // Rules that nothing could break prove nothing: over so many stories everything happens.
    if seeds.count() >= 1_000 {
        let missing: Vec<_> = SORTS.iter().filter(|sort| !happened.contains_key(**sort)).collect();
        assert!(missing.is_empty(), "no story had {missing:?}: {happened:?}");
    }
}

/// The same on real databases, where each step costs a write to the disk.
async fn the_rules_hold_in(engine: &str) {
    for seed in seeds(6) {
        let world = match engine {
            "sqlite" => Some(engines::sqlite().await),
            _ => engines::postgres("the_rules_hold_in_postgres").await,
        };
        let Some(world) = world else { return };
        tell(world, seed, 40).await;
    }
}

#[tokio::test]
async fn the_rules_hold_in_sqlite() {
    the_rules_hold_in("sqlite").await;
}

#[tokio::test]
async fn the_rules_hold_in_postgres() {
    the_rules_hold_in("postgres").await;
}

const SORTS: [&str; 26] = [
    "declared",
    "edited",
    "handoff_ended accepted",
    "handoff_ended declined",
    "handoff_ended withdrawn",
    "handoff_offered",
    "joined",
    "merged_from",
    "merged_into",
    "noted",
    "noted  Edited",
    "noted  Moved",
    "noted  Removed",
    "reminded",
    "reopened",
    "role_released",
    "role_taken",
    "severity_changed",
    "status_changed",
    "summarised",
    "task_added",
    "task_assigned",
    "task_done",
    "task_reopened",
    "updated",
    "updated  Edited",
];

fn places() -> [Place; 2] {
    let place = |incident| Place { platform: PlatformId::console(), incident, address: None, forms: false };
    [place(None), place(Some(IncidentId(2)))]
}

#[test]
fn a_call_written_as_a_line_is_read_as_the_same_call() {
    let org = sample::retailer();
    for seed in seeds(10_000) {
        let mut dice = Dice::new(seed);
        let call = generate::call(&mut dice, 3);
        for place in places() {
            let read = parse::line(&call.to_line(), &org, &place);
            assert_eq!(read.as_ref(), Ok(&call), "MUSTER_SEED={seed}: {}", call.to_line());
        }
    }
}

/// What people type without quotes and dashes. Only values that are one word, or the rest of the line, can be.
#[test]
fn a_call_as_people_type_it_is_read_as_meant() {
    let org = sample::retailer();
    for seed in seeds(10_000) {
        let mut dice = Dice::new(seed);
        let mut call = generate::call(&mut dice, 3);
        let Some((spec, verb)) =
            generate::verbs().find(|(spec, verb)| spec.name == call.command && verb.name == call.verb)
        else {
            panic!("the table has no {}", call.command)
        };
        for arg in verb.args {
            let Some(value) = call.args.get_mut(arg.name) else { continue };
            match arg.kind {
                ArgKind::Line(_) if arg.slot == Slot::Positional => *value = "one-word".to_owned(),
                ArgKind::Line(_) | ArgKind::Paragraph(_) if arg.slot == Slot::Flag => {
                    *value = "slow".to_owned();
                }
                ArgKind::Line(_) | ArgKind::Paragraph(_) => *value = dice.one_of(generate::PLAIN).to_owned(),
                // `none` is read as a severity only where one must stand: otherwise a title may begin with it.
                ArgKind::Severity if !arg.required => *value = "sev2".to_owned(),
                ArgKind::Person => *value = dice.one_of(&["@alice", "@bob"]).to_owned(),
                ArgKind::Services => *value = "checkout,payment".to_owned(),
                ArgKind::When => *value = "18:00".to_owned(),
                ArgKind::Fields => *value = "impact=high,ticket=OPS-1".to_owned(),
                ArgKind::Severity
                | ArgKind::Status
                | ArgKind::Role
                | ArgKind::Incident
                | ArgKind::Sites
                | ArgKind::Category
                | ArgKind::Chat
                | ArgKind::Target
                | ArgKind::Duty
                | ArgKind::Kind
                | ArgKind::Moment
                | ArgKind::Span
                | ArgKind::Number
                | ArgKind::Word(_)
                | ArgKind::PublicStatus
                | ArgKind::Command
                | ArgKind::RunbookOrRun
                | ArgKind::Toggle => {}
                ArgKind::Template => *value = "public-identified".to_owned(),
                ArgKind::Audience => *value = "public".to_owned(),
                ArgKind::Components => *value = "card-payments=down".to_owned(),
                ArgKind::Runbook => *value = "payment-failover".to_owned(),
                ArgKind::Inputs => *value = "region=eu".to_owned(),
            }
        }
        // Without an incident, a text that follows at once is still a text.
        let here = places()[usize::from(spec.scope.names_one_with(verb) && call.incident.is_none())].clone();
        let line = generate::as_typed(&call, verb);
        assert_eq!(parse::line(&line, &org, &here).as_ref(), Ok(&call), "MUSTER_SEED={seed}: {line}");
    }
}

#[test]
fn no_line_breaks_the_parser_or_the_completion() {
    let org = sample::retailer();
    for seed in seeds(10_000) {
        let mut dice = Dice::new(seed);
        let mut line = String::new();
        for _ in 0..dice.below(6) {
            let word = match dice.below(3) {
                0 => generate::call(&mut dice, 3).to_line(),
                1 => generate::text(&mut dice),
                _ => dice.one_of(&["--", "—at", "\"", "INC-", "/inc", "--=", "--at=", "@", "#", "“", "\\"]).to_owned(),
            };
            let cut = word.char_indices().nth(dice.below(20)).map_or(word.len(), |(at, _)| at);
            line.push_str(&word[..cut]);
            line.push_str(dice.one_of(&["", " ", "\n", "\u{3000}"]));
        }
        for place in places() {
            let _ = parse::line(&line, &org, &place);
            for candidate in complete::complete(&line, &place, &org, &[]) {
                assert!(candidate.line.ends_with(' '), "MUSTER_SEED={seed}: {line:?} became {:?}", candidate.line);
            }
        }
    }
}
