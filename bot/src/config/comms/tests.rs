//! What is said of customers is read as meant, and every mistake is found where it is.

use crate::config::{Config, SAMPLE};
use muster_core::comms::{ComponentState, Destination, Locale, Locales};
use std::path::Path;
use std::time::Duration;

const ALICE: &str = "[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n";

fn problems(text: &str) -> Vec<String> {
    match Config::parse(&format!("{text}\n{ALICE}"), Path::new("/etc/muster")) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn good(text: &str) -> Config {
    Config::parse(text, Path::new("/etc/muster")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn locale(text: &str) -> Locale {
    text.parse().expect("a language")
}

#[test]
fn the_sample_has_a_page_in_three_languages_and_nobody_can_subscribe_without_a_key() {
    let config = good(SAMPLE);
    let comms = &config.org.comms;
    assert_eq!(comms.locales, Locales::new(locale("en"), ["sv", "de"].map(locale)));
    let page = comms.page.as_ref().expect("a page");
    assert_eq!(
        (page.name.as_str(), page.time_zone.name(), page.subscribe),
        ("Nordic Retail", "Europe/Stockholm", false)
    );
    let public = comms.audience("public").expect("the public");
    assert_eq!(public.to, [Destination::Page]);
    assert!(public.clocked && public.approval.len() == 2 && public.locales == comms.locales);
    let tills = comms.component("tills").expect("tills");
    assert_eq!(tills.name(&locale("sv"), comms), "Kassor");
    assert_eq!(tills.name(&locale("fr"), comms), "Tills", "a language that nobody has written falls back");
    let worst = comms.at(config.org.severities.first().map(|severity| &severity.key)).expect("a rule");
    assert_eq!(worst.first_within, Some(Duration::from_secs(15 * 60)));
    assert_eq!(worst.state, Some(ComponentState::MajorOutage));
    assert_eq!(comms.sites.iter().map(|site| site.name.as_str()).collect::<Vec<_>>(), ["Stockholm", "Gothenburg"]);
}

#[test]
fn an_audience_changes_a_usual_one_or_is_a_new_one() {
    let text = r#"
        [comms]
        locales = ["sv", "en"]
        [statuspage]
        url = "https://status.example.com"
        [subscribers]
        key = "0123456789abcdef0123456789abcdef"
        mails_per_second = 5
        [[audience]]
        id = "public"
        approval = ["all"]
        approvers = ["@alice"]
        [[audience]]
        id = "franchise"
        name = "Franchise takers"
        to = ["channel:discord/1019283746501928374", "@alice", "webhook:ops", "statuspage:main"]
        locales = ["en"]
    "#;
    let config = good(&format!("{text}\n{ALICE}"));
    let comms = &config.org.comms;
    let public = comms.audience("public").expect("the public");
    assert_eq!((public.name.as_str(), public.to.len(), public.approval.len()), ("Customers", 2, 4));
    let franchise = comms.audience("franchise").expect("it is there");
    assert_eq!((franchise.to.len(), franchise.clocked), (4, false));
    assert_eq!(franchise.locales, Locales::new(locale("en"), []));
    assert_eq!(config.comms.subscribing.mails_per_second.get(), 5);
    assert!(comms.page.as_ref().is_some_and(|page| page.subscribe));
    assert!(!format!("{:?}", config.comms).contains("0123456789abcdef"), "a key prints itself nowhere");
}

#[test]
fn mistakes_have_their_place_and_their_remedy() {
    let table = [
        (
            "[comms]\nlocales = [\"english\"]",
            "2:12: comms.locales: “english” is not a language: write it as en, sv or pt-BR",
        ),
        ("[comms]\nreview_page = \"team:press\"", "2:15: comms.review_page: team `press` does not exist"),
        (
            "[[audience]]\nid = \"public\"\nto = [\"page\"]",
            "1:1: audience.to: there is no page to send to: it takes a [statuspage]",
        ),
        (
            "[[audience]]\nid = \"stores\"\nto = [\"pager\"]",
            "3:7: audience.to: “pager” is nowhere to send to; did you mean `page`?",
        ),
        ("[[audience]]\nid = \"stores\"\nlocales = [\"fi\"]", "3:12: audience.locales: fi is not among comms.locales"),
        (
            "[[audience]]\nid = \"stores\"\napprovers = [\"everybody\"]",
            "3:14: audience.approvers: “everybody” does not say who; write role:comms, team:press, @alice, right:admin or responders",
        ),
        (
            "[[digest]]\nname = \"all\"\nto = [\"subscribers\"]",
            "1:1: digest.to: this must name channels, people or webhooks of the company; for example to = [\"@alice\"]",
        ),
        (
            "[[component]]\nid = \"tills\"\nname = { sv = \"Kassor\" }",
            "3:10: component.name.sv: sv is not among comms.locales",
        ),
        (
            "[[component]]\nid = \"tills\"\nname = \"Tills\"\nservices = [\"tils\"]",
            "4:13: component.services: `tils` does not exist",
        ),
        (
            "[statuspage]\naccent = \"green\"",
            "2:10: statuspage.accent: “green” is not a colour; write it as \"#0a5c36\"",
        ),
        (
            "[subscribers]\nkey = \"short\"",
            "2:7: subscribers.key: a key has at least 32 characters; make one with `openssl rand -base64 32`",
        ),
        (
            "[[severity]]\nkey = \"SEV1\"\npublic_state = \"down\"",
            "3:16: severity.public_state: “down” is not possible here",
        ),
    ];
    for (text, told) in table {
        let found = problems(text);
        assert!(found.iter().any(|one| one.starts_with(told)), "{text}\n{found:#?}\nlacks {told}");
    }
}
