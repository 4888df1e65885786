//! Exports of Opsgenie: answers of `GET /v2/schedules?expand=rotation` and `GET /v2/escalations` of its API
//! (https://docs.opsgenie.com/docs/schedule-api, https://docs.opsgenie.com/docs/escalation-api).

use super::draft::{Draft, Layer, Policy, Schedule};
use super::json::{list, number, text, with};
use super::times::{civil, counted, day_named, minutes_between, window, written};
use chrono::NaiveTime;
use serde_json::Value;

pub(super) fn read(objects: &[Value], draft: &mut Draft<'_>) {
    for said in with(objects, "timezone") {
        let name = text(said, "name").to_owned();
        let zone = text(said, "timezone").to_owned();
        let rotations = list(said, "rotations");
        let layers: Vec<Layer> =
            rotations.iter().filter_map(|rotation| layer_of(rotation, (&name, &zone), draft)).collect();
        if layers.len() > 1 {
            let sentence = "Opsgenie has all its rotations on call at once; here a later layer goes before those above it, \
                            where they overlap";
            draft.note(format!("schedule “{name}”: {sentence}"));
        }
        let id = draft.schedule_id(&name, &name);
        draft.add_schedule(Schedule { id, name, zone, layers, calendar: None });
    }
    for said in with(objects, "rules") {
        policy_of(said, objects, draft);
    }
}

fn layer_of(said: &Value, (schedule, zone): (&str, &str), draft: &mut Draft<'_>) -> Option<Layer> {
    let name = text(said, "name").to_owned();
    let about = format!("schedule “{schedule}”, rotation “{name}”");
    let unit = match text(said, "type") {
        "hourly" => "hour",
        "daily" => "day",
        "weekly" => "week",
        other => {
            draft.note(format!("{about}: “{other}” is no turn that is known here, so that it is left out"));
            return None;
        }
    };
    let Some(start) = civil(text(said, "startDate"), zone) else {
        draft.note(format!("{about}: its start cannot be read, so that it is left out"));
        return None;
    };
    let mut people = Vec::new();
    for participant in list(said, "participants") {
        people.push(match text(participant, "type") {
            "user" => person(participant, draft),
            "none" => "nobody".to_owned(),
            other => {
                draft.note(format!("{about}: a {other} takes a turn there; nobody does here"));
                "nobody".to_owned()
            }
        });
    }
    let windows = said.get("timeRestriction").map(windows_of).unwrap_or_default();
    let turn = counted(number(said, "length").unwrap_or(1), unit);
    let end = civil(text(said, "endDate"), zone).map(written);
    Some(Layer { name, zone: None, turn, start: written(start), end, people, windows })
        .filter(|it| !it.people.is_empty())
}

/// A user's name is their e-mail address.
fn person(said: &Value, draft: &mut Draft<'_>) -> String {
    let (name, address) = (text(said, "name"), text(said, "username"));
    draft.person(name, if address.is_empty() { name } else { address })
}

fn windows_of(said: &Value) -> Vec<String> {
    let time = |said: &Value, of: &str| {
        let part = |name: &str| number(said, &format!("{of}{name}")).and_then(|part| u32::try_from(part).ok());
        NaiveTime::from_hms_opt(part("Hour").unwrap_or(0) % 24, part("Min").unwrap_or(0), 0).unwrap_or_default()
    };
    let one = |said: &Value| {
        let (from, until) = (time(said, "start"), time(said, "end"));
        match (day_named(text(said, "startDay")), day_named(text(said, "endDay"))) {
            (Some(first), Some(last)) if !text(said, "startDay").is_empty() => {
                window(&[first], from, minutes_between((first, from), (last, until)))
            }
            _ => window(&[], from, (minutes_between((0, from), (0, until)) - 1) % (24 * 60) + 1),
        }
    };
    let single = said.get("restriction").into_iter();
    single.chain(list(said, "restrictions")).filter_map(one).collect()
}

fn policy_of(said: &Value, objects: &[Value], draft: &mut Draft<'_>) {
    let name = text(said, "name").to_owned();
    // Each rule says how long after the alert; a level here how long before the next.
    let after = |rule: &Value| {
        let amount = rule.pointer("/delay/timeAmount").and_then(Value::as_i64).unwrap_or(0);
        let unit = rule.pointer("/delay/timeUnit").and_then(Value::as_str).unwrap_or("minutes");
        amount
            * if unit.starts_with("hour") {
                60
            } else if unit.starts_with("day") {
                1_440
            } else {
                1
            }
    };
    let mut rules: Vec<&Value> = list(said, "rules").iter().collect();
    rules.sort_by_key(|rule| after(rule));
    if rules.first().is_some_and(|first| after(first) > 0) {
        draft.note(format!("policy “{name}”: it waits before its first level; here that is reached at once"));
    }
    let mut levels: Vec<(Vec<String>, i64)> = Vec::new();
    let mut reached = None;
    for (place, rule) in rules.iter().enumerate() {
        let next = rules[place + 1..].iter().map(|next| after(next)).find(|next| *next > after(rule));
        let patience = next.map_or(5, |next| next - after(rule));
        let target = target_of(rule, &name, objects, draft);
        match levels.last_mut() {
            Some(level) if reached == Some(after(rule)) => level.0.extend(target),
            Some(_) | None => levels.push((target.into_iter().collect(), patience)),
        }
        reached = Some(after(rule));
    }
    let repeat = said.pointer("/repeat/count").and_then(Value::as_i64).unwrap_or(0);
    draft.add_policy(Policy { name, repeat, levels });
}

fn target_of(rule: &Value, policy: &str, objects: &[Value], draft: &mut Draft<'_>) -> Option<String> {
    let recipient = rule.get("recipient")?;
    let notify = text(rule, "notifyType");
    match text(recipient, "type") {
        "user" => Some(format!("@{}", person(recipient, draft))),
        "schedule" if matches!(notify, "" | "default") => {
            let id = text(recipient, "id");
            let is_it = |one: &&Value| text(one, "id") == id || text(one, "name") == text(recipient, "name");
            let Some(whole) = with(objects, "timezone").find(is_it) else {
                draft.note(format!("policy “{policy}”: schedule “{}” is not in the export", text(recipient, "name")));
                return None;
            };
            Some(format!("schedule:{}", draft.schedule_id(text(whole, "name"), text(whole, "name"))))
        }
        kind => {
            let name = text(recipient, "name");
            draft.note(format!("policy “{policy}”: {kind} “{name}” (notify {notify}) is left out as a target"));
            None
        }
    }
}
