//! `muster oncall`: who is on call by the config, and schedules from elsewhere, without a server or a database.

use crate::harness::{folder, muster};
use std::fs;

const CONFIG: &str = "[organisation]\ntime_zone = \"Europe/Stockholm\"\n\
    [[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nright = \"admin\"\n[[person]]\nid = \"bob\"\nname = \"Bob Lind\"\n\
    [[team]]\nid = \"payments\"\n[[team]]\nid = \"stores\"\n\
    [[schedule]]\nid = \"tills\"\nteam = \"payments\"\ncalendar = \"tills.ics\"\n\
    [[schedule.layer]]\nname = \"weeks\"\nturn = \"1 week\"\nstart = \"2026-01-05 09:00\"\npeople = [\"alice\", \"bob\"]\n\
    end = \"2026-12-28 09:00\"\n";

const CALENDAR: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Bob Lind\nDTSTART:20261224T080000Z\nDURATION:P1D\n\
    END:VEVENT\nEND:VCALENDAR\n";

#[test]
fn the_shell_says_who_is_on_call() {
    let folder = folder();
    fs::write(folder.path().join("muster.toml"), CONFIG).expect("written");
    let said = muster(folder.path(), &["oncall", "who", "--at", "2026-11-24 12:00"]);
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!(lines[0], "SCHEDULE  WHO       SINCE                     UNTIL                     WHY");
    assert_eq!(lines[1], "tills     Alice Ek  Mon 2026-11-23 09:00 CET  Mon 2026-11-30 09:00 CET  weeks");
    assert_eq!((said.code, lines.len()), (0, 2));
    assert!(said.err.contains("the calendar of schedule `tills`: ") && said.err.contains("tills.ics cannot be read"));

    fs::write(folder.path().join("tills.ics"), CALENDAR).expect("written");
    let said = muster(folder.path(), &["oncall", "who", "Payments", "--at", "2026-12-30 12:00"]);
    assert_eq!(said.out.lines().nth(1), Some("tills     nobody"));
    let said = muster(folder.path(), &["oncall", "who", "tils"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (1, "muster: there is no schedule or team `tils`; did you mean `tills`?\n")
    );
    assert!(muster(folder.path(), &["oncall", "who", "stores"]).err.contains("team `stores` has no schedule"));
    assert!(muster(folder.path(), &["oncall", "who", "--at", "soon"]).err.contains("“soon” is not a time"));
    assert!(!folder.path().join("muster-data").exists(), "it needs no database");
}

#[test]
fn the_shell_finds_gaps_and_reads_calendars() {
    let folder = folder();
    let forever = CONFIG.replace("end = \"2026-12-28 09:00\"\n", "");
    fs::write(folder.path().join("muster.toml"), &forever).expect("written");
    fs::write(folder.path().join("tills.ics"), CALENDAR).expect("written");
    let said = muster(folder.path(), &["oncall", "gaps", "--days", "60"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""));
    assert_eq!(said.err, "Somebody is on call all the time for the next 60 days.\n");

    let lunch = format!("{forever}windows = [\"12:00-11:00\"]\n");
    fs::write(folder.path().join("muster.toml"), lunch).expect("written");
    let said = muster(folder.path(), &["oncall", "gaps", "--days", "10"]);
    assert_eq!(said.code, 1);
    assert!(said.out.starts_with("SCHEDULE  FROM") && said.out.contains("60 minutes"), "{}", said.out);
}

#[test]
fn an_import_can_be_put_into_the_config() {
    let folder = folder();
    fs::write(folder.path().join("muster.toml"), CONFIG).expect("written");
    fs::write(folder.path().join("tills.ics"), CALENDAR.replace("Bob Lind", "Mallory")).expect("written");
    let said = muster(folder.path(), &["oncall", "import", "--from", "ical", "tills.ics"]);
    assert_eq!(said.out, "[[schedule]]\nid = \"tills-2\"\nname = \"tills\"\ncalendar = \"tills.ics\"\n");
    assert_eq!((said.code, said.err.as_str()), (0, "“Mallory”: this names nobody of the config\n"));
    fs::write(folder.path().join("more.toml"), format!("{CONFIG}{}", said.out)).expect("written");
    assert_eq!(muster(folder.path(), &["check", "more.toml"]).code, 0);
    let said = muster(folder.path(), &["oncall", "import", "--from", "opsgenie", "tills.ics"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("it is not JSON"), "{}", said.err);
}
