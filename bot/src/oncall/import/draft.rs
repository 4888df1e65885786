//! A config in the making: people, schedules and policies under ids that can be typed, and what was left out.

use muster_core::org::Organisation;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A config in the making.
pub(super) struct Draft<'o> {
    org: &'o Organisation,
    /// People the config does not know yet, by id: name and address.
    people: BTreeMap<String, (String, Option<String>)>,
    /// The id of each schedule, by the id it had.
    schedule_ids: BTreeMap<String, String>,
    schedules: Vec<Schedule>,
    policies: Vec<Policy>,
    notes: Vec<String>,
}

/// A schedule.
#[derive(Default)]
pub(super) struct Schedule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) calendar: Option<String>,
    /// From the lowest.
    pub(super) layers: Vec<Layer>,
}

/// A layer of it, in the words of the config.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) zone: Option<String>,
    pub(super) turn: String,
    pub(super) start: String,
    pub(super) end: Option<String>,
    pub(super) people: Vec<String>,
    pub(super) windows: Vec<String>,
}

/// A policy, its levels with their targets and how long they have, in minutes.
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) repeat: i64,
    pub(super) levels: Vec<(Vec<String>, i64)>,
}

impl<'o> Draft<'o> {
    /// A draft to be added to a config.
    pub(super) fn beside(org: &'o Organisation) -> Self {
        let (people, schedule_ids) = (BTreeMap::new(), BTreeMap::new());
        Self { org, people, schedule_ids, schedules: Vec::new(), policies: Vec::new(), notes: Vec::new() }
    }

    /// The config it is to be added to.
    pub(super) fn org(&self) -> &'o Organisation {
        self.org
    }

    /// Notes what could not be carried over.
    pub(super) fn note(&mut self, note: String) {
        let note: String = note.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// What could not be carried over.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether anything was found.
    pub(super) fn has_something(&self) -> bool {
        !self.schedules.is_empty() || !self.policies.is_empty()
    }

    /// The id of somebody: of the one whom the config knows by address or name, or of one to be added to it.
    pub(super) fn person(&mut self, name: &str, email: &str) -> String {
        let known = [email, name].into_iter().filter(|typed| !typed.is_empty()).find_map(|it| self.org.find_person(it));
        if let Some(person) = known {
            return person.id.to_string();
        }
        let name = if name.is_empty() { email } else { name };
        let email = Some(email.to_owned()).filter(|email| email.contains('@'));
        let same = self.people.iter().find(|(_, known)| (known.0.as_str(), &known.1) == (name, &email));
        if let Some((id, _)) = same {
            return id.clone();
        }
        let local = email.as_deref().and_then(|email| email.split('@').next()).unwrap_or(name);
        let taken = |id: &str| self.people.contains_key(id) || self.org.find_person(id).is_some();
        let id = free(local, "person", taken);
        self.people.insert(id.clone(), (name.to_owned(), email));
        id
    }

    /// The id that a schedule gets that had another one; the same one each time.
    pub(super) fn schedule_id(&mut self, was: &str, name: &str) -> String {
        if let Some(id) = self.schedule_ids.get(was) {
            return id.clone();
        }
        let ids: Vec<String> = self.schedule_ids.values().cloned().collect();
        let taken = |id: &str| ids.iter().any(|known| known == id) || self.org.schedules.iter().any(|one| one.id == id);
        let id = free(name, "schedule", taken);
        self.schedule_ids.insert(was.to_owned(), id.clone());
        id
    }

    /// Adds a schedule, unless nobody would ever be on call by it.
    pub(super) fn add_schedule(&mut self, schedule: Schedule) {
        if schedule.layers.is_empty() && schedule.calendar.is_none() {
            self.note(format!("schedule “{}”: nobody is in it, so that it is left out", schedule.name));
        } else {
            self.schedules.push(schedule);
        }
    }

    /// Adds a policy, without the levels that reach nobody.
    pub(super) fn add_policy(&mut self, mut policy: Policy) {
        policy.levels.retain(|(targets, _)| !targets.is_empty());
        if policy.levels.is_empty() {
            self.note(format!("policy “{}”: it reaches nobody, so that it is left out", policy.name));
        } else {
            self.policies.push(policy);
        }
    }

    /// The draft as a config.
    pub(super) fn to_toml(&self) -> String {
        let mut toml = String::new();
        for (id, (name, email)) in &self.people {
            section(
                &mut toml,
                "person",
                &[("id", id), ("name", name), ("email", email.as_deref().unwrap_or_default())],
            );
        }
        for schedule in &self.schedules {
            schedule.write(&mut toml);
        }
        let mut ids: Vec<String> = self.org.policies.iter().map(|policy| policy.id.clone()).collect();
        for policy in &self.policies {
            let id = free(&policy.name, "policy", |id| ids.iter().any(|known| known == id));
            section(&mut toml, "policy", &[("id", &id), ("name", &policy.name)]);
            line(&mut toml, "repeat", &policy.repeat.clamp(0, 20).to_string());
            for (targets, minutes) in &policy.levels {
                section(&mut toml, "policy.level", &[("after", &format!("{}m", (*minutes).clamp(1, 43_200)))]);
                line(&mut toml, "targets", &quoted_all(targets));
            }
            ids.push(id);
        }
        toml
    }
}

impl Schedule {
    fn write(&self, toml: &mut String) {
        let calendar = self.calendar.as_deref().unwrap_or_default();
        let keys = [("id", self.id.as_str()), ("name", &self.name), ("time_zone", &self.zone), ("calendar", calendar)];
        section(toml, "schedule", &keys);
        for layer in &self.layers {
            let zone = layer.zone.as_deref().unwrap_or_default();
            let end = layer.end.as_deref().unwrap_or_default();
            let keys = [("name", layer.name.as_str()), ("turn", &layer.turn), ("start", &layer.start), ("end", end)];
            section(toml, "schedule.layer", &keys);
            line(toml, "people", &quoted_all(&layer.people));
            if !layer.windows.is_empty() {
                line(toml, "windows", &quoted_all(&layer.windows));
            }
            if !zone.is_empty() {
                line(toml, "time_zone", &quoted(zone));
            }
        }
    }
}

/// An id made of a name that nobody has yet.
fn free(name: &str, otherwise: &str, taken: impl Fn(&str) -> bool) -> String {
    let base = Some(slug::slugify(name)).filter(|id| !id.is_empty()).unwrap_or_else(|| otherwise.to_owned());
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(base)
}

/// A table with those of its texts that say something.
fn section(toml: &mut String, name: &str, keys: &[(&str, &str)]) {
    let gap = if toml.is_empty() { "" } else { "\n" };
    // Writing into a text cannot fail.
    let _ = writeln!(toml, "{gap}[[{name}]]");
    for (key, value) in keys.iter().filter(|(_, value)| !value.is_empty()) {
        line(toml, key, &quoted(value));
    }
}

fn line(toml: &mut String, key: &str, value: &str) {
    let _ = writeln!(toml, "{key} = {value}");
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn quoted_all(all: &[String]) -> String {
    format!("[{}]", all.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", "))
}
