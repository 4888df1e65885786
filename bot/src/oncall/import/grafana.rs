//! Exports of Grafana OnCall: answers of `GET /api/v1/schedules/`, `/on_call_shifts/`, `/users/`, `/escalation_chains/` and
//! `/escalation_policies/` of its API (https://grafana.com/docs/oncall/latest/oncall-api-reference/on_call_shifts/).

use super::draft::{Draft, Layer, Policy, Schedule};
use super::json::{list, number, text, with};
use super::times::{civil, counted, day_named, window, written};
use chrono::Datelike;
use serde_json::Value;

pub(super) fn read(objects: &[Value], draft: &mut Draft<'_>) {
    let schedules =
        || objects.iter().filter(|one| one.get("shifts").is_some() || one.get("ical_url_primary").is_some());
    for said in schedules() {
        let name = text(said, "name").to_owned();
        let zone = Some(text(said, "time_zone")).filter(|zone| !zone.is_empty()).unwrap_or("UTC").to_owned();
        let mut shifts: Vec<&Value> = Vec::new();
        for id in list(said, "shifts").iter().filter_map(Value::as_str) {
            match with(objects, "duration").find(|shift| text(shift, "id") == id) {
                Some(shift) => shifts.push(shift),
                None => draft.note(format!("schedule “{name}”: shift {id} is not in the export")),
            }
        }
        shifts.sort_by_key(|shift| number(shift, "level").unwrap_or(0));
        if shifts.windows(2).any(|two| number(two[0], "level") == number(two[1], "level")) {
            let sentence = "shifts of one level are all on call there; here a later layer goes before those above it, \
                            where they overlap";
            draft.note(format!("schedule “{name}”: {sentence}"));
        }
        let layers = shifts.into_iter().filter_map(|shift| layer_of(shift, (&name, &zone), objects, draft)).collect();
        let calendar = Some(text(said, "ical_url_primary")).filter(|url| !url.is_empty()).map(str::to_owned);
        if !text(said, "ical_url_overrides").is_empty() {
            draft.note(format!("schedule “{name}”: its calendar of overrides is not carried over"));
        }
        let id = draft.schedule_id(text(said, "id"), &name);
        draft.add_schedule(Schedule { id, name, zone, calendar, layers });
    }
    let chains = with(objects, "escalation_chain_id").map(|step| text(step, "escalation_chain_id"));
    let chains: std::collections::BTreeSet<&str> = chains.collect();
    for chain in chains {
        policy_of(chain, objects, draft);
    }
}

fn layer_of(said: &Value, (schedule, zone): (&str, &str), objects: &[Value], draft: &mut Draft<'_>) -> Option<Layer> {
    let name = text(said, "name").to_owned();
    let about = format!("schedule “{schedule}”, shift “{name}”");
    let own = Some(text(said, "time_zone")).filter(|own| !own.is_empty() && *own != zone);
    let unit = match (text(said, "type"), text(said, "frequency")) {
        ("recurrent_event" | "rolling_users", "hourly") => ("hour", 60),
        ("recurrent_event" | "rolling_users", "daily") => ("day", 24 * 60),
        ("recurrent_event" | "rolling_users", "weekly") => ("week", 7 * 24 * 60),
        ("recurrent_event" | "rolling_users", "monthly") => ("month", 28 * 24 * 60),
        (kind, _) => {
            draft.note(format!("{about}: a {kind} does not recur; say it again with `oncall override`"));
            return None;
        }
    };
    let zone = own.unwrap_or(zone);
    let started = [text(said, "rotation_start"), text(said, "start")].into_iter().find(|start| !start.is_empty())?;
    let (Some(start), Some(first)) = (civil(started, zone), civil(text(said, "start"), zone)) else {
        draft.note(format!("{about}: its start cannot be read, so that it is left out"));
        return None;
    };
    let people = slots(said, objects, draft);
    if people.is_empty() {
        draft.note(format!("{about}: nobody is in it, so that it is left out"));
        return None;
    }
    let interval = number(said, "interval").unwrap_or(1).max(1);
    let minutes = number(said, "duration").unwrap_or(0) / 60;
    let days: Vec<i64> = list(said, "by_day").iter().filter_map(Value::as_str).filter_map(day_named).collect();
    let mut windows = Vec::new();
    if minutes < unit.1 * interval || !days.is_empty() {
        match unit.0 {
            "day" | "week" => {
                let on = if days.is_empty() && unit.0 == "week" {
                    vec![i64::from(first.weekday().num_days_from_monday())]
                } else {
                    days
                };
                let groups: Vec<&[i64]> = if minutes > 24 * 60 { on.chunks(1).collect() } else { vec![&on] };
                windows.extend(groups.into_iter().filter_map(|days| window(days, first.time(), minutes)));
            }
            _ => draft.note(format!("{about}: it is not for the whole turn; put windows there yourself")),
        }
    }
    let end = civil(text(said, "until"), zone).map(written);
    let turn = counted(interval, unit.0);
    Some(Layer { name, zone: own.map(str::to_owned), turn, start: written(start), end, people, windows })
}

