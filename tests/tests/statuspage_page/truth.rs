//! What customers see is true: of work that was called off, withdrawn or done at another time, and of days nobody has vouched for.

use crate::markup::pages;
use crate::words::{page, text, title};
use muster_core::clock::Timestamp;
use muster_core::comms::{self, ComponentState, Post, PublicIncident, PublicStatus, moment as told};
use muster_statuspage::{Model, files};
use muster_tests::clock::moment;
use muster_tests::statuspage::{language, model, new_rules, now, open, planned, rules};
use std::sync::Arc;

const WORK: &str = "incidents/INC-139/index.html";

/// Something more is said of the work.
pub(crate) fn said(mut work: PublicIncident, status: PublicStatus, at: Timestamp) -> PublicIncident {
    let number = work.posts.last().map_or(1, |post| post.number + 1);
    let texts = work.posts[0].texts.clone();
    work.posts.push(Post { number, at, status, texts, next_at: None, corrected: Vec::new(), retracted: None });
    work.ended_at = status.is_over().then_some(at);
    work
}

/// All that was said is taken back.
pub(crate) fn withdrawn(mut incident: PublicIncident) -> PublicIncident {
    for post in &mut incident.posts {
        (post.retracted, post.corrected) = (Some(moment("2026-11-21T10:20:00Z")), Vec::new());
        post.texts.clear();
    }
    incident
}

#[test]
fn work_that_is_called_off_is_announced_no_more_and_told_of_as_that() {
    let off = said(planned(), PublicStatus::Completed, moment("2026-11-21T10:05:00Z"));
    let off = model(vec![off]);
    for (path, heading, word) in [
        ("index.html", "Planned maintenance", "Called off 11:05 CET"),
        ("sv/index.html", "Planerat underhåll", "Inställt 11:05 CET"),
        ("de/index.html", "Geplante Wartung", "Abgesagt 11:05 CET"),
    ] {
        let page = text(&page(&off, path));
        assert!(!page.contains(heading) && page.contains(word), "{path}: {page}");
    }
    assert_eq!(title(&off, WORK), "New system for gift cards – Called off · Nordic Retail status");
    let own = text(&page(&off, WORK));
    assert!(own.contains("Planned for24 November, 23:00 CET") && !own.contains("Duration"), "{own}");
    assert!(!own.contains("Completed") && !own.contains("Under maintenance"), "{own}");
    assert!(text(&page(&off, "history/2026-11/index.html")).contains("Called off 11:05 CET"));
}

#[test]
fn work_of_which_the_only_word_was_taken_back_is_not_planned() {
    let nothing = model(vec![withdrawn(planned())]);
    let first = text(&page(&nothing, "index.html"));
    assert!(!first.contains("Planned maintenance"), "{first}");
    assert!(first.contains("Maintenance INC-139Withdrawn 11:20 CET"), "{first}");
    assert_eq!(title(&nothing, WORK), "Maintenance INC-139 – Withdrawn · Nordic Retail status");
    assert!(!text(&page(&nothing, WORK)).contains("Planned for"), "when it was planned for was taken back, too");
    assert!(text(&page(&nothing, "sv/index.html")).contains("Underhåll INC-139Återtaget 11:20 CET"));
    // Where another word stands, so does the plan.
    let mut reminded = said(withdrawn(planned()), PublicStatus::Scheduled, now());
    reminded.posts[1].texts = planned().posts[0].texts.clone();
    assert!(text(&page(&model(vec![reminded]), "index.html")).contains("Planned maintenanceNew system for gift cards"));
}

#[test]
fn an_incident_of_which_nothing_stands_is_not_open() {
    let nothing = model(vec![withdrawn(open())]);
    assert_eq!(title(&nothing, "index.html"), "All services operational · Nordic Retail status");
    let first = text(&page(&nothing, "index.html"));
    assert!(first.contains("Incident INC-142Withdrawn 11:20 CET") && !first.contains("Current incidents"), "{first}");
    assert_eq!(title(&nothing, "incidents/INC-142/index.html"), "Incident INC-142 – Withdrawn · Nordic Retail status");
    assert!(pages(&files(&nothing)).all(|(_, text)| !text.contains("Card payments fail")));
    // Nor has it cost anybody a minute.
    assert_eq!(page(&nothing, "index.html").matches("100% uptime").count(), 2 * rules().components.len());
}

