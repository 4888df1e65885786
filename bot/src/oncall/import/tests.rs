//! What is made of exports. Each result is a config that holds together.

use super::*;
use crate::config::Config;

const ALICE: &str =
    "[[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nemail = \"alice@example.com\"\nright = \"admin\"\n";

/// The config and the notes that come of an export.
fn imported(from: ImportFrom, text: &str) -> (String, Vec<String>) {
    let config = Config::parse(ALICE, Path::new("")).expect("a good config");
    let now = "2026-11-21T12:00:00Z".parse().expect("a moment");
    let draft = drafted(from, text, Path::new("tills.ics"), (&config.org, now)).expect("something is in it");
    let toml = draft.to_toml();
    let whole = Config::parse(&format!("{ALICE}{toml}"), Path::new(""));
    whole.unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"));
    (toml, draft.notes().to_vec())
}

#[test]
fn pagerduty_keeps_its_layers_in_their_order() {
    let export = r#"{"schedule": {
        "id": "PI7DH85", "type": "schedule", "name": "Daily Engineering Rotation", "time_zone": "America/New_York",
        "schedule_layers": [
            {"name": "Night Shift", "start": "2015-11-06T20:00:00-05:00", "end": null,
             "rotation_virtual_start": "2015-11-06T20:00:00-05:00", "rotation_turn_length_seconds": 86400,
             "users": [{"user": {"id": "PXPGF42", "type": "user_reference", "summary": "Earline Greenholt"}}],
             "restrictions": [
                {"type": "daily_restriction", "start_time_of_day": "20:00:00", "duration_seconds": 43200},
                {"type": "weekly_restriction", "start_day_of_week": 5, "start_time_of_day": "17:00:00", "duration_seconds": 230400}]},
            {"name": "Weeks", "start": "2015-11-02T09:00:00-05:00", "rotation_virtual_start": "2015-11-02T09:00:00-05:00",
             "rotation_turn_length_seconds": 1209600,
             "users": [{"user": {"id": "P1", "summary": "Alice Ek"}}, {"user": {"id": "PXPGF42", "summary": "E"}}]},
            {"name": "Odd", "rotation_virtual_start": "2015-11-02T09:00:00-05:00", "rotation_turn_length_seconds": 5400,
             "users": [{"user": {"id": "P1", "summary": "Alice Ek"}}]}]}}
      {"escalation_policies": [{"id": "PT20YPA", "name": "Engineering", "num_loops": 2, "escalation_rules": [
        {"escalation_delay_in_minutes": 22, "targets": [{"id": "PI7DH85", "type": "schedule_reference", "summary": "D"}]},
        {"escalation_delay_in_minutes": 30, "targets": [
            {"id": "P1", "type": "user_reference", "summary": "Alice Ek"},
            {"id": "PELSE", "type": "schedule_reference", "summary": "Elsewhere"}]}]}]}
      {"users": [{"id": "PXPGF42", "name": "Earline Greenholt", "email": "earline@example.com", "type": "user"},
                 {"id": "P1", "name": "Alice E.", "email": "alice@example.com", "type": "user"}]}"#;
    let (toml, notes) = imported(ImportFrom::Pagerduty, export);
    let expected = r#"[[person]]
id = "earline"
name = "Earline Greenholt"
email = "earline@example.com"

[[schedule]]
id = "daily-engineering-rotation"
name = "Daily Engineering Rotation"
time_zone = "America/New_York"

[[schedule.layer]]
name = "Weeks"
turn = "2 weeks"
start = "2015-11-02 09:00"
people = ["alice", "earline"]

[[schedule.layer]]
name = "Night Shift"
turn = "1 day"
start = "2015-11-06 20:00"
people = ["earline"]
windows = ["20:00-08:00", "fri 17:00 - mon 09:00"]

[[policy]]
id = "engineering"
name = "Engineering"
repeat = 2

[[policy.level]]
after = "22m"
targets = ["schedule:daily-engineering-rotation"]

[[policy.level]]
after = "30m"
targets = ["@alice"]
"#;
    assert_eq!(toml, expected);
    assert_eq!(
        notes,
        [
            "schedule “Daily Engineering Rotation”, layer “Odd”: a turn of 5400 seconds is not a number of hours, so that it is left out",
            "policy “Engineering”: schedule “Elsewhere” is not in the export"
        ]
    );
}

