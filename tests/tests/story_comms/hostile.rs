//! Somebody pastes what breaks things into a word to customers. Everybody outside reads it as it was written, and nothing else happens.

use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::comms::Written;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_tests::markup::Markup;
use muster_tests::notify::Letter;
use muster_tests::python::{self, Talk};
use muster_tests::stage::Stage;
use muster_tests::stage::outside::Outside;
use muster_tests::stage::workspace::Wire;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TITLE: &str = "<b>@everyone</b> <!channel> {{words}} =1+1\r\nBcc: all@example.org\u{202e}";

/// A line of each kind, with ends of lines as Windows writes them.
const LINES: [&str; 13] = [
    "<script>alert(1)</script><img src=x onerror=alert(2)><style>*{display:none}</style>",
    "\"><svg/onload=alert(3)> ' autofocus onfocus='alert(4)' x=\"",
    "]]><!-- &lt;b&gt; &xxe; %dtd; <?xml version=\"1.0\"?> --></title></textarea>",
    "*bold* _italic_ ~strike~ ||hidden|| # large",
    "`code` ```block``` > quote",
    "@everyone @here <!channel> <!here|you> <!everyone> <!subteam^S0000001>",
    "<@U0000001> <@1> <@!1> <@&1> <#C0000001> </inc:1> <:x:1>",
    "{{words}} {{{words}}} {{> next}} {{#if x}} ${{ secrets.KEY }} ${7*7} <%= 7 %>",
    "\u{202e}desrever\u{202c} \u{2066}alone\u{2069} nul\0 bell\u{7} escape\u{1b}[31m",
    "BEGIN:VALARM\\nEND:VEVENT; DTSTART:19700101,\\",
    "=HYPERLINK(\"http://evil.example\") +1 -1 @SUM(A1)",
    "[here](javascript:alert(5)) <javascript:alert(6)|here> javascript:alert(7) data:text/html,x",
    "https://bank.example@evil.example/ https://shop.example/\"onclick=alert(8)",
];

/// The markup that a text has in a feed.
const IN_FEEDS: [&str; 5] = ["a", "a href", "a rel", "br", "p"];

