//! Drills and private incidents: every verb that tells customers is used in them, and nobody outside hears a thing.

use muster_core::command::{TABLE, find};
use muster_core::comms::Stage as Of;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Shown, Stage};
use std::collections::BTreeSet;

on_every_stage! {
    a_drill_practises_every_verb_and_no_customer_hears_of_it,
    no_verb_tells_customers_of_a_private_incident,
}

/// What becomes private gets another room in a chat: so the record is another there, and these are not compared.
macro_rules! wherever_rooms_change {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use muster_tests::stage::Stage;
            use muster_tests::stage::workspace::Wire;

            #[tokio::test]
            async fn on_sqlite() {
                super::$story(Stage::on_sqlite().await).await;
            }

            #[tokio::test]
            async fn in_slack() {
                super::$story(Stage::in_slack(Wire::Socket).await).await;
            }

            #[tokio::test]
            async fn in_discord() {
                super::$story(Stage::in_discord(Wire::Http).await).await;
            }
        }
    )*};
}

wherever_rooms_change! {
    what_waits_to_go_out_stays_inside_once_the_incident_is_private,
    planned_work_that_is_private_is_known_to_nobody,
}

/// The verbs of these commands tell customers, or might.
const COMMANDS: [&str; 2] = ["comms", "maintenance"];

fn every_verb() -> BTreeSet<String> {
    let commands = TABLE.iter().filter(|spec| COMMANDS.contains(&spec.name));
    commands.flat_map(|spec| spec.verbs.iter().map(|verb| named(spec.name, verb.name))).collect()
}

fn named(command: &str, verb: &str) -> String {
    format!("{command} {verb}").trim().to_owned()
}

/// Somebody who walks through all there is to type.
struct Walk<'s> {
    stage: &'s Stage,
    walked: BTreeSet<String>,
}

impl<'s> Walk<'s> {
    fn of(stage: &'s Stage) -> Self {
        Self { stage, walked: BTreeSet::new() }
    }

    async fn types(&mut self, who: &str, line: &str) -> Shown {
        let mut words = line.split(' ').filter(|word| !word.starts_with("INC-"));
        let command = words.next().and_then(find).expect("a command of the table");
        let verb = words.next().and_then(|word| command.verbs.iter().find(|verb| verb.name == word));
        self.walked.insert(named(command.name, verb.map_or("", |verb| verb.name)));
        self.stage.person(who).types(line).await
    }

    async fn approves(&mut self, who: &str, number: i64) -> Shown {
        let whole = self.types(who, &format!("INC-1 comms preview {number}")).await;
        self.walked.insert("comms approve".to_owned());
        self.stage.person(who).in_room("INC-1").clicks(&whole, "Approve").await
    }

    /// The verbs about planned work, of which there is none in INC-1; and work that is planned beside it, of which nobody is told.
    async fn plans(&mut self) {
        for line in ["move --for 3h", "extend 30m", "begin", "finish"] {
            self.types("alice", &format!("INC-1 maintenance {line}")).await.refused("INC-1").ok_refusal();
        }
        self.types("alice", "maintenance plan 2h a new switch --service wan --from \"in 1h\"").await.ok();
        self.types("alice", "maintenance add 2h new tills --service tills").await.ok();
        self.types("alice", "maintenance list").await.ok();
        self.types("alice", "maintenance end 1").await.ok();
    }

    async fn ends(self) {
        assert_eq!(self.walked, every_verb(), "a new verb is to be walked, too");
        hears_all(self.stage).await;
    }
}

/// Whatever was said inside is of no interest here.
async fn hears_all(stage: &Stage) {
    for room in ["INC-1", "INC-2"] {
        stage.room(room).skips().await;
    }
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
}

async fn begins(stage: &Stage, line: &str) {
    stage.person("alice").types(line).await.ok();
    stage.person("alice").types("INC-1 join @carol").await.ok();
    stage.person("alice").types("INC-1 join @dave").await.ok();
    stage.person("alice").types("INC-1 ic").await.ok();
    stage.person("carol").types("INC-1 role comms").await.ok();
}

