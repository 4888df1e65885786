//! What a browser and a calendar see of paging: the calendar at a secret address, the page of those on call, the room's
//! pages, and what is for you.

use chrono::TimeDelta;
use muster_core::ids::PersonId;
use muster_core::view::Section;
use muster_tests::notify::serve;
use muster_tests::on_each_store;
use muster_tests::process::http;
use muster_tests::shown::Shown;
use muster_tests::world::World;
use muster_web::WebConfig;
use reqwest::{Client, Response, StatusCode};
use std::sync::Arc;

/// Where the organisation says that it is.
const PUBLIC: &str = "https://muster.example.com";

/// A browser, or a calendar.
struct Visitor {
    url: String,
    http: Client,
    cookie: String,
}

impl Visitor {
    async fn of(world: &World) -> Self {
        let config =
            WebConfig { public_url: PUBLIC.to_owned(), version: "0", metrics: Arc::new(String::new), signer: None };
        let url = serve(muster_web::router(Arc::clone(&world.muster), config)).await;
        Self { url, http: http(), cookie: String::new() }
    }

    async fn signed_in(world: &World, person: &str) -> Self {
        let mut visitor = Self::of(world).await;
        let link = muster_web::login_link(&world.muster, &PersonId::from(person), &visitor.url).await.expect("a link");
        let response = visitor.http.post(link).send().await.expect("an answer");
        let cookie = response.headers()["set-cookie"].to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().clone_into(&mut visitor.cookie);
        visitor
    }

    async fn gets(&self, path: &str) -> Response {
        let path = path.strip_prefix(PUBLIC).unwrap_or(path);
        let request = self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
        request.send().await.expect("an answer")
    }

    async fn reads(&self, path: &str) -> String {
        let response = self.gets(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.expect("a page")
    }
}

/// The address that is shown.
fn address(shown: &Shown) -> String {
    let code =
        shown.view().sections.iter().find_map(|one| if let Section::Code(code) = one { Some(code) } else { None });
    code.expect("an address").clone()
}

on_each_store!(a_calendar_shows_shifts_until_another_address_is_asked_for, who_is_paged_is_seen_in_the_console);

async fn a_calendar_shows_shifts_until_another_address_is_asked_for(world: World) {
    let calendar = Visitor::of(&world).await;
    let alice = world.person("alice");
    let mine = address(&alice.types("oncall feed").await);
    let theirs = address(&alice.types("oncall feed payments").await);
    let response = calendar.gets(&mine).await;
    assert_eq!(response.headers()["content-type"], "text/calendar; charset=utf-8");
    let text = response.text().await.expect("a calendar");
    assert!(text.starts_with("BEGIN:VCALENDAR") && text.contains("SUMMARY:Alice Ek: on call for Payments"), "{text}");
    assert!(!text.contains("Bob Lind"), "only her own: {text}");
    assert!(text.contains("DTSTART:20261123T080000Z"), "the week of Black Friday: {text}");
    let team = calendar.reads(&theirs).await;
    assert!(
        team.contains("Alice Ek: on call") && team.contains("Bob Lind: on call") && !team.contains("Carol"),
        "{team}"
    );

    // Somebody stands in: the calendar follows.
    alice.types("oncall override @dave --team payments --until \"in 9h\"").await.ok();
    world.settle().await;
    world.ear_of("dave").expects("is on call for").await.ok();
    assert!(calendar.reads(&theirs).await.contains("Dave Holm: on call"));

    // Asking anew ends the address before, and no other.
    let newer = address(&alice.types("oncall feed").await);
    assert_eq!(calendar.gets(&mine).await.status(), StatusCode::NOT_FOUND);
    assert!(calendar.reads(&newer).await.contains("Alice Ek"));
    assert!(calendar.reads(&theirs).await.contains("Bob Lind"));
    let bobs = address(&world.person("bob").types("oncall feed payments").await);
    assert!(calendar.reads(&bobs).await.contains("Alice Ek") && calendar.reads(&theirs).await.contains("Alice Ek"));

    // Whoever may not look any more has no calendar; nothing else is one.
    let mut org = (*world.muster.org()).clone();
    org.people.retain(|person| person.id != PersonId::from("alice"));
    world.muster.reconfigure(org);
    assert_eq!(calendar.gets(&newer).await.status(), StatusCode::NOT_FOUND);
    for path in ["/feeds/", "/feeds/msf_x.ics", "/feeds/.ics", "/feeds/msf_x", "/feeds/%00.ics"] {
        assert_eq!(calendar.gets(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    world.finish().await;
}

async fn who_is_paged_is_seen_in_the_console(world: World) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    bob.types("new sev1 checkout is down").await.ok();
    let (hers, his) = (Visitor::signed_in(&world, "alice").await, Visitor::signed_in(&world, "bob").await);
    assert!(his.reads("/incidents/INC-1").await.contains("Nobody has been paged"));
    let now = his.reads("/oncall").await;
    assert!(now.contains("On call now") && now.contains("Alice Ek") && now.contains("Store hours"), "{now}");
    assert!(now.contains("Gaps within the next 14 days") && now.contains("How you are paged"), "{now}");
    let looks_only = Visitor::signed_in(&world, "victor").await.reads("/oncall").await;
    assert!(looks_only.contains("On call now") && !looks_only.contains("Stand in"), "{looks_only}");

    bob.types("INC-1 page payments cards are declined").await.ok();
    world.settle().await;
    let room = his.reads("/incidents/INC-1").await;
    assert!(room.contains("Payments") && room.contains("console ✓") && room.contains("cards are declined"), "{room}");
    let board = hers.reads("/").await;
    assert!(
        board.contains("You are paged") && board.contains(">Acknowledge<") && board.contains(">Not me<"),
        "{board}"
    );

    alice.types("ack").await.ok();
    let board = hers.reads("/").await;
    assert!(!board.contains("You are paged") && !board.contains(">Acknowledge<"), "what is settled is gone: {board}");
    assert!(his.reads("/incidents/INC-1").await.contains("acknowledged by"));
    world.room("INC-1").skips().await;
    world.ear_of("alice").skips().await;
    world.clock.advance(TimeDelta::hours(1));
}
