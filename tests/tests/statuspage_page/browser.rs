//! The page in a real browser: looked at, judged by axe-core, without scripts, on small windows, by the keyboard.

use crate::markup::pages;
use crate::truth::{said, withdrawn};
use fantoccini::key::Key;
use muster_core::comms::{PublicIncident, PublicStatus};
use muster_core::ids::IncidentId;
use muster_statuspage::{File, Model, files};
use muster_tests::browser::{Browser, Driver, Look};
use muster_tests::clock::moment;
use muster_tests::node;
use muster_tests::statuspage::{calm, empty, host, new_rules, now, open, outage, planned};
use std::sync::Arc;

const LOOKS: [(&str, Look); 4] = [
    ("desktop-light", Look::DESKTOP),
    ("desktop-dark", Look::DESKTOP.dark()),
    ("phone-light", Look::PHONE),
    ("phone-dark", Look::PHONE.dark()),
];

/// The pages to look at, by the name of their pictures.
const VIEWS: [(&str, &str); 8] = [
    ("en", "index.html"),
    ("sv", "sv/index.html"),
    ("de", "de/index.html"),
    ("incident", "incidents/INC-142/index.html"),
    ("planned", "incidents/INC-139/index.html"),
    ("history", "history/2026-10/index.html"),
    ("site", "sites/malmo-emporia/index.html"),
    ("subscribe", "sv/subscribe/index.html"),
];

/// As wide as a phone is high on which everything is magnified twice: <https://www.w3.org/TR/WCAG22/#reflow>.
const NARROWEST: u64 = 320;

/// The first day of a page: something is wrong, something is over, work was done, called off and withdrawn.
fn first_day() -> Model {
    let over = PublicIncident { ended_at: Some(now()), incident: IncidentId(1), ..open() };
    let work = |number| PublicIncident { incident: IncidentId(number), began_at: open().began_at, ..planned() };
    let begun = said(work(2), PublicStatus::InProgress, moment("2026-11-21T10:00:00Z"));
    let done = said(begun, PublicStatus::Completed, moment("2026-11-21T10:01:00Z"));
    let off = said(work(3), PublicStatus::Completed, moment("2026-11-21T10:05:00Z"));
    Model::new(Arc::new(new_rules()), vec![over, done, off, withdrawn(work(4)), open()], now())
}