/// What is left of it for anybody to read: without what cannot be seen.
fn seen(line: &str) -> String {
    let hidden = |sign: char| sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    folded(&line.replace("\r\n", " ").chars().filter(|sign| !hidden(*sign)).collect::<String>())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits alone: chats have marks of their own between them, which keep what is around them from being markup.
fn bare(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// Carol drafts a message that says this in every language, as a form does.
async fn pastes(stage: &Stage, title: &str, body: &str) {
    let mut call = Invocation::of("comms draft").on(IncidentId(1)).with("template", "public-free");
    for language in ["", ".sv", ".de"] {
        call = call.with(&format!("values.headline{language}"), title).with(&format!("values.words{language}"), body);
    }
    let place = Place { platform: PlatformId::console(), incident: Some(IncidentId(1)), address: None, forms: false };
    let request = RequestId::new(format!("pasted-{}", title.len()));
    let caller = Caller::Person(PersonId::from("carol"));
    let answer = stage.muster().execute(Inbound { caller, place, request, ask: Ask::Call(call) }).await;
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
}

/// Dave lets a message go, and sends it.
async fn goes_out(stage: &Stage, number: i64) {
    stage.person("carol").types(&format!("INC-1 comms submit {number}")).await.ok();
    let whole = stage.person("dave").types(&format!("INC-1 comms preview {number}")).await;
    stage.person("dave").in_room("INC-1").clicks(&whole, "Approve").await.ok();
    stage.person("dave").types(&format!("INC-1 comms publish {number}")).await.ok();
}

/// What was let go, in English. What was pasted is the same in every language; the next word is promised in each.
struct Said(Written);

impl Said {
    /// What was pasted, as it is read.
    fn lines(&self) -> impl Iterator<Item = String> {
        std::iter::once(self.0.title.clone()).chain(LINES.iter().map(|line| seen(line)))
    }

    /// All of it is read there, line by line.
    fn is_in(&self, what: &str, text: &str) {
        let text = folded(text);
        for line in self.lines() {
            assert!(text.contains(&line), "{what}: {line:?} is not in:\n{text}");
        }
    }

    /// All of it is read in that page or letter, and no markup has come of it: there is none but what `usual` has.
    fn is_text_in(&self, what: &str, page: &str, usual: &BTreeSet<String>) {
        let markup = Markup::of(page);
        self.is_in(what, &markup.text);
        is_harmless(what, &markup, usual);
    }
}

fn is_harmless(what: &str, markup: &Markup, usual: &BTreeSet<String>) {
    let new: Vec<_> = markup.names.difference(usual).collect();
    assert!(new.is_empty(), "{what}: {new:?}");
    for link in &markup.links {
        assert!(!link.contains(':') || link.starts_with("https://") && !link.contains('"'), "{what} leads to {link}");
    }
}

fn names(pages: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    pages.into_iter().flat_map(|page| Markup::of(&page).names).collect()
}

/// The pages, feeds and data of the status page.
async fn on_the_page(outside: &Outside<'_>, said: &Said, usual: &BTreeSet<String>) {
    let files = outside.files().await;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        is_harmless(path, &Markup::of(text), usual);
    }
    for path in ["index.html", "sv/index.html", "incidents/INC-1/index.html", "de/incidents/INC-1/index.html"] {
        said.is_text_in(path, &files[path], usual);
    }
    let api: Value = serde_json::from_str(&files["api/v2/incidents.json"]).expect("JSON");
    let incident = &api["incidents"][0];
    assert_eq!(
        (&incident["name"], &incident["incident_updates"][0]["body"]),
        (&json!(said.0.title), &json!(said.0.body))
    );

    let Some(python) = python::with("hostile text in feeds", &["feedparser", "icalendar"], "python") else { return };
    let mut readers = Talk::start(python, "clients/reader.py", &[]);
    for path in ["history.atom", "history.rss"] {
        let read = readers.asked(json!({ "as": "feed", "text": files[path] })).await;
        assert_eq!(read["wrong"], Value::Null, "{path}");
        let tree = readers.asked(json!({ "as": "tree", "text": files[path] })).await;
        let plain = tree["text"].as_str().expect("text");
        // A title is plain text; what is said is markup once more.
        let markup = Markup::of(read["held"][0].as_str().expect("text"));
        said.is_in(path, &format!("{plain} {}", markup.text));
        is_harmless(path, &markup, &IN_FEEDS.map(str::to_owned).into());
    }
}

/// A letter: one of each header, and of no other kind.
fn in_a_letter(letter: &Letter, said: &Said, usual: &(BTreeSet<String>, BTreeSet<String>)) {
    let headers: BTreeSet<_> = letter.headers.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!((&headers, headers.len()), (&usual.0, letter.headers.len()), "{:?}", letter.headers);
    assert!(letter.header("subject").contains(&said.0.title), "{}", letter.header("subject"));
    assert_eq!(letter.receivers.len(), 1);
    said.is_in("a letter", &letter.plain);
    said.is_text_in("a letter", &letter.html, &usual.1);
}

async fn everybody_outside_reads_what_was_written(stage: Stage) {
    let outside = stage.outside("hostile text").await;
    let carol = stage.person("carol");
    stage.person("alice").types("new sev1 cards are declined --service payment").await.ok();
    stage.person("alice").types("INC-1 ic").await.ok();
    carol.types("INC-1 role comms").await.ok();

    // A harmless word with lines and a link, to know how a page and a letter usually look.
    pastes(&stage, "A", "See https://shop.example/help\r\nWe are sorry.").await;
    goes_out(&stage, 1).await;
    let letters = outside.letters(2).await;
    let headers = letters.iter().flat_map(|letter| letter.headers.iter().map(|(name, _)| name.clone()));
    let usual_letter = (headers.collect::<BTreeSet<_>>(), names(letters.iter().map(|letter| letter.html.clone())));
    let files = outside.files().await;
    let usual_page = names(files.into_iter().filter(|(path, _)| path.ends_with(".html")).map(|(_, page)| page));
    drop(outside.told().await);

    pastes(&stage, TITLE, &LINES.join("\r\n")).await;
    goes_out(&stage, 2).await;

    let public = stage.public_of("INC-1").await.expect("customers see it");
    let texts = &public.posts.last().expect("a post").texts;
    let said = Said(texts[&"en".parse().expect("a language")].clone());
    assert_eq!(said.0.title, seen(TITLE), "nothing of it is lost");
    let lines: Vec<_> = said.0.body.lines().map(folded).collect();
    for line in LINES {
        assert!(lines.contains(&seen(line)), "{line:?} is not in:\n{lines:#?}");
    }

    on_the_page(&outside, &said, &usual_page).await;
    for letter in outside.letters(2).await {
        in_a_letter(&letter, &said, &usual_letter);
    }
    for told in outside.told().await {
        let (title, body) = (&told["data"]["title"], &told["data"]["body"]);
        assert_eq!(title, &json!(said.0.title));
        assert!(
            body.as_str().is_some_and(|body| LINES.iter().all(|line| folded(body).contains(&seen(line)))),
            "{body}"
        );
    }
    let updates = outside.statuspage.updates();
    assert_eq!(updates.first().map(|(_, body)| body.as_str()), Some(said.0.body.as_str()));
    let heard = outside.overheard().await;
    let last = heard.last().expect("the channel for customers was told");
    assert_eq!(last.pings, [""; 0], "nobody is pinged");
    for line in said.lines() {
        assert!(bare(&last.words).contains(&bare(&line)), "{line:?} is not in:\n{}", last.words);
    }
    for link in last.links() {
        let is_shown = said.lines().any(|line| line.contains(&link)) || link.starts_with("https://status.example.com/");
        assert!(link.starts_with("https://") && is_shown, "a link leads elsewhere than it says: {link}");
    }

    stage.room("INC-1").skips().await;
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
    outside.closes().await;
    stage.finish().await;
}

#[tokio::test]
async fn in_slack() {
    everybody_outside_reads_what_was_written(Stage::in_slack(Wire::Socket).await).await;
}

#[tokio::test]
async fn in_discord() {
    everybody_outside_reads_what_was_written(Stage::in_discord(Wire::Socket).await).await;
}
