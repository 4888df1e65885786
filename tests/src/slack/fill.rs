//! Modals: filled in and submitted as a person can, with what Slack itself checks before it sends.

use super::deliver::Post;
use super::surface::{At, elements};
use super::{FakeSlack, Hand, Surface, api, blocks};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What came of a submission.
pub enum Submitted {
    /// The modal closed.
    Closed,
    /// It stayed open, with these sentences under blocks, by block id.
    Errors(BTreeMap<String, String>),
    /// Another view took its place, or came on top of it.
    Updated(Surface),
    /// The app did not answer in three seconds; the modal says that it had trouble connecting.
    Unanswered,
}

impl Submitted {
    /// The modal closed.
    ///
    /// # Panics
    /// When it did not.
    pub fn closed(self) {
        match self {
            Self::Closed => {}
            Self::Errors(errors) => panic!("the modal stayed open: {errors:?}"),
            Self::Updated(view) => panic!("another view came:\n{}", view.picture()),
            Self::Unanswered => panic!("the app did not answer"),
        }
    }

    /// The sentences under the blocks.
    ///
    /// # Panics
    /// When there are none.
    #[must_use]
    pub fn errors(self) -> BTreeMap<String, String> {
        match self {
            Self::Errors(errors) => errors,
            Self::Closed => panic!("the modal closed"),
            Self::Updated(view) => panic!("another view came:\n{}", view.picture()),
            Self::Unanswered => panic!("the app did not answer"),
        }
    }

    /// The view that came.
    ///
    /// # Panics
    /// When none did.
    #[must_use]
    pub fn updated(self) -> Surface {
        match self {
            Self::Updated(view) => view,
            Self::Closed => panic!("the modal closed"),
            Self::Errors(errors) => panic!("the modal stayed open: {errors:?}"),
            Self::Unanswered => panic!("the app did not answer"),
        }
    }
}

/// What choosing `option` in an element puts into a payload.
///
/// # Panics
/// When it has no such option.
pub(super) fn value(slack: &FakeSlack, element: &Value, option: &str) -> Value {
    let kind = element["type"].as_str().unwrap_or_default();
    let grouped = element["option_groups"].as_array().into_iter().flatten();
    let grouped = grouped.filter_map(|group| group["options"].as_array());
    let options: Vec<_> = element["options"].as_array().into_iter().chain(grouped).flatten().collect();
    let pick = |wanted: &str| {
        let found = options.iter().find(|known| known["text"]["text"] == wanted || known["value"] == wanted);
        let shown: Vec<_> = options.iter().map(|known| &known["text"]["text"]).collect();
        (*found.unwrap_or_else(|| panic!("“{wanted}” is none of {shown:?}"))).clone()
    };
    let person = |name: &str| {
        let names = slack.names();
        let found = names.iter().find(|(id, known)| known.as_str() == name || id.as_str() == name);
        found.unwrap_or_else(|| panic!("there is no {name} to choose")).0.clone()
    };
    let many = || option.split(", ").filter(|part| !part.is_empty());
    match kind {
        "static_select" | "radio_buttons" | "overflow" if option.is_empty() => json!({ "selected_option": null }),
        "static_select" | "radio_buttons" | "overflow" => json!({ "selected_option": pick(option) }),
        "multi_static_select" | "checkboxes" => json!({ "selected_options": many().map(pick).collect::<Vec<_>>() }),
        "users_select" => json!({ "selected_user": person(option) }),
        "multi_users_select" => json!({ "selected_users": many().map(person).collect::<Vec<_>>() }),
        "conversations_select" => json!({ "selected_conversation": person(option) }),
        "channels_select" => json!({ "selected_channel": person(option) }),
        "datepicker" => json!({ "selected_date": option }),
        "timepicker" => json!({ "selected_time": option }),
        "datetimepicker" => json!({ "selected_date_time": option.parse::<i64>().expect("seconds since 1970") }),
        _ => json!({ "value": if option.is_empty() { Value::Null } else { json!(option) } }),
    }
}

/// What an element holds before anybody touched it.
fn untouched(element: &Value) -> Value {
    match element["type"].as_str().unwrap_or_default() {
        "static_select" | "radio_buttons" => json!({ "selected_option": element["initial_option"] }),
        "multi_static_select" | "checkboxes" => {
            json!({ "selected_options": element["initial_options"].as_array().cloned().unwrap_or_default() })
        }
        "users_select" => json!({ "selected_user": element["initial_user"] }),
        "multi_users_select" => {
            json!({ "selected_users": element["initial_users"].as_array().cloned().unwrap_or_default() })
        }
        "conversations_select" => json!({ "selected_conversation": element["initial_conversation"] }),
        "channels_select" => json!({ "selected_channel": element["initial_channel"] }),
        "datepicker" => json!({ "selected_date": element["initial_date"] }),
        "timepicker" => json!({ "selected_time": element["initial_time"] }),
        "datetimepicker" => json!({ "selected_date_time": element["initial_date_time"] }),
        _ => json!({ "value": element["initial_value"] }),
    }
}

/// Whether nothing was given.
fn is_empty(value: &Value) -> bool {
    let given = value.as_object().into_iter().flatten().filter(|(name, _)| *name != "type");
    given.into_iter().all(|(_, value)| value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty))
}

