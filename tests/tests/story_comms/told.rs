//! The same night from the other side: what customers read, receive and hear at each moment, in their languages.

use muster_tests::on_every_stage;
use muster_tests::stage::outside::Outside;
use muster_tests::stage::{Record, Shown, Stage};
use std::fmt::Write;

on_every_stage!(customers_see_what_was_let_go_and_nothing_else);

/// Those who get each word: Anna and Sven by mail. Greta has asked for the web shop alone.
const READERS: usize = 2;

/// All that customers can see at this moment.
async fn seen(outside: &Outside<'_>) -> String {
    let mut seen = String::new();
    for path in ["index.html", "sv/index.html", "incidents/INC-1/index.html"] {
        let page = if path.starts_with("incidents") && !outside.has(path).await {
            "(not there)".to_owned()
        } else {
            outside.page(path).await
        };
        let _ = writeln!(seen, "━━ {path}\n{page}\n");
    }
    let api: serde_json::Value = serde_json::from_str(&outside.page("api/v2/summary.json").await).expect("JSON");
    let _ = writeln!(seen, "━━ api/v2/summary.json\n{}", api["status"]["description"]);
    let api: serde_json::Value = serde_json::from_str(&outside.page("api/v2/incidents.json").await).expect("JSON");
    let _ = writeln!(seen, "━━ api/v2/incidents.json");
    for incident in api["incidents"].as_array().into_iter().flatten() {
        let _ = writeln!(seen, "{} {} {}", incident["name"], incident["status"], incident["impact"]);
        for update in incident["incident_updates"].as_array().into_iter().flatten() {
            let _ = writeln!(seen, "  {} {}", update["status"], update["body"]);
        }
    }
    seen
}

/// The letters that have come since the last moment.
async fn letters(outside: &Outside<'_>) -> String {
    let mut letters = String::new();
    for letter in outside.letters(READERS).await {
        let (to, subject) = (letter.header("to"), letter.header("subject"));
        let _ = writeln!(letters, "━━ {to}: {subject}\n{}", letter.plain.trim());
    }
    letters
}

/// What programs, social networks and Statuspage were told since the last moment.
async fn received(outside: &Outside<'_>) -> String {
    let mut received = String::new();
    for (name, told) in
        [("a subscriber's program", outside.program().await), ("social networks", outside.social().await)]
    {
        let _ = writeln!(received, "━━ {name}\n{}", told.join("\n"));
    }
    let _ = writeln!(received, "━━ Statuspage");
    for (status, body) in outside.statuspage.updates() {
        let _ = writeln!(received, "{status}: {}", body.lines().next().unwrap_or_default());
    }
    received
}

/// A moment of the night: what customers have received, and what they can read.
async fn moment(outside: &Outside<'_>, name: &str) {
    insta::assert_snapshot!(format!("{name}, received"), received(outside).await);
    if outside.reads_letters() {
        insta::assert_snapshot!(format!("{name}, letters"), letters(outside).await);
    }
    insta::assert_snapshot!(format!("{name}, to be read"), seen(outside).await);
}

/// Dave lets a message go, and Carol sends it.
async fn goes_out(stage: &Stage, number: i64) {
    let (carol, dave) = (stage.person("carol"), stage.person("dave"));
    carol.types(&format!("INC-1 comms submit {number}")).await.ok();
    let whole = dave.types(&format!("INC-1 comms preview {number}")).await;
    dave.in_room("INC-1").clicks(&whole, "Approve").await.ok();
    carol.types(&format!("INC-1 comms publish {number}")).await.ok();
}

/// The channel for customers was told this last, where there is one.
async fn channel_says(outside: &Outside<'_>, words: &str) {
    if let Some(said) = outside.channel().await {
        let last = said.last().cloned().unwrap_or_default();
        assert!(text_of(&last).contains(words), "“{words}” is not in:\n{last}");
    }
}

