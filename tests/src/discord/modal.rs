//! Modals: filled in and submitted as a person can, with what Discord itself checks before it sends.
//! <https://docs.discord.com/developers/components/using-modal-components>

use super::interaction::{Done, Interaction};
use super::message::Spot;
use super::state::Id;
use super::surface::{At, label_of};
use super::{Hand, Heard, Surface};
use serde_json::{Value, json};

/// A modal before somebody.
#[derive(Debug, Clone)]
pub(super) struct Open {
    /// Title, custom id and components, numbered.
    pub(super) json: Value,
    /// The interaction it answered: two modals are never the same.
    pub(super) from: Id,
    pub(super) channel: Id,
    /// The message whose component opened it.
    pub(super) source: Option<Spot>,
}

impl Open {
    /// One of that data.
    pub(super) fn new(mut data: Value, from: &Interaction) -> Self {
        let mut next = 0;
        let mut number = |component: &mut Value| {
            next += 1;
            component["id"] = json!(next);
        };
        for top in data["components"].as_array_mut().into_iter().flatten() {
            number(top);
            if top["component"].is_object() {
                number(&mut top["component"]);
            }
            top["components"].as_array_mut().into_iter().flatten().for_each(&mut number);
        }
        Self { json: data, from: from.id, channel: from.channel, source: from.source }
    }
}

/// The fields of a modal: what surrounds each, and the field.
pub(super) fn fields(modal: &Value) -> Vec<(&Value, &Value)> {
    let mut all = Vec::new();
    for top in modal["components"].as_array().into_iter().flatten() {
        match top["type"].as_u64() {
            Some(18) => all.push((top, &top["component"])),
            Some(1) => all.extend(top["components"].as_array().into_iter().flatten().map(|field| (top, field))),
            Some(_) | None => {}
        }
    }
    all
}

/// What choosing `text` in a field of a select puts into `values`.
pub(super) fn chosen(hand: &Hand, field: &Value, text: &str) -> Vec<String> {
    let parts = text.split(", ").filter(|part| !part.is_empty());
    match field["type"].as_u64() {
        Some(5 | 7) => parts.map(|name| hand.discord.named(name).to_string()).collect(),
        Some(_) | None => {
            let options = || field["options"].as_array().into_iter().flatten();
            let pick = |part: &str| {
                let found = options().find(|option| option["label"] == part || option["value"] == part);
                let shown: Vec<_> = options().map(|option| &option["label"]).collect();
                let found = found.unwrap_or_else(|| panic!("“{part}” is none of {shown:?}"));
                found["value"].as_str().unwrap_or_default().to_owned()
            };
            // An option may have a comma in it.
            if options().any(|option| option["label"] == text) { vec![pick(text)] } else { parts.map(pick).collect() }
        }
    }
}

/// What a field holds before anybody touched it.
fn untouched(field: &Value) -> Value {
    let defaults = || {
        let options = field["options"].as_array().into_iter().flatten();
        let on: Vec<_> =
            options.filter(|option| option["default"] == true).map(|option| option["value"].clone()).collect();
        let people = field["default_values"].as_array().into_iter().flatten().map(|person| person["id"].clone());
        on.into_iter().chain(people).collect::<Vec<_>>()
    };
    match field["type"].as_u64() {
        Some(4) => json!({ "value": field["value"].as_str().unwrap_or_default() }),
        Some(21) => json!({ "value": defaults().into_iter().next() }),
        Some(23) => json!({ "value": field["default"] == true }),
        Some(_) | None => json!({ "values": defaults() }),
    }
}

