//! What holds of any schedule, whatever people have changed about it. `MUSTER_SEED=7 MUSTER_CASES=1` looks at one again.

use chrono::TimeDelta;
use muster_core::oncall::Shift;
use muster_tests::dice::{Dice, seeds};
use muster_tests::schedules::{ZONES, moment, roster, schedule};
use std::collections::BTreeSet;
use std::time::Instant;

fn holds(shift: &Shift, at: chrono::DateTime<chrono::Utc>) -> bool {
    shift.from <= at && at < shift.until
}

#[test]
fn shifts_gaps_and_whoever_is_on_call_agree() {
    for seed in seeds(150) {
        let mut dice = Dice::new(seed);
        let zone = ZONES[dice.below(ZONES.len())];
        let schedule = schedule(&mut dice, zone);
        let roster = Some(roster(&mut dice, 2026)).filter(|_| dice.percent(80));
        let roster = roster.as_ref();
        let from = moment(&mut dice, 2026, 2027);
        let until = from + TimeDelta::minutes(1 + dice.below(30_000) as i64);
        let shifts = schedule.shifts(roster, from, until);
        let gaps = schedule.gaps(roster, from, until);
        let about = format!("MUSTER_SEED={seed}: {schedule:?} {roster:?}");

        assert!(shifts.is_sorted_by_key(|shift| shift.from), "in order: {about}");
        for (place, shift) in shifts.iter().enumerate() {
            assert!(shift.from < shift.until && shift.from < until && from < shift.until, "{shift:?} {about}");
            let same =
                shifts[place + 1..].iter().find(|other| other.person == shift.person && other.from < shift.until);
            assert!(same.is_none(), "{shift:?} and {same:?} are at once: {about}");
        }
        // At every edge and between any two, somebody has a shift or there is a gap, and `at` says the same.
        let mut edges: BTreeSet<_> = shifts.iter().flat_map(|shift| [shift.from, shift.until]).collect();
        edges.extend(gaps.iter().flat_map(|gap| [gap.0, gap.1]));
        edges.extend([from, until]);
        let moments = edges.iter().flat_map(|edge| [*edge - TimeDelta::microseconds(1), *edge]);
        let mut moments: Vec<_> = moments.filter(|at| (from..until).contains(at)).collect();
        moments.extend(
            (0..20).map(|_| from + TimeDelta::seconds(dice.below((until - from).num_seconds() as usize) as i64)),
        );
        for at in moments {
            let here: Vec<_> = shifts.iter().filter(|shift| holds(shift, at)).cloned().collect();
            assert_eq!(schedule.at(roster, at), here, "at {at}: {about}");
            let is_gap = gaps.iter().any(|gap| gap.0 <= at && at < gap.1);
            assert_eq!(is_gap, here.is_empty(), "at {at}: {about}");
        }
        // A shift is whole however little of it is asked for.
        for shift in shifts.iter().take(12) {
            let middle = shift.from + (shift.until - shift.from) / 2;
            assert!(schedule.at(roster, middle).contains(shift), "{shift:?}: {about}");
            if let Some(next) = schedule.next(roster, &shift.person, shift.from - TimeDelta::microseconds(1)) {
                assert_eq!(next, *shift, "the next is the first: {about}");
            }
        }
    }
}

#[test]
fn a_week_of_shifts_takes_less_than_a_millisecond_whenever_it_began() {
    let mut dice = Dice::new(1);
    let cases: Vec<_> = ZONES.into_iter().map(|zone| schedule(&mut dice, zone)).collect();
    let from = moment(&mut dice, 2060, 2061);
    let started = Instant::now();
    let mut found = 0;
    for schedule in &cases {
        for day in 0..50 {
            let from = from + TimeDelta::days(day);
            found += schedule.shifts(None, from, from + TimeDelta::days(7)).len();
        }
    }
    let each = started.elapsed() / 1_000;
    assert!(found > 1_000, "{found} shifts");
    // Built for tests, and beside others, it may take a few times as long as it does in earnest.
    assert!(each.as_millis() < 10, "{each:?} for a week");
}
