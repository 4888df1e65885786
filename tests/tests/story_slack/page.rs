//! `docs/slack.md` is true: what it promises is what the app asks for.

use muster_slack::manifest::{COMMANDS, Door, SCOPES, manifest};

const PAGE: &str = include_str!("../../../docs/slack.md");

/// The rows of the table under that head.
fn rows(head: &str) -> Vec<&'static str> {
    let table = PAGE.split_once(head).expect("the table is there").1;
    table.lines().skip(2).take_while(|line| line.starts_with('|')).collect()
}

#[test]
fn the_page_gives_every_scope_its_reason_and_no_other() {
    let asked: Vec<_> = SCOPES.iter().map(|scope| format!("| `{}` | {} |", scope.name, scope.why)).collect();
    assert_eq!(rows("| scope | why |"), asked);
}

#[test]
fn the_page_names_every_command_and_shortcut() {
    let app = manifest(&Door::Socket);
    let shortcuts = app["features"]["shortcuts"].as_array().expect("there are shortcuts");
    let shortcuts = shortcuts.iter().map(|shortcut| shortcut["name"].as_str().expect("it has a name"));
    let commands = COMMANDS.iter().copied();
    let missing: Vec<_> = shortcuts.chain(commands).filter(|name| !PAGE.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_page_names_where_slack_calls() {
    let app = manifest(&Door::Http { url: "https://muster.example.com".to_owned() });
    let settings = &app["settings"];
    let called = [
        &app["features"]["slash_commands"][0]["url"],
        &settings["interactivity"]["request_url"],
        &settings["event_subscriptions"]["request_url"],
    ];
    for url in called {
        let path = url.as_str().and_then(|url| url.strip_prefix("https://muster.example.com")).expect("an address");
        assert!(PAGE.contains(&format!("`{path}`")), "{path}");
    }
}
