//! kill -9 of the real binary at random moments of exports to a folder: no file is ever half, nothing leads to what is not there, and
//! after a restart the folder is what is served.
//!
//! `MUSTER_SEED=… MUSTER_KILLS=100 cargo test -p muster-tests --test statuspage_files killed` replays the moments.

use crate::export::found;
use muster_tests::process::{Installation, SOON, eventually, http, number_from, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

const KILLS: u64 = 6;
/// A kill comes at most so long after an export has begun.
const LIFE: Duration = Duration::from_millis(8);
/// How often the folder is looked at, to see one begin.
const LOOK: Duration = Duration::from_micros(500);
/// An export that has not begun by then was over before it was seen.
const OVER: Duration = Duration::from_secs(2);

/// Lets go what was drafted.
const PUBLISH: &str = "comms publish 1";

const HOUSE: &str = r#"
[organisation]
name = "Nordic Retail"
time_zone = "UTC"
[[person]]
id = "alice"
name = "Alice Ek"
email = "alice@example.com"
right = "admin"
[[service]]
id = "checkout"
name = "Checkout"
[[component]]
id = "web-shop"
name = "Web shop"
services = ["checkout"]
[[site]]
id = "lund"
public_name = "Lund"
region = "South"
[[site]]
id = "umea"
public_name = "Umeå"
region = "North"
[statuspage]
url = "https://status.example.com"
export_folder = "page"
"#;

type Files = BTreeMap<String, Vec<u8>>;

/// How every file of a kind ends. One that is cut off does not.
const ENDS: [(&str, &str); 8] = [
    (".html", "</html>"),
    (".json", "}"),
    (".atom", "</feed>"),
    (".rss", "</rss>"),
    (".svg", "</svg>"),
    (".xml", "</urlset>"),
    (".ics", "END:VCALENDAR\r\n"),
    (".txt", "/sitemap.xml\n"),
];

/// What was put there, without what only an export reads, and what a web server does not show.
fn shown(folder: &Path) -> Files {
    let all = found(folder).into_iter();
    all.filter(|(path, _)| !path.rsplit('/').next().unwrap().starts_with('.') && path != LIST).collect()
}

const LIST: &str = "muster-export.json";

/// Whether an export has come to its end.
fn is_done(folder: &Path) -> bool {
    let Ok(list) = std::fs::read(folder.join(LIST)) else { return false };
    let list: BTreeMap<String, String> = serde_json::from_slice(&list).expect("the list is whole");
    list.values().all(|hash| !hash.is_empty())
}

/// Every file is whole, and what its links lead to is there.
fn is_sound(files: &Files) {
    for (path, bytes) in files {
        let text = std::str::from_utf8(bytes).unwrap();
        let (_, end) = ENDS.iter().find(|(kind, _)| path.ends_with(kind)).unwrap_or_else(|| panic!("what is {path}?"));
        assert!(text.ends_with(end), "{path} is half: {text}");
        if path.ends_with(".json") {
            serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{path} is half: {error}"));
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let links = text.split("href=\"").skip(1).filter(|_| path.ends_with(".html"));
        for link in links.map(|rest| rest.split('"').next().unwrap()) {
            if link.contains(':') || link.starts_with('#') {
                continue;
            }
            let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
            for part in link.split('/') {
                match part {
                    ".." => parts.truncate(parts.len().saturating_sub(1)),
                    part => parts.push(part),
                }
            }
            assert!(files.contains_key(&parts.join("/")), "{path} leads to {link}, which is not there");
        }
        // What a feed or the API names, its page can be read.
        for named in text.split("https://status.example.com/incidents/").skip(1) {
            let number = named.split('/').next().unwrap();
            assert!(files.contains_key(&format!("incidents/{number}/index.html")), "{path} names {number}");
        }
    }
}

/// The key under which what was drafted is published: the same again does nothing more.
fn key(incident: &str) -> String {
    format!("publish-{incident}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_cut_short_at_any_moment() {
    let test = "kill -9 of the binary while it exports";
    let mut rng = StdRng::seed_from_u64(seed(test));
    let kills = number_from("MUSTER_KILLS").unwrap_or(KILLS);
    let installation = Installation::configured("sqlite:muster.db", HOUSE);
    let folder = installation.folder().join("page");
    let first = installation.start().await;
    let alice = installation.client("alice");
    for number in 1..=kills {
        let incident = format!("INC-{number}");
        alice.does("new sev3 the web shop is slow --service checkout", None).await;
        alice.does("comms draft public-free headline=Slow words=\"It takes long.\"", Some(&incident)).await;
    }
    eventually("the page is there", SOON, async || is_done(&folder).then_some(())).await;
    first.terminate().await;

    let mut cut_short = 0;
    for number in 1..=kills {
        let server = installation.start().await;
        let (incident, lives) = (format!("INC-{number}"), rng.random_range(Duration::ZERO..LIFE));
        let kill = async {
            let began = Instant::now();
            while is_done(&folder) && began.elapsed() < OVER {
                tokio::time::sleep(LOOK).await;
            }
            // The moment of the kill is the point: nothing is waited for.
            tokio::time::sleep(lives).await;
            server.kill();
        };
        // Answered or not.
        let key = key(&incident);
        let _ = tokio::join!(alice.say(&key, PUBLISH, Some(&incident)), kill);
        cut_short += usize::from(!is_done(&folder));
        is_sound(&shown(&folder));
    }

    let last = installation.start().await;
    for number in 1..=kills {
        let incident = format!("INC-{number}");
        let _ = alice.insist(&key(&incident), PUBLISH, Some(&incident)).await.done();
    }
    let page = format!("incidents/INC-{kills}/index.html");
    eventually("the folder is what is served", SOON, async || {
        if !is_done(&folder) || !folder.join(&page).exists() {
            return None;
        }
        let files = shown(&folder);
        for (path, bytes) in &files {
            let served = http().get(format!("{}/status/{path}", installation.url())).send().await.unwrap();
            if served.bytes().await.unwrap() != bytes {
                return None;
            }
        }
        Some(())
    })
    .await;
    last.terminate().await;
    let all = found(&folder);
    is_sound(&shown(&folder));
    assert_eq!(all.len(), shown(&folder).len() + 1, "nothing of what was cut short is left: {:?}", all.keys());
    assert!(kills == 0 || cut_short > 0, "nothing was cut short");
    tell(&format!("{test}: {kills} kills, {cut_short} in the midst of an export of {} files", all.len()));
}