impl Surface {
    /// Fills in a field, named by its label, its block id or its action id. An option is named by what it shows; of
    /// several, separated by `, `. Empty text empties it.
    ///
    /// # Panics
    /// When there is no such field.
    #[must_use]
    pub fn fill(mut self, field: &str, text: &str) -> Self {
        let found = self.find(field, None);
        if let Some(most) = found.element["max_length"].as_u64() {
            assert!(text.chars().count() as u64 <= most, "“{field}” takes {most} characters");
        }
        let action = found.element["action_id"].as_str().unwrap_or_default().to_owned();
        let value = value(&self.slack, &found.element, text);
        self.filled.insert((found.block, action), value);
        self
    }

    /// `view.state.values`: every field with what is in it.
    pub(super) fn values(&self) -> Value {
        let mut values = Map::new();
        let json = self.json();
        for (block, element) in elements(&json).into_iter().filter(|(_, element)| element["type"] != "button") {
            let id = block["block_id"].as_str().unwrap_or_default().to_owned();
            let action = element["action_id"].as_str().unwrap_or_default().to_owned();
            let typed = self.filled.get(&(id.clone(), action.clone())).cloned();
            let mut value = typed.unwrap_or_else(|| untouched(element));
            value["type"] = element["type"].clone();
            let place = values.entry(id).or_insert_with(|| json!({}));
            place[action] = value;
        }
        Value::Object(values)
    }

    /// The labels of what must be filled in and is not: Slack itself does not send the modal.
    #[must_use]
    pub fn lacks(&self) -> Vec<String> {
        let (json, values) = (self.json(), self.values());
        let asked = json["blocks"].as_array().into_iter().flatten();
        let asked = asked.filter(|block| block["type"] == "input" && block["optional"] != true);
        let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let empty = asked.filter(|block| is_empty(&values[id(&block["block_id"])][id(&block["element"]["action_id"])]));
        empty.map(|block| block["label"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Submits the modal.
    ///
    /// # Panics
    /// When it is no modal, is gone, or Slack itself would not send it.
    pub async fn submit(&self, hand: &Hand) -> Submitted {
        let At::View { id } = &self.at else { panic!("one submits modals") };
        let mut view = self.json();
        assert!(!view["submit"].is_null(), "there is nothing to submit");
        let empty = self.lacks();
        assert!(empty.is_empty(), "these must be filled in: {}", empty.join(", "));
        view["state"] = json!({ "values": self.values() });
        let payload = self.slack.with(|state| {
            let mut payload = hand.interaction(state, "view_submission");
            payload["trigger_id"] = json!(state.trigger(&hand.id, Some(id)));
            payload["view"] = view;
            payload["response_urls"] = json!([]);
            payload
        });
        let Some(ack) = self.slack.deliver(Post::Interactive, &payload, None).await else {
            self.slack
                .with(|state| state.violation("operation_timeout: a submission was not answered in 3 s".to_owned()));
            return Submitted::Unanswered;
        };
        self.answered(&ack.body, hand, id)
    }

    /// <https://docs.slack.dev/surfaces/modals#updating_views>
    fn answered(&self, body: &Value, hand: &Hand, id: &str) -> Submitted {
        match body["response_action"].as_str() {
            None => {
                self.slack.with(|state| {
                    state.stacks.entry(hand.id.clone()).or_default().retain(|open| open != id);
                    state.views.remove(id);
                });
                Submitted::Closed
            }
            Some("clear") => {
                self.slack.with(|state| state.stacks.remove(&hand.id));
                Submitted::Closed
            }
            Some("errors") => {
                let known = self.blocks();
                let errors = body["errors"].as_object().cloned().unwrap_or_default();
                for block in errors.keys() {
                    let is_input = known.iter().any(|known| known["block_id"] == **block && known["type"] == "input");
                    if !is_input {
                        self.slack.with(|state| state.violation(format!("an error under no input block: {block}")));
                    }
                }
                let said = |text: Value| text.as_str().unwrap_or_default().to_owned();
                Submitted::Errors(errors.into_iter().map(|(block, text)| (block, said(text))).collect())
            }
            Some(action) => self.shown(action, &body["view"], hand, id),
        }
    }

    fn shown(&self, action: &str, view: &Value, hand: &Hand, id: &str) -> Submitted {
        let faults = blocks::check_view(view);
        if !faults.is_empty() || !["update", "push"].contains(&action) {
            let what = format!("response_action {action}: {}", faults.join("; "));
            self.slack.with(|state| state.violation(what));
            return Submitted::Unanswered;
        }
        let id = self.slack.with(|state| {
            if action == "push" {
                return api::put(state, &hand.id, view.clone(), true).unwrap_or_else(|_| id.to_owned());
            }
            api::replace(state, id, view.clone());
            id.to_owned()
        });
        Submitted::Updated(Self::new(&self.slack, At::View { id }))
    }

    /// Closes the modal without submitting it; the app is told if it asked to be.
    ///
    /// # Panics
    /// When it is no modal.
    pub async fn close(&self, hand: &Hand) {
        let At::View { id } = &self.at else { panic!("one closes modals") };
        let mut view = self.json();
        view["state"] = json!({ "values": self.values() });
        let told = view["notify_on_close"] == true;
        let payload = self.slack.with(|state| {
            state.stacks.entry(hand.id.clone()).or_default().retain(|open| open != id);
            state.views.remove(id);
            let mut payload = hand.interaction(state, "view_closed");
            payload["view"] = view;
            payload["is_cleared"] = json!(false);
            payload
        });
        if told && self.slack.deliver(Post::Interactive, &payload, None).await.is_none() {
            self.slack
                .with(|state| state.violation("operation_timeout: a closed view was not acknowledged".to_owned()));
        }
    }
}
