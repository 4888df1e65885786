//! Serving: from memory, at once, and whatever becomes of the database.

use crate::house::{House, header, keep, numbered};
use muster_core::comms::{Locale, Locales};
use muster_tests::process::{SOON, eventually};
use muster_tests::statuspage::{calm, open, outage, texts};
use reqwest::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderValue, IF_NONE_MATCH, LOCATION, SET_COOKIE, VARY,
};
use reqwest::{Method, StatusCode};

#[tokio::test]
async fn a_file_is_sent_once_and_then_only_named() {
    let house = House::with(&outage().incidents).await;
    let first = house.get("").await;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(header(&first, CONTENT_TYPE), "text/html; charset=utf-8");
    assert!(header(&first, CACHE_CONTROL).starts_with("public, max-age=15"));
    assert_eq!(header(&first, VARY), "accept-encoding");
    assert!(first.headers().get(SET_COOKIE).is_none());
    let tag = header(&first, ETAG);
    let whole = first.bytes().await.unwrap();

    let has = |tag: &str| HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_str(tag).unwrap())]);
    let again = house.get_with("index.html?utm_source=mail", has(&tag)).await;
    assert_eq!((again.status(), header(&again, ETAG)), (StatusCode::NOT_MODIFIED, tag.clone()));
    assert_eq!(house.get_with("", has("\"another\"")).await.status(), StatusCode::OK);

    let head = house.request(Method::HEAD, "").send().await.unwrap();
    assert_eq!((head.status(), header(&head, ETAG)), (StatusCode::OK, tag));
    assert_eq!(header(&head, CONTENT_LENGTH), whole.len().to_string());
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_takes_it_packed_gets_it_packed() {
    let house = House::with(&outage().incidents).await;
    let plain = house.get("index.html").await;
    let takes = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"))]);
    let packed = house.get_with("index.html", takes).await;
    assert_eq!(header(&packed, CONTENT_ENCODING), "gzip");
    assert_ne!(header(&packed, ETAG), header(&plain, ETAG), "another representation has another tag");
    let packed = packed.bytes().await.unwrap();
    let plain = plain.bytes().await.unwrap();
    assert!(packed.len() * 2 < plain.len() && packed.starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn other_sites_may_read_what_is_no_page_and_frame_nothing() {
    let house = House::with(&outage().incidents).await;
    for (path, media_type) in [
        ("api/v2/summary.json", "application/json; charset=utf-8"),
        ("sv/history.atom", "application/atom+xml; charset=utf-8"),
        ("history.rss", "application/rss+xml; charset=utf-8"),
        ("maintenance.ics", "text/calendar; charset=utf-8"),
        ("badge.svg", "image/svg+xml"),
    ] {
        let answer = house.get(path).await;
        assert_eq!((answer.status(), header(&answer, CONTENT_TYPE)), (StatusCode::OK, media_type.to_owned()), "{path}");
        assert_eq!(header(&answer, ACCESS_CONTROL_ALLOW_ORIGIN), "*", "{path}");
    }
    let page = house.get("").await;
    assert_eq!(header(&page, ACCESS_CONTROL_ALLOW_ORIGIN), "");
    for (name, value) in [
        ("content-security-policy", "frame-ancestors 'none'"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(header(&page, name.parse().unwrap()), value, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_missing_in_the_right_language() {
    let house = House::with(&outage().incidents).await;
    let folder = house.get("incidents/INC-142").await;
    assert_eq!((folder.status(), header(&folder, LOCATION)), (StatusCode::PERMANENT_REDIRECT, "./INC-142/".to_owned()));
    assert_eq!(house.get("incidents/INC-142/").await.status(), StatusCode::OK);
    for (path, language) in [("nothing/here", "en"), ("sv/nothing", "sv"), ("de/incidents/INC-9999/", "de")] {
        let missing = house.get(path).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(missing.text().await.unwrap().contains(&format!("<html lang=\"{language}\"")), "{path}");
    }
    for path in ["../Cargo.toml", "%2e%2e/Cargo.toml", "//example.com", "incidents//", "index.html/", "%00", "sv"] {
        let answer = house.get(path).await;
        assert!(matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::PERMANENT_REDIRECT), "{path}");
        assert!(!header(&answer, LOCATION).contains("//"), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let refused = house.request(method.clone(), "index.html").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn what_is_published_is_there_at_once_in_every_file() {
    let house = House::with(&calm().incidents).await;
    let alice = house.world.person("alice");
    alice.types("new sev1 card payments fail").await.ok();
    house.world.settle().await;
    assert!(!house.text("api/v2/summary.json").await.contains("INC-1\""));

    // The record is written by what publishes; a signal follows every change of the incident.
    keep(&house.store, &numbered(open(), 1)).await;
    alice.in_room("INC-1").types("note the bank has answered").await.ok();
    for path in [
        "index.html",
        "sv/index.html",
        "history.atom",
        "de/history.rss",
        "api/v2/summary.json",
        "incidents/INC-1/index.html",
    ] {
        eventually(path, SOON, async || {
            let answer = house.get(path).await;
            let is_there = answer.status() == StatusCode::OK && answer.text().await.unwrap().contains("INC-1");
            is_there.then_some(())
        })
        .await;
    }
    // Most files are as they were, and whoever has them keeps them.
    let tag = header(&house.get("badges/app.svg").await, ETAG);
    let mut changed = numbered(open(), 1);
    changed.posts[2].texts =
        texts([("All well", "All is well."), ("Allt väl", "Allt är väl."), ("Alles gut", "Alles gut.")]);
    keep(&house.store, &changed).await;
    alice.in_room("INC-1").types("note all is well").await.ok();
    house.says("history.atom", "All is well.").await;
    assert_eq!(header(&house.get("badges/app.svg").await, ETAG), tag);
}

#[tokio::test]
async fn the_page_stays_while_the_database_is_away() {
    let house = House::with(&outage().incidents).await;
    let before = house.text("api/v2/summary.json").await;
    let stall = house.store.stalls().await;
    house.reconfigure(|rules| rules.page.as_mut().unwrap().name = "Another".to_owned());
    assert_eq!(house.text("api/v2/summary.json").await, before);
    drop(stall);
    house.says("api/v2/summary.json", "\"name\":\"Another\"").await;
}

#[tokio::test]
async fn a_new_config_is_shown_at_once() {
    let house = House::with(&outage().incidents).await;
    house.says("", "Nordic Retail").await;
    house.reconfigure(|rules| {
        rules.page.as_mut().unwrap().name = "Nordisk Handel".to_owned();
        rules.locales = Locales::new("sv".parse().unwrap(), [Locale::english()]);
    });
    house.says("", "Nordisk Handel").await;
    house.says("", "<html lang=\"sv\"").await;
    assert_eq!(house.get("en/").await.status(), StatusCode::OK);
    assert_eq!(house.get("de/").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn after_a_kill_the_same_is_served() {
    let house = House::with(&outage().incidents).await;
    let paths = ["", "sv/", "history.atom", "api/v2/incidents.json", "maintenance.ics", "incidents/INC-142/"];
    let mut before = Vec::new();
    for path in paths {
        before.push((header(&house.get(path).await, ETAG), house.text(path).await));
    }
    let house = house.started_again().await;
    for (path, before) in paths.into_iter().zip(before) {
        assert_eq!((header(&house.get(path).await, ETAG), house.text(path).await), before, "{path}");
    }
}
