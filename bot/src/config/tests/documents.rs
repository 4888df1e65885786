//! The documentation: its examples are configs, and every key is in it.

use super::{ALICE, WEBHOOK_SECRET, beside_alice, good};
use crate::config::SAMPLE;

#[test]
fn every_example_of_the_documentation_is_fine_and_every_key_is_in_it() {
    let page = include_str!("../../../../docs/configuration.md");
    let examples = examples(page);
    assert!(examples.len() >= 12);
    for example in examples {
        // What the environment would give.
        let example =
            example.replace("env:MUSTER_SLACK_BOT_TOKEN", "xoxb-1").replace("env:MUSTER_SLACK_APP_TOKEN", "xapp-1");
        let example = example.replace("env:MUSTER_DISCORD_TOKEN", "abc.def");
        let example = as_if_set(&example);
        assert_eq!(beside_alice(&example), [""; 0], "{example}");
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

#[test]
fn every_example_of_the_page_about_other_ways_is_fine() {
    let page = include_str!("../../../../docs/notify.md");
    let examples = examples(page);
    assert_eq!(examples.len(), 6);
    let whole = as_if_set(&examples.concat());
    assert_eq!(beside_alice(&whole), [""; 0]);
    let config = good(&format!("{whole}\n{ALICE}"));
    assert!(!format!("{:?}", config.notify).contains("hunter2"), "nothing secret prints itself");
    assert_eq!(config.notify.twilio.map(|twilio| twilio.from).as_deref(), Some("+46701234567"));
    assert_eq!(config.notify.pagerduty[0].api, "https://events.pagerduty.com");
    assert!(config.outside.admits("10.1.2.3".parse().unwrap()) && !config.outside.admits("10.2.0.1".parse().unwrap()));
}

#[test]
fn every_example_of_the_page_on_call_is_fine() {
    let page = include_str!("../../../../docs/oncall.md");
    let examples = examples(page);
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
        assert_eq!(beside_alice(&of_fewer), [""; 0], "{example}");
    }
}

#[test]
fn every_example_of_the_page_on_alerts_in_is_fine() {
    let page = include_str!("../../../../docs/alerts-in.md");
    let examples = examples(page);
    assert!(examples.len() >= 12);
    let text = examples.concat().replace("env:MUSTER_SENTRY_SECRET", "s3cret");
    assert_eq!(beside_alice(&text), [""; 0], "{text}");
    let sources = good(&format!("{text}\n{ALICE}")).ingest.sources;
    for kind in muster_ingest::Kind::ALL {
        assert!(sources.iter().any(|source| source.kind == kind), "{} has an example", kind.word());
        assert!(page.contains(kind.word()));
    }
}

#[test]
fn every_example_of_the_page_on_alerts_is_fine_and_means_what_it_says() {
    use chrono::TimeDelta;
    use muster_core::alert::{Does, Level, Pick, Resolve};
    let page = include_str!("../../../../docs/alerts.md");
    let examples = examples(page);
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

/// Every example of a page.
fn examples(page: &str) -> Vec<&str> {
    page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
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
