//! The console: core's views, read as plain text.

use super::{By, Given, Platform, Seen};
use crate::clock::ManualClock;
use crate::sample;
use crate::shown::Shown;
use crate::ways::Ways;
use crate::world::{Hand, World};
use async_trait::async_trait;
use muster_core::app::{Answer, Muster};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::ports::store::Message;
use muster_core::reply::Body;
use std::sync::Arc;

/// More messages than any story makes.
const ALL: i64 = 10_000;

/// A chat of which the console knows nothing but whom it vouches for.
const ELSEWHERE: &str = "fakechat";

/// The console of a world.
pub(super) struct Console(pub(super) World);

impl Console {
    fn hand(&self, by: &By) -> Hand<'_> {
        let is_known = sample::PEOPLE.iter().any(|(id, ..)| *id == by.who);
        let hand = if is_known { self.0.person(&by.who) } else { self.0.handle(ELSEWHERE, &by.who, &by.who) };
        let hand = hand.at(by.room);
        if by.forms { hand.with_forms() } else { hand }
    }
}

fn given(shown: Shown) -> Given {
    let refusal = match shown.raw() {
        Answer::Refused(refusal) => Some((refusal.sentence.clone(), refusal.instead.clone())),
        Answer::Done(_) | Answer::Late | Answer::Failed(_) => None,
    };
    let form = match shown.raw() {
        Answer::Done(reply) => match &reply.body {
            Body::Form(form) => Some(form.title.clone()),
            Body::View(_) => None,
        },
        Answer::Refused(_) | Answer::Late | Answer::Failed(_) => None,
    };
    match form {
        Some(title) => Given::Form(Seen::new("", title, shown)),
        None => Given::Answer(Seen { refusal, ..Seen::new("", shown.text(), shown) }),
    }
}

fn messages(mut kept: Vec<Message>) -> Vec<Seen> {
    kept.reverse();
    let seen = |message: Message| {
        let shown = Shown::message(message.view);
        Seen::new(message.key.to_string(), shown.text(), shown)
    };
    kept.into_iter().map(seen).collect()
}

#[async_trait(?Send)]
impl Platform for Console {
    fn muster(&self) -> &Arc<Muster> {
        &self.0.muster
    }

    fn clock(&self) -> &ManualClock {
        &self.0.clock
    }

    fn ways(&self) -> &Ways {
        &self.0.ways
    }

    fn is_chat(&self) -> bool {
        false
    }

    fn typing(&self) -> fn(&str) -> String {
        str::to_owned
    }

    async fn settle(&self) {
        self.0.settle().await;
    }

    async fn types(&self, by: &By, line: &str) -> Given {
        given(self.hand(by).types(line).await)
    }

    async fn clicks(&self, by: &By, on: &Seen, label: &str) -> Given {
        given(self.hand(by).clicks(on.thing(), label).await)
    }

    async fn fills(&self, by: &By, form: &Seen, values: &[(&str, &str)]) -> Given {
        given(self.hand(by).fills(form.thing(), values).await)
    }

    async fn said(&self, incident: IncidentId) -> Vec<Seen> {
        messages(self.0.muster.store().said(incident, ALL).await.expect("messages can be read"))
    }

    async fn told(&self, person: &str) -> Vec<Seen> {
        messages(self.0.muster.store().told(&PersonId::from(person), ALL).await.expect("messages can be read"))
    }

    async fn finish(self: Box<Self>) {
        // What was said has been heard on the stage.
        for id in self.0.dump().await.incidents.keys() {
            self.0.room(&id.to_string()).skips().await;
        }
        for (id, ..) in sample::PEOPLE {
            self.0.ear_of(id).skips().await;
        }
        self.0.finish().await;
    }
}
