//! The organisation: its people and teams, severities and roles, services and sites.

use super::{ALICE, each_is_told, good, problems};

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
fn mistakes_about_the_organisation_have_their_place_and_their_remedy() {
    each_is_told(&[
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
            "[site]\nid = \"stockholm\"",
            "1:1: site: this is a table; it must be a list of tables: [[site]], with two brackets",
        ),
    ]);
}
