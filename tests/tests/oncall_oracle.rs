//! Rotations in 20 zones over 10 years, as another hand works them out: a script in Python, with zoneinfo and dateutil.

use chrono::{DateTime, TimeDelta, Utc};
use muster_core::oncall::{Layer, Schedule, Turn};
use muster_tests::dice::{Dice, seeds};
use muster_tests::python::Script;
use muster_tests::schedules::{ZONES, moment, new_year, schedule, transitions};
use serde_json::{Value, json};

const FROM: i32 = 2020;
const UNTIL: i32 = 2030;

/// A schedule in the words of the script.
fn said(layer: &Layer) -> Value {
    let turn = match layer.turn {
        Turn::Hours(count) => json!(["hours", count]),
        Turn::Days(count) => json!(["days", count]),
        Turn::Weeks(count) => json!(["weeks", count]),
        Turn::Months(count) => json!(["months", count]),
    };
    let midnight = chrono::NaiveTime::MIN;
    let window = |window: &muster_core::oncall::Window| {
        let days: Vec<u32> = window.days.iter().map(chrono::Weekday::num_days_from_monday).collect();
        json!([days, (window.from - midnight).num_minutes(), window.lasts.num_minutes()])
    };
    json!({
        "zone": layer.zone.name(),
        "first": layer.first.to_string(),
        "until": layer.until.map(|until| until.to_string()),
        "turn": turn,
        "slots": layer.slots,
        "windows": layer.windows.iter().map(window).collect::<Vec<_>>(),
    })
}

/// Moments of chance, those around every change of a clock, and those around handoffs then.
fn asked(dice: &mut Dice, schedule: &Schedule) -> Vec<DateTime<Utc>> {
    let mut asked: Vec<_> = (0..60).map(|_| moment(dice, FROM, UNTIL)).collect();
    for at in transitions(schedule.zone, FROM, UNTIL) {
        asked.extend((0..8).map(|_| at + TimeDelta::minutes(dice.below(600) as i64 - 300)));
        let (from, until) = (at - TimeDelta::hours(2), at + TimeDelta::hours(2));
        for shift in schedule.shifts(None, from, until).into_iter().take(6) {
            asked.extend([shift.from, shift.until].into_iter().flat_map(|edge| [edge - TimeDelta::seconds(1), edge]));
        }
    }
    asked.retain(|at| (new_year(FROM)..new_year(UNTIL)).contains(at));
    asked
}

fn who(schedule: &Schedule, at: DateTime<Utc>) -> Value {
    let mut people: Vec<String> = schedule.at(None, at).iter().map(|shift| shift.person.to_string()).collect();
    people.sort_unstable();
    json!(people)
}

#[test]
fn rotations_over_ten_years_are_those_of_an_independent_oracle() {
    let test = "rotations_over_ten_years_are_those_of_an_independent_oracle";
    let Some(oracle) = Script::find(test, "oracle/oncall.py", &["zoneinfo", "dateutil"]) else { return };
    let mut cases = Vec::new();
    for seed in seeds(6) {
        let mut dice = Dice::new(seed);
        for zone in ZONES {
            let schedule = schedule(&mut dice, zone);
            let asked = asked(&mut dice, &schedule);
            cases.push((seed, schedule, asked));
        }
    }
    let line = |(_, schedule, asked): &(u64, Schedule, Vec<DateTime<Utc>>)| {
        let layers: Vec<Value> = schedule.layers.iter().map(said).collect();
        json!({ "layers": layers, "at": asked.iter().map(DateTime::timestamp).collect::<Vec<_>>() }).to_string()
    };
    let lines: Vec<String> = cases.iter().map(line).collect();
    let answers = oracle.answers(&lines);
    assert_eq!(answers.len(), cases.len(), "there is an answer to each");
    let (mut checked, mut on_call) = (0, 0);
    for ((seed, schedule, asked), answer) in cases.iter().zip(&answers) {
        let answer: Vec<Value> = serde_json::from_str(answer).expect("an answer is JSON");
        assert_eq!(answer.len(), asked.len());
        for (at, expected) in asked.iter().zip(answer) {
            assert_eq!(who(schedule, *at), expected, "at {at} by {schedule:?} (MUSTER_SEED={seed} MUSTER_CASES=1)");
            checked += 1;
            on_call += usize::from(expected != json!([]));
        }
    }
    // Answers that are all alike would prove nothing.
    assert!(checked > 200 * seeds(6).count() && on_call * 10 > checked && on_call < checked, "{on_call} of {checked}");
}