fn text_of(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn warned(stage: &Stage, words: &str) -> Shown {
    let warning = stage.room("INC-1").expects(words).await;
    stage.ear_of("carol").expects(words).await.ok();
    warning
}

async fn customers_see_what_was_let_go_and_nothing_else(stage: Stage) -> Record {
    let outside = stage.outside("customers see what was let go").await;
    stage.configure(|org| org.severities.iter_mut().for_each(|severity| severity.update_every = None));
    let [alice, carol, dave] = ["alice", "carol", "dave"].map(|who| stage.person(who));
    alice.types("new sev1 acquirer rejects all cards --service payment").await.ok();
    alice.types("INC-1 ic").await.ok();
    carol.types("INC-1 role comms").await.ok();
    stage.room("INC-1").skips().await;
    stage.ear_of("carol").skips().await;

    // The room is warned before customers are due a word; they know of nothing.
    stage.pass(10).await;
    let warning = warned(&stage, "customers are to be told within 5 minutes").await;
    insta::assert_snapshot!("before anything is said", seen(&outside).await);
    carol.in_room("INC-1").clicks(&warning, "Holding statement").await.ok();
    moment(&outside, "the first word").await;
    channel_says(&outside, "Disruption: Card payments").await;

    // A form asks for what the template lacks, and the author does not let it go.
    let form = carol.in_room("INC-1").with_forms().types("comms draft public-identified").await;
    let form = form.asks("The cause is known");
    carol.in_room("INC-1").fills(&form, &[("values.impact", "card-stores")]).await.ok();
    stage.pass(5).await;
    goes_out(&stage, 2).await;
    moment(&outside, "the cause is known").await;
    channel_says(&outside, "You may not be able to pay by card in our stores.").await;

    // On time: half an hour after the last. The warning is put off, and comes to nothing.
    stage.pass(25).await;
    stage.room("INC-1").skips().await;
    stage.ear_of("carol").skips().await;
    let again = |town: &str| {
        let said = [
            ("details", "Tills take cards <i>again</i> in"),
            ("details.sv", "Kassorna tar kort igen i"),
            ("details.de", "Karten gehen wieder in"),
        ];
        said.map(|(name, words)| format!("{name}=\"{words} {town}.\"")).join(" ")
    };
    carol.types(&format!("INC-1 comms draft public-identified impact=card-stores {}", again("Kiruna"))).await.ok();
    goes_out(&stage, 3).await;
    moment(&outside, "the second on time").await;

    // Late: whoever leads the telling is reminded, puts it off, and is reminded again.
    stage.room("INC-1").skips().await;
    stage.ear_of("carol").skips().await;
    stage.pass(30).await;
    let late = stage.room("INC-1").expects("customers").await;
    drop(late);
    stage.room("INC-1").skips().await;
    stage.ear_of("carol").skips().await;
    carol.types("INC-1 reminder snooze customers 30m").await.ok();
    stage.pass(20).await;
    stage.room("INC-1").is_quiet().await;
    stage.pass(10).await;
    let late = warned(&stage, "customers should have been told 30 minutes ago").await;
    carol.in_room("INC-1").clicks(&late, "Dismiss").await.ok();
    stage.pass(60).await;
    stage.room("INC-1").is_quiet().await;
    carol.types("INC-1 comms draft public-monitoring impact=card-stores").await.ok();
    goes_out(&stage, 4).await;
    moment(&outside, "the late one").await;

    // A word of it is wrong, and is put right; another is taken back.
    carol.types(&format!("INC-1 comms edit 3 {}", again("Umeå"))).await.ok();
    goes_out(&stage, 5).await;
    moment(&outside, "a word is put right").await;
    carol.types("INC-1 comms retract 2 it was not in all stores").await.ok();
    moment(&outside, "a word is taken back").await;
    carol.types("INC-1 comms history 2").await.shows("it was not in all stores").ok();

    // It is over.
    alice.types("INC-1 resolve the acquirer has mended it").await.ok();
    carol.types("INC-1 comms draft public-resolved impact=card-stores").await.ok();
    let last = stage.incident("INC-1").await.messages.last().map_or(0, |one| one.number);
    goes_out(&stage, last).await;
    moment(&outside, "it is over").await;
    channel_says(&outside, "is over").await;
    dave.types("INC-1 comms").await.ok();

    stage.room("INC-1").skips().await;
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
    outside.closes().await;
    let lines = stage.timeline("INC-1").await;
    let record = stage.finish().await;
    insta::assert_snapshot!("what responders did", lines.join("\n"));
    record
}
