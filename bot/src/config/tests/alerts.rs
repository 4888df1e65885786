//! Routes, heartbeats and sources of alerts.

use super::{beside_alice, each_is_told};

#[test]
fn mistakes_about_alerts_have_their_place_and_their_remedy() {
    each_is_told(&[
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
    ]);
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
        let problems = beside_alice(&format!("[[source]]\n{text}\n")).join("\n");
        assert!(problems.contains(said), "{text}: {problems}");
    }
}
