//! Slack: the real adapter against the fake platform. What is read is what Slack shows that person.

use super::workspace::{Workspace, pings, private};
use super::{By, Given, Overheard, Platform, Seen, rules};
use crate::clock::ManualClock;
use crate::sample;
use crate::slack::{Hand, Heard, Room, Submitted, Surface};
use crate::ways::Ways;
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::ids::{IncidentId, PlatformId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The sign of a warning, which every refusal is.
const WARNING: &str = "🟠 ";

/// A workspace as a stage.
pub(super) struct InSlack {
    workspace: Workspace,
    shop: Room,
    strangers: Mutex<BTreeMap<String, Hand>>,
}

impl InSlack {
    /// On a workspace in which nothing has happened.
    pub(super) fn new(workspace: Workspace) -> Self {
        let shop = workspace.slack.public_channel("customers", &[]);
        Self { workspace, shop, strangers: Mutex::default() }
    }

    fn hand(&self, who: &str) -> Hand {
        let people = sample::PEOPLE.iter().map(|(id, ..)| *id).zip(self.workspace.everybody());
        if let Some((_, hand)) = people.into_iter().find(|(id, _)| *id == who) {
            return hand.clone();
        }
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let join = || self.workspace.slack.person(who, who, &format!("{who}@elsewhere.example"));
        strangers.entry(who.to_owned()).or_insert_with(join).clone()
    }

    /// Who acts has nothing before them: a form nobody filled in is closed.
    async fn free(&self, by: &By) -> Hand {
        let hand = self.hand(&by.who);
        while hand.has_modal() {
            hand.modal().await.close(&hand).await;
        }
        hand
    }

    /// The room of an incident that is in use.
    async fn room(&self, incident: IncidentId) -> Option<Room> {
        let whole = self.workspace.muster.incident(incident).await?;
        let address = &whole.rooms.iter().find(|room| room.is_live())?.address;
        self.workspace.slack.channels().into_iter().find(|room| room.id() == address)
    }

    /// As Slack sends what is typed into a command that has `should_escape`.
    fn typed(&self, line: &str) -> String {
        let mut line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for (name, hand) in sample::PEOPLE.iter().map(|(id, ..)| *id).zip(self.workspace.everybody()) {
            let mention = format!("<@{}|{name}>", hand.id());
            let words = line.split(' ').map(|word| if word == format!("@{name}") { &mention } else { word });
            line = words.collect::<Vec<_>>().join(" ");
        }
        line
    }

    /// What somebody alone gets to see: an answer, or a form.
    async fn given(&self, hand: &Hand) -> Given {
        let answer = tokio::select! {
            answer = hand.hears("") => answer,
            form = hand.modal() => return Given::Form(self.seen(form)),
        };
        self.answer(answer).await
    }

    async fn answer(&self, answer: Surface) -> Given {
        self.workspace.muster.settle().await;
        let mut seen = self.seen(answer.clone());
        let mere = answer.buttons().is_empty().then(|| seen.words.strip_prefix(WARNING)).flatten();
        seen.refusal = mere.and_then(rules::refusal);
        if let Some(room) = self.workspace.slack.channels().into_iter().find(|room| answer.is_in(room)) {
            seen.in_sight = room.pins().iter().map(Surface::reading).collect();
        }
        Given::Answer(seen)
    }

    fn seen(&self, surface: Surface) -> Seen {
        Seen::new(surface.ts(), surface.reading(), surface)
    }
}

/// Where an option stands: the label of the select that offers it.
fn select_of(surface: &Surface, option: &str) -> Option<String> {
    let offers = |element: &&Value| {
        element["options"].as_array().into_iter().flatten().any(|offered| offered["text"]["text"] == option)
    };
    let blocks = surface.blocks();
    let rows = blocks.iter().flat_map(|block| block["elements"].as_array().into_iter().flatten());
    let found = rows.chain(blocks.iter().map(|block| &block["accessory"])).find(offers)?;
    found["placeholder"]["text"].as_str().map(str::to_owned)
}

#[async_trait(?Send)]
impl Platform for InSlack {
    fn muster(&self) -> &Arc<Muster> {
        &self.workspace.muster.app
    }

    fn clock(&self) -> &ManualClock {
        &self.workspace.muster.clock
    }

    fn ways(&self) -> &Ways {
        &self.workspace.muster.ways
    }

    fn shop(&self) -> Option<(PlatformId, String)> {
        Some((muster_slack::platform(), self.shop.id().to_owned()))
    }

    fn overheard(&self) -> Vec<Overheard> {
        let one =
            |message: &Surface| Overheard { words: message.reading(), pings: pings(message), json: message.json() };
        self.shop.messages().iter().map(one).collect()
    }

    fn is_chat(&self) -> bool {
        true
    }

    fn typing(&self) -> fn(&str) -> String {
        |line| rules::typed(line, "/inc")
    }

    async fn settle(&self) {
        self.workspace.muster.settle().await;
    }

    async fn types(&self, by: &By, line: &str) -> Given {
        let hand = self.free(by).await;
        let room = match by.room {
            Some(incident) => self.room(incident).await.expect("the incident has a room"),
            None => self.workspace.general.clone(),
        };
        let heard = hand.types(&room, "/inc", &self.typed(line)).await;
        match heard {
            Heard { said: None, .. } => self.given(&hand).await,
            heard => self.answer(private(&hand, heard).await).await,
        }
    }

    async fn clicks(&self, by: &By, on: &Seen, label: &str) -> Given {
        let hand = self.free(by).await;
        let surface: &Surface = on.thing();
        match select_of(surface, label) {
            Some(select) => hand.chooses(surface, &select, label).await,
            None => hand.clicks(surface, label).await,
        };
        self.given(&hand).await
    }

    async fn fills(&self, by: &By, form: &Seen, values: &[(&str, &str)]) -> Given {
        let hand = self.hand(&by.who);
        let form: &Surface = form.thing();
        let filled = values.iter().fold(form.clone(), |form, (name, value)| form.fill(name, &value.replace(',', ", ")));
        let lacking = filled.lacks();
        if !lacking.is_empty() {
            return Given::Lacking(lacking);
        }
        match filled.submit(&hand).await {
            Submitted::Closed => self.given(&hand).await,
            Submitted::Updated(surface) => self.answer(surface).await,
            Submitted::Errors(errors) => {
                let words = errors.into_values().collect::<Vec<_>>().join("\n");
                let lines = words.replacen(&format!(". {}", rules::INSTEAD), &format!("\n{}", rules::INSTEAD), 1);
                Given::Answer(Seen { refusal: rules::refusal(&lines), ..Seen::new("", words, ()) })
            }
            Submitted::Unanswered => panic!("a form was not answered"),
        }
    }

    async fn said(&self, incident: IncidentId) -> Vec<Seen> {
        let Some(room) = self.room(incident).await else { return Vec::new() };
        let headlines: Vec<_> = room.pins().iter().map(Surface::ts).collect();
        let said = room.messages().into_iter().filter(|message| !headlines.contains(&message.ts()));
        said.map(|message| self.seen(message)).collect()
    }

    async fn told(&self, person: &str) -> Vec<Seen> {
        self.hand(person).direct().messages().into_iter().map(|message| self.seen(message)).collect()
    }

    async fn finish(self: Box<Self>) {
        let elsewhere: Vec<_> = self.workspace.general.messages().iter().map(Surface::picture).collect();
        assert!(elsewhere.is_empty(), "this is nobody else's business:\n{}", elsewhere.join("\n"));
        let strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for stranger in strangers.values() {
            let left: Vec<_> = stranger.unheard().iter().map(Surface::picture).collect();
            assert!(left.is_empty(), "nobody expected that a stranger is told:\n{}", left.join("\n"));
        }
        self.workspace.everybody().into_iter().for_each(|hand| self.workspace.has_heard(hand));
        self.workspace.finish().await;
    }
}
