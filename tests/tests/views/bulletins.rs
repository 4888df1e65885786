//! Bulletins as customers and the company read them in their channels.

use crate::Page;
use muster_core::comms::{Bulletin, ComponentState, PublicStatus, Window, Written};
use muster_core::org::Organisation;
use muster_core::view::bulletin::view;
use muster_tests::clock::moment;
use muster_tests::look::looks;
use muster_tests::notify::customers::{bulletin, rules};
use muster_tests::sample;
use muster_tests::statuspage::language;

fn org() -> Organisation {
    Organisation { comms: rules(), ..sample::retailer() }
}

#[test]
fn what_customers_read_in_their_channels() {
    let org = org();
    let mut page = Page::default();
    let swedish = Bulletin { locale: language("sv"), ..bulletin() };
    let corrected = Bulletin { number: 4, corrects: Some(3), ..bulletin() };
    let withdrawn = Bulletin { number: 5, retracts: true, next_at: None, ..corrected.clone() };
    let over = Bulletin {
        status: Some(PublicStatus::Resolved),
        components: [("checkout".to_owned(), ComponentState::Operational)].into(),
        next_at: None,
        locale: language("de"),
        ..bulletin()
    };
    let planned = Bulletin {
        status: Some(PublicStatus::Scheduled),
        window: Some(Window { from: moment("2026-11-28T01:00:00Z"), until: moment("2026-11-28T03:00:00Z") }),
        components: [("deliveries".to_owned(), ComponentState::UnderMaintenance)].into(),
        next_at: None,
        ..bulletin()
    };
    let digest = Bulletin { number: 0, status: None, components: [].into(), next_at: None, ..bulletin() };
    for (caption, told) in [
        ("the first word", bulletin()),
        ("the same in Swedish", swedish),
        ("a correction", corrected),
        ("a withdrawal", withdrawn),
        ("the last word, in German", over),
        ("planned work", planned),
        ("a digest for the company", digest),
    ] {
        page.view(caption, &view(&told, &org));
    }
    insta::assert_snapshot!(page.0);
}

#[test]
fn nobody_is_pinged_and_nothing_is_refused_whatever_a_bulletin_says() {
    let hostile = "<!channel> @everyone <@&1> <@UALICE> [x](https://evil.example) *b* `c` ||d|| <https://evil.example|ok> \u{202E}";
    let long = format!("{hostile}\n\n").repeat(400);
    for body in ["", hostile, long.as_str(), "https://evil.example/<!channel> https://x.example/@everyone"] {
        let written = Written { title: hostile.to_owned(), body: body.to_owned() };
        let told = Bulletin { texts: [(language("en"), written)].into(), ..bulletin() };
        // Each panics where its platform would refuse it, or ping anybody.
        looks().iter().for_each(|look| drop(look.view(&view(&told, &org()))));
    }
}