impl Surface {
    /// Fills in a field of a modal, named by its label or its custom id. An option is named by what it shows; of
    /// several, separated by `, `. Empty text empties it.
    ///
    /// # Panics
    /// When there is no such field, or it does not take that.
    #[must_use]
    pub fn fill(mut self, field: &str, text: &str) -> Self {
        let At::Modal { user, .. } = &self.at else { panic!("one fills in modals") };
        let hand = Hand { discord: self.discord.clone(), id: *user };
        let json = self.json();
        let found =
            fields(&json).into_iter().find(|(top, inner)| label_of(top) == field || inner["custom_id"] == field);
        let Some((_, inner)) = found else { panic!("there is no field “{field}” in:\n{}", self.picture()) };
        let value = match inner["type"].as_u64() {
            Some(4) => {
                let most = inner["max_length"].as_u64().unwrap_or(4000) as usize;
                assert!(text.chars().count() <= most, "“{field}” takes {most} characters");
                let is_short = inner["style"] == 1;
                assert!(!(is_short && text.contains('\n')), "“{field}” is a line");
                json!({ "value": text })
            }
            Some(21) => json!({ "value": chosen(&hand, inner, text).into_iter().next() }),
            Some(23) => json!({ "value": text == "yes" }),
            Some(_) | None => json!({ "values": chosen(&hand, inner, text) }),
        };
        self.filled.insert(inner["custom_id"].as_str().unwrap_or_default().to_owned(), value);
        self
    }

    /// What is in a field now.
    fn held(&self, field: &Value) -> Value {
        let id = field["custom_id"].as_str().unwrap_or_default();
        let mut held = self.filled.get(id).cloned().unwrap_or_else(|| untouched(field));
        held["type"] = field["type"].clone();
        held["id"] = field["id"].clone();
        held["custom_id"] = field["custom_id"].clone();
        held
    }

    /// The labels of the fields.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        fields(&self.json()).into_iter().map(|(top, _)| label_of(top).to_owned()).collect()
    }

    /// What Discord itself would say instead of sending the modal.
    #[must_use]
    pub fn lacks(&self) -> Vec<String> {
        self.unsendable(&self.json())
    }

    /// What Discord itself would not send.
    fn unsendable(&self, modal: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        for (top, field) in fields(modal) {
            let held = self.held(field);
            let count = held["values"].as_array().map(Vec::len);
            let length = held["value"].as_str().map(|text| text.chars().count());
            let is_empty = count.or(length).unwrap_or(usize::from(!held["value"].is_null())) == 0;
            let least = field["min_length"].as_u64().unwrap_or_default() as usize;
            if is_empty && field["required"] != false && field["type"] != 23 {
                wrong.push(format!("“{}” must be filled in", label_of(top)));
            } else if length.is_some_and(|length| !is_empty && length < least) {
                wrong.push(format!("“{}” takes at least {least} characters", label_of(top)));
            } else if count.is_some_and(|count| count > field["max_values"].as_u64().unwrap_or(1) as usize) {
                wrong.push(format!("“{}” takes fewer", label_of(top)));
            }
        }
        wrong
    }

    /// Submits the modal. It closes when the app acknowledges.
    ///
    /// # Panics
    /// When it is no modal, is gone, or Discord itself would not send it.
    pub async fn submit(&self, hand: &Hand) -> Heard {
        let open = self.open().expect("the modal is still before them");
        let wrong = self.unsendable(&open.json);
        assert!(wrong.is_empty(), "it cannot be submitted: {}", wrong.join("; "));
        let mut components = open.json["components"].as_array().cloned().unwrap_or_default();
        for top in &mut components {
            let id = top["id"].clone();
            *top = match top["type"].as_u64() {
                Some(18) => json!({ "type": 18, "id": id, "component": self.held(&top["component"]) }),
                Some(1) => {
                    let inner = top["components"].as_array().into_iter().flatten();
                    json!({ "type": 1, "id": id, "components": inner.map(|field| self.held(field)).collect::<Vec<_>>() })
                }
                Some(_) | None => json!({ "type": top["type"], "id": id }),
            };
        }
        let data = json!({ "custom_id": open.json["custom_id"], "components": components });
        let (title, room) = (open.json["title"].as_str().unwrap_or_default().to_owned(), open.channel);
        hand.does(Done::Modal, room, (&title, data), open.source).await
    }

    /// Closes the modal without submitting it; nobody is told.
    pub fn dismiss(&self) {
        if let At::Modal { user, .. } = self.at {
            self.discord.with(|state| state.modals.remove(&user));
        }
    }
}
