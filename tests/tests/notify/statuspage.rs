//! Pushing to Statuspage: one incident there for one of ours, whatever becomes of answers.

use muster_core::comms::{Bulletin, ComponentState, PublicStatus, Window, Written};
use muster_core::effect::Recipient;
use muster_core::ports::chat::DeliveryError;
use muster_tests::clock::moment;
use muster_tests::notify::customers::{bulletin, publication};
use muster_tests::notify::{Desk, FakeStatuspage, Fault};
use muster_tests::statuspage::language;
use std::time::Duration;

const CHECKOUT: &str = FakeStatuspage::COMPONENTS[0];
const DELIVERIES: &str = FakeStatuspage::COMPONENTS[1];

async fn says(desk: &Desk, key: &str, told: Bulletin) -> Result<String, DeliveryError> {
    let to = Recipient::Outlet { name: "main".to_owned() };
    desk.delivers(&publication("statuspage", to, key, told)).await.map(|receipt| receipt.external)
}

/// Another word, in the language of the page there.
fn word(number: i64, status: PublicStatus, title: &str, body: &str) -> Bulletin {
    let written = Written { title: title.to_owned(), body: body.to_owned() };
    Bulletin { number, status: Some(status), texts: [(language("en"), written)].into(), ..bulletin() }
}

#[tokio::test]
async fn an_incident_is_created_goes_on_and_ends_as_one() {
    let desk = Desk::open().await;
    let id =
        says(&desk, "INC-7/12/0", word(1, PublicStatus::Investigating, "Cards fail", "We look.")).await.expect("taken");
    assert_eq!(desk.statuspage.components()[CHECKOUT], "major_outage");
    let over = Bulletin {
        components: [("checkout".to_owned(), ComponentState::Operational)].into(),
        ..word(2, PublicStatus::Resolved, "Cards work", "It is over.")
    };
    assert_eq!(says(&desk, "INC-7/15/0", over).await.expect("taken"), id);
    let incident = &desk.statuspage.incidents()[0];
    assert_eq!((incident["name"].as_str(), incident["status"].as_str()), (Some("Cards work"), Some("resolved")));
    assert_eq!(incident["metadata"]["muster"]["incident"], "INC-7");
    assert_eq!(
        desk.statuspage.updates(),
        [("resolved".into(), "It is over.".into()), ("investigating".into(), "We look.".into())]
    );
    assert_eq!(desk.statuspage.components()[CHECKOUT], "operational");
    assert_eq!(desk.statuspage.components()[DELIVERIES], "operational", "what was not named was not touched");
    assert_eq!(desk.statuspage.calls(), ["GET incidents", "POST incidents", "GET incidents", "PATCH incidents"]);
}

#[tokio::test]
async fn what_was_taken_and_not_answered_is_not_said_again() {
    let desk = Desk::open().await;
    for (key, said) in [("INC-7/12/0", "We look."), ("INC-7/13/0", "We found it.")] {
        let told = || word(1, PublicStatus::Investigating, "Cards fail", said);
        desk.statuspage.loses_the_next_answer();
        assert!(matches!(says(&desk, key, told()).await, Err(DeliveryError::Transient { .. })));
        says(&desk, key, told()).await.expect("taken");
    }
    let said: Vec<_> = desk.statuspage.updates().into_iter().map(|(_, body)| body).collect();
    assert_eq!(said, ["We found it.", "We look."]);
}

#[tokio::test]
async fn a_word_that_is_put_right_is_put_right_there_and_one_taken_back_is_gone() {
    let desk = Desk::open().await;
    let corrected =
        || Bulletin { corrects: Some(1), ..word(2, PublicStatus::Investigating, "Cards fail", "Swish works, too.") };
    let withdrawn = || Bulletin {
        corrects: Some(3),
        retracts: true,
        ..word(4, PublicStatus::Identified, "An earlier update is withdrawn", "This was not so.")
    };
    says(&desk, "INC-7/1/0", word(1, PublicStatus::Investigating, "Cards fail", "Swish fails, too."))
        .await
        .expect("taken");
    desk.statuspage.loses_the_next_answer();
    assert!(says(&desk, "INC-7/2/0", corrected()).await.is_err());
    says(&desk, "INC-7/2/0", corrected()).await.expect("taken");
    says(&desk, "INC-7/3/0", word(3, PublicStatus::Identified, "Cards fail", "It is the bank.")).await.expect("taken");
    says(&desk, "INC-7/4/0", withdrawn()).await.expect("taken");
    let said: Vec<_> = desk.statuspage.updates().into_iter().map(|(_, body)| body).collect();
    assert_eq!(said, ["This was not so.", "Swish works, too."]);
    assert_eq!(desk.statuspage.incidents()[0]["name"], "Cards fail", "a withdrawal is no name");
}

/// What puts message 1 right, as `comms edit` makes it: however often that is done, it is message 1 that is put right.
fn right(number: i64, status: PublicStatus, body: &str) -> Bulletin {
    Bulletin { corrects: Some(1), ..word(number, status, "Cards fail", body) }
}

fn said(desk: &Desk) -> Vec<(String, String)> {
    desk.statuspage.updates()
}

