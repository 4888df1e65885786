//! Schedules: who is on call when.

use super::civil::{civil, days_and_times, turn};
use super::organisation::Seen;
use super::problem::did_you_mean;
use super::section::Section;
use super::value::{check_id, resolve, time_zone};
use chrono_tz::Tz;
use muster_core::ids::PersonId;
use muster_core::oncall::{Layer, Schedule};
use muster_core::org::{Person, Team};
use std::fmt;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// A calendar that says who is on call, and the schedule it says it of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CalendarSource {
    /// The id of the schedule.
    pub(crate) schedule: String,
    /// Where the calendar is.
    pub(crate) place: CalendarPlace,
}

/// Where a calendar is. Its URL is often all one needs to read it, so that it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum CalendarPlace {
    /// On this machine.
    File(PathBuf),
    /// At an http or https address.
    Url(String),
}

impl fmt::Debug for CalendarPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Url(_) => f.write_str("a URL"),
        }
    }
}

/// Who there is to be on call.
pub(super) struct Known<'k> {
    /// Everybody.
    pub(super) people: &'k [Person],
    /// Every team.
    pub(super) teams: &'k [Team],
    /// Where those are who say nothing of it.
    pub(super) zone: Tz,
}

/// The schedules, and the calendars that some have. A relative file starts in `folder`.
pub(super) fn read(root: &Section<'_, '_>, known: &Known<'_>, folder: &Path) -> (Vec<Schedule>, Vec<CalendarSource>) {
    let mut ids = Seen::default();
    let (mut schedules, mut calendars) = (Vec::new(), Vec::new());
    for section in root.tables("schedule").unwrap_or_default() {
        let id = section.required("id", "payments");
        let name = section.text("name");
        let team = team(&section, known.teams);
        let zone = time_zone(&section, "time_zone").unwrap_or(known.zone);
        let place = calendar(&section, folder);
        let sections = section.tables("layer").unwrap_or_default();
        let mut names = Seen::default();
        if sections.is_empty() && !section.has("calendar") {
            let sentence = "this has neither a [[schedule.layer]] nor a calendar: nobody would ever be on call";
            section.problem(section.at(), "layer", sentence);
        }
        let layers = sections.into_iter().enumerate().filter_map(|(place, section)| {
            let usual = format!("layer {}", place + 1);
            layer(&section, &Known { zone, ..*known }, &mut names, usual)
        });
        let layers: Vec<Layer> = layers.collect();
        if let Some(id) = id {
            check_id(&section, "id", &id);
            ids.check(&section, "id", &id);
            let name = name.map_or_else(|| id.get_ref().clone(), Spanned::into_inner);
            let id = id.into_inner();
            calendars.extend(place.map(|place| CalendarSource { schedule: id.clone(), place }));
            schedules.push(Schedule { id, name, team, zone, layers, calendar: None });
        }
        section.finish();
    }
    (schedules, calendars)
}

fn team(section: &Section<'_, '_>, teams: &[Team]) -> Option<String> {
    let team = section.text("team")?;
    let known = || teams.iter().map(|team| team.id.as_str());
    if !known().any(|id| id == team.get_ref()) {
        let near = did_you_mean(team.get_ref(), known());
        section.problem(team.span(), "team", format!("team `{}` does not exist{near}", team.get_ref()));
    }
    Some(team.into_inner())
}

fn calendar(section: &Section<'_, '_>, folder: &Path) -> Option<CalendarPlace> {
    let typed = section.text("calendar")?;
    let value = resolve(section, "calendar", &typed)?;
    if value.starts_with("https://") || value.starts_with("http://") {
        return match reqwest::Url::parse(&value) {
            Ok(_) => Some(CalendarPlace::Url(value)),
            // What was typed may hold a secret, so that it is not repeated.
            Err(error) => {
                section.problem(typed.span(), "calendar", format!("this is not a URL: {error}"));
                None
            }
        };
    }
    Some(CalendarPlace::File(folder.join(value)))
}

fn layer(section: &Section<'_, '_>, known: &Known<'_>, names: &mut Seen, usual: String) -> Option<Layer> {
    let name = section.text("name");
    if let Some(name) = &name {
        names.check(section, "name", name);
    }
    let zone = time_zone(section, "time_zone").unwrap_or(known.zone);
    let turn =
        section.required("turn", "1 week").and_then(|typed| section.taken("turn", &typed, turn(typed.get_ref())));
    let first = moment(section, "start", section.required("start", "2026-11-23 09:00"));
    let until = moment(section, "end", section.text("end"));
    if let Some((first, until)) = first.zip(until).filter(|(first, until)| until <= first) {
        section.problem(section.at(), "end", format!("the end, {until}, is not after the start, {first}"));
    }
    let windows = section.texts("windows").unwrap_or_default();
    let windows =
        windows.iter().filter_map(|typed| section.taken("windows", typed, days_and_times(typed.get_ref()))).collect();
    let slots = slots(section, known.people);
    section.finish();
    let name = name.map_or(usual, Spanned::into_inner);
    Some(Layer { name, zone, first: first?, until, turn: turn?, slots, windows })
}

fn moment(
    section: &Section<'_, '_>,
    key: &'static str,
    typed: Option<Spanned<String>>,
) -> Option<chrono::NaiveDateTime> {
    let typed = typed?;
    section.taken(key, &typed, civil(typed.get_ref()))
}

/// Who has which turn: `"alice"`, `"alice + bob"`, `"nobody"`.
fn slots(section: &Section<'_, '_>, people: &[Person]) -> Vec<Vec<PersonId>> {
    let slots = section.texts("people");
    if !section.has("people") || slots.as_ref().is_some_and(Vec::is_empty) {
        let sentence = "this says nobody; for example people = [\"alice\", \"bob\"]";
        section.problem(section.at(), "people", sentence);
    }
    let known = || people.iter().map(|person| person.id.as_str());
    let slot = |slot: &Spanned<String>| {
        let mut together = Vec::new();
        for word in slot.get_ref().split('+').map(|word| word.trim().trim_start_matches('@')) {
            if word == "nobody" {
                continue;
            }
            let id = PersonId::from(word);
            if !known().any(|id| id == word) {
                let near = did_you_mean(word, known());
                section.problem(slot.span(), "people", format!("person `{word}` does not exist{near}"));
            } else if together.contains(&id) {
                section.problem(slot.span(), "people", format!("`{word}` is there twice in one turn"));
            }
            together.push(id);
        }
        together
    };
    slots.unwrap_or_default().iter().map(slot).collect()
}