async fn a_drill_practises_every_verb_and_no_customer_hears_of_it(stage: Stage) -> Record {
    let outside = stage.outside("a drill").await;
    begins(&stage, "new sev1 cards are declined --service payment --kind drill").await;
    let mut walk = Walk::of(&stage);
    for line in [
        "INC-1 comms",
        "INC-1 comms holding",
        "INC-1 comms draft public-identified impact=card-stores",
        "INC-1 comms edit 2 --next 45m",
        "INC-1 comms submit 2",
    ] {
        walk.types("carol", line).await.ok();
    }
    walk.types("dave", "INC-1 comms reject 2 it is not the stores").await.ok();
    walk.types("carol", "INC-1 comms submit 2").await.ok();
    walk.approves("dave", 2).await.ok();
    for line in [
        "INC-1 comms schedule 2 in 10m",
        "INC-1 comms unschedule 2",
        "INC-1 comms publish 2",
        "INC-1 comms draft business-investigating impact=portal",
        "INC-1 comms submit 3",
    ] {
        walk.types("carol", line).await.ok();
    }
    walk.approves("dave", 3).await.ok();
    walk.types("carol", "INC-1 comms schedule 3 in 10m").await.ok();
    stage.pass(10).await;
    walk.types("carol", "INC-1 comms retract 2 it was the bank").await.ok();
    walk.types("carol", "INC-1 comms history 2").await.shows("it was the bank").ok();
    walk.types("carol", "INC-1 comms draft public-monitoring impact=card-stores").await.ok();
    walk.types("carol", "INC-1 comms discard 5").await.ok();
    walk.plans().await;
    stage.pass(180).await;

    let practised: Vec<_> = stage.incident("INC-1").await.messages.into_iter().map(|one| one.stage).collect();
    assert!(
        matches!(practised[..3], [Of::Published { .. }, Of::Retracted { .. }, Of::Published { .. }]),
        "{practised:?}"
    );
    let timeline = stage.timeline("INC-1").await.join("\n");
    assert!(timeline.contains("practised publishing message 2"), "whoever reads it later knows:\n{timeline}");
    walk.ends().await;
    outside.knows_nothing().await;
    stage.finish().await
}

async fn no_verb_tells_customers_of_a_private_incident(stage: Stage) -> Record {
    let outside = stage.outside("a private incident").await;
    begins(&stage, "new sev1 odd logins --service payment --private").await;
    let mut walk = Walk::of(&stage);
    let nobody = "INC-1 is private: nobody outside is told of it";
    walk.types("carol", "INC-1 comms").await.ok();
    walk.types("carol", "INC-1 comms holding").await.refused(nobody).ok_refusal();
    walk.types("carol", "INC-1 comms draft public-identified impact=card-stores").await.ok();
    walk.types("carol", "INC-1 comms edit 1 --next 45m").await.ok();
    for line in ["submit 1", "publish 1", "schedule 1 in 10m"] {
        walk.types("carol", &format!("INC-1 comms {line}")).await.refused(nobody).ok_refusal();
    }
    for (who, line) in [("dave", "reject 1 no"), ("carol", "unschedule 1"), ("carol", "retract 1 no")] {
        walk.types(who, &format!("INC-1 comms {line}")).await.refused("").ok_refusal();
    }
    walk.types("dave", "INC-1 comms approve 1").await.refused("").ok_refusal();
    walk.types("carol", "INC-1 comms preview 1").await.ok();
    walk.types("carol", "INC-1 comms history 1").await.ok();
    walk.types("carol", "INC-1 comms discard 1").await.ok();
    walk.plans().await;
    stage.pass(180).await;
    walk.ends().await;
    outside.knows_nothing().await;
    stage.finish().await
}

async fn what_waits_to_go_out_stays_inside_once_the_incident_is_private(stage: Stage) -> Record {
    let outside = stage.outside("an incident that becomes private").await;
    begins(&stage, "new sev3 odd logins --service payment").await;
    let carol = stage.person("carol");
    carol.types("INC-1 comms draft public-identified impact=card-stores").await.ok();
    carol.types("INC-1 comms draft public-monitoring impact=card-stores").await.ok();
    carol.types("INC-1 comms schedule 2 in 10m").await.ok();

    // Those outside are told now, but cannot be reached; before they can, nobody is to know any more.
    outside.are_away(true);
    carol.types("INC-1 comms publish 1").await.ok();
    carol.types("INC-1 edit --visibility private").await.ok();
    outside.are_away(false);
    stage.pass(10).await;
    stage.pass(60).await;
    let second = stage.incident("INC-1").await.messages.remove(1);
    assert_eq!(second.stage, Of::Draft, "it did not go out by itself");
    assert!(outside.program().await.is_empty() && outside.social().await.is_empty(), "they were told after all");
    // What customers could read already is not taken back by stealth: that needs the incident to be public.
    carol.types("INC-1 comms retract 1 wrong").await.refused("INC-1 is private").ok_refusal();
    hears_all(&stage).await;
    // The letter to whoever wants to hear of everything went out at once.
    outside.letters(1).await;
    outside.closes().await;
    stage.finish().await
}

async fn planned_work_that_is_private_is_known_to_nobody(stage: Stage) -> Record {
    let outside = stage.outside("private work").await;
    let alice = stage.person("alice");
    alice.types("maintenance plan 2h new keys --service payment --from \"in 2h\"").await.ok();
    alice.types("INC-1 edit --visibility private").await.ok();
    stage.pass(30).await;
    for line in ["move --for 3h", "begin", "extend 30m", "finish"] {
        alice.types(&format!("INC-1 maintenance {line}")).await.ok();
        stage.pass(60).await;
    }
    hears_all(&stage).await;
    outside.knows_nothing().await;
    stage.finish().await
}
