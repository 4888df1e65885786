//! Discord: the real adapter against the fake platform. What is read is what Discord shows that person.

use super::guild::{Guild, private};
use super::{By, Given, Overheard, Platform, Seen, rules};
use crate::clock::ManualClock;
use crate::discord::{Hand, Heard, Room, Surface, live_mentions};
use crate::sample;
use crate::ways::Ways;
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::chat::answer::is_line;
use muster_core::command::TABLE;
use muster_core::ids::{IncidentId, PlatformId};
use muster_discord::commands;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The sign of a warning, which every refusal is.
const WARNING: &str = "🟠 ";

/// What opens a form that could not open by itself, or was refused.
const FORMS: [&str; 2] = ["Open the form", "Open the form again"];

/// A server as a stage.
pub(super) struct InDiscord {
    guild: Guild,
    shop: Room,
    strangers: Mutex<BTreeMap<String, Hand>>,
}

impl InDiscord {
    /// In a server in which nothing has happened.
    pub(super) fn new(guild: Guild) -> Self {
        let shop = guild.discord.text_channel("customers", None);
        Self { guild, shop, strangers: Mutex::default() }
    }

    fn hand(&self, who: &str) -> Hand {
        let people = sample::PEOPLE.iter().map(|(id, ..)| *id).zip(self.guild.everybody());
        if let Some((_, hand)) = people.into_iter().find(|(id, _)| *id == who) {
            return hand.clone();
        }
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.entry(who.to_owned()).or_insert_with(|| self.guild.discord.person(who, who)).clone()
    }

    /// Who acts has nothing before them: a form nobody filled in is closed.
    async fn free(&self, by: &By) -> Hand {
        let hand = self.hand(&by.who);
        while hand.has_modal() {
            hand.modal().await.dismiss();
        }
        hand
    }

    /// The room of an incident that is in use.
    async fn room(&self, incident: IncidentId) -> Option<Room> {
        let whole = self.guild.muster.incident(incident).await?;
        let address = &whole.rooms.iter().find(|room| room.is_live())?.address;
        self.guild.discord.channels().into_iter().find(|room| room.id() == *address)
    }

    /// What somebody alone gets to see: an answer, or a form.
    async fn given(&self, hand: &Hand, heard: Heard) -> Given {
        if heard.body["type"] == 9 {
            return Given::Form(self.seen(hand.modal().await));
        }
        let answer = private(hand, heard).await;
        if answer.buttons() == FORMS[..1] {
            hand.clicks(&answer, FORMS[0]).await;
            return Given::Form(self.seen(hand.modal().await));
        }
        self.guild.muster.settle().await;
        let mut seen = self.seen(answer.clone());
        let is_mere = answer.buttons().iter().all(|label| *label == FORMS[1]);
        let words = seen.words.strip_prefix(WARNING).filter(|_| is_mere);
        seen.refusal = words.and_then(|words| rules::refusal(words.trim_end_matches(FORMS[1]).trim_end()));
        if let Some(room) = self.guild.discord.channels().into_iter().find(|room| answer.is_in(room)) {
            seen.in_sight = room.pins().iter().map(Surface::reading).collect();
        }
        Given::Answer(seen)
    }

    fn seen(&self, surface: Surface) -> Seen {
        Seen::new(surface.id(), surface.reading(), surface)
    }
}

async fn uses(hand: &Hand, surface: &Surface, label: &str) -> Heard {
    match surface.offering(label) {
        Some(select) => hand.chooses(surface, &select, label).await,
        None => hand.clicks(surface, label).await,
    }
}

#[async_trait(?Send)]
impl Platform for InDiscord {
    fn muster(&self) -> &Arc<Muster> {
        &self.guild.muster.app
    }

    fn clock(&self) -> &ManualClock {
        &self.guild.muster.clock
    }

    fn ways(&self) -> &Ways {
        &self.guild.muster.ways
    }

    fn shop(&self) -> Option<(PlatformId, String)> {
        Some((muster_discord::platform(), self.shop.id()))
    }

