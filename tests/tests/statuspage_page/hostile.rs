//! Whatever is in a message or in the config, a page is a page: its texts are texts.

use crate::markup::{pages, unpack};
use muster_core::comms::{Correction, Locale, Locales, PublicIncident, PublicSite, Texts, Written};
use muster_statuspage::{Model, files};
use muster_tests::generate::HOSTILE;
use muster_tests::node;
use muster_tests::statuspage::{language, now, open, outage, rules};
use std::sync::Arc;

const MARKUP: [&str; 10] = [
    "</title><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "https://x.example/\"onclick=\"alert(1)",
    "https://x.example/<script>alert(1)</script>",
    "--><base href=https://evil.example/><!--",
    "\u{202e}\u{2066}turned\u{0}\u{7f}\u{85}\u{fffe}",
];

fn hostile() -> Vec<String> {
    let long = ["W".repeat(5_000), "å ".repeat(2_000), "\n".repeat(3_000), "https://".repeat(500), ")".repeat(900)];
    HOSTILE.iter().chain(&MARKUP).map(|text| (*text).to_owned()).chain(long).collect()
}

fn said(text: &str) -> Texts {
    let written = Written { title: text.to_owned(), body: format!("{text}\n\n{text}") };
    Texts::from([(language("en"), written)])
}

/// A page on which that text is wherever somebody else's text can be.
fn with(text: &str) -> Model {
    let mut incident = open();
    for post in &mut incident.posts {
        post.texts = said(text);
        post.corrected.push(Correction { at: now(), was: said(text) });
    }
    let over = PublicIncident { incident: muster_core::ids::IncidentId(1), ended_at: Some(now()), ..incident.clone() };
    let mut rules = rules();
    rules.locales = Locales::new(Locale::english(), []);
    // What is in the config is the operator's own, and may be anything that can be seen.
    let name: String = text.chars().filter(|sign| !sign.is_control() && *sign != '\u{fffe}').take(300).collect();
    rules.sites.push(PublicSite { site: "s".to_owned(), name: name.clone(), region: Some(name.clone()) });
    for component in &mut rules.components {
        component.names.values_mut().chain(component.descriptions.values_mut()).for_each(|one| one.clone_from(&name));
    }
    if let Some(page) = &mut rules.page {
        page.name = name;
        page.theme.accent = Some(text.to_owned());
    }
    Model::new(Arc::new(rules), vec![incident, over], now())
}

/// The elements of a page that nobody but us may write, by what they begin with, and how often each is there.
fn elements(page: &str) -> Vec<&str> {
    let mut elements: Vec<_> =
        page.split('<').skip(1).map(|tag| tag.split([' ', '>']).next().unwrap_or_default()).collect();
    elements.sort_unstable();
    elements.dedup();
    elements
}

#[test]
fn a_text_never_becomes_markup() {
    let known = |page: &str| elements(page).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut ours: Vec<_> = pages(&files(&outage())).flat_map(|(_, page)| known(page)).collect();
    ours.sort();
    ours.dedup();
    for text in hostile() {
        let files = files(&with(&text));
        for (path, page) in pages(&files) {
            for element in elements(page) {
                assert!(ours.iter().any(|one| one == element), "{path} has <{element} by {:?}", text.get(..80));
            }
            assert!(!page.contains("javascript:\"") && !page.contains("href=\"javascript"), "{path}");
        }
    }
}

#[test]
fn pages_with_hostile_texts_are_valid_html() {
    let folder = tempfile::tempdir().expect("a folder");
    for (index, text) in hostile().iter().enumerate() {
        let mut files = files(&with(text));
        files.retain(|path, _| {
            ["index.html", "incidents/INC-142/index.html", "subscribe/index.html"].contains(&path.as_str())
        });
        unpack(&files, &folder.path().join(index.to_string()));
    }
    let Some(errors) = node::html_errors("statuspage_page::hostile", folder.path()) else { return };
    assert_eq!(errors, Vec::<String>::new());
}
