//! Hostile text in every place that has text: it is shown as text, or not at all, in every kind of file.

use crate::feeds::readers;
use muster_core::comms::{CommsRules, PublicIncident};
use muster_statuspage::{Model, files};
use muster_tests::statuspage::{now, open, outage, planned, rules};
use serde_json::{Value, json};
use std::sync::Arc;

/// Markup of every kind, ends of lines, and what no XML can hold.
const HOSTILE: [&str; 8] = [
    "</title><script>alert(1)</script>",
    "]]><script>alert(1)</script><!--",
    "\" onload=\"alert(1)\" x=\"",
    "&lt;script&gt;&xxe;%dtd;",
    "a\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY",
    "\u{0}\u{b}\u{1b}[31m\u{fffe}\u{202e}x",
    "\\,;:\"'`${7*7}{{7*7}}<%= 7 %>",
    "\u{1f525}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} ﷽ zalgơ̶̢",
];

fn spoilt(incident: PublicIncident, with: &str) -> PublicIncident {
    let mut incident = incident;
    for post in &mut incident.posts {
        for written in post.texts.values_mut() {
            (written.title, written.body) = (with.to_owned(), format!("{with}\n\n{with}"));
        }
    }
    incident
}

fn spoilt_rules(with: &str) -> CommsRules {
    let mut rules = rules();
    for component in &mut rules.components {
        component.names.values_mut().for_each(|name| with.clone_into(name));
        component.descriptions.values_mut().for_each(|name| with.clone_into(name));
    }
    rules.groups.iter_mut().flat_map(|group| group.names.values_mut()).for_each(|name| with.clone_into(name));
    rules.page.as_mut().unwrap().name = with.to_owned();
    rules
}

fn model(with: &str) -> Model {
    Model::new(Arc::new(spoilt_rules(with)), vec![spoilt(open(), with), spoilt(planned(), with)], now())
}

#[tokio::test]
async fn whatever_is_said_stays_text_in_every_file() {
    let Some(mut readers) = readers("whatever is said stays text") else { return };
    let harmless = files(&Model::new(Arc::new(rules()), vec![open(), planned()], now()));
    for hostile in HOSTILE {
        let files = files(&model(hostile));
        assert_eq!(files.keys().collect::<Vec<_>>(), harmless.keys().collect::<Vec<_>>(), "no text names a file");
        for (path, file) in &files {
            let text = String::from_utf8(file.bytes.to_vec()).unwrap();
            let extension = path.rsplit('.').next().unwrap();
            let whole = String::from_utf8(harmless[path].bytes.to_vec()).unwrap();
            match extension {
                "atom" | "rss" | "svg" | "xml" => {
                    let mut shape = async |text: &str| readers.asked(json!({ "as": "tree", "text": text })).await;
                    let (is, was) = (shape(&text).await, shape(&whole).await);
                    assert_eq!(
                        (&is["names"], &is["attributes"]),
                        (&was["names"], &was["attributes"]),
                        "{path}: {hostile:?}"
                    );
                }
                "json" => {
                    let _: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
                }
                "ics" => {
                    let read = readers.asked(json!({ "as": "calendar", "text": text })).await;
                    assert_eq!(read["events"].as_array().unwrap().len(), 1, "{hostile:?}");
                    let count = |text: &str, what: &str| text.lines().filter(|line| line.starts_with(what)).count();
                    assert_eq!((count(&text, "BEGIN:"), count(&text, "END:")), (2, 2), "{text}");
                    assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\u{0}']), "{text:?}");
                }
                "html" => assert!(!text.contains("<script") && !text.contains("onload=\"alert"), "{path}: {hostile:?}"),
                "txt" => assert_eq!(text, whole),
                other => panic!("nobody has thought of .{other}"),
            }
        }
    }
}

#[tokio::test]
async fn a_feed_keeps_every_harmless_character() {
    let Some(mut readers) = readers("a feed keeps every harmless character") else { return };
    let said = "Café & “Kassa” <7> 100 % \u{1f6d2} ÅÄÖ";
    let files = files(&Model::new(Arc::new(rules()), vec![spoilt(open(), said)], now()));
    let feed = String::from_utf8(files["history.atom"].bytes.to_vec()).unwrap();
    let read = readers.asked(json!({ "as": "feed", "text": feed })).await;
    assert_eq!(read["entries"][0]["title"], format!("Identified: {said}"));
}

#[test]
fn nothing_is_made_where_there_is_no_page() {
    let rules = CommsRules { page: None, ..rules() };
    assert!(files(&Model::new(Arc::new(rules), outage().incidents, now())).is_empty());
}
