//! What does not stand any more leaves no more: taken back, or put right since. That it was taken back does.

use crate::town::{Town, bulletin, wish};
use muster_core::comms::{Bulletin, Message, PublicStatus, Stage};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::record::Record;
use muster_tests::clock::moment;
use muster_tests::fixtures::{incident, record, write};
use std::collections::BTreeMap;

const AT: &str = "2026-11-27T09:00:00Z";

fn out() -> Stage {
    Stage::Published { at: moment(AT) }
}

fn taken_back() -> Stage {
    Stage::Retracted { published_at: moment(AT), at: moment(AT), reason: "it was not so".to_owned() }
}

/// A message of INC-7, and which it puts right.
fn message(number: i64, stage: Stage, corrects: Option<i64>) -> Message {
    Message {
        incident: IncidentId(7),
        number,
        audience: "public".to_owned(),
        template: "public-update".to_owned(),
        status: PublicStatus::Investigating,
        components: BTreeMap::new(),
        values: BTreeMap::new(),
        next_at: None,
        texts: BTreeMap::new(),
        missing: Vec::new(),
        corrects,
        preapproved: false,
        stage,
        authors: Vec::new(),
        approval: None,
        rejections: Vec::new(),
        history: Vec::new(),
        step: None,
        window: None,
    }
}

/// Anna has subscribed, and the messages of INC-7 are these.
async fn town(messages: Vec<Message>) -> Town {
    let town = Town::new();
    town.writes(&incident(7)).await;
    town.subscribes(&[wish("anna")]).await;
    let unit = town.muster.store().begin(&Needs::default()).await.unwrap();
    let records = messages.into_iter().map(|one| record(1, Record::Message(Box::new(one))));
    let making = records.fold(write("messages"), |making, change| making.change(change));
    unit.commit(making.0).await.unwrap();
    town
}

async fn hands_over(town: &Town, told: Bulletin) {
    town.hands_over(&format!("INC-7/{}/0", told.number), told).await.unwrap();
}

/// The numbers of the messages that reach Anna, of those that were handed over.
async fn reaching(town: &Town) -> Vec<String> {
    town.carries().await;
    let carried = town.letters.carried().into_iter();
    carried.map(|(_, key)| key.split('/').nth(1).unwrap().to_owned()).collect()
}

fn of(number: i64, corrects: Option<i64>) -> Bulletin {
    Bulletin { corrects, ..bulletin(number, moment(AT)) }
}

#[tokio::test]
async fn what_was_taken_back_goes_to_nobody_more_but_that_it_was_does() {
    let town = town(vec![message(1, taken_back(), None), message(2, out(), Some(1))]).await;
    hands_over(&town, of(1, None)).await;
    hands_over(&town, Bulletin { retracts: true, ..of(2, Some(1)) }).await;
    assert_eq!(reaching(&town).await, ["2"]);
}

#[tokio::test]
async fn a_correction_of_what_was_taken_back_goes_to_nobody_more() {
    let messages = vec![message(1, taken_back(), None), message(2, out(), Some(1)), message(3, out(), Some(1))];
    let town = town(messages).await;
    hands_over(&town, of(2, Some(1))).await;
    hands_over(&town, Bulletin { retracts: true, ..of(3, Some(1)) }).await;
    assert_eq!(reaching(&town).await, ["3"]);
}

#[tokio::test]
async fn what_is_on_no_page_can_be_taken_back_as_well() {
    let told = || Bulletin { audience: "business".to_owned(), ..of(1, None) };
    let message = |stage| Message { audience: "business".to_owned(), ..message(1, stage, None) };
    for (stage, reached) in [(out(), &["1"][..]), (taken_back(), &[])] {
        let town = town(vec![message(stage)]).await;
        let partner = muster_core::app::subscribing::Wish { audience: "business".to_owned(), ..wish("partner") };
        town.subscribes(&[partner]).await;
        hands_over(&town, told()).await;
        assert_eq!(reaching(&town).await, reached);
    }
}

#[tokio::test]
async fn nobody_gets_a_wrong_text_once_the_right_one_is_out() {
    let messages = vec![
        message(1, out(), None),
        message(2, out(), Some(1)),
        message(3, out(), None),
        message(4, Stage::Draft, Some(3)),
        message(5, out(), Some(1)),
    ];
    let town = town(messages).await;
    for told in [of(1, None), of(2, Some(1)), of(3, None), of(5, Some(1))] {
        hands_over(&town, told).await;
    }
    assert_eq!(reaching(&town).await, ["3", "5"], "a correction that is only written changes nothing");
}
