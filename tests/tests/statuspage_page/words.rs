//! What the page says, and does not say.

use crate::markup::pages;
use muster_core::comms::{ComponentState, Destination, Locales, PublicIncident, PublicStatus};
use muster_statuspage::{Model, files};
use muster_tests::clock::moment;
use muster_tests::statuspage::{calm, language, model, names, now, open, outage, planned, rules};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn page(model: &Model, path: &str) -> String {
    String::from_utf8(files(model)[path].bytes.to_vec()).expect("a page is text")
}

/// The text of a page as it is read, without its markup.
pub(crate) fn text(page: &str) -> String {
    let shown = page.split_once("<body>").expect("a page has a body").1;
    let text: String = shown.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.replace('\u{a0}', " ")
}

pub(crate) fn title(model: &Model, path: &str) -> String {
    let page = page(model, path);
    page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).expect("a title").0.to_owned()
}

#[test]
fn the_title_says_how_it_is() {
    assert_eq!(title(&calm(), "index.html"), "All services operational · Nordic Retail status");
    assert_eq!(title(&outage(), "index.html"), "Major outage · Nordic Retail status");
    assert_eq!(title(&outage(), "sv/index.html"), "Större avbrott · Driftläge för Nordic Retail");
    assert_eq!(
        title(&outage(), "de/incidents/INC-142/index.html"),
        "Kartenzahlung online und in einigen Filialen gestört – Ursache gefunden · Status von Nordic Retail"
    );
}

#[test]
fn what_is_open_is_never_called_well() {
    let said = |incident: PublicIncident| title(&model(vec![incident]), "index.html");
    let nameless = || PublicIncident { states: Vec::new(), ..open() };
    assert_eq!(said(nameless()), "We are looking into a problem · Nordic Retail status");
    // All is well again, and the last word is that it is watched.
    let mut watched = nameless();
    watched.posts[2].status = PublicStatus::Monitoring;
    assert_eq!(said(watched), "Recovered, and being watched · Nordic Retail status");
    assert_eq!(
        said(PublicIncident { ended_at: Some(now()), ..open() }),
        "All services operational · Nordic Retail status"
    );
}

#[test]
fn a_text_that_was_taken_back_is_nowhere() {
    for (path, text) in pages(&files(&outage())) {
        for gone in ["Card payments work again", "Kortbetalningar fungerar igen", "Kartenzahlung funktioniert wieder"] {
            assert!(!text.contains(gone), "{path} still says that “{gone}”");
        }
    }
    let text = text(&page(&outage(), "incidents/INC-142/index.html"));
    assert!(text.contains("Withdrawn 21 November, 11:20 CET"), "{text}");
    // Nor is it a name, when all of it was taken back.
    let mut nothing = open();
    nothing.posts.iter_mut().for_each(|post| post.retracted = Some(now()));
    let nothing = model(vec![nothing]);
    assert_eq!(title(&nothing, "incidents/INC-142/index.html"), "Incident INC-142 – Withdrawn · Nordic Retail status");
    assert!(pages(&files(&nothing)).all(|(_, text)| !text.contains("Card payments fail")));
}

#[test]
fn a_correction_says_so_and_keeps_what_was() {
    let page = page(&outage(), "incidents/INC-142/index.html");
    let (_, first) = page.split_once("Investigating</strong>").expect("the first update");
    let (shown, hidden) = first.split_once("<details>").expect("what it said before");
    assert!(text(&format!("<body>{shown}")).contains("Corrected 21 November, 10:55 CET"), "{shown}");
    assert!(shown.contains("Many card payments fail online, and some in our stores."));
    assert!(!shown.contains("in all our stores and online"));
    assert!(hidden.contains("Card payments fail in all our stores and online."));
}

#[test]
fn a_promise_is_shown_while_it_is_the_last_word() {
    let promise = "Next update by";
    assert_eq!(page(&outage(), "index.html").matches(promise).count(), 1);
    let mut two = open();
    two.posts[0].next_at = Some(moment("2026-11-21T10:10:00Z"));
    assert_eq!(page(&model(vec![two]), "index.html").matches(promise).count(), 1);
    let over = PublicIncident { ended_at: Some(now()), ..open() };
    assert_eq!(page(&model(vec![over]), "incidents/INC-142/index.html").matches(promise).count(), 0);
}