#[test]
fn opsgenie_says_how_long_after_the_alert_and_its_rotations_are_layers() {
    let export = r#"{"data": [{"id": "d875", "name": "Tills", "timezone": "Europe/Stockholm", "enabled": true, "rotations": [
        {"id": "r1", "name": "Weeks", "startDate": "2026-01-05T08:00:00Z", "endDate": null, "type": "weekly", "length": 1,
         "participants": [{"type": "user", "id": "u1", "username": "alice@example.com"},
                          {"type": "user", "id": "u2", "username": "bob@example.com"}, {"type": "none"}]},
        {"id": "r2", "name": "Office", "startDate": "2026-01-05T08:00:00Z", "endDate": "2027-01-05T08:00:00Z",
         "type": "daily", "length": 2, "participants": [{"type": "team", "name": "all", "id": "t"}, {"type": "user", "username": "bob@example.com"}],
         "timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": [
            {"startDay": "monday", "startHour": 9, "startMin": 0, "endDay": "monday", "endHour": 17, "endMin": 30},
            {"startDay": "friday", "startHour": 18, "startMin": 0, "endDay": "sunday", "endHour": 20, "endMin": 0}]}},
        {"id": "r3", "name": "Nights", "startDate": "2026-01-05T08:00:00Z", "type": "hourly", "length": 12,
         "participants": [{"type": "user", "username": "bob@example.com"}],
         "timeRestriction": {"type": "time-of-day", "restriction": {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0}}}]}]}
      {"data": [{"id": "e1", "name": "Tills", "rules": [
        {"condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": 10, "timeUnit": "minutes"},
         "recipient": {"type": "user", "username": "bob@example.com", "id": "u2"}},
        {"condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": 0, "timeUnit": "minutes"},
         "recipient": {"type": "schedule", "name": "Tills", "id": "d875"}},
        {"condition": "if-not-acked", "notifyType": "all", "delay": {"timeAmount": 1, "timeUnit": "hours"},
         "recipient": {"type": "team", "name": "all", "id": "t"}}],
        "repeat": {"waitInterval": 10, "count": 3}}]}"#;
    let (toml, notes) = imported(ImportFrom::Opsgenie, export);
    let expected = r#"[[person]]
id = "bob"
name = "bob@example.com"
email = "bob@example.com"

[[schedule]]
id = "tills"
name = "Tills"
time_zone = "Europe/Stockholm"

[[schedule.layer]]
name = "Weeks"
turn = "1 week"
start = "2026-01-05 09:00"
people = ["alice", "bob", "nobody"]

[[schedule.layer]]
name = "Office"
turn = "2 days"
start = "2026-01-05 09:00"
end = "2027-01-05 09:00"
people = ["nobody", "bob"]
windows = ["mon 09:00-17:30", "fri 18:00 - sun 20:00"]

[[schedule.layer]]
name = "Nights"
turn = "12 hours"
start = "2026-01-05 09:00"
people = ["bob"]
windows = ["22:00-06:00"]

[[policy]]
id = "tills"
name = "Tills"
repeat = 3

[[policy.level]]
after = "10m"
targets = ["schedule:tills"]

[[policy.level]]
after = "50m"
targets = ["@bob"]
"#;
    assert_eq!(toml, expected);
    assert_eq!(
        notes,
        [
            "schedule “Tills”, rotation “Office”: a team takes a turn there; nobody does here",
            "schedule “Tills”: Opsgenie has all its rotations on call at once; here a later layer goes before those above it, where they overlap",
            "policy “Tills”: team “all” (notify all) is left out as a target"
        ]
    );
}

