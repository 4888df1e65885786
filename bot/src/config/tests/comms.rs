//! What is said of customers is read as meant, and every mistake is found where it is.

use super::{ALICE, beside_alice, each_is_told, good};
use crate::config::{Config, SAMPLE};
use muster_core::comms::{ComponentState, Destination, Locale, Locales, LogoKind};
use std::time::Duration;

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
        (page.name.as_str(), page.time_zone.name(), comms.subscribable()),
        ("Nordic Retail", "Europe/Stockholm", None)
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

/// A chat, a mail server, another system and a page at Statuspage.
const EVERYWHERE: &str = r#"
    [discord]
    token = "abc.def"
    server = "17"
    [email]
    smtp = "smtp://127.0.0.1:25"
    from = "muster@example.com"
    [[webhook]]
    name = "social"
    url = "https://social.example.com/muster"
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    [[statuspage_io]]
    name = "main"
    page = "kctbh9vrtdwd"
    key = "hunter2"
"#;

/// A status page to which customers can subscribe.
const PUBLIC: &str = r#"
    [statuspage]
    url = "https://status.example.com"
    [subscribers]
    key = "0123456789abcdef0123456789abcdef"
    mails_per_second = 5
"#;

#[test]
fn an_audience_changes_a_usual_one_or_is_a_new_one() {
    let text = r#"
        [comms]
        locales = ["sv", "en"]
        [[audience]]
        id = "public"
        approval = ["all"]
        approvers = ["@alice"]
        [[audience]]
        id = "franchise"
        name = "Franchise takers"
        to = ["channel:discord/1019283746501928374", "@alice", "webhook:social", "statuspage:main"]
        locales = ["en"]
    "#;
    let made = format!("{text}\n{PUBLIC}{EVERYWHERE}{ALICE}email = \"alice@example.com\"\n");
    let config = good(&made);
    let comms = &config.org.comms;
    let public = comms.audience("public").expect("the public");
    assert_eq!((public.name.as_str(), public.to.len(), public.approval.len()), ("Customers", 2, 4));
    let franchise = comms.audience("franchise").expect("it is there");
    assert_eq!((franchise.to.len(), franchise.clocked), (4, false));
    assert_eq!(franchise.locales, Locales::new(locale("en"), []));
    assert_eq!(config.comms.subscribing.mails_per_second.get(), 5);
    assert_eq!(comms.subscribable().map(|one| one.id.as_str()), Some("public"));
    assert!(!format!("{:?}", config.comms).contains("0123456789abcdef"), "a key prints itself nowhere");
}

#[test]
fn mistakes_about_customers_have_their_place_and_their_remedy() {
    each_is_told(&[
        (
            "[comms]\nlocales = [\"english\"]",
            "2:12: comms.locales: “english” is not a language: write it as en, sv or pt-BR",
        ),
        (
            "[comms]\nreview_page = \"team:press\"",
            "2:15: comms.review_page: team `press` does not exist; there are none",
        ),
        ("[[audience]]\nid = \"stores\"\nlocales = [\"fi\"]", "3:12: audience.locales: fi is not among comms.locales"),
        (
            "[[audience]]\nid = \"stores\"\napprovers = [\"everybody\"]",
            "3:14: audience.approvers: “everybody” does not say who; write role:comms, team:press, @alice, right:admin or responders",
        ),
        (
            "[[site]]\nid = \"a\"\npublic_name = \"One\"\nregion = \"Ä\"\n\
             [[site]]\nid = \"b\"\npublic_name = \"Two\"\nregion = \"Ä\"\n\
             [[site]]\nid = \"c\"\npublic_name = \"Three\"\nregion = \"A\"",
            "12:10: site.region: “A” and “Ä” are one folder on the page: call one otherwise",
        ),
        (
            "[[site]]\nid = \"a-b\"\npublic_name = \"One\"\n[[site]]\nid = \"a--b\"\npublic_name = \"Two\"",
            "6:15: site.public_name: “a--b” and “a-b” are one folder on the page: call one otherwise",
        ),
        (
            "[[component]]\nid = \"tills\"\nname = { en = \"Tills\", sv = \"Kassor\" }",
            "3:24: component.name.sv: sv is not among comms.locales",
        ),
        (
            "[[component]]\nid = \"tills\"\nname = \"Tills\"\nservices = [\"tils\"]",
            "4:13: component.services: `tils` does not exist; there are none",
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
            "[[site]]\nid = \"a\"\npublic_name = \"One\"\nregion = \"Ä\"\n\
             [[site]]\nid = \"b\"\npublic_name = \"Two\"\nregion = \"Ä\"\n\
             [[site]]\nid = \"c\"\npublic_name = \"Three\"\nregion = \"A\"",
            "12:10: site.region: “A” and “Ä” are one folder on the page: call one otherwise",
        ),
        (
            "[[site]]\nid = \"a-b\"\npublic_name = \"One\"\n[[site]]\nid = \"a_b\"\npublic_name = \"Two\"",
            "6:15: site.public_name: “a_b” and “a-b” are one folder on the page: call one otherwise",
        ),
        (
            "[[severity]]\nkey = \"SEV1\"\npublic_state = \"down\"",
            "3:16: severity.public_state: “down” is not possible here; there are operational, under_maintenance, \
             degraded_performance, partial_outage, major_outage",
        ),
    ]);
}