async fn height(browser: &Browser) -> u64 {
    browser.evaluates("return document.documentElement.scrollHeight").await.as_u64().expect("a page has a height")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_looked_at_in_every_light() {
    let Some(driver) = Driver::start("statuspage_page::looks") else { return };
    let (bad, good, new) =
        (host::serve(files(&outage())).await, host::serve(files(&calm())).await, host::serve(files(&empty())).await);
    let first = host::serve(files(&first_day())).await;
    for (look, as_seen) in LOOKS {
        let browser = driver.open(as_seen).await;
        let width = if as_seen.phone { 390 } else { 1_280 };
        let mut views: Vec<_> = VIEWS.map(|(name, path)| (name, format!("{bad}/{path}"))).to_vec();
        views.extend([("calm", format!("{good}/index.html")), ("empty", format!("{new}/index.html"))]);
        let ways = [("first-en", ""), ("first-sv", "sv/"), ("first-de", "de/")];
        views.extend(ways.map(|(name, folder)| (name, format!("{first}/{folder}index.html"))));
        views.push(("over", format!("{first}/incidents/INC-1/index.html")));
        for (name, url) in views {
            browser.is_sized(width, 900).await;
            browser.goes_to(&url).await;
            let whole = height(&browser).await;
            browser.is_sized(width, whole).await;
            browser.photographs(&format!("statuspage-{name}-{look}")).await;
        }
        let background = browser.evaluates("return getComputedStyle(document.body).backgroundColor").await;
        assert_eq!(background, if as_seen.dark { "rgb(15, 18, 23)" } else { "rgb(245, 246, 248)" }, "{look}");
        let icon = "const icon = new Image(); icon.src = document.querySelector('link[rel=icon]').href; \
                    return icon.decode().then(() => icon.naturalWidth > 0)";
        assert_eq!(browser.evaluates(icon).await, true, "the icon is a picture");
        assert_eq!(browser.complaints().await, Vec::<String>::new(), "{look}");
        browser.closes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_no_violation_on_any_page() {
    let Some(axe) = node::file("statuspage_page::axe", "axe-core", "axe.min.js") else { return };
    let Some(driver) = Driver::start("statuspage_page::axe") else { return };
    let axe = std::fs::read_to_string(axe).expect("axe can be read");
    let files = files(&outage());
    let url = host::serve(files.clone()).await;
    // Every page of one language; of the others, and on a phone, one of each kind.
    let paths: Vec<_> = pages(&files)
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("sv/") && !path.starts_with("de/"))
        .collect();
    assert!(paths.len() > 30, "{} pages", paths.len());
    let kinds: Vec<_> = VIEWS.map(|(_, path)| path).to_vec();
    for (look, as_seen) in LOOKS {
        let browser = driver.open(as_seen).await;
        let others = kinds.iter().filter(|path| !paths.contains(path));
        let judged_here: Vec<_> =
            if as_seen.phone { kinds.clone() } else { paths.iter().chain(others).copied().collect() };
        for path in judged_here {
            browser.goes_to(&format!("{url}/{path}")).await;
            // What is folded away is read, too.
            let judged = format!(
                "document.querySelectorAll('details').forEach(one => one.open = true); {axe}; \
                 return axe.run({{ resultTypes: ['violations'] }}).then(found => found.violations.map(one => \
                 one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | ')))"
            );
            assert_eq!(browser.evaluates(&judged).await, serde_json::json!([]), "{path}, {look}");
        }
        browser.closes().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judge_of_accessibility_is_awake() {
    let Some(axe) = node::file("statuspage_page::axe", "axe-core", "axe.min.js") else { return };
    let Some(driver) = Driver::start("statuspage_page::axe") else { return };
    let axe = std::fs::read_to_string(axe).expect("axe can be read");
    let url = host::serve(files(&outage())).await;
    let browser = driver.open(Look::DESKTOP).await;
    browser.goes_to(&format!("{url}/index.html")).await;
    let judged = format!(
        "document.querySelector('.bars').removeAttribute('aria-label'); document.body.style.color = '#aaa'; {axe}; \
         return axe.run().then(found => found.violations.map(one => one.id).join())"
    );
    let found = browser.evaluates(&judged).await;
    let found = found.as_str().unwrap_or_default();
    assert!(found.contains("svg-img-alt") && found.contains("color-contrast"), "{found}");
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sticks_out_of_the_narrowest_window() {
    let Some(driver) = Driver::start("statuspage_page::narrow") else { return };
    let url = host::serve(files(&outage())).await;
    let browser = driver.open(Look::DESKTOP).await;
    browser.is_sized(NARROWEST, 640).await;
    for (_, path) in VIEWS {
        browser.goes_to(&format!("{url}/{path}")).await;
        let width = browser.evaluates("return document.documentElement.scrollWidth").await;
        assert_eq!(width, NARROWEST, "{path}");
    }
    browser.photographs("statuspage-narrow").await;
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_finds_the_way_without_scripts() {
    let Some(driver) = Driver::start("statuspage_page::way") else { return };
    // The policy of every page lets no script run, not even one that got into it: all that follows works without.
    let mut files = files(&outage());
    let scripted = String::from_utf8(files["index.html"].bytes.to_vec()).expect("a page is text");
    let scripted =
        scripted.replace("</body>", "<script>document.querySelector('h1').textContent = 'on'</script></body>");
    files.insert("scripted.html".to_owned(), File { media_type: "text/html; charset=utf-8", bytes: scripted.into() });
    let url = host::serve(files).await;
    let browser = driver.open(Look::PHONE).await;
    browser.goes_to(&format!("{url}/scripted.html")).await;
    browser.sees("h1", "Major outage").await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().any(|one| one.contains("inline script")), "{complaints:?}");

    browser.goes_to(&format!("{url}/")).await;
    browser.sees("h1", "Major outage").await;
    browser.clicks("//a[normalize-space()='Card payments fail online and in some stores']").await;
    browser.sees("h1", "Card payments fail online and in some stores").await;
    // What it said before is folded away, and unfolds.
    assert!(!browser.text("main").await.unwrap_or_default().contains("in all our stores and online"));
    browser.clicks("//summary").await;
    browser.sees("main", "Card payments fail in all our stores and online.").await;
    browser.clicks("//a[normalize-space()='Svenska']").await;
    browser.sees("h1", "Kortbetalningar fungerar inte på nätet och i några butiker").await;
    browser.clicks("//a[normalize-space()='Historik']").await;
    browser.clicks("//a[normalize-space()='oktober 2026']").await;
    browser.sees("h2", "oktober 2026").await;
    browser.clicks("//a[normalize-space()='Driftläge']").await;
    browser.clicks("//a[normalize-space()='Malmö Emporia']").await;
    browser.sees("h1", "Malmö Emporia: Större avbrott").await;
    browser.clicks("//a[normalize-space()='Prenumerera']").await;
    browser.sees("h1", "Få besked med e-post").await;
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_comes_to_the_content_at_once_and_the_bars_are_no_stops() {
    let Some(driver) = Driver::start("statuspage_page::keyboard") else { return };
    let url = host::serve(files(&outage())).await;
    let browser = driver.open(Look::DESKTOP).await;
    browser.goes_to(&format!("{url}/index.html")).await;
    browser.presses_key(Key::Tab).await;
    assert_eq!(browser.evaluates("return document.activeElement.textContent").await, "Skip to content");
    browser.presses_key(Key::Enter).await;
    assert_eq!(browser.evaluates("return document.activeElement.id").await, "main");
    browser.presses_key(Key::Tab).await;
    assert_eq!(browser.evaluates("return document.activeElement.textContent").await, "Reload");
    let stops = "return document.querySelectorAll('[aria-labelledby=components] :is(a, button, input, summary, [tabindex])').length";
    assert_eq!(browser.evaluates(stops).await, 0);
    browser.closes().await;
}