#[tokio::test]
async fn what_was_put_right_can_be_put_right_again_and_taken_back() {
    let desk = Desk::open().await;
    let wrong = PublicStatus::Investigating;
    says(&desk, "INC-7/1/0", word(1, wrong, "Cards fail", "Swish fails.")).await.expect("taken");
    for (number, body) in [(2, "Swish works."), (3, "Swish is slow.")] {
        desk.statuspage.loses_the_next_answer();
        assert!(says(&desk, &format!("INC-7/{number}/0"), right(number, wrong, body)).await.is_err());
        says(&desk, &format!("INC-7/{number}/0"), right(number, wrong, body)).await.expect("taken");
        assert_eq!(said(&desk), [("investigating".to_owned(), body.to_owned())]);
    }
    let back = Bulletin { retracts: true, ..right(4, wrong, "This was not so.") };
    says(&desk, "INC-7/4/0", back).await.expect("taken");
    assert_eq!(said(&desk), [("investigating".to_owned(), "This was not so.".to_owned())], "no wrong line stays");
}

#[tokio::test]
async fn what_was_wrongly_said_to_be_over_goes_on_there() {
    let desk = Desk::open().await;
    let status = |desk: &Desk| desk.statuspage.incidents()[0]["status"].clone();
    says(&desk, "INC-7/1/0", word(1, PublicStatus::Resolved, "Cards work", "It is over.")).await.expect("taken");
    says(&desk, "INC-7/2/0", right(2, PublicStatus::Monitoring, "We watch it.")).await.expect("taken");
    assert_eq!(status(&desk), "monitoring");
    says(&desk, "INC-7/3/0", word(3, PublicStatus::Resolved, "Cards work", "It is over now.")).await.expect("taken");
    let bodies = |desk: &Desk| said(desk).into_iter().map(|(_, body)| body).filter(|body| !body.is_empty()).collect();
    let before: Vec<_> = bodies(&desk);
    assert_eq!(before, ["It is over now.", "We watch it."]);
    let older = Bulletin {
        components: [("checkout".to_owned(), ComponentState::MajorOutage)].into(),
        ..right(4, PublicStatus::Monitoring, "We watched it.")
    };
    let states = desk.statuspage.components();
    says(&desk, "INC-7/4/0", older).await.expect("taken");
    let now: Vec<_> = bodies(&desk);
    assert_eq!(now, ["It is over now.", "We watched it."]);
    let name = desk.statuspage.incidents()[0]["name"].clone();
    assert_eq!((status(&desk), name), ("resolved".into(), "Cards work".into()), "what came later stands");
    assert_eq!(desk.statuspage.components(), states);

    let back = Bulletin { corrects: Some(3), retracts: true, ..right(5, PublicStatus::Monitoring, "This was not so.") };
    says(&desk, "INC-7/5/0", back).await.expect("taken");
    assert_eq!(status(&desk), "monitoring", "as before what was taken back");
}

#[tokio::test]
async fn planned_work_has_its_time_and_begins_when_muster_says_so() {
    let desk = Desk::open().await;
    let window = Window { from: moment("2026-11-28T01:00:00Z"), until: moment("2026-11-28T03:00:00Z") };
    let planned = Bulletin {
        window: Some(window),
        components: [("deliveries".to_owned(), ComponentState::UnderMaintenance)].into(),
        ..word(1, PublicStatus::Scheduled, "New routes", "Deliveries pause for two hours.")
    };
    says(&desk, "INC-7/12/0", planned).await.expect("taken");
    let incident = &desk.statuspage.incidents()[0];
    assert_eq!(
        (incident["scheduled_for"].as_str(), incident["status"].as_str()),
        (Some("2026-11-28T01:00:00Z"), Some("scheduled"))
    );
    assert_eq!(incident["scheduled_auto_in_progress"], false);
}

#[tokio::test]
async fn who_asks_too_often_waits_and_a_key_that_is_wrong_is_told_without_it() {
    let desk = Desk::open().await;
    for status in [420, 429] {
        desk.statuspage.next(Fault::of(status).after(60));
        match says(&desk, "INC-7/12/0", bulletin()).await {
            Err(DeliveryError::Transient { after, .. }) => assert_eq!(after, Some(Duration::from_secs(60))),
            other => panic!("it is not tried again: {other:?}"),
        }
    }
    desk.statuspage.next(Fault::of(401).saying(FakeStatuspage::KEY));
    let refused = says(&desk, "INC-7/12/0", bulletin()).await.unwrap_err().to_string();
    assert_eq!(refused, "Statuspage answered 401: it does not accept our key");
    desk.statuspage.next(Fault::of(422).saying("Card payments fail"));
    let refused = says(&desk, "INC-7/12/0", bulletin()).await.unwrap_err().to_string();
    assert_eq!(refused, "Statuspage answered 422: it does not take the incident: are the ids of components right?");
    desk.statuspage.next(Fault::of(200).saying("{}"));
    let odd = says(&desk, "INC-7/12/0", bulletin()).await;
    assert!(matches!(odd, Err(DeliveryError::Transient { .. })), "what cannot be read is not taken for none: {odd:?}");
    assert!(desk.statuspage.incidents().is_empty());
}

#[tokio::test]
async fn nobody_is_paged_there_and_no_digest_goes_there() {
    let desk = Desk::open().await;
    let digest = Bulletin { number: 0, status: None, ..bulletin() };
    assert!(matches!(says(&desk, "INC-7/12/0", digest).await, Err(DeliveryError::Permanent { .. })));
    let to = Recipient::Outlet { name: "other".to_owned() };
    let ended = desk.delivers(&publication("statuspage", to, "INC-7/12/0", bulletin())).await;
    assert!(matches!(ended, Err(DeliveryError::Permanent { .. })), "{ended:?}");
    assert!(desk.statuspage.calls().is_empty());
}
