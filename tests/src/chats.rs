//! A chat platform that does what it is told and remembers it, and whose failures a test chooses.

use async_trait::async_trait;
use chrono_tz::Tz;
use muster_core::effect::Effect;
use muster_core::ids::PlatformId;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Opened, Receipt};
use muster_core::view::{Section, View, text};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore};

/// As many permits as there are never attempts at once.
const OPEN: usize = 1_000;

/// A platform in memory.
pub struct Loopback {
    platform: PlatformId,
    book: Mutex<Book>,
    gate: Semaphore,
    asked: Notify,
}

#[derive(Default)]
struct Book {
    rooms: usize,
    said: Vec<String>,
    gone: Vec<String>,
    is_closed: bool,
}

impl Loopback {
    /// A platform of that name on which everything works.
    #[must_use]
    pub fn new(platform: &str) -> Arc<Self> {
        Self::with(platform, OPEN)
    }

    /// A platform on which nothing ever ends.
    #[must_use]
    pub fn hanging(platform: &str) -> Arc<Self> {
        Self::with(platform, 0)
    }

    fn with(platform: &str, permits: usize) -> Arc<Self> {
        Arc::new(Self {
            platform: PlatformId::from(platform),
            book: Mutex::default(),
            gate: Semaphore::new(permits),
            asked: Notify::new(),
        })
    }

    /// From now on nothing ends, until it goes on.
    pub fn pauses(&self) {
        self.gate.forget_permits(OPEN);
    }

    /// What was held up ends, and everything after it.
    pub fn goes_on(&self) {
        self.gate.add_permits(OPEN);
    }

    /// Returns once something has been asked of it since the last time.
    pub async fn is_asked(&self) {
        self.asked.notified().await;
    }

    /// What was done since the last look, one line each, in order.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.book().said)
    }

    /// From now on, that room is gone.
    pub fn loses(&self, address: &str) {
        self.book().gone.push(address.to_owned());
    }

    /// From now on nobody can be paged there.
    pub fn closes(&self) {
        self.book().is_closed = true;
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room(&self, room: &Room) -> Result<String, DeliveryError> {
        if self.book().gone.contains(&room.address) {
            return Err(DeliveryError::RoomGone { reason: format!("{} was deleted", room.address) });
        }
        Ok(room.address.clone())
    }

    fn line(&self, delivery: &Delivery) -> Result<String, DeliveryError> {
        let made = if delivery.made.is_some() { "again" } else { "first" };
        let title = |view: &View| match view.sections.first() {
            Some(Section::Text(line)) if view.title.is_empty() => text::line(line, Tz::UTC),
            Some(_) | None => text::line(&view.title, Tz::UTC),
        };
        Ok(match &delivery.effect {
            Effect::Post { room, view } => format!("{} says: {}", self.room(room)?, title(view)),
            Effect::Tell { person, view, .. } => format!("@{person} is told: {}", title(view)),
            Effect::Open { plan, .. } => {
                format!("open {}{}", plan.name, if plan.private { ", private" } else { "" })
            }
            Effect::Headline { room, view } => format!("{} headline, {made}: {}", self.room(room)?, title(view)),
            Effect::Card { room, card, view } => {
                format!("{} card {card}, {made}: {}", self.room(room)?, title(view))
            }
            Effect::Page { to, notice, .. } => format!("{} is paged: {}", to.word(), notice.line),
            Effect::Publish { to, bulletin, .. } => {
                let title = bulletin.written(&bulletin.locale).map_or("", |(_, written)| written.title.as_str());
                format!("publish to {}: {title}", to.word())
            }
            Effect::Spread { bulletin, .. } => format!("publish to the subscribers of {}", bulletin.audience),
            Effect::Announce { view, .. } => format!("announce, {made}: {}", title(view)),
            Effect::Topic { room, line } => format!("{} topic: {}", self.room(room)?, text::line(line, Tz::UTC)),
            Effect::Rename { room, name } => format!("{} is now {name}", self.room(room)?),
            Effect::Links { room, links } => {
                let labels: Vec<_> = links.iter().map(|link| link.label.as_str()).collect();
                format!("{} links: {}", self.room(room)?, labels.join(", "))
            }
            Effect::Invite { room, people } => {
                let people: Vec<_> = people.iter().map(|one| one.person.as_str()).collect();
                format!("{} invites {}", self.room(room)?, people.join(", "))
            }
            Effect::Archive { room } if room.archived => format!("{} is put away", self.room(room)?),
            Effect::Archive { room } => format!("{} is taken out", self.room(room)?),
        })
    }
}

#[async_trait]
impl Chat for Loopback {
    fn platform(&self) -> PlatformId {
        self.platform.clone()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        self.asked.notify_one();
        let permit = self.gate.acquire().await;
        drop(permit);
        if self.book().is_closed && matches!(delivery.effect, Effect::Page { .. }) {
            return Err(DeliveryError::Permanent { reason: "it is closed".to_owned() });
        }
        let line = self.line(delivery)?;
        let mut book = self.book();
        book.said.push(line);
        let external = delivery.made.clone().unwrap_or_else(|| delivery.key.to_string());
        let Effect::Open { plan, .. } = &delivery.effect else { return Ok(Receipt::of(external)) };
        book.rooms += 1;
        let address = format!("R{}", book.rooms);
        let room = Opened { address: address.clone(), name: plan.name.clone(), url: None };
        Ok(Receipt { external: address, room: Some(room) })
    }
}