#[test]
fn planned_work_is_not_said_to_be_under_way_before_it_is() {
    let of = |incident| text(&page(&model(vec![incident]), "incidents/INC-139/index.html"));
    assert!(!of(planned()).contains("Under maintenance"));
    let mut begun = planned();
    begun.posts[0].status = PublicStatus::InProgress;
    assert!(of(begun).contains("Under maintenance"));
}

#[test]
fn what_the_config_knows_no_more_is_shown_by_nothing() {
    let mut gone = open();
    gone.states[0].1.insert("fax".to_owned(), ComponentState::MajorOutage);
    gone.sites.extend(["moon".to_owned(), "malmo-emporia".to_owned()]);
    let text = text(&page(&model(vec![gone]), "incidents/INC-142/index.html"));
    assert!(text.contains("Malmö Emporia") && text.contains("Tills"), "{text}");
    assert!(!text.contains("fax") && !text.contains("moon"), "{text}");
}

#[test]
fn a_text_in_another_language_says_which() {
    let mut english = open();
    for post in &mut english.posts {
        post.texts.retain(|locale, _| locale.as_str() == "en");
    }
    let page = page(&model(vec![english]), "sv/index.html");
    assert!(page.contains(r#"<div class="said" lang="en"><p>The fault is at the bank"#), "{page}");
    assert!(page.contains(r#"<span lang="en">Card payments fail online and in some stores</span>"#));
}

#[test]
fn a_language_the_page_does_not_speak_has_its_texts_and_english_around_them() {
    let mut rules = rules();
    rules.locales = Locales::new(language("en"), [language("pt-BR")]);
    rules.components[0].names.insert(language("pt-BR"), "Loja virtual".to_owned());
    let model = Model::new(Arc::new(rules), Vec::new(), now());
    let page = page(&model, "pt-BR/index.html");
    assert!(page.contains(r#"<html lang="en">"#) && page.contains("All services operational"));
    assert!(page.contains("Loja virtual"));
}

#[test]
fn each_component_has_one_alternative_to_its_bars() {
    let page = page(&outage(), "index.html");
    assert_eq!(page.matches("<svg class=\"bars\"").count(), rules().components.len());
    assert_eq!(page.matches("role=\"img\" aria-label=\"Last 90 days: ").count(), rules().components.len());
    let alternative = |path: &str| page.split(&format!("aria-label=\"{path}")).nth(1).map(str::to_owned);
    assert_eq!(page.matches("Last 90 days: 100% uptime.\"").count(), 4, "{:?}", alternative("Last"));
    assert!(page.contains("21 November: Major outage, "), "{page}");
}

#[test]
fn sites_show_what_is_there_and_regions_what_is_in_them() {
    let mut here = open();
    here.sites.insert("malmo-emporia".to_owned());
    let model = model(vec![here]);
    let calm = "All services operational · Nordic Retail status";
    assert_eq!(title(&model, "sites/malmo-emporia/index.html"), "Malmö Emporia: Major outage · Nordic Retail status");
    assert_eq!(title(&model, "regions/skane/index.html"), "Skåne: Major outage · Nordic Retail status");
    assert_eq!(title(&model, "regions/malardalen/index.html"), format!("Mälardalen: {calm}"));
    assert_eq!(title(&model, "sites/stockholm-sickla/index.html"), format!("Stockholm Sickla: {calm}"));
}

#[test]
fn nobody_is_asked_to_subscribe_where_nobody_can() {
    let mut rules = rules();
    rules.audiences[0].to = vec![Destination::Page];
    let files = files(&Model::new(Arc::new(rules), Vec::new(), now()));
    assert!(!files.contains_key("subscribe/index.html"));
    assert!(pages(&files).all(|(_, text)| !text.contains("subscribe/")));
}

#[test]
fn a_name_that_is_missing_in_a_language_is_there_in_the_first() {
    let mut rules = rules();
    rules.components[0].names =
        BTreeMap::from([(language("en"), names(["Web shop", "", ""])[&language("en")].clone())]);
    let model = Model::new(Arc::new(rules), Vec::new(), now());
    assert!(text(&page(&model, "sv/index.html")).contains("Web shop"));
}