#[test]
fn what_is_over_tells_when_it_was_and_not_when_it_was_planned_for() {
    let begun = said(planned(), PublicStatus::InProgress, moment("2026-11-21T10:00:00Z"));
    let under_way = text(&page(&model(vec![begun.clone()]), WORK));
    assert!(under_way.contains("Planned for24 November, 23:00 CET"), "{under_way}");
    assert!(
        under_way.contains("Began21 November, 11:00 CET") && under_way.contains("Under maintenance"),
        "{under_way}"
    );

    let over = model(vec![said(begun, PublicStatus::Completed, moment("2026-11-21T10:01:00Z"))]);
    for path in ["index.html", "history/2026-11/index.html"] {
        let page = text(&page(&over, path));
        assert!(page.contains("Completed 11:00–11:01 CET · 1 min · Gift cards"), "{path}: {page}");
    }
    let own = text(&page(&over, WORK));
    assert!(own.contains("AffectedGift cards") && !own.contains("Under maintenance"), "{own}");
    assert!(own.contains("Began21 November, 11:00 CETEnded21 November, 11:01 CETDuration1 min"), "{own}");
    assert!(!own.contains("Planned for"), "{own}");
}

#[test]
fn what_is_over_does_not_say_that_anything_is_down() {
    let over = PublicIncident { ended_at: Some(now()), ..open() };
    for (path, past) in [("", "Affected"), ("sv/", "Berörde"), ("de/", "Betraf")] {
        let own = text(&page(&model(vec![over.clone()]), &format!("{path}incidents/INC-142/index.html")));
        let locale = language(path.strip_suffix('/').unwrap_or("en"));
        let down = comms::words(&locale).state(ComponentState::MajorOutage);
        assert!(own.contains(past) && !own.contains(down), "{own}");
    }
}

#[test]
fn an_incident_began_when_it_was_declared_and_cost_time_since_then() {
    let began_at = moment("2026-11-21T08:42:00Z");
    let declared = model(vec![PublicIncident { began_at, ..open() }]);
    let own = text(&page(&declared, "incidents/INC-142/index.html"));
    assert!(own.contains("Began21 November, 09:42 CET"), "{own}");
    // Down from 9:42 to 11:40 of 11 hours and 40 minutes.
    assert!(page(&declared, "index.html").contains("21 November: Major outage, 83.14%"));
    assert!(!page(&model(vec![open()]), "index.html").contains("21 November: Major outage, 83.14%"));
}

#[test]
fn a_page_that_is_new_claims_nothing_of_the_days_before_it() {
    let new = |incidents| Model::new(Arc::new(new_rules()), incidents, now());
    let calm = page(&new(Vec::new()), "index.html");
    assert!(calm.contains("aria-label=\"Since 21 November: 100% uptime.\""), "{calm}");
    assert!(calm.contains("M0 15h89") && calm.contains("M89 15h1"), "the days before are drawn otherwise");
    let read = text(&calm);
    assert!(read.contains("100% uptime since 21 November") && read.contains("No data"), "{read}");
    assert!(read.contains("21 NovemberNo incidents") && !read.contains("–21 November"), "{read}");
    let files = files(&new(Vec::new()));
    let months: Vec<_> = files.keys().filter(|path| path.starts_with("history/2")).collect();
    assert_eq!(months, ["history/2026-11/index.html"]);

    // From its first word on it knows.
    let work = PublicIncident { began_at: moment("2026-11-19T08:00:00Z"), ..planned() };
    let told = page(&new(vec![work]), "sv/index.html");
    assert!(told.contains("Sedan 19 november: 100\u{a0}% tillgänglighet."), "{told}");
    assert!(text(&told).contains("19–21 novemberInga störningar"), "{}", text(&told));
    // Nor does a day to come make it older than it is.
    let mut rules = new_rules();
    rules.page.as_mut().expect("there is a page").since = "2027-01-01".parse().ok();
    assert!(page(&Model::new(Arc::new(rules), Vec::new(), now()), "index.html").contains("M0 15h89"));
}

#[test]
fn a_page_says_what_its_text_has_not_said() {
    let zone = rules().page.expect("there is a page").time_zone;
    let mut promising = open();
    let next = promising.posts[2].next_at.expect("it promises");
    for (language, said) in &mut promising.posts[2].texts {
        said.body.push_str(&format!("\n\n{} – Malmö Emporia", told(language, next, zone)));
    }
    promising.sites.insert("malmo-emporia".to_owned());
    let promising = model(vec![promising]);
    for (path, promise, only) in [
        ("incidents/INC-142/index.html", "Next update by", "Only at"),
        ("sv/incidents/INC-142/index.html", "Nästa besked senast", "Bara här"),
        ("de/incidents/INC-142/index.html", "Nächste Meldung bis", "Nur hier"),
    ] {
        let read = text(&page(&promising, path));
        assert!(!read.contains(promise) && !read.contains(only), "{read}");
        assert!(text(&page(&model(vec![open()]), path)).contains(promise), "{path}");
    }
}
