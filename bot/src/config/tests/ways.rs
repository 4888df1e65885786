//! The other ways to reach people and systems, and the contacts that use them.

use super::{ALICE, WEBHOOK_SECRET, beside_alice, good};

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
        let told = beside_alice(&format!("[[person]]\nid = \"bob\"\nname = \"Bob\"\n{more}"));
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
fn what_is_wrong_with_a_way_is_told_with_its_place_and_never_with_its_secret() {
    let told = |text: &str| beside_alice(text).join("\n");
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
