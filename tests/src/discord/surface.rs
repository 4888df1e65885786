//! What a person sees and can click: a message, one for them alone, a modal.

use super::message::Spot;
use super::modal::Open;
use super::state::Id;
use super::{FakeDiscord, Room, picture};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Message { channel: Id, id: Id },
    Whisper(Id),
    Modal { user: Id, from: Id },
}

impl At {
    /// At a message.
    pub(super) fn of(spot: Spot) -> Self {
        match spot {
            Spot::Message { channel, id } => Self::Message { channel, id },
            Spot::Whisper(id) => Self::Whisper(id),
        }
    }
}

/// Something a person sees. It shows what is there now: an edit is seen through it.
#[derive(Clone)]
pub struct Surface {
    pub(super) discord: FakeDiscord,
    pub(super) at: At,
    /// What was put into the fields of a modal, by custom id.
    pub(super) filled: BTreeMap<String, Value>,
}

impl Surface {
    pub(super) fn new(discord: &FakeDiscord, at: At) -> Self {
        Self { discord: discord.clone(), at, filled: BTreeMap::new() }
    }

    /// As Discord's JSON; null when it is gone.
    #[must_use]
    pub fn json(&self) -> Value {
        match self.at {
            At::Message { channel, id } => self.message(Spot::Message { channel, id }),
            At::Whisper(id) => self.message(Spot::Whisper(id)),
            At::Modal { .. } => self.open().map(|open| open.json).unwrap_or_default(),
        }
    }

    fn message(&self, spot: Spot) -> Value {
        self.discord.look(|state| state.at(spot).map(|message| message.json.clone())).unwrap_or_default()
    }

    /// The modal, if it is still before them.
    pub(super) fn open(&self) -> Option<Open> {
        let At::Modal { user, from } = self.at else { return None };
        self.discord.look(|state| state.modals.get(&user).filter(|open| open.from == from).cloned())
    }

    /// The message, and the channel it is in.
    ///
    /// # Panics
    /// When it is a modal, or gone.
    pub(super) fn place(&self) -> (Spot, Id) {
        let place = self.discord.look(|state| match self.at {
            At::Message { channel, id } => {
                state.at(Spot::Message { channel, id }).map(|_| (Spot::Message { channel, id }, channel))
            }
            At::Whisper(id) => {
                let mut there = state.whispers.iter().filter(|whisper| !whisper.is_deleted);
                there.find(|whisper| whisper.id == id).map(|whisper| (Spot::Whisper(id), whisper.channel))
            }
            At::Modal { .. } => None,
        });
        place.expect("it is a message, and still there")
    }

    /// Whether it is in that channel, for all to see or for one.
    #[must_use]
    pub fn is_in(&self, room: &Room) -> bool {
        match self.at {
            At::Message { .. } | At::Whisper(_) => self.place().1 == room.id,
            At::Modal { .. } => false,
        }
    }

    /// The label of the select that offers such an option.
    #[must_use]
    pub fn offering(&self, option: &str) -> Option<String> {
        let json = self.json();
        let selects = elements(&json["components"]);
        let offers =
            |one: &&&Value| one["options"].as_array().into_iter().flatten().any(|known| known["label"] == option);
        selects.iter().find(offers).map(|select| picture::label(select).to_owned())
    }

    /// Its id; empty for a modal.
    #[must_use]
    pub fn id(&self) -> String {
        match self.at {
            At::Message { id, .. } | At::Whisper(id) => id.to_string(),
            At::Modal { .. } => String::new(),
        }
    }

    /// Whether it is gone: deleted, closed, dismissed.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.json().is_null()
    }

    /// Whether one person alone sees it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        !matches!(self.at, At::Message { .. })
    }

    /// As a person sees it.
    #[must_use]
    pub fn picture(&self) -> String {
        picture::surface(&self.json(), &self.discord.names())
    }

    /// The same, and fails when these words are not in it.
    ///
    /// # Panics
    /// When they are not.
    #[must_use]
    pub fn shows(self, words: &str) -> Self {
        let picture = self.picture();
        assert!(picture.contains(words), "“{words}” is not in:\n{picture}");
        self
    }

    /// Whom it pinged when it came, by name: `@everyone`, `@here`, `@ops`, `@Alice Ek`. Edits ping nobody.
    #[must_use]
    pub fn pinged(&self) -> Vec<String> {
        let names = self.discord.names();
        let pinged = self.discord.look(|state| {
            let spot = match self.at {
                At::Message { channel, id } => Spot::Message { channel, id },
                At::Whisper(id) => Spot::Whisper(id),
                At::Modal { .. } => return Vec::new(),
            };
            state.at(spot).map(|message| message.pinged.clone()).unwrap_or_default()
        });
        pinged.iter().map(|mention| picture::markdown(mention, &names)).collect()
    }

    /// The labels of what one can click or choose from.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        elements(&self.json()["components"]).into_iter().map(|element| picture::label(element).to_owned()).collect()
    }

    /// Returns once it shows these words.
    ///
    /// # Panics
    /// When it never does.
    pub async fn comes_to_show(&self, words: &str) {
        let shown = self.discord.0.state.until(|| self.picture().contains(words).then_some(())).await;
        assert!(shown.is_some(), "“{words}” never came to be in:\n{}", self.picture());
    }

    /// The button or select of that label, placeholder or custom id.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn find(&self, label: &str) -> Value {
        let json = self.json();
        let found = elements(&json["components"])
            .into_iter()
            .find(|one| picture::label(one) == label || one["custom_id"] == label);
        found.unwrap_or_else(|| panic!("there is no “{label}” to use in:\n{}", self.picture())).clone()
    }
}

/// Every button and select in components.
pub(super) fn elements(components: &Value) -> Vec<&Value> {
    let mut all = Vec::new();
    for component in components.as_array().into_iter().flatten() {
        match component["type"].as_u64() {
            Some(2 | 3 | 5..=8) => all.push(component),
            Some(_) | None => all.extend(elements(&component["components"])),
        }
        if matches!(component["accessory"]["type"].as_u64(), Some(2)) {
            all.push(&component["accessory"]);
        }
    }
    all
}

/// What a field of a modal is called: of a label its text, of a row that of its input.
pub(super) fn label_of(top: &Value) -> &str {
    let inner = top["components"][0]["label"].as_str();
    top["label"].as_str().or(inner).unwrap_or_default()
}