#[test]
fn grafana_oncall_has_shifts_by_level_and_chains_of_steps() {
    let export = r#"{"count": 1, "results": [{"id": "SBM7", "name": "Primary", "type": "web", "time_zone": "UTC", "shifts": ["O1", "O2", "O3", "O9"]}]}
      {"results": [
        {"id": "O2", "name": "Office", "type": "recurrent_event", "time_zone": "Europe/Stockholm", "level": 1, "start": "2026-01-05T09:00:00",
         "duration": 28800, "frequency": "weekly", "interval": 1, "by_day": ["MO", "TU"], "users": ["U2"]},
        {"id": "O1", "name": "Weeks", "type": "rolling_users", "level": 0, "start": "2026-01-05T09:00:00", "rotation_start": "2026-01-12T09:00:00",
         "duration": 604800, "frequency": "weekly", "interval": 1, "rolling_users": [["U1"], ["U1", "U2"], ["U2"]], "start_rotation_from_user_index": 1},
        {"id": "O3", "name": "Once", "type": "single_event", "level": 2, "start": "2026-09-10T08:00:00", "duration": 10800, "users": ["U1"]}]}
      {"results": [{"id": "U1", "email": "alice@example.com", "username": "alice"}, {"id": "U2", "email": "bob@example.com", "username": "bob"}]}
      {"results": [{"id": "F1", "name": "Tills"}]}
      {"results": [
        {"id": "E2", "escalation_chain_id": "F1", "position": 1, "type": "wait", "duration": 300},
        {"id": "E1", "escalation_chain_id": "F1", "position": 0, "type": "notify_on_call_from_schedule", "notify_on_call_from_schedule": "SBM7"},
        {"id": "E3", "escalation_chain_id": "F1", "position": 2, "type": "notify_persons", "persons_to_notify": ["U1", "U2"]},
        {"id": "E4", "escalation_chain_id": "F1", "position": 3, "type": "trigger_webhook"}]}"#;
    let (toml, notes) = imported(ImportFrom::Grafana, export);
    let expected = r#"[[person]]
id = "bob"
name = "bob"
email = "bob@example.com"

[[schedule]]
id = "primary"
name = "Primary"
time_zone = "UTC"

[[schedule.layer]]
name = "Weeks"
turn = "1 week"
start = "2026-01-12 09:00"
people = ["alice + bob", "bob", "alice"]

[[schedule.layer]]
name = "Office"
turn = "1 week"
start = "2026-01-05 09:00"
people = ["bob"]
windows = ["mon,tue 09:00-17:00"]
time_zone = "Europe/Stockholm"

[[policy]]
id = "tills"
name = "Tills"
repeat = 0

[[policy.level]]
after = "5m"
targets = ["schedule:primary"]

[[policy.level]]
after = "5m"
targets = ["@alice", "@bob"]
"#;
    assert_eq!(toml, expected);
    assert_eq!(
        notes,
        [
            "schedule “Primary”: shift O9 is not in the export",
            "schedule “Primary”, shift “Once”: a single_event does not recur; say it again with `oncall override`",
            "policy “Tills”: the step trigger_webhook is left out"
        ]
    );
}

#[test]
fn a_calendar_stays_one() {
    let event = |summary: &str| {
        format!("BEGIN:VEVENT\nUID:{summary}\nSUMMARY:{summary}\nDTSTART:20261123T080000Z\nDURATION:P7D\nEND:VEVENT\n")
    };
    let text = format!("BEGIN:VCALENDAR\n{}{}END:VCALENDAR\n", event("Alice Ek"), event("Mallory"));
    let (toml, notes) = imported(ImportFrom::Ical, &text);
    assert_eq!(toml, "[[schedule]]\nid = \"tills\"\nname = \"tills\"\ncalendar = \"tills.ics\"\n");
    assert_eq!(notes, ["“Mallory”: this names nobody of the config"]);
}

#[test]
fn names_from_elsewhere_stay_texts() {
    let export = r#"{"schedule": {"id": "P", "name": "x\"]\n[[person]]\nright = \"admin", "time_zone": "UTC", "schedule_layers": [
        {"name": "", "rotation_virtual_start": "2026-01-05T09:00:00Z", "rotation_turn_length_seconds": 3600,
         "users": [{"user": {"id": "Q", "summary": "\u0007\"\nright = \"admin\""}}]}]}}"#;
    let (toml, notes) = imported(ImportFrom::Pagerduty, export);
    let whole = Config::parse(&format!("{ALICE}{toml}"), Path::new("")).expect("a good config");
    let admins = whole.org.people.iter().filter(|person| person.right == muster_core::org::Right::Admin).count();
    assert_eq!(admins, 1);
    assert!(notes.iter().all(|note| !note.contains(char::is_control)), "{notes:?}");
}

#[test]
fn what_is_no_export_is_refused() {
    let config = Config::parse(ALICE, Path::new("")).expect("a good config");
    let now = "2026-11-21T12:00:00Z".parse().expect("a moment");
    for text in
        ["", "{}", "[]", "null", "<html>", "{\"schedule\": 1}", "{\"data\": [{\"name\": 1}]}", &"[".repeat(100_000)]
    {
        for from in [ImportFrom::Pagerduty, ImportFrom::Opsgenie, ImportFrom::Grafana, ImportFrom::Ical] {
            assert!(drafted(from, text, Path::new("x"), (&config.org, now)).is_err(), "{from:?} {text:.20}");
        }
    }
}