/// Who has which turn, from the one whose turn was first.
fn slots(said: &Value, objects: &[Value], draft: &mut Draft<'_>) -> Vec<String> {
    let together = |users: &[Value], draft: &mut Draft<'_>| {
        let people: Vec<_> = users.iter().filter_map(Value::as_str).map(|id| person(id, objects, draft)).collect();
        people.join(" + ")
    };
    let mut slots: Vec<String> = match text(said, "type") {
        "rolling_users" => {
            let rolling = list(said, "rolling_users").iter();
            rolling.filter_map(Value::as_array).map(|users| together(users, draft)).collect()
        }
        _ => vec![together(list(said, "users"), draft)],
    };
    slots.retain(|slot| !slot.is_empty());
    let first = number(said, "start_rotation_from_user_index").and_then(|first| usize::try_from(first).ok());
    if let Some(first) = first.filter(|first| *first < slots.len()) {
        slots.rotate_left(first);
    }
    slots
}

fn person(id: &str, objects: &[Value], draft: &mut Draft<'_>) -> String {
    match with(objects, "username").find(|user| text(user, "id") == id) {
        Some(user) => draft.person(text(user, "username"), text(user, "email")),
        None => {
            draft.note(format!("user {id} is not in the export: put /users/ into it, too"));
            draft.person(id, "")
        }
    }
}

fn policy_of(chain: &str, objects: &[Value], draft: &mut Draft<'_>) {
    let whole = objects.iter().find(|one| text(one, "id") == chain);
    let name = whole.map(|chain| text(chain, "name")).filter(|name| !name.is_empty()).unwrap_or(chain).to_owned();
    let mut steps: Vec<&Value> =
        with(objects, "escalation_chain_id").filter(|step| text(step, "escalation_chain_id") == chain).collect();
    steps.sort_by_key(|step| number(step, "position").unwrap_or(0));
    let (mut levels, mut repeat): (Vec<(Vec<String>, i64)>, i64) = (vec![(Vec::new(), 0)], 0);
    for step in steps {
        // Whoever is reached after a wait is on another level.
        let reached: Vec<String> = match text(step, "type") {
            "wait" => {
                let minutes = number(step, "duration").unwrap_or(300) / 60;
                if let Some(level) = levels.last_mut().filter(|level| !level.0.is_empty()) {
                    level.1 += minutes;
                }
                continue;
            }
            "repeat_escalation" => {
                repeat += 5;
                continue;
            }
            "notify_persons" | "notify_person_next_each_time" => {
                let (plain, in_turn) =
                    (list(step, "persons_to_notify"), list(step, "persons_to_notify_next_each_time"));
                if !in_turn.is_empty() {
                    draft.note(format!("policy “{name}”: a level goes round; put round_robin = true there"));
                }
                let ids = plain.iter().chain(in_turn).filter_map(Value::as_str);
                ids.map(|id| format!("@{}", person(id, objects, draft))).collect()
            }
            "notify_on_call_from_schedule" => {
                let id = text(step, "notify_on_call_from_schedule");
                match objects.iter().find(|one| text(one, "id") == id) {
                    Some(schedule) => vec![format!("schedule:{}", draft.schedule_id(id, text(schedule, "name")))],
                    None => {
                        draft.note(format!("policy “{name}”: schedule {id} is not in the export"));
                        Vec::new()
                    }
                }
            }
            other => {
                draft.note(format!("policy “{name}”: the step {other} is left out"));
                Vec::new()
            }
        };
        match levels.last_mut() {
            Some(level) if level.1 == 0 => level.0.extend(reached),
            Some(_) | None => levels.push((reached, 0)),
        }
    }
    levels.iter_mut().filter(|level| level.1 == 0).for_each(|level| level.1 = 5);
    draft.add_policy(Policy { name, repeat, levels });
}
