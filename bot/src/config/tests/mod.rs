//! Every mistake is found where it is, with what would be right.

mod alerts;
mod chats;
mod comms;
mod documents;
mod oncall;
mod people;
mod runbooks;
mod server;
mod ways;

use super::*;

/// Without somebody who may operate it, no config is fine.
const ALICE: &str = "[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n";
/// What webhooks are signed with.
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn problems(text: &str) -> Vec<String> {
    match Config::parse(text, Path::new("/etc/muster")) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn good(text: &str) -> Config {
    Config::parse(text, Path::new("/etc/muster")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The problems of a text that stands before a good person, its lines counted from 1.
fn beside_alice(text: &str) -> Vec<String> {
    problems(&format!("{text}\n{ALICE}"))
}

/// Each text has one problem, and it is this.
fn each_is_told(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(beside_alice(text), [*expected], "{text}");
    }
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