    fn overheard(&self) -> Vec<Overheard> {
        let one = |message: &Surface| Overheard {
            words: message.reading(),
            pings: live_mentions(&message.json()),
            json: message.json(),
        };
        self.shop.messages().iter().map(one).collect()
    }

    fn is_chat(&self) -> bool {
        true
    }

    fn typing(&self) -> fn(&str) -> String {
        |line| if is_line(line) { commands::typed(line) } else { line.to_owned() }
    }

    async fn settle(&self) {
        self.guild.muster.settle().await;
    }

    async fn types(&self, by: &By, line: &str) -> Given {
        let hand = self.free(by).await;
        let room = match by.room {
            Some(incident) => self.room(incident).await.expect("the incident has a room"),
            None => self.guild.general.clone(),
        };
        let heard = hand.types(&room, "inc", line).await;
        self.given(&hand, heard).await
    }

    async fn clicks(&self, by: &By, on: &Seen, label: &str) -> Given {
        let hand = self.free(by).await;
        let heard = uses(&hand, on.thing(), label).await;
        // What is hard to take back asks whether that is meant.
        if let Some(asked) = heard.said.as_ref().filter(|said| said.buttons() == [label]).cloned() {
            let heard = uses(&hand, &asked, label).await;
            return self.given(&hand, heard).await;
        }
        self.given(&hand, heard).await
    }

    async fn fills(&self, by: &By, form: &Seen, values: &[(&str, &str)]) -> Given {
        let hand = self.hand(&by.who);
        let form: &Surface = form.thing();
        let labels = form.labels();
        let org = self.muster().org();
        let templates = &org.comms.templates;
        let is_shown = |name: &str| labels.iter().any(|label| label.eq_ignore_ascii_case(name));
        let filled = values.iter().filter(|(name, value)| is_shown(name) || !value.is_empty());
        let filled = filled.fold(form.clone(), |form, (name, value)| {
            // An input of a runbook is called by its label, without what all of them have in front.
            let own = name.rsplit('.').next().unwrap_or(name);
            // What a template asks for has a label of its own, and so have some arguments.
            let asks = |label: &str| {
                let mut variables = templates.iter().flat_map(|template| &template.variables);
                let mut args = TABLE.iter().flat_map(|spec| spec.verbs).flat_map(|verb| verb.args);
                variables.any(|variable| variable.name == own && variable.label == label)
                    || args.any(|arg| arg.name == own && arg.label == Some(label))
            };
            let is_meant = |label: &&String| label.eq_ignore_ascii_case(own);
            let label =
                labels.iter().find(is_meant).or(labels.iter().find(|label| asks(label))).map_or(*name, String::as_str);
            form.fill(label, &value.replace(',', ", "))
        });
        let lacking = filled.lacks();
        if !lacking.is_empty() {
            return Given::Lacking(lacking);
        }
        let heard = filled.submit(&hand).await;
        self.given(&hand, heard).await
    }

    async fn said(&self, incident: IncidentId) -> Vec<Seen> {
        let Some(room) = self.room(incident).await else { return Vec::new() };
        let headlines: Vec<_> = room.pins().iter().map(Surface::id).collect();
        let said = room.messages().into_iter().filter(|message| !headlines.contains(&message.id()));
        said.map(|message| self.seen(message)).collect()
    }

    async fn told(&self, person: &str) -> Vec<Seen> {
        self.hand(person).direct().messages().into_iter().map(|message| self.seen(message)).collect()
    }

    async fn finish(self: Box<Self>) {
        let elsewhere: Vec<_> = self.guild.general.messages().iter().map(Surface::picture).collect();
        assert!(elsewhere.is_empty(), "this is nobody else's business:\n{}", elsewhere.join("\n"));
        let strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for stranger in strangers.values() {
            let left: Vec<_> = stranger.unheard().iter().map(Surface::picture).collect();
            assert!(left.is_empty(), "nobody expected that a stranger is told:\n{}", left.join("\n"));
        }
        self.guild.everybody().into_iter().for_each(|hand| self.guild.has_heard(hand));
        self.guild.finish().await;
    }
}
