//! Two processes on one PostgreSQL: no update is lost, each effect is leased by one, each timer fires once.

use futures::future::join_all;
use muster_tests::pg;
use muster_tests::process::{Audit, Client, Database, Installation, SOON, Said, eventually, incident_of, tell};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const COMMANDS: usize = 400;
const DECLARES: usize = 200;
const TIMERS: usize = 40;
const CREW: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

/// Everybody, with one client at each of the two.
fn crew(one: &Installation, other: &Installation) -> Vec<[Client; 2]> {
    let both = |person: &&str| {
        let client = one.client(person);
        [client.clone(), client.at(&other.url())]
    };
    CREW.iter().map(both).collect()
}

fn other_than(n: usize) -> &'static str {
    CREW[(n + 1) % CREW.len()]
}

async fn nothing_waits(database: &mut Database, logs: &[&Installation]) {
    let started = Instant::now();
    loop {
        let sql = "SELECT key, CAST(attempts AS TEXT), worker, error FROM outbox WHERE state = 'waiting'";
        let waiting = database.rows(sql).await;
        if waiting.is_empty() {
            return;
        }
        if started.elapsed() > SOON {
            let logs: Vec<_> = logs.iter().map(|installation| installation.tail()).collect();
            panic!("these effects are not made after {SOON:?}: {waiting:?}\n{}", logs.join("\n---\n"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Of all that is in the outbox, nothing was tried by both.
fn each_was_leased_by_one(audit: &Audit) {
    let twice: Vec<_> = audit.outbox.iter().filter(|(_, effect)| effect.attempts != 1).collect();
    assert!(twice.is_empty(), "leased more than once: {twice:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_commands_at_once_on_one_incident_lose_no_update() {
    let Some(url) = pg::database("two processes, one incident").await else { return };
    let (one, other) = (Installation::on(&url), Installation::on(&url));
    let _first = one.start().await;
    let _second = other.start().await;
    let crew = crew(&one, &other);
    let id = incident_of(&crew[0][0].does("new sev1 checkout is down", None).await);
    // Whoever writes joins. A command that lets somebody in records no row of its own for that.
    let started = Instant::now();
    let commands = (0..COMMANDS).map(|n| {
        let client = &crew[n % CREW.len()][(n / CREW.len()) % 2];
        let id = &id;
        let line = match n % 4 {
            0 => format!("task step {n} @{}", other_than(n)),
            1 => format!("update we know {n}"),
            2 => format!("followup after {n}"),
            _ => format!("note seen {n}"),
        };
        async move { (n, client.insist(&format!("both-{n}"), &line, Some(id)).await) }
    });
    let said = join_all(commands).await;
    let took = started.elapsed();
    for (n, said) in &said {
        assert!(matches!(said, Said::Done(_)), "{n}: {said:?}");
    }
    let mut database = Database::open(&url).await;
    nothing_waits(&mut database, &[&one, &other]).await;
    let audit = Audit::of(&mut database).await;
    audit.holds_together();
    audit.everything_was_made_once();
    each_was_leased_by_one(&audit);
    let incident = &audit.incidents[&1];
    assert_eq!(incident["version"], COMMANDS + 1, "each command is one change");
    assert_eq!(audit.logs[&1].len(), COMMANDS + 1, "each command is one entry");
    for list in ["tasks", "followups"] {
        let numbers: Vec<_> = incident[list].as_array().expect("a list").iter().map(|task| &task["number"]).collect();
        let expected: Vec<_> = (1..=COMMANDS / 4).map(Value::from).collect();
        assert_eq!(numbers, expected.iter().collect::<Vec<_>>(), "no two {list} have one number");
    }
    let texts: BTreeSet<_> = audit.all_events().filter_map(|(_, event)| event["text"].as_str()).collect();
    assert_eq!(texts.len(), COMMANDS, "every text is there, once");
    // The room is greeted, and a quarter of the commands give somebody a task.
    assert_eq!(audit.outbox.len(), 1 + COMMANDS / 4);
    tell(&format!("two processes: {COMMANDS} commands at once on one incident in {took:.1?}, none lost"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_declarations_at_once_get_a_number_each_and_their_timers_fire_once() {
    let Some(url) = pg::database("two processes, many incidents").await else { return };
    let (one, other) = (Installation::on(&url), Installation::on(&url));
    let _first = one.start().await;
    let _second = other.start().await;
    let crew = crew(&one, &other);
    let declared = join_all((0..DECLARES).map(|n| {
        let client = &crew[n % CREW.len()][(n / CREW.len()) % 2];
        let line = format!("new outage number {n}");
        async move { client.insist(&format!("declare-{n}"), &line, None).await.done() }
    }))
    .await;
    let ids: BTreeSet<_> = declared.iter().map(incident_of).collect();
    assert_eq!(ids.len(), DECLARES, "no number is given twice");

    // The same request at both at once is one declaration.
    let twins = join_all((0..TIMERS).map(|n| {
        let [here, there] = &crew[n % CREW.len()];
        let (key, line) = (format!("twin-{n}"), format!("new twin number {n}"));
        async move {
            let (one, other) = tokio::join!(here.insist(&key, &line, None), there.insist(&key, &line, None));
            (one.done(), other.done())
        }
    }))
    .await;
    for (one, other) in twins {
        assert_eq!(one, other, "one request, one answer");
    }

    // Nobody takes command: the reminders are due. Both processes see them.
    let mut database = Database::open(&url).await;
    nothing_waits(&mut database, &[&one, &other]).await;
    database.execute("UPDATE timers SET due_at = due_at - 60000000").await;
    let all = DECLARES + TIMERS;
    eventually("every reminder comes", SOON, async || {
        let sql = "SELECT CAST(count(*) AS TEXT) FROM entries WHERE body LIKE '%\"reminded\"%'";
        (database.number(sql).await >= i64::try_from(all).expect("small")).then_some(())
    })
    .await;
    nothing_waits(&mut database, &[&one, &other]).await;
    let audit = Audit::of(&mut database).await;
    audit.holds_together();
    audit.everything_was_made_once();
    each_was_leased_by_one(&audit);
    assert_eq!(audit.incidents.len(), all);
    for (id, incident) in &audit.incidents {
        assert_eq!(audit.events(*id, "reminded").len(), 1, "INC-{id} was reminded once");
        assert_eq!(incident["version"], 2, "declared, and reminded");
    }
    tell(&format!(
        "two processes: {DECLARES} declarations at once and {TIMERS} given to both, {all} timers fired once"
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_leaves_when_it_is_killed_the_other_takes_over() {
    let Some(url) = pg::database("two processes, one killed").await else { return };
    let (one, other) = (Installation::on(&url), Installation::on(&url));
    let first = one.start().await;
    let _second = other.start().await;
    let crew = crew(&one, &other);
    let id = incident_of(&crew[0][0].does("new sev1 checkout is down", None).await);
    let commands = (0..100).map(|n| {
        let [here, there] = &crew[n % CREW.len()];
        let id = &id;
        async move {
            let (key, line) = (format!("moved-{n}"), format!("note moved {n}"));
            // A balancer in front of both sends what fails at one to the other.
            match here.say(&key, &line, Some(id)).await {
                said @ (Said::Done(_) | Said::Refused(..)) => said,
                Said::Later(_) | Said::Nothing(_) => there.insist(&key, &line, Some(id)).await,
            }
        }
    });
    let (said, ()) = tokio::join!(join_all(commands), async {
        // As soon as some are done, the first is gone; it may hold the incident's row.
        let mut database = Database::open(&url).await;
        eventually("the first commands are done", SOON, async || {
            (database.number("SELECT CAST(count(*) AS TEXT) FROM entries").await > 10).then_some(())
        })
        .await;
        first.kill();
    });
    assert!(said.iter().all(|said| matches!(said, Said::Done(_))), "{said:?}");
    let mut database = Database::open(&url).await;
    let audit = Audit::of(&mut database).await;
    audit.holds_together();
    assert_eq!(audit.logs[&1].len(), 101);
    assert_eq!(audit.incidents[&1]["version"], 101);
}
