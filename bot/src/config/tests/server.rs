//! Where Muster listens, keeps its data and logs; and what is no TOML at all.

use super::{ALICE, beside_alice, each_is_told, good, problems};
use std::path::Path;
use std::time::Duration;

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
fn mistakes_about_the_server_have_their_place_and_their_remedy() {
    each_is_told(&[
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
    ]);
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let found = beside_alice("[log]\nlevel = \"loud\"\n[[service]]\nid = \"X\"\nowner = \"nobody\"\n[[sites]]\n");
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
