//! Feeds, the calendar of planned work, and badges.

use muster_core::comms::{PublicIncident, PublicStatus};
use muster_core::ids::IncidentId;
use muster_statuspage::{Model, files};
use muster_tests::clock::moment;
use muster_tests::python::{self, Talk};
use muster_tests::statuspage::{model, open, outage, planned};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn text(model: &Model, path: &str) -> String {
    let files = files(model);
    let file = files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    String::from_utf8(file.bytes.to_vec()).unwrap()
}

/// Those who read what is none of HTML.
pub(crate) fn readers(test: &str) -> Option<Talk> {
    let python = python::with(test, &["feedparser", "icalendar"], "readers")?;
    Some(Talk::start(python, "clients/reader.py", &[]))
}

async fn read(readers: &mut Talk, what: &str, text: &str) -> Value {
    readers.asked(json!({ "as": what, "text": text })).await
}

fn all<'a>(entries: &'a Value, name: &str) -> Vec<&'a str> {
    entries.as_array().unwrap().iter().map(|entry| entry[name].as_str().unwrap()).collect()
}

#[test]
fn the_feed_of_a_bad_day() {
    let feed = text(&model(vec![open(), planned()]), "history.atom").replace("><", ">\n<");
    insta::assert_snapshot!(feed);
}

#[test]
fn no_feed_grows_without_end() {
    let many = (1..=100).map(|number| PublicIncident { incident: IncidentId(number), ..open() });
    let feed = text(&model(many.collect()), "history.atom");
    assert_eq!(feed.matches("<entry>").count(), 50);
}

#[test]
fn the_calendar_of_planned_work() {
    insta::assert_snapshot!(text(&model(vec![open(), planned()]), "sv/maintenance.ics").replace("\r\n", "\n"));
}

#[test]
fn a_badge_says_in_words_how_things_are() {
    let bad = model(vec![open()]);
    insta::assert_snapshot!(text(&bad, "sv/badge.svg").replace("><", ">\n<"));
    let title = |path: &str| {
        let badge = text(&bad, path);
        let (_, rest) = badge.split_once("<title>").unwrap();
        rest.split_once("</title>").unwrap().0.to_owned()
    };
    assert_eq!(title("badges/card-payments.svg"), "Card payments: Major outage");
    assert_eq!(title("de/badges/app.svg"), "App: Funktioniert");
}

#[tokio::test]
async fn a_feed_reader_reads_both_kinds_in_every_language() {
    let Some(mut readers) = readers("a feed reader reads both kinds") else { return };
    let outage = outage();
    for (folder, language, first, withdrawn) in [
        ("", "en", "Identified: Card payments fail online and in some stores", "This message has been withdrawn"),
        (
            "sv/",
            "sv",
            "Orsak funnen: Kortbetalningar fungerar inte på nätet och i några butiker",
            "Det här meddelandet har dragits tillbaka",
        ),
        (
            "de/",
            "de",
            "Ursache gefunden: Kartenzahlung online und in einigen Filialen gestört",
            "Diese Meldung wurde zurückgezogen",
        ),
    ] {
        for (name, version) in [("history.atom", "atom10"), ("history.rss", "rss20")] {
            let feed = read(&mut readers, "feed", &text(&outage, &format!("{folder}{name}"))).await;
            assert_eq!(
                (&feed["wrong"], &feed["version"], &feed["language"]),
                (&Value::Null, &json!(version), &json!(language))
            );
            assert_eq!(
                (&feed["title"], &feed["link"]),
                (&json!("Nordic Retail: Status"), &json!(format!("https://status.example.com/{folder}")))
            );
            let entries = &feed["entries"];
            let titles = all(entries, "title");
            assert_eq!(titles[0], first);
            assert!(titles[1].starts_with(withdrawn), "{titles:?}");
            let ids: BTreeSet<_> = all(entries, "id").into_iter().collect();
            assert_eq!(ids.len(), titles.len(), "each has an id of its own");
            assert_eq!(entries[0]["link"], format!("https://status.example.com/{folder}incidents/INC-142/"));
            let said = entries[0]["said"].as_str().unwrap();
            assert!(said.starts_with("<p>") && said.contains("https://shop.example.com/help/charged-twice"), "{said}");
            let said = all(entries, "said").concat();
            for taken_back in open().posts[1].texts.values() {
                assert!(!said.contains(&taken_back.body), "what was taken back is nowhere");
            }
        }
    }
}

