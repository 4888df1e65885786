//! The link in a notice: looking at it changes nothing, pressing its button answers, twice is once, and it opens nothing else.

use chrono::TimeDelta;
use muster_core::effect::{About, Recipient};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::incident::page::PageState;
use muster_tests::notify::Desk;

/// Bob pages Alice; she is sent an SMS, whose link is given.
async fn paged(desk: &Desk) -> String {
    desk.world.person("bob").types("new sev1 Checkout <b>is</b> down").await.ok();
    desk.world.person("bob").in_room("INC-1").types("page @alice all stores").await.ok();
    desk.settle().await;
    let messages = desk.twilio.messages();
    messages.last().expect("an SMS")["Body"].lines().last().expect("a link").to_owned()
}

/// Who has the page.
async fn who_has_it(desk: &Desk) -> Option<String> {
    match &desk.world.whole("INC-1").await.incident.pages[0].state {
        PageState::Acked { by, .. } => Some(by.name.clone()),
        PageState::Calling | PageState::Snoozed { .. } | PageState::Unanswered | PageState::Over => None,
    }
}

async fn text(answer: reqwest::Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

#[tokio::test]
async fn whoever_opens_the_link_sees_what_it_is_and_changes_nothing() {
    let desk = Desk::open().await;
    let link = paged(&desk).await;
    let before = desk.world.timeline("INC-1").await;
    let answer = desk.opens(&link).await;
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-robots-tag"), "noindex, nofollow");
    let (status, page) = text(answer).await;
    assert_eq!(status, 200);
    for words in
        ["You are being paged", "INC-1 SEV1 Checkout &lt;b&gt;is&lt;/b&gt; down", "Alice Ek", "Acknowledge", "Not me"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!((desk.world.timeline("INC-1").await, who_has_it(&desk).await), (before, None));
}

#[tokio::test]
async fn the_button_answers_as_the_one_who_was_paged_and_once() {
    let desk = Desk::open().await;
    let link = paged(&desk).await;
    let (status, page) = text(desk.posts(&link, "answer=ack").await).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(who_has_it(&desk).await.as_deref(), Some("Alice Ek"));
    let after = desk.world.timeline("INC-1").await;
    let (status, _) = text(desk.posts(&link, "answer=ack").await).await;
    assert_eq!(status, 200, "the answer is given again");
    assert_eq!(desk.world.timeline("INC-1").await, after, "and nothing else happens");
}

#[tokio::test]
async fn a_button_of_another_app_is_answered_in_a_line() {
    let desk = Desk::open().await;
    let link = paged(&desk).await;
    let (status, line) = text(desk.posts(&format!("{link}/ack"), "").await).await;
    assert_eq!((status, line.lines().count()), (200, 1), "{line}");
    assert_eq!(who_has_it(&desk).await.as_deref(), Some("Alice Ek"));
    // Too late: she has it.
    let (status, line) = text(desk.posts(&format!("{link}/decline"), "").await).await;
    assert!((400..500).contains(&status) && line.lines().count() == 1, "{status} {line}");
    assert_eq!(who_has_it(&desk).await.as_deref(), Some("Alice Ek"));
}

#[tokio::test]
async fn a_link_answers_nothing_else_and_not_for_ever() {
    let desk = Desk::open().await;
    let link = paged(&desk).await;
    for form in ["", "answer=", "answer=resolve", "answer=confirm", "verb=ack"] {
        assert_eq!(text(desk.posts(&link, form).await).await.0, 404, "{form}");
    }
    assert_eq!(desk.posts(&format!("{link}/resolve"), "").await.status(), 404);
    let forged = format!("{}0", &link[..link.len() - 1]);
    let longer = format!("{link}{}", "0".repeat(5_000));
    for odd in [forged.as_str(), &longer, "https://muster.example.com/p/x", "https://muster.example.com/p/%00"] {
        if odd != link {
            assert_eq!(desk.opens(odd).await.status(), 404, "{odd}");
            assert_eq!(desk.posts(odd, "answer=ack").await.status(), 404, "{odd}");
        }
    }
    desk.world.clock.advance(TimeDelta::hours(24));
    assert_eq!(desk.opens(&link).await.status(), 404);
    assert_eq!(desk.posts(&format!("{link}/ack"), "").await.status(), 404);
    assert_eq!(who_has_it(&desk).await, None);
}

#[tokio::test]
async fn what_somebody_may_not_see_is_not_shown_by_their_link() {
    let desk = Desk::open().await;
    desk.world.person("bob").types("new --private A secret").await.ok();
    let about = About::Page { incident: IncidentId(1), number: 1 };
    let to = Recipient::Person { person: PersonId::from("mallory"), contact: "sms".to_owned() };
    let link = desk.world.muster.answer_link(&about, &to).await.expect("a store").expect("a link");
    let (_, page) = text(desk.opens(&link).await).await;
    assert!(page.contains("INC-1") && !page.contains("A secret"), "{page}");
    let (status, page) = text(desk.posts(&link, "answer=ack").await).await;
    assert!((400..500).contains(&status) && !page.contains("A secret"), "{status} {page}");
}

#[tokio::test]
async fn a_test_is_confirmed_by_its_link() {
    let desk = Desk::open().await;
    desk.world.person("alice").types("contact test sms").await.ok();
    desk.settle().await;
    let messages = desk.twilio.messages();
    let body = &messages.last().expect("an SMS")["Body"];
    assert!(body.contains("Reply 4 if you can read this."), "{body}");
    let link = body.lines().last().expect("a link").to_owned();
    let (_, page) = text(desk.opens(&link).await).await;
    assert!(page.contains("A test") && !page.contains("Not me"), "{page}");
    assert_eq!(text(desk.posts(&link, "answer=ack").await).await.0, 200);
    desk.world.person("alice").types("contact").await.shows("sms · proven to work").ok();
}
