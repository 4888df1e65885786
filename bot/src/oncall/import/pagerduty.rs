//! Exports of PagerDuty: answers of `GET /schedules/{id}`, `GET /escalation_policies` and `GET /users` of its REST API
//! (https://developer.pagerduty.com/api-reference/3f03afb2c84a4-get-a-schedule).

use super::draft::{Draft, Layer, Policy, Schedule};
use super::json::{list, number, text, with};
use super::times::{civil, clock, turn, window, written};
use serde_json::Value;

pub(super) fn read(objects: &[Value], draft: &mut Draft<'_>) {
    for said in with(objects, "schedule_layers") {
        let name = text(said, "name").to_owned();
        let zone = text(said, "time_zone").to_owned();
        // The first layer of an answer is the last of those on the screen, which goes before the others.
        let layers = list(said, "schedule_layers").iter().rev();
        let layers = layers.filter_map(|layer| layer_of(layer, (&name, &zone), objects, draft)).collect();
        let id = draft.schedule_id(text(said, "id"), &name);
        if said
            .pointer("/overrides_subschedule/rendered_schedule_entries")
            .is_some_and(|all| *all != Value::Array(vec![]))
        {
            draft.note(format!(
                "schedule “{name}”: its overrides are not carried over; say them again with `oncall override`"
            ));
        }
        draft.add_schedule(Schedule { id, name, zone, layers, calendar: None });
    }
    for said in with(objects, "schedules")
        .chain(with(objects, "final_schedule"))
        .filter(|it| it.get("schedule_layers").is_none())
    {
        draft.note(format!(
            "schedule “{}”: this has no layers; export it with GET /schedules/{{id}}",
            text(said, "name")
        ));
    }
    for said in with(objects, "escalation_rules") {
        let name = text(said, "name").to_owned();
        let mut levels = Vec::new();
        for rule in list(said, "escalation_rules") {
            let targets = list(rule, "targets").iter();
            let targets = targets.filter_map(|target| target_of(target, &name, objects, draft)).collect();
            levels.push((targets, number(rule, "escalation_delay_in_minutes").unwrap_or(30)));
            let shared = rule.pointer("/escalation_rule_assignment_strategy/type").and_then(Value::as_str);
            if shared == Some("round_robin") {
                draft.note(format!("policy “{name}”: a level goes round; put round_robin = true there"));
            }
        }
        draft.add_policy(Policy { name, repeat: number(said, "num_loops").unwrap_or(0), levels });
    }
}

fn layer_of(said: &Value, (schedule, zone): (&str, &str), objects: &[Value], draft: &mut Draft<'_>) -> Option<Layer> {
    let name = text(said, "name").to_owned();
    let about = format!("schedule “{schedule}”, layer “{name}”");
    let seconds = number(said, "rotation_turn_length_seconds").unwrap_or(0);
    let Some(turn) = turn(seconds) else {
        draft.note(format!("{about}: a turn of {seconds} seconds is not a number of hours, so that it is left out"));
        return None;
    };
    let Some(start) = civil(text(said, "rotation_virtual_start"), zone) else {
        draft.note(format!("{about}: its start cannot be read, so that it is left out"));
        return None;
    };
    let people: Vec<String> = list(said, "users")
        .iter()
        .filter_map(|user| user.get("user"))
        .map(|user| person(user, objects, draft))
        .collect();
    if people.is_empty() {
        draft.note(format!("{about}: nobody is in it, so that it is left out"));
        return None;
    }
    let mut windows = Vec::new();
    for restriction in list(said, "restrictions") {
        let opens = clock(text(restriction, "start_time_of_day")).unwrap_or_default();
        let minutes = number(restriction, "duration_seconds").unwrap_or(0) / 60;
        // Monday is 1.
        let days: Vec<i64> = number(restriction, "start_day_of_week").map(|day| day - 1).into_iter().collect();
        windows.extend(window(&days, opens, minutes));
    }
    let end = civil(text(said, "end"), zone).map(written);
    Some(Layer { name, zone: None, turn, start: written(start), end, people, windows })
}

/// Somebody, of whom more may be known elsewhere in the export.
fn person(said: &Value, objects: &[Value], draft: &mut Draft<'_>) -> String {
    let id = text(said, "id");
    let whole = with(objects, "email").find(|user| text(user, "id") == id).unwrap_or(said);
    let name = [text(whole, "name"), text(whole, "summary"), text(said, "summary"), id];
    let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    if text(whole, "email").is_empty() {
        draft.note(format!("“{name}”: no e-mail address is known; put GET /users into the export, too"));
    }
    draft.person(name, text(whole, "email"))
}

fn target_of(said: &Value, policy: &str, objects: &[Value], draft: &mut Draft<'_>) -> Option<String> {
    match text(said, "type").trim_end_matches("_reference") {
        "user" => Some(format!("@{}", person(said, objects, draft))),
        "schedule" => {
            let id = text(said, "id");
            if !with(objects, "schedule_layers").any(|schedule| text(schedule, "id") == id) {
                draft.note(format!("policy “{policy}”: schedule “{}” is not in the export", text(said, "summary")));
                return None;
            }
            let whole = with(objects, "schedule_layers").find(|schedule| text(schedule, "id") == id)?;
            Some(format!("schedule:{}", draft.schedule_id(id, text(whole, "name"))))
        }
        other => {
            draft.note(format!("policy “{policy}”: a target that is a {other} is left out"));
            None
        }
    }
}
