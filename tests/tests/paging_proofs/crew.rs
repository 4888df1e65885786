//! Alerts that page people, and people who answer, whatever happens to Muster meanwhile.

use crate::phones::Phones;
use muster_tests::process::{Client, Database, Installation, Said, eventually, http};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Who operates Muster and is paged by nobody.
const OPERATOR: &str = "alice";
/// What sends alerts.
const SOURCE: &str = "tills";
/// Who is paged, and answers.
const PAGED: [&str; 5] = ["bob", "carol", "dave", "erin", "frank"];
/// What was under way in a process that was killed is tried again a minute later.
const DRAIN: Duration = Duration::from_secs(240);
/// So long a client rests before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

/// The organisation, as TOML.
pub(crate) fn organisation(phones: &Phones) -> String {
    let person = |id: &str, right: &str, contacts: &str| {
        format!("[[person]]\nid = \"{id}\"\nname = \"{id}\"\nright = \"{right}\"\n{contacts}")
    };
    let phone = format!("[person.contacts]\nwebhook = \"{}\"\n", phones.url());
    let paged: String = PAGED.iter().map(|id| person(id, "respond", &phone)).collect();
    let team = |id: &str| {
        format!(
            "[[team]]\nid = \"{id}\"\nmembers = [\"{id}\"]\n\
             [[service]]\nid = \"tills-of-{id}\"\nkind = \"point_of_sale\"\nowner = \"{id}\"\n"
        )
    };
    let teams: String = PAGED.iter().map(|id| team(id)).collect();
    format!(
        "[organisation]\nname = \"Nordic Retail\"\ntime_zone = \"UTC\"\n{}{paged}{teams}\n\
         [paging]\nper_minute = 1000\nper_quarter = 1000\n\
         [outside]\nallow = [\"127.0.0.1\"]\n\
         [[source]]\nid = \"{SOURCE}\"\nkind = \"webhook\"\n\
         [source.mapping]\ntitle = \"/title\"\nkey = \"/title\"\nlevel = \"critical\"\n\
         labels = {{ service = \"/service\", till = \"/title\" }}\n\
         [[route]]\ngroup_by = [\"till\"]\npage = \"high\"\n\
         [[webhook]]\nname = \"phones\"\nurl = \"{}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        person(OPERATOR, "admin", ""),
        phones.url(),
    )
}

/// What one needs to send alerts and to answer.
pub(crate) struct Crew {
    tills: String,
    paged: BTreeMap<&'static str, Client>,
    phones: Phones,
    over: Arc<AtomicBool>,
}

impl Crew {
    /// The people of an installation whose database is there.
    pub(crate) fn of(installation: &Installation, phones: &Phones) -> Self {
        let paged = PAGED.iter().map(|&person| (person, installation.client(person))).collect();
        let tills = format!("{}/in/webhook/{}", installation.url(), installation.key(SOURCE));
        Self { tills, paged, phones: phones.clone(), over: Arc::default() }
    }

    /// No more alerts from now on.
    pub(crate) fn is_over(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.over)
    }

    /// Sends alerts one after another until it is over. Gives whom each of them calls, by its title, as it was accepted.
    pub(crate) async fn alert(&self) -> BTreeMap<String, &'static str> {
        let mut accepted = BTreeMap::new();
        for (n, person) in (0..).zip(PAGED.iter().cycle()) {
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            let title = format!("till {n} of {person} is off");
            let alert = json!({ "title": title, "service": format!("tills-of-{person}") });
            // As monitoring does that was told nothing: the same again.
            while !http().post(&self.tills).json(&alert).send().await.is_ok_and(|answer| answer.status().is_success()) {
                tokio::time::sleep(PAUSE).await;
            }
            accepted.insert(title, *person);
        }
        accepted
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

/// Returns once nothing waits to be sorted or sent.
pub(crate) async fn everything_is_sent(database: &mut Database) {
    const WAITING: &str = "SELECT CAST((SELECT count(*) FROM signals)
                                      + (SELECT count(*) FROM outbox WHERE state = 'waiting') AS TEXT)";
    eventually("everything is sorted and sent", DRAIN, async || {
        let waiting = database.number(WAITING).await;
        if waiting > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        (waiting == 0).then_some(())
    })
    .await;
}

/// Every alert that was accepted declared one incident with one page, which called whom it was for once, reached them, and
/// was answered.
pub(crate) async fn each_was_called_once(database: &mut Database, accepted: &BTreeMap<String, &str>, phones: &Phones) {
    let rung: BTreeSet<_> = phones.since(0).into_iter().map(|rung| (rung.incident, rung.person)).collect();
    for (title, person) in accepted {
        let rows = database.rows(&format!("SELECT state FROM incidents WHERE title = '{title}'")).await;
        assert_eq!(rows.len(), 1, "{title}: declared once");
        let state: Value = serde_json::from_str(&rows[0][0]).expect("an incident is JSON");
        let incident = state["id"].as_str().expect("its number").to_owned();
        let number = incident.trim_start_matches("INC-");
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
    assert_eq!(rung.len(), accepted.len(), "nobody else was called");
}