/// The problem of an audience that is told there, where there is nothing but what `with` makes.
fn stores(to: &str, with: &str) -> Vec<String> {
    beside_alice(&format!("[[audience]]\nid = \"stores\"\nto = [\"{to}\"]\n{with}"))
}

#[test]
fn nothing_is_sent_where_nothing_leads() {
    for (to, told) in [
        ("page", "there is no page to send to: it takes a [statuspage]"),
        ("subscribers", "nobody can subscribe: it takes a [subscribers]"),
        ("channel:slack/C024BE91L", "slack is not connected: it takes a [slack]"),
        ("channel:slak/C024BE91L", "chat `slak` does not exist; did you mean `slack`?"),
        ("channel:slack", "“channel:slack” names no channel; write it as channel:slack/C024BE91L"),
        ("@alice", "no letter reaches `alice`: it takes an [email], and an address of theirs"),
        ("@alcie", "person `alcie` does not exist; did you mean `alice`?"),
        ("webhook:social", "[[webhook]] `social` does not exist; there are none"),
        ("statuspage:main", "[[statuspage_io]] `main` does not exist; there are none"),
        (
            "pager",
            "“pager” is nowhere to send to; \
             write page, subscribers, channel:slack/C024BE91L, @alice, webhook:NAME or statuspage:NAME",
        ),
    ] {
        assert_eq!(stores(to, ""), [format!("3:7: audience.to: {told}")], "{to}");
    }
    for (to, told) in [
        ("webhook:socail", "[[webhook]] `socail` does not exist; did you mean `social`?"),
        ("statuspage:tills", "[[statuspage_io]] `tills` does not exist; there are main"),
        ("@alice", "no letter reaches `alice`: it takes an [email], and an address of theirs"),
    ] {
        assert_eq!(stores(to, EVERYWHERE), [format!("3:7: audience.to: {told}")], "{to}");
    }
    assert_eq!(stores("webhook:social\", \"channel:discord/18\", \"statuspage:main", EVERYWHERE), [""; 0]);
}

#[test]
fn what_is_there_and_not_sound_is_told_once() {
    let told = stores("webhook:social", "[[webhook]]\nname = \"social\"\nsecret = \"env:MUSTER_NO_SUCH\"\n");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|one| one.contains("webhook.url") || one.contains("webhook.secret")), "{told:?}");
}

#[test]
fn a_digest_stays_in_the_company() {
    let told = |to: &str| beside_alice(&format!("[[digest]]\nname = \"all\"\n{to}\n{PUBLIC}{EVERYWHERE}"));
    for to in ["page", "subscribers", "statuspage:main"] {
        let sentence = format!("“{to}” is for customers; write channels, people or webhooks of the company");
        assert_eq!(told(&format!("to = [\"{to}\"]")), [format!("3:7: digest.to: {sentence}")]);
    }
    for nobody in ["", "to = []"] {
        let sentence = "1:1: digest.to: this must name channels, people or webhooks; for example to = [\"@alice\"]";
        assert_eq!(told(nobody), [sentence]);
    }
    assert_eq!(told("to = [\"channel:discord/18\", \"webhook:social\"]"), [""; 0]);
}

#[test]
fn a_logo_is_known_by_its_ending() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("logo.svg"), "<svg/>").expect("it is written");
    let logo = |name: &str| Config::parse(&format!("[statuspage]\nlogo = \"{name}\"\n{ALICE}"), folder.path());
    let config = logo("logo.svg").expect("it is fine");
    let logo_of = |config: Config| config.org.comms.page.and_then(|page| page.theme.logo);
    assert_eq!(logo_of(config).map(|logo| (logo.kind, logo.bytes)), Some((LogoKind::Svg, b"<svg/>".to_vec())));
    let told =
        |name: &str| logo(name).expect_err("it is not").iter().map(|one| one.sentence.clone()).collect::<String>();
    assert!(told("logo.gif").ends_with("logo.gif is neither an .svg nor a .png"));
    assert!(told("other.png").contains("other.png cannot be read"));
}

#[test]
fn a_folder_that_is_not_there_is_warned_of() {
    assert_eq!(good(&format!("[comms]\n{ALICE}")).warnings(), [""; 0], "nobody has named one");
    let warned = good(&format!("[comms]\nfolder = \"templtes\"\n{ALICE}")).warnings();
    let sentence = "comms.folder is /etc/muster/templtes, which is not there: the templates are those of the library";
    assert_eq!(warned, [sentence]);
}