#[tokio::test]
async fn what_was_corrected_is_the_same_entry_changed() {
    let Some(mut readers) = readers("what was corrected is the same entry") else { return };
    let mut before = open();
    before.posts.truncate(1);
    before.posts[0].corrected.clear();
    let mut after = before.clone();
    after.posts[0].corrected = open().posts[0].corrected.clone();
    let mut entry = async |incident: PublicIncident| {
        let feed = text(&model(vec![incident]), "history.atom");
        read(&mut readers, "feed", &feed).await["entries"][0].clone()
    };
    let (before, after) = (entry(before).await, entry(after).await);
    assert_eq!((&before["id"], &before["published"]), (&after["id"], &after["published"]));
    assert_eq!(before["id"], "tag:status.example.com,2026-11-21:INC-142/1/en");
    assert_eq!(
        (&before["updated"], &after["updated"]),
        (&json!("2026-11-21T09:42:00Z"), &json!("2026-11-21T09:55:00Z"))
    );
}

#[tokio::test]
async fn a_feed_without_a_word_is_one_too() {
    let Some(mut readers) = readers("a feed without a word") else { return };
    for name in ["history.atom", "history.rss"] {
        let feed = read(&mut readers, "feed", &text(&model(Vec::new()), name)).await;
        assert_eq!((&feed["wrong"], &feed["entries"]), (&Value::Null, &json!([])), "{name}");
    }
}

#[tokio::test]
async fn a_calendar_program_follows_planned_work_until_it_is_called_off() {
    let Some(mut readers) = readers("a calendar program follows planned work") else { return };
    let mut event = async |work: PublicIncident, folder: &str| {
        let calendar = text(&model(vec![open(), work]), &format!("{folder}maintenance.ics"));
        let calendar = read(&mut readers, "calendar", &calendar).await;
        assert_eq!((&calendar["name"], calendar["events"].as_array().unwrap().len()), (&json!("Nordic Retail"), 1));
        calendar["events"][0].clone()
    };
    let mut work = planned();
    let announced = event(work.clone(), "").await;
    assert_eq!(
        announced,
        json!({
            "uid": "INC-139@status.example.com",
            "summary": "New system for gift cards",
            "description": "We move gift cards to a new system. During that night gift cards cannot be bought or used, in stores or online.",
            "status": "CONFIRMED",
            "sequence": 0,
            "from": "2026-11-24T22:00:00+00:00",
            "until": "2026-11-25T02:00:00+00:00",
            "url": "https://status.example.com/incidents/INC-139/",
        })
    );
    let swedish = event(work.clone(), "sv/").await;
    assert_eq!((&swedish["uid"], &swedish["summary"]), (&announced["uid"], &json!("Nytt system för presentkort")));

    let at = moment("2026-11-20T12:00:00Z");
    let mut off = work.posts[0].clone();
    (off.number, off.at, off.status) = (2, at, PublicStatus::Completed);
    work.posts.push(off);
    work.ended_at = Some(at);
    let off = event(work, "").await;
    assert_eq!((&off["uid"], &off["status"], &off["sequence"]), (&announced["uid"], &json!("CANCELLED"), &json!(1)));

    // The announcement is taken back: nobody keeps it in a calendar.
    let mut gone = planned();
    (gone.posts[0].retracted, gone.posts[0].texts) = (Some(at), muster_core::comms::Texts::new());
    let gone = event(gone, "").await;
    assert_eq!((&gone["uid"], &gone["status"], &gone["sequence"]), (&announced["uid"], &json!("CANCELLED"), &json!(1)));
    assert_eq!(
        (&gone["summary"], &gone["description"]),
        (&json!("Maintenance INC-139"), &json!("This message has been withdrawn"))
    );

    // It was done on another day than planned.
    let mut done = planned();
    for (number, status, at) in [
        (2, PublicStatus::InProgress, moment("2026-11-21T10:00:00Z")),
        (3, PublicStatus::Completed, moment("2026-11-21T10:01:00Z")),
    ] {
        done.posts.push(muster_core::comms::Post { number, at, status, ..done.posts[0].clone() });
        done.ended_at = status.is_over().then_some(at);
    }
    let done = event(done, "").await;
    assert_eq!(
        (&done["status"], &done["from"], &done["until"]),
        (&json!("CONFIRMED"), &json!("2026-11-21T10:00:00+00:00"), &json!("2026-11-21T10:01:00+00:00"))
    );
}
