//! Every mistake is found where it is, with what would be right.

use super::*;
use std::time::Duration;

fn problems(text: &str) -> Vec<String> {
    match Config::parse(text, Path::new("/etc/muster")) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn good(text: &str) -> Config {
    Config::parse(text, Path::new("/etc/muster")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

const ALICE: &str = "[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n";

/// The problems of a text that stands after a good person, its lines counted from 1.
fn after_alice(text: &str) -> Vec<String> {
    problems(&format!("{text}\n{ALICE}"))
}

#[test]
fn the_sample_is_fine_and_says_what_local_mode_is() {
    let config = good(SAMPLE);
    assert_eq!(config.listen, LISTEN);
    assert_eq!(config.store.file(), Some(Path::new("/etc/muster/muster-data/muster.db")));
    assert_eq!(
        config.summary(),
        "6 people, 3 teams, 5 services, 3 sites, 4 severities, 7 roles, 1 type, 1 field, 1 schedule, 1 policy, 0 runbooks, 4 components, 0 templates"
    );
    assert_eq!(config.org.severities, muster_core::org::Severity::usual());
    assert!(config.warnings().is_empty());
}

#[test]
fn a_little_config_has_defaults_for_all_else() {
    let config = good(ALICE);
    let usual = Organisation::empty("Muster", "");
    assert_eq!(config.log, Log::default());
    let audiences: Vec<_> = config.org.comms.audiences.iter().map(|one| (one.id.as_str(), one.to.len())).collect();
    let nowhere = ["public", "business", "stores", "support", "executives", "regulators", "social"].map(|id| (id, 0));
    assert_eq!(audiences, nowhere);
    assert_eq!(Organisation { people: Vec::new(), comms: usual.comms.clone(), ..config.org }, usual);
}

#[test]
fn every_mistake_has_its_place_and_its_remedy() {
    let table = [
        (
            "[server]\nlisten = \"8080\"",
            r#"2:10: server.listen: “8080” is not an address and port; write "127.0.0.1:8080", or "0.0.0.0:8080" for every network"#,
        ),
        (
            "[server]\nlisten = \"0.0.0.0:80\"",
            r#"1:1: server.public_url: this is missing: others reach Muster over the network, and links must lead there; for example public_url = "https://muster.example.com""#,
        ),
        (
            "[server]\npublic_url = \"muster\"",
            r#"2:14: server.public_url: “muster” is not a URL; write it as "https://muster.example.com""#,
        ),
        ("[server]\nlisten = 8080", "2:10: server.listen: this is a number; it must be a text in quotes"),
        ("[server]\nlitsen = \"x\"", "2:1: server.litsen: there is no such key; did you mean `listen`?"),
        ("[sever]", "1:2: sever: there is no such section; did you mean `server`?"),
        (
            "[store]\nurl = \"mysql://u:hunter2@h/d\"",
            "2:7: store.url: this must be sqlite:PATH or postgres://USER@HOST/NAME",
        ),
        (
            "[store]\nurl = \"sqlite::memory:\"",
            "2:7: store.url: this names no file; for example \"sqlite:muster-data/muster.db\"",
        ),
        (
            "[store]\nurl = \"env:MUSTER_NO_SUCH\"",
            "2:7: store.url: the environment has no variable MUSTER_NO_SUCH; set it, or write the value here",
        ),
        ("[log]\nformat = \"jsn\"", "2:10: log.format: “jsn” is not possible here; did you mean `json`?"),
        (
            "[organisation]\nguests = \"admin\"",
            "2:10: organisation.guests: “admin” is not possible here; there are none, view, respond",
        ),
        (
            "[organisation]\ncommander_within = \"5 parsecs\"",
            r#"2:20: organisation.commander_within: “5 parsecs” is not a stretch of time; write it as "30m", "2h" or "1d""#,
        ),
        (
            "[organisation]\ncommander_within = 5",
            r#"2:20: organisation.commander_within: this is a number; it must be a stretch of time in quotes, such as "30m", "2h" or "1d""#,
        ),
        ("severity = []", "1:1: severity: there must be at least one; leave the key out for SEV1 to SEV4"),
        (
            "[[severity]]\nkey = \"SEV1\"\n[[severity]]\nkey = \"sev1\"",
            "4:7: severity.key: “sev1” already means `SEV1`",
        ),
        ("[[severity]]\nkey = \"none\"", "2:7: severity.key: “none” cannot be typed as a severity; write it like SEV1"),
        ("[[role]]\nkey = \"commander\"\nmany = true", "1:1: role.many: there is only one commander; leave this out"),
        ("[[role]]\nkey = \"legal\"", r#"1:1: role.name: this is missing; for example name = "Legal""#),
        (
            "[[role]]\nkey = \"legal\"\nname = \"Legal\"\naliases = [\"ic\"]",
            "4:12: role.aliases: “ic” already means `commander`",
        ),
        (
            "[[role]]\nkey = \"release\"\nname = \"Release manager\"",
            "2:7: role.key: `role release` means something else",
        ),
        (
            "[[person]]\nid = \"Bob Ek\"\nname = \"Bob\"",
            "2:6: person.id: “Bob Ek” is not an id: lower-case letters, digits and dashes only; for example `bob-ek`",
        ),
        ("[[person]]\nid = \"muster\"\nname = \"M\"", "2:6: person.id: `muster` has a meaning of its own in commands"),
        ("[[person]]\nid = \"alice\"\nname = \"Another\"", "5:6: person.id: `alice` is there twice"),
        ("[[person]]\nname = \"Bob\"", r#"1:1: person.id: this is missing; for example id = "alice""#),
        ("[[person]]\nid = \"\"\nname = \"Bob\"", r#"2:6: person.id: this is empty; for example id = "alice""#),
        (
            "[[person]]\nid = \"bob\"\nname = \"Bob\"\nemail = \"bob\"",
            "4:9: person.email: “bob” is not an address; write it as name@host",
        ),
        (
            "[[person]]\nid = \"bob\"\nname = \"Bob\"\nright = \"admni\"",
            "4:9: person.right: “admni” is not possible here; did you mean `admin`?",
        ),
        (
            "[[person]]\nid = \"bob\"\nname = \"Bob\"\ntime_zone = \"Europe/Stokholm\"",
            "4:13: person.time_zone: “Europe/Stokholm” is not a time zone; did you mean `Europe/Stockholm`?",
        ),
        (
            "[[team]]\nid = \"t\"\nmembers = [\"alice\", \"alcie\"]",
            "3:21: team.members: person `alcie` does not exist; did you mean `alice`?",
        ),
        (
            "[[team]]\nid = \"t\"\nmembers = \"alice\"",
            "3:11: team.members: this is a text; it must be a list of texts, [\"…\", \"…\"]",
        ),
        (
            "[[team]]\nid = \"payments\"\n[[service]]\nid = \"checkout\"\nowner = \"paymnts\"",
            "5:9: service.owner: team `paymnts` does not exist; did you mean `payments`?",
        ),
        (
            "[[service]]\nid = \"pos\"\nkind = \"pointofsale\"",
            "3:8: service.kind: “pointofsale” is not possible here; did you mean `point_of_sale`?",
        ),
        ("[[service]]\nid = \"a\"\n[[service]]\nid = \"b\"\nname = \"A\"", "5:8: service.name: “A” already means `a`"),
        (
            "[[type]]\nkey = \"security\"\nprivate = \"yes\"",
            "3:11: type.private: this is a text; it must be true or false, without quotes",
        ),
        (
            "[[field]]\nkey = \"region\"\nchoices = [\"a,b\"]",
            "3:12: field.choices: a choice needs a text without commas",
        ),
        (
            "[[schedule]]\nid = \"tills\"",
            "1:1: schedule.layer: this has neither a [[schedule.layer]] nor a calendar: nobody would ever be on call",
        ),
        (
            "[[schedule]]\nid = \"tills\"\nteam = \"tils\"\ncalendar = \"tills.ics\"",
            "3:8: schedule.team: team `tils` does not exist; there are none",
        ),
        (
            "[[route]]\nmatch = [\"checkout\"]",
            "2:10: route.match: “checkout” is no condition: \
             write it as service=checkout, host=till-*, site!=malmo or title=~pattern",
        ),
        ("[[route]]\ndo = \"declair\"", "2:6: route.do: “declair” is not possible here; did you mean `declare`?"),
        ("[[route]]\nservice = \"tills\"", "2:11: route.service: service `tills` does not exist; there are none"),
        (
            "[[route]]\nseverity_by_level = [\"bad SEV1\"]",
            "2:22: route.severity_by_level: “bad SEV1” is not a level and a severity; write it as \"critical SEV1\"",
        ),
        ("[[heartbeat]]\nsource = \"backup\"", "1:1: heartbeat.every: this is missing; for example every = \"1h\""),
        ("[alerts]\nteam = \"ops\"", "2:8: alerts.team: team `ops` does not exist; there are none"),
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
        (
            "[site]\nid = \"stockholm\"",
            "1:1: site: this is a table; it must be a list of tables: [[site]], with two brackets",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(after_alice(text), [expected], "{text}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let found = after_alice("[log]\nlevel = \"loud\"\n[[service]]\nid = \"X\"\nowner = \"nobody\"\n[[sites]]\n");
    let places: Vec<_> =
        found.iter().map(|problem| problem.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(places, ["2:9 log.level", "4:6 service.id", "5:9 service.owner", "6:3 sites"]);
}

#[test]
fn what_is_not_toml_is_told_with_its_place() {
    let found = problems("[server]\nlisten = \n");
    assert!(found[0].starts_with("2:"), "{found:?}");
    let found = problems("[server\n");
    assert!(found[0].starts_with("1:"), "{found:?}");
    assert!(problems("a = 1\na = 2\n")[0].starts_with("2:1: "), "a key twice");
}

#[test]
fn somebody_must_be_able_to_operate_it() {
    let sentence = "person: nobody may operate Muster; give at least one [[person]] right = \"admin\"";
    assert_eq!(problems(""), [format!("1:1: {sentence}")]);
    assert_eq!(problems("\n[[person]]\nid = \"bob\"\nname = \"Bob\""), [format!("2:1: {sentence}")]);
}

#[test]
fn a_usual_role_can_be_changed_and_keeps_its_place_and_the_rest() {
    let config = good(&format!("{ALICE}[[role]]\nkey = \"comms\"\nname = \"Spokesperson\"\n"));
    let place = config.org.roles.iter().position(|role| role.name == "Spokesperson");
    assert_eq!(place, Some(3));
    assert_eq!(config.org.roles[3].aliases, ["cl"]);
}

#[test]
fn values_are_read_as_meant() {
    let text = "[server]\nlisten = \"localhost:1\"\npublic_url = \"http://muster.example.com/\"\n\
                [store]\nurl = \"sqlite:/srv/m.db\"\n[organisation]\ncommander_within = \"1h30m\"\ntime_zone = \"Asia/Tokyo\"\n";
    let config = good(&format!("{text}{ALICE}"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:1");
    assert_eq!(config.public_url.as_deref(), Some("http://muster.example.com"));
    assert_eq!(config.store.file(), Some(Path::new("/srv/m.db")));
    assert_eq!(config.org.commander_within, Duration::from_secs(5_400));
    assert_eq!(config.org.people[0].time_zone, chrono_tz::Tz::Asia__Tokyo);
    assert_eq!(config.warnings().len(), 1, "plain http to another machine");
}

#[test]
fn a_workspace_of_slack_is_read_as_meant() {
    let slack = "[slack]\nbot_token = \"xoxb-1\"\napp_token = \"xapp-1\"\nannounce = \"#incidents\"\n\
                 command = \"incident\"\npin_reactions = [\":memo:\"]\n";
    let config = good(&format!("{ALICE}{slack}"));
    let slack = config.slack.as_ref().expect("it is there");
    assert_eq!((slack.announce.as_deref(), slack.command.as_str()), (Some("incidents"), "/incident"));
    assert_eq!(slack.pin_reactions, ["memo"]);
    let chats: Vec<_> =
        config.org.chats.iter().map(|chat| (chat.platform.as_str(), chat.rooms, chat.announces)).collect();
    assert_eq!(chats, [("slack", true, true)]);
    assert!(!format!("{config:?}").contains("xoxb"), "tokens are never printed");
}

#[test]
fn what_is_wrong_with_a_workspace_is_told() {
    let told = |slack: &str| after_alice(&format!("[slack]\n{slack}")).join("\n");
    assert!(told("app_token = \"xapp-1\"").contains("slack.bot_token: this is missing"));
    assert!(told("bot_token = \"xoxb-1\"").contains("without app_token (Socket Mode) or signing_secret (HTTP)"));
    assert!(told("bot_token = \"xoxp-1\"\napp_token = \"xapp-1\"").contains("must start with xoxb-"));
    assert!(told("bot_token = \"env:MUSTER_NO_SUCH\"").contains("has no variable MUSTER_NO_SUCH"));
    assert!(after_alice("[rooms]\ninvite_teams = [\"nobody\"]").join("").contains("team `nobody` does not exist"));
}

#[test]
fn a_server_of_discord_is_read_as_meant() {
    let discord = "[[team]]\nid = \"tills\"\nname = \"Tills\"\n[discord]\ntoken = \"abc.def\"\nserver = \"17\"\n\
                   categories = [\"18\", \"19\"]\nannounce = \"20\"\npin_reactions = [\":memo:\"]\n\
                   [[discord.role]]\nid = \"21\"\nteam = \"tills\"\n[[discord.role]]\nid = \"22\"\nright = \"view\"\n";
    let config = good(&format!("{ALICE}{discord}"));
    let read = config.discord.as_ref().expect("it is there");
    assert_eq!((read.guild, read.announce, read.pin_reactions[0].as_str()), (17, Some(20), "memo"));
    assert_eq!(read.rooms, muster_discord::Rooms::Channels { categories: vec![18, 19] });
    let groups: Vec<_> =
        config.org.groups.iter().map(|rule| (rule.group.as_str(), rule.team.as_deref(), rule.right)).collect();
    assert_eq!(
        groups,
        [("21", Some("tills"), muster_core::org::Right::Respond), ("22", None, muster_core::org::Right::View)]
    );
    assert!(!format!("{config:?}").contains("abc.def"), "tokens are never printed");
}

#[test]
fn what_is_wrong_with_a_server_is_told() {
    let told = |more: &str| after_alice(&format!("[discord]\ntoken = \"a\"\nserver = \"17\"\n{more}")).join("\n");
    assert!(after_alice("[discord]\nserver = \"17\"").join("").contains("discord.token: this is missing"));
    assert!(after_alice("[discord]\ntoken = \"a\"").join("").contains("discord.server: this is missing"));
    assert!(told("announce = \"#incidents\"").contains("discord.announce: “#incidents” is not an id of Discord"));
    assert!(told("forum = \"1\"\nthreads_of = \"2\"").contains("in one kind of place only"));
    assert!(told("public_key = \"abc\"").contains("64 hexadecimal digits"));
    assert!(told("[[discord.role]]\nid = \"1\"\nteam = \"nobody\"").contains("discord.role.team: team `nobody`"));
    assert!(told("[[discord.role]]\nid = \"1\"").contains("must stand for a team"));
}

#[test]
fn what_is_wrong_with_a_layer_is_told() {
    let good = ["turn = \"1 week\"", "start = \"2026-01-05 09:00\"", "people = [\"alice\"]"];
    let told = |wrong: &str| {
        let key = wrong.split(' ').next().expect("a key");
        let kept = good.iter().filter(|line| !line.starts_with(key)).copied().collect::<Vec<_>>().join("\n");
        let found = after_alice(&format!("[[schedule]]\nid = \"tills\"\n[[schedule.layer]]\n{wrong}\n{kept}"));
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
        after_alice(&format!("[[policy]]\nid = \"tills\"\n{level}")).join("\n")
    };
    assert_eq!(told(r#""alice", "channel:slack/C024BE91L", "pagerduty:main", "webhook:noc""#), "");
    assert!(told(r#""schedule:tills""#).ends_with("schedule `tills` does not exist; there are none"));
    assert!(told(r#""team:tills""#).ends_with("team `tills` does not exist; there are none"));
    assert!(told(r#""channel:slack""#).ends_with("names no channel; write it as \"channel:slack/C024BE91L\""));
    assert!(told(r#""pagrduty:main""#).ends_with("“pagrduty:main” is no target; did you mean `pagerduty`?"));
    assert!(told(r#""alice", "@alice""#).ends_with("“@alice” is there twice"));
}

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
fn how_somebody_can_be_reached_is_read_as_meant() {
    use muster_core::org::Loudness;
    let bob = "[slack]\nbot_token = \"xoxb-1\"\napp_token = \"xapp-1\"\n[ntfy]\n\
               [email]\nsmtp = \"smtp://127.0.0.1:25\"\nfrom = \"muster@example.com\"\n\
               [twilio]\naccount = \"AC0123456789abcdef0123456789abcdef\"\ntoken = \"t\"\nfrom = \"+46701234567\"\n\
               [[person]]\nid = \"bob\"\nname = \"Bob\"\nemail = \"bob@example.com\"\nlocale = \"en-GB\"\n\
               high = [\"5m voice\", \"now slack, push\"]\nquiet = \"22:00-07:00\"\n\
               [person.contacts]\nvoice = \"+46 70 123 45 67\"\nsms-private = \"+46701234568\"\npush = \"bob_8f3k2\"\n";
    let config = good(&format!("{ALICE}{bob}"));
    let reach = &config.org.people[1].reach;
    let contacts: Vec<_> = reach.contacts.iter().map(|one| (one.name.as_str(), one.address.as_str())).collect();
    assert_eq!(
        contacts,
        [
            ("slack", ""),
            ("voice", "+46701234567"),
            ("sms-private", "+46701234568"),
            ("push", "bob_8f3k2"),
            ("email", "bob@example.com")
        ]
    );
    assert_eq!(reach.contacts[2].platform.as_str(), "sms");
    let steps: Vec<_> =
        reach.steps[&Loudness::High].iter().map(|one| (one.after.as_secs(), one.contacts.join(" "))).collect();
    assert_eq!(steps, [(0, "slack push".to_owned()), (300, "voice".to_owned())]);
    assert!(!reach.steps.contains_key(&Loudness::Low), "there is no word of it");
    assert_eq!(reach.quiet.map(|quiet| quiet.from.to_string()).as_deref(), Some("22:00:00"));
    assert!(!format!("{:?}", config.org).contains("4670"), "numbers are never printed");
}

#[test]
fn nobody_is_called_by_a_way_that_is_not_made() {
    let bob = "[[person]]\nid = \"bob\"\nname = \"Bob\"\nemail = \"bob@example.com\"\nhigh = [\"now push\", \"2m sms\"]\n\
               [person.contacts]\nsms = \"+46701234568\"\npush = \"bob_8f3k2\"\n";
    let names = |text: &str| -> Vec<String> {
        let config = good(&format!("{ALICE}{text}{bob}"));
        config.org.people[1].reach.contacts.iter().map(|contact| contact.name.clone()).collect()
    };
    assert_eq!(names(""), [""; 0]);
    assert_eq!(names("[ntfy]\n"), ["push"]);
    assert_eq!(names("[email]\nsmtp = \"smtp://127.0.0.1:25\"\nfrom = \"muster@example.com\"\n"), ["email"]);
}

#[test]
fn what_is_wrong_with_a_contact_is_told() {
    let told = |more: &str| {
        let told = after_alice(&format!("[[person]]\nid = \"bob\"\nname = \"Bob\"\n{more}"));
        assert_eq!(told.len(), 1, "{more}: {told:?}");
        told[0].clone()
    };
    let number = "person.contacts.sms: this is not a number with its country code; write it as \"+46701234567\"";
    for wrong in ["0701234567", "+4670", "+46701234567890123", "+4670x234567", "+0701234567"] {
        assert_eq!(told(&format!("[person.contacts]\nsms = \"{wrong}\"")), format!("5:7: {number}"), "{wrong}");
    }
    assert!(told("[person.contacts]\nemail = \"bob\"").contains("this is not an address"));
    assert!(told("[person.contacts]\npush = \"a/b\"").contains("this is not a topic of ntfy"));
    assert!(told("[person.contacts]\nwebhook = \"ftp://x\"").contains("this is not an http or https URL"));
    assert!(told("[person.contacts]\nslack = \"U1\"").contains("a chat knows its people"));
    assert!(told("[person.contacts]\nfax = \"1\"").contains("“fax” is no way to reach anybody"));
    assert!(told("[person.contacts]\nsms = 46").contains("person.contacts.sms: this is a number; it must be a text"));
    assert!(told("high = [\"now sms\"]").contains("this person has no contact `sms`; there are none"));
    assert!(told("high = [\"sms\"]").contains("“sms” is not a time and a contact"));
    assert!(told("high = []").contains("this would reach nobody"));
    assert!(told("quiet = \"at night\"").contains("write it as \"22:00-07:00\""));
    assert!(told("locale = \"swedish!\"").contains("is not a language"));
}

#[test]
fn every_example_of_the_documentation_is_fine_and_every_key_is_in_it() {
    let page = include_str!("../../../docs/configuration.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 12);
    for example in examples {
        // What the environment would give.
        let example =
            example.replace("env:MUSTER_SLACK_BOT_TOKEN", "xoxb-1").replace("env:MUSTER_SLACK_APP_TOKEN", "xapp-1");
        let example = example.replace("env:MUSTER_DISCORD_TOKEN", "abc.def");
        let example = as_if_set(&example);
        assert_eq!(after_alice(&example), [""; 0], "{example}");
    }
    let mut section = "";
    for line in SAMPLE.lines().map(|line| line.trim_start_matches("# ")) {
        if line.starts_with('[') {
            section = line;
            assert!(page.contains(&format!("## `{section}`")), "{section}");
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains(' ')) {
            let documented = page.split(&format!("## `{section}`")).nth(1).and_then(|rest| rest.split("\n## ").next());
            assert!(documented.is_some_and(|text| text.contains(&format!("| `{key}` |"))), "{section} {key}");
        }
    }
}

/// An example with what the environment would give.
fn as_if_set(example: &str) -> String {
    let example = example.replace("env:MUSTER_WEBHOOK_SECRET", WEBHOOK_SECRET);
    // Programs and files that are on every machine.
    let example = example.replace("/usr/local/bin/payctl", "/bin/sh").replace("/run/secrets/payctl", "/etc/passwd");
    let example = example.replace("GATEWAY_TOKEN", "CARGO_MANIFEST_DIR");
    let example = example.replace("env:MUSTER_SUBSCRIBERS_KEY", "0123456789abcdef0123456789abcdef");
    let example = example.replace("env:AWS_ACCESS_KEY_ID", "AKIA").replace("env:AWS_SECRET_ACCESS_KEY", "hunter2");
    ["SMTP_PASSWORD", "TWILIO_TOKEN", "NTFY_TOKEN", "PAGERDUTY_KEY", "STATUSPAGE_KEY"]
        .into_iter()
        .fold(example, |example, name| example.replace(&format!("env:MUSTER_{name}"), "hunter2"))
}

const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn every_example_of_the_page_about_other_ways_is_fine() {
    let page = include_str!("../../../docs/notify.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 6);
    let whole = as_if_set(&examples.concat());
    assert_eq!(after_alice(&whole), [""; 0]);
    let config = good(&format!("{whole}\n{ALICE}"));
    assert!(!format!("{:?}", config.notify).contains("hunter2"), "nothing secret prints itself");
    assert_eq!(config.notify.twilio.map(|twilio| twilio.from).as_deref(), Some("+46701234567"));
    assert_eq!(config.notify.pagerduty[0].api, "https://events.pagerduty.com");
    assert!(config.outside.admits("10.1.2.3".parse().unwrap()) && !config.outside.admits("10.2.0.1".parse().unwrap()));
}

#[test]
fn what_is_wrong_with_a_way_is_told_with_its_place_and_never_with_its_secret() {
    let told = |text: &str| after_alice(text).join("\n");
    let email = |smtp: &str| told(&format!("[email]\nsmtp = \"{smtp}\"\nfrom = \"muster@example.com\""));
    assert!(email("mail.example.com").contains("email.smtp must be smtps://USER@HOST:465"));
    assert!(email("smtps://me@mail.example.com").contains("email.password is needed"));
    assert!(!email("smtps://me:hunter2@mail.example.com").contains("hunter2"));
    assert!(told("[email]\nsmtp = \"smtps://x.example\"").contains("email.from: this is missing"));
    let twilio = "[twilio]\naccount = \"SK1\"\ntoken = \"hunter2\"\nfrom = \"+46701234567\"";
    assert!(told(twilio).contains("twilio.account must be the Account SID") && !told(twilio).contains("hunter2"));
    assert!(told("[ntfy]\nserver = \"http://ntfy.example\"").contains("must be an https:// address"));
    let twice = "[[pagerduty]]\nname = \"a\"\nkey = \"k\"\n";
    assert!(told(&format!("{twice}{twice}")).contains("there are two of the name “a”"));
    let webhook = |secret: &str| {
        told(&format!("[[webhook]]\nname = \"ops\"\nurl = \"https://x.example\"\nsecret = \"{secret}\""))
    };
    assert!(webhook("hunter2").contains("must be whsec_") && !webhook("hunter2").contains("hunter2"));
    assert_eq!(webhook(WEBHOOK_SECRET), "");
    let outside = told("[outside]\nallow = [\"10.0.0.0/8\", \"https://x.example\"]");
    assert!(outside.contains("outside.allow: “https://x.example” is neither a network nor a name"), "{outside}");
}

#[test]
fn every_example_of_the_page_on_call_is_fine() {
    let page = include_str!("../../../docs/oncall.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 3);
    for example in examples {
        let mut text = example.to_owned();
        for id in ["bob", "carol", "dave", "erin"].iter().filter(|id| !example.contains(&format!("id = \"{id}\""))) {
            text.push_str(&format!("[[person]]\nid = \"{id}\"\nname = \"{id}\"\n"));
        }
        if !example.contains("[[team]]") {
            text.push_str("[[team]]\nid = \"payments\"\n");
        }
        let of_fewer = text.replace(", …]", "]");
        assert_eq!(after_alice(&of_fewer), [""; 0], "{example}");
    }
}

#[test]
fn every_example_of_the_page_on_alerts_in_is_fine() {
    let page = include_str!("../../../docs/alerts-in.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 12);
    let text = examples.concat().replace("env:MUSTER_SENTRY_SECRET", "s3cret");
    assert_eq!(after_alice(&text), [""; 0], "{text}");
    let sources = good(&format!("{text}\n{ALICE}")).ingest.sources;
    for kind in muster_ingest::Kind::ALL {
        assert!(sources.iter().any(|source| source.kind == kind), "{} has an example", kind.word());
        assert!(page.contains(kind.word()));
    }
}

#[test]
fn a_source_that_cannot_be_understood_is_told_what_to_write() {
    let wrong = [
        ("id = \"a\"", "kind: this is missing"),
        ("id = \"a\"\nkind = \"nagios\"", "nagios"),
        ("id = \"a\"\nkind = \"webhook\"", "mapping: this is missing"),
        ("id = \"a\"\nkind = \"webhook\"\nmapping = { title = \"{{{x}}}\" }", "mapping.title: only {{name}}"),
        ("id = \"a\"\nkind = \"webhook\"\nmapping = { title = \"{{#each x}}{{/each}}\" }", "there is no `each`"),
        ("id = \"a\"\nkind = \"webhook\"\nmapping = { text = \"x\" }", "mapping.title: this is missing"),
        ("id = \"a\"\nkind = \"grafana\"\nmapping = { title = \"x\" }", "mapping: this is for sources of kind webhook"),
        ("id = \"a\"\nkind = \"sns\"\nsecret = \"x\"", "secret: nothing of this kind"),
        ("id = \"a\"\nkind = \"sns\"\nburst = 0", "burst"),
    ];
    for (text, said) in wrong {
        let problems = after_alice(&format!("[[source]]\n{text}\n")).join("\n");
        assert!(problems.contains(said), "{text}: {problems}");
    }
}

#[test]
fn every_example_of_the_page_on_alerts_is_fine_and_means_what_it_says() {
    use chrono::TimeDelta;
    use muster_core::alert::{Does, Level, Pick, Resolve};
    let page = include_str!("../../../docs/alerts.md");
    let examples: Vec<_> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 2);
    let text = format!("{}\n[[service]]\nid = \"tills\"\n{ALICE}", examples.concat());
    let rules = good(&text).org.alerting;
    let conditions: Vec<_> = rules.routes[0].matchers.iter().map(ToString::to_string).collect();
    assert_eq!(conditions, ["host=till-*", "level!=info"]);
    assert_eq!(rules.routes[0].site, Pick::Label("store".to_owned()));
    assert_eq!((rules.routes[0].resolve, rules.routes[1].does), (Resolve::Auto, Does::Attach));
    let backup = rules.heartbeat("backup").expect("it is there");
    assert_eq!((backup.every, backup.level), (TimeDelta::days(1), Level::Critical));
}

#[test]
fn runbooks_say_what_steps_may_run_and_where_their_secrets_are() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), "s3cret-in-a-file\n").expect("it is written");
    let text = format!(
        "[runbooks]\nfolder = \"books\"\nlost_after = \"45s\"\nallow = [\"10.0.0.0/8\"]\n\
         [runbooks.program]\nsh = \"/bin/sh\"\n[runbooks.secret]\nTOKEN = {{ file = \"token\" }}\n\
         HOME_OF = {{ env = \"CARGO_MANIFEST_DIR\" }}\n{ALICE}"
    );
    let config = Config::parse(&text, folder.path()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(config.org.runbooks.programs, ["sh"]);
    assert_eq!(config.org.runbooks.secrets, ["HOME_OF", "TOKEN"]);
    assert_eq!(config.org.runbooks.lost_after, Duration::from_secs(45));
    assert!(!config.runbooks.settings.user.is_root(), "no step runs as root");
    assert_eq!(config.warnings().len(), 1, "the folder is not there: {:?}", config.warnings());
    assert!(!format!("{config:?}").contains("s3cret-in-a-file"));
}

#[test]
fn mistakes_about_runbooks_have_their_place_and_their_remedy() {
    let table = [
        (
            "[runbooks]\nlost_after = \"1s\"",
            "2:14: runbooks.lost_after: “1s” is not a time between 10 s and 10 min; write it as \"30s\"",
        ),
        (
            "[runbooks]\nrun_as = \"root\"",
            "2:10: runbooks.run_as: programs of runbooks never run as root; name a user who may do no more than they must",
        ),
        ("[runbooks]\nrun_as = \"no-such-user\"", "2:10: runbooks.run_as: this machine has no user “no-such-user”"),
        (
            "[runbooks.program]\npayctl = \"payctl\"",
            "2:10: runbooks.program.payctl: “payctl” must be the whole path; for example \"/usr/local/bin/payctl\"",
        ),
        (
            "[runbooks.program]\npayctl = \"/no/such\"",
            "2:10: runbooks.program.payctl: /no/such cannot be found: No such file or directory (os error 2)",
        ),
        (
            "[runbooks.program]\npayctl = \"/etc/passwd\"",
            "2:10: runbooks.program.payctl: /etc/passwd is not executable",
        ),
        ("[runbooks.program]\npayctl = \"/tmp\"", "2:10: runbooks.program.payctl: /tmp is not a file"),
        ("[runbooks.secret]\nA = \"x\"", "2:5: runbooks.secret.A: this is a text; it must be a table: { … = \"…\" }"),
        (
            "[runbooks.secret]\nA = { env = \"X\", file = \"x\" }",
            "2:5: runbooks.secret.A: this must say where the secret is, in one way: { env = \"NAME\" }, \
             { file = \"PATH\" } or { age = \"PATH\" }",
        ),
        (
            "[runbooks.secret]\nA = { env = \"MUSTER_NO_SUCH\" }",
            "2:13: runbooks.secret.A.env: the environment has no variable MUSTER_NO_SUCH, or it is no text",
        ),
        (
            "[runbooks.secret]\n\"1A\" = { file = \"/etc/passwd\" }",
            "2:1: runbooks.secret.1A: runbooks cannot name this: letters, digits and _ only, and no digit first",
        ),
        (
            "[runbooks.secret]\nA = { age = \"/etc/passwd\" }",
            "2:13: runbooks.secret.A.age: runbooks.age_identity is not set, which would open it",
        ),
        (
            "[runbooks]\nallow = [\"10/8\"]",
            "2:10: runbooks.allow: “10/8” is neither a network nor a name; write it as 10.1.0.0/16, 10.1.2.3 or \
             alerts.internal",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(after_alice(text), [expected], "{text}");
    }
}
