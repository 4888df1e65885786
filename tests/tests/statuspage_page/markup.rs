//! The markup: read by people in three languages, judged by the Nu HTML checker, and light.

use muster_statuspage::{File, Model, files};
use muster_tests::node;
use muster_tests::statuspage::{calm, empty, outage};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What a page may weigh with all that it needs.
const HEAVIEST: usize = 50 * 1024;

/// The pages among the files, as text.
pub(crate) fn pages(files: &BTreeMap<String, File>) -> impl Iterator<Item = (&str, &str)> {
    files.iter().filter(|(path, _)| path.ends_with(".html")).map(|(path, file)| {
        let text = std::str::from_utf8(&file.bytes).expect("a page is text");
        (path.as_str(), text)
    })
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(move |rest| rest.split(after).next().unwrap_or_default())
}

/// Writes the pages into a folder.
pub(crate) fn unpack(files: &BTreeMap<String, File>, folder: &Path) {
    for (path, text) in pages(files) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is a folder");
        std::fs::write(path, text).expect("the page is written");
    }
}

/// The page with a line for each element that is not in the midst of text, and without its style.
fn readable(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").expect("a page has a style");
    let (_, rest) = rest.split_once("</style>").expect("which ends");
    let (policy, _) = rest.split_once("<svg class=\"defs\"").expect("a page has signs");
    let signless = rest.split_once("</svg>").expect("which end").1;
    let whole = format!("{head}<style>…</style>{policy}{signless}");
    let hash = between(&whole, "sha256-", "'").next().expect("a page has a policy").to_owned();
    let mut lines = String::new();
    for part in whole.replace(&hash, "…").split_inclusive('>') {
        let inline = ["<a ", "<strong", "<time", "<span", "<use", "<br", "<dt", "</"];
        if part.starts_with('<') && !inline.iter().any(|tag| part.starts_with(tag)) {
            lines.push('\n');
        }
        lines.push_str(part);
    }
    lines
}

#[test]
fn the_first_page_reads_well_in_every_language_on_every_day() {
    for (day, model) in [("empty", empty()), ("calm", calm()), ("outage", outage())] {
        let files = files(&model);
        for (language, path) in [("en", "index.html"), ("sv", "sv/index.html"), ("de", "de/index.html")] {
            let page = std::str::from_utf8(&files[path].bytes).expect("a page is text");
            insta::assert_snapshot!(format!("{day}_{language}"), readable(page));
        }
    }
}

#[test]
fn the_other_pages_read_well() {
    let files = files(&outage());
    for (name, path) in [
        ("incident", "incidents/INC-142/index.html"),
        ("planned", "sv/incidents/INC-139/index.html"),
        ("subscribe", "de/subscribe/index.html"),
        ("not_found", "404.html"),
    ] {
        let page = std::str::from_utf8(&files[path].bytes).expect("a page is text");
        insta::assert_snapshot!(name, readable(page));
    }
}

#[test]
fn no_page_is_heavy() {
    for model in [empty(), calm(), outage()] {
        for (path, text) in pages(&files(&model)) {
            assert!(text.len() < HEAVIEST, "{path} weighs {} bytes", text.len());
        }
    }
}

#[test]
fn a_page_is_one_request_and_runs_nothing() {
    for (path, text) in pages(&files(&outage())) {
        for wrong in [
            "<script",
            "<iframe",
            "<img",
            "@import",
            "url(",
            "<link rel=\"stylesheet\"",
            "http-equiv=\"refresh\"",
            " style=\"",
        ] {
            assert!(!text.contains(wrong), "{path} has {wrong}");
        }
        // What a browser would run.
        let handlers = between(text, "<", ">").filter(|tag| tag.contains(" on") && tag.contains('='));
        let handlers: Vec<_> =
            handlers.filter(|tag| between(tag, " on", "=").any(|name| !name.contains(' '))).collect();
        assert_eq!(handlers, Vec::<&str>::new(), "{path}");
        // Nothing moves, so that nobody needs to ask that it stands still.
        assert!(!text.contains("animation:") && !text.contains("transition:"), "{path}");
    }
}

#[test]
fn the_policy_lets_in_the_style_of_the_page_and_no_other() {
    let (mut checked, files) = (0, files(&outage()));
    for (path, text) in pages(&files) {
        let style = between(text, "<style>", "</style>").collect::<Vec<_>>();
        let [style] = style.as_slice() else { panic!("{path} has {} styles", style.len()) };
        let hash = between(text, "style-src 'sha256-", "'").next().expect("a policy");
        use base64::Engine;
        assert_eq!(hash, base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style)), "{path}");
        checked += 1;
    }
    assert!(checked > 100, "{checked} pages");
}

#[test]
fn every_link_leads_to_a_file_that_is_there() {
    let files = files(&outage());
    let mut followed = 0;
    for (path, text) in pages(&files).filter(|(path, _)| !path.ends_with("404.html")) {
        let base = reqwest::Url::parse("https://files.example/").and_then(|root| root.join(path)).expect("an address");
        for href in between(text, " href=\"", "\"").filter(|href| !href.starts_with("data:")) {
            let target = base.join(href).expect("a link");
            let here = match target.host_str() {
                Some("files.example") => target.path().trim_start_matches('/').to_owned(),
                // Canonical ones name the folder, at the address of the page.
                Some("status.example.com") => format!("{}index.html", target.path().trim_start_matches('/')),
                _ => continue,
            };
            assert!(files.contains_key(&here), "{path} leads to {href}, which is not there");
            if let Some(id) = target.fragment() {
                assert!(text.contains(&format!("id=\"{id}\"")), "{path} has no #{id}");
            }
            followed += 1;
        }
    }
    assert!(followed > 2_000, "{followed} links");
}

#[test]
fn all_pages_are_valid_html() {
    let folder = tempfile::tempdir().expect("a folder");
    for (day, model) in [("empty", empty()), ("calm", calm()), ("outage", outage())] {
        unpack(&files(&model), &folder.path().join(day));
    }
    let Some(errors) = node::html_errors("statuspage_page", folder.path()) else { return };
    assert_eq!(errors, Vec::<String>::new());
    // The judge is awake.
    std::fs::write(folder.path().join("wrong.html"), "<!DOCTYPE html><title>x</title><p id=a><p id=a>")
        .expect("a file");
    assert!(node::html_errors("statuspage_page", folder.path()).is_some_and(|errors| !errors.is_empty()));
}

/// A page with nothing in the config but its name.
#[test]
fn without_a_page_in_the_config_there_is_none() {
    let Model { rules, incidents, now } = outage();
    let rules = muster_core::comms::CommsRules { page: None, ..(*rules).clone() };
    assert!(files(&Model::new(rules.into(), incidents, now)).is_empty());
}
