//! People who page each other and answer, whatever happens to Muster meanwhile.

use crate::phones::Phones;
use muster_tests::process::{Client, Database, Installation, Said, eventually, incident_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Who pages.
const PAGING: &str = "alice";
/// Who is paged, and answers.
const PAGED: [&str; 5] = ["bob", "carol", "dave", "erin", "frank"];
/// What was under way in a process that was killed is tried again a minute later.
const DRAIN: Duration = Duration::from_secs(100);
/// So long a client rests before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

/// The organisation, as TOML.
pub(crate) fn organisation(phones: &Phones) -> String {
    let person = |id: &str, right: &str, contacts: &str| {
        format!("[[person]]\nid = \"{id}\"\nname = \"{id}\"\nright = \"{right}\"\n{contacts}")
    };
    let phone = format!("[person.contacts]\nwebhook = \"{}\"\n", phones.url());
    let paged: String = PAGED.iter().map(|id| person(id, "respond", &phone)).collect();
    format!(
        "[organisation]\nname = \"Nordic Retail\"\ntime_zone = \"UTC\"\n{}{paged}\n\
         [paging]\nper_minute = 1000\nper_quarter = 1000\n\
         [outside]\nallow = [\"127.0.0.1\"]\n\
         [[webhook]]\nname = \"phones\"\nurl = \"{}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        person(PAGING, "admin", ""),
        phones.url(),
    )
}

/// What one needs to page and to answer.
pub(crate) struct Crew {
    alice: Client,
    paged: BTreeMap<&'static str, Client>,
    phones: Phones,
    over: Arc<AtomicBool>,
}

impl Crew {
    /// The people of an installation whose database is there.
    pub(crate) fn of(installation: &Installation, phones: &Phones) -> Self {
        let paged = PAGED.iter().map(|&person| (person, installation.client(person))).collect();
        let alice = installation.client(PAGING);
        Self { alice, paged, phones: phones.clone(), over: Arc::default() }
    }

    /// No more pages from now on.
    pub(crate) fn is_over(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.over)
    }

    /// Pages one after another until it is over. Gives who was paged about which incident, as it was acknowledged.
    pub(crate) async fn page(&self) -> BTreeMap<String, &'static str> {
        let mut paged = BTreeMap::new();
        for (n, person) in (0..).zip(PAGED.iter().cycle()) {
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            let declared = insist(&self.alice, &format!("new-{n}"), &format!("new sev4 till {n} is off"), None).await;
            let incident = incident_of(&declared.done());
            let line = format!("page @{person} till {n} is off");
            let _ = insist(&self.alice, &format!("page-{n}"), &line, Some(&incident)).await.done();
            paged.insert(incident, *person);
        }
        paged
    }

    /// Whoever is called answers, until nobody is paged any more and everybody who was has answered.
    pub(crate) async fn answer(&self) -> BTreeSet<String> {
        let mut answered = BTreeSet::new();
        let mut known = 0;
        let mut quiet = Instant::now();
        while !self.over.load(Ordering::Relaxed) || quiet.elapsed() < Duration::from_secs(1) {
            for rung in self.phones.since(known) {
                known += 1;
                quiet = Instant::now();
                if answered.insert(rung.incident.clone()) {
                    let client = &self.paged[rung.person.as_str()];
                    let key = format!("ack-{}", rung.incident);
                    let _ = insist(client, &key, "ack", Some(&rung.incident)).await.done();
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        answered
    }
}

/// As a client does that was told nothing: the same again, under the same key.
async fn insist(client: &Client, key: &str, line: &str, incident: Option<&str>) -> Said {
    loop {
        match client.say(key, line, incident).await {
            said @ (Said::Done(_) | Said::Refused(..)) => return said,
            Said::Later(_) | Said::Nothing(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Returns once nothing waits to be sent.
pub(crate) async fn everything_is_sent(database: &mut Database) {
    eventually("everything is sent", DRAIN, async || {
        let waiting = database.number("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE state = 'waiting'").await;
        if waiting > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        (waiting == 0).then_some(())
    })
    .await;
}

/// Every page that was acknowledged was raised once, called whom it was for once, reached them, and was answered.
pub(crate) async fn each_was_called_once(database: &mut Database, paged: &BTreeMap<String, &str>, phones: &Phones) {
    let rung: BTreeSet<_> = phones.since(0).into_iter().map(|rung| (rung.incident, rung.person)).collect();
    for (incident, person) in paged {
        let number = incident.trim_start_matches("INC-");
        let row = database.rows(&format!("SELECT state FROM incidents WHERE id = {number}")).await.remove(0);
        let state: Value = serde_json::from_str(&row[0]).expect("an incident is JSON");
        let pages = state["pages"].as_array().expect("it was paged");
        assert_eq!(pages.len(), 1, "{incident} has one page");
        assert_eq!(pages[0]["state"]["state"], "acked", "{incident}: {}", pages[0]);
        assert!(rung.contains(&(incident.clone(), (*person).to_owned())), "{incident}: {person} never heard of it");
        let entries = database.rows(&format!("SELECT body FROM entries WHERE incident = {number}")).await;
        for sort in ["raised", "called", "acked"] {
            let is_it = |row: &&Vec<String>| {
                let body: Value = serde_json::from_str(&row[0]).expect("an entry is JSON");
                body["what"]["event"] == "page" && body["what"]["what"]["was"] == sort
            };
            assert_eq!(entries.iter().filter(is_it).count(), 1, "{incident} was {sort} once");
        }
    }
    assert_eq!(rung.len(), paged.len(), "nobody else was called");
}
