//! Schedules and policies.

use super::{ALICE, beside_alice, each_is_told, good};

#[test]
fn schedules_and_policies_are_read_as_meant() {
    use muster_core::oncall::{Target, Turn};
    let text = "[organisation]\ntime_zone = \"Asia/Tokyo\"\n[[schedule]]\nid = \"tills\"\ncalendar = \"tills.ics\"\n\
                [[schedule.layer]]\nturn = \"2w\"\nstart = \"2026-01-05\"\nend = \"2027-01-05 09:00\"\n\
                people = [\"alice + bob\", \"nobody\"]\nwindows = [\"sat,sun\"]\n\
                [[schedule]]\nid = \"till-night\"\ncalendar = \"https://example.com/private-hunter2.ics\"\n\
                [[person]]\nid = \"bob\"\nname = \"Bob\"\n\
                [[policy]]\nid = \"tills\"\nrepeat = 2\n\
                [[policy.level]]\ntargets = [\"schedule:tills\"]\nafter_by_severity = [\"sev1 1m\"]\n\
                [[policy.level]]\ntargets = [\"channel:slack/C1\"]\nafter = \"10m\"\nround_robin = true\n\
                [paging]\npatience = \"7m\"\nlast_resort = [\"@bob\"]\n";
    let config = good(&format!("{ALICE}{text}"));
    let layer = &config.org.schedules[0].layers[0];
    assert_eq!((layer.name.as_str(), layer.turn, layer.zone), ("layer 1", Turn::Weeks(2), chrono_tz::Tz::Asia__Tokyo));
    assert_eq!(layer.first.to_string(), "2026-01-05 00:00:00");
    assert_eq!(layer.slots, [vec!["alice".into(), "bob".into()], Vec::<muster_core::ids::PersonId>::new()]);
    assert_eq!(format!("{:?}", config.calendars[0].place), "/etc/muster/tills.ics");
    assert!(!format!("{config:?}").contains("hunter2"), "whoever has the URL has the calendar");
    let policy = &config.org.policies[0];
    let patience: Vec<_> = policy.levels.iter().map(|level| level.patience(Some(&"SEV1".into())).as_secs()).collect();
    assert_eq!((policy.repeat, patience), (2, vec![60, 600]));
    assert_eq!(policy.levels[0].patience(None).as_secs(), 420);
    let channel = Target::Channel { platform: "slack".into(), address: "C1".to_owned() };
    assert_eq!((&policy.levels[1].targets[..], policy.levels[1].round_robin), (&[channel][..], true));
    assert_eq!(config.org.paging.last_resort, [Target::Person { id: "bob".into() }]);
}

#[test]
fn mistakes_about_who_is_on_call_have_their_place_and_their_remedy() {
    each_is_told(&[
        (
            "[[schedule]]\nid = \"tills\"",
            "1:1: schedule.layer: this has neither a [[schedule.layer]] nor a calendar: nobody would ever be on call",
        ),
        (
            "[[schedule]]\nid = \"tills\"\nteam = \"tils\"\ncalendar = \"tills.ics\"",
            "3:8: schedule.team: team `tils` does not exist; there are none",
        ),
        ("[[policy]]\nid = \"tills\"", "1:1: policy.level: there must be at least one [[policy.level]]"),
        (
            "[[policy]]\nid = \"tills\"\nrepeat = 99\n[[policy.level]]\ntargets = [\"alice\"]",
            "3:10: policy.repeat: this must be between 0 and 20",
        ),
        (
            "[[policy]]\nid = \"tills\"\n[[policy.level]]\ntargets = []",
            r#"3:1: policy.level.targets: this reaches nobody; for example targets = ["schedule:payments", "@alice"]"#,
        ),
        (
            "[[team]]\nid = \"tills\"\npolicy = \"tills\"",
            "3:10: team.policy: policy `tills` does not exist; there are none",
        ),
        (
            "[paging]\nper_minute = \"3\"",
            "2:14: paging.per_minute: this is a text; it must be a whole number, without quotes",
        ),
        (
            "[paging]\nlast_resort = [\"@alcie\"]",
            "2:16: paging.last_resort: person `alcie` does not exist; did you mean `alice`?",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_a_layer_is_told() {
    let good = ["turn = \"1 week\"", "start = \"2026-01-05 09:00\"", "people = [\"alice\"]"];
    let told = |wrong: &str| {
        let key = wrong.split(' ').next().expect("a key");
        let kept = good.iter().filter(|line| !line.starts_with(key)).copied().collect::<Vec<_>>().join("\n");
        let found = beside_alice(&format!("[[schedule]]\nid = \"tills\"\n[[schedule.layer]]\n{wrong}\n{kept}"));
        found.join("\n")
    };
    assert_eq!(told("name = \"weeks\""), "", "it is fine");
    for (wrong, sentence) in [
        ("turn = \"weekly\"", "4:8: schedule.layer.turn: “weekly” is not a turn; write it as \"12 hours\", \"1 day\""),
        ("turn = \"13 months\"", "4:8: schedule.layer.turn: “13 months” is not between an hour and a year"),
        (
            "start = \"monday\"",
            "4:9: schedule.layer.start: “monday” is not a date and time; write it as \"2026-11-23 09:00\"",
        ),
        ("end = \"2025-01-01\"", "3:1: schedule.layer.end: the end, 2025-01-01 00:00:00, is not after the start"),
        (
            "people = [\"alice + alcie\"]",
            "4:11: schedule.layer.people: person `alcie` does not exist; did you mean `alice`?",
        ),
        ("people = [\"alice+alice\"]", "4:11: schedule.layer.people: `alice` is there twice in one turn"),
        ("people = []", "3:1: schedule.layer.people: this says nobody; for example people = [\"alice\", \"bob\"]"),
        ("people = \"alice\"", "4:10: schedule.layer.people: this is a text; it must be a list of texts"),
        ("windows = [\"office hours\"]", "4:12: schedule.layer.windows: “office hours” is not a window; write it as"),
        ("handoff = \"mon\"", "4:1: schedule.layer.handoff: there is no such key"),
    ] {
        let told = told(wrong);
        assert!(told.starts_with(sentence) && told.lines().count() == 1, "{wrong}: {told}");
    }
}

#[test]
fn what_is_wrong_with_a_target_is_told() {
    let told = |target: &str| {
        let level = format!("[[policy.level]]\ntargets = [{target}]\n");
        beside_alice(&format!("[[policy]]\nid = \"tills\"\n{level}")).join("\n")
    };
    assert_eq!(told(r#""alice", "channel:slack/C024BE91L", "pagerduty:main", "webhook:noc""#), "");
    assert!(told(r#""schedule:tills""#).ends_with("schedule `tills` does not exist; there are none"));
    assert!(told(r#""team:tills""#).ends_with("team `tills` does not exist; there are none"));
    assert!(told(r#""channel:slack""#).ends_with("names no channel; write it as \"channel:slack/C024BE91L\""));
    assert!(told(r#""pagrduty:main""#).ends_with("“pagrduty:main” is no target; did you mean `pagerduty`?"));
    assert!(told(r#""alice", "@alice""#).ends_with("“@alice” is there twice"));
}
